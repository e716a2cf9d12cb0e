"""The workbook of a change report: a summary to sign, the changes, the suggested renames."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from capgraph.analysis.renames import SuggestedRename
from capgraph.errors import MissingDependencyError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from capgraph.analysis.change import ChangeReport

_WIDTH = 26
_SIGNATURES = ("Prepared by", "Reviewed by", "Approved by", "Date", "Remarks")
SAFE = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""How texts are written as texts, so that none is ever read as a formula."""


def change_workbook(report: ChangeReport) -> bytes:
    """Return the bytes of a workbook with the sheets *Summary*, *Changes* and *Suggested renames*.

    Raises
    ------
    MissingDependencyError
        When XlsxWriter is not installed.
    """
    table = report.table()
    suggested = [tuple(map(str, item)) for item in report.suggested]
    sheets: dict[str, Sequence[Sequence[str]]] = {
        "Summary": _summary(report),
        "Changes": [table.columns, *table.cells],
        "Suggested renames": [SuggestedRename._fields, *suggested],
    }
    return workbook(sheets)


def workbook(sheets: dict[str, Sequence[Sequence[str]]]) -> bytes:
    """Return the bytes of a workbook with these sheets, the first row of each as its heading.

    Raises
    ------
    MissingDependencyError
        When XlsxWriter is not installed.
    """
    try:
        import xlsxwriter
    except ImportError:
        package, extra = "XlsxWriter", "excel"
        raise MissingDependencyError(package, extra) from None
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, SAFE) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        body = book.add_format({"text_wrap": True, "valign": "top"})
        for name, rows in sheets.items():
            _fill(book.add_worksheet(name), rows, bold, body)
    return target.getvalue()


def _fill(sheet: Any, rows: Iterable[Sequence[str]], bold: Any, body: Any) -> None:  # noqa: ANN401 - XlsxWriter is untyped
    """Write rows of text."""
    sheet.freeze_panes(1, 0)
    for place, row in enumerate(rows):
        if place == 0:
            sheet.set_column(0, max(0, len(row) - 1), _WIDTH)
        for column, cell in enumerate(row):
            sheet.write_string(place, column, cell, bold if place == 0 else body)


def _summary(report: ChangeReport) -> list[tuple[str, ...]]:
    """Return the figures, the notes, and the lines to sign on."""
    return [
        ("Change report", f"{report.old} → {report.new}"),
        ("Changes", str(len(report))),
        *((f"{table or 'document'}: {action}", str(count)) for table, action, count in report.counts),
        *((f"links {item.relation}", f"{item.out} out, {item.came} in") for item in report.link_counts),
        *(("Note", note) for note in report.notes),
        *((line, "") for line in _SIGNATURES),
    ]
