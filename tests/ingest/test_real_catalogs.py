"""The vendor-shaped exports, course packages and the university catalog: everything that they hold comes out."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from capgraph.ingest import import_catalog

if TYPE_CHECKING:
    from pathlib import Path

    from capgraph.ingest.plan import ImportPlan
    from capgraph.model import LearningAsset

pytestmark = pytest.mark.real_data

FILES = (
    "Acme_degreed_content_20260301.csv",
    "cornerstone_catalog_export.txt",
    "linkedin_learning_assets.json",
    "percipio_bulk_content.csv",
    "successfactors_item_connector.txt",
    "training_catalogue_handkept.xlsx",
    "udemy_business_courses.csv",
    "viva_learning_content.json",
)
ACTIONS = {
    "bad": "rejected",
    "delete_instruction": "deletion",
    "duplicate_id": "duplicate",
    "duplicate_row": "duplicate",
    "not_data": "ignored",
    "older_revision": "superseded",
}
RULE = "understand the organisation's rules"
"""An outcome that the gold tables leave out, because it is no skill."""


def _read(shared_data: Path, name: str) -> tuple[ImportPlan, dict[str, Any]]:
    folder = shared_data / "catalogs_synthetic"
    return import_catalog(folder / name), json.loads((folder / f"{name}.EXPECTED.json").read_text("utf-8"))


@pytest.mark.parametrize("name", FILES)
def test_every_record_is_accounted_for_with_its_reason(shared_data: Path, name: str) -> None:
    plan, expected = _read(shared_data, name)
    found = Counter((row.action, row.reason) for row in plan.records if row.action in ACTIONS.values())
    wanted: Counter[tuple[str, str]] = Counter()
    for reason, count in expected["not_valid_by_reason"].items():
        kind, _, code = reason.partition(":")
        wanted[ACTIONS[kind], code.replace("_", "-")] += count
    assert found == wanted
    assert len(plan.added) == expected["counts"]["valid_assets"]
    assert plan.records_read == expected["records"]


@pytest.mark.parametrize("name", FILES)
def test_every_field_of_every_asset_is_what_the_file_says(shared_data: Path, name: str) -> None:
    plan, expected = _read(shared_data, name)
    assets = {asset.notation: asset for asset in plan.document.assets}  # type: ignore[attr-defined]
    assert assets.keys() == expected["truth"].keys()
    wrong = {
        key: (told, wanted)
        for key, truth in expected["truth"].items()
        if (told := _told(assets[key], truth)) != (wanted := _wanted(truth))
    }
    assert not wrong


def _told(asset: LearningAsset, truth: dict[str, Any]) -> tuple[object, ...]:
    modified = asset.modified.isoformat()[: len(truth["modified"] or "")] if asset.modified else None
    price = (float(asset.cost.amount), asset.cost.currency if asset.cost.amount else "") if asset.cost else None
    skills = {keyword.lower() for keyword in asset.keywords} - {RULE}
    return asset.title, asset.duration, asset.status == "active", (asset.language or "en")[:2], modified, price, skills


def _wanted(truth: dict[str, Any]) -> tuple[object, ...]:
    price = truth["price"] and (float(truth["price"]["amount"]), truth["price"]["currency"] or "")
    price = (0.0, "") if price and not price[0] else price
    skills = {skill.lower() for skill in truth["skills"]}
    title = truth["title"].replace("\u00a0", " ")
    return title, truth["duration_minutes"], truth["active"], truth["language"], truth["modified"], price, skills


@pytest.mark.parametrize("name", FILES)
def test_every_field_that_needs_a_remark_has_one(shared_data: Path, name: str) -> None:
    plan, expected = _read(shared_data, name)
    codes = {asset.id: asset.notation for asset in plan.document.assets}  # type: ignore[attr-defined]
    for warning, about in expected["field_warnings"].items():
        reason = warning.replace("_", "-")
        found = {codes[row.asset] for row in plan.records if row.action == "remark" and row.reason == reason}
        assert found == set(about["ids"]), warning


def test_the_places_of_a_workbook_are_those_that_people_see(shared_data: Path) -> None:
    plan, expected = _read(shared_data, "training_catalogue_handkept.xlsx")
    places = {row.locator for row in plan.records if row.action in ACTIONS.values()}
    assert places == {item["at"] for item in expected["not_valid"]}


def test_prerequisite_texts_become_the_trees_that_they_were_written_from(shared_data: Path) -> None:
    plan = import_catalog(shared_data / "ucsd_catalog" / "ucsd_catalog_lms_export.csv")
    assets = plan.document.assets  # type: ignore[attr-defined]
    assert len(assets) == 6594
    assert sum(asset.prerequisites is not None for asset in assets) == 1928
    assert sum(asset.corequisites is not None for asset in assets) == 28
    dangling = [row for row in plan.records if row.reason == "dangling-prerequisite" and row.field == "prerequisites"]
    assert len({row.after for row in dangling}) == 264
    by_code = {asset.notation: asset for asset in assets}
    tree = by_code["COMM 145"].prerequisites
    assert [part.asset or part.at_least for part in tree.all_of] == [by_code["COMM 10"].id, 2]


def test_course_packages_are_read_from_a_folder(shared_data: Path) -> None:
    plan = import_catalog(shared_data / "scorm")
    assets = {asset.title: asset for asset in plan.document.assets}  # type: ignore[attr-defined]
    assert len(plan.added) == 7
    clean = assets["Clean tabular data"]
    assert (clean.duration, clean.language, clean.extensions["scorm"]["items"][0]) == (90, "en", "Find duplicates")
    assert assets["Handle complaints"].alignments[0].target == "https://frameworks.example.org/service-skills/CUS-2"


def test_cmi5_structures_are_read_with_units_and_objectives(shared_data: Path) -> None:
    plan = import_catalog(shared_data / "cmi5" / "complex-cmi5.xml")
    (asset,) = plan.document.assets  # type: ignore[attr-defined]
    assert asset.title == "Geology"
    assert [text.language for text in asset.translations] == ["de-DE"]
    assert (len(asset.extensions["cmi5"]["units"]), len(asset.extensions["cmi5"]["blocks"])) == (14, 6)
    assert len(asset.alignments) == 4
