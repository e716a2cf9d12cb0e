"""What an impact is made of: its rows and the answer around them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from capgraph.report import Report, ReportRow

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence


@dataclass(frozen=True, kw_only=True)
class ImpactRow(ReportRow):
    """One figure before and after, for one group."""

    measure: str
    """The behavior or the metric."""
    label: str
    """What it says or counts."""
    group: str
    """Whom the figures are about: those who ``took it``, those who ``did not``, or the scope of a metric."""
    size: int | None
    """How many people are in the group; None where a scope is everybody or is not in the graph."""
    observed_before: int
    """How many of them were looked at before, or how many readings there were."""
    observed_after: int
    """How many after."""
    missing: int
    """How many people were not looked at both before and after; of a metric, how many of both sides have no reading."""
    before: float | None
    """The share who showed the behavior, of those looked at both times; or the mean reading.  None where too few."""
    after: float | None
    """The same after."""
    difference: float | None
    """After less before; None where one of them is missing."""
    low: float | None
    """The lower end of its 95 % interval; None where the numbers allow none."""
    high: float | None
    """The upper end."""
    better: bool | None
    """Whether the difference goes in the wanted direction; None where there is none."""

    def tone(self) -> str:
        """Return how the row is colored."""
        return {True: "good", False: "poor"}.get(self.better, "open") if self.better is not None else "open"


@dataclass(frozen=True, kw_only=True, repr=False)
class ImpactReport(Report[ImpactRow]):
    """Behaviors first, by id, then the metric; those who took the asset before those who did not."""

    name: ClassVar[str] = "impact"
    row_type: ClassVar[type[ReportRow]] = ImpactRow

    challenge: str
    """The challenge."""
    assets: tuple[str, ...]
    """The assets asked about."""
    took: int
    """How many people in scope took any of them."""
    did_not: int
    """How many did not."""
    since: dt.date | None
    """The day that parts before from after for everybody who did not take it, and for the metric."""
    as_of: dt.date
    """The day up to which evidence is counted."""
    sentence: str
    """What the figures say, and what they do not."""


def sentence_of(rows: Sequence[ImpactRow]) -> str:
    """Return what the figures say in one sentence, which never claims a cause."""
    found = [row for row in rows if row.difference is not None]
    if not found:
        return "There is too little evidence before and after to say whether anything changed."
    improved, worse = (sum(row.better is way for row in found) for way in (True, False))
    judged = [row for row in found if row.low is not None and row.high is not None]
    sure = sum(not (row.low or 0) <= 0 <= (row.high or 0) for row in judged)
    chance = f"{sure} of the {len(judged)} with an interval by more than chance would explain" if judged else ""
    return (
        f"Of {len(found)} figures that can be compared {improved} moved in the wanted direction and {worse} in the "
        f"other, {chance or 'and none has numbers that allow an interval'}; this does not show that the learning "
        "caused it, since people were not assigned by lot and other things changed too."
    )
