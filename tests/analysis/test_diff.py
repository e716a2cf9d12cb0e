"""diff and replay: what changed between two versions, and the script that leads from one to the other."""

from __future__ import annotations

import io
import json
import warnings
from typing import TYPE_CHECKING

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import capgraph as cg
from capgraph.analysis.change import QUIET, diff
from capgraph.analysis.change_workbook import change_workbook
from capgraph.analysis.edits import Edit
from capgraph.analysis.replay import replay
from capgraph.errors import ArgumentError, CapgraphWarning, DocumentError
from strategies import agendas, catalogs, crosswalks, decisions_documents, documents, frameworks, workforces

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from capgraph.analysis.change import ChangeReport
    from capgraph.model import Document

KINDS = (frameworks(), catalogs(), workforces(), agendas(), crosswalks(), decisions_documents())
PAIRS = st.one_of(*(st.tuples(kind, kind) for kind in KINDS))


@given(PAIRS)
@settings(max_examples=40)
def test_replaying_the_script_on_a_gives_b(pair: tuple[Document, Document]) -> None:
    a, b = pair
    found = diff(a, b)
    assert replay(a, found.edits) == b
    assert replay(a, map(Edit.of, json.loads(json.dumps(found.script())))) == b
    quiet = sum(edit.field in QUIET for edit in found.edits)
    assert len(found.edits) == len(found) + quiet + found.respelled


@given(documents())
@settings(max_examples=25)
def test_nothing_changes_between_a_document_and_itself(document: Document) -> None:
    assert diff(document, document).edits == ()
    assert diff(document, type(document).model_validate(document.to_dict())).edits == ()


def _framework(*capabilities: Mapping[str, object], **fields: object) -> cg.Framework:
    return cg.Framework(id="fw:mini", capabilities=capabilities, **fields)


def _actions(found: ChangeReport) -> list[tuple[str, str, str]]:
    return [(row.action, row.id, row.field) for row in found]


SQL = {"id": "cap:sql", "label": "SQL"}


def test_a_stated_successor_is_a_rename_that_references_follow() -> None:
    sql, queries = (
        [{"id": "role:dev", "label": "Developer", "requirements": [{"capability": id_}]}]
        for id_ in ("cap:sql", "cap:queries")
    )
    old = _framework(
        SQL | {"replaced_by": ["cap:queries"]},
        imports=["fw:next"],
        roles=sql,
    )
    assert _actions(diff(old, old)) == []
    old = _framework(SQL, roles=sql)
    new = _framework({"id": "cap:queries", "label": "Queries"}, roles=queries)
    decision = {"kind": "rename", "verdict": "accepted", "by": "board", "at": "2026-01-01T00:00:00Z"}
    pair = {"subject": "cap:sql", "object": "cap:queries"}
    history = cg.Decisions(id="dec:1", decisions=[decision | pair])
    assert _actions(diff(old, new)) == [
        ("removed", "cap:sql", ""),
        ("added", "cap:queries", ""),
        ("removed", "role:dev", "requirements"),
        ("added", "role:dev", "requirements"),
    ]
    found = diff(old, new, history=history)
    assert _actions(found) == [("renamed", "cap:queries", "id"), ("relabeled", "cap:queries", "label")]
    assert replay(old, found.edits) == new


def test_several_into_one_is_a_merge_and_one_into_several_a_split() -> None:
    heirs = [{"id": "cap:x", "label": "X"}, {"id": "cap:y", "label": "Y"}]
    old = _framework(*({"id": f"cap:{name}", "label": name} for name in "abc"))
    new = _framework(*heirs)
    pairs = [("cap:a", "cap:x"), ("cap:b", "cap:x"), ("cap:c", "cap:x"), ("cap:c", "cap:y")]
    history = cg.Crosswalk(id="cw:1", mappings=[{"subject": s, "predicate": "exact", "object": o} for s, o in pairs])
    found = diff(old, new, history=history)
    assert [(row.action, row.id, row.into) for row in found if row.action != "added"] == [
        ("merged", "cap:a", ("cap:x",)),
        ("merged", "cap:b", ("cap:x",)),
        ("split", "cap:c", ("cap:x", "cap:y")),
    ]
    assert found.entries_removed == 3
    assert replay(old, found.edits) == new


def test_likely_renames_are_suggested_and_not_followed() -> None:
    old = _framework(SQL | {"description": "Query relational databases."}, {"id": "cap:go", "label": "Go"})
    new = _framework({"id": "cap:9", "label": "SQL ", "description": "Query relational databases."})
    found = diff(old, new)
    assert [(item.old, item.new, item.score) for item in found.suggested] == [("cap:sql", "cap:9", 1.0)]
    assert "cap:sql → cap:9" in found.notes[0]
    assert found.entries_removed == 2
    assert found.successors == {}


def test_successors_in_a_circle_are_told_and_not_followed() -> None:
    parts = [
        {"id": "cap:a", "label": "A", "replaced_by": ["cap:b"]},
        {"id": "cap:b", "label": "B", "replaced_by": ["cap:a"]},
    ]
    found = diff(_framework(*parts), _framework())
    assert found.cycles == (("cap:a", "cap:b"),)
    assert {row.action for row in found} == {"removed"}
    assert "circle" in " ".join(found.notes)


def test_what_a_change_is_called() -> None:
    scale = {"id": "scale:s", "label": "S", "levels": [{"rank": rank, "label": str(rank)} for rank in (0, 1, 2)]}
    domain = {"id": "cap:data", "label": "Data"}
    old = _framework(SQL, domain, scales=[scale], default_scale="scale:s")
    fewer = scale | {"levels": [{"rank": rank, "label": str(rank)} for rank in (0, 1)]}
    new = _framework(
        SQL | {"label": "Queries", "broader": ["cap:data"], "status": "deprecated", "notation": "Q"},
        domain,
        scales=[fewer],
        default_scale="scale:s",
    )
    found = diff(old, new)
    assert [(row.action, row.id, row.part, row.after) for row in found] == [
        ("rescaled", "scale:s", "2", ""),
        ("moved", "cap:sql", "", "cap:data"),
        ("relabeled", "cap:sql", "", "Queries"),
        ("deprecated", "cap:sql", "", "deprecated"),
        ("changed", "cap:sql", "", "Q"),
    ]


def test_the_same_entry_in_another_spelling_is_the_same() -> None:
    prefixes = {"cap": "https://e.org/cap/"}
    old = _framework(SQL, {"id": "cap:b", "label": "B", "related": ["cap:sql"]}, prefixes=prefixes)
    new = _framework(
        SQL | {"id": "https://e.org/cap/sql"},
        {"id": "cap:b", "label": "B", "related": ["https://e.org/cap/sql"]},
        prefixes=prefixes,
    )
    found = diff(old, new)
    assert (_actions(found), found.respelled, found.link_counts) == ([], 1, ())
    assert "in another way" in found.notes[0]
    assert replay(old, found.edits) == new
    undeclared = _framework(SQL, {"id": "cap:b", "label": "B", "related": ["cap:sql"]})
    assert _actions(diff(undeclared, new)) == [("changed", "fw:mini", "prefixes")]


def test_references_in_another_spelling_are_no_changes() -> None:
    prefixes = {"cap": "https://e.org/cap/"}
    asset = {"id": "asset:a", "title": "A", "alignments": [{"target": "cap:sql", "level_to": 2}], "roles": ["cap:r"]}
    old = cg.Catalog(id="cat:c", prefixes=prefixes, assets=[asset])
    spelled = asset | {
        "alignments": [{"target": "https://e.org/cap/sql", "level_to": 2}],
        "roles": ["https://e.org/cap/r"],
    }
    found = diff(old, cg.Catalog(id="cat:c", prefixes=prefixes, assets=[spelled]))
    assert (len(found), found.respelled, found.link_counts) == (0, 3, ())
    higher = spelled | {"alignments": [{"target": "https://e.org/cap/sql", "level_to": 3}]}
    new = old.replace(assets=[higher])
    assert [(row.action, row.field) for row in diff(old, new)] == [("removed", "alignments"), ("added", "alignments")]
    assert replay(old, diff(old, new).edits) == new


def test_versions_of_different_kinds_are_refused() -> None:
    with pytest.raises(DocumentError, match="compare versions of one kind"):
        diff(_framework(), cg.Catalog(id="cat:c"))
    with pytest.raises(ArgumentError, match="'str' is no document"):
        diff(_framework(), "new.json")  # type: ignore[arg-type]


def test_edits_that_do_not_fit_are_told_at_once() -> None:
    edits = [
        Edit.of({"action": "relabeled", "id": "cap:sql", "field": "label", "before": "Sequel", "after": "Queries"}),
        Edit.of({"action": "removed", "table": "capabilities", "id": "cap:none"}),
        Edit.of({"action": "added", "table": "capabilities", "after": SQL}),
    ]
    with pytest.raises(DocumentError) as told:
        replay(_framework(SQL), edits)
    assert [issue.ids for issue in told.value.issues] == [("cap:none",), ("cap:sql",), ("cap:sql",)]
    edits = [
        Edit.of({"action": "changed", "id": "cap:none", "field": "label", "after": "X"}),
        Edit.of({"action": "changed", "id": "cap:sql", "field": "color", "after": "red"}),
        Edit.of({"action": "removed", "table": "courses", "id": "cap:sql"}),
        Edit.of({"action": "changed", "id": "cap:sql"}),
    ]
    with pytest.raises(DocumentError) as told:
        replay(_framework(SQL), edits)
    assert len(told.value.issues) == 4
    with pytest.raises(DocumentError, match="in use"):
        replay(
            _framework(SQL, {"id": "cap:go", "label": "Go"}),
            [Edit.of({"action": "renamed", "id": "cap:go", "into": "cap:sql"})],
        )
    with pytest.raises(DocumentError, match="no action"):
        Edit.of({"action": "exploded", "id": "cap:sql", "why": "x"})


def test_the_report_says_it_in_text_json_html_and_a_workbook() -> None:
    found = diff(_framework(SQL), _framework(SQL | {"label": "=Queries"}))
    assert "relabeled" in str(found)
    assert "=Queries" in found._repr_html_()
    assert json.loads(found.to_json())["summary"]["relabeled"] == 1
    book = openpyxl.load_workbook(io.BytesIO(change_workbook(found)))
    assert book.sheetnames == ["Summary", "Capabilities", "Suggested renames"]
    cells = [cell for row in book["Capabilities"].iter_rows() for cell in row]
    assert "=Queries" in {cell.value for cell in cells}
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    texts = [[cell.value for cell in row] for row in book["Summary"].iter_rows()]
    assert ["Sign-off", "Name", "Date", "Signature"] in texts
    assert "Approved by" in {cell.value for row in book["Summary"].iter_rows() for cell in row}


@pytest.mark.real_data
@pytest.mark.slow
def test_esco_from_one_release_to_the_next(shared_data: Path) -> None:
    old, new = (_esco(shared_data / "esco", version) for version in ("1.1.0", "1.1.1"))
    found = diff(old, new)
    roles = [row for row in found if row.table == "roles" and not row.field]
    grown = [row for row in found if row.field == "kind" and row.before == "domain"]
    requires = next(count for count in found.link_counts if count.relation == "requires")
    removed = next(edit.before for edit in found.edits if edit.table == "roles" and not edit.field)
    assert len(grown) == 5, "five groups of skills became skills"
    assert [row.action for row in roles] == ["removed"]
    assert found.relabeled == 2
    assert (requires.out - len(removed.requirements), requires.came) == (302, 305)
    # The groups of skills got other ids: nothing says so but their labels, texts and members.
    groups = {
        edit.id for edit in found.edits if edit.table == "capabilities" and edit.action == "removed" and not edit.field
    }
    assert {item.old for item in found.suggested} <= groups
    assert len(found.suggested) > 0.9 * len(groups)
    assert replay(old, found.edits) == new
    assert len(diff(new, new)) == 0


def _esco(folder: Path, version: str) -> cg.Framework:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CapgraphWarning)  # what the reader leaves out is not the question here
        return cg.read_framework(
            folder / f"v{version}-en-csv.zip", folder / f"v{version}-relations-csv.zip", format="esco", version=version
        )
