"""ESCO: the layouts of 1.1 and 1.2, languages merged by URI, and the parts that can be asked for."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

import capgraph as cg
from capgraph.errors import ParseError
from capgraph.formats.esco import FORMAT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from capgraph.formats.conversion import Conversion

ESCO = "http://data.europa.eu/esco/"
SCHEME = f"{ESCO}concept-scheme/"
PYTHON, TESTING, SQL, CARE = (f"{ESCO}skill/{name}" for name in ("python", "testing", "sql", "care"))
COMPUTING, MIDWIFERY = f"{ESCO}isced-f/06", f"{ESCO}skill/S3"
DEVELOPER, ANALYST, MIDWIFE = (f"{ESCO}occupation/{name}" for name in ("developer", "analyst", "midwife"))
GROUPS = {"2": "Professionals", "25": "ICT professionals", "2512": "Software developers", "2222": "Midwives"}

SKILL = (
    "conceptType conceptUri skillType reuseLevel preferredLabel altLabels hiddenLabels status modifiedDate scopeNote"
)
SKILL += " definition inScheme description"
OCCUPATION = "conceptType conceptUri iscoGroup preferredLabel altLabels hiddenLabels status modifiedDate"
OCCUPATION += " regulatedProfessionNote scopeNote definition inScheme description code"
GROUP = "conceptType conceptUri code preferredLabel status altLabels inScheme description"
SKILL_GROUP = "conceptType conceptUri preferredLabel altLabels hiddenLabels status modifiedDate scopeNote inScheme"
SKILL_GROUP += " description code"
COLLECTION = "conceptType conceptUri preferredLabel status skillType reuseLevel altLabels description broaderConceptUri"
COLLECTION += " broaderConceptPT"

SKILLS: tuple[dict[str, str], ...] = (
    {
        "conceptUri": PYTHON,
        "skillType": "knowledge",
        "reuseLevel": "sector-specific",
        "preferredLabel": "Python",
        "altLabels": "Python\nCPython",
        "hiddenLabels": "Pyhton",
        "inScheme": f"{SCHEME}skills,\n{SCHEME}member-skills",
        "description": "The language.\nIts libraries.",
    },
    {"conceptUri": TESTING, "skillType": "skill/competence", "preferredLabel": "test software"},
    {"conceptUri": SQL, "skillType": "", "preferredLabel": "SQL"},
    {"conceptUri": CARE, "skillType": "skill/competence", "preferredLabel": "care for newborns"},
)
OCCUPATIONS: tuple[dict[str, str], ...] = (
    {
        "conceptUri": DEVELOPER,
        "iscoGroup": "2512",
        "preferredLabel": "developer",
        "altLabels": "programmer\ncoder",
        "code": "2512.1",
    },
    {"conceptUri": ANALYST, "iscoGroup": "2512", "preferredLabel": "analyst", "code": "2512.2"},
    {
        "conceptUri": MIDWIFE,
        "iscoGroup": "2222",
        "preferredLabel": "midwife",
        "code": "2222.1",
        "regulatedProfessionNote": f"{ESCO}regulated-professions/regulated",
    },
)
REQUIRED = (
    (DEVELOPER, "essential", PYTHON),
    (DEVELOPER, "optional", TESTING),
    (DEVELOPER, "optional", PYTHON),
    (ANALYST, "essential", SQL),
    (MIDWIFE, "essential", CARE),
)
BROADER_SKILLS = ((PYTHON, COMPUTING), (SQL, COMPUTING), (SQL, PYTHON), (CARE, MIDWIFERY))
BROADER_OCCUPATIONS = (
    *((DEVELOPER, f"{ESCO}isco/C2512"), (ANALYST, f"{ESCO}isco/C2512"), (MIDWIFE, f"{ESCO}isco/C2222")),
    *(
        (f"{ESCO}isco/C2512", f"{ESCO}isco/C25"),
        (f"{ESCO}isco/C25", f"{ESCO}isco/C2"),
        (f"{ESCO}isco/C2222", f"{ESCO}isco/C2"),
    ),
)
GERMAN = {PYTHON: "Python (Sprache)", TESTING: "Software testen", DEVELOPER: "Entwickler/Entwicklerin"}


def _table(columns: str, rows: Iterable[dict[str, str]]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, columns.split(), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({"status": "released"} | row if "status" in columns else row for row in rows)
    return stream.getvalue().encode()


def _pairs(columns: str, rows: Iterable[tuple[str, ...]]) -> bytes:
    names = columns.split()
    return _table(columns, (dict(zip(names, row, strict=False)) for row in rows))


def _concepts(modified: str, extra: str = "") -> dict[str, bytes]:
    """Return the files of concepts in English."""
    dated = {"modifiedDate": modified}
    nace = {"naceCode": f"{ESCO}nace2.1/62.1"} if extra else {}
    groups = [
        {"conceptUri": COMPUTING, "preferredLabel": "ICTs", "inScheme": f"{SCHEME}isced-f\n{SCHEME}skills"},
        {"conceptUri": MIDWIFERY, "preferredLabel": "caring", "code": "S3"},
    ]
    isco = [{"conceptUri": f"{ESCO}isco/C{code}", "code": code, "preferredLabel": GROUPS[code]} for code in GROUPS]
    return {
        "skills_en.csv": _table(SKILL, (row | dated for row in SKILLS)),
        "occupations_en.csv": _table(OCCUPATION + extra, (row | dated | nace for row in OCCUPATIONS)),
        "skillGroups_en.csv": _table(SKILL_GROUP, groups),
        "ISCOGroups_en.csv": _table(GROUP, isco),
    }


def _version_1_1() -> dict[str, bytes]:
    """Return the layout of 1.1: relations in files without a language, from an archive of their own."""
    hierarchy = "conceptType conceptUri broaderType broaderUri"
    own = [{"conceptUri": SQL, "preferredLabel": "SQL", "altLabels": "Structured | Query"}]
    return _concepts("2022-07-05T14:34:33.959Z") | {
        "ictSkillsCollection_en.csv": _table(COLLECTION, own),
        "broaderRelationsSkillPillar.csv": _pairs(hierarchy, (("", one, "", up) for one, up in BROADER_SKILLS)),
        "broaderRelationsOccPillar.csv": _pairs(hierarchy, (("", one, "", up) for one, up in BROADER_OCCUPATIONS)),
        "occupationSkillRelations.csv": _pairs(
            "occupationUri relationType skillType skillUri", ((role, word, "", skill) for role, word, skill in REQUIRED)
        ),
        "skillSkillRelations.csv": _pairs(
            "originalSkillUri originalSkillType relationType relatedSkillType relatedSkillUri",
            [(TESTING, "", "optional", "", PYTHON)],
        ),
        "skillsHierarchy_en.csv": b"Level 0 URI,Level 0 preferred term,Description,Level 0 code\nx,y\n",
    }


def _version_1_2(*languages: str) -> dict[str, bytes]:
    """Return the layout of 1.2: a language in every name, labels in relations, and files that 1.1 had not."""
    hierarchy = "conceptType conceptUri conceptLabel broaderType broaderUri broaderLabel"
    green = "conceptType conceptUri code preferredLabel greenShare"
    files = _concepts("2024-05-07", " naceCode")
    files["skills_en.csv"] += files["skills_en.csv"].split(b"\n", 1)[1]
    for said in languages or ("en",):
        files |= {
            f"digitalSkillsCollection_{said}.csv": _table(COLLECTION, [{"conceptUri": SQL}, {"conceptUri": PYTHON}]),
            f"greenShareOcc_{said}.csv": _pairs(green, [("Occupation", MIDWIFE, "2222.1", "midwife", "0.25")]),
            f"dictionary_{said}.csv": b"filename,data header,property,description\n",
            f"conceptSchemes_{said}.csv": b"conceptType,conceptSchemeUri,preferredLabel\n",
            f"broaderRelationsSkillPillar_{said}.csv": _pairs(
                hierarchy, (("", one, said, "", up, said) for one, up in BROADER_SKILLS)
            ),
            f"broaderRelationsOccPillar_{said}.csv": _pairs(
                hierarchy, (("", one, said, "", up, said) for one, up in BROADER_OCCUPATIONS)
            ),
            f"occupationSkillRelations_{said}.csv": _pairs(
                "occupationUri occupationLabel relationType skillType skillUri skillLabel",
                ((role, said, word, "", skill, said) for role, word, skill in REQUIRED),
            ),
            f"skillSkillRelations_{said}.csv": _pairs(
                "originalSkillUri originalSkillType relationType relatedSkillType relatedSkillUri",
                [(TESTING, "", "optional", "", PYTHON)],
            ),
        }
    return files


def _german() -> dict[str, bytes]:
    """Return the concepts of 1.2 that have German labels."""
    skills = [{"conceptUri": id_, "preferredLabel": GERMAN[id_], "altLabels": "Prüfen"} for id_ in (PYTHON, TESTING)]
    roles = [{"conceptUri": DEVELOPER, "preferredLabel": GERMAN[DEVELOPER], "description": "Schreibt Software."}]
    return {"skills_de.csv": _table(SKILL, skills), "occupations_de.csv": _table(f"{OCCUPATION} naceCode", roles)}


def _read(files: dict[str, bytes], **options: object) -> tuple[cg.Framework, Conversion]:
    document, conversion = FORMAT.parse(files, **options)
    assert isinstance(document, cg.Framework)
    return document, conversion


def _links(framework: cg.Framework) -> dict[str, object]:
    """Return what hangs together, which both layouts say."""
    entries: tuple[cg.Capability | cg.RoleProfile, ...] = (*framework.capabilities, *framework.roles)
    needs = {role.id: {(item.capability, item.necessity) for item in role.requirements} for role in framework.roles}
    relations = {(item.subject, item.predicate, item.object) for item in framework.relations}
    return {"broader": {item.id: set(item.broader) for item in entries}, "needs": needs, "relations": relations}


def _ids(framework: cg.Framework) -> set[str]:
    return {item.id for item in (*framework.capabilities, *framework.roles)}


def test_both_layouts_say_the_same() -> None:
    old, of_old = _read(_version_1_1())
    new, of_new = _read(_version_1_2())
    assert _links(old) == _links(new)
    assert of_old.problems == of_new.problems == ()
    assert [(item.id, item.label, item.kind) for item in old.capabilities] == [
        (item.id, item.label, item.kind) for item in new.capabilities
    ]


def test_what_stands_in_a_row_of_1_2() -> None:
    framework, conversion = _read(_version_1_2())
    skills = {item.id: item for item in framework.capabilities}
    roles = {role.id: role for role in framework.roles}
    python = skills[PYTHON]
    assert (python.kind, skills[TESTING].kind, skills[SQL].kind, skills[MIDWIFERY].kind) == (
        *("knowledge", "skill", "skill", "domain"),
    )
    assert (python.alternative_labels, python.hidden_labels) == (("CPython",), ("Pyhton",))
    assert python.description == "The language.\nIts libraries."
    kept = python.extensions["esco"]
    assert kept["inScheme"] == (f"{SCHEME}skills", f"{SCHEME}member-skills")
    assert kept["modifiedDate"] == "2024-05-07"
    assert kept["collections"] == ("digitalSkillsCollection",)
    midwife = roles[MIDWIFE]
    assert midwife.notation == "2222.1"
    assert midwife.extensions["esco"]["greenShare"] == "0.25"
    assert midwife.extensions["esco"]["naceCode"].endswith("62.1")
    assert midwife.extensions["esco"]["regulatedProfessionNote"].endswith("regulated")
    repeated = next(row for row in conversion if row.reason == "repeats another row")
    assert repeated.count == len(SKILLS)


def test_a_skill_both_essential_and_optional_is_essential() -> None:
    framework, conversion = _read(_version_1_2())
    developer = next(role for role in framework.roles if role.id == DEVELOPER)
    assert {item.capability: item.necessity for item in developer.requirements} == {
        PYTHON: "essential",
        TESTING: "optional",
    }
    assert [row.places for row in conversion if row.reason == "essential and optional at once"] == [(DEVELOPER,)]


def test_a_second_language_is_merged_by_uri() -> None:
    alone, _ = _read(_version_1_2())
    framework, conversion = _read(_version_1_2("en", "de") | _german())
    assert framework.language == "en"
    assert conversion.problems == ()
    assert _links(framework) == _links(alone)
    skills = {item.id: item for item in framework.capabilities}
    assert skills[PYTHON].label == "Python"
    (german,) = skills[PYTHON].translations
    assert (german.language, german.label, german.alternative_labels) == ("de", "Python (Sprache)", ("Prüfen",))
    assert skills[SQL].translations == ()
    developer = next(role for role in framework.roles if role.id == DEVELOPER)
    assert [(text.label, text.description) for text in developer.translations] == [
        ("Entwickler/Entwicklerin", "Schreibt Software.")
    ]


def test_the_main_language_can_be_another() -> None:
    german = {name.replace("_en", "_de"): data for name, data in _version_1_2().items()}
    files = german | {name.replace("_de", "_en"): data for name, data in _german().items()}
    framework, _ = _read(files, language="de")
    assert framework.language == "de"
    assert next(item for item in framework.capabilities if item.id == PYTHON).translations[0].language == "en"
    with pytest.raises(ParseError, match="'fr' is no language"):
        _read(files, language="fr")


def test_labels_of_an_unknown_concept_are_listed() -> None:
    files = _version_1_2() | {"skills_de.csv": _table(SKILL, [{"conceptUri": f"{SQL}x", "preferredLabel": "SQL"}])}
    _, conversion = _read(files)
    assert [(issue.code, issue.ids) for issue in conversion.problems] == [("unknown-concept", (f"{SQL}x",))]


def test_a_file_without_a_language_goes_before_translations() -> None:
    files = {"skills.csv": _concepts("2024-05-07")["skills_en.csv"], "skills_de.csv": _german()["skills_de.csv"]}
    framework, conversion = _read({"a/" + name: data for name, data in sorted(files.items(), reverse=True)})
    assert conversion.problems == ()
    python = next(item for item in framework.capabilities if item.id == PYTHON)
    assert (python.label, [text.label for text in python.translations]) == ("Python", ["Python (Sprache)"])


@pytest.mark.parametrize("code", ["2512", "251", "25"])
def test_part_below_an_isco_code(code: str) -> None:
    framework, conversion = _read(_version_1_2(), isco=code)
    isco = {f"{ESCO}isco/C{name}" for name in ("2", "25", "2512")}
    assert _ids(framework) == {DEVELOPER, ANALYST, *isco, PYTHON, TESTING, SQL, COMPUTING}
    assert conversion.problems == ()


def test_part_of_some_occupations() -> None:
    framework, _ = _read(_version_1_2(), occupations=[MIDWIFE])
    assert _ids(framework) == {MIDWIFE, f"{ESCO}isco/C2222", f"{ESCO}isco/C2", CARE, MIDWIFERY}
    assert framework.relations == ()


@pytest.mark.parametrize(
    ("files", "collection"), [(_version_1_2(), "digitalSkillsCollection"), (_version_1_1(), "ictSkillsCollection")]
)
def test_part_of_a_collection(files: dict[str, bytes], collection: str) -> None:
    framework, _ = _read(files, collection=collection)
    assert {item.id for item in framework.capabilities} == {PYTHON, SQL, COMPUTING}
    needs = {role.id: [item.capability for item in role.requirements] for role in framework.roles if role.requirements}
    assert needs[ANALYST] == [SQL]
    assert MIDWIFE not in needs


def test_filters_hold_together() -> None:
    framework, _ = _read(
        _version_1_2(), isco="25", occupations=[ANALYST, MIDWIFE], collection="digitalSkillsCollection"
    )
    assert {role.id for role in framework.roles if role.kind == "role"} == {ANALYST}
    assert {item.id for item in framework.capabilities if item.kind != "domain"} == {PYTHON, SQL}


def test_a_part_that_is_not_there_is_refused() -> None:
    with pytest.raises(ParseError) as caught:
        _read(_version_1_2(), isco="99", occupations=[f"{MIDWIFE}x"], collection="greenSkillsCollection")
    assert [issue.code for issue in caught.value.issues] == [
        *("unknown-occupation", "unknown-code", "unknown-collection"),
    ]
    assert "digitalSkillsCollection" in caught.value.issues[-1].hint
