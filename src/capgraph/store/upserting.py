"""Upserting: one source's assets written into a catalog that holds those of many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capgraph.store import revisions, selection
from capgraph.store.catalogs import source_difference
from capgraph.store.database import writing
from capgraph.store.writing import write

if TYPE_CHECKING:
    from collections.abc import Iterable

    from capgraph.model import LearningAsset
    from capgraph.store.revisions import Revision
    from capgraph.store.store import Store


def upsert(
    store: Store,
    assets: Iterable[LearningAsset],
    *,
    source: str,
    document: str | None = None,
    is_whole: bool = False,
    author: str = "",
    message: str = "",
) -> Revision:
    """Return the revision that adds or replaces the assets of one source in a catalog, and touches no other.

    Parameters
    ----------
    store : Store
        The store.
    assets : iterable of LearningAsset
        The assets; each names the source in its provenance.
    source : str
        The name of the source.
    document : str, optional
        The id of the catalog; None where the store holds one alone.
    is_whole : bool
        Whether these are all the assets that the source has, so that others which are stored from it are ended.
    author, message : str
        Who writes, and why.

    Returns
    -------
    Revision
        The new revision; the newest one, with counts of 0, where nothing differs.

    Raises
    ------
    NotStoredError
        When there is no such catalog.
    StoreError
        When an asset comes from another source, or several catalogs could be meant.

    Notes
    -----
    Upserts of one catalog wait for one another and build on whatever is there, so that none of them is stale.
    """
    with writing(store.engine) as connection:
        known = revisions.locked(connection, document or selection.only(connection, "catalog"))
        found = source_difference(connection, known, assets, source=source, is_whole=is_whole)
        if not found:
            return revisions.unchanged(connection, known)
        noted = {"author": author, "message": message, "action": "upsert"}
        revision = revisions.recorded(connection, known, time=store.clock(), **noted)
        write(connection, known.number, revision.number, found)
        return revisions.counted(connection, revision, **found.counts())
