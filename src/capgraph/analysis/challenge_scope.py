"""Whom a challenge concerns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capgraph.model import Person, RoleProfile, Team

if TYPE_CHECKING:
    from collections.abc import Iterable

    from capgraph.graph import CapabilityGraph


def in_scope(graph: CapabilityGraph, challenge: str) -> tuple[str, ...]:
    """Return the people whom a challenge concerns, sorted: everybody where it names no scope."""
    stated = [link.target for link in graph.links(challenge, "concerns")]
    return people_of(graph, stated) if stated else graph.ids(Person)


def people_of(graph: CapabilityGraph, scope: Iterable[str]) -> tuple[str, ...]:
    """Return the people in teams (with those below them), the holders of roles, and people themselves, sorted."""
    found: set[str] = set()
    for id_ in scope:
        node = graph[id_]
        if isinstance(node, Person):
            found.add(graph.resolve(id_))
        elif isinstance(node, Team | RoleProfile):
            relation = "member_of" if isinstance(node, Team) else "holds"
            for part in (id_, *graph.narrower(id_, depth=None)):
                found |= {link.source for link in graph.links(part, relation, incoming=True)}
    return tuple(sorted(found))
