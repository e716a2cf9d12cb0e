"""team_gap: what the people of a team hold together, against what their roles need."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from capgraph.analysis.arguments import require_graph
from capgraph.analysis.attainment import Assessor, EvidencePolicy
from capgraph.analysis.comparison import NECESSITIES, strongest
from capgraph.analysis.group_cells import cells_of, matrix_of, members
from capgraph.analysis.subjects import entry
from capgraph.analysis.typed import typed
from capgraph.model import Necessity, Person, Team
from capgraph.report import Fact, Report, ReportRow

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from capgraph.analysis.comparison import Demand
    from capgraph.analysis.group_cells import Cell
    from capgraph.analysis.matrix import SkillsMatrix
    from capgraph.graph import CapabilityGraph

_SEVERE = 10


@dataclass(frozen=True, kw_only=True)
class TeamGapRow(ReportRow):
    """One capability at one required level: how many people are needed there, and how many hold it."""

    capability: str
    """The id of the capability."""
    label: str
    """Its label."""
    level: float | None
    """The level or value; None where holding the capability is enough."""
    needed: int
    """The people of whom this level or a higher one is required."""
    holders: int
    """The people who hold it, whether or not it is required of them."""
    shortfall: int
    """``max(0, needed − holders)``."""
    below: int
    """The people of whom it is required and who are below it."""
    unassessed: int
    """The people of whom it is required and of whom nothing is known."""
    assessed_share: float
    """The share of the people of whom it is required that is assessed."""
    last_holder: str | None
    """The one person who holds it, where there is only one: what is lost if they leave."""
    necessity: Necessity
    """The most binding necessity among the requirements."""
    importance: float
    """The largest weight among the requirements."""

    @property
    def severity(self) -> float:
        """``importance × shortfall``."""
        return self.importance * self.shortfall

    def tone(self) -> str:
        """Return how the row is colored."""
        if self.shortfall:
            return "poor" if self.below else "open"
        return "fair" if self.last_holder else "good"


class TeamPart(NamedTuple):
    """What the requirements of one sub-team's people come to."""

    team: str
    """The id of the sub-team; its own sub-teams are counted with it."""
    people: int
    """How many people are in it."""
    met: int
    """Requirements that are met."""
    below: int
    """Requirements that are not met."""
    unassessed: int
    """Requirements of which nothing is known."""


@dataclass(frozen=True, kw_only=True, repr=False)
class TeamGapReport(Report[TeamGapRow]):
    """What a team holds together, against what the roles of its people need.

    Rows: those with a shortfall first; of these *mandatory* before *essential* before *optional*, and the larger
    ``importance × shortfall`` first; then those that hang on one person; then by capability and level.

    The rows name the last holders, and `matrix` names everybody: they are for the team and its lead.
    """

    name: ClassVar[str] = "team_gap"
    row_type: ClassVar[type[ReportRow]] = TeamGapRow

    team: str
    """The team."""
    people: int
    """How many people are in it and in its sub-teams."""
    headcount: int | None
    """How many people the team should have; None where it is not stated."""
    as_of: dt.date
    """The day asked about."""
    met: int
    """Requirements of single people that are met."""
    below: int
    """Requirements of single people that are not met."""
    unassessed: int
    """Requirements of single people of which nothing is known."""
    without: tuple[str, ...]
    """The people who are thought to have left: their posts stay, what they hold is gone."""
    parts: tuple[TeamPart, ...] = field(repr=False)
    """The direct sub-teams, by id."""
    matrix: SkillsMatrix = field(repr=False)
    """People × capabilities."""
    policy: EvidencePolicy = field(repr=False)
    """The policy under which evidence was counted."""

    @property
    def worst(self) -> tuple[TeamGapRow, ...]:
        """The ten most severe rows with a shortfall, gates first."""
        return tuple(row for row in self.records if row.shortfall)[:_SEVERE]


@typed
def team_gap(
    graph: CapabilityGraph,
    team: str,
    *,
    policy: EvidencePolicy | None = None,
    as_of: dt.date | None = None,
    without: str | Iterable[str] = (),
) -> TeamGapReport:
    """Return what the people of a team hold together, against what their roles need.

    A level is needed once for every person of whose roles it, or a higher one, is required; it is held by everybody who
    has attained it, whether or not it is required of them.  ``shortfall = max(0, needed − holders)``.  People of
    sub-teams belong to the team.

    Parameters
    ----------
    graph : CapabilityGraph
        The graph.
    team : str
        The id of the team.
    policy : EvidencePolicy or None
        Which evidence counts and what it weighs; None for the defaults.
    as_of : date or None
        The day asked about; None for today in UTC.
    without : str or iterable of str
        People who are thought to have left: their posts stay needed, what they hold is gone.

    Returns
    -------
    TeamGapReport
        One row for each capability and required level; those with a shortfall first, see there for the whole order.

    Raises
    ------
    UnknownIdError
        When an id is unknown or of another kind.
    ScaleMismatchError
        As `capgraph.gap`; all levels that cannot be read are listed.

    Notes
    -----
    Linear in the people times the capabilities that they need together, and in their records.

    Examples
    --------
    >>> import datetime as dt
    >>> import capgraph as cg
    >>> report = team_gap(cg.sample().graph(), "team:control-room", as_of=dt.date(2026, 3, 1))
    >>> all(row.shortfall == max(0, row.needed - row.holders) for row in report)
    True
    """
    require_graph(graph)
    group = entry(graph, team, Team)
    assessor = Assessor(graph, policy=policy, as_of=as_of)
    people = members(graph, team)
    leaving = [without] if isinstance(without, str) else without
    gone = {graph.resolve(id_): entry(graph, id_, Person) for id_ in leaving}
    cells = cells_of(graph, assessor, people, gone)
    assessor.refuse()
    rows = [_row(capability, level, found) for capability, found in cells.items() for level in _levels(found)]
    own = [cell for found in cells.values() for cell in found if cell.verdict is not None]
    return TeamGapReport(
        records=tuple(sorted(rows, key=_order)),
        notes=tuple(_notes(graph, team, people, own)),
        team=graph.resolve(team),
        people=len(people),
        headcount=group.headcount,
        as_of=assessor.as_of,
        met=_count(own, "met"),
        below=_count(own, "below"),
        unassessed=_count(own, "unassessed"),
        without=tuple(sorted(gone)),
        parts=tuple(_part(graph, part, own) for part in graph.narrower(team)),
        matrix=matrix_of(graph, group.label, people, cells),
        policy=assessor.policy,
    )


def _levels(cells: Sequence[Cell]) -> list[tuple[bool, float | None]]:
    """Return the levels that are required of anybody, lowest first, each with whether it is a value."""
    found = {(cell.demand.by_value, cell.demand.required) for cell in cells if cell.demand is not None}
    return sorted(found, key=lambda item: (item[0], item[1] is not None, item[1] or 0))


def _row(capability: str, level: tuple[bool, float | None], cells: Sequence[Cell]) -> TeamGapRow:
    """Return the row of a capability at a level."""
    by_value, rank = level
    needing = [cell for cell in cells if cell.demand is not None and _reaches(cell.demand, by_value, rank)]
    stated = list({one.role: one for cell in needing if (one := cell.demand) is not None}.values())
    people = {cell.person for cell in needing}
    if rank is None:
        holders = sorted({cell.person for cell in cells if cell.held.held})
        known = {cell.person for cell in needing if cell.held.assessed}
    else:
        figure = attrgetter("value" if by_value else "level")
        reached = [(cell.person, figure(cell.held)) for cell in cells]
        holders = sorted({person for person, one in reached if one is not None and one >= rank})
        known = people.intersection([person for person, one in reached if one is not None])
    return TeamGapRow(
        capability=capability,
        label=stated[0].label,
        level=rank,
        needed=len(people),
        holders=len(holders),
        shortfall=max(0, len(people) - len(holders)),
        below=len(known.difference(holders)),
        unassessed=len(people) - len(known),
        assessed_share=len(known) / len(people),
        last_holder=holders[0] if len(holders) == 1 else None,
        necessity=strongest(stated),
        importance=max(one.importance for one in stated),
        because=_because(cells, stated, people, holders),
    )


def _reaches(demand: Demand, by_value: bool, level: float | None) -> bool:  # noqa: FBT001 - the two halves of a level
    """Return whether a demand asks for a level or a higher one."""
    if level is None:
        return True
    return demand.by_value == by_value and demand.required is not None and demand.required >= level


def _because(
    cells: Sequence[Cell], stated: Sequence[Demand], people: Iterable[str], holders: Sequence[str]
) -> tuple[Fact, ...]:
    """Return which roles state the requirement, who it is required of, and the records of the holders."""
    roles = {one.role: one.fact for one in stated}
    records = (
        {fact.ids: fact for cell in cells if cell.person in holders for fact in cell.held.facts}
        if len(holders) == 1
        else {}
    )
    return (
        *(roles[role] for role in sorted(roles)),
        Fact("rule", "required of", tuple(sorted(people))),
        Fact("rule", "held by", tuple(holders)),
        *records.values(),
    )


def _order(row: TeamGapRow) -> tuple[bool, int, float, bool, str, float]:
    """Return the place of a row."""
    level = float("-inf") if row.level is None else row.level
    necessity = NECESSITIES.index(row.necessity)
    return row.shortfall == 0, necessity, -row.severity, row.last_holder is None, row.capability, level


def _count(cells: Iterable[Cell], status: str) -> int:
    """Return how many requirements have a status."""
    return sum(cell.verdict is not None and cell.verdict.status == status for cell in cells)


def _part(graph: CapabilityGraph, team: str, own: Sequence[Cell]) -> TeamPart:
    """Return what the requirements of a sub-team's people come to."""
    people = set(members(graph, team))
    cells = [cell for cell in own if cell.person in people]
    return TeamPart(team, len(people), *(_count(cells, status) for status in ("met", "below", "unassessed")))


def _notes(graph: CapabilityGraph, team: str, people: Sequence[str], own: Sequence[Cell]) -> list[str]:
    """Return what a reader must know to read the rows rightly."""
    if not people:
        return [f"{team} has no people"]
    without = sum(not graph.links(person, "holds") for person in people)
    notes = [f"{without} of {len(people)} people hold no role; nothing is required of them"] if without else []
    weighed = [item for cell in own for item in cell.held.weighed]
    if weighed and not any(item.counts for item in weighed):
        notes.append(f"the policy leaves out all {len(weighed)} records; unassessed here says nothing about the people")
    return notes
