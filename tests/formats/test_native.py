"""The native format: it loses nothing, and it says what it does not know."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings

from capgraph.errors import CapgraphWarning, ParseError, UnsupportedError
from capgraph.formats.native import FORMAT, LINES
from capgraph.model import Capability, Document, Framework
from strategies import documents

if TYPE_CHECKING:
    from capgraph.formats.record import Format

BOTH = pytest.mark.parametrize("format", [FORMAT, LINES], ids=lambda format: format.name)


def _parse(text: str | bytes, **options: object) -> Document:
    return FORMAT.parse({"a.json": text if isinstance(text, bytes) else text.encode()}, **options)[0]


@BOTH
@settings(max_examples=100)
@given(document=documents())
def test_round_trip_loses_nothing(format: Format, document: Document) -> None:
    rendered, written = format.render(document)
    assert isinstance(rendered, bytes)
    again, read = format.parse({"a": rendered})
    assert again == document
    assert (written.dropped, read.problems) == ((), ())
    assert format.render(again)[0] == rendered


@BOTH
def test_kept_members_are_counted(format: Format) -> None:
    framework = Framework(id="fw:a", capabilities=[Capability(id="cap:a", label="A")])
    rows = format.render(framework)[1].rows()
    assert [(row["action"], row["part"], row["count"]) for row in rows] == [("kept", "capabilities", 1)]


def test_newer_minor_version_warns() -> None:
    with pytest.warns(CapgraphWarning, match=r"'1\.7' is newer than 1\.0"):
        assert _parse('{"capgraph": "1.7", "document": "framework", "id": "fw:a"}').id == "fw:a"


def test_newer_major_version_is_refused() -> None:
    with pytest.raises(UnsupportedError, match=r"'2\.0' is a version of the native format"):
        _parse('{"capgraph": "2.0", "document": "framework", "id": "fw:a"}')


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"capgraph": "1.0", "document": "framework"}', "id: field required"),
        ('{"capgraph": "1.0", "document": "frame", "id": "a:b"}', "'frame' is no kind of document"),
        ('{"document": "framework", "id": "a:b"}', "states no version"),
        ('{"capgraph": "1.0", ', "line 1 column"),
        ("[1]", "the file is a list, not an object"),
        ('{"capgraph": "1.0", "document": "framework", "id": "a:b", "x": NaN}', "line 1 column"),
        ("[" * 5000, "recursion limit"),
        (b'\xff\xfe{"a": \x00', "not utf-16"),
        ('{"capgraph": "1.0", "document": "framework", "id": "a:b", "mood": 1}', "is no field"),
    ],
)
def test_bad_files_are_told(text: str | bytes, told: str) -> None:
    with pytest.raises(ParseError, match=told):
        _parse(text)


def test_utf_16_is_read() -> None:
    text = json.dumps({"capgraph": "1.0", "document": "framework", "id": "fw:a", "title": "Größe"})
    assert _parse(text.encode("utf-16")).title == "Größe"


def test_all_bad_lines_are_told_with_their_numbers() -> None:
    lines = [
        b'{"capgraph": "1.0", "document": "framework", "id": "fw:a"}',
        b'{"capabilities": {"id": "cap:a", "label": ""}}',
        b"{",
        b'{"skills": {}}',
        b'{"capabilities": {"id": "cap:b", "label": "B"}}',
    ]
    with pytest.raises(ParseError) as caught:
        LINES.parse({"a.jsonl": b"\n".join(lines)})
    assert [issue.where for issue in caught.value.issues] == ["line:2", "line:3", "line:4"]


def test_wrong_kind_is_told() -> None:
    with pytest.raises(ParseError, match="holds a framework, not a catalog"):
        _parse('{"capgraph": "1.0", "document": "framework", "id": "a:b"}', kind="catalog")
