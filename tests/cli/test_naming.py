"""What has an id that only machines read is asked for, and shown, by its label."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import capgraph as cg
from capgraph.cli import main
from capgraph.cli.naming import id_of, shown

if TYPE_CHECKING:
    from pathlib import Path

_ROLE = "urn:uuid:a5b28235-13f5-5a0d-8a73-63f5d58527ba"
_SKILL = "https://skills.example/s/1"


@pytest.fixture
def framework() -> cg.Framework:
    """Return a framework with addresses and minted ids, and a label that two roles have."""
    return cg.Framework.model_validate(
        {
            "id": "fw:f",
            "language": "en",
            "capabilities": [{"id": _SKILL, "label": "Hygiene"}],
            "roles": [
                {"id": _ROLE, "label": "Line operator", "requirements": [{"capability": _SKILL}]},
                {"id": "role:one", "label": "Twin"},
                {"id": "role:two", "label": "Twin"},
            ],
        }
    )


def test_a_node_is_found_by_id_by_its_end_and_by_its_label(framework: cg.Framework) -> None:
    """What nobody has is left as it is, for the error that suggests something."""
    graph = cg.CapabilityGraph(framework)
    asked = ("role:one", "one", "line OPERATOR", "nobody", None)
    assert [id_of(graph, text, "role") for text in asked] == ["role:one", "role:one", _ROLE, "nobody", None]
    assert id_of(graph, "Hygiene", "role") == "Hygiene"


def test_a_label_of_two_nodes_is_refused_with_their_ids(framework: cg.Framework) -> None:
    """The message names what to choose from."""
    with pytest.raises(cg.errors.ArgumentError, match="'Twin' is the label of role:one, role:two; give one of these"):
        id_of(cg.CapabilityGraph(framework), "Twin", "role")


def test_texts_show_labels_for_what_the_graph_knows(framework: cg.Framework) -> None:
    """Ids that people read, and those that nobody knows, stay."""
    text = f"role:one, {_ROLE}: {_SKILL}, https://skills.example/s/2"
    told = shown(cg.CapabilityGraph(framework), text)
    assert told == "role:one, Line operator: Hygiene, https://skills.example/s/2"


def test_a_gap_is_asked_for_and_shown_by_labels(
    framework: cg.Framework, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the address nor the minted id is printed."""
    path = tmp_path / "f.json"
    cg.write(framework, path)
    monkeypatch.setattr("sys.argv", ["capgraph", "gap", "Line operator", "line operator", "-f", str(path)])
    with pytest.raises(SystemExit) as left:
        main()
    told = capsys.readouterr().out
    assert left.value.code in {0, None}
    assert "Hygiene" in told
    assert "role Line operator" in told
    assert _SKILL not in told
    assert _ROLE not in told


def test_columns_of_figures_are_printed_though_they_are_equal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only labels that stand beside themselves are left out."""
    framework = cg.Framework.model_validate(
        {
            "id": "fw:f",
            "capabilities": [{"id": _SKILL, "label": "Hygiene"}],
            "roles": [{"id": "role:r", "label": "R", "requirements": [{"capability": _SKILL}]}],
        }
    )
    people = cg.Workforce.model_validate(
        {
            "id": "wf:f",
            "teams": [{"id": "team:t", "label": "T"}],
            "people": [{"id": "person:p", "roles": ["role:r"], "teams": ["team:t"]}],
        }
    )
    for document, name in ((framework, "f.json"), (people, "w.json")):
        cg.write(document, tmp_path / name)
    files = ("-f", str(tmp_path / "f.json"), "-f", str(tmp_path / "w.json"))
    monkeypatch.setattr("sys.argv", ["capgraph", "team-gap", "T", *files])
    with pytest.raises(SystemExit):
        main()
    heading = capsys.readouterr().out.splitlines()[2]
    assert heading.split() == ["capability", "needed", "holders", "shortfall", "assessed", "share", "necessity"]


def test_what_has_the_same_label_is_told_apart_by_code_or_id() -> None:
    """Two entries with one label can be told apart in what is printed, and asked for by their codes."""
    ids = ("https://skills.example/1", "https://skills.example/2", "https://skills.example/3")
    skills = [{"id": id_, "label": "SQL", "notation": code} for id_, code in zip(ids, ("K1", "K2", ""), strict=True)]
    graph = cg.CapabilityGraph(cg.Framework.model_validate({"id": "fw:f", "language": "en", "capabilities": skills}))
    assert shown(graph, " ".join(ids)) == "SQL [K1] SQL [K2] SQL [https://skills.example/3]"
    assert shown(graph, f"{ids[0]}: taught.") == "SQL: taught."
    assert [id_of(graph, code, "capability") for code in ("k1", "K2")] == list(ids[:2])
    twins = [{"id": id_, "label": "Ada Beispiel"} for id_ in ids[:2]]
    people = cg.CapabilityGraph(cg.Workforce.model_validate({"id": "wf:f", "people": twins}))
    assert shown(people, " ".join(ids[:2])) == f"Ada Beispiel [{ids[0]}] Ada Beispiel [{ids[1]}]"
    assert id_of(people, "K1", "person", "team") == "K1"


def test_duplicates_of_one_title_are_told_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The code stands beside a title that both have, and the titles alone are not repeated."""
    about = "Learn to query tables with select and where clauses"
    rows = [{"Course ID": key, "Title": "SQL basics", "Description": about} for key in ("C1", "C2")]
    cg.write(cg.import_catalog(rows).document, tmp_path / "c.json")
    monkeypatch.setattr("sys.argv", ["capgraph", "duplicates", "-f", str(tmp_path / "c.json")])
    with pytest.raises(SystemExit):
        main()
    told = capsys.readouterr().out
    assert "SQL basics [C1]" in told
    assert "SQL basics [C2]" in told
    assert "title" not in told


def test_assets_are_named_by_their_titles(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Titles say what to leave out of a plan, what to have in it, and what to keep."""
    asset = "urn:uuid:c5b28235-13f5-5a0d-8a73-63f5d58527ba"
    common = {"alignments": [{"target": "cap:a"}], "cost": {"amount": "10", "currency": "EUR"}}
    catalog = cg.Catalog(
        id="cat:c",
        assets=[
            {
                "id": asset,
                "title": "Grundlagen",
                "duration": 60,
                **common,
            },
            {
                "id": "asset:b",
                "title": "Kompakt",
                "duration": 120,
                **common,
            },
        ],
    )
    needed = {"id": "role:r", "label": "R", "requirements": [{"capability": "cap:a"}]}
    documents = (
        cg.Framework(id="fw:f", capabilities=[{"id": "cap:a", "label": "A"}], roles=[needed]),
        cg.Workforce(id="wf:w", people=[{"id": "person:p", "roles": ["role:r"]}]),
        catalog,
    )
    files = []
    for document in documents:
        cg.write(document, tmp_path / f"{document.kind}.json")
        files += ["--file", str(tmp_path / f"{document.kind}.json")]

    def chosen(*asked: str) -> list[str]:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("sys.argv", ["capgraph", *asked, *files, "--json"])
            with pytest.raises(SystemExit):
                main()
        return [row["asset"] for row in json.loads(capsys.readouterr().out)["rows"]]

    plan = ["learning-path", "p", "--teach-unassessed"]
    assert chosen(*plan) == [asset]
    assert chosen(*plan, "--exclude", "grundlagen") == ["asset:b"]
    assert chosen(*plan, "--include", "Kompakt") == ["asset:b"]
    assert chosen("curriculum", "p", "--teach-unassessed", "--exclude", "Kompakt") == [asset]
    assert set(chosen("consolidation", "--keep", "Kompakt")) == {asset, "asset:b"}


def test_titles_are_not_printed_beside_assets_that_are_shown_by_title(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two assets of one title are told apart by their ids; the titles would say the same once more."""
    ids = [f"urn:uuid:{digit}5b28235-13f5-5a0d-8a73-63f5d58527ba" for digit in "ab"]
    needed = {"id": "role:r", "label": "R", "requirements": [{"capability": "cap:a"}]}
    assets = [{"id": id_, "title": "Kompakt", "alignments": [{"target": "cap:a"}]} for id_ in ids]
    framework = cg.Framework(id="fw:f", capabilities=[{"id": "cap:a", "label": "A"}], roles=[needed])
    cg.write(framework, tmp_path / "f.json")
    cg.write(cg.Catalog(id="cat:c", assets=assets), tmp_path / "c.json")
    files = ["--file", str(tmp_path / "f.json"), "--file", str(tmp_path / "c.json")]
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.setattr("sys.argv", ["capgraph", "coverage", *files])
    with pytest.raises(SystemExit):
        main()
    told = capsys.readouterr().out
    assert f"Kompakt [{ids[0]}], Kompakt [{ids[1]}]" in told
    assert "titles" not in told
