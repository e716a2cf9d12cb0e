"""migrate: references and levels carried over, with everything else kept or listed."""

from __future__ import annotations

from typing import Any

import pytest

import capgraph as cg
from capgraph.analysis.change import diff
from capgraph.analysis.migration import migrate
from capgraph.analysis.stream_migration import migrated_records
from capgraph.errors import CycleError, DocumentError, ScaleMismatchError
from capgraph.model import Condition

NAMES = ("a", "b", "c", "d", "e")


def _scale(top: int) -> dict[str, Any]:
    return {"id": "scale:s", "label": "S", "levels": [{"rank": rank, "label": str(rank)} for rank in range(top + 1)]}


def _framework(top: int = 5, *, successors: dict[str, list[str]] | None = None, **fields: Any) -> cg.Framework:
    """Return a framework on a scale from 0, in which some capabilities are replaced by others."""
    heirs = successors or {}
    capabilities = [
        {"id": f"cap:{name}", "label": name.upper(), "replaced_by": heirs.get(f"cap:{name}", [])} for name in NAMES
    ]
    given = {"capabilities": capabilities, "scales": [_scale(top)], "default_scale": "scale:s"}
    return cg.Framework(**{"id": "fw:f", "version": str(top), **given, **fields})


def _record(id_: str, capability: str, level: int | None = 3) -> dict[str, Any]:
    return {
        "id": id_,
        "person": "person:p",
        "capability": capability,
        "kind": "test",
        "level": level,
        "date": "2026-01-01",
    }


def _workforce(*evidence: dict[str, Any]) -> cg.Workforce:
    return cg.Workforce(id="wf:w", people=[{"id": "person:p"}], evidence=evidence)


def _decisions(*pairs: tuple[str, str, str], at: str = "2026-01-01T00:00:00Z") -> cg.Decisions:
    stated = [
        {"kind": kind, "subject": old, "object": new, "verdict": verdict, "by": "board", "at": at}
        for kind, old, new, verdict in (("merge", *pair) for pair in pairs)
    ]
    return cg.Decisions(id="dec:d", decisions=stated)


def test_evidence_follows_a_rename_and_says_what_it_was() -> None:
    changes = diff(_framework(), _framework(successors={"cap:a": ["cap:b"]}))
    found = migrate(_workforce(_record("ev:1", "cap:a"), _record("ev:2", "cap:c")), changes)
    first, second = found.apply().evidence
    assert first.capability == "cap:b"
    assert first.extensions["capgraph"]["migrated"] == ({"version": "fw:f 5", "capability": "cap:a"},)
    assert second.capability == "cap:c"
    assert not second.extensions
    assert [(row.outcome, row.before, row.after, row.count, row.examples) for row in found] == [
        ("followed", "cap:a", ("cap:b",), 1, ("ev:1",))
    ]
    assert found.changed == 1


def test_merged_requirements_combine_to_the_more_demanding_one() -> None:
    changes = diff(_framework(), _framework(successors={"cap:a": ["cap:c"], "cap:b": ["cap:c"]}))
    requirements = [
        {"capability": "cap:a", "level": 2, "necessity": "mandatory", "importance": 1, "note": "one"},
        {"capability": "cap:b", "level": 4, "minimum": 1, "stretch": 5, "necessity": "optional", "note": "two"},
    ]
    roles = cg.Framework(
        id="fw:roles", imports=["fw:f"], roles=[{"id": "role:r", "label": "R", "requirements": requirements}]
    )
    (requirement,) = migrate(roles, changes).apply().roles[0].requirements
    assert (requirement.capability, requirement.level, requirement.minimum, requirement.stretch) == ("cap:c", 4, 1, 5)
    assert (requirement.necessity, requirement.importance, requirement.note) == ("mandatory", 1, "one; two")


def test_of_two_alignments_that_meet_the_surer_one_stays() -> None:
    changes = diff(_framework(), _framework(successors={"cap:a": ["cap:c"]}))
    alignments = [{"target": "cap:a", "state": "proposed"}, {"target": "cap:c", "confidence": 0.5}]
    asset = {"id": "asset:x", "title": "X", "alignments": alignments, "prerequisites": {"capability": "cap:a"}}
    found = migrate(cg.Catalog(id="cat:c", assets=[asset]), changes)
    (migrated,) = found.apply().assets
    assert [(item.target, item.state) for item in migrated.alignments] == [("cap:c", "accepted")]
    assert migrated.prerequisites == Condition(capability="cap:c")
    assert "combined" in {row.outcome for row in found}


SPLIT = {"cap:a": ["cap:b", "cap:c"]}


def test_a_split_asks_until_a_decision_or_a_rule_answers() -> None:
    changes = diff(_framework(), _framework(successors=SPLIT))
    workforce = _workforce(_record("ev:1", "cap:a"))
    asked = migrate(workforce, changes)
    assert (asked.open, asked.records[0].outcome) == (1, "open")
    assert asked.draft == workforce
    with pytest.raises(DocumentError, match="decide which of them"):
        asked.apply()
    decided = migrate(workforce, changes, decisions=_decisions(("cap:a", "cap:c", "accepted"))).apply()
    assert [item.capability for item in decided.evidence] == ["cap:c"]
    left = migrate(workforce, changes, decisions=_decisions(("cap:a", "cap:c", "rejected"))).apply()
    assert [item.capability for item in left.evidence] == ["cap:b"]
    both = migrate(workforce, changes, splits="all").apply()
    assert [(item.id, item.capability) for item in both.evidence] == [("ev:1", "cap:b"), ("ev:1.2", "cap:c")]
    first = migrate(workforce, changes, splits="first").apply()
    assert [item.capability for item in first.evidence] == ["cap:b"]
    assert migrate(workforce, changes, splits="keep").apply() == workforce


def test_a_condition_on_a_split_capability_asks_for_all_heirs() -> None:
    changes = diff(_framework(), _framework(successors=SPLIT))
    asset = {"id": "asset:x", "title": "X", "prerequisites": {"capability": "cap:a"}}
    (migrated,) = migrate(cg.Catalog(id="cat:c", assets=[asset]), changes, splits="all").apply().assets
    assert migrated.prerequisites == Condition(all_of=[{"capability": "cap:b"}, {"capability": "cap:c"}])


def test_what_was_removed_without_a_successor_stays_and_is_listed() -> None:
    fewer = _framework().replace(capabilities=_framework().capabilities[1:])
    workforce = _workforce(_record("ev:1", "cap:a"))
    found = migrate(workforce, diff(_framework(), fewer))
    assert found.apply() == workforce
    assert [(row.outcome, row.before, row.reason) for row in found] == [
        ("kept", "cap:a", "it was removed without a successor")
    ]


MAP: dict[int, int | None] = {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 4}


def test_levels_are_read_through_the_map_of_their_scale() -> None:
    changes = diff(_framework(5), _framework(4))
    assert list(changes.rescaled) == ["scale:s"]
    alignments = [
        {"target": "cap:a", "level_from": 3, "level_to": 5},
        {"target": "cap:b", "level_from": 4, "level_to": 5},
    ]
    catalog = cg.Catalog(id="cat:c", assets=[{"id": "asset:x", "title": "X", "alignments": alignments}])
    found = migrate(catalog, changes, scales={"scale:s": MAP})
    (alignment,) = found.apply().assets[0].alignments
    assert (alignment.target, alignment.level_from, alignment.level_to) == ("cap:a", 3, 4)
    assert [(row.outcome, row.before) for row in found if row.outcome == "dropped"] == [("dropped", "cap:b")]
    workforce = _workforce(_record("ev:1", "cap:a", 5), _record("ev:2", "cap:a", 3), _record("ev:3", "cap:a", None))
    high, same, none = migrate(workforce, changes, scales={"scale:s": MAP}).apply().evidence
    assert (high.level, same.level, none.level) == (4, 3, None)
    assert high.extensions["capgraph"]["migrated"] == ({"version": "fw:f 5", "level": 5},)
    assert not same.extensions
    dropped = migrate(workforce, changes, scales={"scale:s": MAP | {5: None}})
    assert dropped.apply().evidence[0].level is None
    assert dropped.records[0].outcome == "dropped"


def test_levels_of_decisions_are_read_through_the_map_like_those_of_alignments() -> None:
    """What was accepted counts in the graph with its levels, so that these are read anew too."""
    changes = diff(_framework(5), _framework(4))
    stated: list[dict[str, Any]] = [
        {"object": "cap:a", "level_to": 5},
        {"object": "cap:b", "level_from": 4, "level_to": 5},
        {"object": "cap:c", "verdict": "rejected"},
    ]
    common = {"kind": "alignment", "subject": "asset:x", "verdict": "accepted", "by": "x", "at": "2026-01-01T00:00:00Z"}
    decisions = cg.Decisions(id="dec:d", decisions=[common | one for one in stated])
    found = migrate(decisions, changes, scales={"scale:s": MAP})
    carried = [(one.object, one.verdict, one.level_to) for one in found.apply().decisions]
    assert carried == [("cap:a", "accepted", 4), ("cap:c", "rejected", None)]
    assert [(row.field, row.before) for row in found if row.outcome == "dropped"] == [("decisions", "cap:b")]
    with pytest.raises(DocumentError, match="give its map"):
        migrate(decisions, changes).apply()


def test_of_two_decisions_that_meet_the_accepting_one_stays() -> None:
    """What is accepted for one of two capabilities is so for what they became, whichever comes first by id."""
    changes = diff(_framework(), _framework(successors={"cap:a": ["cap:c"], "cap:b": ["cap:c"]}))
    common = {"kind": "alignment", "subject": "asset:x", "by": "x", "at": "2026-01-01T00:00:00Z"}
    for verdicts in (("accepted", "rejected"), ("rejected", "accepted")):
        stated = [
            common | {"object": id_, "verdict": said} for id_, said in zip(("cap:a", "cap:b"), verdicts, strict=True)
        ]
        (met,) = migrate(cg.Decisions(id="dec:d", decisions=stated), changes).apply().decisions
        assert (met.object, met.verdict) == ("cap:c", "accepted")


def test_a_scale_without_a_map_waits() -> None:
    found = migrate(_workforce(_record("ev:1", "cap:a", 5)), diff(_framework(5), _framework(4)))
    with pytest.raises(DocumentError, match="give its map"):
        found.apply()
    assert migrate(_workforce(_record("ev:1", "cap:a", 5)), diff(_framework(4), _framework(5))).open == 0


def test_maps_that_do_not_fit_are_told_at_once() -> None:
    changes = diff(_framework(5), _framework(4))
    wrong: dict[int, int | None] = {0: 3, 1: 1, 2: 9}
    with pytest.raises(ScaleMismatchError) as told:
        migrate(_workforce(), changes, scales={"scale:s": wrong, "scale:t": {}})
    assert len(told.value.issues) == 4


def test_contradictory_decisions_and_circles_are_told_at_once() -> None:
    changes = diff(_framework(), _framework())
    two = _decisions(("cap:a", "cap:b", "accepted"), ("cap:a", "cap:c", "accepted"), ("cap:d", "cap:e", "accepted"))
    with pytest.raises(DocumentError) as told:
        migrate(_workforce(), changes, decisions=two)
    assert [issue.ids for issue in told.value.issues] == [("cap:a", "cap:b", "cap:c")]
    circle = _decisions(("cap:a", "cap:b", "accepted"), ("cap:b", "cap:c", "accepted"), ("cap:c", "cap:a", "accepted"))
    with pytest.raises(CycleError):
        migrate(_workforce(), changes, decisions=circle)
    with pytest.raises(CycleError):
        migrate(_workforce(), diff(_framework(), _framework(successors={"cap:a": ["cap:b"], "cap:b": ["cap:a"]})))


def test_decisions_circles_and_maps_that_are_wrong_are_told_together() -> None:
    changes = diff(_framework(5), _framework(4, successors={"cap:a": ["cap:b"], "cap:b": ["cap:a"]}))
    stated = _decisions(("cap:c", "cap:d", "accepted"), ("cap:c", "cap:e", "accepted")).decisions
    (accepted,) = _decisions(("cap:e", "cap:d", "accepted")).decisions
    rejected = accepted.replace(kind="rename", verdict="rejected")
    decisions = cg.Decisions(id="dec:d", decisions=[*stated, accepted, rejected])
    with pytest.raises(DocumentError) as told:
        migrate(_workforce(), changes, decisions=decisions, scales={"scale:s": {0: 0}, "scale:x": {}})
    codes = [issue.code for issue in told.value.issues]
    assert sorted(set(codes)) == ["contradictory-decisions", "cycle", "scale-mismatch"]
    assert codes.count("contradictory-decisions") == 2
    text = str(told.value)
    for part in ("'cap:c' was decided to be", "is its own successor", "leaves out the ranks", "'scale:x'", "moment"):
        assert part in text


def test_a_stream_of_records_is_carried_over_one_by_one() -> None:
    changes = diff(_framework(), _framework(successors={"cap:a": ["cap:b"]} | {"cap:c": ["cap:d", "cap:e"]}))
    records = _workforce(_record("ev:1", "cap:a"), _record("ev:2", "cap:c")).evidence
    stream = migrated_records(iter(records), changes)
    assert next(stream).capability == "cap:b"
    with pytest.raises(DocumentError, match="ev:2"):
        list(stream)
    assert len(list(migrated_records(records, changes, splits="all"))) == 3


def test_records_that_say_the_same_are_carried_over_alike() -> None:
    changes = diff(_framework(5), _framework(4, successors=SPLIT))
    names = ("cap:a", "cap:b", "cap:e")
    records = [_record(f"ev:{place:03}", names[place % 3], place % 6) for place in range(120)]
    found = migrate(_workforce(*records), changes, scales={"scale:s": MAP}, splits="all")
    assert sum(row.count for row in found if row.outcome == "followed") == 40
    assert sum(row.count for row in found if row.outcome == "rescaled") == 20
    alone = [
        record
        for one in records
        for record in migrate(_workforce(one), changes, scales={"scale:s": MAP}, splits="all").apply().evidence
    ]
    assert found.apply().evidence == tuple(sorted(alone, key=lambda record: record.id))
    again = migrate(found.apply(), diff(_framework(), _framework(successors={"cap:b": ["cap:d"]}))).apply()
    first = again.evidence[0].extensions["capgraph"]["migrated"]
    assert [step["capability"] for step in first] == ["cap:a", "cap:b"]


def test_the_whole_sample_survives_a_shorter_scale_with_merges_and_a_split() -> None:
    sample = cg.sample()
    old, names = sample.framework, ("cap:shift-handover", "cap:procurement", "cap:feedback", "cap:tariffs")
    handover, procurement, feedback, tariffs = names
    heirs = {handover: [tariffs], procurement: [tariffs], feedback: [tariffs, "cap:leading-teams"]}
    new = _shortened(old, heirs)
    changes = diff(old, new)
    assert {row.action for row in changes} >= {"merged", "split", "rescaled"}
    scales: dict[str, dict[int, int | None]] = {old.scales[0].id: {1: 1, 2: 2, 3: 3, 4: 4, 5: 4}}
    documents = [*sample.catalogs, sample.workforce, sample.agenda, sample.crosswalk]
    carried = [migrate(document, changes, scales=scales, splits="all").apply() for document in documents]
    graph = cg.CapabilityGraph(new, *carried, sample.public)
    assert not [link for link in graph.unresolved if link.relation in {"teaches", "evidence", "requires"}]
    assert cg.check(graph).errors == 0
    for person in graph.ids(cg.Person):
        assert cg.gap(graph, person).assessed_share is not None
    before, after = sample.workforce, carried[len(sample.catalogs)]
    assert isinstance(after, cg.Workforce)
    assert len(after.evidence) >= len(before.evidence)
    assert {record.capability for record in after.evidence}.isdisjoint(heirs)


def _shortened(framework: cg.Framework, heirs: dict[str, list[str]]) -> cg.Framework:
    """Return a framework whose two highest levels are one, and some of whose capabilities are replaced."""
    top = framework.scales[0].ranks[-1]
    scale = framework.scales[0].replace(levels=framework.scales[0].levels[:-1])
    capabilities = [
        item.replace(
            levels=[level for level in item.levels if level.level < top],
            replaced_by=heirs.get(item.id, []),
            status="deprecated" if item.id in heirs else item.status,
        )
        for item in framework.capabilities
    ]
    behaviors = [item.replace(level=min(item.level or 1, top - 1)) for item in framework.behaviors]
    roles = [item.replace(requirements=_lowered(item, top)) for item in framework.roles]
    return framework.replace(scales=[scale], capabilities=capabilities, behaviors=behaviors, roles=roles)


def _lowered(role: cg.RoleProfile, top: int) -> list[cg.Requirement]:
    fields = ("minimum", "level", "stretch")
    return [
        item.replace(**{name: min(level, top - 1) for name in fields if (level := getattr(item, name)) is not None})
        for item in role.requirements
    ]
