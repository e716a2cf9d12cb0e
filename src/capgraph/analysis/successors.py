"""successors: who could take over a role, and how deep the bench is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from capgraph.analysis.arguments import require_counts, require_graph, require_numbers, require_seconds, require_stated
from capgraph.analysis.cohort import people_of
from capgraph.analysis.gap import GapReport, gap
from capgraph.analysis.learning_path import LearningPath, learning_path
from capgraph.analysis.merit import MIN_ASSESSED, gates, merit
from capgraph.analysis.role_index import profile
from capgraph.analysis.subjects import day
from capgraph.analysis.typed import typed
from capgraph.model import LearningAsset
from capgraph.report import Fact, Report, ReportRow

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from capgraph.analysis.policy import EvidencePolicy
    from capgraph.graph import CapabilityGraph


@dataclass(frozen=True, kw_only=True)
class SuccessorRow(ReportRow):
    """One person who could take over a role."""

    person: str
    """The id of the person."""
    ready: bool | None
    """Whether every gate is met and every essential requirement reaches its minimum; None where that is not known."""
    gates_below: tuple[str, ...]
    """The mandatory capabilities that the person falls short of."""
    gates_open: tuple[str, ...]
    """The mandatory capabilities that nobody has assessed."""
    readiness: float | None
    """The share of the assessed requirements that is held, weighted by importance."""
    assessed_share: float | None
    """The share of the requirements that is assessed."""
    hours: float | None
    """The hours of learning to ready; None where no catalog is loaded or the person was not looked at."""
    closes: bool | None
    """Whether that learning closes every assessed shortfall."""
    roles: tuple[str, ...]
    """The roles that the person holds."""

    def tone(self) -> str:
        """Return how the row is colored."""
        return {True: "good", None: "open", False: "poor" if self.gates_below else "fair"}[self.ready]


@dataclass(frozen=True, kw_only=True, repr=False)
class Successors(Report[SuccessorRow]):
    """Who could take over a role.

    Rows: fewer gates failed first, then fewer gates not assessed; then people of whom enough is assessed before the
    others; then higher readiness, then fewer hours to ready (a plan that does not close everything after one that
    does), then by person.
    """

    name: ClassVar[str] = "successors"
    row_type: ClassVar[type[ReportRow]] = SuccessorRow

    role: str
    """The role."""
    holders: tuple[str, ...]
    """The people who hold it now, who are not listed."""
    ready_now: int
    """How many people are ready now: the depth of the bench."""
    ready_soon: int
    """How many more of those listed can be ready within `soon_hours` of learning; a note says who was not looked at."""
    soon_hours: float
    """The hours of learning that count as soon."""
    as_of: dt.date
    """The day asked about."""


@typed
def successors(
    graph: CapabilityGraph,
    role: str,
    *,
    candidates: str | Iterable[str] | None = None,
    limit: int | None = 10,
    soon_hours: float = 80.0,
    min_assessed: float = MIN_ASSESSED,
    policy: EvidencePolicy | None = None,
    as_of: dt.date | None = None,
    time_limit: float = 10.0,
) -> Successors:
    """Return who could take over a role: gates first, then readiness, then hours to ready.

    Gates are the mandatory requirements: nothing compensates one that is failed.  Hours to ready are those of the best
    `learning_path` for what is assessed and falls short; they are worked out for the rows returned.

    Parameters
    ----------
    graph : CapabilityGraph
        The graph.
    role : str
        The role to fill.
    candidates : str or iterable of str or None
        A team (with its parts), a role (its holders), or people; None for everybody.  People who hold the role are
        left out.
    limit : int or None
        How many people to return; None for all.
    soon_hours : float
        The hours of learning within which somebody counts as ready soon, >= 0.
    min_assessed : float
        The share of the requirements that must be assessed before readiness says enough to compare people by, 0 to 1.
    policy, as_of
        Which evidence counts, and on which day; as in `gap`.
    time_limit : float
        Seconds for each learning path, > 0.

    Returns
    -------
    Successors
        One row a person, and the depth of the bench: who is ready now among all candidates, and who soon among those
        listed.

    Raises
    ------
    UnknownIdError
        When an id is unknown or of another kind.

    Notes
    -----
    One `gap` for each candidate, one `learning_path` for each person who falls short and is listed, or ties with the
    last one listed.

    Examples
    --------
    >>> import datetime as dt
    >>> import capgraph as cg
    >>> bench = successors(cg.sample().graph(), "role:senior-data-engineer", limit=3, as_of=dt.date(2026, 9, 1))
    >>> len(bench)
    3
    """
    require_graph(graph)
    require_counts(0, limit=limit)
    require_numbers(0, 1, min_assessed=min_assessed)
    require_numbers(0, soon_hours=soon_hours)
    require_stated(min_assessed=min_assessed, soon_hours=soon_hours)
    require_seconds(time_limit)
    key, on = profile(graph, role), day(as_of)
    holders = tuple(sorted(link.source for link in graph.links(key, "holds", incoming=True)))
    people = [person for person in people_of(graph, candidates) if person not in holders]
    gaps = {person: gap(graph, person, key, policy=policy, as_of=on) for person in people}
    merits = {person: merit(found, min_assessed) for person, found in gaps.items()}
    ranked = sorted(people, key=lambda person: (*merits[person], person))
    least = [merits[person] for person in ranked[:limit]][-1:]
    first = [person for person in ranked if [merits[person]] <= least]
    plans = _plans(graph, {person: gaps[person] for person in first}, time_limit)
    rows = [_row(graph, person, gaps[person], plans) for person in first]
    rows.sort(key=lambda row: (*merits[row.person], row.closes is False, row.hours or 0.0, row.person))
    rows = rows[:limit]
    soon = sum(row.ready is False and row.closes is True and (row.hours or 0) <= soon_hours for row in rows)
    return Successors(
        records=tuple(rows),
        notes=tuple(_notes(gaps, key, len(rows))),
        role=key,
        holders=holders,
        ready_now=sum(found.ready is True for found in gaps.values()),
        ready_soon=soon,
        soon_hours=soon_hours,
        as_of=on,
    )


def _plans(graph: CapabilityGraph, gaps: dict[str, GapReport], seconds: float) -> dict[str, LearningPath | None]:
    """Return the best plan of each person; None for those who fall short of nothing that is assessed.

    Nothing is planned where there are no assets.
    """
    if not graph.ids(LearningAsset):
        return {}
    short = {person: any(row.status == "below" for row in found) for person, found in gaps.items()}
    return {
        person: learning_path(graph, found, time_limit=seconds) if short[person] else None
        for person, found in gaps.items()
    }


def _notes(gaps: dict[str, GapReport], role: str, listed: int) -> Iterable[str]:
    """Yield what a reader must know."""
    if listed < len(gaps):
        yield f"candidates after these: {len(gaps) - listed}; limit=None lists everybody"
    if not gaps:
        yield "nobody is a candidate"
    elif not any(len(found) for found in gaps.values()):
        yield f"{role} requires nothing, so that nobody can be compared with it"


def _row(graph: CapabilityGraph, person: str, found: GapReport, plans: dict[str, LearningPath | None]) -> SuccessorRow:
    """Return the row of one person."""
    plan = plans.get(person)
    closes = plan is None or all("assess first" in goal.reason for goal in plan.open)
    hours = 0.0 if plan is None else plan.hours
    return SuccessorRow(
        person=person,
        ready=found.ready,
        gates_below=gates(found, "below"),
        gates_open=gates(found, "unassessed"),
        readiness=found.readiness,
        assessed_share=found.assessed_share,
        hours=hours if person in plans else None,
        closes=closes if person in plans else None,
        roles=tuple(link.target for link in graph.links(person, "holds")),
        because=_shortcomings(person, found),
    )


def _shortcomings(person: str, found: GapReport) -> tuple[Fact, ...]:
    """Return a fact for each requirement that a person does not meet."""
    return tuple(
        Fact("rule", f"{row.capability}: {row.status} ({row.necessity})", (person, row.capability))
        for row in found
        if not row.is_met
    )
