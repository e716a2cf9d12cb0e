"""What roles bring across frameworks: capabilities and roles that crosswalks map, for one pair and for matrices."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from capgraph.analysis.counterparts import Counterpart, counterparts
from capgraph.model import Capability, RoleProfile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from capgraph.graph import CapabilityGraph

ANYHOW = -1
"""The step of a capability that stands for holding it, with a level, a value or neither."""
Columns: TypeAlias = dict[str, dict[int, int]]
"""The column of each step of each capability."""
Entry = tuple[int, float, float]
"""A row, the value that it brings, and the share that this is worth."""


class Mapped(NamedTuple):
    """A capability of another framework that stands for one which is asked for."""

    counterpart: Counterpart
    """The capability, and what it is worth."""
    is_comparable: bool
    """Whether both are rated on one scale; else levels and values say nothing, and holding it counts."""


def mapped_capabilities(graph: CapabilityGraph, capability: str) -> Iterator[Mapped]:
    """Yield the capabilities of other frameworks that stand for one, by id."""
    found = [item for item in counterparts(graph, capability) if isinstance(graph[item.id], Capability)]
    own = graph.scale(capability) if found else None
    for item in found:
        yield Mapped(item, own is not None and graph.scale(item.id) is own)


def mapped_roles(graph: CapabilityGraph, role: str) -> tuple[Counterpart, ...]:
    """Return the roles of other frameworks that stand for one, by id."""
    return tuple(item for item in counterparts(graph, role) if isinstance(graph[item.id], RoleProfile))


def crossings(graph: CapabilityGraph, columns: Columns, size: int) -> list[Any]:
    """Return matrices from the columns of mapped capabilities to those that they stand for, with their shares.

    No matrix has two entries in a column, so that a product with it is an exact share.
    """
    entries = [
        (theirs[step if mapped.is_comparable else ANYHOW], column, share)
        for capability, own in columns.items()
        for mapped in mapped_capabilities(graph, capability)
        if (share := mapped.counterpart.share) and (theirs := columns.get(mapped.counterpart.id))
        for step, column in own.items()
        if step != ANYHOW and (step if mapped.is_comparable else ANYHOW) in theirs
    ]
    return [_matrix(layer, size) for layer in layers(entries, 1)]


def stand_ins(graph: CapabilityGraph, rows: dict[str, int]) -> list[tuple[int, int, float]]:
    """Return the pairs of rows of which the second role stands for the first one, with the share."""
    return [
        (row, rows[item.id], item.share)
        for role, row in rows.items()
        for item in mapped_roles(graph, role)
        if item.id in rows
    ]


def _matrix(entries: Sequence[tuple[int, int, float]], size: int) -> Any:  # noqa: ANN401 - a scipy matrix
    """Return a square sparse matrix."""
    import numpy as np
    from scipy.sparse import csr_array

    rows, columns, shares = zip(*entries, strict=True)
    return csr_array((np.array(shares, dtype=np.float32), (rows, columns)), shape=(size, size))


def layers(entries: Iterable[tuple[int, Any, float]], place: Literal[0, 1]) -> list[list[tuple[int, Any, float]]]:
    """Return entries in as few groups as keep those with the same number at a place apart, in their order."""
    found: list[list[tuple[int, Any, float]]] = []
    seen: dict[Any, int] = {}
    for entry in entries:
        number = entry[place]
        depth = seen.get(number, 0)
        seen[number] = depth + 1
        if depth == len(found):
            found.append([])
        found[depth].append(entry)
    return found


def brought_values(
    graph: CapabilityGraph,
    capability: str,
    own: dict[str, list[Entry]],
    held: dict[str, list[int]],
    pairs: list[tuple[int, int, float]],
) -> list[list[Entry]]:
    """Return, in layers, what rows bring of a value that is asked for besides stating it themselves.

    Parameters
    ----------
    graph : CapabilityGraph
        The graph.
    capability : str
        The capability that is asked for with a value.
    own : dict
        By capability, the rows that state a value of it.
    held : dict
        By capability, the rows that hold it anyhow.
    pairs : list
        The rows that stand for others, with their shares.
    """
    found: list[Entry] = []
    for (id_, _, share, _), is_comparable in mapped_capabilities(graph, capability):
        if is_comparable:
            found += [(row, value, share) for row, value, _ in own.get(id_, ())]
        else:
            found += [(row, math.inf, share) for row in held.get(id_, ())]
    if pairs:
        by_row: dict[int, list[Entry]] = {}
        for entry in (*own.get(capability, ()), *found):
            by_row.setdefault(entry[0], []).append(entry)
        found += [
            (row, value, share * factor) for row, other, factor in pairs for _, value, share in by_row.get(other, ())
        ]
    return layers(found, 0)
