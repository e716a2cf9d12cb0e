"""Which limits a plan suffers from: the smallest set without which everything would be reached."""

from __future__ import annotations

import dataclasses
import time
from itertools import combinations
from typing import TYPE_CHECKING

from capgraph.errors import InfeasiblePlanError

if TYPE_CHECKING:
    from capgraph.analysis.plan_offers import Limits
    from capgraph.analysis.planner import Planner, Solved

_LIFTED: dict[str, object] = {
    "max_hours": None,
    "deadline": None,
    "max_cost": None,
    "languages": None,
    "kinds": None,
    "exclude": frozenset(),
}


def smallest_relief(planner: Planner, limits: Limits, solved: Solved, *, seconds: float) -> tuple[str, ...]:
    """Return the smallest set of limits to lift so that everything is reached that is reached without any limit.

    Of equally small sets the first counts, in the order hours, deadline, money, languages, kinds, exclusions.  Nothing
    is returned where no limit is to blame.  Each set tried is one plan; at most 2 to the power of the limits set.
    """
    wanted: frozenset[object] = frozenset(target.atom for goal in planner.brief.goals for target in goal.targets())
    reached = _reached(solved) & wanted
    if reached == wanted:
        return ()
    deadline = time.monotonic() + seconds
    stated = [name for name, none in _LIFTED.items() if getattr(limits, name) != none]
    if not stated:
        return ()
    most = _reach(planner, limits, stated, deadline) & wanted
    if most <= reached:
        return ()
    for size in range(1, len(stated)):
        for names in combinations(stated, size):
            if most <= _reach(planner, limits, list(names), deadline):
                return names
    return tuple(stated)


def _reach(planner: Planner, limits: Limits, names: list[str], deadline: float) -> frozenset[object]:
    """Return what a plan reaches with some limits lifted."""
    lifted = dataclasses.replace(limits, **{name: _LIFTED[name] for name in names})  # type: ignore[arg-type]
    try:
        return _reached(planner.solved(lifted, seconds=deadline - time.monotonic()))
    except InfeasiblePlanError:
        return frozenset()


def _reached(solved: Solved) -> frozenset[object]:
    """Return what is held at the end of a plan."""
    arrangement = solved.outcome.arrangement
    return arrangement.held if arrangement else frozenset()
