"""The native format: JSON that loses nothing, and JSON Lines for documents too big for one line of thought.

A file is ``{"capgraph": "1.0", "document": "framework", "id": …, …}``: fields with their default are left out.
In JSON Lines the first line holds the document without its tables, and every other line one member of a table:
``{"capabilities": {"id": …}}``.
"""

from __future__ import annotations

import io
import re
import warnings
from itertools import chain
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from capgraph.errors import CapgraphWarning, DocumentError, Issue, ParseError, UnsupportedError
from capgraph.formats.jsontext import dump_json, load_json, object_of
from capgraph.formats.record import EVERYTHING, NO, Format, Sniff
from capgraph.model import DOCUMENTS, Document

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from capgraph.formats.content import Content
    from capgraph.formats.conversion import Ledger

VERSION = "1.0"
"""The version of the format that is written."""

_KINDS = {kind.kind: kind for kind in DOCUMENTS}
_VERSION = re.compile(r"^(\d+)\.(\d+)$")
_LINE = 1 << 26
_MARK = re.compile(rb'"capgraph"\s*:\s*"')
_SAID = re.compile(rb'"document"\s*:\s*"(\w+)"')


def _kind_of(head: dict[str, Any] | Any, wanted: str) -> type[Document]:  # noqa: ANN401 - a JSON value
    """Return the class of the document that an envelope states."""
    envelope = object_of(head, "", "the file")
    _check_version(envelope.get("capgraph"))
    kind = envelope.get("document")
    if kind not in _KINDS:
        hint = f"state one of {', '.join(_KINDS)}"
        raise ParseError([Issue("unknown-document", f"{kind!r} is no kind of document", where="/document", hint=hint)])
    if wanted and kind != wanted:
        text = f"the file holds a {kind}, not a {wanted}"
        raise ParseError([Issue("wrong-document", text, where="/document", hint=f"read it as a {kind}")])
    return _KINDS[kind]


def _check_version(stated: object) -> None:
    """Refuse a version that is missing or of another generation; warn of a newer one of this generation."""
    found = _VERSION.match(stated) if isinstance(stated, str) else None
    if found is None:
        hint = f'begin it with {{"capgraph": "{VERSION}", "document": …}}'
        raise ParseError(
            [Issue("no-version", f"the file states no version, but {stated!r}", where="/capgraph", hint=hint)]
        )
    major, minor = (int(part) for part in VERSION.split("."))
    if int(found[1]) != major:
        text = f"{stated!r} is a version of the native format that this library does not know; use a library that does"
        raise UnsupportedError(text, format="native")
    if int(found[2]) > minor:
        text = (
            f"{stated!r} is newer than {VERSION}: fields that this library does not know are refused; upgrade capgraph"
        )
        warnings.warn(text, CapgraphWarning, stacklevel=3)


def read_json(content: Content, ledger: Ledger, *, kind: str = "") -> Document:
    """Return the document of a native JSON file."""
    data = load_json(content[content.name])
    model = _kind_of(data, kind)
    document = model.model_validate(
        {name: value for name, value in data.items() if name not in {"capgraph", "document"}}
    )
    _count(document, ledger)
    return document


def write_json(document: Document, ledger: Ledger, *, indent: int | None = 2) -> bytes:
    """Return the document as native JSON."""
    _count(document, ledger)
    return dump_json(enveloped(document), indent=indent)


def enveloped(document: Document) -> dict[str, Any]:
    """Return a document as the JSON object that a native file holds."""
    return {"capgraph": VERSION, "document": document.kind, **document.to_dict()}


def read_lines(content: Content, ledger: Ledger, *, kind: str = "") -> Document:
    """Return the document of a native JSON Lines file, read line by line."""
    with content.open(content.name) as stream:
        lines = _lines(stream)
        head = load_json(next(lines, (1, b""))[1], "line:1")
        model = _kind_of(head, kind)
        adapters = {table: TypeAdapter(model.model_fields[table].annotation.__args__[0]) for table in model.tables}  # type: ignore[union-attr]
        tables: dict[str, list[Any]] = {table: [] for table in model.tables}
        issues: list[Issue] = []
        for number, line in lines:
            issues.extend(_take(line, f"line:{number}", adapters, tables))
    if issues:
        raise ParseError(issues)
    fields = {name: value for name, value in head.items() if name not in {"capgraph", "document"}}
    document = model.model_validate({**fields, **tables})
    _count(document, ledger)
    return document


def _take(
    line: bytes, place: str, adapters: dict[str, TypeAdapter[Any]], tables: dict[str, list[Any]]
) -> Iterator[Issue]:
    """Add the member that a line holds to its table; yield what is wrong with it."""
    try:
        table, value = _member(load_json(line, place), place, tables)
    except ParseError as error:
        yield from error.issues
        return
    try:
        tables[table].append(adapters[table].validate_python(value))
    except DocumentError as error:
        yield from (Issue(issue.code, issue.message, issue.ids, place, issue.hint) for issue in error.issues)
    except ValueError as error:
        yield Issue("bad-member", f"the line holds no valid member of {table}: {error}", where=place, hint="correct it")


def _member(entry: object, place: str, tables: Collection[str]) -> tuple[str, Any]:
    """Return the table and the value of the member that a line holds."""
    if not isinstance(entry, dict) or len(entry) != 1 or next(iter(entry)) not in tables:
        hint = f'write {{"table": {{…}}}} with one of {", ".join(tables)}'
        raise ParseError([Issue("bad-line", "the line holds no member of a table", where=place, hint=hint)])
    table, value = next(iter(entry.items()))
    return table, value


def _lines(stream: Any) -> Iterator[tuple[int, bytes]]:  # noqa: ANN401 - any binary stream
    """Yield the numbered lines that are not empty."""
    number = 0
    while line := stream.readline(_LINE):
        number += 1
        if len(line) == _LINE:
            issue = Issue(
                "too-large", f"the line holds more than {_LINE:,} bytes", where=f"line:{number}", hint="split it"
            )
            raise ParseError([issue])
        if line.strip():
            yield number, line


def write_lines(document: Document, ledger: Ledger) -> bytes:
    """Return the document as native JSON Lines."""
    _count(document, ledger)
    buffer = io.BytesIO()
    for line in rendered_lines(document):
        buffer.write(line)
    return buffer.getvalue()


def rendered_lines(document: Document) -> Iterator[bytes]:
    """Yield the lines of a native JSON Lines file, one at a time."""
    tables = set(document.tables)
    head = document.model_dump(mode="json", exclude_defaults=True, exclude=tables)
    first = {"capgraph": VERSION, "document": document.kind, **head}
    members = ({table: member.to_dict()} for table in document.tables for member in getattr(document, table))
    for entry in chain([first], members):
        yield dump_json(entry, indent=None)


def _count(document: Document, ledger: Ledger) -> None:
    """Note how many members were kept."""
    for table in document.tables:
        ledger.note("kept", table, count=len(getattr(document, table)))


def _sniff(content: Content, kind: str, *, lines: bool) -> Sniff:
    """Return whether the head of the file is a native envelope, on one line of several or not."""
    head = content.head()
    if len(content) != 1 or not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return Sniff(0.0, missing=("one file that begins with {",))
    first = head.split(b"\n", 1)[0] if lines else head
    if not _MARK.search(first):
        return Sniff(0.1 if not lines else 0.0, missing=('the field "capgraph"',))
    if lines != _has_members_by_line(head):
        return NO
    said = _SAID.search(head)
    if kind and said and said[1].decode() != kind:
        return Sniff(0.5, ('has the field "capgraph"',), (f"a {kind}: it holds a {said[1].decode()}",))
    return Sniff(1.0, ('has the field "capgraph"',))


def _has_members_by_line(head: bytes) -> bool:
    """Return whether an envelope is followed by lines with one member each."""
    starts = head.lstrip(b"\xef\xbb\xbf").startswith(b'{"capgraph"')
    return starts and re.search(rb'^\{"\w+":\{', head, re.MULTILINE) is not None


def _sniff_json(content: Content, kind: str) -> Sniff:
    """Return whether the content is native JSON."""
    return _sniff(content, kind, lines=False)


def _sniff_lines(content: Content, kind: str) -> Sniff:
    """Return whether the content is native JSON Lines."""
    return _sniff(content, kind, lines=True)


FORMAT = Format(
    name="native",
    title="capgraph JSON",
    extensions=(".json",),
    reads=tuple(_KINDS),
    writes=tuple(_KINDS),
    carries={"*": EVERYTHING},
    sniff=_sniff_json,
    reader=read_json,
    writer=write_json,
    notes="Loses nothing.",
    fixture="files of its own",
)
LINES = Format(
    name="native-lines",
    title="capgraph JSON Lines",
    extensions=(".jsonl", ".ndjson"),
    reads=tuple(_KINDS),
    writes=tuple(_KINDS),
    carries={"*": EVERYTHING},
    sniff=_sniff_lines,
    reader=read_lines,
    writer=write_lines,
    notes="Loses nothing; one member a line, for big documents.",
    fixture="files of its own",
)
