"""brief: one page for the meeting, the same words in Markdown, in a workbook and on a slide."""

from __future__ import annotations

import io

import openpyxl
import pptx
import pytest

import capgraph as cg
from capgraph.analysis.brief import HEADINGS, brief
from capgraph.analysis.brief_slide import slide
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
    (page_slide,) = pptx.Presentation(io.BytesIO(page.to_pptx())).slides
    table = next(shape.table for shape in page_slide.shapes if shape.has_table)
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


def test_a_page_with_too_much_text_is_shortened_and_says_all_in_its_notes() -> None:
    headings = ("Challenge", "Behavior", "Solution", "Measure")
    rows = [(f"{place} " + "word " * 300, "does it\n" * 20, "x" * 900, "metric") for place in range(90)]
    page = pptx.Presentation(io.BytesIO(slide("Brief", headings, rows[:3]))).slides[0]
    table = next(shape.table for shape in page.shapes if shape.has_table)
    cells = [table.cell(place, 0).text_frame.text for place in range(1, 4)]
    assert all(text.endswith("…") for text in cells)
    inches = sum(row.height for row in table.rows) / 914_400
    assert inches < 6, "rows grow with their text, which is cut to the lines that fit"
    lines = max(table.cell(place, column).text_frame.text.count("\n") for place in range(1, 4) for column in range(4))
    assert (lines + 1) * 3 * 7 * 1.2 / 72 < 6
    assert rows[2][0].strip() in page.notes_slide.notes_text_frame.text
    many = pptx.Presentation(io.BytesIO(slide("Brief", headings, rows))).slides[0]
    table = next(shape.table for shape in many.shapes if shape.has_table)
    shown = len(table.rows) - 1
    assert many.shapes.title.text_frame.text == f"Brief ({shown} of 90)"
    assert f"and {90 - shown} rows are not on it" in many.notes_slide.notes_text_frame.text
    short = pptx.Presentation(io.BytesIO(slide("Brief", headings, [("a", "b", "c", "d")]))).slides[0]
    assert not short.has_notes_slide
