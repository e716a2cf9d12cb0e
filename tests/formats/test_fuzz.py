"""Bad input: whatever a file holds, there is one clear error, or a document with its problems listed."""

from __future__ import annotations

import json
import warnings
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import capgraph as cg
from capgraph.errors import CapgraphWarning, FormatError, LossyConversionWarning
from capgraph.formats import known_formats
from damage import damaged

if TYPE_CHECKING:
    from pathlib import Path

    from capgraph.formats.record import Format
    from capgraph.model import Document

READERS = [item for item in known_formats() if item.reader is not None]
FRAMEWORK = cg.Framework(
    id="fw:a",
    title="A",
    default_scale="scale:a",
    scales=[cg.ProficiencyScale(id="scale:a", label="S", levels=[cg.ProficiencyLevel(rank=1, label="Working")])],
    capabilities=[
        cg.Capability(id="cap:a", label="Data", kind="domain"),
        cg.Capability(id="cap:b", label="SQL", description="Query data", broader=["cap:a"], related=["cap:a"]),
    ],
    behaviors=[cg.Behavior(id="beh:a", capability="cap:b", level=1, statement="Writes a query")],
    roles=[cg.RoleProfile(id="role:a", label="Analyst", requirements=[cg.Requirement(capability="cap:b", level=1)])],
)
CATALOG = cg.Catalog(
    id="cat:a",
    assets=[cg.LearningAsset(id="asset:a", title="SQL", alignments=[cg.Alignment(target="cap:b", label="SQL")])],
)
CROSSWALK = cg.Crosswalk(id="cw:a", mappings=[cg.model.Mapping(subject="cap:a", predicate="exact", object="onet:1")])
WORKFORCE = cg.Workforce(id="wf:a", people=[cg.Person(id="person:a", roles=["role:a"])])
DOCUMENTS: dict[str, Document] = {item.kind: item for item in (FRAMEWORK, CATALOG, CROSSWALK, WORKFORCE)}
TYPICAL: dict[str, dict[str, bytes]] = {
    "esco": {
        "skills_en.csv": b"conceptUri,preferredLabel,skillType,altLabels\nhttp://e.org/s1,SQL,knowledge,\n",
        "occupations_en.csv": b"conceptUri,preferredLabel,code,iscoGroup\nhttp://e.org/o1,Analyst,2511.1,2511\n",
        "occupationSkillRelations.csv": b"occupationUri,relationType,skillType,skillUri\n"
        b"http://e.org/o1,essential,knowledge,http://e.org/s1\n",
    },
    "onet": {
        "Occupation Data.txt": b"O*NET-SOC Code\tTitle\tDescription\n11-1011.00\tBoss\tLeads\n",
        "Skills.txt": b"O*NET-SOC Code\tElement ID\tElement Name\tScale ID\tData Value\n"
        b"11-1011.00\t2.A.1\tReading\tIM\t4.0\n",
    },
    "nice": {
        "nice.json": json.dumps(
            {
                "response": {
                    "elements": {
                        "elements": [{"element_type": "work_role", "element_identifier": "OG-WRL-001", "title": "R"}],
                        "relationships": [],
                    }
                }
            }
        ).encode()
    },
    "esco-crosswalk": {
        "crosswalk.csv": b"Mapping project name,ESCO-O*NET\nClassification 1 Name,O*NET\n\n"
        b"O*NET Id,O*NET Title,ESCO or ISCO URI,ESCO or ISCO Title,Type of Match\n"
        b"11-1011.00,Boss,http://e.org/o1,boss,broadMatch\n"
    },
    "lightcast": {"skills.json": b'{"data": [{"id": "KS1", "name": "SQL", "infoUrl": "https://e.org"}]}'},
    "osmt": {"skills.csv": b"Skill Name,Contextualized Skill Statement,Keywords\nSQL,Query data.,a; b\n"},
    "sfia": {
        "sfia.csv": b"Code,Skill,Category,Level 1 description,Level 2 description\nPROG,Programming,Dev,,Does it\n"
    },
    "framework-table": {"table.csv": b"id,name,parent\nA,Data,\nB,SQL,A\n"},
    "course-table": {"courses.csv": b"Course,Hours,Skills,Prerequisites\nSQL,2,a;b,\nPython,3,,SQL\n"},
    "people-table": {"people.csv": b"id,role,team,manager,since\np:1,Analyst,Data,,2020-01-01\np:2,Boss,Data,p:1,\n"},
    "ddat": {
        "roles.csv": b"Role Family,Role,Role Level,Skill Name,Skill Level,Skill Level Description\n"
        b"A,B,C,SQL,Working,- x\n"
    },
    "cmi5": {
        "cmi5.xml": b'<courseStructure xmlns="https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd">'
        b'<course id="https://e.org/c"><title><langstring lang="en">SQL</langstring></title></course>'
        b'<objectives><objective id="https://e.org/o"><title><langstring>Query</langstring></title></objective>'
        b'</objectives><au id="https://e.org/au" moveOn="Passed"><title><langstring>One</langstring></title>'
        b"<url>one.html</url></au></courseStructure>"
    },
    "scorm": {
        "imsmanifest.xml": b'<manifest identifier="m" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2">'
        b"<metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>"
        b'<organizations default="o"><organization identifier="o"><title>SQL</title>'
        b'<item identifier="i" identifierref="r"><title>One</title></item></organization></organizations>'
        b'<resources><resource identifier="r" type="webcontent" href="one.html"/></resources></manifest>'
    },
    "common-cartridge": {
        "imsmanifest.xml": b'<manifest identifier="cc" xmlns="http://www.imsglobal.org/xsd/imsccv1p3/imscp_v1p1">'
        b"<metadata><schema>IMS Common Cartridge</schema><schemaversion>1.3.0</schemaversion>"
        b'<lom><general><title><string language="en">SQL</string></title></general></lom></metadata>'
        b'<organizations><organization identifier="o"><item identifier="i"><title>One</title></item></organization>'
        b'</organizations><resources><resource identifier="r"/></resources></manifest>'
    },
    "olx": {
        "course/course.xml": b'<course org="Acme" course="SQL" url_name="2026"/>',
        "course/course/2026.xml": b'<course display_name="SQL" language="en"><chapter url_name="c1"/></course>',
        "course/chapter/c1.xml": b'<chapter display_name="One"/>',
    },
    "tincan": {
        "tincan.xml": b'<tincan xmlns="http://projecttincan.com/tincan.xsd"><activities>'
        b'<activity id="https://e.org/c" type="http://adlnet.gov/expapi/activities/course"><name>SQL</name>'
        b'<description lang="en">Query</description><launch lang="en">a.html</launch></activity></activities></tincan>'
    },
    "h5p": {"h5p.json": b'{"title": "SQL", "language": "en", "mainLibrary": "H5P.InteractiveVideo"}'},
    "moodle-backup": {
        "moodle_backup.xml": b"<moodle_backup><information><original_course_fullname>SQL</original_course_fullname>"
        b"<original_course_shortname>S1</original_course_shortname></information></moodle_backup>",
        "course/course.xml": b'<course id="3"><idnumber>X1</idnumber><summary>Hi</summary></course>',
    },
    "ucsd": {"courses.jsonl": b'{"code": "A 1", "title": "One", "units": "4", "department": "A", "prereqs": "A 2"}\n'},
}
SEARCH = settings(
    max_examples=30,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)


def _typical(item: Format) -> dict[str, bytes]:
    """Return a small file of the format: one that it writes, else one written by hand."""
    if item.name in TYPICAL:
        return TYPICAL[item.name]
    document = next(DOCUMENTS[kind] for kind in item.reads if kind in DOCUMENTS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LossyConversionWarning)
        rendered, _ = item.render(document)
    return {f"file{item.extensions[0]}": rendered} if isinstance(rendered, bytes) else dict(rendered)


def test_every_reader_has_a_typical_file() -> None:
    for item in READERS:
        document, conversion = item.parse(_typical(item))
        assert document.kind in item.reads
        assert conversion.problems == (), item.name


@pytest.mark.parametrize("item", READERS, ids=lambda item: item.name)
@pytest.mark.filterwarnings("ignore::capgraph.errors.CapgraphWarning")
def test_damaged_files_end_in_one_of_two_ways(item: Format) -> None:
    @SEARCH
    @given(damaged(_typical(item)))
    def ends_well(files: dict[str, bytes]) -> None:
        try:
            document, _ = item.parse(files)
        except FormatError:
            return
        assert document.kind in item.reads

    ends_well()


@pytest.mark.parametrize("item", READERS, ids=lambda item: item.name)
@SEARCH
@given(data=st.binary(max_size=60) | st.text(max_size=40).map(str.encode))
def test_sniffing_never_fails(item: Format, data: bytes) -> None:
    from capgraph.formats.content import Content

    for kind in ("", *item.reads):
        assert 0 <= item.sniff(Content({"file": data}), kind).score <= 1


@pytest.mark.parametrize("item", READERS, ids=lambda item: item.name)
def test_typical_file_is_recognized(item: Format, tmp_path: Path) -> None:
    for name, data in _typical(item).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    kind = next(kind for kind in item.reads if kind in DOCUMENTS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CapgraphWarning)
        assert cg.reading(tmp_path, kind=kind).conversion.format == item.name


def test_hostile_rdf_is_refused() -> None:
    skos = next(item for item in READERS if item.name == "skos")
    root = b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">&a;</rdf:RDF>'
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aa">]>' + root
    with pytest.raises(FormatError, match="document type or entities"):
        skos.parse({"a.rdf": bomb})
    with pytest.raises(FormatError, match="would have to be fetched"):
        skos.parse({"a.jsonld": b'{"@context": "https://e.org/context.json", "@id": "a:b"}'})


def test_too_many_columns_and_too_long_cells_are_refused() -> None:
    openedx = next(item for item in READERS if item.name == "openedx")
    with pytest.raises(FormatError, match="columns, more than"):
        openedx.parse({"a.csv": b"id,value,parent_id" + b",x" * 3000 + b"\n"})
    with pytest.raises(FormatError, match="cannot be read after row 1"):
        openedx.parse({"a.csv": b'id,value,parent_id\na,"' + b"x" * (2 << 20) + b'",\n'})


def test_blank_lines_above_a_header_are_passed_over() -> None:
    osmt = next(item for item in READERS if item.name == "osmt")
    document, _ = osmt.parse({"a.csv": b"\n\r\nSkill Name,Contextualized Skill Statement,Notes\nSQL,Query.,x\n,,y\n"})
    assert isinstance(document, cg.Framework)
    assert [item.label for item in document.capabilities] == ["SQL"]
    _, conversion = osmt.parse({"a.csv": b"\n\nSkill Name,Contextualized Skill Statement,Notes\n,,y\n"})
    assert [issue.where for issue in conversion.problems] == ["a.csv row:4"]
    with pytest.raises(FormatError, match="has no header"):
        osmt.parse({"a.csv": b"\n\n"})


LOOP = b"""@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
<a:x> a skos:Concept ; skos:prefLabel "x" .
<a:b> a skos:OrderedCollection ; skos:memberList <a:l> . <a:l> rdf:first <a:x> ; rdf:rest <a:l> .
<a:c> a skos:OrderedCollection ; skos:memberList ( "no concept" ) ."""
CMI5 = b'<courseStructure xmlns="https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd">'
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>'


@pytest.mark.parametrize(
    ("name", "file", "data", "told"),
    [
        ("case", "a.json", b'{"CFDocument":' + b"[" * 100_000, "recursion limit"),
        ("native", "a.json", b'{"capgraph": "1.0", "document": ' + b'{"a":' * 100_000, "recursion limit"),
        ("cmi5", "a.xml", CMI5 + b'<block id="https://e.org/b">' * 50_000, "not XML"),
        ("cmi5", "a.xml", ENTITIES + CMI5 + b"&b;</courseStructure>", "declares a document type"),
        ("scorm", "imsmanifest.xml", ENTITIES + b"<manifest>&b;</manifest>", "declares a document type"),
        ("skos", "a.ttl", b"<a:b> <a:c> " + b"[" * 50_000, "recursion"),
        ("openedx", "a.csv", b'id,value,parent_id\na,"' + b"x" * (3 << 20) + b'",\n', "field limit"),
        ("esco", "skills_en.csv", b"conceptUri,preferredLabel" + b",c" * 1_000_000 + b"\n", "1,000,002 columns"),
    ],
)
def test_hostile_files_are_refused(name: str, file: str, data: bytes, told: str) -> None:
    item = next(item for item in READERS if item.name == name)
    with pytest.raises(FormatError, match=told):
        item.parse({file: data})


def test_what_leads_back_into_itself_is_read_without_the_loop() -> None:
    skos = next(item for item in READERS if item.name == "skos")
    document, conversion = skos.parse({"a.ttl": LOOP})
    assert isinstance(document, cg.Framework)
    assert [(row.part, row.count) for row in conversion.dropped] == [("first", 1), ("memberList", 2), ("rest", 1)]
    canvas = next(item for item in READERS if item.name == "canvas")
    rows = b"vendor_guid,object_type,title,parent_guids\na,group,A,b\nb,group,B,a\n"
    document, conversion = canvas.parse({"a.csv": rows})
    assert [issue.code for issue in conversion.problems] == ["cycle"]


def test_archives_that_grow_without_measure_are_refused(tmp_path: Path) -> None:
    for name, inside in (("a.zip", "skills_en.csv"), ("a.xlsx", "xl/workbook.xml")):
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("[Content_Types].xml" if name.endswith("xlsx") else "README.csv", b"<a/>")
            archive.writestr(inside, b"0" * (8 << 20))
        with pytest.raises(FormatError, match="grows more than 200 times when unpacked"):
            cg.read(tmp_path / name)
