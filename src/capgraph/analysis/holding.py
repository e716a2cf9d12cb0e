"""What somebody holds of what is demanded: by evidence or as a role demands it, and across frameworks by mappings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from capgraph.analysis.assessing import Attainment
from capgraph.analysis.comparison import Judgement, demands, exactly, judge
from capgraph.analysis.role_mapping import mapped_capabilities, mapped_roles
from capgraph.report import Fact

if TYPE_CHECKING:
    from capgraph.analysis.assessing import Assessor
    from capgraph.analysis.comparison import Demand
    from capgraph.graph import CapabilityGraph

FULL = 1 - 1e-9


class Crossing(NamedTuple):
    """The credit for a capability, or a role, of another framework that stands for what is demanded."""

    credit: float
    """The share of the demand that is met: what the mapping is worth, times how far the other is held."""
    id: str
    """The capability that is held."""
    told: str
    """How it is related to the one demanded."""
    is_comparable: bool
    """Whether both are rated on one scale; else holding it counts."""

    @property
    def fact(self) -> Fact:
        """The credit as a sentence."""
        apart = "" if self.is_comparable else ", on another scale, so that levels are not compared"
        return Fact("rule", f"{self.id} is credited {self.credit:g}: {self.told}{apart}", (self.id,))

    def judged(self, demand: Demand) -> Judgement:
        """Return how it compares with a demand: ``shortfall = (1 − credit) × steps``, what is attained is not known."""
        steps = 1 if demand.required is None else max(1, demand.required - demand.lowest)
        if self.credit >= FULL:
            return Judgement(None, 0, "met", 1.0)
        return Judgement(None, (1 - self.credit) * steps, "below", self.credit)


class Holding(NamedTuple):
    """What somebody holds of what is demanded."""

    attainment: Attainment
    """What is held of the capability itself."""
    crossing: Crossing | None = None
    """What is credited instead, where nothing is held of the capability itself."""


Held: TypeAlias = Callable[["Demand"], Holding]
"""What somebody holds of a demand."""


def of_person(graph: CapabilityGraph, assessor: Assessor, person: str) -> Held:
    """Return the function that says what a person holds; mapped capabilities count where the policy says so."""
    dossier = assessor.dossier(person)

    def held(demand: Demand) -> Holding:
        own = assessor.attained(dossier, demand.capability)
        if own.assessed or "mapped" not in assessor.policy.inference:
            return Holding(own)
        options = _mapped(graph, demand, partial(assessor.attained, dossier))
        return Holding(own, _best(options))

    return held


def of_role(graph: CapabilityGraph, assessor: Assessor, role: str) -> Held:
    """Return the function that says what somebody holds who has exactly what a role demands.

    What a mapped role of another framework demands counts as far as the mapping is worth.
    """
    stated = {one.capability: one for one in demands(graph, assessor.weigher, [role])}
    others = [
        (item, {one.capability: one for one in demands(graph, assessor.weigher, [item.id])})
        for item in mapped_roles(graph, role)
    ]

    def held(demand: Demand) -> Holding:
        own = exactly(stated.get(demand.capability), demand.capability, demand.lowest)
        if demand.capability in stated:
            return Holding(own)
        options = list(_mapped(graph, demand, partial(_exactly, stated, demand)))
        for item, theirs in others:
            told = f"as {item.id} requires it, which stands for the role held: {item}"
            ways = [*_mapped(graph, demand, partial(_exactly, theirs, demand))]
            if demand.capability in theirs:
                same = judge(demand, exactly(theirs[demand.capability], demand.capability, demand.lowest)).credit
                ways.append(Crossing(same or 0.0, demand.capability, "the same", is_comparable=True))
            options += [way._replace(credit=way.credit * item.share, told=f"{way.told}, {told}") for way in ways]
        return Holding(own, _best(options))

    return held


def _exactly(stated: dict[str, Demand], demand: Demand, capability: str) -> Attainment:
    """Return what the holder of a role has of a capability; nothing is known of what the role does not demand."""
    known = stated.get(capability)
    return Attainment(capability) if known is None else exactly(known, capability, demand.lowest)


def _mapped(graph: CapabilityGraph, demand: Demand, attained: Callable[[str], Attainment]) -> Iterator[Crossing]:
    """Yield the credit for each mapped capability that is held."""
    for (id_, relation, share, via), is_comparable in mapped_capabilities(graph, demand.capability):
        other = attained(id_)
        if other.assessed and other.held:
            part = judge(demand, other).credit if is_comparable else 1.0
            between = f", by way of {', '.join(via)}" if via else ""
            yield Crossing(share * (part or 0.0), id_, f"{relation} to {demand.capability}{between}", is_comparable)


def _best(options: Iterator[Crossing] | list[Crossing]) -> Crossing | None:
    """Return what is worth most, the first by id among equals; None where nothing is worth anything."""
    found = sorted((item for item in options if item.credit > 0), key=lambda item: (-item.credit, item.id, item.told))
    return found[0] if found else None
