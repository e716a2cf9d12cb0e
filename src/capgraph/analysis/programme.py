"""Integer programs: columns, rows and objectives, solved exactly with HiGHS (`scipy.optimize.milp`)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

Terms = dict[int, float]
"""A linear expression: a coefficient for each column that has one."""

_CLOSE = 1e-6


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
        """Drop the rows that were added after a mark."""
        del self._rows[mark:]

    def minimum(self, objective: Mapping[int, float], *, seconds: float) -> Answer:
        """Return the least value of an expression, as far as the time allows.

        Notes
        -----
        HiGHS with a relative gap of 0; deterministic unless the time runs out.
        """
        import numpy as np
        from scipy.optimize import Bounds, LinearConstraint, milp

        if not self._columns:
            feasible = all(low <= _CLOSE and high >= -_CLOSE for _, low, high in self._rows)
            return Answer(() if feasible else None, 0.0 if feasible else math.inf, proven=True)
        if seconds <= 0:
            return Answer(None, -math.inf, proven=False)
        costs = np.zeros(self._columns)
        costs[list(objective)] = list(objective.values())
        found = milp(
            costs,
            integrality=np.ones(self._columns),
            bounds=Bounds(0, 1),
            constraints=[LinearConstraint(*self._matrix())] if self._rows else [],
            options={"mip_rel_gap": 0.0, "time_limit": seconds},
        )
        infeasible = found.status == 2  # noqa: PLR2004 - scipy's code for it
        values = None if found.x is None else tuple(float(value) for value in found.x)
        bound = found.mip_dual_bound if found.mip_dual_bound is not None else -math.inf
        return Answer(values, math.inf if infeasible else float(bound), proven=found.status == 0 or infeasible)

    def _matrix(self) -> tuple[object, list[float], list[float]]:
        """Return the rows as a sparse matrix with their bounds."""
        from scipy.sparse import csr_array

        starts, columns, values = [0], [], []
        for terms, _, _ in self._rows:
            columns.extend(terms.keys())
            values.extend(terms.values())
            starts.append(len(columns))
        shape = (len(self._rows), self._columns)
        matrix = csr_array((values, columns, starts), shape=shape)
        return matrix, [low for _, low, _ in self._rows], [high for _, _, high in self._rows]
