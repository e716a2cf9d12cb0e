"""Words of a text as stems with their places, so that a match can show the stretch of text that it rests on.

Stems are for comparison alone: light suffix stripping for the languages in the table below, the beginning of the word
for other languages that inflect its end, overlapping pairs of signs for scripts that put no space between words or
write their particles in one with them, and the word itself for the rest.
"""

# ruff: noqa: RUF001 - the tables hold the letters of several scripts
from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from capgraph.analysis.wordlists import SMALL
from capgraph.text import normalize

_WORD = re.compile(r"(?:\b[eE]-(?=[^\W\d_]))?[^\W_]+(?:[+#]+|(?:['’&][^\W_]+)+)?[+#]*", re.UNICODE)
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff]+"
)
_ACRONYM = re.compile(r"[A-Z][A-Z0-9&]{2,6}")
_ENDINGS = {
    "en": (
        *("ational", "isation", "ization", "ation", "ement", "ments", "ating", "ators", "ition", "ities"),
        *("ingly", "ance", "ated", "ates", "ator", "edly", "ence", "ment", "ness", "ally", "ing", "ers", "ors"),
        *("ate", "ive", "ity", "ise", "ize", "ion", "ed", "er", "or", "al", "ly", "is", "e"),
    ),
    "de": (
        *("ierungen", "ierung", "ungen", "ieren", "heiten", "keiten", "ement", "iert", "heit", "keit", "ung", "isch"),
        *("lich", "ern", "en", "er", "es", "em", "et", "e", "n", "s", "t"),
    ),
    "fr": (
        *("ements", "ations", "ation", "ement", "euses", "ances", "ateur", "ment", "euse", "eurs", "ance", "ence"),
        *("eur", "ant", "ent", "ees", "ons", "ez", "er", "ir", "es", "ee", "re", "e", "s"),
    ),
    "es": (
        *("amientos", "imientos", "amiento", "imiento", "aciones", "adores", "acion", "iendo", "idades", "ando"),
        *("ador", "idad", "ados", "idos", "ado", "ido", "ion", "ar", "er", "ir", "os", "as", "es", "a", "o", "e"),
    ),
    "ru": (
        *("ированиями", "ирование", "ирования", "ировать", "ениями", "ением", "ение", "ения", "ению", "ений"),
        *("иями", "ить", "ать", "ять", "еть", "ами", "ями", "ого", "его", "ому", "ему", "ыми", "ими", "ов", "ев"),
        *("ей", "ам", "ям", "ах", "ях", "ом", "ем", "ой", "ий", "ый", "ая", "ое", "ые", "ую", "ых", "их", "ть"),
        *("а", "я", "о", "е", "у", "ю", "ы", "и", "ь"),
    ),
}
_SHORTEST = 4
"""The fewest letters that a stem keeps."""
_LONGEST = 6
"""The letters that are left of a word in a language that inflects its endings and has no table here."""
_LAST = "aeiouyąęăоаеиіяуюыαειουηωνσ"
"""Letters that endings of short words consist of."""
_BEGINNINGS = {"ar": ("وال", "بال", "كال", "فال", "لل", "ال", "و"), "he": ("וה", "ה", "ו", "ב", "ל", "מ", "ש")}
"""Articles and other small words that are written in one with the next word."""
_WHOLE = frozenset(("", "fi", "ja", "ko", "th", "vi", "zh", "da", "nb", "nl", "nn", "no", "sv"))
"""Languages whose words stay whole: they write several words as one, do not inflect, or are not known."""
_COMPOUNDING = {"da", "de", "fi", "nb", "nl", "nn", "no", "sv"}
"""Languages that write several words as one."""
_HOLDING = """
    any all other such etc eg ie within have has had well more can could should would may must who what which when
    be been being do does was were not no than then there these those they them he she his her its i me my us if
    so very also about over under between each both some most many much per via versus vs
    den dem des sich als auch aus bei bis oder sowie über um unter vom zum sind ist wird werden wir sie ihr ihre
    au aux ce ces dans leur leurs mais ne nous ou où par pas que qui sa se ses son sont sur vos votre vous est
    del su sus por lo es como más o sin sobre entre nos e
    и в во на с со по из за для от до о об не но или а как что это к у мы вы они
"""
_FILLERS = SMALL | frozenset(_HOLDING.split())
"""Words that hold sentences together."""


class Term(NamedTuple):
    """One word of a text."""

    stem: str
    """Its stem; of an acronym in capitals also ``^`` and the acronym, as a term of its own."""
    start: int
    """Where the word begins in the text."""
    end: int
    """Where it ends."""
    form: str = ""
    """The word as it is compared unstemmed; empty for an acronym and in scripts without spaces."""


def terms(text: str, language: str = "en") -> list[Term]:
    """Return the words of a text that carry meaning, as stems in their order.

    Parameters
    ----------
    text : str
        Plain text.
    language : str
        The language of the text, as a BCP 47 tag.

    Notes
    -----
    Linear in the length of the text.

    Examples
    --------
    >>> [term.stem for term in terms("Analysing the models of the data")]
    ['analys', 'model', 'data']
    """
    main = language.partition("-")[0].lower()
    found: list[Term] = []
    for match in _WORD.finditer(text):
        begin = match.start()
        for stem, start, end, form in _word_terms(match[0], main):
            found.append(Term(stem, begin + start, begin + end, form))
    return found


def unplaced_terms(text: str, language: str = "en") -> list[Term]:
    """Return the same words as `terms`, with places inside each word: three times as fast, for what is only indexed."""
    main = language.partition("-")[0].lower()
    return [term for word in _WORD.findall(text) for term in _word_terms(word, main)]


@lru_cache(maxsize=200_000)
def _word_terms(word: str, language: str) -> tuple[Term, ...]:
    """Return the terms of one word, with places inside it."""
    if _UNSPACED.search(word):
        return tuple(_pairs(word))
    found = [Term(f"^{word.replace('&', '')}", 0, len(word))] if _ACRONYM.fullmatch(word) else []
    stem = stem_of(word, language)
    return (*found, Term(stem, 0, len(word), _form_of(word, language))) if stem else tuple(found)


def _plain(word: str) -> str:
    """Return a word in normal form, without the possessive ending, ``e-learning`` as ``elearning``."""
    plain = normalize(word).removesuffix("'s").removesuffix("’s")
    return f"e{plain[2:]}" if plain.startswith("e-") else plain


def _form_of(word: str, language: str) -> str:
    """Return a word without case, accents and, in English, the ending of the plural."""
    plain = _without_accents(_plain(word))
    return _singular(plain) if language == "en" and plain.isalpha() else plain


@lru_cache(maxsize=200_000)
def stem_of(word: str, language: str) -> str:
    """Return the stem of a word, or nothing for a word that only holds a sentence together."""
    plain = _plain(word)
    if plain in _FILLERS:
        return ""
    plain = _without_accents(plain).replace("'", "").replace("’", "")
    if not plain.isalpha():
        return plain
    if language == "en":
        plain = _singular(plain)
    if language not in _ENDINGS:
        return plain if language in _WHOLE else _cut(plain, language)
    for ending in _ENDINGS[language]:
        if plain.endswith(ending) and len(plain) - len(ending) >= _SHORTEST:
            plain = plain[: -len(ending)]
            break
    if language == "en" and len(plain) > _SHORTEST:
        plain = _tidied(plain)
    return plain


def _cut(word: str, language: str) -> str:
    """Return the beginning of a word, without what is written in one with it before and without the last vowels."""
    for beginning in _BEGINNINGS.get(language, ()):
        if word.startswith(beginning) and len(word) - len(beginning) >= _SHORTEST - 1:
            word = word.removeprefix(beginning)
            break
    stem = word.rstrip(_LAST)
    return (stem if len(stem) >= _SHORTEST - 1 else word)[:_LONGEST]


def _singular(word: str) -> str:
    """Return an English noun without its plural."""
    if len(word) < _SHORTEST:
        return word
    if word.endswith("ies") and len(word) > _SHORTEST:
        return word[:-3] + "y"
    if word.endswith("sses"):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _tidied(stem: str) -> str:
    """Return an English stem whose last letters do not depend on the ending that was cut."""
    if stem[-1] == stem[-2] and stem[-1] not in "sl":
        stem = stem[:-1]
    return stem[:-1] + "i" if stem.endswith("y") else stem


def _without_accents(word: str) -> str:
    """Return a word without accents on its letters, where they are Latin."""
    if word.isascii() or "\u0400" <= word[:1] <= "\u052f":
        return word
    parts = unicodedata.normalize("NFD", word)
    return unicodedata.normalize("NFC", "".join(sign for sign in parts if not "\u0300" <= sign <= "\u036f"))


def _pairs(run: str) -> list[Term]:
    """Return the overlapping pairs of signs of a run without spaces, and the words of other scripts inside it."""
    found: list[Term] = []
    last = 0
    for match in (*_UNSPACED.finditer(run), None):
        begin = match.start() if match else len(run)
        if begin > last:
            found.append(Term(stem_of(run[last:begin], ""), last, begin, _form_of(run[last:begin], "")))
        if match is None:
            break
        width = min(2, match.end() - begin)
        places = range(begin, match.end() - width + 1)
        found.extend(Term(run[place : place + width], place, place + width) for place in places)
        last = match.end()
    return [term for term in found if term.stem]


def split_compound(stem: str, known: frozenset[str] | set[str], language: str) -> tuple[str, ...]:
    """Return two known stems that a long unknown word is made of, or nothing.

    Examples
    --------
    >>> split_compound("projektmanagement", {"projekt", "management"}, "de")
    ('projekt', 'management')
    """
    main = language.partition("-")[0].lower()
    if main not in _COMPOUNDING or len(stem) < 2 * _SHORTEST:
        return ()
    for cut in range(len(stem) - _SHORTEST, _SHORTEST - 1, -1):
        right = _known(stem[cut:], known, main)
        left = _known(stem[:cut], known, main) or (_known(stem[: cut - 1], known, main) if stem[cut - 1] == "s" else "")
        if left and right:
            return left, right
    return ()


def _known(part: str, known: frozenset[str] | set[str], language: str) -> str:
    """Return the known stem that a part of a compound stands for, or nothing."""
    for form in (part, stem_of(part, language)):
        if len(form) >= _SHORTEST and form in known:
            return form
    return ""
