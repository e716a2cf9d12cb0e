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
_JOINING = frozenset(["to", "and", "or", "bis", "und", "oder", "à", "et", "ou", "y", "o", "a", "e"])
"""What stands between two words for levels that name a range, as in *basic to advanced*."""
_PART = re.compile(r"[,;]|\s(?:and|und|et|y|e|и)\s", re.IGNORECASE)
"""Where another part of a sentence begins."""
_COMMON = LEVELS | dict.fromkeys(("basic", "grundlegende", "notions", "básicos", "básicas"), "introductory")


def stated_level(text: str, start: int, levels: Sequence[ProficiencyLevel]) -> int | None:
    """Return the rank that a text states for a capability that it names, or None.

    The names of the levels count where the text says that they are levels (*practitioner level*, *level: expert*,
    *(working)*), their ranks after the word *level*; else a common word for a level, at most four words before the
    capability (*advanced knowledge of SQL*), the nearest of them.  The part of the sentence that names the capability
    counts first (*expert level in SQL and basic Excel*), then the whole; several levels in one part state none.

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
    names = tuple((level.rank, normalize(level.label)) for level in levels)
    begin = max((cut.end() for cut in _PART.finditer(text, 0, start)), default=0)
    end = next((cut.start() for cut in _PART.finditer(text, start)), len(text))
    own = _ranks(normalize(text[begin:end]), names)
    if own:
        return own.pop() if len(own) == 1 else None
    share = _share_before(text[:start])
    if share is not None:
        return ranked(share, levels)
    elsewhere = _ranks(normalize(text), names)
    return elsewhere.pop() if len(elsewhere) == 1 else None


def _share_before(text: str) -> float | None:
    """Return how far up a scale the nearest common word for a level lies, right before the end of a text, or None."""
    near = tokens(text)[-_BEFORE:]
    found = [(place, SHARES[_COMMON[word]]) for place, word in enumerate(near) if _COMMON.get(word) in SHARES]
    if len(found) > 1 and _JOINING.issuperset(near[found[-2][0] + 1 : found[-1][0]]):
        return found[-1][1] if found[-1][1] == found[-2][1] else None
    return found[-1][1] if found else None


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
