"""What a revision did, row by row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa

from capgraph.store.fields import comparable
from capgraph.store.layout import KINDS
from capgraph.store.rows import KEYS, content, member_tables, record_tables
from capgraph.store.tables import HISTORY, MEMBER_KEY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from capgraph.store.revisions import Stored


@dataclass(frozen=True, slots=True)
class Change:
    """One row that a revision added, replaced or ended."""

    action: Literal["added", "changed", "ended"]
    """What happened to it."""
    table: str
    """The view over the newest state that shows such rows, such as ``requirement``."""
    id: str
    """The id of the member, record or document that the row belongs to; empty for a relation, mapping or decision."""
    before: dict[str, Any] | None
    """The columns before; None for a row that was added."""
    after: dict[str, Any] | None
    """The columns after; None for a row that was ended."""


def changes(connection: sa.Connection, document: Stored, revision: int) -> list[Change]:
    """Return what a revision of a document did, by table, id and key."""
    model = KINDS[document.kind]
    keys = sa.select(MEMBER_KEY.c.member, MEMBER_KEY.c.id).where(MEMBER_KEY.c.document == document.number)
    ids = {member: id_ for member, id_ in connection.execute(keys)}  # noqa: C416 - rows are not pairs to dict()
    return [
        _change(name, ids, before, after)
        for name in [*record_tables(model), *member_tables(model)]
        for before, after in _pairs(connection, name, document.number, revision)
    ]


def _pairs(
    connection: sa.Connection, name: str, document: int, revision: int
) -> Iterator[tuple[dict[str, Any] | None, dict[str, Any] | None]]:
    """Yield each row of a table before and after a revision, ordered by its key."""
    table = HISTORY[name]
    columns = content(table)
    sides = []
    for edge in (table.c.ended, table.c.added):
        query = sa.select(*columns).where(table.c.document == document, edge == revision)
        rows = (tuple(map(comparable, row)) for row in connection.execute(query))
        sides.append({KEYS[name](row): row for row in rows})
    before, after = sides
    names = [column.name for column in columns]
    for key in sorted({**before, **after}, key=repr):
        yield tuple(dict(zip(names, side[key], strict=True)) if key in side else None for side in (before, after))  # type: ignore[misc]  # two sides, two values


def _change(name: str, ids: dict[int, str], before: dict[str, Any] | None, after: dict[str, Any] | None) -> Change:
    """Return the change that leads from one row to the other."""
    row = after or before or {}
    owner = ids.get(row["member"], "") if "member" in row else row.get("id", "")
    action: Literal["added", "changed", "ended"]
    action = "added" if before is None else "ended" if after is None else "changed"
    for side in (before, after):
        if side is not None:
            side.pop("member", None)
    return Change(action, name, owner, before, after)
