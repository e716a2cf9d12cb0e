"""`Store`: documents in a database, with every state they have had."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from capgraph.errors import NotStoredError, StaleRevisionError
from capgraph.store import revisions, schema
from capgraph.store.database import engine_of, reading, writing
from capgraph.store.reading import load
from capgraph.store.writing import difference, marked, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    import sqlalchemy as sa

    from capgraph.model import Document
    from capgraph.store.revisions import Moment, Revision


def _now() -> dt.datetime:
    """Return the time."""
    return dt.datetime.now(dt.UTC)


class Store:
    """Documents in a database, with every state they have had.

    Parameters
    ----------
    url : str or sqlalchemy.URL
        Where the database is, such as ``sqlite:///skills.db`` or ``postgresql+psycopg://user@host/skills``.  An empty
        database gets its tables.
    clock : callable, optional
        Returns the moment of a save, with its zone; the present by default.  It serves tests, and the import of
        history.

    Raises
    ------
    StoreError
        When the URL names no database that the store knows.
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

    def __init__(self, url: str | sa.URL, *, clock: Callable[[], dt.datetime] = _now) -> None:
        self.engine = engine_of(url)
        """The SQLAlchemy engine, for SQL of your own."""
        self._clock = clock
        self._seen: dict[str, int] = {}
        try:
            schema.prepare(self.engine)
        except BaseException:
            self.engine.dispose()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; the store opens new ones when it is used again."""
        self.engine.dispose()

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
        Members are compared by digests, so that the cost grows with the number of members and with what changed.
        """
        members = marked(document)
        base = self._seen.get(document.id) if base is None else base
        with writing(self.engine) as connection:
            known = revisions.locked(connection, document.id, document.kind)
            found = difference(connection, known.number, document, members)
            if not found and known.newest:
                revision = revisions.unchanged(connection, known)
            elif known.newest != (base or 0):
                raise StaleRevisionError(document.id, base, known.newest)
            else:
                noted = {"author": author, "message": message}
                revision = revisions.recorded(connection, known, time=self._clock(), **noted)
                write(connection, known.number, revision.number, found)
                revision = revisions.counted(connection, revision, **found.counts())
        self._seen[document.id] = revision.number
        return revision

    def load(
        self, id: str, *, at: Moment | None = None, revision: int | None = None, version: str | None = None
    ) -> Document:
        """Return a document as it is, or as it was.

        Parameters
        ----------
        id : str
            The id of the document.
        at : datetime, date or str, optional
            The moment (UTC) whose state is meant; a bare date means the end of that day.
        revision : int, optional
            The revision whose state is meant.
        version : str, optional
            The publisher's version that is meant: the newest state that had it.

        Raises
        ------
        NotStoredError
            When the store has no such document, or it was not there then.
        StoreError
            When more than one of `at`, `revision` and `version` is given.
        """
        with reading(self.engine) as connection:
            known = revisions.stored(connection, id)
            number = revisions.chosen(connection, known, at=at, revision=revision, version=version)
            document = load(connection, known, number)
        if document is None:
            raise NotStoredError(
                f"{id!r} was retired in or before revision {number}; load an earlier one with revision="
            )
        self._seen[id] = number
        return document
