"""Labelled tables as people keep them."""

from __future__ import annotations

import pytest

import capgraph as cg
from capgraph.analysis.evaluation import evaluate_matching
from capgraph.analysis.gold import gold_of
from capgraph.analysis.matcher import Matcher
from capgraph.errors import ParseError

FRAMEWORK = cg.Framework(
    id="fw:x",
    prefixes={"ex": "https://example.org/"},
    capabilities=[
        cg.Capability(id="ex:sql", label="SQL", alternative_labels=["structured query language"]),
        cg.Capability(id="ex:plan", label="plan, do and check"),
        cg.Capability(
            id="ex:db", label="databases", translations=[cg.model.Translation(language="de", label="Datenbanken")]
        ),
        cg.Capability(id="ex:old", label="query tools", status="deprecated", replaced_by=["ex:sql"]),
    ],
)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"Text": "t", "Capability": "ex:sql"}, ["ex:sql"]),
        ({"text": "t", "uri": "https://example.org/sql"}, ["ex:sql"]),
        ({"Sentence": "t", "SKILL_LABEL": "Structured Query Language"}, ["ex:sql"]),
        ({"text": "t", "skills": "sql; Datenbanken"}, ["ex:sql", "ex:db"]),
        ({"text": "t", "skills": "plan, do and check"}, ["ex:plan"]),
        ({"text": "t", "skills": "SQL, databases"}, ["ex:sql", "ex:db"]),
        ({"text": "t", "skill 1": "SQL", "skill 2": "databases", "skill 3": None}, ["ex:sql", "ex:db"]),
        ({"text": "t", "uri": "https://example.org/gone", "label": "SQL"}, ["ex:sql"]),
        ({"id": "17", "text": "t", "label": "databases"}, ["ex:db"]),
        ({"text": "t", "label": "query tools"}, ["ex:sql"]),
        ({"text": "t", "label": "ex:old"}, ["ex:sql"]),
    ],
)
def test_ids_names_lists_and_numbered_columns(row: dict[str, object], expected: list[str]) -> None:
    assert gold_of([row], FRAMEWORK) == ([("t", expected)], ())


def test_rows_of_one_text_add_up_and_unknown_labels_are_told() -> None:
    rows = [
        {"text": "t", "label": "SQL"},
        {"text": "t", "label": "databases; cooking"},
        {"text": "u", "label": "gardening"},
        {"text": "v", "label": ""},
        {"text": "", "label": ""},
    ]
    gold = gold_of(rows, FRAMEWORK)
    assert gold.texts == [("t", ["ex:sql", "ex:db"]), ("u", []), ("v", [])]
    assert gold.unknown == ("cooking", "gardening")
    report = evaluate_matching(gold.texts, Matcher(FRAMEWORK), unknown=gold.unknown)
    assert report.unknown == gold.unknown


def test_titles_make_assets() -> None:
    rows = [{"title": "SQL for all", "description": "No databases needed", "skills": "SQL"}]
    ((asset, ids),) = gold_of(rows, FRAMEWORK).texts
    assert isinstance(asset, cg.LearningAsset)
    assert (asset.title, asset.description, ids) == ("SQL for all", "No databases needed", ["ex:sql"])
    report = evaluate_matching([(asset, ids)], Matcher(FRAMEWORK), min_confidence=0.2)
    assert (report.precision, report.recall) == (1.0, 1.0)


def test_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(ParseError) as told:
        gold_of(
            [{"text": "", "label": "sq"}, {"text": "", "label": "x"}, {"text": "t", "label": "Datenbank"}], FRAMEWORK
        )
    text = str(told.value)
    assert "labels without a text (row:2)" in text
    assert "labels without a text (row:3)" in text
    assert "did you mean 'datenbanken'?" in text
    assert "give the framework that the labels are from" in text
    with pytest.raises(ParseError, match="no labelled rows"):
        gold_of([], FRAMEWORK)


def test_twins_are_suggested_together_and_counted_apart() -> None:
    twins = cg.Framework(id="fw:t", capabilities=[cg.Capability(id=f"cap:{n}", label="welding steel") for n in (1, 2)])
    report = evaluate_matching([("Welding steel", ["cap:1"])], Matcher(twins))
    assert (report.precision, report.recall) == (0.5, 1.0)
    assert report.records[0].mean_confidence < 0.5
    assert report.records[0].right == 0.5


def test_rows_may_leave_out_columns() -> None:
    rows = [{"title": "A", "text": "a", "skill": "SQL"}, {"text": "b"}, {"text": "c", "skill": "SQL"}]
    found = gold_of(rows, FRAMEWORK).texts
    assert [text if isinstance(text, str) else text.title for text, _ in found] == ["A", "b", "c"]
    assert [bool(ids) for _, ids in found] == [True, False, True]
    with pytest.raises(ParseError, match="labels without a text"):
        gold_of([*rows, {"skill": "SQL"}], FRAMEWORK)
