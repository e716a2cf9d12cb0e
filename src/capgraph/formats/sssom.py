"""SSSOM: mapping tables (TSV) with a header of ``#`` lines, read with propagated slots and written in full."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, get_args

from capgraph.errors import Issue, ParseError
from capgraph.formats.draft import Draft
from capgraph.formats.identity import is_id, mint, slug
from capgraph.formats.record import NO, Format, Sniff
from capgraph.formats.sssom_fit import fit_sssom, listed_slots
from capgraph.formats.sssom_header import slots_of, split_header
from capgraph.model import Crosswalk
from capgraph.model.crosswalk import Predicate
from capgraph.model.frozen import thaw

if TYPE_CHECKING:
    from collections.abc import Collection

    from capgraph.formats.content import Content
    from capgraph.formats.conversion import Ledger
    from capgraph.model import Mapping

REQUIRED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
_ORDER = (
    *("subject_id", "subject_label", "predicate_id", "predicate_modifier", "object_id", "object_label"),
    "mapping_justification",
)
"""The columns that stand first."""
_SKOS = ("skos:", "http://www.w3.org/2004/02/skos/core#")
_PREDICATES = {f"{prefix}{word}Match": word for prefix in _SKOS for word in get_args(Predicate)}
_ALSO = {
    "owl:equivalentClass": "exact",
    "owl:equivalentProperty": "exact",
    "owl:sameAs": "exact",
    "rdfs:subClassOf": "broad",
    "rdfs:subPropertyOf": "broad",
    "rdfs:seeAlso": "related",
    "oboInOwl:hasDbXref": "related",
}
_TEXTS = {
    "subject_label": "subject_label",
    "object_label": "object_label",
    "author": "author_id",
    "reviewer": "reviewer_id",
    "tool": "mapping_tool",
    "comment": "comment",
    "justification": "mapping_justification",
}
_SET = {"mapping_set_id", "mapping_set_title", "mapping_set_version", "mapping_set_description", "license", "curie_map"}
_LITERAL = "rdfs literal"
_UNSAID = "semapv:UnspecifiedMatching"
_OTHERS = ("predicate_modifier", "confidence", "mapping_date", "subject_source", "object_source")
_SOURCES = ("subject_source", "object_source")
_USED = {*REQUIRED, *_TEXTS.values(), *_OTHERS}
_TOLD_APART_BY = ("predicate_modifier", "mapping_justification", "author_id")
"""What tells two mappings of the same ends apart."""


def read_sssom(content: Content, ledger: Ledger, *, id: str = "") -> Crosswalk:
    """Return the crosswalk; slots in the header hold for every mapping that does not state them.

    Parameters
    ----------
    id : str
        The id of the crosswalk where the file states no ``mapping_set_id``.
    """
    name = next(iter(content.named(".tsv", ".csv", ".txt")), content.name)
    head, table, count = split_header(content[name])
    for other in content.named(".yml", ".yaml"):
        head = {**slots_of(content[other].decode("utf-8", errors="replace").splitlines()), **head}
    first = table.partition("\n")[0]
    rows = csv.DictReader(io.StringIO(table, newline=""), delimiter=_delimiter(first))
    _check_columns(rows.fieldnames or (), head, count)
    own = str(head.get("mapping_set_id") or "")
    draft = Draft(Crosswalk, ledger, **_fields(head, own if is_id(own) else id or f"cw:{slug(PurePath(name).stem)}"))
    defaults = {key: value for key, value in head.items() if isinstance(value, str) and key not in _SET}
    if held := {key: value for key, value in head.items() if value and not isinstance(value, str) and key not in _SET}:
        draft.fields["extensions"] = {"sssom": held}
    for slot in held:
        ledger.note("moved", slot, reason="no field holds it", place="header")
    _note_unread(head, draft.fields, ledger)
    try:
        for number, row in enumerate(rows, start=count + 2):
            beyond = row.pop(None, None) or []  # what csv calls cells beyond the header
            place = f"row:{number}"
            ledger.note("dropped", "cell", reason="beyond the last column", place=place, count=len(beyond))
            stated = {key: value for key, value in row.items() if key and isinstance(value, str) and value != ""}
            _take(draft, {**defaults, **stated}, place)
    except csv.Error as error:
        issue = Issue("bad-csv", f"the table cannot be read: {error}", hint="look for an open quote")
        raise ParseError([issue]) from error
    ledger.note("kept", "mappings", count=len(draft.tables["mappings"]))
    return draft.build()


def _delimiter(header: str) -> str:
    """Return the delimiter of a table: tabs, else what a spreadsheet puts in their place."""
    return next((mark for mark in "\t;" if mark in header), ",")


def _note_unread(head: dict[str, Any], fields: dict[str, Any], ledger: Ledger) -> None:
    """Note what stands in the slots of the whole set and in no field."""
    prefixes = head.get("curie_map")
    for prefix in prefixes if isinstance(prefixes, dict) else ():
        if prefix not in fields.get("prefixes", {}):
            reason = f"{prefix!r} is no prefix, or leads to no IRI"
            ledger.note("dropped", "curie_map", reason=reason, place="header")
    if prefixes and not isinstance(prefixes, dict):
        ledger.note("dropped", "curie_map", reason="no mapping of prefixes", place="header")
    for slot in _SET - {"curie_map"}:
        if head.get(slot) and not (isinstance(head[slot], str) and head[slot] in fields.values()):
            ledger.note("dropped", slot, reason=f"{head[slot]!r} is no text, or no id", place="header")


def _check_columns(columns: Collection[str], head: dict[str, Any], count: int) -> None:
    """Refuse a table that lacks a column which the header does not state for all rows either."""
    literal = {f"{side}_id" for side in ("subject", "object") if head.get(f"{side}_type") == _LITERAL}
    known = {*columns, *head, *literal}
    missing = [column for column in REQUIRED[:3] if column not in known]
    if missing:
        text = f"the table has no column {', '.join(map(repr, missing))}"
        raise ParseError([Issue("no-column", text, where=f"row:{count + 1}", hint="add it, or state it in the header")])


def _fields(head: dict[str, Any], id_: str) -> dict[str, Any]:
    """Return the fields of the document that the header states."""
    prefixes = head.get("curie_map")
    found = {"id": id_, "title": head.get("mapping_set_title"), "version": head.get("mapping_set_version")}
    found |= {"description": head.get("mapping_set_description"), "license": head.get("license")}
    for side in ("subject", "object"):
        source = head.get(f"{side}_source")
        if isinstance(source, str) and is_id(source):
            found[f"{side}_source"] = source
    if isinstance(prefixes, dict):
        known = {
            key: value for key, value in prefixes.items() if is_id(value) and re.match(r"^[A-Za-z_][\w.+-]*$", key)
        }
        found["prefixes"] = known
    return {key: value for key, value in found.items() if value and (isinstance(value, str) or key == "prefixes")}


def _take(draft: Draft[Crosswalk], row: dict[str, str], place: str) -> None:
    """Add the mapping of one row; what cannot be one is listed."""
    subject, object_ = (_end(draft, row, side) for side in ("subject", "object"))
    predicate = row.get("predicate_id", "")
    word = _PREDICATES.get(predicate) or _ALSO.get(predicate)
    if word is None or not is_id(subject) or not is_id(object_):
        unknown = f"the predicate {predicate!r} is no mapping relation"
        text = unknown if word is None else f"{subject!r} or {object_!r} is no id"
        hint = "use CURIEs and skos: predicates"
        draft.problem("bad-mapping", text, ids=(subject, object_), place=place, hint=hint)
        draft.ledger.note("dropped", "mapping", reason="no mapping relation, or no ids", place=place)
        return
    record: dict[str, Any] = {"subject": subject, "predicate": word, "object": object_, **_stated(row, draft.fields)}
    record |= _typed(draft, row, place)
    parts = (subject, predicate, object_, *(row.get(column) for column in _TOLD_APART_BY))
    draft.add("mappings", record, place=place, key="\x1f".join(map(str, parts)))


def _stated(row: dict[str, str], sources: dict[str, Any]) -> dict[str, Any]:
    """Return the texts of a mapping, whether it is negated, and the slots that no field holds."""
    record: dict[str, Any] = {field: row[column] for field, column in _TEXTS.items() if row.get(column)}
    if record.get("justification") == _UNSAID:
        del record["justification"]
    record["negated"] = row.get("predicate_modifier", "").lower() == "not"
    rest = {key: value for key, value in row.items() if key not in _USED}
    rest |= {slot: row[slot] for slot in _SOURCES if row.get(slot) and row[slot] != sources.get(slot)}
    if row.get("predicate_modifier", "").lower() not in {"", "not"}:
        rest["predicate_modifier"] = row["predicate_modifier"]
    if row["predicate_id"] not in _PREDICATES:
        rest["predicate_id"] = row["predicate_id"]
    if rest:
        record["extensions"] = {"sssom": rest}
    return record


def _typed(draft: Draft[Crosswalk], row: dict[str, str], place: str) -> dict[str, Any]:
    """Return the confidence and the date of a mapping; what cannot be read is listed."""
    record: dict[str, Any] = {}
    for field, column, read in (("confidence", "confidence", float), ("date", "mapping_date", dt.date.fromisoformat)):
        if row.get(column):
            try:
                record[field] = read(row[column])
            except ValueError:
                text = f"{row[column]!r} is no {field}"
                draft.problem("bad-cell", text, place=place, hint="correct it")
                draft.ledger.note("dropped", f"mapping.{field}", reason="cannot be read", place=place)
    return record


def _end(draft: Draft[Crosswalk], row: dict[str, str], side: str) -> str:
    """Return the id of one side of a mapping; one is minted for a literal, which has only a label."""
    stated, label = row.get(f"{side}_id", ""), row.get(f"{side}_label", "")
    if stated or row.get(f"{side}_type") != _LITERAL or not label:
        return stated
    category = row.get(f"{side}_category", "")
    return mint(str(draft.fields["id"]), "literal", f"{category}\x1f{label}")


def write_sssom(document: Crosswalk, ledger: Ledger) -> bytes:
    """Return the table with its header; every slot is stated in its row."""
    rows = [_row(mapping) for mapping in document.mappings]
    used = {name for row in rows for name in row}
    columns = [*(name for name in _ORDER if name in used or name in REQUIRED), *sorted(used - set(_ORDER))]
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, columns, restval="", delimiter="\t", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    ledger.note("kept", "mappings", count=len(rows))
    return "".join(f"{line}\n" for line in _head_lines(document)).encode() + stream.getvalue().encode()


def _head_lines(document: Crosswalk) -> list[str]:
    """Return the lines of the header."""
    head = {"mapping_set_id": document.id, "license": document.license, "mapping_set_title": document.title}
    head |= {"mapping_set_version": document.version, "mapping_set_description": document.description}
    head |= {"subject_source": document.subject_source or "", "object_source": document.object_source or ""}
    lines = [f"#{name}: {_quoted(value)}" for name, value in head.items() if value]
    for slot, values in sorted(listed_slots(document).items()):
        lines += [f"#{slot}:", *(f"#  - {_quoted(value)}" for value in values)]
    lines += ["#curie_map:"] if document.prefixes else []
    return [*lines, *(f"#  {prefix}: {_quoted(base)}" for prefix, base in sorted(document.prefixes.items()))]


def _quoted(text: str) -> str:
    """Return a text as a YAML scalar of the header."""
    return f'"{text}"'


def _row(mapping: Mapping) -> dict[str, str]:
    """Return the slots of one mapping."""
    rest = thaw(mapping.extensions.get("sssom"))
    row = {key: value for key, value in rest.items() if isinstance(value, str)} if isinstance(rest, dict) else {}
    row = {"predicate_id": f"skos:{mapping.predicate}Match", **row}
    row |= {"subject_id": mapping.subject, "object_id": mapping.object}
    row |= {column: getattr(mapping, field) for field, column in _TEXTS.items() if getattr(mapping, field)}
    row.setdefault("mapping_justification", _UNSAID)
    if mapping.negated:
        row["predicate_modifier"] = "Not"
    if mapping.confidence is not None:
        row["confidence"] = repr(mapping.confidence)
    if mapping.date is not None:
        row["mapping_date"] = mapping.date.isoformat()
    return row


def _sniff(content: Content, kind: str) -> Sniff:
    """Return whether a file has the columns of a mapping table."""
    if kind not in {"", "crosswalk"}:
        return NO
    name = next(iter(content.named(".tsv", ".csv", ".txt")), content.name)
    lines = content.head(name).decode("utf-8-sig", errors="replace").splitlines()
    first = next((line for line in lines if not line.lstrip('"').startswith("#")), "")
    found = [column for column in REQUIRED if column in re.split(r"[\t,;]", first.strip())]
    if len(found) >= len(REQUIRED) - 1 or (lines and lines[0].startswith("#") and len(found) > 1):
        return Sniff(0.95, (f"has the columns {', '.join(found)}",))
    return Sniff(0.0, missing=("the column 'subject_id'",))


FORMAT = Format(
    name="sssom",
    title="SSSOM mapping table (TSV)",
    extensions=(".sssom.tsv", ".tsv"),
    reads=("crosswalk",),
    writes=("crosswalk",),
    carries={
        "crosswalk": frozenset(
            {"title", "version", "description", "license", "prefixes", "subject_source", "object_source", "mappings"}
            | {"extensions"}
        ),
        "mapping": frozenset({"negated", "confidence", "date", "extensions", *_TEXTS}),
    },
    sniff=_sniff,
    reader=read_sssom,
    writer=write_sssom,
    fit=fit_sssom,
    notes="Slots in the header hold for every row that does not state them.",
)
