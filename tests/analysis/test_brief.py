"""brief: one page for the meeting, the same words in Markdown, in a workbook and on a slide."""

from __future__ import annotations

import io

import openpyxl
import pptx
import pytest

import capgraph as cg
from capgraph.analysis.brief import HEADINGS, brief
from capgraph.errors import UnknownIdError

CHALLENGES = ("challenge:handover", "challenge:late-invoices", "challenge:peak-forecast", "challenge:young-leaders")


@pytest.fixture(scope="module")
def graph() -> cg.CapabilityGraph:
    return cg.sample().graph()


def test_learning_stands_only_where_it_is_the_remedy(graph: cg.CapabilityGraph) -> None:
    rows = {row.challenge: row for row in brief(graph)}
    assert len(rows) == 8
    assert rows["challenge:handover"].learning
    assert len(rows["challenge:handover"].behaviors) == 3
    assert "training is not the remedy" in rows["challenge:second-visits"].solution[0]
    assert rows["challenge:second-visits"].learning is False
    assert "no asset in use teaches it" in rows["challenge:peak-forecast"].solution[0]
    assert rows["challenge:young-leaders"].cause == "not diagnosed"
    assert "7 (2024-12) → 2" in rows["challenge:handover"].measured_by


def test_the_page_says_the_same_in_every_form(graph: cg.CapabilityGraph) -> None:
    page = brief(graph, CHALLENGES)
    text = page.to_markdown()
    sheet = openpyxl.load_workbook(io.BytesIO(page.to_xlsx())).active
    (slide,) = pptx.Presentation(io.BytesIO(page.to_pptx())).slides
    table = next(shape.table for shape in slide.shapes if shape.has_table)
    assert sheet is not None
    assert [cell.value for cell in sheet[1]] == list(HEADINGS)
    assert [cell.text for cell in table.rows[0].cells] == list(HEADINGS)
    for place, row in enumerate(page, start=1):
        assert tuple(cell.text for cell in table.rows[place].cells) == row.cells()
        assert tuple(cell.value for cell in sheet[place + 1]) == row.cells()
        assert row.problem in text
    assert text.count("\n| ") == len(page) + 2


def test_markup_in_a_statement_stays_text() -> None:
    agenda = cg.Agenda(id="ag:a", challenges=[{"id": "challenge:c", "statement": "Costs | <b>rise</b>"}])
    page = brief(cg.CapabilityGraph(agenda))
    assert "Costs \\| &lt;b>rise" in page.to_markdown()
    assert page.records[0].measured_by == "not measured"


def test_only_challenges_come_on_the_page(graph: cg.CapabilityGraph) -> None:
    with pytest.raises(UnknownIdError, match="not a Challenge"):
        brief(graph, "team:data")
