"""The Digital and Data framework: levels, behaviors from bullets, and what is not in use."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

import capgraph as cg
from capgraph.formats.ddat import FORMAT, ROLE_COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

HEADER = ",".join(ROLE_COLUMNS)
ROWS = """
Data,Analyst,Senior analyst,SQL,Working,"You can:
- write a query
- read a plan"
Data,Analyst,Senior analyst,Writing,NOT IN USE,
Data,Analyst,Head of analysis,SQL,Expert,"You can:
- tune a database"
Data,Analyst,Head of analysis,SQL,Expert,"You can:
- tune a database"
Data,Analyst,Head of analysis,SQL,Working,"You can:
- write a query
- read a plan"
Data,Analyst,Head of analysis,Writing,Guru,
"""


def _read(rows: str = ROWS, **options: object) -> tuple[cg.Framework, tuple[str, ...]]:
    document, conversion = FORMAT.parse({"roles.csv": (HEADER + rows).encode()}, **options)
    assert isinstance(document, cg.Framework)
    return document, tuple(f"{issue.code} {issue.where}" for issue in conversion.problems)


def test_roles_skills_and_behaviors() -> None:
    framework, problems = _read()
    by_label = {role.label: role for role in framework.roles}
    skills = {item.label: item.id for item in framework.capabilities}
    senior = by_label["Senior analyst"]
    assert senior.broader == (by_label["Analyst"].id,)
    assert by_label["Analyst"].broader == (by_label["Data"].id,)
    assert {item.capability: item.level for item in senior.requirements} == {skills["SQL"]: 2, skills["Writing"]: None}
    shown = {(item.statement, item.level) for item in framework.behaviors}
    assert shown == {("write a query", 2), ("read a plan", 2), ("tune a database", 4)}
    assert problems == (
        "duplicate-row roles.csv row:5",
        "duplicate-requirement roles.csv row:6",
        "unknown-level roles.csv row:7",
    )


def test_ids_are_stable_and_survive_a_rename() -> None:
    assert _read()[0] == _read()[0]
    old = next(item.id for item in _read()[0].capabilities if item.label == "SQL")
    renamed = _read(ROWS.replace("SQL", "Queries"), idmap={"skill/queries": old})[0]
    assert old in {item.id for item in renamed.capabilities}


@pytest.mark.real_data
@pytest.mark.filterwarnings("ignore:.*read as ddat:capgraph.errors.CapgraphWarning")
def test_golden_counts(shared_data: Path) -> None:
    reading = cg.reading(shared_data / "ddat" / "roles.csv")
    framework = reading.document
    assert isinstance(framework, cg.Framework)
    requirements = [item for role in framework.roles for item in role.requirements]
    assert Counter(role.kind for role in framework.roles) == {"family": 8, "role": 52, "level": 205}
    assert len(framework.capabilities) == 188
    assert Counter(item.level is None for item in requirements) == {False: 1781, True: 28}
    assert len({behavior.statement for behavior in framework.behaviors}) == 1644
    assert Counter(issue.code for issue in reading.conversion.problems) == {"duplicate-row": 16}


@pytest.mark.real_data
def test_both_files_together_know_every_level(shared_data: Path) -> None:
    alone = cg.reading(shared_data / "ddat" / "skills_a_to_z.csv").document
    both = cg.reading(shared_data / "ddat" / "roles.csv", shared_data / "ddat" / "skills_a_to_z.csv").document
    assert isinstance(alone, cg.Framework)
    assert isinstance(both, cg.Framework)
    assert {item.label for item in alone.capabilities} == {item.label for item in both.capabilities}
    assert len(both.capabilities) == 188
    assert len(both.behaviors) >= len(alone.behaviors)


def test_rows_without_names_are_listed_and_without_a_level_belong_to_the_role() -> None:
    framework, problems = _read("\nData,Analyst,,SQL,Working,\nData,,Lead,SQL,Working,\nData,Analyst,Lead,,Working,\n")
    (analyst,) = (role for role in framework.roles if role.label == "Analyst")
    assert [item.level for item in analyst.requirements] == [2]
    assert problems == ("no-name roles.csv row:3", "no-name roles.csv row:4")
    skills = {"skills.csv": b"Skill Name,Skill Description,Awareness,Working,Practitioner,Expert\n ,x,a,b,c,d\n"}
    document, conversion = FORMAT.parse(skills)
    assert isinstance(document, cg.Framework)
    assert document.capabilities == ()
    assert [issue.code for issue in conversion.problems] == ["no-name"]
