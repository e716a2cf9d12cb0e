"""What a role requires: what it states itself, and what it inherits from broader roles."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from capgraph.model import Requirement

if TYPE_CHECKING:
    from collections.abc import Iterable

    from capgraph.index import Index

_NECESSITY = {"mandatory": 2, "essential": 1, "optional": 0}


class RoleRequirement(NamedTuple):
    """One requirement of a role, with the role that states it."""

    capability: str
    """The id of the capability."""
    requirement: Requirement
    """What is required of it."""
    role: str
    """The role that states it: the role asked about, or one that it inherits from."""


def required_of(index: Index, role: str, *, inherited: bool) -> tuple[RoleRequirement, ...]:
    """Return what a role requires, by capability; the nearest statement about a capability counts."""
    found: dict[str, RoleRequirement] = {}
    frontier, visited = [role], {role}
    while frontier:
        found = {**_most_demanding(index, frontier), **found}
        above = index.outgoing.get("broader", {}) if inherited else {}
        reached = {link.target for node in frontier for link in above.get(node, ())}
        frontier = sorted(reached - visited)
        visited |= reached
    return tuple(found[capability] for capability in sorted(found))


def _most_demanding(index: Index, roles: Iterable[str]) -> dict[str, RoleRequirement]:
    """Return the most demanding requirement that equally near roles state of each capability."""
    stated = index.outgoing.get("requires", {})
    found: dict[str, RoleRequirement] = {}
    for role in roles:
        for link in stated.get(role, ()):
            if isinstance(link.data, Requirement):
                one = RoleRequirement(link.target, link.data, role)
                other = found.get(link.target)
                found[link.target] = one if other is None else max(other, one, key=_demand)
    return found


def _demand(stated: RoleRequirement) -> tuple[int, int, float, str]:
    """Return how demanding a requirement is."""
    requirement = stated.requirement
    level = requirement.level if requirement.level is not None else -10_000
    weight = 1.0 if requirement.importance is None else requirement.importance
    return _NECESSITY[requirement.necessity], level, weight, stated.role
