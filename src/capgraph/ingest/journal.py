"""Journal: what is told about every record, counted and put in order; much of it lies on disk."""

from __future__ import annotations

import heapq
import re
from collections.abc import Sequence
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, overload

from capgraph.ingest.actions import ACTIONS, PlanRow
from capgraph.ingest.spool import Spool
from capgraph.ingest.told import Told

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

_LAST = re.compile(r"(.*?)(\d+)\D*", re.DOTALL)
_RUN = 50_000
_AT_A_TIME = 1000


def row_order(told: Told) -> tuple[Any, ...]:
    """Return the place of a row in the plan: file, place in it, action, field."""
    source, locator, action, asset, field, _, _, reason, _ = told
    place, colon, number = locator.rpartition(":")
    if number.isdecimal():
        return source, f"{place}{colon}", int(number), action, field, reason, asset
    found = _LAST.fullmatch(locator)
    place, last = (found[1], int(found[2])) if found else (locator, 0)
    return source, place, last, action, field, reason, asset


class Journal:
    """What is told about every record, in any order.

    Notes
    -----
    Memory holds 50,000 entries; sorted runs of more are put aside on disk.
    """

    def __init__(self) -> None:
        self._waiting: list[Told] = []
        self._spool: Spool[Told] = Spool(tuple, Told._make)
        self._runs: list[tuple[int, int]] = []
        self._counts: dict[str, int] = {}
        self._changed = ""

    def tell(self, told: Told) -> None:
        """Note what happened to a record; the changes of one asset follow one another, and count once."""
        if told.action != "changed" or told.asset != self._changed:
            self._counts[told.action] = self._counts.get(told.action, 0) + 1
        if told.action == "changed":
            self._changed = told.asset
        self._waiting.append(told)
        if len(self._waiting) >= _RUN:
            self._put_aside()

    def extend(self, told: Iterable[Told]) -> None:
        """Note what happened to several records."""
        for item in told:
            self.tell(item)

    def counts(self) -> dict[str, int]:
        """Return how often each action was told, in the order of `ACTIONS`."""
        return {action: self._counts[action] for action in ACTIONS if action in self._counts}

    def rows(self) -> PlanRows:
        """Return everything told, in order, as rows that are made when they are asked for."""
        if self._runs:
            self._put_aside()
            return ManyRows(self._spool, self._runs)
        return FewRows(self._waiting)

    def _put_aside(self) -> None:
        """Put a sorted run aside."""
        self._waiting.sort(key=row_order)
        start = len(self._spool)
        for told in self._waiting:
            self._spool.put(told)
        self._runs.append((start, len(self._spool)))
        self._waiting = []


class PlanRows(Sequence[PlanRow]):
    """Rows of a plan, in order; they are made when they are asked for."""

    @overload
    def __getitem__(self, place: int) -> PlanRow: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[PlanRow, ...]: ...
    def __getitem__(self, place: int | slice) -> PlanRow | tuple[PlanRow, ...]:
        """Return a row, or several; the rows before it are read."""
        if isinstance(place, slice):
            start, stop, step = place.indices(len(self))
            return tuple(islice(self, start, stop, step)) if step > 0 else tuple(self)[place]
        found = next(islice(self, place % len(self), None), None) if -len(self) <= place < len(self) else None
        if found is None:
            raise IndexError(place)
        return found

    def without(self, actions: Collection[str]) -> PlanRows:
        """Return the rows but those with some actions."""
        raise NotImplementedError


class FewRows(PlanRows):
    """Rows of a plan that memory holds, sorted when they are first asked for.

    Parameters
    ----------
    told : list of Told
        What was told.
    """

    def __init__(self, told: list[Told]) -> None:
        self._told = told

    @cached_property
    def _rows(self) -> tuple[PlanRow, ...]:
        """The rows."""
        return tuple(map(_row, sorted(self._told, key=row_order)))

    def __len__(self) -> int:
        return len(self._told)

    def __iter__(self) -> Iterator[PlanRow]:
        return iter(self._rows)

    def without(self, actions: Collection[str]) -> PlanRows:
        """Return the rows but those with some actions."""
        return FewRows([told for told in self._told if told.action not in actions])


class ManyRows(PlanRows):
    """Rows of a plan that lie on disk; they can be read again and again.

    Parameters
    ----------
    spool : Spool
        What was told.
    runs : list of pairs
        The first place of each sorted run, and the one behind it.
    hidden : collection of str
        The actions whose rows are passed over.
    """

    def __init__(self, spool: Spool[Told], runs: list[tuple[int, int]], hidden: Collection[str] = frozenset()) -> None:
        self._spool, self._runs, self._hidden = spool, runs, hidden

    @cached_property
    def _count(self) -> int:
        """How many rows there are."""
        return sum(told.action not in self._hidden for told in self._spool) if self._hidden else len(self._spool)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[PlanRow]:
        return map(_row, heapq.merge(*(self._run(*run) for run in self._runs), key=row_order))

    def _run(self, start: int, stop: int) -> Iterator[Told]:
        """Yield one run, a thousand entries at a time, so that the runs do not read in turns."""
        for first in range(start, stop, _AT_A_TIME):
            some = list(self._spool.between(first, min(first + _AT_A_TIME, stop)))
            yield from (told for told in some if told.action not in self._hidden)

    def without(self, actions: Collection[str]) -> PlanRows:
        """Return the rows but those with some actions."""
        return ManyRows(self._spool, self._runs, {*self._hidden, *actions})


def _row(told: Told) -> PlanRow:
    """Return what is told as a row of a plan."""
    return PlanRow(
        source=told.source, locator=told.locator, asset=told.asset, action=told.action, field=told.field,
        before=told.before, after=told.after, reason=told.reason, hint=told.hint,
    )  # fmt: skip
