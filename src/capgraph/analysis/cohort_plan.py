"""A cohort: several learners with their problems, what it takes to run assets for them, and what budgets buy."""

from __future__ import annotations

import dataclasses
import math
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from itertools import takewhile
from typing import TYPE_CHECKING

from capgraph.analysis.cohort_order import Session, Wave
from capgraph.analysis.cohort_solver import CohortPlan, CohortProgram
from capgraph.analysis.plan_model import Offer, atoms_of
from capgraph.analysis.plan_notes import PROPOSED, asks_nothing, figures, teaches_nothing
from capgraph.analysis.plan_offers import Shelf
from capgraph.analysis.planner import Planner, Weights
from capgraph.model import LearningAsset
from capgraph.report import Fact, ReportRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from capgraph.analysis.plan_goal import Brief
    from capgraph.analysis.plan_model import Problem
    from capgraph.analysis.plan_offers import Limits
    from capgraph.analysis.plan_order import Arrangement
    from capgraph.analysis.teaching import AlignmentChoice
    from capgraph.graph import CapabilityGraph


@dataclass(frozen=True, kw_only=True)
class CurriculumRow(ReportRow):
    """One asset that is run for some of the cohort."""

    step: int
    """The place in the order, from 1; what shares it can run side by side."""
    asset: str
    """The id of the asset; it comes in several rows where some need it earlier than others can take it."""
    title: str
    """Its title."""
    people: tuple[str, ...]
    """Who takes it then, sorted."""
    sessions: int
    """How often it is run then."""
    hours: float | None
    """How long it takes each of them; None where the catalog does not say."""
    facilitator_hours: float
    """The facilitators' time for all sessions."""
    cost: Decimal
    """What all sessions and heads cost together; prices that nobody states count nothing."""
    proposed: bool
    """Whether it rests on an alignment that nobody has accepted yet."""

    def tone(self) -> str:
        """Return how the row is colored."""
        return "fair" if self.proposed else ""


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
    """The least budget of the frontier from which on all is closed that any budget closes; None where that is nothing.

    A smaller budget may serve somebody whom a larger one leaves waiting, since it buys more for others."""

    @property
    def reason(self) -> str:
        """Why the person comes where they come."""
        told = (
            f"closes {self.gates_closed} of {self.gates_missing} gates and {self.importance_closed:g} of "
            f"{self.importance_missing:g} of importance"
        )
        if self.served_at is None:
            return told
        return f"{told}; from a budget of {self.served_at:g} on, all is closed that money can close"


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
    served: tuple[str, ...]
    """The people for whom everything is closed that any budget closes, sorted."""
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
        self.graph = graph
        self.briefs = briefs
        self.problems: dict[str, Problem] = {}
        self.limits = limits
        self.shelf = Shelf(graph, limits, alignments=alignments, min_confidence=min_confidence)
        for person, brief in briefs.items():
            planner = Planner(graph, brief, Weights(0.0, 1.0), alignments=alignments, min_confidence=min_confidence)
            _, problem = planner.shrunk(self.shelf)
            self.problems[person] = dataclasses.replace(problem, max_price=None)
        self.sessions = {
            offer.asset: self._session(offer.asset) for problem in self.problems.values() for offer in problem.offers
        }

    def _session(self, asset: str) -> Session:
        """Return what it takes to run an asset; the shelf has left out what is priced in another currency."""
        node = self.graph[asset]
        if not isinstance(node, LearningAsset):
            return Session()
        price = 0.0 if node.session_cost is None else float(node.session_cost.amount)
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
        return math.fsum(heads) + math.fsum(self.sessions[wave.asset].price * wave.sessions for wave in plan.waves)

    def frontier(
        self, steps: int | Iterable[float], minutes: float | None, seconds: float
    ) -> list[tuple[FrontierPoint, CohortPlan]]:
        """Return what budgets buy below the money that closes everything, or equal parts of that money; then it all."""
        if steps == 0:
            return []
        whole = self.solved(None, minutes, seconds)
        full = self.cost(whole)
        parts = [full * step / steps for step in range(steps)] if isinstance(steps, int) else sorted(set(steps))
        budgets = [budget for budget in parts if budget < full]
        plans = [(budget, self.solved(budget, minutes, seconds)) for budget in budgets]
        return [(self._point(budget, plan, whole), plan) for budget, plan in (*plans, (full, whole))]

    def _point(self, budget: float, plan: CohortPlan, whole: CohortPlan) -> FrontierPoint:
        """Return what one budget buys."""
        closed = [self.closed(person, plan) for person in self.problems]
        missing = math.fsum(goal.importance for brief in self.briefs.values() for goal in brief.goals)
        return FrontierPoint(
            budget=budget,
            cost=self.cost(plan),
            coverage=math.fsum(share for _, share in closed) / missing if missing else 1.0,
            gates=sum(gates for gates, _ in closed),
            served=tuple(one for one in sorted(self.problems) if self._is_served(one, plan, whole)),
            optimal=plan.optimal,
        )

    def _is_served(self, person: str, plan: CohortPlan, whole: CohortPlan) -> bool:
        """Return whether a plan closes what any budget closes for one person, if that is anything."""
        most = self.closed(person, whole)
        return most > (0, 0.0) and self.closed(person, plan) >= most

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
        served = list(takewhile(lambda point: person in point.served, (point for point, _ in reversed(points))))
        return Learner(
            person=person,
            gates_missing=sum(goal.necessity == "mandatory" for goal in goals),
            gates_closed=gates,
            importance_missing=math.fsum(goal.importance for goal in goals),
            importance_closed=worth,
            hours=math.fsum(offer.minutes or 0.0 for offer in taken(plan.arrangements[person])) / 60,
            served_at=served[-1].budget if served else None,
        )

    def rows(self, plan: CohortPlan) -> tuple[CurriculumRow, ...]:
        """Return what is run, in order."""
        offers = {offer.asset: offer for problem in self.problems.values() for offer in problem.offers}
        return tuple(self._row(wave, offers[wave.asset], plan) for wave in plan.waves)

    def apart(self, plan: CohortPlan) -> tuple[str, ...]:
        """Return the assets that are run at several steps, sorted."""
        steps: dict[str, set[int]] = defaultdict(set)
        for wave in plan.waves:
            steps[wave.asset].add(wave.step)
        return tuple(sorted(asset for asset, found in steps.items() if len(found) > 1))

    def _row(self, wave: Wave, offer: Offer, plan: CohortPlan) -> CurriculumRow:
        """Return the row of one wave."""
        node, session = self.graph[offer.asset], self.sessions[offer.asset]
        money = _exact(offer.price or 0.0) * len(wave.people) + _exact(session.price) * wave.sessions
        return CurriculumRow(
            step=wave.step,
            asset=offer.asset,
            title=node.title if isinstance(node, LearningAsset) else offer.asset,
            people=wave.people,
            sessions=wave.sessions,
            hours=None if offer.minutes is None else offer.minutes / 60,
            facilitator_hours=session.facilitator_minutes * wave.sessions / 60,
            cost=money,
            proposed=any(one.proposed for one in self.shelf.taught.get(offer.asset, ())),
            because=tuple(fact for person in wave.people for fact in self._reasons(person, offer, plan)),
        )

    def _reasons(self, person: str, offer: Offer, plan: CohortPlan) -> Iterator[Fact]:
        """Yield why one person takes an asset: what it closes, and what it opens the way to."""
        yields = set(offer.yields())
        for goal in self.briefs[person].goals:
            if not goal.problem and not yields.isdisjoint(goal.missing):
                told = f"{person} falls short of {goal.subject} ({goal.necessity}, importance {goal.importance:g})"
                yield Fact("rule", told, (person, offer.asset, goal.subject))
        for other in taken(plan.arrangements[person]):
            if other.asset != offer.asset and _supports(offer, other):
                yield Fact("rule", f"{person} needs it for {other.asset}", (person, offer.asset, other.asset))

    def notes(self, rows: tuple[CurriculumRow, ...], plan: CohortPlan) -> Iterator[str]:
        """Yield what a reader must know, one sentence each."""
        if not self.briefs:
            yield "nobody is planned for, since none of those named is a person, has members or is held by anybody"
        yield from dict.fromkeys(note for brief in self.briefs.values() for note in asks_nothing(self.graph, brief))
        yield from figures(self.shelf, dict.fromkeys(row.asset for row in rows), self.limits)
        yield from (f"{asset} is run at several steps, since some need it earlier" for asset in self.apart(plan))
        if any(row.proposed for row in rows):
            yield PROPOSED
        if any(goal.missing and not goal.problem for brief in self.briefs.values() for goal in brief.goals):
            yield from teaches_nothing(self.shelf)

    def left(self, plan: CohortPlan) -> Iterator[str]:
        """Yield what stays open, by person and capability."""
        tight = "does not fit within the limits"
        for person, brief in self.briefs.items():
            held = plan.arrangements[person].held
            offered = {target.atom for target in self.problems[person].targets}
            for goal in brief.goals:
                if goal.problem or not held.issuperset(goal.missing):
                    reason = goal.problem or (
                        tight if offered.issuperset(goal.missing) else "nothing usable teaches it"
                    )
                    yield f"{person}: {goal.subject}: {reason}"


def _exact(price: float) -> Decimal:
    """Return a price as somebody writes it, without the noise of binary fractions."""
    return Decimal(int(price)) if price.is_integer() else Decimal(repr(price))


def taken(arrangement: Arrangement) -> Iterator[Offer]:
    """Yield what one learner takes, in order."""
    for block in arrangement.blocks:
        yield from block


def _supports(earlier: Offer, later: Offer) -> bool:
    """Return whether an offer can give another one something that it waits for."""
    waited = {*atoms_of(later.entry), *atoms_of(later.beside), *(gain.start for gain in later.gains if gain.start)}
    return not waited.isdisjoint(earlier.yields())
