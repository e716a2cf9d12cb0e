"""Course packages: SCORM, cmi5, Common Cartridge, Open edX."""

from __future__ import annotations

import io
import tarfile
import zipfile

import pytest

from capgraph.errors import ParseError
from capgraph.formats import cartridge, cmi5, olx, scorm
from capgraph.formats.content import Content
from capgraph.ingest import import_catalog
from capgraph.model import Catalog, Document, LearningAsset

CARTRIDGE = b"""<manifest identifier="cc1" xmlns="http://www.imsglobal.org/xsd/imsccv1p3/imscp_v1p1">
 <metadata><schema>IMS Common Cartridge</schema><schemaversion>1.3.0</schemaversion>
  <lom><general><title><string language="en">Safe lifting</string></title></general></lom>
  <curriculumStandardsMetadataSet><curriculumStandardsMetadata><setOfGUIDs><labelledGUID>
   <GUID>{6B29FC40CA471067B31D00DD010662DA}</GUID><label>Lift loads</label></labelledGUID></setOfGUIDs>
  </curriculumStandardsMetadata></curriculumStandardsMetadataSet></metadata>
 <organizations><organization identifier="o">
  <item identifier="i"><title>Page one</title></item></organization></organizations>
 <resources><resource identifier="r"/></resources></manifest>"""
OUTCOMES = b"""<learningOutcomes xmlns="http://canvas.instructure.com/xsd/cccv1p0"><learningOutcome identifier="lo1">
 <title>Lifts safely</title></learningOutcome></learningOutcomes>"""
OLX = {
    "course/course.xml": b'<course org="Acme" course="DQ1" url_name="2026"/>',
    "course/course/2026.xml": b'<course display_name="Data quality" language="en" start="&quot;2026-03-01&quot;">'
    b'<chapter url_name="c1"/></course>',
    "course/chapter/c1.xml": b'<chapter display_name="Why"><sequential url_name="s1"/></chapter>',
    "course/sequential/s1.xml": b'<sequential display_name="First steps"/>',
    "course/about/overview.html": b"<p>About <b>data</b></p>",
}
SCORM = b"""<?xml version="1.0" encoding="utf-8"?><manifest identifier="m1"><organizations default="b">
 <organization identifier="a"><title>Other</title></organization>
 <organization identifier="b"><title>F\xfchrung</title><item><title>One</title></item></organization>
</organizations></manifest>"""


def _only(catalog: Document) -> LearningAsset:
    assert isinstance(catalog, Catalog)
    (asset,) = catalog.assets
    return asset


def test_a_cartridge_names_its_standards_by_guid() -> None:
    content = Content({"imsmanifest.xml": CARTRIDGE, "course_settings/learning_outcomes.xml": OUTCOMES})
    assert cartridge.FORMAT.sniff(content, "catalog").score > scorm.FORMAT.sniff(content, "catalog").score
    asset = _only(cartridge.FORMAT.parse(content)[0])
    assert asset.title == "Safe lifting"
    assert asset.alignments[0].target == "urn:uuid:6b29fc40-ca47-1067-b31d-00dd010662da"
    assert (asset.alignments[0].state, asset.alignments[0].label) == ("proposed", "Lift loads")
    assert asset.extensions["common-cartridge"]["outcomes"][0]["title"] == "Lifts safely"


def test_an_open_edx_export_is_followed_through_its_files() -> None:
    asset = _only(olx.FORMAT.parse(Content(OLX))[0])
    assert (asset.title, asset.notation, asset.provider) == ("Data quality", "course-v1:Acme+DQ1+2026", "Acme")
    assert (asset.description, str(asset.published)) == ("About data", "2026-03-01")
    assert asset.extensions["olx"]["sequences"] == ("First steps",)


def test_an_open_edx_tar_is_imported() -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for name, data in OLX.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    plan = import_catalog({"export.tar.gz": stream.getvalue()})
    assert _only(plan.document).title == "Data quality"
    with pytest.raises(ParseError, match="cannot be read"):
        import_catalog({"cut.tar.gz": stream.getvalue()[:100]})


def test_windows_letters_in_a_manifest_that_says_utf8_are_read() -> None:
    asset = _only(scorm.FORMAT.parse(Content({"deep/er/imsmanifest.xml": SCORM}))[0])
    assert asset.title == "Führung"
    assert (asset.extensions["scorm"]["version"], asset.extensions["scorm"]["items"]) == ("1.2", ("One",))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'<!DOCTYPE m [<!ENTITY x "y">]><manifest>&x;</manifest>', "document type"),
        (b"<manifest>", "not XML"),
    ],
)
def test_hostile_and_broken_manifests_are_refused(data: bytes, message: str) -> None:
    with pytest.raises(ParseError, match=message):
        scorm.FORMAT.parse(Content({"imsmanifest.xml": data}))


def test_a_structure_without_a_course_is_refused() -> None:
    with pytest.raises(ParseError, match="no course"):
        cmi5.FORMAT.parse(Content({"cmi5.xml": b"<courseStructure/>"}))


def test_two_packages_with_one_identifier_are_both_kept() -> None:
    packed = {}
    for number, title in enumerate(("One", "Two")):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("imsmanifest.xml", SCORM.replace(b"<title>One", f"<title>{title}".encode()))
        packed[f"p{number}.zip"] = stream.getvalue()
    plan = import_catalog(packed)
    assert len(plan.added) == 2
    assert "identifier-shared" in {row.reason for row in plan.records}
