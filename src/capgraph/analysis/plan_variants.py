"""Around a plan: what could stand in for each of its assets, and how its hours divide among ways of learning."""

from __future__ import annotations

import dataclasses
import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from capgraph.analysis.arguments import is_weight, require_mapping
from capgraph.errors import ArgumentError, InfeasiblePlanError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from capgraph.analysis.plan_model import Offer
    from capgraph.analysis.plan_offers import Limits
    from capgraph.analysis.plan_rows import PlanRow
    from capgraph.analysis.planner import Planner, Solved


WAYS = ("practice", "social", "formal")
"""Learning by doing, from others, and in courses: the parts of 70-20-10."""
_WAY = {
    "on_the_job": "practice",
    "project": "practice",
    "coaching": "social",
    "mentoring": "social",
    "community": "social",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """The best plan that does without one asset."""

    without: str
    """The asset that is left out."""
    instead: tuple[str, ...]
    """The assets that come in, sorted."""
    dropped: tuple[str, ...]
    """The assets that go, the one left out included, sorted."""
    objective: float
    """What that plan costs in the unit of the objective."""
    excess: float
    """By which share that is more."""


@dataclass(frozen=True, slots=True)
class Origin:
    """How a plan came about, so that variants of it can be asked for."""

    planner: Planner
    """Whom the plan is for, and its objective."""
    limits: Limits
    """Its limits."""
    solved: Solved
    """The plan itself."""

    def alternatives(self, *, within: float, seconds: float) -> tuple[Alternative, ...]:
        """Return the plans that do without one asset and reach the same for little more; the nearest first."""
        deadline = time.monotonic() + seconds
        taken, reached = _taken(self.solved), _reached(self.solved)
        planner = self._for(reached)
        found = []
        for asset in sorted(taken.keys() - self.limits.include):
            limits = dataclasses.replace(self.limits, exclude=self.limits.exclude | {asset})
            try:
                other = planner.solved(limits, seconds=deadline - time.monotonic())
            except InfeasiblePlanError:
                continue
            if other.outcome.optimal and _reached(other) >= reached:
                found.append(self._alternative(asset, taken, _taken(other)))
        near = (one for one in found if one.excess <= within + 1e-9)
        return tuple(sorted(near, key=lambda one: (one.excess, one.without)))

    def _for(self, reached: frozenset[object]) -> Planner:
        """Return a planner for what the plan reaches alone, since a variant that reaches something else is none."""
        goals = [
            dataclasses.replace(goal, missing=tuple(atom for atom in goal.missing if atom in reached))
            for goal in self.planner.brief.goals
        ]
        wanted = tuple(goal for goal in goals if goal.missing and not goal.problem)
        return dataclasses.replace(self.planner, brief=self.planner.brief._replace(goals=wanted))

    def _alternative(self, asset: str, taken: Mapping[str, Offer], other: Mapping[str, Offer]) -> Alternative:
        """Return how one plan differs from another."""
        burden = self.solved.problem.burden
        before = math.fsum(map(burden, taken.values()))
        after = math.fsum(map(burden, other.values()))
        return Alternative(
            without=asset,
            instead=tuple(sorted(other.keys() - taken.keys())),
            dropped=tuple(sorted(taken.keys() - other.keys())),
            objective=after,
            excess=after / before - 1 if before else (math.inf if after else 0.0),
        )


def _taken(solved: Solved) -> dict[str, Offer]:
    """Return the offers of a plan by asset."""
    arrangement = solved.outcome.arrangement
    return {offer.asset: offer for block in arrangement.blocks for offer in block} if arrangement else {}


def _reached(solved: Solved) -> frozenset[object]:
    """Return the targets that a plan reaches."""
    held = solved.outcome.arrangement.held if solved.outcome.arrangement else frozenset()
    return frozenset(target.atom for target in solved.problem.targets if target.atom in held)


def shares(rows: Iterable[PlanRow]) -> dict[str, float]:
    """Return the share of the hours that each way of learning has; nothing without hours."""
    hours: dict[str, float] = dict.fromkeys(WAYS, 0.0)
    for row in rows:
        hours[_WAY.get(row.kind, "formal")] += row.hours or 0.0
    total = math.fsum(hours.values())
    return {way: part / total for way, part in hours.items()} if total else {}


def deviation(shares_of: Mapping[str, float], wanted: Mapping[str, float]) -> float:
    """Return the share of the hours that lies in the wrong way of learning, 0 to 1.

    Raises
    ------
    ValueError
        When a way is unknown, or the shares wanted are negative or do not sum up to something.
    """
    require_mapping("mix", wanted, "shares, such as {'practice': 70, 'social': 20, 'formal': 10}")
    unknown = sorted(set(wanted) - set(WAYS), key=str)
    total = math.fsum(wanted.values()) if all(map(is_weight, wanted.values())) else 0.0
    if unknown or total <= 0:
        message = f"{dict(wanted)!r} is no mix; give shares of {', '.join(WAYS)} that are not negative"
        raise ArgumentError(message)
    return math.fsum(abs(shares_of.get(way, 0.0) - wanted.get(way, 0.0) / total) for way in WAYS) / 2
