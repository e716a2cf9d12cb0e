"""Loading: the rows that were there at a revision, as a document again."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from capgraph.store.layout import KINDS, PARTS
from capgraph.store.marks import mark_of
from capgraph.store.rows import content, document_of
from capgraph.store.tables import HISTORY, at_revision
from capgraph.store.writing import CHUNK, known_members

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from capgraph.model import Document, Node
    from capgraph.store.revisions import Stored


def load(connection: sa.Connection, document: Stored, revision: int, *, ready: Iterable[Node] = ()) -> Document | None:
    """Return a document as it was at one of its revisions, or None where it was retired.

    Members that the caller has `ready` are taken, and not read, where the newest state has them with the same content.
    """
    number = None if revision == document.newest else revision
    model = KINDS[document.kind]
    if number is None and (given := list(ready)):
        same, rest = _same(connection, document, given)
        if len(rest) <= len(given):
            return document_of(model, partial(_rows_of, connection, document.number, rest), same)
    return document_of(model, partial(rows_at, connection, document.number, number))


def _same(
    connection: sa.Connection, document: Stored, given: Iterable[Node]
) -> tuple[dict[str, list[Node]], list[int]]:
    """Return the members that are stored just so, by their field, and the numbers of all others of the document."""
    parts = {part.model: part for part in PARTS[KINDS[document.kind]]}
    known = {key: place for key, place in known_members(connection, document.number).items() if place[1] is not None}
    same: dict[str, list[Node]] = defaultdict(list)
    for member in given:
        part = parts[type(member)]
        if known and known.get((part.name, member.id), (0, ""))[1] == mark_of(member):
            same[part.field].append(member)
            del known[part.name, member.id]
    return same, [place for place, _ in known.values()]


def _rows_of(connection: sa.Connection, document: int, members: Sequence[int], name: str) -> Sequence[sa.Row[Any]]:
    """Return the newest rows of a table that belong to some members, or to no member at all."""
    if "member" not in HISTORY[name].c:
        return rows_at(connection, document, None, name)
    chunks = (members[start : start + CHUNK] for start in range(0, len(members), CHUNK))
    return [row for chunk in chunks for row in rows_at(connection, document, None, name, among=chunk)]


def rows_at(
    connection: sa.Connection,
    document: int,
    revision: int | None,
    name: str,
    *,
    between: tuple[int, int] | None = None,
    among: Sequence[int] | None = None,
) -> Sequence[sa.Row[Any]]:
    """Return the content of a document's rows in a table at a revision, with entries in their order.

    Parameters
    ----------
    connection : Connection
        A connection that sees one state of the database.
    document : int
        The number of the document.
    revision : int or None
        The revision; None for the newest, which needs no look at numbers.
    name : str
        The name of the table's view.
    between : (int, int), optional
        The numbers of the first and the last member whose rows are meant.
    among : sequence of int, optional
        The numbers of the members whose rows are meant.
    """
    table = HISTORY[name]
    query = sa.select(*content(table)).where(table.c.document == document, at_revision(table, revision))
    if between:
        query = query.where(table.c.member.between(*between))
    if among is not None:
        query = query.where(table.c.member.in_(among))
    if "position" in table.c:
        query = query.order_by(table.c.position)
    return connection.execute(query).all()
