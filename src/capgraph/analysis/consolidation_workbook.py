"""The workbook of a consolidation: summary, what becomes of each asset, who takes over, and the certificate."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from capgraph.workbook import open_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from capgraph.analysis.consolidation import Certificate, ConsolidationReport
    from capgraph.analysis.takeover import ConsolidationRow

Value = str | int | float
_ACTIONS = {"retire": ("#f6b26b", "✗ retire"), "merge": ("#fbe3cf", "⇒ merge"), "keep": ("#cfe4f3", "✓ keep")}
_WIDTHS = (24, 40, 14)
_FIGURES = ("kept", "merged", "retired", "saves_hours", "saves_cost", "currency", "optimal", "cost", "bound")
_ADVICE = "Every cell that an asset covers today has an asset afterwards: see the sheet Certificate."


def consolidation_workbook(report: ConsolidationReport) -> bytes:
    """Return the bytes of a workbook with the sheets *Summary*, *Assets*, *Takeover* and *Certificate*.

    Texts are written as texts, so that none is ever read as a formula; numbers are numbers.

    Raises
    ------
    MissingDependencyError
        When XlsxWriter is not installed.
    """
    titles = {row.asset: row.title for row in report}
    sheets: dict[str, list[Sequence[Value]]] = {
        "Summary": [("Consolidation", "", ""), *_summary(report)],
        "Assets": [_ASSETS, *map(_asset, report)],
        "Takeover": [_TAKEOVER, *_takeover(report, titles)],
        "Certificate": [_CERTIFICATE, *map(_proof, report.certificate)],
    }
    target = io.BytesIO()
    with open_workbook(target) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        tints = {text: book.add_format({"bg_color": color}) for color, text in _ACTIONS.values()}
        for name, rows in sheets.items():
            _fill(book.add_worksheet(name), rows, bold, tints)
    return target.getvalue()


_ASSETS = ("Action", "Title", "Asset", "Taken over by", "Cells", "Saves hours a year", "Saves money a year", "Reason")
_TAKEOVER = ("Asset that goes", "Title", "Taken over by", "Title of that one", "What")
_HELD_APART = ("Language", "Audience", "Site")
_CERTIFICATE = ("Target", "Level", "Relation", *_HELD_APART, "Before", "After", "Covered")


def _summary(report: ConsolidationReport) -> Iterator[Sequence[Value]]:
    """Yield the figures, how the answer may be trusted, and the notes."""
    for name in _FIGURES:
        value = getattr(report, name)
        shown = ("yes" if value else "no") if isinstance(value, bool) else value
        yield name.replace("_", " "), "" if shown is None else shown, ""
    covered = sum(bool(proof.after) for proof in report.certificate)
    yield "cells covered before", len(report.certificate), ""
    yield "cells covered after", covered, ""
    yield "note", _ADVICE, ""
    for note in report.notes:
        yield "note", note, ""


def _asset(row: ConsolidationRow) -> Sequence[Value]:
    """Return what becomes of one asset."""
    takers = "; ".join(row.taken_over_titles)
    return _ACTIONS[row.action][1], row.title, row.asset, takers, row.cells, row.saves_hours, row.saves_cost, row.reason


def _takeover(report: ConsolidationReport, titles: dict[str, str]) -> Iterator[Sequence[Value]]:
    """Yield what each asset that goes hands over, and which conditions name it."""
    for row in report:
        for fact in row.because if row.action != "keep" else ():
            other = fact.ids[0]
            yield row.asset, row.title, other, titles.get(other, ""), fact.text


def _proof(proof: Certificate) -> Sequence[Value]:
    """Return the proof for one cell."""
    cell = proof.cell
    level: Value = "" if cell.level is None else cell.level
    held = (cell.language, cell.audience or "everybody", cell.site or "anywhere")
    sides = ("; ".join(proof.before), "; ".join(proof.after))
    return cell.target, level, cell.relation, *held, *sides, "yes" if proof.after else "NO"


def _fill(sheet: Any, rows: list[Sequence[Value]], bold: Any, tints: dict[str, Any]) -> None:  # noqa: ANN401 - XlsxWriter is untyped
    """Write rows of texts and numbers below a heading that stays in sight and filters."""
    sheet.freeze_panes(1, 0)
    last = len(rows[0]) - 1
    for column in range(last + 1):
        sheet.set_column(column, column, _WIDTHS[min(column, len(_WIDTHS) - 1)])
    sheet.autofilter(0, 0, max(1, len(rows) - 1), last)
    for place, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(place, column, value, bold if place == 0 else tints.get(value))
            else:
                sheet.write_number(place, column, value)
