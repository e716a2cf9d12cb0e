"""Rewriting: a workforce put into another form record by record, such as that of a new framework, as one revision."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

import sqlalchemy as sa

from capgraph.errors import DanglingReferenceError, Issue, NotStoredError, StaleRevisionError, StoreError
from capgraph.model import Evidence, Workforce
from capgraph.store import revisions, selection
from capgraph.store.database import BATCH, reading, with_ids, writing
from capgraph.store.layout import PARTS
from capgraph.store.marks import marked
from capgraph.store.reading import rows_at
from capgraph.store.rows import document_of
from capgraph.store.tables import HISTORY
from capgraph.store.writing import Difference, current_rows, difference, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from capgraph.store.archive import Archive
    from capgraph.store.revisions import Revision, Stored
    from capgraph.store.rows import Row
    from capgraph.store.store import Store

_TABLE = HISTORY["evidence"]
_FIELDS = next(part.fields for part in PARTS[Workforce] if part.name == "evidence")
_LISTED = 1_000
"""How many refused records an error lists."""


def without_evidence(store: Archive, *, document: str | None = None) -> Workforce:
    """Return a workforce with its people and teams, and with none of its evidence, which `Store.evidence` streams.

    Parameters
    ----------
    store : Store
        The store.
    document : str, optional
        The id of the workforce; None where the store holds one alone.

    Raises
    ------
    NotStoredError
        When there is no such workforce.
    StoreError
        When several workforces could be meant, or the id is that of another kind of document.
    """
    with reading(store.engine) as connection:
        return _rest(connection, revisions.stored(connection, document or selection.only(connection, "workforce")))


def rewrite(
    store: Store,
    record: Callable[[Evidence], Iterable[Evidence]],
    *,
    rest: Callable[[Workforce], Workforce] | None = None,
    document: str | None = None,
    base: int | None = None,
    author: str = "",
    message: str = "",
) -> Revision:
    """Return the revision that puts other records in the place of a workforce's evidence, one by one.

    What a record becomes keeps its place in history: the revision ends the row of the old one and adds those of the
    new.  Earlier states stay as they were, so that loading one of them undoes it.

    Parameters
    ----------
    store : Store
        The store.
    record : callable
        Returns what a record becomes: itself, another one of the same id, several of which the others have ids of
        their own, or nothing.
    rest : callable, optional
        Returns what the workforce without its evidence becomes; None to leave people and teams alone.
    document : str, optional
        The id of the workforce; None where the store holds one alone.
    base : int, optional
        The revision on which the decision rests; None for whatever is there.
    author, message : str
        Who rewrites, and why.

    Returns
    -------
    Revision
        The new revision; the newest one, with counts of 0, where nothing differs.

    Raises
    ------
    NotStoredError
        When there is no such workforce.
    StaleRevisionError
        When the workforce has a newer revision than `base`.
    StoreError
        When several workforces could be meant, or new records have ids that others have.
    DanglingReferenceError
        When records are about people whom the workforce does not hold.

    Notes
    -----
    All of it is one transaction, while memory holds the people and teams and a few thousand records.
    """
    with writing(store.engine) as connection:
        known = revisions.locked(connection, document or selection.only(connection, "workforce"))
        if base is not None and base != known.newest:
            raise StaleRevisionError(known.id, base, known.newest)

        def made() -> Revision:
            noted = {"author": author, "message": message, "action": "rewrite"}
            return revisions.recorded(connection, known, time=store.clock(), **noted)

        before = _rest(connection, known)
        after = before if rest is None else rest(before)
        work = _Rewriting(connection, known, after, made)
        work.take_rest(before)
        work.take_records(record)
        return work.revision()


def _rest(connection: sa.Connection, known: Stored) -> Workforce:
    """Return a stored workforce without its evidence."""
    if known.kind != Workforce.kind:
        raise StoreError(f"{known.id!r} is a {known.kind}; name a workforce")
    fetch = partial(rows_at, connection, known.number, None)
    found = document_of(Workforce, lambda name: () if name == "evidence" else fetch(name))
    if not isinstance(found, Workforce):
        raise NotStoredError(f"{known.id!r} is retired; save it first to bring it back")
    return found


class _Rewriting:
    """What has been written so far, and what was found wrong."""

    def __init__(
        self, connection: sa.Connection, document: Stored, after: Workforce, made: Callable[[], Revision]
    ) -> None:
        self.connection = connection
        self.document = document
        self.after = after
        self.issues: list[Issue] = []
        self._made = made
        self._revision: Revision | None = None
        self._counts: Counter[str] = Counter()
        self._people = {after.iri(person.id) for person in after.people}
        self._lost = False

    def take_rest(self, before: Workforce) -> None:
        """Write what differs besides the evidence."""
        self._lost = not {before.iri(person.id) for person in before.people} <= self._people
        if self.after != before:
            found = difference(
                self.connection, self.document.number, self.after, marked(self.after), without=("evidence",)
            )
            self._write(found)

    def take_records(self, record: Callable[[Evidence], Iterable[Evidence]]) -> None:
        """Write what differs of the records that are there, a portion at a time."""
        own = sa.and_(_TABLE.c.document == self.document.number, _TABLE.c.ended.is_(None))
        ends = sa.select(sa.func.min(_TABLE.c.row_id), sa.func.max(_TABLE.c.row_id)).where(own)
        first, last = self.connection.execute(ends).one()
        for start in range(first or 1, (last or 0) + 1, BATCH):
            portion = _TABLE.c.row_id.between(start, min(last, start + BATCH - 1))
            self._take(record, sorted(current_rows(self.connection, "evidence", self.document.number, portion)))
        self._refuse()

    def _take(self, record: Callable[[Evidence], Iterable[Evidence]], stored: Sequence[tuple[int, Row]]) -> None:
        """Write what differs of some records; what is wrong is noted, and undone with all else by an error."""
        found = Difference()
        fresh: list[str] = []
        for row_id, row in stored:
            old = Evidence.model_validate(_FIELDS.fields(row))
            new = list(record(old))
            self._check_people(old, new)
            rows = [row if item is old else _FIELDS.values(item) for item in new]
            if rows == [row]:
                continue
            found.ended["evidence"].append(row_id)
            found.added["evidence"].extend(rows)
            found.replaced += any(item.id == old.id for item in new)
            fresh.extend(item.id for item in new if item.id != old.id)
        self._check_ids(fresh)
        if not self.issues:
            self._write(found)

    def _check_people(self, old: Evidence, new: Iterable[Evidence]) -> None:
        """Note every person whom the workforce does not hold."""
        for item in () if self.after.imports else new:
            is_same = item.person == old.person and not self._lost
            if not is_same and self.after.iri(item.person) not in self._people:
                text = f"{item.id!r} is about {item.person!r}, whom the workforce does not hold"
                self._note("dangling-reference", item.id, text, "save the person first, or correct the id")

    def _check_ids(self, fresh: Sequence[str]) -> None:
        """Note every new record whose id another one has."""
        wanted, lasting = sorted({*fresh}), _TABLE.c.ended.is_(None)
        query = with_ids(self.connection, [_TABLE.c.id], self.document.number, wanted, lasting)
        taken = set(self.connection.scalars(query)) if fresh else set()
        twice = {id_ for id_, count in Counter(fresh).items() if count > 1}
        for id_ in sorted(taken | twice):
            self._note("duplicate-id", id_, f"{id_!r} is the id of another record", "give the new record another id")

    def _note(self, code: str, id_: str, text: str, hint: str) -> None:
        """Note what is wrong with a record."""
        if len(self.issues) < _LISTED:
            self.issues.append(Issue(code, text, (id_,), "evidence", hint))

    def _refuse(self) -> None:
        """Raise what was found wrong, if anything was."""
        if self.issues and all(issue.code == "dangling-reference" for issue in self.issues):
            raise DanglingReferenceError(self.issues, f"evidence for {self.document.id!r}")
        if self.issues:
            told = "; ".join(str(issue) for issue in self.issues[:20])
            raise StoreError(f"{self.document.id!r} was not rewritten: {told}")

    def _write(self, found: Difference) -> None:
        """Write a difference; the first one that holds something makes the revision."""
        if found:
            if self._revision is None:
                self._revision = self._made()
            write(self.connection, self.document.number, self._revision.number, found)
            self._counts.update(found.counts())

    def revision(self) -> Revision:
        """Return the revision with what it did; the newest one where nothing differs."""
        if self._revision is None:
            return revisions.unchanged(self.connection, self.document)
        counts = {name: self._counts[name] for name in ("added", "changed", "ended")}
        return revisions.counted(self.connection, self._revision, **counts)
