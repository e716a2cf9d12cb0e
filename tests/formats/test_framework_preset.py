"""Exports of skills and job profiles are read by presets; each column that is not read stays in the extensions."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from capgraph import errors
from capgraph.files import read_framework, reading
from capgraph.formats.framework_columns import ALIASES
from capgraph.formats.framework_layouts import LAYOUTS
from capgraph.formats.framework_preset import preset_for, presets
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


def _packed(folder: Path, files: dict[str, str]) -> Path:
    """Return a zip of files."""
    path = folder / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def _required(framework: Framework) -> dict[str, set[tuple[str, int | None]]]:
    """Return what each role requires."""
    labels = {item.id: item.label for item in framework.capabilities}
    return {
        role.label: {(labels[item.capability], item.level) for item in role.requirements} for role in framework.roles
    }


def test_the_three_files_of_competencies_are_read_together(tmp_path: Path) -> None:
    path = _packed(
        tmp_path,
        {
            "actions.txt": "System ID\tCulture ID\tDevelopment Action\nC1\ten-US\tShadow\nC7\ten-US\tLost\n",
            "behaviors.txt": "System ID\tCulture ID\tBehavior/Item ID\tBehavior/Item\nC1\ten-US\tB1\tCleans tables\n"
            "C1\tde-DE\tB1\tReinigt Tabellen\nC2\ten-US\tB2\tListens\nC2\ten-US\tB3\t\n",
            "general.txt": "System ID\tCulture ID\tName\tDescription\nC1\ten-US\tData\tWorks\nC2\ten-US\tPeople\t\n",
        },
    )
    read = reading(path, kind="framework")
    framework: Framework = read.document  # type: ignore[assignment]
    labels = {item.id: item.label for item in framework.capabilities}
    assert sorted(labels.values()) == ["Data", "People"]
    found = {
        (labels[item.capability], item.statement, tuple(text.label for text in item.translations))
        for item in framework.behaviors
    }
    assert found == {("Data", "Cleans tables", ("Reinigt Tabellen",)), ("People", "Listens", ())}
    (data,) = [item for item in framework.capabilities if item.label == "Data"]
    assert data.extensions["table"]["more"][0]["Development Action"] == "Shadow"
    assert [issue.where for issue in read.conversion.problems] == ["behaviors.txt row:5", "actions.txt row:3"]


def test_a_file_of_each_job_gives_the_levels_of_its_qualifications(tmp_path: Path) -> None:
    files = {
        "Data analyst.csv": "Domaine;Compétence;Junior;Senior\nTech;SQL;1;4\nTech;Python;;3\n",
        "Lead.csv": "Domaine;Compétence;Junior;Expert\nTech;SQL;2;3\nSoft;Écoute;;4\n",
    }
    framework = read_framework(_packed(tmp_path, files))
    assert _required(framework) == {
        "Data analyst": set(),
        "Data analyst: Junior": {("SQL", 1)},
        "Data analyst: Senior": {("SQL", 4), ("Python", 3)},
        "Lead": set(),
        "Lead: Junior": {("SQL", 2)},
        "Lead: Expert": {("SQL", 3), ("Écoute", 4)},
    }
    assert sum(item.label == "SQL" for item in framework.capabilities) == 1
    (tmp_path / "one.csv").write_text("Skill,Analyst,Lead\nSQL,2,3\nGit,,1\n")
    assert _required(read_framework(tmp_path / "one.csv")) == {
        "Analyst": {("SQL", 2)},
        "Lead": {("SQL", 3), ("Git", 1)},
    }
    (tmp_path / "two.csv").write_text("Skill,Owner,Count\nSQL,Somebody,2\nGit,Else,3\n")
    assert _required(read_framework(tmp_path / "two.csv")) == {}


@pytest.mark.filterwarnings("ignore::capgraph.errors.CapgraphWarning")
def test_tables_of_one_system_are_read_together(tmp_path: Path) -> None:
    files = {
        "skills.csv": "Library,Skill\nTech,SQL\nSoft,Listening\n",
        "jobs.csv": "Job,Job description\nAnalyst,Finds out\nLead,\n",
        "jobs_skills.csv": "Job,Skill,Expected level\nAnalyst,SQL,3\nLead,Listening,4\n",
        "users_jobs.csv": "User,Job\nu1,Analyst\n",
    }
    read = reading(_packed(tmp_path, files), kind="framework")
    assert _required(read.document) == {"Analyst": {("SQL", 3)}, "Lead": {("Listening", 4)}}  # type: ignore[arg-type]
    assert [role.description for role in read.document.roles if role.label == "Analyst"] == ["Finds out"]  # type: ignore[attr-defined]
    assert [row.places for row in read.conversion.dropped] == [("users_jobs.csv",)]
    files = {
        "link.csv": "Code métier;Code compétence;Niveau attendu\nP1;S1;3\n",
        "metiers.csv": "Code métier;Métier\nP1;Analyste\n",
        "skills.csv": "Code compétence;Nom de la compétence;Compétence clé\nS1;SQL;VRAI\n",
    }
    assert _required(read_framework(_packed(tmp_path, files))) == {"Analyste": {("SQL", 3)}}


def test_a_data_loader_file_holds_several_tables(tmp_path: Path) -> None:
    path = tmp_path / "talent.dat"
    path.write_text(
        "COMMENT competencies\nSET PURGE_FUTURE_CHANGES N\n\n"
        "METADATA|ProfileItem|ProfileCode|ContentItemCode|RatingLevelCode1\nMERGE|ProfileItem|ANALYST|C1|2\n"
        "METADATA|ContentItem|ContextName|ContentItemCode|Name\nMERGE|ContentItem|COMPETENCY|C1|SQL\n"
        "DELETE|ContentItem|COMPETENCY|C2|Old\n"
        "METADATA|RatingLevel|RatingModelCode|RatingLevelCode|RatingShortDescr\nMERGE|RatingLevel|P|1|Beginner\n"
        "MERGE|RatingLevel|P|2|Expert\nDELETE|RatingLevel|P|3|Guru\nMERGE|RatingLevel|P|high|High\n"
    )
    read = reading(path, kind="framework")
    framework: Framework = read.document  # type: ignore[assignment]
    assert _required(framework) == {"ANALYST": {("SQL", 2)}}
    assert [level.label for level in framework.scales[0].levels] == ["Beginner", "Expert"]
    assert [issue.where for issue in read.conversion.problems] == ["RatingLevel!13"]


def test_a_workbook_with_roles_skills_and_what_they_are_at_each_level(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    tables: dict[str, list[list[object]]] = {
        "Job Role_Description": [
            ["Sector", "Track", "Job Role", "Job Role Description"],
            ["ICT", "D", "Analyst", "Asks"],
        ],
        "Job Role_TCS_CCS": [
            ["Sector", "Job Role", "TSC_CCS Title", "TSC_CCS Code", "Proficiency Level"],
            ["ICT", "Analyst", "SQL", "I-1", 3],
        ],
        "TSC_CCS_Key": [["TSC_CCS Code", "TSC_CCS Title", "TSC_CCS Description"], ["I-1", "SQL", "Asks data"]],
        "TSC_CCS_K&A": [
            ["TSC_CCS Code", "Proficiency Level", "Proficiency Description", "Knowledge / Ability Items"],
            ["I-1", 3, "Asks well", "Write joins"],
            ["I-1", 3, "Asks well", ""],
            ["I-1", 3, "", ""],
            ["", 3, "x", "y"],
            ["I-1", 3, "", "Write joins"],
        ],
    }
    for name, rows in tables.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path := tmp_path / "a.xlsx")
    read = reading(path, kind="framework")
    framework: Framework = read.document  # type: ignore[assignment]
    assert _required(framework) == {"Analyst": {("SQL", 3)}}
    (skill,) = framework.capabilities
    assert [(level.level, level.description) for level in skill.levels] == [(3, "Asks well")]
    assert [(item.statement, item.level) for item in framework.behaviors] == [("Write joins", 3)]
    assert [issue.where for issue in read.conversion.problems] == [f"TSC_CCS_K&A!{row}" for row in (4, 5, 6)]


def test_columns_are_known_in_any_spelling(tmp_path: Path) -> None:
    path = tmp_path / "skills.csv"
    path.write_text("action,reference_code,TITLE,model\nA,K1,SQL,Data\nU,K2,*NONE*,Data\n")
    assert _tree(reading(path, kind="framework").document) == {"SQL": ["Data"], "Data": []}  # type: ignore[arg-type]
    path.write_text("Skill Name*,Parent-ID,Skill_ID\nData,,D\nSQL,D,S\n")
    assert _tree(read_framework(path)) == {"SQL": ["Data"], "Data": []}
