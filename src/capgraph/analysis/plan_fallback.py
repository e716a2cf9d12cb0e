"""A plan that is always valid, for when the time is too short to prove the best one: cheapest trees, then pruning."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from capgraph.analysis.plan_model import Atom, Gain, Need, Offer, Problem
from capgraph.analysis.plan_order import Arrangement, arrange

if TYPE_CHECKING:
    from collections.abc import Iterable

_Source = tuple[Offer, Gain | None]


class _Way(NamedTuple):
    """The cheapest known way to an atom."""

    burden: float
    """What it costs when nothing is shared."""
    source: _Source
    """The offer, and the gain where the atom is a step."""


def fallback(problem: Problem) -> Arrangement | None:
    """Return a valid plan within the limits, or None where what must be included was not reached.

    Notes
    -----
    The cheapest tree of each target is added while it fits, gates first, then by worth for its burden; then every
    asset is dropped that nothing needs, dearest first.  Quadratic in the number of chosen assets.
    """
    ways = _cheapest_ways(problem)
    chosen: dict[str, Offer] = {}
    for asset in sorted(problem.include):
        if asset not in ways:
            return None
        chosen |= _tree(asset, ways, problem)
    if not _is_valid(chosen.values(), problem):
        return None
    open_targets = [target for target in problem.targets if target.atom in ways]
    for target in sorted(
        open_targets, key=lambda target: (not target.gate, ways[target.atom].burden / (target.weight or 1e-9))
    ):
        grown = {**chosen, **_tree(target.atom, ways, problem)}
        if _is_valid(grown.values(), problem):
            chosen = grown
    return _ordered(_pruned(chosen, problem), problem)


def _cheapest_ways(problem: Problem) -> dict[Atom, _Way]:
    """Return the cheapest way to every atom that a chain of offers reaches."""
    ways: dict[Atom, _Way] = {}
    improved = True
    while improved:
        improved = False
        for offer in problem.offers:
            entry = problem.burden(offer) + _price(offer.entry, ways, problem) + _price(offer.beside, ways, problem)
            for atom, gain in _yielded(offer):
                start = 0.0 if gain is None or gain.start is None else _price(gain.start, ways, problem)
                burden = entry + start
                if burden < ways.get(atom, _Way(math.inf, (offer, gain))).burden - 1e-9:
                    ways[atom] = _Way(burden, (offer, gain))
                    improved = True
    return ways


def _yielded(offer: Offer) -> Iterable[tuple[Atom, Gain | None]]:
    """Yield what an offer yields, with the gain that it comes from."""
    yield offer.asset, None
    for gain in offer.gains:
        for step in gain.yields:
            yield step, gain


def _price(need: Atom | Need, ways: dict[Atom, _Way], problem: Problem) -> float:
    """Return what the cheapest way to a need costs when nothing is shared."""
    if isinstance(need, Need):
        return math.fsum(sorted(_price(part, ways, problem) for part in need.parts)[: need.count])
    if need in problem.held:
        return 0.0
    return ways[need].burden if need in ways else math.inf


def _tree(atom: Atom, ways: dict[Atom, _Way], problem: Problem) -> dict[str, Offer]:
    """Return the offers of the cheapest way to an atom."""
    found: dict[str, Offer] = {}
    pending: list[Atom | Need] = [atom]
    seen: set[Atom] = set()
    while pending:
        need = pending.pop()
        if isinstance(need, Need):
            pending.extend(sorted(need.parts, key=lambda part: _price(part, ways, problem))[: need.count])
        elif need not in problem.held and need not in seen and need in ways:
            seen.add(need)
            offer, gain = ways[need].source
            found[offer.asset] = offer
            pending.extend([offer.entry, offer.beside, *([gain.start] if gain and gain.start else [])])
    return found


def _ordered(chosen: Iterable[Offer], problem: Problem) -> Arrangement:
    """Return the chosen offers in an order in which every gain that can count does, where there is one."""
    offers = list(chosen)
    held = problem.held
    waits: dict[str, tuple[Gain, ...]] = defaultdict(tuple)
    for offer in offers:
        waits[offer.asset] = tuple(gain for gain in offer.gains if gain.start and gain.start not in held)
    patient = arrange(offers, held, waits)
    return arrange(offers, held, {}) if patient.stuck else patient


def _is_valid(chosen: Iterable[Offer], problem: Problem) -> bool:
    """Return whether the chosen offers keep the limits and have an order."""
    offers = list(chosen)
    minutes = math.fsum(offer.minutes or 0.0 for offer in offers)
    price = math.fsum(offer.price or 0.0 for offer in offers)
    fits = problem.max_minutes is None or minutes <= problem.max_minutes
    affordable = problem.max_price is None or price <= problem.max_price
    return fits and affordable and not _ordered(offers, problem).stuck


def _pruned(chosen: dict[str, Offer], problem: Problem) -> Iterable[Offer]:
    """Return the chosen offers without those that nothing needs."""
    wanted = {target.atom for target in problem.targets} & _ordered(chosen.values(), problem).held
    kept = dict(chosen)
    for offer in sorted(chosen.values(), key=lambda offer: (-problem.burden(offer), -offer.place)):
        if offer.asset in problem.include:
            continue
        fewer = {asset: other for asset, other in kept.items() if asset != offer.asset}
        plan = _ordered(fewer.values(), problem)
        if not plan.stuck and wanted <= plan.held:
            kept = fewer
    return kept.values()
