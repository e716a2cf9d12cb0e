"""Levels that texts state."""

from __future__ import annotations

import pytest

import capgraph as cg
from capgraph.analysis.stated_levels import ranked, stated_level

LABELS = ["None", "Aware", "Working", "Practitioner", "Expert"]
LEVELS = [cg.ProficiencyLevel(rank=rank, label=label) for rank, label in enumerate(LABELS)]
FRAMEWORK = cg.Framework(
    id="fw:l",
    default_scale="scale:l",
    scales=[cg.ProficiencyScale(id="scale:l", label="L", levels=LEVELS)],
    capabilities=[cg.Capability(id="cap:sql", label="SQL"), cg.Capability(id="cap:pm", label="project management")],
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SQL at practitioner level", 3),
        ("SQL, level: Expert", 4),
        ("SQL (working)", 2),
        ("SQL (level aware)", 1),
        ("SQL, level 3", 3),
        ("Kenntnisse in SQL, Niveau 2", 2),
        ("advanced knowledge of SQL", 4),
        ("basic SQL", 1),
        ("Working with SQL", None),
        ("SQL 3", None),
        ("SQL at working level or expert level", None),
        ("introductory and advanced SQL", None),
        ("advanced yoga and much more besides SQL", None),
        ("SQL", None),
    ],
)
def test_a_level_is_read_where_the_text_says_that_it_is_one(text: str, expected: int | None) -> None:
    assert stated_level(text, text.index("SQL"), LEVELS) == expected


def test_a_scale_without_levels_states_none() -> None:
    assert stated_level("SQL, level 3", 0, []) is None
    assert ranked(0.5, LEVELS[:1]) is None


def test_each_sentence_states_its_own_level_and_the_title_only_that_of_what_is_taught() -> None:
    text = "You need SQL at practitioner level. Basic project management is welcome."
    rows = {row.capability: row for row in cg.suggest_requirements(text, FRAMEWORK, min_confidence=0.1)}
    assert {id_: row.level for id_, row in rows.items()} == {"cap:sql": 3, "cap:pm": 1}
    honors = cg.LearningAsset(id="asset:h", title="Honors SQL")
    (row,) = cg.suggest_alignments([honors], FRAMEWORK, min_confidence=0.1)
    assert row.level is None, "a form of study is no place on a scale"
    course = cg.LearningAsset(id="asset:a", title="Advanced project management", description="Prerequisites: SQL.")
    rows = {row.capability: row for row in cg.suggest_alignments([course], FRAMEWORK, min_confidence=0.1)}
    assert (rows["cap:pm"].level, rows["cap:sql"].relation, rows["cap:sql"].level) == (4, "requires", None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Expert level in Excel and basic SQL", 1),
        ("basic Excel, advanced SQL", 3),
        ("expert level in Excel and SQL", 3),
        ("basic to advanced SQL", None),
        ("Excel (expert), SQL (aware)", 1),
    ],
)
def test_the_part_that_names_the_capability_counts_first(text: str, expected: int | None) -> None:
    levels = [cg.ProficiencyLevel(rank=n, label=label) for n, label in enumerate(["aware", "working", "expert"], 1)]
    assert stated_level(text, text.index("SQL"), levels) == expected
