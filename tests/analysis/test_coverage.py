from __future__ import annotations

from dataclasses import replace
from itertools import chain, combinations
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import capgraph as cg
from capgraph.analysis.coverage_split import SPLITS, Split
from capgraph.errors import ArgumentError, ScaleMismatchError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from capgraph.analysis.coverage import CoverageReport, CoverageRow

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


def speakers(*languages: str | None) -> tuple[cg.Person, ...]:
    return tuple(
        cg.Person(id=f"person:{n}", label="x", roles=["role:dev"], language=language)
        for n, language in enumerate(languages)
    )


def test_a_cross_shows_the_kind_that_a_language_lacks() -> None:
    assets = (
        asset("class", teaches("cap:safety", 1), language="en"),
        asset("coach", teaches("cap:safety", 1), language="de", kind="coaching"),
        asset("film", teaches("cap:safety", 1), language="fr", kind="video"),
    )
    report = cg.coverage(graph(*assets, people=speakers("en", "de", "de")), by=("language", "kind"))
    found = {
        (row.language, row.kind): (row.demand, row.status, row.assets)
        for row in report
        if row.capability == "cap:safety"
    }
    assert found == {
        ("de", "coaching"): (2, "thin", ("asset:coach",)),
        ("de", "course"): (2, "uncovered", ()),
        ("de", "video"): (2, "uncovered", ()),
        ("en", "coaching"): (1, "uncovered", ()),
        ("en", "course"): (1, "thin", ("asset:class",)),
        ("en", "video"): (1, "uncovered", ()),
        ("fr", "video"): (0, "thin", ("asset:film",)),
    }


def test_a_cross_has_a_column_for_each_facet_and_a_single_split_only_the_part() -> None:
    one = cg.coverage(graph(asset("joins", teaches("cap:sql", 1), language="en")), by="kind")
    assert one.columns[:4] == ("capability", "label", "level", "part")
    assert not {"language", "kind", "behavior"} & {*one.columns, *one.rows()[0], *one.summary()}
    assert cg.coverage(graph(), by=["kind"]).columns == cg.coverage(graph(), by=()).columns == one.columns
    assert one.by == ("kind",)

    cross = cg.coverage(graph(asset("joins", teaches("cap:sql", 1), language="en")), by=("kind", "behavior"))
    assert set(cross.columns) - set(one.columns) == {"kind", "behavior"}
    row = next(row for row in cross.rows() if row["assets"])
    assert (row["kind"], row["behavior"], row["part"]) == ("course", "beh:joins", "course · beh:joins")


def test_nothing_stated_is_a_dash_in_the_part_and_in_the_heading() -> None:
    report = cg.coverage(graph(people=speakers("de")), by=("kind", "language"))
    assert {(row.part, row.kind, row.language) for row in report} == {("- · de", "", "de")}
    assert report.matrix.headings == ["level 1 - · de", "level 2 - · de"]


def test_a_split_by_behavior_says_which_steps_state_none() -> None:
    assert "1 required steps state no behavior" in " ".join(cg.coverage(graph(), by=("kind", "behavior")).notes)
    assert "behavior" not in " ".join(cg.coverage(graph(), by="kind").notes)
    only = cg.coverage(graph(), by="behavior", roles=["role:dev"])
    assert "no role requires anything" not in " ".join(only.notes)


@pytest.mark.parametrize(
    ("by", "message"),
    [
        ("site", "'site' is no facet"),
        ("", "'' is no facet"),
        (
            ("kind", "kind", "site"),
            "'site' is no facet; 'kind' is named 2 times; split by each of language, kind, behavior",
        ),
        ((["kind"], 3), r"\['kind'\] is no facet; 3 is no facet"),
        (3, "by is 3; name one or several of language, kind, behavior"),
    ],
)
def test_an_unknown_or_repeated_facet_is_refused(by: object, message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        cg.coverage(graph(), by=by)  # type: ignore[arg-type]


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


SUBSETS = tuple(chain.from_iterable(combinations(SPLITS, size) for size in range(len(SPLITS) + 1)))
aligned = st.one_of(alignments, st.builds(teaches, st.sampled_from(["beh:joins", "beh:index"])))
kinds = st.sampled_from(["course", "coaching", "video"])
languages = st.sampled_from([None, "de", "en", "fr"])
taught = st.lists(aligned, min_size=1, max_size=3, unique_by=lambda one: one["target"])
catalogs = st.lists(st.tuples(taught, kinds, languages), max_size=5).map(
    lambda stated: [
        asset(str(n), *targets, kind=kind, language=language) for n, (targets, kind, language) in enumerate(stated)
    ]
)


def cells(report: CoverageReport, split: tuple[str, ...]) -> dict[tuple[object, ...], list[CoverageRow]]:
    """Return the rows of a report by capability, level and the values of some facets."""
    found: dict[tuple[object, ...], list[CoverageRow]] = {}
    for row in report:
        found.setdefault((row.capability, row.level, *(getattr(row, name) for name in split)), []).append(row)
    return found


def served(rows: Iterable[CoverageRow]) -> set[str]:
    """Return the assets of some rows."""
    return {id_ for row in rows for id_ in row.assets}


@given(catalogs, st.lists(languages, max_size=4))
def test_a_finer_split_agrees_with_every_coarser_one(assets: list[cg.LearningAsset], spoken: list[str | None]) -> None:
    asked = graph(*assets, people=speakers(*spoken))
    reports = {split: cg.coverage(asked, by=split) for split in SUBSETS}
    for finer, coarser in ((a, b) for a in SUBSETS for b in SUBSETS if set(b) < set(a)):
        if ("behavior" in finer) != ("behavior" in coarser):
            continue
        whole, parts = cells(reports[coarser], coarser), cells(reports[finer], coarser)
        assert set(parts) == set(whole)
        for key, (row,) in whole.items():
            assert served(parts[key]) == set(row.assets)
            assert all(part.demand <= row.demand for part in parts[key])
            if row.status == "uncovered":
                assert {part.status for part in parts[key]} == {"uncovered"}


@given(catalogs, st.lists(languages, max_size=4))
def test_behaviors_add_to_a_split_only_what_teaches_them_alone(
    assets: list[cg.LearningAsset], spoken: list[str | None]
) -> None:
    asked = graph(*assets, people=speakers(*spoken))
    taught_by = {item.id: {one.target for one in item.alignments} for item in assets}
    for finer in (split for split in SUBSETS if "behavior" in split):
        coarser = tuple(name for name in finer if name != "behavior")
        report = cg.coverage(asked, by=finer)
        whole, parts = cells(cg.coverage(asked, by=coarser), coarser), cells(report, coarser)
        assert len(cells(report, finer)) == len(report)
        for key, rows in parts.items():
            for part in rows:
                alone = {id_ for id_ in part.assets if part.behavior in taught_by[id_]}
                assert set(part.assets) - alone <= served(whole.get(key, ()))
        for key, rows in whole.items():
            if key[0] == "cap:sql":  # the other capability has no behaviors
                assert served(rows) <= served(parts.get(key, ()))


@given(catalogs, st.lists(languages, max_size=4), st.permutations(SPLITS))
def test_the_order_of_the_facets_changes_the_part_alone(
    assets: list[cg.LearningAsset], spoken: list[str | None], order: list[Split]
) -> None:
    asked = graph(*assets, people=speakers(*spoken))
    straight, turned = (
        {key: [replace(row, part="") for row in rows] for key, rows in cells(cg.coverage(asked, by=by), SPLITS).items()}
        for by in (list(SPLITS), order)
    )
    assert straight
    assert turned == straight


def test_a_scale_of_values_alone_has_one_step() -> None:
    scale = cg.ProficiencyScale(id="scale:lv", label="LV", kind="interval", minimum=0, maximum=7)
    framework = cg.Framework(
        id="fw:values",
        scales=[scale],
        capabilities=[cg.Capability(id="cap:reading", label="Reading", scale="scale:lv")],
        roles=[
            cg.RoleProfile(id="role:clerk", label="Clerk", requirements=[{"capability": "cap:reading", "value": 4}])
        ],
    )
    one = cg.LearningAsset(id="asset:a", title="Reading", alignments=[{"target": "cap:reading"}])
    report = cg.coverage(cg.CapabilityGraph(framework, cg.Catalog(id="cat:a", assets=[one])))
    assert [(row.capability, row.level, row.status) for row in report] == [("cap:reading", None, "thin")]
    assert report.orphans == ()
