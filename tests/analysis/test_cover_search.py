"""The cover search against every set of columns."""

from __future__ import annotations

import itertools
import time
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capgraph.analysis import cover_search
from capgraph.analysis.cover_search import Column, Cover, least_cover

ROWS = 6
COLUMNS = st.lists(
    st.builds(Column, st.integers(1, 40) | st.integers(10**12, 10**12 + 5), st.integers(1, 2**ROWS - 1)), max_size=10
)


def searched(columns: list[Column], rows: int = ROWS, *, grain: int = 1, effort: int = 10**6) -> Cover:
    return least_cover(columns, rows, grain=grain, effort=effort, deadline=time.monotonic() + 60)


def least_cost(columns: list[Column], rows: int) -> int | None:
    """Return what the cheapest cover costs, by looking at all sets of columns."""
    costs = []
    for size in range(len(columns) + 1):
        for chosen in itertools.combinations(columns, size):
            covered = 0
            for column in chosen:
                covered |= column.rows
            if covered == 2**rows - 1:
                costs.append(sum(column.cost for column in chosen))
    return min(costs, default=None)


def cost(columns: list[Column], cover: Cover) -> int | None:
    return None if cover.columns is None else sum(columns[number].cost for number in cover.columns)


@given(COLUMNS, st.integers(0, ROWS), st.integers(1, 50))
def test_the_cover_is_the_least_of_all(columns: list[Column], rows: int, grain: int) -> None:
    columns = [Column(one.cost, one.rows & (2**rows - 1)) for one in columns]
    found = searched(columns, rows, grain=grain)
    assert found.proven
    assert cost(columns, found) == least_cost(columns, rows)
    if found.columns is not None:
        assert found.bound == cost(columns, found)


@given(COLUMNS, st.integers(1, 50))
def test_prices_of_remainders_change_no_answer(columns: list[Column], grain: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cover_search, "_SPARE", -ROWS)
        assert cost(columns, searched(columns, grain=grain)) == least_cost(columns, ROWS)


@given(COLUMNS, st.floats(0.5, 3))
def test_wrong_prices_change_no_answer(columns: list[Column], factor: float) -> None:
    """Prices are a proposal: whatever the floating-point arithmetic made of them, the proof is in whole numbers."""
    from scipy.optimize import linprog

    def bad(*given: object, **named: object) -> object:
        found = linprog(*given, **named)  # type: ignore[call-overload]
        if found.status == 0:
            found.ineqlin.marginals *= factor
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("scipy.optimize.linprog", bad)
        patch.setattr(cover_search, "_SPARE", -ROWS)
        assert cost(columns, searched(columns)) == least_cost(columns, ROWS)


PAIRS = [Column(10, sum(1 << row for row in rows)) for rows in itertools.combinations(range(7), 2)]


def test_the_bound_is_rounded_up_where_the_relaxation_is_not_whole() -> None:
    found = searched(PAIRS, 7, grain=10)
    assert found.columns is not None
    assert len(found.columns) == 4
    assert found.bound == 40


@pytest.mark.parametrize("effort", range(1, 12, 2))
def test_a_search_that_gives_up_says_so_with_a_bound_that_holds(effort: int) -> None:
    found = searched(PAIRS, 7, effort=effort)
    assert not found.proven
    assert found.columns is None
    assert 0 <= found.bound <= 40


@given(COLUMNS)
def test_costs_may_be_beyond_what_a_float_holds(columns: list[Column]) -> None:
    columns = [column._replace(cost=column.cost * 10**400) for column in columns]
    assert cost(columns, searched(columns, grain=10**399)) == least_cost(columns, ROWS)


def test_close_costs_are_told_apart_in_every_remainder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Covers that differ by one are told apart also where each remainder has prices of its own."""
    monkeypatch.setattr(cover_search, "_SPARE", -ROWS)
    pairs = [sum(1 << row for row in rows) for rows in itertools.combinations(range(ROWS), 2)]
    for turn in range(60):
        columns = [Column(9 + (place * 7 + turn * turn) % (3 + turn % 5), rows) for place, rows in enumerate(pairs)]
        columns = columns[turn % 5 :][:11]
        assert cost(columns, searched(columns, grain=100)) == least_cost(columns, ROWS)


def test_a_search_without_time_gives_up() -> None:
    found = least_cover(PAIRS, 7, grain=1, effort=1000, deadline=time.monotonic() - 1)
    assert found == Cover(None, 0, proven=False)


def test_prices_that_cannot_be_had_leave_those_that_are_known() -> None:
    """Where the time for pricing a remainder is up, the search goes on with the prices that it has."""
    from scipy.optimize import linprog

    columns = [*PAIRS, *(column._replace(cost=11) for column in PAIRS)]
    calls: list[int] = []

    def once(*given: object, **named: object) -> object:
        calls.append(1)
        return linprog(*given, **named) if len(calls) == 1 else SimpleNamespace(status=1, x=None)  # type: ignore[call-overload]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cover_search, "_SPARE", -7)
        patch.setattr("scipy.optimize.linprog", once)
        assert cost(columns, searched(columns, 7)) == 40
    assert len(calls) > 1


def test_many_rows_are_searched_without_running_out_of_stack() -> None:
    found = searched([Column(1, 1 << row) for row in range(300)], 300)
    assert found.columns == tuple(range(300))
