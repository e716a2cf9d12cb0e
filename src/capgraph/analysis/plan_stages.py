"""What plans are compared by once they reach the same: stages one after the other, folded into one where that is exact.

Solving stage by stage proves each tie anew.  Where all figures are whole numbers, one objective does: the burden times
more than all ties together can be, and so on.
"""

from __future__ import annotations

import dataclasses
import math
from fractions import Fraction
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


class Ties(NamedTuple):
    """What plans of the same burden are compared by: one asset more weighs more than all places together."""

    of: dict[str, int]
    """What each asset adds."""
    most: int
    """How many assets a best plan has at most."""
    total: int
    """What they add together at most."""


def ties_of(problem: Problem) -> Ties:
    """Return the ties of a problem."""
    most = most_chosen(problem)
    places = sum(sorted(offer.place for offer in problem.offers)[-most:]) if most else 0
    of = {offer.asset: places + 1 + offer.place for offer in problem.offers}
    return Ties(of, most, most * (places + 1) + places)


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
    ranked = ties_of(problem)
    ties: Terms = {chosen[asset]: float(tie) for asset, tie in ranked.of.items()}
    burden = {chosen[offer.asset]: problem.burden(offer) * problem.grain for offer in offers}
    folded = _folded(burden, ties, ranked.total)
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


@dataclasses.dataclass(frozen=True, slots=True)
class WholeCosts:
    """What plans are compared by, as whole numbers."""

    of: dict[str, int]
    """What each asset costs."""
    grain: int
    """What one unit of the burden costs: more than all ties together."""


def whole_costs(problem: Problem) -> WholeCosts:
    """Return what plans are compared by: new assets, unknown figures, burden, ties; each above all after it."""
    ties = ties_of(problem)
    burdens = _whole_burdens(problem)
    unit = ties.total + 1
    unknown = unit * (sum(sorted(burdens)[-ties.most :]) + 1)
    new = unknown * (ties.most + 1)
    prior = problem.prior
    of = {
        offer.asset: burden * unit
        + ties.of[offer.asset]
        + unknown * problem.is_unknown(offer)
        + new * (prior is not None and offer.asset not in prior)
        for offer, burden in zip(problem.offers, burdens, strict=True)
    }
    return WholeCosts(of, unit)


def _whole_burdens(problem: Problem) -> list[int]:
    """Return the burdens of the offers in the largest unit in which all are whole, from the figures as written."""
    hour, money = Fraction(str(problem.hour_weight)), Fraction(str(problem.price_weight))
    known: dict[tuple[float, float], Fraction] = {}
    figures = [(offer.minutes or 0.0, offer.price or 0.0) for offer in problem.offers]
    for minutes, price in figures:
        if (minutes, price) not in known:
            known[minutes, price] = hour * Fraction(str(minutes)) / 60 + money * Fraction(str(price))
    scale = math.lcm(*(burden.denominator for burden in known.values()))
    whole = {figure: int(burden * scale) for figure, burden in known.items()}
    step = math.gcd(*whole.values()) or 1
    return [whole[figure] // step for figure in figures]
