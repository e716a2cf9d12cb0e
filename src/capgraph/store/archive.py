"""`Archive`: what a store can tell, of now and of any earlier time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from capgraph.errors import ArgumentError, NotStoredError
from capgraph.model import Framework
from capgraph.store import catalogs, evidence, frames, revisions, schema, selection
from capgraph.store.arguments import as_ids, as_number
from capgraph.store.changes import Change, changes
from capgraph.store.database import engine_of, reading
from capgraph.store.reading import load
from capgraph.store.revisions import Revision
from capgraph.store.seen import NOTHING, Seen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import TracebackType

    import sqlalchemy as sa

    from capgraph.model import Document, Evidence, LearningAsset, Node
    from capgraph.report import FrameLibrary
    from capgraph.store.frames import FrameName
    from capgraph.store.selection import Moment


class Archive:
    """What a store can tell, of now and of any earlier time; `Store` adds what can be done to it.

    Parameters
    ----------
    url : str or sqlalchemy.URL
        Where the database is.
    create : bool
        Whether a database without tables of ours gets them; else it is refused.
    """

    def __init__(self, url: str | sa.URL, *, create: bool = True) -> None:
        self.engine = engine_of(url)
        """The SQLAlchemy engine, for SQL of your own."""
        self._seen: dict[str, Seen] = {}
        try:
            (schema.prepare if create else schema.require)(self.engine)
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

    def load(
        self,
        id: str,
        *,
        at: Moment | None = None,
        revision: int | None = None,
        version: str | None = None,
        ready: Iterable[Node] = (),
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
        ready : iterable of Node, optional
            Members that the caller has already: where the newest state has one with the same content, it is taken and
            not read again.

        Raises
        ------
        NotStoredError
            When the store has no such document, or it was not there then.
        StoreError
            When more than one of `at`, `revision` and `version` is given.
        """
        with reading(self.engine) as connection:
            known = revisions.stored(connection, id)
            number = selection.chosen(connection, known, at=at, revision=revision, version=version)
            document = load(connection, known, number, ready=ready)
        if document is None:
            raise NotStoredError(
                f"{id!r} was retired in or before revision {number}; load an earlier one with revision="
            )
        self._see(id, Seen.of(number, document))
        return document

    def documents(self, kind: str | None = None, *, retired: bool = False) -> list[str]:
        """Return the ids of the documents that are there now, by kind as they build on one another, then by id.

        Parameters
        ----------
        kind : str, optional
            The kind that is meant, such as ``workforce``; None for all.
        retired : bool
            Those that were retired instead, of which `load` returns earlier revisions.
        """
        with reading(self.engine) as connection:
            return selection.documents(connection, kind, retired=retired)

    def _see(self, id: str, seen: Seen) -> None:
        """Note the newest revision of a document that was loaded or saved here."""
        if seen.number >= self._seen.get(id, NOTHING).number:
            self._seen[id] = seen

    def history(self, id: str) -> list[Revision]:
        """Return the revisions of a document, the newest first.

        Raises
        ------
        NotStoredError
            When the store has no such document.
        """
        with reading(self.engine) as connection:
            return revisions.history(connection, revisions.stored(connection, id))

    def changes(self, revision: int | Revision) -> list[Change]:
        """Return what a revision did, row by row: by table, then by key.

        Parameters
        ----------
        revision : int or Revision
            The revision, or its number.

        Raises
        ------
        NotStoredError
            When there is no such revision.
        """
        number = revision.number if isinstance(revision, Revision) else as_number(revision, "revision")
        with reading(self.engine) as connection:
            known = revisions.stored(connection, revisions.revision(connection, number).document)
            return changes(connection, known, number)

    def evidence(
        self,
        *,
        person: str | None = None,
        capability: str | None = None,
        document: str | None = None,
        at: Moment | None = None,
    ) -> Iterator[Evidence]:
        """Yield records of evidence, without loading their document, in the order in which they came.

        Parameters
        ----------
        person, capability : str, optional
            Whom or what the records are about, as an IRI or a CURIE; None for all.
        document : str, optional
            The id of the workforce; None for all of them.
        at : datetime, date or str, optional
            The moment whose state is meant, as in `load`.
        """
        with reading(self.engine) as connection:
            for known, number in selection.meant(connection, "workforce", document, at=at):
                yield from evidence.evidence(connection, known, number, person=person, capability=capability)

    def assets(
        self,
        *,
        document: str | None = None,
        source: str | None = None,
        ids: Iterable[str] | None = None,
        at: Moment | None = None,
    ) -> Iterator[LearningAsset]:
        """Yield learning assets, without loading their catalog, in the order in which the store met them first.

        Parameters
        ----------
        document : str, optional
            The id of the catalog; None for all of them.
        source : str, optional
            The source named in the provenance of the assets meant; None for all.
        ids : iterable of str, optional
            The ids of the assets meant, as the catalog writes them; None for all.
        at : datetime, date or str, optional
            The moment whose state is meant, as in `load`.
        """
        named = None if ids is None else list(as_ids(ids))
        with reading(self.engine) as connection:
            for known, number in selection.meant(connection, "catalog", document, at=at):
                yield from catalogs.assets(connection, known, number, source=source, ids=named)

    def frames(
        self, name: FrameName, *, at: Moment | None = None, size: int = 250_000, library: FrameLibrary | None = None
    ) -> Iterator[Any]:
        """Yield people, requirements or evidence as data frames, for `capgraph.workforce_gap`.

        Parameters
        ----------
        name : {"people", "requirements", "evidence"}
            What the rows are: a role that somebody holds (``team`` is the first of the person's teams); a requirement
            of a role, inherited ones included; a record about a capability.  Ids are IRIs where prefixes are declared.
        at : datetime, date or str, optional
            The moment whose state is meant, as in `load`.
        size : int
            How many rows a frame has at most, > 0.
        library : str, optional
            ``pandas``, ``polars`` or ``pyarrow``; None for the first of them that is imported already, else installed.

        Raises
        ------
        MissingDependencyError
            When none of the libraries is installed.
        """
        if name not in frames.SCHEMAS or size < 1:
            names = ", ".join(frames.SCHEMAS)
            raise ArgumentError(f"{name!r} with size {size!r} is no frame; ask for {names}, with a size of 1 or more")
        with reading(self.engine) as connection:
            yield from frames.frames(_rows(connection, name, at), name, size=size, library=library)


def _rows(connection: sa.Connection, name: FrameName, at: Moment | None) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a kind of frame."""
    if name == "requirements":
        states = selection.meant(connection, "framework", None, at=at)
        loaded = (load(connection, known, number) for known, number in states)
        yield from frames.requirements(document for document in loaded if isinstance(document, Framework))
        return
    read = frames.people if name == "people" else frames.evidence
    for known, number in selection.meant(connection, "workforce", None, at=at):
        yield from read(connection, known, number)
