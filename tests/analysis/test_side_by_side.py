from __future__ import annotations

import datetime as dt
import json

import pytest

import capgraph as cg
from capgraph.analysis.side_by_side import side_by_side
from capgraph.errors import UnknownIdError

LEFT = cg.LearningAsset(
    id="asset:a",
    title="Excel <I>",
    description="Lists and lookups.",
    duration=60,
    cost={"amount": "10", "currency": "EUR"},
    alternative_titles=["Tabellen"],
)
RIGHT = cg.LearningAsset(id="asset:b", title="Excel <II>", description="Lists and pivots.", duration=60)
CATALOG = cg.Catalog(id="cat:a", assets=[LEFT, RIGHT])


def test_words_that_one_side_lacks_are_marked() -> None:
    text = str(side_by_side(CATALOG, "asset:b", "asset:a"))
    assert "Excel [-<I>-]" in text
    assert "Excel {+<II>+}" in text
    assert "= duration\n    60 minutes" in text
    assert "not stated" in text


def test_html_escapes_what_it_shows_and_marks_without_color() -> None:
    shown = side_by_side(CATALOG, "asset:a", "asset:b")._repr_html_()
    assert "<I>" not in shown
    assert "&lt;I&gt;" in shown
    assert "line-through" in shown
    assert "underline" in shown


def test_a_pair_called_different_is_shown_with_the_decision() -> None:
    decision = cg.Decision(
        kind="duplicate",
        subject="asset:a",
        object="asset:b",
        verdict="different",
        by="curator",
        at=dt.datetime(2026, 3, 1, tzinfo=dt.UTC),
    )
    decisions = cg.Decisions(id="dec:a", decisions=[decision])
    for found in (
        side_by_side(cg.CapabilityGraph(CATALOG, decisions), "asset:a", "asset:b"),
        side_by_side(iter([LEFT, RIGHT]), "asset:a", "asset:b", decisions=decisions),
    ):
        assert "curator decided: different" in found.verdict.because[0].text
        assert found.verdict.band != "same"


def test_capabilities_and_behaviors_have_lines_of_their_own() -> None:
    framework = cg.Framework(
        id="fw:a",
        capabilities=[
            cg.Capability(id="cap:a", label="SQL", description="x"),
            cg.Capability(id="cap:b", label="SQL 2"),
        ],
        behaviors=[
            cg.Behavior(id="beh:a", capability="cap:a", statement="joins tables"),
            cg.Behavior(id="beh:b", capability="cap:b", statement="joins tables"),
        ],
    )
    assert side_by_side(framework, "cap:a", "cap:b", of="capabilities").lines[0].name == "label"
    assert not side_by_side(framework, "beh:a", "beh:b", of="behaviors").lines[0].differs


def test_a_long_description_is_cut() -> None:
    long = LEFT.replace(description="word " * 5000)
    line = side_by_side([long, RIGHT], "asset:a", "asset:b").lines[-1]
    assert line.left[-1].text == "…"


def test_json_holds_lines_and_reasons() -> None:
    told = json.loads(side_by_side(CATALOG, "asset:a", "asset:b").to_json())
    assert told["lines"][0] == {"name": "title", "differs": True, "left": "Excel <I>", "right": "Excel <II>"}
    assert told["because"]


def test_an_unknown_id_is_refused() -> None:
    with pytest.raises(UnknownIdError, match="asset:c"):
        side_by_side(CATALOG, "asset:a", "asset:c")
