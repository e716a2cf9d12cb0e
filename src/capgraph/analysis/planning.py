"""workforce_plan: what roles and headcount demand of each capability, what people supply, and how to close the rest."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from capgraph.analysis.attainment import Assessor
from capgraph.analysis.comparison import NECESSITIES, Demand, demands, holds, strongest
from capgraph.analysis.group_cells import members
from capgraph.analysis.subjects import entry
from capgraph.errors import DocumentError, Issue
from capgraph.model import Necessity, Person, RoleProfile, Team
from capgraph.report import Report, ReportRow

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from capgraph.analysis.attainment import Attainment, EvidencePolicy
    from capgraph.graph import CapabilityGraph

Supply = dict[str, dict[str, "Attainment"]]
"""What each person has attained of each capability."""


@dataclass(frozen=True, kw_only=True)
class PlanningRow(ReportRow):
    """One capability at one level: what is demanded now and as planned, and how the difference can be closed."""

    capability: str
    """The id of the capability."""
    label: str
    """Its label."""
    level: float | None
    """The level or value; None where holding the capability is enough."""
    needed_now: int
    """The people of whom it is required today."""
    needed: int
    """The people of whom it will be required with the planned headcount."""
    holders: int
    """The people in scope who hold it today."""
    shortfall: int
    """``max(0, needed − holders)``."""
    build: int
    """How many of the shortfall are within reach of people in scope: those at most `reach` levels below."""
    borrow: int
    """How many of the rest people elsewhere hold beyond what their own roles need."""
    hire: int
    """How many remain."""
    unassessed: int
    """The people in scope of whom nothing is known; assessing them first may close some of the shortfall."""
    necessity: Necessity
    """The most binding necessity among the requirements."""

    def tone(self) -> str:
        """Return how the row is colored."""
        return "poor" if self.hire else "fair" if self.shortfall else "good"


@dataclass(frozen=True, kw_only=True, repr=False)
class PlanningReport(Report[PlanningRow]):
    """Demand against supply, by capability and level.

    Rows: those with a shortfall first; of these *mandatory* before *essential* before *optional*, the larger number to
    hire first, then the larger shortfall; then by capability and level.
    """

    name: ClassVar[str] = "workforce_plan"
    row_type: ClassVar[type[ReportRow]] = PlanningRow

    team: str | None
    """The team in scope; None for the whole workforce."""
    people: int
    """How many people are in scope."""
    posts: int
    """The planned headcount of all roles together."""
    as_of: dt.date
    """The day asked about."""


class _Goal(NamedTuple):
    """One capability at one level, with the demands that ask for it."""

    capability: str
    level: float | None
    by_value: bool
    stated: tuple[Demand, ...]

    def is_held(self, held: Attainment) -> bool:
        """Return whether somebody who has attained something reaches it."""
        return holds(held, self.level, by_value=self.by_value)

    def is_near(self, held: Attainment, reach: int) -> bool:
        """Return whether somebody who does not reach it may be developed to it."""
        if self.level is None:
            return reach > 0
        reached = held.value if self.by_value else held.level
        return reached is not None and self.level - reached <= reach


def workforce_plan(
    graph: CapabilityGraph,
    headcount: Mapping[str, int],
    *,
    team: str | None = None,
    reach: int = 1,
    policy: EvidencePolicy | None = None,
    as_of: dt.date | None = None,
) -> PlanningReport:
    """Return what planned roles and headcount demand of each capability, what people supply, and how to close the rest.

    ``needed`` is, for each level, the headcount of the roles that require it or a higher one; ``shortfall = max(0,
    needed − holders)``.  Of the shortfall ``build`` is within reach of people in scope, ``borrow`` is held elsewhere
    beyond what is needed there, and ``hire`` is the rest.  Each capability is looked at by itself: one person may be
    counted for several, so that the numbers to build are at most, and those to hire at least, what it will take.

    Parameters
    ----------
    graph : CapabilityGraph
        The graph.
    headcount : mapping of str to int
        The planned number of people in each role, >= 0; roles that are not named keep the people they have in scope.
    team : str or None
        Only the people of this team and its sub-teams are in scope; None for the whole workforce.
    reach : int
        How many levels below the required one somebody may be to be developed in time, >= 0; where a value is
        required, as much in its unit.
    policy : EvidencePolicy or None
        Which evidence counts and what it weighs; None for the defaults.
    as_of : date or None
        The day asked about; None for today in UTC.

    Returns
    -------
    PlanningReport
        One row for each capability and required level; see there for the order.

    Raises
    ------
    UnknownIdError
        When an id is unknown or of another kind.
    DocumentError
        When a headcount or the reach is negative.
    ScaleMismatchError
        As `capgraph.gap`.

    Notes
    -----
    Linear in the people times the capabilities that are needed.

    Examples
    --------
    >>> import datetime as dt
    >>> import capgraph as cg
    >>> plan = workforce_plan(cg.sample().graph(), {"role:shift-lead": 12}, as_of=dt.date(2026, 3, 1))
    >>> all(row.build + row.borrow + row.hire == row.shortfall for row in plan)
    True
    """
    _check(graph, headcount, reach)
    assessor = Assessor(graph, policy=policy, as_of=as_of)
    everybody = graph.ids(Person)
    scope = everybody if team is None else members(graph, team)
    if team is not None:
        entry(graph, team, Team)
    now = _posts(graph, scope)
    planned = {**now, **{graph.resolve(role): count for role, count in headcount.items()}}
    elsewhere = sorted(set(everybody) - set(scope))
    by_role = {role: demands(graph, assessor.weigher, [role]) for role in {*planned, *_posts(graph, elsewhere)}}
    goals = _goals([one for role in planned for one in by_role[role]])
    supply = _supply(assessor, everybody, {goal.capability for goal in goals})
    assessor.refuse()
    outside = _posts(graph, elsewhere)
    rows = []
    for goal in goals:
        needs = [_needed(goal, posts, by_role) for posts in (now, planned, outside)]
        rows.append(_row(goal, needs, [supply[one] for one in scope], [supply[one] for one in elsewhere], reach))
    return PlanningReport(
        records=tuple(sorted((row for row in rows if row.needed or row.needed_now), key=_order)),
        team=None if team is None else graph.resolve(team),
        people=len(scope),
        posts=sum(planned.values()),
        as_of=assessor.as_of,
    )


def _check(graph: CapabilityGraph, headcount: Mapping[str, int], reach: int) -> None:
    """Refuse unknown roles and negative numbers."""
    for role in headcount:
        entry(graph, role, RoleProfile)
    wrong = [(role, count) for role, count in sorted(headcount.items()) if count < 0]
    issues = [
        Issue("headcount", f"{role!r} is planned with {count} people", (role,), "headcount", "give 0 or more")
        for role, count in wrong
    ]
    if reach < 0:
        issues.append(Issue("reach", f"reach is {reach}", (), "reach", "give 0 to develop nobody"))
    if issues:
        raise DocumentError(issues, "workforce_plan")


def _posts(graph: CapabilityGraph, people: Iterable[str]) -> dict[str, int]:
    """Return how many of the people hold each role."""
    found: dict[str, int] = defaultdict(int)
    for person in people:
        for link in graph.links(person, "holds"):
            if isinstance(graph[link.target], RoleProfile):
                found[link.target] += 1
    return dict(found)


def _goals(stated: Iterable[Demand]) -> list[_Goal]:
    """Return every capability with each level or value demanded: by capability, levels first, the lowest first."""
    found: dict[str, list[Demand]] = defaultdict(list)
    for one in stated:
        found[one.capability].append(one)
    return [
        _Goal(capability, level, by_value, tuple(one for one in demanded if _asks(one, level, by_value=by_value)))
        for capability, demanded in sorted(found.items())
        for by_value, level in sorted({(one.by_value, one.required) for one in demanded}, key=_place)
    ]


def _place(goal: tuple[bool, float | None]) -> tuple[bool, float]:
    """Return the place of a level or value among those of one capability."""
    return goal[0], _rank(goal[1])


def _asks(demand: Demand, level: float | None, *, by_value: bool) -> bool:
    """Return whether a demand asks for a level or value, or a higher one; any demand asks for holding at all."""
    return level is None or (demand.by_value == by_value and _rank(demand.required) >= level)


def _rank(level: float | None) -> float:
    """Return a level as a number; holding a capability at all is less than any level."""
    return float("-inf") if level is None else level


def _supply(assessor: Assessor, people: Iterable[str], capabilities: Iterable[str]) -> Supply:
    """Return what each person has attained of each capability."""
    wanted, found = sorted(capabilities), {}
    for person in people:
        dossier = assessor.dossier(person)
        found[person] = {capability: assessor.attained(dossier, capability) for capability in wanted}
    return found


def _needed(goal: _Goal, posts: Mapping[str, int], by_role: Mapping[str, Sequence[Demand]]) -> int:
    """Return how many people a level is required of."""
    return sum(
        count
        for role, count in posts.items()
        if any(
            one.capability == goal.capability and _asks(one, goal.level, by_value=goal.by_value)
            for one in by_role[role]
        )
    )


def _row(
    goal: _Goal,
    needs: Sequence[int],
    scope: Sequence[Mapping[str, Attainment]],
    elsewhere: Sequence[Mapping[str, Attainment]],
    reach: int,
) -> PlanningRow:
    """Return the row of a goal: what is needed now, as planned and elsewhere, against what is held."""
    now, planned, outside = needs
    own = [person[goal.capability] for person in scope]
    spare = sum(goal.is_held(person[goal.capability]) for person in elsewhere)
    holders = sum(goal.is_held(one) for one in own)
    near = sum(one.assessed and not goal.is_held(one) and goal.is_near(one, reach) for one in own)
    shortfall = max(0, planned - holders)
    build = min(shortfall, near)
    borrow = min(shortfall - build, max(0, spare - outside))
    return PlanningRow(
        capability=goal.capability,
        label=goal.stated[0].label,
        level=goal.level,
        needed_now=now,
        needed=planned,
        holders=holders,
        shortfall=shortfall,
        build=build,
        borrow=borrow,
        hire=shortfall - build - borrow,
        unassessed=sum(not one.assessed for one in own),
        necessity=strongest(goal.stated),
        because=tuple({one.role: one.fact for one in goal.stated}.values()),
    )


def _order(row: PlanningRow) -> tuple[bool, int, int, int, str, float]:
    """Return the place of a row."""
    necessity = NECESSITIES.index(row.necessity)
    return row.shortfall == 0, necessity, -row.hire, -row.shortfall, row.capability, _rank(row.level)
