from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import plan_oracle as oracle
from capgraph import CapabilityGraph, LearningAsset
from capgraph.analysis.learning_path import LearningPath, learning_path


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


@settings(max_examples=300)
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


@settings(max_examples=100)
@given(oracle.graphs(), st.integers(0, 8), st.integers(0, 8))
def test_a_larger_budget_never_covers_less(graph: CapabilityGraph, hours: int, more: int) -> None:
    small, large = plan_for(graph, hours), plan_for(graph, hours + more)
    before = oracle.score(graph, replay(graph, small), 0)
    after = oracle.score(graph, replay(graph, large), 0)
    assert after[:3] <= before[:3]
