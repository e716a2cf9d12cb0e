from __future__ import annotations

import itertools
import math
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capgraph import (
    Capability,
    CapabilityGraph,
    Catalog,
    Crosswalk,
    Evidence,
    Framework,
    LearningAsset,
    Person,
    ProficiencyLevel,
    ProficiencyScale,
    Requirement,
    RoleProfile,
    Workforce,
    adjacent_roles,
    career_path,
    role_distance,
    successors,
)
from capgraph.analysis.adjacent_roles import transferable
from capgraph.analysis.role_distance import role_distances
from capgraph.analysis.role_index import is_open
from capgraph.errors import NoPathError, UnknownIdError
from capgraph.model import Alignment, Mapping, Team

RANKS = (1, 2, 3)
NAMES = ("cap:whole", "cap:a", "cap:b", "cap:c", "cap:d")


def role(name: str, *requirements: Requirement, **fields: Any) -> RoleProfile:
    return RoleProfile(id=f"role:{name}", label=name.title(), requirements=requirements, **fields)


def needs(name: str, level: int | None = None, **fields: Any) -> Requirement:
    return Requirement(capability=f"cap:{name}", level=level, **fields)


def graph_of(roles: list[RoleProfile], *others: Any) -> CapabilityGraph:
    levels = [ProficiencyLevel(rank=rank, label=str(rank)) for rank in RANKS]
    framework = Framework(
        id="fw:roles",
        default_scale="scale:three",
        scales=[ProficiencyScale(id="scale:three", label="Three", levels=levels)],
        capabilities=[
            Capability(id="cap:whole", label="Whole"),
            Capability(id="cap:a", label="A", broader=["cap:whole"]),
            Capability(id="cap:b", label="B", broader=["cap:whole"]),
            Capability(id="cap:c", label="C", related=["cap:a"]),
            Capability(id="cap:d", label="D"),
        ],
        roles=roles,
    )
    return CapabilityGraph(framework, *others)


@st.composite
def role_graphs(draw: st.DrawFn, *, closed: bool = False) -> CapabilityGraph:
    roles = []
    for name in "pqrst"[: draw(st.integers(2, 5))]:
        wanted = draw(st.lists(st.sampled_from(NAMES), max_size=4, unique=True))
        stated = [
            Requirement(
                capability=capability,
                **draw(
                    st.one_of(
                        st.fixed_dictionaries({"level": st.sampled_from((None, *RANKS))}),
                        st.fixed_dictionaries({"value": st.sampled_from((0.0, 1.0, 2.5))}),
                    )
                ),
                importance=draw(st.sampled_from((None, 0, 1, 3))),
                necessity=draw(st.sampled_from(("mandatory", "essential", "optional"))),
            )
            for capability in wanted
        ]
        shut = draw(st.sampled_from(({}, {}, {"kind": "family"}, {"status": "deprecated"}))) if closed else {}
        roles.append(role(name, *stated, **shut))
    mapped = Crosswalk(id="xw:roles", mappings=[Mapping(subject="cap:d", predicate="exact", object="cap:b")])
    return graph_of(roles, *([mapped] if draw(st.booleans()) else []))


def test_distance_is_the_weighted_share_that_is_missing() -> None:
    graph = graph_of([role("p", needs("a", 2)), role("q", needs("a", 3, importance=3), needs("d", 1, importance=1))])
    move = role_distance(graph, "role:p", "role:q")
    assert move.distance == pytest.approx((3 * 0.5 + 1) / 4)
    assert [(row.capability, row.credit) for row in move] == [("cap:a", 0.5), ("cap:d", 0.0)]
    back = role_distance(graph, "role:q", "role:p")
    assert back.distance == 0


def test_adjacent_capabilities_are_credited_in_part_and_shown() -> None:
    graph = graph_of(
        [role("p", needs("a", 3)), role("q", needs("b", 3)), role("r", needs("c", 3)), role("s", needs("whole"))]
    )
    expected = {"role:q": (0.25, "sibling"), "role:r": (0.5, "related"), "role:s": (0.5, "narrower")}
    for target, (credit, relation) in expected.items():
        row = role_distance(graph, "role:p", target).records[0]
        assert (row.credit, row.relation, row.through) == (credit, (relation,), ("cap:a",))
        assert f"credited {credit:g}" in row.because[0].text


def test_a_mapping_is_credited_as_its_predicate_says() -> None:
    roles = [role("p", needs("d")), role("q", needs("b"))]
    exact = Crosswalk(id="xw:1", mappings=[Mapping(subject="cap:d", predicate="exact", object="cap:b")])
    denied = Crosswalk(id="xw:1", mappings=[Mapping(subject="cap:d", predicate="exact", object="cap:b", negated=True)])
    assert role_distance(graph_of(roles, exact), "role:p", "role:q").distance == 0
    assert role_distance(graph_of(roles, denied), "role:p", "role:q").distance == 1


def test_gates_that_are_not_credited_in_full_are_named() -> None:
    graph = graph_of([role("p", needs("a", 2)), role("q", needs("a", 3, necessity="mandatory"), needs("d"))])
    assert role_distance(graph, "role:p", "role:q").gates == ("cap:a",)


@settings(max_examples=80)
@given(role_graphs())
def test_the_matrix_holds_the_distances_of_the_pairs(graph: CapabilityGraph) -> None:
    every = role_distances(graph)
    for (row, source), (column, target) in itertools.product(enumerate(every.roles), repeat=2):
        one = role_distance(graph, source, target).distance
        expected = 0.0 if source == target else 1.0 if one is None else one
        assert every.matrix[row, column] == pytest.approx(expected, abs=1e-6) or one is None


@settings(max_examples=60)
@given(role_graphs())
def test_likeness_is_symmetric_and_between_0_and_1(graph: CapabilityGraph) -> None:
    found = {
        (name, row.role): row.likeness
        for name in graph.ids(RoleProfile)
        for row in adjacent_roles(graph, name, limit=None)
    }
    for (left, right), alike in found.items():
        assert 0 <= alike <= 1
        assert found[right, left] == pytest.approx(alike, abs=1e-5)


def test_rare_capabilities_make_roles_more_alike_than_common_ones() -> None:
    common = [role(name, needs("a")) for name in ("s", "t", "u")]
    roles = [role("p", needs("a"), needs("d")), role("q", needs("a"), needs("c")), role("r", needs("b"), needs("d"))]
    near = adjacent_roles(graph_of([*roles, *common]), "role:p", blend={"requirements": 1})
    order = [row.role for row in near]
    assert order.index("role:r") < order.index("role:q")


def test_titles_descriptions_and_wording_tell_what_is_alike() -> None:
    roles = [
        role("p", needs("a"), alternative_labels=["Data Analyst"], description="Draws maps."),
        role("q", needs("d"), alternative_labels=["Data Analysts"], description="Sells shoes."),
        role("r", needs("d"), alternative_labels=["Baker"], description="Draws maps of towns."),
        role("s", needs("a"), alternative_labels=["Smith"], description="Forges iron."),
    ]
    graph = graph_of(roles)

    def first(source: str) -> str:
        return adjacent_roles(graph, "role:p", blend={source: 1}).records[0].role

    assert [first(name) for name in ("titles", "descriptions", "wording")] == ["role:q", "role:r", "role:s"]


@pytest.mark.parametrize("blend", [{"texts": 1}, {"titles": -1}, {"titles": math.nan}])
def test_a_blend_of_unknown_sources_or_negative_weights_is_refused(blend: dict[str, float]) -> None:
    graph = graph_of([role("p", needs("a")), role("q", needs("a"))])
    with pytest.raises(ValueError, match="is no source, or weighs less than 0; give weights of requirements, values"):
        adjacent_roles(graph, "role:p", blend=blend)


def test_families_and_roles_without_requirements_are_no_neighbors() -> None:
    graph = graph_of([role("p", needs("a")), role("q", needs("a"), kind="family"), role("r"), role("s", needs("a"))])
    assert [row.role for row in adjacent_roles(graph, "role:p")] == ["role:s"]
    assert "requires nothing" in adjacent_roles(graph, "role:r").notes[0]


@settings(max_examples=100)
@given(role_graphs(closed=True), st.sampled_from((0.3, 0.6, 1.0)), st.integers(1, 3))
def test_career_paths_equal_brute_force(graph: CapabilityGraph, limit: float, hops: int) -> None:
    every = role_distances(graph)
    if len(every.roles) < 2:
        return
    names = {name: place for place, name in enumerate(every.roles)}
    source, target = every.roles[0], every.roles[-1]
    chains = []
    for size in range(hops):
        for middle in itertools.permutations(filter(partial(is_open, graph), every.roles[1:-1]), size):
            chain = (source, *middle, target)
            costs = [float(every.matrix[names[left], names[right]]) for left, right in itertools.pairwise(chain)]
            if all(cost <= limit + 1e-6 for cost in costs):
                chains.append((round(math.fsum(costs), 6), len(chain), chain))
    if not chains:
        with pytest.raises(NoPathError, match="with max_distance="):
            career_path(graph, source, target, max_distance=limit, max_hops=hops)
        return
    found = career_path(graph, source, target, max_distance=limit, max_hops=hops, paths=3)
    assert list(found.paths) == [chain for _, _, chain in sorted(chains)[:3]]


def test_a_move_of_the_limit_itself_is_viable() -> None:
    wanted = [needs("a", 1, importance=3), needs("d", 1, importance=7)]
    graph = graph_of([role("p", needs("d", 1)), role("q", *wanted)])
    assert role_distance(graph, "role:p", "role:q").distance == pytest.approx(0.3)
    assert career_path(graph, "role:p", "role:q", max_distance=0.3).paths == (("role:p", "role:q"),)
    with pytest.raises(NoPathError, match=r"max_distance=0\.30 there is one"):
        career_path(graph, "role:p", "role:q", max_distance=0.29)


def test_the_search_yields_every_chain_when_asked_for_more_than_there_are() -> None:
    graph = graph_of([role(name, needs("a", 1)) for name in "pqrs"])
    found = career_path(graph, "role:p", "role:s", paths=99, max_distance=1, max_hops=3)
    assert len(found.paths) == 1 + 2 + 2
    assert len(set(found.paths)) == len(found.paths)


def test_a_path_without_a_viable_move_says_what_would_let_one_through() -> None:
    graph = graph_of([role("p", needs("a")), role("q", needs("b")), role("r")])
    with pytest.raises(NoPathError, match=r"max_distance=0\.75 there is one"):
        career_path(graph, "role:p", "role:q", max_distance=0.1)
    with pytest.raises(NoPathError, match="'role:r' requires nothing"):
        career_path(graph, "role:p", "role:r")
    with pytest.raises(NoPathError, match="both the start and the goal"):
        career_path(graph, "role:p", "role:p")


def test_moves_tell_the_hours_of_learning_where_a_catalog_is_loaded() -> None:
    roles = [role("p", needs("a", 1)), role("q", needs("a", 2))]
    asset = LearningAsset(
        id="asset:a", title="A", duration=120, alignments=[Alignment(target="cap:a", level_from=1, level_to=2)]
    )
    graph = graph_of(roles, Catalog(id="cat:a", assets=[asset]))
    row = career_path(graph, "role:p", "role:q", max_distance=1).records[0]
    assert (row.hours, row.closes, row.missing) == (2, True, ("cap:a",))
    assert career_path(graph_of(roles), "role:p", "role:q", max_distance=1).records[0].hours is None


def staffed() -> CapabilityGraph:
    roles = [
        role("lead", needs("a", 2, necessity="mandatory"), needs("b", 2), needs("d", 1)),
        role("old", needs("a", 2)),
    ]
    shown = {
        "ready": {"a": 2, "b": 2, "d": 1},
        "gated": {"a": 1, "b": 3, "d": 3},
        "close": {"a": 2, "b": 1, "d": 1},
        "thin": {"a": 2},
        "holder": {"a": 3, "b": 3, "d": 3},
    }
    people = [
        Person(id=f"person:{name}", teams=["team:x"], roles=["role:lead" if name == "holder" else "role:old"])
        for name in shown
    ]
    evidence = [
        Evidence(
            id=f"ev:{name}-{cap}",
            person=f"person:{name}",
            capability=f"cap:{cap}",
            level=level,
            kind="test",
            date="2026-01-01",
        )
        for name, levels in shown.items()
        for cap, level in levels.items()
    ]
    assets = [
        LearningAsset(id="asset:a", title="A", duration=600, alignments=[Alignment(target="cap:a", level_to=2)]),
        LearningAsset(id="asset:b", title="B", duration=300, alignments=[Alignment(target="cap:b", level_to=2)]),
    ]
    workforce = Workforce(id="wf:x", people=people, teams=[Team(id="team:x", label="X")], evidence=evidence)
    return graph_of(roles, workforce, Catalog(id="cat:x", assets=assets))


def test_successors_are_ranked_by_gates_then_readiness() -> None:
    bench = successors(staffed(), "role:lead")
    assert [row.person for row in bench] == ["person:ready", "person:close", "person:thin", "person:gated"]
    assert [row.hours for row in bench] == [0, 5, 0, 10]
    assert (bench.ready_now, bench.ready_soon, bench.holders) == (1, 2, ("person:holder",))
    assert bench.records[3].gates_below == ("cap:a",)


def test_the_hours_of_learning_decide_who_is_listed_among_equals() -> None:
    day = "2026-01-01"
    shown = {"quick": {"a": 2, "b": 1}, "long": {"a": 1, "b": 2}}
    evidence = [
        Evidence(
            id=f"ev:{who}{cap}", person=f"person:{who}", capability=f"cap:{cap}", level=level, kind="test", date=day
        )
        for who, levels in shown.items()
        for cap, level in levels.items()
    ]
    assets = [
        LearningAsset(
            id=f"asset:{cap}", title=cap, duration=minutes, alignments=[Alignment(target=f"cap:{cap}", level_to=2)]
        )
        for cap, minutes in (("a", 600), ("b", 300))
    ]
    workforce = Workforce(id="wf:x", people=[Person(id=f"person:{name}") for name in shown], evidence=evidence)
    graph = graph_of([role("pair", needs("a", 2), needs("b", 2))], workforce, Catalog(id="cat:x", assets=assets))
    bench = successors(graph, "role:pair", limit=1)
    assert [(row.person, row.hours, row.closes) for row in bench] == [("person:quick", 5, True)]
    assert bench.notes == ("candidates after these: 1; limit=None lists everybody",)
    assert [row.person for row in successors(graph, "role:pair", limit=None)] == ["person:quick", "person:long"]
    assert not successors(graph, "role:pair", limit=0).records


def test_successors_may_come_from_a_team_or_a_list() -> None:
    assert len(successors(staffed(), "role:lead", candidates="team:x")) == 4
    assert [row.person for row in successors(staffed(), "role:lead", candidates=["person:thin"])] == ["person:thin"]
    with pytest.raises(UnknownIdError, match="is a Capability, not a Person"):
        successors(staffed(), "role:lead", candidates="cap:a")


def test_people_of_a_shrinking_role_find_where_they_are_ready() -> None:
    found = transferable(staffed(), "role:old", max_distance=1)
    assert [(row.role, row.holders, row.ready) for row in found] == [("role:lead", 1, 1)]
    assert found.records[0].people[0] == "person:ready"


def test_the_matrix_becomes_a_labelled_frame() -> None:
    frame = role_distances(graph_of([role("p", needs("a")), role("q", needs("b"))])).to_frame()
    assert frame.loc["role:p", "role:q"] == pytest.approx(0.75)
