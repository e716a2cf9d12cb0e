"""A cohort: several learners with their problems, what it takes to run assets for them, and what budgets buy."""

from __future__ import annotations

import dataclasses
import math
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import networkx as nx

from capgraph.analysis.cohort_solver import CohortPlan, CohortProgram, Session
from capgraph.analysis.plan_model import Offer, atoms_of
from capgraph.analysis.planner import Planner, Weights
from capgraph.model import LearningAsset
from capgraph.report import Fact, ReportRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from capgraph.analysis.plan_goal import Brief
    from capgraph.analysis.plan_model import Problem
    from capgraph.analysis.plan_offers import Limits, Shelf
    from capgraph.analysis.plan_order import Arrangement
    from capgraph.analysis.teaching import AlignmentChoice
    from capgraph.graph import CapabilityGraph


@dataclass(frozen=True, kw_only=True)
class CurriculumRow(ReportRow):
    """One asset that is run for some of the cohort."""

    step: int
    """The place in the order, from 1; what shares it can run side by side."""
    asset: str
    """The id of the asset."""
    title: str
    """Its title."""
    people: tuple[str, ...]
    """Who takes it, sorted."""
    sessions: int
    """How often it is run."""
    hours: float | None
    """How long it takes each of them; None where the catalog does not say."""
    facilitator_hours: float
    """The facilitators' time for all sessions."""
    cost: Decimal
    """What all sessions and heads cost together; prices that nobody states count nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Learner:
    """What the plan does for one person, and why the person is served when they are."""

    person: str
    """The id of the person."""
    gates_missing: int
    """The mandatory requirements that the person falls short of."""
    gates_closed: int
    """How many of them the plan closes."""
    importance_missing: float
    """The importance of everything that is missing."""
    importance_closed: float
    """How much of it the plan closes."""
    hours: float
    """The person's hours of learning."""
    served_at: float | None
    """The least budget of the frontier at which everything is closed that any budget closes; None for none of them."""

    @property
    def reason(self) -> str:
        """Why the person comes where they come."""
        return (
            f"closes {self.gates_closed} of {self.gates_missing} gates and {self.importance_closed:g} of "
            f"{self.importance_missing:g} of importance"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontierPoint:
    """What a budget buys at best."""

    budget: float
    """The money available."""
    cost: float
    """The money spent."""
    coverage: float
    """The share of everything missing, weighted by importance, that is closed."""
    gates: int
    """The mandatory shortfalls closed."""
    optimal: bool
    """Whether that is proven best."""


class Cohort:
    """Learners with their problems, and what it takes to run what could help them."""

    def __init__(
        self,
        graph: CapabilityGraph,
        briefs: Mapping[str, Brief],
        limits: Limits,
        *,
        alignments: AlignmentChoice,
        min_confidence: float,
    ) -> None:
        self._graph = graph
        self.briefs = briefs
        self._limits = limits
        self.problems: dict[str, Problem] = {}
        shelf: Shelf | None = None
        for person, brief in briefs.items():
            planner = Planner(graph, brief, Weights(0.0, 1.0), alignments=alignments, min_confidence=min_confidence)
            shelf = shelf or planner.shelf(limits)
            _, problem = planner.shrunk(shelf)
            self.problems[person] = dataclasses.replace(problem, max_price=None)
        self.sessions = {
            offer.asset: self._session(offer.asset) for problem in self.problems.values() for offer in problem.offers
        }

    def _session(self, asset: str) -> Session:
        """Return what it takes to run an asset; a cost in another currency than the budget's counts nothing."""
        node = self._graph[asset]
        if not isinstance(node, LearningAsset):
            return Session()
        fixed = node.session_cost
        price = float(fixed.amount) if fixed is not None and fixed.currency == self._limits.currency else 0.0
        return Session(price=price, seats=node.seats, facilitator_minutes=node.facilitator_minutes or 0.0)

    def solved(self, max_price: float | None, minutes: float | None, seconds: float) -> CohortPlan:
        """Return the best plan under a budget."""
        program = CohortProgram(self.problems, self.sessions, max_price=max_price, max_facilitator_minutes=minutes)
        return program.best(seconds=seconds)

    def cost(self, plan: CohortPlan) -> float:
        """Return the money that a plan spends."""
        heads = (
            offer.price or 0.0 for order in plan.arrangements.values() for block in order.blocks for offer in block
        )
        return math.fsum(heads) + math.fsum(self.sessions[asset].price * runs for asset, runs in plan.sessions.items())

    def frontier(self, steps: int, minutes: float | None, seconds: float) -> list[tuple[FrontierPoint, CohortPlan]]:
        """Return what equal parts of the money that closes everything buy."""
        if steps < 1:
            return []
        whole = self.solved(None, minutes, seconds)
        full = self.cost(whole)
        budgets = [full * step / steps for step in range(steps)] if full > 0 else []
        plans = [(budget, self.solved(budget, minutes, seconds)) for budget in budgets]
        return [(self._point(budget, plan), plan) for budget, plan in (*plans, (full, whole))]

    def _point(self, budget: float, plan: CohortPlan) -> FrontierPoint:
        """Return what one budget buys."""
        closed = [self.closed(person, plan) for person in self.problems]
        missing = math.fsum(goal.importance for brief in self.briefs.values() for goal in brief.goals)
        return FrontierPoint(
            budget=budget,
            cost=self.cost(plan),
            coverage=math.fsum(share for _, share in closed) / missing if missing else 1.0,
            gates=sum(gates for gates, _ in closed),
            optimal=plan.optimal,
        )

    def closed(self, person: str, plan: CohortPlan) -> tuple[int, float]:
        """Return the gates and the importance that a plan closes for one person."""
        held = plan.arrangements[person].held
        gates, worth = 0, []
        for goal in self.briefs[person].goals:
            reached = sum(atom in held for atom in goal.missing)
            worth.append(goal.importance * reached / max(1, len(goal.missing)))
            gates += goal.necessity == "mandatory" and not goal.problem and reached == len(goal.missing)
        return gates, math.fsum(worth)

    def learner(self, person: str, plan: CohortPlan, points: list[tuple[FrontierPoint, CohortPlan]]) -> Learner:
        """Return what a plan does for one person, and which budget serves the person in full."""
        goals = self.briefs[person].goals
        gates, worth = self.closed(person, plan)
        full = self.closed(person, points[-1][1]) if points else (gates, worth)
        served = (point.budget for point, other in points if self.closed(person, other) >= full)
        return Learner(
            person=person,
            gates_missing=sum(goal.necessity == "mandatory" for goal in goals),
            gates_closed=gates,
            importance_missing=math.fsum(goal.importance for goal in goals),
            importance_closed=worth,
            hours=math.fsum(offer.minutes or 0.0 for offer in taken(plan.arrangements[person])) / 60,
            served_at=next(served, None),
        )

    def rows(self, plan: CohortPlan) -> tuple[tuple[CurriculumRow, ...], list[tuple[str, ...]]]:
        """Return the assets in order, and the knots that people need in different orders."""
        people: dict[str, list[str]] = defaultdict(list)
        order: nx.DiGraph[str] = nx.DiGraph()
        offers: dict[str, Offer] = {}
        for person, arrangement in plan.arrangements.items():
            before: list[Offer] = []
            for offer in taken(arrangement):
                people[offer.asset].append(person)
                offers[offer.asset] = offer
                order.add_node(offer.asset)
                order.add_edges_from((other.asset, offer.asset) for other in before if _supports(other, offer))
                before.append(offer)
        knots = [tuple(sorted(knot)) for knot in nx.strongly_connected_components(order) if len(knot) > 1]
        rows = [self._row(step, offers[asset], people[asset], plan) for asset, step in _places(order).items()]
        return tuple(sorted(rows, key=lambda row: (row.step, row.asset))), sorted(knots)

    def _row(self, step: int, offer: Offer, people: list[str], plan: CohortPlan) -> CurriculumRow:
        """Return the row of one asset."""
        node, session = self._graph[offer.asset], self.sessions[offer.asset]
        runs = plan.sessions[offer.asset]
        money = Decimal(str((offer.price or 0.0) * len(people) + session.price * runs))
        reasons = (
            Fact("rule", f"{person} falls short of what it leads to", (person, offer.asset)) for person in people
        )
        return CurriculumRow(
            step=step,
            asset=offer.asset,
            title=node.title if isinstance(node, LearningAsset) else offer.asset,
            people=tuple(sorted(people)),
            sessions=runs,
            hours=None if offer.minutes is None else offer.minutes / 60,
            facilitator_hours=session.facilitator_minutes * runs / 60,
            cost=money,
            because=tuple(reasons),
        )

    def left(self, plan: CohortPlan) -> Iterator[str]:
        """Yield what stays open, by person and capability."""
        for person, brief in self.briefs.items():
            held = plan.arrangements[person].held
            offered = {target.atom for target in self.problems[person].targets}
            for goal in brief.goals:
                if goal.problem or not held.issuperset(goal.missing):
                    reason = goal.problem or ("no budget" if offered.issuperset(goal.missing) else "nothing teaches it")
                    yield f"{person}: {goal.subject}: {reason}"


def taken(arrangement: Arrangement) -> Iterator[Offer]:
    """Yield what one learner takes, in order."""
    for block in arrangement.blocks:
        yield from block


def _supports(earlier: Offer, later: Offer) -> bool:
    """Return whether an offer can give another one something that it waits for."""
    waited = {*atoms_of(later.entry), *atoms_of(later.beside), *(gain.start for gain in later.gains if gain.start)}
    return not waited.isdisjoint(earlier.yields())


def _places(order: nx.DiGraph[str]) -> dict[str, int]:
    """Return the place of each asset: 1, or one more than the last place of what it waits for; knots share theirs."""
    knots = nx.condensation(order)
    places: dict[str, int] = {}
    for knot in nx.topological_sort(knots):
        members = knots.nodes[knot]["members"]
        earlier = {asset for other in knots.predecessors(knot) for asset in knots.nodes[other]["members"]}
        step = 1 + max((places[asset] for asset in earlier), default=0)
        places.update(dict.fromkeys(members, step))
    return places
