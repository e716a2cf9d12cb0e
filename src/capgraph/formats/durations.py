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
    "lesson": 45.0,
    "half day": 240.0,
}
_CLOCK = re.compile(r"(\d{1,4}):([0-5]?\d)(?::([0-5]?\d)(?:\.\d+)?)?(?:\s*(?:h|hrs?|hours?|min|minutes?))?")
_ISO = re.compile(
    r"P(?:(?P<year>[\d.,]+)Y)?(?:(?P<month>[\d.,]+)M)?(?:(?P<week>[\d.,]+)W)?(?:(?P<day>[\d.,]+)D)?"
    r"(?:T(?:(?P<hour>[\d.,]+)H)?(?:(?P<minute>[\d.,]+)M)?(?:(?P<second>[\d.,]+)S)?)?",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:-|to|bis|à)\s*(\d+(?:[.,]\d+)?)\s*([^\W\d_]+)\.?")
_WORDS = {
    "a": "1", "an": "1", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9", "ten": "10", "twelve": "12", "half a": "0.5", "half an": "0.5", "1/2": "0.5",
}  # fmt: skip
_PART = re.compile(
    r"(\b1/2|[-+]?\d+(?:[.,]\d+)?(?:\s+1/2)?|\bhalf an?\b|\b"
    r"(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve)\b)\s*-?\s*([^\W\d_]+)\.?"
)
_FILLERS = {
    "ca", "approx", "about", "approximately", "around", "circa", "etwa", "environ", "aprox", "total", "overall",
    "gesamt", "insgesamt", "to", "complete", "of", "in", "on", "demand", "video", "content", "and", "und", "et", "y",
    "e",
}  # fmt: skip
_AROUND = re.compile(
    r"\b(?:approx|approximately|about|around|ca|circa|etwa|environ|aprox|total|overall|gesamt|insgesamt)\b[.:]?"
)
_SEVERAL = re.compile(r"\s*(?:[·•|;\n]|\s/\s|,\s)\s*")
_EITHER = re.compile(r"\s/\s|;")
_TIMES = re.compile(r"(\d{1,3})\s*[x×*]\s*(\d.*)")
_HOURS_AND = re.compile(r"(\d+)\s*h\s*([0-5]\d)")
_HALF_DAY = re.compile(
    r"(?:(\d+(?:[.,]\d+)?)\s*)?\b(?:demi|half|halb(?:er|e|en)?|media|mezza|halve)[\s-]+"
    r"(?:days?|tage?|journ[ée]es?|jornadas?|giornat[ae]|dag(?:en)?)\b"
)
_GROUPED = re.compile(r"(?<![\d.,])(\d{1,3}) (?=\d{3}\b)")
_BRACKETED = re.compile(r"([^()\[\]]+?)\s*[(\[]([^()\[\]]+)[)\]]\s*")
_AMOUNT = r"(\d+(?:[.,]\d+)?)(?:\s*(?:-|to|bis|à)\s*(\d+(?:[.,]\d+)?))?"
_WEEKLY = re.compile(
    _AMOUNT + r"\s*(?:h|hrs?|hours?|std|stunden|heures|horas)\.?\s*(?:/|per|a|each|every|pro|par|por)\s*(?:la\s+)?"
    r"(?:week|wk|woche|semaine|semana)\b"
)
_LENGTH = re.compile(
    _AMOUNT
    + r"\s*-?\s*(?P<week>weeks?|wks?|wochen?|semaines?|semanas?)?(?(week)|(?:months?|monate?|mois|mes(?:es)?))\b"
)
_WEEKS_OF_A_MONTH = 52 / 12
_OF_DAYS = frozenset({"half day", "day", "week", "month", "year"})
_ROUGH = frozenset({"lesson", "half day", "week", "month", "year"})
"""Units whose learning time is a custom."""


def duration(cell: object, *, unit: str = "", day_minutes: float = 480.0) -> Duration | None:
    """Return a duration in minutes.

    Understood are ``1h 30m``, ``6 Std. 0 Min.``, ``1:30:00``, ``PT1H30M``, ``3 - 6 Months``, ``1.5 hours``, ``6 weeks,
    3-5 hours per week``, ``2 days (14 hours)``, ``Beginner · 3 hours``, the times and time spans of a workbook, and a
    bare number in the unit given.  A lesson (*UE*, *Lektion*) has 45 minutes and half a day (*dagdeel*) half of a
    day's; both are approximate.

    Parameters
    ----------
    cell : object
        The cell.
    unit : str
        The unit of a bare number: ``second``, ``minute``, ``lesson``, ``hour``, ``half day``, ``day``, ``week``,
        ``month`` or a word for it;
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
    typed = normalize(text).translate(SMART)
    found = _read_duration(typed, unit, day_minutes) or _read_duration(_rewritten(typed), unit, day_minutes)
    if found is None:
        raise ValueError(f"{text!r} is no duration")
    if found.minutes < 0:
        raise ValueError(f"{text!r} is a negative duration")
    return found


def _rewritten(text: str) -> str:
    """Return a text without spaces inside of numbers, and with a word for half a day."""
    return _HALF_DAY.sub(lambda half: f"{half[1] or 1} halbtag", _GROUPED.sub(r"\1", text))


def _read_duration(text: str, unit: str, day_minutes: float) -> Duration | None:
    """Return the duration that a normalized text states, or None."""
    clock = _CLOCK.fullmatch(text)
    if clock:
        return _clock(clock, unit)
    if spoken := _HOURS_AND.fullmatch(text):
        return Duration(float(int(spoken[1]) * 60 + int(spoken[2])), "minute")
    iso = _ISO.fullmatch(text)
    if iso and any(iso.groups()):
        return _iso(iso)
    if bare := _bare(text, unit, day_minutes):
        return bare
    ranged = _RANGE.fullmatch(text)
    if ranged and ranged[3] in UNIT_WORDS:
        middle = (_float(ranged[1]) + _float(ranged[2])) / 2
        return Duration(middle * _per(UNIT_WORDS[ranged[3]], day_minutes), UNIT_WORDS[ranged[3]], approximate=True)
    return _worded(text, unit, day_minutes)


def _worded(text: str, unit: str, day_minutes: float) -> Duration | None:
    """Return the duration that several words state: so often so long, so many weeks of so much, once more in brackets.

    So many hours a week without the weeks are none.
    """
    if several := _TIMES.fullmatch(text):
        each = _read_duration(several[2], "", day_minutes)
        return None if each is None or each.assumed else each._replace(minutes=each.minutes * int(several[1]))
    if _WEEKLY.search(text):
        return _weekly(text)
    whole = None if _EITHER.search(text) else _spelled(text, day_minutes)
    return _restated(text, unit, day_minutes) or whole or _one_of(text, day_minutes)


def _weekly(text: str) -> Duration | None:
    """Return the learning time of so many weeks of so many hours each, or None."""
    effort = _WEEKLY.search(text)
    length = _LENGTH.search(_WEEKLY.sub(" ", text)) if effort else None
    if effort is None or length is None:
        return None
    weeks = _middle(length[1], length[2]) * (1 if length["week"] else _WEEKS_OF_A_MONTH)
    return Duration(_middle(effort[1], effort[2]) * 60 * weeks, "week", approximate=True)


def _middle(least: str, most: str | None) -> float:
    """Return the middle of a range, or its only end."""
    return (_float(least) + _float(most)) / 2 if most else _float(least)


def _restated(text: str, unit: str, day_minutes: float) -> Duration | None:
    """Return a duration that brackets state once more, as ``2 days (14 hours)``: the one in the finer unit, or None."""
    both = _BRACKETED.fullmatch(text)
    if both is None:
        return None
    if both[2].strip() in UNIT_WORDS:
        return _bare(both[1], both[2].strip(), day_minutes)
    outer = _read_duration(both[1].strip(), unit, day_minutes)
    inner = _read_duration(both[2].strip(), "", day_minutes)
    stated = [found for found in (outer, inner) if found is not None and not found.assumed]
    return min(stated, key=lambda found: _MINUTES[found.unit]) if stated else outer


def _one_of(text: str, day_minutes: float) -> Duration | None:
    """Return the only duration among several things said in one text, or that in the finest unit; else None."""
    parts = [part for part in _SEVERAL.split(text) if part]
    if len(parts) == 1:
        around = _AROUND.sub(" ", text).strip()
        return _read_duration(around, "", day_minutes) if around != text else None
    found = [one for part in parts if (one := _read_duration(part, "", day_minutes)) and not one.assumed]
    finest = min(found, key=lambda one: _MINUTES[one.unit], default=None)
    return finest if finest and sum(one.unit == finest.unit for one in found) == 1 else None


def _bare(text: str, unit: str, day_minutes: float) -> Duration | None:
    """Return the duration of a number alone, in the unit of its column, or None."""
    try:
        amount = number(text)
    except ValueError:
        return None
    if amount is None or text.endswith("%"):
        return None
    stated = UNIT_WORDS.get(normalize(unit), unit) if unit else ""
    found = float(amount) * _per(stated or "minute", day_minutes)
    return Duration(found, stated or "minute", assumed=not stated, approximate=stated in {"lesson", "half day"})


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
    return Duration(total, unit, approximate=unit in _ROUGH)


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
    return _MINUTES[unit] * (day_minutes / _MINUTES["day"] if unit in _OF_DAYS else 1)
