from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capgraph.analysis.plan_model import NOTHING, Gain, Need, Offer, Problem, Target
from capgraph.analysis.plan_reduction import most_chosen, without_dominated
from capgraph.analysis.plan_solver import best_plan
from capgraph.analysis.plan_stages import stages
from capgraph.analysis.teaching import Step

X1, X2, Y1, Y2 = Step("cap:x", 1), Step("cap:x", 2), Step("cap:y", 1), Step("cap:y", 2)


def offer(letter: str, minutes: float | None, *gains: Gain, **fields: Any) -> Offer:
    return Offer(f"asset:{letter}", ord(letter) - ord("a") + 1, minutes, 0.0, gains=gains, **fields)


def teaches(*steps: Step, start: Step | None = None) -> Gain:
    return Gain(start, steps)


def problem(*offers: Offer, **fields: Any) -> Problem:
    targets = fields.pop("targets", tuple(Target(step, 1.0, gate=False) for step in (X1, X2, Y1)))
    return Problem(held=frozenset(), offers=offers, targets=targets, **fields)


def left(*offers: Offer, **fields: Any) -> list[str]:
    return [one.asset[-1] for one in without_dominated(problem(*offers, **fields)).offers]


def test_what_another_one_does_for_less_is_left_out() -> None:
    a, b = offer("a", 60, teaches(X1)), offer("b", 50, teaches(X1, X2))
    assert left(a, b) == ["b"]
    assert left(a, offer("b", 60, teaches(X1, X2))) == ["a", "b"]
    assert left(offer("a", 60, teaches(X1, X2)), offer("b", 60, teaches(X1))) == ["a"]


def test_what_counts_for_itself_stays() -> None:
    a, b = offer("a", 60, teaches(X1)), offer("b", 50, teaches(X1))
    assert left(a, b, include=frozenset({"asset:a"})) == ["a", "b"]
    assert left(a, b, prior=frozenset({"asset:a"})) == ["a", "b"]
    assert left(a, b, targets=(Target("asset:a", 1.0, gate=False), Target(X1, 1.0, gate=False))) == ["a", "b"]
    assert left(a, b, offer("c", 1, teaches(Y1), entry=Need(1, ("asset:a",)))) == ["a", "b", "c"]


def test_what_starts_later_or_takes_more_of_a_limit_does_not_dominate() -> None:
    a, b = offer("a", 60, teaches(X1)), offer("b", 50, teaches(X1), entry=Need(1, (Y1,)))
    assert left(a, b) == ["a", "b"]
    same = offer("a", 60, teaches(X1), entry=Need(1, (Y1,)))
    assert left(same, b) == ["b"]
    cheap, dear = Offer("asset:a", 1, 60, 1.0, gains=(teaches(X1),)), Offer("asset:b", 2, 50, 9.0, gains=(teaches(X1),))
    assert left(cheap, dear) == ["b"]
    assert left(cheap, dear, max_price=10) == ["a", "b"]
    quick, slow = Offer("asset:a", 1, 5, 9.0, gains=(teaches(X1),)), Offer("asset:b", 2, 60, 1.0, gains=(teaches(X1),))
    assert left(quick, slow, hour_weight=0.0, price_weight=1.0) == ["b"]
    assert left(quick, slow, hour_weight=0.0, price_weight=1.0, max_minutes=60) == ["a", "b"]


def test_an_unknown_figure_comes_after_every_known_one() -> None:
    assert left(offer("a", None, teaches(X1)), offer("b", 999, teaches(X1))) == ["b"]


def test_what_builds_on_a_level_dominates_only_what_builds_on_the_same_alone() -> None:
    waits = offer("b", 10, teaches(Y1), teaches(X2, start=X1))
    assert left(offer("a", 60, teaches(Y1)), waits) == ["a", "b"]
    assert left(offer("a", 60, teaches(X2, start=X1)), offer("b", 10, teaches(X2, start=X1))) == ["b"]


def test_twins_that_build_on_two_levels_are_both_kept_since_one_may_serve_each_of_them() -> None:
    first, second = teaches(X2, start=X1), teaches(Y2, start=Y1)
    twins = offer("b", 60, first, second), offer("c", 50, first, second)
    between = offer("d", 10, teaches(Y1), entry=Need(1, (X2,)))
    offers = offer("a", 5, teaches(X1)), *twins, between
    assert left(*offers) == ["a", "b", "c", "d"]
    wanted = tuple(Target(step, 1.0, gate=False) for step in (X2, Y2))
    found = best_plan(problem(*offers, targets=wanted), seconds=10)
    assert found.complete
    assert found.arrangement is not None
    order = "".join(one.asset[-1] for block in found.arrangement.blocks for one in block)
    assert order in {"abdc", "acdb"}


def test_a_best_plan_is_no_longer_than_what_it_can_be_for() -> None:
    offers = [offer(letter, 1, teaches(X1, Y1)) for letter in "abcdef"]
    assert most_chosen(problem(*offers)) == 2
    assert most_chosen(problem(*offers, include=frozenset({"asset:a"}))) == 3


@given(
    st.lists(st.tuples(st.integers(0, 400), st.sets(st.sampled_from((X1, X2, Y1)), min_size=1)), min_size=1, max_size=7)
)
def test_one_folded_objective_finds_what_the_stages_find(drawn: list[tuple[int, set[Step]]]) -> None:
    offers = [offer("abcdefg"[place], minutes, teaches(*sorted(steps))) for place, (minutes, steps) in enumerate(drawn)]
    whole = problem(*offers)
    broken = problem(*offers, hour_weight=1 / 3, price_weight=1.0)
    found, expected = best_plan(whole, seconds=10), best_plan(broken, seconds=10)
    assert found.optimal
    assert found.arrangement == expected.arrangement
    assert found.arrangement is not None
    assert found.bound == pytest.approx(sum(whole.burden(one) for block in found.arrangement.blocks for one in block))


def test_only_whole_figures_are_folded() -> None:
    offers = [offer("a", 90, teaches(X1)), offer("b", 61, teaches(X1))]
    chosen = {"asset:a": 0, "asset:b": 1}
    assert len(stages(problem(*offers), chosen)) == 1
    assert len(stages(problem(*offers, hour_weight=1 / 3, price_weight=1.0), chosen)) == 2
    assert len(stages(problem(offer("a", 1e12, teaches(X1)), offers[1]), chosen)) == 2


def test_what_a_folded_objective_proves_about_the_burden_holds_when_it_is_not_solved_to_the_end() -> None:
    offers = [offer("a", 90, teaches(X1)), offer("b", 60, teaches(X1))]
    (stage,) = stages(problem(*offers), {"asset:a": 0, "asset:b": 1})
    assert [stage.burden(stage.terms[column]) for column in (0, 1)] == [1.5, 1.0]
    assert stage.burden(stage.terms[1] - stage.ties) == 1.0
    assert stage.burden(float("-inf")) == float("-inf")


def test_what_leads_to_that_on_which_it_builds_does_not_dominate() -> None:
    """The first asset is taken for the first step, alone or by way of another one, and its twin afterwards."""
    wanted = (Target(X2, 1.0, gate=False),)
    for gains, entry in (((teaches(X2, start=X1), teaches(X1)), NOTHING), ((teaches(X2, start=X1), teaches(Y1)), Y1)):
        a, b = offer("a", 10, *gains), offer("b", 20, teaches(X2, start=X1))
        c = offer("c", 5, teaches(X1), entry=entry if isinstance(entry, Need) else Need(1, (entry,)))
        some = (a, b) if entry is NOTHING else (a, b, c)
        assert left(*some, targets=wanted) == [one.asset[-1] for one in some]
        outcome = best_plan(problem(*some, targets=wanted), seconds=60)
        assert outcome.complete
        assert outcome.arrangement is not None
        assert {one.asset[-1] for block in outcome.arrangement.blocks for one in block} == {o.asset[-1] for o in some}


def test_what_needs_its_twin_for_its_own_condition_does_not_dominate() -> None:
    a = offer("a", 10, teaches(X2, start=X1), entry=Need(1, ("asset:c",)))
    b = offer("b", 20, teaches(X2, start=X1), entry=Need(1, ("asset:c",)))
    c = offer("c", 5, teaches(X1))
    assert left(a, b, c) == ["a", "c"]
