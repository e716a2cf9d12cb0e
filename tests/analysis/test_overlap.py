from __future__ import annotations

import pytest

import capgraph as cg
from capgraph.analysis.cells import Cell, covered

FRAMEWORK = cg.Framework(
    id="fw:mini",
    default_scale="scale:three",
    scales=[
        cg.ProficiencyScale(id="scale:three", label="Three", levels=[{"rank": r, "label": str(r)} for r in (1, 2, 3)])
    ],
    capabilities=[cg.Capability(id="cap:sql", label="SQL"), cg.Capability(id="cap:safety", label="Safety")],
    behaviors=[cg.Behavior(id="beh:joins", capability="cap:sql", level=1, statement="joins tables")],
)


def teaches(target: str, level_to: int | None = None, **fields: object) -> dict[str, object]:
    return {"target": target, "level_to": level_to, **fields}


def asset(name: str, *alignments: dict[str, object], title: str = "", **fields: object) -> cg.LearningAsset:
    return cg.LearningAsset(id=f"asset:{name}", title=title or name, alignments=alignments, **fields)


def graph(*assets: cg.LearningAsset) -> cg.CapabilityGraph:
    return cg.CapabilityGraph(FRAMEWORK, cg.Catalog(id="cat:a", assets=assets))


SQL = teaches("cap:sql", 2)


def test_the_share_is_of_the_cells_that_either_covers() -> None:
    report = cg.overlap(graph(asset("queries", SQL), asset("first-joins", teaches("cap:sql", 1))))
    row = report.records[0]
    assert (row.left, row.right, row.share) == ("asset:first-joins", "asset:queries", 0.5)
    assert row.shared == ("teaches cap:sql 1 (en)",)
    assert row.only_right == ("teaches cap:sql 2 (en)",)
    assert row.content == "different"


def test_pairs_below_the_least_share_are_left_out() -> None:
    assets = asset("queries", SQL), asset("first-joins", teaches("cap:sql", 1))
    assert len(cg.overlap(graph(*assets), min_share=0.6)) == 0


def test_the_same_content_is_no_overlap_but_a_duplicate() -> None:
    text = "Joins, groups and windows on a copy of the meter tables, with a slow query of your own."
    twins = [asset(name, SQL, title="SQL in Practice", description=text) for name in "ab"]
    assert len(cg.overlap(graph(*twins))) == 0
    assert cg.duplicates(graph(*twins)).same == 1


@pytest.mark.parametrize(
    ("left", "right", "rows", "shared"),
    [
        (["crews"], ["Crews"], 1, ("crews",)),
        (["crews"], ["managers"], 0, ()),
        (["crews"], ["all staff"], 1, ()),
        (["crews", "meter"], ["meter", "office"], 1, ("meter",)),
        ([], ["crews"], 1, ()),
    ],
)
def test_audiences_with_nothing_in_common_do_not_overlap(
    left: list[str], right: list[str], rows: int, shared: tuple[str, ...]
) -> None:
    report = cg.overlap(graph(asset("queries", SQL, audience=left), asset("windows", SQL, audience=right)))
    assert len(report) == rows
    assert all(row.audience == shared for row in report)


def test_languages_are_held_apart_unless_asked_otherwise() -> None:
    pair = graph(asset("queries", SQL, language="en"), asset("abfragen", SQL, language="de"))
    assert len(cg.overlap(pair)) == 0
    assert len(cg.overlap(pair, protect=["site"])) == 1


def test_dominance_names_what_is_better_and_what_is_unknown() -> None:
    report = cg.dominated(
        graph(
            asset("long", SQL, duration=600, published="2024-01-01"),
            asset("short", SQL, duration=60, published="2025-01-01", rating=0.9),
        )
    )
    assert [(row.asset, row.by, row.better, row.unknown) for row in report] == [
        ("asset:long", "asset:short", ("duration", "date"), ("rating",))
    ]


def test_an_asset_that_is_worse_anywhere_dominates_nothing() -> None:
    cheap_but_old = asset("old", SQL, cost={"amount": 1, "currency": "EUR"}, published="2020-01-01")
    dear_but_new = asset("new", SQL, cost={"amount": 9, "currency": "EUR"}, published="2025-01-01")
    assert len(cg.dominated(graph(cheap_but_old, dear_but_new))) == 0


def test_equal_twins_do_not_dominate_one_another() -> None:
    assert len(cg.dominated(graph(asset("a", SQL, duration=60), asset("b", SQL, duration=60)))) == 0


def test_covering_more_is_better() -> None:
    report = cg.dominated(graph(asset("some", teaches("cap:sql", 1)), asset("more", SQL)))
    assert [(row.asset, row.better) for row in report] == [("asset:some", ("more",))]


def test_what_law_demands_is_dominated_only_by_what_law_demands() -> None:
    law, free = asset("law", SQL, mandatory=True, duration=90), asset("free", SQL, duration=60)
    assert [row.asset for row in cg.dominated(graph(law, free))] == []


def test_prices_of_two_currencies_are_not_compared() -> None:
    euro = asset("euro", SQL, cost={"amount": 1, "currency": "EUR"}, duration=90)
    franc = asset("franc", SQL, cost={"amount": 9, "currency": "CHF"}, duration=60)
    report = cg.dominated(graph(euro, franc))
    assert [(row.asset, row.unknown) for row in report] == [("asset:euro", ("cost",))]


def test_a_cell_for_everybody_serves_each_audience_but_not_the_other_way() -> None:
    coverage = covered(graph(asset("all", SQL), asset("crews", SQL, audience=["crews"])))
    crews = Cell("cap:sql", 1, "teaches", "en", "crews")
    assert crews in coverage.reach["asset:all"]
    assert crews._replace(audience="") not in coverage.reach["asset:crews"]


def test_behaviors_and_assessments_are_cells_too() -> None:
    exam = asset("exam", {"target": "cap:sql", "relation": "assesses", "level_to": 1}, teaches("beh:joins"))
    assert covered(graph(exam), protect=()).cells["asset:exam"] == {
        Cell("cap:sql", 1, "assesses"),
        Cell("beh:joins", None, "teaches"),
    }
