from __future__ import annotations

from itertools import chain, combinations
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import capgraph as cg
from capgraph.analysis.keep_set import cheapest_cover
from capgraph.errors import InfeasiblePlanError, UnknownIdError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from capgraph.analysis.consolidation import ConsolidationReport
    from capgraph.analysis.takeover import ConsolidationRow

CAPABILITIES = [f"cap:{name}" for name in "abcdef"]
FRAMEWORK = cg.Framework(id="fw:mini", capabilities=[cg.Capability(id=id_, label=id_) for id_ in CAPABILITIES])


def asset(name: str, *targets: str, **fields: object) -> cg.LearningAsset:
    alignments = [{"target": f"cap:{target}"} for target in targets]
    return cg.LearningAsset(id=f"asset:{name}", alignments=alignments, **{"title": f"About {name}", **fields})


def graph(*assets: cg.LearningAsset) -> cg.CapabilityGraph:
    return cg.CapabilityGraph(FRAMEWORK, cg.Catalog(id="cat:a", assets=assets))


def rows(report: ConsolidationReport) -> dict[str, ConsolidationRow]:
    return {row.asset.removeprefix("asset:"): row for row in report}


def euros(amount: float) -> dict[str, object]:
    return {"amount": amount, "currency": "EUR"}


def loses_nothing(catalog: cg.Catalog, report: ConsolidationReport) -> bool:
    """Check the proof from the documents alone: every taught cell of every asset is taught by an asset that stays."""
    stays = {row.asset for row in report if row.action == "keep"}
    taught: dict[tuple[object, ...], set[str]] = {}
    for one in catalog.assets:
        for alignment in one.alignments:
            for audience in one.audience or ("",):
                taught.setdefault((alignment.target, one.language, audience), set()).add(one.id)
    for (target, language, who), teachers in taught.items():
        for_all = taught.get((target, language, ""), set())
        if not stays & (teachers | (for_all if who else set())):
            return False
    return True


def test_what_others_cover_is_retired_and_named_with_who_takes_over() -> None:
    report = cg.consolidation(graph(asset("both", "a", "b"), asset("one", "a"), asset("two", "b")))
    found = rows(report)
    assert {name: row.action for name, row in found.items()} == {"both": "keep", "one": "retire", "two": "retire"}
    assert found["one"].taken_over_by == ("asset:both",)
    assert "takes over: teaches cap:a" in found["one"].because[0].text
    assert report.optimal
    assert (report.kept, report.retired, report.merged) == (1, 2, 0)


def test_the_same_content_is_merged() -> None:
    text = "Locks, signs, proofs and earths on the training board, each step spoken aloud and signed off in the log."
    twins = [asset(name, "a", title="Five safety rules", description=text) for name in ("old", "new")]
    found = rows(cg.consolidation(graph(*twins)))
    assert sorted(row.action for row in found.values()) == ["keep", "merge"]


def test_the_certificate_lists_every_cell_before_and_after() -> None:
    report = cg.consolidation(graph(asset("both", "a", "b"), asset("one", "a")))
    proof = {entry.cell.target: (entry.before, entry.after) for entry in report.certificate}
    assert proof == {
        "cap:a": (("asset:both", "asset:one"), ("asset:both",)),
        "cap:b": (("asset:both",), ("asset:both",)),
    }


@pytest.mark.parametrize(
    "fields", [{"mandatory": True}, {"accreditation": "Chamber of crafts"}, {"language": "fr"}, {"audience": ["crews"]}]
)
def test_law_accreditation_language_and_audience_protect(fields: dict[str, object]) -> None:
    narrow = asset("narrow", "a", **fields)
    wide = asset("wide", "a", "b", audience=["office"], language="en")
    assert rows(cg.consolidation(graph(wide, narrow)))["narrow"].action == "keep"


def test_an_asset_for_everybody_takes_over_from_one_for_some() -> None:
    found = rows(cg.consolidation(graph(asset("crews", "a", audience=["crews"]), asset("all", "a", "b"))))
    assert found["crews"].taken_over_by == ("asset:all",)


def test_a_site_takes_over_only_its_own_people() -> None:
    here, there = asset("here", "a", sites=["Hollin"]), asset("there", "a", sites=["Rivaux"])
    assert cg.consolidation(graph(here, there)).kept == 2
    assert cg.consolidation(graph(here, there), protect=["language"]).kept == 1


def test_asked_to_be_kept() -> None:
    both = graph(asset("one", "a"), asset("wide", "a", "b"))
    row = rows(cg.consolidation(both, keep=["asset:one"]))["one"]
    assert (row.action, row.reason) == ("keep", "asked to be kept")
    with pytest.raises(UnknownIdError, match="asset:once"):
        cg.consolidation(both, keep=["asset:once"])


def test_what_nobody_has_aligned_is_kept() -> None:
    report = cg.consolidation(graph(asset("blank"), asset("one", "a")))
    assert rows(report)["blank"].action == "keep"
    assert any("1 assets are kept" in note for note in report.notes)


def test_assets_without_a_duration_are_told_where_hours_are_worth_something() -> None:
    told = "1 assets state no duration; the time of their learners counts as none."
    some = graph(asset("one", "a", duration=60), asset("two", "b"))
    assert told in cg.consolidation(some).notes
    assert told not in cg.consolidation(some, hour=0).notes


def test_the_cheaper_way_is_kept_at_todays_demand() -> None:
    popular = asset("popular", "a", duration=60, learners=1000)
    rare = asset("rare", "a", duration=600, learners=5)
    report = cg.consolidation(graph(popular, rare))
    assert rows(report)["popular"].action == "keep"
    assert rows(report)["rare"].saves_hours == 5 * 9.0


def test_savings_are_licence_upkeep_prices_and_hours() -> None:
    dear = asset(
        "dear", "a", annual_cost=euros(900), maintenance_minutes=600, learners=10, cost=euros(50), duration=120
    )
    cheap = asset("cheap", "a", learners=10, cost=euros(20), duration=60)
    report = cg.consolidation(graph(dear, cheap))
    row = rows(report)["dear"]
    assert (row.saves_cost, row.saves_hours) == (900 + 10 * 30, 10 + 10 * 1)
    assert (report.saves_cost, report.saves_hours, report.currency) == (1200, 20, "EUR")


def test_at_least_two_stay_where_two_are_asked_for() -> None:
    assets = [asset(name, "a") for name in "xyz"]
    assert cg.consolidation(graph(*assets), at_least=2).kept == 2
    assert cg.consolidation(graph(assets[0]), at_least=2).kept == 1


def test_no_takeover_costs_a_learner_more_than_the_limit() -> None:
    card, course = asset("card", "a", duration=10), asset("course", "a", "b", duration=600)
    assert rows(cg.consolidation(graph(card, course)))["card"].action == "retire"
    assert rows(cg.consolidation(graph(card, course), max_effort=2))["card"].action == "keep"


def test_ties_go_to_fewer_assets_then_to_the_newer_one() -> None:
    old, new = asset("old", "a", published="2020-01-01"), asset("new", "a", published="2026-01-01")
    assert rows(cg.consolidation(graph(old, new)))["new"].action == "keep"
    pair = [asset("p", "a"), asset("q", "b"), asset("z", "a", "b")]
    assert rows(cg.consolidation(graph(*pair)))["z"].action == "keep"


def test_conditions_that_name_a_retired_asset_are_told() -> None:
    later = asset("later", "c", prerequisites={"asset": "asset:one"})
    report = cg.consolidation(graph(asset("one", "a"), asset("wide", "a", "b"), later))
    texts = [fact.text for fact in rows(report)["one"].because]
    assert "asset:later asks for it first; let it ask for asset:wide instead" in texts


def test_several_currencies_need_rates() -> None:
    both = graph(asset("euro", "a", cost=euros(1)), asset("franc", "a", cost={"amount": 1, "currency": "CHF"}))
    with pytest.raises(InfeasiblePlanError, match="CHF, EUR"):
        cg.consolidation(both)
    with pytest.raises(InfeasiblePlanError, match="no rate"):
        cg.consolidation(both, currency="EUR")
    assert cg.consolidation(both, currency="EUR", rates={"CHF": 2.0}).kept == 1


def test_an_empty_catalog_is_an_empty_plan() -> None:
    report = cg.consolidation(cg.CapabilityGraph())
    assert (len(report), report.optimal, report.cost) == (0, True, 0)


def brute_force(takers: Mapping[int, Collection[str]], costs: Mapping[str, float], at_least: int) -> float:
    """Return the cost of the cheapest cover, by trying all sets."""
    ids = sorted(costs)
    tried = chain.from_iterable(combinations(ids, size) for size in range(len(ids) + 1))
    good = (
        chosen
        for chosen in tried
        if all(len(set(cell) & set(chosen)) >= min(at_least, len(set(cell))) for cell in takers.values())
    )
    return min(sum(costs[id_] for id_ in chosen) for chosen in good)


ids = st.sampled_from("stuvwxyz")


@settings(max_examples=60)
@given(
    st.dictionaries(st.integers(0, 9), st.sets(ids, min_size=1), max_size=8),
    st.fixed_dictionaries({name: st.integers(0, 20).map(float) for name in "stuvwxyz"}),
    st.integers(1, 3),
)
def test_the_cheapest_cover_is_as_cheap_as_brute_force(
    takers: dict[int, set[str]], costs: dict[str, float], at_least: int
) -> None:
    found = cheapest_cover(takers, costs, at_least=at_least)
    assert found.optimal
    assert found.cost == pytest.approx(brute_force(takers, costs, at_least))
    assert found.bound <= found.cost + 1e-6
    assert all(len(found.kept & cell) >= min(at_least, len(cell)) for cell in takers.values())


def test_without_time_the_cover_is_whole_and_says_that_it_is_not_proven() -> None:
    takers = {place: {f"a{place}", f"a{(place + 1) % 9}"} for place in range(9)}
    found = cheapest_cover(takers, {f"a{place}": 1.0 for place in range(9)}, seconds=0.0)
    assert not found.optimal
    assert all(found.kept & cell for cell in takers.values())
    assert found.bound <= found.cost


drafts = st.lists(
    st.tuples(
        st.sets(st.sampled_from("abcdef"), max_size=3),
        st.sampled_from(["en", "de"]),
        st.sets(st.sampled_from(["crews", "office"]), max_size=2),
        st.booleans(),
        st.integers(0, 300),
    ),
    max_size=9,
)


@settings(max_examples=60)
@given(drafts)
def test_consolidation_loses_no_cell(found: list[tuple[set[str], str, set[str], bool, int]]) -> None:
    assets = [
        asset(str(n), *sorted(targets), language=language, audience=sorted(who), mandatory=law, duration=minutes)
        for n, (targets, language, who, law, minutes) in enumerate(found)
    ]
    catalog = cg.Catalog(id="cat:a", assets=assets)
    report = cg.consolidation(cg.CapabilityGraph(FRAMEWORK, catalog))
    assert report.optimal
    assert loses_nothing(catalog, report)
    assert all(proof.after for proof in report.certificate)
    stays = {row.asset for row in report if row.action == "keep"}
    assert all(set(row.taken_over_by) <= stays for row in report)
    assert all(one.id in stays for one in assets if one.mandatory)
