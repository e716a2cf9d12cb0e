"""restructure: what planned teams and roles do to the gaps of teams, before anybody moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from capgraph.analysis.subjects import day
from capgraph.analysis.team_gap import TeamGapReport, TeamGapRow, team_gap
from capgraph.errors import DocumentError, Issue
from capgraph.graph import CapabilityGraph
from capgraph.model import Node, Person, RoleProfile, Team, Workforce
from capgraph.report import Report, ReportRow

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

    from capgraph.analysis.attainment import EvidencePolicy

_NOTHING = (0, 0, 0, None)
_GOALS: dict[str, type[Node]] = {"teams": Team, "roles": RoleProfile}
"""Where a move of each kind leads."""


@dataclass(frozen=True, kw_only=True)
class RestructureRow(ReportRow):
    """One capability at one level in one team, today and as planned."""

    team: str
    """The team."""
    capability: str
    """The id of the capability."""
    label: str
    """Its label."""
    level: float | None
    """The level; None where holding the capability is enough."""
    needed_before: int
    """The people of the team of whom it is required today."""
    needed: int
    """The people of the team of whom it would be required."""
    holders_before: int
    """The people of the team who hold it today."""
    holders: int
    """The people of the team who would hold it."""
    shortfall_before: int
    """``max(0, needed − holders)`` today."""
    shortfall: int
    """``max(0, needed − holders)`` as planned."""
    change: int
    """``shortfall − shortfall_before``."""
    last_holder: str | None
    """The one person who would hold it, where there would be only one."""

    def tone(self) -> str:
        """Return how the row is colored."""
        return "poor" if self.change > 0 else "good" if self.change < 0 else ""


@dataclass(frozen=True, kw_only=True, repr=False)
class RestructureReport(Report[RestructureRow]):
    """What planned teams and roles do to the gaps of teams.

    Rows: every capability and level of which the needs, the holders or the last holder change; the shortfalls that grow
    most first, then by team, capability and level.
    """

    name: ClassVar[str] = "restructure"
    row_type: ClassVar[type[ReportRow]] = RestructureRow

    as_of: dt.date
    """The day asked about."""
    shortfall_before: int
    """The shortfalls of all teams without sub-teams together, today."""
    shortfall: int
    """The same as planned."""


def restructure(
    graph: CapabilityGraph,
    planned: CapabilityGraph,
    *,
    policy: EvidencePolicy | None = None,
    as_of: dt.date | None = None,
) -> RestructureReport:
    """Return what a planned state of teams and roles does to the gaps of every team, before it happens.

    Parameters
    ----------
    graph : CapabilityGraph
        The state of today.
    planned : CapabilityGraph
        The planned state: other roles, or other people in the teams; `moved` makes one.
    policy : EvidencePolicy or None
        Which evidence counts and what it weighs; None for the defaults.
    as_of : date or None
        The day asked about; None for today in UTC.

    Returns
    -------
    RestructureReport
        One row for each team, capability and level that changes, the shortfalls that grow most first.

    Notes
    -----
    Two team gaps for each team.

    Examples
    --------
    >>> import datetime as dt
    >>> import capgraph as cg
    >>> graph = cg.sample().graph()
    >>> planned = moved(graph, teams={"person:adaeze": "team:field-north"})
    >>> sorted({row.team for row in restructure(graph, planned, as_of=dt.date(2026, 3, 1))})
    ['team:control-room', 'team:field-north']
    """
    today = day(as_of)
    before, after = (_rows(state, policy, today) for state in (graph, planned))
    rows = [_row(key, before.get(key), after.get(key)) for key in sorted(before.keys() | after.keys(), key=str)]
    changed = [row for row in rows if row is not None]
    return RestructureReport(
        records=tuple(sorted(changed, key=lambda row: (-row.change, row.team, row.capability, row.level or 0))),
        as_of=today,
        shortfall_before=_total(graph, before),
        shortfall=_total(planned, after),
    )


def moved(
    graph: CapabilityGraph,
    *,
    teams: Mapping[str, str] | None = None,
    roles: Mapping[str, str] | None = None,
) -> CapabilityGraph:
    """Return the graph with some people in another team, or in another role.

    Parameters
    ----------
    graph : CapabilityGraph
        The state of today.
    teams : mapping of str to str or None
        The team that each person moves to, by person; it takes the place of all their teams.
    roles : mapping of str to str or None
        The role that each person moves to, by person; it takes the place of all their roles.

    Raises
    ------
    DocumentError
        When an id is unknown or of another kind; all of them are listed.
    """
    changes = {"teams": teams or {}, "roles": roles or {}}
    issues = [issue for field, moves in changes.items() for issue in _misnamed(graph, field, moves)]
    if issues:
        raise DocumentError(issues, "moved")
    goals = {
        field: {graph.resolve(person): [goal] for person, goal in moves.items()} for field, moves in changes.items()
    }
    documents = (
        document.replace(people=[_changed(graph, person, goals) for person in document.people])
        if isinstance(document, Workforce)
        else document
        for document in graph.documents.values()
    )
    return CapabilityGraph(*documents)


def _misnamed(graph: CapabilityGraph, field: str, moves: Mapping[str, str]) -> Iterator[Issue]:
    """Yield an issue for each person, team or role of the moves that the graph does not hold."""
    for person, goal in moves.items():
        for id_, kind in ((person, Person), (goal, _GOALS[field])):
            if id_ not in graph or not isinstance(graph[id_], kind):
                text = f"{id_!r} is no {kind.__name__} of this graph"
                yield Issue("unknown-id", text, (id_,), field, "name one that is there")


def _changed(graph: CapabilityGraph, person: Person, goals: Mapping[str, Mapping[str, list[str]]]) -> Person:
    """Return a person after the move."""
    key = graph.resolve(person.id)
    own = {field: by_person[key] for field, by_person in goals.items() if key in by_person}
    return person.replace(**own) if own else person


_Key = tuple[str, str, float | None]


def _rows(graph: CapabilityGraph, policy: EvidencePolicy | None, as_of: dt.date) -> dict[_Key, TeamGapRow]:
    """Return the rows of every team's gap, by team, capability and level."""
    reports: Iterator[TeamGapReport] = (team_gap(graph, team, policy=policy, as_of=as_of) for team in graph.ids(Team))
    return {(report.team, row.capability, row.level): row for report in reports for row in report}


def _row(key: _Key, before: TeamGapRow | None, after: TeamGapRow | None) -> RestructureRow | None:
    """Return the row of what changes; None where nothing does."""
    old, new = (
        _NOTHING if row is None else (row.needed, row.holders, row.shortfall, row.last_holder)
        for row in (before, after)
    )
    stated = after or before
    if old == new or stated is None:
        return None
    return RestructureRow(
        team=key[0],
        capability=key[1],
        label=stated.label,
        level=key[2],
        needed_before=old[0],
        needed=new[0],
        holders_before=old[1],
        holders=new[1],
        shortfall_before=old[2],
        shortfall=new[2],
        change=new[2] - old[2],
        last_holder=new[3],
        because=stated.because,
    )


def _total(graph: CapabilityGraph, rows: Mapping[_Key, TeamGapRow]) -> int:
    """Return the shortfalls of the teams that have no sub-teams."""
    leaves = {team for team in graph.ids(Team) if not graph.narrower(team)}
    return sum(row.shortfall for (team, _, _), row in rows.items() if team in leaves)
