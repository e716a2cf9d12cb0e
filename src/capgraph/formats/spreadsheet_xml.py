"""Spreadsheets in XML of 2003, which some systems export and fill in still: sheets of rows, as of any workbook."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from capgraph.errors import Issue, ParseError
from capgraph.formats.tabular import Cell, Limits, Row, Sheet
from capgraph.formats.xmltext import attribute, child, children, load_xml, local, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element


def xml_sheets(data: bytes, name: str, limits: Limits) -> Iterator[Sheet]:
    """Yield the sheets of a spreadsheet in XML of 2003.

    Raises
    ------
    ParseError
        When it is no XML, declares entities, or goes beyond the limits.
    """
    try:
        root = load_xml(data)
    except ParseError as error:
        raise ParseError(error.issues, path=name) from None
    for sheet in children(root, "worksheet"):
        label = attribute(sheet, "name")
        try:
            yield _sheet(sheet, label, limits)
        except OverflowError:
            hint = "raise the limits, or split the file"
            issue = Issue("too-large", f"{label!r} goes beyond the limits", (label,), label, hint)
            raise ParseError([issue], path=name) from None


def _sheet(sheet: Element, label: str, limits: Limits) -> Sheet:
    """Return one sheet, with the rows and columns that it skips.

    Raises
    ------
    OverflowError
        When it goes beyond the limits.
    """
    rows: list[Row] = []
    merged: list[tuple[int, int, int, int]] = []
    for row in children(child(sheet, "table"), "row"):
        _skip(rows, attribute(row, "index"), (), limits.rows)
        cells: list[Cell] = []
        for cell in children(row, "cell"):
            _skip(cells, attribute(cell, "index"), "", limits.columns)
            top, left = len(rows), len(cells)
            down, right = (_number(attribute(cell, name)) for name in ("mergedown", "mergeacross"))
            cells.append(_cell(child(cell, "data")))
            _skip(cells, str(left + right + 2), "", limits.columns)
            if down or right:
                merged.append((top, left, min(top + down, limits.rows), left + right))
        rows.append(tuple(cells))
        _skip(rows, str(len(rows) + _number(attribute(row, "span")) + 1), (), limits.rows)
        if len(rows) * len(cells) > limits.cells:
            raise OverflowError
    visible = text_of(child(sheet, "worksheetoptions", "visible")) not in {"SheetHidden", "SheetVeryHidden"}
    while rows and not any(str(cell).strip() for cell in rows[-1]):
        rows.pop()
    return Sheet(label, tuple(rows), tuple(range(1, len(rows) + 1)), visible, tuple(merged))


def _skip(items: list[Cell] | list[Row], index: str, empty: Cell | Row, most: int) -> None:
    """Add empty cells or rows up to the one with an index, from 1."""
    wanted = _number(index) - 1
    if max(wanted, len(items)) >= most:
        raise OverflowError
    items.extend([empty] * (wanted - len(items)))  # type: ignore[list-item]


def _number(text: str) -> int:
    """Return the number in an attribute; 0 where there is none."""
    return int(text) if text.isascii() and text.isdecimal() else 0


def _cell(data: Element | None) -> Cell:
    """Return what a cell holds; a number or day that is none stays as it is written."""
    if data is None:
        return ""
    text = "".join(_texts(data)).strip()
    kind = attribute(data, "type")
    try:
        if kind == "Number":
            found = float(text)
            return int(found) if found.is_integer() else found
        if kind == "DateTime":
            return dt.datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        return text
    return text in {"1", "true"} if kind == "Boolean" else text


def _texts(data: Element) -> Iterator[str]:
    """Yield the texts of a cell; formatted text stands in elements, and an empty one breaks the line."""
    for part in data.iter():
        yield "\n" if local(part) == "br" else part.text or ""
        if part is not data:
            yield part.tail or ""
