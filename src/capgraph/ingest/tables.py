"""Tables of raw records from parts: delimited text is streamed, workbooks, JSON, XML and HTML are read whole."""

from __future__ import annotations

import io
import itertools
import re
from dataclasses import dataclass, field, replace
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from capgraph.errors import Issue, ParseError
from capgraph.formats import delimited
from capgraph.formats.cellformats import cell_marks
from capgraph.formats.headers import spelled
from capgraph.formats.jsontext import starts_json
from capgraph.formats.tabular import is_blank, sheets
from capgraph.formats.twice import is_twice, once
from capgraph.ingest import nested
from capgraph.ingest.archives import is_packed
from capgraph.ingest.chosen import refuse_header_row, refuse_other_sheets
from capgraph.ingest.finding import json_records, xml_records
from capgraph.ingest.foreign import refuse_foreign
from capgraph.ingest.header_rows import header_note, header_of, title_of
from capgraph.ingest.layout_notes import NO_DELIMITER, dialect_notes, short_note
from capgraph.ingest.pages import html_records, html_tables
from capgraph.ingest.profile import generic

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from capgraph.formats.tabular import Sheet
    from capgraph.ingest.part import Part
    from capgraph.ingest.profile import Profile

_SAMPLE = 400
_LENIENT = 0.2
_HANDED_BACK = re.compile(rb'import_place"?([,;\t|])"?import_reason"?\1"?import_hint')
_HTML = (b"<!doctype html", b"<html", b"<table", b"<meta", b"<head", b"<style")


class Raw(NamedTuple):
    """One record as it stands in the source."""

    number: int
    """The number that its locator shows."""
    cells: Sequence[Any]
    """Its cells, one a column; a record that is no record at all holds what was found instead."""
    broken: str = ""
    """The reason why it is no record, or nothing."""


@dataclass(slots=True)
class Table:
    """Records with the same columns."""

    source: str
    """The file."""
    sheet: str
    """The sheet, or empty."""
    names: tuple[str, ...]
    """The names of the columns, as written; paths for nested records."""
    records: Iterator[Raw]
    """The records, in their order; they can be read once."""
    sample: list[Raw]
    """The first records, again, to sniff at."""
    locator: Callable[[int], str]
    """The place of a record, for its number."""
    groups: tuple[str, ...] = ()
    """The group above each column, where there is one."""
    title: str = ""
    """What stands above the table."""
    is_text: bool = False
    """Whether every cell is text."""
    strict: bool = False
    """Whether a record with more or fewer cells than columns is damaged; else its last cells are empty."""
    notes: list[str] = field(default_factory=list)
    """How the file was read."""
    path_of: Callable[[Any, str], object] | None = None
    """Takes the value at a path out of a nested record; None for rows of cells."""
    currencies: dict[tuple[int, int], str] = field(default_factory=dict)
    """The currency that the number format of a cell shows, by row number and column."""
    links: dict[tuple[int, int], str] = field(default_factory=dict)
    """The address that a cell links to, by row number and column."""


def tables(part: Part, profile: Profile | None, known: Collection[str]) -> Iterator[Table]:
    """Yield the tables of a part.

    Parameters
    ----------
    part : Part
        What to read.
    profile : Profile or None
        What says how, where it is known.
    known : collection of str
        Names that columns usually have, which help to find the header.

    Raises
    ------
    ParseError, UnsupportedError
        When the part is broken or hostile.
    """
    if part.rows is not None:
        yield nested_table(part.name, list(part.rows), lambda number: f"row:{number}")
        return
    head = part.head()
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if is_packed(head):
        yield from _sheet_tables(part, sheets(part.read(), part.name), profile, known)
    elif starts_json(head) or part.name.lower().endswith((".json", ".jsonl", ".ndjson", ".jsonld")):
        yield from _json_tables(part)
    elif start[:15].lower().startswith(_HTML):
        yield from _page_tables(part, profile, known)
    elif start[:1] == b"<":
        found = xml_records(part.read(), part.name)
        yield nested_table(part.name, found.records, found.locator, notes=[f"records are the elements {found.where}"])
    else:
        refuse_foreign(head, part.name)
        yield from _text_table(part, profile, known)


def _page_tables(part: Part, profile: Profile | None, known: Collection[str]) -> Iterator[Table]:
    """Yield the tables of a page; where JSON-LD describes courses, these."""
    data = part.read()
    found = [] if b"application/ld+json" in data else html_tables(data)
    for place, rows in enumerate(found, start=1):
        header, sheet = header_of(rows, profile, known), f"table {place}" if len(found) > 1 else ""
        if header is not None:
            raws = [Raw(number, row) for number, row in enumerate(rows, start=1)][header.row + 1 :]
            told = ["a table of a web page", header_note(header, range(1, header.row + 2))]
            yield Table(
                part.name, sheet, header.names, iter(raws), raws[:_SAMPLE],
                _numbered(f"{sheet}!" if sheet else "row:"), groups=header.groups, is_text=True, notes=told,
            )  # fmt: skip
    if not found:
        yield nested_table(part.name, html_records(data, part.name), _numbered("item:"))


def _numbered(lead: str) -> Callable[[int], str]:
    """Return what tells the place of a record by its number."""
    return lambda number: f"{lead}{number}"


def _json_tables(part: Part) -> Iterator[Table]:
    """Yield the table of the records in a JSON text or in JSON lines."""
    found = json_records(part.read(), part.name)
    told = f"records at the JSON pointer {found.where or '/'}" if found.places else "one JSON record a line"
    unread = [f"left unread: {', '.join(found.unread)}"] if found.unread else []
    yield nested_table(part.name, found.records, found.locator, notes=[told, *unread])


def nested_table(
    source: str, found: list[Any], locator: Callable[[int], str], *, notes: list[str] | None = None
) -> Table:
    """Return a table of nested records; its columns are their paths, and its cells the records themselves."""
    names = nested.paths(itertools.islice(found, _SAMPLE * 10))
    raws = [
        Raw(number, (item,), "" if isinstance(item, dict) else "not-an-object")
        for number, item in enumerate(found, start=1)
    ]
    return Table(source, "", names, iter(raws), raws[:_SAMPLE], locator, notes=notes or [], path_of=nested.at)


def _sheet_tables(
    part: Part, found: Sequence[Sheet], profile: Profile | None, known: Collection[str]
) -> Iterator[Table]:
    """Yield the tables of the sheets of a workbook, of those that the profile names where it does."""
    notes = list(refuse_other_sheets(profile, [sheet.name for sheet in found], part.name))
    wanted = [sheet for sheet in found if profile is None or not profile.sheets or sheet.name in profile.sheets]
    refuse_header_row(profile, max((len(sheet.rows) for sheet in wanted), default=0), part.name)
    for sheet in wanted:
        for table in _sheet_table(part, sheet, profile, known):
            table.notes.extend(notes)
            notes.clear()
            yield table


def _sheet_table(part: Part, sheet: Sheet, profile: Profile | None, known: Collection[str]) -> Iterator[Table]:
    """Yield the table of one sheet of a workbook, where it holds one."""
    filled = sheet.filled()
    header = header_of(filled.rows, profile, known)
    if header is None:
        return
    raws = [
        Raw(number, row if any(not is_blank(cell) for cell in plain) else plain)
        for number, row, plain in list(zip(filled.numbers, filled.rows, sheet.rows, strict=True))[header.row + 1 :]
    ]
    notes = [header_note(header, sheet.numbers[: header.row + 1]), *sheet.notes]
    if not sheet.visible:
        notes.append("the sheet is hidden")
    marks = cell_marks(part.read(), sheet.name)
    yield Table(
        part.name,
        sheet.name,
        header.names,
        iter(raws),
        raws[:_SAMPLE],
        lambda number: f"{sheet.name}!{number}" if sheet.name else f"row:{number}",
        groups=header.groups,
        title=title_of(sheet.rows[: max(header.row, 0)], sheet.name),
        notes=notes,
        currencies=marks.currencies,
        links=marks.links,
    )


def _text_table(part: Part, profile: Profile | None, known: Collection[str]) -> Iterator[Table]:
    """Yield the table of a delimited text, whose records are streamed."""
    profile = _of_rejected(part.head(), profile)
    encoding = (profile.encoding, False) if profile and profile.encoding else delimited.sniff_encoding(part.chunks())
    head = part.head(delimited.HEAD)
    try:
        dialect = delimited.sniff_dialect(head, encoding=encoding, delimiter=profile.delimiter if profile else "")
    except LookupError:
        issue = Issue("unknown-encoding", f"{encoding[0]!r} is no encoding", hint="use utf-8, utf-16 or cp1252")
        raise ParseError([issue], path=part.name) from None
    if profile is None or not profile.delimiter:
        dialect = _of_lines(part, dialect, known)
    with _lines(part, dialect) as stream:
        yield from _streamed(part.name, stream, dialect, profile, known)


def _of_rejected(head: bytes, profile: Profile | None) -> Profile | None:
    """Return the profile for records that an earlier import handed back, which are not laid out as their source was."""
    found = _HANDED_BACK.search(head.partition(b"\n")[0])
    if found is None:
        return profile
    return replace(profile or generic(), encoding="", delimiter=found[1].decode(), header_row=None)


def _of_lines(part: Part, dialect: delimited.Dialect, known: Collection[str]) -> delimited.Dialect:
    """Return the dialect in which each line is one text, where a list of titles only happens to hold delimiters."""
    with _lines(part, dialect) as stream:
        sample = [record.cells for record in itertools.islice(delimited.records(stream, dialect), _SAMPLE)]
    filled = [cells for cells in sample if any(cells)]
    named = max((sum(spelled(cell) in known for cell in cells) for cells in filled if len(cells) > 1), default=0)
    split = sum(len(cells) > 1 for cells in filled)
    return replace(dialect, delimiter=NO_DELIMITER) if 0 < split < len(filled) / 2 and not named else dialect


def _streamed(
    name: str, stream: IO[str], dialect: delimited.Dialect, profile: Profile | None, known: Collection[str]
) -> Iterator[Table]:
    """Yield the table of an open text, whose records are read as they are asked for."""
    found = delimited.records(stream, dialect)
    sample = list(itertools.islice(found, _SAMPLE))
    refuse_header_row(profile, len(sample), name)
    header = header_of([record.cells for record in sample], profile, known)
    if header is None:
        if not any(any(record.cells) for record in sample):
            return
        raise ParseError([Issue("no-table", "no row names columns", hint="name them in its first row")], path=name)
    data = sample[header.row + 1 :]
    notes = dialect_notes(dialect, header_note(header, [record.number for record in sample[: header.row + 1]]))
    if is_twice(itertools.chain(*(record.cells for record in sample))):
        notes.append("its text was encoded twice, which is mended")
        header = replace(header, names=tuple(map(once, header.names)))
        data, found = list(map(_mended, data)), map(_mended, found)
    least = max((place for place, column in enumerate(header.names, start=1) if column), default=0)
    notes.extend(short_note([len(record.cells) for record in data if any(record.cells)], least))
    odd = sum(not least <= len(record.cells) <= len(header.names) for record in data if any(record.cells))
    yield Table(
        name,
        "",
        header.names,
        itertools.starmap(Raw, itertools.chain(data, found)),
        [Raw(*record) for record in data],
        lambda number: f"row:{number}",
        groups=header.groups,
        title=title_of([record.cells for record in sample[: max(header.row, 0)]], ""),
        is_text=True,
        strict=bool(dialect.ends_with) or odd <= _LENIENT * len(data),
        notes=notes,
    )


def _mended(record: delimited.Record) -> delimited.Record:
    """Return a record with the text of its cells as it was before it was encoded a second time."""
    return record._replace(cells=[once(cell) for cell in record.cells])


def _lines(part: Part, dialect: delimited.Dialect) -> IO[str]:
    """Return the lines of a text, with their ends."""
    stream = io.TextIOWrapper(part.open(), encoding=dialect.encoding, errors=dialect.errors, newline="")
    if dialect.encoding in {"utf-16-le", "utf-16-be"} and stream.read(1) != "\ufeff":
        stream.seek(0)
    return stream
