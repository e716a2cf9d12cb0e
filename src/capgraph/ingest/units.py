"""What the name of a column says about its values: units of time, currencies."""

from __future__ import annotations

import re

from capgraph.formats.lexicon import CURRENCIES, UNIT_WORDS
from capgraph.ingest.profile import spelled

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
    return ""


def currency_of(name: str) -> str:
    """Return the currency that the name of a column states, or nothing."""
    folded = name.casefold()
    words = set(re.findall(r"[^\W\d_]+", folded))
    return next(
        (code for sign, code in CURRENCIES.items() if (sign in words if sign.isalpha() else sign in folded)), ""
    )
