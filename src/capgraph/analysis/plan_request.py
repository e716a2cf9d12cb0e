"""What a caller asks of a plan, checked: limits, calendar and objective."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, get_args

from capgraph.analysis.arguments import is_weight, listed, require_mapping, require_numbers
from capgraph.analysis.plan_calendar import Calendar
from capgraph.analysis.plan_offers import Limits
from capgraph.analysis.planner import Weights
from capgraph.analysis.remembered import remembered
from capgraph.analysis.subjects import day
from capgraph.errors import ArgumentError, InfeasiblePlanError
from capgraph.model import AssetKind, LearningAsset, Money

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from decimal import Decimal

    from capgraph.graph import CapabilityGraph

Objective: TypeAlias = "str | Mapping[str, float]"
"""``hours``, ``cost``, or what an hour and a unit of money count."""
_FIGURES = ("hours", "cost")
_CODE = re.compile("[A-Z]{3}")


@dataclass(frozen=True, kw_only=True)
class Request:
    """The restrictions of a plan as a caller states them; see `learning_path` for their meaning."""

    max_hours: float | None = None
    """Hours of learning."""
    max_cost: Money | Decimal | float | None = None
    """Money."""
    currency: str | None = None
    """The currency where there are several."""
    languages: Iterable[str] | None = None
    """Language tags."""
    kinds: Iterable[str] | None = None
    """Kinds of asset."""
    exclude: Iterable[str] = ()
    """Assets not to use."""
    include: Iterable[str] = ()
    """Assets to use."""
    start: dt.date | None = None
    """The first day."""
    deadline: dt.date | None = None
    """The last day."""
    hours_per_week: float | None = None
    """Hours of learning a week."""
    objective: Objective = "hours"
    """What to keep low."""
    assume_hours: float | None = None
    """Hours of an asset that states no duration."""
    assume_cost: float | None = None
    """Price of an asset that states none."""
    has_sessions: bool = False
    """Whether sessions are paid too, besides what each learner costs."""
    keep: Iterable[str] | None = None
    """The assets of an earlier plan, whether the graph still holds them or not."""

    def weights(self) -> Weights:
        """Return what an hour and a unit of money count."""
        stated = self.objective
        if not isinstance(stated, str):
            require_mapping("objective", stated, "'hours', 'cost' or a mapping of these to what one counts")
        blend = dict(stated) if isinstance(stated, Mapping) else {stated: 1.0}
        unknown = sorted(set(blend) - set(_FIGURES))
        if unknown:
            message = f"{unknown[0]!r} is no objective; use 'hours', 'cost' or a mapping of these to what one counts"
            raise ArgumentError(message)
        if not all(is_weight(weight) for weight in blend.values()) or not any(blend.values()):
            message = f"{blend!r} is no objective; give weights of at least 0, and one above"
            raise ArgumentError(message)
        return Weights(float(blend.get("hours", 0.0)), float(blend.get("cost", 0.0)))

    def calendar(self, as_of: dt.date) -> Calendar | None:
        """Return the learner's time, where hours a week are given."""
        if self.hours_per_week is None:
            if self.deadline is not None or self.start is not None:
                raise ArgumentError("start and deadline need hours_per_week; give the hours of learning in a week")
            return None
        if not (is_weight(self.hours_per_week) and self.hours_per_week > 0):
            message = f"hours_per_week is {self.hours_per_week}; give a number above 0"
            raise ArgumentError(message)
        return Calendar(as_of if self.start is None else day(self.start), self.hours_per_week)

    def limits(self, graph: CapabilityGraph, as_of: dt.date) -> Limits:
        """Return the limits, with the ids as the graph hands them out."""
        require_numbers(0, **{name: getattr(self, name) for name in ("max_hours", "assume_hours", "assume_cost")})
        calendar = self.calendar(as_of)
        excluded, included = (
            frozenset(known_assets(graph, name, getattr(self, name)) or ()) for name in ("exclude", "include")
        )
        both = sorted(excluded & included)
        if both:
            message = f"{', '.join(map(repr, both))} cannot be both included and excluded; drop it from one of the two"
            raise InfeasiblePlanError(message)
        return Limits(
            max_hours=self.max_hours,
            deadline=None if calendar is None or self.deadline is None else calendar.hours_until(day(self.deadline)),
            max_cost=self._money(),
            currency=self._currency(graph),
            languages=None if self.languages is None else frozenset(listed("languages", self.languages)),
            kinds=None if self.kinds is None else self._known_kinds(self.kinds),
            exclude=excluded,
            include=included,
            prior=None
            if self.keep is None
            else frozenset(graph.resolve(id_) if id_ in graph else id_ for id_ in listed("keep", self.keep)),
            assume_hours=self.assume_hours,
            assume_cost=self.assume_cost,
            wants_cost=self.weights().money > 0,
            has_sessions=self.has_sessions,
        )

    def _money(self) -> float | None:
        """Return the limit of money as a number."""
        amount = self.max_cost.amount if isinstance(self.max_cost, Money) else self.max_cost
        require_numbers(0, max_cost=amount)
        return None if amount is None else float(amount)

    def _currency(self, graph: CapabilityGraph) -> str | None:
        """Return the currency stated, else the only one that assets are priced in."""
        stated = self.currency
        if stated is not None and not _is_code(stated):
            message = f"currency is {stated!r}; give a code of three capital letters, such as 'EUR'"
            raise ArgumentError(message)
        of_limit = self.max_cost.currency if isinstance(self.max_cost, Money) else self.currency
        if self.currency not in {None, of_limit}:
            message = f"max_cost is in {of_limit} and currency is {stated!r}; state one of the two"
            raise ArgumentError(message)
        if of_limit is not None:
            return of_limit
        key = ("currencies", self.has_sessions)
        used = remembered(graph, key, lambda: _currencies(graph, has_sessions=self.has_sessions))
        if len(used) > 1 and (self.max_cost is not None or self.weights().money > 0):
            message = f"prices in {' and '.join(sorted(used))} cannot be added; give the currency to use"
            raise ArgumentError(message)
        return next(iter(used)) if len(used) == 1 else None

    @staticmethod
    def _known_kinds(kinds: Iterable[str]) -> frozenset[str]:
        """Return the kinds; refuse words that are none."""
        given = frozenset(listed("kinds", kinds))
        unknown = sorted(given - set(get_args(AssetKind)))
        if unknown:
            message = f"{unknown[0]!r} is no kind of asset; use some of {', '.join(get_args(AssetKind))}"
            raise ArgumentError(message)
        return given


def known_assets(graph: CapabilityGraph, name: str, ids: Iterable[str] | None) -> list[str] | None:
    """Return the resolved ids of assets, None for None; refuse what is unknown or something else."""
    if ids is None:
        return None
    found = [graph.resolve(id_) for id_ in listed(name, ids)]
    wrong = sorted(id_ for id_ in found if not isinstance(graph[id_], LearningAsset))
    if wrong:
        message = f"{wrong[0]!r} is no learning asset; {name} takes ids of assets"
        raise ArgumentError(message)
    return found


def _currencies(graph: CapabilityGraph, *, has_sessions: bool) -> frozenset[str]:
    """Return the currencies that assets are priced in, those of sessions included where they are paid."""
    nodes = (node for asset in graph.ids(LearningAsset) if isinstance(node := graph[asset], LearningAsset))
    stated = (money for node in nodes for money in (node.cost, node.session_cost if has_sessions else None))
    return frozenset(money.currency for money in stated if money is not None)


def _is_code(currency: object) -> bool:
    """Return whether something is the code of a currency."""
    return isinstance(currency, str) and _CODE.fullmatch(currency) is not None
