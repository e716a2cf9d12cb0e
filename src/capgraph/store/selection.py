"""Which documents, and which of their revisions, a question means."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from capgraph.errors import ArgumentError, NotStoredError, StoreError
from capgraph.store.arguments import as_number, as_text, in_utc
from capgraph.store.layout import KINDS
from capgraph.store.revisions import Stored, driver_time, stored
from capgraph.store.tables import DOCUMENT, DOCUMENT_KEY, REVISION, at_revision

Moment = dt.datetime | dt.date | str
"""A moment with its zone; a day, which means its end; or either as ISO 8601 text."""


def chosen(
    connection: sa.Connection,
    document: Stored,
    *,
    at: Moment | None = None,
    revision: int | None = None,
    version: str | None = None,
) -> int:
    """Return the number of the revision that a question about the past means.

    Raises
    ------
    StoreError
        When more than one way is given, or a moment has no zone.
    NotStoredError
        When the document has no such revision.
    """
    if sum(way is not None for way in (at, revision, version)) > 1:
        raise StoreError(f"{document.id!r} is asked for in several ways; give one of at, revision and version")
    own = REVISION.c.document == document.number
    if at is not None:
        own &= REVISION.c.time <= driver_time(connection, end_of(at))
        missing = f"{document.id!r} was not yet stored at {at}"
    elif revision is not None:
        own &= REVISION.c.number == as_number(revision, "revision")
        missing = f"{document.id!r} has no revision {revision}"
    elif version is not None:
        own &= _has_version(document, as_text(version, "version"))
        missing = f"{document.id!r} was never stored with the version {version!r}"
    else:
        return document.newest
    number = connection.execute(sa.select(sa.func.max(REVISION.c.number)).where(own)).scalar_one()
    if number is None:
        raise NotStoredError(f"{missing}; Store.history({document.id!r}) lists its revisions")
    return int(number)


def documents(connection: sa.Connection, kind: str | None = None, *, retired: bool = False) -> list[str]:
    """Return the ids of the documents that are there now, or of those that were retired; of all or of one kind.

    Raises
    ------
    ArgumentError
        When there is no such kind.
    """
    if kind is not None and kind not in KINDS:
        raise ArgumentError(f"{kind!r} is no kind of document; give one of {', '.join(KINDS)}")
    lasting = sa.exists().where(DOCUMENT.c.document == DOCUMENT_KEY.c.document, DOCUMENT.c.ended.is_(None))
    query = sa.select(DOCUMENT_KEY.c.kind, DOCUMENT_KEY.c.id).where(
        DOCUMENT_KEY.c.newest.is_not(None), ~lasting if retired else lasting
    )
    kinds = list(KINDS)
    found = sorted((kinds.index(row.kind), row.id) for row in connection.execute(query))
    return [id_ for place, id_ in found if kind is None or kinds[place] == kind]


def known(connection: sa.Connection, id: str) -> Stored | None:
    """Return what the store knows of a document, or None where it has never been saved."""
    try:
        return stored(connection, id)
    except NotStoredError:
        return None


def of_kind(document: Stored, kind: str) -> Stored:
    """Return a document, which must be of a kind.

    Raises
    ------
    StoreError
        When it is of another one.
    """
    if document.kind != kind:
        raise StoreError(f"{document.id!r} is a {document.kind}; name a {kind}")
    return document


def is_there(connection: sa.Connection, document: Stored) -> bool:
    """Return whether a document is there now, and not retired."""
    own = sa.and_(DOCUMENT.c.document == document.number, DOCUMENT.c.ended.is_(None))
    return connection.execute(sa.select(DOCUMENT.c.row_id).where(own)).first() is not None


def only(connection: sa.Connection, kind: str) -> str:
    """Return the id of the one document of a kind.

    Raises
    ------
    NotStoredError
        When there is none.
    StoreError
        When there are several.
    """
    found = documents(connection, kind)
    if not found:
        raise NotStoredError(f"{kind} is what the store has none of; save one first")
    if len(found) > 1:
        raise StoreError(f"{', '.join(map(repr, found))} could all be meant; name one with document=")
    return found[0]


def meant(
    connection: sa.Connection, kind: str, id: str | None, *, at: Moment | None = None
) -> list[tuple[Stored, int]]:
    """Return the documents of a kind that a question means, each with the revision that it means.

    A document that was not yet there at the moment asked about is left out, unless it is named.
    """
    if id is not None:
        known = of_kind(stored(connection, id), kind)
        return [(known, chosen(connection, known, at=at))]
    query = sa.select(DOCUMENT_KEY.c.id).where(DOCUMENT_KEY.c.kind == kind, DOCUMENT_KEY.c.newest.is_not(None))
    found = []
    for id_ in sorted(connection.scalars(query)):
        known = stored(connection, id_)
        try:
            found.append((known, chosen(connection, known, at=at)))
        except NotStoredError:
            continue
    return found


def _has_version(document: Stored, version: str) -> sa.ColumnElement[bool]:
    """Return the condition that the document had a version at a revision."""
    named = sa.and_(DOCUMENT.c.document == document.number, DOCUMENT.c.version == version)
    return sa.select(DOCUMENT.c.row_id).where(named, at_revision(DOCUMENT, REVISION.c.number)).exists()


def end_of(at: Moment) -> dt.datetime:
    """Return the moment meant: of a day, its last microsecond in UTC.

    Raises
    ------
    StoreError
        When it is no ISO 8601 text, or a time without a zone.
    """
    if isinstance(at, str):
        try:
            at = dt.date.fromisoformat(at) if len(at) <= _DAY_LENGTH else dt.datetime.fromisoformat(at)
        except ValueError:
            raise StoreError(f"{at!r} is no moment; write 2026-11-01 or 2026-11-01T09:30+01:00") from None
    if not isinstance(at, dt.date):  # pyright: ignore[reportUnnecessaryIsInstance] - notebooks are not checked
        raise ArgumentError(f"{at!r} is no moment; give a datetime, a date, or text such as 2026-11-01")
    if not isinstance(at, dt.datetime):
        return dt.datetime.combine(at, dt.time.max, dt.UTC)
    if at.tzinfo is None:
        raise StoreError(f"{at.isoformat()} has no zone; add one, such as +00:00, or give the day alone")
    return in_utc(at)


_DAY_LENGTH = len("2026-11-01")
