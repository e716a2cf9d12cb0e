"""departures: what goes with people who leave."""

from __future__ import annotations

import datetime as dt

import capgraph as cg
from capgraph.analysis.departures import departures
from capgraph.analysis.edits import Edit

DAY = dt.date(2026, 3, 1)


def _graph() -> cg.CapabilityGraph:
    record = {"capability": "cap:a", "kind": "test", "date": "2026-01-01"}
    return cg.CapabilityGraph(
        cg.Framework(id="fw:f", capabilities=[{"id": "cap:a", "label": "A"}]),
        cg.Workforce(
            id="wf:w",
            teams=[{"id": "team:x", "label": "X", "lead": "person:1"}],
            people=[
                {"id": "person:1", "teams": ["team:x"]},
                {"id": "person:2", "teams": ["team:x"], "manager": "person:1"},
                {"id": "person:3", "manager": "person:2"},
            ],
            evidence=[
                record | {"id": "ev:1", "person": "person:1"},
                record | {"id": "ev:2", "person": "person:2"},
            ],
        ),
    )


def test_somebody_who_leaves_takes_their_evidence_along_and_manages_nobody() -> None:
    leaves = Edit.of({"action": "removed", "id": "person:1"})
    found = cg.what_if(_graph(), [leaves], as_of=DAY)
    workforce = found.graph.documents["wf:w"]
    assert isinstance(workforce, cg.Workforce)
    assert [record.id for record in workforce.evidence] == ["ev:2"]
    assert [(person.id, person.manager) for person in workforce.people] == [
        ("person:2", None),
        ("person:3", "person:2"),
    ]
    assert workforce.teams[0].lead is None
    assert found.edits == 1


def test_what_the_edits_say_themselves_is_left_to_them() -> None:
    leaves = Edit.of({"action": "removed", "id": "person:1"})
    promoted = Edit.of({"action": "changed", "id": "team:x", "field": "lead", "after": "person:2"})
    gone = Edit.of({"action": "removed", "id": "ev:1", "table": "evidence"})
    reports = Edit.of({"action": "changed", "id": "person:2", "field": "manager", "after": "person:3"})
    assert list(departures(_graph(), [leaves, promoted, gone, reports])) == []
    both = [leaves, Edit.of({"action": "removed", "id": "person:2"})]
    assert {(edit.id, edit.field) for edit in departures(_graph(), both)} == {
        ("ev:1", ""),
        ("ev:2", ""),
        ("person:3", "manager"),
        ("team:x", "lead"),
    }


def test_nothing_follows_where_nobody_leaves() -> None:
    others = [
        Edit.of({"action": "merged", "id": "person:1", "into": ["person:2"]}),
        Edit.of({"action": "removed", "id": "cap:a"}),
        Edit.of({"action": "removed", "id": "person:nobody"}),
        Edit.of({"action": "changed", "id": "person:1", "field": "teams", "after": []}),
    ]
    assert list(departures(_graph(), others)) == []
