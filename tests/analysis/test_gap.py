"""What a role requires, what is held, and what is missing."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest
from hypothesis import given

from capgraph.analysis.attainment import EvidencePolicy, attained
from capgraph.analysis.gap import GapReport, gap
from capgraph.errors import ScaleMismatchError, UnknownIdError
from capgraph.graph import CapabilityGraph
from capgraph.model import (
    Behavior,
    Capability,
    Evidence,
    Framework,
    Person,
    ProficiencyLevel,
    ProficiencyScale,
    Requirement,
    RoleProfile,
    Workforce,
)
from gap_strategies import PEOPLE, SCALE, TODAY, policies, worlds

WHO = "person:a"
NAMES = "abcdefg"
VALUED = ProficiencyScale(
    id="scale:valued",
    label="Valued",
    kind="interval",
    minimum=0,
    maximum=7,
    levels=[ProficiencyLevel(rank=1, label="1")],
)


def _graph(roles: dict[str, list[dict[str, Any]]], held: dict[str, Any] | None = None) -> CapabilityGraph:
    framework = Framework(
        id="fw:a",
        default_scale=SCALE.id,
        scales=[SCALE, VALUED],
        capabilities=[
            *[Capability(id=f"cap:{name}", label=name.upper()) for name in NAMES],
            Capability(id="cap:v", label="V", scale=VALUED.id),
        ],
        behaviors=[
            Behavior(id=f"beh:{level}{n}", capability="cap:a", level=level, statement=f"does {level}{n}")
            for level, n in itertools.product((1, 2, 3), (1, 2))
        ],
        roles=[
            RoleProfile(id=f"role:{name}", label=name, requirements=[Requirement(**item) for item in items])
            for name, items in roles.items()
        ],
    )
    found = []
    for place, (name, record) in enumerate((held or {}).items()):
        stated = record if isinstance(record, dict) else {"level": record}
        fields = {"id": f"ev:{place}", "person": WHO, "kind": "test", "date": "2026-01-01", "capability": f"cap:{name}"}
        found.append(Evidence(**{**fields, **stated}))
    people = [Person(id=WHO, roles=["role:x"]), Person(id="person:none")]
    return CapabilityGraph(framework, Workforce(id="wf:a", people=people, evidence=found))


def _needs(name: str, level: int | None = None, **more: Any) -> dict[str, Any]:
    return {"capability": f"cap:{name}", "level": level, **more}


def _shape(report: GapReport, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(getattr(row, column) for column in columns) for row in report]


def test_rows_say_what_is_required_held_and_missing() -> None:
    graph = _graph({"x": [_needs("a", 3), _needs("b", 2), _needs("c", 4), _needs("d")]}, {"a": 1, "b": 3, "d": {}})
    report = gap(graph, WHO, "role:x", as_of=TODAY)
    assert _shape(report, "capability", "required", "attained", "shortfall", "status") == [
        ("cap:a", 3, 1, 2, "below"),
        ("cap:c", 4, None, None, "unassessed"),
        ("cap:b", 2, 3, 0, "met"),
        ("cap:d", None, None, 0, "met"),
    ]
    assert (report.person, report.role, report.as_of) == (WHO, "role:x", TODAY)
    assert report.assessed_share == 0.75
    assert report.readiness == pytest.approx((0 + 1 + 1) / 3)
    assert report.ready is False


def test_what_is_not_met_comes_first_and_gates_before_the_rest() -> None:
    graph = _graph(
        {
            "x": [
                _needs("a", 4, importance=2),
                _needs("b", 4, importance=3),
                _needs("c", 2, necessity="mandatory"),
                _needs("d", 2, necessity="optional"),
                _needs("e", 2),
                _needs("f", 1),
                _needs("g", 1, necessity="mandatory"),
            ]
        },
        {"a": 3, "b": 3, "c": 1, "d": 1, "f": 1, "g": 1},
    )
    report = gap(graph, WHO, as_of=TODAY)
    assert [row.capability[-1] for row in report] == ["c", "b", "a", "e", "d", "g", "f"]


@pytest.mark.parametrize(
    ("needs", "held", "credit"),
    [
        (_needs("a", 4), 2, 1 / 3),
        (_needs("a", 4), 0, 0),
        (_needs("a", 1), 1, 1),
        (_needs("a", 1), 0, 0),
        (_needs("a", 2), 4, 1),
        (_needs("a"), 0, 0),
        (_needs("v", None, value=4.0), {"value": 1.0}, 0.25),
        (_needs("v", None, value=4.0), {"value": 5.0}, 1),
    ],
)
def test_credit_counts_steps_from_the_lowest_level(needs: dict[str, Any], held: object, credit: float) -> None:
    report = gap(_graph({"x": [needs]}, {needs["capability"][-1]: held}), WHO, as_of=TODAY)
    assert report.records[0].credit == pytest.approx(credit)
    assert report.readiness == pytest.approx(credit)


def test_readiness_is_weighted_by_importance() -> None:
    graph = _graph({"x": [_needs("a", 4, importance=3), _needs("b", 2)]}, {"a": 1, "b": 2})
    assert gap(graph, WHO, as_of=TODAY).readiness == pytest.approx(0.25)
    graph = _graph({"x": [_needs("a", 4, importance=0)]}, {"a": 4})
    assert gap(graph, WHO, as_of=TODAY).readiness is None


@pytest.mark.parametrize(
    ("needs", "held", "ready"),
    [
        ([_needs("a", 3, minimum=2)], {"a": 2}, True),
        ([_needs("a", 3, minimum=2)], {"a": 1}, False),
        ([_needs("a", 3, minimum=2, necessity="mandatory")], {"a": 2}, False),
        ([_needs("a", 3, necessity="optional")], {}, True),
        ([_needs("a", 1), _needs("b", 3, necessity="optional")], {"a": 1, "b": 1}, True),
        ([_needs("a", 1), _needs("b", 3)], {"a": 1}, None),
        ([_needs("a", 2), _needs("b", 3)], {"a": 1}, False),
    ],
)
def test_ready_asks_for_gates_and_minimums(needs: list[dict[str, Any]], held: dict[str, Any], ready: object) -> None:
    report = gap(_graph({"x": needs}, held), WHO, as_of=TODAY)
    assert report.ready is ready


def test_above_is_told_only_when_asked_for_and_beyond_the_stretch() -> None:
    graph = _graph({"x": [_needs("a", 2, stretch=3), _needs("b", 2)]}, {"a": 3, "b": 3})
    assert _shape(gap(graph, WHO, as_of=TODAY), "status") == [("met",), ("met",)]
    found = gap(graph, WHO, as_of=TODAY, above=True)
    assert _shape(found, "capability", "status") == [("cap:a", "met"), ("cap:b", "above")]
    assert found.ready is True


def test_missing_behaviors_are_told_in_words() -> None:
    graph = _graph({"x": [_needs("a", 3)]}, {"a": {"level": 1}})
    assert gap(graph, WHO, as_of=TODAY).records[0].behaviors == ("does 21", "does 22", "does 31", "does 32")
    held = {"a": {"level": 1}, "b": {"capability": None, "behavior": "beh:21"}}
    assert gap(_graph({"x": [_needs("a", 3)]}, held), WHO, as_of=TODAY).records[0].behaviors == (
        "does 22",
        "does 31",
        "does 32",
    )
    assert len(gap(_graph({"x": [_needs("a", 3)]}), WHO, as_of=TODAY).records[0].behaviors) == 6


def test_a_requirement_of_a_value_is_compared_with_values_alone() -> None:
    graph = _graph({"x": [_needs("v", None, value=4.5)]}, {"v": {"value": 3.0}})
    assert _shape(gap(graph, WHO, as_of=TODAY), "required", "attained", "shortfall") == [(4.5, 3.0, 1.5)]
    graph = _graph({"x": [_needs("v", None, value=4.5)]}, {"v": {"level": 1}})
    assert gap(graph, WHO, as_of=TODAY).records[0].status == "unassessed"


def test_a_role_is_compared_with_a_role() -> None:
    roles = {"x": [_needs("a", 2), _needs("b"), _needs("c", 4)], "y": [_needs("a", 4), _needs("b", 3), _needs("d", 2)]}
    report = gap(_graph(roles), "role:x", "role:y", as_of=TODAY)
    assert _shape(report, "capability", "attained", "shortfall", "status") == [
        ("cap:a", 2, 2, "below"),
        ("cap:d", 0, 2, "below"),
        ("cap:b", None, None, "unassessed"),
    ]
    assert (report.person, report.source_role, report.role) == (None, "role:x", "role:y")
    assert all(row.is_met for row in gap(_graph(roles), "role:x", "role:x", as_of=TODAY))


def test_of_several_roles_a_covered_statement_is_left_out() -> None:
    roles = {
        "x": [_needs("a", 2), _needs("b", 3), _needs("c", 2)],
        "y": [_needs("a", 3), _needs("b", 2, necessity="mandatory"), _needs("c", 2)],
    }
    report = gap(_graph(roles), WHO, ["role:y", "role:x"], as_of=TODAY)
    assert sorted(_shape(report, "capability", "required", "role")) == [
        ("cap:a", 3, "role:y"),
        ("cap:b", 2, "role:y"),
        ("cap:b", 3, "role:x"),
        ("cap:c", 2, "role:x"),
    ]
    assert report.roles == ("role:x", "role:y")


def test_a_policy_that_leaves_out_all_evidence_says_so() -> None:
    graph = _graph({"x": [_needs("a", 2), _needs("b", 2)]}, {"a": {"level": 3, "kind": "self"}})
    report = gap(graph, WHO, policy=EvidencePolicy(excluded=["self"]), as_of=TODAY)
    assert _shape(report, "attained", "status") == [(None, "unassessed")] * 2
    assert "none of the 1 records about the required capabilities counts" in report.notes[0]
    assert "the policy excludes evidence of kind self (1)" in report.notes[0]
    assert (report.readiness, report.assessed_share, report.ready) == (None, 0, None)


def test_rows_carry_their_evidence() -> None:
    graph = _graph({"x": [_needs("a", 2)]}, {"a": {"level": 3, "kind": "manager"}})
    facts = gap(graph, WHO, as_of=TODAY).evidence(0)
    assert [fact["text"] for fact in facts] == [
        "role:x requires level 2 of cap:a (essential)",
        "manager of 2026-01-01 says level 3 of cap:a: weighs 0.8",
    ]
    assert facts[1]["ids"] == ["ev:0"]


def test_levels_of_two_scales_are_refused() -> None:
    graph = _graph({"x": [_needs("a", 1, scale="scale:valued")]}, {"a": 1})
    with pytest.raises(ScaleMismatchError, match=r"'role:x' states the level 1 of 'cap:a' on 'scale:valued'"):
        gap(graph, WHO, as_of=TODAY)
    policy = EvidencePolicy(rescale=[{"source": "scale:valued", "target": "scale:four", "levels": {1: 3}}])
    assert gap(graph, WHO, policy=policy, as_of=TODAY).records[0].required == 3


@pytest.mark.parametrize(
    ("subject", "role", "message"),
    [
        ("person:b", "role:x", "did you mean 'person:a'"),
        (WHO, "role:z", "did you mean 'role:x'"),
        ("cap:a", "role:x", "is a Capability, not a RoleProfile"),
        (WHO, "cap:a", "is a Capability, not a RoleProfile"),
        ("person:none", None, "holds no role in this graph; name the role"),
        (WHO, [], "is compared with no role"),
    ],
)
def test_wrong_ids_are_refused(subject: str, role: object, message: str) -> None:
    with pytest.raises(UnknownIdError, match=message):
        gap(_graph({"x": [_needs("a")]}), subject, role)  # type: ignore[arg-type]


def test_a_role_without_requirements_says_so() -> None:
    report = gap(_graph({"x": []}), WHO, as_of=TODAY)
    assert (len(report), report.readiness, report.assessed_share) == (0, None, None)
    assert report.notes == ("the role states no requirements",)


def test_a_gap_is_asked_about_one_day() -> None:
    graph = _graph({"x": [_needs("a", 2)]}, {"a": {"level": 2, "date": "2026-01-01", "expires": "2026-01-31"}})
    statuses = [gap(graph, WHO, as_of=dt.date(2026, month, 1)).records[0].status for month in (1, 2)]
    assert statuses == ["met", "unassessed"]


@given(worlds(), policies)
def test_a_gap_has_only_met_rows_exactly_when_every_requirement_is_met(
    graph: CapabilityGraph, policy: EvidencePolicy
) -> None:
    for person, role in itertools.product(PEOPLE, ("role:x", "role:y")):
        report = gap(graph, person, role, policy=policy, as_of=TODAY)
        for row in report:
            held = attained(graph, person, row.capability, policy=policy, as_of=TODAY)
            stated = next(one.requirement for one in graph.requirements(role) if one.capability == row.capability)
            if stated.level is not None:
                met = held.level is not None and held.level >= stated.level
            elif stated.value is not None:
                met = held.value is not None and held.value >= stated.value
            else:
                met = held.held
            assert row.is_met == met
            assert (row.shortfall == 0) == met
            assert (row.status == "unassessed") == (row.shortfall is None)
        assert len(report) == len(graph.requirements(role))
        assert report.readiness is None or 0 <= report.readiness <= 1


@given(worlds())
def test_whoever_holds_exactly_a_role_lacks_nothing_of_it(graph: CapabilityGraph) -> None:
    for role in ("role:x", "role:y"):
        assert all(row.is_met for row in gap(graph, role, role, as_of=TODAY))


def test_self_ratings_stand_beside_the_result_whether_or_not_they_count() -> None:
    graph = _graph({"x": [_needs("a", 3), _needs("b", 2), _needs("c", 2)]}, {"a": 1, "b": {"kind": "self", "level": 4}})
    workforce = graph.documents["wf:a"]
    assert isinstance(workforce, Workforce)
    fields = {"person": WHO, "capability": "cap:a", "kind": "self"}
    own = Evidence(id="ev:own", level=4, date="2026-02-01", **fields)
    later = Evidence(id="ev:later", level=1, date="2026-03-02", **fields)
    graph = CapabilityGraph(graph.documents["fw:a"], workforce.replace(evidence=[*workforce.evidence, own, later]))
    for excluded in ((), ("self",)):
        report = gap(graph, WHO, "role:x", policy=EvidencePolicy(excluded=excluded), as_of=TODAY)
        rows = {row.capability: row for row in report}
        assert [rows[f"cap:{name}"].self_level for name in "abc"] == [4, 4, None]
        assert rows["cap:a"].self_difference == 3
        assert rows["cap:b"].self_difference == (None if excluded else 0)


def test_a_self_rating_on_another_scale_is_shown_only_where_it_can_be_read() -> None:
    other = {"kind": "self", "level": 1, "scale": VALUED.id}
    graph = _graph({"x": [_needs("a", 3)]}, {"a": other})
    read = [{"source": VALUED.id, "target": SCALE.id, "levels": {1: 3}}]
    for rescale, level in (((), None), (read, 3)):
        policy = EvidencePolicy(excluded=["self"], rescale=rescale)
        assert gap(graph, WHO, "role:x", policy=policy, as_of=TODAY).records[0].self_level == level


def test_what_is_neither_a_person_nor_a_role_is_told_what_it_is() -> None:
    graph = _graph({"x": [_needs("a", 3)]})
    told = "'cap:a' is a Capability, not a RoleProfile or a Person; give the id of a RoleProfile or a Person"
    with pytest.raises(UnknownIdError, match=told):
        gap(graph, "cap:a", "role:x", as_of=TODAY)
