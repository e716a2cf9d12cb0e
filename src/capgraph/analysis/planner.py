"""From a brief and limits to a solved plan: one place that every question about plans goes through."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, NamedTuple

from capgraph.analysis.plan_model import Problem
from capgraph.analysis.plan_offers import Limits, Shelf, attainable
from capgraph.analysis.plan_solver import Outcome, best_plan
from capgraph.errors import InfeasiblePlanError

if TYPE_CHECKING:
    from capgraph.analysis.plan_goal import Brief
    from capgraph.analysis.plan_model import Atom, Offer, Target
    from capgraph.analysis.teaching import AlignmentChoice
    from capgraph.graph import CapabilityGraph


class Weights(NamedTuple):
    """What the objective counts."""

    hour: float
    """What an hour counts."""
    money: float
    """What a unit of money counts."""


class Solved(NamedTuple):
    """A solved plan with what it was made from."""

    problem: Problem
    """The problem after shrinking."""
    outcome: Outcome
    """The plan and its proof."""
    shelf: Shelf
    """The assets looked at, and why some were barred."""
    candidates: tuple[Offer, ...]
    """Every admitted asset that could help if it could be reached."""
    unreachable: tuple[Target, ...]
    """The targets that no admitted asset leads to."""


@dataclasses.dataclass(frozen=True, slots=True)
class Planner:
    """Solves one brief under any limits.

    Parameters
    ----------
    graph : CapabilityGraph
        The graph.
    brief : Brief
        Who wants what.
    weights : Weights
        The objective.
    alignments : str
        Which alignments count.
    min_confidence : float
        The least confidence of a proposed alignment.
    """

    graph: CapabilityGraph
    brief: Brief
    weights: Weights
    alignments: AlignmentChoice = "accepted"
    min_confidence: float = 0.0

    def solved(self, limits: Limits, *, seconds: float) -> Solved:
        """Return the best plan under the limits.

        Raises
        ------
        InfeasiblePlanError
            When the assets that must be included cannot hold together under the limits.
        """
        shelf = self.shelf(limits)
        targets = self._targets()
        candidates, problem = self.shrunk(shelf)
        outcome = best_plan(problem, seconds=seconds)
        if outcome.arrangement is None:
            reason = "cannot be included within the limits" if outcome.optimal else "was not placed in the time given"
            raise InfeasiblePlanError(_told(problem.include, reason))
        reached = {target.atom for target in problem.targets}
        lost = tuple(target for target in targets if target.atom not in reached)
        return Solved(problem, outcome, shelf, candidates, lost)

    def shelf(self, limits: Limits) -> Shelf:
        """Return the assets of the graph under the limits."""
        return Shelf(self.graph, limits, alignments=self.alignments, min_confidence=self.min_confidence)

    def shrunk(self, shelf: Shelf) -> tuple[tuple[Offer, ...], Problem]:
        """Return every admitted asset that could help, and the problem with those that can be reached.

        Raises
        ------
        InfeasiblePlanError
            When an asset that must be included needs something that nothing leads to.
        """
        held = self.brief.held
        targets = self._targets()
        wanted = [target.atom for target in targets]
        candidates = shelf.relevant(wanted, held)
        include = shelf.limits.include - held
        offers = attainable(candidates, held, [*wanted, *include, *(shelf.limits.prior or ())])
        impossible = include - {offer.asset for offer in offers}
        if impossible:
            raise InfeasiblePlanError(_told(impossible, "needs something that nothing leads to"))
        return candidates, self._problem(shelf.limits, offers, targets)

    def _targets(self) -> tuple[Target, ...]:
        """Return what is wanted, each atom once with the weights of all goals that need it."""
        found: dict[Atom, Target] = {}
        for target in (target for goal in self.brief.goals for target in goal.targets()):
            known = found.get(target.atom)
            if known is not None:
                target = target._replace(weight=target.weight + known.weight, gate=target.gate or known.gate)  # noqa: PLW2901 - the same target, heavier
            found[target.atom] = target
        return tuple(found.values())

    def _problem(self, limits: Limits, offers: tuple[Offer, ...], targets: tuple[Target, ...]) -> Problem:
        """Return the problem after shrinking: the targets that the offers yield."""
        can = {atom for offer in offers for atom in offer.yields()}
        return Problem(
            held=self.brief.held,
            offers=offers,
            targets=tuple(target for target in targets if target.atom in can),
            include=limits.include - self.brief.held,
            prior=limits.prior,
            max_minutes=None if limits.hours is None else limits.hours * 60,
            max_price=limits.max_cost,
            hour_weight=self.weights.hour,
            price_weight=self.weights.money,
        )


def _told(assets: frozenset[str], reason: str) -> str:
    """Return the message about assets that cannot be included."""
    named = ", ".join(map(repr, sorted(assets)))
    return f"{named} {reason}; leave it out of include, or relax the limits"
