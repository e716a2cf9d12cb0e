"""Catalogs in place: one source's assets written, and assets read, without the rest of the catalog."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from capgraph.errors import StoreError
from capgraph.model import Catalog, LearningAsset
from capgraph.store.database import one_of
from capgraph.store.reading import rows_at
from capgraph.store.rows import members_from
from capgraph.store.tables import HISTORY, MEMBER_KEY, at_revision
from capgraph.store.writing import Difference, known_members, marked, member_difference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from capgraph.store.revisions import Stored

_TABLE = HISTORY["asset"]
_PORTION = 2_000
"""How many assets are read at a time."""
_NAMED = 20


def source_difference(
    connection: sa.Connection, document: Stored, assets: Iterable[LearningAsset], *, source: str, is_whole: bool
) -> Difference:
    """Return what must be written so that a catalog holds these assets of a source.

    Raises
    ------
    StoreError
        When an asset, as given or as stored, does not come from the source.
    """
    given = tuple(assets)
    foreign = [asset.id for asset in given if all(source != entry.source for entry in asset.provenance)]
    members = marked(Catalog(id=document.id, assets=given))
    named = one_of(connection, MEMBER_KEY.c.id, [id_ for _, id_ in members])
    known = known_members(connection, document.number, named)
    theirs = {member: sources for member, sources in _sources(connection, document.number)}  # noqa: C416 - pairs of rows
    foreign += [id_ for (_, id_), (member, _) in known.items() if member in theirs and source not in theirs[member]]
    if foreign:
        shown = ", ".join(map(repr, sorted(foreign)[:_NAMED]))
        raise StoreError(f"{shown} do not come from {source!r}; name it in their provenance, or save the whole catalog")
    wanted = {member for member, _ in known.values()}
    gone = [member for member, sources in theirs.items() if is_whole and source in sources and member not in wanted]
    return member_difference(connection, document.number, members, model=Catalog, known=known, gone=gone)


def _sources(connection: sa.Connection, document: int) -> Iterator[tuple[int, set[str]]]:
    """Yield the number of each asset in the newest state, with the names of its sources."""
    query = sa.select(_TABLE.c.member, _TABLE.c.provenance).where(
        _TABLE.c.document == document, _TABLE.c.ended.is_(None)
    )
    for member, provenance in connection.execute(query):
        yield member, {entry["source"] for entry in json.loads(provenance or "[]")}


def assets(
    connection: sa.Connection, document: Stored, revision: int, *, source: str | None = None
) -> Iterator[LearningAsset]:
    """Yield the assets of a catalog at a revision, in the order in which the store met them first."""
    number = None if revision == document.newest else revision
    own = sa.and_(_TABLE.c.document == document.number, at_revision(_TABLE, number))
    members = connection.scalars(sa.select(_TABLE.c.member).where(own).order_by(_TABLE.c.member)).all()
    for start in range(0, len(members), _PORTION):
        portion = members[start : start + _PORTION]
        for fields in _portion(connection, document.number, number, portion):
            if source is None or any(entry["source"] == source for entry in fields.get("provenance", ())):
                yield LearningAsset.model_validate(fields)


def _portion(
    connection: sa.Connection, document: int, revision: int | None, members: Sequence[int]
) -> list[dict[str, Any]]:
    """Return the fields of the assets from the first number to the last."""
    between = (members[0], members[-1])
    fetch = partial(rows_at, connection, document, revision, between=between)
    return members_from(Catalog, fetch)["assets"]
