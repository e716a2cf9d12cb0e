"""Lists of people, org charts and matrices as companies keep them: in any language, and often without ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import capgraph as cg
from capgraph.ingest import explain, import_completions, import_evidence, import_people
from capgraph.ingest.profile import Profile

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


def _ids(plan: ImportPlan) -> list[str]:
    """Return the ids of the people."""
    return [person.id for person in _workforce(plan).people]


@pytest.mark.parametrize(
    "text",
    [
        "Name,Phone\nAda Beispiel,0170-1234567\nBen Muster,0171-7654321\n",
        "Name,Salary,Department\nAda Beispiel,52000,Data\nBen Muster,61000,Data\n",
        "Name,Birthday,Role\nAda Beispiel,1980-01-02,Lead\nBen Muster,1981-02-03,Lead\n",
        "Submitted,Email\n2026-03-31,ada@example.org\n2026-03-30,ben@example.org\n",
        ",Name,Role\n0,Ada Beispiel,Lead\n1,Ben Muster,Lead\n",
    ],
)
def test_what_only_looks_like_codes_is_no_id(text: str) -> None:
    """Telephone numbers, salaries, days and the numbers of rows are no ids of people."""
    ids = _ids(_people(text))
    assert len(ids) == 2
    assert all(id_.startswith("urn:uuid:") for id_ in ids)


def test_codes_before_names_are_ids() -> None:
    """Employee numbers under an unknown heading are ids, where they come before the names."""
    assert _ids(_people("Nr.,Name\n1001,Ada Beispiel\n1002,Ben Muster\n")) == ["person:1001", "person:1002"]


def test_names_without_a_heading_are_no_part_of_ids() -> None:
    """A first column without a name may hold names of one word, which no id shows."""
    ids = _ids(_people(",Role,Team\nAda,Lead,A\nBen,Analyst,A\n"))
    assert sorted(ids) == sorted(_ids(_people("Name,Role,Team\nAda,Lead,A\nBen,Analyst,A\n")))
    assert not any("Ada" in id_ for id_ in ids)


@pytest.mark.parametrize("keys", [("1/2", "2/1"), ("12 3", "3 12"), ("राम", "रोमी"), ("สมชาย", "สมชัย")])
def test_keys_that_differ_in_order_or_in_vowel_signs_are_two_people(keys: tuple[str, str]) -> None:
    """Neither sorting the parts of an id nor dropping marks makes two people one."""
    assert len(_ids(_people("Employee ID,Team\n{},A\n{},A\n".format(*keys)))) == 2
    assert len(_ids(_people("Name,Team\n{},A\n{},A\n".format(*keys)))) == 2


def test_a_manager_of_one_name_is_found_and_otherwise_not_shown() -> None:
    """Among people without ids a manager is known by a name, be it of one word; one who is missing is not named."""
    plan = _people("Name,Manager\nAda,\nBen,Ada\nCy,Fremd\n")
    assert sum(person.manager is not None for person in _workforce(plan).people) == 1
    (remark,) = (row for row in plan.records if row.action == "remark")
    assert (remark.locator, remark.reason) == ("row:4", "manager-not-in-file")
    assert "Fremd" not in str(remark)
    with_ids = _people("Person ID,Name,Manager\nP1,Ada,\nP2,Ben,Ada\n")
    assert [person.manager for person in _workforce(with_ids).people] == [None, "person:P1"]


def test_names_beside_the_names_of_teams_are_those_of_people() -> None:
    """A department that stands once, and is no code, does not make a team of somebody's name."""
    plan = _people("Department,Name\nSales,Ada Beispiel\nIT,Ben Muster\n")
    assert len(_workforce(plan).people) == 2
    assert {team.label for team in _workforce(plan).teams} == {"Sales", "IT"}


def test_what_is_read_as_teams_is_told() -> None:
    """A table in which nothing tells people apart says so."""
    notes = _people("Department,Role\nSales,Lead\nSales,Analyst\n").notes
    assert any("no column tells people apart" in note for note in notes)


def test_words_for_nothing_name_nobody() -> None:
    """A row whose id or name says that there is none is handed back; a vacant post is nobody."""
    plan = _people("Person ID,Team,Manager\nn/a,A,\nn/a,B,\n-,C,\nP1,A,none\n")
    assert _ids(plan) == ["person:P1"]
    assert [row.locator for row in plan.rejected] == ["row:2", "row:3", "row:4"]
    assert not [row for row in plan.records if row.action == "remark"]
    vacant = _people("Name,Role\nVacant,Lead\nAda Beispiel,Lead\n-,Lead\n")
    assert len(_ids(vacant)) == 1
    assert [(row.locator, row.reason) for row in vacant.records if row.action in {"ignored", "rejected"}] == [
        ("row:2", "vacant-post"),
        ("row:4", "missing-person"),
    ]


def test_a_person_of_whom_only_the_id_is_known_is_a_person() -> None:
    """A row with an id alone is a record, and a word alone is a legend."""
    plan = _people("Person ID,Name,Team\nP1,Ada Beispiel,T\nP2,Ben Muster,T\nP3,,\nConfidential,,\n")
    assert _ids(plan) == ["person:P1", "person:P2", "person:P3"]


def test_a_mail_address_in_a_link_becomes_no_id() -> None:
    """``mailto:`` and an address is an address."""
    ids = _ids(_people("Person ID,Team\nmailto:ada@example.org,T\n"))
    assert ids == _ids(_people("Email,Team\nAda@example.org,T\n"))
    assert "ada" not in ids[0]


def test_a_legend_of_levels_is_no_matrix() -> None:
    """Names beside the numbers of levels are those of the levels; grades are those of people."""
    plan = import_evidence({"m.csv": b"Level,Name\n1,Basic\n2,Good\n"})
    assert not plan.accepted
    graded = import_evidence({"m.csv": b"Level,Name,SQL\nL3,Ada Beispiel,2\nL4,Ben Muster,1\n"})
    assert len({record.person for record in _workforce(graded).evidence}) == 2


def test_a_day_is_no_level() -> None:
    """A column of days in a matrix gives no levels."""
    text = "Person ID,SQL,Seen on\nP1,3,2026-03-03\nP2,2,31.03.2026\n"
    plan = import_evidence({"m.csv": text.encode()})
    assert sorted(record.level or 0 for record in _workforce(plan).evidence) == [2, 3]
    assert not plan.rejected
    (note,) = (note for note in plan.notes if "left out" in note)
    assert note.endswith(": Seen on")


@pytest.mark.parametrize("shape", ["pandas", "indexed pandas", "polars", "rows"])
def test_a_matrix_in_memory_loses_no_cell(shape: str) -> None:
    """Rows and frames are matrices as files are, and what a named index holds is a column."""
    pd, pl = (pytest.importorskip(name) for name in ("pandas", "polars"))
    frame = pd.DataFrame({"Person ID": ["P1", "P2"], "SQL": [3, 1], "Python": [2, float("nan")]})
    given: Any = {
        "pandas": lambda: frame,
        "indexed pandas": lambda: frame.set_index("Person ID"),
        "polars": lambda: pl.from_pandas(frame),
        "rows": lambda: frame.to_dict("records"),
    }[shape]()
    records = _workforce(import_evidence(given)).evidence
    assert sorted((record.person, record.level or 0) for record in records) == [
        ("person:P1", 2),
        ("person:P1", 3),
        ("person:P2", 1),
    ]


def test_columns_of_a_frame_may_have_numbers_for_names() -> None:
    """Names that are no texts are read as texts, so that no cell is lost."""
    pd = pytest.importorskip("pandas")
    plan = import_people(pd.DataFrame([["P1", "Data"]]), profile=_profile_of_numbers())
    assert _ids(plan) == ["person:P1"]


def _profile_of_numbers() -> Profile:
    """Return what columns mean that have numbers for names."""
    return Profile(name="numbered", columns={"person": ("0",), "team": ("1",)})


@pytest.mark.parametrize("given", [{"Person ID": ["P1"]}, {"people.csv": "Person ID\nP1\n"}])
def test_what_is_neither_rows_nor_bytes_is_refused(given: Any) -> None:  # noqa: ANN401 - wrong on purpose
    """Columns in a mapping, and text where bytes belong, are told with the way out."""
    with pytest.raises(cg.errors.ParseError, match="not bytes; give rows as a list of mappings"):
        import_people(given)


def test_two_columns_of_one_name_are_refused() -> None:
    """A frame that holds two columns of one name is no traceback of another library."""
    pd = pytest.importorskip("pandas")
    with pytest.raises(cg.errors.ParseError, match="two columns have one name"):
        import_people(pd.DataFrame([["P1", "A", "B"]], columns=["Person ID", "Team", "Team"]))


def test_a_manager_may_be_known_by_mail() -> None:
    """A column of the addresses of managers leads to people who are known by theirs."""
    plan = _people("Email,Manager Email\nada@example.org,\nben@example.org,Ada@Example.org\n")
    managers = {person.manager for person in _workforce(plan).people}
    assert len(managers - {None}) == 1
    assert not [row for row in plan.records if row.action == "remark"]


@pytest.mark.parametrize("header", ["Name,Course ID,Completed on", "Learner Name,Item ID,Completion Date"])
def test_the_id_of_a_course_is_no_id_of_a_person(header: str) -> None:
    """Completions of people without ids are theirs."""
    plan = import_completions({"c.csv": f"{header}\nAda Beispiel,C1,2026-03-14\nBen Muster,C1,2026-03-14\n".encode()})
    assert plan.counts() == {"added": 2}
    assert len({record.person for record in _workforce(plan).evidence}) == 2
