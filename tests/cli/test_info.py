"""The command ``info``: what a file is, what it holds, and what is wrong in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from typer.testing import CliRunner

from capgraph.cli import app

if TYPE_CHECKING:
    from pathlib import Path

TABLE = "id,name,parent\nA,Data,\nB,SQL,A\nC,Lost,Z\n"


def test_says_format_counts_and_problems(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TABLE, encoding="utf-8")
    told = CliRunner().invoke(app, ["info", str(tmp_path / "a.csv"), "--json"])
    assert told.exit_code == 0, told.output
    answer = json.loads(told.output)
    assert answer["format"] == "framework-table"
    assert answer["because"] == "has the columns of the layout parents"
    assert answer["capabilities"] == 3
    assert len(answer["problems"]) == 1


def test_prints_the_same_for_people(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TABLE, encoding="utf-8")
    told = CliRunner().invoke(app, ["info", str(tmp_path / "a.csv"), "--from", "framework-table"])
    assert told.exit_code == 0, told.output
    assert "capabilities 3" in " ".join(told.output.split())
    assert "problem: " in told.output
