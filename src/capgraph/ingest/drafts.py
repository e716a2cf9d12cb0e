"""Draft: an asset under construction, with everything that is remarkable about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from capgraph.formats.cells import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from capgraph.ingest.tables import Raw, Table
    from capgraph.ingest.told import Told


@dataclass(slots=True)
class Draft:
    """An asset under construction."""

    key: str
    """Its id in the source."""
    catalog: str
    """The id of the catalog."""
    source: str
    """The file."""
    locator: str
    """The place in it."""
    data: dict[str, Any]
    """The fields of the asset."""
    skills: tuple[str, ...] = ()
    """Skill tags and learning outcomes in the words of the source."""
    prerequisites: str = ""
    """What must come before, in the words of the source."""
    corequisites: str = ""
    """What must come along, in the words of the source."""
    level: str = ""
    """The level that it is for, in the words of the source."""
    programs: tuple[str, ...] = ()
    """The programs it belongs to, in the words of the source."""
    revision: Any = None
    """The day of the revision, where the source has several of one asset."""
    filled: int = 0
    """How many cells were filled."""
    remarks: list[Told] = field(default_factory=list)
    """What a person should know."""
    raw: tuple[str, ...] = ()
    """The cells as text, where the record may have to be handed back."""


class Rejected(Exception):  # noqa: N818 - a verdict about a record, which the caller tells
    """A record that cannot become an asset."""

    def __init__(self, reason: str, name: str = "", hint: str = "") -> None:
        self.reason, self.field, self.hint = reason, name, hint
        super().__init__(reason)


def texts(table: Table, raw: Raw) -> tuple[str, ...]:
    """Return the cells of a record as text, for a file of rejected records."""
    if table.path_of is not None and not raw.broken:
        cells: Iterator[object] = (table.path_of(raw.cells[0], name) for name in table.names)
        return tuple(
            "; ".join(map(plain, cell)) if isinstance(cell, list) else "" if cell is None else str(cell)
            for cell in cells
        )
    return tuple("" if cell is None else plain(cell) if not isinstance(cell, str) else cell for cell in raw.cells)
