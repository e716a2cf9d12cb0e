"""Exports of skills and job profiles are read by presets; each column that is not read stays in the extensions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from capgraph import errors
from capgraph.files import read_framework, reading
from capgraph.formats.framework_columns import ALIASES
from capgraph.formats.framework_preset import preset_for, presets
from capgraph.formats.framework_rows import LAYOUTS
from capgraph.formats.jsontext import starts_json

if TYPE_CHECKING:
    from pathlib import Path

    from capgraph.model import Framework

_TABLES = {
    "eurecia": ("Skill code,Skill name,Key skill,Domain,Type\nS1,SQL,TRUE,Data,Skill\n", {"SQL": ["Data"], "Data": []}),
    "servicenow": ("Name,Level type,Description,Source\nSQL,Proficiency,Asks data,HR\n", {"SQL": []}),
    "culture-amp": (
        "job_type,category_display_name,competency_display_name\nCore,Leading,Coaching\n",
        {"Coaching": ["Leading"], "Leading": []},
    ),
    "netdimensions": (
        "Action,ReferenceCode,Title,Model,Active\nA,K1,SQL,Data/Query,Y\nD,K2,Old,Data,Y\n",
        {"SQL": ["Query"], "Query": ["Data"], "Data": []},
    ),
    "oracle-content-items": (
        "METADATA|ContentItem|ContentTypeName|Name|ContentItemCode\nMERGE|Item|SKILL|SQL|C1\nDELETE|Item|SKILL|Old|C2\n",
        {"SQL": []},
    ),
    "360learning-skills": ("Skill,Library\nSQL,Data\n", {"SQL": ["Data"], "Data": []}),
}


def _tree(framework: Framework) -> dict[str, list[str]]:
    """Return the labels above each label."""
    labels = {item.id: item.label for item in framework.capabilities}
    return {item.label: [labels[id_] for id_ in item.broader] for item in framework.capabilities}


@pytest.mark.parametrize("name", _TABLES)
def test_a_preset_reads_the_table_of_its_system(name: str, tmp_path: Path) -> None:
    text, tree = _TABLES[name]
    path = tmp_path / "export.csv"
    path.write_text(text)
    header = text.partition("\n")[0].replace("|", ",").lower().split(",")
    found = preset_for(header)
    assert found is not None
    assert found.name == name
    assert _tree(reading(path, kind="framework").document) == tree  # type: ignore[arg-type]


def test_presets_name_fields_and_layouts_that_there_are() -> None:
    for preset in presets():
        assert preset.layout in LAYOUTS
        assert set(preset.columns) <= set(ALIASES)
        assert preset.match


def test_competencies_in_another_language_are_translations(tmp_path: Path) -> None:
    path = tmp_path / "general.csv"
    path.write_text(
        "System ID,Culture ID,Name,Description\nC1,en_US,Data,Works\nC1,de_DE,Daten,Arbeitet\nC2,en_US,People,\n"
        "C1,de_DE,Noch einmal,\n"
    )
    read = reading(path, kind="framework")
    found = {item.notation: item for item in read.document.capabilities}  # type: ignore[attr-defined]
    assert {key: item.label for key, item in found.items()} == {"C1": "Data", "C2": "People"}
    assert [(text.language, text.label) for text in found["C1"].translations] == [("de-DE", "Daten")]
    assert [issue.where for issue in read.conversion.problems] == ["row:5"]


def test_job_profiles_leave_out_what_is_ended(tmp_path: Path) -> None:
    names = "[OPERATOR],externalCode,{0}competency.externalCode,{0}weight.defaultValue,{0}rating.defaultValue,{0}status"
    path = tmp_path / "jobs.csv"
    path.write_text(
        names.format("roleCompetencyMappings.") + "\n,R1,C1,20,3,A\nDelimit,R1,C2,10,1,A\n,R1,C3,10,1,I\n,R2,C1,,4,A\n"
    )
    read = reading(path, kind="framework")
    roles = {role.label: role.requirements for role in read.document.roles}  # type: ignore[attr-defined]
    assert {label: [(item.level, item.importance) for item in items] for label, items in roles.items()} == {
        "R1": [(3, 20.0)],
        "R2": [(4, None)],
    }
    assert {row.reason for row in read.conversion.dropped} == {
        "it is an instruction to delete",
        "the source says that it is not active",
    }


def test_a_category_by_name_is_a_domain_where_skills_have_ids(tmp_path: Path) -> None:
    path = tmp_path / "skills.csv"
    path.write_text("Skill ID,Skill name,Category\nS1,SQL,Data\nS2,Git,Data\n")
    assert _tree(read_framework(path)) == {"SQL": ["Data"], "Git": ["Data"], "Data": []}


def test_a_profile_says_what_columns_mean(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Posten,Kann,Wie gut\nAnalyst,SQL,2\n")
    profile = tmp_path / "mine.toml"
    profile.write_text(
        'layout = "requirements"\nlevels = ["Low", "High"]\n'
        '[columns]\nrole = "Posten"\nlabel = "Kann"\nlevel = "Wie gut"\n'
    )
    framework = read_framework(tmp_path / "a.csv", format="framework-table", profile=str(profile))
    assert [(role.label, role.requirements[0].level) for role in framework.roles] == [("Analyst", 2)]
    assert [level.label for level in framework.scales[0].levels] == ["Low", "High"]
    profile.write_text('layuot = "requirements"\n')
    with pytest.raises(errors.ParseError, match="'layuot' is no key of a profile"):
        read_framework(tmp_path / "a.csv", format="framework-table", profile=str(profile))


@pytest.mark.parametrize(
    ("head", "answer"),
    [
        (b"{", True),
        (b'\xef\xbb\xbf [ {"a": 1}]', True),
        (b"[1, 2]", True),
        (b"[]", True),
        (b"[Code],Name", False),
        (b"Name", False),
    ],
)
def test_a_column_in_brackets_is_no_json(head: bytes, answer: bool) -> None:
    assert starts_json(head) is answer


def test_two_names_under_one_id_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Role,Skill ID,Skill,Level\nAnalyst,S1,SQL,2\nLead,S1,Python,3\n")
    rows = [(row.action, row.part, row.reason) for row in reading(path, format="framework-table").conversion]
    assert ("dropped", "label", "differs from an earlier row") in rows


def test_a_cell_of_a_matrix_that_says_nothing_requires_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Role,SQL,Python\nAnalyst,2,-\nLead,n/a,x\n")
    framework = read_framework(path, format="framework-table")
    labels = {item.id: item.label for item in framework.capabilities}
    found = {
        (role.label, labels[item.capability], item.level) for role in framework.roles for item in role.requirements
    }
    assert found == {("Analyst", "SQL", 2), ("Lead", "Python", None)}


def test_a_line_below_a_blank_row_is_a_row_where_others_have_one_cell_too(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Skill,Description\nSQL,\nWriting,Texts\n\nPython,\n")
    labels = {item.label for item in read_framework(path, format="framework-table").capabilities}
    assert labels == {"SQL", "Writing", "Python"}
