"""What plans are compared by once they reach the same: stages one after the other, folded into one where that is exact.

Solving stage by stage proves each tie anew.  Where all figures are whole numbers, one objective does: the burden times
more than all ties together can be, and so on.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from capgraph.analysis.plan_reduction import most_chosen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from capgraph.analysis.plan_model import Problem
    from capgraph.analysis.programme import Terms

_LARGEST = 1e11
_WHOLE = 1e-6


class Stage(NamedTuple):
    """One objective."""

    terms: Terms
    """What each column adds."""
    size: float = 0.0
    """How much burden one unit stands for; 0 where the objective is not about the burden."""
    ties: int = 0
    """What is folded in besides the burden adds at most; a unit of the burden adds one more than that."""

    def burden(self, bound: float) -> float:
        """Return what the burden is at least where the objective is at least so much."""
        if not self.ties or not math.isfinite(bound):
            return bound * self.size
        return math.ceil((bound - self.ties) / (self.ties + 1) - _WHOLE) * self.size


def stages(problem: Problem, chosen: Mapping[str, int]) -> list[Stage]:
    """Return what plans are compared by that reach the same.

    Changes against an earlier plan, figures that are missing, the burden, the number of assets, their places.

    Parameters
    ----------
    problem : Problem
        The problem.
    chosen : mapping
        The column of each asset.
    """
    offers = problem.offers
    prior = problem.prior or frozenset()
    unknown = {chosen[offer.asset]: 1.0 for offer in offers if problem.is_unknown(offer)}
    found = []
    if problem.prior is not None:
        found.append(Stage({column: -1.0 if asset in prior else 1.0 for asset, column in chosen.items()}))
    if unknown:
        found.append(Stage(unknown))
    most = most_chosen(problem)
    places = {chosen[offer.asset]: offer.place for offer in offers}
    sum_of_places = sum(sorted(places.values())[-most:]) if most else 0
    ties: Terms = {column: float(sum_of_places + 1 + place) for column, place in places.items()}
    burden = {chosen[offer.asset]: problem.burden(offer) * problem.grain for offer in offers}
    folded = _folded(burden, ties, most * (sum_of_places + 1) + sum_of_places)
    if folded is not None:
        return [*found, folded._replace(size=folded.size / problem.grain)]
    return [*found, Stage(burden, 1 / problem.grain), Stage(ties)]


def _folded(burden: Terms, ties: Terms, most: int) -> Stage | None:
    """Return burden and ties, which sum up to so much at most, as one objective; None where that is not exact."""
    whole = {column: round(value) for column, value in burden.items()}
    step = math.gcd(*whole.values()) or 1
    is_whole = all(abs(value - whole[column]) <= _WHOLE for column, value in burden.items())
    if not is_whole or max(whole.values(), default=0) // step * (most + 1) > _LARGEST:
        return None
    terms = {column: float(whole[column] // step * (most + 1) + tie) for column, tie in ties.items()}
    return Stage(terms, float(step), most)
