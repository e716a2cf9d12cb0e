"""Tables without a row that names their columns: whether the first row is one record among others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from capgraph.formats.headers import Header, spelled
from capgraph.formats.tabular import as_text, is_blank

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

NO_ROW = -1
"""The row of a header that stands nowhere."""
_DIGIT = re.compile(r"\d")
_LETTERS = re.compile(r"[^\W\d_]+")
_ALIKE = 0.8
_SAME = 2 / 3
_ENDS = (".", ":", "!", ",", ";")
_LOOK = 100


def without_names(header: Header | None, rows: Sequence[Sequence[Any]], known: Collection[str]) -> Header | None:
    """Return the header, or one that stands nowhere where the first row is a record like the others.

    It is a record when none of its cells is a known name of a column, and either it is all there is to each row, a
    list of titles, or one of its cells has digits in the pattern of most cells below it, as codes, dates and
    addresses have.

    Parameters
    ----------
    header : Header or None
        The likeliest header, if any row looks like one.
    rows : sequence of rows
        The first rows of the table.
    known : collection of str
        Names that columns are known to have, as `spelled` writes them.
    """
    first = header or Header(0, tuple(as_text(cell) for cell in rows[0]) if rows else ())
    if first.row > 0 or any(spelled(name) in known for name in first.names):
        return header
    below = [row for row in rows[1 : _LOOK + 1] if not all(map(is_blank, row))]
    if not below or not (_is_list(first, below) or any(_patterned(first, below))):
        return header
    if len(first.names) == 1:
        return Header(NO_ROW, ("Title",))
    return Header(NO_ROW, tuple(f"Column {place}" for place in range(1, len(first.names) + 1)))


def first_header(header: Header, rows: Sequence[Sequence[Any]]) -> int:
    """Return the first row that names most of the same columns, as the exports above a joined one with more do."""
    names = {spelled(name) for name in header.names if name}
    for place, row in enumerate(rows[: header.row]):
        texts = [spelled(as_text(cell)) for cell in row if not is_blank(cell)]
        if len(texts) > 1 and sum(text in names for text in texts) >= _SAME * len(texts):
            return place
    return header.row


def _is_list(header: Header, below: Sequence[Sequence[Any]]) -> bool:
    """Return whether all rows hold one text, and neither the first nor most others are sentences or headings."""
    if len(header.names) > 1 or any(sum(not is_blank(cell) for cell in row) > 1 for row in below):
        return False
    texts = [as_text(cell) for row in below for cell in row if not is_blank(cell)]
    sentences = sum(text.endswith(_ENDS) for text in texts)
    return not any(name.endswith(_ENDS) for name in header.names) and sentences < len(texts) / 3


def _patterned(header: Header, below: Sequence[Sequence[Any]]) -> Iterator[bool]:
    """Yield for each column with digits in its first cell whether the cells below are written alike."""
    for place, name in enumerate(header.names):
        cells = [as_text(row[place]) for row in below if place < len(row) and not is_blank(row[place])]
        if _DIGIT.search(name) and cells:
            yield sum(_pattern(cell) == _pattern(name) for cell in cells) >= _ALIKE * len(cells)


def _pattern(text: str) -> str:
    """Return the signs of a text with each word and each number as one letter; only the start of long ones."""
    return re.sub(r"\d+", "9", _LETTERS.sub("a", " ".join(text.split())))[:12]
