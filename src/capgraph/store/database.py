"""The database behind a store: its engine, its transactions, and the fastest way in for many rows."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import ArgumentError, DatabaseError
from sqlalchemy.pool import StaticPool

from capgraph.errors import MissingDependencyError, StoreError
from capgraph.store.tables import LONGEST_INDEXED, prefix

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping, Sequence

    from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPIModule
    from sqlalchemy.pool import ConnectionPoolEntry

LOCK_SECONDS = 120
"""How long a save waits for the one before it."""
_WRITES = "capgraph_writes"
_CACHE_KIBIBYTES = 64 * 1024
BATCH = 10_000
"""How many rows are handled at a time where there may be millions."""


_DRIVERS = ("postgresql+psycopg", "sqlite+pysqlite")


def engine_of(url: str | sa.URL) -> sa.Engine:
    """Return the engine for a database URL.

    Raises
    ------
    StoreError
        When the URL names neither SQLite nor PostgreSQL.
    MissingDependencyError
        When the driver of PostgreSQL is not installed.
    """
    try:
        parsed = sa.make_url(url)
    except (ArgumentError, ValueError):
        raise StoreError(f"{str(url)!r} is no database URL; write for example sqlite:///skills.db") from None
    name = parsed.get_backend_name()
    if parsed.drivername not in {name, *_DRIVERS}:
        raise StoreError(f"{parsed.drivername!r} is no driver that the store knows; use sqlite:/// or {_DRIVERS[0]}://")
    if name == "sqlite":
        return _sqlite(parsed)
    if name == "postgresql":
        return _postgresql(parsed)
    raise StoreError(f"{name!r} is no database that the store knows; use sqlite:/// or postgresql+psycopg://")


def _sqlite(url: sa.URL) -> sa.Engine:
    """Return an engine that lets readers and one writer work at once, and opens transactions itself."""
    in_memory = url.database in {None, "", ":memory:"}
    pool: dict[str, Any] = {"poolclass": StaticPool} if in_memory else {}
    engine = sa.create_engine(url, connect_args={"check_same_thread": False, "timeout": LOCK_SECONDS}, **pool)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def exists(engine: sa.Engine) -> bool:
    """Return whether there is a database to look into, since SQLite makes one at the first look."""
    path = engine.url.database or ":memory:"
    is_file = engine.dialect.name == "sqlite" and path != ":memory:" and not path.startswith("file:")
    return not is_file or Path(path).exists()


def write_ahead(engine: sa.Engine) -> None:
    """Let readers of a SQLite file go on while something is written; the file remembers it.

    It is said when the tables are made, so that looking into a file of another program changes nothing.
    """
    if engine.dialect.name == "sqlite":
        connection = engine.raw_connection()
        try:
            connection.cursor().execute("PRAGMA journal_mode = WAL")
        finally:
            connection.close()


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Set up a new connection."""
    connection.isolation_level = None  # BEGIN is ours to say, see _begin_sqlite
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA cache_size = -{_CACHE_KIBIBYTES}")
    # What is forgotten shall be gone from the file too.
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    """Begin a transaction; a writer takes the lock at once, since two that upgrade would refuse each other."""
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql(url: sa.URL) -> sa.Engine:
    """Return an engine that speaks psycopg 3."""
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    try:
        engine = sa.create_engine(url)
    except ModuleNotFoundError:
        raise MissingDependencyError("psycopg", "postgres") from None
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_postgresql(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Set up a new connection."""
    cursor = connection.cursor()
    cursor.execute("SET TIME ZONE 'UTC'")
    # Our statements are many and short: compiling one takes longer than running it.
    cursor.execute("SET jit = off")
    cursor.close()
    connection.commit()


@contextmanager
def reading(engine: sa.Engine) -> Generator[sa.Connection]:
    """Give a connection that sees one state of the database, whatever others save meanwhile."""
    level = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with told(engine), engine.connect().execution_options(**level) as connection:
        yield connection


@contextmanager
def writing(engine: sa.Engine) -> Generator[sa.Connection]:
    """Give a connection whose changes are there together at the end, or not at all."""
    with told(engine), engine.connect().execution_options(**{_WRITES: True}) as connection, connection.begin():
        yield connection


@contextmanager
def told(engine: sa.Engine) -> Generator[None]:
    """Turn what the database itself refuses (no access, no space, no database at all) into an error of ours.

    Raises
    ------
    StoreError
        When the database cannot be opened, read or written; the statement, which may hold people's data, stays out.
    """
    driver = engine.dialect.loaded_dbapi
    try:
        yield
    except (DatabaseError, driver.Error) as error:  # of a statement by SQLAlchemy, and of a bulk insert by the driver
        cause = error.orig if isinstance(error, DatabaseError) else error
        if not _is_refusal(cause, driver):
            raise  # a statement of ours is wrong, or a row of ours
        url = engine.url.render_as_string(hide_password=True)
        reason = " ".join(str(cause).split())
        advice = "wait for whoever writes to it" if "locked" in reason else "check the URL, the rights and the disk"
        raise StoreError(f"{url!r}: {reason}; {advice}, then try again") from error


def _is_refusal(error: BaseException | None, driver: DBAPIModule) -> bool:
    """Return whether an error of a driver is about the database, not about what it was asked."""
    if isinstance(error, driver.OperationalError) or type(error) is driver.DatabaseError:
        return True
    return getattr(error, "sqlstate", "") in _REFUSALS


_REFUSALS = {"42501", "25006"}
"""What PostgreSQL says of missing rights and of a server that only reads, which psycopg takes for faulty statements."""


def one_of(connection: sa.Connection, column: sa.ColumnElement[str], values: Sequence[str]) -> sa.ColumnElement[bool]:
    """Return the condition that an indexed text column holds one of many values."""
    heads = sorted({value[:LONGEST_INDEXED] for value in values})
    return sa.and_(_among(connection, prefix(column), heads), _among(connection, column, values))


def _among(connection: sa.Connection, column: sa.ColumnElement[str], values: Sequence[str]) -> sa.ColumnElement[bool]:
    """Return the condition that a column holds one of many values, which travel as one parameter."""
    if connection.dialect.name == "postgresql":
        return column == sa.any_(sa.bindparam(None, list(values), type_=ARRAY(sa.Text())))
    listed = sa.func.json_each(json.dumps(list(values))).table_valued("value")
    return column.in_(sa.select(listed.c.value))


def with_ids(
    connection: sa.Connection,
    columns: Sequence[sa.Column[Any]],
    document: int,
    ids: Sequence[str],
    *conditions: sa.ColumnElement[bool],
) -> sa.Select[*tuple[Any, ...]]:
    """Return the query for the rows of a document that have one of many ids.

    Parameters
    ----------
    connection : Connection
        What the query is for.
    columns : sequence of Column
        What is asked for; their table has the columns ``document`` and ``id``, and an index of both.
    document : int
        The number of the document.
    ids : sequence of str
        The ids, each once.
    conditions : conditions
        What must hold besides.
    """
    table = columns[0].table
    query = sa.select(*columns).where(table.c.document == document, *conditions)
    if connection.dialect.name != "postgresql":
        return query.where(one_of(connection, table.c.id, ids))
    # PostgreSQL would rather read the whole document, and does so again for every batch of a stream: it looks each id
    # up by the index where it cannot do otherwise, as in a lateral subquery that OFFSET keeps from being dissolved.
    given = sa.bindparam(None, list(ids), type_=ARRAY(sa.Text()))
    wanted = sa.func.unnest(given).table_valued("id", name="wanted").render_derived()
    same = sa.and_(prefix(table.c.id) == prefix(wanted.c.id), table.c.id == wanted.c.id)
    found = query.where(same).correlate(wanted).offset(0).lateral("found")
    return sa.select(*found.c).select_from(wanted.join(found, sa.true()))


def insert(
    connection: sa.Connection,
    table: sa.Table,
    names: Sequence[str],
    rows: Iterable[tuple[Any, ...]],
    *,
    same: Mapping[str, int],
) -> None:
    """Insert many rows the way that the driver does best: COPY on PostgreSQL, one prepared statement on SQLite.

    Parameters
    ----------
    connection : Connection
        A connection inside a transaction.
    table : Table
        Where to.
    names : sequence of str
        The columns of which each row holds the values.
    rows : iterable of tuple
        The rows, in the form that `capgraph.store.fields` writes.
    same : mapping
        The columns that hold the same number in every row.
    """
    preparer = connection.dialect.identifier_preparer
    columns = ", ".join(map(preparer.quote, [*same, *names]))
    target = f"{preparer.format_table(table)} ({columns})"
    driver: Any = connection.connection.driver_connection
    first = tuple(same.values())
    if connection.dialect.name == "postgresql":
        with driver.cursor() as cursor, cursor.copy(f"COPY {target} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(first + row)
    else:
        places = ", ".join([*map(str, first), *("?" * len(names))])
        driver.executemany(f"INSERT INTO {target} VALUES ({places})", rows)  # noqa: S608 - our own names and numbers


def refresh_statistics(engine: sa.Engine, tables: Iterable[sa.Table], *, rows: int) -> None:
    """Let PostgreSQL look at tables that many rows were written to.

    It would do so by itself a minute later, and until then plan questions as if the tables were empty, which takes
    hours over a million people.  It waits for nobody: tables that somebody else is looking at are passed over.
    """
    if engine.dialect.name == "postgresql" and rows >= BATCH:
        names = ", ".join(map(engine.dialect.identifier_preparer.format_table, tables))
        with told(engine), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"ANALYZE (SKIP_LOCKED) {names}")
