"""The cheapest chains through a matrix of distances: best-first, with the least cost of the rest known."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Any, NamedTuple

from capgraph.analysis.role_index import EXACT

if TYPE_CHECKING:
    from collections.abc import Iterator

_SLACK = 10**-EXACT
_BLOCK = 256


class _Partial(NamedTuple):
    """A chain on its way, ordered by what it costs at least."""

    least: float
    """What the whole chain costs at least."""
    moves: int
    """The moves so far."""
    chain: tuple[int, ...]
    """The rows of the roles so far; rows are in id order."""
    cost: float
    """What the moves so far cost."""


class CareerSearch:
    """Best-first search for chains of moves.

    Parameters
    ----------
    distances : array
        The distance from the role of each row to that of each column.
    shut : array
        The rows of the roles that are no stations.
    ends : tuple
        The rows of the start and of the goal.
    max_hops : int
        The most moves of a chain.
    """

    def __init__(self, distances: Any, shut: Any, ends: tuple[int, int], max_hops: int) -> None:  # noqa: ANN401 - numpy arrays
        self.distances = distances
        self.shut = shut
        self.start, self.end = ends
        self.max_hops = max_hops

    def best(self, number: int, limit: float) -> Iterator[tuple[int, ...]]:
        """Yield the cheapest chains of moves up to a limit, without a role that comes twice, cheapest first.

        Notes
        -----
        The ways on from a chain wait in order, each behind the one before it, so that few are ever looked at.
        """
        limit += _SLACK  # the distances are of single precision, and a move of the limit itself is viable
        ceiling = self._ceiling(number, limit)
        rest = self._rest(limit, ceiling)
        agenda: list[tuple[_Partial, Iterator[_Partial]]] = [(_Partial(0.0, 0, (self.start,), 0.0), iter(()))]
        while agenda and number > 0:
            partial, later = heapq.heappop(agenda)
            _push(agenda, later)
            if partial.chain[-1] == self.end:
                number -= 1
                yield partial.chain
            elif partial.moves < self.max_hops:
                least = self._step(partial.chain[-1], limit, rest[self.max_hops - partial.moves - 1])
                _push(agenda, self._ways_on(partial, least, ceiling))

    def least_threshold(self) -> float:
        """Return the least distance that must be viable so that a chain exists."""
        import numpy as np

        widest = np.full(len(self.distances), np.inf)
        widest[self.end] = 0.0
        for _ in range(self.max_hops):
            widest = np.minimum(widest, self._opened(np.maximum(self.distances, widest).min(axis=1)))
        return float(np.ceil((widest[self.start] - _SLACK) * 100) / 100)

    def _ceiling(self, number: int, limit: float) -> float:
        """Return what so many chains cost at most, as those of one or two moves show."""
        import numpy as np

        into = self.distances[:, self.end].astype(np.float64)
        out = self.distances[self.start].astype(np.float64)
        costs = self._opened(np.where((into <= limit) & (out <= limit), into + out, np.inf))
        costs[[self.start, self.end]] = np.inf
        if self.max_hops == 1:
            costs[:] = np.inf
        costs[self.start] = into[self.start] if into[self.start] <= limit else np.inf
        most = self.max_hops + 1.0  # no distance is above 1
        return min(most, float(np.partition(costs, number - 1)[number - 1]) + _SLACK) if number <= len(costs) else most

    def _rest(self, limit: float, ceiling: float) -> list[Any]:
        """Return, for each number of moves, what it costs at least to come from each role to the goal within them."""
        import numpy as np

        rest = [np.full(len(self.distances), np.inf)]
        rest[0][self.end] = 0.0
        for _ in range(self.max_hops - 1):
            within = np.flatnonzero(rest[-1] <= ceiling)
            blocks = range(0, len(self.distances), _BLOCK)
            found = [self._nearest(slice(row, row + _BLOCK), within, limit, rest[-1][within]) for row in blocks]
            rest.append(np.minimum(rest[-1], self._opened(np.concatenate(found))))
        return rest

    def _nearest(self, rows: slice, columns: Any, limit: float, rest: Any) -> Any:  # noqa: ANN401 - numpy arrays
        """Return the least cost of a move from each row to one of the columns, and of the rest from there."""
        import numpy as np

        moves = self.distances[rows][:, columns]
        total = moves + rest
        if limit < 1:
            total[moves > limit] = np.inf
        return total.min(axis=1, initial=np.inf)

    def _opened(self, costs: Any) -> Any:  # noqa: ANN401 - numpy arrays
        """Return what leads on from each role, with an infinite cost for those that are no stations."""
        closed = self.shut[self.shut != self.end]
        costs[closed] = float("inf")
        return costs

    def _step(self, here: int, limit: float, rest: Any) -> Any:  # noqa: ANN401 - numpy arrays
        """Return what a chain costs at least from here, for each role that it may go to next."""
        import numpy as np

        return np.where(self.distances[here] <= limit, self.distances[here] + rest, np.inf)

    def _ways_on(self, partial: _Partial, least: Any, ceiling: float) -> Iterator[_Partial]:  # noqa: ANN401 - numpy arrays
        """Yield a chain with one more move, for each role that can follow, cheapest first, then by id."""
        import numpy as np

        here = partial.chain[-1]
        rows = np.flatnonzero(partial.cost + least <= ceiling)
        bounds = np.round(partial.cost + least[rows], EXACT)
        for place in np.lexsort((rows, bounds)).tolist():
            row = int(rows[place])
            if row not in partial.chain:
                cost = partial.cost + float(self.distances[here, row])
                yield _Partial(float(bounds[place]), partial.moves + 1, (*partial.chain, row), cost)


def _push(agenda: list[tuple[_Partial, Iterator[_Partial]]], ways: Iterator[_Partial]) -> None:
    """Put the next of some ways on the agenda, if there is one."""
    partial = next(ways, None)
    if partial is not None:
        heapq.heappush(agenda, (partial, ways))
