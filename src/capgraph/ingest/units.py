"""What the name of a column says about its values, and what they say themselves: units of time, currencies."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from capgraph.formats.cells import number, plain
from capgraph.formats.headers import spelled
from capgraph.formats.lexicon import CURRENCIES, UNIT_WORDS
from capgraph.ingest.fields import UNCLEAR

if TYPE_CHECKING:
    from collections.abc import Sequence

_BARE = re.compile(r"\d+(?:[.,]\d+)?")
_LEAST = 3
_SMALL = 12
_HALF = 2
_COMPOUNDS = {"stunden": "hour", "stundenzahl": "hour", "minuten": "minute", "wochen": "week"}
_UNITS = re.compile(r"[(\[,/]\s*(?:in\s+)?([^\W\d_]+)\.?\s*[)\]]?\s*$|\bin\s+([^\W\d_]+)\s*$|\b([^\W\d_]+)\s*$")


def unit_of(name: str) -> str:
    """Return the unit of time that the name of a column states, or nothing.

    Examples
    --------
    >>> unit_of("Dauer (Std.)"), unit_of("Length in minutes"), unit_of("hours"), unit_of("Duration")
    ('hour', 'minute', 'hour', '')
    """
    for words in (re.findall(r"[^\W\d_]+", text.casefold()) for text in (name, spelled(name))):
        for word in reversed(words):
            if word in UNIT_WORDS and (len(word) > 1 or _UNITS.search(name)):
                return UNIT_WORDS[word]
            compound = next((unit for end, unit in _COMPOUNDS.items() if word.endswith(end)), "")
            if compound:
                return compound
    return ""


def implied_unit(cells: Sequence[object]) -> str:
    """Return the unit that bare numbers show by themselves, ``unclear`` where it cannot be minutes, or nothing.

    Quarters, sixths and the like are fractions of hours.  No course takes a few minutes and no other more: such whole
    and half numbers are hours or days, and which of them only the source knows.

    Examples
    --------
    >>> implied_unit(["1.5", "39", "0.5833"]), implied_unit(["0.5", "2", "3"]), implied_unit(["45", "90", "60"])
    ('hour', 'unclear', '')
    """
    texts = [text for text in map(plain, cells) if text]
    bare = [found for text in texts if _BARE.fullmatch(text) and (found := number(text))]
    if len(bare) < _LEAST or 2 * len(bare) <= len(texts) or max(bare) < 1:
        return ""
    if max(bare) > _SMALL or any(_HALF * found % 1 for found in bare):
        return "hour" if any(found % 1 for found in bare) else ""
    return UNCLEAR


def currency_of(name: str) -> str:
    """Return the currency that the name of a column states, or nothing."""
    folded = name.casefold()
    words = set(re.findall(r"[^\W\d_]+", folded))
    return next(
        (code for sign, code in CURRENCIES.items() if (sign in words if sign.isalpha() else sign in folded)), ""
    )
