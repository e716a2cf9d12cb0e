"""What the holder of a role offers for a requirement of another one: each credit, and what it is for."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, NamedTuple

from capgraph.analysis.role_credit import CREDIT, families, neighbors
from capgraph.analysis.role_index import Asked, asked
from capgraph.analysis.role_mapping import mapped_capabilities, mapped_roles

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from capgraph.analysis.counterparts import Counterpart
    from capgraph.analysis.role_credit import Families
    from capgraph.graph import CapabilityGraph


Tie = Literal["one scale", "steps", "apart"]
"""``one scale``: levels and values are compared; ``steps``: levels are, values are not; ``apart``: neither is.

Two capabilities are apart that are rated on different scales; there holding the capability counts."""


class Offer(NamedTuple):
    """What a role requires, and so its holder brings."""

    held: dict[str, Asked]
    """The requirements, by capability."""
    kin: Families
    """Their capabilities, by what these are a part of."""
    role: Counterpart | None = None
    """The role of another framework that stands for the one held; None for the role itself."""


class Credit(NamedTuple):
    """A capability that is credited for another one."""

    capability: str
    """The capability that is held."""
    relation: str
    """What it is for the one required; where a role of another framework brings it, what this is for the role held."""
    share: float
    """What each step of it is worth, 0 to 1."""
    role: Counterpart | None
    """The role of another framework that brings it, where it is not the role held."""
    via: tuple[str, ...]
    """The capabilities between the two, where a chain of mappings leads there."""
    tie: Tie
    """How levels and values are compared."""
    held: Asked
    """What the role requires of it."""

    def told(self, wanted: str) -> str:
        """Return the credit as a sentence."""
        parts = [f"{self.capability} is credited {self.share:g} for {wanted}: {self.relation}"]
        if self.via:
            parts.append(f"by way of {', '.join(self.via)}")
        if self.role is not None:
            parts.append(f"as {self.role.id} requires it, which stands for the role held: {self.role}")
        if self.tie == "apart":
            parts.append("on another scale, so that levels are not compared")
        return ", ".join(parts)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids that the sentence is about: the capability, and the role that brings it."""
        return (self.capability,) if self.role is None else (self.capability, self.role.id)

    def gives(self, step: int) -> bool:
        """Return whether the holder has a step of it."""
        return self.tie == "apart" or (self.held.value is None and self.held.steps >= step)


def offers_of(graph: CapabilityGraph, role: str) -> tuple[Offer, ...]:
    """Return what a role offers, and what the roles of other frameworks offer that stand for it."""
    return (_offer(graph, role, None), *(_offer(graph, item.id, item) for item in mapped_roles(graph, role)))


def _offer(graph: CapabilityGraph, role: str, stands: Counterpart | None) -> Offer:
    """Return what one role offers."""
    held = {one.capability: one for one in asked(graph, role)}
    return Offer(held, families(graph, held), stands)


def credited(graph: CapabilityGraph, one: Asked, offers: Sequence[Offer]) -> tuple[float, tuple[Credit, ...]]:
    """Return the share of one requirement that the offers meet, and the credits that make it up, by capability."""
    options = sorted(_options(graph, one, offers), key=_rank)
    if one.value is not None:
        return _share(one.value, options)
    wanted = range(1, one.steps + 1) if one.steps else (0,)
    shares: list[float] = []
    used: dict[Credit, None] = {}
    for step in wanted:
        best = next((option for option in options if option.gives(step)), None)
        if best is not None:
            shares.append(best.share)
            used[best] = None
    return math.fsum(shares) / len(wanted), tuple(sorted(used, key=_name))


def _rank(credit: Credit) -> tuple[float, bool, tuple[str, str]]:
    """Return the order of credits: the best first, and of equal ones the role's own."""
    return -credit.share, credit.role is not None, _name(credit)


def _name(credit: Credit) -> tuple[str, str]:
    """Return the ids that tell credits apart."""
    return credit.capability, credit.role.id if credit.role is not None else ""


def _share(wanted: float, options: Sequence[Credit]) -> tuple[float, tuple[Credit, ...]]:
    """Return how much of a value required is brought, and by what."""
    best, used = 0.0, None
    for option in options:
        brought = option.held.value
        if option.tie == "apart":
            share = option.share
        elif option.tie == "one scale" and brought is not None:
            share = option.share * (min(1.0, brought / wanted) if wanted > 0 else 1.0)
        else:
            continue
        if share > best:
            best, used = share, option
    return best, () if used is None else (used,)


def _options(graph: CapabilityGraph, one: Asked, offers: Sequence[Offer]) -> Iterator[Credit]:
    """Yield every credit that the offers allow for a requirement."""
    mapped = list(mapped_capabilities(graph, one.capability))
    for offer in offers:
        near = {one.capability: "same", **neighbors(graph, one.capability, offer.kin)}
        factor = 1.0 if offer.role is None else offer.role.share
        for name, relation in near.items():
            if name in offer.held:
                said = relation if offer.role is None else offer.role.relation
                tie: Tie = "one scale" if relation == "same" else "steps"
                yield Credit(name, said, factor * CREDIT[relation], offer.role, (), tie, offer.held[name])
        for other, is_comparable in mapped:
            if other.id in offer.held:
                held = offer.held[other.id]
                said = other.relation if offer.role is None else offer.role.relation
                tie = "one scale" if is_comparable else "apart"
                yield Credit(other.id, said, factor * other.share, offer.role, other.via, tie, held)
