"""The tables: what the migrations make, what other versions of the library wrote, and whether all holds together."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from capgraph import errors
from capgraph.model import Catalog, Framework, LearningAsset
from capgraph.store import Store, check, info, schema, upgrade
from capgraph.store.database import engine_of
from capgraph.store.tables import METADATA
from store.people import record, workforce

RELEASED = ("0001", "0002")
"""The versions that have been released, each with a fixture of what it wrote."""
DATA = Path(__file__).parent / "data"


def shape(engine: sa.Engine) -> dict[str, Any]:
    """Return the columns and the indexes of every table of ours."""
    own = sa.MetaData()
    own.reflect(engine, only=[*METADATA.tables])
    listed = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
        "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    }
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(listed[engine.dialect.name]).all()
    indexes = {name: text.replace('"', "") for name, text in rows if not name.startswith(schema.VERSION_TABLE)}
    columns = {
        (table.name, column.name): (str(column.type), column.nullable, column.primary_key)
        for table in own.tables.values()
        for column in table.columns
    }
    return {"columns": columns, "indexes": indexes}


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
def test_the_migrations_make_the_declared_tables(url: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    other = f"sqlite:///{tmp_path / 'declared.db'}"
    if url.startswith("postgresql"):
        other = request.getfixturevalue("server")(f"declared_{tmp_path.name}")
    migrated, declared = engine_of(url), engine_of(other)
    schema.upgrade_engine(migrated)
    METADATA.create_all(declared)
    assert shape(migrated) == shape(declared)
    migrated.dispose()
    declared.dispose()


def test_the_head_is_the_last_migration() -> None:
    scripts = ScriptDirectory(str(Path(schema.__file__).parent / "migrations"))
    assert scripts.get_current_head() == schema.HEAD
    assert [*RELEASED, schema.HEAD] == [script.revision for script in scripts.walk_revisions()][::-1]


def written_by(version: str, url: str) -> None:
    """Make a database as a version of the library wrote it."""
    engine = engine_of(url)
    schema.upgrade_engine(engine, version)
    tables = json.loads((DATA / f"schema-{version}.json").read_text(encoding="utf-8"))
    own = sa.MetaData()
    with engine.begin() as connection:
        own.reflect(connection, only=[*tables])
        for name, rows in tables.items():
            connection.execute(sa.insert(own.tables[name]), rows)
    engine.dispose()


OLD = [
    Framework(id="fw:old", version="1", capabilities=[{"id": "cap:a", "label": "A", "alternative_labels": ["x", "y"]}]),
    Catalog(
        id="cat:old",
        assets=[
            LearningAsset(
                id="asset:a",
                title="A",
                cost={"amount": "10.50", "currency": "EUR"},
                published="2025-02-01",
                mandatory=True,
                alignments=[{"target": "cap:a"}],
            )
        ],
    ),
    workforce(evidence=[record(1)]),
]
"""What the fixtures hold; the framework had another title before."""


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
@pytest.mark.parametrize("version", RELEASED)
def test_what_an_older_version_wrote_is_upgraded_with_its_data(url: str, version: str) -> None:
    written_by(version, url)
    with pytest.raises(errors.SchemaVersionError, match=rf"older capgraph \({version}.*capgraph db upgrade --db"):
        Store(url)
    assert upgrade(url) == (version, schema.HEAD)
    with Store(url) as store:
        assert [store.load(document.id) for document in OLD] == OLD
        assert store.load("fw:old", revision=1) == OLD[0].replace(title="Before")
        assert list(store.evidence(person="p:bo")) == [record(1)]
    assert check(url) == []
    assert upgrade(url) == (schema.HEAD, schema.HEAD)


def test_a_newer_version_is_refused(url: str) -> None:
    with Store(url) as store, store.engine.begin() as connection:
        connection.execute(sa.text("UPDATE capgraph_version SET version_num = '9999'"))
    for call in (Store, upgrade, info):
        with pytest.raises(errors.SchemaVersionError, match=r"newer capgraph .*; upgrade capgraph"):
            call(url)


def test_a_password_is_not_told() -> None:
    engine = engine_of("postgresql://amina:secret@localhost/skills")
    assert "secret" not in engine.url.render_as_string()
    assert engine.url.drivername == "postgresql+psycopg"


def test_info_counts_documents_revisions_and_rows(url: str) -> None:
    with Store(url) as store:
        store.save(workforce())
        store.save(workforce(evidence=[]))
    told = info(url)
    assert told.schema == schema.HEAD
    assert told.documents["workforce"] == 1
    assert told.documents["framework"] == 0
    assert told.revisions == 2
    assert told.rows["evidence"] == (2, 0)
    assert told.rows["person"] == (3, 3)


DAMAGES = [
    ("UPDATE document_key SET newest = 1", "'wf:all' names another revision as its newest"),
    ("DELETE FROM revision WHERE number = 1", "person_history has 3 rows that no revision of their document added"),
    ("UPDATE evidence_history SET ended = 99", "evidence_history has 2 rows that no revision of their document ended"),
    ("UPDATE evidence_history SET ended = 1", "evidence_history has 2 rows that end before they begin"),
    ("DELETE FROM member_key", "person_history has 3 rows of no member"),
    ("UPDATE person_history SET member = 3, ended = NULL", "rows that say twice what a person is now"),
    ("DELETE FROM document_key", "revision has 2 rows of no document"),
    ("UPDATE person_history SET id = 'none'", "'wf:all' cannot be loaded"),
    ("DELETE FROM team_history", "'wf:all' cannot be loaded"),
]


@pytest.mark.parametrize(("damage", "told"), DAMAGES)
def test_damage_is_found(url: str, damage: str, told: str) -> None:
    with Store(url) as store:
        store.save(workforce())
        store.save(workforce(title="New"))
        assert check(url) == []
        with store.engine.begin() as connection:
            connection.execute(sa.text(damage))
    assert any(told in str(issue) for issue in check(url))


def test_what_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "notes.db").write_text("these are notes, not tables " * 50, encoding="utf-8")
    with pytest.raises(errors.StoreError, match=r"notes\.db': file is not a database; check the URL") as told:
        Store(f"sqlite:///{tmp_path / 'notes.db'}")
    assert "sqlalche" not in str(told.value)
    for url in (f"sqlite:///{tmp_path}", f"sqlite:///{tmp_path / 'nowhere' / 'skills.db'}"):
        with pytest.raises(errors.StoreError, match="unable to open database file; check the URL"):
            Store(url)


def test_tables_of_another_program_are_told(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'other.db'}"
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE role (name TEXT)")
    engine.dispose()
    with pytest.raises(errors.StoreError, match=r"other\.db'"):
        Store(url)
    with pytest.raises(errors.NotStoredError, match="holds no documents"):
        info(url)


def test_making_tables_says_nothing_in_the_log_of_the_caller(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        Store("sqlite://").close()
        assert [record.getMessage() for record in caplog.records] == []
        logging.getLogger("alembic.runtime.migration").info("another migration")
        assert [record.getMessage() for record in caplog.records] == ["another migration"]
