"""Nothing is lost in silence: what a source holds stands in the document, or the report says where it was left.

Each value of a source is replaced by a mark in turn; the mark must be found in the document or in the report, or the
report must name its field or its place.  Only ``@context`` is left alone: it names the vocabulary, and holds nothing.
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

import pytest

from capgraph.errors import FormatError
from capgraph.formats import format_named, known_formats
from marking import MARK, Marked, marked_cells, marked_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from capgraph.formats.conversion import Conversion
    from capgraph.formats.record import Format

TABS = partial(marked_cells, delimiter="\t")

ESCO = {
    "skills_en.csv": b"conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,hiddenLabels,status,"
    b"modifiedDate,scopeNote,definition,inScheme,description\n"
    b'KnowledgeSkillCompetence,http://e.org/s1,knowledge,cross-sector,SQL,"SQL\nquery language",esquel,released,'
    b"2024-01-01,note,def,http://e.org/scheme,Querying\n"
    b"KnowledgeSkillCompetence,http://e.org/s2,,,Git,,,,,,,,\n",
    "skillGroups_en.csv": b"conceptType,conceptUri,preferredLabel,code,status\nSkillGroup,http://e.org/g,IT,S1,released\n",
    "ISCOGroups_en.csv": b"conceptType,conceptUri,code,preferredLabel\nISCOGroup,http://e.org/isco/C25,25,ICT\n",
    "occupations_en.csv": b"conceptType,conceptUri,iscoGroup,preferredLabel,altLabels,hiddenLabels,status,"
    b"regulatedProfessionNote,code,naceCode\nOccupation,http://e.org/o1,25,Analyst,,,released,http://e.org/r,25.1,62\n",
    "occupationSkillRelations.csv": b"occupationUri,relationType,skillType,skillUri\n"
    b"http://e.org/o1,essential,knowledge,http://e.org/s1\nhttp://e.org/o1,optional,,http://e.org/s2\n",
    "broaderRelationsSkillPillar.csv": b"conceptType,conceptUri,broaderType,broaderUri\n"
    b"KnowledgeSkillCompetence,http://e.org/s1,SkillGroup,http://e.org/g\n",
    "skillSkillRelations.csv": b"originalSkillUri,originalSkillType,relationType,relatedSkillType,relatedSkillUri\n"
    b"http://e.org/s1,knowledge,optional,,http://e.org/s2\n",
    "digCompSkillsCollection_en.csv": b"conceptType,conceptUri,preferredLabel,status,skillType,reuseLevel,altLabels,"
    b"description,broaderConceptUri,broaderConceptPT\n"
    b"KnowledgeSkillCompetence,http://e.org/s1,SQL,released,knowledge,cross-sector,SQL | query,Querying,http://e.org/g,IT\n",
    "greenShareOcc_en.csv": b"conceptType,conceptUri,code,preferredLabel,greenShare\nOccupation,http://e.org/o1,25.1,A,0.5\n",
    "skillsHierarchy_en.csv": b"Level 0 URI,Level 0 preferred term,Description\nhttp://e.org/g,IT,x\n",
}
_RATING = (
    b"O*NET-SOC Code\tElement ID\tElement Name\tScale ID\tData Value\tN\tStandard Error\tRecommend Suppress"
    b"\tNot Relevant\tDate\n"
)
ONET = {
    "Occupation Data.txt": b"O*NET-SOC Code\tTitle\tDescription\n11-1011.00\tBoss\tLeads\n11-1021.00\tManager\tRuns\n",
    "Content Model Reference.txt": b"Element ID\tElement Name\tDescription\n2.A\tBasic\tb\n2.A.1\tReading\tr\n",
    "Skills.txt": _RATING + b"11-1011.00\t2.A.1\tReading\tIM\t4.0\t8\t0.1\tN\tn/a\t08/2025\n"
    b"11-1011.00\t2.A.1\tReading\tLV\t5.0\t8\t0.1\tN\tN\t08/2025\n",
    "Level Scale Anchors.txt": b"Element ID\tElement Name\tScale ID\tAnchor Value\tAnchor Description\n"
    b"2.A.1\tReading\tLV\t2\tRead a note\n",
    "Job Zones.txt": b"O*NET-SOC Code\tJob Zone\tDate\tDomain Source\n11-1011.00\t5\t08/2025\tAnalyst\n",
    "Related Occupations.txt": b"O*NET-SOC Code\tRelated O*NET-SOC Code\tRelatedness Tier\tIndex\n"
    b"11-1011.00\t11-1021.00\tPrimary-Short\t1\n",
    "Alternate Titles.txt": b"O*NET-SOC Code\tAlternate Title\tShort Title\tSource(s)\n11-1011.00\tCEO\tCEO\t09\n",
    "Task Statements.txt": b"O*NET-SOC Code\tTask ID\tTask\tTask Type\tIncumbents Responding\tDate\tDomain Source\n"
    b"11-1011.00\t8823\tDirect\tCore\t95\t08/2025\tIncumbent\n",
    "Technology Skills.txt": b"O*NET-SOC Code\tExample\tCommodity Code\tCommodity Title\tHot Technology\tIn Demand\n"
    b"11-1011.00\tExcel\t43231513\tOffice\tY\tN\n",
}
NICE = {
    "response": {
        "elements": {
            "documents": [{"doc_identifier": "D1", "name": "NICE", "version": "2.1.0", "website": "https://e.org"}],
            "relationship_types": [{"relationship_identifier": "projection", "description": "A link."}],
            "elements": [
                {"element_type": kind, "element_identifier": key, "title": title, "text": text, "doc_identifier": "D1"}
                for kind, key, title, text in (
                    ("work_role", "OG-WRL-001", "Manager", "Leads."),
                    ("category", "OG", "Oversight", "Looks after."),
                    ("task", "T0001", "", "Write a plan"),
                )
            ],
            "relationships": [
                {"source_element_identifier": "OG-WRL-001", "dest_element_identifier": "T0001"}
                | dict.fromkeys(("source_doc_identifier", "dest_doc_identifier", "provenance_doc_identifier"), "D1")
                | {"relationship_identifier": "projection"}
            ],
        }
    }
}
_LINK = {"title": "Data", "identifier": "9b2c3d4e-0000-4000-8000-000000000001", "uri": "https://e.org/i/1"}
_TOP = {"title": "F", "identifier": "9b2c3d4e-0000-4000-8000-000000000000", "uri": "https://e.org/f"}
_SQL = {"title": "SQL", "identifier": "9b2c3d4e-0000-4000-8000-000000000002", "uri": "https://e.org/i/2"}
_AT = {"lastChangeDateTime": "2026-01-01T00:00:00Z"}
CASE = {
    "CFDocument": {
        **{name: _TOP[name] for name in ("identifier", "uri", "title")},
        **_AT,
        "creator": "Acme",
        "description": "About",
        "adoptionStatus": "Adopted",
        "CFPackageURI": _TOP,
    },
    "CFItems": [
        {"identifier": _LINK["identifier"], "uri": _LINK["uri"], "fullStatement": "Data", "humanCodingScheme": "D"}
        | {"CFItemType": "Domain", "conceptKeywords": ["facts"], "notes": "n", "listEnumeration": "1", **_AT},
        {
            "identifier": _SQL["identifier"],
            "uri": _SQL["uri"],
            "fullStatement": "SQL",
            "abbreviatedStatement": "S",
            **_AT,
        },
    ],
    "CFAssociations": [
        {"identifier": f"9b2c3d4e-0000-4000-8000-00000000010{number}", "uri": f"https://e.org/a/{number}"}
        | {"associationType": kind, "originNodeURI": one, "destinationNodeURI": two, "sequenceNumber": 1, **_AT}
        for number, (kind, one, two) in enumerate(
            (
                ("isChildOf", _SQL, _LINK),
                ("isChildOf", _LINK, _TOP),
                ("exemplar", _SQL, {**_TOP, "uri": "https://e.org/x"}),
            )
        )
    ],
    "CFDefinitions": {"CFConcepts": [{"identifier": "c", "title": "Facts"}]},
    "CFRubrics": [{"identifier": "r", "CFRubricCriteria": [{"identifier": "k", "weight": 2}]}],
}
CTDL = {
    "envelope_id": "e1",
    "decoded_resource": {
        "@context": "https://credreg.net/ctdlasn/schema/context/json",
        "@graph": [
            {"@id": "https://e.org/f", "@type": "ceasn:CompetencyFramework", "ceasn:name": {"en": "Skills"}}
            | {"ceasn:inLanguage": ["en"], "ceasn:hasTopChild": ["https://e.org/1"], "ceasn:dateCreated": "2026-01-15"},
            {
                "@id": "https://e.org/1",
                "@type": "ceasn:Competency",
                "ceasn:competencyText": {"en": "Data", "de": "Daten"},
            }
            | {"ceasn:isPartOf": "https://e.org/f", "ceasn:listID": "1", "ceasn:hasChild": ["https://e.org/2"]},
            {"@id": "https://e.org/2", "@type": "ceasn:Competency", "ceasn:competencyLabel": "SQL"}
            | {"ceasn:competencyText": "Queries", "ceasn:isChildOf": ["https://e.org/1"], "ceterms:ctid": "ce-7"},
            {"@id": "https://e.org/r", "@type": "ceterms:WorkRole", "ceterms:name": "Analyst"}
            | {"ceterms:skillEmbodied": ["https://e.org/2"], "ceterms:keyword": {"en": ["x"]}},
            {"@id": "https://e.org/o", "@type": "ceterms:Course", "ceterms:name": "A course"},
        ],
    },
}
SKOS_JSON = {
    "@context": {"skos": "http://www.w3.org/2004/02/skos/core#", "dct": "http://purl.org/dc/terms/"},
    "@graph": [
        {"@id": "https://e.org/s", "@type": "skos:ConceptScheme", "dct:title": "Skills", "dct:creator": "Acme"}
        | {"skos:hasTopConcept": [{"@id": "https://e.org/1"}]},
        {"@id": "https://e.org/1", "@type": "skos:Concept", "skos:inScheme": {"@id": "https://e.org/s"}}
        | {"skos:prefLabel": [{"@value": "Data", "@language": "en"}, {"@value": "Daten", "@language": "de"}]}
        | {
            "skos:hiddenLabel": {"@value": "dta", "@language": "en"},
            "skos:definition": {"@value": "d", "@language": "en"},
        },
        {"@id": "https://e.org/2", "@type": "skos:Concept", "skos:prefLabel": {"@value": "SQL", "@language": "en"}}
        | {
            "skos:broader": {"@id": "https://e.org/1"},
            "skos:exactMatch": {"@id": "https://x.org/sql"},
            "skos:notation": "2",
        },
    ],
}
BADGE = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "id": "https://e.org/c",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {"id": "https://e.org/i", "name": "Acme"},
    "credentialSubject": {
        "id": "did:example:somebody",
        "result": [{"type": ["Result"], "value": "87"}],
        "achievement": {
            "id": "https://e.org/a",
            "type": ["Achievement"],
            "achievementType": "Course",
            "name": "SQL",
            "description": "Queries",
            "criteria": {"narrative": "Pass"},
            "humanCode": "S1",
            "tag": ["data"],
            "alignment": [
                {"type": ["Alignment"], "targetName": "SQL", "targetUrl": "https://e.org/2", "targetCode": "x"}
            ],
            "resultDescription": [{"id": "https://e.org/rd", "requiredLevel": "l1"}],
        },
    },
}
LIGHTCAST = {
    "attributions": [{"name": "Lightcast", "text": "With permission"}],
    "data": [
        {"id": "KS1", "name": "SQL", "infoUrl": "https://e.org/1", "type": {"id": "ST1", "name": "Specialized Skill"}}
        | {"category": {"id": 17, "name": "IT"}, "subcategory": {"id": 7, "name": "Databases"}, "isSoftware": True}
        | {"description": "Queries", "descriptionSource": "a site", "tags": [{"key": "wiki", "value": "https://w"}]}
    ],
}
OSMT_JSON = {
    "id": "https://e.org/skill/1",
    "skillName": "SQL",
    "skillStatement": "Query data.",
    "categories": ["Data"],
    "keywords": ["query"],
    "occupations": [{"code": "15-1", "targetNodeName": "Analysts"}],
    "authors": ["Somebody"],
}
_SSSOM = b"#mapping_set_id: https://e.org/set\n#license: CC0\n#creator_id:\n#  - orcid:1\n#curie_map:\n#  a: https://a.org/\n"
SSSOM = (
    b"subject_id\tsubject_label\tpredicate_id\tpredicate_modifier\tobject_id\tobject_label\tmapping_justification\tconfidence"
    b"\tauthor_id\tsubject_source\tmapping_date\tother\n"
    b"a:1\tOne\tskos:exactMatch\t\ta:2\tTwo\tsemapv:ManualMappingCuration\t0.9\torcid:1\ta:src\t2026-01-01\tx\n"
    b"a:3\t\towl:sameAs\tNot\ta:4\t\tsemapv:LexicalMatching\t\t\t\t\t\n"
)
_PORTAL = (
    b"Mapping project name,ESCO to O*NET\nMapping project version,1.0\nClassification 1 Name,O*NET\n"
    b"Classification 1 Language,English\n\n"
)
PORTAL = (
    b"O*NET Id,O*NET Title,O*NET Description,ESCO or ISCO URI,ESCO or ISCO Title,Type of Match\n"
    b"11-1011.00,Boss,Leads,http://e.org/o1,boss,broadMatch\n"
)
MOODLE = (
    b"Parent ID number,ID number,Short name,Description,Description format,Scale values,Scale configuration,"
    b"Rule type (optional),Rule outcome (optional),Rule config (optional),Cross-referenced competency ID numbers,"
    b"Exported ID (optional),Is framework,Taxonomy\n"
    b',FW,Skills,About,1,"No,Yes",,,,,,,1,"domain,skill"\n'
    b",A,Data,d,1,,,,,,,5,,\nA,B,SQL,q,2,,,core\\rule,1,null,A,,,\n"
)
CANVAS = (
    b"vendor_guid,object_type,title,description,display_name,calculation_method,calculation_int,parent_guids,"
    b"workflow_state,mastery_points,friendly_description,ratings,,,\n"
    b"g,group,Data,d,,,,,active,,,,,,\no,outcome,SQL,q,S,highest,,g,active,3,f,3,Good,1,Poor\n"
)
DDAT = (
    b"Role Family,Role,Role Description,Role Level,Role Level Description,Skill Name,Skill Description,Skill Level,"
    b"Skill Level Description,Role Type\n"
    b"Data,Analyst,Looks,Senior,More,SQL,Queries,Working,- write,Digital\n"
    b"Data,Analyst,Looks,Lead,,SQL,Queries,Expert,- tune,\n"
)
A_TO_Z = (
    b"Skill Name,Skill Description,Awareness,Working,Practitioner,Expert,Roles that require Skill\n"
    b"SQL,Queries,- know,- write,- teach,- tune,Analyst\n"
)
SFIA = (
    b"#,Levels,,,,,,,Code,URL,Skill,Category,Subcategory,Overall description,Guidance notes,Level 1 description,"
    b"Level 2 description,Level 7 description\n"
    b"1,,2,,,,,7,PROG,https://e.org/p,Programming,Dev,Systems,Writes,Mind,,Two,Seven\n"
)
TABLES = {
    "parents": b"id,name,parent,description,kind\nA,Data,,d,domain\nB,SQL,A,e,skill\n",
    "columns": b"Level 0,Level 1,Level 2,Notes\nData,SQL,Joins,n\n,,Views,\nLaw,,,\n",
    "requirements": b"role,role level,skill,skill id,level,importance,essential,description,Notes\n"
    b"Analyst,Senior,SQL,S1,2,3,yes,d,n\nAnalyst,,Git,S2,1,,,,\n",
    "matrix": b"role,grade,SQL,Git,R,description\nAnalyst,,1,2,,x\nBoss,A,,3,x,\n",
    "descriptors": b"id,skill,description,kind,parent,Level 1,Level 2,Notes\n"
    b"S1,SQL,d,skill,Data,one,two,n\nS2,Git,,,,,b,\n",
}


def _after(head: bytes, delimiter: str = ",") -> Callable[[bytes], Iterator[Marked]]:
    """Return a marker of the rows of a table that stands below some other lines."""
    lines = head.count(b"\n")

    def marked(table: bytes) -> Iterator[Marked]:
        for field, place, data in marked_cells(table, delimiter=delimiter):
            yield Marked(field, f"row:{int(place.removeprefix('row:')) + lines}", head + data)

    return marked


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


PARTS: dict[str, object] = {"parts": ["skills", "tasks", "technology"]}
NAMES: dict[str, object] = {"levels": ["a", "b", "c"]}
CASES: list[tuple[str, str, dict[str, bytes], Callable[[bytes], Iterator[Marked]], dict[str, object]]] = [
    *(("esco", name, ESCO, marked_cells, {}) for name in ESCO),
    *(("onet", name, ONET, TABS, PARTS) for name in ONET),
    ("nice", "nice.json", {"nice.json": _json(NICE)}, marked_json, {}),
    ("case", "case.json", {"case.json": _json(CASE)}, marked_json, {}),
    ("ctdl-asn", "ctdl.json", {"ctdl.json": _json(CTDL)}, marked_json, {}),
    ("skos", "skos.jsonld", {"skos.jsonld": _json(SKOS_JSON)}, marked_json, {}),
    ("open-badges", "badge.json", {"badge.json": _json(BADGE)}, marked_json, {}),
    ("lightcast", "skills.json", {"skills.json": _json(LIGHTCAST)}, marked_json, {}),
    ("osmt", "skill.json", {"skill.json": _json(OSMT_JSON)}, marked_json, {}),
    (
        "osmt",
        "a.csv",
        {"a.csv": b"Skill Name,Skill Statement,Keywords,Authors\nSQL,Query,a; b,x; y\n"},
        marked_cells,
        {},
    ),
    ("openedx", "a.csv", {"a.csv": b"id,value,parent_id,note\na,Data,,n\nb,SQL,a,\n"}, marked_cells, {}),
    (
        *(
            "openedx-json",
            "a.json",
            {"a.json": _json({"name": "T", "tags": [{"id": "a", "value": "D", "parent_id": None}]})},
        ),
        *(marked_json, {}),
    ),
    ("sssom", "a.tsv", {"a.tsv": SSSOM}, _after(_SSSOM, "\t"), {}),
    ("esco-crosswalk", "a.csv", {"a.csv": PORTAL}, _after(_PORTAL), {}),
    ("moodle", "a.csv", {"a.csv": MOODLE}, marked_cells, {}),
    ("canvas", "a.csv", {"a.csv": CANVAS}, marked_cells, {}),
    ("ddat", "roles.csv", {"roles.csv": DDAT}, marked_cells, {}),
    ("ddat", "skills.csv", {"skills.csv": A_TO_Z}, marked_cells, {}),
    ("sfia", "sfia.csv", {"sfia.csv": SFIA}, marked_cells, {}),
    *(("framework-table", "a.csv", {"a.csv": data}, marked_cells, NAMES) for data in TABLES.values()),
    ("course-table", "a.csv", {"a.csv": b"Course,Hours,Skills,Notes\nSQL,2,a;b,n\n"}, marked_cells, {}),
    (
        "people-table",
        "a.csv",
        {"a.csv": b"id,role,team,since,Notes\np:1,Analyst,Data,2020-01-01,n\n"},
        marked_cells,
        {},
    ),
    (
        "ucsd",
        "a.jsonl",
        {"a.jsonl": _json({"code": "A 1", "title": "One", "units": "4", "prereqs": "A 2"})},
        marked_json,
        {},
    ),
]
WITHOUT = {
    *("native", "native-lines"),  # unknown fields are refused
    *("tidy", "tidy-xlsx"),  # our own tables
    *("cmi5", "common-cartridge", "scorm", "olx"),  # courses with their content, of which a catalog says what it says
    *("tincan", "h5p", "moodle-backup"),
}


def test_every_reader_of_tables_and_json_is_marked() -> None:
    assert {item.name for item in known_formats() if item.reader is not None} == {name for name, *_ in CASES} | WITHOUT


@pytest.mark.filterwarnings("ignore::capgraph.errors.CapgraphWarning")
@pytest.mark.parametrize(("name", "file", "files", "marker", "options"), CASES, ids=lambda value: str(value)[:24])
def test_nothing_is_lost_in_silence(
    name: str,
    file: str,
    files: dict[str, bytes],
    marker: Callable[[bytes], Iterator[Marked]],
    options: dict[str, object],
) -> None:
    item = format_named(name)
    marks = [mark for mark in marker(files[file]) if "@context" not in {mark.field, mark.place.split("/")[-1]}]
    assert marks
    silent = [
        (mark.field, mark.place)
        for mark in marks
        if not _is_told(item, {**files, file: mark.data}, mark, file, options)
    ]
    assert silent == []


def _is_told(item: Format, files: dict[str, bytes], mark: Marked, file: str, options: dict[str, object]) -> bool:
    """Return whether a mark stands in the document, or the report or the refusal speaks of it."""
    try:
        document, conversion = item.parse(files, **options)
    except FormatError as error:
        return bool(str(error))
    return MARK.lower() in document.model_dump_json().lower() or _is_reported(conversion, mark, file)


def _is_reported(conversion: Conversion, mark: Marked, file: str) -> bool:
    """Return whether a report names a mark, its field or its place, or the file as a whole."""
    if any(MARK.lower() in str(issue).lower() or _is_at(issue.where, mark.place) for issue in conversion.problems):
        return True
    for row in conversion.records:
        if MARK.lower() in f"{row.part} {row.reason} {' '.join(row.places)}".lower():
            return True
        named = mark.field != "" and mark.field.lower() in row.part.lower()
        placed = any(_is_at(place, mark.place) or place == file for place in row.places)
        if row.action != "kept" and (named or placed):
            return True
    return False


def _is_at(place: str, marked: str) -> bool:
    """Return whether a place is the one that is marked, lies in it, or holds it as a whole."""
    is_pointer = place.startswith("/") and marked.startswith("/")
    return bool(marked) and (place.endswith(marked) or (is_pointer and f"{marked}/".startswith(f"{place}/")))


REAL = (
    *(("case", f"case/{name}.json", marked_json) for name in ("synthetic_case_1_1", "opensalt/legacy_2017_export")),
    ("ctdl-asn", "ctdl_asn/nice_work_role_example.json", marked_json),
    ("osmt", "osmt/api_v3_skill_single.json", marked_json),
    ("open-badges", "openbadges/assessment_with_results.json", marked_json),
    ("openedx-json", "openedx/taxonomy.json", marked_json),
    *(("openedx", "openedx/taxonomy.csv", marked_cells), ("osmt", "osmt/Skills-Import.csv", marked_cells)),
    *(("canvas", "canvas/outcomes.csv", marked_cells), ("moodle", "moodle/framework_en.csv", marked_cells)),
    ("sfia", "sfia/sfia9_skills_header_shape.csv", marked_cells),
)


@pytest.mark.real_data
@pytest.mark.filterwarnings("ignore::capgraph.errors.CapgraphWarning")
@pytest.mark.parametrize(("name", "path", "marker"), REAL)
def test_nothing_of_real_files_is_lost_in_silence(
    shared_data: Path, name: str, path: str, marker: Callable[[bytes], Iterator[Marked]]
) -> None:
    file = path.rpartition("/")[2]
    test_nothing_is_lost_in_silence(name, file, {file: (shared_data / path).read_bytes()}, marker, {})
