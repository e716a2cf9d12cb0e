"""What the people of a team hold together, against what their roles need."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import re
from typing import Any

import openpyxl
import pytest
from hypothesis import given

from capgraph.analysis.attainment import EvidencePolicy
from capgraph.analysis.gap import gap
from capgraph.analysis.team_gap import TeamGapReport, team_gap
from capgraph.errors import UnknownIdError
from capgraph.graph import CapabilityGraph
from capgraph.model import Capability, Evidence, Framework, Person, Requirement, RoleProfile, Team, Workforce
from gap_strategies import PEOPLE, SCALE, TODAY, policies, worlds

TEAM = "team:t"
HELD = {"ann": {"a": 3, "b": 2}, "bob": {"a": 1}, "cat": {"b": 4}, "dan": {}}


def _graph(held: dict[str, dict[str, int]] | None = None) -> CapabilityGraph:
    framework = Framework(
        id="fw:a",
        default_scale=SCALE.id,
        scales=[SCALE],
        capabilities=[Capability(id=f"cap:{name}", label=label) for name, label in (("a", "=A()"), ("b", "B"))],
        roles=[
            RoleProfile(
                id="role:x",
                label="X",
                requirements=[
                    Requirement(capability="cap:a", level=2, necessity="mandatory", importance=2),
                    Requirement(capability="cap:b", level=2),
                ],
            ),
            RoleProfile(id="role:y", label="Y", requirements=[Requirement(capability="cap:a", level=3)]),
        ],
    )
    found = HELD if held is None else held
    records = [
        {"id": f"ev:{person}-{name}", "person": f"person:{person}", "capability": f"cap:{name}", "level": level}
        for person, levels in found.items()
        for name, level in levels.items()
    ]
    teams = {"ann": "team:t", "bob": "team:t", "cat": "team:sub", "dan": "team:sub"}
    roles = {"ann": ["role:x"], "bob": ["role:x"], "cat": ["role:y"], "dan": []}
    workforce = Workforce(
        id="wf:a",
        teams=[
            Team(id=TEAM, label="T", headcount=5),
            Team(id="team:sub", label="Sub", broader=[TEAM]),
            Team(id="team:none", label="None"),
        ],
        people=[
            Person(id=f"person:{name}", label=f"+{name}", teams=[team], roles=roles[name])
            for name, team in teams.items()
        ],
        evidence=[Evidence(kind="test", date="2026-01-01", **record) for record in records],
    )
    return CapabilityGraph(framework, workforce)


def _shape(report: TeamGapReport, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(getattr(row, column) for column in columns) for row in report]


def test_holders_are_set_against_what_is_needed_at_each_level() -> None:
    report = team_gap(_graph(), TEAM, as_of=TODAY)
    columns = ("capability", "level", "needed", "holders", "shortfall", "below", "unassessed", "last_holder")
    assert _shape(report, *columns) == [
        ("cap:a", 2, 3, 1, 2, 1, 1, "person:ann"),
        ("cap:a", 3, 1, 1, 0, 0, 1, "person:ann"),
        ("cap:b", 2, 2, 2, 0, 0, 1, None),
    ]
    assert [row.assessed_share for row in report] == [pytest.approx(2 / 3), 0, 0.5]
    assert (report.people, report.headcount, report.met, report.below, report.unassessed) == (4, 5, 2, 1, 2)
    assert [row.capability for row in report.worst] == ["cap:a"]
    assert report.notes == ("1 of 4 people hold no role; nothing is required of them",)


def test_sub_teams_roll_up_and_are_told_apart() -> None:
    report = team_gap(_graph(), TEAM, as_of=TODAY)
    assert report.parts == (("team:sub", 2, 0, 0, 1),)
    alone = team_gap(_graph(), "team:sub", as_of=TODAY)
    assert _shape(alone, "capability", "needed", "holders") == [("cap:a", 1, 0)]


def test_without_says_what_is_lost_when_somebody_leaves() -> None:
    report = team_gap(_graph(), TEAM, as_of=TODAY, without="person:ann")
    found = {(row.capability, row.level): (row.needed, row.holders, row.last_holder) for row in report}
    assert found == {("cap:a", 2): (3, 0, None), ("cap:a", 3): (1, 0, None), ("cap:b", 2): (2, 1, "person:cat")}
    assert report.without == ("person:ann",)
    assert team_gap(_graph(), TEAM, as_of=TODAY, without=["person:ann", "person:cat"]).records[-1].holders == 0


def test_gates_come_first_and_then_what_hangs_on_one_person() -> None:
    held = {"ann": {"a": 3, "b": 1}, "bob": {"a": 2, "b": 1}, "cat": {"a": 3}}
    report = team_gap(_graph(held), TEAM, as_of=TODAY)
    assert _shape(report, "capability", "level", "shortfall") == [("cap:b", 2, 2), ("cap:a", 2, 0), ("cap:a", 3, 0)]


def test_rows_carry_the_records_of_the_last_holder() -> None:
    facts = team_gap(_graph(), TEAM, as_of=TODAY).evidence(0)
    assert [fact["text"] for fact in facts] == [
        "role:x requires level 2 of cap:a (mandatory)",
        "role:y requires level 3 of cap:a (essential)",
        "required of",
        "held by",
        "test of 2026-01-01 says level 3 of cap:a: weighs 1",
    ]
    assert facts[2]["ids"] == ["person:ann", "person:bob", "person:cat"]


def test_the_matrix_shows_who_holds_what() -> None:
    matrix = team_gap(_graph(), TEAM, as_of=TODAY).matrix
    assert matrix.rows()[:2] == [
        {"person": "person:ann", "cap:a": 3, "cap:b": 2},
        {"person": "person:bob", "cap:a": 1, "cap:b": None},
    ]
    assert matrix.cells["person:cat", "cap:b"].status is None
    assert [(gap_["person"], gap_["capability"], gap_["shortfall"], gap_["status"]) for gap_ in matrix.gaps()] == [
        ("person:bob", "cap:a", 1, "below"),
        ("person:bob", "cap:b", None, "unassessed"),
        ("person:cat", "cap:a", None, "unassessed"),
    ]


def test_the_heatmap_is_escaped_and_tells_the_status_without_color() -> None:
    page = team_gap(_graph(), TEAM, as_of=TODAY).matrix._repr_html_()
    assert "1/2 ▽" in page
    assert "3/2 ✓" in page
    assert re.search(r"title='\+bob, =A\(\): below the required level'", page)


def test_the_workbook_holds_matrix_gaps_and_legend_and_no_formula() -> None:
    book = openpyxl.load_workbook(io.BytesIO(team_gap(_graph(), TEAM, as_of=TODAY).matrix.to_xlsx()))
    assert book.sheetnames == ["Matrix", "Gaps", "Legend"]
    rows = [[cell.value for cell in row] for row in book["Matrix"].iter_rows()]
    assert rows[0] == ["T", "=A()", "B"]
    assert rows[1:3] == [["+ann", 3, 2], ["+bob", 1, "?"]]
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    fills = {cell.fill.start_color.rgb for cell in (book["Matrix"]["B2"], book["Matrix"]["B3"], book["Matrix"]["C3"])}
    assert len(fills) == 3
    gaps = [[cell.value for cell in row] for row in book["Gaps"].iter_rows()]
    assert gaps[1] == ["+bob", "=A()", 2, 1, 1, "below"]
    assert len(gaps) == 4
    assert [row[1].value for row in book["Legend"].iter_rows(min_row=2)][:2] == [
        "above what is asked for",
        "required level reached",
    ]


@pytest.mark.parametrize(
    ("team", "without", "message"),
    [
        ("team:u", (), "did you mean 'team:t'"),
        ("person:ann", (), "is a Person, not a Team"),
        (TEAM, "person:anna", "did you mean 'person:ann'"),
    ],
)
def test_wrong_ids_are_refused(team: str, without: str, message: str) -> None:
    with pytest.raises(UnknownIdError, match=message):
        team_gap(_graph(), team, without=without)


def test_empty_teams_and_policies_that_exclude_everything_say_so() -> None:
    assert team_gap(_graph(), "team:none").notes == ("team:none has no people",)
    report = team_gap(_graph(), TEAM, policy=EvidencePolicy(excluded=["test"]), as_of=TODAY)
    assert (report.below, report.unassessed) == (0, 5)
    assert "the policy leaves out all 3 records" in report.notes[1]


def test_a_team_is_asked_about_one_day() -> None:
    report = team_gap(_graph(), TEAM, as_of=dt.date(2025, 1, 1))
    assert report.unassessed == 5


@given(worlds(), policies)
def test_a_team_is_the_sum_of_its_people(graph: CapabilityGraph, policy: EvidencePolicy) -> None:
    report = team_gap(graph, TEAM, policy=policy, as_of=TODAY)
    single = [gap(graph, person, policy=policy, as_of=TODAY) for person in PEOPLE]
    rows = list(itertools.chain.from_iterable(single))
    assert (report.met, report.below, report.unassessed) == tuple(
        sum(row.status == status for row in rows) for status in ("met", "below", "unassessed")
    )
    for row in report:
        assert row.holders >= row.needed - row.below - row.unassessed
        assert row.shortfall == max(0, row.needed - row.holders)
