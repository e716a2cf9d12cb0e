"""Duplicates on labelled data: the pairs planted in the sample, and real or realistic catalogs with gold pairs."""

from __future__ import annotations

import csv
import json
import re
from functools import cache
from typing import TYPE_CHECKING

import pytest

import capgraph as cg

if TYPE_CHECKING:
    from pathlib import Path

Pair = tuple[str, str]
OFFER = re.compile(r"COL title VAL (.*?) ?COL manufacturer VAL (.*?) ?COL price VAL ?(.*)")


def ordered(left: str, right: str) -> Pair:
    return (left, right) if left < right else (right, left)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("AC-101", "AC-102"),
        ("AC-170", "AC-171"),
        ("AC-201", "AC-202"),
        ("AC-310", "AC-312"),
        ("OPS-007", "OPS-008"),
        ("OPS-016", "OPS-017"),
        ("PT-001", "PT-002"),
        ("AC-206", "PT-028"),
        ("AC-503", "PT-036"),
        ("AC-506", "PT-049"),
        ("AC-110", "AC-113"),
    ],
)
def test_the_pairs_planted_in_the_sample_are_the_same(left: str, right: str) -> None:
    assert bands()[f"asset:{left}", f"asset:{right}"] == "same"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("AC-103", "AC-104"),
        ("AC-150", "AC-151"),
        ("OPS-035", "OPS-036"),
        ("OPS-043", "OPS-044"),
        ("AC-205", "AC-206"),
        ("PT-005", "PT-006"),
        ("AC-160", "AC-163"),
        ("AC-120", "AC-124"),
        ("AC-401", "AC-402"),
    ],
)
def test_the_look_alikes_of_the_sample_are_not_the_same(left: str, right: str) -> None:
    assert bands().get((f"asset:{left}", f"asset:{right}")) != "same"


@cache
def bands() -> dict[Pair, str]:
    return {(row.left, row.right): row.band for row in cg.duplicates(cg.sample().graph())}


def vendor_assets(folder: Path) -> dict[tuple[str, str], cg.LearningAsset]:
    """Return the assets of the vendor files, as a correct reader finds them, by file and id."""
    found: dict[tuple[str, str], cg.LearningAsset] = {}
    for path in sorted(folder.glob("*.EXPECTED.json")):
        expected = json.loads(path.read_text(encoding="utf-8"))
        for key, truth in expected["truth"].items():
            found[expected["file"], key] = cg.LearningAsset(
                id=f"asset:{len(found):05}",
                title=truth["title"],
                description=" ".join(truth["skills"]),
                language=truth["language"],
                duration=truth["duration_minutes"],
            )
    return found


def gold(path: Path, assets: dict[tuple[str, str], cg.LearningAsset]) -> set[Pair]:
    with path.open(encoding="utf-8", newline="") as file:
        return {
            ordered(assets[row["file_a"], row["id_a"]].id, assets[row["file_b"], row["id_b"]].id)
            for row in csv.DictReader(file)
        }


@pytest.mark.real_data
def test_the_same_course_in_eight_vendor_files_is_found(shared_data: Path) -> None:
    folder = shared_data / "catalogs_synthetic"
    assets = vendor_assets(folder)
    same = gold(folder / "same_course_gold.csv", assets)
    different = gold(folder / "different_course_gold.csv", assets)
    found = {(row.left, row.right) for row in cg.duplicates(list(assets.values())) if row.band == "same"}
    assert 2 * len(found & same) / (len(found) + len(same)) >= 0.97
    assert not found & different


def offers(folder: Path) -> tuple[list[cg.LearningAsset], dict[str, list[tuple[Pair, bool]]]]:
    """Return the product offers as assets, and the labelled pairs of each file."""
    ids: dict[tuple[str, str], str] = {}
    assets: list[cg.LearningAsset] = []
    pairs: dict[str, list[tuple[Pair, bool]]] = {}
    for split in ("train", "valid"):
        for line in (folder / f"{split}.txt").read_text(encoding="utf-8").splitlines():
            *sides, label = line.split("\t")
            for side, text in zip("ab", sides, strict=True):
                if (side, text.strip()) not in ids:
                    ids[side, text.strip()] = f"{side}:{len(ids):05}"
                    assets.append(offer(ids[side, text.strip()], text.strip()))
            pair = (ids["a", sides[0].strip()], ids["b", sides[1].strip()])
            pairs.setdefault(split, []).append((pair, label == "1"))
    return assets, pairs


def offer(id_: str, text: str) -> cg.LearningAsset:
    read = OFFER.fullmatch(text)
    assert read is not None, text
    title, provider, price = (part.strip() for part in read.groups())
    cost = {"amount": price, "currency": "USD"} if price.replace(".", "", 1).isdigit() else None
    return cg.LearningAsset(id=id_, title=title or "untitled", provider=provider, cost=cost)


def f1(scores: dict[Pair, float], pairs: list[tuple[Pair, bool]], threshold: float) -> float:
    called = [(scores.get(pair, 0.0) >= threshold, label) for pair, label in pairs]
    hits = sum(said and label for said, label in called)
    return 2 * hits / max(1, sum(said for said, _ in called) + sum(label for _, label in called))


@pytest.mark.real_data
def test_product_offers_are_matched_with_a_threshold_from_the_training_pairs(shared_data: Path) -> None:
    assets, pairs = offers(shared_data / "labelled" / "amazon_google")
    asked = [pair for labelled in pairs.values() for pair, _ in labelled]
    scores = {(row.left, row.right): row.score for row in cg.duplicates(assets, pairs=asked)}
    threshold = max((place / 100 for place in range(100)), key=lambda value: f1(scores, pairs["train"], value))
    assert f1(scores, pairs["valid"], threshold) >= 0.61


@pytest.mark.real_data
def test_product_offers_are_found_among_all_pairs(shared_data: Path) -> None:
    assets, pairs = offers(shared_data / "labelled" / "amazon_google")
    asked = [pair for labelled in pairs.values() for pair, label in labelled if label]
    worth = {(row.left, row.right) for row in cg.duplicates(assets, pairs=asked) if row.score >= 0.5}
    found = {(row.left, row.right) for row in cg.duplicates(assets)}
    assert len(worth & found) / len(worth) >= 0.95


@pytest.mark.real_data
def test_two_shops_that_offer_everything_once_are_matched_better(shared_data: Path) -> None:
    assets, pairs = offers(shared_data / "labelled" / "amazon_google")
    shops = [
        cg.Catalog(id=f"cat:{side}", assets=[one for one in assets if one.id.startswith(f"{side}:")]) for side in "ab"
    ]
    asked = [pair for labelled in pairs.values() for pair, _ in labelled]
    scores = {(row.left, row.right): row.score for row in cg.duplicates(shops, pairs=asked, one_to_one=True)}
    threshold = max((place / 100 for place in range(100)), key=lambda value: f1(scores, pairs["train"], value))
    assert f1(scores, pairs["train"], threshold) >= 0.63
    assert f1(scores, pairs["valid"], threshold) >= 0.64
