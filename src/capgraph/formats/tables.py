"""Plain tables as people keep them: which sheet, which row names the columns, which column holds which field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from capgraph.errors import FormatError, Issue, ParseError
from capgraph.formats.delimited import HEAD, sniff_dialect, sniff_encoding
from capgraph.formats.headers import Header, find_header, squeezed
from capgraph.formats.jsontext import starts_json
from capgraph.formats.record import NO, Sniff
from capgraph.formats.tabular import Cell, Sheet, as_text, is_blank, is_workbook, sheets
from capgraph.text import closest, normalize

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from capgraph.formats.content import Content
    from capgraph.formats.conversion import Ledger
    from capgraph.formats.draft import Draft

Aliases = dict[str, tuple[str, ...]]
"""The names by which columns are known, normalized, by field; the first that occurs is taken."""

MOST_FILES = 3
"""How many files may lie beside a table that is read alone."""
TABLE_ENDINGS = (".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a file, with its header found."""

    sheet: Sheet
    """The rows."""
    header: Header
    """The row that names the columns."""
    others: tuple[str, ...] = ()
    """The names of the sheets that are not read."""
    file: str = ""
    """The name of its file, where several are read together."""

    def note_unread(self, ledger: Ledger) -> None:
        """Note the other sheets, and what stands above the row that names the columns and below the table."""
        for name in self.others:
            ledger.note("dropped", "sheet", reason="not read; name it to read it instead (sheet=)", place=name)
        for number, row in enumerate(self.sheet.rows[: self.header.row]):
            if not all(map(is_blank, row)):
                reason = "above the row that names the columns"
                ledger.note("normalized", "row", reason=reason, place=self.place(number))
        for number in range(self._end(), len(self.sheet.rows)):
            ledger.note("normalized", "row", reason="a remark below the table", place=self.place(number))

    def _end(self) -> int:
        """Return where the table ends: before a block of lines of one cell each that a blank row sets apart.

        Where rows of the table have one cell each as well, the lines are rows.
        """
        filled = [sum(not is_blank(cell) for cell in row) for row in self.sheet.rows]
        end = len(filled)
        while end > self.header.row + 1 and filled[end - 1] == 1:
            end -= 1
        above = filled[self.header.row + 1 : end]
        is_apart = bool(above) and above[-1] == 0 and 1 not in above and sum(map(bool, self.header.names)) > 1
        return end if is_apart else len(filled)

    def place(self, number: int) -> str:
        """Return the place of a row (from 0), with its file where there are several."""
        return f"{self.file} {self.sheet.locator(number)}".strip()

    def columns(self) -> str:
        """Return the names of the columns as a message shows them."""
        return ", ".join(repr(name) for name in self.header.names if name)

    def records(self) -> Iterator[tuple[str, tuple[Cell, ...]]]:
        """Yield the place and the cells of each row below the header that is not empty, nor the header again.

        A cell merged over several rows holds for each of them.
        """
        width, rows = len(self.header.names), self.sheet.filled(downward=True).rows
        for number in range(self.header.row + 1, self._end()):
            row = rows[number]
            if all(map(is_blank, row)) or row == self.sheet.rows[self.header.row]:
                continue
            yield self.place(number), (*row, *("",) * (width - len(row)))


def table_of(content: Content, *, known: Collection[str], sheet: str = "", header_row: int | None = None) -> Table:
    """Return the table that a file holds.

    Parameters
    ----------
    content : Content
        The file; of several the first table is taken.
    known : collection of str
        Normalized names that columns are known to have; they decide between sheets and rows.
    sheet : str
        The name of the sheet; empty for the one whose header has the most known names.
    header_row : int or None
        The number of the row that names the columns, from 1 as a spreadsheet shows it; None to find it.

    Raises
    ------
    ParseError
        When there is no such sheet, or no row names columns.
    """
    name = next(iter(content.named(*TABLE_ENDINGS)), content.name)
    found = [item for item in sheets(content[name], name) if item.rows]
    if sheet:
        chosen = [item for item in found if item.name == sheet]
        if not chosen:
            names = ", ".join(repr(item.name) for item in found)
            issue = Issue("no-sheet", f"{sheet!r} is no sheet; there are {names}", (sheet,), hint="name one")
            raise ParseError([issue])
        found = chosen
    tables = [Table(item, header) for item in found if (header := _header(item, header_row, known)) is not None]
    if not tables:
        hint = "say which row names the columns (header_row=)"
        raise ParseError([Issue("no-header", "no row names the columns", where=name, hint=hint)])
    best = max(tables, key=lambda table: len(set(known) & set(table.header.keys())))
    others = () if sheet else tuple(item.name for item in found if item is not best.sheet)
    return Table(best.sheet, best.header, others)


def tables_in(content: Content, known: Collection[str], *, is_head: bool = False) -> list[Table]:
    """Return the tables of all files, those of each sheet of a workbook; files that hold none are left out.

    Parameters
    ----------
    content : Content
        The files.
    known : collection of str
        Normalized names that columns are known to have.
    is_head : bool
        Whether the first rows of a text will do.
    """
    names = [name for name in content if name.lower().endswith((*TABLE_ENDINGS, ".dat", ".xml"))] or [content.name]
    is_named = len(names) > 1 or content.package not in {"", content.name}
    found = []
    for name in names:
        head = content.head(name)
        for sheet in sheets(head if is_head and not is_workbook(head) else content[name], name):
            header = find_header(sheet.rows, known=known) if sheet.rows else None
            if header is not None:
                found.append(Table(sheet, header, file=name if is_named else ""))
    return found


def fields_of(
    content: Content,
    aliases: Aliases,
    columns: Mapping[str, str],
    *,
    sheet: str = "",
    header_row: int | None = None,
) -> tuple[Table, dict[str, int]]:
    """Return the table that a file holds and the place of the column of each field; see `table_of` and `assigned`."""
    known = {name for names in aliases.values() for name in names} | {normalize(name) for name in columns.values()}
    table = table_of(content, known=known, sheet=sheet, header_row=header_row)
    return table, assigned(table, columns, aliases)


def _header(sheet: Sheet, header_row: int | None, known: Collection[str]) -> Header | None:
    """Return the header that was asked for, or the one that is found."""
    if header_row is None:
        return find_header(sheet.rows, known=known)
    if header_row not in sheet.numbers:
        return None
    row = sheet.numbers.index(header_row)
    return Header(row, tuple(" ".join(as_text(cell).split()) for cell in sheet.rows[row]))


def assigned(table: Table, columns: Mapping[str, str], aliases: Aliases) -> dict[str, int]:
    """Return the place of the column that holds each field.

    Parameters
    ----------
    table : Table
        The table.
    columns : mapping of str to str
        The name of the column by field, as the caller states it; where there are any, no other field is looked for.
    aliases : mapping
        The fields that are known, with the names that their columns have elsewhere.

    Raises
    ------
    ParseError
        When a column or a field is unknown; the message suggests the nearest.
    """
    keys = table.header.keys()
    places = {key: place for place, key in reversed(list(enumerate(keys)))}
    if not columns:
        return places_by(table.header, aliases)
    issues = []
    for field, column in columns.items():
        if field not in aliases:
            near = closest(field, aliases)
            hint = f"did you mean {near!r}?" if near else f"the fields are {', '.join(sorted(aliases))}"
            issues.append(Issue("unknown-field", f"{field!r} is no field of this kind of table", (field,), hint=hint))
        elif normalize(column) not in places:
            near = closest(normalize(column), places)
            hint = f"did you mean {table.header.names[places[near]]!r}?" if near else f"there are {', '.join(keys)}"
            issues.append(Issue("unknown-column", f"{column!r} is no column of the table", (column,), hint=hint))
    if issues:
        raise ParseError(issues)
    return {field: places[normalize(column)] for field, column in columns.items()}


def places_by(header: Header, aliases: Mapping[str, Collection[str]]) -> dict[str, int]:
    """Return the place of the column of each field: the first that occurs of its names, in any spelling."""
    exact = {key: place for place, key in reversed(list(enumerate(header.keys())))}
    places = {squeezed(name): place for place, name in reversed(list(enumerate(header.names)))} | exact
    found: dict[str, int] = {}
    for field, names in aliases.items():
        forms = [form for name in names for form in (normalize(name), squeezed(name)) if form in places]
        if forms:
            found[field] = places[forms[0]]
    return found


def rest_of(table: Table, cells: tuple[Cell, ...], used: Collection[int]) -> dict[str, Any]:
    """Return the texts of the columns that hold no field, by the name of the column; empty ones are left out.

    A column without a name, beyond the last one, or named like one before it has its number in its name.
    """
    texts: dict[str, Any] = {}
    for place, cell in enumerate(cells):
        text = as_text(cell)
        if text and place not in used:
            name = table.header.names[place] if place < len(table.header.names) else ""
            free = name and name not in texts
            texts[name if free else f"{name or 'column'} {place + 1}"] = text
    return texts


def keep_rest(draft: Draft[Any], record: dict[str, Any], rest: dict[str, Any], place: str) -> None:
    """Keep in the extensions of a record what the columns without a field hold, and note that it is there."""
    if rest:
        record["extensions"] = {"table": rest}
    for column in rest:
        draft.ledger.note("moved", column, reason="no field holds it", place=place)


def first_rows(content: Content) -> tuple[Header | None, str]:
    """Return the header that the head of a file shows, and what it lacks to be a table."""
    name = next(iter(content.named(*TABLE_ENDINGS)), content.name)
    head = content.head(name)
    if is_workbook(head):
        found = [item for item in sheets(content[name], name) if item.rows]
        headers = [header for item in found if (header := find_header(item.rows)) is not None]
        return (max(headers, key=lambda header: len(header.names)), "") if headers else (None, "a sheet with a header")
    if starts_json(head) or head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" or not head.strip():
        return None, "rows and columns"
    dialect = sniff_dialect(head[:HEAD], encoding=sniff_encoding([head]))
    if dialect.width < 2:  # noqa: PLR2004 - one column is a list
        return None, "two columns or more"
    rows = sheets(head, name, dialect=dialect)[0].rows
    return find_header(rows), "a row that names the columns"


def header_or_doubt(content: Content) -> tuple[Header | None, Sniff]:
    """Return the header of a table that is read alone, or what the content lacks to be one."""
    if len(content) > MOST_FILES:
        return None, NO
    try:
        header, lacks = first_rows(content)
    except FormatError:
        return None, NO
    return header, Sniff(0.0, missing=(lacks,))


def sniffed(content: Content, aliases: Aliases, needed: Collection[str], *, wanted: bool) -> Sniff:
    """Return how well a file fits a plain table with these fields.

    Parameters
    ----------
    content : Content
        The file.
    aliases : mapping
        The fields with the names of their columns.
    needed : collection of str
        The fields without which it is not this kind of table.
    wanted : bool
        Whether the caller asked for this kind of document, so that any table may do.
    """
    header, doubt = header_or_doubt(content)
    if header is None:
        return doubt
    keys = set(header.keys())
    found = [field for field, names in aliases.items() if keys & set(names)]
    missing = [field for field in needed if field not in found]
    columns = f"columns for {', '.join(found)}" if found else "a table"
    if missing:
        score = 0.31 if wanted else 0.1
        return Sniff(score, (columns,), tuple(f"a column for {field}" for field in missing))
    return Sniff(min(0.4 + 0.03 * len(found), 0.6), (columns,))
