"""The NICE framework: the workbook edition gives the same answer as the CPRT export."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest

import capgraph as cg
from capgraph.errors import ParseError
from capgraph.formats.nice import FORMAT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from capgraph.formats.conversion import Conversion

xlsxwriter = pytest.importorskip("xlsxwriter")

CATEGORIES = {
    "OG": ("OVERSIGHT and GOVERNANCE", "Leads and directs."),
    "PD": ("PROTECTION and DEFENSE", "Protects what there is."),
}
ROLES = {
    "OG-WRL-014": ("Security Management", "Responsible for the security of a program."),
    "PD-WRL-001": ("Defensive Security", "Responsible for finding intrusions."),
}
AREAS = {"NF-COM-007": ("Cyber Resiliency", "What it takes to withstand and recover.")}
STATEMENTS = {
    "T0084": "Employ secure configuration management processes",
    "T1019A": "Determine requirements",
    "K0018": "Knowledge of encryption algorithms",
    "K1133": "Knowledge of engineering",
    "S0564": "Skill in creating policies",
}
REQUIRED = {"OG-WRL-014": ("T0084", "K0018", "S0564"), "PD-WRL-001": ("T1019A", "K0018", "K1133")}
KINDS = {"T": "task", "K": "knowledge", "S": "skill"}

Sheets = dict[str, list[list[str]]]


def _workbook(sheets: Mapping[str, Sequence[Sequence[str]]]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return buffer.getvalue()


def _sheets(*, bracketed: bool = False) -> Sheets:
    """Return lists of everything, and a sheet a work role; categories by their letters, alone or in brackets."""
    named = [
        [f"{title} ({key})", text] if bracketed else [key, title, text] for key, (title, text) in CATEGORIES.items()
    ]
    sheets: Sheets = {
        "About": [["NICE Framework Components"], ["Issued in", "2025"], ["See the FAQ (PD) of the publisher"]],
        "Categories": [["Category", "Description"], *named],
        "Work Roles": [["Work Role ID", "Work Role", "Description"], *([key, *ROLES[key]] for key in ROLES)],
        "Competency Areas": [["ID", "Area", "Description"], *([key, *AREAS[key]] for key in AREAS)],
        "Statements": [["ID", "Statement"], *([key, text] for key, text in STATEMENTS.items())],
    }
    for key, (title, text) in ROLES.items():
        listed = [["", statement, STATEMENTS[statement]] for statement in REQUIRED[key]]
        sheets[key] = [["Work Role"], [key, title, text], [], ["", "ID", "Statement"], *listed]
    return sheets


def _export() -> bytes:
    titled = {**dict.fromkeys(CATEGORIES, "category"), **dict.fromkeys(ROLES, "work_role")}
    titled |= dict.fromkeys(AREAS, "competency_area")
    texts = {**CATEGORIES, **ROLES, **AREAS}
    elements = [
        {"element_type": kind, "element_identifier": key, "title": texts[key][0], "text": texts[key][1]}
        for key, kind in titled.items()
    ]
    elements += [
        {"element_type": KINDS[key[0]], "element_identifier": key, "title": "", "text": text}
        for key, text in STATEMENTS.items()
    ]
    ends = [(role[:2], role) for role in ROLES] + [(role, key) for role, keys in REQUIRED.items() for key in keys]
    links = [{"source_element_identifier": source, "dest_element_identifier": target} for source, target in ends]
    inner = {"documents": [{"name": "NICE", "version": "2.1.0"}], "elements": elements, "relationships": links}
    return json.dumps({"response": {"elements": inner}}).encode()


def _read(data: bytes, name: str) -> tuple[cg.Framework, Conversion]:
    document, conversion = FORMAT.parse({name: data})
    assert isinstance(document, cg.Framework)
    return document, conversion


def _answer(framework: cg.Framework) -> dict[str, Any]:
    """Return what the framework says, whatever the order in which it was read."""
    requirements = {role.id: sorted(item.capability for item in role.requirements) for role in framework.roles}
    entries: tuple[cg.Capability | cg.RoleProfile, ...] = (*framework.capabilities, *framework.roles)
    told = {item.id: (item.label, item.kind, item.description, item.notation, item.broader) for item in entries}
    return {"requirements": requirements, "told": told}


@pytest.mark.parametrize("bracketed", [False, True])
def test_workbook_gives_the_answer_of_the_export(bracketed: bool) -> None:
    from_book, of_book = _read(_workbook(_sheets(bracketed=bracketed)), "nice.xlsx")
    from_json, _ = _read(_export(), "nice.json")
    assert _answer(from_book) == _answer(from_json)
    assert of_book.problems == ()
    assert {role.id: role.broader for role in from_book.roles}["nice:PD-WRL-001"] == ("nice:PD",)


def test_sheets_of_roles_alone_are_enough() -> None:
    sheets = {name: rows for name, rows in _sheets().items() if name in ROLES}
    alone, _ = _read(_workbook(sheets), "nice.xlsx")
    whole, _ = _read(_workbook(_sheets()), "nice.xlsx")
    assert _answer(alone)["requirements"] == {
        key: value for key, value in _answer(whole)["requirements"].items() if key.removeprefix("nice:") in ROLES
    }


def test_texts_of_a_later_row_complete_a_bare_one() -> None:
    sheets: Sheets = {"List": [["OG-WRL-014"], ["T0084"]], "Role": [["OG-WRL-014", "Manager", "Manages."]]}
    sheets["Role"] += [["T0084", "Employ processes"], ["K0018", "Knowledge of ciphers"], ["S0001", "Skill in both"]]
    framework, conversion = _read(_workbook(sheets), "nice.xlsx")
    assert [(role.label, role.description) for role in framework.roles] == [("Manager", "Manages.")]
    assert {item.label for item in framework.capabilities} == {
        "Employ processes",
        "Knowledge of ciphers",
        "Skill in both",
    }
    assert conversion.problems == ()


def test_a_code_without_text_is_listed() -> None:
    sheets = {"Role": [["OG-WRL-014", "Manager"], ["T0084"], ["K0018", "Knowledge of ciphers"]]}
    framework, conversion = _read(_workbook(sheets), "nice.xlsx")
    assert [issue.code for issue in conversion.problems] == ["unknown-element"]
    assert conversion.problems[0].ids == ("T0084",)
    assert [item.capability for item in framework.roles[0].requirements] == ["nice:K0018"]


def test_workbook_is_recognized_by_its_codes(tmp_path: Path) -> None:
    (tmp_path / "any.xlsx").write_bytes(_workbook(_sheets()))
    assert cg.reading(tmp_path / "any.xlsx").conversion.format == "nice"


def test_export_without_elements_is_refused() -> None:
    with pytest.raises(ParseError, match="holds no elements"):
        FORMAT.parse({"nice.json": b'{"response": {"elements": {"elements": []}}}'})


@pytest.mark.real_data
@pytest.mark.filterwarnings("ignore::capgraph.errors.CapgraphWarning")
def test_workbook_of_the_published_elements(shared_data: Path) -> None:
    data = (shared_data / "nice" / "cprt_SP_800_181_2_1_0_subset.json").read_bytes()
    from_json, _ = _read(data, "nice.json")
    codes = {item.id: item.notation for item in (*from_json.capabilities, *from_json.roles)}
    stated = [item for item in from_json.capabilities if item.kind != "domain"]
    areas = [item for item in from_json.capabilities if item.kind == "domain"]
    titled: list[cg.Capability | cg.RoleProfile] = [*from_json.roles, *areas]
    sheets: Sheets = {
        "Titles": [[item.notation, item.label, item.description] for item in titled],
        "Statements": [[item.notation, item.label] for item in stated],
    }
    for role in from_json.roles:
        if role.kind == "role":
            listed = [[codes[item.capability]] for item in role.requirements]
            sheets[role.notation] = [[role.notation], *listed]
    from_book, conversion = _read(_workbook(sheets), "nice.xlsx")
    assert _answer(from_book) == _answer(from_json)
    assert conversion.problems == ()
