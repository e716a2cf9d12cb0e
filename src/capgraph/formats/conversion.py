"""Conversion: what a reader or writer kept, normalized, moved, defaulted and dropped, with places and counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Literal, get_args

from capgraph.report import Report, ReportRow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from capgraph.errors import Issue

Action = Literal["kept", "normalized", "moved", "defaulted", "dropped"]
"""What happened: stored as it was, in another form, in ``extensions``, filled with a default, or not at all."""

_ACTIONS: tuple[str, ...] = get_args(Action)
PLACES = 20
"""How many places a row of a report names."""


@dataclass(frozen=True, kw_only=True)
class ConversionRow(ReportRow):
    """What happened to one part of a document or one column of a file."""

    action: Action
    """What happened."""
    part: str
    """The part and field, such as ``capability.translations``, or a column of the file."""
    count: int
    """How often."""
    reason: str = ""
    """Why, and what to do about it."""
    places: tuple[str, ...] = ()
    """Where; ids or places in the file, the first 20."""

    def tone(self) -> str:
        """Return the color of the row: what is lost stands out."""
        return {"dropped": "poor", "defaulted": "fair", "normalized": "fair"}.get(self.action, "")


@dataclass(frozen=True, kw_only=True, repr=False)
class Conversion(Report[ConversionRow]):
    """What one reading or writing did; rows by action (kept first, dropped last), then part, then reason."""

    name: ClassVar[str] = "conversion"
    row_type: ClassVar[type[ReportRow]] = ConversionRow

    format: str = ""
    """The name of the format."""
    direction: Literal["read", "write"] = "read"
    """Whether a document was read or written."""
    chosen: str = ""
    """Why this format was taken."""
    problems: tuple[Issue, ...] = ()
    """What is wrong in the file but did not stop the reading, in the order of the file."""

    @property
    def dropped(self) -> tuple[ConversionRow, ...]:
        """The rows about what was lost."""
        return tuple(row for row in self.records if row.action == "dropped")

    def with_rows(self, rows: Iterable[ConversionRow]) -> Conversion:
        """Return the report with more rows, each in its place."""
        return replace(self, records=tuple(sorted((*self.records, *rows), key=_place)))


def _place(row: ConversionRow) -> tuple[int, str, str]:
    """Return where a row stands in a report."""
    return _ACTIONS.index(row.action), row.part, row.reason


class Ledger:
    """Where a reader or writer notes what it does; `report` makes a `Conversion` of it.

    Notes
    -----
    Entries of one action, part and reason are counted together.
    """

    __slots__ = ("_counts", "_gone", "_listed", "_places", "problems", "renamed")

    def __init__(self) -> None:
        self._counts: Counter[tuple[Action, str, str]] = Counter()
        self._places: dict[tuple[Action, str, str], list[str]] = {}
        self._listed: set[tuple[str, str]] = set()
        self._gone: set[str] = set()
        self.problems: list[Issue] = []
        self.renamed: dict[str, str] = {}
        """How ids are written that a format writes in another way."""

    def lists(self, part: str, place: str) -> bool:
        """Return whether something is noted about a part at a place."""
        return (part, place) in self._listed

    def spoken(self) -> set[str]:
        """Return the parts of which it is noted that they were moved or dropped."""
        return {part for action, part, _ in self._counts if action in {"moved", "dropped"}}

    def gone(self) -> set[str]:
        """Return the places at which something is noted as dropped, or something of the whole."""
        return set(self._gone)

    def note(
        self, action: Action, part: str, *, reason: str = "", place: str = "", count: int = 1, whole: bool = False
    ) -> None:
        """Count something that happened to a part; `whole` says that it happened to everything at its place."""
        if not count:
            return
        key = (action, part, reason)
        self._counts[key] += count
        self._listed.add((part, place))
        if action == "dropped" or whole:
            self._gone.add(place)
        places = self._places.setdefault(key, [])
        if place and len(places) < PLACES:
            places.append(place)

    def report(self, format: str, direction: Literal["read", "write"], *, chosen: str = "") -> Conversion:
        """Return the report of everything noted so far."""
        rows = [
            ConversionRow(action=action, part=part, count=count, reason=reason, places=tuple(self._places[key]))
            for key, count in self._counts.items()
            for action, part, reason in (key,)
        ]
        told = Conversion(format=format, direction=direction, chosen=chosen, problems=tuple(self.problems))
        return told.with_rows(rows)
