"""The gaps of five hundred people against the Digital and Data framework, as counted by somebody else."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from capgraph.analysis.attainment import EvidencePolicy
from capgraph.analysis.gap import gap
from capgraph.analysis.workforce import workforce_gap
from capgraph.formats.ddat import FORMAT, LEVELS
from capgraph.graph import CapabilityGraph
from capgraph.model import Evidence, Framework, Person, Workforce

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.real_data
TODAY = dt.date(2026, 3, 1)
POLICY = EvidencePolicy(combine="latest", priority=["test", "manager", "self"], expiry=False)
CUTS = ((90, 4), (75, 3), (55, 2), (30, 1), (0, 0))
NAMED = {label.casefold(): rank for rank, label in enumerate(("None", *LEVELS))}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _framework(folder: Path) -> Framework:
    """Return the framework, with a 0 for no knowledge, and without the requirements that are not in use."""
    found, _ = FORMAT.parse({"roles.csv": (folder / "ddat" / "roles.csv").read_bytes()})
    assert isinstance(found, Framework)
    scales = [scale.replace(zero_means="no_knowledge") for scale in found.scales]
    roles = [
        role.replace(requirements=[one for one in role.requirements if one.level is not None]) for role in found.roles
    ]
    return found.replace(scales=scales, roles=roles)


def _level(row: dict[str, str]) -> int | None:
    """Return the level of an assessment; None where it states none that is valid."""
    if row["method"] == "test":
        score = float(row["score"] or -1)
        return next((level for cut, level in CUTS if score >= cut), None) if score <= 100 else None
    text = row["level"].strip().casefold().removeprefix("l" if row["method"] == "manager" else "")
    level = NAMED.get(text, int(text) if text.isdigit() else None)
    return level if level is not None and level <= len(LEVELS) else None


def _evidence(folder: Path, people: set[str], skills: dict[str, str]) -> list[dict[str, Any]]:
    """Return the valid assessments as fields of records."""
    return [
        {
            "id": f"ev:{place}",
            "person": f"person:{row['person_id']}",
            "capability": skills[row["skill"]],
            "kind": row["method"],
            "level": _level(row),
            "date": row["assessed_on"],
            "expires": row["valid_until"] or None,
        }
        for place, row in enumerate(_rows(folder / "people_synthetic" / "assessments.csv"))
        if row["person_id"] in people
        and row["skill"] in skills
        and row["method"] in {"test", "manager", "self"}
        and row["assessed_on"]
        and _level(row) is not None
        and not "" < row["valid_until"] < row["assessed_on"]
    ]


def test_the_counts_of_all_people_are_those_of_the_gold_standard(shared_data: Path) -> None:
    framework = _framework(shared_data)
    gold = _rows(shared_data / "people_synthetic" / "gap_gold.csv")
    labels = {role.id: role.label for role in framework.roles}
    levels = {(labels[role.broader[0]], role.label): role.id for role in framework.roles if role.kind == "level"}
    held = {row["person_id"]: levels.get((row["role"], row["role_level"].strip())) for row in gold}
    skills = {item.label: item.id for item in framework.capabilities}
    evidence = _evidence(shared_data, set(held), skills)
    people = [Person(id=f"person:{name}", roles=[role] if role else []) for name, role in held.items()]
    workforce = Workforce(id="wf:gold", people=people, evidence=[Evidence(**record) for record in evidence])
    graph = CapabilityGraph(framework, workforce)

    for row in gold:
        expected = tuple(int(row[name]) for name in ("required", "met", "below", "unknown"))
        if held[row["person_id"]] is None:
            assert expected == (0, 0, 0, 0)
            continue
        report = gap(graph, f"person:{row['person_id']}", policy=POLICY, as_of=TODAY)
        found = Counter(one.status for one in report)
        assert (len(report), found["met"], found["below"], found["unassessed"]) == expected, row["person_id"]

    frame = workforce_gap(
        pl.DataFrame([{"person": person.id, "role": role} for person in people for role in person.roles]),
        pl.DataFrame(
            [
                {"role": role, "capability": one.capability, "level": one.requirement.level, "lowest": 1}
                for role in set(levels.values())
                for one in graph.requirements(role)
            ]
        ),
        pl.DataFrame(evidence, infer_schema_length=None),
        by=[],
        policy=POLICY,
        as_of=TODAY,
    )
    assert frame.select("requirements", "met", "below", "unassessed").row(0) == (3614, 1807, 1723, 84)
