"""The NIST NICE framework for cybersecurity: the CPRT JSON, and the workbook with one sheet a work role.

Categories become role families, work roles roles, and tasks, knowledge and skills capabilities that roles require;
there are no levels.  Edges are told by the types of their ends, whichever way they point.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from capgraph.errors import Issue, ParseError
from capgraph.formats.draft import Draft
from capgraph.formats.jsontext import load_json, object_of, objects, text_of
from capgraph.formats.record import NO, Format, Sniff
from capgraph.formats.tabular import as_text, is_workbook, sheets
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
_LETTERS = {"T": "task", "K": "knowledge", "S": "skill"}
_TKS = re.compile(r"^([TKS])\d{4}[A-Z]?$")
_WORK_ROLE = re.compile(r"^[A-Z]{2}-WRL-\d{3}$")


def read_nice(content: Content, ledger: Ledger) -> Framework:
    """Return the framework; tasks, knowledge and skills have their text as label, since they have no title."""
    name = content.name
    if is_workbook(content.head(name)[:8]):
        return _build(*_workbook(content, name), ledger)
    outer = object_of(load_json(content[name]), "", "the file")
    outer = outer.get("response", outer) if isinstance(outer.get("response", outer), dict) else outer
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
        {"type": text_of(item.get("element_type")), "key": text_of(item.get("element_identifier")), **_texts(item)}
        for item in objects(inner["elements"])
    ]
    return _build(
        elements, links, {"version": text_of(about.get("version")), "title": text_of(about.get("name"))}, ledger
    )


def _texts(item: dict[str, Any]) -> dict[str, str]:
    """Return the title and the text of an element."""
    return {"title": text_of(item.get("title")), "text": text_of(item.get("text"))}


def _workbook(content: Content, name: str) -> tuple[list[dict[str, str]], list[tuple[str, str]], dict[str, str]]:
    """Return the elements and links of the workbook: each row that begins with a code is an element.

    On the sheet of a work role, every task, knowledge or skill is required by it; the role's own row has its code
    first, then its title and text.
    """
    elements: dict[str, dict[str, str]] = {}
    links: dict[tuple[str, str], None] = {}
    for sheet in sheets(content[name], name):
        role = ""
        for row in sheet.rows:
            cells = [as_text(cell) for cell in row if as_text(cell)]
            place = next(
                (place for place, cell in enumerate(cells) if _TKS.match(cell) or _WORK_ROLE.match(cell)), None
            )
            if place is None:
                continue
            key, rest = cells[place], cells[place + 1 :]
            if _WORK_ROLE.match(key):
                role = key
                texts = {"title": rest[0] if rest else "", "text": rest[1] if len(rest) > 1 else ""}
                if key not in elements and rest:
                    elements[key] = {"type": "work_role", "key": key, **texts}
            else:
                text = rest[0] if rest else ""
                elements.setdefault(key, {"type": _LETTERS[key[0]], "key": key, "title": "", "text": text})
                if role:
                    links[role, key] = None
    return list(elements.values()), list(links), {"title": "NICE Framework", "version": ""}


def _build(
    elements: list[dict[str, str]], links: list[tuple[str, str]], about: dict[str, str], ledger: Ledger
) -> Framework:
    """Return the framework of elements and links."""
    fields = {"id": ID, "publisher": "NIST", "url": URL, "prefixes": {"nice": PREFIX}, **about}
    draft = Draft(Framework, ledger, **fields)
    types: dict[str, str] = {}
    for item in elements:
        key, kind = item["key"], item["type"]
        if kind in _PASSED_OVER:
            ledger.note("normalized", kind, reason="orders the publisher's pages; not read", place=key)
            continue
        table = "capabilities" if kind in _CAPABILITIES else "roles" if kind in _ROLES else ""
        label = item["title"] or item["text"]
        if not table or not label or not key:
            text = f"{key!r} of the type {kind!r} is not known, or has no text"
            draft.problem("unknown-element", text, ids=(key,), place=key, hint="use a newer library")
            ledger.note("dropped", "element", reason="of no known type, or without text", place=key)
            continue
        record: dict[str, Any] = {"id": f"nice:{key}", "notation": key, "label": label}
        record["kind"] = _CAPABILITIES.get(kind) or _ROLES[kind]
        record["description"] = item["text"] if item["title"] else ""
        types[key] = kind
        draft.add(table, record, place=key)
    for source, target in links:
        _link(draft, types, source, target)
    for table in ("capabilities", "roles"):
        ledger.note("kept", table, count=len(draft.tables[table]))
    return draft.build()


def _link(draft: Draft[Framework], types: dict[str, str], source: str, target: str) -> None:
    """Take in one edge by the types of its ends."""
    ends = {types.get(source, ""): source, types.get(target, ""): target}
    capabilities, roles = draft.tables["capabilities"], draft.tables["roles"]
    lower = next((ends[kind] for kind in ("task", "knowledge", "skill") if kind in ends), "")
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
    if is_workbook(head[:8]):
        try:
            rows = [row for sheet in sheets(content[content.name], content.name) for row in sheet.rows]
        except ParseError:
            return NO
        found = sum(1 for row in rows for cell in row if _TKS.match(as_text(cell)))
        return Sniff(0.9, (f"has {found} codes of tasks, knowledge and skills",)) if found > 2 else NO  # noqa: PLR2004 - a chance hit or two
    fields = [name for name in ("element_identifier", "element_type") if f'"{name}"'.encode() in head]
    return Sniff(0.95, ("has elements with element_type",)) if len(fields) == 2 else NO  # noqa: PLR2004 - both


FORMAT = Format(
    name="nice",
    title="NIST NICE framework (CPRT JSON, XLSX)",
    extensions=(".json", ".xlsx"),
    reads=("framework",),
    carries={
        "framework": frozenset({"title", "version", "capabilities", "roles"}),
        "capability": frozenset({"label", "kind", "description", "notation", "broader"}),
        "role": frozenset({"label", "kind", "description", "notation", "broader", "requirements"}),
        "requirement": frozenset({"capability"}),
    },
    sniff=_sniff,
    reader=read_nice,
    notes="No levels, no weights.",
    fixture="real files (JSON); a file written after the documentation (XLSX)",
)
