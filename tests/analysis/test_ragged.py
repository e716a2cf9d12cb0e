from __future__ import annotations

from array import array

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from capgraph.analysis.ragged import Ragged

lists = st.lists(st.lists(st.integers(0, 9), max_size=5, unique=True).map(sorted), max_size=6)


@given(lists)
def test_lists_come_back_as_they_were(found: list[list[int]]) -> None:
    ragged = Ragged.of(array("I", numbers) for numbers in found)
    assert [ragged.row(place).tolist() for place in range(len(found))] == found
    assert ragged.sizes.tolist() == [len(numbers) for numbers in found]
    assert ragged.owners.tolist() == [place for place, numbers in enumerate(found) for _ in numbers]


@given(lists)
def test_sums_and_counts_are_those_of_plain_lists(found: list[list[int]]) -> None:
    ragged = Ragged.of(array("I", numbers) for numbers in found)
    worth = np.arange(10, dtype=np.uint64) * np.uint64(2**61)
    assert ragged.sums(worth).tolist() == [sum(number * 2**61 for number in numbers) % 2**64 for numbers in found]
    assert ragged.counts(10).tolist() == [sum(number in numbers for numbers in found) for number in range(10)]
    kept = np.array([place % 2 == 0 for place in range(len(found))], bool)
    assert ragged.counts(10, kept).sum() == sum(len(numbers) for numbers in found[::2])


@given(lists)
def test_what_is_not_useful_is_left_out(found: list[list[int]]) -> None:
    ragged = Ragged.of(array("I", numbers) for numbers in found)
    even = ragged.select(ragged.values % 2 == 0)
    assert [even.row(place).tolist() for place in range(len(found))] == [
        [number for number in numbers if number % 2 == 0] for numbers in found
    ]
