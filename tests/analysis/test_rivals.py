"""Pairs of documents that hold everything once: a second best counts less."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import capgraph as cg
from capgraph.errors import ArgumentError

TEXT = (
    "Throwing, glazing and firing stoneware at the wheel, with two finished bowls to take home after the kiln cools, "
    "and an evening on the history of salt glaze."
)


def shop(name: str, *titles: str) -> cg.Catalog:
    assets = [
        cg.LearningAsset(id=f"asset:{name}{n}", title=title, description=TEXT if n < 2 else "")
        for n, title in enumerate(titles)
    ]
    return cg.Catalog(id=f"cat:{name}", assets=assets)


def scores(*shops: cg.Catalog, one_to_one: bool = True) -> dict[tuple[str, str], float]:
    return {(row.left, row.right): row.score for row in cg.duplicates(shops, one_to_one=one_to_one)}


def test_the_second_best_counts_less_and_says_why() -> None:
    shops = (shop("a", "Stoneware at the wheel"), shop("b", "Stoneware at the wheel", "Stoneware wheels throwing"))
    before, after = scores(*shops, one_to_one=False), scores(*shops)
    assert after["asset:a0", "asset:b0"] == before["asset:a0", "asset:b0"] == 1.0
    second = before["asset:a0", "asset:b1"]
    assert after["asset:a0", "asset:b1"] == pytest.approx(second * second, abs=1e-4)
    assert after["asset:b0", "asset:b1"] == before["asset:b0", "asset:b1"]
    row = next(
        row for row in cg.duplicates(shops, one_to_one=True) if (row.left, row.right) == ("asset:a0", "asset:b1")
    )
    assert any("asset:a0 is more like asset:b0" in fact.text for fact in row.because)


def test_equal_rivals_and_verdicts_of_people_keep_their_scores() -> None:
    shops = (shop("a", "Stoneware at the wheel"), shop("b", "Stoneware at the wheel", "Stoneware at the wheel"))
    assert scores(*shops) == scores(*shops, one_to_one=False)


def test_what_falls_below_the_least_score_is_left_out() -> None:
    shops = (shop("a", "Stoneware at the wheel"), shop("b", "Stoneware at the wheel", "Wheel stoneware and raku"))
    before = {(row.left, row.right): row.score for row in cg.duplicates(shops, one_to_one=True)}
    second = before["asset:a0", "asset:b1"]
    kept = {(row.left, row.right) for row in cg.duplicates(shops, one_to_one=True, min_score=second + 0.01)}
    assert ("asset:a0", "asset:b1") not in kept
    assert ("asset:a0", "asset:b0") in kept


def test_one_document_or_a_sink_is_refused() -> None:
    with pytest.raises(ArgumentError, match="pass two or more"):
        cg.duplicates(shop("a", "Stoneware", "Wheels"), one_to_one=True)
    with pytest.raises(ArgumentError, match="sink"):
        cg.duplicates([shop("a", "Stoneware"), shop("b", "Wheels")], one_to_one=True, sink=print)


words = st.lists(st.sampled_from(["data", "law", "ethics", "wheel", "glaze"]), min_size=1, max_size=3).map(" ".join)


@given(st.lists(words, min_size=1, max_size=4), st.lists(words, min_size=1, max_size=4))
def test_no_score_grows_and_no_best_pair_shrinks(left: list[str], right: list[str]) -> None:
    shops = (shop("a", *left), shop("b", *right))
    before, after = scores(*shops, one_to_one=False), scores(*shops)
    assert all(score <= before[pair] for pair, score in after.items())
    for pair, score in before.items():
        if score == max(before.values()):
            assert after[pair] == score
    assert scores(*reversed(shops)) == after
