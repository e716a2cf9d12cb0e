"""The figures that a scenario compares."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from capgraph.analysis.coverage import coverage
from capgraph.analysis.learning_path import learning_path
from capgraph.analysis.successors import Successors, successors
from capgraph.analysis.team_gap import team_gap
from capgraph.model import RoleProfile, Team

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from capgraph.analysis.policy import EvidencePolicy
    from capgraph.graph import CapabilityGraph


class Figure(NamedTuple):
    """A number, and which direction is wanted."""

    value: float | None
    """The number; None where it cannot be told."""
    rises: bool | None
    """Whether more is better; None where it depends."""


Found = Iterator[tuple[tuple[str, str], Figure]]


def figures(
    graph: CapabilityGraph,
    bench: Mapping[str, Successors],
    *,
    plans: Iterable[str] = (),
    policy: EvidencePolicy | None = None,
    as_of: dt.date | None = None,
) -> dict[tuple[str, str], Figure]:
    """Return the figures of a graph by measure and subject.

    Parameters
    ----------
    graph : CapabilityGraph
        The graph.
    bench : mapping of str to Successors
        Who could take over, by role.
    plans : iterable of str
        The people whose learning paths are planned.
    policy : EvidencePolicy or None
        Which evidence counts.
    as_of : date or None
        The day asked about.
    """
    found = dict(_of_teams(graph, policy, as_of))
    found.update(_of_coverage(graph))
    for report in bench.values():
        found.update(_of_role(report))
    for person in plans:
        path = learning_path(graph, person, policy=policy, as_of=as_of)
        found["hours of learning", person] = Figure(float(path.hours), None)
        found["requirements left open", person] = Figure(float(len(path.open)), rises=False)
    return found


def _of_teams(graph: CapabilityGraph, policy: EvidencePolicy | None, as_of: dt.date | None) -> Found:
    """Yield what each team has and lacks, and the sum over all people."""
    totals = {"requirements met": 0, "requirements below": 0, "requirements unassessed": 0}
    rises = {"requirements met": True, "requirements below": False, "requirements unassessed": False}
    for team in graph.ids(Team):
        report = team_gap(graph, team, policy=policy, as_of=as_of)
        counts = dict(zip(totals, (report.met, report.below, report.unassessed), strict=True))
        for name, count in counts.items():
            yield (name, team), Figure(float(count), rises[name])
            totals[name] += count if not graph.broader(team) else 0
        yield ("people", team), Figure(float(report.people), None)
        yield ("last holders", team), Figure(float(sum(row.last_holder is not None for row in report)), rises=False)
        if report.headcount is not None:
            own = len(graph.links(team, "member_of", incoming=True))
            yield ("vacancies", team), Figure(float(report.headcount - own), rises=False)
    for name, total in totals.items():
        yield (name, ""), Figure(float(total), rises[name])


def _of_coverage(graph: CapabilityGraph) -> Found:
    """Yield what is taught of what is required."""
    report = coverage(graph)
    yield ("share of steps taught", ""), Figure(report.covered_share, rises=True)
    yield ("mandatory steps not taught", ""), Figure(float(report.mandatory_uncovered), rises=False)
    yield ("assets that serve no role", ""), Figure(float(len(report.orphans)), rises=False)


def _of_role(report: Successors) -> Found:
    """Yield who holds a role, and who else would be ready for it."""
    yield ("holders", report.role), Figure(float(len(report.holders)), None)
    yield ("successors ready", report.role), Figure(float(report.ready_now), rises=True)
    yield ("successors ready soon", report.role), Figure(float(report.ready_soon), None)
    for place, row in enumerate(report, 1):
        yield (f"place as successor in {report.role}", row.person), Figure(float(place), rises=False)


def benches(
    graph: CapabilityGraph, roles: Iterable[str], *, limit: int, policy: EvidencePolicy | None, as_of: dt.date | None
) -> dict[str, Successors]:
    """Return who could take over each of the roles that the graph holds, by role."""
    known = [role for role in roles if role in graph and isinstance(graph[role], RoleProfile)]
    return {role: successors(graph, role, limit=limit, policy=policy, as_of=as_of) for role in known}
