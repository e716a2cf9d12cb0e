"""What can be reached from what is held, and in which order: forward chaining over offers and their needs."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from capgraph.analysis.plan_model import Atom, Gain, Offer, atoms_of, met

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

Waits = dict[str, tuple[Gain, ...]]
"""For an asset, the gains that count on a start which is not held at first."""


class Arrangement(NamedTuple):
    """An order in which chosen offers can be taken, and what cannot."""

    blocks: tuple[tuple[Offer, ...], ...]
    """The offers in order; those of one block start together, since each needs the others beside it."""
    stuck: tuple[Offer, ...]
    """The offers whose needs never hold."""
    held: frozenset[Atom]
    """What is held in the end."""


def reachable(offers: Iterable[Offer], held: Iterable[Atom]) -> frozenset[Atom]:
    """Return everything that can be held when every offer may be taken as soon and as often as it can.

    Notes
    -----
    A worklist over the atoms that needs and gains wait for; each need is looked at once for each atom it names.
    """
    state = set(held)
    taken: set[str] = set()
    waiting: dict[Atom, list[Offer]] = defaultdict(list)
    everything = tuple(offers)
    for offer in everything:
        for atom in (*atoms_of(offer.entry), *atoms_of(offer.beside), *(g.start for g in offer.gains if g.start)):
            waiting[atom].append(offer)
    agenda = {offer.asset: offer for offer in everything}
    parked: dict[str, Offer] = {}
    while agenda:
        ready = [offer for offer in {**parked, **agenda}.values() if offer.asset in taken or met(offer.entry, state)]
        agenda = {}
        started = side_by_side(ready, state)
        parked = {offer.asset: offer for offer in ready}
        for offer in started:
            fresh = set(gained(offer, state)) - state
            parked.pop(offer.asset)
            taken.add(offer.asset)
            state.update(fresh)
            agenda.update((other.asset, other) for atom in fresh for other in waiting[atom])
    return frozenset(state)


def gained(offer: Offer, state: Collection[Atom]) -> Iterator[Atom]:
    """Yield what somebody who holds the state gains from an offer: itself, and the gains whose start is held."""
    yield offer.asset
    for gain in offer.gains:
        if gain.start is None or gain.start in state:
            yield from gain.yields


def side_by_side(ready: Sequence[Offer], state: Collection[Atom]) -> list[Offer]:
    """Return the largest set of ready offers in which each finds beside it what it needs."""
    kept = list(ready)
    while True:
        running = {*state, *(atom for offer in kept for atom in gained(offer, state))}
        left = [offer for offer in kept if met(offer.beside, running)]
        if len(left) == len(kept):
            return left
        kept = left


def arrange(offers: Iterable[Offer], held: Iterable[Atom], waits: Waits) -> Arrangement:
    """Return the order of offers: whatever can start comes by id; offers that need each other come together.

    An offer in `waits` starts only when the starts of those gains are held, since they count on them.

    Notes
    -----
    Quadratic in the number of chosen offers.
    """
    state = set(held)
    left = sorted(offers, key=lambda offer: offer.asset)
    blocks: list[tuple[Offer, ...]] = []
    while True:
        ready = [offer for offer in left if may_start(offer, state, waits)]
        block = _first_block(ready, state)
        if not block:
            return Arrangement(tuple(blocks), tuple(left), frozenset(state))
        blocks.append(block)
        state.update([atom for offer in block for atom in gained(offer, state)])
        left = [offer for offer in left if offer not in block]


def may_start(offer: Offer, state: Collection[Atom], waits: Waits) -> bool:
    """Return whether everything that an offer waits for is held."""
    return met(offer.entry, state) and all(gain.start in state for gain in waits.get(offer.asset, ()))


def _first_block(ready: Sequence[Offer], state: Collection[Atom]) -> tuple[Offer, ...]:
    """Return the first offer that can start alone, else the smallest first set that can start together."""
    for offer in ready:
        if side_by_side([offer], state):
            return (offer,)
    block = side_by_side(ready, state)
    for offer in reversed(block):
        smaller = side_by_side([other for other in block if other != offer], state)
        block = smaller or block
    return tuple(block)
