"""What an impact is made of: its rows and the answer around them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from capgraph.report import Report, ReportRow

if TYPE_CHECKING:
    import datetime as dt


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
