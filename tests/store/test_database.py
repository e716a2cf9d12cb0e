"""What the database itself refuses is told in words, without the statement, which may hold people's data."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from capgraph import errors
from capgraph.model import Framework
from capgraph.store import Store, database, info, upgrade
from store.people import record, workforce

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_a_full_disk_leaves_the_state_before_and_is_told(tmp_path: Path) -> None:
    with Store(f"sqlite:///{tmp_path / 'small.db'}") as store:
        store.save(workforce())

        @sa.event.listens_for(store.engine, "begin")
        def limit(connection: sa.Connection) -> None:
            connection.exec_driver_sql("PRAGMA max_page_count = 1")  # of which SQLite makes: no more than there are

        with pytest.raises(errors.StoreError, match=r"small\.db': database or disk is full; check the URL") as told:
            store.append(record(number) for number in range(10, 20_000))
        assert "INSERT" not in str(told.value)
        assert [one.id for one in store.evidence()] == ["ev:1", "ev:2"]
        assert len(store.history("wf:all")) == 1


def test_who_waits_in_vain_is_told_whom_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "LOCK_SECONDS", 0.05)
    with Store(f"sqlite:///{tmp_path / 'busy.db'}") as store:
        store.save(Framework(id="fw:a"))
        other = sqlite3.connect(tmp_path / "busy.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(errors.StoreError, match="database is locked; wait for whoever writes to it"):
            store.save(Framework(id="fw:a", title="New"))
        assert store.load("fw:a") == Framework(id="fw:a")
        other.close()
        assert store.save(Framework(id="fw:a", title="New")).changed == 1


@pytest.mark.postgres
def test_missing_rights_are_told_on_postgresql(server: Callable[[str], str]) -> None:
    url = sa.make_url(server("rights"))
    guest, reader = url.set(username="guest"), url.set(username="reader")
    with Store(url) as store, store.engine.begin() as connection:
        connection.exec_driver_sql("CREATE ROLE guest LOGIN; CREATE ROLE reader LOGIN")
        connection.exec_driver_sql("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
    for call in (Store, upgrade, info):
        with pytest.raises(errors.StoreError, match="permission denied for table capgraph_version; check the URL"):
            call(guest)
    assert info(reader).revisions == 0
    with Store(reader) as store:
        with pytest.raises(errors.StoreError, match="permission denied for table document_key") as told:
            store.save(Framework(id="fw:a"))
        assert "SELECT" not in str(told.value)


@pytest.mark.postgres
def test_a_server_that_only_reads_is_told(server: Callable[[str], str]) -> None:
    url = server("standby")
    with Store(url) as store:
        store.save(Framework(id="fw:a"))
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ALTER DATABASE standby SET default_transaction_read_only = on")
    with Store(url) as store:
        assert store.load("fw:a") == Framework(id="fw:a")
        with pytest.raises(errors.StoreError, match="in a read-only transaction; check the URL, the rights"):
            store.save(Framework(id="fw:a", title="New"))


@pytest.mark.postgres
def test_a_fault_of_ours_is_not_blamed_on_the_database(server: Callable[[str], str]) -> None:
    with Store(server("faults")) as store, pytest.raises(sa.exc.ProgrammingError):  # noqa: SIM117 - one thing at a time
        with database.writing(store.engine) as connection:
            connection.exec_driver_sql("SELECT nothing FROM document_key")
