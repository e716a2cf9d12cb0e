"""Saving: what of a document differs from the newest state, and the writing of just that.

A document is compared member by member: a member whose digest is the stored one is left alone, unread.  The rows of
the others, and the records (parts that are one row each), are compared row by row.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from capgraph.errors import NotStoredError
from capgraph.store import database
from capgraph.store.fields import comparable
from capgraph.store.layout import KINDS
from capgraph.store.prepared import Prepared
from capgraph.store.rows import (
    KEYS,
    Row,
    Rows,
    add_member,
    add_records,
    content,
    member_tables,
    record_tables,
)
from capgraph.store.tables import HISTORY, MEMBER_KEY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from capgraph.model import Document
    from capgraph.store.marks import Marked
    from capgraph.store.revisions import Stored

CHUNK = 400
"""How many values one query names."""
Known = dict[tuple[str, str], tuple[int, str | None]]
"""The numbers of members, and their digests (None for one that is no longer there), by part and id."""


@dataclass
class Difference:
    """What must be written so that the newest state becomes another."""

    added: Rows = field(default_factory=lambda: defaultdict(list))
    """The rows to add, by table."""
    ended: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """The numbers of the rows to end, by table."""
    replaced: int = 0
    """How many of the rows to end have a successor among those to add."""
    new_members: list[tuple[int, str, str, str, str | None]] = field(default_factory=list)
    """Number, part, id, digest and fingerprint of each member that had no number."""
    digests: dict[int, tuple[str | None, str | None]] = field(default_factory=dict)
    """The new digest and fingerprint of each known member that changed; None for one that is no longer there."""
    fingerprints: dict[int, tuple[str | None, str | None]] = field(default_factory=dict)
    """The digest and the new fingerprint of known members that did not change."""

    def __bool__(self) -> bool:
        # A digest alone may differ where a newer version of the library writes a member in another way.
        return bool(self.added or self.ended)

    def counts(self) -> dict[str, int]:
        """Return how many rows are added, changed and ended."""
        added, ended = (sum(map(len, rows.values())) for rows in (self.added, self.ended))
        return {"added": added - self.replaced, "changed": self.replaced, "ended": ended - self.replaced}

    def compare(self, name: str, before: Iterable[tuple[int, Row]], after: list[Row]) -> None:
        """Note how the rows of one table differ."""
        if not (before := list(before)):
            if after:
                self.added[name] = after
            return
        key = KEYS[name]
        old = {key(row): (row_id, row) for row_id, row in before}
        for row in after:
            row_id, same = old.pop(key(row), (0, None))
            if row == same:
                continue
            self.added[name].append(row)
            if same is not None:
                self.ended[name].append(row_id)
                self.replaced += 1
        if old:
            self.ended[name].extend(row_id for row_id, _ in old.values())


def difference(
    connection: sa.Connection, number: int, document: Document, members: Marked, *, without: Sequence[str] = ()
) -> Difference:
    """Return what differs between the newest state of a document and this one.

    Parameters
    ----------
    connection : Connection
        A connection inside a transaction.
    number : int
        The number of the document.
    document : Document
        What shall be the newest state.
    members : Marked
        Its members, as `marked` gives them.
    without : sequence of str
        Tables of records that the document does not speak of, and that stay as they are.
    """
    known = known_members(connection, number)
    gone = [place for key, (place, mark) in known.items() if mark is not None and key not in members]
    found = member_difference(connection, number, members, model=type(document), known=known, gone=gone)
    return record_difference(connection, number, document, found, without=without)


def record_difference(
    connection: sa.Connection,
    number: int,
    document: Document,
    found: Difference | None = None,
    *,
    without: Sequence[str] = (),
) -> Difference:
    """Return what differs in what a document says of itself and in its records, added to what was found already."""
    found = Difference() if found is None else found
    rows: Rows = defaultdict(list)
    add_records(rows, document)
    for name in [name for name in record_tables(type(document)) if name not in without]:
        found.compare(name, current_rows(connection, name, number), rows[name])
    return found


def member_difference(
    connection: sa.Connection,
    number: int,
    members: Marked,
    *,
    model: type[Document],
    known: Known,
    gone: Sequence[int] = (),
) -> Difference:
    """Return what differs between some members of a document as they are stored and as they shall be.

    Parameters
    ----------
    connection : Connection
        A connection inside a transaction.
    number : int
        The number of the document.
    members : Marked
        The members as they shall be.
    model : type of Document
        The kind of the document.
    known : Known
        What is stored of them.
    gone : sequence of int
        The numbers of the members to end.
    """
    found = Difference(digests=dict.fromkeys(gone, (None, None)))
    free = _free_place(connection, number)
    rows: Rows = defaultdict(list)
    for key, (part, member, mark, fingerprint) in members.items():
        place, before = known.get(key, (0, None))
        if mark is None or before == mark:
            if fingerprint is not None:
                found.fingerprints[place] = mark, fingerprint
            continue
        if place:
            found.digests[place] = mark, fingerprint
        else:
            place, free = free, free + 1
            found.new_members.append((place, *key, mark, fingerprint))
        if isinstance(member, Prepared):
            member.add(rows, place)
        else:
            add_member(rows, part, member, place)
    touched = list(found.digests)
    for name in member_tables(model):
        found.compare(name, _member_rows(connection, name, number, touched), rows[name])
    return found


def _free_place(connection: sa.Connection, number: int) -> int:
    """Return the first number that no member of a document has had."""
    query = sa.select(sa.func.max(MEMBER_KEY.c.member)).where(MEMBER_KEY.c.document == number)
    return 1 + (connection.execute(query).scalar_one() or 0)


def known_members(connection: sa.Connection, number: int, ids: Sequence[str] | None = None) -> Known:
    """Return the number and digest of every member that the document has or had, or of those with some ids."""
    columns = (MEMBER_KEY.c.part, MEMBER_KEY.c.id, MEMBER_KEY.c.member, MEMBER_KEY.c.digest)
    if ids is None:
        query = sa.select(*columns).where(MEMBER_KEY.c.document == number)
    else:
        query = database.with_ids(connection, columns, number, ids)
    return {(part, id_): (member, mark) for part, id_, member, mark in connection.execute(query)}


def current_rows(
    connection: sa.Connection,
    name: str,
    number: int,
    *conditions: sa.ColumnElement[bool],
    ids: Sequence[str] | None = None,
) -> Iterator[tuple[int, Row]]:
    """Yield the rows of a document in its newest state, as they were written, each after its number.

    They are those of a table that meet some conditions, or that have some ids besides.
    """
    table = HISTORY[name]
    columns = content(table)
    lasting = (table.c.ended.is_(None), *conditions)
    if ids is not None:
        query = database.with_ids(connection, [table.c.row_id, *columns], number, ids, *lasting)
    else:
        query = sa.select(table.c.row_id, *columns).where(table.c.document == number, *lasting)
    rows = connection.execute(query)
    if any(isinstance(column.type.dialect_impl(connection.dialect), sa.Date | sa.DateTime) for column in columns):
        yield from ((row[0], tuple(map(comparable, row[1:]))) for row in rows)
    else:
        yield from ((row[0], tuple(row[1:])) for row in rows)


def _member_rows(connection: sa.Connection, name: str, number: int, members: list[int]) -> Iterator[tuple[int, Row]]:
    """Yield the newest rows of some members."""
    for start in range(0, len(members), CHUNK):
        chunk = members[start : start + CHUNK]
        yield from current_rows(connection, name, number, HISTORY[name].c.member.in_(chunk))


def write(connection: sa.Connection, number: int, revision: int, found: Difference) -> None:
    """Write a difference as a revision of a document."""
    for name, row_ids in found.ended.items():
        table = HISTORY[name]
        end = sa.update(table).where(table.c.row_id == sa.bindparam("row")).values(ended=revision)
        connection.execute(end, [{"row": row_id} for row_id in row_ids])
    for name, rows in found.added.items():
        add(connection, name, number, revision, rows)
    names = ["member", "part", "id", "digest", "fingerprint"]
    database.insert(connection, MEMBER_KEY, names, found.new_members, same={"document": number})
    mark_members(connection, number, found)


def mark_members(connection: sa.Connection, number: int, found: Difference) -> None:
    """Write the digests and fingerprints of the members that a document had before."""
    if marks := {**found.fingerprints, **found.digests}:
        own = sa.and_(MEMBER_KEY.c.document == number, MEMBER_KEY.c.member == sa.bindparam("place"))
        new: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in ("digest", "fingerprint")}
        values = [
            {"place": place, "new_digest": one, "new_fingerprint": other} for place, (one, other) in marks.items()
        ]
        connection.execute(sa.update(MEMBER_KEY).where(own).values(new), values)


def add(connection: sa.Connection, name: str, number: int, revision: int, rows: Iterable[Row]) -> None:
    """Add rows to a table as part of a revision."""
    table = HISTORY[name]
    names = [column.name for column in content(table)]
    database.insert(connection, table, names, rows, same={"document": number, "added": revision})


def end_all(connection: sa.Connection, document: Stored, revision: int) -> int:
    """Return how many rows the end of a document ends.

    Raises
    ------
    NotStoredError
        When it has ended already.
    """
    model = KINDS[document.kind]
    ended = 0
    for name in [*record_tables(model), *member_tables(model)]:
        table = HISTORY[name]
        current = sa.and_(table.c.document == document.number, table.c.ended.is_(None))
        ended += connection.execute(sa.update(table).where(current).values(ended=revision)).rowcount
        if not ended:  # the first table holds the document's own row
            raise NotStoredError(f"{document.id!r} is retired already; Store.history({document.id!r}) says since when")
    own = MEMBER_KEY.c.document == document.number
    connection.execute(sa.update(MEMBER_KEY).where(own).values(digest=None, fingerprint=None))
    return ended
