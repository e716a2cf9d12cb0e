from __future__ import annotations

import itertools
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capgraph import (
    Alignment,
    Capability,
    CapabilityGraph,
    Catalog,
    Condition,
    Evidence,
    Framework,
    LearningAsset,
    Person,
    Requirement,
    RoleProfile,
    Workforce,
    curriculum,
)
from capgraph.errors import ArgumentError, UnknownIdError
from capgraph.model import Money, Team

CAPABILITIES = ("cap:x", "cap:y", "cap:z")
PEOPLE = ("person:a", "person:b", "person:c")


def euro(amount: float) -> Money:
    return Money(amount=amount, currency="EUR")


def asset(name: str, *taught: str, head: float = 0, run: float = 0, **fields: Any) -> LearningAsset:
    return LearningAsset(
        id=f"asset:{name}",
        title=name,
        duration=60,
        cost=euro(head),
        session_cost=euro(run),
        alignments=[Alignment(target=capability) for capability in taught],
        **fields,
    )


def graph_of(
    assets: list[LearningAsset],
    requirements: list[Requirement] | None = None,
    held: dict[str, tuple[str, ...]] | None = None,
    people: tuple[str, ...] = PEOPLE,
) -> CapabilityGraph:
    wanted = requirements or [Requirement(capability=capability) for capability in CAPABILITIES]
    framework = Framework(
        id="fw:c",
        capabilities=[Capability(id=id_, label=id_) for id_ in CAPABILITIES],
        roles=[RoleProfile(id="role:r", label="R", requirements=wanted)],
    )
    evidence = [
        Evidence(
            id=f"ev:{person[-1]}{capability[-1]}", person=person, capability=capability, kind="test", date="2026-01-01"
        )
        for person, capabilities in (held or {}).items()
        for capability in capabilities
    ]
    workforce = Workforce(
        id="wf:c",
        people=[Person(id=person, teams=["team:t"]) for person in people],
        teams=[Team(id="team:t", label="T")],
        evidence=evidence,
    )
    return CapabilityGraph(framework, Catalog(id="cat:c", assets=assets), workforce)


@st.composite
def cases(draw: st.DrawFn) -> tuple[CapabilityGraph, float]:
    assets = [
        asset(
            name,
            *draw(st.lists(st.sampled_from(CAPABILITIES), min_size=1, max_size=2, unique=True)),
            head=draw(st.integers(0, 3)),
            run=draw(st.integers(0, 6)),
            seats=draw(st.sampled_from((None, 1, 2))),
        )
        for name in "pqr"[: draw(st.integers(1, 3))]
    ]
    requirements = [
        Requirement(
            capability=capability,
            importance=draw(st.integers(1, 4)),
            necessity=draw(st.sampled_from(("mandatory", "essential"))),
        )
        for capability in CAPABILITIES
    ]
    held = {person: tuple(draw(st.sets(st.sampled_from(CAPABILITIES), max_size=2))) for person in PEOPLE[:2]}
    return graph_of(assets, requirements, held, PEOPLE[:2]), draw(st.integers(0, 20))


def brute_force(graph: CapabilityGraph, budget: float) -> tuple[float, float, int, float]:
    """Return the worth of gates, of the rest, the steps and the cost, by looking at every choice of everybody."""
    assets = [node for id_ in graph.ids(LearningAsset) if isinstance(node := graph[id_], LearningAsset)]
    stated = {one.capability: one.requirement for one in graph.requirements("role:r")}
    subsets = [list(itertools.compress(assets, mask)) for mask in itertools.product((0, 1), repeat=len(assets))]
    people = graph.ids(Person)
    lacks = {person: set(CAPABILITIES) - {one.capability for one in graph.evidence(person)} for person in people}
    found = []
    for choice in itertools.product(subsets, repeat=len(people)):
        heads = [one for chosen in choice for one in chosen]
        cost = sum(float(one.cost.amount) for one in heads if one.cost)
        for one in assets:
            count = heads.count(one)
            runs = 0 if not count else 1 if one.seats is None else math.ceil(count / one.seats)
            cost += runs * float(one.session_cost.amount if one.session_cost else 0)
        if cost <= budget:
            worth = {"mandatory": 0.0, "essential": 0.0}
            steps = 0
            for person, chosen in zip(people, choice, strict=True):
                for capability in lacks[person] & {alignment.target for one in chosen for alignment in one.alignments}:
                    worth[stated[capability].necessity] += stated[capability].importance or 0.0
                    steps += 1
            found.append((-worth["mandatory"], -worth["essential"], -steps, cost))
    return min(found)


@settings(max_examples=80)
@given(cases())
def test_the_curriculum_equals_brute_force(case: tuple[CapabilityGraph, float]) -> None:
    graph, budget = case
    plan = curriculum(graph, "team:t", "role:r", max_cost=budget, unassessed="teach", steps=0)
    gates, rest, _, cost = brute_force(graph, budget)
    assert plan.optimal
    assert float(plan.cost) == pytest.approx(cost)
    assert sum(learner.importance_closed for learner in plan.learners) == pytest.approx(-gates - rest)


def test_sessions_fill_up_and_are_paid_once() -> None:
    graph = graph_of([asset("p", "cap:x", head=1, run=10, seats=2)])
    plan = curriculum(graph, PEOPLE, "role:r", unassessed="teach", steps=0)
    assert [(row.asset, row.people, row.sessions, float(row.cost)) for row in plan] == [("asset:p", PEOPLE, 2, 23)]


def test_sessions_are_paid_in_the_currency_of_the_budget() -> None:
    dollars = Money(amount=5, currency="USD")
    only = [asset("p", "cap:x").replace(cost=None, session_cost=dollars)]
    plan = curriculum(graph_of(only), "team:t", "role:r", unassessed="teach", steps=0)
    assert (float(plan.cost), plan.currency) == (5, "USD")
    assert not curriculum(graph_of(only), "team:t", "role:r", unassessed="teach", steps=0, max_cost=4).records
    both = graph_of([*only, asset("q", "cap:x", head=3)])
    with pytest.raises(ArgumentError, match="prices in EUR and USD cannot be added"):
        curriculum(both, "team:t", "role:r", unassessed="teach", steps=0)
    plan = curriculum(both, "team:t", "role:r", unassessed="teach", steps=0, currency="EUR")
    assert [(row.asset, float(row.cost)) for row in plan] == [("asset:q", 9)]


def test_budgets_serve_those_first_who_gain_most() -> None:
    held = {"person:a": ("cap:x", "cap:y"), "person:b": ("cap:x",)}
    requirements = [
        Requirement(capability="cap:x", necessity="mandatory"),
        Requirement(capability="cap:y", importance=2),
        Requirement(capability="cap:z", importance=1),
    ]
    graph = graph_of([asset("p", *CAPABILITIES, head=10)], requirements, held)
    plan = curriculum(graph, "team:t", "role:r", max_cost=10, unassessed="teach", steps=3)
    assert [row.people for row in plan] == [("person:c",)]
    assert [(point.budget, point.gates) for point in plan.frontier] == [(0, 0), (10, 1), (20, 1), (30, 1)]
    assert [learner.person for learner in plan.learners] == ["person:c", "person:b", "person:a"]
    assert [learner.served_at for learner in plan.learners] == [10, 20, 30]
    assert plan.learners[0].reason == (
        "closes 1 of 1 gates and 4 of 4 of importance; from a budget of 10 on, all is closed that money can close"
    )
    assert [point.served for point in plan.frontier] == [(), PEOPLE[2:], PEOPLE[1:], PEOPLE]
    assert "person:a: cap:z: does not fit within the limits" in plan.open


def test_nobody_is_said_to_be_served_from_a_budget_on_that_a_larger_one_takes_away() -> None:
    held = {"person:a": ("cap:y", "cap:z"), "person:b": ("cap:x",)}
    requirements = [Requirement(capability="cap:x", importance=5), Requirement(capability="cap:y", importance=6)]
    assets = [asset("p", "cap:x", head=10), asset("q", "cap:y", head=12)]
    graph = graph_of(assets, requirements, held, PEOPLE[:2])
    plan = curriculum(graph, "team:t", "role:r", unassessed="teach", steps=[10, 12])
    assert [point.served for point in plan.frontier] == [PEOPLE[:1], PEOPLE[1:2], PEOPLE[:2]]
    assert [(learner.person, learner.served_at) for learner in plan.learners] == [("person:b", 12), ("person:a", 22)]


def test_the_frontier_may_be_asked_for_each_further_sum() -> None:
    graph = graph_of([asset("p", *CAPABILITIES, head=10)])
    plan = curriculum(graph, "team:t", "role:r", unassessed="teach", steps=range(0, 50, 10))
    assert [(point.budget, round(point.coverage, 2)) for point in plan.frontier] == [
        (0, 0),
        (10, 0.33),
        (20, 0.67),
        (30, 1),
    ]
    for steps in (-1, [5, -1]):
        with pytest.raises(ArgumentError, match="steps is -1; give a number of at least 0"):
            curriculum(graph, "team:t", "role:r", steps=steps)


def test_the_frontier_never_falls() -> None:
    graph = graph_of([asset("p", "cap:x", run=7), asset("q", "cap:y", "cap:z", head=3, run=2, seats=1)])
    frontier = curriculum(graph, "team:t", "role:r", unassessed="teach", steps=6).frontier
    assert all(left.coverage <= right.coverage for left, right in itertools.pairwise(frontier))
    assert all(point.cost <= point.budget + 1e-6 and point.optimal for point in frontier)
    assert frontier[-1].coverage == 1


def test_facilitators_have_a_limit_too() -> None:
    graph = graph_of([asset("p", "cap:x", facilitator_minutes=120, seats=1)])
    plan = curriculum(graph, "team:t", "role:r", unassessed="teach", steps=0, max_facilitator_hours=4)
    assert (plan.records[0].sessions, plan.facilitator_hours) == (2, 4)


def test_prerequisites_come_first_for_everybody() -> None:
    graph = graph_of([asset("p", "cap:x", prerequisites="asset:q"), asset("q")])
    plan = curriculum(graph, "team:t", "role:r", unassessed="teach", steps=0)
    assert [(row.step, row.asset) for row in plan] == [(1, "asset:q"), (2, "asset:p")]


def opposite(p_run: float, q_run: float, **fields: Any) -> CapabilityGraph:
    """Return a cohort of which a can only begin with p and b only with q, and both need both."""
    names = ("cap:v", "cap:w", "cap:x", "cap:y")
    framework = Framework(
        id="fw:o",
        capabilities=[Capability(id=name, label=name) for name in names],
        roles=[RoleProfile(id="role:r", label="R", requirements=[Requirement(capability=name) for name in names[2:]])],
    )
    either = {"p": ("cap:v", "cap:y"), "q": ("cap:w", "cap:x")}
    conditions = {
        name: Condition(any_of=[Condition(capability=capability) for capability in found])
        for name, found in either.items()
    }
    assets = [
        asset("p", "cap:x", run=p_run, prerequisites=conditions["p"], **fields),
        asset("q", "cap:y", run=q_run, prerequisites=conditions["q"], **fields),
    ]
    evidence = [
        Evidence(id=f"ev:{person}", person=f"person:{person}", capability=held, kind="test", date="2026-01-01")
        for person, held in (("a", "cap:v"), ("b", "cap:w"))
    ]
    people = Workforce(id="wf:o", people=[Person(id="person:a"), Person(id="person:b")], evidence=evidence)
    return CapabilityGraph(framework, Catalog(id="cat:o", assets=assets), people)


def told(graph: CapabilityGraph, **limits: Any) -> tuple[float, float, list[tuple[int, str, tuple[str, ...]]]]:
    plan = curriculum(graph, ["person:a", "person:b"], "role:r", unassessed="teach", steps=0, **limits)
    assert plan.optimal
    rows = [(row.step, row.asset[-1], tuple(person[-1] for person in row.people)) for row in plan]
    assert any("at several steps" in note for note in plan.notes) is (len(rows) > len({name for _, name, _ in rows}))
    return plan.coverage, float(plan.cost), rows


def test_what_people_need_in_opposite_orders_is_run_again_where_that_costs_least() -> None:
    assert told(opposite(10, 4)) == (1, 18, [(1, "q", ("b",)), (2, "p", ("a", "b")), (3, "q", ("a",))])
    assert told(opposite(4, 10)) == (1, 18, [(1, "p", ("a",)), (2, "q", ("a", "b")), (3, "p", ("b",))])
    assert told(opposite(10, 0)) == (1, 10, [(1, "q", ("b",)), (2, "p", ("a", "b")), (3, "q", ("a",))])


def test_what_the_budget_cannot_run_again_is_left_open() -> None:
    assert told(opposite(10, 4), max_cost=17.99)[:2] == (0.75, 14)


def test_seats_that_ask_for_two_sessions_let_them_lie_apart() -> None:
    expected = [(1, "p", ("a",)), (2, "q", ("a", "b")), (3, "p", ("b",))]
    assert told(opposite(10, 4, seats=1)) == (1, 28, expected)


def test_every_row_says_what_each_person_gets_from_it() -> None:
    plan = curriculum(opposite(10, 4), ["person:a"], "role:r", unassessed="teach", steps=0)
    texts = [[fact.text for fact in row.because] for row in plan]
    assert texts == [
        ["person:a falls short of cap:x (essential, importance 1)", "person:a needs it for asset:q"],
        ["person:a falls short of cap:y (essential, importance 1)", "person:a needs it for asset:p"],
    ]


def test_assets_that_need_each_other_run_together_even_where_others_wait() -> None:
    pair = [asset("p", "cap:x", corequisites="asset:q", run=1), asset("q", "cap:y", corequisites="asset:p", run=1)]
    plan = curriculum(graph_of(pair), "team:t", "role:r", unassessed="teach", steps=0)
    assert [(row.step, row.asset, row.people) for row in plan] == [(1, "asset:p", PEOPLE), (1, "asset:q", PEOPLE)]


def test_what_nobody_states_or_has_accepted_is_told() -> None:
    silent = LearningAsset(
        id="asset:s",
        title="S",
        alignments=[Alignment(target="cap:x", state="proposed", confidence=0.9)],
        session_cost=euro(5),
    )
    asked: dict[str, Any] = {"unassessed": "teach", "steps": 0}
    plan = curriculum(graph_of([silent]), "team:t", "role:r", **asked)
    assert "no alignment is accepted" in plan.notes[0]
    plan = curriculum(graph_of([silent]), "team:t", "role:r", alignments="proposed", **asked)
    assert [row.proposed for row in plan] == [True]
    assert [note.split(",")[0] for note in plan.notes] == [
        "no duration is stated for asset:s",
        "a price of 0 is assumed for asset:s",
        "some rows rest on alignments that nobody has accepted yet",
    ]
    plan = curriculum(graph_of([silent]), "role:r", "role:r", **asked)
    assert plan.notes[0].startswith("nobody is planned for")


def test_without_people_or_needs_there_is_nothing_to_run() -> None:
    graph = graph_of([asset("p", "cap:x")])
    assert len(curriculum(graph, "role:r", "role:r")) == 0
    plan = curriculum(graph, "team:t", "role:r")
    assert (len(plan), plan.coverage) == (0, 0)
    assert plan.open[0] == "person:a: cap:x: not assessed: assess first"
    assert [point.served for point in plan.frontier] == [()]
    assert plan.learners[0].reason == "closes 0 of 0 gates and 0 of 3 of importance"
    with pytest.raises(UnknownIdError, match="is a Capability, not a Person"):
        curriculum(graph, "cap:x", "role:r")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"max_facilitator_hours": float("nan")}, "max_facilitator_hours is nan; give a number of at least 0"),
        ({"max_facilitator_hours": "two"}, "max_facilitator_hours is 'two'; give a number or None"),
        ({"steps": "many"}, "steps is 'many'; give a whole number or a list of numbers"),
        ({"steps": True}, "steps is True; give a whole number or a list of numbers"),
        ({"steps": ["many"]}, r"steps is \['many'\]; give a whole number or a list of numbers"),
        ({"steps": [None]}, r"steps is \[None\]; give a whole number or a list of numbers"),
        ({"steps": iter(["many"])}, "steps is 'many'; give a number of at least 0"),
        ({"steps": [-1]}, "steps is -1; give a number of at least 0"),
        ({"max_facilitator_hours": -1}, "max_facilitator_hours is -1; give a number of at least 0"),
        ({"steps": 2.5}, "steps is 2.5; give a whole number or a list of numbers"),
    ],
)
def test_limits_and_steps_out_of_range_are_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        curriculum(graph_of([asset("p", "cap:x")]), "team:t", "role:r", **arguments)


def test_a_frontier_of_too_many_points_is_refused_at_once() -> None:
    graph = graph_of([])
    for steps in (10**9, 1_001, itertools.count(), range(1_001)):
        with pytest.raises(ArgumentError, match="steps asks for more than 1,000 points"):
            curriculum(graph, "team:t", "role:r", steps=steps)
