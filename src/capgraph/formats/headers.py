"""Which row of a sheet names its columns, under titles, notes and merged group names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from capgraph.formats.tabular import as_text, is_blank
from capgraph.text import normalize

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from capgraph.formats.tabular import Cell

_CAMEL = re.compile(r"(?<=[a-zà-ÿ0-9])(?=[A-ZÀ-Þ])|(?<=[A-Z])(?=[A-Z][a-z])")
_JOINTS = re.compile(r"[\s_\-./\\:;*#?!]+")
_BRACKETS = re.compile(r"[(\[{].*?[)\]}]")
_SCAN = 60
_TEXT_SHARE = 0.6
_LONG = 80
_WIDER = 5


def spelled(name: str) -> str:
    r"""Return the name of a column in the form in which names are compared: words in lower case with spaces between.

    Examples
    --------
    >>> spelled("LastModifiedUTC"), spelled("external_content_id"), spelled("Inter-\nmediate")
    ('last modified utc', 'external content id', 'intermediate')
    """
    text = name.replace("-\n", "").replace("- ", "") if re.search(r"[a-z]-\s+[a-z]", name) else name
    return _JOINTS.sub(" ", normalize(_CAMEL.sub(" ", text))).strip()


def squeezed(name: str) -> str:
    """Return the spelled name without the spaces, so that ``ReferenceCode`` and ``reference code`` are one."""
    return spelled(name).replace(" ", "")


def without_brackets(name: str) -> str:
    """Return the spelled name without what stands in brackets."""
    return spelled(_BRACKETS.sub(" ", name))


@dataclass(frozen=True, slots=True)
class Header:
    """Which row names the columns, and how."""

    row: int
    """The place of the row that names them, from 0."""
    names: tuple[str, ...]
    """The names, one a column, as written but with plain white space; an unnamed column has an empty name."""
    groups: tuple[str, ...] = ()
    """The names of the group above each column, where a row of merged cells stands above the header."""

    def keys(self) -> tuple[str, ...]:
        """Return a distinct normalized key for each column.

        Repeated names get ``#2``, ``#3`` …, unnamed ones their place.
        """
        seen: dict[str, int] = {}
        keys = []
        for place, name in enumerate(self.names):
            key = normalize(name) or f"column {place + 1}"
            seen[key] = seen.get(key, 0) + 1
            keys.append(key if seen[key] == 1 else f"{key} #{seen[key]}")
        return tuple(keys)


def find_header(
    rows: Sequence[Sequence[Cell]], *, known: Collection[str] = (), spelled: Callable[[str], str] = normalize
) -> Header | None:
    """Return the row that names the columns, or None where no row looks like one.

    Of the first 60 rows, that one is taken whose cells are the most distinct short texts, a cell whose normalized text
    is in `known` counting three times; among equals the first.  A sparser row of texts right above it names groups.

    Parameters
    ----------
    rows : sequence of rows
        The rows of a sheet.
    known : collection of str
        Names that columns are known to have, as `spelled` writes them.
    spelled : callable
        The form in which names are compared.
    """
    candidates = rows[:_SCAN]
    width = _usual_width(candidates)
    scores = [_header_score(row, width, known, spelled) for row in candidates]
    if not scores or max(scores) <= 0:
        return None
    best = max(range(len(scores)), key=lambda place: (scores[place], -place))
    names = tuple(" ".join(as_text(cell).split()) for cell in rows[best])
    return Header(best, names, _groups(rows, best, len(names)))


def _usual_width(rows: Sequence[Sequence[Cell]]) -> int:
    """Return how many cells most rows fill, or one row in five at least: a few broken ones are wider."""
    filled = sorted((count for row in rows if (count := _filled(row))), reverse=True)
    return filled[len(filled) // _WIDER] if filled else 0


def _filled(row: Iterable[Cell]) -> int:
    """Return how many cells of a row hold something."""
    return sum(not is_blank(cell) for cell in row)


def _header_score(row: Sequence[Cell], width: int, known: Collection[str], spelled: Callable[[str], str]) -> float:
    """Return how much a row looks like one that names columns; 0 for not at all."""
    texts = [text for cell in row if isinstance(cell, str) and (text := as_text(cell).strip("\ufeff\u200b "))]
    filled = _filled(row)
    is_index = width == 2 and len(row) > 1 and is_blank(row[0]) and spelled(as_text(row[1])) in known  # noqa: PLR2004 - an index and a column
    if not texts or len(texts) < _TEXT_SHARE * filled or (width > 1 and filled < max(2, width / 3) and not is_index):
        return 0.0
    named = {spelled(text) for text in texts if len(text) <= _LONG and any(map(str.isalpha, text))}
    numeric = sum(text[0].isdigit() or text[0] in "+-=$€£" or "://" in text for text in texts)
    hits = sum(name in known for name in named)
    names = min(len(named), width) + 2 * max(0, hits - 1)
    return names - 2 * numeric - (len(texts) - len(named)) / 2 - 0.5 * max(0, width - filled)


def _groups(rows: Sequence[Sequence[Cell]], header: int, width: int) -> tuple[str, ...]:
    """Return the group above each column, filled to the right, or nothing where no such row stands there."""
    if header == 0:
        return ()
    above = [as_text(cell) for cell in rows[header - 1]]
    named = set(filter(None, above))
    if len(named) < 2 or len(named) >= _filled(rows[header]) or any(len(text) > _LONG for text in named):  # noqa: PLR2004 - one cell is a title
        return ()
    groups, current = [], ""
    for place in range(width):
        current = (above[place] if place < len(above) else "") or current
        groups.append(current)
    return tuple(groups)
