"""Titles and labels beside ids, for people who read an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capgraph.model import Capability, LearningAsset

if TYPE_CHECKING:
    from collections.abc import Iterable

    from capgraph.graph import CapabilityGraph


def title_of(graph: CapabilityGraph, id_: str) -> str:
    """Return the title of an asset or the label of a capability; nothing where the graph holds neither."""
    if id_ not in graph:
        return ""
    node = graph[id_]
    if isinstance(node, LearningAsset):
        return node.title
    return node.label if isinstance(node, Capability) else ""


def titles_of(graph: CapabilityGraph, ids: Iterable[str]) -> tuple[str, ...]:
    """Return the titles of assets, in the order of their ids."""
    return tuple(title_of(graph, id_) for id_ in ids)
