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
