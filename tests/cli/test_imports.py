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


def test_an_import_in_which_every_row_is_rejected_fails(tmp_path: Path) -> None:
    (tmp_path / "courses.csv").write_text(HEAD + ",One,1\n,Two,1\n", encoding="utf-8")
    database = tmp_path / "a.db"
    done = CliRunner().invoke(
        app, ["import", "catalog", str(tmp_path / "courses.csv"), "--db", f"sqlite:///{database}"]
    )
    assert done.exit_code == 3
    assert "nothing was imported" in done.stderr
    assert "applied yes" not in " ".join(done.stdout.split())


def test_a_dry_run_makes_no_database(tmp_path: Path) -> None:
    (tmp_path / "done.csv").write_text("User ID,Course ID,Status,Completed on\nP1,A-1,Completed,2026-03-01\n", "utf-8")
    database = tmp_path / "a.db"
    _run("completions", str(tmp_path / "done.csv"), "--db", f"sqlite:///{database}", "--dry-run")
    assert not database.exists()


def test_sniffing_shows_no_data_of_people(tmp_path: Path) -> None:
    path, profile = tmp_path / "people.csv", tmp_path / "mine.toml"
    path.write_text("Employee ID,Full name,Email,Department\n71,Maria Invented,m@example.com,Sales\n", "utf-8")
    shown = json.loads(_run("sniff", str(path), "--json", "--profile", str(profile))[: -len(f"written: {profile}\n")])
    assert "Maria" not in str(shown)
    assert "example.com" not in str(shown)
    assert {row["column"]: row["field"] for row in shown["rows"]}["Employee ID"] == "person"
    assert 'person = ["Employee ID"]' in profile.read_text("utf-8")
    mixed = tmp_path / "teams.csv"
    mixed.write_text("First name,Last name,Title,Email\nMaria,Invented,Analyst of data,m@example.com\n", "utf-8")
    assert "Maria" not in _run("sniff", str(mixed), "--json")
