"""Alignments count as people have decided about them, whatever catalogs say."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

import capgraph as cg
from capgraph.model import Alignment, Decision

FRAMEWORK = cg.Framework.model_validate(
    {
        "id": "fw:f",
        "scales": [{"id": "scale:s", "label": "S", "levels": [{"rank": 1, "label": "1"}, {"rank": 2, "label": "2"}]}],
        "default_scale": "scale:s",
        "capabilities": [{"id": "cap:a", "label": "A"}, {"id": "cap:b", "label": "B"}],
        "roles": [{"id": "role:r", "label": "R", "requirements": [{"capability": "cap:a", "level": 2}]}],
    }
)


def _decision(verdict: str, day: int = 1, **stated: Any) -> dict[str, Any]:
    """Return a decision about the asset and the first capability."""
    return {
        "kind": "alignment",
        "subject": "asset:x",
        "object": "cap:a",
        "verdict": verdict,
        "by": "role:curator",
        "at": dt.datetime(2026, 3, day, tzinfo=dt.UTC),
        **stated,
    }


def _graph(alignments: list[dict[str, Any]], *decisions: dict[str, Any]) -> cg.CapabilityGraph:
    """Return the graph of a catalog of one asset, and of what was decided."""
    catalog = cg.Catalog.model_validate(
        {"id": "cat:c", "assets": [{"id": "asset:x", "title": "X", "duration": 60, "alignments": alignments}]}
    )
    decided = cg.Decisions(id="dec:d", decisions=[Decision.model_validate(one) for one in decisions])
    return cg.CapabilityGraph(FRAMEWORK, catalog, decided)


def _said(graph: cg.CapabilityGraph) -> list[tuple[str, str, int | None]]:
    """Return target, state and upper level of every alignment."""
    data = [link.data for link in graph.links("asset:x", "teaches")]
    return [(one.target, one.state, one.level_to) for one in data if isinstance(one, Alignment)]


PROPOSED = {"target": "cap:a", "state": "proposed", "level_to": 1, "confidence": 0.4}


@pytest.mark.parametrize(
    ("alignments", "decisions", "expected"),
    [
        ([PROPOSED], [], [("cap:a", "proposed", 1)]),
        ([PROPOSED], [_decision("accepted")], [("cap:a", "accepted", 1)]),
        ([PROPOSED], [_decision("accepted", level_to=2)], [("cap:a", "accepted", 2)]),
        ([PROPOSED], [_decision("rejected")], [("cap:a", "rejected", 1)]),
        ([{"target": "cap:a", "level_to": 1}], [_decision("rejected")], [("cap:a", "rejected", 1)]),
        ([{"target": "cap:a", "level_to": 1}], [_decision("accepted", level_to=2)], [("cap:a", "accepted", 1)]),
        ([], [_decision("accepted", level_to=2)], [("cap:a", "accepted", 2)]),
        ([], [_decision("rejected")], []),
        ([], [_decision("accepted"), _decision("rejected", 2)], []),
        ([PROPOSED], [_decision("rejected"), _decision("accepted", 2)], [("cap:a", "accepted", 1)]),
        ([PROPOSED], [_decision("accepted", relation="assesses")], [("cap:a", "proposed", 1)]),
        ([PROPOSED], [_decision("accepted", object="cap:b")], [("cap:a", "proposed", 1), ("cap:b", "accepted", None)]),
        ([PROPOSED], [_decision("accepted", object="cap:gone")], [("cap:a", "proposed", 1)]),
        ([PROPOSED], [_decision("same", kind="duplicate")], [("cap:a", "proposed", 1)]),
        ([PROPOSED], [_decision("same")], [("cap:a", "accepted", 1)]),
        ([PROPOSED], [_decision("different")], [("cap:a", "rejected", 1)]),
        ([PROPOSED], [_decision("same"), _decision("rejected", relation="teaches")], [("cap:a", "rejected", 1)]),
        ([], [_decision("accepted", object="role:r")], []),
        (
            [],
            [_decision("accepted", level_to=1, level_from=2), _decision("accepted", 2)],
            [("cap:a", "accepted", None)],
        ),
    ],
)
def test_the_newest_decision_goes_before_the_catalog(
    alignments: list[dict[str, Any]], decisions: list[dict[str, Any]], expected: list[tuple[str, str, int | None]]
) -> None:
    """Rejected never counts, accepted counts with the levels decided, and what is unknown changes nothing."""
    assert _said(_graph(alignments, *decisions)) == expected


def test_answers_follow_decisions() -> None:
    """What was accepted in a review is taught, and what was rejected is not."""
    accepted = _graph([PROPOSED], _decision("accepted", level_to=2))
    rejected = _graph([{"target": "cap:a", "level_to": 2}], _decision("rejected"))
    assert [row.status for row in cg.coverage(accepted)] == ["thin", "thin"]
    assert [row.status for row in cg.coverage(rejected)] == ["uncovered", "uncovered"]
    assert [link.source for link in accepted.assets("cap:a")] == ["asset:x"]


def test_a_relation_that_requires_is_found_under_its_other_name() -> None:
    """What an asset presumes is decided about as *requires*."""
    graph = _graph(
        [{"target": "cap:a", "relation": "requires", "state": "proposed"}], _decision("accepted", relation="requires")
    )
    (link,) = graph.links("asset:x", "presumes")
    assert isinstance(link.data, Alignment)
    assert link.data.state == "accepted"


def test_what_people_accept_for_a_role_is_no_alignment() -> None:
    """Only assets are aligned; a decision about a suggested requirement adds no link to a role."""
    graph = _graph([], _decision("accepted", subject="role:r", relation="requires"))
    assert graph.links("role:r", "presumes") == graph.assets("cap:a", relation="presumes") == ()


@pytest.mark.parametrize(
    ("stated", "decided", "expected"),
    [
        ({"level_from": 1, "level_to": 2}, {}, (1, 2, None)),
        ({"level_from": 1, "level_to": 2}, {"level_to": 2}, (None, 2, None)),
        ({"level_to": 1}, {"level_from": 1, "level_to": 2}, (1, 2, None)),
        ({"level_from": 1, "level_to": 5, "scale": "scale:other"}, {"level_to": 2}, (None, 2, None)),
        ({"level_to": 5, "scale": "scale:other"}, {}, (None, 5, "scale:other")),
    ],
)
def test_levels_are_decided_on_the_scale_of_the_capability(
    stated: dict[str, Any], decided: dict[str, Any], expected: tuple[int | None, int | None, str | None]
) -> None:
    """Decided levels take the place of both that the catalog states, whatever scale these are on."""
    graph = _graph([{"target": "cap:a", "state": "proposed", **stated}], _decision("accepted", **decided))
    (link,) = graph.links("asset:x", "teaches")
    assert isinstance(link.data, Alignment)
    assert (link.data.level_from, link.data.level_to, link.data.scale) == expected


def test_what_is_no_alignment_is_told_with_its_decision() -> None:
    """Another relation and levels that do not lead up are refused together, each with the ids and the moment."""
    decisions = (
        _decision("accepted", relation="explains"),
        _decision("accepted", object="cap:b", level_from=2, level_to=1),
        _decision("rejected", relation="shows"),
    )
    with pytest.raises(cg.errors.DocumentError) as caught:
        _graph([], *decisions)
    messages = [issue.message for issue in caught.value.issues]
    assert [issue.ids for issue in caught.value.issues] == [("asset:x", "cap:a"), ("asset:x", "cap:b")]
    assert all(message.startswith("'asset:x', by the decision of 2026-03-01") for message in messages)
    assert "'explains'" in messages[0]


def test_ids_of_decisions_count_in_any_spelling() -> None:
    """A decision may write IRIs where the catalog writes CURIEs."""
    catalog = cg.Catalog.model_validate(
        {
            "id": "cat:c",
            "prefixes": {"asset": "https://example.org/a/"},
            "assets": [{"id": "asset:x", "title": "X", "alignments": [PROPOSED]}],
        }
    )
    decision = Decision.model_validate(_decision("rejected", subject="https://example.org/a/x"))
    graph = cg.CapabilityGraph(FRAMEWORK, catalog, cg.Decisions(id="dec:d", decisions=[decision]))
    assert _said(graph) == [("cap:a", "rejected", 1)]


def _renewed(**asset: Any) -> cg.Catalog:
    """Return a catalog whose first asset was replaced by a second one."""
    old = {"id": "asset:x", "title": "X", "status": "deprecated", "replaced_by": ["asset:y"], **asset}
    return cg.Catalog.model_validate({"id": "cat:c", "assets": [old, {"id": "asset:y", "title": "Y"}]})


def _stated(graph: cg.CapabilityGraph) -> list[tuple[str, str, str]]:
    """Return asset, target and state of every alignment that teaches."""
    ids = graph.ids(cg.LearningAsset)
    found = [link for id_ in ids for link in graph.links(id_, "teaches")]
    return [(link.source, link.target, link.data.state) for link in found if isinstance(link.data, Alignment)]


def _decided(*decisions: dict[str, Any]) -> cg.Decisions:
    """Return a document of decisions."""
    return cg.Decisions(id="dec:d", decisions=[Decision.model_validate(one) for one in decisions])


def test_decisions_outlive_the_ids_they_name() -> None:
    """What was renamed, merged or replaced by exactly one other is decided about under its new id."""
    plain = cg.Catalog.model_validate({"id": "cat:c", "assets": [{"id": "asset:x", "title": "X"}]})
    rename = _decision("same", kind="rename", subject="asset:gone", object="asset:merged")
    merge = _decision("accepted", kind="merge", subject="asset:merged", object="asset:x")
    about_gone = _decision("accepted", subject="asset:gone")
    assert _stated(cg.CapabilityGraph(FRAMEWORK, plain, _decided(rename, merge, about_gone))) == [
        ("asset:x", "cap:a", "accepted")
    ]
    undone = _decision("rejected", 2, kind="merge", subject="asset:merged", object="asset:x")
    assert _stated(cg.CapabilityGraph(FRAMEWORK, plain, _decided(rename, merge, undone, about_gone))) == []
    assert _stated(cg.CapabilityGraph(FRAMEWORK, _renewed(), _decided(_decision("accepted")))) == [
        ("asset:y", "cap:a", "accepted")
    ]
    kept = _renewed(alignments=[PROPOSED])
    assert _stated(cg.CapabilityGraph(FRAMEWORK, kept, _decided(_decision("accepted")))) == [
        ("asset:x", "cap:a", "accepted"),
        ("asset:y", "cap:a", "accepted"),
    ], "an alignment that is stated stays where it is stated"
    newer = _decided(_decision("accepted"), _decision("rejected", 2, subject="asset:y"))
    assert _stated(cg.CapabilityGraph(FRAMEWORK, _renewed(), newer)) == []


def test_a_circle_of_successors_ends() -> None:
    """Entries that replace one another do not lead on for ever."""
    asset = {"id": "asset:y", "title": "Y", "replaced_by": ["asset:x"]}
    catalog = cg.Catalog.model_validate(
        {"id": "cat:c", "assets": [{"id": "asset:x", "title": "X", "replaced_by": ["asset:y"]}, asset]}
    )
    graph = cg.CapabilityGraph(FRAMEWORK, catalog, _decided(_decision("accepted")))
    assert _stated(graph) == [("asset:y", "cap:a", "accepted")]


@pytest.mark.parametrize(
    ("scale", "stated", "expected"),
    [
        ("scale:s", {"level_to": 2}, ["cap:new"]),
        ("scale:t", {"level_to": 2}, []),
        ("scale:t", {}, ["cap:new"]),
        (None, {"level_to": 2}, ["cap:new"]),
    ],
)
def test_levels_are_not_carried_to_another_scale(
    scale: str | None, stated: dict[str, Any], expected: list[str]
) -> None:
    """A level of one scale says nothing on another, so that such a decision stays with the old entry."""
    levels = [{"rank": rank, "label": str(rank)} for rank in (1, 2, 3)]
    framework = cg.Framework.model_validate(
        {
            "id": "fw:f",
            "scales": [{"id": id_, "label": id_, "levels": levels} for id_ in ("scale:s", "scale:t")],
            "default_scale": "scale:s",
            "capabilities": [
                {"id": "cap:a", "label": "A", "status": "deprecated", "replaced_by": ["cap:new"]},
                {"id": "cap:new", "label": "New", "scale": scale},
            ],
        }
    )
    catalog = cg.Catalog.model_validate({"id": "cat:c", "assets": [{"id": "asset:x", "title": "X"}]})
    graph = cg.CapabilityGraph(framework, catalog, _decided(_decision("accepted", **stated)))
    assert [target for _, target, _ in _stated(graph)] == (expected or ["cap:a"])


def test_behaviors_are_followed_too() -> None:
    """A behavior has no scale of its own, so that nothing keeps a decision from its successor."""
    behaviors = [
        {"id": "beh:old", "capability": "cap:a", "statement": "Does it", "replaced_by": ["beh:new"]},
        {"id": "beh:new", "capability": "cap:a", "statement": "Does it well"},
    ]
    framework = FRAMEWORK.replace(behaviors=behaviors)
    catalog = cg.Catalog.model_validate({"id": "cat:c", "assets": [{"id": "asset:x", "title": "X"}]})
    decided = _decided(_decision("accepted", object="beh:old", level_to=1))
    assert [target for _, target, _ in _stated(cg.CapabilityGraph(framework, catalog, decided))] == ["beh:new"]


def test_decisions_about_what_nobody_holds_are_told() -> None:
    """They change nothing, and `check` names what is missing: the asset, the capability, or both."""
    graph = _graph(
        [],
        _decision("accepted", subject="asset:gone"),
        _decision("rejected", object="cap:gone", relation="requires"),
        _decision("rejected", subject="asset:no", object="cap:no"),
        _decision("same", subject="asset:lost", kind="duplicate"),
    )
    assert [(link.source, link.relation, link.target) for link in graph.unresolved] == [
        ("asset:gone", "teaches", "cap:a"),
        ("asset:no", "teaches", "cap:no"),
        ("asset:x", "presumes", "cap:gone"),
    ]
    found = [row for row in cg.check(graph) if row.rule == "decision-without-effect"]
    assert [row.message.partition(": ")[2] for row in found] == [
        "no document holds 'asset:gone'",
        "no document holds 'asset:no' and 'cap:no'",
        "no document holds 'cap:gone'",
    ]
    assert not [row for row in cg.check(graph) if row.rule == "unresolved-reference"]


@pytest.mark.parametrize("spoken_of", [False, True])
def test_graph_and_suggestions_follow_the_same_decisions(*, spoken_of: bool) -> None:
    """Each relation is decided by itself, in the graph as in suggestions."""
    decided = _decided(
        _decision("accepted"),
        _decision("accepted", relation="assesses", day=2),
        _decision("rejected", relation="mentions", day=3),
        _decision("accepted", object="cap:b", relation="teaches"),
        _decision("rejected", object="cap:b", day=2),
    )
    asset = cg.LearningAsset(id="asset:x", title="A with B" if spoken_of else "Nothing of these")
    catalog = cg.Catalog(id="cat:c", assets=[asset])
    graph = cg.CapabilityGraph(FRAMEWORK, catalog, decided)
    counted = {
        (link.target, relation)
        for relation in ("teaches", "assesses", "mentions")
        for link in graph.links("asset:x", relation)
    }
    told = cg.suggest_alignments(catalog, FRAMEWORK, min_confidence=0.0, decisions=decided)
    assert {(row.target, row.relation) for row in told if row.state == "accepted"} == counted
    assert counted == {("cap:a", "teaches"), ("cap:a", "assesses")}
    assert "cap:b" not in {row.target for row in told}
