"""Course codes: read from texts and notations, and what they say about two courses.

Catalogs of universities list one course under several departments ("same as", "cross-listed with"), exclude credit for
courses that overlap, and number courses by level.  All three are evidence.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_LIMIT = 20_000
_LINK = r"\s*(?::|\b(?:with|as|to|under|by|in)\b)\s*"
_CODES = r"(?P<codes>[^.;)]{2,120})"
_SAME_AS = re.compile(
    rf"\b(?:same\s+(?:course\s+)?as|(?:cross|co|x)[- ]?list(?:ed|s|ing)?(?:{_LINK}|\s+)|identical{_LINK}"
    rf"|equivalent\s+course:|also\s+(?:listed|offered|taught|numbered){_LINK}|jointly\s+(?:listed|offered|taught){_LINK}"
    rf"|(?:listed|offered|taught)\s+jointly{_LINK}|concurrently\s+(?:listed|offered){_LINK}|identisch\s+mit)\s*{_CODES}",
    re.IGNORECASE,
)
_OVERLAPS = re.compile(
    r"\b(?:(?:not|no)\s+(?:(?:be\s+)?(?:given|receive|earn|allowed|have)\s+)?credit(?:\s+allowed)?\s+(?:for|in|with)"
    r"(?:\s+both)?|credit\s+not\s+(?:allowed|given|granted)\s+(?:for|in|with)(?:\s+both)?|duplicate\s+credit\s+(?:for|with)"
    rf"|meets\s+with|dual[- ]list(?:ed|s|ing)?{_LINK}|(?:overlaps|equivalent){_LINK}|anti-?requisites?:?)\s+{_CODES}",
    re.IGNORECASE,
)
_SEE = re.compile(rf"^\W*see\s+{_CODES}", re.IGNORECASE)
_SEE_WORDS = 12
_CODE = re.compile(
    r"\b(?!(?:and|or|both|with|to|for|see|as)\b)([A-Za-z]{2,6})[ \-/]?(\d{1,5}[A-Za-z]{0,2})\b"
    r"|\b(?:[A-Za-z]{7,}\s)?(\d{1,5}[A-Za-z]{0,2})\b"
)
_NUMBER = re.compile(r"^([A-Z]*)((\d+)[A-Z]*)")
_LEAST_DIGITS = 3


class Statement(NamedTuple):
    """What a description says about other courses, as flat codes in order of mention."""

    same: tuple[str, ...] = ()
    """Those that it calls the same; a number alone where the department is written out."""
    overlapping: tuple[str, ...] = ()
    """Those that share so much that nobody gets credit for both."""
    rest: str = ""
    """The description without these sentences' codes."""


class Code(NamedTuple):
    """A course code taken apart."""

    group: str
    """The letters that it begins with: a department or a series."""
    number: str
    """The number with its letters."""
    digits: str
    """The digits of the number."""


def flat_code(text: str) -> str:
    """Return a code without spaces and signs, in capitals.

    Examples
    --------
    >>> flat_code("Cse 8-a")
    'CSE8A'
    """
    return "".join(sign for sign in text.upper() if sign.isalnum()) if text else ""


def split_code(code: str) -> Code:
    """Return a flat code taken apart; its number is empty where it has none after its letters.

    Examples
    --------
    >>> split_code("CSE8A")
    Code(group='CSE', number='8A', digits='8')
    """
    found = _NUMBER.match(code)
    if found is None:
        return Code(code if code.isalpha() else "", "", "")
    return Code(found[1], found[2], found[3])


def codes_of(notation: str) -> tuple[str, ...]:
    """Return the flat codes of a notation, of which a cross-listed course may have several.

    Examples
    --------
    >>> codes_of("HIST 131/AFAM 112")
    ('HIST131', 'AFAM112')
    """
    parts = [flat_code(part) for part in re.split(r"[/,;]|\s(?:and|or|&)\s", notation)] if notation else []
    if len(parts) > 1 and all(part[:1].isalpha() and part[-1:].isdigit() for part in parts):
        return tuple(dict.fromkeys(parts))
    whole = flat_code(notation)
    return (whole,) if whole else ()


def read_statements(text: str) -> Statement:
    """Return what a description says about other courses, and the rest of it.

    Read are *same as*, *cross-listed with*, *identical to*, *also offered as* and the like, a description that only
    says *see*, and, as a sign of overlap, *no credit for both … and …*, *equivalent to*, *meets with*, *dual-listed*; a
    bare number takes the letters of the code before it.

    Examples
    --------
    >>> read_statements("Same as ECON 71 and 72. Prerequisite: MATH 9.").same
    ('ECON71', 'ECON72')
    >>> read_statements("Vectors. No credit for both MATH 10A and MATH 20A.").overlapping
    ('MATH10A', 'MATH20A')
    """
    text = text[:_LIMIT]
    same = _named(_SAME_AS, text)
    if not same and len(text.split()) <= _SEE_WORDS:
        same = _named(_SEE, text)
    overlapping = _named(_OVERLAPS, text)
    for pattern, found in ((_SAME_AS, same), (_OVERLAPS, overlapping), (_SEE, same)):
        text = pattern.sub(" ", text) if found else text
    return Statement(same, overlapping, text)


def _named(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    """Return the codes that a pattern finds."""
    found: dict[str, None] = {}
    for match in pattern.finditer(text):
        letters = ""
        for prefix, number, bare in _CODE.findall(match["codes"]):
            letters = prefix or letters
            # A single digit without a department is more likely a count.
            if letters or len(bare) > 1:
                found[flat_code(letters + (number or bare))] = None
    return tuple(found)


def course_level(digits: str, usual: int) -> int | None:
    """Return the level that a course number stands for: its hundreds, where most numbers have three digits.

    Parameters
    ----------
    digits : str
        The digits of the number.
    usual : int
        How many digits most numbers of the catalog have; less than three say nothing about levels.

    Examples
    --------
    >>> course_level("253", 3), course_level("15", 3), course_level("8", 2)
    (2, 0, None)
    """
    if usual < _LEAST_DIGITS or not digits or len(digits) > usual:
        return None
    return int(digits) // int(10 ** (usual - 1))
