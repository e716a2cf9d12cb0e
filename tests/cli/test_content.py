"""The commands about content: overlap, dominance, consolidation, spending and what a catalog adds."""

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
    capabilities=[cg.Capability(id="cap:a", label="A"), cg.Capability(id="cap:b", label="B")],
    roles=[cg.RoleProfile(id="role:a", label="A", requirements=[{"capability": "cap:a"}])],
)
EUROS = {"amount": 10, "currency": "EUR"}
CATALOG = cg.Catalog(
    id="cat:x",
    assets=[
        cg.LearningAsset(id="asset:wide", title="Wide", alignments=[{"target": "cap:a"}, {"target": "cap:b"}]),
        cg.LearningAsset(id="asset:slow", title="Slow", alignments=[{"target": "cap:a"}], cost=EUROS, language="de"),
        cg.LearningAsset(id="asset:note", title="Note", alignments=[{"target": "cap:a"}], learners=3),
    ],
)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Return a function that runs a command over both documents and returns its exit code and what it printed."""
    for document in (FRAMEWORK, CATALOG):
        cg.write(document, tmp_path / f"{document.kind}.json")
    files = [word for path in sorted(tmp_path.iterdir()) for word in ("--file", str(path))]

    def _run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["capgraph", *arguments, *files])
        code = 0
        try:
            cli.main()
        except SystemExit as leaving:
            code = leaving.code if isinstance(leaving.code, int) else 0
        told = capsys.readouterr()
        return code, told.out, told.err

    return _run


def test_consolidation_prints_what_stays_and_what_goes(run: Run) -> None:
    code, told, _ = run("consolidation", "--json")
    actions = {row["asset"]: row["action"] for row in json.loads(told)["rows"]}
    assert code == 0
    assert actions == {"asset:note": "retire", "asset:slow": "keep", "asset:wide": "keep"}


def test_languages_may_be_taken_together(run: Run) -> None:
    actions = {
        row["asset"]: row["action"]
        for row in json.loads(run("consolidation", "--together", "language", "--json")[1])["rows"]
    }
    assert actions["asset:slow"] == "retire"


def test_keeping_and_rates_are_options(run: Run) -> None:
    told = json.loads(run("consolidation", "--keep", "asset:note", "--currency", "CHF", "--rate", "EUR=2", "--json")[1])
    assert told["summary"]["currency"] == "CHF"
    assert {row["asset"]: row["action"] for row in told["rows"]}["asset:note"] == "keep"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(("consolidation", "--rate", "CHF"), "CHF=1.05"), (("overlap", "--together", "price"), "choose among")],
)
def test_options_that_make_no_sense_are_refused(run: Run, arguments: tuple[str, ...], message: str) -> None:
    code, _, complaint = run(*arguments)
    assert code == 2
    assert message in " ".join(complaint.split())


def test_overlap_and_dominance_are_findings_where_asked(run: Run) -> None:
    assert run("overlap", "--fail-on-findings")[0] == 1
    assert "asset:note" in run("dominated")[1]


def test_spending_and_added_coverage_print_their_rows(run: Run) -> None:
    rows = json.loads(run("spending", "--json")[1])["rows"]
    assert {row["asset"]: row["need"] for row in rows}["asset:note"] == 1
    told = json.loads(run("added-coverage", "cat:x", "--json")[1])
    assert told["summary"]["opened"] == 1


def test_consolidation_writes_a_workbook(run: Run, tmp_path: Path) -> None:
    target = tmp_path.parent / "plan.xlsx"
    code, _, _ = run("consolidation", "--xlsx", str(target))
    assert code == 0
    assert target.read_bytes().startswith(b"PK")


def test_coverage_is_split_and_narrowed(run: Run) -> None:
    code, told, _ = run("coverage", "--by", "kind", "--role", "role:a", "--ample", "1", "--json")
    rows = json.loads(told)["rows"]
    assert code == 0
    assert {(row["part"], row["status"]) for row in rows} == {("course", "oversupplied")}
    assert rows[0]["titles"]
    _, told, _ = run("coverage", "--relation", "assesses", "--json")
    assert json.loads(told)["rows"][0]["status"] == "uncovered"


def test_coverage_is_crossed(run: Run) -> None:
    arguments = ("coverage", "--by", "language", "--by", "kind")
    found = {(row["language"], row["kind"]): row["assets"] for row in json.loads(run(*arguments, "--json")[1])["rows"]}
    assert found == {("en", "course"): ["asset:note", "asset:wide"], ("de", "course"): ["asset:slow"]}
    shown = run(*arguments)[1]
    assert "language" in shown
    assert " part " not in shown
    assert " part " in run("coverage", "--by", "kind")[1]


@pytest.mark.parametrize("facets", [("site",), ("kind", "kind")])
def test_a_facet_that_is_unknown_or_repeated_is_refused(run: Run, facets: tuple[str, ...]) -> None:
    code, _, complaint = run("coverage", *(word for facet in facets for word in ("--by", facet)))
    assert code == 2
    assert "language, kind, behavior" in " ".join(complaint.split())


def test_duplicates_compares_capabilities_too(run: Run) -> None:
    code, told, _ = run("duplicates", "--of", "capabilities", "--min-score", "0.9")
    assert code == 0
    assert "compared 2" in told


def test_two_entries_are_shown_side_by_side(run: Run) -> None:
    code, told, _ = run("side-by-side", "asset:slow", "asset:wide")
    assert code == 0
    assert "[-Slow-]" in told
    _, told, _ = run("side-by-side", "cap:a", "cap:b", "--of", "capabilities", "--json")
    assert json.loads(told)["lines"][0]["name"] == "label"
