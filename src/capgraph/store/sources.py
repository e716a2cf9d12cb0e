"""The writing of one source's assets, a portion at a time, inside one transaction."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from capgraph.errors import ArgumentError, StoreError
from capgraph.model import Catalog, LearningAsset
from capgraph.store import revisions
from capgraph.store.arguments import as_text
from capgraph.store.database import BATCH
from capgraph.store.layout import PARTS
from capgraph.store.marks import Mark, mark_of
from capgraph.store.prepared import Prepared
from capgraph.store.tables import HISTORY
from capgraph.store.writing import CHUNK, Difference, known_members, mark_members, member_difference, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from capgraph.store.marks import Marked
    from capgraph.store.revisions import Revision, Stored
    from capgraph.store.writing import Known

Entry = LearningAsset | tuple[LearningAsset, str] | Prepared | str
"""An asset, alone, with its fingerprint or prepared; or the id of an asset that is as it is stored."""

_TABLE = HISTORY["asset"]
[_PART] = PARTS[Catalog]
_NAMED = 20
"""How many ids an error names of each kind of trouble."""
_FOREIGN = "do not come from {source!r}; name it in their provenance, or save the whole catalog"
_TWICE = "are in the stream twice; give each its own id, or keep one"
_UNKNOWN = "are not stored; give the assets themselves"


class SourceWriting:
    """What an upsert has written of one source so far, and what it found wrong.

    Parameters
    ----------
    connection : Connection
        A connection inside a transaction.
    document : Stored
        The catalog.
    source : str or None
        The name of the source; None for any.
    made : callable
        Returns a new revision of the catalog; it is called when there is something to write.
    """

    def __init__(
        self, connection: sa.Connection, document: Stored, source: str | None, made: Callable[[], Revision]
    ) -> None:
        self.connection = connection
        self.document = document
        self.source = source
        self.wrong: dict[str, set[str]] = {}
        self._made = made
        self._revision: Revision | None = None
        self._counts: Counter[str] = Counter()
        self._seen = (
            bytearray()
        )  # by the number of the member: a byte is what memory holds of an asset that was written

    def take(self, entries: Sequence[Entry]) -> None:
        """Write what differs of some assets; what is wrong is noted, and undone with all else by `refuse`."""
        kept, members = self._sorted(entries)
        ids = dict.fromkeys([*kept, *(id_ for _, id_ in members)])
        known = known_members(self.connection, self.document.number, list(ids))
        for id_ in kept:
            place, mark = known.get((_PART.name, id_), (0, None))
            self._see(id_, place)
            if mark is None:
                self._note(_UNKNOWN, id_)
        found = member_difference(self.connection, self.document.number, members, model=Catalog, known=known)
        places = {key: place for key, (place, _) in known.items()}
        places.update(((part, id_), place) for place, part, id_, *_ in found.new_members)
        for key in members:
            self._see(key[1], places[key])
        self._check_sources(members, known, found)
        self.write(found)

    def _sorted(self, entries: Sequence[Entry]) -> tuple[list[str], Marked]:
        """Return the ids that come alone, and the assets with their marks; note an id that comes twice."""
        kept: list[str] = []
        members: Marked = {}
        for entry in entries:
            if isinstance(entry, str):
                kept.append(as_text(entry, "id"))
                continue
            if isinstance(entry, Prepared):
                mark = Mark(_PART, entry, entry.digest, entry.fingerprint)
            else:
                asset, fingerprint = (entry, None) if isinstance(entry, LearningAsset) else _pair(entry)
                mark = Mark(_PART, asset, mark_of(asset), fingerprint)
            if (key := (_PART.name, mark.node.id)) in members:
                self._note(_TWICE, mark.node.id)
            members[key] = mark
        return kept, members

    def _see(self, id_: str, place: int) -> None:
        """Note that the source has an asset, and whether it has had it before."""
        if place >= len(self._seen):
            self._seen.extend(bytes(max(place + 1 - len(self._seen), BATCH)))
        if place and self._seen[place]:
            self._note(_TWICE, id_)
        self._seen[place] = 1

    def _check_sources(self, members: Marked, known: Known, found: Difference) -> None:
        """Note every asset that, as given or as stored, does not come from the source."""
        if self.source is None:
            return
        ids = {place: id_ for (_, id_), (place, _) in known.items()}
        foreign = [ids[place] for place, names in self._sources(list(found.digests)) if self.source not in names]
        for mark in members.values():
            node = mark.node
            names = node.sources if isinstance(node, Prepared) else [entry.source for entry in node.provenance]
            if self.source not in names:
                foreign.append(node.id)
        for id_ in sorted({*foreign}):
            self._note(_FOREIGN, id_)

    def _sources(self, members: Sequence[int]) -> Iterator[tuple[int, set[str]]]:
        """Yield the number of each of some assets that are there, with the names of its sources."""
        query = sa.select(_TABLE.c.member, _TABLE.c.provenance).where(
            _TABLE.c.document == self.document.number, _TABLE.c.ended.is_(None)
        )
        for start in range(0, len(members), CHUNK):
            chunk = _TABLE.c.member.in_(members[start : start + CHUNK])
            yield from map(_named, self.connection.execute(query.where(chunk)))

    def write(self, found: Difference) -> None:
        """Write a difference; the first one that holds something makes the revision."""
        if not found:
            mark_members(self.connection, self.document.number, found)
            return
        if self._revision is None:
            self._revision = self._made()
        write(self.connection, self.document.number, self._revision.number, found)
        self._counts.update(found.counts())

    def end(self, ids: Sequence[str]) -> None:
        """End some assets, a portion at a time; those that are not there are passed over."""
        for start in range(0, len(ids), CHUNK):
            known = known_members(self.connection, self.document.number, ids[start : start + CHUNK])
            gone = [place for (part, _), (place, mark) in known.items() if part == _PART.name and mark is not None]
            self._end(gone)

    def _end(self, gone: Sequence[int]) -> None:
        """End the assets with some numbers."""
        self.write(member_difference(self.connection, self.document.number, {}, model=Catalog, known={}, gone=gone))

    def end_others(self, portion: int) -> None:
        """End the assets of the source alone that were not in the stream."""
        query = sa.select(_TABLE.c.member, _TABLE.c.provenance).where(
            _TABLE.c.document == self.document.number, _TABLE.c.ended.is_(None)
        )
        rows = self.connection.execute(query.execution_options(yield_per=BATCH))
        unseen = (row for row in rows if row.member >= len(self._seen) or not self._seen[row.member])
        gone = [member for member, names in map(_named, unseen) if names == {self.source}]
        for start in range(0, len(gone), portion):
            self._end(gone[start : start + portion])

    def revision(self) -> Revision:
        """Return what was done."""
        if self._revision is None:
            return revisions.unchanged(self.connection, self.document)
        return revisions.counted(self.connection, self._revision, **{**_NOTHING, **self._counts})

    def refuse(self) -> None:
        """Raise what was found wrong, if anything was.

        Raises
        ------
        StoreError
            When something was.
        """
        told = []
        for text, ids in self.wrong.items():
            more = f" and {len(ids) - _NAMED} more" if len(ids) > _NAMED else ""
            named = ", ".join(map(repr, sorted(ids)[:_NAMED]))
            told.append(f"{named}{more} {text.format(source=self.source)}")
        if told:
            raise StoreError("; ".join(told))

    def _note(self, text: str, id_: str) -> None:
        """Note what is wrong with an asset."""
        self.wrong.setdefault(text, set()).add(id_)


_NOTHING = {"added": 0, "changed": 0, "ended": 0}


def _pair(entry: tuple[object, ...]) -> tuple[LearningAsset, str | None]:
    """Return an asset and its fingerprint, if an entry is that."""
    match entry:
        case (LearningAsset() as asset, str() | None as fingerprint):
            return asset, fingerprint and as_text(fingerprint, "fingerprint")
        case _:
            kinds = ", ".join(type(item).__name__ for item in entry)
            raise ArgumentError(f"({kinds}) is what the stream holds; give assets, each with its fingerprint as text")


def _named(row: Sequence[Any]) -> tuple[int, set[str]]:
    """Return the number of an asset, and the names of its sources."""
    member, provenance = row
    return member, {entry["source"] for entry in json.loads(provenance or "[]")}
