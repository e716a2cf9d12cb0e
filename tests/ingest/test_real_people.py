"""Invented people: teams, org chart, skills matrix, completions and assessments, with what is bad about them."""

from __future__ import annotations

import csv
import datetime as dt
import json
import warnings
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from capgraph.files import read_framework
from capgraph.ingest import import_catalog, import_completions, import_evidence, import_people
from capgraph.model import Workforce

if TYPE_CHECKING:
    from pathlib import Path

    from capgraph.ingest.plan import ImportPlan
    from capgraph.model import Framework

pytestmark = pytest.mark.real_data

DAY = dt.date(2026, 3, 1)
CUTS = {30.0: 1, 55.0: 2, 75.0: 3, 90.0: 4}
CATALOGS = (
    "cornerstone_catalog_export.txt",
    "linkedin_learning_assets.json",
    "udemy_business_courses.csv",
    "viva_learning_content.json",
)


@pytest.fixture(scope="module")
def framework(shared_data: Path) -> Framework:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return read_framework(shared_data / "ddat" / "roles.csv")


@pytest.fixture(scope="module")
def expected(shared_data: Path) -> dict[str, Any]:
    text = (shared_data / "people_synthetic" / "EXPECTED.json").read_text("utf-8")
    return dict(json.loads(text))


@pytest.fixture(scope="module")
def workforce(shared_data: Path, framework: Framework) -> Workforce:
    folder = shared_data / "people_synthetic"
    plan = import_people([folder / "org_chart.csv", folder / "teams.csv"], framework=framework)
    assert isinstance(plan.document, Workforce)
    return plan.document


def test_the_org_chart_comes_with_everything_odd_about_it(
    shared_data: Path, framework: Framework, expected: dict[str, Any]
) -> None:
    folder = shared_data / "people_synthetic"
    plan = import_people([folder / "org_chart.csv", folder / "teams.csv"], framework=framework)
    about = expected["org_chart.csv"]
    document: Any = plan.document
    assert (len(document.people), len(document.teams)) == (about["distinct_people"], expected["teams.csv"]["teams"])
    count = Counter(row.reason for row in plan.records)
    assert count["vacant-post"] == about["vacant_rows"]
    assert count["second-post"] == about["second_post_rows"]
    assert count["has-left"] == about["status_left"]
    assert _people(plan, "manager-not-in-file") == about["manager_not_in_file"]
    assert _people(plan, "unknown-role") == about["role_level_unknown"]
    assert set(_people(plan, "role-normalized")) >= set(about["role_level_needs_normalising"])
    (cycle,) = (row.after for row in plan.records if row.reason == "reporting-cycle")
    assert all(person in cycle for person in about["reporting_cycle"])
    assert not any(person.label for person in document.people)


def _people(plan: ImportPlan, reason: str) -> list[str]:
    return sorted(row.asset.removeprefix("person:") for row in plan.records if row.reason == reason)


@pytest.mark.parametrize("name", ["skills_matrix.xlsx", "skills_matrix.csv"])
def test_a_matrix_gives_exactly_the_levels_that_can_be_read(
    shared_data: Path, framework: Framework, workforce: Workforce, expected: dict[str, Any], name: str
) -> None:
    folder = shared_data / "people_synthetic"
    plan = import_evidence(
        folder / name, before=workforce, framework=framework, zero_means="no_knowledge", as_of=DAY, date=DAY
    )
    labels = {item.id: item.label for item in framework.capabilities}
    document: Any = plan.document
    found = {(item.person[7:], labels[item.capability]): item.level for item in document.evidence}
    with (folder / "skills_matrix_gold.csv").open(encoding="utf-8-sig", newline="") as stream:
        gold = {(row["person_id"], row["skill"]): int(row["level"]) for row in csv.DictReader(stream)}
    assert found == gold
    places = {row.locator.split("!")[-1] for row in plan.rejected}
    invalid = expected["skills_matrix.xlsx / skills_matrix.csv"]["invalid_cells"]
    assert places == {item["cell"] for item in invalid}


def test_completions_of_four_systems_are_read_each_in_its_own_way(
    shared_data: Path, workforce: Workforce, expected: dict[str, Any]
) -> None:
    catalogs: list[Any] = [import_catalog(shared_data / "catalogs_synthetic" / name).document for name in CATALOGS]
    source = shared_data / "people_synthetic" / "completions.csv"
    plan = import_completions(source, before=workforce, catalogs=catalogs, as_of=DAY)
    classes = expected["completions.csv"]["by_class"]
    count = Counter(row.reason for row in plan.rejected)
    assert len(plan.added) == classes["completed"]
    assert count["unknown-person"] + count["missing-person"] == classes["bad:unknown_person"]
    for reason in ("completed-without-date", "date-in-future", "unknown-course", "unreadable-date"):
        assert count[reason] == classes[f"bad:{reason.replace('-', '_')}"]
    assert plan.counts()["duplicate"] == classes["duplicate_row"]
    assert plan.counts()["ignored"] == classes["not_completed"]
    document: Any = plan.document
    pairs = {(item.person, item.asset) for item in document.evidence}
    assert len(pairs) == expected["completions.csv"]["distinct_person_course_completed"]


def test_assessments_in_three_notations(
    shared_data: Path, framework: Framework, workforce: Workforce, expected: dict[str, Any]
) -> None:
    source = shared_data / "people_synthetic" / "assessments.csv"
    plan = import_evidence(source, before=workforce, framework=framework, as_of=DAY, cuts=CUTS)
    about = expected["assessments.csv"]
    document: Any = plan.document
    assert len(plan.added) == about["by_class"]["valid"]
    assert Counter(item.kind for item in document.evidence) == about["valid_by_method_incl_repeats"]
    assert len({(item.person, item.capability) for item in document.evidence}) == about["distinct_person_skill"]
    count = Counter(row.reason for row in plan.rejected)
    assert count["unknown-person"] + count["missing-person"] == about["by_class"]["bad:unknown_person"]
    for reason in ("level-out-of-range", "score-out-of-range", "unknown-skill", "unknown-method", "missing-date"):
        assert count[reason] == about["by_class"][f"bad:{reason.replace('-', '_')}"]


def test_voided_statements_do_not_count(shared_data: Path) -> None:
    for name in ("synthetic_statements.json", "synthetic_statements.jsonl"):
        plan = import_evidence(shared_data / "xapi" / name)
        document: Any = plan.document
        assert [item.kind for item in document.evidence] in (
            ["completion", "observation"],
            ["observation", "completion"],
        )
        assert {row.reason for row in plan.records if row.action == "ignored"} == {"voided", "voids-another"}
