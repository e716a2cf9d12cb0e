"""check: each rule finds what it is for, and nothing in a sound graph."""

from __future__ import annotations

import datetime as dt

import pytest

import capgraph as cg
from capgraph.analysis.rules import RULES

SCALE = cg.ProficiencyScale(
    id="scale:s", label="S", levels=tuple(cg.ProficiencyLevel(rank=rank, label=str(rank)) for rank in (1, 2))
)
SOUND = cg.Framework(
    id="fw:x",
    scales=(SCALE,),
    default_scale="scale:s",
    capabilities=(cg.Capability(id="cap:a", label="A"),),
    behaviors=(cg.Behavior(id="beh:a", capability="cap:a", level=1, statement="Does A."),),
    roles=(cg.RoleProfile(id="role:a", label="A", requirements=(cg.Requirement(capability="cap:a", level=1),)),),
)
TAUGHT = cg.LearningAsset(id="asset:a", title="A", alignments=(cg.Alignment(target="cap:a", level_to=1),))


def rules_found(*documents: cg.model.Document) -> list[tuple[str, str]]:
    """Return the rule and the id of every finding."""
    return [(row.rule, row.id) for row in cg.check(cg.CapabilityGraph(*documents))]


def catalog(**fields: object) -> cg.Catalog:
    """Return a catalog of one asset."""
    return cg.Catalog(id="cat:x", assets=(TAUGHT.replace(**fields),))


def test_a_sound_graph_has_no_findings() -> None:
    """Nothing is found where nothing is wrong, and the report says so."""
    report = cg.check(cg.CapabilityGraph(SOUND, catalog()))
    assert len(report) == 0
    assert report.notes == ("Nothing found.",)
    assert report.errors == report.warnings == 0


@pytest.mark.parametrize(
    ("documents", "finding"),
    [
        ((SOUND, catalog(roles=("role:no",))), ("unresolved-reference", "asset:a")),
        ((SOUND, catalog(alignments=(cg.Alignment(target="cap:a", level_to=9),))), ("level-off-scale", "asset:a")),
        ((SOUND, catalog(alignments=())), ("asset-without-alignment", "asset:a")),
        (
            (SOUND, catalog(alignments=(cg.Alignment(target="cap:a", state="proposed"),))),
            ("alignment-to-review", "asset:a"),
        ),
        (
            (
                SOUND,
                catalog(
                    alignments=(
                        cg.Alignment(target="cap:a", level_to=1),
                        cg.Alignment(target="cap:a", level_to=2, state="rejected"),
                    )
                ),
            ),
            ("alignment-contradiction", "asset:a"),
        ),
        ((SOUND.replace(behaviors=()),), ("required-without-indicator", "cap:a")),
        ((SOUND.replace(behaviors=(SOUND.behaviors[0].replace(level=None),)),), ("behavior-without-level", "beh:a")),
        (
            (SOUND.replace(capabilities=(SOUND.capabilities[0].replace(status="deprecated"),)),),
            ("deprecated-in-use", "role:a"),
        ),
        (
            (SOUND.replace(roles=(*SOUND.roles, cg.RoleProfile(id="role:b", label="B"))),),
            ("role-without-requirements", "role:b"),
        ),
        (
            (SOUND.replace(capabilities=(*SOUND.capabilities, cg.Capability(id="cap:b", label=" a "))),),
            ("label-used-twice", "cap:a"),
        ),
        ((SOUND, cg.Workforce(id="wf:x", people=(cg.Person(id="person:p"),))), ("person-without-role", "person:p")),
        (
            (SOUND, cg.Agenda(id="ag:x", challenges=(cg.model.Challenge(id="ch:a", statement="Late."),))),
            ("challenge-without-chain", "ch:a"),
        ),
        (
            (
                SOUND,
                cg.Workforce(
                    id="wf:x",
                    people=(cg.Person(id="person:p", roles=("role:a",)),),
                    evidence=(
                        cg.Evidence(
                            id="ev:1",
                            person="person:p",
                            capability="cap:a",
                            kind="test",
                            level=7,
                            date=dt.date(2026, 1, 1),
                        ),
                    ),
                ),
            ),
            ("level-off-scale", "ev:1"),
        ),
        (
            (
                SOUND,
                cg.Workforce(
                    id="wf:x",
                    people=(cg.Person(id="person:p", roles=("role:a",)),),
                    evidence=(
                        cg.Evidence(
                            id="ev:1",
                            person="person:p",
                            capability="cap:a",
                            kind="test",
                            level=1,
                            scale="scale:other",
                            date=dt.date(2026, 1, 1),
                        ),
                    ),
                ),
            ),
            ("level-on-another-scale", "ev:1"),
        ),
    ],
)
def test_each_rule_finds_its_fault(documents: tuple[cg.model.Document, ...], finding: tuple[str, str]) -> None:
    """A single fault is found by the rule that is for it."""
    assert finding in rules_found(*documents)


def test_cycles_are_named_with_their_chain() -> None:
    """Prerequisites and reporting lines that lead back are shown from the least id on."""
    assets = [
        TAUGHT.replace(id=f"asset:{name}", prerequisites=cg.Condition(asset=f"asset:{before}"))
        for name, before in (("b", "c"), ("c", "a"), ("a", "b"))
    ]
    people = [
        cg.Person(id=f"person:{name}", roles=("role:a",), manager=f"person:{boss}")
        for name, boss in (("x", "y"), ("y", "x"))
    ]
    report = cg.check(
        cg.CapabilityGraph(
            SOUND, cg.Catalog(id="cat:x", assets=tuple(assets)), cg.Workforce(id="wf:x", people=tuple(people))
        )
    )
    assert [row.message for row in report] == [
        "wait for one another: asset:a → asset:b → asset:c → asset:a",
        "report to one another: person:x → person:y → person:x",
    ]


def test_errors_come_first_and_rules_can_be_chosen() -> None:
    """The order is severity, rule, id; a caller may run one rule alone."""
    documents = (SOUND, catalog(roles=("role:no",), alignments=(cg.Alignment(target="cap:a", level_to=9),)))
    report = cg.check(cg.CapabilityGraph(*documents))
    assert [row.severity for row in report] == sorted(
        (row.severity for row in report), key=["error", "warning", "info"].index
    )
    assert report.errors == 1
    assert report.warnings == 1
    only = cg.check(cg.CapabilityGraph(*documents), rules=RULES[:1])
    assert [row.rule for row in only] == ["unresolved-reference"]


def test_a_zero_that_the_scale_gives_a_meaning_is_in_order() -> None:
    """A 0 below the scale is refused only where nothing says what it means."""
    levels = [{"rank": 1, "label": "1"}]

    def found(**stated: object) -> set[str]:
        """Return the rules that records of a 0 break on a scale."""
        scale = {"id": "scale:s", "label": "S", "levels": levels, **stated}
        framework = cg.Framework.model_validate(
            {
                "id": "fw:z",
                "scales": [scale],
                "default_scale": "scale:s",
                "capabilities": [{"id": "cap:z", "label": "Z"}],
            }
        )
        record = {
            "id": "ev:z",
            "person": "person:z",
            "capability": "cap:z",
            "kind": "test",
            "level": 0,
            "date": "2026-01-01",
        }
        people = cg.Workforce.model_validate({"id": "wf:z", "people": [{"id": "person:z"}], "evidence": [record]})
        return {row.rule for row in cg.check(cg.CapabilityGraph(framework, people))}

    assert "level-off-scale" in found()
    assert "level-off-scale" not in found(zero_means="no_knowledge")
