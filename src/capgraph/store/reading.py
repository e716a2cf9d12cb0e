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
    newest = None if revision == document.newest else revision
    return document_of(KINDS[document.kind], partial(_rows, connection, document.number, newest))


def _rows(connection: sa.Connection, number: int, revision: int | None, name: str) -> Sequence[sa.Row[Any]]:
    """Return the content of a document's rows in a table at a revision; None for the newest."""
    table = HISTORY[name]
    query = sa.select(*content(table)).where(table.c.document == number, at_revision(table, revision))
    if "position" in table.c:
        query = query.order_by(table.c.position)
    return connection.execute(query).all()
