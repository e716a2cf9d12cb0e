"""Plans found as covers against every set and every order of offers."""

from __future__ import annotations

import dataclasses
import itertools
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capgraph.analysis import plan_cover, plan_solver
from capgraph.analysis.plan_cover import CoverPlan, plan_by_cover
from capgraph.analysis.plan_model import Gain, Need, Offer, Problem, Target
from capgraph.analysis.plan_solver import best_plan
from capgraph.analysis.teaching import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypothesis.strategies import DrawFn

    from capgraph.analysis.plan_model import Atom
    from capgraph.analysis.plan_order import Arrangement

STEPS = tuple(Step(capability, rank) for capability in ("cap:x", "cap:y", "cap:z") for rank in (1, 2, 3))
ASSETS = tuple(f"asset:{letter}" for letter in "abcdef")
Key = tuple[int, int, Fraction, int, int]


def gain(text: str) -> Gain:
    """Return a gain written as ``x12``: from x at 1 to x at 2; ``x01`` starts from nothing."""
    capability, low, high = f"cap:{text[0]}", int(text[1]), int(text[2])
    steps = tuple(Step(capability, rank) for rank in range(low + 1, high + 1))
    return Gain(Step(capability, low) if low else None, steps)


def offer(place: int, minutes: float | None, *gains: str, price: float | None = 0.0) -> Offer:
    return Offer(ASSETS[place - 1], place, minutes, price, gains=tuple(map(gain, gains)))


def problem(*offers: Offer, wanted: str, **more: object) -> Problem:
    """Return a problem in which capabilities are wanted up to a level, written as ``x2 y1``."""
    steps = [Step(f"cap:{one[0]}", rank) for one in wanted.split() for rank in range(1, int(one[1]) + 1)]
    return Problem(frozenset(), offers, tuple(Target(step, 1.0, gate=False) for step in steps), **more)  # type: ignore[arg-type]


@st.composite
def problems(draw: DrawFn) -> Problem:
    """Draw problems without conditions: gains on gains, odd figures, unknown ones, limits, what must be included."""
    gains = st.sampled_from(("01", "02", "03", "12", "13", "23"))
    figures = st.sampled_from((0.0, 15.0, 30.0, 60.0, 0.1, 0.2, 0.30000000000000004, 19.99, 37.5))
    offers = tuple(
        Offer(
            asset=asset,
            place=place,
            minutes=draw(st.one_of(figures, figures, st.none())),
            price=draw(st.one_of(figures, figures, st.none())),
            gains=tuple(gain(f"{letter}{draw(gains)}") for letter in draw(st.sets(st.sampled_from("xyz"), max_size=3))),
        )
        for place, asset in enumerate(ASSETS[: draw(st.integers(1, len(ASSETS)))], 1)
    )
    wanted = " ".join(f"{letter}{draw(st.integers(1, 3))}" for letter in draw(st.sets(st.sampled_from("xyz"))))
    hours, money = draw(st.sampled_from(((1.0, 0.0), (0.0, 1.0), (50.0, 1.0), (0.1, 0.3))))
    names = st.sets(st.sampled_from([one.asset for one in offers]), max_size=2)
    limits = st.one_of(st.none(), st.none(), st.sampled_from((0.0, 20.0, 45.0, 90.0)))
    found = problem(
        *offers,
        wanted=wanted,
        include=frozenset(draw(st.one_of(st.just(set[str]()), names))),
        prior=draw(st.one_of(st.none(), st.none(), names.map(frozenset))),
        max_minutes=draw(limits),
        max_price=draw(limits),
        hour_weight=hours,
        price_weight=money,
    )
    held = draw(st.sets(st.sampled_from(STEPS), max_size=2))
    targets = tuple(target for target in found.targets if target.atom not in held)
    return dataclasses.replace(found, held=frozenset(held), targets=targets)


def orders(offers: tuple[Offer, ...], held: frozenset[Atom]) -> Iterator[frozenset[Atom]]:
    """Yield what is held in the end, for every set of offers and every order that matters."""
    seen, pending = {held}, [held]
    while pending:
        state = pending.pop()
        yield state
        for one in offers:
            if one.asset not in state:
                steps = (step for g in one.gains if g.start is None or g.start in state for step in g.yields)
                after: frozenset[Atom] = state | {one.asset, *steps}
                if after not in seen:
                    seen.add(after)
                    pending.append(after)


def key_of(problem: Problem, chosen: frozenset[Atom]) -> Key:
    """Return what complete plans are compared by."""
    offers = [one for one in problem.offers if one.asset in chosen]
    taken = {one.asset for one in offers}
    changes = 0 if problem.prior is None else len(taken - problem.prior) - len(taken & problem.prior)
    minutes = sum((Fraction(str(one.minutes or 0.0)) for one in offers), Fraction(0))
    price = sum((Fraction(str(one.price or 0.0)) for one in offers), Fraction(0))
    burden = Fraction(str(problem.hour_weight)) * minutes / 60 + Fraction(str(problem.price_weight)) * price
    unknown = sum(problem.is_unknown(one) for one in offers)
    return changes, unknown, burden, len(offers), sum(one.place for one in offers)


def complete_plans(problem: Problem) -> Iterator[Key]:
    """Yield the key of every plan that reaches everything within the limits."""
    wanted = {target.atom for target in problem.targets} | problem.include
    for state in orders(problem.offers, problem.held):
        offers = [one for one in problem.offers if one.asset in state]
        minutes = sum(Fraction(str(one.minutes or 0.0)) for one in offers)
        price = sum(Fraction(str(one.price or 0.0)) for one in offers)
        fits = problem.max_minutes is None or minutes <= problem.max_minutes
        if wanted <= state and fits and (problem.max_price is None or price <= problem.max_price):
            yield key_of(problem, state)


def assert_valid(problem: Problem, arrangement: Arrangement) -> None:
    """Assert that the plan, walked through, reaches what it says, and everything that is wanted."""
    state = set(problem.held)
    for block in arrangement.blocks:
        for one in block:
            assert one.asset not in state
            steps = [step for g in one.gains if g.start is None or g.start in state for step in g.yields]
            state.update((one.asset, *steps))
    assert state == arrangement.held
    assert {target.atom for target in problem.targets} | problem.include <= state


@given(problems())
@settings(max_examples=300)
def test_a_cover_is_the_best_of_all_plans_or_says_nothing(problem: Problem) -> None:
    found = plan_by_cover(problem, seconds=60)
    best = min(complete_plans(problem), default=None)
    if found.arrangement is not None:
        assert_valid(problem, found.arrangement)
        assert key_of(problem, found.arrangement.held) == best
    elif found.impossible:
        assert best is None


@given(problems())
@settings(max_examples=100)
def test_the_best_plan_is_the_best_of_all_plans(problem: Problem) -> None:
    outcome = best_plan(problem, seconds=60)
    best = min(complete_plans(problem), default=None)
    assert outcome.optimal
    assert outcome.complete is (best is not None)
    if outcome.complete and outcome.arrangement is not None:
        assert_valid(problem, outcome.arrangement)
        assert best is not None
        assert key_of(problem, outcome.arrangement.held) == best
        assert outcome.bound == pytest.approx(float(best[2]), abs=1e-6)


LOOP = (
    offer(1, 10, "x12", "y01"),
    offer(2, 10, "x01", "y12"),
    offer(3, 15, "x01"),
    offer(4, 90, "x02", "y02"),
)


def taken(arrangement: Arrangement | None) -> list[str]:
    return [] if arrangement is None else [one.asset for block in arrangement.blocks for one in block]


def test_assets_that_wait_for_each_other_need_one_that_founds_the_loop() -> None:
    found = plan_by_cover(problem(*LOOP, wanted="x2 y2"), seconds=60)
    assert taken(found.arrangement) == ["asset:c", "asset:a", "asset:b"]


def test_an_asset_founds_a_loop_by_counting_less() -> None:
    """One of the two gives up what it builds on the other; something cheap makes up for that."""
    found = plan_by_cover(problem(*LOOP[:2], offer(3, 5, "y12"), LOOP[3], wanted="x2 y2"), seconds=60)
    assert taken(found.arrangement) == ["asset:b", "asset:a", "asset:c"]


def test_a_gain_that_others_make_up_for_is_not_waited_for() -> None:
    """The first two could count on each other, but what the first waits for is taught by the third anyway."""
    found = plan_by_cover(problem(*LOOP[:2], offer(3, 5, "x12", "z01"), wanted="x2 y2 z1"), seconds=60)
    assert taken(found.arrangement) == ["asset:a", "asset:b", "asset:c"]


def test_a_loop_that_nothing_founds_is_impossible() -> None:
    found = plan_by_cover(problem(*LOOP[:2], wanted="x2 y2"), seconds=60)
    assert found.impossible
    assert not best_plan(problem(*LOOP[:2], wanted="x2 y2"), seconds=60).complete


@pytest.mark.parametrize("limit", [{"max_minutes": 34.0}, {"max_minutes": 34.0, "hour_weight": 2.0}])
def test_a_limit_below_the_least_burden_is_impossible(limit: dict[str, float]) -> None:
    assert plan_by_cover(problem(*LOOP, wanted="x2 y2", **limit), seconds=60).impossible


@pytest.mark.parametrize(
    "limit",
    [
        {"max_minutes": 35.0 - 1e-9},
        {"max_minutes": 34.0, "price_weight": 1.0},
        {"max_minutes": 34.0, "prior": frozenset({"asset:d"})},
    ],
)
def test_a_limit_that_another_plan_may_keep_is_left_to_the_program(limit: dict[str, object]) -> None:
    found = plan_by_cover(problem(*LOOP, wanted="x2 y2", **limit), seconds=60)
    assert found.arrangement is None
    assert not found.impossible


def test_conditions_are_left_to_the_program() -> None:
    bound = dataclasses.replace(LOOP[0], entry=Need(1, ("asset:c",)))
    assert plan_by_cover(problem(bound, *LOOP[1:], wanted="x2 y2"), seconds=60) == (None, False)
    assert best_plan(problem(bound, *LOOP[1:], wanted="x2 y2"), seconds=60).optimal


def test_steps_that_are_not_wanted_themselves_are_left_to_the_program() -> None:
    start = problem(offer(1, 10, "x12"), offer(2, 10, "x01"), wanted="x2")
    targets = tuple(target for target in start.targets if target.atom == Step("cap:x", 2))
    assert plan_by_cover(dataclasses.replace(start, targets=targets), seconds=60) == (None, False)


@pytest.mark.parametrize("name", ["_MOST_ROWS", "_TURNS", "_EFFORT", "_FORKS", "_SPLITS"])
def test_what_is_too_hard_is_left_to_the_program(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hard = problem(*LOOP, wanted="x2 y2")
    monkeypatch.setattr(plan_cover, name, 0)
    assert plan_by_cover(hard, seconds=60) == (None, False)
    outcome = best_plan(hard, seconds=60)
    assert outcome.optimal
    assert sorted(taken(outcome.arrangement)) == ["asset:a", "asset:b", "asset:c"]


def test_without_time_no_plan_is_called_best(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the cover nor the program ends: the plan is valid, and what is told of it is true."""
    hard = problem(*LOOP, wanted="x2 y2")
    outcome = best_plan(hard, seconds=0)
    assert not outcome.optimal
    assert taken(outcome.arrangement)
    assert outcome.bound <= min(key[2] for key in complete_plans(hard))
    monkeypatch.setattr(plan_solver, "fallback", lambda _: None)
    assert best_plan(hard, seconds=0).arrangement is None


def test_every_subset_of_offers_agrees_with_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """The two ways to the best plan find the same one."""
    known = (*LOOP, offer(5, 20, "y01", "z01"), offer(6, 25, "x23", "z12"))
    chosen = [some for size in (3, 4, 5) for some in itertools.combinations(known, size)]
    wanted = [problem(*some, wanted="x2 y2 z1") for some in chosen]
    covered = [best_plan(one, seconds=60) for one in wanted]
    monkeypatch.setattr(plan_solver, "plan_by_cover", lambda *_, **__: CoverPlan(None, impossible=False))
    programmed = [best_plan(one, seconds=60) for one in wanted]
    for one, other in zip(covered, programmed, strict=True):
        assert one.complete is other.complete
        assert sorted(taken(one.arrangement)) == sorted(taken(other.arrangement))
        assert one.bound == pytest.approx(other.bound)
