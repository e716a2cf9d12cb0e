"""Tables from bytes: delimited text and workbooks as sheets of rows, with the place of every cell.

``sheets(data, name=…)`` reads everything into memory, within explicit limits.  What the columns mean is not decided
here; `capgraph.formats.headers` says which row names them.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from capgraph.errors import Issue, ParseError, UnsupportedError
from capgraph.formats.delimited import HEAD, Dialect, records, sniff_dialect, sniff_encoding

if TYPE_CHECKING:
    from collections.abc import Iterator

Cell = str | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta
"""What a cell holds; an empty one holds an empty text.  Whole numbers are ints."""
Row = tuple[Cell, ...]

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SPREADSHEET_2003 = b"urn:schemas-microsoft-com:office:spreadsheet"
_LEADING = b"\xef\xbb\xbf\xff\xfe \t\r\n"
_WORKBOOK_PARTS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")
_LETTERS = 26
_METADATA = re.compile(rb"^(?:\xef\xbb\xbf)?METADATA[|]", re.MULTILINE)
_ABOVE = re.compile(rb"(?:\xef\xbb\xbf)?(?:(?:COMMENT\b|SET\s)[^\n]*\n|\s*\n)+METADATA[|]")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a hostile or broken file is read before it is refused."""

    rows: int = 1_000_000
    """Rows of one sheet."""
    columns: int = 2_000
    """Columns of one row."""
    cells: int = 20_000_000
    """Cells of one sheet."""
    unpacked: int = 1 << 30
    """Bytes that a packed workbook may unpack to."""
    ratio: int = 200
    """How many times larger than packed a workbook may be, once it is above one megabyte."""


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: rows as they stand, the empty ones at the end left out."""

    name: str
    """The name of the sheet; empty for a text, which has only one."""
    rows: tuple[Row, ...]
    """The rows; they may differ in length."""
    numbers: tuple[int, ...]
    """The number of each row as a spreadsheet shows it, from 1."""
    visible: bool = True
    """Whether the workbook shows the sheet."""
    merged: tuple[tuple[int, int, int, int], ...] = ()
    """Merged cells: first row, first column, last row, last column, as places in `rows` from 0."""
    dialect: Dialect | None = None
    """How a text was read; None for a workbook."""
    notes: tuple[str, ...] = field(default=())
    """What a reader of the answer should know, such as a guess about the encoding."""

    def locator(self, row: int, column: int | None = None) -> str:
        """Return the place of a row or cell (both from 0): ``row:12``, ``Skills!14``, ``Skills!A14``."""
        number = self.numbers[row]
        if not self.name:
            return f"row:{number}" if column is None else f"row:{number},column:{column + 1}"
        return f"{self.name}!{'' if column is None else column_name(column)}{number}"

    def filled(self, *, downward: bool = False) -> Sheet:
        """Return the sheet with the value of every merged range in all of its cells.

        Parameters
        ----------
        downward : bool
            Whether only ranges of several rows are filled, and not titles and legends across the columns.
        """
        merged = [found for found in self.merged if found[2] > found[0] or not downward]
        if not merged:
            return self
        rows = [list(row) for row in self.rows]
        for top, left, bottom, right in merged:
            if top >= len(rows) or left >= len(rows[top]):
                continue
            value = rows[top][left]
            for row in rows[top : bottom + 1]:
                row.extend([""] * (right + 1 - len(row)))
                row[left : right + 1] = [value] * (right + 1 - left)
        return Sheet(self.name, tuple(map(tuple, rows)), self.numbers, self.visible, (), self.dialect, self.notes)


def column_name(column: int) -> str:
    """Return the letters of a column, from 0.

    Examples
    --------
    >>> column_name(0), column_name(27)
    ('A', 'AB')
    """
    letters = ""
    while column >= 0:
        column, rest = divmod(column, _LETTERS)
        letters = chr(ord("A") + rest) + letters
        column -= 1
    return letters


def is_workbook(head: bytes) -> bool:
    """Return whether bytes begin like a workbook (XLSX, XLSB, ODS, XLS, XML of 2003) or another packed file."""
    return head.startswith((_ZIP, _OLE)) or is_xml_workbook(head)


def is_xml_workbook(head: bytes) -> bool:
    """Return whether bytes begin like a spreadsheet in XML of 2003."""
    start = head[:4096].replace(b"\x00", b"")
    return start.lstrip(_LEADING).startswith(b"<") and _SPREADSHEET_2003 in start


def sheets(
    data: bytes, name: str = "", *, limits: Limits = LIMITS, dialect: Dialect | None = None
) -> tuple[Sheet, ...]:
    """Return the tables of a file: one for a delimited text, one a sheet for a workbook.

    Parameters
    ----------
    data : bytes
        The content of the file.
    name : str
        The name of the file, for messages.
    limits : Limits
        How much is read at most.
    dialect : Dialect or None
        How a text is to be read; None to find out.

    Raises
    ------
    ParseError
        When the file is broken or larger than the limits.
    UnsupportedError
        When it is encrypted.
    """
    if is_xml_workbook(data):
        from capgraph.formats.spreadsheet_xml import xml_sheets

        return tuple(xml_sheets(data, name, limits))
    if is_workbook(data[:8]):
        return tuple(_workbook(data, name, limits))
    text = _text_sheet(data, name, limits, dialect)
    return tuple(_blocks(text)) if has_blocks(data) else (text,)


def has_blocks(head: bytes) -> bool:
    """Return whether a text holds several tables, each under a line ``METADATA|Thing|…`` that names its columns."""
    return len(_METADATA.findall(head[: 1 << 16])) > 1 or _ABOVE.match(head) is not None


def _blocks(text: Sheet) -> Iterator[Sheet]:
    """Yield the tables of such a text by the names of their things; comments and settings are noted."""
    found: dict[str, list[int]] = {}
    left = []
    for place, row in enumerate(text.rows):
        word, thing = (str(cell).strip() for cell in (*row, "", "")[:2])
        if word == "METADATA":
            found.setdefault(thing, []).insert(0, place)
        elif thing in found:
            found[thing].append(place)
        elif word:
            left.append(text.numbers[place])
    notes = (f"comments and settings in rows {', '.join(map(str, left))} were not read",) if left else ()
    for thing, places in found.items():
        rows, numbers = tuple(text.rows[place] for place in places), tuple(text.numbers[place] for place in places)
        yield Sheet(thing, rows, numbers, dialect=text.dialect, notes=(*text.notes, *notes))


def _text_sheet(data: bytes, name: str, limits: Limits, dialect: Dialect | None) -> Sheet:
    """Return the table of a delimited text."""
    found = dialect or sniff_dialect(data[:HEAD], encoding=sniff_encoding([data]))
    text = data.decode(found.encoding, errors=found.errors).removeprefix("\ufeff")
    rows: list[Row] = []
    for number, cells in records(io.StringIO(text, newline=""), found):
        if len(rows) == limits.rows or len(cells) > limits.columns:
            raise _too_large(name, f"row:{number}")
        rows.append(tuple(cells))
    kept = _without_empty_end(rows)
    numbers = tuple(range(found.skipped + 1, found.skipped + 1 + len(kept)))
    mixed = ("some bytes are Windows-1252 inside UTF-8; they were read as such",) if found.mixed else ()
    return Sheet("", kept, numbers, dialect=found, notes=mixed)


def _workbook(data: bytes, name: str, limits: Limits) -> Iterator[Sheet]:
    """Yield the sheets of a workbook with the row numbers that a spreadsheet shows."""
    import python_calamine as calamine

    _refuse_bomb(data, name, limits)
    try:
        with calamine.load_workbook(io.BytesIO(data)) as book:
            for about in book.sheets_metadata:
                if about.typ == calamine.SheetTypeEnum.WorkSheet:
                    visible = about.visible == calamine.SheetVisibleEnum.Visible
                    yield _worksheet(book.get_sheet_by_name(about.name), visible=visible, name=name, limits=limits)
    except calamine.PasswordError:
        raise UnsupportedError("the workbook is encrypted; save it without a password", path=name) from None
    except (calamine.CalamineError, calamine.ZipError, calamine.XmlError, OSError, ValueError) as error:
        if isinstance(error, ParseError):
            raise
        told = str(error).splitlines()[0] if str(error) else type(error).__name__
        issue = Issue("broken-workbook", f"the workbook cannot be opened: {told}", hint="open it and save it as XLSX")
        raise ParseError([issue], path=name) from None


def _worksheet(sheet: object, *, visible: bool, name: str, limits: Limits) -> Sheet:
    """Return one sheet of a workbook, from its first row on, empty or not."""
    from python_calamine import CalamineSheet

    assert isinstance(sheet, CalamineSheet)  # noqa: S101 - tells the type checkers what calamine gives
    bottom, right = sheet.end or (-1, -1)
    if bottom >= limits.rows or right >= limits.columns or (bottom + 1) * (right + 1) > limits.cells:
        raise _too_large(name, sheet.name)
    rows = _without_empty_end([tuple(map(_cell, row)) for row in sheet.to_python(skip_empty_area=False)])
    merged = tuple((*first, *last) for first, last in sheet.merged_cell_ranges or ())
    return Sheet(sheet.name, rows, tuple(range(1, len(rows) + 1)), visible, merged)


def _cell(value: Cell) -> Cell:
    """Return a cell with whole numbers as ints."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _without_empty_end(rows: list[Row]) -> tuple[Row, ...]:
    """Return the rows without the empty ones at the end, each without its empty cells at the end past the widest."""
    end = len(rows)
    while end and all(is_blank(cell) for cell in rows[end - 1]):
        end -= 1
    return tuple(rows[:end])


def is_blank(cell: Cell) -> bool:
    """Return whether a cell holds nothing that can be seen."""
    return isinstance(cell, str) and not cell.strip()


def _refuse_bomb(data: bytes, name: str, limits: Limits) -> None:
    """Refuse a packed workbook that unpacks to more than the limits, before anything is unpacked."""
    if not data.startswith(_ZIP):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile:
        issue = Issue("broken-workbook", "the file is cut or damaged", hint="fetch it again")
        raise ParseError([issue], path=name) from None
    if not any(entry.filename in _WORKBOOK_PARTS for entry in entries):
        raise UnsupportedError("an archive, but no workbook; name the files inside it", path=name)
    size = sum(entry.file_size for entry in entries)
    if size > limits.unpacked or (size > 1 << 20 and size > limits.ratio * len(data)):
        raise _too_large(name, "the unpacked workbook")


def _too_large(name: str, where: str) -> ParseError:
    """Return the error about a file beyond the limits."""
    issue = Issue(
        "too-large", f"{where} goes beyond the limits", where=where, hint="raise the limits, or split the file"
    )
    return ParseError([issue], path=name)


def as_text(cell: Cell) -> str:
    """Return a cell as a spreadsheet shows it, with dates in ISO form and without spaces around it.

    Examples
    --------
    >>> as_text(17), as_text(0.5), as_text(True), as_text("  a ")
    ('17', '0.5', 'TRUE', 'a')
    """
    if isinstance(cell, str):
        return cell.strip().strip("\u00a0\ufeff\u200b").strip()
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return f"{cell:.10g}"
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, dt.date | dt.time) else str(cell)
