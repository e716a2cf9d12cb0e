"""Assets ready to be written: a digest and rows, which take less room than models and are put aside faster."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from capgraph.model import Catalog, LearningAsset
from capgraph.store.layout import PARTS
from capgraph.store.marks import mark_of
from capgraph.store.rows import Row, Rows, add_member, members_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

[_PART] = PARTS[Catalog]


class Prepared(NamedTuple):
    """An asset ready to be written."""

    id: str
    """Its id."""
    digest: str
    """Its digest."""
    fingerprint: str | None
    """What the caller says that it was made from."""
    sources: tuple[str, ...]
    """The names of its sources."""
    rows: tuple[tuple[str, list[Row]], ...]
    """Its rows by table, each without the number of the asset."""

    def add(self, rows: Rows, number: int) -> None:
        """Add the rows of the asset, which has this number in its catalog."""
        for name, own in self.rows:
            rows[name].extend([(number, *row) for row in own])


def prepared(asset: LearningAsset, fingerprint: str | None = None) -> Prepared:
    """Return an asset ready to be written, as `upsert` takes it."""
    rows: Rows = defaultdict(list)
    add_member(rows, _PART, asset, 0)
    sources = tuple([entry.source for entry in asset.provenance])
    own = tuple([(name, [row[1:] for row in some]) for name, some in rows.items()])
    return Prepared(asset.id, mark_of(asset), fingerprint, sources, own)


def restored(entries: Iterable[Prepared]) -> Iterator[LearningAsset]:
    """Yield the assets that were prepared, checked like new ones."""
    for entry in entries:
        rows: Rows = defaultdict(list)
        entry.add(rows, 0)
        [fields] = members_from(Catalog, lambda name, rows=rows: rows.get(name, ()))["assets"]  # type: ignore[misc]
        yield LearningAsset.model_validate(fields)
