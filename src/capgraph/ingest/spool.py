"""Spool: things put aside on disk in the order in which they come, each found again by its place."""

from __future__ import annotations

import marshal
import pickle
import weakref
from array import array
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Item = TypeVar("Item")
_BLOCK = 32
_IN_MEMORY = 1 << 25
_PLAIN = b"m"
"""What starts a block of plain things; a pickle starts otherwise."""


class Spool(Generic[Item]):
    """Things put aside, in their order; a few are in memory, the others in a file without a name that ends with it.

    Parameters
    ----------
    flat, shaped : callable or None
        Return a thing as it is put aside, and what was put aside as the thing again; None where they are the same.

    Notes
    -----
    Memory holds 32 megabytes at most, and a few bytes for each thing.  What is written is read by this process alone.
    """

    def __init__(
        self, flat: Callable[[Item], object] | None = None, shaped: Callable[[Any], Item] | None = None
    ) -> None:
        self._flat, self._shaped = flat, shaped
        self._file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - it lives as long as the spool
        weakref.finalize(self, self._file.close)
        self._starts = array("Q")
        self._end = 0
        self._last: list[Any] = []
        self._shown: tuple[int, list[Any]] = (-1, [])

    def __len__(self) -> int:
        return len(self._starts) * _BLOCK + len(self._last)

    def __iter__(self) -> Iterator[Item]:
        return self.between(0, len(self))

    def __getitem__(self, place: int) -> Item:
        if not 0 <= place < len(self):
            raise IndexError(place)
        found = self._block(place // _BLOCK)[place % _BLOCK]
        return found if self._shaped is None else self._shaped(found)

    def between(self, start: int, stop: int) -> Iterator[Item]:
        """Yield the things from one place to before another."""
        stop = min(stop, len(self))
        while start < stop:
            number, first = divmod(start, _BLOCK)
            some = self._block(number)[first : first + stop - start]
            yield from some if self._shaped is None else map(self._shaped, some)
            start += len(some)

    def put(self, item: Item) -> int:
        """Put a thing aside, and return its place."""
        self._last.append(item if self._flat is None else self._flat(item))
        place = len(self._starts) * _BLOCK + len(self._last) - 1
        if len(self._last) == _BLOCK:
            data = _packed(self._last)
            self._file.seek(self._end)
            self._file.write(data)
            self._starts.append(self._end)
            self._end += len(data)
            self._last = []
        return place

    def _block(self, number: int) -> list[Any]:
        """Return a block of things."""
        if number == len(self._starts):
            return self._last
        if self._shown[0] != number:
            start = self._starts[number]
            stop = self._starts[number + 1] if number + 1 < len(self._starts) else self._end
            self._file.seek(start)
            self._shown = number, _unpacked(self._file.read(stop - start))
        return self._shown[1]


def _packed(items: list[Any]) -> bytes:
    """Return things as bytes: of plain ones the faster way, which knows tuples, texts and numbers alone."""
    try:
        return _PLAIN + marshal.dumps(items)
    except ValueError:
        return pickle.dumps(items, pickle.HIGHEST_PROTOCOL)


def _unpacked(data: bytes) -> list[Any]:
    """Return the things that bytes hold, which this process wrote."""
    if data.startswith(_PLAIN):
        return list(marshal.loads(memoryview(data)[len(_PLAIN) :]))  # noqa: S302 - bytes that this process wrote
    return list(pickle.loads(data))  # noqa: S301 - as above
