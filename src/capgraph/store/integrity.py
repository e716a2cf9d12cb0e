"""What a database holds, and whether it holds together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from capgraph.errors import CapgraphError, Issue
from capgraph.store import schema
from capgraph.store.database import engine_of, reading
from capgraph.store.layout import KINDS
from capgraph.store.reading import load
from capgraph.store.revisions import stored
from capgraph.store.tables import DOCUMENT_KEY, HISTORY, MEMBER_KEY, REVISION

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Information:
    """What a database holds."""

    schema: str
    """The version of its tables."""
    documents: dict[str, int]
    """How many documents of each kind have ever been saved."""
    revisions: int
    """How many revisions there are."""
    rows: dict[str, tuple[int, int]]
    """For each table, how many rows it has and how many of these last."""


def info(url: str | sa.URL) -> Information:
    """Return what a database holds.

    Raises
    ------
    NotStoredError
        When the database has no tables of ours.
    SchemaVersionError
        When the tables are those of another version of the library.
    """
    engine = engine_of(url)
    try:
        schema.require(engine)
        with reading(engine) as connection:
            kinds = sa.select(DOCUMENT_KEY.c.kind, sa.func.count()).group_by(DOCUMENT_KEY.c.kind)
            found = {kind: count for kind, count in connection.execute(kinds)}  # noqa: C416 - rows, not pairs
            rows = {name: _counts(connection, table) for name, table in HISTORY.items()}
            revisions = connection.execute(sa.select(sa.func.count()).select_from(REVISION)).scalar_one()
        return Information(schema.HEAD, {kind: found.get(kind, 0) for kind in KINDS}, revisions, rows)
    finally:
        engine.dispose()


def _counts(connection: sa.Connection, table: sa.Table) -> tuple[int, int]:
    """Return how many rows a table has, and how many of these have not ended."""
    query = sa.select(sa.func.count(table.c.row_id), sa.func.count(table.c.ended))
    rows, ended = connection.execute(query).one()
    return rows, rows - ended


def check(url: str | sa.URL) -> list[Issue]:
    """Return what is wrong with a database: nothing, unless rows were changed by other hands.

    Looked for are rows of no document, member or revision; rows that end before they begin; a newest revision that is
    not the newest; two lasting rows of one member; and documents that can no longer be loaded.

    Raises
    ------
    NotStoredError
        When the database has no tables of ours.
    SchemaVersionError
        When the tables are those of another version of the library.
    """
    engine = engine_of(url)
    try:
        schema.require(engine)
        with reading(engine) as connection:
            return [*_key_issues(connection), *_row_issues(connection), *_document_issues(connection)]
    finally:
        engine.dispose()


def _key_issues(connection: sa.Connection) -> Iterator[Issue]:
    """Yield what is wrong with documents and their revisions."""
    last = sa.select(sa.func.max(REVISION.c.number)).where(REVISION.c.document == DOCUMENT_KEY.c.document)
    wrong = DOCUMENT_KEY.c.newest.is_distinct_from(last.scalar_subquery())
    for id_ in connection.scalars(sa.select(DOCUMENT_KEY.c.id).where(wrong)):
        text = f"{id_!r} names another revision as its newest than the last one"
        yield Issue("newest-revision", text, (id_,), "document_key", "set newest to the highest number in revision")
    homeless = sa.select(sa.func.count()).where(~_exists(DOCUMENT_KEY, DOCUMENT_KEY.c.document == REVISION.c.document))
    if count := connection.execute(homeless.select_from(REVISION)).scalar_one():
        yield Issue("dangling-row", f"revision has {count} rows of no document", (), "revision", _RESTORE)


def _row_issues(connection: sa.Connection) -> Iterator[Issue]:
    """Yield what is wrong with the rows of the temporal tables."""
    for name, table in HISTORY.items():
        for what, wrong in _wrongs(name, table):
            count = connection.execute(sa.select(sa.func.count()).select_from(table).where(wrong)).scalar_one()
            if count:
                yield Issue("dangling-row", f"{table.name} has {count} rows {what}", (), table.name, _RESTORE)


def _wrongs(name: str, table: sa.Table) -> Iterator[tuple[str, sa.ColumnElement[bool]]]:
    """Yield what may be wrong with a row, and the condition that it is."""
    made = _exists(REVISION, REVISION.c.number == table.c.added, REVISION.c.document == table.c.document)
    over = _exists(REVISION, REVISION.c.number == table.c.ended, REVISION.c.document == table.c.document)
    yield "that no revision of their document added", ~made
    yield "that no revision of their document ended", sa.and_(table.c.ended.is_not(None), ~over)
    yield "that end before they begin", table.c.ended <= table.c.added
    if "member" in table.c:
        own = _exists(MEMBER_KEY, MEMBER_KEY.c.document == table.c.document, MEMBER_KEY.c.member == table.c.member)
        yield "of no member", ~own
    if "member" in table.c and "id" in table.c:
        twin = table.alias("twin")
        same = [twin.c[column] == table.c[column] for column in ("document", "member")]
        lasting = (twin.c.ended.is_(None), table.c.ended.is_(None), twin.c.row_id < table.c.row_id)
        yield f"that say twice what a {name} is now", _exists(twin, *same, *lasting)


def _exists(table: sa.FromClause, *conditions: sa.ColumnElement[bool]) -> sa.Exists:
    """Return the condition that a table has a row like this."""
    return sa.select(sa.literal(1)).select_from(table).where(*conditions).exists()


def _document_issues(connection: sa.Connection) -> Iterator[Issue]:
    """Yield the documents whose newest state can no longer be loaded."""
    ids: list[Any] = list(connection.scalars(sa.select(DOCUMENT_KEY.c.id).where(DOCUMENT_KEY.c.newest.is_not(None))))
    for id_ in ids:
        known = stored(connection, id_)
        try:
            load(connection, known, known.newest)
        except (CapgraphError, KeyError) as error:
            yield Issue("unreadable", f"{id_!r} cannot be loaded: {error}", (id_,), "", _RESTORE)


_RESTORE = "restore these rows from a backup"
