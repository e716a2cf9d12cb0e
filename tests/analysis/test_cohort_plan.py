"""Curricula beside brute force over every order of sessions and every group of people in each of them."""

from __future__ import annotations

import heapq
import itertools
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import plan_oracle as oracle
from capgraph import (
    CapabilityGraph,
    Catalog,
    Evidence,
    LearningAsset,
    Person,
    Requirement,
    RoleProfile,
    Workforce,
    curriculum,
)
from capgraph.model import Money

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

    from capgraph.analysis.curriculum import Curriculum

PEOPLE = ("person:a", "person:b")
MAX_MINUTES = 240


class Case(NamedTuple):
    """A cohort."""

    graph: CapabilityGraph
    """The role, the people and the catalog."""
    assets: tuple[LearningAsset, ...]
    """What can be run."""
    held: tuple[frozenset[tuple[str, int]], ...]
    """What each person holds at first."""


@st.composite
def cases(draw: DrawFn) -> Case:
    requirements = [
        Requirement(
            capability=capability,
            level=draw(st.sampled_from(oracle.RANKS)),
            importance=draw(st.sampled_from((None, 0, 1, 3))),
            necessity=draw(st.sampled_from(("mandatory", "essential", "optional"))),
        )
        for capability in oracle.CAPABILITIES[: draw(st.integers(1, 2))]
    ]
    assets = tuple(
        LearningAsset(
            id=asset,
            title=asset,
            duration=60 * draw(st.integers(0, 3)),
            cost=Money(amount=draw(st.integers(0, 3)), currency="EUR"),
            session_cost=Money(amount=draw(st.integers(0, 5)), currency="EUR"),
            seats=draw(st.sampled_from((None, None, 1, 2))),
            alignments=draw(oracle.alignments()),
            prerequisites=draw(st.one_of(st.none(), oracle.conditions(depth=0))),
            corequisites=draw(st.one_of(st.none(), st.sampled_from(oracle.ASSETS[:place]))) if place else None,
        )
        for place, asset in enumerate(oracle.ASSETS[: draw(st.integers(1, 3))])
    )
    shown = [{name: draw(st.sampled_from((0, 0, 1, 2))) for name in oracle.CAPABILITIES} for _ in PEOPLE]
    evidence = [
        Evidence(id=f"ev:{who}{name}", person=who, capability=name, level=level, kind="test", date="2026-01-01")
        for who, levels in zip(PEOPLE, shown, strict=True)
        for name, level in levels.items()
        if level
    ]
    people = Workforce(id="wf:c", people=[Person(id=who) for who in PEOPLE], evidence=evidence)
    roles = [RoleProfile(id="role:r", label="R", requirements=requirements)]
    graph = CapabilityGraph(oracle.framework([]).replace(roles=roles), Catalog(id="cat:c", assets=assets), people)
    held = tuple(
        frozenset((name, rank) for name, level in levels.items() for rank in oracle.RANKS if rank <= level)
        for levels in shown
    )
    return Case(graph, assets, held)


def groups(
    one: LearningAsset, states: tuple[oracle.State, ...], assets: tuple[LearningAsset, ...]
) -> list[tuple[int, ...]]:
    """Return the groups of people who can take an asset together now."""
    able = []
    for who, (done, held) in enumerate(states):
        after, steps = done | {one.id}, held | oracle.gained(one, held)
        minutes = sum(other.duration or 0.0 for other in assets if other.id in done) + (one.duration or 0.0)
        if one.id not in done and oracle.holds(one.prerequisites, done, held) and minutes <= MAX_MINUTES:
            able += [who] * oracle.holds(one.corequisites, after, steps)
    most = len(able) if one.seats is None else min(len(able), one.seats)
    return [group for size in range(1, most + 1) for group in itertools.combinations(able, size)]


def costs(case: Case, budget: float) -> dict[tuple[oracle.State, ...], float]:
    """Return what everybody can have taken and hold in the end, with the least money that this costs."""
    start = tuple((frozenset[str](), held) for held in case.held)
    found: dict[tuple[oracle.State, ...], float] = {}
    order = itertools.count()
    pending: list[tuple[float, int, tuple[oracle.State, ...]]] = [(0.0, next(order), start)]
    while pending:
        cost, _, states = heapq.heappop(pending)
        if states in found:
            continue
        found[states] = cost
        for one in case.assets:
            for group in groups(one, states, case.assets):
                run = float(one.session_cost.amount if one.session_cost else 0)
                more = cost + run + len(group) * float(one.cost.amount if one.cost else 0)
                after = tuple(
                    (done | {one.id}, held | oracle.gained(one, held)) if who in group else (done, held)
                    for who, (done, held) in enumerate(states)
                )
                if more <= budget:
                    heapq.heappush(pending, (more, next(order), after))
    return found


def worth(case: Case, states: tuple[oracle.State, ...]) -> tuple[float, float, int]:
    """Return the worth of the gates and of the rest that is closed, and how many steps that is."""
    gates = rest = 0.0
    reached = 0
    for (_, held), before in zip(states, case.held, strict=True):
        for one in case.graph.requirements("role:r"):
            missing = {(one.capability, rank) for rank in oracle.RANKS if rank <= (one.requirement.level or 0)} - before
            importance = 1.0 if one.requirement.importance is None else one.requirement.importance
            share = importance * len(missing & held) / len(missing) if missing else 0.0
            gates += share if one.requirement.necessity == "mandatory" else 0.0
            rest += share if one.requirement.necessity != "mandatory" else 0.0
            reached += len(missing & held)
    return round(gates, 9), round(rest, 9), reached


def best(case: Case, budget: float) -> tuple[float, float, int, float]:
    """Return the worth of the best curriculum, and what it costs at least."""
    found = ((*worth(case, states), -cost) for states, cost in costs(case, budget).items())
    gates, rest, reached, cost = max(found)
    return gates, rest, reached, -cost


def replay(case: Case, plan: Curriculum) -> tuple[oracle.State, ...]:
    """Let everybody take the rows in order; fail where a condition does not hold, or a session is too small."""
    assets = {one.id: one for one in case.assets}
    states = {who: (frozenset[str](), held) for who, held in zip(PEOPLE, case.held, strict=True)}
    for row in plan:
        seats = assets[row.asset].seats
        assert seats is None or len(row.people) <= seats * row.sessions
    for step in sorted({row.step for row in plan}):
        for who, (done, held) in states.items():
            block = [assets[row.asset] for row in plan if row.step == step and who in row.people]
            assert all(oracle.holds(one.prerequisites, done, held) for one in block)
            after = done | {one.id for one in block}
            steps = held.union(*(oracle.gained(one, held) for one in block))
            assert len(after) == len(done) + len(block)
            assert all(oracle.holds(one.corequisites, after, steps) for one in block)
            states[who] = after, steps
    return tuple(states.values())


def told(case: Case, **arguments: Any) -> Curriculum:
    return curriculum(case.graph, PEOPLE, "role:r", unassessed="teach", max_hours=MAX_MINUTES / 60, **arguments)


@settings(max_examples=120, deadline=None)
@given(cases(), st.integers(0, 25))
def test_the_curriculum_equals_brute_force_over_every_order_of_sessions(case: Case, budget: int) -> None:
    plan = told(case, max_cost=budget, steps=0)
    states = replay(case, plan)
    assert plan.optimal
    assert plan.bound == pytest.approx(float(plan.cost), abs=1e-4)
    assert (*worth(case, states), float(plan.cost)) == pytest.approx(best(case, budget))


@settings(max_examples=60, deadline=None)
@given(cases(), st.lists(st.integers(0, 20), min_size=1, max_size=4))
def test_the_frontier_equals_brute_force(case: Case, budgets: list[int]) -> None:
    plan = told(case, steps=budgets)
    whole = best(case, 1e9)
    assert plan.frontier[-1].budget == pytest.approx(whole[3])
    assert [point.budget for point in plan.frontier[:-1]] == [one for one in sorted(set(budgets)) if one < whole[3]]
    missing = sum(learner.importance_missing for learner in plan.learners)
    for point in plan.frontier:
        gates, rest, _, cost = best(case, point.budget)
        assert point.optimal
        assert point.cost == pytest.approx(cost)
        assert point.coverage * missing == pytest.approx(gates + rest if missing else missing)
    for learner in plan.learners:
        lost = [point.budget for point in plan.frontier if learner.person not in point.served]
        kept = [point.budget for point in plan.frontier if not lost or point.budget > max(lost)]
        assert learner.served_at == (min(kept) if kept and learner.person in plan.frontier[-1].served else None)
    served = [float("inf") if one.served_at is None else one.served_at for one in plan.learners]
    assert served == sorted(served)
