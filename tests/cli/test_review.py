"""The commands about suggestions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import openpyxl
import pytest
from typer.testing import CliRunner

import capgraph as cg
from capgraph.cli import app
from capgraph.errors import ParseError

if TYPE_CHECKING:
    from pathlib import Path

FRAMEWORK = cg.Framework(
    id="fw:x",
    capabilities=[cg.Capability(id="cap:sql", label="SQL"), cg.Capability(id="cap:pm", label="project management")],
)
CATALOG = cg.Catalog(
    id="cat:x",
    assets=[cg.LearningAsset(id="asset:a", title="SQL"), cg.LearningAsset(id="asset:b", title="Project management")],
)


@pytest.fixture
def inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.delenv("CAPGRAPH_DB", raising=False)
    cg.write(FRAMEWORK, tmp_path / "framework.json")
    cg.write(CATALOG, tmp_path / "catalog.json")
    return ["-f", str(tmp_path / "framework.json"), "-f", str(tmp_path / "catalog.json")]


def run(*arguments: object, keys: str = "") -> str:
    result = CliRunner().invoke(app, [str(one) for one in arguments], input=keys, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_suggestions_are_printed(inputs: list[str]) -> None:
    told = json.loads(run("suggest-alignments", "--min-confidence", 0.2, "--json", *inputs))
    assert [(row["asset"], row["capability"]) for row in told["rows"]] == [
        ("asset:a", "cap:sql"),
        ("asset:b", "cap:pm"),
    ]


def test_a_review_by_keys_is_resumed(inputs: list[str], tmp_path: Path) -> None:
    path = tmp_path / "decisions.json"
    command = ["review", path, "--by", "role:curator", "--min-confidence", 0.2, *inputs]
    told = run(*command, keys="a\nq\n")
    assert "1 decisions made" in told
    assert [one.verdict for one in cg.read_decisions(path).decisions] == ["accepted"]
    told = run(*command, keys="z\nr\n")
    assert "[1/1]" in told
    assert "a, r, s or q" in told
    assert sorted(one.verdict for one in cg.read_decisions(path).decisions) == ["accepted", "rejected"]
    assert "0 decisions made" in run(*command)


def test_a_review_by_workbook(inputs: list[str], tmp_path: Path) -> None:
    path, sheet = tmp_path / "decisions.json", tmp_path / "sheet.xlsx"
    command = ["review", path, "--by", "role:curator", "--min-confidence", 0.2, *inputs]
    assert "2 suggestions" in run(*command, "--export", sheet)
    book = openpyxl.load_workbook(sheet)
    book["Review"]["A2"] = "rejected"
    book.save(sheet)
    assert "1 more decisions" in run(*command, "--import", sheet)
    assert [one.verdict for one in cg.read_decisions(path).decisions] == ["rejected"]


def test_labelled_rows_are_measured(inputs: list[str], tmp_path: Path) -> None:
    gold = tmp_path / "gold.csv"
    gold.write_text("text,capability\nYou know SQL,cap:sql\nproject management,project management\n", encoding="utf-8")
    told = json.loads(run("evaluate", "matching", gold, "--framework", inputs[1], "--json"))
    assert (told["summary"]["mrr"], told["summary"]["rp_at_5"]) == (1.0, 1.0)


def test_a_crosswalk_is_written_as_sssom(inputs: list[str], tmp_path: Path) -> None:
    other = cg.Framework(id="fw:y", capabilities=[cg.Capability(id="skill:s", label="SQL")])
    cg.write(other, tmp_path / "other.json")
    target = tmp_path / "x.sssom.tsv"
    told = json.loads(run("suggest-crosswalk", inputs[1], tmp_path / "other.json", "-o", target, "--json"))
    assert [(row["subject"], row["predicate"], row["object"]) for row in told["rows"]] == [
        ("cap:sql", "exact", "skill:s")
    ]
    assert "skill:s" in target.read_text(encoding="utf-8")


@pytest.fixture
def other(tmp_path: Path, inputs: list[str]) -> list[object]:
    theirs = cg.Framework(
        id="fw:y",
        capabilities=[cg.Capability(id="skill:s", label="SQL"), cg.Capability(id="skill:p", label="managing projects")],
    )
    cg.write(theirs, tmp_path / "other.json")
    return ["--crosswalk", inputs[1], tmp_path / "other.json"]


def test_mappings_are_reviewed_by_keys_and_written_with_their_reviewer(
    inputs: list[str], other: list[object], tmp_path: Path
) -> None:
    path, target = tmp_path / "decisions.json", tmp_path / "x.sssom.tsv"
    command = ["review", path, "--by", "role:curator", "--min-confidence", 0.2, *other]
    told = run(*command, keys="z\nc\nr\n")
    assert "a, r, s, q, e, c, b, n or t" in told
    assert "2 decisions made" in told
    assert "0 decisions made" in run(*command), "nobody is asked twice"
    made = sorted((one.kind, one.verdict, one.relation) for one in cg.read_decisions(path).decisions)
    assert [(kind, verdict) for kind, verdict, _ in made] == [("mapping", "accepted"), ("mapping", "rejected")]
    assert made[0][2] == "close"
    told = run(
        "suggest-crosswalk", inputs[1], other[2], "--decisions", path, "-o", target, "--of", "capabilities", "--json"
    )
    assert [(row["predicate"], row["state"]) for row in json.loads(told)["rows"]] == [("close", "accepted")]
    assert "role:curator" in target.read_text(encoding="utf-8")


def test_mappings_are_reviewed_in_a_workbook(other: list[object], tmp_path: Path) -> None:
    path, sheet = tmp_path / "decisions.json", tmp_path / "sheet.xlsx"
    command = ["review", path, "--by", "role:curator", "--min-confidence", 0.2, *other]
    assert "2 suggestions" in run(*command, "--export", sheet)
    book = openpyxl.load_workbook(sheet)
    book["Review"]["A2"] = "accepted"
    book.save(sheet)
    assert "1 more decisions" in run("review", path, "--by", "role:curator", "--import", sheet)
    assert [(one.kind, one.verdict) for one in cg.read_decisions(path).decisions] == [("mapping", "accepted")]


def test_a_workbook_with_a_title_above_its_header_is_measured(inputs: list[str], tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Labels", 0)
    rows = [["Our labels"], [], ["Text", "Skill 1", "Skill 2"], ["You know SQL", "sql", "cooking"]]
    for row in rows:
        sheet.append(row)
    book.save(tmp_path / "gold.xlsx")
    told = json.loads(run("evaluate", "matching", tmp_path / "gold.xlsx", "--framework", inputs[1], "--json"))
    assert (told["summary"]["mrr"], told["summary"]["unknown"]) == (1.0, ["cooking"])


def test_wrong_labels_are_told_with_their_rows(inputs: list[str], tmp_path: Path) -> None:
    gold = tmp_path / "gold.csv"
    gold.write_text("text;label\n;SQL\nYou query;sqll\n", encoding="cp1252")
    result = CliRunner().invoke(app, ["evaluate", "matching", str(gold), "--framework", inputs[1]])
    assert isinstance(result.exception, ParseError)
    assert "labels without a text (row:2)" in str(result.exception)
    gold.write_text("", encoding="utf-8")
    result = CliRunner().invoke(app, ["evaluate", "matching", str(gold), "--framework", inputs[1]])
    assert isinstance(result.exception, ParseError)


def test_all_catalogs_are_suggested_for_and_reviewed_together(inputs: list[str], tmp_path: Path) -> None:
    vendor = cg.Catalog(
        id="cat:vendor",
        assets=[cg.LearningAsset(id="asset:0", title="SQL"), cg.LearningAsset(id="asset:z", title="Yoga")],
    )
    cg.write(vendor, tmp_path / "vendor.json")
    both = [*inputs, "-f", str(tmp_path / "vendor.json")]
    told = json.loads(run("suggest-alignments", "--min-confidence", 0.2, "--json", *both))
    assert [row["asset"] for row in told["rows"]] == ["asset:0", "asset:a", "asset:b"]
    assert told["summary"]["abstained"] == ["asset:z"]
    path = tmp_path / "decisions.json"
    run("review", path, "--by", "role:curator", "--min-confidence", 0.2, *both, keys="a\na\nr\n")
    assert {one.subject for one in cg.read_decisions(path).decisions} == {"asset:0", "asset:a", "asset:b"}
    told = json.loads(run("suggest-alignments", "--min-confidence", 0.2, "--json", *both, "-f", str(path)))
    assert (len(told["rows"]), told["summary"]["rejected"]) == (2, 1)


def test_what_is_missing_or_too_much_is_said_by_name(inputs: list[str], tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["suggest-alignments", *inputs[:2]])
    assert told.exit_code == 2
    assert "no catalog is given" in told.output
    cg.write(FRAMEWORK.replace(id="fw:y"), tmp_path / "other.json")
    told = CliRunner().invoke(app, ["suggest-alignments", *inputs, "-f", str(tmp_path / "other.json")])
    assert told.exit_code == 2
    assert "(fw:x, fw:y)" in told.output
