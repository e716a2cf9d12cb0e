from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capgraph.analysis import ragged as module
from capgraph.analysis.ragged import Ragged, distinct

if TYPE_CHECKING:
    import random

lists = st.lists(st.lists(st.integers(0, 9), max_size=5, unique=True).map(sorted), max_size=6)


@given(lists)
def test_lists_come_back_as_they_were(found: list[list[int]]) -> None:
    ragged = Ragged.of_sets(found)
    assert [ragged.row(place).tolist() for place in range(len(found))] == found
    assert ragged.sizes.tolist() == [len(numbers) for numbers in found]
    assert ragged.owners.tolist() == [place for place, numbers in enumerate(found) for _ in numbers]


@given(lists)
def test_sums_and_counts_are_those_of_plain_lists(found: list[list[int]]) -> None:
    ragged = Ragged.of_sets(found)
    worth = np.arange(10, dtype=np.uint64) * np.uint64(2**61)
    assert ragged.sums(worth).tolist() == [sum(number * 2**61 for number in numbers) % 2**64 for numbers in found]
    assert ragged.counts(10).tolist() == [sum(number in numbers for numbers in found) for number in range(10)]
    kept = np.array([place % 2 == 0 for place in range(len(found))], bool)
    assert ragged.counts(10, kept).sum() == sum(len(numbers) for numbers in found[::2])


@given(lists)
def test_what_is_not_useful_is_left_out(found: list[list[int]]) -> None:
    ragged = Ragged.of_sets(found)
    even = ragged.select(ragged.values % 2 == 0)
    assert [even.row(place).tolist() for place in range(len(found))] == [
        [number for number in numbers if number % 2 == 0] for numbers in found
    ]


@given(st.lists(st.lists(st.integers(0, 9), max_size=5), max_size=6))
def test_each_list_keeps_its_distinct_numbers_in_order(found: list[list[int]]) -> None:
    ragged = Ragged.of_sets(map(iter, found))
    assert [ragged.row(place).tolist() for place in range(len(found))] == [sorted(set(numbers)) for numbers in found]


def test_lists_that_are_made_distinct_in_several_goes_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [[place % 7, place % 3, 5] for place in range(40)]
    whole = Ragged.of_sets(found)
    monkeypatch.setattr(module, "_CHUNK", 10)
    part = Ragged.of_sets(found)
    assert (part.values.tolist(), part.starts.tolist()) == (whole.values.tolist(), whole.starts.tolist())


@given(lists, st.randoms(use_true_random=False), st.sampled_from([1, 3, 20_000]))
def test_lists_are_taken_in_any_order(found: list[list[int]], draw: random.Random, at_a_time: int) -> None:
    order = draw.choices(range(len(found)), k=len(found)) if found else []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_LISTS", at_a_time)
        taken = Ragged.of_sets(found).taken(np.array(order, np.int64))
    assert [taken.row(place).tolist() for place in range(len(order))] == [found[place] for place in order]


@given(st.lists(st.integers(0, 20)))
def test_distinct_numbers_are_those_of_a_set(numbers: list[int]) -> None:
    assert distinct(np.array(numbers, np.int64)).tolist() == sorted(set(numbers))
