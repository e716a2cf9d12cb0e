"""The commands about teams and about any number of people."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import openpyxl
import polars as pl
import pytest
from typer.testing import CliRunner

import capgraph as cg
from capgraph import cli

if TYPE_CHECKING:
    from pathlib import Path

TODAY = "2026-03-01"


@pytest.fixture
def tables(tmp_path: Path) -> list[str]:
    """Return the options that name three tables."""
    people = pl.DataFrame({"person": [f"p{n}" for n in range(8)], "role": ["r"] * 8, "team": ["=a"] * 6 + ["b"] * 2})
    people.write_parquet(tmp_path / "people.parquet")
    pl.DataFrame({"role": ["r"], "capability": ["c"], "level": [2]}).write_csv(tmp_path / "needs.csv")
    shown = {"person": ["p0", "p1"], "capability": ["c", "c"], "kind": ["test", "self"], "level": [2, 1]}
    pl.DataFrame({**shown, "date": [dt.date(2026, 1, 1)] * 2}).write_csv(tmp_path / "evidence.csv")
    names = {"people": "people.parquet", "requirements": "needs.csv", "evidence": "evidence.csv"}
    return [part for name, file in names.items() for part in (f"--{name}", str(tmp_path / file))]


def _run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.delenv("CAPGRAPH_DB", raising=False)
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.setattr("sys.argv", ["capgraph", *arguments])
    try:
        cli.main()
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else 0
    return 0


def test_groups_as_a_table_and_as_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tables: list[str]
) -> None:
    options = ["workforce-gap", *tables, "--by", "team", "--as-of", TODAY]
    assert _run(monkeypatch, *options) == 0
    assert "assessed share" in capsys.readouterr().out
    assert _run(monkeypatch, *options, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert [(row["team"], row["met"], row["suppressed"]) for row in found] == [("=a", 1, False), ("b", None, True)]


@pytest.mark.parametrize("shape", [("--by", "team"), ("--each",)])
def test_a_policy_that_leaves_everything_out_is_told(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    tables: list[str],
    shape: tuple[str, ...],
) -> None:
    policy = tmp_path / "policy.json"
    for excluded, is_told in ((["self"], False), (["self", "test"], True)):
        policy.write_text(json.dumps({"excluded": excluded}), encoding="utf-8")
        assert _run(monkeypatch, "workforce-gap", *tables, *shape, "--as-of", TODAY, "--policy", str(policy)) == 0
        assert ("no record about what is required counts" in capsys.readouterr().out) is is_told


def test_files_are_written_without_formulas(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tables: list[str]) -> None:
    options = ["workforce-gap", *tables, "--each", "--as-of", TODAY, "--output"]
    for name in ("out.csv", "out.xlsx", "out.parquet", "out.json"):
        assert _run(monkeypatch, *options, str(tmp_path / name)) == 0
    assert "'=a" in (tmp_path / "out.csv").read_text(encoding="utf-8")
    cells = [cell for row in openpyxl.load_workbook(tmp_path / "out.xlsx")["Gaps"].iter_rows() for cell in row]
    assert "=a" in {cell.value for cell in cells}
    assert "f" not in {cell.data_type for cell in cells}
    assert pl.read_parquet(tmp_path / "out.parquet").height == len(json.loads((tmp_path / "out.json").read_text())) == 8


def test_wrong_input_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, tables: list[str]
) -> None:
    assert _run(monkeypatch, "workforce-gap") == 2
    assert _run(monkeypatch, "workforce-gap", *tables, "--by", "site") == 3
    assert "'site' is no column of people" in capsys.readouterr().err
    assert _run(monkeypatch, "workforce-gap", *tables, "--output", str(tmp_path / "out.doc")) == 3
    assert "'.doc' is no kind of table" in capsys.readouterr().err


@pytest.mark.parametrize(
    "wrong",
    [
        ("--people", "empty.csv", b"", "it is empty"),
        ("--people", "no.parquet", b"hello", "it holds no table"),
        ("--people", "narrow.csv", b"person\np1\n", "'role' is no column of people"),
        ("--requirements", "texts.csv", b"role,capability,level\nr,c,high\n", "'level' of requirements holds texts"),
        ("--evidence", "days.csv", b"person,capability,kind,date\np1,c,test,1/2/2026\n", "1/2/2026"),
        ("--evidence", "numbers.csv", b"person,capability,kind,date\np1,c,test,20260101\n", "holds numbers"),
        ("--policy", "policy.json", b"{no", "not readable as an evidence policy"),
        ("--policy", "policy.json", b'{"excluded": ["zelf"]}', "not 'zelf' (excluded[0])"),
        ("--people", "nowhere.csv", None, "nowhere.csv"),
    ],
)
def test_files_that_hold_something_else_are_told_in_a_line(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    tables: list[str],
    wrong: tuple[str, str, bytes | None, str],
) -> None:
    option, name, content, told = wrong
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    assert _run(monkeypatch, "workforce-gap", *tables, option, str(path)) == 3
    assert told in capsys.readouterr().err


def test_documents_are_tables_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    paths = [tmp_path / "framework.json", tmp_path / "workforce.json"]
    for path, document in zip(paths, (cg.sample().framework, cg.sample().workforce), strict=True):
        cg.write(document, path)
    policy = tmp_path / "policy.json"
    policy.write_text('{"inference": ["broader"]}', encoding="utf-8")
    options = [part for path in paths for part in ("--file", str(path))]
    options += ["--as-of", TODAY, "--policy", str(policy), "--json"]
    assert _run(monkeypatch, "workforce-gap", *options) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert found["people"] == len({person.id for person in cg.sample().workforce.people if person.roles})


@pytest.mark.parametrize("stated", ["{}", '{"inference": ["broader"], "excluded": ["self"], "completions": true}'])
def test_a_database_answers_as_the_object_path_does(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, stated: str
) -> None:
    sample, url, policy = cg.sample(), f"sqlite:///{tmp_path / 'skills.db'}", tmp_path / "policy.json"
    policy.write_text(stated, encoding="utf-8")
    with cg.Store(url) as store:
        for document in (sample.framework, *sample.catalogs, sample.workforce):
            store.save(document)
    options = ["workforce-gap", "--db", url, "--as-of", TODAY, "--policy", str(policy), "--each", "--json"]
    assert _run(monkeypatch, *options) == 0
    found = {(row["person"], row["role"], row["capability"]): row for row in json.loads(capsys.readouterr().out)}
    graph, as_of = cg.CapabilityGraph(sample.framework, *sample.catalogs, sample.workforce), dt.date(2026, 3, 1)
    counted = cg.EvidencePolicy.model_validate_json(stated)
    people = {person for person, _, _ in found}
    for person, role in {(person, role) for person, role, _ in found}:
        for row in cg.gap(graph, person, role, policy=counted, as_of=as_of):
            told = found.pop((person, role, row.capability))
            assert (told["status"], told["attained"], told["self_level"], told["inferred"]) == (
                row.status,
                row.attained,
                row.self_level,
                row.inferred,
            )
    assert people
    assert not found


def test_tables_go_together_with_documents(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    framework, evidence = tmp_path / "framework.json", tmp_path / "evidence.csv"
    cg.write(cg.sample().framework, framework)
    role = next(role for role in cg.sample().framework.roles if role.requirements)
    capability = role.requirements[0].capability
    people = tmp_path / "people.csv"
    people.write_text(f"person,role\np1,{role.id}\n", encoding="utf-8")
    options = ["workforce-gap", "--file", str(framework), "--people", str(people), "--evidence", str(evidence)]
    options += ["--as-of", TODAY, "--each", "--json"]
    for level, code, told in ((1, 0, ""), (99, 3, "levels are stated off that: 99")):
        rows = f"person,capability,kind,date,level\np1,{capability},test,2026-01-01,{level}\n"
        evidence.write_text(rows, encoding="utf-8")
        assert _run(monkeypatch, *options) == code
        assert told in capsys.readouterr().err


def test_a_team_with_its_workbook_and_a_policy(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    paths = [tmp_path / "framework.json", tmp_path / "workforce.json"]
    for path, document in zip(paths, (cg.sample().framework, cg.sample().workforce), strict=True):
        cg.write(document, path)
    policy = tmp_path / "policy.json"
    policy.write_text('{"excluded": ["self"]}', encoding="utf-8")
    options = [part for path in paths for part in ("--file", str(path))]
    options += ["--as-of", TODAY, "--policy", str(policy), "--without", "person:gunnar", "--json"]
    book = tmp_path / "matrix.xlsx"
    assert _run(monkeypatch, "team-gap", "team:control-room", *options, "--xlsx", str(book)) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["summary"]["without"] == ["person:gunnar"]
    assert openpyxl.load_workbook(book).sheetnames == ["Matrix", "Gaps", "Legend"]


def test_labels_stand_for_minted_ids_and_empty_columns_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The table is for people; JSON keeps the ids."""
    role, skill = (f"urn:uuid:{digit}5b28235-13f5-5a0d-8a73-63f5d58527ba" for digit in "ab")
    required = {"id": role, "label": "Prüfer", "requirements": [{"capability": skill}]}
    cg.write(
        cg.Framework(id="fw:f", capabilities=[{"id": skill, "label": "Normen"}], roles=[required]),
        tmp_path / "framework.json",
    )
    cg.write(cg.Workforce(id="wf:w", people=[{"id": "person:p", "roles": [role]}]), tmp_path / "people.json")
    monkeypatch.delenv("CAPGRAPH_DB", raising=False)
    monkeypatch.setenv("COLUMNS", "300")
    asked = ["workforce-gap", "--each"]
    for name in ("framework", "people"):
        asked += ["--file", str(tmp_path / f"{name}.json")]
    told = CliRunner().invoke(cli.app, asked).output
    assert {"Prüfer", "Normen", "unassessed"} <= set(told.split())
    assert "urn:uuid" not in told
    assert "site" not in told.split()
    assert json.loads(CliRunner().invoke(cli.app, [*asked, "--json"]).output)[0]["role"] == role
