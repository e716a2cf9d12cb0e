"""`Store`: documents in a database, with every state they have had."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from capgraph.errors import ArgumentError, NotStoredError, StaleRevisionError
from capgraph.model import Evidence
from capgraph.store import evidence, forgetting, revisions, selection
from capgraph.store.archive import Archive
from capgraph.store.arguments import as_number, each
from capgraph.store.database import refresh_statistics, writing
from capgraph.store.layout import KINDS
from capgraph.store.marks import marked
from capgraph.store.seen import NOTHING, Seen
from capgraph.store.tables import HISTORY, METADATA
from capgraph.store.writing import Difference, difference, end_all, mark_members, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import sqlalchemy as sa

    from capgraph.model import Document
    from capgraph.store.revisions import Revision, Stored


def _now() -> dt.datetime:
    """Return the time."""
    return dt.datetime.now(dt.UTC)


class Store(Archive):
    """Documents in a database, with every state they have had.

    Parameters
    ----------
    url : str or sqlalchemy.URL
        Where the database is, such as ``sqlite:///skills.db`` or ``postgresql+psycopg://user@host/skills``.  An empty
        database gets its tables.
    create : bool
        Whether a database without tables of ours gets them; False refuses one, so that a question to a mistyped URL
        makes no database.
    clock : callable, optional
        Returns the moment of a save, with its zone; the present by default.  It serves tests, and the import of
        history.

    Raises
    ------
    StoreError
        When the URL names no database that the store knows.
    NotStoredError
        When the database has no tables of ours, with ``create=False``.
    SchemaVersionError
        When the tables are those of another version of the library.

    Notes
    -----
    A store may be shared between threads.  A forked process needs a store of its own.

    Examples
    --------
    >>> from capgraph.model import Capability, Framework
    >>> framework = Framework(id="fw:mini", capabilities=[Capability(id="cap:sql", label="SQL")])
    >>> with Store("sqlite://") as store:
    ...     saved = store.save(framework, author="amina", message="first draft")
    ...     (saved.added, store.load("fw:mini") == framework)
    (2, True)
    """

    def __init__(self, url: str | sa.URL, *, create: bool = True, clock: Callable[[], dt.datetime] = _now) -> None:
        super().__init__(url, create=create)
        self.clock = clock
        """Returns the moment of a save."""

    def save(self, document: Document, *, base: int | None = None, author: str = "", message: str = "") -> Revision:
        """Return the revision that makes a document the newest state of its id.

        Only rows that were added, changed or ended are written, in one transaction.  Where nothing differs, nothing is
        written and the newest revision is returned, with counts of 0.

        Parameters
        ----------
        document : Document
            What shall be the newest state.  Rows that it lacks are ended; earlier states keep them.
        base : int, optional
            The revision that the document was made from; None for the newest one that this store has loaded or saved
            of the id.
        author, message : str
            Who saves, and why.

        Returns
        -------
        Revision
            Number, time, author, message and the counts of rows.

        Raises
        ------
        StaleRevisionError
            When the document has a newer revision than `base`; nothing is written.
        StoreError
            When the id belongs to a document of another kind.

        Notes
        -----
        Members are compared by digests, so that the cost grows with the size of the document and with what changed.
        Members that are the very objects which this store loaded or saved last, as in a document made by `replace`,
        are passed over at once.
        """
        if not isinstance(document, (*KINDS.values(),)):
            raise ArgumentError(f"{type(document).__name__} is no document; save a {', a '.join(KINDS)}")
        seen = self._seen.get(document.id, NOTHING)
        members = marked(document, seen)
        with writing(self.engine) as connection:
            known = revisions.claimed(connection, document.id, document.kind)
            if seen.nodes and known.newest != seen.number:
                members = marked(document)
            found = difference(connection, known.number, document, members)
            revision = self._written(connection, known, found, base=base, author=author, message=message)
        refresh_statistics(self.engine, METADATA.tables.values(), rows=revision.added)
        self._see(document.id, Seen.of(revision.number, document))
        return revision

    def retire(self, id: str, *, base: int | None = None, author: str = "", message: str = "") -> Revision:
        """Return the revision that ends a document; earlier states stay, and saving it again brings it back.

        Parameters
        ----------
        id : str
            The id of the document.
        base : int, optional
            The revision on which the decision rests; None for the newest that this store has loaded or saved, or for
            whatever is there where it has done neither.
        author, message : str
            Who retires it, and why.

        Raises
        ------
        NotStoredError
            When the store has no such document, or it is retired already.
        StaleRevisionError
            When the document has a newer revision than `base`.
        """
        with writing(self.engine) as connection:
            known = revisions.locked(connection, id)
            self._refuse_stale(known, self._base(id, base) or known.newest)
            noted = {"author": author, "message": message, "action": "retire"}
            revision = revisions.recorded(connection, known, time=self.clock(), **noted)
            ended = end_all(connection, known, revision.number)
            revision = revisions.counted(connection, revision, added=0, changed=0, ended=ended)
        self._see(id, Seen(revision.number))
        return revision

    def append(
        self, records: Iterable[Evidence], *, document: str | None = None, author: str = "", message: str = ""
    ) -> Revision:
        """Return the revision that adds records of evidence to a workforce.

        Records that are stored already are passed over, so that an append may be repeated.  A correction is a record
        with an id of its own that names the corrected one.  All records are added together, or none of them.

        Parameters
        ----------
        records : iterable of Evidence
            Any number of records; memory holds a few thousand at a time.
        document : str, optional
            The id of the workforce; None where the store holds one alone.
        author, message : str
            Who appends, and why.

        Raises
        ------
        NotStoredError
            When there is no such workforce.
        StoreError
            When records are stored already with other content, or several workforces could be meant.
        DanglingReferenceError
            When records name people, or correct records, that the workforce does not hold.
        """
        with writing(self.engine) as connection:
            known = revisions.locked(connection, document or selection.only(connection, "workforce"))
            if not selection.is_there(connection, selection.of_kind(known, "workforce")):
                raise NotStoredError(f"{known.id!r} is retired; save it again before appending to it")
            noted = {"author": author, "message": message, "action": "append"}
            revision = revisions.recorded(connection, known, time=self.clock(), **noted)
            added = evidence.append(connection, known, revision.number, each(records, Evidence, "Evidence"))
            revision = revisions.counted(connection, revision, added=added, changed=0, ended=0)
        refresh_statistics(self.engine, [HISTORY["evidence"]], rows=added)
        return revision

    def forget(self, person: str, *, author: str = "", message: str = "") -> tuple[Revision, ...]:
        """Return the revisions, one a document, that remove a person from every state the store holds.

        This is the one exception to the rule that nothing is ever removed.  The person's rows and evidence go, and
        others' rows name nobody where they named the person.  The revision says that somebody was forgotten, and not
        who: `author` and `message` should not say it either.

        Parameters
        ----------
        person : str
            The id of the person, as an IRI or a CURIE.
        author, message : str
            Who decided it, and on which ground.

        Raises
        ------
        NotStoredError
            When no document has ever named the person.

        Warns
        -----
        CapgraphWarning
            When the person is forgotten, but the files of the database may keep traces, because others use it.

        Notes
        -----
        SQLite writes its file anew, since only a new one holds no traces: that takes as long as copying it, and as
        much room on the disk.  PostgreSQL vacuums the tables.
        """
        made = []
        with writing(self.engine) as connection:
            for id_ in list(forgetting.concerned(connection)):
                known = revisions.locked(connection, id_)
                if removed := forgetting.forget(connection, known, person):
                    noted = {"author": author, "message": message, "action": "forget"}
                    revision = revisions.recorded(connection, known, time=self.clock(), **noted)
                    made.append(revisions.counted(connection, revision, added=0, changed=0, ended=removed))
        if not made:
            raise NotStoredError(f"{person!r} is named by no document of the store; check the id")
        forgetting.scrub(self.engine)
        return tuple(made)

    def _base(self, id: str, base: int | None) -> int | None:
        """Return the revision that a caller built on, or None where nothing is known of it."""
        return (self._seen.get(id, NOTHING).number or None) if base is None else base

    @staticmethod
    def _refuse_stale(known: Stored, base: int | None) -> None:
        """Refuse a change that builds on another revision than the newest."""
        if known.newest != (0 if base is None else as_number(base, "base")):
            raise StaleRevisionError(known.id, base, known.newest)

    def _written(
        self,
        connection: sa.Connection,
        known: Stored,
        found: Difference,
        *,
        base: int | None,
        author: str,
        message: str,
    ) -> Revision:
        """Return the revision that writes a difference; the newest where there is nothing to write."""
        if not found and known.newest:
            mark_members(connection, known.number, found)
            return revisions.unchanged(connection, known)
        self._refuse_stale(known, self._base(known.id, base))
        revision = revisions.recorded(connection, known, time=self.clock(), author=author, message=message)
        write(connection, known.number, revision.number, found)
        return revisions.counted(connection, revision, **found.counts())
