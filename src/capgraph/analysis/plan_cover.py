"""Plans without conditions as covers: every wanted step is a row, every asset a column, and the order is checked after.

Where no asset that could help waits for anything but steps of its own capabilities, a plan that reaches everything is a
cover of the wanted steps with an order.  The cheapest cover is therefore no dearer than the best plan; where it has an
order, it is the best plan.

Where it has none, some wanted steps hang on each other: a *loop*.  Of any plan that has an order, some asset is the
first to yield a step of the loop.  Nothing of the loop is held then, so that this asset yields from outside, and what
it would build on a step of the loop does not count.  Such an asset *founds* the loop, and that one does is one more row
that every plan covers.  An asset that founds a loop only by counting less is a column beside the one that counts all.
Covers and loops take turns until the cover has an order.
"""

from __future__ import annotations

import heapq
import math
import time
from collections import Counter
from itertools import chain, combinations, count
from typing import TYPE_CHECKING, NamedTuple

from capgraph.analysis.cover_search import Column, least_cover
from capgraph.analysis.plan_model import Gain, met
from capgraph.analysis.plan_order import Arrangement, arrange
from capgraph.analysis.plan_stages import WholeCosts, whole_costs

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from capgraph.analysis.plan_model import Atom, Offer, Problem
    from capgraph.analysis.teaching import Step

_MOST_ROWS = 300
_TURNS = 40
_EFFORT = 100_000
_FORKS = 4
_SPLITS = 20
_CLOSE = 1e-6


class CoverPlan(NamedTuple):
    """What covers say about the plan that reaches everything."""

    arrangement: Arrangement | None
    """The best plan, proven; None where there is none, or where none was found in time."""
    impossible: bool
    """Whether it is proven that no plan reaches everything."""


class Form(NamedTuple):
    """An offer with the gains of it that count."""

    offer: Offer
    """The offer."""
    gains: tuple[Gain, ...]
    """The gains that count."""

    def founds(self, loop: Collection[Step]) -> bool:
        """Return whether the offer, counted like this, can be the first to yield something of a loop."""
        builds_on_it = any(gain.start in loop for gain in self.gains)
        return not builds_on_it and any(step in loop for gain in self.gains for step in gain.yields)

    def yields(self) -> Iterator[Atom]:
        """Yield what the offer yields, counted like this."""
        yield self.offer.asset
        for gain in self.gains:
            yield from gain.yields


class _UndecidedError(Exception):
    """The problem is no cover, or too hard a one."""


def plan_by_cover(problem: Problem, *, seconds: float) -> CoverPlan:
    """Return the best of the plans that reach every target, where the problem is a cover and the search ends in time.

    Notes
    -----
    Exact: costs are whole numbers made from the figures as they are written; what counts first weighs more than
    all that counts after it.
    """
    try:
        arrangement = _Covering(problem, time.monotonic() + seconds).plan()
    except _UndecidedError:
        return CoverPlan(None, impossible=False)
    return CoverPlan(arrangement, impossible=arrangement is None)


class _Covering:
    """Covers and loops by turns."""

    def __init__(self, problem: Problem, deadline: float) -> None:
        self._problem = problem
        self._deadline = deadline
        self._forced = problem.include | {one.asset for one in problem.offers if one.asset in (problem.prior or ())}
        self._wanted = frozenset({target.atom for target in problem.targets} | self._forced)
        self._rows = {atom: row for row, atom in enumerate(sorted(self._wanted, key=_by_name))}
        if len(self._rows) > _MOST_ROWS or not all(map(self._is_free, problem.offers)):
            raise _UndecidedError
        self._loops: list[frozenset[Step]] = []

    def _is_free(self, offer: Offer) -> bool:
        """Return whether an offer waits for nothing but wanted steps that its gains build on."""
        held = self._problem.held
        starts = (gain.start for gain in offer.gains)
        return (
            met(offer.entry, held)
            and met(offer.beside, held)
            and all(start is None or start in held or start in self._wanted for start in starts)
        )

    def plan(self) -> Arrangement | None:
        """Return the best plan that reaches everything; None where there is none."""
        costs = whole_costs(self._problem)
        for _ in range(_TURNS):
            forms = self._cheapest(costs)
            if forms is None:
                return None
            found = self._arranged(forms)
            if found.stuck:
                missing = {atom for atom in self._wanted - found.held if not isinstance(atom, str)}
                self._loops.extend(_loops_in(forms, missing))
            elif self._wanted <= found.held:
                return found if self._fits(forms) else None
        raise _UndecidedError

    def _cheapest(self, costs: WholeCosts) -> list[Form] | None:
        """Return the forms of the cheapest cover that has each offer once; None where there is no such cover.

        Where the cheapest has an offer in two forms, each form of it is tried alone, the cheapest first.
        """
        forms = {offer.asset: list(self._forms(offer)) for offer in self._problem.offers}
        agenda: list[tuple[int, int, list[Form], dict[str, list[Form]]]] = []
        numbers, branches = count(), [forms]
        for _ in range(_SPLITS):
            for branch in branches:
                found = self._cover([form for some in branch.values() for form in some], costs)
                if found is not None:
                    cost = sum(costs.of[form.offer.asset] for form in found)
                    heapq.heappush(agenda, (cost, next(numbers), found, branch))
            if not agenda:
                return None
            _, _, chosen, forms = heapq.heappop(agenda)
            twice = [asset for asset, times in Counter(form.offer.asset for form in chosen).items() if times > 1]
            if not twice:
                return chosen
            branches = [{**forms, twice[0]: [form]} for form in forms[twice[0]]]
        raise _UndecidedError

    def _cover(self, forms: Sequence[Form], costs: WholeCosts) -> list[Form] | None:
        """Return the forms of the cheapest cover; None where there is no cover."""
        columns = [Column(costs.of[form.offer.asset], self._covered(form)) for form in forms]
        number = len(self._rows) + len(self._loops)
        found = least_cover(columns, number, grain=costs.grain, effort=_EFFORT, deadline=self._deadline)
        if not found.proven:
            raise _UndecidedError
        return None if found.columns is None else [forms[column] for column in found.columns]

    def _forms(self, offer: Offer) -> Iterator[Form]:
        """Yield an offer with all its gains, then with those that it keeps to found loops which it builds on."""
        whole = Form(offer, offer.gains)
        yield whole
        starts = {gain.start for gain in offer.gains}
        built_on = [loop for loop in self._loops if not starts.isdisjoint(loop)]
        if len(built_on) > _FORKS:
            raise _UndecidedError
        known = {offer.gains}
        for some in chain.from_iterable(combinations(built_on, size + 1) for size in range(len(built_on))):
            inside = frozenset(chain.from_iterable(some))
            form = Form(offer, tuple(gain for gain in offer.gains if gain.start not in inside))
            if form.gains not in known and any(map(form.founds, some)):
                known.add(form.gains)
                yield form

    def _covered(self, form: Form) -> int:
        """Return the rows that a form covers, as bits: what it yields that is wanted, and the loops that it founds."""
        found = 0
        for atom in form.yields():
            if atom in self._rows:
                found |= 1 << self._rows[atom]
        for row, loop in enumerate(self._loops, len(self._rows)):
            if form.founds(loop):
                found |= 1 << row
        return found

    def _arranged(self, forms: Sequence[Form]) -> Arrangement:
        """Return an order in which all gains count, else those of the forms, else as many of them as are needed."""
        whole = self._ordered([Form(form.offer, form.offer.gains) for form in forms])
        first = self._ordered(forms) if whole.stuck else whole
        found, lighter = first, self._lighter(forms, first)
        while found.stuck and lighter is not None:
            found = self._ordered(lighter)
            lighter = self._lighter(lighter, found)
        return first if found.stuck else found

    def _ordered(self, forms: Iterable[Form]) -> Arrangement:
        """Return an order in which the gains of forms count."""
        held = self._problem.held
        waits = {
            offer.asset: tuple(gain for gain in gains if gain.start is not None and gain.start not in held)
            for offer, gains in forms
        }
        return arrange([form.offer for form in forms], held, waits)

    def _lighter(self, forms: Sequence[Form], found: Arrangement) -> list[Form] | None:
        """Return the forms without a gain that is stuck and that others make up for; None where there is none."""
        stuck = {offer.asset for offer in found.stuck}
        for place, form in enumerate(forms):
            for gain in form.gains if form.offer.asset in stuck else ():
                if gain.start is not None and gain.start not in found.held:
                    less = Form(form.offer, tuple(other for other in form.gains if other != gain))
                    others = [*forms[:place], less, *forms[place + 1 :]]
                    if self._wanted <= set(chain.from_iterable(other.yields() for other in others)):
                        return others
        return None

    def _fits(self, forms: Iterable[Form]) -> bool:
        """Return whether the best cover keeps the limits; False where it is the least of what is limited."""
        problem, offers = self._problem, [form.offer for form in forms]
        is_least = problem.prior is None and not any(map(problem.is_unknown, problem.offers))
        for limit, figure, other_weight in (
            (problem.max_minutes, "minutes", problem.price_weight),
            (problem.max_price, "price", problem.hour_weight),
        ):
            total = math.fsum(getattr(offer, figure) or 0.0 for offer in offers)
            if limit is not None and total > limit:
                if is_least and other_weight == 0 and total > limit + _CLOSE * max(1.0, limit):
                    return False
                raise _UndecidedError
        return True


def _loops_in(forms: Sequence[Form], missing: Collection[Step]) -> Iterator[frozenset[Step]]:
    """Yield small loops among the steps that are missing, which none of the forms founds."""
    left = set(missing)
    while left and not any(form.founds(left) for form in forms):
        loop = set(left)
        for atom in sorted(left, key=_by_name):
            smaller = loop - {atom}
            if smaller and not any(form.founds(smaller) for form in forms):
                loop = smaller
        yield frozenset(loop)
        left -= loop


def _by_name(atom: Atom) -> tuple[str, str]:
    """Return by what atoms are sorted: the ranks of steps cannot all be compared."""
    return (atom, "") if isinstance(atom, str) else (atom.capability, str(atom.rank))
