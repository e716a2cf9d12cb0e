"""What a role requires: what it states itself, and what it inherits from broader roles."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from capgraph.model import Requirement

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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


class Requirements:
    """What the roles of an index require; what a role states itself is kept, since all roles below it ask for it."""

    __slots__ = ("_index", "_stated")

    def __init__(self, index: Index) -> None:
        self._index = index
        self._stated: dict[str, dict[str, RoleRequirement]] = {}

    def of(self, role: str, *, inherited: bool) -> tuple[RoleRequirement, ...]:
        """Return what a role requires, by capability; the nearest statement about a capability counts."""
        found: dict[str, RoleRequirement] = {}
        frontier, visited = [role], {role}
        while frontier:
            found = {**self._most_demanding(frontier), **found}
            above = self._index.outgoing.get("broader", {}) if inherited else {}
            reached = {link.target for node in frontier for link in above.get(node, ())}
            frontier = sorted(reached - visited)
            visited |= reached
        return tuple(found[capability] for capability in sorted(found))

    def _most_demanding(self, roles: Iterable[str]) -> dict[str, RoleRequirement]:
        """Return the most demanding requirement that equally near roles state of each capability."""
        first, *others = map(self._stated_by, roles)
        return _merged(first, (one for other in others for one in other.values())) if others else first

    def _stated_by(self, role: str) -> dict[str, RoleRequirement]:
        """Return what a role states itself, by capability."""
        if role not in self._stated:
            links = self._index.outgoing.get("requires", {}).get(role, ())
            stated = ((link.target, link.data) for link in links)
            ones = (RoleRequirement(name, data, role) for name, data in stated if isinstance(data, Requirement))
            self._stated[role] = _merged({}, ones)
        return self._stated[role]


def _merged(known: Mapping[str, RoleRequirement], more: Iterable[RoleRequirement]) -> dict[str, RoleRequirement]:
    """Return the most demanding requirement of each capability."""
    found = dict(known)
    for one in more:
        other = found.get(one.capability)
        found[one.capability] = one if other is None else max(other, one, key=_demand)
    return found


def _demand(stated: RoleRequirement) -> tuple[int, int, float, str]:
    """Return how demanding a requirement is."""
    requirement = stated.requirement
    level = requirement.level if requirement.level is not None else -10_000
    weight = 1.0 if requirement.importance is None else requirement.importance
    return _NECESSITY[requirement.necessity], level, weight, stated.role
