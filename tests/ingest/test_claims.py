"""Which columns are which field in exports that name them in ways of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import capgraph as cg

if TYPE_CHECKING:
    from capgraph.ingest.plan import ImportPlan
    from capgraph.model import LearningAsset


def _plan(text: str, **more: object) -> ImportPlan:
    """Return the plan for a text."""
    return cg.import_catalog({"list.csv": text.encode()}, **more)  # type: ignore[arg-type]


def _assets(plan: ImportPlan) -> tuple[LearningAsset, ...]:
    """Return the assets that a plan leads to."""
    document = plan.document
    assert isinstance(document, cg.Catalog)
    return document.assets


def _uses(plan: ImportPlan) -> dict[str, str]:
    """Return the field of each column that is used, and how the others are."""
    return {row.column: row.field or row.use for row in plan.explanation()}


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        ("id_curso,nombre_curso,horas", "A-{},Curso {} largo,30", ["id", "title", "duration"]),
        ("idFormation,nomsFormations,dureeFormation", "F{},Titre {} long,14 h", ["id", "title", "duration"]),
        ("Kurs_Nr;Kurstitel_DE;Sprache des Kurses", "K{};Thema {} lang;Deutsch", ["id", "title", "language"]),
        ("Código da disciplina,Nome da disciplina", "D{},Nome {} longo", ["id", "title"]),
        ("subject code,subject name,n_enrolled", "S{},Name {} long,1.2K", ["id", "title", "learners"]),
        ("title,program title,primary language", "Title {} long,Program of {},en", ["title", "kept", "language"]),
    ],
)
def test_names_with_their_subject_are_read_without_it(header: str, row: str, expected: list[str]) -> None:
    plan = _plan("\n".join([header, *(row.format(n, n) for n in range(1, 4))]))
    assert list(_uses(plan).values()) == expected
    assert len(plan.added) == 3


def test_an_exact_name_goes_before_one_with_a_subject() -> None:
    plan = _plan("module name,name\nM1,First title here\nM2,Second title here\nM3,Third title here\n")
    assert _uses(plan)["module name"] == "title", "it is a usual name of its own"
    plan = _plan("label_formation,nom\nL1,Premier titre\nL2,Second titre\n")
    assert _uses(plan) == {"label_formation": "id", "nom": "title"}


def test_a_column_whose_cells_are_something_else_is_kept_and_told() -> None:
    plan = _plan(
        "Title,Type,Duration,Workload\nA b,Staff,1 term,30 h\nC d,Public,2 terms,60 h\nE f,Staff,1 term,90 h\n"
    )
    assert _uses(plan) == {"Title": "title", "Type": "kept", "Duration": "kept", "Workload": "duration"}
    told = "'Type' is kept in extensions: named like a kind of asset, but no cell is one"
    assert any(told in note for note in plan.notes)
    asset = next(item for item in _assets(plan) if item.title == "A b")
    assert asset.extensions["csv"] == {"Type": "Staff", "Duration": "1 term"}
    assert asset.duration == 1800


def test_columns_that_a_person_names_are_taken_at_their_word() -> None:
    text = "Title,Type,No\nA b,Staff,1\nC d,Public,2\nE f,Staff,3\n"
    plan = _plan(text, columns={"kind": "Type", "id": "No"})
    assert _uses(plan) == {"Title": "title", "Type": "kind", "No": "id"}
    assert {row.reason for row in plan.records if row.field == "kind"} == {"kind-unknown"}


@pytest.mark.parametrize("name", ["", "Unnamed: 0", "No", "Sr. No.", "Lfd. Nr."])
def test_a_column_that_numbers_the_rows_is_no_id(name: str) -> None:
    plan = _plan(f"{name},title\n1,First one\n2,Second one\n3,Third one\n")
    assert [row.use for row in plan.explanation()] == ["ignored", "used"]
    assert all(not asset.notation for asset in _assets(plan))
    shifted = f"{name},title\n1,New one\n2,First one\n3,Second one\n4,Third one\n"
    again = _plan(shifted, before=plan.document)
    assert (len(again.added), len(again.unchanged)) == (1, 3)


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("ReviewCount", ["2873", "2511", "1957"]),
        ("Start", ["2026-01-02", "2026-02-03", "2026-03-04"]),
        ("Fee in EUR each", ["12.50", "99.00", "105.25"]),
        ("How long", ["2h", "3h", "90min"]),
    ],
)
def test_figures_days_and_durations_are_no_ids(name: str, cells: list[str]) -> None:
    rows = [f"Course about {place},{cell}" for place, cell in enumerate(cells)]
    plan = _plan("\n".join([f"Title,{name}", *rows]))
    assert "id" not in _uses(plan).values()
    numbered = _plan("Title,internal key\nFirst one,2873\nSecond one,2511\nThird one,1957\n")
    assert _uses(numbered)["internal key"] == "id"


def test_names_for_machines_are_no_titles_where_others_are() -> None:
    plan = _plan("course,shown\nbasic_r,Basics of R\nmaps_r,Maps with R\nbig_data,Big data in R\n")
    assert _uses(plan) == {"course": "kept", "shown": "title"}
    alone = _plan("course,since\nbasic_r,2020\nmaps_r,2021\nbig_data,2020\n")
    assert _uses(alone)["course"] == "title"


def test_courses_of_one_title_from_two_providers_are_two() -> None:
    text = "Title,Platform,Price\nSQL basics,Acme,10\nSQL basics,Bright,20\nSQL basics,Acme,30\nPython,Acme,5\n"
    plan = _plan(text)
    assert sorted((asset.title, asset.provider) for asset in _assets(plan)) == [
        ("Python", "Acme"), ("SQL basics", "Acme"), ("SQL basics", "Bright"),
    ]  # fmt: skip
    assert [(row.locator, row.reason) for row in plan.duplicates if row.action == "duplicate"] == [
        ("row:4", "id-repeated")
    ]
    assert [row.locator for row in plan.records if row.reason == "title-shared"] == ["row:3"]
    assert len(_plan(text, before=plan.document).unchanged) == 3


def test_words_that_only_name_a_list_are_left_out() -> None:
    plan = _plan('Title,Skills\nA b,"You gain: SQL, Git"\nC d,"You gain: R"\nE f,"You gain: Go, C"\n')
    assert [asset.keywords for asset in _assets(plan) if asset.title == "A b"] == [("SQL", "Git")]


def test_what_cannot_be_read_is_kept_as_it_stands() -> None:
    plan = _plan("Title,Duration,Seats\nA b,2 h,12\nC d,a while,many\nE f,3 h,up to 20\n")
    asset = next(item for item in _assets(plan) if item.title == "C d")
    assert asset.extensions["csv"] == {"Duration": "a while", "Seats": "many"}
    reasons = {(row.field, row.reason) for row in plan.records if row.action == "remark"}
    assert reasons == {("duration", "duration-unreadable"), ("seats", "seats-unreadable")}
    assert {item.seats for item in _assets(plan)} == {12, 20, None}


def test_units_that_numbers_show_are_told_and_unclear_ones_are_not_guessed() -> None:
    fractions = _plan("Title,Length\nA b,1.5\nC d,39\nE f,0.75\n")
    assert {asset.duration for asset in _assets(fractions)} == {90, 2340, 45}
    assert any("are read as hours, since there are fractions" in note for note in fractions.notes)
    small = _plan("Title,Length\nA b,4\nC d,3\nE f,1\n")
    assert {asset.duration for asset in _assets(small)} == {None}
    assert {asset.extensions["csv"]["Length"] for asset in _assets(small)} == {"4", "3", "1"}
    assert any("are hours or days, which is not said" in note for note in small.notes)
    assert {row.reason for row in small.records if row.action == "remark"} == {"duration-unit-unclear"}
    stated = _plan("Title,Length (h)\nA b,4\nC d,3\nE f,1\n")
    assert {asset.duration for asset in _assets(stated)} == {240, 180, 60}


def test_records_that_are_all_too_short_are_told() -> None:
    plan = _plan("Title|Level|Credit|Pass\nA b|1|x y\nC d|2|y z\nE f|3|z a\n")
    assert any("every record has 3 cells for 4 names" in note for note in plan.notes)


def test_broken_rows_do_not_pass_for_the_header() -> None:
    rows = [f"Topic {n},Course {n} in full,https://learn.example/{n}" for n in range(6)]
    broken = "Some topic,Course with Prometheus, Grafana and Loki,https://learn.example/x"
    plan = _plan("\n".join(["Topic,SuggestedCourse,URL", *rows, broken]))
    assert len(plan.added) == 6
    assert [row.reason for row in plan.rejected] == ["wrong-field-count"]


def test_text_that_was_encoded_twice_is_mended_and_told() -> None:
    text = "Title,Level\nGestión de equipos,A · b\nAtención al público,B · c\nExcel,C\n"
    twice = text.encode().decode("cp1252").encode()
    plan = cg.import_catalog({"list.csv": twice})
    assert sorted(asset.title for asset in _assets(plan)) == [
        "Atención al público",
        "Excel",
        "Gestión de equipos",
    ]
    assert any("encoded twice, which is mended" in note for note in plan.notes)


def test_titles_in_other_languages_are_kept_beside_the_first() -> None:
    plan = _plan("code,title_de,title_en\nA1,Erste Hilfe,First aid\nA2,Brandschutz,Fire safety\nA3,Hygiene,Hygiene\n")
    assert _uses(plan) == {"code": "id", "title_de": "title", "title_en": "alternative_titles"}
    assert {asset.alternative_titles for asset in _assets(plan) if asset.notation == "A1"} == {("First aid",)}


def test_descriptions_that_look_like_titles_are_titles_where_nothing_else_is() -> None:
    text = "Type,description,years\nSAFETY,fire safety level one,5\nSAFETY,first aid at work,3\nSAFETY,safe lifting,5\n"
    plan = _plan(text)
    assert _uses(plan)["description"] == "title"
    assert len(plan.added) == 3
    both = _plan("Title,description\nA b,fire safety level one\nC d,first aid at work\nE f,safe lifting\n")
    assert _uses(both) == {"Title": "title", "description": "description"}


def test_days_are_no_titles_and_pictures_no_pages() -> None:
    text = "day,words,image\n{},One thing only,https://p.example/1\n{},Another thing,https://p.example/2\n{},A third,https://p.example/3\n"
    plan = _plan(text.format('"Jan 12, 2026"', '"Feb 13, 2026"', '"Mar 14, 2026"'))
    assert _uses(plan) == {"day": "kept", "words": "title", "image": "kept"}


def test_of_numbered_columns_the_fullest_is_read() -> None:
    plan = _plan("Title,Description_1,Description_2\nA b,,About it at length\nC d,SHORT,About that at length\n")
    assert _uses(plan) == {"Title": "title", "Description_1": "kept", "Description_2": "description"}


def test_of_a_short_and_a_long_name_the_long_one_is_the_title() -> None:
    plan = _plan("course_id,short_name,long_name\nC1,ENG1,English one\nC2,BIO3,Biology three\nC3,ART1,Art one\n")
    assert _uses(plan) == {"course_id": "id", "short_name": "kept", "long_name": "title"}
    plan = _plan("Nr;Kurzer Titel;Titel lang;UE\nC1;ENG1;English one;30\nC2;BIO3;Biology three;16\n")
    assert {asset.duration for asset in _assets(plan)} == {1350, 720}


def test_kinds_are_known_without_their_accents() -> None:
    plan = _plan("Titre,Format\nUn titre,presentiel\nDeux titres,a distance\n")
    assert {asset.kind for asset in _assets(plan)} == {"workshop", "course"}
