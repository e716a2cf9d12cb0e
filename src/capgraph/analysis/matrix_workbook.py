"""The workbook of a skills matrix: the matrix, the gaps, the legend."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from capgraph.analysis.matrix import LOOKS
from capgraph.workbook import open_workbook

if TYPE_CHECKING:
    from capgraph.analysis.comparison import Status
    from capgraph.analysis.matrix import MatrixCell, SkillsMatrix

_GAPS = ("person", "capability", "required", "attained", "shortfall", "status")
_WIDTH = 28
_NARROW = 6


def workbook(matrix: SkillsMatrix) -> bytes:
    """Return the bytes of a workbook with the sheets *Matrix*, *Gaps* and *Legend*.

    The sheet *Matrix* holds the attained levels as numbers, colored by status, with what is required as a comment.
    Texts are written as texts, so that none is ever read as a formula.
    """
    target = io.BytesIO()
    with open_workbook(target) as book:
        styles = _styles(book)
        head = book.add_format({"bold": True, "rotation": 60, "align": "left"})
        bold = book.add_format({"bold": True})
        _matrix_sheet(book.add_worksheet("Matrix"), matrix, styles, head)
        _gap_sheet(book.add_worksheet("Gaps"), matrix, styles, bold)
        _legend_sheet(book.add_worksheet("Legend"), matrix, styles, bold)
    return target.getvalue()


def _styles(book: Any) -> dict[Status | None, Any]:  # noqa: ANN401 - XlsxWriter is untyped
    """Return the style of a cell of each status."""
    return {
        status: book.add_format({"bg_color": look.background, "font_color": look.ink, "align": "center", "border": 1})
        for status, look in LOOKS.items()
    }


def _matrix_sheet(sheet: Any, matrix: SkillsMatrix, styles: Any, head: Any) -> None:  # noqa: ANN401 - XlsxWriter is untyped
    """Write people × capabilities."""
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 0, _WIDTH)
    sheet.set_column(1, max(1, len(matrix.capabilities)), _NARROW)
    sheet.write_string(0, 0, matrix.title, head)
    for column, label in enumerate(matrix.capabilities.values(), start=1):
        sheet.write_string(0, column, label, head)
    for row, (person, label) in enumerate(matrix.people.items(), start=1):
        sheet.write_string(row, 0, label)
        for column, capability in enumerate(matrix.capabilities, start=1):
            cell = matrix.cells[person, capability]
            _write_cell(sheet, row, column, cell, styles[cell.status])


def _write_cell(sheet: Any, row: int, column: int, cell: MatrixCell, style: Any) -> None:  # noqa: ANN401 - XlsxWriter is untyped
    """Write what is attained, or a sign where that is not known, with what is required as a comment."""
    if cell.attained is not None:
        sheet.write_number(row, column, cell.attained, style)
    else:
        sheet.write_string(row, column, LOOKS[cell.status].mark or "", style)
    if cell.required is not None:
        sheet.write_comment(row, column, f"required: {cell.required:g}")


def _gap_sheet(sheet: Any, matrix: SkillsMatrix, styles: Any, bold: Any) -> None:  # noqa: ANN401 - XlsxWriter is untyped
    """Write one row for each requirement that is not met."""
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 1, _WIDTH)
    for column, name in enumerate(_GAPS):
        sheet.write_string(0, column, name, bold)
    for row, found in enumerate(matrix.gaps(), start=1):
        shown = {**found, "person": matrix.people[found["person"]]}
        shown["capability"] = matrix.capabilities[found["capability"]]
        for column, name in enumerate(_GAPS):
            style = styles[found["status"]] if name == "status" else None
            if isinstance(shown[name], int | float):
                sheet.write_number(row, column, shown[name], style)
            else:
                sheet.write_string(row, column, shown[name] or "", style)
    sheet.autofilter(0, 0, max(1, len(matrix.gaps())), len(_GAPS) - 1)


def _legend_sheet(sheet: Any, matrix: SkillsMatrix, styles: Any, bold: Any) -> None:  # noqa: ANN401 - XlsxWriter is untyped
    """Write what the colors mean."""
    sheet.set_column(0, 0, _NARROW)
    sheet.set_column(1, 1, _WIDTH)
    sheet.write_string(0, 0, matrix.title, bold)
    for row, (status, look) in enumerate(LOOKS.items(), start=1):
        sheet.write_string(row, 0, look.mark, styles[status])
        sheet.write_string(row, 1, look.meaning)
