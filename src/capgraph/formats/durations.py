"""Cells as durations in minutes."""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import NamedTuple

from capgraph.formats.cells import SMART, number, plain
from capgraph.formats.lexicon import UNIT_WORDS
from capgraph.text import normalize


class Duration(NamedTuple):
    """A duration in minutes."""

    minutes: float
    """The minutes; the middle of a range."""
    unit: str
    """The unit that the text, the column or the caller states."""
    assumed: bool = False
    """Whether the unit was not stated and minutes were assumed."""
    approximate: bool = False
    """Whether it was a range, or a length in weeks or months, which states no learning time."""


_MINUTES = {
    "second": 1 / 60,
    "minute": 1.0,
    "hour": 60.0,
    "day": 480.0,
    "week": 2400.0,
    "month": 10400.0,
    "year": 124800.0,
}
_CLOCK = re.compile(r"(\d{1,4}):([0-5]?\d)(?::([0-5]?\d)(?:\.\d+)?)?(?:\s*(?:h|hrs?|hours?|min|minutes?))?")
_ISO = re.compile(
    r"P(?:(?P<year>[\d.,]+)Y)?(?:(?P<month>[\d.,]+)M)?(?:(?P<week>[\d.,]+)W)?(?:(?P<day>[\d.,]+)D)?"
    r"(?:T(?:(?P<hour>[\d.,]+)H)?(?:(?P<minute>[\d.,]+)M)?(?:(?P<second>[\d.,]+)S)?)?",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:-|to|bis|à)\s*(\d+(?:[.,]\d+)?)\s*([^\W\d_]+)\.?")
_PART = re.compile(
    r"(\b1/2|[-+]?\d+(?:[.,]\d+)?(?:\s+1/2)?|\bhalf an?\b|\ban?\b|\bone\b|\btwo\b)\s*-?\s*([^\W\d_]+)\.?"
)
_WORDS = {"a": "1", "an": "1", "one": "1", "two": "2", "half a": "0.5", "half an": "0.5", "1/2": "0.5"}
_FILLERS = {"ca", "approx", "about", "approximately", "circa", "etwa", "and", "und", "et", "y", "e"}


def duration(cell: object, *, unit: str = "", day_minutes: float = 480.0) -> Duration | None:
    """Return a duration in minutes.

    Understood are ``1h 30m``, ``6 Std. 0 Min.``, ``1:30:00``, ``PT1H30M``, ``3 - 6 Months``, ``1.5 hours``, the times
    and time spans of a workbook, and a bare number in the unit given.

    Parameters
    ----------
    cell : object
        The cell.
    unit : str
        The unit of a bare number: ``second``, ``minute``, ``hour``, ``day``, ``week``, ``month`` or a word for it;
        empty for unknown, which reads minutes and says so (`Duration.assumed`).
    day_minutes : float
        The learning time of a day; a week has five such days.  The days of an ISO duration have 24 hours.

    Raises
    ------
    ValueError
        When the text is no duration, or a negative one.

    Examples
    --------
    >>> duration("1h 30m").minutes, duration("PT1H30M").minutes, duration("1:30:00").minutes
    (90.0, 90.0, 90.0)
    >>> duration("90").assumed, duration("1.5", unit="hours").minutes
    (True, 90.0)
    """
    if isinstance(cell, dt.timedelta):
        return Duration(cell.total_seconds() / 60, "second")
    if isinstance(cell, dt.datetime) and cell.date() <= dt.date(1900, 1, 31):
        return Duration((cell - dt.datetime(1899, 12, 31)).total_seconds() / 60, "second")  # noqa: DTZ001 - a span
    if isinstance(cell, dt.time):
        return Duration(cell.hour * 60 + cell.minute + cell.second / 60, "second")
    text = plain(cell)
    if not text:
        return None
    found = _read_duration(normalize(text).translate(SMART), unit, day_minutes)
    if found is None:
        raise ValueError(f"{text!r} is no duration")
    if found.minutes < 0:
        raise ValueError(f"{text!r} is a negative duration")
    return found


def _read_duration(text: str, unit: str, day_minutes: float) -> Duration | None:
    """Return the duration that a normalized text states, or None."""
    clock = _CLOCK.fullmatch(text)
    if clock:
        return _clock(clock, unit)
    iso = _ISO.fullmatch(text)
    if iso and any(iso.groups()):
        return _iso(iso)
    if bare := _bare(text, unit, day_minutes):
        return bare
    ranged = _RANGE.fullmatch(text)
    if ranged and ranged[3] in UNIT_WORDS:
        middle = (_float(ranged[1]) + _float(ranged[2])) / 2
        return Duration(middle * _per(UNIT_WORDS[ranged[3]], day_minutes), UNIT_WORDS[ranged[3]], approximate=True)
    return _spelled(text, day_minutes)


def _bare(text: str, unit: str, day_minutes: float) -> Duration | None:
    """Return the duration of a number alone, in the unit of its column, or None."""
    try:
        amount = number(text)
    except ValueError:
        return None
    if amount is None or text.endswith("%"):
        return None
    stated = UNIT_WORDS.get(normalize(unit), unit) if unit else ""
    return Duration(float(amount) * _per(stated or "minute", day_minutes), stated or "minute", assumed=not stated)


def _clock(clock: re.Match[str], unit: str) -> Duration:
    """Return a duration written like a clock; two parts are hours and minutes unless the column counts minutes."""
    first, second, third = int(clock[1]), int(clock[2]), clock[3]
    if third is not None:
        return Duration(first * 60 + second + int(third) / 60, "second")
    if UNIT_WORDS.get(normalize(unit)) in {"minute", "second"}:
        return Duration(first + second / 60, "second")
    return Duration(float(first * 60 + second), "minute")


def _iso(iso: re.Match[str]) -> Duration:
    """Return an ISO 8601 duration; its days have 24 hours, its months and years are about that of a calendar."""
    lengths = {
        "year": 525600.0,
        "month": 43800.0,
        "week": 10080.0,
        "day": 1440.0,
        "hour": 60.0,
        "minute": 1.0,
        "second": 1 / 60,
    }
    parts = {name: _float(value) for name, value in iso.groupdict().items() if value}
    total = sum(value * lengths[name] for name, value in parts.items())
    return Duration(total, "minute", approximate=not parts.keys().isdisjoint({"year", "month", "week"}))


def _spelled(text: str, day_minutes: float) -> Duration | None:
    """Return a duration in words, such as ``6 std. 0 min.``, where every word of it is understood."""
    parts = [(amount, UNIT_WORDS.get(word, "")) for amount, word in _PART.findall(text)]
    rest = {word for word in re.findall(r"[^\W\d_]+", _PART.sub(" ", text)) if word not in _FILLERS}
    if not parts or rest or not all(unit for _, unit in parts) or re.search(r"\d", _PART.sub(" ", text)):
        return None
    total = sum(_amount(amount) * _per(unit, day_minutes) for amount, unit in parts)
    unit = parts[-1][1]
    return Duration(total, unit, approximate=unit in {"week", "month", "year"})


def _amount(text: str) -> float:
    """Return an amount such as ``1,5``, ``1 ½`` or ``half a``."""
    whole = re.sub(r"\s+1/2$", "", text)
    if whole != text:
        return _float(whole) + 0.5
    return _float(_WORDS.get(text, text))


def _float(text: str) -> float:
    """Return a number with a point or a comma."""
    found = float(text.replace(",", "."))
    if math.isinf(found):
        raise ValueError(f"{text[:40]!r} is more than any duration")
    return found


def _per(unit: str, day_minutes: float) -> float:
    """Return the minutes of a unit."""
    if unit not in _MINUTES:
        raise ValueError(f"{unit!r} is no unit of time; use one of {', '.join(_MINUTES)}")
    return _MINUTES[unit] * (day_minutes / _MINUTES["day"] if unit in {"day", "week", "month", "year"} else 1)
