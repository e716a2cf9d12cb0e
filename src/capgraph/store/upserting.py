"""Upserting: one source's assets written into a catalog that holds those of many, in bounded memory."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from capgraph.errors import ArgumentError, NotStoredError, StaleRevisionError
from capgraph.model import Catalog, LearningAsset
from capgraph.store import catalogs, revisions, selection
from capgraph.store.arguments import as_ids, each
from capgraph.store.database import reading, writing
from capgraph.store.sources import Entry, SourceWriting
from capgraph.store.writing import record_difference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import sqlalchemy as sa

    from capgraph.store.archive import Archive
    from capgraph.store.revisions import Revision, Stored
    from capgraph.store.store import Store

PORTION = 1_000
"""How many assets are compared and written at a time."""


def upsert(
    store: Store,
    assets: Iterable[Entry],
    *,
    source: str | None,
    document: str | Catalog | None = None,
    base: int | None = None,
    is_whole: bool = False,
    ended: Sequence[str] = (),
    author: str = "",
    message: str = "",
) -> Revision:
    """Return the revision that adds or replaces the assets of one source in a catalog, and touches no other.

    Any number of assets is written in one transaction, as one revision, while memory holds a few thousand of them.

    Parameters
    ----------
    store : Store
        The store.
    assets : iterable of LearningAsset, of (LearningAsset, str), of Prepared, or of str
        The assets; each names the source in its provenance.  With an asset may come the fingerprint of what it was
        made from (a digest of the source's row and of the rules that read it, for example), which `fingerprints` gives
        back; `prepared` makes one of both, which takes less room where many are put aside.  An id alone says that the
        source still has the asset and that it is as it is stored.
    source : str or None
        The name of the source; None for assets of several sources, as a folder of exports holds them, which may replace
        whatever is there.
    document : str or Catalog, optional
        The id of the catalog; None where the store holds one alone.  A `Catalog` without assets says the same, and
        what shall be the title, the sources and the rest that the catalog says of itself; where the store has no such
        catalog, it is made.
    base : int, optional
        The revision on which the assets rest; None for whatever is there.
    is_whole : bool
        Whether these are all the assets that the source has, so that others which are stored from it, and from no other
        source, are ended.  It needs a source.
    ended : sequence of str
        The ids of assets that end with this revision; those that are not there are passed over.
    author, message : str
        Who writes, and why.

    Returns
    -------
    Revision
        The new revision; the newest one, with counts of 0, where nothing differs.

    Raises
    ------
    ArgumentError
        When `is_whole` is asked for without a source.
    NotStoredError
        When there is no such catalog.
    StaleRevisionError
        When the catalog has a newer revision than `base`.
    StoreError
        When an asset comes from another source, is in the stream twice, or is named by its id alone and not stored;
        or when several catalogs could be meant.  Everything wrong is told at once, and nothing is written.

    Notes
    -----
    Upserts of one catalog wait for one another and, without `base`, build on whatever is there, so that none is stale.
    The stream must not ask the same store for anything while it is consumed where the database is in memory, because
    there the two share a connection.  The cost grows with the number of assets given, not with the size of the catalog;
    `is_whole` reads the provenance of every asset of the catalog once.
    """
    if is_whole and source is None:
        raise ArgumentError("is_whole says that these are all assets of one source; name it with source=")
    gone = list(as_ids(ended))
    with writing(store.engine) as connection:
        known = _claimed(connection, document)
        if base is not None and base != known.newest:
            raise StaleRevisionError(known.id, base, known.newest)

        def made() -> Revision:
            noted = {"author": author, "message": message, "action": "upsert"}
            return revisions.recorded(connection, known, time=store.clock(), **noted)

        work = SourceWriting(connection, known, source, made)
        if isinstance(document, Catalog):
            work.write(record_difference(connection, known.number, document))
        stream = each(assets, (LearningAsset, tuple, str), "assets, assets with fingerprints, or ids")
        while portion := list(islice(stream, PORTION)):
            work.take(portion)
        work.refuse()
        work.end(gone)
        if is_whole:
            work.end_others(PORTION)
        return work.revision()


def _claimed(connection: sa.Connection, document: str | Catalog | None) -> Stored:
    """Return the catalog that is meant, which waits for this writer alone until the end.

    Raises
    ------
    ArgumentError
        When a catalog is given together with assets.
    NotStoredError
        When there is no such catalog.
    StoreError
        When the id belongs to a document of another kind.
    """
    if isinstance(document, Catalog):
        if document.assets:
            raise ArgumentError(f"{document.id!r} says what a catalog is called; give its assets as the stream instead")
        return revisions.claimed(connection, document.id, document.kind)
    known = revisions.locked(connection, document or selection.only(connection, "catalog"))
    selection.of_kind(known, "catalog")
    if not selection.is_there(connection, known):
        raise NotStoredError(f"{known.id!r} is retired; give it as a Catalog without assets to bring it back")
    return known


def fingerprints(
    store: Archive, ids: Iterable[str] | None = None, *, document: str | None = None
) -> Iterator[tuple[str, str]]:
    """Yield the id and the fingerprint of every asset that is there and that an upsert gave one.

    An asset that was changed since, by a save or by an upsert without fingerprint, has none.  So a row whose
    fingerprint is still the one given back needs not be made into an asset again: its id alone, in the stream of
    `upsert`, is enough.

    Parameters
    ----------
    store : Store
        The store.
    ids : iterable of str, optional
        The ids of the assets meant, as the catalog writes them; None for all.  A few thousand are looked up at a time.
    document : str, optional
        The id of the catalog; None where the store holds one alone.

    Raises
    ------
    NotStoredError
        When there is no such catalog.
    StoreError
        When several catalogs could be meant.

    Notes
    -----
    All of it is read from one state of the database; memory holds one portion.
    """
    with reading(store.engine) as connection:
        known = revisions.stored(connection, document or selection.only(connection, "catalog"))
        if ids is None:
            yield from catalogs.fingerprints(connection, known)
            return
        stream = as_ids(ids)
        while portion := list(islice(stream, PORTION)):
            yield from catalogs.fingerprints(connection, known, portion)
