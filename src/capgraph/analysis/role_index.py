"""Roles as rows of sparse matrices: what their holders bring, and what they ask for, step by step."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from capgraph.analysis.counterparts import counterparts
from capgraph.analysis.remembered import remembered
from capgraph.analysis.role_credit import Brought, brought
from capgraph.analysis.role_mapping import ANYHOW, Entry, brought_values, stand_ins
from capgraph.analysis.subjects import entry
from capgraph.model import Necessity, RoleProfile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from capgraph.analysis.role_mapping import Columns
    from capgraph.graph import CapabilityGraph
    from capgraph.model import Requirement

_BLOCK = 256
EXACT = 6
"""The digits to which distances are told apart: they are of single precision."""
OPTIONAL = 0.5
"""What an optional requirement weighs beside an essential one of the same importance."""


class Asked(NamedTuple):
    """One requirement of a role, ready to be compared."""

    capability: str
    """The capability."""
    steps: int
    """The steps above the lowest level; 0 where holding the capability is enough."""
    value: float | None
    """The value above the scale's minimum, where one is stated instead of a level."""
    weight: float
    """The importance, halved where the requirement is optional."""
    necessity: Necessity
    """Whether it is a gate."""


def asked(graph: CapabilityGraph, role: str) -> tuple[Asked, ...]:
    """Return what a role requires, by capability, with the levels as steps from the lowest."""
    return tuple(_asked(graph, stated.capability, stated.requirement) for stated in graph.requirements(role))


def _asked(graph: CapabilityGraph, capability: str, requirement: Requirement) -> Asked:
    """Return one requirement, ready to be compared; the scale is looked up only where a level or value is stated."""
    steps, value = 0, None
    if requirement.level is not None or requirement.value is not None:
        scale = graph.scale(capability)
        if requirement.level is not None:
            steps = sum(rank <= requirement.level for rank in (scale.ranks if scale is not None else ())[1:])
        elif requirement.value is not None:
            value = requirement.value - (scale.minimum if scale is not None and scale.minimum is not None else 0.0)
    weight = 1.0 if requirement.importance is None else requirement.importance
    weight *= OPTIONAL if requirement.necessity == "optional" else 1.0
    return Asked(capability, steps, value, weight, requirement.necessity)


class Stated(NamedTuple):
    """The values that roles ask for of one capability."""

    rows: Any
    """The rows of the roles, as an array."""
    values: Any
    """Their values, above the scale's minimum."""
    weights: Any
    """Their weights."""
    others: tuple[tuple[Any, Any, Any], ...] = ()
    """In layers without repeated rows: rows that bring it by a crosswalk, their values, and what these are worth."""

    def shares(self, first: int, last: int) -> Any:  # noqa: ANN401 - a numpy array, loaded late
        """Return the share of each value asked for that the roles in a range of rows bring."""
        import numpy as np

        found = np.zeros((last - first, len(self.rows)))
        positive = self.values > 0
        for rows, values, worth in ((self.rows, self.values, np.ones(len(self.rows))), *self.others):
            inside = (rows >= first) & (rows < last)
            shares = np.minimum(1, values[inside][:, None] / np.where(positive, self.values, 1))
            shares = np.where(positive, shares, 1) * worth[inside][:, None]
            found[rows[inside] - first] = np.maximum(found[rows[inside] - first], shares)
        return found


@dataclass(frozen=True)
class RoleIndex:
    """The roles of a graph that require something of any importance, as matrices.

    A column is a step of a capability: 0 for holding it, then one for each level above the lowest.
    """

    roles: tuple[str, ...]
    """The roles, by id; they are the rows."""
    asks: tuple[tuple[Asked, ...], ...]
    """What each role requires."""
    columns: Columns
    """The column of each step of a capability."""
    brought: Brought
    """The share of each step that is credited to the holder of a role."""
    needs: Any
    """A sparse matrix, transposed: the weight of each step that a role asks for."""
    totals: Any
    """The weight of everything that each role asks for."""
    values: tuple[Stated, ...]
    """The values that roles ask for, capability by capability."""
    rows: dict[str, int]
    """The row of every role."""

    @cached_property
    def distances(self) -> Any:  # noqa: ANN401 - a numpy array, loaded late
        """The distance from the role of each row to the role of each column; computed on first use."""
        import numpy as np

        count = len(self.roles)
        matrix = np.empty((count, count), dtype=np.float32)
        totals = self.totals.astype(np.float32)
        wanted = self.needs.T.tocsr()
        for first in range(0, count, _BLOCK):
            last = min(first + _BLOCK, count)
            credit = self._credit(wanted, first, last)
            matrix[first:last] = 1 - np.clip(credit / totals, 0, 1)
        np.fill_diagonal(matrix, 0)
        return matrix

    def _credit(self, wanted: Any, first: int, last: int) -> Any:  # noqa: ANN401 - as above
        """Return the weight of each role that the holders of a range of roles are credited with.

        Nearly all pairs of roles share something, so that a dense block of what is brought is faster than a sparse one.
        """
        import numpy as np

        credit = (wanted @ self.brought.by(np.arange(first, last))).T
        for stated in self.values:
            credit[:, stated.rows] += stated.shares(first, last) * stated.weights
        return credit


def role_index(graph: CapabilityGraph) -> RoleIndex:
    """Return the index of a graph's roles, built on first use; linear in the requirements and their steps."""
    return remembered(graph, "role index", lambda: _built(graph))


def profile(graph: CapabilityGraph, role: str) -> str:
    """Return the resolved id of a role."""
    entry(graph, role, RoleProfile)
    return graph.resolve(role)


def is_open(graph: CapabilityGraph, role: str) -> bool:
    """Return whether somebody can move to a role: it is in use and no family."""
    node = graph[role]
    return isinstance(node, RoleProfile) and node.kind != "family" and node.status != "deprecated"


def emptiness(graph: CapabilityGraph, role: str) -> str:
    """Return what is said of a role to which no distance is defined."""
    return "gives the importance 0 to all that it requires" if graph.requirements(role) else "requires nothing"


def _built(graph: CapabilityGraph) -> RoleIndex:
    """Return a new index."""
    import numpy as np

    known: dict[
        Asked, Asked
    ] = {}  # roles ask for much alike: one object each spares the garbage collector most of them
    everything = {role: _once(asked(graph, role), known) for role in graph.ids(RoleProfile)}
    roles = tuple(role for role, asks in everything.items() if any(one.weight > 0 for one in asks))
    asks = tuple(everything[role] for role in roles)
    numbers = {role: row for row, role in enumerate(roles)}
    pairs = stand_ins(graph, numbers)
    columns = _step_columns(graph, known)
    holds, needs = _matrices(asks, tuple(known), columns)
    return RoleIndex(
        roles=roles,
        asks=asks,
        columns=columns,
        brought=brought(graph, columns, holds, pairs),
        needs=needs,
        totals=np.array([math.fsum(one.weight for one in found) for found in asks]),
        values=_stated(graph, asks, pairs) if any(one.value is not None for one in known) else (),
        rows=numbers,
    )


def _once(asks: tuple[Asked, ...], known: dict[Asked, Asked]) -> tuple[Asked, ...]:
    """Return what a role asks for, with one object for all that are equal."""
    return tuple([known.setdefault(one, one) for one in asks])


def _step_columns(graph: CapabilityGraph, asks: Iterable[Asked]) -> Columns:
    """Return the columns of what is asked for: a row of steps, and one for holding what other frameworks map."""
    most: dict[str, int] = {}
    for one in asks:
        steps = ANYHOW if one.value is not None else one.steps
        most[one.capability] = max(steps, most.get(one.capability, ANYHOW))
    columns: Columns = {}
    first = 0
    for capability, last in most.items():
        places = [*range(last + 1), *([ANYHOW] if counterparts(graph, capability) else [])]
        columns[capability] = dict(zip(places, range(first, first + len(places)), strict=True))
        first += len(places)
    return columns


def _matrices(asks: tuple[tuple[Asked, ...], ...], known: tuple[Asked, ...], columns: Columns) -> tuple[Any, Any]:
    """Return the steps that the holder of each role has, and the weights of the steps asked for, transposed.

    What is known of each different thing that is asked for is looked up once, and repeated for the roles that ask.
    """
    import numpy as np
    from scipy.sparse import csr_array

    numbers = {one: number for number, one in enumerate(known)}
    which = np.fromiter((numbers[one] for found in asks for one in found), dtype=np.int64)
    rows = np.repeat(np.arange(len(asks)), [len(found) for found in asks])
    shape = (len(asks), sum(map(len, columns.values())))
    anyhow = np.array([columns[one.capability].get(ANYHOW, ANYHOW) for one in known], dtype=np.int64)[which]
    is_valued = np.array([one.value is not None for one in known], dtype=bool)
    first = np.array([columns[one.capability].get(0, 0) for one in known], dtype=np.int64)
    steps, weights = np.array([(one.steps, one.weight) for one in known]).reshape(-1, 2).T
    also, rows_also = anyhow[anyhow != ANYHOW], rows[anyhow != ANYHOW]
    which, rows = which[~is_valued[which]], rows[~is_valued[which]]
    steps = steps[which].astype(np.int64)
    within = np.arange((steps + 1).sum()) - np.repeat(np.cumsum(steps + 1) - steps - 1, steps + 1)
    which, rows, steps = (np.repeat(column, steps + 1) for column in (which, rows, steps))
    places = first[which] + within
    held = (np.concatenate([rows, rows_also]), np.concatenate([places, also]))
    holds = csr_array((np.ones(len(held[0]), dtype=np.float32), held), shape=shape)
    counts = (within > 0) | (steps == 0)
    shares = (weights[which] / np.maximum(1, steps))[counts].astype(np.float32)
    return holds, csr_array((shares, (places[counts], rows[counts])), shape=(shape[1], shape[0]))


def _stated(
    graph: CapabilityGraph, asks: tuple[tuple[Asked, ...], ...], pairs: list[tuple[int, int, float]]
) -> tuple[Stated, ...]:
    """Return the values that roles ask for, by capability."""
    import numpy as np

    found: dict[str, list[tuple[int, float, float]]] = defaultdict(list)
    own: dict[str, list[Entry]] = defaultdict(list)
    held: dict[str, list[int]] = defaultdict(list)
    for row, wanted in enumerate(asks):
        for one in wanted:
            held[one.capability].append(row)
            if one.value is not None:
                found[one.capability].append((row, one.value, one.weight))
                own[one.capability].append((row, one.value, 1.0))
    stated = []
    for name in sorted(found):
        rows, values, weights = (np.array(column) for column in zip(*found[name], strict=True))
        others = brought_values(graph, name, own, held, pairs)
        stated.append(Stated(rows, values, weights, tuple(map(_columns, others))))
    return tuple(stated)


def _columns(layer: list[Entry]) -> tuple[Any, Any, Any]:
    """Return the rows, values and shares of a layer as arrays."""
    import numpy as np

    rows, values, shares = (np.array(column) for column in zip(*layer, strict=True))
    return rows, values, shares
