from __future__ import annotations

import itertools
from datetime import date
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import plan_oracle as oracle
from capgraph import LearningAsset, Requirement, learning_path
from capgraph.model import Money

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

LIMITS: dict[str, Any] = {
    "max_hours": 4,
    "deadline": date(2026, 1, 10),
    "max_cost": 6,
    "languages": ["en"],
    "kinds": ["course"],
    "exclude": ["asset:a"],
}
"""In the order in which limits are blamed; ten days of an hour let ten hours be spent."""


@st.composite
def shelves(draw: DrawFn) -> list[LearningAsset]:
    return [
        LearningAsset(
            id=asset,
            title=asset,
            duration=60 * draw(st.integers(0, 12)),
            cost=Money(amount=draw(st.integers(0, 8)), currency="EUR"),
            language=draw(st.sampled_from(("en", "en", "de"))),
            kind=draw(st.sampled_from(("course", "course", "video"))),
            alignments=draw(oracle.alignments()),
            prerequisites=draw(st.one_of(st.none(), st.none(), oracle.conditions(depth=0))),
        )
        for asset in oracle.ASSETS[: draw(st.integers(1, 4))]
    ]


def admitted(one: LearningAsset, limits: set[str]) -> bool:
    return not (
        ("languages" in limits and one.language != "en")
        or ("kinds" in limits and one.kind != "course")
        or ("exclude" in limits and one.id == "asset:a")
    )


def reach(assets: list[LearningAsset], limits: set[str], wanted: frozenset[tuple[str, int]]) -> set[frozenset[Any]]:
    """Return what the plans within some limits reach."""
    hours = min([4.0] * ("max_hours" in limits) + [10.0] * ("deadline" in limits), default=1e9)
    money = 6.0 if "max_cost" in limits else 1e9
    found = set()
    for done, held in oracle.states(tuple(one for one in assets if admitted(one, limits))):
        taken = [one for one in assets if one.id in done]
        price = sum(float(one.cost.amount) for one in taken if one.cost)
        if sum(one.duration or 0.0 for one in taken) <= 60 * hours and price <= money:
            found.add(held & wanted)
    return found


@settings(max_examples=120, deadline=None)
@given(shelves(), st.sets(st.sampled_from(sorted(LIMITS))), st.sampled_from((1, 3)))
def test_the_smallest_relief_equals_brute_force(assets: list[LearningAsset], stated: set[str], level: int) -> None:
    requirements = [Requirement(capability="cap:x", level=level), Requirement(capability="cap:y", level=2)]
    graph = oracle.graph_of(requirements, assets)
    limits: dict[str, Any] = {name: LIMITS[name] for name in stated}
    calendar: dict[str, Any] = {"start": date(2026, 1, 1), "hours_per_week": 7} if "deadline" in stated else {}
    plan = learning_path(
        graph, "person:p", "role:r", unassessed="teach", currency="EUR", as_of=date(2026, 1, 1), **limits, **calendar
    )
    wanted = oracle.wanted(graph)
    most = max(reach(assets, set(), wanted), key=len)
    order = [name for name in LIMITS if name in stated]
    subsets = (names for size in range(len(order) + 1) for names in itertools.combinations(order, size))
    assert plan.relax == next(names for names in subsets if most in reach(assets, stated - set(names), wanted))
