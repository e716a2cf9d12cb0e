"""The version of the tables: made where there are none, checked on opening, upgraded on demand."""

from __future__ import annotations

import contextlib
import logging
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from capgraph.errors import NotStoredError, SchemaVersionError
from capgraph.store import views
from capgraph.store.database import engine_of, exists, told, write_ahead, writing

if TYPE_CHECKING:
    from collections.abc import Generator

    from alembic.config import Config

HEAD = "0003"
"""The migration that leads to the tables of this version of the library."""
VERSION_TABLE = "capgraph_version"
_LOCK = 0x6361_7067
"""The advisory lock under which PostgreSQL's tables are made: the first letters of our name."""
_TALKATIVE = ("alembic.runtime.migration", "alembic.runtime.plugins")
_MIGRATING: ContextVar[bool] = ContextVar("_MIGRATING", default=False)


def prepare(engine: sa.Engine) -> None:
    """Make the tables of an empty database, and refuse those of another version.

    Raises
    ------
    SchemaVersionError
        When the tables are those of another version; the message names the command that upgrades them.
    """
    found = version(engine)
    if found is None:
        with told(engine):
            write_ahead(engine)
        upgrade_engine(engine)
    elif found != HEAD:
        url = engine.url.render_as_string(hide_password=True)
        if found > HEAD:
            raise SchemaVersionError(
                f"{url!r} has the tables of a newer capgraph ({found}, this one knows {HEAD}); upgrade capgraph"
            )
        raise SchemaVersionError(
            f"{url!r} has the tables of an older capgraph ({found}, this one needs {HEAD}); "
            f"back it up and run: capgraph db upgrade --db {url}"
        )


def require(engine: sa.Engine) -> None:
    """Refuse a database that has no tables of ours, or those of another version.

    Raises
    ------
    NotStoredError
        When it has no tables of ours.
    SchemaVersionError
        When they are those of another version.
    """
    if not exists(engine) or version(engine) is None:
        url = engine.url.render_as_string(hide_password=True)
        raise NotStoredError(f"{url!r} holds no documents; check the URL, or save a document first")
    prepare(engine)


def version(engine: sa.Engine) -> str | None:
    """Return the migration that a database is at, or None where it has no tables of ours."""
    with told(engine), engine.connect() as connection:
        if not sa.inspect(connection).has_table(VERSION_TABLE):
            return None
        found = connection.execute(sa.text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar_one_or_none()  # noqa: S608 - our own table
    return None if found is None else str(found)


def upgrade_engine(engine: sa.Engine, target: str = "head") -> None:
    """Run the migrations that lead to a version, all or none of them."""
    with writing(engine) as connection, _quietly():
        from alembic import command

        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        command.upgrade(_configuration(connection), target)
        if target == "head":
            views.make(connection)


def upgrade(url: str | sa.URL) -> tuple[str | None, str]:
    """Lead a database to the tables of this version of the library, with all its data, and return both versions.

    Raises
    ------
    SchemaVersionError
        When the tables are those of a newer version.
    """
    engine = engine_of(url)
    try:
        before = version(engine)
        if before is not None and before > HEAD:
            prepare(engine)
        with told(engine):
            write_ahead(engine)
        upgrade_engine(engine)
        return before, HEAD
    finally:
        engine.dispose()


@contextlib.contextmanager
def _quietly() -> Generator[None]:
    """Keep what Alembic tells of each of its steps out of the caller's log, in this context alone."""
    for name in _TALKATIVE:
        logging.getLogger(name).addFilter(_is_told)
    token = _MIGRATING.set(True)
    try:
        yield
    finally:
        _MIGRATING.reset(token)


def _is_told(record: logging.LogRecord) -> bool:
    """Return whether a record of Alembic's is logged: all but those about our own migrations that are no warnings."""
    return record.levelno >= logging.WARNING or not _MIGRATING.get()


def _configuration(connection: sa.Connection) -> Config:
    """Return what Alembic needs to know."""
    from alembic.config import Config

    configuration = Config(attributes={"connection": connection})
    configuration.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    configuration.set_main_option("path_separator", "os")
    return configuration
