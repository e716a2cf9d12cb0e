"""Delimited files with a fixed header, as publishers issue them: rows by column name, with their places."""

from __future__ import annotations

import codecs
import csv
import io
from functools import partial
from typing import TYPE_CHECKING

from capgraph.errors import Issue, ParseError
from capgraph.formats.delimited import FIELD_LIMIT, Dialect, sniff_encoding
from capgraph.formats.record import Sniff
from capgraph.text import closest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from capgraph.formats.content import Content
    from capgraph.formats.conversion import Ledger

_MOST_COLUMNS = 2_000
_CHUNK = 1 << 20
_DELIMITERS = ",;\t|"


def rows_of(
    content: Content,
    name: str,
    *,
    delimiter: str = ",",
    needed: Collection[str] = (),
    ledger: Ledger | None = None,
) -> Iterator[list[str]]:
    """Yield the header of a file and then its rows, each as long as the header; blank lines above it are passed over.

    A spreadsheet saves such files with other delimiters and encodings: they are told by the header and the bytes, and
    noted in the ledger, as are cells beyond the last column.

    Raises
    ------
    ParseError
        When a cell is beyond the limit, or a needed column is missing; with the row.
    """
    return (row for _, row in _numbered(content, name, delimiter, needed, ledger))


def _numbered(
    content: Content, name: str, delimiter: str, needed: Collection[str], ledger: Ledger | None
) -> Iterator[tuple[int, list[str]]]:
    """Yield the header and the rows with their numbers in the file."""
    if csv.field_size_limit() < FIELD_LIMIT:
        csv.field_size_limit(FIELD_LIMIT)
    encoding, errors = _encoding(content, name, ledger)
    width, number, mark = 0, 0, _delimiter(content, name, delimiter)
    with content.open(name) as raw, io.TextIOWrapper(raw, encoding=encoding, errors=errors, newline="") as stream:
        try:
            for row in csv.reader(stream, delimiter=mark):
                number += 1
                if not width:
                    width = 0 if _is_instruction(row) else len(row)
                    if not width:
                        continue
                    _check_header(row, name, needed)
                if len(row) != width:
                    _note_beyond(row[width:], ledger, f"{name} row:{number}")
                    row = (row + [""] * (width - len(row)))[:width]  # noqa: PLW2901 - the same row, fitted
                yield number, row
        except csv.Error as error:
            raise ParseError([_broken(error, name, number)]) from error
    if not width:
        _check_header([], name, needed)
        raise ParseError([Issue("no-header", f"{name!r} has no header", (name,), name, "fetch the file again")])


def _note_beyond(cells: list[str], ledger: Ledger | None, place: str) -> None:
    """Note the cells of a row that no column names."""
    if ledger is not None:
        count = sum(1 for cell in cells if cell)
        ledger.note("dropped", "cell", reason="beyond the last column", place=place, count=count)


def _encoding(content: Content, name: str, ledger: Ledger | None) -> tuple[str, str]:
    """Return the encoding of a file and how its errors are handled; UTF-8 unless a byte says otherwise."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with content.open(name) as stream:
        try:
            for chunk in iter(partial(stream.read, _CHUNK), b""):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            stream.seek(0)
            codec, _ = sniff_encoding(iter(partial(stream.read, _CHUNK), b""))
            if ledger is not None:
                ledger.note("normalized", "encoding", reason=f"not UTF-8 throughout: read as {codec}", place=name)
            found = Dialect("utf-8-sig" if codec == "utf-8" else codec)
            return found.encoding, found.errors
    return "utf-8-sig", "strict"


def _head_lines(content: Content, name: str) -> list[str]:
    """Return the first lines of a file as text."""
    head = content.head(name)
    codec, _ = sniff_encoding([head])
    found = Dialect("utf-8-sig" if codec == "utf-8" else codec)
    text = head.decode(found.encoding, errors=found.errors)
    return io.StringIO(text, newline="").readlines()  # splitlines would break at U+0085 too


def _delimiter(content: Content, name: str, usual: str) -> str:
    """Return the delimiter under which the header has the most columns, the usual one among equals."""
    lines = [line for line in _head_lines(content, name) if line.strip()]
    if lines and _is_instruction([lines[0].strip()]):
        return lines[0].strip()[-1]
    marks: list[str] = [usual, *_DELIMITERS]
    return max(marks, key=lambda mark: _width(lines[:1], mark))


def _width(lines: list[str], mark: str) -> int:
    """Return how many columns a header has under a delimiter."""
    try:
        return len(next(csv.reader(lines, delimiter=mark), []))
    except csv.Error:
        return 0


def _is_instruction(row: list[str]) -> bool:
    """Return whether a row tells a spreadsheet the delimiter, as ``sep=;``."""
    return bool(row) and len(row) <= len(("sep=", "")) and row[0].lower().startswith("sep=")


def _broken(error: csv.Error, name: str, number: int) -> Issue:
    """Return what is wrong with the row after the last one that was read."""
    place = f"{name} row:{number + 1}"
    text = f"{name!r} cannot be read after row {number}: {error}"
    return Issue("bad-csv", text, (name,), place, "look for a quotation mark left open")


def _check_header(header: list[str], name: str, needed: Collection[str]) -> None:
    """Refuse a header that lacks a needed column, or has too many."""
    issues = [_no_column(column, header, name) for column in needed if column not in header]
    if len(header) > _MOST_COLUMNS:
        text = f"{name!r} has {len(header):,} columns, more than {_MOST_COLUMNS:,}"
        issues.append(Issue("too-large", text, (name,), f"{name} row:1", "keep the columns that matter"))
    if issues:
        raise ParseError(issues)


def _no_column(column: str, header: list[str], name: str) -> Issue:
    """Return that a column is missing, and which one may be meant."""
    near = closest(column, header)
    hint = f"rename {near!r} if it is that one" if near else "fetch the file again"
    return Issue("no-column", f"{name!r} has no column {column!r}", (name,), f"{name} row:1", hint)


def records_of(
    content: Content,
    name: str,
    *,
    delimiter: str = ",",
    needed: Collection[str] = (),
    ledger: Ledger | None = None,
) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the place of each row that is not empty, and its cells by column; see `rows_of`."""
    rows = _numbered(content, name, delimiter, needed, ledger)
    _, header = next(rows, (0, []))
    for number, row in rows:
        if any(row):
            yield f"{name} row:{number}", dict(zip(header, row, strict=True))


def header_of(content: Content, name: str, *, delimiter: str = ",") -> list[str]:
    """Return the names of the columns, as far as the head of a file shows them; empty where it is no text."""
    return next(iter(head_rows(content, name, delimiter=delimiter)), [])


def head_rows(content: Content, name: str, *, delimiter: str = ",") -> list[list[str]]:
    """Return the header and the rows that the head of a file shows, the last of which may be cut; none of no text."""
    lines = [line for line in _head_lines(content, name) if line.strip()]
    mark = _delimiter(content, name, delimiter)
    found: list[list[str]] = []
    if any("\0" in line for line in lines[:1]):
        return found
    try:
        found.extend(row for row in csv.reader(lines, delimiter=mark) if not _is_instruction(row))
    except csv.Error:
        return found
    return found


def sniff_header(header: Collection[str], needed: Collection[str], *, certain: float = 0.95) -> Sniff:
    """Return how well a header has the columns of a format."""
    missing = [column for column in needed if column not in header]
    found = [column for column in needed if column in header]
    if not missing:
        return Sniff(certain, (f"has the columns {', '.join(found)}",))
    score = 0.25 * len(found) / len(needed)
    return Sniff(score, tuple(found), tuple(f"the column {column!r}" for column in missing[:5]))
