"""The people that a question about several is asked of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capgraph.analysis.arguments import listed
from capgraph.analysis.subjects import entry
from capgraph.model import Person, RoleProfile, Team

if TYPE_CHECKING:
    from collections.abc import Iterable

    from capgraph.graph import CapabilityGraph


def people_of(graph: CapabilityGraph, who: str | Iterable[str] | None) -> tuple[str, ...]:
    """Return people, sorted: a team's with those of its parts, a role's holders, those named, or everybody.

    Raises
    ------
    UnknownIdError
        When an id is unknown, or neither a person, a team nor a role.
    """
    if who is None:
        return graph.ids(Person)
    found: set[str] = set()
    for name in [who] if isinstance(who, str) else listed("people", who):
        key = graph.resolve(name)
        node = graph[key]
        if isinstance(node, Team):
            teams = (key, *graph.narrower(key, depth=None))
            found.update(link.source for team in teams for link in graph.links(team, "member_of", incoming=True))
        elif isinstance(node, RoleProfile):
            found.update(link.source for link in graph.links(key, "holds", incoming=True))
        else:
            entry(graph, name, Person)
            found.add(key)
    return tuple(sorted(found))
