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


def test_options_reach_the_reader(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TABLE, encoding="utf-8")
    file = str(tmp_path / "a.csv")
    told = CliRunner().invoke(app, ["info", file, "--option", "id=fw:own", "-o", "levels=Low,High", "--json"])
    assert told.exit_code == 0, told.output
    assert json.loads(told.output)["id"] == "fw:own"
    assert CliRunner().invoke(app, ["info", file, "--option", "id"]).exit_code == 2
    wrong = CliRunner().invoke(app, ["info", file, "--option", "colums={}"])
    assert "did you mean 'columns'" in str(wrong.exception)
    assert "takes a mapping" in str(CliRunner().invoke(app, ["info", file, "-o", "columns=[1]"]).exception)


def test_convert_keeps_ids_by_the_idmap(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Level 0,Level 1\nData,SQL\n", encoding="utf-8")
    source, target, idmap = (str(tmp_path / name) for name in ("a.csv", "a.json", "ids.csv"))
    told = CliRunner().invoke(app, ["convert", source, target, "--idmap", idmap, "--option", "id=fw:own"])
    assert told.exit_code == 0, told.output
    known = (tmp_path / "ids.csv").read_text(encoding="utf-8")
    (tmp_path / "ids.csv").write_text(known.replace("capability,data,", "capability,Information,"), encoding="utf-8")
    (tmp_path / "a.csv").write_text("Level 0,Level 1\nInformation,SQL\n", encoding="utf-8")
    before = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert CliRunner().invoke(app, ["convert", source, target, "--idmap", idmap, "-o", "id=fw:own"]).exit_code == 0
    after = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert [item["id"] for item in after["capabilities"]] == [item["id"] for item in before["capabilities"]]
