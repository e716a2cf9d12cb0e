"""Matrices, assessments and completions as companies keep them: dates, marks, words, signs, several raters."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

import capgraph as cg
from capgraph.ingest import import_catalog, import_completions, import_evidence
from capgraph.ingest.profile import parse_profile

if TYPE_CHECKING:
    from capgraph.ingest.plan import ImportPlan

DAY = dt.date(2026, 3, 1)


def _evidence(text: str, name: str = "m.csv", **options: Any) -> ImportPlan:
    """Return the plan for evidence in a file."""
    return import_evidence({name: text.encode()}, **options)


def _completions(text: str, name: str = "c.csv", **options: Any) -> ImportPlan:
    """Return the plan for completions in a file."""
    return import_completions({name: text.encode()}, **options)


def _records(plan: ImportPlan) -> tuple[cg.Evidence, ...]:
    """Return the records."""
    assert isinstance(plan.document, cg.Workforce)
    return plan.document.evidence


def _levels(plan: ImportPlan) -> list[int | None]:
    """Return the levels of the records, the lowest first."""
    return sorted((record.level for record in _records(plan)), key=lambda level: -1 if level is None else level)


@pytest.fixture(name="catalog")
def _catalog() -> Any:  # noqa: ANN401 - a catalog
    """Return a catalog with a title that two courses have."""
    rows = [
        {"Course ID": "C1", "Title": "Fire safety"},
        {"Course ID": "C2", "Title": "First aid"},
        {"Course ID": "C3", "Title": "Twice"},
        {"Course ID": "C4", "Title": "Twice"},
    ]
    return import_catalog(rows).document


def test_a_training_matrix_holds_completions(catalog: Any) -> None:  # noqa: ANN401 - a catalog
    """Days in the columns of courses are completions; words and marks say whether, and each is told."""
    text = (
        "Employee ID,Name,Job Title,Fire safety,First aid (3 yrs)\n1,Ada Beispiel,Lead,31/12/2024,N/A\n"
        "2,Ben Muster,Lead,Expired 14/01/2022,05/06/2023\n3,Cy Probe,Lead,x,Overdue\n"
        "4,Di Muster,Lead,01/02/2030,12.01.2025\n"
    )
    plan = _completions(text, catalogs=[catalog], as_of=DAY)
    titles = {asset.id: asset.title for asset in catalog.assets}
    assert {(record.person, titles[record.asset or ""], str(record.date)) for record in _records(plan)} == {
        ("person:1", "Fire safety", "2024-12-31"),
        ("person:2", "First aid", "2023-06-05"),
        ("person:4", "First aid", "2025-01-12"),
    }
    told = {row.locator: row.reason for row in plan.records if row.action in {"ignored", "rejected"}}
    assert told == {
        "E2": "not-applicable",
        "D3": "not-completed",
        "D4": "completed-without-date",
        "E4": "not-completed",
        "D5": "date-in-future",
    }
    assert "Beispiel" not in plan.to_json()
    assert len(_records(_completions(text, catalogs=[catalog], as_of=DAY, date=DAY))) == 4
    again = _completions(text, catalogs=[catalog], as_of=DAY, before=plan.document).counts()
    assert again["unchanged"] == 3
    assert "added" not in again


def test_a_matrix_of_unknown_courses_says_so_once_a_column(catalog: Any) -> None:  # noqa: ANN401 - a catalog
    """A column whose course the catalog lacks is told with its place."""
    plan = _completions("Employee ID,Welding,Twice\n1,2025-01-02,2025-01-02\n2,2025-01-02,\n", catalogs=[catalog])
    assert [(row.locator, row.reason) for row in plan.rejected] == [
        ("column B", "unknown-course"),
        ("column C", "course-ambiguous"),
    ]


def test_a_pair_of_columns_says_whether_and_when() -> None:
    """The day of a completion stands in a column named after that of the state."""
    plan = _completions(
        'ID number,Email,Final quiz,"Final quiz - Completion date"\nM1,a@x.example,Completed (pass),'
        '"Monday, 3 March 2025, 10:21 AM"\nM2,b@x.example,Not completed,\n'
    )
    (record,) = _records(plan)
    assert (record.person, str(record.date)) == ("person:M1", "2025-03-03")
    titled = _completions("Employee ID,Course Title,Date\nM1,Final quiz,2025-03-03\n")
    assert record.asset == _records(titled)[0].asset


def test_courses_are_found_by_their_titles(catalog: Any) -> None:  # noqa: ANN401 - a catalog
    """Exactly one title is found; a title of two courses, and one of none, are told apart."""
    text = (
        "employee_id,training_course,completion_date,status\n1,fire  SAFETY,2025-01-02,Completed\n"
        "2,Twice,2025-01-02,Completed\n3,Welding,2025-01-02,Completed\n4,,2025-01-02,Completed\n"
        "5,First aid,,In Progress\n"
    )
    plan = _completions(text, catalogs=[catalog])
    assert [record.asset for record in _records(plan)] == [
        asset.id for asset in catalog.assets if asset.title == "Fire safety"
    ]
    assert [(row.locator, row.reason, row.field) for row in plan.rejected] == [
        ("row:3", "course-ambiguous", "asset_title"),
        ("row:4", "unknown-course", "asset_title"),
        ("row:5", "missing-course", "asset_title"),
    ]
    assert plan.counts()["ignored"] == 1


def test_titles_stand_in_the_column_of_ids_too(catalog: Any) -> None:  # noqa: ANN401 - a catalog
    """A column called course may hold titles."""
    plan = _completions(
        "Name,Course,Issued At,Expires At\nAda Beispiel,First aid,2024-02-15,2027-02-15\n", catalogs=[catalog]
    )
    (record,) = _records(plan)
    assert str(record.expires) == "2027-02-15"


def test_without_a_catalog_courses_get_ids_and_that_is_told() -> None:
    """The same title is the same course."""
    text = (
        "Employee ID,CourseName,TrainingDate,Completed,CertificateValid\n"
        "1,Ladders,2022-12-13,Yes,Yes\n2,Ladders,2022-12-13,No,No\n"
    )
    plan = _completions(text)
    assert len(_records(plan)) == 1
    assert plan.counts() == {"added": 1, "ignored": 1}
    assert sum("no catalog is known" in note for note in plan.notes) == 1


def test_a_progress_below_all_is_no_completion() -> None:
    """A share counts where no word says more; who has neither a day nor a status has not completed."""
    text = "User,Course,Progress,Completed on\nada,C1,100.00%,2025-01-02\nben,C1,40%,\ncy,C2,100,2025-01-02\n"
    assert _completions(text).counts() == {"added": 2, "ignored": 1}
    words = (
        "User,Course,Status,Progress,Completed on\nada,C1,Completed,95%,2025-01-02\n"
        "ben,C1,In progress,100%,2025-01-02\n"
    )
    assert _completions(words).counts() == {"added": 1, "ignored": 1}
    bare = "User,Course,Completed on\nada,C1,2025-01-02\nben,C1,\n"
    assert _completions(bare).counts() == {"added": 1, "ignored": 1}


def test_tags_of_a_course_are_no_assessments() -> None:
    """A list of completions with the skills of each course is one of completions."""
    text = (
        "Email,Content Name,Content ID,Percent Completed,Completed Date,Skills\n"
        "a@x.example,Python,7,100%,2/13/2025,Python\n"
    )
    (record,) = _records(_evidence(text))
    assert (record.kind, str(record.date)) == ("completion", "2025-02-13")


@pytest.mark.parametrize(
    "text",
    [
        "Student,ID,Section,Quiz 1 (83001),Final Score\nAda Beispiel,12,S,9.50,88.6\nBen Muster,13,S,7,45.0\n",
        "Employee ID,Age,Salary,Gender,JobSatisfaction\n1,41,5993,F,4\n2,49,5130,M,2\n",
        "Employee ID,Score\n1,9\n2,7\n",
    ],
)
def test_what_is_no_list_of_completions_gives_none(text: str) -> None:
    """Grades and salaries are no completions, and the reason is told without any value."""
    plan = _completions(text)
    assert not plan.records
    assert any("nothing was read" in note for note in plan.notes)


def test_master_data_are_no_matrix() -> None:
    """A number beside a salary is no level, unless a framework knows the name of the column."""
    plan = _evidence("Employee ID,Salary,Gender,JobSatisfaction\n1,5993,F,4\n2,5130,M,2\n")
    assert not plan.records
    assert any("master data" in note for note in plan.notes)


def test_columns_that_hold_no_levels_are_told_once() -> None:
    """Names, remarks and totals beside levels are left out and not repeated."""
    plan = _evidence("Employee ID,SQL,Python,Assessor,Total\n1,2,3,Ada Beispiel,5\n2,?,1,Ben Muster,1\n")
    assert _levels(plan) == [1, 2, 3]
    assert [row.locator for row in plan.rejected] == ["B3"]
    assert any(note.endswith(": Total") for note in plan.notes)
    assert "Muster" not in f"{plan.to_json()}{plan.notes}"


def test_a_survey_asks_about_several_skills_and_says_when() -> None:
    """The skill stands in brackets behind the question, and the row has a day of its own."""
    text = (
        '"Timestamp","Email Address","Your full name","Rate your level [Python]","Rate your level [SQL]"\n'
        '"2025/03/04 9:12:33 AM GMT+1","a@x.example","Ada Beispiel","4 - Advanced","3 - Intermediate"\n'
        '"2025/03/05 9:12:33 AM GMT+1","a@x.example","Ada Beispiel","5 - Expert",""\n'
    )
    plan = _evidence(text)
    assert {(record.level, str(record.date)) for record in _records(plan)} == {
        (4, "2025-03-04"),
        (3, "2025-03-04"),
        (5, "2025-03-05"),
    }
    plain = _evidence("Email,Python\na@x.example,4\n")
    assert _records(plain)[0].capability in {record.capability for record in _records(plan)}


def test_words_have_the_ranks_of_a_profile() -> None:
    """Without ranks words are no levels, which is told with the way out; with them they are."""
    text = "Email,Name,Python,SQL\na@x.example,Ada Beispiel,Advanced,Beginner\nb@x.example,Ben Muster,Beginner,Expert\n"
    told = _evidence(text)
    assert not told.records
    assert any("[fields.level.values]" in note for note in told.notes)
    profile = parse_profile(
        'name = "words"\nabout = "people"\n[fields.level.values]\n1 = ["Beginner"]\n3 = ["Advanced"]\n4 = "Expert"\n'
    )
    assert _levels(_evidence(text, profile=profile)) == [1, 1, 3, 4]


@pytest.mark.parametrize(
    ("rows", "levels", "told"),
    [
        ("Ada Muster;I;L\nBen Muster;U;O\n", [1, 2, 3, 4], "I, L, U, O"),
        ("Ada Muster;◔;●\nBen Muster;◑;◕\n", [1, 2, 3, 4], "quarters"),
        ("Ada Muster;●●○;●○○\nBen Muster;●●●;●\n", [1, 1, 2, 3], ""),
    ],
)
def test_signs_of_levels(rows: str, levels: list[int], told: str) -> None:
    """Letters of four strokes and circles of four quarters are levels, and it is told how they are read."""
    plan = _evidence(f"Operator;Welding;Painting\n{rows}")
    assert _levels(plan) == levels
    assert any(told in note for note in plan.notes)


def test_percentages_are_values() -> None:
    """A percentage is a value, and a level where there are cuts."""
    text = "Operator,Welding\nAda Muster,75%\nBen Muster,20 %\n"
    assert [record.value for record in _records(_evidence(text))] in ([75.0, 20.0], [20.0, 75.0])
    assert _levels(_evidence(text, cuts={0.0: 1, 50.0: 2})) == [1, 2]


def test_marks_say_that_a_skill_is_held() -> None:
    """A column of marks alone has no levels, and a mark among levels is none."""
    plan = _evidence("Name,Forklift,Crane\nAda Beispiel,x,2\nBen Muster,,x\nCy Probe,x,1\n")
    assert _levels(plan) == [None, None, 1, 2]
    assert [row.locator for row in plan.rejected] == ["C3"]


def test_several_skills_in_one_cell() -> None:
    """A list of skills is one record each, with the level that stands beside it."""
    plan = _evidence('Employee ID,Skills\n1,"Python: 3; SQL (2)"\n2,"Go, Git (version control)"\n')
    assert _levels(plan) == [None, None, 2, 3]
    nested = '[{"id": "e1", "name": "A. B", "skills": [{"name": "Python", "level": 3}, {"name": "SQL"}, "Go"]}]'
    assert _levels(_evidence(nested, "m.json")) == [None, None, 3]
    folded = 'Name,Matrix\nAda Beispiel,"{""Python"": 3, ""SQL"": 2}"\n'
    assert _levels(_evidence(folded)) == [2, 3]


def test_each_rater_counts() -> None:
    """Columns of several raters are several records, and so are rows of several raters who agree."""
    plan = _evidence(
        "Employee ID,Competency,Self Rating,Manager Rating,Review Date\n1,SQL,4,3,2025-03-01\n2,SQL,2,,2025-03-01\n"
    )
    assert sorted((record.person, record.kind, record.level) for record in _records(plan)) == [
        ("person:1", "manager", 3),
        ("person:1", "self", 4),
        ("person:2", "self", 2),
    ]
    rows = "Participant,Rater Name,Relationship,Competency,Rating\nAda B,Ben M,Peer,SQL,4\nAda B,Cy P,Peer,SQL,4\n"
    assert len(_records(_evidence(rows))) == 2
    assert "Ben" not in _evidence(rows).document.model_dump_json()


def test_a_list_without_people_says_what_is_missing() -> None:
    """Skills without anybody who has them give nothing."""
    plan = _evidence("skill,category,current_level\nSQL,Data,2\n")
    assert not plan.records
    assert any("add a column" in note for note in plan.notes)


def test_columns_that_no_framework_knows_are_no_skills() -> None:
    """With a framework, a column of numbers that it does not know is told and left out."""
    framework = cg.Framework(id="fw:a", title="A", capabilities=(cg.Capability(id="cap:sql", label="SQL"),))
    plan = _evidence("Employee ID,SQL,Desk\n1,2,3\n2,1,4\n", framework=framework)
    assert {record.capability for record in _records(plan)} == {"cap:sql"}
    assert any(note.endswith("no capability of the framework: Desk") for note in plan.notes)


def test_badges_are_completions() -> None:
    """The assertions of two versions say who, what, when and until when."""
    old = (
        '[{"type": "Assertion", "recipient": {"identity": "a@x.example"}, "badge": {"id": "https://b.example/1", '
        '"name": "Python"}, "issuedOn": "2025-02-01T10:00:00Z", "expires": "2027-02-01T10:00:00Z"}]'
    )
    new = (
        '[{"type": ["OpenBadgeCredential"], "credentialSubject": {"id": "mailto:a@x.example", "achievement": '
        '{"id": "https://b.example/1", "name": "Python"}}, "validFrom": "2025-02-01T10:00:00Z"}]'
    )
    (first,), (second,) = _records(_completions(old, "b.json")), _records(_completions(new, "b.json"))
    assert (first.person, first.asset, first.date) == (second.person, second.asset, second.date)
    assert (str(first.expires), second.expires) == ("2027-02-01", None)


def _statement(number: int, **parts: Any) -> str:
    """Return a statement as JSON."""
    import json

    usual = {
        "id": f"0000000{number}-0000-4000-8000-000000000000",
        "actor": {"mbox": "mailto:a@x.example"},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
        "object": {"id": "https://x.example/c"},
        "timestamp": "2025-03-04T10:00:00Z",
    }
    return json.dumps({**usual, **parts})


@pytest.mark.parametrize(
    ("parts", "reasons"),
    [
        ({"result": {"success": False}}, ["not-completed"]),
        ({"object": {"objectType": "SubStatement", "id": "x"}}, ["no-activity"]),
        (
            {"actor": {"objectType": "Group", "member": [{"mbox": "mailto:a@x.example"}, {"openid": "http://o"}]}},
            ["", ""],
        ),
        ({"actor": {"objectType": "Group", "member": []}}, ["missing-person"]),
        ({"timestamp": "", "stored": "2025-03-04T10:00:00Z"}, [""]),
    ],
)
def test_statements_in_all_their_kinds(parts: dict[str, Any], reasons: list[str]) -> None:
    """Groups count for each member, and what is no completion is told as what it is."""
    plan = _evidence(f"[{_statement(1, **parts)}]", "s.json")
    assert [row.reason for row in plan.records] == reasons


def test_statements_in_the_records_of_a_store() -> None:
    """What a store wraps around its statements is taken off, and says which were voided."""
    lines = "\n".join(
        f'{{"_id": "{number}", "statement": {_statement(number)}, "voided": {str(number == 2).lower()}}}'
        for number in (1, 2)
    )
    plan = _evidence(lines, "s.jsonl")
    assert [(row.action, row.reason) for row in plan.records] == [("added", ""), ("ignored", "voided")]


def test_an_order_of_days_that_is_assumed_is_told() -> None:
    """Where nothing tells day and month apart, the day comes first, and a note says so; a profile may say otherwise."""
    text = "User,Course,Completed on\nada,C1,03/04/2025\n"
    plan = _completions(text)
    assert str(_records(plan)[0].date) == "2025-04-03"
    assert any("day first" in note for note in plan.notes)
    profile = parse_profile('name = "us"\nabout = "people"\n[fields.date]\nfirst = "month"\n')
    told = _completions(text, profile=profile)
    assert str(_records(told)[0].date) == "2025-03-04"
    assert not any("day first" in note for note in told.notes)


def test_people_in_columns_are_known_by_name() -> None:
    """A matrix may be turned around; the people are those of the other way, and nobody is named."""
    plan = _evidence("Skill,Ada Beispiel,Ben Muster\nPython,3,1\nSQL,?,2\n,1,1\n")
    straight = _evidence("Name,Python,SQL\nAda Beispiel,3,\nBen Muster,1,2\n")
    said = {(record.person, record.capability, record.level) for record in _records(straight)}
    assert {(record.person, record.capability, record.level) for record in _records(plan)} == said
    assert [(row.locator, row.reason, row.field) for row in plan.rejected] == [
        ("B3", "level-unreadable", "SQL"),
        ("row:4", "missing-skill", "skill"),
    ]
    assert "Muster" not in f"{plan.to_json()}{plan.notes}"
    assert not _evidence("Skill,Q1,Q2\nPython,3,1\nSQL,1,2\n").records


def test_a_column_of_qualifications_beside_levels_is_no_list() -> None:
    """Where several columns hold levels, a column of skills without any is left out and told."""
    plan = _evidence("Mitarbeiter;Schweißen;Montage;Qualifikation\nAnna Beispiel;2;3;Meister\nBen Muster;1;;Geselle\n")
    assert _levels(plan) == [1, 2, 3]
    assert any(note.endswith(": Qualifikation") for note in plan.notes)


def test_numbers_above_ten_are_no_levels() -> None:
    """Scores, years and ages beside people are not levels, unless a scale says so."""
    plan = _evidence("Employee ID,Python,Java,Years of experience\n1,80,70,4\n2,40,90,10\n")
    assert not plan.records
    one = _evidence("Employee ID,Python\n1,3\n2,30\n")
    assert [(row.locator, row.reason) for row in one.rejected] == [("B3", "level-out-of-range")]


def test_days_beside_courses_say_until_when_they_count() -> None:
    """A column of expiry belongs to the course before it, and is no course."""
    plan = _completions(
        "Pers.-Nr.;Ersthelfer;gültig bis;Brandschutz;gültig bis\n1;12.03.2024;12.03.2026;;\n2;;;01.02.2023;01.02.2025\n"
    )
    assert sorted((str(record.date), str(record.expires)) for record in _records(plan)) == [
        ("2023-02-01", "2025-02-01"),
        ("2024-03-12", "2026-03-12"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "id,name,parentId,size\n1,Ada Beispiel,,1\n2,Ben Muster,1,1\n",
        "Employee ID,Name,Supervisor ID,Phone\n1,Ada Beispiel,,555-1\n2,Ben Muster,1,+7 900 000-02\n",
        "Employee ID,First name,Last name,Hire date,Last working day\n1,Ada,Beispiel,2020-01-01,2024-03-31\n",
        "First name,Surname,Email,Quiz: safety (Real)\nAda,Beispiel,a@x.example,8.50\nBen,Muster,b@x.example,10.00\n",
    ],
)
def test_one_number_or_day_among_master_data_says_nothing(text: str) -> None:
    """Telephone numbers, sizes, last days and grades are neither levels nor completions."""
    assert not _evidence(text, zero_means="no_knowledge").records
    assert not _completions(text).records


def test_a_list_of_skills_is_no_list_of_completions() -> None:
    """The way out is told."""
    plan = _completions("Employee ID,Skill,Current Level,Last Assessed\n7,SQL,2,2025-01-31\n")
    assert not plan.records
    assert any(note.endswith("import evidence") for note in plan.notes)


def test_columns_that_begin_late_are_read() -> None:
    """A skill or course that nobody of the first hundreds has is not lost."""
    rows = [f"{number},{number % 4 + 1},{'3' if number == 450 else ''}" for number in range(1, 501)]
    plan = _evidence("\n".join(["Employee ID,SQL,Rare", *rows]))
    assert len(_records(plan)) == 501
    days = [f"{number},2025-01-02,{'2025-01-03' if number == 450 else ''}" for number in range(1, 501)]
    assert len(_records(_completions("\n".join(["Employee ID,Fire safety,Rare", *days])))) == 501
