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


@pytest.fixture
def stored(versions: tuple[Path, ...], tmp_path: Path) -> str:
    """Return the URL of a database with both versions, a catalog, and a workforce that refers to the older one."""
    old, new, catalog = map(cg.read, versions)
    evidence = [
        {
            "id": f"ev:{n}",
            "person": "person:p",
            "capability": "cap:sql",
            "kind": "test",
            "level": 3,
            "date": "2026-01-01",
        }
        for n in range(3)
    ]
    url = f"sqlite:///{tmp_path / 'change.db'}"
    people = [{"id": "person:p"}]
    with cg.Store(url) as store:
        for document in (old.replace(version="1"), new.replace(version="2"), catalog):
            store.save(document)
        store.save(cg.Workforce(id="wf:w", people=people, evidence=evidence))
    return url


SCALES = json.dumps({"scale:s": {"1": 1, "2": 2, "3": 2}})


def test_migrate_carries_over_what_a_database_holds(run: Any, stored: str, tmp_path: Path) -> None:  # noqa: ANN401
    scales = tmp_path / "scales.json"
    scales.write_text(SCALES)
    versions = ("fw:f@1", "fw:f", "--db", stored)
    code, told, _ = run("migrate", "wf:w", *versions)
    assert (code, "give its map" in told) == (0, True)
    code, _, complaint = run("migrate", "wf:w", *versions, "--save")
    assert (code, "give its map" in complaint) == (3, True)
    code, told, _ = run("migrate", "wf:w", *versions, "--scales", scales)
    assert (code, "saved" in told) == (0, False)
    code, told, _ = run("migrate", "wf:w", *versions, "--scales", scales, "--save", "--author", "amina")
    assert (code, "3 rows changed" in told) == (0, True)
    code, told, _ = run("migrate", "cat:c", *versions, "--scales", scales, "--save", "--json")
    assert (code, json.loads(told)["summary"]["changed"]) == (0, 1)
    with cg.Store(stored) as store:
        assert {record.capability for record in store.evidence()} == {"cap:data"}
        assert store.history("wf:w")[0].author == "amina"
        assert store.load("cat:c").assets[0].alignments[0].target == "cap:data"  # type: ignore[attr-defined]
    target = tmp_path / "workforce.json"
    assert run("migrate", "wf:w", "fw:f@1", "fw:f", "--db", stored, "--to", target)[0] == 0
    assert len(cg.read_workforce(target).evidence) == 3
    assert run("diff", "fw:f@1", "fw:f", "--db", stored)[0] == 1


def test_migrate_says_what_it_cannot_find(run: Any, stored: str, versions: tuple[Path, ...]) -> None:  # noqa: ANN401
    old, new, catalog = versions
    code, _, complaint = run("migrate", catalog, old, "gone.json")
    assert (code, "'gone.json' is no file" in complaint) == (2, True)
    code, _, complaint = run("migrate", "wf:none", old, new)
    assert (code, "'wf:none' is no file" in complaint) == (2, True)
    code, _, complaint = run("migrate", catalog, old, new, "--save")
    assert (code, "--save is for what --db holds" in complaint) == (2, True)
    assert run("migrate", "wf:none", old, new, "--db", stored)[0] == 3
    code, _, complaint = run("migrate", "wf:w", "fw:f@7", new, "--db", stored)
    assert (code, "'fw:f' was never stored with the version '7'" in complaint) == (3, True)
    code, _, complaint = run("migrate", "wf:w", "nothing", new, "--db", stored)
    assert (code, "'nothing' is neither a file nor a stored document" in complaint) == (3, True)
    code, _, complaint = run("diff", old, new, "--script", "/nowhere/script.json")
    assert (code, "/nowhere/script.json: no such file or directory; check the path" in complaint) == (3, True)


def test_plans_are_saved_carried_over_and_made_anew(run: Any, tmp_path: Path) -> None:  # noqa: ANN401
    sample = cg.sample()
    database, old, new = f"sqlite:///{tmp_path / 's.db'}", tmp_path / "old.json", tmp_path / "new.json"
    with cg.Store(database) as store:
        for document in (sample.framework, *sample.catalogs, sample.workforce):
            store.save(document)
    cg.write(sample.framework, old)
    cg.write(sample.framework.replace(version="next"), new)
    ask = ("learning-path", "person:adaeze", "--db", database, "--as-of", "2026-03-01")
    code, told, _ = run(*ask, "--json")
    plan, carried = tmp_path / "plan.json", tmp_path / "carried.json"
    plan.write_text(told, encoding="utf-8")
    assert run("migrate", plan, old, new, "--to", carried)[0] == 0
    code, told, _ = run(*ask, "--keep", carried, "--json")
    summary = json.loads(told)["summary"]
    assert (code, summary["dropped"]) == (0, [])
    assert summary["kept"] == sorted(step["asset"] for step in json.loads(carried.read_text())["steps"])
    assert run(*ask, "--keep", old)[0] == 3


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


def test_what_if_takes_and_shows_labels(run: Any, tmp_path: Path) -> None:  # noqa: ANN401
    """Tables give minted ids to roles; nobody has to look them up."""
    leading, working = (f"urn:uuid:{digit}5b28235-13f5-5a0d-8a73-63f5d58527ba" for digit in "ab")
    roles = [{"id": leading, "label": "Leiterin"}, {"id": working, "label": "Prüfer"}]
    teams = [{"id": "team:lab", "label": "Labor"}, {"id": "team:x", "label": "X"}]
    people = [
        {"id": "person:1", "roles": [leading], "teams": ["team:x"]},
        {"id": "person:2", "roles": [working], "teams": ["team:lab"]},
    ]
    cg.write(cg.Framework(id="fw:f", roles=roles), tmp_path / "f.json")
    cg.write(cg.Workforce(id="wf:w", people=people, teams=teams), tmp_path / "w.json")
    edits = tmp_path / "edits.json"
    edits.write_text(
        json.dumps(
            [
                {"action": "moved", "id": "1", "field": "teams", "after": ["Labor"]},
                {"action": "merged", "id": "Prüfer", "into": ["Leiterin"]},
            ]
        ),
        encoding="utf-8",
    )
    asked = ["what-if", edits, "--file", tmp_path / "f.json", "--file", tmp_path / "w.json", "--role", "Leiterin"]
    code, told, _ = run(*asked, "--plan", "1")
    assert (code, "urn:uuid" in told, "Leiterin" in told) == (0, False, True)
    rows = {(row["measure"], row["subject"]): row["after"] for row in json.loads(run(*asked, "--json")[1])["rows"]}
    assert (rows["people", "team:lab"], rows["holders", leading]) == (2, 2)


def test_traceability_and_impact_answer_from_the_sample(run: Any, tmp_path: Path) -> None:  # noqa: ANN401
    database = f"sqlite:///{tmp_path / 'skills.db'}"
    sample = cg.sample()
    with cg.Store(database) as store:
        for document in (sample.framework, *sample.catalogs, sample.workforce, sample.agenda):
            store.save(document)
    code, told, _ = run("traceability", "challenge:late-invoices", "--db", database, "--fail-on-findings")
    assert (code, "training is not" in told) == (1, True)
    assert "e-learning about invoice rules" in told, "what the diagnosis found is said with the remedy"
    code, told, _ = run("traceability", "--db", database)
    assert "challenges that nothing serves: challenge:peak-forecast" in told
    code, told, _ = run("impact", "challenge:handover", "--db", database, "--as-of", "2026-10-01")
    assert (code, "does not show that the learning" in told) == (0, True)
    for name in ("page.md", "page.xlsx", "page.pptx"):
        assert run("brief", tmp_path / name, "challenge:handover", "--db", database)[0] == 0
        assert (tmp_path / name).stat().st_size > 0
    assert run("brief", tmp_path / "page.doc", "--db", database)[0] == 2


def test_diagnose_asks_and_records_the_answers(run: Any, tmp_path: Path) -> None:  # noqa: ANN401
    agenda = cg.Agenda(id="ag:a", challenges=[{"id": "challenge:late", "statement": "Reports are late."}])
    path, answered = tmp_path / "agenda.json", tmp_path / "answered.json"
    cg.write(agenda, path)
    code, told, _ = run("diagnose", path, "challenge:late")
    assert (code, "Could they do it if they had to?" in told, "ask the open questions first" in told) == (0, True, True)
    given = ("told=yes", "equipped=no: the figures come late")
    code, told, _ = run("diagnose", path, "challenge:late", *given, "--to", answered)
    assert (code, "training is not the remedy" in told) == (0, True)
    (challenge,) = cg.read_agenda(answered).challenges
    assert (challenge.cause, challenge.diagnosis[1].note) == ("tools", "the figures come late")
    database = f"sqlite:///{tmp_path / 'a.db'}"
    with cg.Store(database) as store:
        store.save(agenda)
    assert run("diagnose", "ag:a", "challenge:late", *given, "--db", database, "--save", "--json")[0] == 0
    with cg.Store(database) as store:
        assert store.load("ag:a") == cg.read_agenda(answered)
    assert run("diagnose", path, "challenge:late", "told=maybe")[0] == 2
    assert run("diagnose", path, "challenge:late", *given, "--save")[0] == 2
    code, _, complaint = run("diagnose", path, "challenge:late", "liked=yes", "seen=no")
    assert (code, complaint.count("is no question")) == (3, 2)
    assert run("diagnose", SAMPLE / "workforce.json", "challenge:late")[0] == 2
    assert run("diagnose", path, "challenge:lat")[0] == 3
