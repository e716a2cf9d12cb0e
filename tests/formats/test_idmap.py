"""The idmap: ids that survive the rename of what a source names only by labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import capgraph as cg
from capgraph.errors import FormatError, ParseError
from capgraph.formats import format_named
from capgraph.formats.idmap import IdMap, Minter

if TYPE_CHECKING:
    from pathlib import Path

DDAT = """Role Family,Role,Role Level,Skill Name,Skill Level,Skill Level Description
Data,Analyst,Senior analyst,SQL,Working,"You can:
- write a query"
Data,Analyst,Head of analysis,SQL,Expert,"You can:
- tune a database"
"""


def ids(framework: cg.Framework) -> dict[str, set[str]]:
    return {table: {item.id for item in getattr(framework, table)} for table in ("capabilities", "behaviors", "roles")}


def test_a_rename_keeps_its_id_and_those_below_it(tmp_path: Path) -> None:
    source, idmap = tmp_path / "roles.csv", tmp_path / "ids.csv"
    source.write_text(DDAT, encoding="utf-8")
    before = cg.read_framework(source, idmap=idmap)
    assert ids(before) == ids(cg.read_framework(source))
    source.write_text(DDAT.replace("SQL", "Querying").replace("Analyst,", "Data analyst,"), encoding="utf-8")
    table = idmap.read_text(encoding="utf-8")
    assert "skill,sql,urn:uuid:" in table
    idmap.write_text(table.replace("skill,sql,", "skill,Querying,").replace("role,analyst,", "role,Data Analyst,"))
    after = cg.read_framework(source, idmap=idmap)
    assert ids(after) == ids(before) != ids(cg.read_framework(source))
    assert {item.label for item in after.capabilities} == {"Querying"}
    assert len(cg.diff(before, after)) == 2


def test_the_old_id_may_be_given_to_the_new_key_afterwards(tmp_path: Path) -> None:
    source, idmap = tmp_path / "roles.csv", tmp_path / "ids.csv"
    source.write_text(DDAT, encoding="utf-8")
    (old,) = cg.read_framework(source, idmap=idmap).capabilities
    source.write_text(DDAT.replace("SQL", "Querying"), encoding="utf-8")
    (new,) = cg.read_framework(source, idmap=idmap).capabilities
    assert new.id != old.id
    idmap.write_text(idmap.read_text(encoding="utf-8").replace(new.id, old.id), encoding="utf-8")
    assert cg.read_framework(source, idmap=idmap).capabilities[0].id == old.id


def test_the_report_tells_new_and_missing_keys(tmp_path: Path) -> None:
    source, idmap = tmp_path / "roles.csv", tmp_path / "ids.csv"
    source.write_text(DDAT, encoding="utf-8")
    cg.read(source, idmap=idmap)
    source.write_text(DDAT.replace("SQL", "Querying"), encoding="utf-8")
    rows = {
        row.reason.split(" ")[0]: row for row in cg.reading(source, idmap=str(idmap)).conversion if row.part == "id"
    }
    assert "skill/querying" in rows["new"].places
    assert "skill/sql" in rows["in"].places
    assert rows["as"].count == 4
    assert (rows["new"].action, rows["in"].action) == ("defaulted", "normalized")


def test_the_file_is_rewritten_only_when_something_is_new(tmp_path: Path) -> None:
    source, idmap = tmp_path / "roles.csv", tmp_path / "ids.csv"
    source.write_text(DDAT, encoding="utf-8")
    cg.read(source, idmap=idmap)
    before = idmap.stat().st_mtime_ns, idmap.read_bytes()
    cg.read(source, idmap=idmap)
    assert (idmap.stat().st_mtime_ns, idmap.read_bytes()) == before
    source.write_text("Role Family,Role,Role Level,Skill Name,Skill Level,Skill Level Description\n", encoding="utf-8")
    cg.read(source, idmap=tmp_path / "none.csv")
    assert not (tmp_path / "none.csv").exists()


def test_keys_are_safe_in_spreadsheets_and_come_back() -> None:
    known = IdMap()
    minter = Minter("fw:a", known)
    minted = minter("skill", "=1+1"), minter("skill", 'a "quoted", key')
    data = known.render()
    assert b"skill,'=1+1,urn:uuid:" in data
    again = IdMap.parse(b"\xef\xbb\xbf" + data, "ids.csv")
    assert dict(again) == dict(known)
    assert again.render() == data
    assert (Minter("fw:a", again)("skill", "=1+1"), again['skill/A "quoted", KEY']) == minted


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"table,key,id\nskill,sql,no id\nskill,r,\n", r"(?s)'no id' is no id.*'' is no id"),
        (b"a,b\n1,2\n", "the idmap has not the columns table, key, id"),
        (b"\xff\xfe\x00", "the idmap cannot be read"),
        (b'table,key,id\n"skill', "the idmap cannot be read"),
    ],
)
def test_a_bad_file_is_refused_with_its_rows(data: bytes, told: str, tmp_path: Path) -> None:
    (tmp_path / "ids.csv").write_bytes(data)
    (tmp_path / "roles.csv").write_text(DDAT, encoding="utf-8")
    with pytest.raises(ParseError, match=told):
        cg.read(tmp_path / "roles.csv", idmap=tmp_path / "ids.csv")
    assert (tmp_path / "ids.csv").read_bytes() == data


def test_a_mapping_does_as_well_and_bad_ones_are_refused(tmp_path: Path) -> None:
    (tmp_path / "roles.csv").write_text(DDAT, encoding="utf-8")
    found = cg.read_framework(tmp_path / "roles.csv", idmap={"skill/ SQL": "cap:sql"})
    assert found.capabilities[0].id == "cap:sql"
    with pytest.raises(ParseError, match="'sql' is no id"):
        cg.read(tmp_path / "roles.csv", idmap={"skill/SQL": "sql"})
    with pytest.raises(FormatError, match=r"'idmap' is 3, and UK Government .* takes a mapping or None"):
        cg.read(tmp_path / "roles.csv", idmap=3)


def test_people_are_not_told() -> None:
    data = b"name,role\nAmina Example,Analyst\n"
    _, conversion = format_named("people-table").parse({"people.csv": data}, idmap=IdMap({"person/gone": "p:1"}))
    places = [place for row in conversion if row.part == "id" for place in row.places]
    assert places == ["role/analyst"]


@pytest.mark.parametrize(
    ("name", "data", "key"),
    [
        (
            "osmt",
            b"Skill Name,Contextualized Skill Statement,Skill Categories\nSQL,Query data.,Data\n",
            "skill/sql query data.",
        ),
        ("framework-table", b"Level 0,Level 1\nData,SQL\n", "capability/data"),
        ("course-table", b"Course,Hours\nSQL,2\n", "asset/sql"),
    ],
)
def test_readers_of_labels_take_an_idmap(name: str, data: bytes, key: str) -> None:
    known = IdMap({key: "own:id"})
    document, _ = format_named(name).parse({"a.csv": data}, idmap=known)
    assert "own:id" in str(document.to_dict())
