"""What is held across frameworks: the credit of mapped capabilities and roles in a gap."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

import capgraph as cg

DAY = dt.date(2026, 3, 1)


def _framework(name: str, levels: int, required: dict[str, int | None]) -> cg.Framework:
    scale = cg.ProficiencyScale(
        id=f"scale:{name}",
        label="Levels",
        levels=[cg.ProficiencyLevel(rank=rank, label=str(rank)) for rank in range(1, levels + 1)],
    )
    requirements = [{"capability": f"{name}:{word}", "level": level} for word, level in required.items()]
    return cg.Framework(
        id=f"fw:{name}",
        default_scale=scale.id,
        scales=[scale],
        prefixes={name: f"https://{name}.example.org/"},
        capabilities=[cg.Capability(id=f"{name}:{word}", label=word) for word in ("sql", "lead", "write")],
        roles=[cg.RoleProfile(id=f"{name}:role", label="Role", requirements=requirements)],
    )


def _graph(*mappings: tuple[str, str, float | None], held: dict[str, int | None] | None = None) -> cg.CapabilityGraph:
    ours = _framework("a", 5, {"sql": 3, "lead": None} if held is None else held)
    theirs = _framework("b", 7, {"sql": 4, "lead": None, "write": 2})
    crosswalk = cg.Crosswalk(
        id="cw:ab",
        mappings=[
            {"subject": f"a:{word}", "predicate": predicate, "object": f"b:{word}", "confidence": confidence}
            for word, predicate, confidence in mappings
        ],
        prefixes={name: f"https://{name}.example.org/" for name in "ab"},
    )
    evidence = [
        {"id": f"ev:{word}", "person": "person:p", "capability": f"a:{word}", "kind": "test", "date": "2026-01-01"}
        | ({"level": 3} if word == "sql" else {})
        for word in ("sql", "lead")
    ]
    people = cg.Workforce(id="wf:p", people=[cg.Person(id="person:p")], evidence=evidence)
    return cg.CapabilityGraph(ours, theirs, crosswalk, people)


def _rows(report: cg.report.Report[Any]) -> dict[str, tuple[str, float | None, float | None]]:
    return {row.capability: (row.status, row.credit, row.shortfall) for row in report}


MAPPED = (("sql", "exact", None), ("lead", "close", 0.5))


def test_a_role_is_compared_in_the_other_framework() -> None:
    graph = _graph(*MAPPED)
    found = cg.gap(graph, "a:role", "b:role", as_of=DAY)
    assert _rows(found) == {
        "b:sql": ("met", 1.0, 0),
        "b:lead": ("below", pytest.approx(0.4), pytest.approx(0.6)),
        "b:write": ("below", 0.0, 2),
    }
    assert {row.capability: row.inferred for row in found} == {"b:sql": True, "b:lead": True, "b:write": False}
    assert found.notes[-1].startswith("2 of 3 rows are credited through mappings to other frameworks, 2 of them")
    told = next(row for row in found if row.capability == "b:sql").because[1].text
    assert told == "a:sql is credited 1: exact to b:sql, on another scale, so that levels are not compared"


def test_a_gap_credits_what_the_distance_credits() -> None:
    for mappings in (MAPPED, (("sql", "broad", 0.9), ("write", "narrow", None)), ()):
        graph = _graph(*mappings)
        credits_ = {row.capability: row.credit for row in cg.role_distance(graph, "a:role", "b:role")}
        assert {row.capability: row.credit for row in cg.gap(graph, "a:role", "b:role")} == pytest.approx(credits_)


def test_a_mapped_role_brings_what_it_requires() -> None:
    graph = _graph(("role", "close", None))
    credits_ = {row.capability: row.credit for row in cg.gap(graph, "a:role", "b:role")}
    assert credits_ == pytest.approx(dict.fromkeys(("b:sql", "b:lead", "b:write"), 0.8))


def test_a_person_is_credited_only_where_the_policy_says_so() -> None:
    graph = _graph(*MAPPED)
    plain = cg.gap(graph, "person:p", "b:role", as_of=DAY)
    assert {row.status for row in plain} == {"unassessed"}
    policy = cg.EvidencePolicy(inference=["mapped"])
    found = cg.gap(graph, "person:p", "b:role", policy=policy, as_of=DAY)
    assert _rows(found) == {
        "b:sql": ("met", 1.0, 0),
        "b:lead": ("below", pytest.approx(0.4), pytest.approx(0.6)),
        "b:write": ("unassessed", None, None),
    }
    assert found.assessed_share == pytest.approx(2 / 3)
    assert cg.gap(graph, "person:p", "a:role", policy=policy, as_of=DAY).readiness == 1.0


def test_levels_on_one_scale_are_compared() -> None:
    framework = cg.Framework(
        id="fw:one",
        default_scale="scale:s",
        scales=[
            {"id": "scale:s", "label": "S", "levels": [{"rank": rank, "label": str(rank)} for rank in range(1, 6)]}
        ],
        capabilities=[{"id": f"cap:{word}", "label": word} for word in "xy"],
        roles=[
            {"id": "role:x", "label": "X", "requirements": [{"capability": "cap:x", "level": 3}]},
            {"id": "role:y", "label": "Y", "requirements": [{"capability": "cap:y", "level": 5}]},
        ],
    )
    crosswalk = cg.Crosswalk(id="cw:x", mappings=[{"subject": "cap:x", "predicate": "exact", "object": "cap:y"}])
    (row,) = cg.gap(cg.CapabilityGraph(framework, crosswalk), "role:x", "role:y")
    assert (row.status, row.credit, row.shortfall) == ("below", 0.5, 2)


def test_roles_that_ask_for_the_same_in_two_frameworks_are_alike() -> None:
    mapped = _graph(*((word, "exact", None) for word in ("sql", "lead")))
    (near,) = cg.adjacent_roles(mapped, "a:role", blend={"requirements": 1.0})
    (far,) = cg.adjacent_roles(_graph(), "a:role", blend={"requirements": 1.0})
    assert near.role == far.role == "b:role"
    assert near.likeness > 0.75  # b:write is asked for on one side alone
    assert far.likeness == 0.0


def test_frames_refuse_what_needs_the_crosswalks() -> None:
    import pandas as pd

    people = pd.DataFrame({"person": ["p"], "role": ["a:role"]})
    requirements = pd.DataFrame({"role": ["a:role"], "capability": ["a:sql"], "level": [3]})
    evidence = pd.DataFrame({"person": ["p"], "capability": ["a:sql"], "level": [3], "kind": ["test"]})
    with pytest.raises(ValueError, match="'mapped' needs the crosswalks themselves"):
        cg.workforce_gap(people, requirements, evidence, policy=cg.EvidencePolicy(inference=["mapped"]), as_of=DAY)
