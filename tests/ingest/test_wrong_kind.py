"""Files of another kind than a command is for: refused with what to do, and never stored as nonsense."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from capgraph.errors import ParseError
from capgraph.ingest import explain, import_catalog, import_completions, import_evidence, import_people
from capgraph.ingest.profile import parse_profile
from capgraph.ingest.rejected import rejected_files

if TYPE_CHECKING:
    from pathlib import Path

NOISE = bytes(range(256)) * 12


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF", "a PDF"),
        (b"\x89PNG\r\n\x1a\n" + NOISE, "a picture"),
        (b"\xff\xd8\xff\xe0" + NOISE, "a picture"),
        (b"SQLite format 3\x00" + bytes(4000), "a database"),
        (NOISE, "no text"),
    ],
)
@pytest.mark.parametrize("name", ["courses.csv", "courses.xlsx"])
def test_what_is_no_table_is_refused_whatever_its_name(data: bytes, kind: str, name: str) -> None:
    for question in (import_catalog, import_people, import_evidence):
        with pytest.raises(ParseError, match=f"it is {kind}, and no table; export the table"):
            question({name: data})


def test_control_characters_that_end_cells_are_text() -> None:
    text = "Course ID,Title\nA-1,First\nA-2,Second \x01\x02\x03\x1a\x1b\x1c\x1d\x1e\x1f\n"
    assert import_catalog({"a.csv": text.encode()}).records_read == 2
    assert import_catalog({"a.csv": text.encode("utf-16")}).records_read == 2


def test_a_document_is_no_archive_of_tables() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document><title>One</title><title>Two</title></document>")
    with pytest.raises(ParseError, match="it is a Word document"):
        import_catalog({"a.docx": stream.getvalue()})


def test_nothing_to_read_is_told(tmp_path: Path) -> None:
    for question in (import_people, import_evidence, import_completions):
        with pytest.raises(ParseError, match="no file in it that can hold people"):
            question(tmp_path)
        assert question({"a.csv": b""}).notes == ("a.csv: it holds no table, so nothing was read from it",)
    with pytest.raises(ParseError, match="it is empty; export it again"):
        import_catalog({"a.csv": b"\xef\xbb\xbf\r\n"})


def test_a_course_package_tells_nothing_about_people() -> None:
    manifest = (
        '<manifest xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" identifier="m">'
        '<organizations default="o"><organization identifier="o"><title>One</title></organization></organizations>'
        "</manifest>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("imsmanifest.xml", manifest)
    for question in (import_people, import_evidence):
        (note,) = question({"a.zip": stream.getvalue()}).notes
        assert note == "a.zip: a course package, so nothing was read from it; import catalog"


CATALOGS = {
    "SKU, name, price": "SKU,Name,Price,Stock\nP1,First,12.50,30\nP2,Second,3.20,10\n",
    "codes in Spanish": "CODIGO,NOMBRE,REQUISITOS,NIVEL\nMA1,Uno,ninguno,1\nMA2,Dos,MA1,2\n",
    "code and name alone": "Code,Name\n252-001,Linear Algebra\n252-002,Machine Learning\n",
    "sessions": "id,title,location,date,status\n1,Fire safety,Hall,2026-01-05,done\n2,First aid,Hall,2026-01-06,done\n",
    "instructors": "Number,Title,Instructor.First_Name,Instructor.Last_Name,Description\n1,One,A,B,x\n2,Two,C,D,y\n",
    "departments": "title,department,description\nOne,Physics,about it\nTwo,History,about this\n",
}


@pytest.mark.parametrize("name", CATALOGS)
def test_courses_are_no_people(name: str) -> None:
    plan = import_people({"a.csv": CATALOGS[name].encode()})
    assert plan.counts() == {}
    assert any("import catalog" in note or "call the column of codes" in note for note in plan.notes)


@pytest.mark.parametrize(
    "text",
    [
        "id,title,url,level,duration\n1,One,https://x.example/1,2,3 h\n2,Two,https://x.example/2,3,2 h\n",
        ",title,rating,price\n"
        + "".join(f"{number},Title {number},5.0,39\n" for number in (0, 4, 7, 17, 44, 100, 104)),
        "training_id,name,date,description\nT1,One,2026-01-05,x\nT2,Two,2026-01-06,y\n",
        "ID,Title,URL,Duration,IsActive\nC1,One,https://x.example/1,30,1\nC2,Two,https://x.example/2,40,1\n",
    ],
)
def test_courses_are_no_evidence(text: str) -> None:
    for question in (import_evidence, import_completions):
        plan = question({"a.csv": text.encode()})
        assert plan.counts() == {}
        assert any("import catalog" in note and "'Employee ID'" in note for note in plan.notes)


@pytest.mark.parametrize(
    "text",
    [
        "ID,Course ID,Date\n7,C1,2026-01-05\n8,C1,2026-01-05\n",
        "ID,Course,URL,Duration,Date\n7,One,https://x.example,3 h,2026-01-05\n7,Two,https://y.example,2 h,2026-01-06\n",
        "Employee ID,Course,Summary,URL,Date\n7,One,x,https://x.example,2026-01-05\n8,Two,y,https://y.example,2026-01-05\n",
    ],
)
def test_completions_stay_completions(text: str) -> None:
    assert import_completions({"a.csv": text.encode()}).counts() == {"added": 2}


PEOPLE = {
    "org chart": "Employee ID,Name,Job Title,Manager ID\n7,Ada Beispiel,Analyst,9\n8,Ben Muster,Engineer,9\n",
    "matrix": "Employee,Title,Excel,Welding\nAda Beispiel,Analyst,3,1\nBen Muster,Engineer,1,3\n",
    "statements": "actor.mbox,verb.id,object.id,title,description\nmailto:a@x.example,completed,c1,One,x\n",
}


@pytest.mark.parametrize("name", PEOPLE)
def test_people_are_no_courses(name: str) -> None:
    with pytest.raises(ParseError, match="looks like a table about people; import people, evidence or completions"):
        import_catalog({"a.csv": PEOPLE[name].encode()})


def test_people_beside_courses_are_passed_over_and_told() -> None:
    files = {"a.csv": PEOPLE["org chart"].encode(), "b.csv": b"Course ID,Title,Duration\nA-1,First,2 h\n"}
    plan = import_catalog(files)
    assert plan.counts() == {"added": 1, "ignored": 1}
    assert any(note.startswith("a.csv: this looks like a table about people") for note in plan.notes)
    assert {column.field for _, column in explain(PEOPLE["org chart"].encode()).taken_for} >= {"person", "manager"}


def test_a_profile_makes_courses_of_what_looks_like_people() -> None:
    plan = import_catalog({"a.csv": PEOPLE["org chart"].encode()}, columns={"title": "Job Title"})
    assert plan.counts() == {"added": 2}


def test_who_completed_a_course_is_not_kept_with_it() -> None:
    text = "Employee ID,Employee name,Course ID,Title,Duration,Room\n7,Ada Beispiel,A-1,First,2 h,12\n"
    plan = import_catalog({"a.csv": text.encode()})
    (asset,) = plan.document.assets  # type: ignore[attr-defined]
    assert "Ada" not in str(asset.to_dict())
    assert "Room" in str(asset.to_dict())
    assert any("left out: Employee ID, Employee name" in note for note in plan.notes)


def test_days_of_beginning_and_end_are_no_courses() -> None:
    """A list of requests with the names of people has days that are not those of courses in a matrix."""
    text = (
        "ID;Titre;Utilisateur;Email;Statut;Début;Fin\n12;Un;Ada Exemple;ada@x.example;APPROVED;12/03/2026;13/03/2026\n"
        "13;Deux;Ben Essai;ben@x.example;PENDING;14/03/2026;15/03/2026\n"
    )
    for name in ("Fin", "Bis", "Date de fin"):
        plan = import_completions({"a.csv": text.replace("Fin", name).encode()})
        assert not plan.document.evidence  # type: ignore[attr-defined]


def test_completions_with_a_day_of_the_end() -> None:
    text = "Matrícula;Curso;Data de Início;Data de Término;\n20231;Python;01/03/2022;15/03/2022;\n"
    (record,) = import_completions({"a.csv": text.encode()}).document.evidence  # type: ignore[attr-defined]
    assert str(record.date) == "2022-03-15"


def test_the_numbers_of_courses_do_not_make_a_table_one_about_people() -> None:
    text = "shortname,fullname,idnumber,summary\nc1,First course,7,about it\nc2,Second course,8,about this\n"
    assert not any("people" in note for note in import_catalog({"a.csv": text.encode()}).notes)


def test_rejected_rows_with_too_many_cells_can_be_read_again() -> None:
    text = "Topic,Title,URL\nOne,First,https://x.example/1\nTwo,Second,https://x.example/2\n"
    plan = import_catalog({"a.csv": f"{text}Three,Third, with a comma,https://x.example/3\n".encode()})
    ((_, rejected),) = rejected_files(plan.spare).items()
    again = import_catalog({"rejected.csv": rejected.encode()}, profile=plan.profile())
    assert [row.reason for row in again.rejected] == ["wrong-field-count"]
    lines = rejected.splitlines()
    mended = "\n".join([lines[0], 'Three,"Third, with a comma",https://x.example/3,row:4,wrong-field-count,none'])
    assert import_catalog({"rejected.csv": mended.encode()}, profile=plan.profile()).counts() == {"added": 1}


def test_rejected_rows_are_read_with_the_profile_of_their_source() -> None:
    """The profile says how the source is laid out, and what was handed back is laid out otherwise."""
    toml = 'encoding = "cp1252"\ndelimiter = ";"\nheader_row = 3\n[columns]\nid = ["Kürzel"]\ntitle = ["Was"]\n'
    profile = parse_profile(f'name = "ours"\n{toml}')
    text = "Liste\n\nKürzel;Was\nA1;Erstes\n;Überblick; kurz\n;Prüfung\n"
    plan = import_catalog({"a.csv": text.encode("cp1252")}, profile=profile)
    ((_, rejected),) = rejected_files(plan.spare).items()
    mended = rejected.replace("\n,Pr", "\nA3,Pr")
    for data in (mended.encode("utf-8-sig"), mended.replace(",", ";").encode("cp1252")):
        again = import_catalog({"rejected.csv": data}, profile=profile)
        assert [asset.title for asset in again.document.assets] == ["Prüfung"]  # type: ignore[attr-defined]
