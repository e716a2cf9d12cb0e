"""Delimited text as it is found in the wild: encodings, dialects, and records that survive stray quotes.

`sniff_dialect` looks at the head of a file and says how to read it; `records` then streams the whole file in that
dialect, in constant memory.  Nothing here guesses what the columns mean.
"""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HEAD = 1 << 18
"""How many bytes of a file are enough to sniff its dialect."""
FIELD_LIMIT = 1 << 20
"""The longest field, in characters; a longer one is a quotation mark that was never closed."""
RECORD_END = "!##!"
"""What ends a record in the connector files of some learning management systems."""

_DELIMITERS = ",;\t|^\x1f"
_SAMPLE = 200
_LATE = 0.1
_BETTER = 0.1
_SEP_LINE = re.compile(r"\A\ufeff?\"?sep=(.)\"?\r?\n", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]")
_MIXED = "capgraph-mixed"
_NULLS_OF_UTF16 = 0.2


def _from_windows(error: UnicodeError) -> tuple[str, int]:
    """Return the bytes that are no UTF-8 as Windows-1252 reads them."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", errors="replace"), error.end


codecs.register_error(_MIXED, _from_windows)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a delimited text is to be read."""

    encoding: str
    """The codec: ``utf-8``, ``utf-8-sig``, ``utf-16``, ``cp1252`` …"""
    delimiter: str = ","
    """The character between two fields."""
    quoted: bool = True
    """Whether a quotation mark at the start of a field quotes it."""
    ends_with: str = ""
    """The mark that ends a record where a line break alone does not."""
    skipped: int = 0
    """How many lines at the start are instructions to a spreadsheet, such as ``sep=;``."""
    width: int = 1
    """How many fields most records have."""
    mixed: bool = False
    """Whether single bytes are Windows-1252 inside a text that is otherwise UTF-8."""

    @property
    def errors(self) -> str:
        """The decoding error handler."""
        return _MIXED if self.encoding.startswith("utf-8") else "replace"


class Record(NamedTuple):
    """One record of a delimited text."""

    number: int
    """Its place in the file, from 1: the row that a spreadsheet shows; blank lines and skipped lines count."""
    cells: list[str]
    """Its fields."""


def sniff_encoding(chunks: Iterable[bytes]) -> tuple[str, bool]:
    """Return the encoding of a text, and whether it is UTF-8 with some Windows-1252 bytes in between.

    A byte order mark decides; without one, many zero bytes mean UTF-16, bytes that are valid UTF-8 mean UTF-8, and
    anything else is Windows-1252.  A text in which more characters are UTF-8 than are not is mixed.

    Notes
    -----
    Reads everything once, in constant memory, because a single wrong byte may come last.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    valid = invalid = 0
    broken, codec = False, "utf-8"
    for place, chunk in enumerate(chunks):
        codec = (_marked_encoding(chunk) or codec) if place == 0 else codec
        if not codec.startswith("utf-8"):
            return codec, False
        if not broken:
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                broken = True
        if not chunk.isascii():
            multibyte = _MULTIBYTE.findall(chunk)
            valid += len(multibyte)
            invalid += len(_HIGH.findall(chunk)) - sum(map(len, multibyte))
    return (codec, broken) if not broken or valid > invalid else ("cp1252", False)


def _marked_encoding(head: bytes) -> str | None:
    """Return the encoding that a byte order mark, or the zero bytes of UTF-16, give away."""
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding
    sample = head[:4096]
    if sample.count(0) > len(sample) * _NULLS_OF_UTF16:
        return "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"
    return None


def sniff_dialect(head: bytes, *, encoding: tuple[str, bool] | None = None, delimiter: str = "") -> Dialect:
    """Return the dialect that fits the head of a file best.

    Of the delimiters ``, ; tab | ^`` and the unit separator, that one is chosen under which the most records have the
    same number of fields, and among equals the one that gives more fields.

    Parameters
    ----------
    head : bytes
        The first bytes of the file; `HEAD` of them are enough.
    encoding : tuple of str and bool or None
        What `sniff_encoding` said about the whole file; None to judge by the head.
    delimiter : str
        The delimiter, where it is known.
    """
    codec, mixed = encoding or sniff_encoding([head])
    text = head.decode(codec, errors=_MIXED if codec.startswith("utf-8") else "replace")
    declared = _SEP_LINE.match(text)
    body = text[declared.end() :] if declared else text
    chosen = delimiter or (declared.group(1) if declared else "")
    if f"{RECORD_END}\n" in body or f"{RECORD_END}\r" in body or body.rstrip().endswith(RECORD_END):
        rows = [row.split("\n", 1)[-1] if not row.strip() else row for row in body.split(RECORD_END)]
        best = max(chosen or "|" + _DELIMITERS, key=lambda mark: _fit([row.split(mark) for row in rows[:_SAMPLE]]))
        width = _modal_width([row.split(best) for row in rows[:_SAMPLE]])
        return Dialect(codec, best, quoted=False, ends_with=RECORD_END, width=width, mixed=mixed)
    lines = list(itertools.islice(io.StringIO(body, newline=""), 4 * _SAMPLE))  # splitlines would break at U+0085 too
    best = max(chosen or _DELIMITERS, key=lambda mark: max(_fits(lines, mark)))
    with_quotes, without = _fits(lines, best)
    quoted = with_quotes[0] + _BETTER >= without[0]
    width = _modal_width(_sample(lines, best, quoted=quoted))
    return Dialect(codec, best, quoted, skipped=1 if declared else 0, width=width, mixed=mixed)


def _sample(lines: list[str], delimiter: str, *, quoted: bool) -> list[list[str]]:
    """Return the first records under a delimiter, without the last one, which the head may have cut."""
    rows: list[list[str]] = []
    try:
        for row in _reader(iter(lines), delimiter, quoted=quoted):
            rows.append(row)
            if len(rows) > _SAMPLE:
                break
    except csv.Error:
        return rows
    return rows[:-1] if len(rows) > 2 else rows  # noqa: PLR2004 - a header and one record are left as they are


def _modal_width(rows: list[list[str]]) -> int:
    """Return how many fields most records have, the greater number among equals; titles and comments do not count."""
    widths = Counter(len(row) for row in rows if any(row))
    tables = {width: count for width, count in widths.items() if width > 1 and count > 1} or widths
    return max(tables, key=lambda width: (tables[width], width), default=1)


def _fit(rows: list[list[str]]) -> tuple[float, int]:
    """Return how well a delimiter explains the records: the share with the modal width, and that width."""
    width = _modal_width(rows)
    if width < 2:  # noqa: PLR2004 - one field is no table
        return 0.0, 1
    start = next(place for place, row in enumerate(rows) if len(row) == width)
    full = [row for row in rows[start:] if any(row)]
    share = sum(len(row) == width for row in full) / len(full) - (_LATE if start else 0)
    return round(share * min(1.0, 0.7 + 0.1 * width), 1), width


def _fits(lines: list[str], delimiter: str) -> tuple[tuple[float, int], tuple[float, int]]:
    """Return how well a delimiter explains the lines with quoting, and without."""
    return _fit(_sample(lines, delimiter, quoted=True)), _fit(_sample(lines, delimiter, quoted=False))


def _reader(lines: Iterator[str], delimiter: str, *, quoted: bool) -> Iterator[list[str]]:
    """Return the records of the lines."""
    if quoted:
        return csv.reader(lines, delimiter=delimiter)
    return ([*line.rstrip("\r\n").split(delimiter)] for line in lines)


class _Lines:
    """Lines that remember which of them the record at hand consumed, so that it can be read again."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._waiting: list[str] = []
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        taken = self.taken
        while self._waiting:
            line = self._waiting.pop()
            taken.append(line)
            yield line
        for line in self._lines:
            taken.append(line)
            yield line

    def give_back(self, lines: list[str]) -> None:
        """Put lines back, to be read next."""
        self._waiting.extend(reversed(lines))


def records(lines: Iterable[str], dialect: Dialect) -> Iterator[Record]:
    """Yield the records of a text, blank ones included, so that their numbers are those of a spreadsheet.

    A quotation mark that is opened and never closed would swallow the records after it: where a record that spans
    several lines has not the usual number of fields, but one of its lines alone has, its first line is read without
    quoting and the others are read again.

    Parameters
    ----------
    lines : iterable of str
        The lines with their ends, as a file opened with ``newline=""`` gives them.
    dialect : Dialect
        How to read them.

    Notes
    -----
    Streams.  Raises the field limit of the csv module to `FIELD_LIMIT` where it is lower, and never lowers it.
    """
    if csv.field_size_limit() < FIELD_LIMIT:
        csv.field_size_limit(FIELD_LIMIT)
    remaining = iter(lines)
    for _ in range(dialect.skipped):
        next(remaining, None)
    rows = _marked_rows(remaining, dialect) if dialect.ends_with else _rows(remaining, dialect)
    return map(Record, itertools.count(dialect.skipped + 1), rows)


def _rows(lines: Iterator[str], dialect: Dialect) -> Iterator[list[str]]:
    """Yield the fields of each record."""
    source = _Lines(lines)
    taken, width = source.taken, dialect.width
    while True:
        broken = False
        try:
            for row in _reader(iter(source), dialect.delimiter, quoted=dialect.quoted):
                if len(taken) > 1 and len(row) != width and _is_swallowed(taken, dialect):
                    broken = True
                    break
                taken.clear()
                yield row
        except csv.Error:
            broken = True
        if not broken:
            return
        first, rest = taken[0], taken[1:]
        taken.clear()
        source.give_back(rest)
        yield [part.strip('"') for part in first.rstrip("\r\n").split(dialect.delimiter)]


def _is_swallowed(lines: list[str], dialect: Dialect) -> bool:
    """Return whether one of the lines is a whole record by itself."""
    for line in lines:
        try:
            alone = next(csv.reader([line], delimiter=dialect.delimiter), [])
        except csv.Error:
            alone = []
        if dialect.width in (len(alone), len(line.split(dialect.delimiter))):
            return True
    return False


def _marked_rows(lines: Iterator[str], dialect: Dialect) -> Iterator[list[str]]:
    """Yield the fields of records that end with a mark; line breaks inside them belong to their fields."""
    waiting = ""
    for line in lines:
        waiting += line
        if waiting.rstrip("\r\n").endswith(dialect.ends_with):
            yield waiting.rstrip("\r\n").removesuffix(dialect.ends_with).split(dialect.delimiter)
            waiting = ""
    if waiting.strip():
        yield waiting.rstrip("\r\n").split(dialect.delimiter)
