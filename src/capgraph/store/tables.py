"""The tables, as they are now; the migrations lead every older database to exactly these.

Three tables give numbers and say what happened; their rows are not temporal:

- ``revision``: one row a save: which document, when, who, why, and how many rows it added, changed and ended.
- ``document_key``: the number of each document, and its newest revision.  Its row is what two saves of one document
  contend for.
- ``member_key``: the number of each member (capability, role, asset, person …) inside its document, which never
  changes, so that the rows of other tables stay as they are when the member changes; a digest of the member as it
  is now, so that saving finds what changed without reading it; and, where an upsert gave one, the fingerprint of what
  the member was made from, so that an import need not make it again.

Every other table is called ``…_history`` and holds every state: `added` is the revision that added a row, `ended` the
one that ended it, NULL while it lasts.  Rows are never changed but for `ended`, which is set once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from capgraph.store.fields import MOMENT, NUMBER
from capgraph.store.layout import HEADER, PARTS, Part

if TYPE_CHECKING:
    from collections.abc import Iterator

METADATA = sa.MetaData()
LONGEST_INDEXED = 600
"""How much of an id is indexed: PostgreSQL refuses longer entries, and ids may have 2000 characters."""

REVISION = sa.Table(
    "revision",
    METADATA,
    sa.Column("number", NUMBER, primary_key=True),
    sa.Column("document", NUMBER, nullable=False),
    sa.Column("action", sa.Text(), nullable=False),
    sa.Column("time", MOMENT, nullable=False),
    sa.Column("author", sa.Text(), nullable=False),
    sa.Column("message", sa.Text(), nullable=False),
    sa.Column("added", NUMBER, nullable=False),
    sa.Column("changed", NUMBER, nullable=False),
    sa.Column("ended", NUMBER, nullable=False),
    sa.Index("revision_document", "document", "number"),
)
DOCUMENT_KEY = sa.Table(
    "document_key",
    METADATA,
    sa.Column("document", NUMBER, primary_key=True),
    sa.Column("id", sa.Text(), nullable=False),
    sa.Column("digest", sa.Text(), nullable=False, unique=True),
    sa.Column("kind", sa.Text(), nullable=False),
    sa.Column("newest", NUMBER),
)
MEMBER_KEY = sa.Table(
    "member_key",
    METADATA,
    sa.Column("document", NUMBER, primary_key=True, autoincrement=False),
    sa.Column("member", NUMBER, primary_key=True, autoincrement=False),
    sa.Column("part", sa.Text(), nullable=False),
    sa.Column("id", sa.Text(), nullable=False),
    sa.Column("digest", sa.Text()),
    sa.Column("fingerprint", sa.Text()),
)


def prefix(column: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """Return the part of a text column that is indexed."""
    return sa.func.substr(column, sa.literal_column("1"), sa.literal_column(str(LONGEST_INDEXED)))


def at_revision(table: sa.FromClause, number: int | sa.Column[int] | None) -> sa.ColumnElement[bool]:
    """Return the condition that a row was there at a revision; None for now."""
    if number is None:
        return table.c.ended.is_(None)
    return sa.and_(table.c.added <= number, sa.or_(table.c.ended.is_(None), table.c.ended > number))


def _history(name: str, *columns: sa.Column[int] | sa.Column[str], member: bool) -> sa.Table:
    """Return a temporal table."""
    owner = [sa.Column("member", NUMBER, nullable=False)] if member else []
    return sa.Table(
        f"{name}_history",
        METADATA,
        sa.Column("row_id", NUMBER, primary_key=True),
        sa.Column("document", NUMBER, nullable=False),
        *owner,
        *columns,
        sa.Column("added", NUMBER, nullable=False),
        sa.Column("ended", NUMBER),
        sa.Index(f"{name}_history_document", "document", *(["member"] if member else [])),
    )


def _position() -> sa.Column[int]:
    """Return the column that orders entries with the same key."""
    return sa.Column("position", NUMBER, nullable=False)


def _part_tables(part: Part, *, inner: bool) -> Iterator[tuple[str, sa.Table]]:
    """Yield the table of a part, and those of the parts inside it."""
    own = [column.as_sql() for column in part.fields.columns]
    if f"{part.name}_history" not in METADATA.tables:
        position = [_position()] if part.numbered else []
        yield part.name, _history(part.name, *position, *own, member=inner or part.is_member)
    for nested in part.parts:
        yield from _part_tables(nested, inner=True)


DOCUMENT = _history("document", *(column.as_sql() for column in HEADER.columns), member=False)
LINK = _history(
    "link",
    sa.Column("field", sa.Text(), nullable=False),
    sa.Column("target", sa.Text(), nullable=False),
    member=True,
)
LABEL = _history(
    "label",
    sa.Column("field", sa.Text(), nullable=False),
    _position(),
    sa.Column("text", sa.Text(), nullable=False),
    member=True,
)
HISTORY: dict[str, sa.Table] = {
    "document": DOCUMENT,
    "link": LINK,
    "label": LABEL,
    **{name: table for parts in PARTS.values() for part in parts for name, table in _part_tables(part, inner=False)},
}
"""The temporal tables by the name of the view over their newest state."""

sa.Index("member_key_id", MEMBER_KEY.c.document, prefix(MEMBER_KEY.c.id))
for _name in ("id", "person", "capability"):
    _evidence = HISTORY["evidence"].c
    sa.Index(f"evidence_history_{_name}", _evidence.document, prefix(_evidence[_name]))
_corrects = HISTORY["evidence"].c.corrects
sa.Index(
    "evidence_history_corrects",
    HISTORY["evidence"].c.document,
    prefix(_corrects),
    sqlite_where=_corrects.is_not(None),
    postgresql_where=_corrects.is_not(None),
)
