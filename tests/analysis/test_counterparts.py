"""Frameworks compared through crosswalks: what counterparts are worth, and what roles bring across."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import capgraph as cg
from capgraph.analysis.counterparts import JOINT, MAPPED, counterparts
from capgraph.analysis.role_distance import role_distances
from capgraph.model import Mapping

PREDICATES = ("exact", "close", "broad", "narrow", "related")
LEVELS = [cg.ProficiencyLevel(rank=rank, label=str(rank)) for rank in (1, 2, 3)]


def mapping(subject: str, predicate: str, object_: str, **fields: Any) -> Mapping:
    return Mapping.model_validate({"subject": subject, "predicate": predicate, "object": object_, **fields})


def crosswalk(*mappings: Mapping, name: str = "xw", **fields: Any) -> cg.Crosswalk:
    return cg.Crosswalk(id=f"cw:{name}", mappings=mappings, **fields)


def framework(prefix: str, *requirements: cg.Requirement, **fields: Any) -> cg.Framework:
    """Return a framework of three capabilities with a role that requires some of them."""
    return cg.Framework(
        id=f"fw:{prefix}",
        capabilities=[cg.Capability(id=f"{prefix}:{name}", label=name) for name in "xyz"],
        roles=[cg.RoleProfile(id=f"{prefix}:role", label="Role", requirements=requirements)],
        **fields,
    )


def needs(id_: str, **fields: Any) -> cg.Requirement:
    return cg.Requirement(capability=id_, **fields)


def rated(prefix: str, *requirements: cg.Requirement) -> cg.Framework:
    scale = cg.ProficiencyScale(
        id=f"{prefix}:scale", label="Scale", kind="interval", minimum=0, maximum=7, levels=LEVELS
    )
    return framework(prefix, *requirements, scales=[scale], default_scale=scale.id)


@pytest.mark.parametrize(("predicate", "share"), MAPPED.items())
def test_a_mapping_is_worth_what_its_predicate_and_confidence_say(predicate: str, share: float) -> None:
    both = framework("a", needs("a:x")), framework("b", needs("b:x"))
    graph = cg.CapabilityGraph(*both, crosswalk(mapping("a:x", predicate, "b:x", confidence=0.5)))
    (found,) = counterparts(graph, "a:x")
    assert (found.id, found.relation, found.share, found.via) == ("b:x", predicate, share / 2, ())
    row = cg.role_distance(graph, "b:role", "a:role").records[0]
    assert (row.credit, row.through, row.relation) == (share / 2, ("b:x",), (predicate,))
    assert f"credited {share / 2:g} for a:x: {predicate}" in row.because[0].text


def test_the_other_end_of_a_mapping_sees_it_turned() -> None:
    graph = cg.CapabilityGraph(framework("a"), framework("b"), crosswalk(mapping("a:x", "broad", "b:x")))
    assert [item.relation for item in counterparts(graph, "a:x")] == ["broad"]
    assert [item.relation for item in counterparts(graph, "b:x")] == ["narrow"]


def test_a_chain_is_less_sure_than_its_mappings_and_names_what_lies_between() -> None:
    chain = crosswalk(
        mapping("a:x", "exact", "b:x", confidence=0.9), mapping("b:x", "close", "c:x"), mapping("c:x", "broad", "d:x")
    )
    graph = cg.CapabilityGraph(*map(framework, "abcd"), chain)
    found = {item.id: item for item in counterparts(graph, "a:x")}
    assert found["c:x"].share == pytest.approx(0.9 * 0.8 * JOINT)
    assert (found["c:x"].relation, found["c:x"].via) == ("close", ("b:x",))
    assert found["d:x"].share == pytest.approx(0.9 * 0.8 * 0.5 * JOINT**2)
    assert (found["d:x"].relation, found["d:x"].via) == ("broad", ("b:x", "c:x"))
    assert str(found["d:x"]) == f"broad ({found['d:x'].share:g}, by way of 'b:x', 'c:x')"


def test_a_chain_leads_through_a_framework_that_is_not_loaded() -> None:
    first = crosswalk(mapping("a:x", "exact", "hub:x"), name="one", subject_source="fw:a", object_source="fw:hub")
    second = crosswalk(mapping("b:x", "exact", "hub:x"), name="two", subject_source="fw:b", object_source="fw:hub")
    graph = cg.CapabilityGraph(framework("a", needs("a:x")), framework("b", needs("b:x")), first, second)
    (found,) = counterparts(graph, "a:x")
    assert (found.id, found.share, found.via) == ("b:x", JOINT, ("hub:x",))
    assert cg.role_distance(graph, "b:role", "a:role").distance == pytest.approx(1 - JOINT)


@pytest.mark.parametrize(
    ("first", "second"), [("broad", "narrow"), ("narrow", "broad"), ("related", "exact"), ("exact", "related")]
)
def test_what_says_nothing_together_is_no_chain(first: str, second: str) -> None:
    graph = cg.CapabilityGraph(
        *map(framework, "abc"), crosswalk(mapping("a:x", first, "b:x"), mapping("b:x", second, "c:x"))
    )
    assert [item.id for item in counterparts(graph, "a:x")] == ["b:x"]


def test_a_chain_never_comes_back_and_concludes_nothing_that_is_denied() -> None:
    there = [mapping("a:x", "exact", "b:x"), mapping("a:y", "exact", "b:x"), mapping("b:x", "exact", "c:x")]
    graph = cg.CapabilityGraph(*map(framework, "abc"), crosswalk(*there))
    assert [item.id for item in counterparts(graph, "a:x")] == ["b:x", "c:x"]
    denied = crosswalk(*there, mapping("c:x", "exact", "a:x", negated=True))
    graph = cg.CapabilityGraph(*map(framework, "abc"), denied)
    assert [item.id for item in counterparts(graph, "a:x")] == ["b:x"]
    assert [item.id for item in counterparts(graph, "a:y")] == ["b:x", "c:x"]
    worthless = cg.CapabilityGraph(*map(framework, "ab"), crosswalk(mapping("a:x", "exact", "b:x", confidence=0)))
    assert counterparts(worthless, "a:x") == ()


def test_the_better_of_two_ways_counts() -> None:
    ways = [
        mapping("a:x", "close", "c:x", confidence=0.5),
        mapping("a:x", "exact", "b:x"),
        mapping("b:x", "exact", "c:x"),
    ]
    graph = cg.CapabilityGraph(*map(framework, "abc"), crosswalk(*ways))
    assert {item.id: (item.share, item.via) for item in counterparts(graph, "a:x")}["c:x"] == (JOINT, ("b:x",))


def test_levels_of_different_scales_are_not_compared_and_a_note_says_so() -> None:
    graph = cg.CapabilityGraph(
        rated("a", needs("a:x", level=3), needs("a:y", value=5.0)),
        framework("b", needs("b:x"), needs("b:y")),
        crosswalk(mapping("a:x", "exact", "b:x"), mapping("a:y", "close", "b:y")),
    )
    there = cg.role_distance(graph, "b:role", "a:role")
    assert [(row.capability, row.credit) for row in there] == [("a:y", 0.8), ("a:x", 1.0)]
    assert "2 requirements are credited for holding" in there.notes[0]
    assert "levels are not compared" in there.records[0].because[0].text
    back = cg.role_distance(graph, "a:role", "b:role")
    assert back.distance == pytest.approx(0.1)


def test_a_mapped_role_brings_what_it_requires_on_its_own_scale() -> None:
    own = rated("b", needs("b:x", value=6.0), needs("b:y", value=2.0), needs("b:z", level=2))
    second = cg.RoleProfile(
        id="b:other",
        label="Other",
        requirements=[needs("b:x", value=3.0), needs("b:y", value=4.0), needs("b:z", level=3)],
    )
    theirs = cg.Framework.model_validate({**own.__dict__, "roles": [*own.roles, second]})
    graph = cg.CapabilityGraph(
        framework("a", needs("a:x")), theirs, crosswalk(mapping("a:role", "close", "b:role", confidence=0.5))
    )
    move = cg.role_distance(graph, "a:role", "b:other")
    assert {row.capability: row.credit for row in move} == pytest.approx(
        {"b:x": 0.4, "b:y": 0.4 * 2 / 4, "b:z": 0.4 / 2}
    )
    assert move.notes == ()
    told = next(row for row in move if row.capability == "b:x").because[0]
    assert "b:role requires it, which stands for the role held: close (0.4)" in told.text
    assert told.ids == ("b:x", "b:role")


@st.composite
def mapped_graphs(draw: st.DrawFn) -> cg.CapabilityGraph:
    """Draw two or three frameworks with and without scales, and crosswalks of capabilities and roles between them."""
    names, documents, ids = "abc"[: draw(st.integers(2, 3))], [], []
    stated: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
        ({}, {"level": 1}, {"level": 3}, {"value": 0.0}, {"value": 2.5}, {"value": 6.0})
    )
    for name in names:
        has_scale = draw(st.booleans())
        roles = []
        for number in range(2):
            wanted = draw(st.lists(st.sampled_from("xyz"), max_size=3, unique=True))
            fields = [{} if not has_scale else draw(stated) for _ in wanted]
            asked = [
                needs(
                    f"{name}:{which}", **said, necessity=draw(st.sampled_from(("mandatory", "essential", "optional")))
                )
                for which, said in zip(wanted, fields, strict=True)
            ]
            roles.append(cg.RoleProfile(id=f"{name}:r{number}", label="R", requirements=asked))
        made = (rated if has_scale else framework)(name)
        documents.append(cg.Framework.model_validate({**made.__dict__, "roles": roles}))
        ids.append([f"{name}:{which}" for which in "xyz"])
    pairs = [
        (left, right) for one, other in itertools.combinations(ids, 2) for left, right in itertools.product(one, other)
    ]
    pairs += [
        (f"{one}:r{i}", f"{other}:r{j}")
        for one, other in itertools.combinations(names, 2)
        for i in (0, 1)
        for j in (0, 1)
    ]
    chosen = draw(st.lists(st.sampled_from(pairs), max_size=6, unique=True))
    confidence = st.sampled_from((None, 0.0, 0.3, 0.7, 1.0))
    mappings = [
        mapping(left, draw(st.sampled_from(PREDICATES)), right, confidence=draw(confidence)) for left, right in chosen
    ]
    return cg.CapabilityGraph(*documents, crosswalk(*mappings))


@settings(max_examples=150)
@given(mapped_graphs())
def test_the_matrix_agrees_with_the_pairs_across_frameworks(graph: cg.CapabilityGraph) -> None:
    every = role_distances(graph)
    for (row, source), (column, target) in itertools.product(enumerate(every.roles), repeat=2):
        one = cg.role_distance(graph, source, target)
        if source != target and one.distance is not None:
            assert every.matrix[row, column] == pytest.approx(one.distance, abs=1e-5), (source, target)


@settings(max_examples=80)
@given(mapped_graphs(), st.floats(0, 1))
def test_a_surer_mapping_never_lowers_a_credit(graph: cg.CapabilityGraph, factor: float) -> None:
    *frameworks, walk = (graph.documents[name] for name in (*sorted(set(graph.documents) - {"cw:xw"}), "cw:xw"))
    assert isinstance(walk, cg.Crosswalk)
    weaker = [
        item.model_copy(update={"confidence": (1.0 if item.confidence is None else item.confidence) * factor})
        for item in walk.mappings
    ]
    less = cg.CapabilityGraph(*frameworks, crosswalk(*weaker))
    for source, target in itertools.permutations(graph.ids(cg.RoleProfile), 2):
        sure, unsure = cg.role_distance(graph, source, target), cg.role_distance(less, source, target)
        assert (sure.distance or 0.0) <= (unsure.distance or 0.0) + 1e-9
        for row in sure:
            assert 0 <= row.credit <= 1


@settings(max_examples=60)
@given(mapped_graphs())
def test_counterparts_are_the_same_from_both_ends(graph: cg.CapabilityGraph) -> None:
    turned = {"broad": "narrow", "narrow": "broad"}
    found = {(id_, item.id): item for id_ in graph for item in counterparts(graph, id_)}
    for (one, other), item in found.items():
        back = found[other, one]
        assert back.share == pytest.approx(item.share)
        assert back.relation == turned.get(item.relation, item.relation) or item.via
