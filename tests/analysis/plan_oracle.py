"""Small planning problems, and brute force over every set and every order of assets as their oracle."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, NamedTuple

from hypothesis import strategies as st

from capgraph import (
    Alignment,
    Capability,
    CapabilityGraph,
    Catalog,
    Condition,
    Framework,
    LearningAsset,
    Person,
    ProficiencyLevel,
    ProficiencyScale,
    Requirement,
    RoleProfile,
    Workforce,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from hypothesis.strategies import DrawFn

RANKS = (1, 2, 3)
CAPABILITIES = ("cap:x", "cap:y")
ASSETS = tuple(f"asset:{letter}" for letter in "abcde")

State = tuple[frozenset[str], frozenset[tuple[str, int]]]


class Score(NamedTuple):
    """What plans are compared by; the least is the best."""

    gates: float
    worth: float
    reached: int
    minutes: float
    number: int
    places: int


def framework(requirements: list[Requirement]) -> Framework:
    levels = [ProficiencyLevel(rank=rank, label=str(rank)) for rank in RANKS]
    return Framework(
        id="fw:small",
        default_scale="scale:three",
        scales=[ProficiencyScale(id="scale:three", label="Three", levels=levels)],
        capabilities=[Capability(id=id_, label=id_) for id_ in CAPABILITIES],
        roles=[RoleProfile(id="role:r", label="R", requirements=requirements)],
    )


def graph_of(requirements: list[Requirement], assets: list[LearningAsset]) -> CapabilityGraph:
    people = Workforce(id="wf:small", people=[Person(id="person:p")])
    return CapabilityGraph(framework(requirements), Catalog(id="cat:small", assets=assets), people)


@st.composite
def conditions(draw: DrawFn, depth: int = 1) -> Condition:
    form = draw(st.sampled_from(("asset", "asset", "level", "all", "any", "two") if depth else ("asset", "level")))
    if form == "asset":
        return Condition(asset=draw(st.sampled_from(ASSETS)))
    if form == "level":
        return Condition(capability=draw(st.sampled_from(CAPABILITIES)), level=draw(st.sampled_from((None, *RANKS))))
    parts = draw(st.lists(conditions(depth=depth - 1), min_size=2, max_size=3))
    if form == "all":
        return Condition(all_of=parts)
    return Condition(any_of=parts) if form == "any" else Condition(at_least=2, of=parts)


@st.composite
def alignments(draw: DrawFn) -> tuple[Alignment, ...]:
    found = {}
    for capability in draw(st.lists(st.sampled_from(CAPABILITIES), min_size=0, max_size=2, unique=True)):
        low, high = draw(st.sampled_from(((None, 1), (None, 2), (None, 3), (1, 2), (1, 3), (2, 3), (None, None))))
        found[capability] = Alignment(target=capability, level_from=low, level_to=high)
    return tuple(found.values())


@st.composite
def graphs(draw: DrawFn) -> CapabilityGraph:
    """Draw a role and up to five assets, with conditions in circles, unknown assets and gated levels."""
    wanted = draw(st.lists(st.sampled_from(CAPABILITIES), min_size=1, max_size=2, unique=True))
    requirements = [
        Requirement(
            capability=capability,
            level=draw(st.sampled_from(RANKS)),
            importance=draw(st.sampled_from((None, 0, 2, 5))),
            necessity=draw(st.sampled_from(("mandatory", "essential", "optional"))),
        )
        for capability in wanted
    ]
    size = draw(st.integers(1, len(ASSETS)))
    assets = [
        LearningAsset(
            id=asset,
            title=asset,
            duration=60 * draw(st.integers(0, 4)),
            alignments=draw(alignments()),
            prerequisites=draw(st.one_of(st.none(), conditions())),
            corequisites=draw(st.one_of(st.none(), st.none(), conditions(depth=0))),
        )
        for asset in ASSETS[:size]
    ]
    return graph_of(requirements, assets)


def holds(condition: Condition | None, done: frozenset[str], held: frozenset[tuple[str, int]]) -> bool:
    if condition is None:
        return True
    if condition.asset:
        return condition.asset in done
    if condition.capability:
        level = RANKS[0] if condition.level is None else condition.level
        return (condition.capability, level) in held
    met = sum(holds(part, done, held) for part in condition.parts)
    return met >= (condition.at_least or (len(condition.parts) if condition.all_of else 1))


def gained(asset: LearningAsset, held: frozenset[tuple[str, int]]) -> frozenset[tuple[str, int]]:
    found: set[tuple[str, int]] = set()
    for alignment in asset.alignments:
        low = alignment.level_from or 0
        if low == 0 or (alignment.target, low) in held:
            found.update((alignment.target, rank) for rank in RANKS if low < rank <= (alignment.level_to or 1))
    return frozenset(found)


def states(assets: tuple[LearningAsset, ...], held: frozenset[tuple[str, int]] = frozenset()) -> Iterator[State]:
    """Yield every pair of assets taken and steps held that some order leads to."""
    start: State = (frozenset(), held)
    seen, pending = {start}, [start]
    while pending:
        done, held = pending.pop()
        yield done, held
        ready = [one for one in assets if one.id not in done and holds(one.prerequisites, done, held)]
        for size in range(1, len(ready) + 1):
            for block in itertools.combinations(ready, size):
                after = done | {one.id for one in block}
                steps = held.union(*(gained(one, held) for one in block))
                if (after, steps) not in seen and all(holds(one.corequisites, after, steps) for one in block):
                    seen.add((after, steps))
                    pending.append((after, steps))


def score(graph: CapabilityGraph, state: State, minutes: float) -> Score:
    done, held = state
    gates = worth = 0.0
    reached = 0
    for stated in graph.requirements("role:r"):
        level, requirement = stated.requirement.level or 0, stated.requirement
        steps = [rank for rank in RANKS if rank <= level]
        have = sum((stated.capability, rank) in held for rank in steps)
        reached += have
        value = (1.0 if requirement.importance is None else requirement.importance) * have / len(steps)
        gates += value if requirement.necessity == "mandatory" else 0.0
        worth += value if requirement.necessity != "mandatory" else 0.0
    places = sum(place for place, asset in enumerate(ASSETS, 1) if asset in done)
    return Score(-round(gates, 9), -round(worth, 9), -reached, minutes, len(done), places)


def every(
    graph: CapabilityGraph, *, max_minutes: float | None = None, without: Collection[str] = ()
) -> Iterator[tuple[State, Score]]:
    """Yield every plan within the limits, with its score."""
    nodes = (node for id_ in graph.ids(LearningAsset) if isinstance(node := graph[id_], LearningAsset))
    assets = tuple(node for node in nodes if node.id not in without)
    durations = {asset.id: asset.duration or 0.0 for asset in assets}
    for state in states(assets):
        minutes = sum(durations[id_] for id_ in state[0])
        if max_minutes is None or minutes <= max_minutes:
            yield state, score(graph, state, minutes)


def best(graph: CapabilityGraph, *, max_minutes: float | None = None, without: Collection[str] = ()) -> Score:
    """Return the score of the best plan, by looking at all of them."""
    return min(found for _, found in every(graph, max_minutes=max_minutes, without=without))


def nearest(graph: CapabilityGraph, prior: Collection[str], *, max_minutes: float | None = None) -> tuple[float, ...]:
    """Return the score of the plan that reaches most with the fewest assets dropped from an earlier one or added."""
    return min(
        (*found[:3], len(state[0] ^ set(prior)), *found[3:]) for state, found in every(graph, max_minutes=max_minutes)
    )


def wanted(graph: CapabilityGraph) -> frozenset[tuple[str, int]]:
    """Return the steps that the role asks for."""
    stated = ((one.capability, one.requirement.level or 0) for one in graph.requirements("role:r"))
    return frozenset((capability, rank) for capability, level in stated for rank in RANKS if rank <= level)
