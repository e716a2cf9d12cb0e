"""Delimited files with a fixed header, as publishers issue them: rows by column name, with their places."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from capgraph.errors import Issue, ParseError
from capgraph.formats.delimited import FIELD_LIMIT
from capgraph.formats.record import Sniff

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from capgraph.formats.content import Content

_MOST_COLUMNS = 2_000


def rows_of(content: Content, name: str, *, delimiter: str = ",", needed: Collection[str] = ()) -> Iterator[list[str]]:
    """Yield the header of a file and then its rows, each as long as the header; blank lines above it are passed over.

    Raises
    ------
    ParseError
        When the text is not UTF-8, a cell is beyond the limit, or a needed column is missing; with the row.
    """
    return (row for _, row in _numbered(content, name, delimiter, needed))


def _numbered(content: Content, name: str, delimiter: str, needed: Collection[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the header and the rows with their numbers in the file."""
    if csv.field_size_limit() < FIELD_LIMIT:
        csv.field_size_limit(FIELD_LIMIT)
    width, number = 0, 0
    with content.open(name) as raw, io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as stream:
        try:
            for row in csv.reader(stream, delimiter=delimiter):
                number += 1
                if not width:
                    width = len(row)
                    if not width:
                        continue
                    _check_header(row, name, needed)
                yield number, row if len(row) == width else (row + [""] * (width - len(row)))[:width]
        except (UnicodeDecodeError, csv.Error) as error:
            raise ParseError([_broken(error, name, number)]) from error
    if not width:
        _check_header([], name, needed)
        raise ParseError([Issue("no-header", f"{name!r} has no header", (name,), name, "fetch the file again")])


def _broken(error: UnicodeDecodeError | csv.Error, name: str, number: int) -> Issue:
    """Return what is wrong with the row after the last one that was read."""
    place = f"{name} row:{number + 1}"
    if isinstance(error, UnicodeDecodeError):
        text = f"{name!r} is not UTF-8 after row {number}: {error.reason}"
        return Issue("bad-encoding", text, (name,), place, "save it as UTF-8")
    text = f"{name!r} cannot be read after row {number}: {error}"
    return Issue("bad-csv", text, (name,), place, "look for a quotation mark left open")


def _check_header(header: list[str], name: str, needed: Collection[str]) -> None:
    """Refuse a header that lacks a needed column, or has too many."""
    missing = [column for column in needed if column not in header]
    issues = [
        Issue("no-column", f"{name!r} has no column {column!r}", (name,), f"{name} row:1", "fetch the file again")
        for column in missing
    ]
    if len(header) > _MOST_COLUMNS:
        text = f"{name!r} has {len(header):,} columns, more than {_MOST_COLUMNS:,}"
        issues.append(Issue("too-large", text, (name,), f"{name} row:1", "keep the columns that matter"))
    if issues:
        raise ParseError(issues)


def records_of(
    content: Content, name: str, *, delimiter: str = ",", needed: Collection[str] = ()
) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the place of each row that is not empty, and its cells by column."""
    rows = _numbered(content, name, delimiter, needed)
    _, header = next(rows, (0, []))
    for number, row in rows:
        if any(row):
            yield f"{name} row:{number}", dict(zip(header, row, strict=True))


def header_of(content: Content, name: str, *, delimiter: str = ",") -> list[str]:
    """Return the names of the columns, as far as the head of a file shows them; empty where it is no text."""
    text = content.head(name).decode("utf-8-sig", errors="replace")
    if "\0" in text:
        return []
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return []


def sniff_header(header: Collection[str], needed: Collection[str], *, certain: float = 0.95) -> Sniff:
    """Return how well a header has the columns of a format."""
    missing = [column for column in needed if column not in header]
    found = [column for column in needed if column in header]
    if not missing:
        return Sniff(certain, (f"has the columns {', '.join(found)}",))
    score = 0.25 * len(found) / len(needed)
    return Sniff(score, tuple(found), tuple(f"the column {column!r}" for column in missing[:5]))
