"""CTDL-ASN: roles both ways, concept schemes alone, and nodes of other types."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import capgraph as cg
from capgraph.formats import format_named

if TYPE_CHECKING:
    from pathlib import Path

CTDL = format_named("ctdl-asn")
FRAMEWORK = cg.Framework(
    id="https://e.org/fw",
    title="Skills",
    capabilities=[
        cg.Capability(id="https://e.org/sql", label="SQL", kind="skill"),
        cg.Capability(id="https://e.org/law", label="Law", kind="knowledge"),
        cg.Capability(id="https://e.org/care", label="Care", kind="attitude"),
        cg.Capability(id="https://e.org/report", label="Report", kind="task"),
    ],
    roles=[
        cg.RoleProfile(id="https://e.org/data", label="Data", kind="family"),
        cg.RoleProfile(
            id="https://e.org/analyst",
            label="Analyst",
            description="Analyzes.",
            notation="A1",
            broader=["https://e.org/data"],
            requirements=[{"capability": f"https://e.org/{name}"} for name in ("sql", "law", "care", "report")],
        ),
        cg.RoleProfile(id="https://e.org/lead", label="Lead", broader=["https://e.org/analyst"]),
    ],
)


def nodes(framework: cg.Framework) -> dict[str, dict[str, Any]]:
    rendered, _ = CTDL.render(framework)
    assert isinstance(rendered, bytes)
    return {node["@id"]: node for node in json.loads(rendered)["@graph"]}


def test_roles_are_written_in_the_terms_of_ctdl_and_come_back() -> None:
    written = nodes(FRAMEWORK)
    analyst = written["https://e.org/analyst"]
    assert analyst["@type"] == "ceterms:WorkRole"
    assert analyst["ceasn:skillEmbodied"] == ["https://e.org/sql"]
    assert analyst["ceasn:knowledgeEmbodied"] == ["https://e.org/law"]
    assert analyst["ceasn:abilityEmbodied"] == ["https://e.org/care"]
    assert analyst["ceterms:hasTask"] == ["https://e.org/report"]
    assert analyst["ceterms:hasSpecialization"] == ["https://e.org/lead"]
    assert written["https://e.org/data"]["ceterms:hasWorkRole"] == ["https://e.org/analyst"]
    rendered, conversion = CTDL.render(FRAMEWORK)
    assert conversion.dropped == ()
    assert isinstance(rendered, bytes)
    assert CTDL.parse({"a.json": rendered})[0] == FRAMEWORK


def test_levels_of_requirements_are_lost_and_said() -> None:
    role = cg.RoleProfile(
        id="https://e.org/r", label="R", kind="level", requirements=[{"capability": "https://e.org/sql", "level": 2}]
    )
    levels = [cg.ProficiencyLevel(rank=rank, label=str(rank)) for rank in (1, 2)]
    scale = cg.ProficiencyScale(id="scale:a", label="S", levels=levels)
    with pytest.warns(cg.errors.LossyConversionWarning, match="requirement.level"):
        _, conversion = CTDL.render(FRAMEWORK.replace(scales=[scale], default_scale="scale:a", roles=[role]))
    assert {(row.action, row.part) for row in conversion} >= {
        ("dropped", "requirement.level"),
        ("normalized", "role.kind"),
    }


def test_a_concept_scheme_alone_is_a_framework_of_its_concepts(tmp_path: Path) -> None:
    scheme = {"@id": "https://e.org/levels", "@type": "skos:ConceptScheme", "ceasn:name": {"en-US": "Levels"}}
    concepts = [
        {
            "@id": f"https://e.org/{number}",
            "@type": "skos:Concept",
            "skos:prefLabel": {"en-US": f"Level {number}"},
            "skos:notation": str(number),
        }
        for number in (1, 2)
    ]
    (tmp_path / "a.json").write_text(json.dumps({"@graph": [scheme, *concepts]}), encoding="utf-8")
    found = cg.reading(tmp_path / "a.json")
    assert isinstance(found.document, cg.Framework)
    assert (found.conversion.format, found.document.id, found.document.title) == (
        "ctdl-asn",
        "https://e.org/levels",
        "Levels",
    )
    assert [(item.label, item.notation) for item in found.document.capabilities] == [("Level 1", "1"), ("Level 2", "2")]


def test_nodes_of_other_types_and_other_terms_come_back() -> None:
    graph = [
        {
            "@id": "https://e.org/fw",
            "@type": "ceasn:CompetencyFramework",
            "ceasn:name": "F",
            "ceasn:dateCreated": "2026-01-01",
        },
        {"@id": "https://e.org/a", "@type": "ceasn:Competency", "ceasn:competencyText": {"en": "A"}, "ceasn:weight": 2},
        {"@id": "https://e.org/scheme", "@type": ["skos:ConceptScheme"], "ceasn:name": "Levels"},
        {"@id": "https://e.org/w", "@type": "ceterms:Job", "ceterms:name": "W", "ceterms:keyword": {"en": ["x"]}},
        {"@id": "https://e.org/odd"},
    ]
    document, conversion = CTDL.parse({"a.json": json.dumps(graph).encode()})
    assert [row.part for row in conversion.dropped] == ["node"]
    assert isinstance(document, cg.Framework)
    written = nodes(document)
    assert written["https://e.org/fw"]["ceasn:dateCreated"] == "2026-01-01"
    assert written["https://e.org/a"]["ceasn:weight"] == 2
    assert written["https://e.org/scheme"] == graph[2]
    assert written["https://e.org/w"]["ceterms:keyword"] == {"en": ["x"]}


@pytest.mark.real_data
def test_the_levels_of_a_real_framework(shared_data: Path) -> None:
    found = cg.reading(shared_data / "ctdl_asn" / "connecting_credentials_levels_structure.json")
    assert found.conversion.format == "ctdl-asn"
    assert isinstance(found.document, cg.Framework)
    assert len(found.document.capabilities) == 8


def test_language_maps_become_translations_and_come_back() -> None:
    nodes = [
        {"@id": "https://e.org/f", "@type": "ceasn:CompetencyFramework", "ceasn:inLanguage": ["en-US"]},
        {
            "@id": "https://e.org/1",
            "@type": "ceasn:Competency",
            "ceterms:ctid": "ce-0",
            "ceasn:competencyLabel": {"en-US": "Data", "de": "Daten"},
            "ceasn:competencyText": {"en-US": "Reads data", "de": "Liest Daten", "fr": ["Lit"]},
            "ceasn:conceptKeyword": {"en-US": ["facts"], "de": ["Fakten"]},
        },
        {
            "@id": "https://e.org/2",
            "@type": "ceterms:WorkRole",
            "ceterms:name": {"en": "Analyst", "de": "Analystin"},
        },
    ]
    framework, conversion = CTDL.parse({"a.json": json.dumps({"@graph": nodes}).encode()})
    assert isinstance(framework, cg.Framework)
    (item,) = framework.capabilities
    assert (item.label, item.description, item.alternative_labels) == ("Data", "Reads data", ("facts",))
    assert [(one.language, one.label, one.description, one.alternative_labels) for one in item.translations] == [
        ("de", "Daten", "Liest Daten", ("Fakten",)),
        ("fr", None, "Lit", ()),
    ]
    assert framework.roles[0].translations[0].label == "Analystin"
    assert [row.part for row in conversion.dropped] == []
    rendered, _ = CTDL.render(framework)
    assert isinstance(rendered, bytes)
    written = {node["@id"]: node for node in json.loads(rendered)["@graph"]}
    assert written["https://e.org/1"]["ceterms:ctid"] == "ce-0"
    assert CTDL.parse({"a.json": rendered})[0] == framework


def test_what_a_node_states_beside_is_noted() -> None:
    nodes = [
        {
            "@id": "https://e.org/1",
            "@type": ["ceasn:Competency", "house:Topic"],
            "ceasn:inLanguage": ["en", "no language"],
            "ceasn:competencyText": ["one", "two"],
        }
    ]
    data = {"decoded_resource": {"@graph": nodes, "house": "x"}, "envelope_id": "e1"}
    framework, conversion = CTDL.parse({"a.json": json.dumps(data).encode()})
    assert framework.extensions["ctdl"] == {"envelope": {"envelope_id": "e1"}}
    assert [(row.part, row.count) for row in conversion.dropped] == [
        ("@type", 1),
        ("ceasn:inLanguage", 1),
        ("decoded_resource.@graph.ceasn:competencyText", 1),
        ("decoded_resource.house", 1),
    ]
