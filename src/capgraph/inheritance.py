"""What a role requires: what it states itself, and what it inherits from broader roles."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from capgraph.model import Requirement

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from capgraph.index import Index
    from capgraph.links import Link

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
        self._stated: dict[str, dict[str, Link]] = {}

    def of(self, role: str, *, inherited: bool) -> tuple[RoleRequirement, ...]:
        """Return what a role requires, by capability; the nearest statement about a capability counts."""
        found: dict[str, Link] = {}
        frontier, visited = [role], {role}
        while frontier:
            found = {**self._most_demanding(frontier), **found}
            above = self._index.outgoing.get("broader", {}) if inherited else {}
            reached = {link.target for node in frontier for link in above.get(node, ())}
            frontier = sorted(reached - visited)
            visited |= reached
        links = (found[capability] for capability in sorted(found))
        return tuple(RoleRequirement(link.target, _required(link), link.source) for link in links)

    def _most_demanding(self, roles: Iterable[str]) -> dict[str, Link]:
        """Return the most demanding requirement that equally near roles state of each capability."""
        first, *others = map(self._stated_by, roles)
        return _merged(first, (link for other in others for link in other.values())) if others else first

    def _stated_by(self, role: str) -> dict[str, Link]:
        """Return what a role states itself, by capability."""
        if role not in self._stated:
            self._stated[role] = _merged({}, self._index.outgoing.get("requires", {}).get(role, ()))
        return self._stated[role]


def _merged(known: Mapping[str, Link], more: Iterable[Link]) -> dict[str, Link]:
    """Return the most demanding requirement of each capability."""
    found = dict(known)
    for link in more:
        other = found.get(link.target)
        found[link.target] = link if other is None else max(other, link, key=_demand)
    return found


def _demand(link: Link) -> tuple[int, int, float, str]:
    """Return how demanding a requirement is."""
    requirement = _required(link)
    level = requirement.level if requirement.level is not None else -10_000
    weight = 1.0 if requirement.importance is None else requirement.importance
    return _NECESSITY[requirement.necessity], level, weight, link.source


def _required(link: Link) -> Requirement:
    """Return the requirement that a link carries."""
    assert isinstance(link.data, Requirement)  # noqa: S101 - tells the type checkers what links of roles carry
    return link.data
