"""gap_trend: the same gap on several days, what changed between them, and on which evidence."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple

from capgraph.analysis.gap import GapReport, GapRow, gap
from capgraph.errors import DocumentError, Issue
from capgraph.report import Report, ReportRow

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from capgraph.analysis.attainment import EvidencePolicy
    from capgraph.analysis.comparison import Status
    from capgraph.graph import CapabilityGraph

Change = Literal["assessed", "lapsed", "closed", "opened", "up", "down"]
_TONES = {"closed": "good", "up": "good", "assessed": "fair", "opened": "poor", "down": "poor", "lapsed": "open"}


@dataclass(frozen=True, kw_only=True)
class TrendRow(ReportRow):
    """One requirement whose attained level or status changed between two days."""

    date: dt.date
    """The later day."""
    since: dt.date
    """The earlier day."""
    capability: str
    """The id of the capability."""
    label: str
    """Its label."""
    role: str
    """The role that states the requirement."""
    change: Change
    """``assessed`` (known now), ``lapsed`` (not known any more), ``closed`` or ``opened`` (met now, or not any more),
    ``up`` or ``down`` (another level, the same status)."""
    before: float | None
    """The level or value attained on the earlier day."""
    after: float | None
    """The level or value attained on the later day."""
    status_before: Status
    """The status on the earlier day."""
    status: Status
    """The status on the later day."""

    def tone(self) -> str:
        """Return how the row is colored."""
        return _TONES[self.change]


class TrendPoint(NamedTuple):
    """The figures of a gap on one day."""

    date: dt.date
    """The day."""
    readiness: float | None
    """As in `capgraph.gap`."""
    assessed_share: float | None
    """As in `capgraph.gap`."""
    met: int
    """Requirements that are met."""
    below: int
    """Requirements that are not met."""
    unassessed: int
    """Requirements of which nothing is known."""


@dataclass(frozen=True, kw_only=True, repr=False)
class TrendReport(Report[TrendRow]):
    """What changed in a gap from day to day.

    Rows: by day, then by capability and role; requirements that did not change are left out.
    """

    name: ClassVar[str] = "gap_trend"
    row_type: ClassVar[type[ReportRow]] = TrendRow

    subject: str
    """The person or role."""
    roles: tuple[str, ...]
    """The roles asked about."""
    points: tuple[TrendPoint, ...] = field(repr=False)
    """The figures of each day, the earliest first."""


def gap_trend(
    graph: CapabilityGraph,
    subject: str,
    role: str | Iterable[str] | None = None,
    *,
    dates: Iterable[dt.date],
    policy: EvidencePolicy | None = None,
) -> TrendReport:
    """Return what changed in a gap between several days, and on which evidence.

    Parameters
    ----------
    graph : CapabilityGraph
        The graph; its roles and requirements are those of today on every day.
    subject : str
        A person.
    role : str or iterable of str or None
        The role or roles required; None for the roles that the person holds.
    dates : iterable of date
        At least two different days, in any order.
    policy : EvidencePolicy or None
        Which evidence counts and what it weighs; None for the defaults.

    Returns
    -------
    TrendReport
        One row for each change, by day, capability and role; `points` holds the figures of each day.  The evidence of
        a row is the records that count on one of the two days and not on the other, or weigh differently.

    Raises
    ------
    DocumentError
        When fewer than two different days are given.
    UnknownIdError, ScaleMismatchError
        As `capgraph.gap`.

    Notes
    -----
    One gap for each day.

    Examples
    --------
    >>> import datetime as dt
    >>> import capgraph as cg
    >>> days = [dt.date(2024, 1, 1), dt.date(2026, 1, 1)]
    >>> trend = gap_trend(cg.sample().graph(), "person:adaeze", dates=days)
    >>> trend.points[0].met <= trend.points[1].met, {row.change for row in trend} >= {"assessed"}
    (True, True)
    """
    days = days_of(subject, dates)
    named = role if role is None or isinstance(role, str) else tuple(role)
    reports = [gap(graph, subject, named, policy=policy, as_of=day) for day in days]
    return TrendReport(
        records=tuple(row for earlier, later in pairwise(reports) for row in _changes(earlier, later)),
        notes=() if len(reports[0]) else reports[0].notes,
        subject=graph.resolve(subject),
        roles=reports[0].roles,
        points=tuple(_point(report) for report in reports),
    )


def days_of(subject: str, dates: Iterable[dt.date]) -> list[dt.date]:
    """Return the different days that a trend is asked about, the earliest first; refuse fewer than two."""
    days = sorted(set(dates))
    if len(days) < len(("before", "after")):
        text = f"{subject!r} is asked about on {len(days)} day{'s' * (len(days) != 1)}"
        raise DocumentError([Issue("dates", text, (subject,), "dates", "give at least two different ones")])
    return days


def _point(report: GapReport) -> TrendPoint:
    """Return the figures of one day."""
    statuses = [row.status for row in report]
    counts = (statuses.count(status) for status in ("met", "below", "unassessed"))
    return TrendPoint(report.as_of, report.readiness, report.assessed_share, *counts)


def _changes(earlier: GapReport, later: GapReport) -> Iterator[TrendRow]:
    """Yield a row for each requirement that changed, by capability and role."""
    before = {(row.capability, row.role): row for row in earlier}
    for row in sorted(later, key=lambda row: (row.capability, row.role)):
        old = before[row.capability, row.role]
        change = _change(old, row)
        if change is not None:
            yield _row(change, (earlier.as_of, old), (later.as_of, row))


def _row(change: Change, earlier: tuple[dt.date, GapRow], later: tuple[dt.date, GapRow]) -> TrendRow:
    """Return the row of a requirement that changed between two days."""
    (since, old), (date, new) = earlier, later
    told = {fact.text for fact in old.because}
    return TrendRow(
        date=date,
        since=since,
        capability=new.capability,
        label=new.label,
        role=new.role,
        change=change,
        before=old.attained,
        after=new.attained,
        status_before=old.status,
        status=new.status,
        because=tuple(fact for fact in new.because if fact.text not in told),
    )


def _change(old: GapRow, new: GapRow) -> Change | None:
    """Return how a requirement changed; None where it did not."""
    if old.status != new.status:
        if "unassessed" in {old.status, new.status}:
            return "assessed" if old.status == "unassessed" else "lapsed"
        return "closed" if new.is_met else "opened"
    if old.attained is None or new.attained is None or old.attained == new.attained:
        return None
    return "up" if new.attained > old.attained else "down"
