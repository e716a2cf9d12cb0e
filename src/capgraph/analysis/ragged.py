"""Ragged: many short lists of numbers in two arrays, so that a million of them are one operation."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray


class Ragged(NamedTuple):
    """Lists of numbers, one after the other."""

    values: NDArray[np.uint32]
    """All numbers."""
    starts: NDArray[np.int64]
    """Where each list starts, and the end of the last."""

    @classmethod
    def of(cls, lists: Iterable[array[int]]) -> Ragged:
        """Return the lists in two arrays."""
        values = array("I")
        starts = array("q", [0])
        for numbers in lists:
            values.extend(numbers)
            starts.append(len(values))
        return cls(np.array(values, np.uint32), np.array(starts, np.int64))

    @property
    def sizes(self) -> NDArray[np.int64]:
        """How long each list is."""
        return np.diff(self.starts)

    @property
    def owners(self) -> NDArray[np.int64]:
        """The place of the list of each number."""
        return np.repeat(np.arange(len(self.starts) - 1), self.sizes)

    def row(self, place: int) -> NDArray[np.uint32]:
        """Return one list."""
        return self.values[self.starts[place] : self.starts[place + 1]]

    def sums(self, worth: NDArray[Any]) -> NDArray[Any]:
        """Return the sum of what the numbers of each list are worth; whole numbers wrap around."""
        totals = np.concatenate((np.zeros(1, worth.dtype), np.cumsum(worth[self.values], dtype=worth.dtype)))
        sums: NDArray[Any] = totals[self.starts[1:]] - totals[self.starts[:-1]]
        return sums

    def counts(self, size: int, kept: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
        """Return how many lists hold each number below a size, among those that are kept."""
        values = self.values if kept is None else self.values[np.repeat(kept, self.sizes)]
        return np.bincount(values, minlength=size)

    def select(self, useful: NDArray[np.bool_]) -> Ragged:
        """Return the lists without the numbers that are not useful."""
        totals: NDArray[np.int64] = np.concatenate((np.zeros(1, np.int64), np.cumsum(useful, dtype=np.int64)))
        return Ragged(self.values[useful], totals[self.starts])
