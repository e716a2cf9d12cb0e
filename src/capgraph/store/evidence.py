"""Evidence as a stream: appended in batches, read in slices, never held as a document."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import sqlalchemy as sa

from capgraph.errors import DanglingReferenceError, Issue, StoreError
from capgraph.model import Evidence, Workforce
from capgraph.store.database import BATCH, one_of, with_ids
from capgraph.store.identity import spellings, stored_prefixes
from capgraph.store.layout import PARTS
from capgraph.store.rows import content
from capgraph.store.tables import DOCUMENT, HISTORY, at_revision
from capgraph.store.writing import add, current_rows, known_members

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from capgraph.store.revisions import Stored
    from capgraph.store.rows import Row

_TABLE = HISTORY["evidence"]
_FIELDS = next(part.fields for part in PARTS[Workforce] if part.name == "evidence")
_ID = _FIELDS.names.index("id")
_LISTED = 1_000
"""How many refused records an error lists."""
_BITS = 2**28
"""How many bits tell whether a record may have come before: 32 MiB, with 1 doubtful id in 250 after a million."""


def append(connection: sa.Connection, document: Stored, revision: int, records: Iterable[Evidence]) -> int:
    """Return how many records were new, and add these to a document; memory holds one batch at a time.

    Raises
    ------
    StoreError
        When records are stored already with other content.
    DanglingReferenceError
        When records name people, or records they correct, that the document does not hold (unless it has imports).
    """
    appending = _Appending(connection, document, revision)
    stream, added = iter(records), 0
    batch = list(islice(stream, BATCH))
    while batch:
        # Where something is wrong the rest is written too, and undone with all else: later records may correct it.
        new = appending.new(batch)
        batch = []
        add(connection, "evidence", document.number, revision, _rows(new, stream, batch))
        added += len(new)
    appending.refuse()
    return added


def _rows(records: Iterable[Evidence], stream: Iterator[Evidence], following: list[Evidence]) -> Iterator[Row]:
    """Yield the rows of records, and draw the next batch meanwhile, while PostgreSQL works on what was sent so far."""
    for record in records:
        yield _FIELDS.values(record)
        following.extend(islice(stream, 1))
    following.extend(islice(stream, BATCH - len(following)))


class _Passed:
    """The ids that have passed, as bits of their hashes: what was not there for certain needs no look at the table."""

    def __init__(self) -> None:
        self._bits = bytearray(_BITS // 8)

    def doubtful(self, ids: Iterable[str]) -> list[str]:
        """Return those of some ids that may have passed before, and note them all."""
        bits, found = self._bits, []
        for id_ in ids:
            place, bit = divmod(hash(id_) % _BITS, 8)
            if bits[place] >> bit & 1:
                found.append(id_)
            bits[place] |= 1 << bit
        return found


class _Appending:
    """What an append knows of its document and has found wrong so far."""

    def __init__(self, connection: sa.Connection, document: Stored, revision: int) -> None:
        self.connection = connection
        self.document = document
        self.revision = revision
        self.issues: list[Issue] = []
        header = sa.select(DOCUMENT.c.imports).where(DOCUMENT.c.document == document.number, DOCUMENT.c.ended.is_(None))
        self._open = connection.execute(header).scalar_one() is not None
        self._prefixes = stored_prefixes(connection, document.number)
        self._people: dict[str, bool] = {}
        own = sa.and_(_TABLE.c.document == document.number, _TABLE.c.ended.is_(None))
        self._any_stored = connection.execute(sa.select(_TABLE.c.row_id).where(own).limit(1)).first() is not None
        self._passed = _Passed()

    def new(self, batch: Sequence[Evidence]) -> list[Evidence]:
        """Return the records of a batch that are not stored yet, and note what is wrong with the others."""
        records: dict[str, Evidence] = {}
        for record in batch:
            if (other := records.setdefault(record.id, record)) is not record and not _is_same(record, other):
                self._note("repeated-id", record.id, "is in the stream twice with different content")
        doubtful = list(records) if self._any_stored else self._passed.doubtful(records)
        known = current_rows(self.connection, "evidence", self.document.number, ids=doubtful) if doubtful else ()
        for number, row in list(known):
            if _FIELDS.values(records.pop(row[_ID])) != row:
                self._note_other(number, row[_ID])
        if not self._open:
            self._check_references(records)
        return list(records.values())

    def _check_references(self, new: Mapping[str, Evidence]) -> None:
        """Note every person and every corrected record that the document does not hold."""
        records = new.values()
        unseen = {record.person for record in records} - self._people.keys()
        self._people.update(dict.fromkeys(unseen, False))
        self._people.update(dict.fromkeys(self._known_people(unseen), True))
        for record in records:
            if not self._people[record.person]:
                self._note("dangling-reference", record.id, f"is about {record.person!r}, whom nobody has saved")
        corrected = {record.corrects: record.id for record in records if record.corrects}
        missing = corrected.keys() - new.keys()
        if missing:
            missing -= self._known_records(missing)
        for id_ in sorted(missing):
            self._note("dangling-reference", corrected[id_], f"corrects {id_!r}, which nobody has saved")

    def _known_people(self, ids: Iterable[str]) -> list[str]:
        """Return those of the ids that are people of the document, however they are spelled."""
        spelled = {id_: spellings(id_, self._prefixes) for id_ in ids}
        members = known_members(self.connection, self.document.number, sorted(set().union(*spelled.values())))
        people = {id_ for (part, id_), (_, mark) in members.items() if part == "person" and mark is not None}
        return [id_ for id_, texts in spelled.items() if texts & people]

    def _known_records(self, ids: set[str]) -> set[str]:
        """Return those of the ids that are records of the document, however they are spelled."""
        spelled = {id_: spellings(id_, self._prefixes) for id_ in ids}
        wanted = sorted(set().union(*spelled.values()))
        lasting = _TABLE.c.ended.is_(None)
        query = with_ids(self.connection, [_TABLE.c.id], self.document.number, wanted, lasting)
        records = set(self.connection.scalars(query))
        return {id_ for id_, texts in spelled.items() if texts & records}

    def _note_other(self, number: int, id_: str) -> None:
        """Note a record with other content than its row, which an earlier batch of the same stream may have written."""
        own = sa.and_(_TABLE.c.row_id == number, _TABLE.c.added == self.revision)
        if self.connection.execute(sa.select(_TABLE.c.row_id).where(own)).first() is not None:
            self._note("repeated-id", id_, "is in the stream twice with different content")
        else:
            self._note("duplicate-id", id_, "is stored already with other content")

    def _note(self, code: str, id_: str, text: str) -> None:
        """Note what is wrong with a record."""
        if len(self.issues) < _LISTED:
            self.issues.append(Issue(code, f"{id_!r} {text}", (id_,), "evidence", _HINTS[code]))

    def refuse(self) -> None:
        """Raise what was found wrong, if anything was."""
        if all(issue.code == "dangling-reference" for issue in self.issues):
            if self.issues:
                raise DanglingReferenceError(self.issues, f"evidence for {self.document.id!r}")
            return
        told = "; ".join(str(issue) for issue in self.issues[:20])
        raise StoreError(f"{self.document.id!r} was not appended to: {told}")


_HINTS = {
    "repeated-id": "keep one of them, or give each an id of its own",
    "duplicate-id": "append a correction with an id of its own that names this one in corrects",
    "dangling-reference": "save it first, or correct the id",
}


def _is_same(record: Evidence, other: Evidence) -> bool:
    """Return whether two records are stored as the same row."""
    return _FIELDS.values(record) == _FIELDS.values(other)


def evidence(
    connection: sa.Connection,
    document: Stored,
    revision: int,
    *,
    person: str | None = None,
    capability: str | None = None,
) -> Iterator[Evidence]:
    """Yield the records of a document at a revision, in the order in which they came."""
    columns = content(_TABLE)
    query = sa.select(*columns).where(_TABLE.c.document == document.number)
    query = query.where(at_revision(_TABLE, None if revision == document.newest else revision))
    prefixes = stored_prefixes(connection, document.number)
    for column, id_ in ((_TABLE.c.person, person), (_TABLE.c.capability, capability)):
        if id_ is not None:
            query = query.where(one_of(connection, column, sorted(spellings(id_, prefixes))))
    rows = connection.execution_options(yield_per=BATCH).execute(query.order_by(_TABLE.c.row_id))
    for row in rows:
        yield Evidence.model_validate(_FIELDS.fields(row))
