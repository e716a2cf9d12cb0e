"""what_if: a restructure on paper, with nothing saved."""

from __future__ import annotations

import datetime as dt

import pytest

import capgraph as cg
from capgraph.analysis.edits import Edit
from capgraph.analysis.scenario import Scenario, what_if
from capgraph.errors import ArgumentError, DocumentError, UnknownIdError

DAY = dt.date(2026, 3, 1)


def _graph() -> cg.CapabilityGraph:
    framework = cg.Framework(
        id="fw:f",
        capabilities=[{"id": "cap:a", "label": "A"}, {"id": "cap:b", "label": "B"}],
        roles=[
            {"id": "role:one", "label": "One", "requirements": [{"capability": "cap:a"}]},
            {"id": "role:two", "label": "Two", "requirements": [{"capability": "cap:b"}]},
        ],
    )
    people = [
        {"id": "person:1", "roles": ["role:one"], "teams": ["team:x"]},
        {"id": "person:2", "roles": ["role:two"], "teams": ["team:y"]},
    ]
    record = {"id": "ev:1", "person": "person:1", "capability": "cap:a", "kind": "test", "date": "2026-01-01"}
    workforce = cg.Workforce(
        id="wf:w",
        teams=[{"id": "team:x", "label": "X", "headcount": 2}, {"id": "team:y", "label": "Y"}],
        people=people,
        evidence=[record, record | {"id": "ev:2", "capability": "cap:b"}],
    )
    catalog = cg.Catalog(
        id="cat:c",
        assets=[{"id": "asset:a", "title": "A", "alignments": [{"target": "cap:a"}], "roles": ["role:one"]}],
    )
    return cg.CapabilityGraph(framework, workforce, catalog)


def _told(found: Scenario) -> dict[tuple[str, str], object]:
    return {(row.measure, row.subject): (row.before, row.after) for row in found}


def _field(graph: cg.CapabilityGraph, id_: str, name: str) -> object:
    return getattr(graph[id_], name)


def test_a_move_changes_both_teams_and_nothing_is_saved() -> None:
    graph = _graph()
    move = Edit.of({"action": "moved", "id": "person:2", "field": "teams", "after": ["team:x"]})
    found = what_if(graph, [move], as_of=DAY)
    told = _told(found)
    assert told["people", "team:x"] == (1, 2)
    assert told["vacancies", "team:x"] == (1, 0)
    assert told["requirements unassessed", "team:y"] == (1, 0)
    assert told["requirements unassessed", ""] == (1, 1)
    assert found.changed == ("wf:w",)
    assert _field(graph, "person:2", "teams") == ("team:y",)
    assert _field(found.graph, "person:2", "teams") == ("team:x",)
    assert [document.id for document in found.documents] == ["wf:w"]


def test_a_merged_role_is_followed_in_every_document() -> None:
    merge = Edit.of({"action": "merged", "id": "role:one", "into": ["role:two"]})
    found = what_if(_graph(), [merge], as_of=DAY)
    assert found.changed == ("cat:c", "fw:f", "wf:w")
    assert _field(found.graph, "person:1", "roles") == ("role:two",)
    assert _field(found.graph, "asset:a", "roles") == ("role:two",)
    told = _told(found)
    assert told["holders", "role:one"] == (1, None)
    assert told["holders", "role:two"] == (1, 2)
    assert told["successors ready", "role:two"] == (1, 0)
    assert told["share of steps taught", ""] == (0.5, 0.0)
    worse = {row.measure for row in found if row.better is False}
    assert "share of steps taught" in worse


def test_successions_are_compared_person_by_person() -> None:
    records = [
        {"id": f"ev:{n}", "person": person, "capability": capability, "kind": "test", "date": "2026-01-01"}
        for n, (person, capability) in enumerate([("person:1", "cap:a"), ("person:2", "cap:a"), ("person:2", "cap:b")])
    ]
    workforce = cg.Workforce(
        id="wf:w",
        people=[
            {"id": "person:1", "roles": ["role:one"]},
            {"id": "person:2", "roles": ["role:two"]},
            {"id": "person:3"},
        ],
        evidence=records,
    )
    base = _graph()
    graph = cg.CapabilityGraph(base.documents["fw:f"], workforce)
    leaves = Edit.of({"action": "changed", "id": "person:1", "field": "roles", "after": []})
    found = what_if(graph, [leaves], as_of=DAY)
    (succession,) = found.successions
    assert succession.role == "role:one"
    assert [one.person for one in succession.before] == ["person:2", "person:3"]
    assert [(one.person, one.ready) for one in succession.after] == [
        ("person:1", True),
        ("person:2", True),
        ("person:3", None),
    ]
    told = _told(found)
    assert told["successors ready", "role:one"] == (1, 2)
    assert told["place as successor in role:one", "person:2"] == (1, 2)
    assert told["place as successor in role:one", "person:1"] == (None, 1)
    asked = what_if(graph, [leaves], roles=["role:two"], successions=1, as_of=DAY)
    assert [(one.role, len(one.after)) for one in asked.successions] == [("role:one", 1), ("role:two", 1)]
    with pytest.raises(ArgumentError, match="at least 0"):
        what_if(graph, [leaves], successions=-1)
    with pytest.raises(UnknownIdError, match="role:tow"):
        what_if(graph, [leaves], roles="role:tow", as_of=DAY)
    merged = what_if(graph, [Edit.of({"action": "merged", "id": "role:one", "into": ["role:two"]})], as_of=DAY)
    assert [(one.role, bool(one.after)) for one in merged.successions] == [("role:one", False), ("role:two", True)]


def test_a_whole_document_takes_the_place_of_its_earlier_self() -> None:
    graph = _graph()
    catalog = graph.documents["cat:c"]
    assert isinstance(catalog, cg.Catalog)
    more = catalog.replace(
        assets=[*catalog.assets, {"id": "asset:b", "title": "B", "alignments": [{"target": "cap:b"}]}]
    )
    found = what_if(graph, [more], as_of=DAY)
    assert _told(found)["share of steps taught", ""] == (0.5, 1.0)
    assert (found.edits, found.changed) == (1, ("cat:c",))


def test_plans_are_compared_for_those_who_are_named() -> None:
    role = {"capability": "cap:a"}
    edit = Edit.of({"action": "added", "id": "role:two", "field": "requirements", "after": role})
    found = what_if(_graph(), [edit], plans=["person:2"], as_of=DAY)
    assert _told(found)["requirements left open", "person:2"] == (1, 2)


def test_edits_that_name_nothing_are_refused_together() -> None:
    edits = [
        Edit.of({"action": "removed", "id": "person:9"}),
        Edit.of({"action": "removed", "id": "team:9"}),
    ]
    with pytest.raises(DocumentError) as told:
        what_if(_graph(), edits)
    assert len(told.value.issues) == 2
    with pytest.raises(DocumentError, match="use its id"):
        what_if(_graph(), [cg.Catalog(id="cat:new")])
    with pytest.raises(DocumentError, match="names the team"):
        what_if(_graph(), [Edit.of({"action": "removed", "id": "team:x"})])


def test_nothing_changes_where_nothing_is_done() -> None:
    found = what_if(_graph(), [], as_of=DAY)
    assert {row.difference for row in found} <= {0.0, None}
    assert found.notes == ("nothing changes",)


def test_an_edit_of_what_is_nowhere_is_refused_with_what_may_be_meant() -> None:
    edits = [Edit.of({"action": "moved", "id": id_, "field": "teams", "after": []}) for id_ in ("persn:1", "zzz")]
    with pytest.raises(DocumentError) as told:
        what_if(_graph(), edits, as_of=DAY)
    assert "'persn:1' is in no document; did you mean 'person:1'?" in str(told.value)
    assert "'zzz' is in no document; name an entry that exists" in str(told.value)
