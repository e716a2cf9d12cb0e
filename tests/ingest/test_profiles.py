"""Profiles that people write: every mistake in them is told by name, with what is allowed."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from capgraph import ingest
from capgraph.errors import ParseError
from capgraph.ingest.profile import ASSET_FIELDS, PEOPLE_FIELDS, FieldRule, Profile, parse_profile, presets
from capgraph.ingest.profile_check import KEYS, RULE_KEYS

_COURSES = "Kurs;Dauer;Nr\nSQL;2;1\nPython;3;2\n"
_DOCS = Path(__file__).parents[2] / "docs" / "reference" / "profiles.md"


def _refusal(text: str, courses: str = _COURSES) -> str:
    """Return what is told about a profile."""
    with pytest.raises(ParseError) as caught:
        ingest.import_catalog({"a.csv": courses.encode()}, profile=parse_profile(text))
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name = 3", "'name' is 3, not a text"),
        ('header_row = "2"', "'header_row' is '2', not a whole number from 1 on"),
        ("header_row = true", "'header_row' is True, not a whole number from 1 on"),
        ("header_row = 0", "write header_row = 2"),
        ("header_row = 9", "'header_row' is 9, and there are 3 rows at most"),
        ("[columns]\ntitle = 3", "'title' in [columns] is 3, not a text or a list of texts"),
        ('[columns]\ntitle = ["Kurs", 3]', "not a text or a list of texts"),
        ("columns = 3", "3 stands where a table does, a line for each field in [columns]"),
        ('about = "peopel"', "'about' is 'peopel', not one of courses, people"),
        ('about = ["people"]', "not one of courses, people"),
        ('zero_means = "nothing"', "not one of not_needed, no_knowledge, not_assessed"),
        ('exclusive = "no"', "'exclusive' is 'no', not true or false"),
        ('encoding = "utf-99"', "'encoding' is 'utf-99', not an encoding"),
        ('delimiter = ";;"', "not one character"),
        ('required = ["ulr"]', "did you mean 'url'?"),
        ('key = ["Nrr"]', "'key' is made of 'Nrr', which is no column here; did you mean 'Nr'?"),
        ('[fields.duration]\nunit = "fortnight"', "not one of second, minute, hour, day"),
        ("[fields.duration.values]\nx = 3", "'x' in [fields.duration.values] is 3"),
        ("[fields.duration]\nvalues = 3", "a line for each value in [fields.duration.values]"),
        ('[fields.kind.values]\ncorse = "x"', "did you mean 'course'?"),
        ('[fields.cost]\ncurrency = "euro"', "not a currency of three capital letters"),
        ('[fields.modified]\nfirst = "year"', "not one of day, month"),
        ('[constants]\nprovider = ["a"]', "'provider' in [constants] is ['a'], not a text or a number"),
        ('[columns]\nperson = "Kurs"', "'person' is no field of courses"),
    ],
)
def test_a_mistake_in_a_profile_is_told_with_what_is_allowed(text: str, told: str) -> None:
    assert told in _refusal(text)


def test_all_mistakes_are_told_at_once() -> None:
    told = _refusal(
        'nmae = "x"\nheader_row = "2"\nabout = "x"\n[columns]\ntitel = "Kurs"\n[fields.cost]\ndecimal = ";"'
    )
    assert [word in told for word in ("'nmae'", "'header_row'", "'about'", "'titel'", "'decimal'")] == [True] * 5


def test_a_column_that_is_not_there_is_told() -> None:
    profile = parse_profile('[columns]\ntitle = "Kurs"\nduration = ["Dauerr", "Zeit"]\n')
    plan = ingest.import_catalog({"a.csv": _COURSES.encode()}, profile=profile)
    assert [note for note in plan.notes if "no column here" in note] == [
        "a.csv: 'duration' is to be read from 'Dauerr' or 'Zeit', which is no column here; did you mean 'Dauer'?"
    ]
    told = _refusal('exclusive = true\n[columns]\ntitle = "Kuurs"')
    assert "did you mean 'Kurs'?" in told
    assert "no table of courses" in told
    plan = ingest.import_catalog({"a.csv": _COURSES.encode()}, columns={"provider": "Anbieter"})
    assert any("'provider' is to be read from 'Anbieter'" in note for note in plan.notes)


def test_what_a_profile_leaves_out_fills_no_field() -> None:
    plan = ingest.import_catalog({"a.csv": _COURSES.encode()}, profile=parse_profile('ignore = "Dauer"'))
    uses = {row.column: (row.use, row.field) for row in plan.explanation()}
    assert uses == {"Kurs": ("used", "title"), "Dauer": ("ignored", ""), "Nr": ("used", "id")}
    assert {asset.duration for asset in plan.document.assets} == {None}  # type: ignore[attr-defined]


def test_sheets_that_a_profile_names_are_looked_for(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for name in ("Catalog", "Old"):
        sheet = book.create_sheet(name)
        for row in (["Title", "Hours"], [f"SQL {name}", 2], [f"Git {name}", 3]):
            sheet.append(row)
    book.save(path := tmp_path / "a.xlsx")
    with pytest.raises(ParseError, match="'Catalogue' is no sheet of the workbook; did you mean 'Catalog'"):
        ingest.import_catalog(path, profile=parse_profile('sheets = "Catalogue"'))
    with pytest.raises(ParseError, match="there are 3 rows at most"):
        ingest.import_catalog(path, profile=parse_profile("header_row = 30"))
    plan = ingest.import_catalog(path, profile=parse_profile('sheets = ["Catalog", "New"]'))
    assert len(plan.added) == 2
    assert any("names the sheet 'New', which is not in the workbook" in note for note in plan.notes)


@pytest.mark.parametrize(
    ("name", "into", "told"),
    [
        ("degreed-completions", ingest.import_catalog, "import people, evidence or completions with it"),
        ("degreed", ingest.import_people, "import catalog with it"),
    ],
)
def test_a_profile_of_something_else_is_refused(name: str, into: object, told: str) -> None:
    with pytest.raises(ParseError, match=told):
        into({"a.csv": b"Title\nSQL\nGit\n"}, profile=name)  # type: ignore[operator]


def test_a_file_of_a_profile_is_read_in_the_encodings_of_editors(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    for codec in ("utf-8", "utf-8-sig", "utf-16"):
        path.write_bytes(
            '[columns]\ntitle = "Kurs"\nduration = "Dauer"\n[fields.duration]\nunit = "hour"'.encode(codec)
        )
        plan = ingest.import_catalog({"a.csv": _COURSES.encode()}, profile=path)
        assert [asset.duration for asset in plan.document.assets] != []  # type: ignore[attr-defined]
    path.write_bytes("name = 'ä'".encode("cp1252"))
    with pytest.raises(ParseError, match="save it as UTF-8"):
        ingest.import_catalog({"a.csv": _COURSES.encode()}, profile=path)
    with pytest.raises(ParseError, match="is a folder, and no profile"):
        ingest.import_catalog({"a.csv": _COURSES.encode()}, profile=tmp_path)


def test_every_key_has_a_shape_and_a_line_in_the_reference() -> None:
    text = _DOCS.read_text("utf-8")
    for owner, shapes in ((Profile, KEYS), (FieldRule, RULE_KEYS)):
        names = [item.name for item in dataclasses.fields(owner)]
        assert sorted(names) == sorted(shapes)
        assert [name for name in names if f"| `{name}` |" not in text] == []
    assert [name for name in (*ASSET_FIELDS, *PEOPLE_FIELDS) if not re.search(rf"`{name}`", text)] == []
    assert [profile.name for profile in presets() if f"`{profile.name}`" not in text] == []


def test_a_written_profile_keeps_the_order_of_columns_and_the_numbering_out() -> None:
    """What sniffing writes down gives what was shown: which of two descriptions counts, and no column of numbers."""
    text = ",title,headline,description,url,what you will learn,locale,id\n" + "".join(
        f"{number},Title {number},short,long,https://x.example/{number},joins,en,{number + 100}\n"
        for number in range(4)
    )
    plan = ingest.import_catalog({"a.csv": text.encode()})
    again = ingest.import_catalog({"a.csv": text.encode()}, profile=plan.profile())
    assert [asset.to_dict() | {"provenance": ()} for asset in plan.document.assets] == [  # type: ignore[attr-defined]
        asset.to_dict() | {"provenance": ()}
        for asset in again.document.assets  # type: ignore[attr-defined]
    ]
    assert again.document.assets[0].description == "long"  # type: ignore[attr-defined]
    assert "column 1" not in str(again.document.to_dict())
