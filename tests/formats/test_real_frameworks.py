"""Real frameworks: every reader gives the numbers that were counted in the files."""

from __future__ import annotations

import json
import warnings
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

import capgraph as cg
from capgraph.errors import LossyConversionWarning

if TYPE_CHECKING:
    from pathlib import Path

    from capgraph.formats.conversion import Conversion

pytestmark = [pytest.mark.real_data, pytest.mark.filterwarnings("ignore::capgraph.errors.CapgraphWarning")]


def _framework(*paths: Path, **options: Any) -> tuple[cg.Framework, Conversion]:
    document, conversion = cg.reading(*paths, **options)
    assert isinstance(document, cg.Framework)
    return document, conversion


@pytest.mark.slow
def test_esco(shared_data: Path) -> None:
    folder = shared_data / "esco"
    framework, conversion = _framework(folder / "v1.1.1-en-csv.zip", folder / "v1.1.1-relations-csv.zip")
    kinds = Counter(item.kind for item in framework.capabilities)
    assert (kinds["knowledge"], kinds["skill"], kinds["domain"]) == (3059, 13896 - 3059, 640)
    assert Counter(role.kind for role in framework.roles) == {"role": 3007, "family": 619}
    requirements = Counter(item.necessity for role in framework.roles for item in role.requirements)
    orphans = next(row for row in conversion if row.part == "requirement" and row.action == "dropped")
    assert requirements.total() + orphans.count == 123855
    assert len(framework.relations) == 5899
    assert sum(len(item.broader) > 1 for item in framework.capabilities if item.kind != "domain") == 4646
    assert conversion.problems == ()


def test_esco_subset_and_its_filters(shared_data: Path) -> None:
    folder = shared_data / "esco" / "v1.1.1-subset"
    whole, _ = _framework(folder)
    assert sum(role.kind == "role" for role in whole.roles) == 53
    assert sum(len(role.requirements) for role in whole.roles) == 3510
    part, _ = _framework(folder, isco="251")
    codes = {role.notation.split(".")[0] for role in part.roles if role.kind == "role"}
    assert codes
    assert all(code.startswith("251") for code in codes)
    one = next(role for role in whole.roles if role.kind == "role")
    single, _ = _framework(folder, occupations=[one.id])
    assert [role.id for role in single.roles if role.kind == "role" and role.requirements] == [one.id]
    needed = {item.capability for item in one.requirements}
    assert needed <= {item.id for item in single.capabilities}


@pytest.mark.parametrize("folder", ["sample_txt", "sample_csv"])
def test_onet(shared_data: Path, folder: str) -> None:
    framework, conversion = _framework(shared_data / "onet" / folder)
    specialist = next(role for role in framework.roles if role.notation == "13-1151.00")
    required = Counter("2.C" in item.capability for item in specialist.requirements)
    assert (required[False], required[True]) == (21, 7)
    unrated = [row.places for row in conversion if row.part == "role without ratings"]
    assert unrated == [("15-1252.00",)]
    few, _ = _framework(shared_data / "onet" / folder, top_k=5)
    assert {len(role.requirements) for role in few.roles} == {0, 10}


def test_nice(shared_data: Path) -> None:
    framework, conversion = _framework(shared_data / "nice" / "cprt_SP_800_181_2_1_0.json")
    kinds = Counter(item.kind for item in framework.capabilities)
    assert kinds == {"task": 946, "knowledge": 662, "skill": 540, "domain": 11}
    assert Counter(role.kind for role in framework.roles) == {"role": 41, "family": 5}
    by_kind = {item.id: item.kind for item in framework.capabilities}
    required = Counter(by_kind[item.capability] for role in framework.roles for item in role.requirements)
    assert required == {"knowledge": 2857, "task": 1429, "skill": 1048}
    assert conversion.problems == ()


@pytest.mark.parametrize("name", ["synthetic_case_1_1.json", "synthetic_case_1_1_wrapped.json"])
def test_case(shared_data: Path, name: str, tmp_path: Path) -> None:
    framework, _ = _framework(shared_data / "case" / name)
    assert len(framework.behaviors) == 24
    assert Counter(item.kind for item in framework.capabilities) == {"competency": 12, "domain": 4}
    assert [level.label for level in framework.scales[0].levels] == ["Aware", "Working", "Practitioner", "Expert"]
    assert len(framework.roles[0].requirements) == 3
    assert Counter(relation.predicate for relation in framework.relations) == {"hasSkillLevel": 3}
    cg.write(framework, tmp_path / "again.json", format="case")
    assert cg.read(tmp_path / "again.json") == framework
    written = json.loads((tmp_path / "again.json").read_text(encoding="utf-8"))
    assert {"CFRubrics", "CFDefinitions"} <= set(written)


def test_case_exports_of_another_tool(shared_data: Path, tmp_path: Path) -> None:
    for path in sorted((shared_data / "case" / "opensalt").glob("*.json")):
        items = json.loads(path.read_text(encoding="utf-8"))["CFItems"]
        framework, _ = _framework(path)
        assert len(framework.capabilities) + len(framework.behaviors) + len(framework.roles) == len(items)
        cg.write(framework, tmp_path / path.name, format="case")
        assert cg.read(tmp_path / path.name) == framework


@pytest.mark.parametrize("ending", ["ttl", "rdf", "jsonld"])
def test_skos(shared_data: Path, ending: str) -> None:
    framework, conversion = _framework(shared_data / "skos" / f"service_skills.{ending}")
    assert len(framework.capabilities) == 20
    assert sum(len(item.broader) for item in framework.capabilities) == 13
    assert sum(len(item.related) for item in framework.capabilities) == 2
    assert conversion.problems == ()


def test_skos_violations_are_listed(shared_data: Path) -> None:
    _, conversion = _framework(shared_data / "skos" / "violations.ttl")
    codes = {issue.code for issue in conversion.problems}
    assert {"two-labels", "label-clash", "related-broader", "cycle", "dangling-reference"} <= codes


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("ONET Abilities Competency Framework 9-27-19.json", 71),
        ("ONET Basic Skills Competency Framework 9-27-19.json", 12),
        ("ONET Cross-Functional Skills Competency Framework 9-27-19.json", 30),
        ("ONET Knowledge Competency Framework 9-27-19.json", 41),
        ("connecting_credentials_structure.json", 91),
        ("dqp_structure.jsonld", 83),
        ("registry_envelope_synthetic.json", 5),
    ],
)
def test_ctdl(shared_data: Path, name: str, count: int) -> None:
    framework, conversion = _framework(shared_data / "ctdl_asn" / name)
    assert conversion.format == "ctdl-asn"
    assert len(framework.capabilities) == count


def test_ctdl_work_role(shared_data: Path) -> None:
    framework, _ = _framework(shared_data / "ctdl_asn" / "nice_work_role_example.json")
    assert Counter(item.kind for item in framework.capabilities)["task"] == 4
    assert len(framework.roles) == 2
    assert sum(len(role.requirements) for role in framework.roles) == 4


@pytest.mark.parametrize("name", ["framework_en.csv", "framework_de_header.csv"])
def test_moodle(shared_data: Path, name: str) -> None:
    framework, conversion = _framework(shared_data / "moodle" / name)
    assert len(framework.capabilities) + len(framework.behaviors) == 41
    assert len(framework.behaviors) == 24
    assert [level.label for level in framework.scales[0].levels] == ["Aware", "Working", "Practitioner", "Expert"]
    assert [row.count for row in conversion if row.part == "Short name"] == [1]


def test_canvas(shared_data: Path) -> None:
    framework, conversion = _framework(shared_data / "canvas" / "outcomes.csv")
    assert Counter(item.kind for item in framework.capabilities) == {"domain": 5, "competency": 12}
    assert sum(len(item.broader) == 2 for item in framework.capabilities) == 1
    assert sum(item.status == "deprecated" for item in framework.capabilities) == 1
    assert conversion.problems == ()
    _, bad = _framework(shared_data / "canvas" / "outcomes_bad.csv")
    codes = [issue.code for issue in bad.problems]
    assert codes == ["bad-row", "unsorted-ratings", "unknown-method", "bad-row", "dangling-reference"]


@pytest.mark.parametrize("name", ["taxonomy.csv", "taxonomy.json", "taxonomy_extra_column.csv"])
def test_openedx(shared_data: Path, name: str) -> None:
    framework, _ = _framework(shared_data / "openedx" / name)
    assert len(framework.capabilities) == 19


@pytest.mark.parametrize(
    ("name", "count"), [("Skills-Import.csv", 2), ("api_v3_skill_single.json", 1), ("api_v3_skills_list.json", 50)]
)
def test_osmt(shared_data: Path, name: str, count: int) -> None:
    framework, _ = _framework(shared_data / "osmt" / name)
    assert sum(item.kind == "skill" for item in framework.capabilities) == count


def test_sfia_levels_are_sparse(shared_data: Path) -> None:
    framework, _ = _framework(shared_data / "sfia" / "sfia9_skills_header_shape.csv")
    levels = {item.notation: [entry.level for entry in item.levels] for item in framework.capabilities if item.notation}
    assert levels == {"XSYN": [4, 5, 6, 7], "YSYN": [2, 3, 4]}


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("basic-small.tsv", 4),
        ("cardinality.sssom.tsv", 9),
        ("literals-condensed.sssom.tsv", 9),
        ("cob-to-external.tsv", 89),
    ],
)
def test_sssom(shared_data: Path, name: str, count: int) -> None:
    document, conversion = cg.reading(shared_data / "sssom" / name)
    assert isinstance(document, cg.Crosswalk)
    assert len(document.mappings) + len(conversion.problems) == count


def test_open_badges_leave_people_out(shared_data: Path) -> None:
    for path in sorted((shared_data / "openbadges").glob("*.json")):
        document, conversion = cg.reading(path)
        assert isinstance(document, cg.Catalog)
        assert conversion.format == "open-badges"
        assert len(document.assets[0].alignments) == (2 if "two_alignments" in path.name else 1)
        assert "did:example" not in document.model_dump_json()


@pytest.mark.parametrize("name", ["graphml", "gexf", "cytoscape", "dot", "edges", "schema-org"])
def test_a_real_framework_is_drawn(shared_data: Path, tmp_path: Path, name: str) -> None:
    framework, _ = _framework(shared_data / "nice" / "cprt_SP_800_181_2_1_0_subset.json")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LossyConversionWarning)
        conversion = cg.write(framework, tmp_path / "out", format=name)
    assert conversion.direction == "write"
    assert (tmp_path / "out").stat().st_size > 10_000
