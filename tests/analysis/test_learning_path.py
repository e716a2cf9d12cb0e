from __future__ import annotations

import math
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import plan_oracle as oracle
from capgraph import (
    Alignment,
    CapabilityGraph,
    Catalog,
    Condition,
    Evidence,
    LearningAsset,
    Person,
    Requirement,
    RoleProfile,
    Workforce,
    curriculum,
    gap,
    read_catalog,
)
from capgraph.analysis.learning_path import LearningPath, learning_path
from capgraph.analysis.saved_plan import SavedPlan, SavedStep
from capgraph.errors import ArgumentError, InfeasiblePlanError, ScaleMismatchError, UnknownIdError
from capgraph.model import Money

if TYPE_CHECKING:
    from pathlib import Path


def plan_for(graph: CapabilityGraph, max_hours: float | None = None) -> LearningPath:
    return learning_path(graph, "person:p", "role:r", unassessed="teach", max_hours=max_hours)


def replay(graph: CapabilityGraph, plan: LearningPath) -> oracle.State:
    """Take the rows of a plan in order; fail where a condition does not hold when its asset starts."""
    done: frozenset[str] = frozenset()
    held: frozenset[tuple[str, int]] = frozenset()
    for step in sorted({row.step for row in plan}):
        block = [graph[row.asset] for row in plan if row.step == step]
        assets = [node for node in block if isinstance(node, LearningAsset)]
        assert all(oracle.holds(one.prerequisites, done, held) for one in assets)
        after = done | {one.id for one in assets}
        steps = held.union(*(oracle.gained(one, held) for one in assets))
        assert all(oracle.holds(one.corequisites, after, steps) for one in assets)
        done, held = after, steps
    return done, held


@settings(max_examples=200)
@given(oracle.graphs(), st.one_of(st.none(), st.integers(0, 12)))
def test_the_plan_equals_brute_force(graph: CapabilityGraph, max_hours: int | None) -> None:
    plan = plan_for(graph, max_hours)
    state = replay(graph, plan)
    minutes = plan.hours * 60
    assert plan.optimal
    assert plan.bound == pytest.approx(plan.objective)
    assert max_hours is None or plan.hours <= max_hours
    assert oracle.score(graph, state, minutes) == oracle.best(
        graph, max_minutes=None if max_hours is None else 60 * max_hours
    )


@settings(max_examples=80)
@given(oracle.graphs(), st.one_of(st.none(), st.integers(0, 12)))
def test_ties_are_broken_alike_where_the_burden_is_no_whole_number(
    graph: CapabilityGraph, max_hours: int | None
) -> None:
    blend = {"hours": 1 / 7, "cost": 1.0}
    plan = learning_path(
        graph, "person:p", "role:r", unassessed="teach", max_hours=max_hours, objective=blend, assume_cost=0
    )
    assert plan.optimal
    assert plan.bound == pytest.approx(plan.objective)
    assert plan.rows() == plan_for(graph, max_hours).rows()


@settings(max_examples=60)
@given(oracle.graphs(), st.integers(0, 8), st.integers(0, 8))
def test_a_larger_budget_never_covers_less(graph: CapabilityGraph, hours: int, more: int) -> None:
    small, large = plan_for(graph, hours), plan_for(graph, hours + more)
    before = oracle.score(graph, replay(graph, small), 0)
    after = oracle.score(graph, replay(graph, large), 0)
    assert after[:3] <= before[:3]


def asset(letter: str, hours: float | None = 1, **fields: Any) -> LearningAsset:
    minutes = None if hours is None else 60 * hours
    return LearningAsset(id=f"asset:{letter}", title=letter.upper(), duration=minutes, **fields)


def teaches(capability: str, high: int, low: int | None = None, **fields: Any) -> list[Alignment]:
    return [Alignment(target=capability, level_from=low, level_to=high, **fields)]


def chosen(plan: LearningPath) -> list[str]:
    return [row.asset for row in plan]


def test_ties_go_to_fewer_assets_then_to_the_first_in_id_order() -> None:
    whole = [asset("c", 2, alignments=teaches("cap:x", 2)), asset("d", 2, alignments=teaches("cap:x", 2))]
    parts = [asset("a", alignments=teaches("cap:x", 1)), asset("b", alignments=teaches("cap:x", 2, 1))]
    assert chosen(learning_path(oracle.graph_of([], [*whole, *parts]), [("cap:x", 2)])) == ["asset:c"]


def test_an_asset_that_builds_on_a_level_waits_for_it() -> None:
    graph = oracle.graph_of(
        [], [asset("a", alignments=teaches("cap:x", 3, 2)), asset("b", alignments=teaches("cap:x", 2))]
    )
    assert chosen(learning_path(graph, [("cap:x", 3)])) == ["asset:b", "asset:a"]
    assert chosen(learning_path(graph, [("cap:x", 3)], held=[("cap:x", 2)])) == ["asset:a"]


def test_a_later_start_is_worth_waiting_for_even_in_a_circle_of_levels() -> None:
    circle = [
        asset("a", alignments=[*teaches("cap:x", 2, 1), *teaches("cap:y", 1)]),
        asset("b", prerequisites=Condition(capability="cap:y", level=1), alignments=teaches("cap:x", 1)),
    ]
    assert learning_path(oracle.graph_of([], circle), [("cap:x", 2)]).open[0].reached == 1
    more = [*circle, asset("c", 5, alignments=teaches("cap:y", 1))]
    assert chosen(learning_path(oracle.graph_of([], more), [("cap:x", 2)])) == ["asset:c", "asset:b", "asset:a"]


def test_assets_that_need_each_other_start_together() -> None:
    graph = oracle.graph_of([], [asset("a", 2, corequisites="asset:b"), asset("b", 3, corequisites="asset:a")])
    plan = learning_path(graph, ["asset:a"])
    assert [(row.step, row.asset, row.start, row.end) for row in plan] == [(1, "asset:a", 0, 5), (1, "asset:b", 0, 5)]


def test_a_corequisite_starts_no_later_than_its_asset() -> None:
    graph = oracle.graph_of([], [asset("a", corequisites="asset:b"), asset("b")])
    assert chosen(learning_path(graph, ["asset:a"])) == ["asset:b", "asset:a"]


def test_prerequisites_in_a_circle_are_named_and_avoided() -> None:
    circle = [
        asset("a", alignments=teaches("cap:x", 1), prerequisites="asset:b"),
        asset("b", prerequisites="asset:c"),
        asset("c", prerequisites="asset:a"),
        asset("d", 9, alignments=teaches("cap:x", 1)),
    ]
    plan = learning_path(oracle.graph_of([], circle), ["cap:x"])
    assert chosen(plan) == ["asset:d"]
    assert "asset:a → asset:b → asset:c → asset:a" in " ".join(plan.notes)
    stuck = learning_path(oracle.graph_of([], circle[:3]), ["cap:x"])
    assert chosen(stuck) == []
    assert stuck.open[0].reason == "cap:x needs what waits for it in a circle: asset:a, asset:b, asset:c"


def test_what_no_catalog_holds_is_named_and_may_be_declared_as_held() -> None:
    graph = oracle.graph_of([], [asset("a", prerequisites="asset:gone")])
    plan = learning_path(graph, ["asset:a"])
    assert plan.open[0].reason == "asset:a needs asset:gone, which nothing leads to"
    assert any("asset:gone (asked for by asset:a)" in note for note in plan.notes)
    assert chosen(learning_path(graph, ["asset:a"], held=["asset:gone"])) == ["asset:a"]


def test_what_nobody_knows_is_neither_held_nor_kept() -> None:
    graph = oracle.graph_of([], [asset("basics", 3, alignments=teaches("cap:x", 1))])
    with pytest.raises(UnknownIdError, match="'asset:basic'; did you mean 'asset:basics'"):
        learning_path(graph, ["cap:x"], held=["asset:basic"])
    with pytest.raises(UnknownIdError, match="'asset:basic'; did you mean 'asset:basics'"):
        learning_path(graph, ["cap:x"], keep=["asset:basic"])
    with pytest.raises(ArgumentError, match="'cap:x' is no learning asset; keep takes ids of assets"):
        learning_path(graph, ["cap:x"], keep=["cap:x"])


def test_a_prerequisite_that_a_limit_rules_out_is_blamed_with_the_limit() -> None:
    assets = [
        asset("a", prerequisites="asset:b", alignments=teaches("cap:x", 3, 2)),
        asset("b", kind="video"),
        asset("c", kind="video", alignments=teaches("cap:x", 2)),
    ]
    plan = learning_path(oracle.graph_of([], assets), [("cap:x", 3)], kinds=["course"])
    assert plan.open[0].reason == "ruled out (asset:c: kinds)"
    plan = learning_path(oracle.graph_of([], assets), [("cap:x", 3)], kinds=["course"], held=[("cap:x", 2)])
    assert plan.open[0].reason == "cap:x at level 3 needs asset:b, which is ruled out (kinds)"
    plan = learning_path(oracle.graph_of([], assets), ["asset:a", ("cap:x", 3)], kinds=["course"], held=["asset:b"])
    assert [str(goal) for goal in plan.open] == ["cap:x 3: ruled out (asset:c: kinds)"]
    assert plan.relax == ("kinds",)


def test_a_requires_alignment_is_a_condition() -> None:
    needs = Alignment(target="cap:y", relation="requires", level_to=1)
    graph = oracle.graph_of(
        [], [asset("a", alignments=[*teaches("cap:x", 1), needs]), asset("b", alignments=teaches("cap:y", 1))]
    )
    assert chosen(learning_path(graph, ["cap:x"])) == ["asset:b", "asset:a"]


def test_unassessed_requirements_stay_open_unless_they_are_to_be_taught() -> None:
    graph = oracle.graph_of([Requirement(capability="cap:x", level=1)], [asset("a", alignments=teaches("cap:x", 1))])
    plan = learning_path(graph, gap(graph, "person:p", "role:r"))
    assert chosen(plan) == []
    assert str(plan.open[0]) == "cap:x 1: not assessed: assess first"
    assert chosen(learning_path(graph, "person:p", "role:r", unassessed="teach")) == ["asset:a"]


def test_a_role_without_requirements_says_so() -> None:
    graph = oracle.graph_of([], [asset("a")])
    plan = learning_path(graph, "person:p", "role:r")
    assert (chosen(plan), plan.complete) == ([], True)
    assert plan.notes == ("nothing is planned for role:r, which requires nothing; state its requirements",)
    assert curriculum(graph, "person:p", "role:r").notes == plan.notes
    holder = Workforce(id="wf:small", people=[Person(id="person:p", roles=["role:r"])])
    held = CapabilityGraph(graph.documents["fw:small"], graph.documents["cat:small"], holder)
    assert learning_path(held, "person:p").notes == plan.notes


def test_gates_come_before_any_sum_of_importance() -> None:
    wanted = [
        Requirement(capability="cap:x", level=1, importance=100),
        Requirement(capability="cap:y", level=1, importance=1, necessity="mandatory"),
    ]
    graph = oracle.graph_of(
        wanted, [asset("a", 2, alignments=teaches("cap:x", 1)), asset("b", 2, alignments=teaches("cap:y", 1))]
    )
    plan = plan_for(graph, 3)
    assert chosen(plan) == ["asset:b"]
    assert plan.relax == ("max_hours",)
    assert plan.open[0].reason == "does not fit within the limits"


def test_every_limit_is_kept_and_blamed() -> None:
    euro = Money(amount=90, currency="EUR")
    assets = [asset("a", 3, cost=euro, language="de-AT", kind="workshop", alignments=teaches("cap:x", 1))]
    graph = oracle.graph_of([], assets)
    limits: dict[str, dict[str, Any]] = {
        "max_hours": {"max_hours": 2.9},
        "max_cost": {"max_cost": Money(amount="89.99", currency="EUR")},
        "languages": {"languages": ["en"]},
        "kinds": {"kinds": ["video"]},
        "exclude": {"exclude": ["asset:a"]},
        "deadline": {"start": date(2026, 1, 5), "deadline": date(2026, 1, 11), "hours_per_week": 2},
    }
    for name, limit in limits.items():
        plan = learning_path(graph, ["cap:x"], **limit)
        assert (chosen(plan), plan.relax, plan.complete) == ([], (name,), False)
    both = learning_path(graph, ["cap:x"], languages=["en"], max_hours=1, kinds=["workshop"])
    assert both.relax == ("max_hours", "languages")
    assert learning_path(graph, ["cap:x"], languages=["de"], max_cost=90, max_hours=3).complete


def test_days_follow_from_the_hours_of_a_week() -> None:
    graph = oracle.graph_of([], [asset("a", 4), asset("b", 3, prerequisites="asset:a")])
    plan = learning_path(graph, ["asset:b"], start=date(2026, 1, 5), hours_per_week=3.5, deadline=date(2026, 1, 18))
    assert [(row.start, row.end) for row in plan] == [
        (date(2026, 1, 5), date(2026, 1, 12)),
        (date(2026, 1, 13), date(2026, 1, 18)),
    ]


def test_a_missing_duration_is_never_guessed() -> None:
    assets = [asset("a", None, alignments=teaches("cap:x", 1)), asset("b", 50, alignments=teaches("cap:x", 1))]
    graph = oracle.graph_of([], assets)
    assert chosen(learning_path(graph, ["cap:x"])) == ["asset:b"]
    assert chosen(learning_path(graph, ["cap:x"], assume_hours=2)) == ["asset:a"]
    last_resort = learning_path(graph, ["cap:x"], exclude=["asset:b"])
    assert chosen(last_resort) == ["asset:a"]
    assert any("no duration is stated for asset:a" in note for note in last_resort.notes)
    limited = learning_path(graph, ["cap:x"], exclude=["asset:b"], max_hours=1000)
    assert chosen(limited) == []
    assert any("left out" in note for note in limited.notes)


def test_the_objective_may_be_money_or_a_blend() -> None:
    cheap = asset("a", 10, cost=Money(amount=10, currency="EUR"), alignments=teaches("cap:x", 1))
    quick = asset("b", 1, cost=Money(amount=100, currency="EUR"), alignments=teaches("cap:x", 1))
    graph = oracle.graph_of([], [cheap, quick])
    assert chosen(learning_path(graph, ["cap:x"], objective="cost")) == ["asset:a"]
    blend = learning_path(graph, ["cap:x"], objective={"hours": 20, "cost": 1})
    assert (chosen(blend), blend.objective, blend.cost) == (["asset:b"], 120, Decimal(100))


def test_prices_in_two_currencies_are_not_added() -> None:
    assets = [asset("a", cost=Money(amount=1, currency="EUR")), asset("b", cost=Money(amount=1, currency="USD"))]
    graph = oracle.graph_of([], assets)
    assert learning_path(graph, ["asset:a", "asset:b"]).cost is None
    with pytest.raises(ValueError, match="EUR and USD cannot be added; give the currency"):
        learning_path(graph, ["asset:a"], objective="cost")
    assert chosen(learning_path(graph, ["asset:a", "asset:b"], objective="cost", currency="USD")) == ["asset:b"]


def test_without_any_asset_the_plan_says_that_no_catalog_is_loaded() -> None:
    plan = learning_path(oracle.graph_of([], []), [("cap:x", 1)])
    assert plan.notes == ("no learning asset is loaded, so that nothing can be planned; load a catalog",)
    assert not plan.complete


def test_only_accepted_alignments_count_unless_proposed_ones_are_let_in() -> None:
    graph = oracle.graph_of([], [asset("a", alignments=teaches("cap:x", 1, state="proposed", confidence=0.6))])
    plan = learning_path(graph, ["cap:x"])
    assert any("no alignment is accepted" in note for note in plan.notes)
    assert chosen(learning_path(graph, ["cap:x"], alignments="proposed", min_confidence=0.7)) == []
    let_in = learning_path(graph, ["cap:x"], alignments="proposed", min_confidence=0.6)
    assert [row.proposed for row in let_in] == [True]


def test_what_must_be_included_is_and_must_fit() -> None:
    graph = oracle.graph_of(
        [], [asset("a", alignments=teaches("cap:x", 1)), asset("b", 5), asset("c", prerequisites="asset:gone")]
    )
    assert chosen(learning_path(graph, ["cap:x"], include=["asset:b"])) == ["asset:a", "asset:b"]
    with pytest.raises(InfeasiblePlanError, match="'asset:b' cannot be included within the limits"):
        learning_path(graph, ["cap:x"], include=["asset:b"], max_hours=4)
    with pytest.raises(InfeasiblePlanError, match="'asset:c' needs something that nothing leads to"):
        learning_path(graph, ["cap:x"], include=["asset:c"])
    with pytest.raises(InfeasiblePlanError, match="both included and excluded"):
        learning_path(graph, ["cap:x"], include=["asset:b"], exclude=["asset:b"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"max_hours": -1}, "max_hours is -1"),
        ({"max_cost": float("nan")}, "max_cost is nan"),
        ({"objective": "speed"}, "'speed' is no objective"),
        ({"objective": {"hours": 0}}, "is no objective"),
        ({"kinds": ["film"]}, "'film' is no kind of asset"),
        ({"deadline": date(2026, 1, 1)}, "need hours_per_week"),
        ({"hours_per_week": 0}, "hours_per_week is 0"),
        ({"include": ["cap:x"]}, "'cap:x' is no learning asset"),
        ({"max_cost": Decimal("NaN")}, "max_cost is Decimal"),
        ({"alignments": "all"}, "alignments is 'all'; use one of accepted, proposed"),
        ({"objective": {"hours": float("nan")}}, "is no objective"),
        ({"objective": {"hours": "1"}}, "is no objective"),
        ({"hours_per_week": float("nan")}, "hours_per_week is nan"),
        ({"hours_per_week": 1e-9}, "hours_per_week is 1e-09: the plan would end after the year 9999"),
        ({"hours_per_week": 4, "start": datetime(2026, 9, 7, tzinfo=UTC)}, "is no day; give a datetime.date"),
        ({"hours_per_week": 4, "deadline": "2026-12-01"}, "'2026-12-01' is no day"),
        ({"mix": {"practice": float("inf")}}, "is no mix"),
        ({"held": "asset:a"}, "held is 'asset:a'; give a list"),
        ({"held": [3]}, "3 is nothing to reach or hold; give an id, or a pair"),
        ({"unassessed": "skip"}, "unassessed is 'skip'; use one of open, teach"),
    ],
)
def test_arguments_out_of_range_are_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        learning_path(oracle.graph_of([], [asset("a")]), ["asset:a"], **arguments)


@pytest.mark.parametrize("name", ["languages", "kinds", "exclude", "include", "keep"])
def test_one_text_is_no_list(name: str) -> None:
    arguments: dict[str, Any] = {name: "en"}
    with pytest.raises(ArgumentError, match=rf"{name} is 'en'; give a list, such as \['en'\]"):
        learning_path(oracle.graph_of([], [asset("a")]), ["asset:a"], **arguments)


def test_a_goal_for_one_person_and_the_evidence_of_another_are_refused() -> None:
    graph = oracle.graph_of([Requirement(capability="cap:x")], [asset("a")])
    assert learning_path(graph, ("person:p",), "role:r", person="person:p").person == "person:p"
    with pytest.raises(UnknownIdError, match="is no person with the role"):
        learning_path(graph, ["cap:x", "cap:y"], "role:r")
    framework = oracle.framework([Requirement(capability="cap:x")])
    people = [Person(id=id_, roles=["role:r"]) for id_ in ("person:p", "person:q")]
    two = CapabilityGraph(framework, Workforce(id="wf:two", people=people))
    with pytest.raises(ArgumentError, match="'person:q' is not 'person:p', whom the goal is for"):
        learning_path(two, "person:p", "role:r", person="person:q")
    with pytest.raises(ArgumentError, match="'person:q' is not 'role:r', whom the goal is for"):
        learning_path(two, gap(two, "role:r", "role:r"), person="person:q")


def test_another_role_than_that_of_a_gap_is_refused() -> None:
    framework = oracle.framework([Requirement(capability="cap:x")])
    other = RoleProfile(id="role:other", label="Other", requirements=[Requirement(capability="cap:x")])
    people = Workforce(id="wf:one", people=[Person(id="person:p", roles=["role:r"])])
    graph = CapabilityGraph(framework.replace(roles=[*framework.roles, other]), people)
    found = gap(graph, "person:p", "role:r")
    assert learning_path(graph, found, "role:r").person == "person:p"
    for goal, role in ((found, "role:other"), (gap(graph, "person:p", ["role:r", "role:other"]), "role:r")):
        with pytest.raises(ArgumentError, match=f"'{role}' is not what the gap is for, .*role:.*; leave it out"):
            learning_path(graph, goal, role)


def test_goals_that_cannot_be_one_are_refused() -> None:
    graph = oracle.graph_of([], [asset("a")])
    with pytest.raises(UnknownIdError, match="did you mean 'asset:a'"):
        learning_path(graph, ["asset:aa"])
    with pytest.raises(UnknownIdError, match="is a RoleProfile; name assets"):
        learning_path(graph, ["role:r"])
    with pytest.raises(ScaleMismatchError, match="'cap:x' has no level 9"):
        learning_path(graph, [("cap:x", 9)])


def test_completed_assets_count_and_are_not_taken_again() -> None:
    people = Workforce(
        id="wf:done",
        people=[Person(id="person:p")],
        evidence=[
            Evidence(id="ev:1", person="person:p", asset="asset:a", kind="completion", date="2026-01-01"),
            Evidence(
                id="ev:2",
                person="person:p",
                asset="asset:c",
                kind="completion",
                date="2020-01-01",
                expires="2021-01-01",
            ),
        ],
    )
    catalog = Catalog(
        id="cat:done",
        assets=[asset("a"), asset("b", prerequisites=Condition(all_of=["asset:a", "asset:c"])), asset("c")],
    )
    graph = CapabilityGraph(oracle.framework([]), catalog, people)
    plan = learning_path(graph, ["asset:b"], person="person:p", as_of=date(2026, 6, 1))
    assert chosen(plan) == ["asset:c", "asset:b"]


def test_when_time_is_short_the_plan_is_still_valid() -> None:
    graph = oracle.graph_of(
        [], [asset("a", alignments=teaches("cap:x", 2)), asset("b", prerequisites="asset:a"), asset("c")]
    )
    plan = learning_path(graph, [("cap:x", 2), "asset:b"], include=["asset:c"], max_hours=3, time_limit=1e-9)
    assert chosen(plan) == ["asset:a", "asset:b", "asset:c"]
    assert not plan.optimal
    assert plan.bound == -math.inf


def test_a_plan_tells_why_each_asset_is_there_and_what_it_unlocks() -> None:
    graph = oracle.graph_of([], [asset("a", alignments=teaches("cap:x", 1)), asset("b", prerequisites="asset:a")])
    plan = learning_path(graph, ["cap:x", "asset:b"])
    assert plan.records[0].unlocks == ("asset:b",)
    told = [fact["text"] for fact in plan.evidence(0)]
    assert told == ["asset:a teaches cap:x →1", "the goal needs cap:x (essential)", "asset:b asks for it"]
    assert plan.rows()[0]["teaches"] == [{"capability": "cap:x", "start": None, "end": 1}]


@settings(max_examples=60)
@given(oracle.graphs(), st.integers(0, 8))
def test_the_fallback_is_always_a_valid_plan(graph: CapabilityGraph, hours: int) -> None:
    plan = learning_path(graph, "person:p", "role:r", unassessed="teach", max_hours=hours, time_limit=1e-9)
    reached = oracle.score(graph, replay(graph, plan), 0)
    assert plan.hours <= hours
    assert reached[:3] >= oracle.best(graph, max_minutes=60 * hours)[:3]
    assert not plan.optimal or not plan.records


@pytest.mark.real_data
def test_university_courses_come_with_their_prerequisite_trees(shared_data: Path) -> None:
    catalog = read_catalog(shared_data / "ucsd_catalog" / "ucsd_courses.jsonl")
    units = {one.id: one.extensions["ucsd"]["units"] for one in catalog.assets}
    timed = [
        one.replace(duration=60 * (int(text) if (text := str(units[one.id])).isdigit() else 4))
        for one in catalog.assets
    ]
    graph = CapabilityGraph(catalog.replace(assets=timed))
    targets = [one for one in timed if one.prerequisites is not None][::29]
    offered = _all_that_can_be_done(timed)
    for target in targets:
        plan = learning_path(graph, [target.id])
        done: set[str] = set()
        for row in plan:
            node = graph[row.asset]
            assert isinstance(node, LearningAsset)
            assert _is_met(node.prerequisites, done), row.asset
            done.add(row.asset)
        assert plan.optimal
        assert plan.complete is (target.id in offered)
    assert len(targets) == 67


def _all_that_can_be_done(courses: list[LearningAsset]) -> set[str]:
    done: set[str] = set()
    while more := {one.id for one in courses if one.id not in done and _is_met(one.prerequisites, done)}:
        done |= more
    return done


def _is_met(condition: Condition | None, done: set[str]) -> bool:
    if condition is None:
        return True
    if condition.asset is not None:
        return condition.asset in done
    count = condition.at_least or (len(condition.parts) if condition.all_of else 1)
    return sum(_is_met(part, done) for part in condition.parts) >= count


def test_a_plan_for_a_changed_catalog_stays_close_to_the_earlier_one() -> None:
    assets = [
        asset("a", 3, alignments=teaches("cap:x", 1)),
        asset("b", 3, alignments=teaches("cap:y", 1)),
        asset("c", 1, alignments=teaches("cap:y", 1)),
        asset("d", 2, alignments=teaches("cap:x", 2, 1)),
    ]
    goal = [("cap:x", 2), ("cap:y", 1)]
    old = learning_path(oracle.graph_of([], assets[:2] + assets[3:]), goal)
    assert chosen(old) == ["asset:a", "asset:b", "asset:d"]
    unchanged = learning_path(oracle.graph_of([], assets), goal, keep=old)
    assert (chosen(unchanged), unchanged.dropped) == (["asset:a", "asset:b", "asset:d"], ())
    gone = learning_path(
        oracle.graph_of([], [*assets[1:], asset("e", 9, alignments=teaches("cap:x", 1))]), goal, keep=old
    )
    assert chosen(gone) == ["asset:b", "asset:e", "asset:d"]
    assert (gone.kept, gone.dropped) == (("asset:b", "asset:d"), ("asset:a",))
    assert {"of the earlier plan: 2 kept, 1 dropped", "dropped: asset:a"} <= set(gone.table().notes)
    assert not any("earlier plan" in note for note in old.table().notes)
    saved = SavedPlan.of(old)
    assert learning_path(oracle.graph_of([], assets[1:]), goal, keep=saved).dropped[0] == "asset:a"
    later = learning_path(oracle.graph_of([], assets), goal, keep=old, held=["asset:a", ("cap:x", 1)])
    assert (later.kept, later.dropped) == (("asset:b", "asset:d"), ())
    fresh = learning_path(oracle.graph_of([], assets), goal, keep=["asset:b"], exclude=["asset:b"])
    assert (chosen(fresh), fresh.dropped) == (["asset:a", "asset:c", "asset:d"], ("asset:b",))


@settings(max_examples=150)
@given(oracle.graphs(), st.sets(st.sampled_from(oracle.ASSETS)), st.one_of(st.none(), st.integers(0, 8)))
def test_the_plan_nearest_to_an_earlier_one_equals_brute_force(
    graph: CapabilityGraph, prior: set[str], max_hours: int | None
) -> None:
    earlier = SavedPlan(steps=[SavedStep(asset=id_) for id_ in sorted(prior)])
    plan = learning_path(graph, "person:p", "role:r", unassessed="teach", keep=earlier, max_hours=max_hours)
    state = replay(graph, plan)
    found = oracle.score(graph, state, plan.hours * 60)
    expected = oracle.nearest(graph, prior, max_minutes=None if max_hours is None else 60 * max_hours)
    assert plan.optimal
    assert [*found[:3], len(state[0] ^ prior), *found[3:]] == list(expected)
    assert set(plan.kept) == state[0] & prior
    assert set(plan.dropped) == prior - state[0]


@settings(max_examples=100)
@given(oracle.graphs(), st.one_of(st.none(), st.integers(0, 8)), st.sampled_from((0.1, 0.5, 9.0)))
def test_alternatives_equal_brute_force(graph: CapabilityGraph, max_hours: int | None, within: float) -> None:
    plan = plan_for(graph, max_hours)
    done, held = replay(graph, plan)
    reached = held & oracle.wanted(graph)
    minutes = None if max_hours is None else 60 * max_hours
    expected: dict[str, tuple[tuple[float, ...], frozenset[str]]] = {}
    for asset_ in done:
        plans = oracle.every(graph, max_minutes=minutes, without=[asset_])
        others = [(found[3:], state[0]) for state, found in plans if state[1] >= reached]
        if others and min(others)[0][0] <= plan.hours * 60 * (1 + within) + 1e-6:
            expected[asset_] = min(others)
    found = {one.without: one for one in plan.alternatives(within=within)}
    assert found.keys() == expected.keys()
    for asset_, (burden, taken) in expected.items():
        assert found[asset_].objective * 60 == pytest.approx(burden[0])
        assert set(found[asset_].instead) == taken - done
        assert set(found[asset_].dropped) == done - taken


def test_alternatives_do_without_one_asset_for_little_more() -> None:
    assets = [
        asset("a", 10, alignments=teaches("cap:x", 1)),
        asset("b", 11, alignments=teaches("cap:x", 1)),
        asset("c", 5, alignments=teaches("cap:y", 1)),
        asset("d", 9, alignments=teaches("cap:y", 1)),
    ]
    plan = learning_path(oracle.graph_of([], assets), ["cap:x", "cap:y"])
    (near,) = plan.alternatives()
    assert (near.without, near.instead, near.dropped, near.objective) == ("asset:a", ("asset:b",), ("asset:a",), 16)
    assert near.excess == pytest.approx(1 / 15)
    assert [one.without for one in plan.alternatives(within=1)] == ["asset:a", "asset:c"]
    needed = learning_path(oracle.graph_of([], assets[:1]), ["cap:x"])
    assert needed.alternatives(within=9) == ()


def test_an_alternative_reaches_the_same_and_not_something_else_of_equal_worth() -> None:
    assets = [
        asset("a", 4, alignments=teaches("cap:x", 1)),
        asset("b", 4.2, alignments=teaches("cap:x", 1)),
        asset("c", 4, alignments=teaches("cap:y", 1)),
    ]
    plan = learning_path(oracle.graph_of([], assets), ["cap:x", "cap:y"], max_hours=5)
    assert chosen(plan) == ["asset:a"]
    assert [(one.without, one.instead) for one in plan.alternatives()] == [("asset:a", ("asset:b",))]


def test_the_mix_of_practice_and_courses_is_shown_beside_the_one_wanted() -> None:
    assets = [asset("a", 6, kind="on_the_job"), asset("b", 3, kind="coaching"), asset("c", 1)]
    plan = learning_path(
        oracle.graph_of([], assets),
        ["asset:a", "asset:b", "asset:c"],
        mix={"practice": 70, "social": 20, "formal": 10},
    )
    assert dict(plan.mix) == {"practice": 0.6, "social": 0.3, "formal": 0.1}
    assert plan.mix_deviation == pytest.approx(0.1)
    with pytest.raises(ValueError, match="is no mix; give shares of practice, social, formal"):
        learning_path(oracle.graph_of([], assets), ["asset:a"], mix={"fun": 1})
