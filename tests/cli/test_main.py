"""The command line: exit codes, messages, JSON, and where documents come from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import capgraph as cg
from capgraph import cli

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str, str]]

FRAMEWORK = cg.Framework(
    id="fw:x",
    scales=(
        cg.ProficiencyScale(
            id="scale:s", label="S", levels=tuple(cg.ProficiencyLevel(rank=rank, label=str(rank)) for rank in (1, 2))
        ),
    ),
    default_scale="scale:s",
    capabilities=(cg.Capability(id="cap:a", label="A"),),
    behaviors=(cg.Behavior(id="beh:a", capability="cap:a", level=2, statement="Does A."),),
    roles=(
        cg.RoleProfile(id="role:low", label="Low", requirements=(cg.Requirement(capability="cap:a", level=1),)),
        cg.RoleProfile(id="role:high", label="High", requirements=(cg.Requirement(capability="cap:a", level=2),)),
    ),
)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs a command and returns its exit code and what it printed."""
    monkeypatch.delenv("CAPGRAPH_DB", raising=False)
    monkeypatch.setenv("COLUMNS", "200")

    def _run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["capgraph", *map(str, arguments)])
        code = 0
        try:
            cli.main()
        except SystemExit as leaving:
            code = leaving.code if isinstance(leaving.code, int) else 0
        told = capsys.readouterr()
        return code, told.out, told.err

    return _run


@pytest.fixture
def file(tmp_path: Path) -> str:
    """Return the path of a framework file."""
    path = tmp_path / "framework.json"
    cg.write(FRAMEWORK, path)
    return str(path)


def test_help_and_version(run: Run) -> None:
    """Help lists the commands; the version is that of the distribution."""
    code, out, _ = run("--help")
    assert code == 0
    for command in ("tour", "gap", "learning-path", "duplicates", "coverage", "convert", "check", "schema"):
        assert command in out
    code, out, _ = run("--version")
    assert (code, out) == (0, f"capgraph {cg.__version__}\n")


def test_an_answer_is_a_table_or_json(run: Run, file: str) -> None:
    """The same rows for people and for programs."""
    code, out, _ = run("gap", "role:low", "role:high", "-f", file)
    assert code == 0
    assert "cap:a" in out
    code, out, _ = run("gap", "role:low", "role:high", "--json", "-f", file)
    assert code == 0
    told = json.loads(out)
    assert told["report"] == "gap"
    assert told["rows"][0]["capability"] == "cap:a"


def test_usage_errors_leave_with_two(run: Run, file: str) -> None:
    """What is missing or misspelled on the command line is said, without a traceback."""
    code, _, err = run("gap", "role:low", "role:high")
    assert code == 2
    assert "--db" in err
    code, _, err = run("gap", "role:low", "--as-of", "tomorrow", "-f", file)
    assert code == 2
    assert "2026-11-22" in err
    code, _, err = run("learning-path", "role:low", "role:high", "--objective", "zz", "-f", file)
    assert code == 2
    assert "zz" in err
    assert run("nonsense")[0] == 2
    assert run("gap")[0] == 2


def test_bad_input_leaves_with_three(run: Run, file: str, tmp_path: Path) -> None:
    """An unknown id suggests, a missing or broken file is named; no traceback."""
    code, _, err = run("gap", "role:lov", "role:high", "-f", file)
    assert code == 3
    assert "did you mean 'role:low'?" in err
    assert "Traceback" not in err
    code, _, err = run("gap", "role:low", "role:high", "-f", str(tmp_path / "no.json"))
    assert code == 3
    assert "no.json" in err
    broken = tmp_path / "broken.json"
    broken.write_text('{"capgraph": "1.0", "document": "framework", "id": 7}')
    code, _, err = run("check", str(broken))
    assert code == 3
    assert "broken.json" in err
    assert "Traceback" not in err


def test_our_own_fault_leaves_with_seventy(run: Run, file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error that nobody foresaw is said in two lines, and shown whole for those who ask."""
    monkeypatch.setattr("capgraph.analysis.check.check", lambda _: 1 / 0)
    code, _, err = run("check", file)
    assert code == 70
    assert "fault of capgraph itself: ZeroDivisionError" in err
    assert "CAPGRAPH_DEBUG" in err
    monkeypatch.setenv("CAPGRAPH_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        run("check", file)


def test_findings_leave_with_one(run: Run, file: str, tmp_path: Path) -> None:
    """`check` fails on errors and warnings; other commands only when asked."""
    assert run("check", file)[0] == 0
    doubtful = tmp_path / "doubtful.json"
    cg.write(FRAMEWORK.replace(roles=(*FRAMEWORK.roles, cg.RoleProfile(id="role:no", label="No"))), doubtful)
    code, out, _ = run("check", str(doubtful))
    assert code == 1
    assert "role-without-requirements" in out
    assert run("gap", "role:low", "role:high", "-f", file, "--fail-on-findings")[0] == 1


def test_convert_says_what_changed(run: Run, file: str, tmp_path: Path) -> None:
    """A document is written in another format; reading it back gives the same."""
    target = tmp_path / "framework.jsonl"
    code, out, _ = run("convert", file, str(target))
    assert code == 0
    assert "native" in out
    assert cg.read(target) == FRAMEWORK
    assert run("convert", file, str(tmp_path / "x.unknown"))[0] == 3


def test_schema_is_json(run: Run) -> None:
    """The schema of each kind of document is printed; an unknown kind is bad input."""
    code, out, _ = run("schema", "catalog")
    assert code == 0
    assert json.loads(out)["properties"]["document"]["const"] == "catalog"
    code, _, err = run("schema", "course")
    assert code == 3
    assert "catalog" in err


def test_a_database_is_read(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The option and the variable name the database."""
    url = f"sqlite:///{tmp_path / 'skills.db'}"
    with cg.Store(url) as store:
        store.save(FRAMEWORK)
    code, out, _ = run("gap", "role:low", "role:high", "--db", url)
    assert code == 0
    assert "cap:a" in out
    monkeypatch.setenv("CAPGRAPH_DB", url)
    assert run("coverage", "--json")[0] == 0


def test_the_tour_runs_twice_over_its_own_database(run: Run, tmp_path: Path) -> None:
    """The main job, end to end; a second run finds what the first has left."""
    folder = tmp_path / "tour"
    assert run("tour", "--to", str(folder))[0] == 0
    code, out, err = run("tour", "--to", str(folder))
    assert code == 0, err
    for heading in ("1. The company", "3. What person:amina lacks", "6. The same content twice"):
        assert heading in out
    assert {path.name for path in folder.iterdir()} >= {
        "skills.db",
        "gap.json",
        "learning-path.json",
        "duplicates.json",
    }
    assert json.loads((folder / "learning-path.json").read_text(encoding="utf-8"))["summary"]["optimal"] is True
