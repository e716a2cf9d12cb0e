"""Demand against supply: build, borrow or hire; and what changed from day to day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capgraph.analysis.attainment import EvidencePolicy
from capgraph.analysis.gap import gap
from capgraph.analysis.planning import workforce_plan
from capgraph.analysis.restructure import moved, restructure
from capgraph.analysis.team_trend import team_trend
from capgraph.analysis.trend import gap_trend
from capgraph.errors import DocumentError, UnknownIdError
from capgraph.graph import CapabilityGraph
from capgraph.model import Capability, Evidence, Framework, Person, Requirement, RoleProfile, Team, Workforce
from gap_strategies import PEOPLE, SCALE, TODAY, worlds

HELD = {"ann": ("t", "x", 3), "bob": ("t", "x", 2), "cat": ("t", "x", None), "dan": ("u", "y", 4), "eve": ("u", "y", 3)}


def _graph() -> CapabilityGraph:
    framework = Framework(
        id="fw:a",
        default_scale=SCALE.id,
        scales=[SCALE],
        capabilities=[Capability(id="cap:a", label="A")],
        roles=[
            RoleProfile(id="role:x", label="X", requirements=[Requirement(capability="cap:a", level=3)]),
            RoleProfile(id="role:y", label="Y", requirements=[Requirement(capability="cap:a", level=4)]),
            RoleProfile(id="role:z", label="Z", requirements=[Requirement(capability="cap:a")]),
        ],
    )
    workforce = Workforce(
        id="wf:a",
        teams=[Team(id=f"team:{name}", label=name) for name in "tu"],
        people=[
            Person(id=f"person:{name}", teams=[f"team:{team}"], roles=[f"role:{role}"])
            for name, (team, role, _) in HELD.items()
        ],
        evidence=[
            Evidence(id=f"ev:{name}", person=f"person:{name}", capability="cap:a", kind="test", level=level, date=TODAY)
            for name, (_, _, level) in HELD.items()
            if level is not None
        ],
    )
    return CapabilityGraph(framework, workforce)


def _plan(headcount: dict[str, int], **options: Any) -> dict[float | None, tuple[int, ...]]:
    columns = ("needed_now", "needed", "holders", "build", "borrow", "hire", "unassessed")
    report = workforce_plan(_graph(), headcount, as_of=TODAY, **options)
    return {row.level: tuple(getattr(row, column) for column in columns) for row in report}


def test_a_shortfall_is_built_borrowed_and_hired_in_this_order() -> None:
    assert _plan({"role:x": 5}, team="team:t") == {3: (3, 5, 1, 1, 0, 3, 1)}
    assert _plan({"role:x": 3, "role:y": 2}, team="team:t") == {
        3: (3, 5, 1, 1, 0, 3, 1),
        4: (0, 2, 0, 1, 0, 1, 1),
    }


def test_people_elsewhere_are_lent_only_beyond_what_is_needed_there() -> None:
    assert _plan({"role:z": 4, "role:y": 0}, team="team:u")[None] == (2, 4, 2, 0, 0, 2, 0)
    graph = _graph()
    idle = graph.documents["wf:a"]
    assert isinstance(idle, Workforce)
    people = [person.replace(roles=[]) if person.teams == ("team:u",) else person for person in idle.people]
    lent = CapabilityGraph(graph.documents["fw:a"], idle.replace(people=people))
    rows = workforce_plan(lent, {"role:x": 5}, team="team:t", as_of=TODAY).records
    assert [(row.build, row.borrow, row.hire) for row in rows] == [(1, 2, 1)]


def test_roles_that_are_not_named_keep_their_people_and_reach_says_who_can_be_developed() -> None:
    assert _plan({}) == {4: (2, 2, 1, 1, 0, 0, 1), 3: (5, 5, 3, 1, 0, 1, 1)}
    assert _plan({}, reach=0)[3] == (5, 5, 3, 0, 0, 2, 1)
    report = workforce_plan(_graph(), {"role:y": 1}, as_of=TODAY)
    assert (report.people, report.posts, report.team) == (5, 4, None)


def test_wrong_plans_are_refused() -> None:
    with pytest.raises(DocumentError) as told:
        workforce_plan(_graph(), {"role:y": -1}, reach=-1)
    assert [issue.code for issue in told.value.issues] == ["headcount", "reach"]
    with pytest.raises(UnknownIdError, match="did you mean 'role:x'"):
        workforce_plan(_graph(), {"role:w": 1})
    with pytest.raises(UnknownIdError, match="is a Person, not a Team"):
        workforce_plan(_graph(), {}, team="person:ann")


@given(worlds(), st.integers(0, 5), st.integers(0, 3))
def test_the_ways_to_close_a_shortfall_add_up(graph: CapabilityGraph, count: int, reach: int) -> None:
    for row in workforce_plan(graph, {"role:x": count}, reach=reach, as_of=TODAY):
        assert row.build + row.borrow + row.hire == row.shortfall == max(0, row.needed - row.holders)
        assert row.holders + row.build + row.unassessed <= len(PEOPLE)


def _history(*records: tuple[str, int, str | None]) -> CapabilityGraph:
    evidence = [
        Evidence(
            id=f"ev:{place}",
            person="person:a",
            capability="cap:a",
            kind="test",
            level=level,
            date=date,
            expires=expires,
        )
        for place, (date, level, expires) in enumerate(records)
    ]
    graph = _graph()
    workforce = Workforce(id="wf:a", people=[Person(id="person:a", roles=["role:x"])], evidence=evidence)
    return CapabilityGraph(graph.documents["fw:a"], workforce)


def test_a_trend_tells_what_changed_and_on_which_evidence() -> None:
    graph = _history(("2025-01-01", 1, "2025-04-30"), ("2025-02-01", 2, None), ("2025-05-01", 4, "2025-06-30"))
    days = [dt.date(2025, month, 15) for month in (1, 3, 5, 7)]
    trend = gap_trend(graph, "person:a", dates=[dt.date(2024, 1, 1), *days])
    shown = [(row.date.month, row.change, row.before, row.after) for row in trend]
    assert shown == [(1, "assessed", None, 1), (5, "up", 1, 2)]
    assert {fact["ids"][0] for fact in trend.evidence(1)} == {"ev:0", "ev:2"}


def test_statuses_open_close_lapse_and_levels_move() -> None:
    graph = _history(("2025-01-01", 1, "2025-01-31"), ("2025-02-01", 2, "2025-02-28"), ("2025-03-01", 3, "2025-03-31"))
    days = [dt.date(2025, month, 15) for month in (1, 2, 3, 4)]
    trend = gap_trend(graph, "person:a", dates=reversed(days))
    assert [row.change for row in trend] == ["up", "closed", "lapsed"]
    assert [point.met for point in trend.points] == [0, 0, 1, 0]
    assert any("says level 3" in fact["text"] for fact in trend.evidence(1))
    back = _history(("2025-01-01", 3, "2025-01-31"), ("2025-02-01", 2, "2025-02-28"), ("2025-03-01", 1, "2025-03-31"))
    assert [row.change for row in gap_trend(back, "person:a", dates=days)] == ["opened", "down", "lapsed"]


def test_a_trend_needs_two_days() -> None:
    with pytest.raises(DocumentError, match=r"'person:a' is asked about on 1 day \(dates\); give at least two"):
        gap_trend(_history(), "person:a", dates=[TODAY, TODAY])


@given(worlds())
def test_the_points_of_a_trend_are_the_gaps_of_their_days(graph: CapabilityGraph) -> None:
    days = [TODAY - dt.timedelta(days=300), TODAY]
    trend = gap_trend(graph, PEOPLE[0], dates=days)
    gaps = [gap(graph, PEOPLE[0], as_of=day) for day in days]
    assert [(point.readiness, point.assessed_share) for point in trend.points] == [
        (one.readiness, one.assessed_share) for one in gaps
    ]
    moved = {row.capability for row in trend}
    for one, other in zip(*(sorted(report, key=lambda row: row.capability) for report in gaps), strict=True):
        assert (one.status, one.attained) == (other.status, other.attained) or one.capability in moved


def test_a_restructure_is_seen_before_anybody_moves() -> None:
    graph = _graph()
    report = restructure(graph, moved(graph, teams={"person:ann": "team:u"}), as_of=TODAY)
    columns = ("team", "level", "needed_before", "needed", "holders_before", "holders", "change", "last_holder")
    assert [tuple(getattr(row, column) for column in columns) for row in report] == [
        ("team:t", 3, 3, 2, 1, 0, 0, None),
        ("team:u", 3, 0, 3, 0, 3, 0, None),
    ]
    assert (report.shortfall_before, report.shortfall) == (3, 3)
    changed = restructure(graph, moved(graph, roles={"person:dan": "role:x"}), as_of=TODAY)
    assert [(row.level, row.needed_before, row.needed) for row in changed] == [(3, 0, 2), (4, 2, 1)]
    assert len(restructure(graph, graph, as_of=TODAY)) == 0


def test_moves_of_unknown_people_are_refused_all_at_once() -> None:
    with pytest.raises(DocumentError) as told:
        moved(_graph(), teams={"person:zoe": "team:v"}, roles={"person:ann": "cap:a"})
    assert [issue.ids[0] for issue in told.value.issues] == ["person:zoe", "team:v", "cap:a"]


def test_values_are_planned_like_levels() -> None:
    graph = _graph()
    framework, workforce = graph.documents["fw:a"], graph.documents["wf:a"]
    assert isinstance(framework, Framework)
    assert isinstance(workforce, Workforce)
    valued = RoleProfile(id="role:v", label="V", requirements=[Requirement(capability="cap:a", value=5.0)])
    records = [
        Evidence(id=f"ev:v{n}", person=person, capability="cap:a", kind="test", value=value, date=TODAY)
        for n, (person, value) in enumerate({"person:ann": 5.5, "person:bob": 4.5, "person:cat": 1.0}.items())
    ]
    graph = CapabilityGraph(
        framework.replace(roles=[*framework.roles, valued]),
        workforce.replace(evidence=[*workforce.evidence, *records]),
    )
    plan = workforce_plan(graph, {"role:v": 4, "role:x": 0, "role:y": 0}, as_of=TODAY)
    (row,) = [row for row in plan if row.level == 5.0]
    assert (row.needed, row.holders, row.build, row.borrow, row.hire, row.unassessed) == (4, 1, 1, 0, 2, 0)


def test_a_team_trend_tells_who_gained_and_lost_what_and_on_which_evidence() -> None:
    workforce = _graph().documents["wf:a"]
    assert isinstance(workforce, Workforce)
    days = [dt.date(2025, 1, 1), dt.date(2025, 6, 1), dt.date(2026, 1, 1)]
    fields = {"person": "person:bob", "capability": "cap:a", "kind": "test", "level": 4}
    passing = Evidence(id="ev:new", date="2025-03-01", expires="2025-12-31", **fields)
    old = [record.replace(date=dt.date(2024, 1, 1)) for record in workforce.evidence]
    graph = CapabilityGraph(_graph().documents["fw:a"], workforce.replace(evidence=[*old, passing]))
    policy = EvidencePolicy(combine="latest")
    trend = team_trend(graph, "team:t", dates=reversed(days), policy=policy)
    shown = [(row.date, row.holders_before, row.holders, row.gained, row.lost, row.tone()) for row in trend]
    assert shown == [
        (days[1], 1, 2, ("person:bob",), (), "good"),
        (days[2], 2, 1, (), ("person:bob",), "poor"),
    ]
    assert [fact["ids"] for fact in trend.evidence(0)] == [["ev:new"]]
    assert "expired on 2025-12-31" in trend.evidence(1)[0]["text"]
    assert [(point.date, point.shortfall, point.met) for point in trend.points] == [
        (days[0], 2, 1),
        (days[1], 1, 2),
        (days[2], 2, 1),
    ]
    with pytest.raises(DocumentError, match="'team:t' is asked about on 1 day"):
        team_trend(graph, "team:t", dates=days[:1])
