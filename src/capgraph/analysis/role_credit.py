"""What is credited to the holder of one capability for another: shares by relation, for one pair and for matrices."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from capgraph.analysis.role_mapping import Columns, crossings, layers

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


@dataclass(frozen=True)
class Brought:
    """The share of every step that is credited to the holders of roles: the best of all relations.

    Siblings are kept as the wholes that they share: spelled out they are most of all pairs of roles and steps.
    """

    near: Any
    """A sparse matrix, roles by steps: what the holder has, and the steps that links and mappings lead to."""
    wholes: Any
    """A sparse matrix, roles by steps of wholes: where the holder has a part."""
    climb: Any
    """A sparse matrix, steps by steps of their wholes, with the share of a sibling; None where nothing has a whole."""
    stand_ins: tuple[tuple[Any, Any, Any], ...]
    """In layers without repeated rows: rows, the rows of other frameworks that stand for them, and their shares."""

    def by(self, rows: Any) -> Any:  # noqa: ANN401 - numpy arrays, loaded late
        """Return the share of every step (the rows) that is credited to the holders of some roles (the columns)."""
        import numpy as np

        best = self._own(rows)
        for holders, others, shares in self.stand_ins:
            places = np.searchsorted(holders, rows)
            places[places == len(holders)] = 0
            known = holders[places] == rows
            if known.any():
                more = self._own(others[places[known]]) * shares[places[known]]
                best[:, known] = np.maximum(best[:, known], more)
        return best

    def _own(self, rows: Any) -> Any:  # noqa: ANN401 - as above
        """Return the shares without roles of other frameworks that stand for some."""
        import numpy as np

        best = self.near[rows].T.toarray()
        if self.climb is not None:
            siblings = self.climb @ self.wholes[rows].T.toarray()
            np.maximum(best, np.minimum(siblings, CREDIT["sibling"], out=siblings), out=best)
        return best


def brought(graph: CapabilityGraph, columns: Columns, holds: Any, pairs: list[tuple[int, int, float]]) -> Brought:  # noqa: ANN401 - scipy matrices, loaded late
    """Return the share of every step that is credited to those who hold some steps.

    Parameters
    ----------
    graph : CapabilityGraph
        The graph.
    columns : dict
        The columns of the steps of each capability.
    holds : sparse matrix
        1 where the holder of the row has the step of the column.
    pairs : list
        The rows of which the second one stands for the first one, with the share.
    """
    import numpy as np

    size = holds.shape[1]
    near = holds
    for relation, found in sorted(_pairs(graph, columns).items()):
        reached = holds @ _linked(found, (size, size))
        reached.data[:] = np.float32(CREDIT[relation])
        near = near.maximum(reached)
    for crossing in crossings(graph, columns, size):
        near = near.maximum(holds @ crossing)
    up = _climbs(graph, columns)
    climb = _linked(up, (size, 1 + max(whole for _, whole in up))) if up else None
    return Brought(
        near=near,
        wholes=None if climb is None else holds @ climb,
        climb=None if climb is None else climb * np.float32(CREDIT["sibling"]),
        stand_ins=tuple(map(_layer, layers(pairs, 0))),
    )


def _layer(entries: list[tuple[int, int, float]]) -> tuple[Any, Any, Any]:
    """Return pairs of rows as arrays, by the first row."""
    import numpy as np

    rows, others, shares = zip(*sorted(entries), strict=True)
    return np.array(rows), np.array(others), np.array(shares, dtype=np.float32)


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
