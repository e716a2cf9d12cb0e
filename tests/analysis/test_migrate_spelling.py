"""migrate: what ids mean however they are written, and levels on the scale of whatever takes over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given, settings

import capgraph as cg
from capgraph.analysis.change import diff
from capgraph.analysis.migration import migrate
from capgraph.analysis.stream_migration import migrated_records
from strategies import documents, frameworks

if TYPE_CHECKING:
    from capgraph.model import Document

BASE = "https://e.org/cap/"


def _scale(id_: str, top: int) -> dict[str, Any]:
    return {"id": id_, "label": "S", "levels": [{"rank": rank, "label": str(rank)} for rank in range(top + 1)]}


def _framework(capabilities: list[dict[str, Any]], **fields: Any) -> cg.Framework:
    given = {"default_scale": "scale:s", "scales": [_scale("scale:s", 5), _scale("scale:t", 3)]}
    return cg.Framework(**{"id": "fw:f", "prefixes": {"cap": BASE}, **given, "capabilities": capabilities, **fields})


def _record(capability: str, **fields: Any) -> dict[str, Any]:
    stated = {"id": "ev:1", "person": "person:p", "capability": capability, "kind": "test", "date": "2026-01-01"}
    return stated | {"level": 3} | fields


def _workforce(*evidence: dict[str, Any], **fields: Any) -> cg.Workforce:
    return cg.Workforce(id="wf:w", people=[{"id": "person:p"}], evidence=evidence, **fields)


A, B, C = ({"id": f"cap:{name}", "label": name.upper()} for name in "abc")


@given(documents(), frameworks())
@settings(max_examples=15)
def test_where_nothing_changed_nothing_is_migrated(document: Document, framework: cg.Framework) -> None:
    found = migrate(document, diff(framework, framework))
    assert (found.open, found.changed, found.apply()) == (0, 0, document)


def test_references_are_followed_however_they_are_written() -> None:
    changes = diff(_framework([A, B]), _framework([A | {"replaced_by": ["cap:b"]}, B]))
    spelled = {
        "cap:a": ({}, "cap:b"),
        f"{BASE}a": ({}, "cap:b"),
        "skill:a": ({"skill": BASE}, "skill:b"),
    }
    for written, (prefixes, expected) in spelled.items():
        workforce = _workforce(_record(written), prefixes=prefixes)
        (record,) = migrate(workforce, changes).apply().evidence
        assert record.capability == expected
        (record,) = migrated_records(workforce.evidence, changes, prefixes=prefixes)
        assert record.capability == expected


def test_a_prefix_of_another_meaning_is_another_thing() -> None:
    changes = diff(_framework([A, B]), _framework([A | {"replaced_by": ["cap:b"]}, B]))
    other = _workforce(_record("cap:a"), prefixes={"cap": "https://other.org/"})
    assert migrate(other, changes).apply() == other
    both = other.replace(evidence=[_record(f"{BASE}a")])
    assert migrate(both, changes).apply().evidence[0].capability == f"{BASE}b"


def test_decisions_and_maps_may_be_written_in_full() -> None:
    old, new = _framework([A]), _framework([B], scales=[_scale("scale:s", 4)], prefixes={})
    new = new.replace(capabilities=[B | {"id": f"{BASE}b"}])
    stated = {"kind": "rename", "verdict": "accepted", "by": "board", "at": "2026-01-01T00:00:00Z"}
    decisions = cg.Decisions(id="dec:d", decisions=[stated | {"subject": f"{BASE}a", "object": f"{BASE}b"}])
    changes = diff(old, new)
    found = migrate(
        _workforce(_record("cap:a", level=5)),
        changes,
        decisions=decisions,
        scales={"scale:s": {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 4}},
    )
    (record,) = found.apply().evidence
    assert (record.capability, record.level) == (f"{BASE}b", 4)


TO_T: dict[int, int | None] = {0: 0, 1: 1, 2: 1, 3: 2, 4: 3, 5: 3}


def test_levels_follow_to_the_scale_of_the_heir() -> None:
    heir = B | {"scale": "scale:t"}
    changes = diff(_framework([A, heir, C]), _framework([A | {"replaced_by": ["cap:b"]}, heir, C]))
    workforce = _workforce(
        _record("cap:a"),
        _record("cap:c", id="ev:2"),
        _record("cap:a", id="ev:3", scale="scale:s"),
        _record("cap:c", id="ev:4", scale="scale:s"),
    )
    assert migrate(workforce, changes).open == 2
    moved, same, stated, other = migrate(workforce, changes, scales={"scale:s": TO_T}).apply().evidence
    assert (moved.capability, moved.level) == ("cap:b", 2)
    assert (stated.capability, stated.level, stated.scale) == ("cap:b", 2, None)
    assert (same.level, other.level, other.scale) == (3, 3, "scale:s")


def test_alignments_to_behaviors_are_read_on_the_scale_of_their_capability() -> None:
    behavior = {"id": "behavior:a", "capability": "cap:a", "level": 2, "statement": "Does it."}
    old = _framework([A], behaviors=[behavior])
    new = old.replace(scales=[_scale("scale:s", 4)])
    alignment = {"target": "behavior:a", "level_to": 5}
    catalog = cg.Catalog(id="cat:c", assets=[{"id": "asset:x", "title": "X", "alignments": [alignment]}])
    scales: dict[str, dict[int, int | None]] = {"scale:s": {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 4}}
    (asset,) = migrate(catalog, diff(old, new), scales=scales).apply().assets
    assert asset.alignments[0].level_to == 4


def test_what_can_name_one_heir_names_the_first_and_says_so() -> None:
    old = cg.Workforce(id="wf:w", people=[{"id": f"person:{name}"} for name in "abc"])
    history = cg.Crosswalk(
        id="xw:w",
        subject_source="wf:w",
        object_source="wf:w",
        mappings=[
            {"subject": "person:a", "predicate": "exact", "object": "person:b"},
            {"subject": "person:a", "predicate": "exact", "object": "person:c"},
        ],
    )
    new = old.replace(people=old.people[1:])
    other = cg.Workforce(id="wf:x", imports=["wf:w"], teams=[{"id": "team:x", "label": "X", "lead": "person:a"}])
    found = migrate(other, diff(old, new, history=history), splits="all")
    assert [(row.field, row.after) for row in found] == [("lead", ("person:b",))]
    assert found.records[0].reason.endswith("this names one, the first")
    assert found.apply().teams[0].lead == "person:b"


def test_an_asset_that_was_split_is_asked_for_as_a_whole() -> None:
    assets = [{"id": f"asset:{name}", "title": name} for name in "abc"]
    old = cg.Catalog(id="cat:c", assets=assets)
    new = old.replace(assets=[assets[0] | {"replaced_by": ["asset:b", "asset:c"]}, *assets[1:]])
    needs = {"id": "asset:x", "title": "X", "prerequisites": {"asset": "asset:a"}}
    (asset,) = migrate(cg.Catalog(id="cat:x", assets=[needs]), diff(old, new), splits="all").apply().assets
    assert asset.prerequisites == cg.Condition(all_of=["asset:b", "asset:c"])
