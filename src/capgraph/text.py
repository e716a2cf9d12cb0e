"""Text as it is compared: normalized forms, tokens, similarity and the closest match.

The only module that knows rapidfuzz.  Nothing here changes stored text: documents keep what the source wrote, and
normal forms exist for comparison alone.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

if TYPE_CHECKING:
    from collections.abc import Iterable

_WORD = re.compile(r"[^\W_]+(?:[+#]+|['’][^\W_]+)?")
_SPACE = re.compile(r"\s+")


def normalize(text: str) -> str:
    r"""Return the text in the form in which labels are compared.

    Compatibility forms are folded (NFKC), case is folded, accents are kept, and runs of white space become one space.

    Examples
    --------
    >>> normalize("  Data\u00a0 ANALYSIS ")
    'data analysis'
    """
    if text.isascii():
        return " ".join(text.lower().split())
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def without_accents(text: str) -> str:
    """Return a text without the accents of its letters; marks that make other signs, as in Japanese, stay.

    Examples
    --------
    >>> without_accents("durée"), without_accents("ガイド")
    ('duree', 'ガイド')
    """
    if text.isascii():
        return text
    marked = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(sign for sign in marked if not "\u0300" <= sign <= "\u036f"))


def tokens(text: str) -> tuple[str, ...]:
    """Return the words of the normalized text in their order; ``c++``, ``c#`` and ``don't`` are one word each.

    Examples
    --------
    >>> tokens("C++ for Data-Analysts (2nd ed.)")
    ('c++', 'for', 'data', 'analysts', '2nd', 'ed')
    """
    return tuple(_WORD.findall(normalize(text)))


def similarity(left: str, right: str) -> float:
    """Return how alike two texts are, from 0 to 1; symmetric, and 1 for texts with the same words.

    The mean of the word-order-free and the plain edit similarity of the normalized texts (indel distance), so that
    swapped words cost a little and different words cost much.  Cost: the product of the lengths divided by 64.

    Examples
    --------
    >>> similarity("Data analysis", "data  Analysis")
    1.0
    """
    a, b = " ".join(tokens(left)), " ".join(tokens(right))
    if a == b:
        return 1.0
    return (fuzz.ratio(a, b) + fuzz.token_sort_ratio(a, b)) / 200


def closeness(left: str, right: str) -> float:
    """Return how few typing errors lie between two words, from 0 to 1; swapped neighbors are one error.

    The normalized optimal string alignment similarity of the words as they are.  Cost: the product of the lengths
    divided by 64.

    Examples
    --------
    >>> closeness("economics", "econmoics") > closeness("economics", "ergonomics")
    True
    """
    return float(OSA.normalized_similarity(left, right))


def closest(text: str, choices: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """Return the choice that a typing error most likely stands for, or None where none is near.

    Nearness is the optimal string alignment similarity (0 to 1) of the case-folded texts; choices below `cutoff` are
    not near.  Ties go to the first choice in sorted order.  Cost: linear in the choices.

    Examples
    --------
    >>> closest("role:data-enginer", ["role:data-engineer", "role:designer"])
    'role:data-engineer'
    """
    found = process.extractOne(
        text, sorted(choices), scorer=OSA.normalized_similarity, processor=str.casefold, score_cutoff=cutoff
    )
    return found[0] if found else None
