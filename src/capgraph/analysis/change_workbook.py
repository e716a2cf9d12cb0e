"""The workbook of a change report: a summary to sign, the changes, the suggested renames."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from capgraph.analysis.renames import SuggestedRename
from capgraph.workbook import open_workbook

if TYPE_CHECKING:
    from collections.abc import Sequence

    from capgraph.analysis.change import ChangeReport

_WIDTH = 26
_MOST_ROWS = 1_000_000
"""How many rows a sheet holds, heading included; Excel ends soon after."""
_SIGN = ("Sign-off", "Name", "Date", "Signature")
_SIGNATURES = ("Prepared by", "Reviewed by", "Approved by")


def change_workbook(report: ChangeReport) -> bytes:
    """Return the bytes of a workbook with a *Summary* to sign, a sheet for each table, and *Suggested renames*.

    Raises
    ------
    MissingDependencyError
        When XlsxWriter is not installed.
    """
    table = report.table()
    sheets: dict[str, Sequence[Sequence[str]]] = {"Summary": _summary(report)}
    rows: dict[str, list[Sequence[str]]] = {}
    for row, cells in zip(report, table.cells, strict=True):
        rows.setdefault(row.table or "document", []).append(cells)
    for name, found in rows.items():
        sheets[name.capitalize()] = [table.columns, *found]
    sheets["Suggested renames"] = [SuggestedRename._fields, *(tuple(map(str, item)) for item in report.suggested)]
    return workbook(sheets)


def workbook(sheets: dict[str, Sequence[Sequence[str]]]) -> bytes:
    """Return the bytes of a workbook with these sheets, the first row of each as its heading.

    Raises
    ------
    MissingDependencyError
        When XlsxWriter is not installed.
    """
    target = io.BytesIO()
    with open_workbook(target) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1, "bg_color": "#EEF2F7"})
        body = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
        for name, rows in sheets.items():
            _fill(book.add_worksheet(name), rows, bold, body)
    return target.getvalue()


def _fill(sheet: Any, rows: Sequence[Sequence[str]], bold: Any, body: Any) -> None:  # noqa: ANN401 - XlsxWriter is untyped
    """Write rows of text, set up to be printed on pages that are as wide as the table."""
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_column(0, max(map(len, rows), default=1) - 1, _WIDTH)
    for place, row in enumerate(rows[:_MOST_ROWS]):
        for column, cell in enumerate(row):
            sheet.write_string(place, column, cell, bold if place == 0 or row == _SIGN else body)
    if len(rows) > _MOST_ROWS:
        sheet.write_string(_MOST_ROWS, 0, f"{len(rows) - _MOST_ROWS} more rows; the JSON report has all of them", body)


_A4 = 9


def _summary(report: ChangeReport) -> list[tuple[str, ...]]:
    """Return the figures, the notes, and the lines to sign on."""
    return [
        ("Change report", f"{report.old} → {report.new}"),
        ("Changes", str(len(report))),
        *((f"{table or 'document'}: {action}", str(count)) for table, action, count in report.counts),
        *((f"links {item.relation}", f"{item.out} out, {item.came} in") for item in report.link_counts),
        *(("Note", note) for note in report.notes),
        _SIGN,
        *((line, "", "", "") for line in _SIGNATURES),
    ]
