"""Files: paths, folders and archives, recognized by their content and read within limits."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

import capgraph as cg
from capgraph import files
from capgraph.errors import (
    ArgumentError,
    CapgraphWarning,
    FormatError,
    LossyConversionWarning,
    ParseError,
    UnknownFormatError,
    UnsupportedError,
)
from capgraph.formats import format_named, known_formats
from capgraph.formats.content import Content, Limits, unpacked

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from capgraph.formats.projection import Carries

FRAMEWORK = cg.Framework(id="fw:a", title="A", capabilities=[cg.Capability(id="cap:a", label="A", description="text")])


def _zip(path: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


@pytest.fixture
def native(tmp_path: Path) -> Path:
    cg.write(FRAMEWORK, tmp_path / "a.json")
    return tmp_path / "a.json"


def test_file_folder_and_archive_hold_the_same(native: Path, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.json").write_bytes(native.read_bytes())
    (folder / ".hidden").write_bytes(b"x")
    archive = _zip(tmp_path / "a.zip", {"deep/a.json": native.read_bytes(), "__MACOSX/x": b"clutter"})
    assert cg.read(native) == cg.read(folder) == cg.read_framework(archive) == FRAMEWORK


def test_reading_says_which_format_was_taken_and_why(native: Path) -> None:
    conversion = cg.reading(native).conversion
    assert (conversion.format, conversion.direction, conversion.chosen) == (
        "native",
        "read",
        'has the field "capgraph"',
    )


def test_lines_are_written_where_the_name_says_so(tmp_path: Path) -> None:
    cg.write(FRAMEWORK, tmp_path / "a.jsonl")
    assert (tmp_path / "a.jsonl").read_text(encoding="utf-8").count("\n") == 2
    assert cg.read(tmp_path / "a.jsonl") == FRAMEWORK


def test_name_without_a_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormatError, match=r"'a\.dat' does not say its format"):
        cg.write(FRAMEWORK, tmp_path / "a.dat")


def test_failed_writing_leaves_the_old_file(native: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = native.read_bytes()

    def broken(_self: Path, _target: Path) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr(type(native), "replace", broken)
    with pytest.raises(OSError, match="no space left"):
        cg.write(FRAMEWORK.replace(title="B"), native)
    assert native.read_bytes() == before
    assert [path.name for path in native.parent.iterdir()] == ["a.json"]


def test_unknown_content_lists_the_nearest_formats(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"\x00\x01\x02")
    with pytest.raises(UnknownFormatError, match="no known format of a framework fits; nearest: native"):
        cg.read_framework(tmp_path / "a.bin")


@pytest.mark.parametrize("name", ["folder", "empty.csv"])
def test_nothing_to_read_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty.csv").touch()
    with pytest.raises(ParseError, match=r"(?s)(folder|empty\.csv): .*there is nothing in it; check the path"):
        cg.read(tmp_path / name)


def test_unknown_format_suggests_the_nearest(native: Path) -> None:
    with pytest.raises(UnknownFormatError, match="'nativ' is no known format; did you mean 'native'"):
        cg.read(native, format="nativ")


def test_unknown_option_is_refused(native: Path) -> None:
    with pytest.raises(FormatError, match="'colour': no option of capgraph JSON; its options are kind"):
        cg.read(native, colour="red")


def test_wrong_kind_of_format_is_refused(native: Path) -> None:
    with pytest.raises(UnsupportedError, match="holds a catalog, not a framework"):
        cg.read_framework(native, format="course-table")


def test_errors_carry_the_path(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"capgraph": "1.0", ', encoding="utf-8")
    with pytest.raises(ParseError) as caught:
        cg.read(tmp_path / "a.json")
    assert caught.value.path == str(tmp_path / "a.json")
    assert caught.value.format == "native"


def test_missing_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        cg.read(tmp_path / "none.json")


@pytest.mark.parametrize("name", ["../a.json", "/a.json", "a/../../b", "C:/a.json", "..\\a.json"])
def test_archive_that_leads_out_of_itself_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ParseError, match="leads out of the archive"):
        cg.read(_zip(tmp_path / "a.zip", {name: b"{}"}))


def test_bomb_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParseError, match="grows more than 200 times"):
        cg.read(_zip(tmp_path / "a.zip", {"a.json": b" " * (5 << 20)}))


def test_too_many_and_too_large_are_refused(tmp_path: Path) -> None:
    archive = _zip(tmp_path / "a.zip", {f"{number}.json": b"{}" for number in range(5)})
    with pytest.raises(ParseError, match="holds 5 files, more than 3"):
        cg.reading(archive, limits=Limits(count=3))
    (tmp_path / "b.json").write_bytes(b" " * 100)
    with pytest.raises(ParseError, match="holds 100 bytes, more than 50"):
        cg.reading(tmp_path / "b.json", limits=Limits(size=50))
    with pytest.raises(ParseError, match="the folder holds more than 1 files"):
        cg.reading(tmp_path, limits=Limits(count=1))


def test_cut_archive_is_told(tmp_path: Path) -> None:
    archive = _zip(tmp_path / "a.zip", {"a.json": b"{}"})
    archive.write_bytes(archive.read_bytes()[:-10])
    with pytest.raises(ParseError, match="the archive cannot be read"):
        cg.read(archive)


def test_damaged_entry_is_told() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.json", b"hello world")
    data = buffer.getvalue().replace(b"hello world", b"hello w0rld")
    entries = unpacked(io.BytesIO(data))
    with pytest.raises(ParseError, match=r"'a\.json' cannot be unpacked"):
        Content(entries)["a.json"]


def test_warning_counts_what_was_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Course,Hours\nSQL,2\n,3\n", encoding="utf-8")
    with pytest.warns(CapgraphWarning, match=r"a\.csv: read as course-table with 1 problems and 1 things left out"):
        catalog = cg.read_catalog(tmp_path / "a.csv")
    assert [asset.title for asset in catalog.assets] == ["SQL"]


def test_lossy_writing_warns_and_lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    carries: Carries = {"framework": frozenset({"title", "capabilities"}), "capability": frozenset({"label"})}
    narrow = replace(known_formats()[0], carries=carries)
    monkeypatch.setattr(files, "format_named", lambda _: narrow)
    with pytest.warns(LossyConversionWarning, match=r"'fw:a' as capgraph JSON loses: capability.description \(1\)"):
        conversion = cg.write(FRAMEWORK, tmp_path / "a.json")
    assert [(row.part, row.count, row.places) for row in conversion.dropped] == [
        ("capability.description", 1, ("cap:a",))
    ]


def test_sample_is_whole() -> None:
    sample = cg.sample()
    assert sample is not cg.sample()
    assert len(sample.framework.roles) >= 30
    assert sum(len(catalog.assets) for catalog in sample.catalogs) >= 200
    assert repr(sample).startswith("Sample(")


def test_a_missing_path_is_told_in_plain_words_with_the_nearest_name(native: Path, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        cg.read(tmp_path / "b.json")
    assert str(caught.value) == f"{tmp_path / 'b.json'}: there is no such file or folder; did you mean {native.name!r}?"
    with pytest.raises(FileNotFoundError, match=r"x/a\.json: there is no folder .*x; check the path"):
        cg.read(tmp_path / "x" / "a.json")
    with pytest.raises(FileNotFoundError, match="there is no such file or folder; check the path"):
        cg.read(tmp_path / "quite-another-name.csv")


def test_a_file_that_may_not_be_read_is_told(native: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(self: Path, *_: object) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(type(native), "open", refused)
    with pytest.raises(PermissionError, match=r"a\.json cannot be opened \(permission denied\); check the permissions"):
        cg.read(native)


def test_an_error_without_a_path_stays_as_it_is(native: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_self: Path, *_: object) -> None:
        raise OSError(5, "input/output error")

    monkeypatch.setattr(type(native), "open", broken)
    with pytest.raises(OSError, match="input/output error"):
        cg.read(native)


def test_a_failed_writing_names_the_target(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"x/a\.json cannot be written \(no such file or directory\); make the folder"):
        cg.write(FRAMEWORK, tmp_path / "x" / "a.json")
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(
        OSError, match=r"folder\.json cannot be written .*; it is a folder; name a file in it"
    ) as caught:
        cg.write(FRAMEWORK, tmp_path / "folder.json")
    assert ".part" not in str(caught.value)
    assert isinstance(caught.value.__cause__, OSError)


@pytest.mark.parametrize("cut", [1, 30, 60])
def test_json_that_ends_early_is_said_to(native: Path, cut: int) -> None:
    native.write_bytes(native.read_bytes()[:cut])
    with pytest.raises(ParseError, match=r"the file ends early, at line .*; fetch or export it again"):
        cg.read(native)


@pytest.mark.parametrize(
    ("call", "arguments", "options", "told"),
    [
        (cg.read, (3,), {}, "path is a int, not a str or path"),
        (cg.read, (), {}, "no path is given"),
        (cg.read, ("a",), {"format": 3}, "format is a int, not a str or None"),
        (cg.reading, ("a",), {"limits": 10}, "limits is a int, not a Limits"),
        (cg.write, ("text", "a"), {}, "document is a str, not a Document"),
        (cg.write, (FRAMEWORK, None), {}, "path is a NoneType, not a str or path"),
        (cg.write, (FRAMEWORK, "a"), {"format": b"native"}, "format is a bytes, not a str or None"),
        (cg.CapabilityGraph(FRAMEWORK).ids, ("Capability",), {}, "'Capability' is no model class"),
    ],
)
def test_arguments_of_another_type_are_refused(
    call: Callable[..., object], arguments: tuple[object, ...], options: dict[str, object], told: str
) -> None:
    with pytest.raises(ArgumentError, match=told):
        call(*arguments, **options)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"isco": 25}, "'isco' is 25, and ESCO .* takes a text"),
        ({"occupations": "x"}, "'occupations' is 'x', and ESCO .* takes a list"),
        ({"language": None, "isco": []}, r"(?s)'language' is None.*'isco' is \[\]"),
        ({"langage": "en"}, "no option of ESCO.*did you mean 'language'"),
        ({"isco": object}, "takes a text"),
    ],
)
def test_options_of_another_type_are_refused(options: dict[str, Any], told: str) -> None:
    with pytest.raises(FormatError, match=told):
        format_named("esco").parse({"a.csv": b"x"}, **options)
    with pytest.raises(FormatError, match="'min_importance' is True"):
        format_named("onet").parse({"a.csv": b"x"}, min_importance=True)


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("a.json", "native"),
        ("a.case.json", "case"),
        ("a.ttl", "skos"),
        ("a.graphml", "graphml"),
        ("a.skos-jsonld.jsonld", "skos-jsonld"),
        ("a.ndjson", "native-lines"),
        ("A.XLSX", "tidy-xlsx"),
    ],
)
@pytest.mark.filterwarnings("ignore::capgraph.errors.LossyConversionWarning")
def test_the_name_says_the_format(tmp_path: Path, name: str, format: str) -> None:
    conversion = cg.write(FRAMEWORK, tmp_path / name)
    assert (conversion.format, conversion.chosen) == (format, "as the name says")
    assert cg.write(FRAMEWORK, tmp_path / name, format=format).chosen == "asked for"


def test_a_name_that_fits_several_formats_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormatError, match=r"name it \(format=\), one of moodle, canvas, openedx"):
        cg.write(FRAMEWORK, tmp_path / "a.csv")


def test_several_files_are_packed_where_the_name_is_that_of_an_archive(tmp_path: Path) -> None:
    cg.write(FRAMEWORK, tmp_path / "a.zip", format="tidy")
    first = (tmp_path / "a.zip").read_bytes()
    cg.write(FRAMEWORK, tmp_path / "a.zip")
    assert (tmp_path / "a.zip").read_bytes() == first
    assert cg.read(tmp_path / "a.zip") == FRAMEWORK


def test_a_name_of_a_format_for_another_document_is_told(tmp_path: Path) -> None:
    framework = cg.Framework(id="fw:a", capabilities=[cg.Capability(id="cap:a", label="A")])
    with pytest.raises(cg.errors.UnknownFormatError, match=r"like SSSOM .* holds a crosswalk, not a framework"):
        cg.write(framework, tmp_path / "a.sssom.tsv")
