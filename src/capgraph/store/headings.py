"""What a catalog says of itself, and the headings of its assets, without the assets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from capgraph.model import Catalog
from capgraph.store import revisions, selection
from capgraph.store.database import BATCH, reading
from capgraph.store.layout import HEADER
from capgraph.store.reading import rows_at
from capgraph.store.tables import HISTORY

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from capgraph.store.archive import Archive

_TABLE = HISTORY["asset"]


class Newest(NamedTuple):
    """What is there under an id."""

    kind: str
    """The kind of the document; empty where it is not stored."""
    revision: int
    """Its newest revision; 0 where it has none."""
    is_there: bool
    """Whether it is there now, and not retired."""


def newest(store: Archive, id: str) -> Newest:
    """Return which kind of document has an id, and its newest revision.

    Parameters
    ----------
    store : Store
        The store.
    id : str
        The id of a document.
    """
    with reading(store.engine) as connection:
        known = selection.known(connection, id)
        if known is None:
            return Newest("", 0, is_there=False)
        return Newest(known.kind, known.newest, selection.is_there(connection, known))


def ids_of(store: Archive, kind: str) -> list[str]:
    """Return the ids of the documents of a kind that are there now, in order.

    Parameters
    ----------
    store : Store
        The store.
    kind : str
        The kind, such as ``catalog``.
    """
    with reading(store.engine) as connection:
        return selection.documents(connection, kind)


def header(store: Archive, id: str) -> Catalog:
    """Return what a catalog says of itself now: the catalog without its assets.

    Parameters
    ----------
    store : Store
        The store.
    id : str
        The id of a catalog that is there.

    Raises
    ------
    NotStoredError
        When the store has no such catalog.
    """
    with reading(store.engine) as connection:
        known = revisions.stored(connection, id)
        return Catalog.model_validate(HEADER.fields(rows_at(connection, known.number, None, "document")[0]))


def headings(
    store: Archive, id: str, *, without: Collection[str] = ()
) -> Iterator[tuple[str, str, str | None, str, tuple[tuple[str, str], ...]]]:
    """Yield id, title, language, notation and other ids (scheme, value) of every asset of a catalog, as it is now.

    Parameters
    ----------
    store : Store
        The store.
    id : str
        The id of the catalog.
    without : collection of str
        The ids of the assets that are passed over.

    Raises
    ------
    NotStoredError
        When the store has no such catalog.

    Notes
    -----
    Reads one table, a few thousand rows at a time, in the order in which the store met the assets first.
    """
    columns = (_TABLE.c.id, _TABLE.c.title, _TABLE.c.language, _TABLE.c.notation, _TABLE.c.other_ids)
    with reading(store.engine) as connection:
        known = revisions.stored(connection, id)
        own = sa.and_(_TABLE.c.document == known.number, _TABLE.c.ended.is_(None))
        query = sa.select(*columns).where(own).order_by(_TABLE.c.member).execution_options(yield_per=BATCH)
        for portion in connection.execute(query).partitions():
            for id_, title, language, notation, others in portion:
                if id_ not in without:
                    pairs = tuple((other["scheme"], other["value"]) for other in json.loads(others)) if others else ()
                    yield id_, title, language, notation, pairs
