"""Revisions: who saved what and when, and which of them a question about the past means."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from capgraph.errors import NotStoredError, StoreError
from capgraph.store.arguments import as_moment, as_text
from capgraph.store.fields import moment, moment_text
from capgraph.store.tables import DOCUMENT_KEY, REVISION
from capgraph.text import closest

if TYPE_CHECKING:
    import datetime as dt


@dataclass(frozen=True, slots=True)
class Revision:
    """What one save did."""

    number: int
    """The number; a later revision of a document has a higher one.  Numbers are shared by all documents of a store."""
    time: dt.datetime
    """The moment of the save, in UTC."""
    author: str
    """Who saved."""
    message: str
    """Why."""
    added: int
    """How many rows it added."""
    changed: int
    """How many rows it replaced by changed ones."""
    ended: int
    """How many rows it ended."""
    document: str
    """The id of the document."""
    action: str
    """What was done: ``save``, ``append``, ``upsert``, ``rewrite``, ``retire`` or ``forget``."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A document that the store knows: its number, and its newest revision."""

    number: int
    id: str
    kind: str
    newest: int
    """The number of its newest revision; 0 where it has none."""


def digest(content: bytes) -> str:
    """Return a digest that two different contents do not share."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def stored(connection: sa.Connection, id: str) -> Stored:
    """Return what the store knows of a document.

    Raises
    ------
    NotStoredError
        When it has never been saved.
    """
    row = connection.execute(_known(id)).one_or_none()
    if row is None or row.newest is None:
        raise NotStoredError(f"{id!r} is not in the store; {_hint(connection, id)}")
    return Stored(row.document, row.id, row.kind, row.newest)


def _hint(connection: sa.Connection, id: str) -> str:
    """Return what may have been meant by an id that the store does not know, or where its ids are listed."""
    near = closest(id, connection.scalars(sa.select(DOCUMENT_KEY.c.id).order_by(DOCUMENT_KEY.c.id)).all())
    listed = "Store.documents() and `capgraph db list` name what is"
    return f"did you mean {near!r}? {listed}" if near else listed


def locked(connection: sa.Connection, id: str) -> Stored:
    """Return what the store knows of a document, and keep every other save of it waiting until the end.

    Raises
    ------
    NotStoredError
        When it has never been saved.
    """
    # The lock comes first, and then a look: what was read before the lock may be history by now.
    connection.execute(_known(id).with_for_update())
    return stored(connection, id)


def claimed(connection: sa.Connection, id: str, kind: str) -> Stored:
    """Return what the store knows of a document that is about to be saved, as `locked`; it may be new.

    Raises
    ------
    StoreError
        When the id belongs to a document of another kind.
    """
    query = _known(id).with_for_update()
    row = connection.execute(query).one_or_none()
    if row is None:
        # On PostgreSQL a second writer waits here for the first, and then finds its row.
        text = "INSERT INTO document_key (id, digest, kind) VALUES (:id, :digest, :kind) ON CONFLICT DO NOTHING"
        connection.execute(sa.text(text), {"id": id, "digest": digest(id.encode()), "kind": kind})
        row = connection.execute(query).one()
    if row.kind != kind:
        raise StoreError(f"{id!r} is stored as a {row.kind}; give the {kind} an id of its own")
    return Stored(row.document, row.id, row.kind, row.newest or 0)


def _known(id: str) -> sa.Select[Any]:
    """Return the query for the row of a document."""
    as_text(id, "id of a document")
    return sa.select(DOCUMENT_KEY).where(DOCUMENT_KEY.c.digest == digest(id.encode()))


def recorded(
    connection: sa.Connection,
    document: Stored,
    *,
    time: dt.datetime,
    author: str = "",
    message: str = "",
    action: str = "save",
) -> Revision:
    """Return a new revision of a document, which becomes its newest; `counted` states what it did.

    A clock that was put back does not reorder history: a revision is never earlier than the one before it.
    """
    time = as_moment(time)
    as_text(author, "author")
    as_text(message, "message")
    if document.newest:
        time = max(time, revision(connection, document.newest).time)
    values = {"document": document.number, "action": action, "author": author, "message": message}
    made = sa.insert(REVISION).values(**values, time=driver_time(connection, time), added=0, changed=0, ended=0)
    number = connection.execute(made.returning(REVISION.c.number)).scalar_one()
    own = DOCUMENT_KEY.c.document == document.number
    connection.execute(sa.update(DOCUMENT_KEY).where(own).values(newest=number))
    return Revision(number, time, author, message, 0, 0, 0, document.id, action)


def driver_time(connection: sa.Connection, time: dt.datetime) -> dt.datetime | str:
    """Return a moment as the database compares it."""
    return moment_text(time) if connection.dialect.name == "sqlite" else time


def counted(connection: sa.Connection, revision: Revision, *, added: int, changed: int, ended: int) -> Revision:
    """Return the revision with what it did, and write that down."""
    own = REVISION.c.number == revision.number
    connection.execute(sa.update(REVISION).where(own).values(added=added, changed=changed, ended=ended))
    return replace(revision, added=added, changed=changed, ended=ended)


def _revisions() -> sa.Select[Any]:
    """Return the query for revisions, each with the id of its document."""
    return sa.select(REVISION, DOCUMENT_KEY.c.id).join(DOCUMENT_KEY, REVISION.c.document == DOCUMENT_KEY.c.document)


def _revision_of(row: sa.Row[Any]) -> Revision:
    """Return the revision that a row states."""
    return Revision(
        row.number, moment(row.time), row.author, row.message, row.added, row.changed, row.ended, row.id, row.action
    )


def revision(connection: sa.Connection, number: int) -> Revision:
    """Return a revision.

    Raises
    ------
    NotStoredError
        When there is none of this number.
    """
    row = connection.execute(_revisions().where(REVISION.c.number == number)).one_or_none()
    if row is None:
        raise NotStoredError(f"{number} is no revision; Store.history(id) lists the revisions of a document")
    return _revision_of(row)


def unchanged(connection: sa.Connection, document: Stored) -> Revision:
    """Return the newest revision of a document with counts of 0, for a save that finds nothing to write."""
    return replace(revision(connection, document.newest), added=0, changed=0, ended=0)


def history(connection: sa.Connection, document: Stored) -> list[Revision]:
    """Return the revisions of a document, the newest first."""
    query = _revisions().where(REVISION.c.document == document.number).order_by(REVISION.c.number.desc())
    return list(map(_revision_of, connection.execute(query)))
