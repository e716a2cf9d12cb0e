"""What no best plan uses: assets in whose place another one does as much for no more."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from typing import TYPE_CHECKING

from capgraph.analysis.plan_model import Gain, Need, Offer, Problem, atoms_of, met

if TYPE_CHECKING:
    from collections.abc import Iterable

    from capgraph.analysis.plan_model import Atom


def named_assets(problem: Problem) -> frozenset[str]:
    """Return the assets that count for themselves: wanted, included, of the earlier plan, or named by a need."""
    needs = (need for offer in problem.offers for need in (offer.entry, offer.beside))
    atoms = (*(atom for need in needs for atom in atoms_of(need)), *(target.atom for target in problem.targets))
    named = {atom for atom in atoms if isinstance(atom, str)} | problem.include | (problem.prior or frozenset())
    return frozenset(named)


def most_chosen(problem: Problem) -> int:
    """Return how many assets a best plan has at most: each is named, or the first of the plan to yield some step."""
    steps = {step for offer in problem.offers for gain in offer.gains for step in gain.yields} - problem.held
    named = named_assets(problem)
    return min(len(problem.offers), len(steps) + sum(offer.asset in named for offer in problem.offers))


def without_dominated(problem: Problem) -> Problem:
    """Return the problem without the offers that another one dominates.

    One offer dominates another that does not count for itself when it comes first by the objective and id, takes no
    more of what is limited, starts whenever the other could, and yields all that the other yields.  In any plan it can
    stand in its place, and the plan is better for it, so that no best plan is lost.

    Notes
    -----
    Each offer is compared with those that yield all its steps: linear where few do, quadratic at worst.
    """
    named, origins = named_assets(problem), _Origins(problem.offers)
    kept: dict[str, Offer] = {}
    by_step: dict[Atom, dict[str, Offer]] = defaultdict(dict)
    ranked = sorted(problem.offers, key=lambda one: (problem.is_unknown(one), problem.burden(one), one.place))
    for offer in ranked:
        steps = {step for gain in offer.gains for step in gain.yields}
        if offer.asset in named or not any(
            _dominates(other, offer, problem, origins) for other in _covering(steps, by_step) if steps
        ):
            kept[offer.asset] = offer
            for step in steps:
                by_step[step][offer.asset] = offer
    if len(kept) == len(problem.offers):
        return problem
    return dataclasses.replace(problem, offers=tuple(offer for offer in problem.offers if offer.asset in kept))


def _covering(steps: Iterable[Atom], by_step: dict[Atom, dict[str, Offer]]) -> Iterable[Offer]:
    """Yield the offers that yield every one of some steps."""
    rarest, *others = sorted((by_step[step] for step in steps), key=len) or [{}]
    return (offer for asset, offer in rarest.items() if all(asset in found for found in others))


class _Origins:
    """What atoms hang on."""

    def __init__(self, offers: Iterable[Offer]) -> None:
        self._waited: dict[Atom, set[Atom]] = defaultdict(set)
        for offer in offers:
            needed = {*atoms_of(offer.entry), *atoms_of(offer.beside)}
            self._waited[offer.asset] |= needed
            for gain in offer.gains:
                for step in gain.yields:
                    self._waited[step] |= needed if gain.start is None else {*needed, gain.start}
        self._known: dict[Atom, frozenset[Atom]] = {}

    def of(self, atom: Atom) -> frozenset[Atom]:
        """Return an atom with everything that some way to it leads over."""
        if atom not in self._known:
            found, pending = {atom}, [atom]
            while pending:
                fresh = self._waited.get(pending.pop(), set()) - found
                found |= fresh
                pending.extend(fresh)
            self._known[atom] = frozenset(found)
        return self._known[atom]


def _dominates(one: Offer, other: Offer, problem: Problem, origins: _Origins) -> bool:
    """Return whether an offer that comes first by the objective can stand in the place of another one.

    Where a plan holds both, the one moves to the place of the other.  It must lose nothing there: what its own gains
    build on is held from the beginning, or is the one thing that all gains of the other build on.  With two things to
    build on, a plan may need both assets: one as soon as the first is held, its twin once the second is.  So it may
    where the one itself leads to what it builds on: it is taken for that first, and its twin afterwards.
    """
    built_on = {gain.start for gain in one.gains if gain.start is not None} - problem.held
    if built_on and (len(built_on) > 1 or built_on != {gain.start for gain in other.gains}):
        return False
    waited = (*built_on, *atoms_of(one.entry), *atoms_of(one.beside)) if built_on else ()
    if any(not origins.of(atom).isdisjoint(one.yields()) for atom in waited):
        return False
    slower = problem.max_minutes is not None and (one.minutes or 0.0) > (other.minutes or 0.0)
    dearer = problem.max_price is not None and (one.price or 0.0) > (other.price or 0.0)
    if (
        slower
        or dearer
        or not (_starts(one.entry, other.entry, problem) and _starts(one.beside, other.beside, problem))
    ):
        return False
    return all(any(_yields(gain, wanted, problem) for gain in one.gains) for wanted in other.gains)


def _starts(need: Need, other: Need, problem: Problem) -> bool:
    """Return whether a need holds wherever another one does."""
    return need == other or met(need, problem.held)


def _yields(gain: Gain, wanted: Gain, problem: Problem) -> bool:
    """Return whether a gain comes wherever another one does, and yields as much."""
    at_once = gain.start is None or gain.start == wanted.start or gain.start in problem.held
    return at_once and set(wanted.yields) <= set(gain.yields)
