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
_PERHAPS_MARKS = re.compile("[\u0300-\u2fff\ua000-\uabff\ufb00-\U0010ffff]")
"""Signs among which there are marks that belong to the letter before them, such as vowel signs."""


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
    return tuple(words(_WORD, normalize(text)))


def words(pattern: re.Pattern[str], text: str) -> list[str]:
    r"""Return what a pattern of words finds in a text, in which marks count as letters, as do those for vowels.

    Parameters
    ----------
    pattern : re.Pattern
        A pattern without groups.
    text : str
        The text, in normal form.

    Examples
    --------
    >>> words(re.compile(r"\w+"), "a \u0939\u093f\u0902\u0926\u0940")[1] == "\u0939\u093f\u0902\u0926\u0940"
    True
    """
    if not _PERHAPS_MARKS.search(text):
        return pattern.findall(text)
    shadow = "".join("x" if unicodedata.category(sign)[0] == "M" else sign for sign in text)
    return [text[found.start() : found.end()] for found in pattern.finditer(shadow)]


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
