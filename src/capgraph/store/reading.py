"""Loading: the rows that were there at a revision, as a document again."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from capgraph.store.layout import KINDS
from capgraph.store.rows import content, document_of
from capgraph.store.tables import HISTORY, at_revision

if TYPE_CHECKING:
    from collections.abc import Sequence

    from capgraph.model import Document
    from capgraph.store.revisions import Stored


def load(connection: sa.Connection, document: Stored, revision: int) -> Document | None:
    """Return a document as it was at one of its revisions, or None where it was retired."""
    number = None if revision == document.newest else revision
    return document_of(KINDS[document.kind], partial(rows_at, connection, document.number, number))


def rows_at(
    connection: sa.Connection,
    document: int,
    revision: int | None,
    name: str,
    *,
    between: tuple[int, int] | None = None,
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
    """
    table = HISTORY[name]
    query = sa.select(*content(table)).where(table.c.document == document, at_revision(table, revision))
    if between:
        query = query.where(table.c.member.between(*between))
    if "position" in table.c:
        query = query.order_by(table.c.position)
    return connection.execute(query).all()
