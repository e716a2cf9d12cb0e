"""Exports of vendors are known by their columns, and what they instruct has its meaning."""

from __future__ import annotations

from capgraph.ingest import import_catalog, import_completions


def test_modules_that_are_to_be_deleted_are_not_courses() -> None:
    text = (
        "Action,LearningModuleID,Title,Description,Active,Duration\n"
        "A,M1,SQL,Asks,Y,90\nD,M2,Old,,Y,\nU,M3,Git,*NONE*,N,60\nU,M4,,,Y,60\n"
    )
    plan = import_catalog({"modules.csv": text.encode()})
    assert plan.profiles == ("netdimensions",)
    found = {asset.title: (asset.status, asset.description) for asset in plan.document.assets}  # type: ignore[attr-defined]
    assert found == {"SQL": ("active", "Asks"), "Git": ("deprecated", "")}
    assert [(row.locator, row.action) for row in plan if row.action in {"deletion", "rejected"}] == [
        ("row:3", "deletion"),
        ("row:5", "rejected"),
    ]


def test_what_is_due_is_not_completed() -> None:
    text = (
        "UserID,CourseID,DueDate,Delete,ContentType,Provider\nu1,C1,20261231,N,Course,Acme\nu2,C1,20261231,Y,Course,\n"
    )
    plan = import_completions({"required.csv": text.encode()})
    assert plan.profiles == ("degreed-required-learning",)
    assert [(row.action, row.reason) for row in plan] == [("ignored", "not-completed")] * 2


def test_hours_viewed_are_no_levels() -> None:
    text = "Name,Email,Unique User ID,Hours Viewed,Course Completions\nA,a@x.example,u1,12:30:00,4\n"
    plan = import_completions({"activity.csv": text.encode()})
    assert plan.profiles == ("linkedin-activity",)
    assert plan.document.evidence == ()  # type: ignore[attr-defined]


def test_durations_of_a_vendor_have_its_unit() -> None:
    text = "urn,title,details.description,timeToComplete,locale\nurn:li:1,SQL,Asks,5400,en_US\n"
    plan = import_catalog({"assets.csv": text.encode()})
    (asset,) = plan.document.assets  # type: ignore[attr-defined]
    assert (asset.duration, asset.description, asset.language) == (90, "Asks", "en-US")


def test_a_blank_cell_deletes_nothing() -> None:
    head = "Item ID|Item Type|Revision Date|Domain ID|Not Active|Item Title|Description!##!\n"
    row = "A1|COURSE|01/31/2025 10:00:00 AM|PUBLIC|N|SQL|{}!##!\n"
    before = import_catalog({"items.txt": (head + row.format("Asks")).encode()})
    plan = import_catalog({"items.txt": (head + row.format("")).encode()}, before=before.document)  # type: ignore[arg-type]
    assert [record.action for record in plan] == ["unchanged"]
