"""What a title says besides its subject: edition, part, level, audience, format, and marketing around it.

Two titles with one subject may stand for one asset ("[NEW] 2026 Data Protection", "Data protection") or for two
("Excel I", "Excel II").  Parsing keeps the subject apart from the facets that tell these cases from each other.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from capgraph.analysis.wordlists import (
    AUDIENCES,
    FORMATS,
    JOINERS,
    LANGUAGE_CODES,
    LANGUAGES,
    LEVELS,
    MARKETING,
    MISSPELLED_LEVELS,
    NUMBER_WORDS,
    ROMAN,
)
from capgraph.text import normalize, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable

_CODE = re.compile(r"^(?=[^:]*\d)[A-Z]{1,6}[- .]?\d{1,5}[A-Z]?\s*(?::|[-–—]\s)\s*(?=\S{3})")
_LOCALE = re.compile(r"(?P<code>[A-Za-z]{2})(?:[-_][A-Za-z]{2})?")
_BRACKETS = re.compile(r"[\[({]([^\[\](){}]*)[\])}]")
_EDITION = re.compile(
    r"\b(?:(?P<ordinal>\d+)(?:st|nd|rd|th)\s+ed(?:ition|\.)?|ed(?:ition|\.)\s*(?P<after>\d+)"
    r"|(?:version|release|rev(?:ision|\.)?)\s*(?P<version>\d+(?:\.\d+)*)|v(?P<short>\d+(?:\.\d+)*))(?![\w.])",
    re.IGNORECASE,
)
_YEAR = re.compile(
    r"\b(?:fy\s?)?((?:199|20[0-4])\d)(?:\s*[/–-]\s*(?:20)?\d\d)?\b(?:\s+(?:edition|update|version))?", re.IGNORECASE
)
_PART = re.compile(
    r"\b(?:part|level|module|unit|volume|vol|teil|modul|stufe|niveau|partie|parte|phase|stage|semester|session|week|day"
    r"|episode|chapter|lesson)\.?\s*(?P<part>[ivx]+|\d+|[a-e]|one|two|three|four|five)\b(?:\s*(?:of|/|von|de)\s*\d+)?",
    re.IGNORECASE,
)
_COUNT = re.compile(r"\(?\b(?P<part>\d{1,2})\s*(?:/|of)\s*\d{1,2}\b\)?")
_SERIES = re.compile(
    r"(?<=[\w)])[\s,]+(?P<part>I{1,3}|IV|VI{0,3}|IX|X|V|[A-E]|One|Two|Three|Four|Five|\d{1,2}|[1-9]0[2-9]|[2-9]01)(?=\s*(?:$|[:;,–—(|]|-\s))"
)
_ROMAN_INSIDE = re.compile(r"\b(?P<part>II|III|IV|VI{1,3}|IX)\b")
_AUDIENCE = re.compile(r"\b(?:for|für|pour|para|per|voor)\s+(?P<audience>[^:;,|–—()\[\]]+)", re.IGNORECASE)
_SPLIT = re.compile(r"\s*[:;|!*–—]+\s*|\s+-+\s+|\s*[\[\](){}]+\s*")


_DIGIT = re.compile(r"\d")
# What any facet pattern needs to find something: most titles hold none of it and are done quickly.
_MAY_HOLD_FACETS = re.compile(
    r"[\d\[({]|\b(?:[A-EIVX]|I+|IV|VI+|IX|one|two|three|four|five)\b|\b(?:part|level|module|unit|vol|teil|modul|stufe|niveau|phase|stage|semester"
    r"|session|week|day|episode|chapter|lesson)",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[A-Za-z ]+")
_PART_WORDS = """part level module unit volume vol teil modul stufe niveau partie parte phase stage semester session
    week day episode chapter lesson"""
_AUDIENCE_WORDS = ("for", "pour", "para", "per", "voor")
_TOLD_APART = frozenset(
    [
        *LEVELS,
        *MISSPELLED_LEVELS,
        *MARKETING,
        *ROMAN,
        *NUMBER_WORDS,
        *LANGUAGES,
        *"abcde",
        *_PART_WORDS.split(),
        *_AUDIENCE_WORDS,
    ]
)
"""Words without which a title of plain letters is its subject."""
_MAY_NAME_AUDIENCE = re.compile(r"\b(?:f[oü]r|p[oae]r?[ar]?|voor)\s", re.IGNORECASE)
_IN, _NAMED_AT = frozenset(("in", "auf", "en")), 2
_CODE_DIGITS = 5
_CODE_LENGTH = 6


class Title(NamedTuple):
    """A title taken apart; every part is normalized."""

    words: tuple[str, ...]
    """The words of the subject, in their order, without the facets below."""
    segments: tuple[tuple[str, ...], ...]
    """The same words, one tuple for each stretch between colons, dashes and brackets."""
    part: tuple[str, ...]
    """The numbers that place it in a series: ``("2",)`` for "Excel II"."""
    level: tuple[str, ...]
    """``introductory``, ``intermediate`` or ``advanced``, sorted; usually one or none."""
    audience: tuple[str, ...]
    """The words after *for*, sorted."""
    edition: tuple[str, ...]
    """Years, editions and versions, sorted."""
    format: tuple[str, ...]
    """Words for how it is delivered, sorted."""
    language: tuple[str, ...]
    """Languages that the title names beside its subject, as codes, sorted."""
    numbers: tuple[str, ...]
    """The other numbers in the subject, sorted: ``("9001",)`` for "ISO 9001"."""

    @property
    def core(self) -> str:
        """The words of the subject as one text."""
        return " ".join(self.words)


class _Draft:
    """A title while its facets are taken out of it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.facets: dict[str, set[str]] = {
            name: set() for name in ("part", "level", "audience", "edition", "format", "language")
        }

    def take(self, pattern: re.Pattern[str], facet: str) -> None:
        """Move what a pattern finds from the text into a facet."""

        def note(match: re.Match[str]) -> str:
            found = next((group for group in match.groups() if group), "")
            self.facets[facet].add(_ordinal(found) if facet == "part" else normalize(found))
            return " "

        self.text = pattern.sub(note, self.text)


def parse_title(text: str) -> Title:
    """Return a title taken apart.

    The subject keeps at least one word: a title that consists of facets alone ("Introduction", "Level 2") is its own
    subject.

    Notes
    -----
    Linear in the length of the title; nothing but the title is looked at.

    Examples
    --------
    >>> title = parse_title("[NEW] 2026 Data Protection for Managers (online)")
    >>> title.words, title.edition, title.audience, title.format
    (('data', 'protection'), ('2026',), ('managers',), ('online',))
    >>> parse_title("Excel II: Pivot Tables").part
    ('2',)
    """
    if _LETTERS.fullmatch(text):
        plain = tuple(text.lower().split())
        if plain and plain[0] not in JOINERS and _TOLD_APART.isdisjoint(plain):
            return Title(plain, (plain,), (), (), (), (), (), (), ())
    draft = _Draft(text.strip())
    if _MAY_HOLD_FACETS.search(draft.text):
        _take_facets(draft)
    first, *others = _SPLIT.split(draft.text)
    is_aside = bool(others) and _is_audience(draft, first)
    segments = [[] if is_aside else _plain(draft, first)]
    segments += [_plain(draft, one) for one in others if not (_is_audience(draft, one) or _is_language(draft, one))]
    kept = tuple(tuple(words) for words in segments if words)
    words = tuple(word for segment in kept for word in segment)
    if not words:
        words = tokens(text)[:50] or (normalize(text)[:100],)
        kept = (words,)
    facets = {name: tuple(sorted(found - {""})) if found else () for name, found in draft.facets.items()}
    return Title(words, kept, numbers=numbers_in(words), **facets)


def _take_facets(draft: _Draft) -> None:
    """Move codes, wrapping in brackets, editions and parts out of the text."""
    draft.text = _CODE.sub("", draft.text)
    draft.text = _BRACKETS.sub(lambda match: _bracket(draft, match[1]), draft.text)
    draft.take(_EDITION, "edition")
    draft.take(_YEAR, "edition")
    for pattern in (_COUNT, _PART, _SERIES, _ROMAN_INSIDE):
        draft.take(pattern, "part")


def numbers_in(words: Iterable[str]) -> tuple[str, ...]:
    """Return the words with digits that tell subjects apart, sorted; order numbers and the like are none of them."""
    found = {word.lstrip("v0") for word in words if not word.isalpha() and has_digit(word) and not is_code(word)}
    return tuple(sorted(found - {""}))


def has_digit(word: str) -> bool:
    """Return whether a word holds a digit."""
    return _DIGIT.search(word) is not None


def is_code(word: str) -> bool:
    """Return whether a word is an order number or another code: five digits, or six letters and digits mixed."""
    digits = 0 if word.isalpha() else sum(sign.isdigit() for sign in word)
    return digits >= _CODE_DIGITS or (digits >= 2 and len(word) >= _CODE_LENGTH)  # noqa: PLR2004 - "web2project" is none


def _bracket(draft: _Draft, inside: str) -> str:
    """Return what stays of a stretch in brackets: nothing where all of it is marketing, format, language or year."""
    found = _LOCALE.fullmatch(inside.strip())
    if found is not None and found["code"].lower() in LANGUAGE_CODES:
        draft.facets["language"].add(found["code"].lower())
        return " "
    words = tokens(inside)
    if words and all(_is_wrapping(word) for word in words):
        for word in words:
            _note_wrapping(draft, word)
        return " "
    return f" ({inside}) "


def _is_wrapping(word: str) -> bool:
    """Return whether a word in brackets is about the offer and not about the subject."""
    return word in MARKETING or word in FORMATS or word in LANGUAGES or _YEAR.fullmatch(word) is not None


def _is_audience(draft: _Draft, segment: str) -> bool:
    """Return whether a stretch only says whom the rest is for, which moves into its facet."""
    who = [word for word in tokens(segment) if word not in JOINERS]
    if not who or not AUDIENCES.issuperset(who):
        return False
    draft.facets["audience"].update(who)
    return True


def _is_language(draft: _Draft, segment: str) -> bool:
    """Return whether a stretch only names a language, which moves into its facet."""
    found = _LOCALE.fullmatch(segment.strip())
    is_code = found is not None and found["code"].isupper() and found["code"].lower() in LANGUAGE_CODES
    named = found["code"].lower() if found is not None and is_code else LANGUAGES.get(normalize(segment))
    if named:
        draft.facets["language"].add(named)
    return bool(named)


def _note_wrapping(draft: _Draft, word: str) -> None:
    """Record what a word in brackets says."""
    if word in FORMATS:
        draft.facets["format"].add(word)
    elif word in LANGUAGES:
        draft.facets["language"].add(LANGUAGES[word])
    elif word not in MARKETING:
        draft.facets["edition"].add(word)


def _plain(draft: _Draft, segment: str) -> list[str]:
    """Return the subject words of one stretch; move its level and audience into their facets."""
    words = tokens(_without_audience(draft, segment).replace("&", " and "))
    if words and all(word in MARKETING for word in words):
        return []
    kept: list[str] = []
    for position, word in enumerate(words):
        level = LEVELS.get(word) or MISSPELLED_LEVELS.get(word)
        follows_level = position > 0 and words[position - 1] in LEVELS
        if level:
            draft.facets["level"].add(level)
        elif word in JOINERS and (follows_level or not kept):
            continue
        else:
            kept.append(word)
    if len(kept) > _NAMED_AT and kept[-1] in LANGUAGES and kept[-_NAMED_AT] in _IN:
        draft.facets["language"].add(LANGUAGES[kept[-1]])
    return kept


def _without_audience(draft: _Draft, segment: str) -> str:
    """Return a stretch without whom it is for, which moves into its facet; a level named there stays."""
    found = _AUDIENCE.search(segment) if _MAY_NAME_AUDIENCE.search(segment) else None
    if not found or not tokens(segment[: found.start()]):
        return segment
    who = [word for word in tokens(found["audience"]) if word not in LEVELS and word not in JOINERS]
    draft.facets["audience"].update(who)
    levels = [word for word in tokens(found["audience"]) if word in LEVELS]
    return f"{segment[: found.start()]} {' '.join(levels)} {segment[found.end() :]}"


def _ordinal(text: str) -> str:
    """Return a roman numeral, a number word or a letter as a number."""
    word = normalize(text)
    if word in ROMAN:
        return str(ROMAN[word])
    if word in NUMBER_WORDS:
        return str(NUMBER_WORDS[word])
    if len(word) == 1 and word.isalpha():
        return str(ord(word) - ord("a") + 1)
    return word.lstrip("0") or "0"
