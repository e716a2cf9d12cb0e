"""The least cover, proven: which columns cover every row for the least cost, reckoned in whole numbers.

Give every row a *price* of at least 0, so that no column costs less than the prices of its rows together; what it costs
more is its *excess*.  Then any cover costs the prices of all rows, plus the excess of its columns, plus the price of a
row for each time it is covered once more.  Nothing of this is negative, which gives

- a bound: no cover costs less than all prices together;
- a budget: a cover that costs at most so much spends at most the *gap* between that and the bound on excess and on
  covering twice, so that a column of more excess is in no such cover, and a column that is taken makes the others that
  share a row with it dearer by the price of that row.

The best prices are the dual values of the linear relaxation.  They come from floating-point arithmetic, but are only a
proposal: they are rounded to whole numbers and lowered until no column is cheaper than its rows, so that the proof
holds in whole numbers whatever the rounding was.

The search takes the row that the fewest columns of the remaining budget cover, and tries these one after the other.
What remains to cover is all that counts for what is best from there on, so that each such remainder is solved once.
Where many columns are left the remainder gets prices of its own, which are higher.  The budget begins near the bound
and grows until it holds a cover; the least of all covers within the budget is then the least of all.

Good where the relaxation is close to the best cover, as it is where columns cover few rows each; else the search says
that it gave up.
"""

from __future__ import annotations

import time
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_SPARE = 60
_FIRST_SHARE = 2000
_TAIL = 1.15
_PRICING = 75
_UNIT = 1000

_Candidate = tuple[int, int, int]
"""The excess of a column over the rows still open, its rows as bits, and its number."""
_Found = tuple[int, tuple[int, ...]]
"""By how much a cover exceeds the prices of the rows still open, and its columns."""


class Column(NamedTuple):
    """One column."""

    cost: int
    """What it costs, above 0."""
    rows: int
    """The rows that it covers, as bits."""


class Cover(NamedTuple):
    """What the search found."""

    columns: tuple[int, ...] | None
    """The numbers of the columns of the least cover; None where there is none, or where the search gave up."""
    bound: int
    """What no cover costs less than: proven."""
    proven: bool
    """Whether the cover is the least, or it is proven that there is none."""


def least_cover(columns: Sequence[Column], rows: int, *, grain: int, effort: int, deadline: float) -> Cover:
    """Return the columns that cover every row for the least cost.

    Parameters
    ----------
    columns : sequence of Column
        The columns.
    rows : int
        The number of rows.
    grain : int
        The step, >= 1, in which the main part of a cost is counted; what a cost is above a multiple of it breaks ties.
        It guides how the budget grows, and changes no answer.
    effort : int
        How many remainders to look at before giving up; pricing one anew counts as seventy-five.
    deadline : float
        When to give up, by `time.monotonic`.
    """
    everything = (1 << rows) - 1
    if not everything or everything & ~_union(columns):
        return Cover(None if everything else (), 0, proven=True)
    search = _Search(effort, deadline)
    first = _priced(columns, everything, seconds=search.left())
    if first is None:
        return Cover(None, 0, proven=False)
    prices, shares = first
    floor = prices.of(everything)
    tail = int(_TAIL * sum(share * (column.cost % grain) for share, column in zip(shares, columns, strict=True)))
    open_columns = [(one.cost - prices.of(one.rows), one.rows, number) for number, one in enumerate(columns)]
    bound = floor
    try:
        for most in _budgets(floor, grain, tail):
            gap = most - floor
            near = [candidate for candidate in open_columns if candidate[0] <= gap]
            found = search.best(everything, near, gap, prices)
            if found is not None:
                return Cover(tuple(sorted(found[1])), floor + found[0], proven=True)
            bound = most + 1
    except _GaveUpError:
        return Cover(None, bound, proven=False)
    raise AssertionError  # pragma: no cover - the budgets never end


def _budgets(floor: int, grain: int, tail: int) -> Iterator[int]:
    """Yield what a cover may cost, ever more: whole steps with what ties usually add."""
    most = floor + (tail - floor) % grain
    while True:
        yield most
        most = max(most + grain, floor + 3 * (most - floor) // 2, floor + floor // _FIRST_SHARE)
        most -= (most - tail) % grain


class _GaveUpError(Exception):
    """The search took too long."""


class _Prices:
    """Prices of rows, and what is known under them."""

    def __init__(self, rows: Mapping[int, int]) -> None:
        self._rows = rows
        self._sums: dict[int, int] = {}
        self.known: dict[int, tuple[_Found | None, int]] = {}
        """For rows still open: the best cover, or None where none is within the gap beside it."""

    def of(self, rows: int) -> int:
        """Return what rows cost together."""
        found = self._sums.get(rows)
        if found is None:
            found = self._sums[rows] = sum(self._rows[row] for row in _bits(rows))
        return found


class _Search:
    """Depth first, each remainder once."""

    def __init__(self, effort: int, deadline: float) -> None:
        self._effort = effort
        self._deadline = deadline

    def left(self) -> float:
        """Return the seconds that are left."""
        return self._deadline - time.monotonic()

    def best(self, open_rows: int, candidates: list[_Candidate], gap: int, prices: _Prices) -> _Found | None:
        """Return the least cover of the open rows; None where none exceeds their prices by the gap at most."""
        if not open_rows:
            return 0, ()
        known = prices.known.get(open_rows)
        if known is not None and (known[0] is not None or gap <= known[1]):
            return known[0] if known[0] is not None and known[0][0] <= gap else None
        lift, candidates, inner = self._repriced(open_rows, candidates, gap, prices)
        left = gap - lift
        best: _Found | None = None
        for excess, rows, number in _branches(open_rows, candidates):
            if excess > left:
                break
            remaining = _without(rows, open_rows, candidates, left - excess, inner)
            found = self.best(open_rows & ~rows, remaining, left - excess, inner)
            if found is not None:
                best = excess + found[0], (number, *found[1])
                left = best[0] - 1
        if best is not None:
            best = best[0] + lift, best[1]
        prices.known[open_rows] = best, gap
        return best

    def _repriced(
        self, open_rows: int, candidates: list[_Candidate], gap: int, prices: _Prices
    ) -> tuple[int, list[_Candidate], _Prices]:
        """Return by how much better prices raise the bound, with the candidates that are left and these prices."""
        many = len(candidates) > open_rows.bit_count() + _SPARE
        self._spend(_PRICING if many else 1)
        if not many:
            return 0, candidates, prices
        parts = [rows & open_rows for _, rows, _ in candidates]
        columns = [Column(one[0] + prices.of(part), part) for one, part in zip(candidates, parts, strict=True)]
        found = _priced(columns, open_rows, seconds=self.left())
        if found is None:
            return 0, candidates, prices
        better = found[0]
        lift = better.of(open_rows) - prices.of(open_rows)
        dearer = (
            (column.cost - better.of(column.rows), rows, number)
            for column, (_, rows, number) in zip(columns, candidates, strict=True)
        )
        return lift, [candidate for candidate in dearer if candidate[0] <= gap - lift], better

    def _spend(self, effort: int) -> None:
        """Count one more remainder; give up where that is too much."""
        self._effort -= effort
        if self._effort < 0 or self.left() <= 0:
            raise _GaveUpError


def _branches(open_rows: int, candidates: list[_Candidate]) -> list[_Candidate]:
    """Return the candidates of the open row that the fewest cover, the least excess first."""
    planes: list[int] = []
    for _, rows, _ in candidates:
        carry, digit = rows, 0
        while carry:
            if digit == len(planes):
                planes.append(0)
            planes[digit], carry = planes[digit] ^ carry, planes[digit] & carry
            digit += 1
    fewest = open_rows
    for plane in reversed(planes):
        fewest = fewest & ~plane or fewest
    row = fewest & -fewest
    return sorted(candidate for candidate in candidates if candidate[1] & row)


def _without(taken: int, open_rows: int, candidates: list[_Candidate], gap: int, prices: _Prices) -> list[_Candidate]:
    """Return the candidates for the rows that stay open when some are taken, with what they cost more by that."""
    found = []
    for candidate in candidates:
        excess, rows, number = candidate
        if excess > gap:
            continue
        useful = rows & open_rows
        twice = useful & taken
        if twice:
            if twice == useful:
                continue
            excess += prices.of(twice)
            if excess > gap:
                continue
            candidate = excess, rows, number  # noqa: PLW2901 - the same candidate, dearer
        found.append(candidate)
    return found


def _priced(columns: Sequence[Column], open_rows: int, *, seconds: float) -> tuple[_Prices, Sequence[float]] | None:
    """Return the best prices of the open rows, with the share of each column in the relaxation; None without time."""
    from scipy.optimize import linprog

    if seconds <= 0 or not columns:
        return None
    places = {row: place for place, row in enumerate(_bits(open_rows))}
    unit = max(1, max(column.cost for column in columns) // _UNIT)
    found = linprog(
        [column.cost / unit for column in columns],
        A_ub=_matrix(columns, places),
        b_ub=[-1.0] * len(places),
        bounds=(0, None),
        method="highs",
        options={"time_limit": seconds},
    )
    if found.status != 0 or found.x is None:
        return None
    values = (-found.ineqlin.marginals).clip(0).tolist()
    prices = {row: int(Fraction(value) * unit) for row, value in zip(places, values, strict=True)}
    for column in columns:
        _lower(prices, column)
    return _Prices(prices), found.x.tolist()


def _matrix(columns: Sequence[Column], places: Mapping[int, int]) -> Any:  # noqa: ANN401 - a sparse matrix, loaded late
    """Return minus 1 where a column covers a row."""
    import numpy as np
    from scipy.sparse import csc_array

    entries: list[int] = []
    ends = [0]
    for column in columns:
        entries.extend(places[row] for row in _bits(column.rows))
        ends.append(len(entries))
    return csc_array((np.full(len(entries), -1.0), entries, ends), shape=(len(places), len(columns)))


def _lower(prices: dict[int, int], column: Column) -> None:
    """Lower the prices until the column is no cheaper than its rows, which rounding may have made it."""
    rows = list(_bits(column.rows))
    over = sum(prices[row] for row in rows) - column.cost
    for row in sorted(rows, key=prices.__getitem__, reverse=True) if over > 0 else ():
        less = min(over, prices[row])
        prices[row] -= less
        over -= less


def _union(columns: Iterable[Column]) -> int:
    """Return the rows that some column covers."""
    found = 0
    for column in columns:
        found |= column.rows
    return found


def _bits(rows: int) -> Iterator[int]:
    """Yield the numbers of rows."""
    while rows:
        lowest = rows & -rows
        yield lowest.bit_length() - 1
        rows ^= lowest
