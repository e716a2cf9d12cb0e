"""The NIST NICE framework for cybersecurity: the CPRT JSON, and the workbook with one sheet a work role.

Categories become role families, work roles roles, and tasks, knowledge and skills capabilities that roles require;
there are no levels.  Edges are told by the types of their ends, whichever way they point.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from capgraph.errors import Issue, ParseError
from capgraph.formats.draft import Draft
from capgraph.formats.jsontext import load_json, object_of, objects, text_of
from capgraph.formats.nice_workbook import STATEMENTS, Workbook, is_statement
from capgraph.formats.record import NO, Format, Sniff
from capgraph.formats.tabular import as_text, is_workbook, sheets
from capgraph.formats.unread import Source
from capgraph.model import Framework

if TYPE_CHECKING:
    from capgraph.formats.content import Content
    from capgraph.formats.conversion import Ledger

ID = "urn:capgraph:nice"
PREFIX = "urn:capgraph:nice:"
URL = "https://csrc.nist.gov/pubs/sp/800/181/r1/final"

_CAPABILITIES = {"task": "task", "knowledge": "knowledge", "skill": "skill", "competency_area": "domain"}
_ROLES = {"category": "family", "work_role": "role"}
_PASSED_OVER = {"sort", "opm_code"}
_DOCUMENTS = ("doc_identifier", "source_doc_identifier", "dest_doc_identifier", "provenance_doc_identifier")
_LINK_FIELDS = ("source_element_identifier", "dest_element_identifier", "relationship_identifier", *_DOCUMENTS)
_ELEMENT = {"type": "element_type", "key": "element_identifier", "title": "title", "text": "text"}


def read_nice(content: Content, ledger: Ledger) -> Framework:
    """Return the framework; tasks, knowledge and skills have their text as label, since they have no title."""
    name = content.name
    if not is_workbook(content.head(name)):
        return _build(*_export(content[name], ledger), ledger)
    book = Workbook(sheets(content[name], name))
    return _build([*book.elements.values()], [*book.links], {"title": "NICE Framework", "version": ""}, ledger)


def _export(data: bytes, ledger: Ledger) -> tuple[list[dict[str, str]], list[tuple[str, str]], dict[str, Any]]:
    """Return the elements and links of the CPRT JSON, and what it says about itself."""
    top = object_of(load_json(data), "", "the file")
    outer = top["response"] if isinstance(top.get("response"), dict) else top
    inner = outer.get("elements")
    if not isinstance(inner, dict) or not objects(inner.get("elements")):
        hint = "fetch the CPRT export of the framework"
        raise ParseError([Issue("no-elements", "the file holds no elements", where="/response/elements", hint=hint)])
    about = next(iter(objects(inner.get("documents"))), {})
    links = [
        (text_of(link.get("source_element_identifier")), text_of(link.get("dest_element_identifier")))
        for link in objects(inner.get("relationships"))
    ]
    elements = [
        {name: text_of(item.get(field)) for name, field in _ELEMENT.items()} | {"place": place}
        for place, item in _placed(inner, outer is not top, "elements")
    ]
    held = {name: objects(inner[name]) for name in ("documents", "relationship_types") if inner.get(name)}
    _note_foreign(inner, held, ledger, wrapped=outer is not top)
    told = {"version": text_of(about.get("version")), "title": text_of(about.get("name"))}
    return elements, links, {**told, "extensions": {"nice": held} if held else {}}


def _placed(inner: dict[str, Any], wrapped: bool, table: str) -> list[tuple[str, dict[str, Any]]]:  # noqa: FBT001 - a fact of the file
    """Return the objects of a table with their places."""
    base = f"{'/response' if wrapped else ''}/elements/{table}"
    rows = inner.get(table)
    return [
        (f"{base}/{number}", item)
        for number, item in enumerate(rows if isinstance(rows, list) else [])
        if isinstance(item, dict)
    ]


def _note_foreign(
    inner: dict[str, Any], held: dict[str, list[dict[str, Any]]], ledger: Ledger, *, wrapped: bool
) -> None:
    """Note where an element or link names a document, or a kind of link, that the export does not describe."""
    documents = {item.get("doc_identifier") for item in held.get("documents", ())}
    kinds = {item.get("relationship_identifier") for item in held.get("relationship_types", ())}
    wanted = {"relationship_identifier": kinds, **dict.fromkeys(_DOCUMENTS, documents)}
    for table in ("elements", "relationships"):
        for place, item in _placed(inner, wrapped, table):
            for field, known in wanted.items():
                if item.get(field) and item[field] not in known:
                    reason = f"{item[field]!r} is described nowhere"
                    ledger.note("dropped", field, reason=reason, place=f"{place}/{field}")


def _build(
    elements: list[dict[str, str]], links: list[tuple[str, str]], about: dict[str, Any], ledger: Ledger
) -> Framework:
    """Return the framework of elements and links."""
    fields = {"id": ID, "publisher": "NIST", "url": URL, "prefixes": {"nice": PREFIX}, **about}
    draft = Draft(Framework, ledger, **fields)
    types: dict[str, str] = {}
    for item in elements:
        if item["type"] in _PASSED_OVER:
            reason = "orders the publisher's pages; not read"
            ledger.note("normalized", item["type"], reason=reason, place=item.get("place", item["key"]), whole=True)
        elif _add(draft, item):
            types[item["key"]] = item["type"]
    for source, target in links:
        _link(draft, types, source, target)
    for table in ("capabilities", "roles"):
        ledger.note("kept", table, count=len(draft.tables[table]))
    return draft.build()


def _add(draft: Draft[Framework], item: dict[str, str]) -> bool:
    """Add one element and return True; one of no known type, or without text, is listed."""
    key, kind, label = item["key"], item["type"], item["title"] or item["text"]
    if not key or not label or kind not in _CAPABILITIES | _ROLES:
        text = f"{key!r} of the type {kind!r} is not known, or has no text"
        place = item.get("place", key)
        draft.problem("unknown-element", text, ids=(key,), place=place, hint="use a newer library")
        draft.ledger.note("dropped", "element", reason="of no known type, or without text", place=place)
        return False
    record: dict[str, Any] = {"id": f"nice:{key}", "notation": key, "label": label}
    record["kind"] = _CAPABILITIES.get(kind) or _ROLES[kind]
    record["description"] = item["text"] if item["title"] else ""
    draft.add("capabilities" if kind in _CAPABILITIES else "roles", record, place=key)
    return True


def _link(draft: Draft[Framework], types: dict[str, str], source: str, target: str) -> None:
    """Take in one edge by the types of its ends."""
    ends = {types.get(source, ""): source, types.get(target, ""): target}
    capabilities, roles = draft.tables["capabilities"], draft.tables["roles"]
    lower = next((ends[kind] for kind in STATEMENTS.values() if kind in ends), "")
    if "work_role" in ends and lower:
        required = roles[f"nice:{ends['work_role']}"].setdefault("requirements", [])
        if all(item["capability"] != f"nice:{lower}" for item in required):
            required.append({"capability": f"nice:{lower}"})
    elif "category" in ends and "work_role" in ends:
        roles[f"nice:{ends['work_role']}"].setdefault("broader", []).append(f"nice:{ends['category']}")
    elif "competency_area" in ends and lower:
        capabilities[f"nice:{lower}"].setdefault("broader", []).append(f"nice:{ends['competency_area']}")
    else:
        draft.ledger.note("normalized", "edge", reason="leads to what is not read", place=f"{source} {target}")


def _sniff(content: Content, kind: str) -> Sniff:
    """Return whether the content is a CPRT export, or a workbook with sheets of work roles."""
    if len(content) != 1 or kind not in {"", "framework"}:
        return NO
    head = content.head()
    if is_workbook(head):
        try:
            rows = [row for sheet in sheets(content[content.name], content.name) for row in sheet.rows]
        except ParseError:
            return NO
        found = sum(1 for row in rows for cell in row if is_statement(as_text(cell)))
        return Sniff(0.9, (f"has {found} codes of tasks, knowledge and skills",)) if found > 2 else NO  # noqa: PLR2004 - a chance hit or two
    fields = [name for name in ("element_identifier", "element_type") if f'"{name}"'.encode() in head]
    return Sniff(0.95, ("has elements with element_type",)) if len(fields) == 2 else NO  # noqa: PLR2004 - both


FORMAT = Format(
    name="nice",
    title="NIST NICE framework (CPRT JSON, XLSX)",
    extensions=(".json", ".xlsx"),
    reads=("framework",),
    carries={
        "framework": frozenset({"title", "version", "capabilities", "roles", "extensions"}),
        "capability": frozenset({"label", "kind", "description", "notation", "broader"}),
        "role": frozenset({"label", "kind", "description", "notation", "broader", "requirements"}),
        "requirement": frozenset({"capability"}),
    },
    sniff=_sniff,
    reader=read_nice,
    source=Source(
        taken=frozenset({"documents.name", "documents.version", "elements.title", "elements.text"}),
        understood=frozenset({"element_type", "element_identifier", *_LINK_FIELDS}),
    ),
    notes="No levels, no weights.",
    fixture="real files (JSON); a file written after the documentation (XLSX)",
)
