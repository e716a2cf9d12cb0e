"""Tables about people whose columns mean something else than their names say, and tables that are about no people."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

import pytest

import capgraph as cg
from capgraph.ingest import explain, import_people
from capgraph.ingest.person_tables import team_id

if TYPE_CHECKING:
    from capgraph.ingest.plan import ImportPlan


def _people(text: str, name: str = "people.csv", **options: Any) -> ImportPlan:
    """Return the plan for a list of people in a file."""
    return import_people({name: text.encode()}, **options)


def _workforce(plan: ImportPlan) -> cg.Workforce:
    """Return the workforce as it will be."""
    assert isinstance(plan.document, cg.Workforce)
    return plan.document


def _managers(plan: ImportPlan) -> dict[str, str | None]:
    """Return the managers of people, by their ids."""
    return {person.id: person.manager for person in _workforce(plan).people}


@pytest.mark.parametrize(
    "text",
    [
        "id,name,category,description\nc1,Python,Programming,Writes programs\nc2,SQL,Data,Queries data\n",
        "Name,URL,Provider\nScrum basics,https://x.example/1,Acme\nScrum plus,https://x.example/2,Acme\n",
        "Course ID,Title,Duration (min)\nC1,Safety,60\nC2,More safety,30\n",
    ],
)
def test_courses_and_capabilities_become_no_people(text: str) -> None:
    """Ids and names beside what only things have are not those of people, and the way out is told."""
    plan = _people(text)
    assert not _workforce(plan).people
    assert not plan.accepted
    assert any("import catalog" in note for note in plan.notes)


def test_names_alone_become_no_people() -> None:
    """A list of names may be one of skills; under a heading that says so, they are those of people."""
    plan = _people("Name\nPython\nStakeholder management\n")
    assert not plan.accepted
    assert any("Employee name" in note for note in plan.notes)
    assert len(_workforce(_people("Employee name\nAda Beispiel\nBen Muster\n")).people) == 2


def test_the_parents_of_people_are_their_managers() -> None:
    """A column of parents that holds ids of people is one of managers, and a first name has a last one beside it."""
    text = (
        "id,parentId,name,surname,positionName\n1,,Ada,Beispiel,Lead\n2,1,Ben,Muster,Analyst\n3,2,Ada,Probe,Analyst\n"
    )
    plan = _people(text, names=True)
    assert _managers(plan) == {"person:1": None, "person:2": "person:1", "person:3": "person:2"}
    assert {person.label for person in _workforce(plan).people} == {"Ada Beispiel", "Ben Muster", "Ada Probe"}
    assert {person.extensions["people"]["role"] for person in _workforce(plan).people} == {"Lead", "Analyst"}


def test_a_manager_whose_id_is_unknown_is_found_by_name() -> None:
    """Of two columns about managers the second counts where the first leads to nobody."""
    text = (
        "EmpID,Employee_Name,ManagerID,ManagerName,DeptID,Department,DateofHire,EmploymentStatus\n"
        '10,"Beispiel, Ada",99,Ben Muster,5,Data,3/30/2015,Active\n'
        '11,"Muster, Ben",98,Board,5,Data,3/1/2014,Voluntarily Terminated\n'
    )
    plan = _people(text)
    assert _managers(plan) == {"person:10": "person:11", "person:11": None}
    assert [(team.id, team.label) for team in _workforce(plan).teams] == [("team:5", "Data")]
    assert [person.since.isoformat() for person in _workforce(plan).people if person.since] == [
        "2015-03-30",
        "2014-03-01",
    ]
    assert {row.reason for row in plan.records if row.action == "remark"} == {"manager-not-in-file", "has-left"}


def test_titles_of_people_are_roles_and_forms_of_address_are_not() -> None:
    """A title is a role where nothing is about courses."""
    plan = _people("Name,Title,Reports_To\nAda Beispiel,President,\nBen Muster,Rep,Ada Beispiel\n")
    assert {person.extensions["people"]["role"] for person in _workforce(plan).people} == {"President", "Rep"}
    addressed = _people("Name,Title,Email\nAda Beispiel,Dr.,ada@example.org\nBen Muster,Mr,ben@example.org\n")
    assert not any(person.extensions for person in _workforce(addressed).people)


def test_systems_that_write_names_into_everything() -> None:
    """The name of the manager is taken off a team, and remarks off names, so that managers are found."""
    text = (
        "Worker,Employee ID,Supervisory Organization,Worker's Manager\n"
        "Ada Beispiel,1,Data & Insights (Ben Muster),Ben Muster\nBen Muster (On Leave),2,Board (Cy Probe),Cy Probe\n"
    )
    plan = _people(text)
    assert _managers(plan) == {"person:1": "person:2", "person:2": None}
    assert {team.label for team in _workforce(plan).teams} == {"Data & Insights", "Board"}
    assert "muster" not in str(_workforce(plan).model_dump_json()).lower()


def test_a_second_column_of_teams_stands_in_for_the_first() -> None:
    """Whoever has no team is in a department; a status of two says who has left."""
    plan = _people(
        "Personalnummer;Vorname;Nachname;Status;Abteilung;Team\n1;Ada;Beispiel;Aktiv;Daten;BI\n2;Ben;Muster;Inaktiv;IT;\n"
    )
    assert [person.teams for person in _workforce(plan).people] == [("team:BI",), ("team:IT",)]
    assert [row.asset for row in plan.records if row.reason == "has-left"] == ["person:2"]


@pytest.mark.parametrize(
    "header",
    [
        "社員番号,氏名,部署,役職,上司",
        "工号,姓名,部门,岗位,上级",
        "Табельный номер,ФИО,Отдел,Должность,Руководитель",
        "الرقم الوظيفي,الاسم الكامل,القسم,المسمى الوظيفي,المدير",
        "사번,성명,부서,직책,직속상사",
        "Matricule,Prenom et nom,Departement,Fonction,Superieur hierarchique",
    ],
)
def test_headings_in_other_scripts_and_without_accents_are_known(header: str) -> None:
    """Every column finds its field."""
    plan = _people(f"{header}\n1,Ada Beispiel,Data,Analyst,2\n2,Ben Muster,Data,Lead,\n")
    assert _managers(plan) == {"person:1": "person:2", "person:2": None}
    assert [team.label for team in _workforce(plan).teams] == ["Data"]
    assert {person.extensions["people"]["role"] for person in _workforce(plan).people} == {"Analyst", "Lead"}


def test_a_tree_of_reports_is_an_org_chart() -> None:
    """Objects below an object are its reports, however deep."""
    text = (
        '{"name": "Ada Beispiel", "title": "CEO", "email": "a@x.example", "children": [{"name": "Ben Muster", '
        '"title": "CTO", "email": "b@x.example", "children": [{"name": "Cy Probe", "email": "c@x.example"}]}]}'
    )
    plan = _people(text, "chart.json")
    assert len(_workforce(plan).people) == 3
    assert sum(person.manager is not None for person in _workforce(plan).people) == 2
    assert not [row for row in plan.records if row.action == "remark"]


def test_a_resume_is_one_person() -> None:
    """The employers of a resume are no people."""
    text = '{"basics": {"name": "Ada Beispiel", "email": "a@x.example"}, "work": [{"name": "Acme"}, {"name": "Other"}]}'
    plan = _people(text, "resume.json")
    assert [person.id for person in _workforce(plan).people] == [
        person.id for person in _workforce(_people("Email,Team\na@x.example,A\n")).people
    ]


def test_rows_that_sum_up_are_no_people() -> None:
    """An average below the names is none of them."""
    plan = _people("Name,Role,Team\nAda Beispiel,Lead,A\nBen Muster,Lead,A\nDurchschnitt,2,3\nRequired,1,2\n")
    assert len(_workforce(plan).people) == 2


def test_words_before_others_make_no_date_of_hire_of_a_course() -> None:
    """What is about a training is not about a person, and hours of training are no training."""
    columns = explain(
        {"c.csv": b"Employee ID,Training start date,Training hours,Role\n1,2026-01-01,3,Lead\n"}
    ).taken_for
    assert {column.name: column.field for _, column in columns} == {
        "Employee ID": "person",
        "Training start date": "",
        "Training hours": "",
        "Role": "role",
    }


@pytest.mark.parametrize(("one", "other"), [("हिंदी विभाग", "हदी विभाग"), ("ฝ่ายขาย", "ฝายขาย"), ("नीति दल", "नति दल")])
def test_teams_that_differ_in_vowel_signs_are_two(one: str, other: str) -> None:
    """Marks are kept in the ids of teams, and decomposed accents are the composed ones."""
    assert team_id("workforce:main", one) != team_id("workforce:main", other)
    assert team_id("workforce:main", unicodedata.normalize("NFD", "Équipe Data")) == "team:équipe-data"


def test_columns_that_nobody_asked_for_are_not_missed() -> None:
    """The usual names of columns are none that a table must have."""
    assert _people("Employee ID,Team\n1,A\n").notes == ("people.csv: encoding utf-8, delimiter comma, header in row 1",)


def test_statements_become_no_people() -> None:
    """The id of a statement is nobody's."""
    text = (
        '[{"id": "a1", "actor": {"mbox": "mailto:a@x.example"}, "verb": {"id": "http://x.example/completed"}, '
        '"object": {"id": "http://x.example/c"}}]'
    )
    plan = _people(text, "statements.json")
    assert not _workforce(plan).people
    assert any(note.endswith("import evidence") for note in plan.notes)


def test_what_is_not_kept_of_people_is_told() -> None:
    """Columns that say nothing about people here are named, and none of their values."""
    plan = _people("Employee ID,Team,Salary,Shoe size\n1,A,52000,42\n2,B,61000,43\n")
    (note,) = (note for note in plan.notes if "left out" in note)
    assert note.endswith(": Salary, Shoe size")
    assert "52000" not in f"{plan.to_json()}{plan.notes}"


def test_the_role_that_somebody_aims_at_is_kept() -> None:
    """A target role is found by its label."""
    framework = cg.Framework(id="fw:a", title="A", roles=(cg.RoleProfile(id="role:lead", label="Team lead"),))
    plan = _people("Employee ID,Team,Target role\n1,A,team  lead\n2,A,\n", framework=framework)
    assert [person.target_roles for person in _workforce(plan).people] == [("role:lead",), ()]
