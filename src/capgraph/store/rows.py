"""A document as rows of the temporal tables, and rows as a document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from capgraph.store.layout import HEADER, PARTS, Part
from capgraph.store.tables import HISTORY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import sqlalchemy as sa

    from capgraph.model import Document, Model, Node

Row = tuple[Any, ...]
"""The content of a row: its columns but for the row's own number, its document and its revisions."""
Fetch = Callable[[str], "Iterable[Any]"]
"""Returns the content of one document's rows in a table."""
Rows = defaultdict[str, list[Row]]
"""Rows by the name of their table."""

_FRAME = {"row_id", "document", "added", "ended"}


def content(table: sa.Table) -> tuple[sa.Column[Any], ...]:
    """Return the columns of a temporal table that hold its content."""
    return tuple(column for column in table.columns if column.name not in _FRAME)


def _key_names() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the columns that tell the rows of one document apart, for each table."""
    yield "document", ()
    yield "link", ("member", "field", "target")
    yield "label", ("member", "field", "position")
    for parts in PARTS.values():
        for part in parts:
            yield part.name, ("member",) if part.is_member else part.key
            for inner in part.parts:
                yield inner.name, ("member", *inner.key, *(["position"] if inner.numbered else []))


KEY_NAMES: dict[str, tuple[str, ...]] = dict(_key_names())


def _key_of(name: str) -> Callable[[Row], object]:
    """Return the function that gives the key of a row of a table."""
    columns = [column.name for column in content(HISTORY[name])]
    places = [columns.index(key) for key in KEY_NAMES[name]]
    return itemgetter(*places) if places else lambda _row: None


KEYS: dict[str, Callable[[Row], object]] = {name: _key_of(name) for name in HISTORY}
"""For each table, the function that gives the key of a row inside its document."""


def members_of(document: Document) -> Iterator[tuple[Part, Node]]:
    """Yield the members of a document with the part that says where their rows are kept."""
    for part in PARTS[type(document)]:
        if part.is_member:
            for member in getattr(document, part.field):
                yield part, member


def add_member(rows: Rows, part: Part, member: Node, number: int) -> None:
    """Add the rows of a member, which has this number in its document."""
    rows[part.name].append((number, *part.fields.values(member)))
    stated = member.__dict__
    for field in part.fields.links:
        if targets := stated[field]:
            rows["link"].extend([(number, field, target) for target in targets])
    for field in part.fields.labels:
        if texts := stated[field]:
            rows["label"].extend([(number, field, place, text) for place, text in enumerate(texts)])
    for inner in part.parts:
        entries: Sequence[Model] = stated[inner.field]
        if not entries:
            continue
        if inner.numbered:
            rows[inner.name].extend(_numbered(inner, entries, number))
        else:
            rows[inner.name].extend((number, *inner.fields.values(entry)) for entry in entries)


def _numbered(part: Part, entries: Iterable[Model], number: int) -> Iterator[Row]:
    """Yield the rows of entries whose key may repeat."""
    seen: dict[object, int] = defaultdict(int)
    for entry in entries:
        key = tuple(getattr(entry, name) for name in part.key)
        yield number, seen[key], *part.fields.values(entry)
        seen[key] += 1


def add_records(rows: Rows, document: Document) -> None:
    """Add the header of a document, and its records: the parts that are one row each."""
    rows["document"].append(HEADER.values(document))
    for part in PARTS[type(document)]:
        if not part.is_member:
            rows[part.name].extend(map(part.fields.values, getattr(document, part.field)))


def record_tables(model: type[Document]) -> list[str]:
    """Return the tables whose rows belong to a document and to no member of it."""
    return ["document", *(part.name for part in PARTS[model] if not part.is_member)]


def member_tables(model: type[Document]) -> list[str]:
    """Return the tables whose rows belong to the members of a document."""
    parts = [part for part in PARTS[model] if part.is_member]
    inner = {inner.name: None for part in parts for inner in part.parts}
    return [*(part.name for part in parts), *inner, *(["link", "label"] if parts else [])]


def document_of(
    model: type[Document], fetch: Fetch, ready: Mapping[str, Sequence[Node]] | None = None
) -> Document | None:
    """Return the document that rows make up, or None where there is no row of its own.

    Parameters
    ----------
    model : type of Document
        Its kind.
    fetch : callable
        Returns the content of the document's rows in a table; entries with a position in its order.
    ready : mapping of str to sequence of Node, optional
        Members whose rows are not fetched, by the field of the document that holds them.
    """
    header = next(iter(fetch("document")), None)
    if header is None:
        return None
    fields = HEADER.fields(header)
    for part in PARTS[model]:
        if not part.is_member:
            fields[part.field] = list(map(part.fields.fields, fetch(part.name)))
    fields.update(members_from(model, fetch))
    for field, members in (ready or {}).items():
        fields[field] = [*fields[field], *members]
    return model.model_validate(fields)


def members_from(model: type[Document], fetch: Fetch) -> dict[str, list[dict[str, Any]]]:
    """Return the fields of all members, by the field of the document that holds them."""
    parts = [part for part in PARTS[model] if part.is_member]
    members: dict[int, dict[str, Any]] = {}
    fields: dict[str, list[dict[str, Any]]] = {}
    for part in parts:
        found = {row[0]: part.fields.fields(row[1:]) for row in fetch(part.name)}
        members |= found
        fields[part.field] = list(found.values())
    for inner in {inner.name: inner for part in parts for inner in part.parts}.values():
        start = 2 if inner.numbered else 1
        for row in fetch(inner.name):
            members[row[0]].setdefault(inner.field, []).append(inner.fields.fields(row[start:]))
    if parts:
        for number, field, target in fetch("link"):
            members[number].setdefault(field, []).append(target)
        for number, field, _, text in fetch("label"):
            members[number].setdefault(field, []).append(text)
    return fields
