"""Review: the sheet out and back, the loop that can be broken off, and the evaluation."""

from __future__ import annotations

import datetime as dt
import io
from itertools import pairwise
from typing import TYPE_CHECKING

import openpyxl
import pytest

import capgraph as cg
from capgraph.analysis.evaluation import evaluate_matching, labelled_texts
from capgraph.analysis.matcher import Matcher
from capgraph.analysis.review_sheet import COLUMNS, MAPPING_COLUMNS, decisions_of_sheet, review_sheet
from capgraph.analysis.reviewing import accept, review
from capgraph.errors import ParseError

if TYPE_CHECKING:
    from capgraph.analysis.suggestions import Suggestion

AT = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
NONE = cg.Decisions(id="dec:x")
FRAMEWORK = cg.Framework(
    id="fw:x",
    capabilities=[cg.Capability(id="cap:sql", label="SQL"), cg.Capability(id="cap:pm", label="=project management")],
)
CATALOG = cg.Catalog(
    id="cat:x",
    assets=[cg.LearningAsset(id="asset:a", title="SQL"), cg.LearningAsset(id="asset:b", title="Project management")],
)
FOUND = cg.suggest_alignments(CATALOG, FRAMEWORK, min_confidence=0.1)


def rows_of(data: bytes) -> list[dict[str, object]]:
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Review"]
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def test_the_sheet_comes_back_as_decisions() -> None:
    rows = rows_of(review_sheet(FOUND))
    assert list(rows[0]) == list(COLUMNS)
    assert {row["capability"] for row in rows} == {"cap:sql", "cap:pm"}
    assert not any(row["verdict"] for row in rows)
    rows[0] |= {"verdict": "Yes", "note": "fits"}
    decided = decisions_of_sheet(rows, by="role:curator", decisions=NONE, at=AT)
    assert [(one.subject, one.object, one.verdict, one.note, one.by) for one in decided.decisions] == [
        ("asset:a", "cap:sql", "accepted", "fits", "role:curator")
    ]
    again = cg.suggest_alignments(CATALOG, FRAMEWORK, min_confidence=0.1, decisions=decided)
    assert len(rows_of(review_sheet(again))) == 1, "what is decided is not asked again"
    twice = decisions_of_sheet(rows, by="role:curator", decisions=decided, at=AT)
    assert twice == decided


def test_no_text_of_the_sheet_is_a_formula() -> None:
    book = openpyxl.load_workbook(io.BytesIO(review_sheet(FOUND)))
    assert all(cell.data_type != "f" for row in book["Review"].iter_rows() for cell in row)


def test_all_bad_rows_are_told_at_once() -> None:
    rows = [{"verdict": "perhaps", "asset": "asset:a", "capability": "cap:sql"}, {"verdict": "yes", "asset": ""}]
    with pytest.raises(ParseError) as caught:
        decisions_of_sheet(rows, by="x", decisions=NONE)
    assert [(issue.code, issue.where) for issue in caught.value.issues] == [
        ("bad-verdict", "row:2"),
        ("no-id", "row:3"),
    ]


def test_a_review_is_kept_after_each_verdict_and_resumed() -> None:
    kept: list[cg.Decisions] = []
    answers = iter(["rejected", "quit"])
    decided = review(FOUND, ask=lambda _: next(answers), keep=kept.append, by="x", decisions=NONE)
    assert kept == [decided]
    assert [one.verdict for one in decided.decisions] == ["rejected"]
    rest = cg.suggest_alignments(CATALOG, FRAMEWORK, min_confidence=0.1, decisions=decided)
    asked: list[str] = []

    def skip(row: Suggestion) -> str:
        asked.append(row.asset)
        return "skip"

    review(rest, ask=skip, keep=kept.append, by="x", decisions=decided)
    assert len(asked) == 1
    assert len(kept) == 1


def test_the_figures_of_an_evaluation() -> None:
    rows = [
        {"sentence": "You know SQL", "label": "sql"},
        {"sentence": "Project management is all", "label": "cap:pm"},
        {"sentence": "A nice garden", "label": "LABEL NOT PRESENT"},
        {"sentence": "Fine yoga", "label": "cap:sql"},
    ]
    labelled = labelled_texts(rows, FRAMEWORK)
    assert labelled[2] == ("A nice garden", [])
    report = evaluate_matching([*labelled, ("x", ["cap:none"])], Matcher(FRAMEWORK), min_confidence=0.2)
    assert (report.texts, report.precision, report.unknown) == (5, 1.0, ("cap:none",))
    assert report.recall == pytest.approx(2 / 3, abs=1e-4)
    assert report.mrr == report.rp_at_5 == pytest.approx(2 / 3, abs=1e-4)
    assert sum(row.matches for row in report) == 2
    assert evaluate_matching([], Matcher(FRAMEWORK)).mrr is None


def test_each_tenth_says_what_it_is_worth_as_a_threshold() -> None:
    labelled = [("You know SQL", ["cap:sql"]), ("SQL again", []), ("Project management is all", ["cap:pm"])]
    rows = evaluate_matching(labelled, Matcher(FRAMEWORK)).records
    matches = sum(row.matches for row in rows)
    assert rows[0].precision_from_here == pytest.approx(2 / 3, abs=1e-4)
    assert (matches, rows[0].recall_from_here) == (3, 1.0)
    for row, after in pairwise(rows):
        assert (row.recall_from_here or 0) >= (after.recall_from_here or 0)
    unlabelled = evaluate_matching([("You know SQL", [])], Matcher(FRAMEWORK)).records
    assert [(row.precision_from_here, row.recall_from_here) for row in unlabelled] == [(0.0, None)]


def test_a_label_that_a_domain_has_too_means_what_is_in_it() -> None:
    framework = cg.Framework(
        id="fw:d",
        capabilities=[
            cg.Capability(id="cap:0", label="economics", kind="domain"),
            cg.Capability(id="cap:1", label="Economics"),
        ],
    )
    assert labelled_texts([{"text": "x", "label": "economics"}], framework) == [("x", ["cap:1"])]


def test_a_table_without_a_column_for_the_text_is_refused() -> None:
    with pytest.raises(ParseError, match=r"no column of texts.*\n.*no column of labels"):
        labelled_texts([{"a": "x"}], FRAMEWORK)


OURS = cg.Framework(
    id="fw:a",
    capabilities=[cg.Capability(id="a:dm", label="Data modelling"), cg.Capability(id="a:pm", label="Projects")],
)
THEIRS = cg.Framework(
    id="fw:b",
    capabilities=[
        cg.Capability(id="b:dm", label="modelling data"),
        cg.Capability(id="b:pm", label="project management"),
    ],
)
MAPPED = cg.suggest_crosswalk(OURS, THEIRS, min_confidence=0.05)


def test_a_sheet_of_mappings_comes_back_as_decisions() -> None:
    rows = rows_of(review_sheet(MAPPED))
    assert list(rows[0]) == list(MAPPING_COLUMNS)
    assert [(row["subject"], row["object"]) for row in rows] == [("a:dm", "b:dm"), ("a:pm", "b:pm")]
    rows[0] |= {"verdict": "r"}
    rows[1] |= {"verdict": "yes", "predicate": "related", "note": "loosely"}
    decided = decisions_of_sheet(rows, by="role:curator", decisions=NONE, at=AT)
    assert [(one.kind, one.subject, one.object, one.verdict, one.relation) for one in decided.decisions] == [
        ("mapping", "a:dm", "b:dm", "rejected", "exact"),
        ("mapping", "a:pm", "b:pm", "accepted", "related"),
    ]
    again = cg.suggest_crosswalk(OURS, THEIRS, min_confidence=0.05, decisions=decided)
    assert [(row.subject, row.predicate, row.object, row.state) for row in again] == [
        ("a:pm", "related", "b:pm", "accepted")
    ]
    assert (again.rejected, again.abstained) == (1, ("a:dm",))
    assert rows_of(review_sheet(again)) == [], "what is decided is not asked again"
    (mapping,) = again.to_crosswalk("cw:ab").mappings
    assert (mapping.reviewer, mapping.date, mapping.confidence) == ("role:curator", AT.date(), 1.0)
    assert again.records[0].because[-1].text == "accepted by role:curator on 2026-05-01"


def test_decisions_about_mappings_follow_entries_that_are_replaced_on_either_side() -> None:
    decided = accept(MAPPED, by="x", decisions=NONE, at=AT)
    ours = OURS.replace(
        capabilities=[
            cg.Capability(id="a:dm", label="Data modelling", status="deprecated", replaced_by=["a:dm2"]),
            cg.Capability(id="a:dm2", label="Drawing models"),
        ]
    )
    theirs = THEIRS.replace(
        capabilities=[
            cg.Capability(id="b:dm", label="modelling data", status="deprecated", replaced_by=["b:dm2"]),
            cg.Capability(id="b:dm2", label="schemas"),
            cg.Capability(id="b:x", label="gardens"),
        ]
    )
    again = cg.suggest_crosswalk(ours, theirs, decisions=decided)
    assert [(row.subject, row.object, row.state) for row in again] == [("a:dm2", "b:dm2", "accepted")]


def test_mappings_are_reviewed_by_keys_and_a_predicate_accepts() -> None:
    kept: list[cg.Decisions] = []
    answers = iter(["close", "skip"])
    decided = review(MAPPED, ask=lambda _: next(answers), keep=kept.append, by="x", decisions=NONE)
    assert [(one.verdict, one.relation) for one in decided.decisions] == [("accepted", "close")]
    assert len(kept) == 1
    with pytest.raises(ValueError, match="'perhaps' is no answer"):
        review(MAPPED, ask=lambda _: "perhaps", keep=kept.append, by="x", decisions=NONE)
    with pytest.raises(ValueError, match="'exact' is no answer"):
        review(FOUND, ask=lambda _: "exact", keep=kept.append, by="x", decisions=NONE)


def test_bad_rows_of_either_sheet_are_told_at_once() -> None:
    rows: list[dict[str, object]] = [
        {"verdict": "yes", "subject": "a:dm", "object": "b:dm", "predicate": "same"},
        {"verdict": "yes", "subject": "a:dm"},
        {"verdict": "yes", "asset": "asset:a", "capability": "cap:sql", "level": "high"},
        {"verdict": "", "asset": "", "level": "high"},
    ]
    with pytest.raises(ParseError) as caught:
        decisions_of_sheet(rows, by="x", decisions=NONE)
    assert [(issue.code, issue.where) for issue in caught.value.issues] == [
        ("bad-predicate", "row:2"),
        ("no-id", "row:3"),
        ("bad-level", "row:4"),
    ]


def test_a_level_of_zero_and_a_level_that_a_workbook_made_a_fraction_are_kept() -> None:
    rows = [{"verdict": "yes", "asset": "asset:a", "capability": "cap:sql", "level": level} for level in (0, 2.0)]
    levels = [decisions_of_sheet([row], by="x", decisions=NONE).decisions[0].level_to for row in rows]
    assert levels == [0, 2]
