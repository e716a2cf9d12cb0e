"""Exports that nobody planned for: lists without header, joined exports, hidden sheets, nested texts, odd numbers."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from capgraph.errors import ParseError
from capgraph.ingest import import_catalog
from capgraph.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from capgraph.ingest.plan import ImportPlan


def _titles(plan: ImportPlan) -> list[str]:
    """Return the titles in the order of the source."""
    return [row.after for row in plan.records if row.action == "added"]


def _only(plan: ImportPlan) -> dict[str, Any]:
    """Return the one asset."""
    (asset,) = plan.document.assets  # type: ignore[attr-defined]
    return dict(asset.to_dict())


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("Excel basics\nGDPR awareness\nFire safety\n", ["Excel basics", "GDPR awareness", "Fire safety"]),
        ("Course\nExcel basics\nGDPR awareness\n", ["Excel basics", "GDPR awareness"]),
        ("Our courses:\nExcel basics\nGDPR awareness\n", ["Excel basics", "GDPR awareness"]),
        (
            "Excel\nPlanning, budgets\nGDPR\nFirst aid\nTime\n",
            ["Excel", "Planning, budgets", "GDPR", "First aid", "Time"],
        ),
        ("Title\nPlanning, budgets\nGDPR\nFire\n", ["Planning, budgets", "GDPR", "Fire"]),
    ],
)
def test_a_list_of_titles_loses_no_line(text: str, titles: list[str]) -> None:
    plan = import_catalog({"titles.txt": text.encode()})
    assert _titles(plan) == titles
    assert import_catalog({"titles.txt": text.encode()}, profile=plan.profile()).document.assets == (  # type: ignore[attr-defined]
        plan.document.assets  # type: ignore[attr-defined]
    )


def test_a_text_of_sentences_is_no_list_of_titles() -> None:
    given = {"readme.txt": b"Please import these.\nThanks.\n", "a.csv": b"Course ID,Title\nA-1,Excel\n"}
    assert _titles(import_catalog(given)) == ["Excel"]


def test_a_table_without_header_loses_no_row() -> None:
    rows = "C-100,Excel for beginners,90\nC-101,Public speaking,60\nC-102,Fire safety at work,30\n"
    plan = import_catalog({"a.csv": rows.encode()})
    assert _titles(plan) == ["Excel for beginners", "Public speaking", "Fire safety at work"]
    assert [column.column for column in plan.explanation()] == ["Column 1", "Column 2", "Column 3"]
    assert any("no row names the columns" in note for note in plan.notes)


def test_a_header_of_unknown_words_is_still_a_header() -> None:
    rows = "Xkod,Xnamn,Xtid\nC-100,Excel for beginners,90\nC-101,Public speaking,60\n"
    assert _titles(import_catalog({"a.csv": rows.encode()})) == ["Excel for beginners", "Public speaking"]


def test_below_a_header_in_another_order_cells_are_read_in_that_order() -> None:
    text = (
        "Course ID,Title,Language,Duration (h)\nA-1,First,en,1\n"
        "Course ID,Duration (h),Title,Language\nA-2,2,Second,de\n"
        "Course ID,Title,Language,Duration (h)\nA-3,Third,fr,3\n"
    )
    plan = import_catalog({"a.csv": text.encode()})
    found = {asset.notation: (asset.title, asset.language, asset.duration) for asset in plan.document.assets}  # type: ignore[attr-defined]
    assert found == {"A-1": ("First", "en", 60), "A-2": ("Second", "de", 120), "A-3": ("Third", "fr", 180)}
    (hint, _) = [row.hint for row in plan.records if row.reason == "repeated-header"]
    assert "another order" in hint


def test_columns_that_only_a_later_header_has_are_told() -> None:
    text = "Course ID,Title,Hours\nA-1,First,1\nCourse ID,Owner,Title,Hours\nA-2,Amina,Second,2\nA-3,,Third,3\n"
    plan = import_catalog({"a.csv": text.encode()})
    assert [(row.locator, row.reason) for row in plan.rejected] == [("row:4", "wrong-field-count")]
    assert _titles(plan) == ["First", "Third"]


def test_unnamed_columns_at_the_end_may_be_missing() -> None:
    text = "ID,Title,Duration,,\n1,First,60,,\n00567,Second,30\n2,Third,10,,\n"
    plan = import_catalog({"a.csv": text.encode()})
    assert plan.counts() == {"added": 3}


def test_a_bare_number_among_units_is_told() -> None:
    text = "ID,Title,Duration\n1,First,2 h\n2,Second,1 day\n3,Third,3\n"
    plan = import_catalog({"a.csv": text.encode()})
    assert [(row.locator, row.reason) for row in plan.records if row.action == "remark"] == [
        ("row:4", "duration-unit-assumed")
    ]
    bare = import_catalog({"a.csv": b"ID,Title,Duration\n1,First,60\n2,Second,90\n3,Third,1h\n"})
    assert "remark" not in bare.counts()
    assert any("are read as minutes" in note for note in bare.notes)


def test_counts_have_no_decimals() -> None:
    text = "ID;Title;Enrolled;Preis\n1;First;2.345;1.290,– €\n2;Second;1,234;€ 95,-\n3;Third;12;10\n"
    assets = import_catalog({"a.csv": text.encode()}).document.assets  # type: ignore[attr-defined]
    assert {asset.notation: asset.learners for asset in assets} == {"1": 2345, "2": 1234, "3": 12}
    assert {asset.notation: str(asset.cost.amount) for asset in assets} == {"1": "1290", "2": "95", "3": "10"}


def test_texts_in_several_languages_are_no_json_in_a_title() -> None:
    record = {
        "id": 1,
        "attributes": {"name": {"de": "Daten", "en": "Data"}, "duration": {"value": 2, "unit": "hours"}},
    }
    asset = _only(import_catalog({"a.json": json.dumps([record, {"id": 2, "attributes": {"name": None}}]).encode()}))
    assert (asset["title"], asset["duration"]) == ("Data", 120)
    assert asset["extensions"]["json"]["attributes.name.de"] == "Daten"
    plain = {"id": "x", "name": {"fr": "Données"}}
    assert (
        _only(import_catalog({"b.json": json.dumps([plain, {"id": "y", "name": None}]).encode()}))["title"] == "Données"
    )


def test_of_several_titles_the_first_counts_and_the_others_stay() -> None:
    xml = (
        '<c xmlns="urn:x"><i id="A1"><Title lang="en">One</Title><Title lang="de">Eins</Title></i>'
        '<i id="A2"><Title>Two</Title></i></c>'
    )
    plan = import_catalog({"a.xml": xml.encode()})
    first = next(asset for asset in plan.document.assets if asset.notation == "A1")  # type: ignore[attr-defined]
    assert (first.title, first.alternative_titles) == ("One", ("Eins",))
    assert [row.reason for row in plan.records if row.action == "remark"] == ["several-titles"]


def test_what_systems_leave_behind_is_passed_over(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in ("e/__MACOSX/._a.csv", "e/.DS_Store", "e/Thumbs.db", "e/desktop.ini", "e/~$a.xlsx", "e/a.csv"):
            archive.writestr(name, "[x]\n" if name.endswith("ini") else "Course ID,Title\nA-1,First\n")
    assert import_catalog({"e.zip": stream.getvalue()}).counts() == {"added": 1}
    (tmp_path / "__MACOSX").mkdir()
    (tmp_path / "__MACOSX" / "b.csv").write_text("Course ID,Title\nB-1,Second\n")
    (tmp_path / "a.csv").write_text("Course ID,Title\nA-1,First\n")
    assert import_catalog(tmp_path).counts() == {"added": 1}


def test_a_sheet_that_explains_the_words_of_others_holds_no_courses() -> None:
    book = openpyxl.Workbook()
    courses = book.active
    assert courses is not None
    for row in (("ID", "Title", "Type"), ("A-1", "First", "Webinar"), ("A-2", "Second", "Classroom")):
        courses.append(row)
    words = book.create_sheet("Words")
    for pair in (("Type", "Meaning"), ("Classroom", "in a room"), ("Webinar", "online and live")):
        words.append(pair)
    past = book.create_sheet("Past")
    past.append(("ID", "Title", "Type"))
    past.append(("A-3", "Third", "Webinar"))
    past.sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    plan = import_catalog({"a.xlsx": stream.getvalue()})
    assert sorted(_titles(plan)) == ["First", "Second", "Third"]
    assert any("Words" in note and "nothing was read" in note for note in plan.notes)
    assert any("hidden" in note for note in plan.notes)
    book.remove(courses)
    book.remove(past)
    stream = io.BytesIO()
    book.save(stream)
    assert _titles(import_catalog({"a.xlsx": stream.getvalue()})) == ["in a room", "online and live"]


@pytest.mark.parametrize(
    "text",
    [
        "Kod;Nazwa szkolenia;Czas trwania;Język;Cena\nP1;Komunikacja;2 godz.;polski;100 zł\n",
        "コースID,コース名,所要時間,言語,価格\nP1,情報セキュリティ,2時間,日本語,¥100\n",
        "Kurskod;Kursnamn;Längd;Språk;Pris\nP1;Säkerhet;2 timmar;svenska;100 SEK\n",
        "Code formation;Intitulé;Durée (h);Langue;Prix HT\nP1;Sécurité;2;Français;100 €\n",
    ],
)
def test_headers_in_other_languages_are_known(text: str) -> None:
    asset = _only(import_catalog({"a.csv": text.encode()}))
    assert (asset["duration"], asset["cost"]["amount"], len(asset["language"])) == (120, "100", 2)


def test_ids_that_differ_in_case_alone_are_one_course() -> None:
    text = "Course ID,Title,Skills\nA1,Data Basics,SQL\na1,Data Basics,SQL\n A1 ,Other,Git\nA2,More,\n"
    with Store("sqlite://") as store:
        plan = import_catalog({"a.csv": text.encode()}, into=store)
        assert plan.counts() == {"added": 2, "duplicate": 2, "remark": 1}
        assert import_catalog({"a.csv": text.encode()}, into=store).revision is None
    titles = import_catalog({"a.csv": b"Title,Hours\nData Basics,1\nDATA  basics,1\n"})
    assert titles.counts() == {"added": 1, "duplicate": 1}


def test_a_web_page_under_the_name_of_a_workbook_is_read() -> None:
    page = (
        "<html><body><table><tr><td colspan=3>Courses of the academy</td></tr>"
        "<tr><th>Course ID<th>Title<th>Duration</tr><tr><td>A-1</td><td>First &amp; last<br>of all</td>"
        "<td>30 min</td></tr>"
        "<tr><td>A-2<td>Second<td>1 h</table></body></html>"
    )
    plan = import_catalog({"export.xls": page.encode()})
    found = {asset.notation: (asset.title, asset.duration) for asset in plan.document.assets}  # type: ignore[attr-defined]
    assert found == {"A-1": ("First & last\nof all", 30), "A-2": ("Second", 60)}
    assert [row.locator for row in plan.added] == ["row:3", "row:4"]
    both = import_catalog({"a.html": (page + page.replace("A-", "B-")).encode()})
    assert {row.locator for row in both.added} == {"table 1!3", "table 1!4", "table 2!3", "table 2!4"}
    with pytest.raises(ParseError, match="no JSON-LD"):
        import_catalog({"a.html": b"<html><body>nothing</body></html>"})


def test_records_under_their_ids_and_beside_others_are_found() -> None:
    keyed = {"C1": {"title": "One", "hours": 2}, "C2": {"title": "Two", "hours": 3}}
    found = import_catalog({"a.json": json.dumps(keyed).encode()}).document.assets  # type: ignore[attr-defined]
    assert {asset.notation: asset.duration for asset in found} == {"C1": 120, "C2": 180}
    api = {"data": [{"id": "9", "attributes": {"title": "Nine"}}], "included": [{"id": "1"}, {"id": "2"}]}
    assert _titles(import_catalog({"a.json": json.dumps(api).encode()})) == ["Nine"]
    assert _titles(import_catalog({"a.json": json.dumps({"id": "7", "title": "Seven"}).encode()})) == ["Seven"]


def test_cells_of_a_page_that_reach_over_rows_hold_for_each_of_them() -> None:
    """Cells below one over several rows stay in their columns, and tables inside of cells are tables of their own."""
    page = (
        b"<html><script>x = 1</script><table><tr><td>Menu<table><tr><td>Home</td></tr><tr><td>Help</td></tr></table>"
        b"</td></tr><tr><td>foot</td></tr></table>"
        b"<table><tr><th>Provider</th><th>Course ID</th><th>Title</th></tr>"
        b"<tr><td rowspan=2>Acme</td><td>C1</td><td>SQL<style>b {}</style> basics</td></tr>"
        b"<tr><td>C2</td><td>Python</td></tr>"
        b"<tr><td>Bolt</td><td>C3</td><td rowspan=0 colspan=x>Fire safety</td></tr></table></html>"
    )
    assets = import_catalog({"a.html": page}).document.assets  # type: ignore[attr-defined]
    assert {(asset.notation, asset.title, asset.provider) for asset in assets} == {
        ("C1", "SQL basics", "Acme"),
        ("C2", "Python", "Acme"),
        ("C3", "Fire safety", "Bolt"),
    }


def test_objects_under_their_ids_are_records_with_the_keys_as_their_places() -> None:
    inner = {"name": "First course", "sections": [{"room": "a"}, {"room": "b"}, {"room": "c"}, {"room": "d"}]}
    found = {"A/1": inner, "B~2": {**inner, "name": "Second course"}, "C": {**inner, "name": ""}}
    for nested, lead in ((found, ""), ({"term": "2026", "courses": found}, "/courses")):
        plan = import_catalog({"list.json": json.dumps(nested).encode()})
        places = sorted(row.locator for row in plan.added)
        assert places == [f"{lead}/A~11", f"{lead}/B~02"]
        assert [row.locator for row in plan.rejected] == [f"{lead}/C"]
