"""One cell of a field as a value of an asset, or the problem with it."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from capgraph.formats import values
from capgraph.formats.lexicon import MARKS
from capgraph.model.catalog import AssetKind
from capgraph.text import normalize, without_accents

if TYPE_CHECKING:
    from collections.abc import Callable

    from capgraph.ingest.profile import FieldRule

UNCLEAR = "unclear"
"""The unit of bare numbers that nothing tells."""
KINDS = frozenset(get_args(AssetKind))
_URL = re.compile(r"(https?|ftp)://[^\s<>\"]+", re.IGNORECASE)
_WWW = re.compile(r"www\.[^\s<>\"]+\.[a-z]{2,}\S*", re.IGNORECASE)
_ISO_START = re.compile(r"\s*P", re.IGNORECASE)
_ACTIVE = ("=", "+", "-", "@")
_FIVE_MINUTES = 5.0
_LONGEST = 600_000.0
_WORDY = 40
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:[.,'’ \u00a0\u202f]\d{3})+")
_DIGITS = re.compile(r"\D")
_SHORTENED = re.compile(r"(\d+(?:[.,]\d+)?)\s?(k|m|mio|mn)\.?\+?(?:\s+[^\W\d_]+(?:\s+[^\W\d_]+)?)?", re.IGNORECASE)
_TIMES = {"k": 1_000, "m": 1_000_000, "mio": 1_000_000, "mn": 1_000_000}
_COUNTED = re.compile(
    r"(\d[\d.,'’ \u00a0\u202f]*?)\+?\s+[^\W\d_]+(?:\s+[^\W\d_]+)?\+?|(?:max|up to|bis)\.?\s*(\d+)", re.IGNORECASE
)


class Read(NamedTuple):
    """What a cell holds, and what a person should know about it."""

    value: Any
    """The value, or None."""
    problem: str = ""
    """The reason code of a remark, or nothing."""
    hint: str = ""
    """What to do about it."""


def text(cell: object, rule: FieldRule) -> Read:
    """Return plain text, without the quotation mark that keeps spreadsheets from taking it for a formula.

    Several texts are joined.
    """
    del rule
    if isinstance(cell, list):
        cell = cell[0] if len(cell) == 1 else "; ".join(filter(None, map(values.plain_text, cell)))
    if isinstance(cell, str) and "<" not in cell and "&" not in cell and cell.isascii():
        # Neither markup nor entities; long text does not say that a value is missing.
        found = cell.strip() if len(cell) > _WORDY else values.plain(cell)
    else:
        found = values.plain_text(cell)
    return Read(found[1:] if found[:1] == "'" and found[1:2] in _ACTIVE else found)


def first_text(cell: object, rule: FieldRule) -> Read:
    """Return the first of several texts."""
    return text(cell[0] if isinstance(cell, list) and cell else cell, rule)


def word(cell: object, rule: FieldRule) -> Read:
    """Return a word of the source, or ours for it."""
    found = values.plain(cell)
    if not rule.values or not found:
        return Read(found)
    ours = rule.values.get(normalize(found))
    if ours is None and rule.only:
        return Read(found, "unknown", f"known are {', '.join(dict.fromkeys(rule.values.values()))}")
    return Read(ours or found)


def kind(cell: object, rule: FieldRule) -> Read:
    """Return the kind of an asset."""
    found = values.plain(cell)
    if not found:
        return Read(None, "unknown" if rule.only else "")
    folded = normalize(found)
    ours = rule.values.get(folded) or (None if rule.only else _known_kind(folded, rule))
    if ours is None:
        return Read(
            None, "unknown", f"add it to [fields.kind.values] of a profile as one of {', '.join(sorted(KINDS))}"
        )
    return Read(ours)


def _known_kind(folded: str, rule: FieldRule) -> str | None:
    """Return the kind whose word the text is, or contains."""
    spelled = re.sub(r"[\s_\-/]+", " ", folded)
    if spelled in rule.values:
        return rule.values[spelled]
    if spelled.replace(" ", "_") in KINDS:
        return spelled.replace(" ", "_")
    plainly = without_accents(folded)
    found = [
        given
        for given in rule.values
        if re.search(rf"(?<![^\W\d_]){re.escape(without_accents(given))}(?![^\W\d_])", plainly)
    ]
    return rule.values[max(found, key=len)] if found else None


def url(cell: object, rule: FieldRule) -> Read:
    """Return an address."""
    del rule
    if isinstance(cell, str) and cell.startswith("https://") and _URL.fullmatch(cell):
        return Read(cell)
    found = values.plain(cell)
    stated = str(cell or "").strip()
    if not found:
        return Read(None, "unreadable" if stated and len(stated) > 1 else "")
    inside = _URL.search(found)
    if inside:
        return Read(inside[0])
    if _WWW.fullmatch(found):
        return Read(f"https://{found}")
    return Read(None, "unreadable", "give a whole address, such as https://learn.example.com/1")


def duration(cell: object, rule: FieldRule) -> Read:
    """Return minutes; a bare number is not read where nothing says what it counts."""
    try:
        found = values.duration(cell, unit="" if rule.unit == UNCLEAR else rule.unit)
    except ValueError as error:
        problem = "negative" if "negative" in str(error) else "unreadable"
        return Read(None, problem, "write it as 90 min, 1:30:00 or PT1H30M")
    if found is None:
        return Read(None, "missing" if cell is None or not str(cell).strip() else "unreadable")
    if found.minutes == 0 or (found.assumed and rule.unit == UNCLEAR):
        unclear = 'state the unit in a profile: [fields.duration] unit = "hour"'
        return Read(None, "zero") if found.minutes == 0 else Read(None, "unit-unclear", unclear)
    minutes = float(round(found.minutes)) if found.minutes >= _FIVE_MINUTES else round(found.minutes, 2)
    if found.minutes > _LONGEST:
        return Read(
            minutes, "implausible", 'it is more than 10,000 hours; check the unit: [fields.duration] unit = "minute"'
        )
    if found.assumed:
        return Read(minutes, "unit-assumed", 'state the unit in a profile: [fields.duration] unit = "hour"')
    odd = rule.form == "iso" and isinstance(cell, str) and not _ISO_START.match(cell)
    return Read(minutes, "not-iso" if odd else "approximate" if found.approximate else "")


def minutes(cell: object, rule: FieldRule) -> Read:
    """Return minutes of somebody's work; an empty cell is nothing to remark."""
    found = duration(cell, rule)
    return Read(found.value, "" if found.problem in {"missing", "zero"} else found.problem, found.hint)


def money(cell: object, rule: FieldRule) -> Read:
    """Return an amount and its currency."""
    try:
        found = values.price(cell, currency=rule.currency, decimal=rule.decimal)  # type: ignore[arg-type]
    except ValueError:
        return Read(None, "unreadable", "write it as 79.50 USD")
    if found is None:
        return Read(None)
    return Read(found, "" if found.currency or not found.amount else "currency-missing")


def date(cell: object, rule: FieldRule) -> Read:
    """Return a day."""
    try:
        found = values.day(cell, first=rule.first or None)  # type: ignore[arg-type]
    except ValueError:
        return Read(None, "unreadable", "write it as 2026-03-31")
    if found is None:
        return Read(None)
    if found.ambiguous:
        return Read(found.date, "day-order-assumed", 'state which comes first: [fields.modified] first = "month"')
    return Read(found.date, "" if found.precision == "day" else f"{found.precision}-only")


def language(cell: object, rule: FieldRule) -> Read:
    """Return the first language stated, and the others."""
    found = values.many(cell, separators=rule.split)
    try:
        tags = [tag for tag in map(values.language, found) if tag]
    except ValueError:
        return Read(None, "unreadable", "write a tag such as en or pt-BR, or the name of the language")
    return Read(tags)


def many(cell: object, rule: FieldRule) -> Read:
    """Return several values, without the words that only say what they are."""
    if rule.lead and isinstance(cell, str):
        cell = cell.strip().removeprefix(rule.lead)
    return Read([values.plain_text(item) for item in values.many(cell, separators=rule.split)])


def yes(cell: object, rule: FieldRule) -> Read:
    """Return whether a cell says yes."""
    if rule.when_stated:
        return Read(not values.is_missing(cell) or None)
    if rule.values and (ours := rule.values.get(normalize(values.plain(cell)))) in {"yes", "no"}:
        return Read(ours == "yes")
    try:
        return Read(values.boolean(cell))
    except ValueError:
        return Read(None, "unreadable", "write yes or no")


def state(cell: object, rule: FieldRule) -> Read:
    """Return ``active``, ``draft`` or ``deprecated``."""
    found = rule.values.get(normalize(values.plain(cell)))
    if found is not None:
        return Read({"yes": "active", "no": "deprecated"}.get(found, found))
    answer = yes(cell, rule)
    return Read({True: "active", False: "deprecated", None: None}[answer.value], answer.problem, answer.hint)


def whole(cell: object, rule: FieldRule) -> Read:
    """Return a whole number that is not negative, as ``12,345``, ``1.2M`` or ``43K learners``.

    Signs between groups of three digits are no decimal signs.
    """
    stated = str(cell).strip() if isinstance(cell, str) else ""
    if stated.isdecimal():
        return Read(int(stated))
    short = _SHORTENED.fullmatch(stated)
    if short:
        return Read(int(float(short[1].replace(",", ".")) * _TIMES[short[2].casefold()]))
    if counted := _COUNTED.fullmatch(stated):
        stated = cell = counted[1] or counted[2]
    found = Read(int(_DIGITS.sub("", stated))) if _GROUPED.fullmatch(stated) else number(cell, rule)
    if found.value is None:
        return found
    return Read(int(found.value)) if found.value >= 0 else Read(None, "negative")


def number(cell: object, rule: FieldRule) -> Read:
    """Return a number."""
    try:
        return Read(values.number(cell, decimal=rule.decimal))  # type: ignore[arg-type]
    except ValueError:
        return Read(None, "unreadable", "write a number")


def rating(cell: object, rule: FieldRule) -> Read:
    """Return a rating from 0 to 1: a share, a percentage, or stars of five."""
    out_of = re.fullmatch(r"\s*([\d.,]+)\s*(?:/|of|out of|von|sur)\s*(\d+)\s*\w*\s*", str(cell or ""))
    found = number(out_of[1] if out_of else cell, rule)
    if found.value is None:
        return found
    top = int(out_of[2]) if out_of else 1 if "%" in str(cell) or found.value <= 1 else 5 if found.value <= 5 else 100  # noqa: PLR2004 - stars, percent
    share = float(found.value) / top if top else -1.0
    return Read(round(share, 4)) if 0 <= share <= 1 else Read(None, "unreadable")


def is_cancelled(remark: str) -> bool:
    """Return whether a remark, by itself, says that something is not offered any more."""
    return normalize(remark).strip("!. ") in MARKS["gone"]


def today() -> dt.date:
    """Return the current day in UTC."""
    return dt.datetime.now(tz=dt.UTC).date()


READERS: dict[str, Callable[[object, FieldRule], Read]] = {
    "title": first_text, "description": text, "url": url, "kind": kind, "duration": duration, "duration_unit": word,
    "language": language, "provider": text, "level": word, "skills": many, "outcomes": many, "keywords": many,
    "audience": many, "prerequisites": text, "corequisites": text, "cost": money, "currency": word, "active": state,
    "inactive": yes, "delete": yes, "remarks": text, "modified": date, "published": date, "revision": date,
    "edition": text, "rating": rating, "learners": whole, "seats": whole, "session_cost": money, "annual_cost": money,
    "facilitator_minutes": minutes, "maintenance_minutes": minutes, "sites": many, "accreditation": text,
    "mandatory": yes, "part_of": many, "alternative_titles": many, "roles": many,
}  # fmt: skip
"""How the cells of each field are read."""

LISTS = frozenset({"skills", "outcomes", "keywords", "audience", "sites", "part_of", "alternative_titles", "roles"})
"""Fields of several values, which several columns may state."""
