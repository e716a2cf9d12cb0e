"""team_trend: a team's gap on several days, who gained or lost what between them, and on which evidence."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from capgraph.analysis.attainment import attained
from capgraph.analysis.team_gap import TeamGapReport, TeamGapRow, team_gap
from capgraph.analysis.trend import days_of
from capgraph.analysis.typed import typed
from capgraph.report import Facts, Report, ReportRow

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from capgraph.analysis.attainment import EvidencePolicy
    from capgraph.graph import CapabilityGraph
    from capgraph.report import Fact


@dataclass(frozen=True, kw_only=True)
class TeamTrendRow(ReportRow):
    """One capability at one level whose holders changed between two days."""

    date: dt.date
    """The later day."""
    since: dt.date
    """The earlier day."""
    capability: str
    """The id of the capability."""
    label: str
    """Its label."""
    level: float | None
    """The level or value; None where holding the capability is enough."""
    needed: int
    """The people of whom it is required."""
    holders_before: int
    """The people who held it on the earlier day."""
    holders: int
    """The people who hold it on the later day."""
    shortfall_before: int
    """``max(0, needed − holders)`` on the earlier day."""
    shortfall: int
    """The same on the later day."""
    gained: tuple[str, ...]
    """The people who hold it now and did not before."""
    lost: tuple[str, ...]
    """The people who held it before and do not now."""

    def tone(self) -> str:
        """Return how the row is colored."""
        change = self.holders - self.holders_before
        return "good" if change > 0 else "poor" if change < 0 else "fair"


class TeamTrendPoint(NamedTuple):
    """The figures of a team's gap on one day."""

    date: dt.date
    """The day."""
    shortfall: int
    """The shortfalls of all capabilities and levels together."""
    met: int
    """Requirements of single people that are met."""
    below: int
    """Requirements of single people that are not met."""
    unassessed: int
    """Requirements of single people of which nothing is known."""


@dataclass(frozen=True, kw_only=True, repr=False)
class TeamTrendReport(Report[TeamTrendRow]):
    """What changed in a team's gap from day to day.

    Rows: by day, then by capability and level; what nobody gained or lost is left out.  The rows name people: they are
    for the team and its lead.
    """

    name: ClassVar[str] = "team_trend"
    row_type: ClassVar[type[ReportRow]] = TeamTrendRow

    team: str
    """The team."""
    points: tuple[TeamTrendPoint, ...] = field(repr=False)
    """The figures of each day, the earliest first."""


@typed
def team_trend(
    graph: CapabilityGraph, team: str, *, dates: Iterable[dt.date], policy: EvidencePolicy | None = None
) -> TeamTrendReport:
    """Return what changed in a team's gap between several days: who gained or lost what, and on which evidence.

    Parameters
    ----------
    graph : CapabilityGraph
        The graph; its teams, roles and requirements are those of today on every day.
    team : str
        The id of the team.
    dates : iterable of date
        At least two different days, in any order.
    policy : EvidencePolicy or None
        Which evidence counts and what it weighs; None for the defaults.

    Returns
    -------
    TeamTrendReport
        One row for each capability and level that somebody gained or lost between two days that follow one another.

    Raises
    ------
    DocumentError
        When fewer than two different days are given.
    UnknownIdError, ScaleMismatchError
        As `capgraph.team_gap`.

    Notes
    -----
    One team gap for each day.

    Examples
    --------
    >>> import datetime as dt
    >>> import capgraph as cg
    >>> days = [dt.date(2024, 1, 1), dt.date(2026, 3, 1)]
    >>> trend = team_trend(cg.sample().graph(), "team:control-room", dates=days)
    >>> all(row.holders - row.holders_before == len(row.gained) - len(row.lost) for row in trend)
    True
    """
    reports = [team_gap(graph, team, policy=policy, as_of=day) for day in days_of(team, dates)]
    return TeamTrendReport(
        records=tuple(row for earlier, later in pairwise(reports) for row in _changes(graph, earlier, later)),
        notes=() if len(reports[0]) else reports[0].notes,
        team=graph.resolve(team),
        points=tuple(_point(report) for report in reports),
    )


def _point(report: TeamGapReport) -> TeamTrendPoint:
    """Return the figures of one day."""
    shortfall = sum(row.shortfall for row in report)
    return TeamTrendPoint(report.as_of, shortfall, report.met, report.below, report.unassessed)


def _changes(graph: CapabilityGraph, earlier: TeamGapReport, later: TeamGapReport) -> Iterator[TeamTrendRow]:
    """Yield a row for each capability and level whose holders changed, by capability and level."""
    before = {_key(row): row for row in earlier}
    for row in sorted(later, key=lambda row: (row.capability, row.level is not None, row.level or 0)):
        old = before[_key(row)]
        held, holds = _holders(old), _holders(row)
        if held != holds:
            changed = tuple(sorted(held ^ holds))
            yield TeamTrendRow(
                date=later.as_of,
                since=earlier.as_of,
                capability=row.capability,
                label=row.label,
                level=row.level,
                needed=row.needed,
                holders_before=old.holders,
                holders=row.holders,
                shortfall_before=old.shortfall,
                shortfall=row.shortfall,
                gained=tuple(sorted(holds - held)),
                lost=tuple(sorted(held - holds)),
                because=_why(graph, row.capability, changed, (earlier, later)),
            )


def _key(row: TeamGapRow) -> tuple[str, float | None, tuple[str, ...]]:
    """Return what tells a row from every other one; the requirements say whether a level or a value is meant."""
    return row.capability, row.level, tuple(fact.text for fact in row.because if fact.kind == "link")


def _holders(row: TeamGapRow) -> frozenset[str]:
    """Return the people who hold what a row is about."""
    return frozenset(id_ for fact in row.because if fact.text == "held by" for id_ in fact.ids)


def _why(
    graph: CapabilityGraph, capability: str, people: tuple[str, ...], reports: tuple[TeamGapReport, TeamGapReport]
) -> Facts:
    """Return the records of some people that say something else on the later day than on the earlier one."""

    def tell() -> Iterator[Fact]:
        """Yield the facts, person by person."""
        for person in people:
            old, new = (
                attained(graph, person, capability, policy=report.policy, as_of=report.as_of).facts
                for report in reports
            )
            told = {fact.text for fact in old}
            yield from (fact for fact in new if fact.text not in told)

    return Facts(tell)
