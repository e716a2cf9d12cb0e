"""Integer programs: columns, rows and objectives, solved exactly with HiGHS (`scipy.optimize.milp`)."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Terms = dict[int, float]
"""A linear expression: a coefficient for each column that has one."""

_CLOSE = 1e-6
_MANY = 1000
_FEW = 100
_CORE = 0.02


class Answer(NamedTuple):
    """What the solver found for one objective."""

    values: tuple[float, ...] | None
    """A value for each column; None where no solution was found."""
    bound: float
    """What no solution is better than: proven, and infinite where nothing can hold."""
    proven: bool
    """Whether the values are optimal, or it is proven that there are none."""


class Programme:
    """A growing integer program over columns that are 0 or 1.

    All columns are whole: with some that are not, HiGHS 1.12 writes a line to the standard output now and then.
    """

    def __init__(self) -> None:
        self._columns = 0
        self._rows: list[tuple[Terms, float, float]] = []
        self._closed: set[int] = set()

    def column(self) -> int:
        """Add a column and return its number."""
        self._columns += 1
        return self._columns - 1

    def require(self, terms: Mapping[int, float], *, low: float = -math.inf, high: float = math.inf) -> None:
        """Add a row: the expression lies between the bounds."""
        self._rows.append((dict(terms), low, high))

    def mark(self) -> int:
        """Return the number of rows, to which `reset` can go back."""
        return len(self._rows)

    def reset(self, mark: int) -> None:
        """Drop the rows that were added after a mark, and open every column again."""
        del self._rows[mark:]
        self._closed.clear()

    def minimum(self, objective: Mapping[int, float], *, seconds: float) -> Answer:
        """Return the least value of an expression, as far as the time allows.

        Notes
        -----
        HiGHS with a relative gap of 0; deterministic unless the time runs out.  Large programs are first solved over
        the columns of small reduced cost: where their best value is no worse than the relaxation by more than the
        reduced cost of what was left out, it is the best of all; else that distance says which columns to add.
        """
        deadline = time.monotonic() + seconds
        if not self._columns:
            return self._constant()
        relaxed = self._relaxed(objective, seconds) if self._columns - len(self._closed) > _MANY else None
        if relaxed is None:
            return self._solved(objective, self._closed, deadline)
        floor, reduced = relaxed
        width = _CORE * abs(floor)
        core = self._solved(objective, self._dear(reduced, width), deadline)
        if not core.proven or core.values is None:
            return self._solved(objective, self._closed, deadline)
        distance = core.bound - floor
        if distance <= width:
            return core
        return self._solved(objective, self._dear(reduced, distance + _CLOSE), deadline)

    def narrow(self, objective: Mapping[int, float], most: float, *, seconds: float) -> None:
        """Close the columns that no solution uses in which the expression is at most so much."""
        relaxed = self._relaxed(objective, seconds) if self._columns > _FEW else None
        if relaxed is not None:
            floor, reduced = relaxed
            self._closed = self._dear(reduced, most - floor + _CLOSE * max(1.0, abs(most)))

    def _dear(self, reduced: Sequence[float], width: float) -> set[int]:
        """Return the columns that are closed, or that cost more than the width over the relaxation."""
        return self._closed | {column for column, cost in enumerate(reduced) if cost > width}

    def _constant(self) -> Answer:
        """Return the answer of a program without columns, in which every expression is 0."""
        feasible = all(low <= _CLOSE and high >= -_CLOSE for _, low, high in self._rows)
        return Answer(() if feasible else None, 0.0 if feasible else math.inf, proven=True)

    def _relaxed(self, objective: Mapping[int, float], seconds: float) -> tuple[float, Sequence[float]] | None:
        """Return the value of the linear relaxation, and what each column that is 0 in it adds at least."""
        from scipy.optimize import linprog

        if seconds <= 0:
            return None
        rows, most = self._upper_rows()
        found = linprog(
            self._costs(objective),
            A_ub=rows,
            b_ub=most,
            bounds=[(0, 0 if column in self._closed else 1) for column in range(self._columns)],
            method="highs",
            options={"time_limit": seconds},
        )
        if found.status != 0 or found.fun is None:
            return None
        return float(found.fun), found.lower.marginals.tolist()

    def _upper_rows(self) -> tuple[Any, Any]:
        """Return the rows as expressions that are at most so much, and how much; None and None without rows."""
        import numpy as np

        if not self._rows:
            return None, None
        matrix, low, high = self._matrix()
        lows, highs = np.array(low), np.array(high)
        upper, lower = np.isfinite(highs), np.isfinite(lows)
        return _stacked(matrix[upper], -matrix[lower]), np.concatenate([highs[upper], -lows[lower]])

    def _solved(self, objective: Mapping[int, float], closed: set[int], deadline: float) -> Answer:
        """Return the least value of an expression with some columns closed."""
        import numpy as np
        from scipy.optimize import Bounds, LinearConstraint, milp

        seconds = deadline - time.monotonic()
        if seconds <= 0:
            return Answer(None, -math.inf, proven=False)
        upper = np.ones(self._columns)
        upper[list(closed)] = 0
        found = milp(
            self._costs(objective),
            integrality=np.ones(self._columns, dtype=np.int64),
            bounds=Bounds(0, upper),
            constraints=[LinearConstraint(*self._matrix())] if self._rows else [],
            options={"mip_rel_gap": 0.0, "time_limit": seconds},
        )
        infeasible = found.status == 2  # noqa: PLR2004 - scipy's code for it
        values = None if found.x is None else tuple(float(value) for value in found.x)
        bound = found.mip_dual_bound if found.mip_dual_bound is not None else -math.inf
        return Answer(values, math.inf if infeasible else float(bound), proven=found.status == 0 or infeasible)

    def _costs(self, objective: Mapping[int, float]) -> Any:  # noqa: ANN401 - a numpy array, loaded late
        """Return the coefficient of every column."""
        import numpy as np

        costs = np.zeros(self._columns)
        costs[list(objective)] = list(objective.values())
        return costs

    def _matrix(self) -> tuple[Any, list[float], list[float]]:
        """Return the rows as a sparse matrix with their bounds."""
        from scipy.sparse import csr_array

        starts: list[int] = [0]
        columns: list[int] = []
        values: list[float] = []
        for terms, _, _ in self._rows:
            columns.extend(terms.keys())
            values.extend(terms.values())
            starts.append(len(columns))
        matrix = csr_array((values, columns, starts), shape=(len(self._rows), self._columns))
        return matrix, [low for _, low, _ in self._rows], [high for _, _, high in self._rows]


def _stacked(upper: Any, lower: Any) -> Any:  # noqa: ANN401 - sparse matrices, loaded late
    """Return the rows of two sparse matrices below each other."""
    from scipy.sparse import vstack

    return vstack([upper, lower]).tocsr()
