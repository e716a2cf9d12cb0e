"""What is credited to the holder of one capability for another: shares by relation, for one pair and for matrices."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from capgraph.analysis.role_mapping import crossings
from capgraph.model import Capability

if TYPE_CHECKING:
    from collections.abc import Iterator

    from capgraph.graph import CapabilityGraph

CREDIT = {"same": 1.0, "narrower": 0.5, "broader": 0.5, "related": 0.5, "sibling": 0.25}
"""The share of a step that somebody is credited with who holds the same step of another capability of the framework.

``narrower``: a part or kind of what is asked for is held; ``broader``: the whole of which it is a part; ``related``: as
the framework says; ``sibling``: both have a broader one.  What mappings to other frameworks are worth says
`capgraph.analysis.counterparts`.
"""


def neighbors(graph: CapabilityGraph, capability: str) -> dict[str, str]:
    """Return the capabilities whose holders are credited with a part of another one, with the best relation."""
    found: dict[str, str] = {}
    for other, relation in _related(graph, capability):
        if other != capability and CREDIT[relation] > CREDIT.get(found.get(other, ""), 0.0):
            found[other] = relation
    return found


def _related(graph: CapabilityGraph, capability: str) -> Iterator[tuple[str, str]]:
    """Yield every capability beside another one, with the relation."""
    for incoming in (False, True):
        for link in graph.links(capability, "related", incoming=incoming):
            yield link.source if incoming else link.target, "related"
    for part in graph.narrower(capability):
        yield part, "narrower"
    for whole in graph.broader(capability):
        yield whole, "broader"
        for other in graph.narrower(whole):
            yield other, "sibling"


def brought(graph: CapabilityGraph, columns: dict[tuple[str, int], int], holds: Any) -> Any:  # noqa: ANN401 - scipy matrices, loaded late
    """Return the share of every step that is credited to those who hold some steps: the best of all relations.

    Parameters
    ----------
    graph : CapabilityGraph
        The graph.
    columns : dict
        The column of each step of a capability.
    holds : sparse matrix
        1 where the holder of the row has the step of the column.
    """
    import numpy as np

    best = holds
    for share, spread in _spreads(graph, columns):
        reached = holds
        for links in spread:
            reached = reached @ links
            reached.data[:] = 1
        best = best.maximum(reached * np.float32(share))
    for crossing in crossings(graph, columns):
        best = best.maximum(holds @ crossing)
    return best


def _spreads(graph: CapabilityGraph, columns: dict[tuple[str, int], int]) -> list[tuple[float, list[Any]]]:
    """Return, for each relation that gives credit, its share and the matrices that lead from step to step."""
    by_capability: dict[str, dict[int, int]] = {}
    for (capability, step), column in columns.items():
        by_capability.setdefault(capability, {})[step] = column
    size, pairs = len(columns), _pairs(graph, by_capability)
    spreads = [(CREDIT[name], [_linked(found, (size, size))]) for name, found in sorted(pairs.items())]
    up = _climbs(graph, by_capability)
    if up:
        climb = _linked(up, (size, 1 + max(whole for _, whole in up)))
        spreads.append((CREDIT["sibling"], [climb, climb.T.tocsr()]))
    return spreads


def _pairs(graph: CapabilityGraph, by_capability: dict[str, dict[int, int]]) -> dict[str, list[tuple[int, int]]]:
    """Return, for each direct relation, the columns of the same step of two capabilities that it ties."""
    pairs: dict[str, list[tuple[int, int]]] = {}
    for capability, own in by_capability.items():
        for other, relation in _direct(graph, capability):
            for step in own.keys() & by_capability.get(other, {}).keys():
                pairs.setdefault(relation, []).append((by_capability[other][step], own[step]))
    return pairs


def _climbs(graph: CapabilityGraph, by_capability: dict[str, dict[int, int]]) -> list[tuple[int, int]]:
    """Return the columns of the parts, each with the number of the step of their whole."""
    wholes: dict[tuple[str, int], int] = {}
    return [
        (column, wholes.setdefault((whole, step), len(wholes)))
        for whole, parts in families(graph).items()
        for part in parts
        for step, column in by_capability.get(part, {}).items()
    ]


def _direct(graph: CapabilityGraph, capability: str) -> list[tuple[str, str]]:
    """Return the neighbors of a capability that are no siblings."""
    return [(other, relation) for other, relation in neighbors(graph, capability).items() if relation != "sibling"]


def _linked(pairs: list[tuple[int, int]], shape: tuple[int, int]) -> Any:  # noqa: ANN401 - a scipy matrix
    """Return a sparse matrix with a 1 for each pair."""
    import numpy as np
    from scipy.sparse import csr_array

    rows, columns = zip(*pairs, strict=True)
    return csr_array((np.ones(len(pairs), dtype=np.float32), (rows, columns)), shape=shape)


def families(graph: CapabilityGraph) -> dict[str, list[str]]:
    """Return the capabilities below each broader one that has several."""
    found: dict[str, list[str]] = defaultdict(list)
    for capability in graph.ids(Capability):
        for link in graph.links(capability, "broader"):
            found[link.target].append(capability)
    return {whole: parts for whole, parts in found.items() if len(parts) > 1}
