"""What is known of a catalog before an import: nothing, a catalog in memory, or one in a store, read by portions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from capgraph.errors import Issue, ParseError
from capgraph.model import Catalog

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from capgraph.model import LearningAsset
    from capgraph.store import Composer


class Heading(NamedTuple):
    """What comparing needs of an asset that the source does not name."""

    id: str
    """Its id."""
    title: str
    """Its title."""
    language: str | None
    """Its language."""
    notation: str
    """Its code."""
    other_ids: tuple[tuple[str, str], ...]
    """The systems that know it, and its id there."""


class KnownCatalog:
    """A catalog as it is before an import.

    Parameters
    ----------
    id : str
        The id of the catalog.
    before : Catalog or None
        The catalog; None where there is none.
    """

    def __init__(self, id: str, before: Catalog | None) -> None:
        self.id = id
        self._before = before
        self._assets = {asset.id: asset for asset in before.assets} if before is not None else {}

    @property
    def is_empty(self) -> bool:
        """Whether there is no such catalog."""
        return self._before is None

    @property
    def base(self) -> int | None:
        """The revision of the store on which it rests; None where it comes from elsewhere."""
        return None

    def fingerprints(self, ids: Sequence[str]) -> dict[str, str]:
        """Return the digest of what each of some assets was made from, where that is known."""
        del ids
        return {}

    def assets(self, ids: Iterable[str]) -> dict[str, LearningAsset]:
        """Return those of some assets that there are, by id."""
        return {id_: self._assets[id_] for id_ in ids if id_ in self._assets}

    def headings(self, *, without: Collection[str] = ()) -> Iterator[Heading]:
        """Yield what comparing needs of every asset but some."""
        return (heading_of(asset) for id_, asset in self._assets.items() if id_ not in without)

    def others(self) -> Iterator[Heading]:
        """Yield the same of the assets of other catalogs."""
        return iter(())

    def header(self) -> Catalog | None:
        """Return the catalog without its assets."""
        return None if self._before is None else self._before.replace(assets=())

    def document(self) -> Catalog | None:
        """Return the catalog with all its assets."""
        return self._before

    def composer(self) -> Composer | None:
        """Return what composes assets as they are written; None where they may never be."""
        return None


class StoredCatalog(KnownCatalog):
    """A catalog in a store, of which a portion is read at a time.

    Parameters
    ----------
    id : str
        The id of the catalog.
    store : Store
        The store.

    Raises
    ------
    ParseError
        When the id is that of another kind of document.
    """

    def __init__(self, id: str, store: Any) -> None:  # noqa: ANN401 - a Store, whose module loads SQLAlchemy
        super().__init__(id, None)
        from capgraph.store import newest

        self._store = store
        found = newest(store, id)
        if found.kind not in {"", "catalog"}:
            issue = Issue("wrong-kind", f"{id!r} is a {found.kind} in the store", (id,), hint="choose another catalog=")
            raise ParseError([issue])
        self._revision, self._is_there = found.revision, found.is_there

    @property
    def is_empty(self) -> bool:
        """Whether the store has no such catalog now."""
        return not self._is_there

    @property
    def base(self) -> int | None:
        """The revision on which it rests; 0 where there is none."""
        return self._revision

    def fingerprints(self, ids: Sequence[str]) -> dict[str, str]:
        """Return the digests that the store keeps of some assets."""
        from capgraph.store import fingerprints

        return dict(fingerprints(self._store, ids, document=self.id)) if self._is_there else {}

    def assets(self, ids: Iterable[str]) -> dict[str, LearningAsset]:
        """Return those of some assets that are stored, by id."""
        found = self._store.assets(document=self.id, ids=list(ids)) if self._is_there else ()
        return {asset.id: asset for asset in found}

    def headings(self, *, without: Collection[str] = ()) -> Iterator[Heading]:
        """Yield what comparing needs of every stored asset but some."""
        from capgraph.store import headings

        found = headings(self._store, self.id, without=without) if self._is_there else ()
        return map(Heading._make, found)

    def others(self) -> Iterator[Heading]:
        """Yield the same of the assets of all other catalogs of the store."""
        from capgraph.store import headings, ids_of

        for other in ids_of(self._store, "catalog"):
            if other != self.id:
                yield from map(Heading._make, headings(self._store, other))

    def header(self) -> Catalog | None:
        """Return the stored catalog without its assets."""
        from capgraph.store import header

        return header(self._store, self.id) if self._is_there else None

    def composer(self) -> Composer | None:
        """Return what composes assets as they are written; None where they may never be."""
        from capgraph.store import Composer

        return Composer()

    def document(self) -> Catalog | None:
        """Return the catalog as it is at the revision on which the import rests."""
        if not self._is_there:
            return None
        found = self._store.load(self.id, revision=self._revision)
        assert isinstance(found, Catalog)  # noqa: S101 - the kind was looked at when the plan was made
        return found


def heading_of(asset: LearningAsset) -> Heading:
    """Return what comparing needs of an asset."""
    others = tuple((other.scheme, other.value) for other in asset.other_ids)
    return Heading(asset.id, asset.title, asset.language, asset.notation, others)
