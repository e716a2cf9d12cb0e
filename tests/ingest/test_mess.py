"""Exports as offices and vendors write them: each is imported by one call, and what became of its rows is told."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from capgraph.ingest import import_catalog, import_completions, import_evidence, import_people
from capgraph.ingest.profile import presets
from capgraph.model import Framework

if TYPE_CHECKING:
    from capgraph.ingest.plan import ImportPlan

GERMAN = """Seminarverzeichnis 2026;;;;;
;;;;;
Nr.;Seminartitel;Dauer (Std.);Preis pro Person;Zielgruppe;Sprache;
S-1;Führung kompakt;1,5;1.200,00 €;Führungskräfte;Deutsch;
S-2;"Excel
Grundlagen";8,0;99,00 €;Alle;Deutsch;
;;;;;;
Summe;2;9,5;;;;
""".encode("cp1252")
FRENCH = """sep=;
Code formation;Intitulé;Durée (heures);Tarif;Langue;Public cible;Prérequis
F-1;Gestion de projet;7,5;1 250,00 €;Français;Managers;F-2
F-2;Bases;3;gratuit;Français;Tous;Aucun
""".encode("utf-8-sig")
SPANISH = (
    "Código del curso\tNombre del curso\tDuración\tIdioma\tCoste\tObligatorio\n"
    "E-1\tSeguridad\t2 horas\tEspañol\t100,50 €\tSí\n"
).encode("utf-16")
DUTCH = (
    "Cursuscode,Cursusnaam,Omschrijving,Duur,Prijs,Taal,Verplicht\n"
    'N-1,Veilig werken,"Over veiligheid, op het werk",2 uur,"€ 75,00",Nederlands,ja\n'
).encode()
PORTUGUESE = (
    "Código do curso|Nome do curso|Descrição|Duração|Preço|Idioma\n"
    "P-1|Segurança no trabalho|Texto|3 horas|R$ 120,00|Português\n"
).encode()
ITALIAN = "Codice corso;Titolo del corso;Durata (ore);Prezzo;Lingua\nI-1;Sicurezza;2,5;€ 50;Italiano\n".encode()


def _assets(plan: ImportPlan) -> dict[str, Any]:
    document: Any = plan.document
    return {asset.notation or asset.title: asset for asset in document.assets}


@pytest.mark.parametrize(
    ("data", "key", "said"),
    [
        (GERMAN, "S-1", ("Führung kompakt", 90, "1200", "EUR", "de")),
        (GERMAN, "S-2", ("Excel\nGrundlagen", 480, "99", "EUR", "de")),
        (FRENCH, "F-1", ("Gestion de projet", 450, "1250", "EUR", "fr")),
        (SPANISH, "E-1", ("Seguridad", 120, "100.5", "EUR", "es")),
        (DUTCH, "N-1", ("Veilig werken", 120, "75", "EUR", "nl")),
        (PORTUGUESE, "P-1", ("Segurança no trabalho", 180, "120", "BRL", "pt")),
        (ITALIAN, "I-1", ("Sicurezza", 150, "50", "EUR", "it")),
    ],
)
def test_lists_in_many_languages(data: bytes, key: str, said: tuple[object, ...]) -> None:
    plan = import_catalog({"list.csv": data})
    asset = _assets(plan)[key]
    assert (asset.title, asset.duration, str(asset.cost.amount), asset.cost.currency, asset.language) == said
    assert not plan.rejected


def test_french_prerequisites_and_the_word_for_none() -> None:
    found = _assets(import_catalog({"list.csv": FRENCH}))
    assert found["F-1"].prerequisites.asset == found["F-2"].id
    assert found["F-2"].prerequisites is None
    assert not found["F-1"].extensions


def test_marks_of_byte_order_in_the_middle_are_no_text() -> None:
    text = "\ufeff\ufeffID,Title,Duration\n\ufeffA-1,One thing,1h\nA-2,\ufeffTwo things,90 min\n"
    found = _assets(import_catalog({"a.csv": text.encode()}))
    assert {key: asset.title for key, asset in found.items()} == {"A-1": "One thing", "A-2": "Two things"}


def test_columns_that_occur_twice_are_told_and_none_is_lost() -> None:
    data = b"ID,Title,Duration,Duration,Room,Room\nA-1,One thing,1h,2h,a,b\nA-2,Two,1h,2h,c,d\n"
    plan = import_catalog({"a.csv": data})
    (asset,) = (item for key, item in _assets(plan).items() if key == "A-1")
    assert asset.duration == 60
    assert asset.extensions["csv"] == {"Duration": "2h", "Room": "a", "Room (6)": "b"}
    assert "a.csv: the column 'Duration' occurs 2 times: C duration; D kept" in plan.notes
    assert "a.csv: kept in extensions: Duration, Room" in plan.notes
    people = import_people({"p.csv": b"Employee ID,Team,Team\n7,A,B\n"})
    assert any("occurs 2 times" in note for note in people.notes)


def test_absurd_durations_are_told_and_kept() -> None:
    plan = import_catalog([{"ID": "1", "Title": "One", "Duration": "90000 hours"}])
    assert [row.reason for row in plan.records if row.action == "remark"] == ["duration-implausible"]
    assert _assets(plan)["1"].duration == 90_000 * 60


def test_one_id_for_two_people_is_told_and_the_second_handed_back() -> None:
    rows = [
        {"Employee ID": "7", "Full name": "Ana Invented", "Team": "A"},
        {"Employee ID": "7", "Full name": "Invented, Ana", "Team": "B"},
        {"Employee ID": "7", "Full name": "Ben Invented", "Team": "C"},
    ]
    plan = import_people(rows)
    document: Any = plan.document
    assert {row.locator: (row.action, row.reason) for row in plan.records if row.action != "added"} == {
        "row:2": ("merged", "second-post"), "row:3": ("duplicate", "id-used-with-other-name"),
    }  # fmt: skip
    assert document.people[0].teams == ("team:A", "team:B")
    assert len(plan.spare) == 1
    assert "Ben" not in str([row.hint for row in plan.records])


def test_attributes_of_elements_are_read() -> None:
    data = (
        b"<catalog><course id='1'><title lang='en'>One</title><duration unit='hours'>2</duration>"
        b"<skill code='a'>SQL</skill><skill code='b'>Git</skill></course>"
        b"<course id='2'><title>Two</title><provider name='Acme'/></course></catalog>"
    )
    found = _assets(import_catalog({"a.xml": data}))
    assert (found["1"].duration, found["1"].keywords) == (120, ("SQL", "Git"))
    assert found["2"].provider == "Acme"


def test_a_workbook_with_a_cover_two_headers_totals_and_a_legend() -> None:
    book = openpyxl.Workbook()
    book.active.append(["Contact: L&D"])  # type: ignore[union-attr]
    sheet = book.create_sheet("Courses")
    rows: list[list[object]] = [
        ["Training catalogue 2026"], [], [None, "General", None, "Time", None, "Level"],
        [None, "Code", "Course name", "Hours", "Last updated", "L1", "L2"],
        [None, "A-1", "One thing", 1.5, dt.datetime(2026, 1, 1), "x", None],  # noqa: DTZ001 - as workbooks hold it
        [None, "A-2", "Two things", "2,5", 45658, None, "x"], [None, "Total", None, "=SUM(D5:D6)"], [],
        [None, "Legend: x = offered"],
    ]  # fmt: skip
    for row in rows:
        sheet.append(row)
    sheet.merge_cells("A1:F1")
    old = book.create_sheet("Archive 2019")
    old.append(["Code", "Course name", "Hours"])
    old.append(["Z-1", "Old thing", 3])
    stream = io.BytesIO()
    book.save(stream)
    plan = import_catalog({"book.xlsx": stream.getvalue()})
    found = _assets(plan)
    assert {key: (asset.duration, asset.status) for key, asset in found.items()} == {
        "A-1": (90, "active"), "A-2": (150, "active"), "Z-1": (180, "deprecated"),
    }  # fmt: skip
    assert found["A-2"].modified == dt.date(2025, 1, 1)
    assert found["A-2"].extensions["csv"]["level"] == "L2"
    assert not plan.rejected
    assert "book.xlsx!Cover" not in str(plan.counts())


def test_nested_json_and_a_line_that_is_no_object() -> None:
    text = {"data": {"courses": [{"id": 1, "title": "One", "duration": {"value": 2, "unit": "hours"},
            "skills": [{"name": "SQL"}]}, "oops"]}}  # fmt: skip
    plan = import_catalog({"a.json": json.dumps(text).encode()})
    assert _assets(plan)["1"].duration == 120
    assert [(row.locator, row.reason) for row in plan.rejected] == [("/data/courses/1", "not-an-object")]
    lines = import_catalog({"a.jsonl": b'{"id":"1","title":"One"}\nnot json\n{"id":"2","title":"Two"}\n'})
    assert (lines.counts(), lines.rejected[0].locator) == ({"added": 2, "rejected": 1}, "line:2")


def test_a_zip_of_tables_with_other_files_among_them() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a/one.csv", "ID,Title\nA-1,One thing\n")
        archive.writestr("b/two.csv", "ID,Title\nA-1,One thing\nB-1,Two\n")
        archive.writestr("b/notes.txt", "hello world")
    plan = import_catalog({"all.zip": stream.getvalue()})
    assert plan.counts() == {"added": 3, "ignored": 1, "suspected": 1}


def test_presets_about_people_read_their_vendors() -> None:
    header = b"UserID,CourseID,CompletionDate,ContentType,Provider\n"
    done = import_completions({"d.csv": header + b"7,C-1,20260331,Course,Acme\n8,C-1,20260231,Course,Acme\n"})
    assert (done.profiles, done.counts()) == (("degreed-completions",), {"added": 1, "rejected": 1})
    rated: Any = import_evidence({"s.csv": b"User,Skill,Assessor,Level,Comment\n7,SQL,Boss,2,good\n"})
    assert rated.profiles == ("360learning-users-skills",)
    assert [(record.level, record.note) for record in rated.document.evidence] == [(2, "good")]
    jobs: Any = import_people({"j.csv": b"User,Job\n7,Analyst\n"})
    assert jobs.profiles == ("360learning-users-jobs",)
    assert jobs.document.people[0].extensions["people"]["role"] == "Analyst"
    assert {profile.about for profile in presets()} == {"courses", "people"}


@pytest.mark.parametrize(
    ("text", "preset", "counts"),
    [
        ("username,level,course_code\nu,student,C-1\n", "docebo-enrollments", {"ignored": 1}),
        ("username,level,course_code,date_complete\nu,student,C-1,2026-01-05\nv,student,C-1,\n",
         "docebo-enrollments", {"added": 1, "ignored": 1}),
        ("username,level,course_id,status,date_complete\nu,3,17,completed,2026-01-05\nv,3,17,in progress,\n",
         "docebo-enrollments-by-id", {"added": 1, "ignored": 1}),
        ("External User ID,Content UUID,Content Title,Status,Completed Date\nu,a,SQL,Completed,2026-01-05\n",
         "percipio-completions", {"added": 1}),
        ("User Name,Asset ID,Asset Title,Completion Date\nu,1,SQL,01/31/2026\n", "skillsoft-completions", {"added": 1}),
    ],
)  # fmt: skip
def test_enrollments_are_no_completions(text: str, preset: str, counts: dict[str, int]) -> None:
    plan = import_completions({"a.csv": text.encode()})
    assert (plan.profiles, plan.counts()) == ((preset,), counts)


def test_people_below_a_header_in_another_order_are_read_in_that_order() -> None:
    text = "Employee ID,Job title,Location\n7,Analyst,Bonn\nEmployee ID,Location,Job title\n8,Kiel,Engineer\n"
    plan: Any = import_people({"p.csv": text.encode()})
    assert {person.site for person in plan.document.people} == {"Bonn", "Kiel"}


def test_the_preset_for_skills_of_trainings_joins_their_rows() -> None:
    plan = import_catalog({"t.csv": b"Training,Skill,Level\nData basics,SQL,2\nData basics,Git,2\n"})
    assert (plan.profiles, plan.counts()) == (("360learning-training-skills",), {"added": 1, "merged": 1})
    assert _assets(plan)["Data basics"].keywords == ("SQL", "Git")


def test_a_zero_that_the_scale_does_not_explain_is_kept_and_noted() -> None:
    framework = Framework(
        id="fw:a",
        scales=[{"id": "scale:a", "label": "Levels", "levels": [{"rank": 1, "label": "Low"}]}],
        default_scale="scale:a",
        capabilities=[{"id": "cap:sql", "label": "SQL"}],
    )
    matrix = {"m.csv": b"Employee ID,SQL\n7,0\n8,1\n"}
    plan: Any = import_evidence(matrix, framework=framework, zero_means="no_knowledge")
    assert sorted(record.level for record in plan.document.evidence) == [0, 1]
    assert any("zero_means" in note for note in plan.notes)
    told = framework.replace(scales=[framework.scales[0].replace(zero_means="no_knowledge")])
    assert not any("zero_means" in note for note in import_evidence(matrix, framework=told).notes)


def test_prices_with_and_without_tax_are_told() -> None:
    text = "Seminar;Dauer;Kosten\nEins;2 Tage;€ 1.200,- zzgl. MwSt.\nZwei;1 Tag;450 €\n"
    plan = import_catalog({"a.csv": text.encode()})
    assert {str(asset.cost.amount) for asset in plan.document.assets} == {"1200", "450"}  # type: ignore[attr-defined]
    assert (
        "a.csv: amounts in 'Kosten' are taken as they stand, with or without tax: '€ 1.200,- zzgl. MwSt.'" in plan.notes
    )


def test_times_of_sessions_are_no_durations() -> None:
    text = "Titel;Datum;Zeit;Ort\nEins;28.11.21;18:00;Berlin\nZwei;01.12.21;10:00;online\n"
    for asset in import_catalog({"a.csv": text.encode()}).document.assets:  # type: ignore[attr-defined]
        assert asset.duration is None
        assert asset.extensions["csv"]["Zeit"]


def test_numbers_of_people_are_no_ids() -> None:
    rows = "One thing,96,ativo\nTwo things,90,encerrado\nThree things,400,ativo\n"
    plan = import_catalog({"a.csv": f"Program Name,Number of Target Personnel,Status\n{rows}".encode()})
    assert plan.counts() == {"added": 3}
    found = {asset.title: (asset.notation, asset.status) for asset in plan.document.assets}  # type: ignore[attr-defined]
    assert [notation for notation, _ in found.values()] == ["", "", ""]
    assert [title for title, (_, status) in found.items() if status == "deprecated"] == ["Two things"]


@pytest.mark.parametrize(
    "text",
    [
        "Intitulé;Tarif HT / pers.;Public visé\nUn;290,00 € HT;Managers\nDeux;300 €;Tous\n",
        "Seminartitel;Kosten p.P.;Zielgruppe\nEins;€ 1.200,- zzgl. MwSt.;Controlling\nZwei;650 €;alle\n",
        "Training Topic;Price;Target Personnel\nPLC basics;290 EUR;Managers\nLockout;300 EUR;All\n",
    ],
)
def test_names_in_the_plans_of_companies(text: str) -> None:
    for asset in import_catalog({"a.csv": text.encode()}).document.assets:  # type: ignore[attr-defined]
        assert asset.cost is not None
        assert asset.audience


def test_courses_without_accents_are_no_completions() -> None:
    text = "id,titulo,data_hora,descricao,link,status\n1,Um,2025-09-13 14:35,a,https://x.example,x\n2,Dois,2025-09-14,b,,x\n"
    assert import_completions({"a.csv": text.encode()}).counts() == {}


@pytest.mark.parametrize(
    ("cells", "is_told"),
    [
        (("2 Tage", "90 min"), True),
        (("1,5", "2 weeks"), True),
        (("1h 30m", "PT2H"), False),
        (("2 days (14 hours)", "1 h"), False),
    ],
)
def test_the_hours_of_a_day_are_told(cells: tuple[str, str], is_told: bool) -> None:
    plan = import_catalog({"a.csv": f'ID,Title,Duration\nA,One,"{cells[0]}"\nB,Two,"{cells[1]}"\n'.encode()})
    assert any("count as 8 hours, weeks as five days" in note for note in plan.notes) == is_told
