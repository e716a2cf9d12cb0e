"""Assets read a portion at a time, without their catalog."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import sqlalchemy as sa

from capgraph.model import Catalog, LearningAsset
from capgraph.store.database import BATCH, with_ids
from capgraph.store.reading import rows_at
from capgraph.store.rows import members_from
from capgraph.store.tables import HISTORY, MEMBER_KEY, at_revision
from capgraph.store.writing import CHUNK

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from capgraph.store.revisions import Stored

_TABLE = HISTORY["asset"]
_PORTION = 2_000
"""How many assets are read at a time."""


def assets(
    connection: sa.Connection,
    document: Stored,
    revision: int,
    *,
    source: str | None = None,
    ids: Sequence[str] | None = None,
) -> Iterator[LearningAsset]:
    """Yield the assets of a catalog at a revision, in the order in which the store met them first."""
    number = None if revision == document.newest else revision
    if ids is None:
        own = sa.and_(_TABLE.c.document == document.number, at_revision(_TABLE, number))
        members = list(connection.scalars(sa.select(_TABLE.c.member).where(own).order_by(_TABLE.c.member)))
    else:
        members = sorted(_named(connection, document.number, ids))
    size = _PORTION if ids is None else CHUNK
    for start in range(0, len(members), size):
        portion = members[start : start + size]
        chosen = {"between": (portion[0], portion[-1])} if ids is None else {"among": portion}
        fetch = partial(rows_at, connection, document.number, number, **chosen)
        for fields in members_from(Catalog, fetch)["assets"]:
            if source is None or any(entry["source"] == source for entry in fields.get("provenance", ())):
                yield LearningAsset.model_validate(fields)


def _named(connection: sa.Connection, document: int, ids: Sequence[str]) -> Iterator[int]:
    """Yield the number of each member with one of some ids."""
    wanted = list(dict.fromkeys(ids))
    for start in range(0, len(wanted), BATCH):
        chunk = wanted[start : start + BATCH]
        yield from connection.scalars(with_ids(connection, [MEMBER_KEY.c.member], document, chunk))


def fingerprints(
    connection: sa.Connection, document: Stored, ids: Sequence[str] | None = None
) -> Iterator[tuple[str, str]]:
    """Yield the id and fingerprint of each asset that has one, or of each of some."""
    columns = (MEMBER_KEY.c.id, MEMBER_KEY.c.fingerprint)
    marked = MEMBER_KEY.c.fingerprint.is_not(None)
    if ids is None:
        query = sa.select(*columns).where(MEMBER_KEY.c.document == document.number, marked)
    else:
        query = with_ids(connection, columns, document.number, list(dict.fromkeys(ids)), marked)
    for portion in connection.execute(query.execution_options(yield_per=BATCH)).partitions():
        yield from ((id_, fingerprint) for id_, fingerprint in portion)
