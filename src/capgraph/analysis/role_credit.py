"""What is credited to the holder of one capability for another: shares by relation, for one pair and for matrices."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, TypeAlias

from capgraph.analysis.role_mapping import Columns, crossings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from capgraph.graph import CapabilityGraph

Families: TypeAlias = "dict[str, list[str]]"
"""Capabilities by what they are a part of."""
CREDIT = {"same": 1.0, "narrower": 0.5, "broader": 0.5, "related": 0.5, "sibling": 0.25}
"""The share of a step that somebody is credited with who holds the same step of another capability of the framework.

``narrower``: a part or kind of what is asked for is held; ``broader``: the whole of which it is a part; ``related``: as
the framework says; ``sibling``: both have a broader one.  What mappings to other frameworks are worth says
`capgraph.analysis.counterparts`.
"""


def neighbors(graph: CapabilityGraph, capability: str, among: Families) -> dict[str, str]:
    """Return the capabilities whose holders are credited with a part of another one, with the best relation.

    Siblings are looked for among some families alone, since frameworks have families of thousands.
    """
    found: dict[str, str] = {}
    wholes = (link.target for link in graph.links(capability, "broader"))
    siblings = ((part, "sibling") for whole in wholes for part in among.get(whole, ()))
    for other, relation in (*_direct(graph, capability), *siblings):
        if other != capability and CREDIT[relation] > CREDIT.get(found.get(other, ""), 0.0):
            found[other] = relation
    return found


def families(graph: CapabilityGraph, parts: Iterable[str]) -> Families:
    """Return some capabilities by what they are a part of."""
    found: Families = defaultdict(list)
    for part in parts:
        for link in graph.links(part, "broader"):
            found[link.target].append(part)
    return found


def _direct(graph: CapabilityGraph, capability: str) -> Iterator[tuple[str, str]]:
    """Yield every capability that a link of the framework ties to another one, with the relation."""
    for incoming in (False, True):
        for link in graph.links(capability, "related", incoming=incoming):
            yield link.source if incoming else link.target, "related"
    for link in graph.links(capability, "broader", incoming=True):
        yield link.source, "narrower"
    for link in graph.links(capability, "broader"):
        yield link.target, "broader"


def brought(graph: CapabilityGraph, columns: Columns, holds: Any) -> Any:  # noqa: ANN401 - scipy matrices, loaded late
    """Return the share of every step that is credited to those who hold some steps: the best of all relations.

    Parameters
    ----------
    graph : CapabilityGraph
        The graph.
    columns : dict
        The columns of the steps of each capability.
    holds : sparse matrix
        1 where the holder of the row has the step of the column.
    """
    import numpy as np

    best = holds
    for share, spread in _spreads(graph, columns, holds.shape[1]):
        reached = holds
        for links in spread:
            reached = reached @ links
            reached.data[:] = 1
        best = best.maximum(reached * np.float32(share))
    for crossing in crossings(graph, columns, holds.shape[1]):
        best = best.maximum(holds @ crossing)
    return best


def _spreads(graph: CapabilityGraph, columns: Columns, size: int) -> list[tuple[float, list[Any]]]:
    """Return, for each relation that gives credit, its share and the matrices that lead from step to step."""
    pairs = _pairs(graph, columns)
    spreads = [(CREDIT[name], [_linked(found, (size, size))]) for name, found in sorted(pairs.items())]
    up = _climbs(graph, columns)
    if up:
        climb = _linked(up, (size, 1 + max(whole for _, whole in up)))
        spreads.append((CREDIT["sibling"], [climb, climb.T.tocsr()]))
    return spreads


def _pairs(graph: CapabilityGraph, columns: Columns) -> dict[str, list[tuple[int, int]]]:
    """Return, for each direct relation, the columns of the same step of two capabilities that it ties."""
    pairs: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for capability, own in columns.items():
        for other, relation in _direct(graph, capability):
            if other != capability:
                theirs = columns.get(other, {})
                pairs[relation].extend((theirs[step], own[step]) for step in own.keys() & theirs.keys())
    return {relation: found for relation, found in pairs.items() if found}


def _climbs(graph: CapabilityGraph, columns: Columns) -> list[tuple[int, int]]:
    """Return the columns of the parts, each with the number of the step of their whole."""
    wholes: dict[tuple[str, int], int] = {}
    return [
        (column, wholes.setdefault((link.target, step), len(wholes)))
        for part, own in columns.items()
        for link in graph.links(part, "broader")
        for step, column in own.items()
    ]


def _linked(pairs: list[tuple[int, int]], shape: tuple[int, int]) -> Any:  # noqa: ANN401 - a scipy matrix
    """Return a sparse matrix with a 1 for each pair."""
    import numpy as np
    from scipy.sparse import csr_array

    rows, columns = np.array(pairs, dtype=np.int64).T
    return csr_array((np.ones(len(pairs), dtype=np.float32), (rows, columns)), shape=shape)
