"""Plain tables: course lists and lists of people, with the columns that people use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import capgraph as cg
from capgraph.errors import ParseError
from capgraph.formats import format_named
from capgraph.formats.course_table import FORMAT as COURSES
from capgraph.formats.people_table import FORMAT as PEOPLE

if TYPE_CHECKING:
    from pathlib import Path

    from capgraph.formats.conversion import Conversion

FRAMEWORK = cg.Framework(
    id="fw:a",
    capabilities=[
        cg.Capability(id="cap:sql", label="SQL", alternative_labels=["Queries"]),
        cg.Capability(id="cap:x", label="X 1"),
    ],
    roles=[cg.RoleProfile(id="role:analyst", label="Analyst")],
)


def _courses(text: str, **options: object) -> tuple[cg.Catalog, Conversion]:
    document, conversion = COURSES.parse({"list.csv": text.encode()}, **options)
    assert isinstance(document, cg.Catalog)
    return document, conversion


def _people(text: str, **options: object) -> tuple[cg.Workforce, Conversion]:
    document, conversion = PEOPLE.parse({"list.csv": text.encode()}, **options)
    assert isinstance(document, cg.Workforce)
    return document, conversion


def test_columns_are_mapped_by_field(tmp_path: Path) -> None:
    (tmp_path / "courses.csv").write_text("Course,Duration (h),Room\nSQL basics,1.5,B2\n", encoding="utf-8")
    catalog = cg.read_catalog(tmp_path / "courses.csv", columns={"title": "Course", "hours": "Duration (h)"})
    (asset,) = catalog.assets
    assert (catalog.id, asset.title, asset.duration) == ("cat:courses", "SQL basics", 90)
    assert asset.to_dict()["extensions"] == {"table": {"Room": "B2"}}


def test_columns_are_found_by_name() -> None:
    catalog, conversion = _courses("Course ID;Title;Minutes;Price;Tags;Published\nc:1;SQL;45;€10;a;2024-01-05\n")
    (asset,) = catalog.assets
    assert asset.to_dict() == {
        "id": "c:1",
        "provenance": [{"source": "list.csv", "locator": "row:2"}],
        "sequence": 0,
        "title": "SQL",
        "duration": 45.0,
        "cost": {"amount": "10", "currency": "EUR"},
        "keywords": ["a"],
        "published": "2024-01-05",
    }
    assert conversion.problems == ()


def test_same_file_gives_the_same_ids() -> None:
    text = "Title\nSQL\nPython\n"
    assert _courses(text)[0] == _courses(text)[0]
    assert _courses("Title\nPython\nsql \n")[0].assets[0].id == _courses(text)[0].assets[0].id


def test_idmap_keeps_the_id_of_a_renamed_course() -> None:
    old = _courses("Title,Hours\nSQL,1\n")[0].assets[0].id
    assert _courses("Title,Hours\nSQL basics,1\n", idmap={"asset/sql basics": old})[0].assets[0].id == old


def test_unit_is_never_guessed() -> None:
    catalog, conversion = _courses("Title,Duration\nSQL,90\nPython,1h 30m\n")
    assert {asset.title: asset.duration for asset in catalog.assets} == {"SQL": None, "Python": 90}
    assert [issue.where for issue in conversion.problems] == ["row:2"]
    assert "'90' has no unit" in conversion.problems[0].message


def test_skill_tags_are_resolved_by_label_with_levels() -> None:
    text = "Title,Skills,Hours\nOne,SQL 0-2; queries 3; X 1; knitting,1\nTwo,,2\nThree,,3\n"
    profile = {"levels": {"below": 0}}
    catalog, conversion = _courses(text, framework=FRAMEWORK, profile=profile)
    asset = next(item for item in catalog.assets if item.title == "One")
    found = [(item.target, item.level_from, item.level_to, item.label) for item in asset.alignments]
    assert found == [("cap:sql", None, 2, "SQL 0-2"), ("cap:sql", None, 3, "queries 3"), ("cap:x", None, None, "X 1")]
    assert asset.keywords == ("knitting",)
    assert [issue.code for issue in conversion.problems] == ["unknown-capability"]


def test_prerequisites_name_ids_and_titles() -> None:
    text = "ID,Title,Prerequisites\na:1,One,\na:2,Two,a:1; One|nothing much\n"
    catalog, conversion = _courses(text)
    assert catalog.assets[1].prerequisites == cg.Condition(all_of=["a:1", "a:1"])
    assert [issue.code for issue in conversion.problems] == ["unknown-asset"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"columns": {"title": "Cours"}}, "'Cours' is no column of the table; did you mean 'Course'"),
        ({"columns": {"titel": "Course"}}, "'titel' is no field of this kind of table; did you mean 'title'"),
        ({"columns": {"hours": "Hours"}}, "no column holds the title"),
        ({"profile": {"file": {"sheet": "Offer"}}}, "'Offer' is no sheet"),
    ],
)
def test_wrong_mapping_is_told(options: dict[str, object], told: str) -> None:
    with pytest.raises(ParseError, match=told):
        _courses("Course,Hours\nSQL,1\n", **options)


def test_damaged_profile_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Title,Hours\nSQL,1\n", encoding="utf-8")
    (tmp_path / "a.toml").write_text("[columns", encoding="utf-8")
    with pytest.raises(ParseError, match="the profile is not TOML"):
        cg.read_catalog(tmp_path / "a.csv", profile=tmp_path / "a.toml")


def test_people_with_roles_teams_and_managers() -> None:
    text = "id,first name,last name,role,team,manager,since\np:1,A,B,Analyst,Data,,2020-01-02\np:2,C,D,Boss,Data,p:1,\n"
    workforce, conversion = _people(text, framework=FRAMEWORK)
    first, second = workforce.people
    assert (first.id, first.label, first.roles, str(first.since)) == ("p:1", "A B", ("role:analyst",), "2020-01-02")
    assert (second.manager, second.teams) == ("p:1", first.teams)
    assert [team.label for team in workforce.teams] == ["Data"]
    assert conversion.problems == ()


def test_bad_cell_about_a_person_is_listed_without_repeating_it() -> None:
    workforce, conversion = _people("id,role,since\np:1,Analyst,secret\n")
    assert workforce.people[0].since is None
    assert "secret" not in str(conversion.problems)


def test_unknown_manager_is_listed() -> None:
    workforce, conversion = _people("id,role,manager\np:1,Analyst,p:9\n")
    assert workforce.people[0].manager is None
    assert [issue.code for issue in conversion.problems] == ["dangling-reference"]


def test_table_without_people_is_told() -> None:
    with pytest.raises(ParseError, match="no column names the person"):
        _people("colour,taste\nred,sweet\n")


@pytest.mark.parametrize(
    ("header", "level"),
    [
        ("Bereich;Kompetenz;Beschreibung", "Stufe"),
        ("Domaine;Compétence;Descriptif", "Niveau"),
        ("Área;Competencia;Descripción", "Nivel"),
        ("Categoria;Competenza;Descrizione", "Livello"),
    ],
)
def test_level_descriptors_are_read_in_many_languages(tmp_path: Path, header: str, level: str) -> None:
    """The columns are known by their names, and the levels by their numbers."""
    path = tmp_path / "levels.csv"
    path.write_text(f"{header};{level} 1;{level} 2\nQuality;Audit;Internal;assists;leads\n", encoding="utf-8")
    framework = cg.read_framework(path)
    audit = next(item for item in framework.capabilities if item.label == "Audit")
    assert audit.description == "Internal"
    assert [(item.level, item.description) for item in audit.levels] == [(1, "assists"), (2, "leads")]
    assert [item.label for item in framework.capabilities if item.id in audit.broader] == ["Quality"]


def test_a_table_that_is_no_document_leads_to_the_import(tmp_path: Path) -> None:
    """The message says what reads tables as companies keep them."""
    path = tmp_path / "kurse.csv"
    path.write_text("Kurs-Nr.;Titel;Dauer (Std.)\nK1;Hygiene;8\n", encoding="utf-8")
    with pytest.raises(cg.errors.UnknownFormatError, match="is imported: capgraph import sniff tells more"):
        cg.read(path)


def test_files_that_a_spreadsheet_saved_are_read_as_they_were() -> None:
    moodle = (
        "Parent ID number;ID number;Short name;Description;Description format;Scale values;Scale configuration;"
        "Rule type;Rule outcome;Rule config;Cross-referenced;Exported ID;Is framework;Taxonomy\r\n"
        ";FW;Fähigkeiten;;1;;;;;;;;1;\r\n;A;Präsentieren;;1;;;;;;;;;\r\n"
    ).encode("cp1252")
    found = format_named("moodle")
    document, conversion = found.parse({"a.csv": moodle})
    assert [item.label for item in document.capabilities] == ["Präsentieren"]  # type: ignore[attr-defined]
    assert ("encoding", "not UTF-8 throughout: read as cp1252") in {
        (row.part, row.reason) for row in conversion.records
    }
    canvas = "sep=;\r\nvendor_guid;object_type;title\r\na;outcome;Zuhören\r\n".encode("utf-8-sig")
    document, _ = format_named("canvas").parse({"a.csv": canvas})
    assert [item.label for item in document.capabilities] == ["Zuhören"]  # type: ignore[attr-defined]
    osmt = "Skill Name\tSkill Statement\r\nSQL\tQuery\r\n".encode("utf-16")
    assert format_named("osmt").parse({"a.csv": osmt})[0].capabilities[0].label == "SQL"  # type: ignore[attr-defined]
    sssom = b"subject_id;predicate_id;object_id;mapping_justification\na:1;skos:exactMatch;a:2;semapv:Manual\n"
    assert len(format_named("sssom").parse({"a.csv": sssom})[0].mappings) == 1  # type: ignore[attr-defined]


def test_a_column_that_is_spelled_otherwise_is_suggested() -> None:
    with pytest.raises(cg.errors.ParseError, match=r"has no column 'vendor_guid' .*rename 'vendor guid'"):
        format_named("canvas").parse({"a.csv": b"vendor guid,object_type,title\na,outcome,x\n"})


def test_groups_above_a_matrix_are_domains_and_remarks_below_are_no_roles(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    sheet = book.active
    title: list[list[object]] = [["Skills 2026"], [], ["", "", "Data", "", "People", ""]]
    body: list[list[object]] = [["Role", "Grade", "SQL", "R", "Tact", "Law"], ["Analyst", "Junior", 2, 1, None, 1]]
    for row in (*title, *body, [None, "Senior", 4, 3, 2, 2], [], ["Legend: 4 is expert"]):
        sheet.append(row)
    for merged in ("A1:F1", "C3:D3", "E3:F3", "A5:A6"):
        sheet.merge_cells(merged)
    book.create_sheet("Notes").append(["Anything", "x"])
    book.save(tmp_path / "matrix.xlsx")
    found = cg.reading(tmp_path / "matrix.xlsx", kind="framework")
    assert isinstance(found.document, cg.Framework)
    labels = {item.id: item.label for item in found.document.capabilities}
    above = {item.label: [labels[id_] for id_ in item.broader] for item in found.document.capabilities}
    assert above == {"Data": [], "People": [], "SQL": ["Data"], "R": ["Data"], "Tact": ["People"], "Law": ["People"]}
    assert sorted(role.label for role in found.document.roles) == ["Analyst", "Analyst: Junior", "Analyst: Senior"]
    told = {(row.action, row.part, row.reason.partition(";")[0]) for row in found.conversion.records}
    assert ("dropped", "sheet", "not read") in told
    assert ("normalized", "row", "a remark below the table") in told


def test_columns_of_a_tree_repeat_the_branch_above() -> None:
    rows = b"Level 0,Level 1,Level 2\nData,SQL,Joins\n,,Views\n,Python,\nPeople,,Tact\n"
    document, _ = format_named("framework-table").parse({"a.csv": rows})
    assert isinstance(document, cg.Framework)
    labels = {item.id: item.label for item in document.capabilities}
    above = {item.label: [labels[id_] for id_ in item.broader] for item in document.capabilities}
    assert above == {
        "Data": [],
        "People": [],
        "SQL": ["Data"],
        "Python": ["Data"],
        "Joins": ["SQL"],
        "Views": ["SQL"],
        "Tact": ["People"],
    }
