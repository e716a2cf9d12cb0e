"""What roles demand, on the scale of each capability, and how an attained level compares with it.

The arithmetic of a gap, stated once; `capgraph.analysis.workforce` applies the same to data frames::

    shortfall = max(0, required − attained)
    credit    = min(1, max(0, (attained − lowest) / (required − lowest)))

A demand for the lowest level, or for no level at all, gives credit 1 where the capability is held, and else 0.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, NamedTuple

from capgraph.analysis.attainment import Attainment
from capgraph.analysis.remembered import remembered
from capgraph.links import Link
from capgraph.model import Behavior, Capability, Necessity
from capgraph.report import Fact

if TYPE_CHECKING:
    from collections.abc import Iterable

    from capgraph.analysis.weighing import Weigher
    from capgraph.graph import CapabilityGraph
    from capgraph.model import Requirement

Status = Literal["met", "below", "unassessed", "above"]
NECESSITIES: tuple[Necessity, ...] = ("mandatory", "essential", "optional")
"""The words for how binding a requirement is, the most binding first."""


class Demand(NamedTuple):
    """One requirement of a role, on the scale of its capability."""

    capability: str
    """The id of the capability."""
    label: str
    """Its label."""
    role: str
    """The role that states the requirement."""
    requirement: Requirement
    """The requirement as stated."""
    required: float | None
    """The level required, or the value; None where holding the capability is enough."""
    minimum: int | None
    """The level from which somebody may start."""
    stretch: int | None
    """The level worth aiming at."""
    by_value: bool
    """Whether a value is required and not a level."""
    lowest: float
    """The lowest level or value of the scale; 0 where it is not known."""
    importance: float
    """The weight; 1 where none is stated."""

    @property
    def necessity(self) -> Necessity:
        """How binding it is."""
        return self.requirement.necessity

    @property
    def fact(self) -> Fact:
        """The link that states it."""
        link = Link(self.role, "requires", self.capability, self.requirement)
        what = "holding" if self.required is None else f"{'value' if self.by_value else 'level'} {self.required:g} of"
        return Fact.of_link(link, f"{self.role} requires {what} {self.capability} ({self.necessity})")


class Judgement(NamedTuple):
    """How what is attained compares with a demand."""

    attained: float | None
    """The level or value attained; None where it is not known."""
    shortfall: float | None
    """What is missing, in levels or in the unit of the value; None where unassessed."""
    status: Status
    """``met``, ``below``, ``unassessed`` or ``above``."""
    credit: float | None
    """How much of the requirement is met, 0 to 1; None where unassessed."""

    @property
    def is_met(self) -> bool:
        """Whether the requirement is met."""
        return self.status in {"met", "above"}


def demands(graph: CapabilityGraph, weigher: Weigher, roles: Iterable[str]) -> tuple[Demand, ...]:
    """Return what roles demand together, by capability and role.

    Of two statements about one capability, one that demands no more than the other in any respect is left out.
    What the same roles demand under the same rescaling is worked out once for a graph.
    """
    asked = tuple(roles)
    known: dict[tuple[str, ...], tuple[Demand, ...]] = remembered(graph, ("demands", weigher.policy.rescale), dict)
    if asked not in known:
        told = len(weigher.issues)
        found = _demands(graph, weigher, asked)
        if len(weigher.issues) > told:
            return found
        known[asked] = found
    return known[asked]


def _demands(graph: CapabilityGraph, weigher: Weigher, roles: Iterable[str]) -> tuple[Demand, ...]:
    """Return what roles demand together, by capability and role."""
    stated = {
        (one.capability, one.role): _demand(graph, weigher, one.capability, one.role, one.requirement)
        for role in roles
        for one in graph.requirements(role)
    }
    by_capability: dict[str, list[Demand]] = {}
    for key in sorted(stated):
        by_capability.setdefault(key[0], []).append(stated[key])
    return tuple(one for found in by_capability.values() for one in _strongest(found))


def judge(demand: Demand, attainment: Attainment, *, above: bool = False) -> Judgement:
    """Return how an attainment compares with a demand.

    Parameters
    ----------
    demand : Demand
        What is required.
    attainment : Attainment
        What is held of the same capability.
    above : bool
        Whether to tell what is above the stretch (above the required level where none is stated) as ``above``.
    """
    required = demand.required
    if required is None:
        if not attainment.assessed:
            return _UNASSESSED
        status: Status = "met" if attainment.held else "below"
        return Judgement(attainment.level, 0 if attainment.held else 1, status, float(attainment.held))
    attained = attainment.value if demand.by_value else attainment.level
    if attained is None:
        return _UNASSESSED
    shortfall = max(0, required - attained)
    goal = required if demand.stretch is None else demand.stretch
    status = "below" if shortfall > 0 else "above" if above and attained > goal else "met"
    return Judgement(attained, shortfall, status, _credit(demand, required, attained))


_UNASSESSED = Judgement(None, None, "unassessed", None)


def strongest(stated: Iterable[Demand]) -> Necessity:
    """Return the most binding necessity of demands; at least one."""
    found = {one.necessity for one in stated}
    return next(necessity for necessity in NECESSITIES if necessity in found)


def holds(held: Attainment, level: float | None, *, by_value: bool = False) -> bool:
    """Return whether somebody holds a level, or a value; None for holding the capability at all."""
    if level is None:
        return held.held
    reached = held.value if by_value else held.level
    return reached is not None and reached >= level


def exactly(demand: Demand | None, capability: str, lowest: float) -> Attainment:
    """Return the attainment of somebody who holds exactly what a role demands of a capability, or nothing of it.

    Parameters
    ----------
    demand : Demand or None
        What the role demands; None where it demands nothing.
    capability : str
        The capability.
    lowest : float
        The lowest level or value of its scale.
    """
    if demand is None:
        return Attainment(capability=capability, assessed=True, level=int(lowest) - 1, value=lowest)
    return Attainment(
        capability=capability,
        assessed=True,
        held=True,
        level=None if demand.by_value or demand.required is None else int(demand.required),
        value=demand.requirement.value,
        confidence=demand.requirement.confidence,
    )


def readiness(credits_: Iterable[tuple[float, float | None]]) -> float | None:
    """Return ``Σ importance × credit ÷ Σ importance`` over the assessed; None where their importance sums to 0.

    Parameters
    ----------
    credits_ : iterable of (float, float or None)
        Importance and credit of each requirement; a credit of None is unassessed.
    """
    assessed = [(importance, credit) for importance, credit in credits_ if credit is not None]
    weight = math.fsum(importance for importance, _ in assessed)
    return math.fsum(importance * credit for importance, credit in assessed) / weight if weight > 0 else None


def missing_behaviors(graph: CapabilityGraph, weigher: Weigher, demand: Demand, held: Attainment) -> tuple[str, ...]:
    """Return the behaviors that would show the required level and have not been shown, in words."""
    if demand.required is None or demand.by_value:
        return ()
    floor = demand.lowest - 1 if held.level is None else held.level
    wanted = [
        graph[id_]
        for level, ids in weigher.rated(demand.capability).behaviors.items()
        if level is not None and floor < level <= demand.required
        for id_ in ids
    ]
    stated = (node.statement for node in wanted if isinstance(node, Behavior))
    return tuple(statement for statement in stated if statement not in held.shown)


def _credit(demand: Demand, required: float, attained: float) -> float:
    """Return how much of a required level is attained, in steps from the lowest."""
    span = required - demand.lowest
    if span <= 0:
        return float(attained >= required)
    return min(1.0, max(0.0, (attained - demand.lowest) / span))


def _demand(graph: CapabilityGraph, weigher: Weigher, capability: str, role: str, stated: Requirement) -> Demand:
    """Return a requirement on the scale of its capability."""
    node, scale = graph[capability], weigher.rated(capability).scale
    by_value = stated.level is None and stated.value is not None

    def read(level: int | None) -> int | None:
        """Return a level on the capability's scale."""
        return None if level is None else weigher.on_scale(level, stated.scale, capability, role)

    if by_value:
        lowest = scale.minimum if scale is not None and scale.minimum is not None else 0.0
    else:
        lowest = float(scale.ranks[0]) if scale is not None and scale.levels else 0.0
    return Demand(
        capability,
        node.label if isinstance(node, Capability) else capability,
        role,
        stated,
        stated.value if by_value else read(stated.level),
        read(stated.minimum),
        read(stated.stretch),
        by_value,
        lowest,
        1.0 if stated.importance is None else stated.importance,
    )


def _strongest(found: list[Demand]) -> list[Demand]:
    """Return the demands on one capability that no other one covers; of equal ones the first by role."""
    return [
        one
        for place, one in enumerate(found)
        if not any(
            _covers(other, one) and (not _covers(one, other) or earlier < place)
            for earlier, other in enumerate(found)
            if earlier != place
        )
    ]


def _covers(one: Demand, other: Demand) -> bool:
    """Return whether a demand is at least as strong as another one in every respect."""
    if one.by_value != other.by_value and None not in {one.required, other.required}:
        return False
    pairs = [
        (-NECESSITIES.index(one.necessity), -NECESSITIES.index(other.necessity)),
        (one.importance, other.importance),
        *(
            (-1e9 if mine is None else mine, -1e9 if theirs is None else theirs)
            for mine, theirs in zip(one[4:7], other[4:7], strict=True)
        ),
    ]
    return all(mine >= theirs for mine, theirs in pairs)
