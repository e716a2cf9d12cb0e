"""Levels that a text states for a capability: by the names and numbers of its scale, or by common words for them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from capgraph.analysis.wordlists import LEVELS
from capgraph.text import normalize, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from capgraph.model import ProficiencyLevel

SHARES = {"introductory": 0.0, "intermediate": 0.5, "advanced": 1.0}
"""How far up its scale a common word for a level lies."""
_LEVEL = r"(?:levels?|niveaus?|stufen?|nivel|niveles|livello|nível|poziom|уровень|уровня)"
_BEFORE = 4
"""How many words before the name of a capability may say how well it is to be held."""
_COMMON = LEVELS | dict.fromkeys(("basic", "grundlegende", "notions", "básicos", "básicas"), "introductory")


def stated_level(text: str, start: int, levels: Sequence[ProficiencyLevel]) -> int | None:
    """Return the rank that a text states for a capability that it names, or None.

    The names of the levels count where the text says that they are levels (*practitioner level*, *level: expert*,
    *(working)*), their ranks after the word *level*; else a common word for a level, at most four words before the
    capability (*advanced knowledge of SQL*).  A text that states several levels states none.

    Parameters
    ----------
    text : str
        The stretch of text.
    start : int
        Where in it the name of the capability begins.
    levels : sequence of ProficiencyLevel
        The levels of its scale, by rank.

    Examples
    --------
    >>> import capgraph as cg
    >>> levels = [cg.ProficiencyLevel(rank=n, label=label) for n, label in enumerate(["aware", "working", "expert"], 1)]
    >>> stated_level("SQL at working level", 0, levels), stated_level("advanced SQL", 9, levels)
    (2, 3)
    """
    if not levels:
        return None
    found = _ranks(normalize(text), tuple((level.rank, normalize(level.label)) for level in levels))
    if found:
        return found.pop() if len(found) == 1 else None
    near = {SHARES.get(_COMMON.get(word, "")) for word in tokens(text[:start])[-_BEFORE:]} - {None}
    share = near.pop() if len(near) == 1 else None
    return None if share is None else ranked(share, levels)


def ranked(share: float, levels: Sequence[ProficiencyLevel]) -> int | None:
    """Return the rank that lies so far up a scale, without a rank of nothing; None where it has no other."""
    ranks = [level.rank for level in levels if level.rank > 0]
    return ranks[round(share * (len(ranks) - 1))] if ranks else None


def _ranks(text: str, levels: tuple[tuple[int, str], ...]) -> set[int]:
    """Return the ranks of the levels that a text names as levels."""
    pattern, names = _pattern(levels)
    return {names[next(filter(None, match.groups()))] for match in pattern.finditer(text)}


@lru_cache(maxsize=256)
def _pattern(levels: tuple[tuple[int, str], ...]) -> tuple[re.Pattern[str], dict[str, int]]:
    """Return what finds the names of levels in a text, and the rank of each name."""
    names = {label: rank for rank, label in levels if label}
    numbers = {str(rank): rank for rank, _ in levels}
    words = "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name))) or r"(?!)"
    digits = "|".join(sorted(numbers, reverse=True))
    found = (
        rf"\b{_LEVEL}\s*[:–-]?\s*({words}|{digits})(?!\w)"
        rf"|(?<!\w)({words})[\s-]+{_LEVEL}\b"
        rf"|\((?:{_LEVEL}\s+)?({words})\)"
    )
    return re.compile(found), numbers | names
