"""Lists of people, org charts and matrices as companies keep them: in any language, and often without ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import capgraph as cg
from capgraph.ingest import explain, import_evidence, import_people

if TYPE_CHECKING:
    from capgraph.ingest.plan import ImportPlan


def _people(text: str, **options: Any) -> ImportPlan:
    """Return the plan for a list of people in a file."""
    return import_people({"people.csv": text.encode()}, **options)


def _workforce(plan: ImportPlan) -> cg.Workforce:
    """Return the workforce as it will be."""
    assert isinstance(plan.document, cg.Workforce)
    return plan.document


@pytest.mark.parametrize(
    "header",
    [
        "Personalnr;Name;Funktion;Abteilung;Vorgesetzter",
        "Matricule;Nom et prénom;Poste;Service;Responsable",
        "Legajo;Nombre completo;Puesto;Departamento;Jefe",
        "Matricola;Nominativo;Ruolo;Ufficio;Responsabile",
        "Personeelsnummer;Naam;Functie;Afdeling;Leidinggevende",
        "Employee No;Full Name;Job Title;Cost Centre;Reports To",
    ],
)
def test_headings_of_many_languages_are_known(header: str) -> None:
    """Every column finds its field, and a manager is found by id or by name."""
    plan = _people(
        f"{header}\n1001;Ada Beispiel;Analyst;Data;1002\n1002;Ben Muster;Lead;Data;\n"
        "1003;Cy Probe;Lead;Ops;Ben Muster\n"
    )
    people = {person.id: person for person in _workforce(plan).people}
    assert {id_: person.manager for id_, person in people.items()} == {
        "person:1001": "person:1002",
        "person:1002": None,
        "person:1003": "person:1002",
    }
    assert people["person:1001"].teams == ("team:Data",)
    assert people["person:1001"].extensions["people"]["role"] == "Analyst"
    assert not any(person.label for person in people.values())


def test_people_without_ids_are_known_by_name_which_is_not_kept() -> None:
    """A list and a matrix meet by name, whatever the order of its words."""
    listed = _people('Name,Role,Manager\n"Beispiel, Ada",Analyst,Ben Muster\nBen Muster,Lead,\n')
    ada, ben = sorted(_workforce(listed).people, key=lambda person: not person.manager)
    assert ada.manager == ben.id
    assert "no column of ids, so people are told apart by mail address or name, which is not kept" in listed.notes[-1]
    assert "Beispiel" not in listed.document.model_dump_json()
    matrix = import_evidence(
        {"matrix.csv": b",SQL,Python\nAda Beispiel,2,1\nBen Muster,3,\n"}, before=_workforce(listed)
    )
    assert {(record.person, record.level) for record in _workforce(matrix).evidence} == {
        (ada.id, 2),
        (ada.id, 1),
        (ben.id, 3),
    }


def test_a_matrix_finds_people_by_the_names_that_were_taken_in() -> None:
    """Names lead to ids where the workforce has them; a name of two people leads to neither."""
    rows = "Personalnr,Name\n7,Ada Beispiel\n8,Ben Muster\n9,Cy Probe\n10,Cy Probe\n"
    before = _people(rows, names=True)
    plan = import_evidence({"m.csv": b"Name,SQL\nAda Beispiel,2\nCy Probe,1\nDi Fremd,1\n"}, before=_workforce(before))
    assert [record.person for record in _workforce(plan).evidence] == ["person:7"]
    assert [(row.locator, row.reason) for row in plan.rejected] == [
        ("row:3", "unknown-person"),
        ("row:4", "unknown-person"),
    ]


def test_a_table_of_teams_is_told_row_by_row() -> None:
    """Teams are added, unchanged or changed; a row without one is handed back."""
    text = "OrgID;Bezeichnung;Übergeordnete Einheit\nL1;Linie 1;P\nP;Produktion;\n;;P\n"
    first = _people(text)
    assert [(row.asset, row.action) for row in first if row.asset] == [("team:L1", "added"), ("team:P", "added")]
    assert [(row.locator, row.reason) for row in first.rejected] == [("row:4", "missing-team")]
    again = _people(text.replace("Linie 1", "Linie eins"), before=_workforce(first))
    assert {row.asset: row.action for row in again if row.asset} == {"team:L1": "changed", "team:P": "unchanged"}


def test_a_list_of_people_leaves_known_teams_as_they_are() -> None:
    """Being mentioned neither renames a team nor takes it out of its tree."""
    teams = _people("Team ID,Team name,Parent team\nL1,Line 1,P\nP,Production,\n")
    after = _people("Employee ID,Team\n7,L1\n", before=_workforce(teams))
    assert _workforce(after).teams == _workforce(teams).teams


def test_teams_with_names_are_no_people() -> None:
    """A name beside a team that stands once is that of the team."""
    plan = _people("Department ID,Name\nD1,Data\nD2,Operations\n")
    assert not _workforce(plan).people
    assert [(team.id, team.label) for team in _workforce(plan).teams] == [
        ("team:D1", "Data"),
        ("team:D2", "Operations"),
    ]


def test_a_list_is_explained_as_one_of_people() -> None:
    """The columns of a list in German are told, and none of its values."""
    table = explain({"leute.csv": b"Personalnr;Name;Rolle\nP1;Ada Beispiel;Analyst\n"}).explanation()
    assert [(row.field, row.samples) for row in table] == [("person", ()), ("label", ()), ("role", ())]


def test_an_unclear_zero_is_told_with_its_place() -> None:
    """The first 0 of a matrix is named by file and cell."""
    with pytest.raises(cg.errors.ParseError, match=r"m\.csv C2"):
        import_evidence({"m.csv": b"Employee ID,SQL,Python\n7,2,0\n"})
