"""curriculum: what to run for a cohort, for whom, in which order, and what each further sum of money buys."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, ClassVar

from capgraph.analysis.arguments import require_graph, require_numbers, require_seconds
from capgraph.analysis.cohort import people_of
from capgraph.analysis.cohort_plan import Cohort, CurriculumRow, FrontierPoint, Learner
from capgraph.analysis.gap import gap
from capgraph.analysis.plan_goal import Reader, Unassessed
from capgraph.analysis.plan_request import Request
from capgraph.analysis.subjects import day
from capgraph.analysis.typed import typed
from capgraph.errors import ArgumentError
from capgraph.report import Report, ReportRow

if TYPE_CHECKING:
    import datetime as dt

    from capgraph.analysis.cohort_solver import CohortPlan
    from capgraph.analysis.policy import EvidencePolicy
    from capgraph.analysis.teaching import AlignmentChoice
    from capgraph.graph import CapabilityGraph
    from capgraph.model import Money
    from capgraph.table import Table

MOST_STEPS = 1_000
"""The most points of a frontier: each is an integer program."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Curriculum(Report[CurriculumRow]):
    """What to run for a cohort.

    Rows: step by step, in an order in which everybody's conditions hold, then by asset; an asset that some need before
    others can take it has a row for each time.
    """

    name: ClassVar[str] = "curriculum"
    row_type: ClassVar[type[ReportRow]] = CurriculumRow

    role: str | None
    """The role aimed at; None for the roles that each person holds."""
    optimal: bool
    """Whether it is proven best."""
    bound: float
    """What no curriculum that reaches as much costs less than."""
    cost: Decimal
    """The cost of everything."""
    currency: str | None
    """The currency."""
    hours: float
    """The hours of learning of all people together."""
    facilitator_hours: float
    """The facilitators' hours."""
    coverage: float
    """The share of everything missing, weighted by importance, that is closed; 1 where nothing is missing."""
    learners: tuple[Learner, ...]
    """The people, those served first by the frontier first; then those with more gates closed, then by id."""
    frontier: tuple[FrontierPoint, ...]
    """What growing budgets buy."""
    open: tuple[str, ...]
    """What stays open, by person and capability."""

    def table(self, *, limit: int | None = None) -> Table:
        """Return the rows as text cells, and below them what budgets buy, who is served when and what stays open."""
        shown = super().table(limit=limit)
        return replace(shown, notes=(*shown.notes, *self._remarks()))

    def _remarks(self) -> Iterator[str]:
        """Yield what is said below the rows besides the notes."""
        for point in self.frontier:
            whom = f": {', '.join(point.served)}" if point.served else ""
            yield f"a budget of {point.budget:g} closes {point.coverage:.0%}, {point.gates} gates{whom}"
        yield from (f"{learner.person} {learner.reason}" for learner in self.learners)
        for reason, count in Counter(goal.split(": ", 2)[2] for goal in self.open).most_common():
            yield f"open: {count} goals: {reason}"


@typed
def curriculum(
    graph: CapabilityGraph,
    who: str | Iterable[str],
    role: str | None = None,
    *,
    max_cost: Money | Decimal | float | None = None,
    max_hours: float | None = None,
    max_facilitator_hours: float | None = None,
    currency: str | None = None,
    languages: Iterable[str] | None = None,
    kinds: Iterable[str] | None = None,
    exclude: Iterable[str] = (),
    assume_hours: float | None = None,
    assume_cost: float | None = 0.0,
    steps: int | Iterable[float] = 4,
    alignments: AlignmentChoice = "accepted",
    min_confidence: float = 0.0,
    unassessed: Unassessed = "open",
    policy: EvidencePolicy | None = None,
    as_of: dt.date | None = None,
    time_limit: float = 30.0,
) -> Curriculum:
    """Return which assets to run for a cohort, for whom and how often, so that a budget closes the most.

    Each person's plan keeps the rules of `learning_path`.  Running an asset costs its ``session_cost`` for every
    started ``seats`` learners, and its ``cost`` for every head.  What is closed counts first by gates, then by
    importance, then by steps, summed over the people; then the least money is spent, then the least time, then the
    fewest seats.

    Parameters
    ----------
    graph : CapabilityGraph
        The graph.
    who : str or iterable of str
        A team (with its parts), a role (its holders), or people.
    role : str or None
        The role to be ready for; None for the roles that each person holds.
    max_cost : Money, Decimal, float or None
        The budget, >= 0; None for no limit.
    max_hours : float or None
        Hours of learning of each person, >= 0.
    max_facilitator_hours : float or None
        Hours of all facilitators, >= 0.
    currency, languages, kinds, exclude, assume_hours
        As in `learning_path`.
    assume_cost : float or None
        What a head costs where no price is stated; None leaves such assets out under a budget.
    steps : int or iterable of float
        The frontier: into how many equal parts it divides the money that closes everything, >= 0, with 0 for no
        frontier; or the budgets to look at, such as ``range(0, 20_000, 1_000)`` for each further thousand;
        at most 1,000 of either.
    alignments, min_confidence, unassessed, policy, as_of
        As in `learning_path`.
    time_limit : float
        Seconds for the solver, for the plan and for each point of the frontier, > 0.

    Returns
    -------
    Curriculum
        One row an asset; the people in the order in which growing budgets serve them; the frontier.

    Raises
    ------
    UnknownIdError
        When an id is unknown or of another kind.
    ValueError
        When an argument is out of its range.

    Notes
    -----
    One integer program whose columns are the people times the assets that can help them: NP-hard, seconds for a team of
    a dozen and a catalog of hundreds.  Whatever all its learners can start is run for all of them.  Where people need
    assets in opposite orders, one is run again (at most twice more than its seats ask for), if the budget pays for it;
    else others are chosen.

    Examples
    --------
    >>> import datetime as dt
    >>> import capgraph as cg
    >>> plan = curriculum(cg.sample().graph(), "role:data-engineer", as_of=dt.date(2026, 9, 1), steps=0)
    >>> plan.optimal, plan.coverage <= 1
    (True, True)
    """
    require_graph(graph)
    request = Request(
        objective="cost",
        has_sessions=True,
        assume_cost=assume_cost,
        assume_hours=assume_hours,
        exclude=exclude,
        kinds=kinds,
        languages=languages,
        currency=currency,
        max_cost=max_cost,
        max_hours=max_hours,
    )
    require_numbers(0, max_facilitator_hours=max_facilitator_hours)
    require_seconds(time_limit)
    budgets = _checked(steps)
    on = day(as_of)
    limits = request.limits(graph, on)
    reader = Reader(graph, policy=policy, as_of=on, unassessed=unassessed)
    briefs = {
        person: reader.brief(gap(graph, person, role, policy=policy, as_of=on), None, None, ())
        for person in people_of(graph, who)
    }
    cohort = Cohort(graph, briefs, limits, alignments=alignments, min_confidence=min_confidence)
    minutes = None if max_facilitator_hours is None else max_facilitator_hours * 60
    plan = cohort.solved(limits.max_cost, minutes, time_limit)
    frontier = cohort.frontier(budgets, minutes, time_limit)
    return _told(cohort, plan, frontier, limits.currency, None if role is None else graph.resolve(role))


def _checked(steps: int | Iterable[float]) -> int | tuple[float, ...]:
    """Return the steps of the frontier; refuse negative ones, and more than anybody waits for."""
    if not isinstance(steps, Iterable):
        require_numbers(0, steps=steps)
        _require_few(steps)
        return int(steps)
    found = tuple(islice(steps, MOST_STEPS + 1))
    _require_few(len(found))
    for step in found:
        require_numbers(0, steps=step)
    return found


def _require_few(count: float) -> None:
    """Refuse a frontier of too many points, each of which is solved for itself."""
    if count > MOST_STEPS:
        message = f"steps asks for more than {MOST_STEPS:,} points, each of which is solved for itself; ask for fewer"
        raise ArgumentError(message)


def _told(
    cohort: Cohort,
    plan: CohortPlan,
    points: list[tuple[FrontierPoint, CohortPlan]],
    currency: str | None,
    role: str | None,
) -> Curriculum:
    """Return a plan as a report."""
    rows = cohort.rows(plan)
    learners = [cohort.learner(person, plan, points) for person in cohort.problems]
    missing = math.fsum(learner.importance_missing for learner in learners)
    closed = math.fsum(learner.importance_closed for learner in learners)
    return Curriculum(
        records=rows,
        notes=tuple(cohort.notes(rows, plan)),
        role=role,
        optimal=plan.optimal,
        bound=plan.bound,
        cost=sum((row.cost for row in rows), Decimal(0)),
        currency=currency,
        hours=math.fsum(learner.hours for learner in learners),
        facilitator_hours=math.fsum(row.facilitator_hours for row in rows),
        coverage=closed / missing if missing else 1.0,
        learners=tuple(sorted(learners, key=_precedence)),
        frontier=tuple(point for point, _ in points),
        open=tuple(cohort.left(plan)),
    )


def _precedence(learner: Learner) -> tuple[float, int, str]:
    """Return the order in which people are served."""
    return math.inf if learner.served_at is None else learner.served_at, -learner.gates_closed, learner.person
