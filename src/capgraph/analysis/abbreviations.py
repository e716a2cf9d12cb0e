"""Abbreviations that a framework spells out itself, as in *human resources (HR)*."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from capgraph.analysis.stems import unplaced_terms
from capgraph.analysis.wordlists import SMALL
from capgraph.text import normalize

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from capgraph.analysis.labels import Entry
    from capgraph.analysis.stems import Term

_SHORT = re.compile(r"\(([A-Z][A-Z&]{1,6})s?\)")
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_BEFORE = 120
"""How many signs before the bracket are looked at."""
_SURE = 2 / 3
"""The share of the texts with an abbreviation that must spell it out alike."""


def spelled_out(entries: Sequence[Entry], known: Container[str], language: str) -> dict[str, list[Term]]:
    """Return the words of abbreviations that entries spell out and no label has, where labels have all these words.

    Parameters
    ----------
    entries : sequence of Entry
        The entries; their preferred labels and descriptions are read.
    known : container of str
        The stems that labels have.
    language : str
        The language of preferred labels and descriptions.
    """
    told = (text for entry in entries for text in (entry.label, entry.description))
    spelled = {short: unplaced_terms(text, language) for short, text in abbreviations(told).items()}
    return {
        short: words
        for short, words in spelled.items()
        if short.lower() not in known and all(word.stem in known for word in words)
    }


def abbreviations(texts: Iterable[str]) -> dict[str, str]:
    """Return what abbreviations in capitals stand for, where texts spell them out right before.

    The initials of the words before the bracket must be the letters; small words may stand between.  An abbreviation
    that is spelled out in several ways is left out unless two thirds agree.

    Notes
    -----
    Linear in the texts.

    Examples
    --------
    >>> abbreviations(["Head of human resources (HR).", "Terms of reference (ToR)", "Bill of materials (BM)"])
    {'HR': 'human resources', 'BM': 'bill of materials'}
    """
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        for match in _SHORT.finditer(text):
            short = match[1].replace("&", "")
            spelled = _spelled(_WORD.findall(text, max(0, match.start() - _BEFORE), match.start()), short)
            if spelled:
                found[short][normalize(spelled)] += 1
    best = {short: counts.most_common(1)[0] for short, counts in found.items()}
    return {short: spelled for short, (spelled, count) in best.items() if count >= _SURE * found[short].total()}


def _spelled(words: list[str], letters: str) -> str:
    """Return the last words whose initials are the letters, or nothing."""
    wanted = list(letters.lower())
    for place in range(len(words) - 1, -1, -1):
        word = normalize(words[place])
        if word[0] == wanted[-1]:
            wanted.pop()
        elif word not in SMALL:
            return ""
        if not wanted:
            return " ".join(words[place:])
    return ""
