"""Cells as values: durations, money, dates, levels, yes and no, languages, lists, plain text, numbers.

Each function takes what a cell holds and returns the value, or None for an empty cell; text that cannot be read raises
`ValueError` with a sentence that says so.  Nothing is guessed silently: what needs a unit, a day order or a currency
that the text does not state takes it as an argument, or says in its answer that it was assumed.
"""

from __future__ import annotations

import ast
import json
import re
from decimal import Decimal
from typing import Literal, NamedTuple

from capgraph.formats.cells import is_missing, number, plain
from capgraph.formats.days import Day, DayOrder, day, day_order
from capgraph.formats.durations import Duration, duration
from capgraph.formats.lexicon import CURRENCIES, FALSE, LANGUAGES, MARKS, TRUE
from capgraph.formats.markup import plain_text
from capgraph.text import normalize

__all__ = [
    "Day",
    "DayOrder",
    "Duration",
    "Level",
    "Price",
    "boolean",
    "day",
    "day_order",
    "duration",
    "is_missing",
    "language",
    "level",
    "many",
    "number",
    "plain",
    "plain_text",
    "price",
]


class Price(NamedTuple):
    """An amount of money."""

    amount: Decimal
    """The amount."""
    currency: str
    """The ISO 4217 code; empty where neither the text nor the caller states one."""


_TAX = (
    r"(?:(?:ges(?:etzl)?|gesetzlicher)\.?\s*)?(?:\d{1,2}\s*%\s*)?"
    r"(?:mwst|ust|mehrwertsteuer|umsatzsteuer|vat|gst|tax|taxes|tva|taxe|iva|btw|moms)\b\.?"
)
_WITH = (
    "zzgl|zuzügl|zuzüglich|exkl|excl|ex|excluding|ohne|plus|inkl|incl|inklusive|including|inc|mit|"
    "hors|sin|con|más|mas|più"
)
_TERMS_OF_TAX = (
    rf"(?:(?:{_WITH})(?![^\W\d_])\.?|\+)\s*{_TAX}"
    r"|(?<![^\W\d_])(?:netto|brutto|net|gross|ht|ttc|h\.t\.|t\.t\.c\.|neto|bruto)(?![^\W\d_])"
)
_EACH = (
    r"(?:/|(?<![^\W\d_])(?:pro|per|par|por|je|p\.))\s*"
    r"(?:p|pers|person|persoon|persona|personne|pessoa|participante?|teilnehmer(?:in)?|tn|head|kopf|learner|pax)"
    r"(?![^\W\d_])\.?"
)
_TERMS = re.compile(rf"[\s,;(]*(?:{_TERMS_OF_TAX}|{_EACH})\)?")
"""What is said of an amount behind it: with or without tax, for each person."""


def says_tax(cell: object) -> bool:
    """Return whether a price says that tax is in it, or is not.

    Examples
    --------
    >>> says_tax("450 € zzgl. MwSt."), says_tax("450 € netto"), says_tax("450 €"), says_tax("net price")
    (True, True, False, False)
    """
    text = normalize(plain(cell))
    return any(map(str.isdigit, text)) and re.search(_TERMS_OF_TAX, text) is not None


def price(cell: object, *, currency: str = "", decimal: Literal[".", ",", ""] = "") -> Price | None:
    """Return an amount of money: ``$79.50``, ``1.200,00 €``, ``EUR 39``, ``€ 450,- zzgl. MwSt.``, ``free``.

    Whether tax is in it is not told apart.

    Parameters
    ----------
    cell : object
        The cell.
    currency : str
        The currency where the text states none.
    decimal : str
        The decimal sign of the source; empty to tell it from each amount.

    Examples
    --------
    >>> price("1.200,00 €")
    Price(amount=Decimal('1200.00'), currency='EUR')
    """
    text = plain(cell)
    if not text:
        return None
    folded = normalize(text)
    if folded in MARKS["free"]:
        return Price(Decimal(0), currency)
    body, found = folded, ""
    for sign, code in CURRENCIES.items():
        if sign in folded and (not sign.isalpha() or re.search(rf"(?<![^\W\d_]){re.escape(sign)}(?![^\W\d_])", folded)):
            body, found = folded.replace(sign, " ").strip(), code
            break
    bare = re.sub(r"[,.]?[-–—]+$", "", _TERMS.sub(" ", body).strip()).strip()
    if not decimal and re.fullmatch(r"[1-9]\d{0,2}(?:[.,]\d{3})+", bare):
        bare = re.sub(r"[.,]", "", bare)  # no price has three decimals
    try:
        amount = number(bare, decimal=decimal)
    except ValueError:
        amount = None
    if amount is None or amount < 0:
        raise ValueError(f"{text!r} is no price")
    return Price(amount, found or currency)


class Level(NamedTuple):
    """A proficiency level as a cell states it."""

    rank: int | None
    """The number, where one is stated."""
    label: str
    """The words, where some are stated."""


_FILLED = "●⬤■★✔✓◉🟊⭐"
_EMPTY = "○◯□☆◌–"
_LEVEL = re.compile(
    r"(?:(?:level|stufe|niveau|nivel|stage|lvl|lv|l|n)[\s.:]*)?(-?\d{1,2})(?:[.,]0+)?(?:\s*/\s*\d{1,2})?", re.IGNORECASE
)
_LEVEL_WITH_WORDS = re.compile(
    rf"{_LEVEL.pattern}\s*[-–:.)(]+\s*(.+?)\)?|(.+?)\s*[-–:(]\s*{_LEVEL.pattern}\)?", re.IGNORECASE
)


def level(cell: object) -> Level | None:
    """Return a level: ``3``, ``3 - Practitioner``, ``L3``, ``●●●○``, ``3/5``, ``Beginner``.

    Examples
    --------
    >>> level("3 - Practitioner"), level("●●●○").rank, level("L3").rank, level("Beginner")
    (Level(rank=3, label='Practitioner'), 3, 3, Level(rank=None, label='Beginner'))
    """
    text = plain(cell)
    if not text:
        return None
    dots = text.replace(" ", "")
    if set(dots) <= set(_FILLED + _EMPTY):
        return Level(sum(sign in _FILLED for sign in dots), "")
    alone = _LEVEL.fullmatch(text)
    if alone:
        return Level(int(alone[1]), "")
    both = _LEVEL_WITH_WORDS.fullmatch(text)
    if both:
        return Level(int(both[1] or both[4]), (both[2] or both[3] or "").strip())
    return Level(None, text)


def boolean(cell: object) -> bool | None:
    """Return whether a cell says yes or no, in the words and marks of several languages.

    Examples
    --------
    >>> boolean("ja"), boolean("0"), boolean("x"), boolean("")
    (True, False, True, None)
    """
    text = plain(cell)
    if not text:
        return None
    folded = normalize(text).strip("()[]. ")
    if folded in TRUE:
        return True
    if folded in FALSE:
        return False
    raise ValueError(f"{text!r} is neither yes nor no")


def language(cell: object) -> str | None:
    """Return a BCP 47 tag for a tag or the name of a language: ``en_US``, ``English``, ``Deutsch (DE)``.

    Examples
    --------
    >>> language("en_US"), language("German"), language("Français")
    ('en-US', 'de', 'fr')
    """
    text = plain(cell)
    if not text:
        return None
    folded = normalize(text)
    name = re.split(r"\s*[(,;/|-]\s*", folded)[0].strip()
    if folded in LANGUAGES or name in LANGUAGES:
        return LANGUAGES.get(folded) or LANGUAGES[name]
    tag = re.fullmatch(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|\d{3}))?", text)
    if tag is None:
        raise ValueError(f"{text!r} is no language")
    parts = [tag[1].lower(), tag[2].title() if tag[2] else "", tag[3].upper() if tag[3] else ""]
    return "-".join(part for part in parts if part)


def many(cell: object, *, separators: str = "") -> tuple[str, ...]:
    r"""Return the values of a cell, each once, in their order.

    A list written as text (``['a', 'b']``, ``["a", "b"]``) is read as one.  Without `separators`, the first of line
    break, ``|`` and ``;`` that occurs separates; a comma does where no other does and no value would begin with a space
    followed by *and* or *or*.

    Examples
    --------
    >>> many("a; b;a"), many("['x', \"it's\"]"), many("Git, SQL"), many("Git, SQL", separators=";")
    (('a', 'b'), ('x', "it's"), ('Git', 'SQL'), ('Git, SQL',))
    """
    if isinstance(cell, list | tuple):
        return tuple(dict.fromkeys(item for item in map(plain, cell) if item))
    text = plain(cell)
    listed = _listed(text) if text[:1] == "[" and text[-1:] == "]" else None
    if listed is not None:
        return tuple(dict.fromkeys(item for item in map(plain, listed) if item))
    marks = separators or next((mark for mark in ("\n", "|", ";", ",") if mark in text), "\n")
    parts = re.split("|".join(map(re.escape, marks)), text)
    return tuple(dict.fromkeys(item for item in (plain(part).lstrip("•*·-– ").strip('"') for part in parts) if item))


def _listed(text: str) -> list[object] | None:
    """Return the items of a list written as JSON or as Python text, or None."""
    for read in (json.loads, ast.literal_eval):
        try:
            found = read(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        return found if isinstance(found, list) else None
    return None
