"""What an asset costs in a year: the organization that offers it, and the people who take it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from capgraph.errors import InfeasiblePlanError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from capgraph.model import LearningAsset

_MINUTES = 60.0


class Prices(NamedTuple):
    """How hours and currencies are weighed."""

    hour: float = 40.0
    """What an hour of a learner, owner or facilitator is worth, in `currency`."""
    currency: str | None = None
    """The currency of the answer; None where nothing is priced."""
    rates: Mapping[str, float] = {}
    """What one unit of another currency is worth in it."""

    def money(self, asset: LearningAsset, field: str) -> float:
        """Return an amount of an asset in the currency of the answer; 0 where none is stated."""
        stated = getattr(asset, field)
        if stated is None:
            return 0.0
        rate = 1.0 if stated.currency == self.currency else float(self.rates[stated.currency])
        return float(stated.amount) * rate


class YearlyCost(NamedTuple):
    """What an asset costs in a year."""

    upkeep_hours: float
    """Hours that its owners spend on upkeep."""
    upkeep_money: float
    """Licence and upkeep."""
    head_hours: float
    """Hours of one learner, with the share of the facilitators."""
    head_money: float
    """Money for one learner, with the share of a session."""
    learners: int
    """How many people take it; 0 where nobody counted."""

    @property
    def hours(self) -> float:
        """All hours of a year."""
        return self.upkeep_hours + self.learners * self.head_hours

    @property
    def money(self) -> float:
        """All money of a year."""
        return self.upkeep_money + self.learners * self.head_money

    def total(self, learners: float, hour: float) -> float:
        """Return the cost of a year with so many learners, hours valued."""
        fixed = self.upkeep_money + self.upkeep_hours * hour
        return fixed + learners * (self.head_money + self.head_hours * hour)


def prices(assets: Iterable[LearningAsset], *, hour: float, currency: str | None, rates: Mapping[str, float]) -> Prices:
    """Return how hours and currencies are weighed.

    Raises
    ------
    InfeasiblePlanError
        When amounts are in several currencies and a rate is missing; all of them are named.
    """
    stated = [
        money for asset in assets for money in (asset.cost, asset.annual_cost, asset.session_cost) if money is not None
    ]
    found = {money.currency for money in stated if money.amount != Decimal(0)}
    wanted = currency or (min(found) if len(found) == 1 else None)
    if wanted is None and found:
        raise InfeasiblePlanError(
            f"{', '.join(sorted(found))}: amounts in several currencies do not add up; "
            "name one as currency and give rates for the others"
        )
    missing = sorted(found - {wanted} - rates.keys())
    if missing:
        raise InfeasiblePlanError(f"{', '.join(missing)}: no rate to {wanted}; give one in rates")
    free = {money.currency: 1.0 for money in stated if money.currency not in found}
    return Prices(hour, wanted, {**free, **rates})


def yearly_cost(asset: LearningAsset, weighed: Prices) -> YearlyCost:
    """Return what an asset costs in a year.

    The share of a session (its fixed cost, the time of facilitators) is that of a full one; without stated seats it is
    left out.
    """
    seats = asset.seats or 0
    facilitating = (asset.facilitator_minutes or 0.0) / seats if seats else 0.0
    session = weighed.money(asset, "session_cost") / seats if seats else 0.0
    return YearlyCost(
        upkeep_hours=(asset.maintenance_minutes or 0.0) / _MINUTES,
        upkeep_money=weighed.money(asset, "annual_cost"),
        head_hours=((asset.duration or 0.0) + facilitating) / _MINUTES,
        head_money=weighed.money(asset, "cost") + session,
        learners=asset.learners or 0,
    )
