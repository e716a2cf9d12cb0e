"""The commands that import."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from typer.testing import CliRunner

from capgraph.cli import app

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "Course ID,Course Title,Duration (h)\n"


def _run(*arguments: str) -> str:
    found = CliRunner().invoke(app, ["import", *arguments])
    assert found.exit_code == 0, found.output
    return found.stdout


def test_a_catalog_goes_into_the_database_once(tmp_path: Path) -> None:
    source, database = tmp_path / "courses.csv", f"sqlite:///{tmp_path / 'a.db'}"
    source.write_text(HEAD + "A-1,One,1\n,No id,1\n", "utf-8")
    planned = _run("catalog", str(source), "--db", database, "--dry-run", "--json")
    assert json.loads(planned)["summary"]["applied"] is False
    first = json.loads(_run("catalog", str(source), "--db", database, "--rejected", str(tmp_path / "fix"), "--json"))
    assert first["summary"]["added"] == first["summary"]["rejected"] == 1
    assert (tmp_path / "fix" / "rejected.csv").is_file()
    again = _run("catalog", str(source), "--db", database)
    assert "unchanged 1" in " ".join(again.split())
    assert "missing-id" in "".join(again.split())


def test_a_guess_is_written_down_and_used(tmp_path: Path) -> None:
    source, profile = tmp_path / "courses.csv", tmp_path / "mine.toml"
    source.write_text(HEAD + "A-1,One,1\n", "utf-8")
    assert "Duration (h)" in " ".join(_run("sniff", str(source), "--profile", str(profile)).split())
    found = json.loads(_run("catalog", str(source), "--profile", str(profile), "--json"))
    assert found["summary"]["added"] == 1


def test_people_evidence_and_completions_follow_one_another(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'a.db'}"
    people, matrix, done = (tmp_path / name for name in ("people.csv", "matrix.csv", "done.csv"))
    people.write_text("Person ID,Team ID\nP1,T1\nP2,T1\n", "utf-8")
    matrix.write_text("Person ID,SQL,Statistics\nP1,3,1\nP2,2,\n", "utf-8")
    done.write_text("User ID,Course ID,Status,Completed on\nP1,A-1,Completed,2026-03-01\n", "utf-8")
    courses = tmp_path / "courses.csv"
    courses.write_text(HEAD + "A-1,One,1\n", "utf-8")
    _run("catalog", str(courses), "--db", database)
    _run("people", str(people), "--db", database)
    rated = json.loads(_run("evidence", str(matrix), "--db", database, "--date", "2026-03-01", "--json"))
    completed = json.loads(_run("completions", str(done), "--db", database, "--json"))
    again = json.loads(_run("completions", str(done), "--db", database, "--json"))
    assert rated["summary"]["added"] == 3
    assert completed["summary"]["added"] == 1
    assert again["summary"]["unchanged"] == 1


def test_an_import_of_nothing_fails(tmp_path: Path) -> None:
    """A table without the columns that the import needs is bad input, not a success."""
    (tmp_path / "other.csv").write_text("x,y\n1,2\n", encoding="utf-8")
    done = CliRunner().invoke(app, ["import", "people", str(tmp_path / "other.csv")])
    assert done.exit_code == 3
    assert "nothing was read" in done.stderr
