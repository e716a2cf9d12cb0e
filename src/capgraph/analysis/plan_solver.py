"""The best plan, proven: the planning problem as an integer program with lazily added order rows."""

from __future__ import annotations

import math
import time
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from capgraph.analysis.plan_cover import plan_by_cover
from capgraph.analysis.plan_fallback import fallback
from capgraph.analysis.plan_model import Atom, Gain, Need, Offer, Problem, atoms_of
from capgraph.analysis.plan_order import Arrangement, Waits, arrange
from capgraph.analysis.plan_reduction import without_dominated
from capgraph.analysis.plan_stages import Stage, stages
from capgraph.analysis.programme import Programme, Terms

if TYPE_CHECKING:
    from collections.abc import Iterable

_HALF = 0.5
_SLACK = 1e-6
_RELATIVE = 1e-9
_SCALE = 1000.0


class Outcome(NamedTuple):
    """The plan found, and how good it is."""

    arrangement: Arrangement | None
    """The plan in order; None where what must be included cannot hold."""
    optimal: bool
    """Whether the plan is proven best at every stage."""
    bound: float
    """What no plan that reaches as much costs less than, in the objective's unit."""
    complete: bool
    """Whether every target is reached."""


def best_plan(problem: Problem, *, seconds: float) -> Outcome:
    """Return the plan that reaches most (gates first), then burdens least, then is shortest, then first in id order.

    Notes
    -----
    A plan without conditions is a cover, and the best cover is searched for first.  Otherwise, or where the search
    gives up, each stage is one integer program, with the values of the stages before it as rows.  Whether chosen assets
    have an order is checked after each solution; where they have none, a row that every valid plan keeps is added, and
    the stage is solved again.  It ends, since each such row excludes at least one choice.
    """
    deadline = time.monotonic() + seconds
    smaller = without_dominated(problem)
    cover = plan_by_cover(smaller, seconds=seconds * _HALF)
    if cover.arrangement is not None:
        burden = math.fsum(problem.burden(offer) for block in cover.arrangement.blocks for offer in block)
        return Outcome(cover.arrangement, optimal=True, bound=burden, complete=True)
    return _Search(smaller, deadline).run(may_be_complete=not cover.impossible)


class _Search:
    """The stages of one search."""

    def __init__(self, problem: Problem, deadline: float) -> None:
        self.problem = problem
        self.deadline = deadline
        self.program = PlanProgram(problem)
        self.best: Arrangement | None = None
        self.bound = -math.inf
        self.complete = False

    def run(self, *, may_be_complete: bool) -> Outcome:
        """Return the best plan: with every target where that is possible, else with what is worth most."""
        proven = self._stages(self._everything(), complete=True) if may_be_complete else None
        if proven is None:
            proven = self._stages(self._most(), complete=False)
        if self.best is None and proven is not None and not proven:
            self.best = fallback(self.problem)
        if self.best is None:
            return Outcome(None, bool(proven is None or proven), math.inf, complete=False)
        reached = all(target.atom in self.best.held for target in self.problem.targets)
        return Outcome(self.best, bool(proven), self.bound, reached)

    def _everything(self) -> list[Stage]:
        """Require every target, and return the objectives that remain."""
        for column in self.program.targets.values():
            self.program.rows.require({column: 1.0}, low=1.0)
        return stages(self.problem, self.program.chosen)

    def _most(self) -> list[Stage]:
        """Return the objectives that begin with reaching most."""
        worth = (self.program.worth(gate=gate) for gate in (True, False))
        count = dict.fromkeys(self.program.targets.values(), -1.0)
        first = [Stage(terms) for terms in worth if terms]
        return [*first, Stage(count), *stages(self.problem, self.program.chosen)]

    def _stages(self, agenda: list[Stage], *, complete: bool) -> bool | None:
        """Solve one stage after the other; True when all are proven, None when nothing can hold."""
        for number, stage in enumerate(agenda, 1):
            arrangement, bound, proven = self._founded(stage.terms)
            if arrangement is None and proven and self.best is None:
                self.program.rows.reset(self.program.base)
                return None if complete else True
            if stage.size:
                self.bound = stage.burden(bound)
            if arrangement is not None:
                self.best = arrangement
            if not proven or arrangement is None:
                return False
            if number < len(agenda):
                self.program.rows.narrow(stage.terms, bound, seconds=self.deadline - time.monotonic())
                self.program.rows.require(stage.terms, high=bound + _SLACK + abs(bound) * _RELATIVE)
        return True

    def _founded(self, terms: Terms) -> tuple[Arrangement | None, float, bool]:
        """Return the best plan for an objective that has an order, its bound, and whether it is proven."""
        while True:
            answer = self.program.rows.minimum(terms, seconds=self.deadline - time.monotonic())
            if answer.values is None:
                return None, answer.bound, answer.proven
            offers, waits = self.program.read(answer.values)
            arrangement = arrange(offers, self.problem.held, waits)
            if not arrangement.stuck:
                value = math.fsum(terms.get(self.program.chosen[offer.asset], 0.0) for offer in offers)
                is_choice = all(column in self.program.offer_columns for column in terms)
                exact = value if is_choice and answer.proven else answer.bound
                return arrangement, exact, answer.proven
            self.program.forbid(offers, waits, arrangement)


class PlanProgram:
    """The integer program of a planning problem.

    Columns: whether an asset is chosen, whether one of its gains counts, whether a step is held, and one for each need
    inside a need.  What is held from the start, and what nobody yields, has no column.
    """

    def __init__(self, problem: Problem, rows: Programme | None = None) -> None:
        self.problem = problem
        self.rows = rows or Programme()
        self.chosen = {offer.asset: self.rows.column() for offer in problem.offers}
        self.offer_columns = frozenset(self.chosen.values())
        self.counted = {
            (offer.asset, gain): self.rows.column() for offer in problem.offers for gain in self._gated(offer)
        }
        self.steps: dict[Atom, int] = {}
        self._support()
        self._conditions()
        self._limits()
        known = ((target.atom, self._column(target.atom)) for target in problem.targets)
        self.targets = {atom: column for atom, column in known if column is not None}
        self.base = self.rows.mark()

    def _gated(self, offer: Offer) -> tuple[Gain, ...]:
        """Return the gains of an offer whose start is not held from the beginning."""
        return tuple(gain for gain in offer.gains if gain.start is not None and gain.start not in self.problem.held)

    def _support(self) -> None:
        """State that a step is held only where a chosen asset yields it."""
        sources: dict[Atom, list[int]] = defaultdict(list)
        for offer in self.problem.offers:
            for gain in offer.gains:
                column = self.counted.get((offer.asset, gain), self.chosen[offer.asset])
                for step in gain.yields:
                    if step not in self.problem.held:
                        sources[step].append(column)
        for atom, columns in sources.items():
            self.steps[atom] = self.rows.column()
            self.rows.require({self.steps[atom]: 1.0, **dict.fromkeys(columns, -1.0)}, high=0.0)

    def _conditions(self) -> None:
        """State what chosen assets and counted gains need."""
        for offer in self.problem.offers:
            self._imply(self.chosen[offer.asset], offer.entry)
            self._imply(self.chosen[offer.asset], offer.beside)
        for (asset, gain), column in self.counted.items():
            self.rows.require({column: 1.0, self.chosen[asset]: -1.0}, high=0.0)
            self._imply(column, Need(1, (gain.start,)) if gain.start else Need(0, ()))

    def _limits(self) -> None:
        """State what must be included and what may not be exceeded."""
        for asset in sorted(self.problem.include):
            self.rows.require({self.chosen[asset]: 1.0}, low=1.0)
        for limit, figure in ((self.problem.max_minutes, "minutes"), (self.problem.max_price, "price")):
            if limit is not None:
                terms = {self.chosen[offer.asset]: getattr(offer, figure) or 0.0 for offer in self.problem.offers}
                self.rows.require(terms, high=limit)

    def _column(self, atom: Atom) -> int | None:
        """Return the column of an atom; None where nobody yields it."""
        return self.chosen.get(atom) if isinstance(atom, str) else self.steps.get(atom)

    def _imply(self, owner: int, need: Need) -> None:
        """State that the owner's column is 1 only where the need holds."""
        unheld = [part for part in need.parts if isinstance(part, Need) or part not in self.problem.held]
        open_parts = [part for part in unheld if isinstance(part, Need) or self._column(part) is not None]
        count = need.count - (len(need.parts) - len(unheld))
        if count <= 0:
            return
        if count > len(open_parts):
            self.rows.require({owner: 1.0}, high=0.0)
        elif count == len(open_parts):
            for part in open_parts:
                self._imply_part(owner, part)
        else:
            self._at_least(count, [self._part(part) for part in open_parts], owner)

    def _imply_part(self, owner: int, part: Atom | Need) -> None:
        """State that the owner's column is 1 only where one part holds."""
        if isinstance(part, Need):
            self._imply(owner, part)
        else:
            self._at_least(1, [self._part(part)], owner)

    def _at_least(self, count: int, columns: Iterable[int], owner: int) -> None:
        """State that the owner's column is 1 only where so many of the columns are; one named twice counts twice."""
        terms: Terms = defaultdict(float, {owner: -float(count)})
        for column in columns:
            terms[column] += 1.0
        self.rows.require(terms, low=0.0)

    def _part(self, part: Atom | Need) -> int:
        """Return the column of an atom, or a new one that stands for a need."""
        column = None if isinstance(part, Need) else self._column(part)
        if column is None:
            column = self.rows.column()
            self._imply(column, part if isinstance(part, Need) else Need(1, ()))
        return column

    def worth(self, *, gate: bool) -> Terms:
        """Return the negative worth of the targets that are gates, or of the others."""
        weights = {
            self.targets[target.atom]: target.weight
            for target in self.problem.targets
            if target.gate is gate and target.atom in self.targets
        }
        most = max(weights.values(), default=0.0)
        return {column: -_SCALE * weight / most for column, weight in weights.items()} if most > 0 else {}

    def read(self, values: tuple[float, ...]) -> tuple[list[Offer], Waits]:
        """Return the chosen offers, and the gains on which the solution counts."""
        offers = [offer for offer in self.problem.offers if values[self.chosen[offer.asset]] > _HALF]
        waits: dict[str, list[Gain]] = defaultdict(list)
        for (asset, gain), column in self.counted.items():
            if values[column] > _HALF:
                waits[asset].append(gain)
        return offers, {asset: tuple(gains) for asset, gains in waits.items()}

    def forbid(self, offers: list[Offer], waits: Waits, arrangement: Arrangement) -> None:
        """Exclude a choice that has no order: it needs help from outside, or must count on less."""
        missing = self._missing(arrangement, waits)
        chosen = {offer.asset for offer in offers}
        helpers: set[int] = set()
        for offer in self.problem.offers:
            if offer.asset not in chosen and not missing.isdisjoint(offer.yields()):
                helpers.add(self.chosen[offer.asset])
            elif offer.asset in chosen:
                counted = waits.get(offer.asset, ())
                gated = (gain for gain in self._gated(offer) if gain not in counted)
                helpers.update(self.counted[offer.asset, gain] for gain in gated if not missing.isdisjoint(gain.yields))
        less = [self.counted[offer.asset, gain] for offer in arrangement.stuck for gain in waits.get(offer.asset, ())]
        row = {**dict.fromkeys(helpers, -1.0), **dict.fromkeys(less, 1.0)}
        for offer in arrangement.stuck:
            self.rows.require({**row, self.chosen[offer.asset]: 1.0}, high=float(len(less)))

    def _missing(self, arrangement: Arrangement, waits: Waits) -> set[Atom]:
        """Return what the stuck offers wait for and nobody gives them."""
        named: set[Atom] = set()
        for offer in arrangement.stuck:
            named.update(atoms_of(offer.entry), atoms_of(offer.beside))
            named.update(gain.start for gain in waits.get(offer.asset, ()) if gain.start)
        return named - arrangement.held
