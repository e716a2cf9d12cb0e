"""The best plan of a cohort, proven: one program for all learners, who share sessions and a budget."""

from __future__ import annotations

import time
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from capgraph.analysis.cohort_order import Choice, CohortOrder, Knot, Session, Wave
from capgraph.analysis.plan_order import Arrangement, arrange
from capgraph.analysis.plan_solver import PlanProgram
from capgraph.analysis.programme import Programme, Terms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from capgraph.analysis.plan_model import Problem

_AGAIN = 2
_HALF = 0.5
_SLACK = 1e-6
_SCALE = 1000.0


class CohortPlan(NamedTuple):
    """What each learner takes, and when it is run for whom."""

    arrangements: dict[str, Arrangement]
    """The order of each learner."""
    waves: tuple[Wave, ...]
    """What is run, step by step."""
    optimal: bool
    """Whether it is proven best."""
    bound: float
    """What no plan that reaches as much costs less than."""


class CohortProgram:
    """One program for all learners.

    Parameters
    ----------
    problems : mapping
        The problem of each learner, with the limits of one learner.
    sessions : mapping
        What it takes to run each asset.
    max_price : float or None
        The budget of all together.
    max_facilitator_minutes : float or None
        The facilitators' time.
    """

    def __init__(
        self,
        problems: Mapping[str, Problem],
        sessions: Mapping[str, Session],
        *,
        max_price: float | None,
        max_facilitator_minutes: float | None,
    ) -> None:
        self.rows = Programme()
        self.problems = problems
        self.sessions = sessions
        self.programs = {person: PlanProgram(problem, self.rows) for person, problem in problems.items()}
        self.runs: dict[str, list[int]] = {}
        for asset, session in sessions.items():
            self._run(asset, session)
        self.price: Terms = {
            program.chosen[offer.asset]: offer.price
            for person, program in self.programs.items()
            for offer in problems[person].offers
            if offer.price
        }
        self.price |= {run: sessions[asset].price for asset, runs in self.runs.items() for run in runs}
        time_spent = {run: sessions[asset].facilitator_minutes for asset, runs in self.runs.items() for run in runs}
        for terms, limit in ((self.price, max_price), (time_spent, max_facilitator_minutes)):
            if limit is not None:
                self.rows.require(terms, high=limit)

    def _run(self, asset: str, session: Session) -> None:
        """State that learners sit in sessions that are run, with some more than the seats ask for, to run it again."""
        seats = [program.chosen[asset] for program in self.programs.values() if asset in program.chosen]
        most = session.most(len(seats)) if session.is_free else min(len(seats), session.most(len(seats)) + _AGAIN)
        runs = self.runs[asset] = [self.rows.column() for _ in range(most)]
        for seat in seats:
            self.rows.require({runs[0]: 1.0, seat: -1.0}, low=0.0)
        if most > 1 and session.seats is not None:
            room = {run: float(max(1, session.seats)) for run in runs}
            self.rows.require({**room, **dict.fromkeys(seats, -1.0)}, low=0.0)
        for earlier, later in pairwise(runs):
            self.rows.require({earlier: 1.0, later: -1.0}, low=0.0)

    def best(self, *, seconds: float) -> CohortPlan:
        """Return the plan that reaches most (gates first, then worth, then steps), then takes least.

        That is the least money, then the least time, then the fewest seats.
        """
        deadline = time.monotonic() + seconds
        nothing = {person: arrange((), problem.held, {}) for person, problem in self.problems.items()}
        best = CohortPlan(nothing, (), optimal=False, bound=0.0)
        for terms in self._stages():
            plan, bound, proven = self._founded(terms, deadline)
            if plan is None:
                return best._replace(optimal=False)
            best = plan._replace(bound=bound if terms is self.price else best.bound, optimal=proven)
            if not proven:
                return best
            self.rows.narrow(terms, bound, seconds=deadline - time.monotonic())
            self.rows.require(terms, high=bound + _SLACK * max(1.0, abs(bound)))
        return best

    def _stages(self) -> list[Terms]:
        """Return the objectives, the first one first."""
        worth = [self._worth(gate=gate) for gate in (True, False)]
        count = {column: -1.0 for program in self.programs.values() for column in program.targets.values()}
        minutes: Terms = {}
        seats: Terms = {}
        for person, program in self.programs.items():
            for offer in self.problems[person].offers:
                minutes[program.chosen[offer.asset]] = offer.minutes or 0.0
                seats[program.chosen[offer.asset]] = 1.0
        return [*(terms for terms in (*worth, count) if terms), self.price, minutes, seats]

    def _worth(self, *, gate: bool) -> Terms:
        """Return the negative worth of all learners' targets that are gates, or of the others."""
        weights = {
            program.targets[target.atom]: target.weight
            for person, program in self.programs.items()
            for target in self.problems[person].targets
            if target.gate is gate and target.atom in program.targets
        }
        most = max(weights.values(), default=0.0)
        return {column: -_SCALE * weight / most for column, weight in weights.items()} if most > 0 else {}

    def _founded(self, terms: Terms, deadline: float) -> tuple[CohortPlan | None, float, bool]:
        """Return the best plan in which all learners have an order that the sessions allow, and how good it is."""
        while True:
            answer = self.rows.minimum(terms, seconds=deadline - time.monotonic())
            if answer.values is None:
                return None, answer.bound, False
            orders: dict[str, Arrangement] = {}
            choices: dict[str, Choice] = {}
            for person, program in self.programs.items():
                offers, waits = program.read(answer.values)
                choices[person] = Choice(self.problems[person].held, tuple(offers), waits)
                orders[person] = arrange(offers, self.problems[person].held, waits)
                if orders[person].stuck:
                    program.forbid(offers, waits, orders[person])
            if any(order.stuck for order in orders.values()):
                continue
            paid = {asset: sum(answer.values[run] > _HALF for run in runs) for asset, runs in self.runs.items()}
            order = CohortOrder(choices, self.sessions, paid)
            short = [asset for asset, runs in order.runs().items() if runs > paid[asset]]
            if order.knot is None or all(self.sessions[asset].is_free for asset in short):
                plan = CohortPlan(orders, tuple(order.waves), answer.proven, answer.bound)
                return plan, answer.bound, answer.proven
            self._forbid(order.knot, choices, paid)

    def _forbid(self, knot: Knot, choices: Mapping[str, Choice], paid: Mapping[str, int]) -> None:
        """Exclude that learners choose just this and no asset of their knot is run once more."""
        row: Terms = {}
        chosen = 0
        for person in knot.people:
            taken = {offer.asset for offer in choices[person].offers}
            chosen += len(taken)
            for asset, column in self.programs[person].chosen.items():
                row[column] = -1.0 if asset in taken else 1.0
        more = (runs[paid[asset]] for asset in knot.assets if len(runs := self.runs[asset]) > paid[asset])
        self.rows.require({**row, **dict.fromkeys(more, 1.0)}, low=1.0 - chosen)
