"""Spool: things put aside on disk in the order in which they come, each found again by its place."""

from __future__ import annotations

import pickle
import weakref
from array import array
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Item = TypeVar("Item")
_BLOCK = 32
_IN_MEMORY = 1 << 25


class Spool(Generic[Item]):
    """Things put aside, in their order; a few are in memory, the others in a file without a name that ends with it.

    Notes
    -----
    Memory holds 32 megabytes at most, and a few bytes for each thing.  What is written is read by this process alone.
    """

    def __init__(self, items: Iterable[Item] = ()) -> None:
        self._file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - it lives as long as the spool
        weakref.finalize(self, self._file.close)
        self._starts = array("Q")
        self._end = 0
        self._last: list[Item] = []
        self._shown: tuple[int, list[Item]] = (-1, [])
        for item in items:
            self.put(item)

    def __len__(self) -> int:
        return len(self._starts) * _BLOCK + len(self._last)

    def __iter__(self) -> Iterator[Item]:
        return self.between(0, len(self))

    def __getitem__(self, place: int) -> Item:
        if not 0 <= place < len(self):
            raise IndexError(place)
        return self._block(place // _BLOCK)[place % _BLOCK]

    def between(self, start: int, stop: int) -> Iterator[Item]:
        """Yield the things from one place to before another."""
        while start < stop:
            number, first = divmod(start, _BLOCK)
            some = self._block(number)[first : first + stop - start]
            yield from some
            start += len(some)

    def put(self, item: Item) -> int:
        """Put a thing aside, and return its place."""
        self._last.append(item)
        place = len(self._starts) * _BLOCK + len(self._last) - 1
        if len(self._last) == _BLOCK:
            data = pickle.dumps(self._last, pickle.HIGHEST_PROTOCOL)
            self._file.seek(self._end)
            self._file.write(data)
            self._starts.append(self._end)
            self._end += len(data)
            self._last = []
        return place

    def _block(self, number: int) -> list[Item]:
        """Return a block of things."""
        if number == len(self._starts):
            return self._last
        if self._shown[0] != number:
            self._file.seek(self._starts[number])
            found: list[Item] = pickle.load(self._file)  # noqa: S301 - bytes that this object wrote
            self._shown = number, found
        return self._shown[1]
