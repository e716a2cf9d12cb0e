"""The commands ``db …``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from capgraph import errors
from capgraph.cli import app
from capgraph.files import read, write
from capgraph.model import Capability, Framework
from capgraph.store import Store, schema
from capgraph.store.database import engine_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Return the URL of a database with one framework in two states."""
    made = f"sqlite:///{tmp_path / 'skills.db'}"
    with Store(made) as store:
        store.save(Framework(id="fw:a", capabilities=[Capability(id="cap:a", label="A")]), author="amina")
        store.save(Framework(id="fw:a"), message="empty again")
    return made


def test_info_says_what_a_database_holds(url: str) -> None:
    told = CliRunner().invoke(app, ["db", "info", "--db", url])
    assert told.exit_code == 0, told.output
    assert "2 revisions" in told.output
    assert "documents: 1 framework" in told.output
    assert "capability: 0 rows now, 1 ever" in told.output
    answer = json.loads(CliRunner().invoke(app, ["db", "info", "--json"], env={"CAPGRAPH_DB": url}).output)
    assert answer["documents"]["framework"] == 1


def test_history_lists_revisions(url: str) -> None:
    told = CliRunner().invoke(app, ["db", "history", "fw:a", "--db", url])
    assert [line.split()[0] for line in told.output.splitlines()] == ["2", "1"]
    assert "empty again" in told.output
    answer = json.loads(CliRunner().invoke(app, ["db", "history", "fw:a", "--db", url, "--json"]).output)
    assert [(one["added"], one["ended"]) for one in answer] == [(0, 1), (2, 0)]


def test_documents_go_in_and_come_out_as_they_were(tmp_path: Path) -> None:
    """Files are saved as revisions, and any state of them is written again."""
    url, source, target = f"sqlite:///{tmp_path / 'new.db'}", tmp_path / "f.json", tmp_path / "back.json"
    first = Framework(id="fw:a", capabilities=[Capability(id="cap:a", label="A")])
    save = ["db", "save", str(source), "--db", url, "--author", "amina"]
    write(first, source)
    assert CliRunner().invoke(app, save).output == "fw:a: revision 1, +2 ~0 -0\n"
    write(Framework(id="fw:a"), source)
    assert CliRunner().invoke(app, save).output == "fw:a: revision 2, +0 ~0 -1\n"
    back = CliRunner().invoke(app, ["db", "load", "fw:a", str(target), "--db", url, "--revision", "1"])
    assert back.output == f"fw:a written to {target} (native)\n"
    assert read(target) == first
    write(first, source)
    stale = CliRunner().invoke(app, [*save, "--base", "1"])
    assert isinstance(stale.exception, errors.StaleRevisionError)


def test_documents_are_listed_and_written_in_any_format(url: str, tmp_path: Path) -> None:
    """The list names what the other commands ask for; what a format cannot hold is told, without a warning."""
    told = CliRunner().invoke(app, ["db", "list", "--db", url])
    assert told.output.startswith("framework  fw:a  revision 2, ")
    (one,) = json.loads(CliRunner().invoke(app, ["db", "list", "--db", url, "--json"]).output)
    assert (one["kind"], one["id"], one["last"]["message"]) == ("framework", "fw:a", "empty again")
    assert CliRunner().invoke(app, ["db", "list", "--db", url, "--kind", "catalog"]).output == "no documents\n"
    wrong = CliRunner().invoke(app, ["db", "list", "--db", url, "--kind", "framewrk"])
    assert isinstance(wrong.exception, errors.ArgumentError)
    target = tmp_path / "a.json"
    load = ["db", "load", "fw:a", str(target), "--db", url, "--to", "case", "--revision", "1"]
    written = CliRunner().invoke(app, load)
    assert written.output.startswith(f"fw:a written to {target} (case)\n")
    assert "CFItems" in target.read_text(encoding="utf-8")
    near = CliRunner().invoke(app, ["db", "load", "fw:aa", str(target), "--db", url])
    assert "did you mean 'fw:a'?" in str(near.exception)


def test_check_leaves_with_one_where_something_is_wrong(url: str) -> None:
    fine = CliRunner().invoke(app, ["db", "check", "--db", url])
    assert (fine.exit_code, fine.output) == (0, "nothing is wrong\n")
    with Store(url) as store, store.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM member_key"))
    found = CliRunner().invoke(app, ["db", "check", "--db", url])
    assert found.exit_code == 1
    assert "of no member" in found.output


def test_upgrade_leads_to_the_newest_tables(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    engine = engine_of(url)
    schema.upgrade_engine(engine, "0001")
    engine.dispose()
    told = CliRunner().invoke(app, ["db", "upgrade", "--db", url])
    assert told.output == f"upgraded from 0001 to {schema.HEAD}\n"
    again = CliRunner().invoke(app, ["db", "upgrade", "--db", url])
    assert "already" in again.output


def test_a_database_that_is_not_there_is_told(tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["db", "info", "--db", f"sqlite:///{tmp_path / 'none.db'}"])
    assert isinstance(told.exception, errors.NotStoredError)
    assert "holds no documents" in str(told.exception)


def test_a_question_makes_no_database(tmp_path: Path) -> None:
    missing, other = tmp_path / "typo.db", tmp_path / "other.db"
    engine = sa.create_engine(f"sqlite:///{other}")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE theirs (name TEXT)")
    engine.dispose()
    for path in (missing, other):
        for command in (["gap", "person:a", "role:a"], ["coverage"], ["check"], ["db", "history", "fw:a"]):
            told = CliRunner().invoke(app, [*command, "--db", f"sqlite:///{path}"])
            assert isinstance(told.exception, errors.NotStoredError)
    assert not missing.exists()
    with sa.create_engine(f"sqlite:///{other}").connect() as connection:
        assert sa.inspect(connection).get_table_names() == ["theirs"]


def test_retired_documents_are_listed_where_they_are_asked_for(url: str, tmp_path: Path) -> None:
    """What was retired is found again, and its earlier revisions are written."""
    with Store(url) as store:
        store.save(Framework(id="fw:b"))
        store.retire("fw:a")
        assert (store.documents(), store.documents("framework", retired=True)) == (["fw:b"], ["fw:a"])
        assert store.documents("catalog", retired=True) == []
    listed = CliRunner().invoke(app, ["db", "list", "--retired", "--db", url]).output
    assert listed.startswith("framework  fw:a  revision 4, ")
    assert "fw:a" not in CliRunner().invoke(app, ["db", "list", "--db", url]).output
    back = CliRunner().invoke(app, ["db", "load", "fw:a", str(tmp_path / "a.json"), "--revision", "1", "--db", url])
    assert back.exit_code == 0, back.output
    with Store(url) as store:
        store.save(Framework(id="fw:a"), base=4)
    assert CliRunner().invoke(app, ["db", "list", "--retired", "--db", url]).output == "no retired documents\n"
