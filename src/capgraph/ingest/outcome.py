"""Outcome: the assets that an import adds and changes, kept until they are written; and the document that results."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, Protocol

from capgraph.ingest.spool import Spool
from capgraph.model import Catalog, LearningAsset

if TYPE_CHECKING:
    from collections.abc import Iterator

    from capgraph.ingest.known import KnownCatalog
    from capgraph.model import Document, Evidence
    from capgraph.store import Prepared

_HELD = 10_000


class Outcome(Protocol):
    """What an import leads to."""

    def document(self) -> Document:
        """Return the document as it will be."""
        raise NotImplementedError

    def before(self) -> Document | None:
        """Return the document as it is now; None where there is none yet."""

    def write(self, store: Any, *, is_own: bool, author: str, message: str) -> Any:  # noqa: ANN401 - a Store, a Revision
        """Write it as one revision and return that; None where nothing changes."""


class DocumentOutcome:
    """A document in memory.

    Parameters
    ----------
    document : Document
        The document as it will be.
    before : Document or None
        As it is now.
    appended : tuple of Evidence or None
        The records to append to a known workforce; None where the document is saved as a whole.
    """

    def __init__(
        self, document: Document, before: Document | None, *, appended: tuple[Evidence, ...] | None = None
    ) -> None:
        self._document, self._before, self._appended = document, before, appended

    def document(self) -> Document:
        """Return the document as it will be."""
        return self._document

    def before(self) -> Document | None:
        """Return the document as it is now; None where there is none yet."""
        return self._before

    def write(self, store: Any, *, is_own: bool, author: str, message: str) -> Any:  # noqa: ANN401 - a Store, a Revision
        """Write it as one revision and return that; None where nothing changes."""
        del is_own
        if self._before is not None and self._document == self._before:
            return None
        if self._appended is not None:
            return store.append(self._appended, document=self._document.id, author=author, message=message)
        return store.save(self._document, author=author, message=message)


class Pile:
    """Assets, some in memory and the others put aside as rows, with the digests of what they were made from."""

    def __init__(self) -> None:
        self._held: list[LearningAsset | tuple[LearningAsset, str] | Prepared] = []
        self._aside: Spool[Prepared] = Spool(tuple)

    def put(self, asset: LearningAsset, fingerprint: str) -> None:
        """Put an asset on the pile."""
        if len(self._held) < _HELD:
            self._held.append((asset, fingerprint) if fingerprint else asset)
            return
        from capgraph.store import prepared

        self._aside.put(prepared(asset, fingerprint or None))

    def put_ready(self, asset: Prepared) -> None:
        """Put an asset on the pile that is ready to be written."""
        if len(self._held) < _HELD:
            self._held.append(asset)
        else:
            self._aside.put(asset)

    def __len__(self) -> int:
        return len(self._held) + len(self._aside)

    def __iter__(self) -> Iterator[LearningAsset | tuple[LearningAsset, str] | Prepared]:
        yield from self._held
        if self._aside:
            from capgraph.store import Prepared

            yield from map(Prepared._make, self._aside)

    def assets(self) -> Iterator[LearningAsset]:
        """Yield the assets alone."""
        for entry in self:
            asset = entry if isinstance(entry, LearningAsset) else entry[0]
            if isinstance(asset, LearningAsset):
                yield asset
            else:
                from capgraph.store import Prepared, restored

                yield from restored([Prepared._make(entry)])


class CatalogOutcome:
    """The assets of a catalog that are added, changed or removed.

    Parameters
    ----------
    known : KnownCatalog
        The catalog as it is now.
    header : Catalog
        What the catalog will say of itself, without its assets.
    """

    def __init__(self, known: KnownCatalog, header: Catalog) -> None:
        self._known, self.header = known, header
        self.changed = Pile()
        """The assets that are new or change."""
        self.same = Pile()
        """The assets that stay as they are, and whose digest is not stored yet."""
        self.gone: list[str] = []
        """The ids of the assets that leave."""
        self._written: object = None

    def before(self) -> Catalog | None:
        """Return the document as it is now; None where there is none yet."""
        return self._known.document()

    def document(self) -> Catalog:
        """Return the document as it will be."""
        before = self.before()
        if before is not None and not self._changes:
            return before
        assets = {asset.id: asset for asset in before.assets} if before is not None else {}
        assets |= {asset.id: asset for asset in self.changed.assets()}
        for id_ in self.gone:
            assets.pop(id_, None)
        return self.header.replace(assets=tuple(assets.values()))

    @property
    def _changes(self) -> bool:
        """Whether there is anything to write that people see."""
        return bool(len(self.changed) or self.gone)

    def write(self, store: Any, *, is_own: bool, author: str, message: str) -> Any:  # noqa: ANN401 - a Store, a Revision
        """Write it as one revision and return that; None where nothing changes."""
        from capgraph.store import upsert

        if self._changes and not self._known.is_empty and not (is_own and self._known.base is not None):
            # What was known comes from elsewhere, so that this store may hold none of it.
            return store.save(self.document(), author=author, message=message)
        if store is self._written or (not self._changes and not (is_own and len(self.same))):
            return None
        told: dict[str, Any] = {"author": author, "message": message, "base": self._known.base or 0}
        document = self.header if self._changes else self.header.id
        entries = chain(self.changed, self.same)
        revision = upsert(store, entries, source=None, document=document, ended=self.gone, **told)
        self._written = store
        return revision if self._changes else None
