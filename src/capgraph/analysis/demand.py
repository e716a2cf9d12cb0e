"""What roles and people demand, as steps of capabilities: the other side of what assets teach."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from capgraph.analysis.teaching import Step
from capgraph.model import Person, RoleProfile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from capgraph.graph import CapabilityGraph
    from capgraph.inheritance import RoleRequirement

NECESSITIES = ("optional", "essential", "mandatory")
"""How needed a step can be, least first."""


class Need(NamedTuple):
    """The demand for one step of one capability."""

    step: Step
    """The step."""
    holders: tuple[str, ...]
    """The people whose roles require it, or the roles where no workforce is loaded, sorted."""
    roles: tuple[str, ...]
    """The roles that require it, sorted."""
    necessity: str
    """The strongest necessity among those requirements; a gate is never averaged away."""


def needs(graph: CapabilityGraph, *, roles: Iterable[str] | None = None) -> tuple[Need, ...]:
    """Return every step that some role requires, by capability and rank.

    A requirement of level L demands every step of the capability's scale up to L; one without a level demands the
    lowest step.  With a workforce, a step is needed by the people who hold a role that requires it, and a role that
    nobody holds demands nothing by itself but stays in `Need.roles`.  Retired roles demand nothing.

    Parameters
    ----------
    graph : CapabilityGraph
        The graph.
    roles : iterable of str or None
        Only these roles; None for all.

    Notes
    -----
    Linear in the requirements of all roles, inherited ones included, times the levels.
    """
    chosen = graph.ids(RoleProfile) if roles is None else tuple(sorted({graph.resolve(role) for role in roles}))
    stated: dict[Step, dict[str, str]] = defaultdict(dict)
    for role in chosen:
        if getattr(graph[role], "status", "active") == "deprecated":
            continue
        for item in graph.requirements(role):
            for step in required_steps(graph, item):
                stated[step][role] = item.requirement.necessity
    people = _people(graph) if graph.ids(Person) else None
    return tuple(_need(step, stated[step], people) for step in sorted(stated, key=step_order))


def required_steps(graph: CapabilityGraph, item: RoleRequirement) -> Iterator[Step]:
    """Yield the steps that one requirement demands, lowest first.

    A capability without levels has one step, holding it: one without a scale, and one whose scale has values alone.
    """
    scale = graph.scale(item.capability)
    level = item.requirement.level
    if scale is None or not scale.ranks:
        yield Step(item.capability, None)
    else:
        for position, rank in enumerate(scale.ranks):
            if (level is None and position == 0) or (level is not None and rank <= level):
                yield Step(item.capability, rank)


def step_order(step: Step) -> tuple[str, int]:
    """Return the order of steps: by capability, then by rank."""
    return step.capability, -10_000 if step.rank is None else step.rank


def _people(graph: CapabilityGraph) -> dict[str, list[str]]:
    """Return the people who hold each role."""
    held: dict[str, list[str]] = defaultdict(list)
    for person in graph.ids(Person):
        for link in graph.links(person, "holds"):
            held[link.target].append(person)
    return held


def _need(step: Step, roles: dict[str, str], people: dict[str, list[str]] | None) -> Need:
    """Return the demand for a step, given the roles that require it and who holds them."""
    holders = roles if people is None else {person for role in roles for person in people.get(role, ())}
    return Need(step, tuple(sorted(holders)), tuple(sorted(roles)), max(roles.values(), key=NECESSITIES.index))
