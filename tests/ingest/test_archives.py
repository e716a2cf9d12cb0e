"""Course packages as strangers pack them: many authoring tools, slightly broken manifests, hostile archives."""

from __future__ import annotations

import io
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest

from capgraph.errors import ParseError
from capgraph.files import read_catalog
from capgraph.ingest import import_catalog

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from capgraph.ingest.plan import ImportPlan
    from capgraph.model import LearningAsset


_DECLARED = ' xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2"'
_RESOURCES = '<resources><resource adlcp:scormtype="sco"/></resources>'


def manifest(title: str, *, identifier: str = "M1", metadata: str = "", lead: str = "<?xml version='1.0'?>") -> str:
    """Return the manifest of a course with one lesson."""
    named = f"<title>{title}</title>" if title else ""
    return (
        f'{lead}<manifest identifier="{identifier}" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" '
        f'xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2"><metadata>{metadata}</metadata>'
        f'<organizations default="none"><organization identifier="o">{named}<item identifier="i"><title>Lesson</title>'
        '</item><item identifier="j"><title>Test</title></item></organization></organizations><resources/></manifest>'
    )


def packed(files: dict[str, str | bytes]) -> bytes:
    """Return a zip archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def assets(plan: ImportPlan) -> list[LearningAsset]:
    """Return the assets of a plan by title."""
    return sorted(plan.document.assets, key=lambda asset: asset.title)  # type: ignore[attr-defined]


def only(files: dict[str, str | bytes]) -> LearningAsset:
    """Return the one course of a package."""
    (asset,) = assets(import_catalog({"course.zip": packed(files)}))
    return asset


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (manifest("R & D"), "R & D"),
        (manifest("R &amp; D &#8211; <![CDATA[a & b]]>"), "R & D \u2013 a & b"),
        (manifest("Prix&nbsp;: 5&euro; &foo;"), "Prix : 5€ &foo;"),
        (manifest("Up\x0bdown"), "Updown"),
        (manifest("Below").replace(_DECLARED, "").replace("<resources/>", _RESOURCES), "Below"),
        (b"\xef\xbb\xbf" + manifest("Märkte").encode(), "Märkte"),
        (manifest("Märkte", lead="<?xml version='1.0' encoding='utf-16'?>").encode("utf-16"), "Märkte"),
        (manifest("Märkte", lead="").encode("utf-16"), "Märkte"),
        (manifest("Märkte", lead="<?xml version='1.0' encoding='utf-16'?>").encode(), "Märkte"),
        (manifest("R & D ä", lead="<?xml version='1.0' encoding='utf-16'?>").encode("utf-16"), "R & D ä"),
        (manifest("Prévu & sûr", lead="<?xml version='1.0' encoding='iso-8859-1'?>").encode("latin-1"), "Prévu & sûr"),
        ("\r\n " + manifest("After a line"), "After a line"),
    ],
)  # fmt: skip
def test_a_manifest_that_is_slightly_broken_is_read(text: str | bytes, title: str) -> None:
    assert only({"imsmanifest.xml": text}).title == title


@pytest.mark.parametrize("text", ["<manifest><a>", manifest("x") + "<b>", manifest("a < b")])
def test_a_manifest_that_is_no_xml_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(ParseError, match=r"course.zip: not readable as scorm:\n.*not XML: .*line 1, column"):
        import_catalog({"course.zip": packed({"imsmanifest.xml": text})})


def test_names_with_backslashes_are_paths() -> None:
    location = "<adlcp:location>meta\\about.xml</adlcp:location>"
    edition = "<lifecycle><version><langstring>2.1</langstring></version></lifecycle>"
    about = f"<lom><general><language>fr</language></general>{edition}</lom>"
    found = only({"c\\imsmanifest.xml": manifest("SQL", metadata=location), "c\\meta\\about.xml": about})
    assert (found.title, found.language, found.edition) == ("SQL", "fr", "2.1")


@pytest.mark.parametrize(("files", "told"), [({}, "'gone.xml' is missing"), ({"gone.xml": "<lom><a>"}, "not XML")])
def test_a_course_does_not_need_the_metadata_that_it_names(files: dict[str, str | bytes], told: str) -> None:
    location = "<adlcp:location>gone.xml</adlcp:location>"
    plan = import_catalog({"c.zip": packed({"imsmanifest.xml": manifest("SQL", metadata=location), **files})})
    assert [asset.title for asset in assets(plan)] == ["SQL"]
    (remark,) = [row for row in plan if row.action == "remark"]
    assert remark.reason == "metadata-unread"
    assert told in remark.hint


def test_metadata_name_the_publisher_and_no_people() -> None:
    card = "BEGIN:VCARD\nVERSION:2.1\nFN:{0}\nORG:{0} GmbH\nEND:VCARD"
    cycle = "".join(
        f"<contribute><role><value>{role}</value></role><entity>{card.format(name)}</entity></contribute>"
        for role, name in (("author", "Somebody"), ("publisher", "Acme"))
    )
    text = '<description><string language="en">All &lt;b&gt;of&lt;/b&gt; it</string></description>'
    lom = f"<lom><general>{text}</general><lifeCycle>{cycle}</lifeCycle></lom>"
    found = only({"imsmanifest.xml": manifest("SQL", metadata=lom)})
    assert (found.provider, found.description) == ("Acme GmbH", "All of it")
    assert "Somebody" not in found.model_dump_json()


def test_a_course_without_title_and_identifier_is_called_as_its_file() -> None:
    given = {f"{name}.zip": packed({"imsmanifest.xml": manifest("", identifier="")}) for name in ("one", "two")}
    plan = import_catalog(given)
    assert [(asset.title, asset.notation) for asset in assets(plan)] == [("one", "one.zip"), ("two", "two.zip")]
    assert [row.reason for row in plan if row.action == "remark"] == ["untitled", "untitled"]


def test_two_courses_with_one_identifier_stay_two(tmp_path: Path) -> None:
    inner = {
        "one.zip": packed({"imsmanifest.xml": manifest("SQL")}),
        "two.zip": packed({"imsmanifest.xml": manifest("Git")}),
    }
    plan = import_catalog({"all.zip": packed({**inner, "notes.txt": "hello"})})
    assert [asset.title for asset in assets(plan)] == ["Git", "SQL"]
    assert [row.reason for row in plan if row.action == "remark"] == ["identifier-shared"]
    unpacked = {"a/imsmanifest.xml": manifest("A", identifier="A"), "b/imsmanifest.xml": manifest("B", identifier="B")}
    table = {"courses.csv": "Course ID,Title\n1,C\n2,D\n", "a/data.csv": "x,y\n1,2\n"}
    plan = import_catalog({"all.zip": packed({**unpacked, **table})})
    assert [asset.title for asset in assets(plan)] == ["A", "B", "C", "D"]
    assert "all.zip/a: 'a/data.csv' lies in a course package, so nothing was read from it" in plan.notes
    for name, text in {**unpacked, **table, "a/page.html": "<html></html>"}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    plan = import_catalog(tmp_path)
    assert [asset.title for asset in assets(plan)] == ["A", "B", "C", "D"]
    assert {row.source for row in plan} == {"a", "b", "courses.csv"}


def test_other_packages_are_read() -> None:
    tincan = (
        '<tincan xmlns="http://projecttincan.com/tincan.xsd"><activities>'
        '<activity id="https://e.org/q" type="http://adlnet.gov/expapi/activities/question"><name>Q</name></activity>'
        '<activity id="https://e.org/c" type="http://adlnet.gov/expapi/activities/course"><name>Fire</name>'
        '<description lang="en-US">Leave</description></activity></activities></tincan>'
    )
    found = only({"tincan.xml": tincan, "story.html": "x"})
    assert (found.id, found.title, found.description, found.language) == ("https://e.org/c", "Fire", "Leave", "en-US")
    assert [dict(item) for item in found.extensions["tincan"]["activities"]] == [
        {"id": "https://e.org/q", "title": "Q"}
    ]
    about = '{"title": "GDPR &amp; you", "language": "und", "mainLibrary": "H5P.InteractiveVideo", "authors": [{}]}'
    found = only({"h5p.json": about, "content/content.json": '{"title": "other"}'})
    assert (found.title, found.kind, found.language) == ("GDPR & you", "video", None)
    backup = {
        "moodle_backup.xml": "<moodle_backup><information><original_course_fullname>Start</original_course_fullname>"
        "<contents><activities><activity><title>Quiz</title></activity></activities></contents></information>"
        "</moodle_backup>",
        "course/course.xml": '<course id="3"><shortname>ONB</shortname><idnumber>X1</idnumber><lang>de_ch</lang>'
        "<summary>&lt;p&gt;Hi&lt;/p&gt;</summary><tags><tag><rawname>HR</rawname></tag></tags></course>",
    }
    found = only(dict(backup))
    assert (found.title, found.notation, found.description, found.keywords) == ("Start", "X1", "Hi", ("HR",))
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for name, text in backup.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text.encode()))
    assert [asset.title for asset in assets(import_catalog({"b.mbz": stream.getvalue()}))] == ["Start"]
    with pytest.raises(ParseError, match="the file names no activity"):
        only({"tincan.xml": "<tincan/>"})
    with pytest.raises(ParseError, match="describes no content"):
        only({"h5p.json": "[]"})
    with pytest.raises(ParseError, match="describes no course"):
        only({"moodle_backup.xml": "<moodle_backup/>"})


def test_a_canvas_course_has_its_code() -> None:
    settings = "<course><title>Biology (Fall)</title><course_code>BIO-1</course_code></course>"
    text = (
        '<manifest identifier="c" xmlns="http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"><organizations/></manifest>'
    )
    found = only({"imsmanifest.xml": text, "course_settings/course_settings.xml": settings})
    assert (found.title, found.extensions["common-cartridge"]["course_code"]) == ("Biology (Fall)", "BIO-1")


def _linked() -> bytes:
    """Return an archive with a link."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        entry = zipfile.ZipInfo("imsmanifest.xml")
        entry.create_system, entry.external_attr = 3, 0o120777 << 16
        archive.writestr(entry, "/etc/hosts")
    return stream.getvalue()


def _twice() -> bytes:
    """Return an archive with two different files of one name, and two equal ones of another."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in (
            ("imsmanifest.xml", "<a/>"),
            ("same.txt", "x"),
            ("imsmanifest.xmk", "<b/>"),
            ("same.txu", "x"),
        ):
            archive.writestr(name, text)
    return stream.getvalue().replace(b".xmk", b".xml").replace(b".txu", b".txt")


def _encrypted() -> bytes:
    """Return an archive whose file says that it is encrypted."""
    data = bytearray(packed({"imsmanifest.xml": manifest("SQL")}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def _nested() -> bytes:
    """Return an archive in more archives than anybody needs."""
    data = packed({"courses.csv": "Title\nSQL\nGit\n"})
    for _ in range(6):
        data = packed({"inner.zip": data})
    return data


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "bomb.zip": (lambda: packed({"imsmanifest.xml": manifest("x"), "a.bin": bytes(5 << 20)}), "grows more than 200"),
    "up.zip": (lambda: packed({"../imsmanifest.xml": manifest("x")}), "leads out of the archive"),
    "root.zip": (lambda: packed({"/etc/imsmanifest.xml": manifest("x")}), "leads out of the archive"),
    "back.zip": (lambda: packed({"a\\..\\..\\imsmanifest.xml": manifest("x")}), "leads out of the archive"),
    "entity.zip": (
        lambda: packed({"imsmanifest.xml": f'<!DOCTYPE m [<!ENTITY a "aa">]>{manifest("&a;", lead="")}'}),
        "declares a document type",
    ),
    "link.zip": (_linked, "is a link, which is not followed"),
    "twice.zip": (_twice, "is the name of two different files"),
    "locked.zip": (_encrypted, "is encrypted"),
    "cut.zip": (lambda: packed({"imsmanifest.xml": manifest("x")})[:-30], "the archive cannot be read"),
    "many.zip": (lambda: packed({f"{number}.txt": "" for number in range(10_001)}), "10,001 files, more than 10,000"),
    "deep.zip": (_nested, "it lies in 4 archives"),
}  # fmt: skip


def test_hostile_packages_are_refused_and_the_others_come_in(tmp_path: Path) -> None:
    for name, (made, _) in HOSTILE.items():
        (tmp_path / name).write_bytes(made())
    (tmp_path / "good.zip").write_bytes(packed({"imsmanifest.xml": manifest("Good")}))
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "link.csv").symlink_to("/etc/hosts")
    plan = import_catalog(tmp_path)
    assert [asset.title for asset in assets(plan)] == ["Good"]
    told = {row.source.split("/")[0]: row.hint for row in plan.rejected}
    assert {name: words in told[name] for name, (_, words) in HOSTILE.items()} == dict.fromkeys(HOSTILE, True)
    assert "leads out of the folder" in told["inside"]
    everything = packed({path.name: path.read_bytes() for path in tmp_path.glob("*.zip")})
    plan = import_catalog({"all.zip": everything})
    assert [asset.title for asset in assets(plan)] == ["Good"]
    assert len({row.source for row in plan.rejected}) == len(HOSTILE)


@pytest.mark.parametrize("data", [packed({}), packed({"a.png": b"\x89PNG", "b.pdf": b"%PDF"})])
def test_an_archive_with_nothing_to_read_is_told(data: bytes) -> None:
    with pytest.raises(ParseError, match="no file in it that can hold courses"):
        import_catalog(data)


def test_a_tar_of_something_else_is_told() -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo("a.txt"))
    with pytest.raises(Exception, match="none of the course packages that are known"):
        import_catalog({"a.tar.gz": stream.getvalue()})


def test_a_package_is_called_by_its_file_where_it_is_read_as_a_catalog(tmp_path: Path) -> None:
    path = tmp_path / "intro.zip"
    path.write_bytes(packed({"imsmanifest.xml": manifest("", identifier="")}))
    assert [asset.title for asset in read_catalog(path).assets] == ["intro"]


def test_packages_of_one_template_are_told_apart_in_every_import(tmp_path: Path) -> None:
    names = ("com.scorm.manifesttemplates.scorm12", "SingleCourse", "MANIFEST-01")
    for identifier in names:
        ids = set()
        for title in ("SQL", "Git"):
            path = tmp_path / f"{title}.zip"
            path.write_bytes(packed({"imsmanifest.xml": manifest(title, identifier=identifier)}))
            ids.add(assets(import_catalog(path, catalog="catalog:all"))[0].id)
        assert len(ids) == 2
    other = [only({"imsmanifest.xml": manifest(title, identifier="MANIFEST-6F2A9C")}).id for title in ("SQL", "SQL II")]
    assert other[0] == other[1]


def test_what_real_tools_write_is_read() -> None:
    bare = manifest("SQL", metadata='<general><title><string language="en">Other</string></title></general>')
    assert only({"imsmanifest.xml": bare}).language == "en"
    unknown = (
        '<tincan><activities><activity id="https://e.org/c" type="course"><name lang="und">Cyber</name>'
        '<description lang="und"/></activity></activities></tincan>'
    )
    found = only({"tincan.xml": unknown})
    assert (found.title, found.language, found.description) == ("Cyber", None, "")
    structure = (
        '<courseStructure><course id="https://e.org/c"><title><langstring lang="en">C</langstring></title></course>'
        '<au id="https://e.org/a"><url>a.html</url><moveOn>Passed</moveOn><masteryScore>0.8</masteryScore></au>'
        "</courseStructure>"
    )
    (unit,) = only({"cmi5.xml": structure}).extensions["cmi5"]["units"]
    assert (unit["moveOn"], unit["masteryScore"]) == ("Passed", "0.8")


def test_an_open_edx_export_states_some_things_in_its_policy() -> None:
    found = only(
        {
            "course/course.xml": '<course url_name="course" org="Acme" course="D1"/>',
            "course/course/course.xml": "<course><chapter/></course>",
            "course/policies/course/policy.json": '{"course/course": {"display_name": "Data", "start": "2026-01-31"}}',
            "course/about/effort.html": "2 hours a week",
        }
    )
    assert (found.title, str(found.published), found.extensions["olx"]["effort"]) == (
        "Data",
        "2026-01-31",
        "2 hours a week",
    )
