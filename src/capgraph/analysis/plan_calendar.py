"""When the steps of a plan begin and end: in hours from the start, or in days of a calendar."""

from __future__ import annotations

import datetime as dt
import math
from typing import NamedTuple

from capgraph.errors import ArgumentError

_SLACK = 1e-9
_WEEK = 7


class Calendar(NamedTuple):
    """A first day and the hours that a learner has each week."""

    start: dt.date
    """The first day of learning."""
    hours_per_week: float
    """The hours of learning in a week, spread evenly over its days."""

    def first_day(self, hours: float) -> dt.date:
        """Return the day on which work begins that has so many hours before it."""
        return self._day(math.floor(self._days(hours) + _SLACK))

    def last_day(self, hours: float) -> dt.date:
        """Return the day on which so many hours are done."""
        return self._day(max(0, math.ceil(self._days(hours) - _SLACK) - 1))

    def hours_until(self, deadline: dt.date) -> float:
        """Return the hours of learning up to a day, that day included; 0 for a day before the first."""
        return max(0.0, ((deadline - self.start).days + 1) * self.hours_per_week / _WEEK)

    def _day(self, days: int) -> dt.date:
        """Return the day after so many days; refuse one that no calendar has."""
        try:
            return self.start + dt.timedelta(days=days)
        except OverflowError:
            message = f"hours_per_week is {self.hours_per_week}: the plan would end after the year 9999; give more"
            raise ArgumentError(message) from None

    def _days(self, hours: float) -> float:
        """Return how many days so many hours fill."""
        return hours * _WEEK / self.hours_per_week


def span(begin: float, finish: float, calendar: Calendar | None) -> tuple[float | dt.date, float | dt.date]:
    """Return the start and end of a step: days where there is a calendar, else hours from the start of the plan."""
    if calendar is None:
        return begin, finish
    first = calendar.first_day(begin)
    return first, max(first, calendar.last_day(finish))
