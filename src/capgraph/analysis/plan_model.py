"""The planning problem in plain terms: atoms that are held, offers that yield them, needs, targets, limits."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from capgraph.analysis.teaching import Step

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

Atom: TypeAlias = str | Step
"""What somebody can hold: a completed asset (its id), or a step of a capability."""


class Need(NamedTuple):
    """At least `count` of the parts; all of them, any of them, or something in between."""

    count: int  # type: ignore[assignment]  # pyright: ignore[reportIncompatibleMethodOverride] - a need is counted, not searched
    """How many of the parts must hold."""
    parts: tuple[Atom | Need, ...]
    """Atoms and further needs."""


NOTHING = Need(0, ())
"""A need that always holds."""


def met(need: Atom | Need, held: Collection[Atom]) -> bool:
    """Return whether a need holds for what is held."""
    if not isinstance(need, Need):
        return need in held
    return sum(met(part, held) for part in need.parts) >= need.count


def atoms_of(need: Atom | Need) -> Iterator[Atom]:
    """Yield the atoms that a need names, as often as it names them."""
    if not isinstance(need, Need):
        yield need
        return
    for part in need.parts:
        yield from atoms_of(part)


class Gain(NamedTuple):
    """What one alignment of an offer yields to somebody who holds its start."""

    start: Step | None
    """The step that must be held before; None where nothing must."""
    yields: tuple[Step, ...]
    """The steps that are held afterwards, lowest first."""


@dataclasses.dataclass(frozen=True, slots=True)
class Offer:
    """One asset as the planner sees it."""

    asset: str
    """The id."""
    place: int
    """The place of the asset in id order, from 1: the last tie-break."""
    minutes: float | None
    """The time of one learner; None where nobody states it."""
    price: float | None
    """The price of one learner; None where nobody states it."""
    entry: Need = NOTHING
    """What must be held before it starts."""
    beside: Need = NOTHING
    """What must be held, or have started, when it starts."""
    gains: tuple[Gain, ...] = ()
    """What it yields."""

    def yields(self) -> Iterator[Atom]:
        """Yield everything that the offer can yield: itself, and the steps of all its gains."""
        yield self.asset
        for gain in self.gains:
            yield from gain.yields


class Target(NamedTuple):
    """One atom to reach, and what it is worth."""

    atom: Atom
    """What is to be held in the end."""
    weight: float
    """Its share of the importance of the goal that it belongs to."""
    gate: bool
    """Whether the goal is mandatory."""


@dataclasses.dataclass(frozen=True, slots=True)
class Problem:
    """What is held, what can be had, what is wanted, and within which limits."""

    held: frozenset[Atom]
    """What is held from the start."""
    offers: tuple[Offer, ...]
    """The assets that may be chosen, by id."""
    targets: tuple[Target, ...]
    """What is wanted and not held, by atom."""
    include: frozenset[str] = frozenset()
    """The assets that the plan must hold."""
    prior: frozenset[str] | None = None
    """The assets of an earlier plan that this one stays as close to as it can; None for none."""
    max_minutes: float | None = None
    """The limit of time."""
    max_price: float | None = None
    """The limit of money."""
    hour_weight: float = 1.0
    """What an hour counts in the objective."""
    price_weight: float = 0.0
    """What a unit of money counts in the objective."""

    def burden(self, offer: Offer) -> float:
        """Return what an offer adds to the objective; figures that nobody states add nothing."""
        return self.hour_weight * (offer.minutes or 0.0) / 60 + self.price_weight * (offer.price or 0.0)

    @property
    def grain(self) -> float:
        """What makes the objective a whole number where it is one in minutes or cents, which helps the solver."""
        if self.price_weight == 0:
            return 60 / self.hour_weight
        return 100 / self.price_weight if self.hour_weight == 0 else 1.0

    def is_unknown(self, offer: Offer) -> bool:
        """Return whether the offer lacks a figure that the objective counts."""
        no_time = self.hour_weight > 0 and offer.minutes is None
        return no_time or (self.price_weight > 0 and offer.price is None)
