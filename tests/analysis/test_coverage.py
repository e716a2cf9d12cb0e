from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import capgraph as cg
from capgraph.errors import ScaleMismatchError

if TYPE_CHECKING:
    from capgraph.analysis.coverage import CoverageReport

SCALE = cg.ProficiencyScale(id="scale:three", label="Three", levels=[{"rank": r, "label": str(r)} for r in (1, 2, 3)])
FRAMEWORK = cg.Framework(
    id="fw:mini",
    default_scale="scale:three",
    scales=[SCALE],
    capabilities=[
        cg.Capability(id="cap:sql", label="SQL"),
        cg.Capability(id="cap:safety", label="Safety"),
        cg.Capability(id="cap:fax", label="Fax", status="deprecated"),
    ],
    behaviors=[
        cg.Behavior(id="beh:joins", capability="cap:sql", level=1, statement="joins tables"),
        cg.Behavior(id="beh:index", capability="cap:sql", level=2, statement="reads a query plan"),
    ],
    roles=[
        cg.RoleProfile(
            id="role:dev",
            label="Developer",
            requirements=[
                {"capability": "cap:sql", "level": 2},
                {"capability": "cap:safety", "level": 1, "necessity": "mandatory"},
            ],
        )
    ],
)


def asset(name: str, *alignments: dict[str, object], **fields: object) -> cg.LearningAsset:
    return cg.LearningAsset(id=f"asset:{name}", title=name, alignments=alignments, **fields)


def teaches(target: str, level_to: int | None = None, **fields: object) -> dict[str, object]:
    return {"target": target, "level_to": level_to, **fields}


def graph(*assets: cg.LearningAsset, people: tuple[cg.Person, ...] = ()) -> cg.CapabilityGraph:
    documents: list[cg.Framework | cg.Catalog | cg.Workforce] = [FRAMEWORK, cg.Catalog(id="cat:a", assets=assets)]
    if people:
        documents.append(cg.Workforce(id="wf:a", people=people))
    return cg.CapabilityGraph(*documents)


def statuses(report: CoverageReport) -> dict[tuple[str, int | None], str]:
    return {(row.capability, row.level): row.status for row in report}


def test_every_step_up_to_the_required_level_is_a_row() -> None:
    report = cg.coverage(graph(asset("joins", teaches("cap:sql", 1))))
    assert statuses(report) == {
        ("cap:safety", 1): "uncovered",
        ("cap:sql", 1): "thin",
        ("cap:sql", 2): "uncovered",
    }
    assert report.required == 3
    assert report.covered_share == pytest.approx(1 / 3)


def test_an_uncovered_gate_comes_first_and_is_counted_for_itself() -> None:
    report = cg.coverage(graph())
    assert report.records[0].capability == "cap:safety"
    assert report.records[0].necessity == "mandatory"
    assert report.mandatory_uncovered == 1


def test_demand_counts_people_where_a_workforce_is_loaded() -> None:
    people = tuple(cg.Person(id=f"person:{n}", label=str(n), roles=["role:dev"]) for n in range(4))
    assert {row.demand for row in cg.coverage(graph())} == {1}
    assert {row.demand for row in cg.coverage(graph(people=people))} == {4}


def test_a_role_that_nobody_holds_stays_a_row_without_demand() -> None:
    report = cg.coverage(graph(people=(cg.Person(id="person:x", label="x"),)))
    assert {row.demand for row in report} == {0}
    assert report.demand_share is None


@pytest.mark.parametrize(
    ("providers", "status"),
    [
        (("a",), "thin"),
        (("a", "a"), "thin"),
        (("a", "b"), "covered"),
        (("", ""), "covered"),
        (("a", "b", "c", "d", "e"), "oversupplied"),
        (("a", "a", "a", "a", "a"), "oversupplied"),
    ],
)
def test_status_follows_assets_and_providers(providers: tuple[str, ...], status: str) -> None:
    assets = [asset(f"s{n}", teaches("cap:safety", 1), provider=name) for n, name in enumerate(providers)]
    assert statuses(cg.coverage(graph(*assets)))["cap:safety", 1] == status


def test_proposed_and_rejected_alignments_do_not_count_unless_let_in() -> None:
    assets = (
        asset("p", teaches("cap:safety", 1, state="proposed", confidence=0.8)),
        asset("r", teaches("cap:safety", 1, state="rejected")),
    )
    assert statuses(cg.coverage(graph(*assets)))["cap:safety", 1] == "uncovered"
    report = cg.coverage(graph(*assets), alignments="proposed", min_confidence=0.7)
    assert report.records[-1].assets == ("asset:p",)


def test_what_assesses_is_asked_apart_from_what_teaches() -> None:
    exam = asset("exam", {"target": "cap:safety", "relation": "assesses", "level_to": 1})
    assert statuses(cg.coverage(graph(exam)))["cap:safety", 1] == "uncovered"
    assert statuses(cg.coverage(graph(exam), relation="assesses"))["cap:safety", 1] == "thin"


def test_orphans_serve_no_requirement() -> None:
    assets = (
        asset("none"),
        asset("above", teaches("cap:sql", 3, level_from=2)),
        asset("law", mandatory=True),
        asset("behavior", teaches("beh:index")),
        asset("exam", {"target": "cap:sql", "relation": "assesses", "level_to": 2}),
        asset("gone", status="deprecated"),
    )
    report = cg.coverage(graph(*assets))
    assert report.orphans == ("asset:above", "asset:none")
    assert report.compliance == ("asset:law",)


def test_obsolete_assets_have_retired_targets_alone() -> None:
    report = cg.coverage(
        graph(asset("fax", teaches("cap:fax")), asset("both", teaches("cap:fax"), teaches("cap:sql", 1)))
    )
    assert report.obsolete == ("asset:fax",)


def test_split_by_language_shows_whom_a_step_leaves_out() -> None:
    people = tuple(
        cg.Person(id=f"person:{n}", label="x", roles=["role:dev"], language=language)
        for n, language in enumerate(("en", "de", "de"))
    )
    report = cg.coverage(graph(asset("safe", teaches("cap:safety", 1)), people=people), by="language")
    found = {(row.part, row.demand): row.status for row in report if row.capability == "cap:safety"}
    assert found == {("de", 2): "uncovered", ("en", 1): "thin"}


def test_split_by_behavior_counts_assets_of_the_step_and_of_the_behavior() -> None:
    assets = (asset("joins", teaches("cap:sql", 1)), asset("plans", teaches("beh:index")))
    report = cg.coverage(graph(*assets), by="behavior")
    assert {row.part: row.assets for row in report} == {"beh:joins": ("asset:joins",), "beh:index": ("asset:plans",)}


def test_a_row_carries_the_alignments_behind_it() -> None:
    report = cg.coverage(graph(asset("safe", teaches("cap:safety", 1))))
    place = next(n for n, row in enumerate(report) if row.assets)
    assert report.evidence(place)[0]["ids"] == ["asset:safe", "cap:safety"]


def test_a_level_off_the_scale_is_refused() -> None:
    with pytest.raises(ScaleMismatchError, match="asset:odd"):
        cg.coverage(graph(asset("odd", teaches("cap:sql", 9))))


def test_an_empty_graph_says_why_there_is_nothing() -> None:
    report = cg.coverage(cg.CapabilityGraph())
    assert len(report) == 0
    assert report.covered_share is None
    assert "no role requires anything" in " ".join(report.notes)


levels = st.integers(1, 3)
alignments = st.builds(teaches, st.sampled_from(["cap:sql", "cap:safety"]), levels)


@given(st.lists(alignments, max_size=6), alignments)
def test_coverage_is_monotone_in_assets(stated: list[dict[str, object]], more: dict[str, object]) -> None:
    assets = [asset(str(n), one) for n, one in enumerate(stated)]
    before = cg.coverage(graph(*assets))
    after = {(row.capability, row.level): row for row in cg.coverage(graph(*assets, asset("more", more)))}
    for row in before:
        assert set(row.assets) <= set(after[row.capability, row.level].assets)
