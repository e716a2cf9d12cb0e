"""The commands about change, traceability and impact."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import capgraph as cg
from capgraph import cli

if TYPE_CHECKING:
    from pathlib import Path

SAMPLE = cg.sample().path
FILES = [part for name in ("framework", "workforce", "agenda") for part in ("-f", str(SAMPLE / f"{name}.json"))]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:  # noqa: ANN401 - a function
    """Return the function that runs a command and hands out its exit code, its output and its complaints."""

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.delenv("CAPGRAPH_DB", raising=False)
        monkeypatch.setenv("COLUMNS", "200")
        monkeypatch.setattr("sys.argv", ["capgraph", *map(str, arguments)])
        code = 0
        try:
            cli.main()
        except SystemExit as leaving:
            code = int(leaving.code or 0)
        return code, *capsys.readouterr()

    return call


@pytest.fixture
def versions(tmp_path: Path) -> tuple[Path, Path, Path]:
    """Return files with two versions of a framework, and a catalog that refers to the older one."""
    scale = {"id": "scale:s", "label": "S", "levels": [{"rank": rank, "label": str(rank)} for rank in (1, 2, 3)]}
    sql = {"id": "cap:sql", "label": "SQL"}
    old = cg.Framework(id="fw:f", scales=[scale], default_scale="scale:s", capabilities=[sql])
    new = old.replace(
        scales=[scale | {"levels": scale["levels"][:2]}],
        capabilities=[sql | {"status": "deprecated", "replaced_by": ["cap:data"]}, {"id": "cap:data", "label": "Data"}],
    )
    alignment = {"target": "cap:sql", "level_to": 3}
    catalog = cg.Catalog(id="cat:c", assets=[{"id": "asset:a", "title": "A", "alignments": [alignment]}])
    paths = tmp_path / "old.json", tmp_path / "new.json", tmp_path / "catalog.json"
    for document, path in zip((old, new, catalog), paths, strict=True):
        cg.write(document, path)
    return paths


def test_diff_tells_what_changed_and_leaves_with_one(run: Any, versions: tuple[Path, ...], tmp_path: Path) -> None:  # noqa: ANN401
    old, new, _ = versions
    code, told, _ = run("diff", old, new, "--script", tmp_path / "script.json", "--xlsx", tmp_path / "report.xlsx")
    assert code == 1
    assert "rescaled" in told
    assert {edit["action"] for edit in json.loads((tmp_path / "script.json").read_text())} >= {"added", "rescaled"}
    assert (tmp_path / "report.xlsx").read_bytes().startswith(b"PK")
    assert run("diff", old, old)[0] == 0


def test_migrate_waits_for_a_map_and_then_writes(run: Any, versions: tuple[Path, ...], tmp_path: Path) -> None:  # noqa: ANN401
    old, new, catalog = versions
    code, told, _ = run("migrate", catalog, old, new)
    assert (code, "open" in told) == (0, True)
    target = tmp_path / "migrated.json"
    code, _, complaint = run("migrate", catalog, old, new, "--to", target)
    assert (code, target.exists()) == (3, False)
    assert "give its map" in complaint
    scales = tmp_path / "scales.json"
    scales.write_text(json.dumps({"scale:s": {"1": 1, "2": 2, "3": 2}}))
    assert run("migrate", catalog, old, new, "--to", target, "--scales", scales)[0] == 0
    (alignment,) = cg.read_catalog(target).assets[0].alignments
    assert (alignment.target, alignment.level_to) == ("cap:data", 2)
    scales.write_text("[1]")
    assert run("migrate", catalog, old, new, "--scales", scales)[0] == 2


def test_what_if_reads_a_script(run: Any, tmp_path: Path) -> None:  # noqa: ANN401
    edits = tmp_path / "edits.json"
    move = {"action": "moved", "id": "person:adaeze", "field": "teams", "after": ["team:data"]}
    edits.write_text(json.dumps([move]))
    code, told, _ = run("what-if", edits, *FILES, "--as-of", "2026-03-01", "--json")
    assert code == 0
    rows = {(row["measure"], row["subject"]): row["difference"] for row in json.loads(told)["rows"]}
    assert rows["people", "team:data"] == 1
    edits.write_text(json.dumps([{"action": "x"}, 3]))
    code, _, complaint = run("what-if", edits, *FILES)
    assert code == 3
    assert complaint.count("is no action") == 2
    edits.write_text(json.dumps([{"action": "moved", "table": 3, "id": ["a"]}]))
    code, _, complaint = run("what-if", edits, *FILES)
    assert code == 3
    assert complaint.count("of an edit is a text") == 2
    edits.write_text("nothing")
    assert run("what-if", edits, *FILES)[0] == 2


def test_traceability_and_impact_answer_from_the_sample(run: Any, tmp_path: Path) -> None:  # noqa: ANN401
    database = f"sqlite:///{tmp_path / 'skills.db'}"
    sample = cg.sample()
    with cg.Store(database) as store:
        for document in (sample.framework, *sample.catalogs, sample.workforce, sample.agenda):
            store.save(document)
    code, told, _ = run("traceability", "challenge:late-invoices", "--db", database, "--fail-on-findings")
    assert (code, "training is not" in told) == (1, True)
    code, told, _ = run("impact", "challenge:handover", "--db", database, "--as-of", "2026-10-01")
    assert (code, "does not show that the learning" in told) == (0, True)
    for name in ("page.md", "page.xlsx", "page.pptx"):
        assert run("brief", tmp_path / name, "challenge:handover", "--db", database)[0] == 0
        assert (tmp_path / name).stat().st_size > 0
    assert run("brief", tmp_path / "page.doc", "--db", database)[0] == 2
