"""The whole way from spreadsheets to a plan, as the how-to page tells it."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from typer.testing import CliRunner

from capgraph.cli import app

if TYPE_CHECKING:
    import pytest

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "start-with-spreadsheets.md"


def test_the_page_leads_from_spreadsheets_to_a_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command of the page works on the files of the page, and what was accepted is planned with."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CAPGRAPH_DB", "sqlite:///skills.db")
    text = PAGE.read_text("utf-8")
    for name, content in re.findall(r"`(\w+\.csv)`[^`]*```text\n(.*?)```", text, flags=re.DOTALL):
        Path(name).write_text(content, encoding="utf-8")
    commands = [
        line for block in re.findall(r"```console\n(.*?)```", text, flags=re.DOTALL) for line in block.splitlines()
    ]
    told = {}
    for command in commands:
        program, *arguments = shlex.split(command)
        if program == "capgraph":
            result = CliRunner().invoke(app, arguments, input="a\n" * 20, env={"COLUMNS": "160"})
            assert result.exit_code == 0, (command, result.output)
            told[" ".join(arguments[:2])] = result.output
    assert re.search(r"Audit +1 +0 +1 +below", told["gap P1"])
    assert re.search(r"Hygiene +2 +1 +1 +below", told["gap P1"])
    assert "Hygiene basics 2025 (NEW!)" in told["duplicates"]
    assert "decisions made" in told["review decisions.json"]
    assert re.search(r"1 +How to audit a line", told["learning-path P1"])
    assert "open: Hygiene 2: no asset teaches Hygiene at level 2" in told["learning-path P1"]
