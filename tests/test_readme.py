"""The README does what it says: its library block and its command-line block run as they stand."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

README = (Path(__file__).resolve().parent.parent / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def block(language: str, word: str) -> str:
    """Return the block of a language that holds a word."""
    return next(str(text) for found, text in BLOCKS if found == language and word in text)


def test_the_first_line_says_what_it_is_about() -> None:
    """Somebody who looks for athletes' or agents' skills sees at once that this is another thing."""
    assert "workforce skills and capability frameworks" in README.splitlines()[0]


def test_the_two_commands_are_there() -> None:
    """One command installs and shows the main job, one installs and passes the tests."""
    assert "pip install . && capgraph tour\n" in block("console", "capgraph tour")
    assert block("console", "pytest") == 'pip install -e ".[test]" && pytest\n'


def test_the_library_block_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The block runs in an empty folder, and prints a gap and a proven plan."""
    monkeypatch.chdir(tmp_path)
    exec(compile(block("python", "import capgraph"), "README.md", "exec"), {})  # noqa: S102 - the README is ours
    told = capsys.readouterr().out
    assert "cap:data-pipelines" in told
    assert "True" in told
    assert (tmp_path / "skills.db").is_file()
    assert (tmp_path / "framework.json").is_file()


@pytest.mark.slow
def test_the_command_line_block_runs(tmp_path: Path) -> None:
    """The block runs as a shell script in an empty folder."""
    scripts = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"}
    script = "set -e\n" + block("console", "capgraph gap")
    done = subprocess.run(
        ["/bin/sh", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "cap:data-pipelines" in done.stdout
    assert (tmp_path / "coverage.json").read_text(encoding="utf-8").startswith("{")
    assert (tmp_path / "tour" / "gap.json").is_file()
