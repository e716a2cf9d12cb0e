"""Cells as dates."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from capgraph.formats.cells import plain
from capgraph.formats.lexicon import MONTHS
from capgraph.text import normalize

if TYPE_CHECKING:
    from collections.abc import Iterable

DayOrder = Literal["day", "month"]
"""Which comes first in ``03/04/2026``."""


class Day(NamedTuple):
    """A date as precise as the source states it."""

    date: dt.date
    """The day; the first of the month or year where no day is stated."""
    precision: Literal["day", "month", "year"] = "day"
    """What the source states."""
    ambiguous: bool = False
    """Whether day and month could be swapped, and nothing told them apart."""


_NUMERIC_DATE = re.compile(r"(\d{1,4})[./\s-](\d{1,2})[./\s-](\d{1,4})")
_NAMED_DATE = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th|\.)?[\s./,-]+)?([^\W\d_]{3,})\.?[\s./,-]+(?:(\d{1,2})(?:st|nd|rd|th)?[\s.,-]+)?(\d{4}|\d{2})"
)
_TIME = re.compile(
    r"[T\s,]+\d{1,2}[:.]\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s*[AaPp]\.?[Mm]\.?)?(?:\s*(?:Z|(?:UTC|GMT)[+-]\d{1,2}(?::?\d{2})?|UTC|GMT|[+-]\d{2}:?\d{2}|[A-Z][A-Za-z]+(?:/[A-Z]\w+)+|[A-Z]{2,5}))?\s*$"
)
_IN_WORDS = re.compile(r"\d{4}\s*[年년]")
"""How days of Japanese, Chinese and Korean start."""
_MILLISECONDS = 10_000_000_000
_CENTURY = 70


def day(cell: object, *, first: DayOrder | None = None) -> Day | None:
    """Return a date: ISO, ``20251214``, ``24.02.2025``, ``3/5/24``, ``Mar 2024``, ``MAY-15-2024 09:15 AM``, epoch.

    Parameters
    ----------
    cell : object
        The cell.
    first : {"day", "month"} or None
        Which comes first between slashes; None tells it where one is above 12 and else takes the day and says that it
        is ambiguous.

    Examples
    --------
    >>> day("Mar 2024").precision, day("3/5/24", first="month").date.isoformat()
    ('month', '2024-03-05')
    """
    if isinstance(cell, dt.datetime):
        return Day(cell.date())
    if isinstance(cell, dt.date):
        return Day(cell)
    text = plain(cell)
    if not text:
        return None
    try:
        found = _read_day(_TIME.sub("", text).strip(), first)
    except (ValueError, OverflowError, OSError):
        found = None
    if found is None:
        raise ValueError(f"{text!r} is no date")
    return found


def _read_day(text: str, first: DayOrder | None) -> Day | None:
    """Return the date that a text without time of day states, or None."""
    if text.isdigit():
        return _digits_day(text)
    if _IN_WORDS.match(text):
        text = re.sub(r"\s*[年月년월]\s*", "-", text).rstrip("日号일 -")
    if re.fullmatch(r"\d{4}-\d{1,2}", text):
        return Day(dt.date(int(text[:4]), int(text[5:]), 1), "month")
    numeric = _NUMERIC_DATE.fullmatch(text)
    if numeric:
        return _numeric_day(numeric, first)
    named = _NAMED_DATE.fullmatch(
        text.split(", ", 1)[-1] if text[:3].isalpha() and re.match(r"\w+, \d", text) else text
    )
    month = MONTHS.get(normalize(named[2])) or MONTHS.get(normalize(named[2])[:3]) if named else None
    if not named or not month:
        return None
    stated = named[1] or named[3]
    return Day(dt.date(_year(named[4]), month, int(stated or 1)), "day" if stated else "month")


def _digits_day(text: str) -> Day | None:
    """Return a date written in digits alone: ``20251214``, a year, the seconds or milliseconds since 1970."""
    value = int(text)
    if len(text) == len("20251214") and 1900 <= value // 10000 <= 2200:  # noqa: PLR2004 - years that courses have
        return Day(dt.date(value // 10000, value // 100 % 100, value % 100))
    if len(text) == len("2025"):
        return Day(dt.date(value, 1, 1), "year")
    if value >= _MILLISECONDS // 100:
        seconds = value / 1000 if value >= _MILLISECONDS else value
        return Day(dt.datetime.fromtimestamp(seconds, tz=dt.UTC).date())
    if len(text) == len("45000"):
        return Day(dt.date(1899, 12, 30) + dt.timedelta(days=value))
    return None


def _numeric_day(numeric: re.Match[str], first: DayOrder | None) -> Day:
    """Return a date of three numbers."""
    one, two, three = (int(part) for part in numeric.groups())
    if len(numeric[1]) == 4:  # noqa: PLR2004 - a year comes first
        return Day(dt.date(one, two, three))
    year = _year(numeric[3])
    if "." in numeric[0]:
        return Day(dt.date(year, two, one))
    order = "day" if one > 12 else "month" if two > 12 else first  # noqa: PLR2004 - months
    if order == "month":
        return Day(dt.date(year, one, two))
    return Day(dt.date(year, two, one), "day", order is None and one != two)


def _year(text: str) -> int:
    """Return a year; of two digits, 70 and above belong to the last century."""
    value = int(text)
    return value if len(text) > 2 else value + (1900 if value >= _CENTURY else 2000)  # noqa: PLR2004 - digits


def day_order(texts: Iterable[str]) -> DayOrder | None:
    """Return which comes first in the dates of a column: what at least one of them shows and none contradicts.

    Examples
    --------
    >>> day_order(["3/5/24", "12/25/23"])
    'month'
    """
    found: set[DayOrder] = set()
    for text in texts:
        numeric = re.match(r"(\d{1,2})[/-](\d{1,2})[/-]\d{2,4}\b", text.strip())
        if numeric and int(numeric[1]) > 12:  # noqa: PLR2004 - months
            found.add("day")
        elif numeric and int(numeric[2]) > 12:  # noqa: PLR2004 - months
            found.add("month")
    return found.pop() if len(found) == 1 else None
