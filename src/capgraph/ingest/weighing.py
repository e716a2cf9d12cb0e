"""Whether the cells of a column bear out what its name says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from capgraph.formats.cells import is_missing, plain
from capgraph.formats.lexicon import FALSE, TRUE
from capgraph.ingest.fields import LISTS, READERS
from capgraph.text import normalize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from capgraph.ingest.profile import FieldRule

CONTRADICTED = "named like "
"""How it is told that cells are not what the name of their column says."""
NUMBERS = "it only numbers the rows"
"""How it is told that a column says nothing."""
_LEAST = 3
_READ = {
    "duration": "a duration", "cost": "a price", "session_cost": "a price", "annual_cost": "a price",
    "language": "a language", "active": "a status", "kind": "a kind of asset", "modified": "a date",
    "published": "a date", "revision": "a date", "rating": "a rating", "learners": "a number", "seats": "a number",
    "mandatory": "yes or no", "inactive": "yes or no", "delete": "yes or no", "url": "an address",
    "facilitator_minutes": "a duration", "maintenance_minutes": "a duration",
}  # fmt: skip
"""Fields whose cells are read as something, and as what."""
_WORDED = {
    "title": "a title", "description": "a text", "provider": "a name", "skills": "a name", "keywords": "a name",
    "audience": "a text", "accreditation": "a name", "outcomes": "a text", "roles": "a name", "sites": "a place",
}  # fmt: skip
"""Fields whose cells hold words."""
_COUNTS = frozenset({"learners", "seats"})
_NAMED = frozenset({"provider", "accreditation", "audience", "skills", "roles"})
_NOTHING_WRONG = frozenset({"", "missing", "zero", "unit-unclear"})
_LETTER = re.compile(r"[^\W\d_]")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):[0-5]\d(:00)?")
_MORNING = 7
_TIMES = frozenset({"time", "zeit", "uhrzeit", "hora", "ora", "heure", "times"})


def contradiction(field: str, name: str, cells: Sequence[object], rule: FieldRule) -> str:
    """Return why the cells of a column cannot be those of a field, or nothing.

    Three cells or more speak, and only where not one of them can be read; of times of day, one or two do as well.

    Examples
    --------
    >>> from capgraph.ingest.profile import NO_RULE
    >>> contradiction("duration", "Length", ["short", "long", "short"], NO_RULE)
    'named like a duration, but no cell is one'
    """
    stated = [cell for cell in cells if not is_missing(cell)]
    if field in _COUNTS and any(isinstance(cell, list) for cell in stated):
        return f"{CONTRADICTED}{_READ[field]}, but its cells are lists"
    if field == "id" and len(cells) >= _LEAST and 2 * len(stated) < len(cells):
        return f"{CONTRADICTED}an id, but most records have none"
    if field == "duration" and _are_times_of_day(name, stated):
        return f"{CONTRADICTED}a duration, but its cells are times of day"
    return _unreadable(field, stated, rule) if len(stated) >= _LEAST else ""


def _are_times_of_day(name: str, stated: Sequence[object]) -> bool:
    """Return whether the cells of a column of times are clock times, most of them later than a course may last."""
    clocks = [match for cell in stated if (match := _CLOCK.fullmatch(plain(cell)))]
    if not _TIMES & set(normalize(name).split()) or not clocks or len(clocks) < len(stated):
        return False
    late = sum(int(match[1]) >= _MORNING for match in clocks)
    return late == len(clocks) if len(clocks) < _LEAST else late > len(clocks) / 2


def _unreadable(field: str, stated: Sequence[object], rule: FieldRule) -> str:
    """Return why none of the cells that state something can be read as one of a field, or nothing."""
    if field in _READ and not any(_is_read(field, cell, rule) for cell in stated):
        return f"{CONTRADICTED}{_READ[field]}, but no cell is one"
    if field in _WORDED and not any(_is_worded(field, cell) for cell in stated):
        return f"{CONTRADICTED}{_WORDED[field]}, but no cell is one"
    return ""


def _is_read(field: str, cell: object, rule: FieldRule) -> bool:
    """Return whether a cell can be read as one of a field."""
    found = READERS[field](cell, rule)
    return found.value not in (None, "", []) or found.problem in _NOTHING_WRONG


def _is_worded(field: str, cell: object) -> bool:
    """Return whether a cell holds words, and for names others than yes and no."""
    texts = [plain(item) for item in cell] if isinstance(cell, list) else [plain(cell)]
    if field in _NAMED:
        texts = [text for text in texts if normalize(text) not in TRUE | FALSE]
    return any(_LETTER.search(text) for text in texts) or (field in LISTS and not texts)
