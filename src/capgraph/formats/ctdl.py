"""CTDL-ASN competency frameworks (JSON-LD), read as plain JSON: nothing is fetched.

Registry envelopes, bare graphs and bare lists are understood, as are language maps and plain texts, one value and many.
Occupations and work roles become roles that require what they embody.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from capgraph.errors import Issue, ParseError
from capgraph.formats.ctdl_texts import (
    KEYWORDS,
    labels_at,
    listed,
    main_language,
    own_tag,
    text_at,
    text_of,
    translations,
)
from capgraph.formats.ctdl_writing import (
    BELOW,
    EMBODIED,
    HEAD_USED,
    ROLE_USED,
    ROLES,
    SOURCE,
    USED,
    beyond,
    fit,
    is_other,
    write_ctdl,
)
from capgraph.formats.draft import Draft
from capgraph.formats.identity import is_id
from capgraph.formats.jsontext import load_json
from capgraph.formats.record import NO, Format, Sniff
from capgraph.model import Framework

if TYPE_CHECKING:
    from collections.abc import Iterator

    from capgraph.formats.content import Content
    from capgraph.formats.conversion import Ledger

_TYPED = re.compile(rb'"@type"\s*:\s*\[?\s*"ceasn:Competency(Framework)?"')
_KINDS = {"domain", "competency", "skill", "knowledge", "attitude", "task"}
_SCHEME = "skos:ConceptScheme"
_VOCABULARY = re.compile(rb'"(ceasn|ceterms):|/(ctdl|ctdlasn)/')


def read_ctdl(content: Content, ledger: Ledger, *, id: str = "") -> Framework:
    """Return the framework of a graph.

    Parameters
    ----------
    id : str
        The id of the framework where the file has no CompetencyFramework.
    """
    data = load_json(content[content.name])
    placed = dict(_nodes(data))
    if not placed:
        raise ParseError([Issue("no-nodes", "the file holds no competencies", hint="fetch the whole graph")])
    graph = _Graph(placed, ledger, id)
    if isinstance(data, dict) and "decoded_resource" in data:
        about = {name: value for name, value in data.items() if name != "decoded_resource"}
        graph.draft.fields["extensions"] = {"ctdl": {"envelope": about}} if about else {}
    return graph.framework()


def _nodes(value: object, place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the nodes inside envelopes, graphs and lists, with their places."""
    pending = [(place, value)]
    while pending:
        at, item = pending.pop()
        if isinstance(item, list):
            pending.extend((f"{at}/{number}", inner) for number, inner in reversed(list(enumerate(item))))
        elif isinstance(item, dict):
            inside = [name for name in ("@graph", "decoded_resource") if isinstance(item.get(name), dict | list)]
            pending.extend((f"{at}/{name}", item[name]) for name in inside)
            if not inside and "@id" in item:
                yield at, item


def _types(node: Mapping[str, Any]) -> set[str]:
    """Return the types of a node."""
    found = node.get("@type")
    return {item for item in (found if isinstance(found, list) else [found]) if isinstance(item, str)}


def _ids(value: object) -> list[str]:
    """Return the ids that a value names, as texts or as objects."""
    named = [item.get("@id") if isinstance(item, Mapping) else item for item in listed(value)]
    return sorted({item for item in named if isinstance(item, str) and is_id(item)})


class _Graph:
    """The nodes on their way into a framework."""

    def __init__(self, placed: dict[str, dict[str, Any]], ledger: Ledger, id_: str) -> None:
        self.placed = placed
        self.nodes = nodes = list(placed.values())
        self.ledger = ledger
        read = {"ceasn:Competency", "ceterms:Task", *ROLES}
        self.has_concepts_alone = not any(_types(node) & read for node in nodes)
        wanted = {"ceasn:CompetencyFramework", *({_SCHEME} if self.has_concepts_alone else ())}
        heads = [node for node in nodes if _types(node) & wanted and is_id(str(node["@id"]))]
        self.head: dict[str, Any] = heads[0] if heads else {}
        self.language = main_language(nodes, ledger)
        self.draft = Draft(Framework, ledger, id=self.head.get("@id") or id_ or "urn:capgraph:ctdl:framework")
        self.draft.fields["language"] = self.language
        for field, name in (
            ("title", "ceasn:name"),
            ("description", "ceasn:description"),
            ("publisher", "ceasn:publisherName"),
        ):
            other = name.replace("ceasn", "ceterms")
            if text := self._text(self.head.get(name) or self.head.get(other)):
                self.draft.fields[field] = text
        if licensed := [item for item in listed(self.head.get("ceasn:license")) if isinstance(item, str)]:
            self.draft.fields["license"] = licensed[0]

    def _text(self, value: object) -> str:
        """Return the text in the language of the framework, else in any."""
        return text_of(value, self.language)

    def framework(self) -> Framework:
        """Return the framework of all nodes."""
        for place, node in self.placed.items():
            types = _types(node)
            self._note_types(types, place)
            if not is_id(str(node["@id"])):
                self.ledger.note("dropped", "node", reason="a blank node", place=place)
            elif types & {"ceasn:Competency", "ceterms:Task"}:
                self._competency(node, place, is_task="ceterms:Task" in types)
            elif found := types & set(ROLES):
                self._role(node, place, ROLES[min(found)])
            elif self.has_concepts_alone and "skos:Concept" in types:
                self._concept(node, place)
            elif node is not self.head:
                self._other(node, place)
        self._rest_of_head()
        for node in self.nodes:
            self._links(node)
        for table in ("capabilities", "roles"):
            self.ledger.note("kept", table, count=len(self.draft.tables[table]))
        return self.draft.build()

    def _note_types(self, types: set[str], place: str) -> None:
        """Note the types of an entry beyond the one by which it is read."""
        known = types & {"ceasn:Competency", "ceterms:Task", "ceasn:CompetencyFramework", *ROLES}
        others = sorted(types - {min(known)}) if known else []
        self.ledger.note(
            "dropped", "@type", reason=f"beside another: {', '.join(others)}", place=f"{place}/@type", count=len(others)
        )

    def _other(self, node: dict[str, Any], place: str) -> None:
        """Keep a node of a type that is no part of the model, to be written back."""
        if is_other(node):
            kept = self.draft.fields.setdefault("extensions", {}).setdefault("ctdl", {})
            kept.setdefault("nodes", []).append(node)
            self.ledger.note("moved", "node", reason="of a type that no part of the model holds", place=place)
        else:
            self.ledger.note("dropped", "node", reason="of no type, or a second framework", place=place)

    def _rest_of_head(self) -> None:
        """Keep what the framework states beyond our fields."""
        rest = beyond(self.head, HEAD_USED)
        if rest and not self.has_concepts_alone:
            self.draft.fields.setdefault("extensions", {}).setdefault("ctdl", {})["framework"] = rest

    def _concept(self, node: dict[str, Any], place: str) -> None:
        """Add one concept of a file that holds a concept scheme alone."""
        label, own = self._text(node.get("skos:prefLabel")), own_tag(node.get("skos:prefLabel"), self.language)
        record = {
            "id": node["@id"],
            "label": label or str(node["@id"]),
            "description": text_at(node.get("skos:definition"), own),
            "notation": self._text(node.get("skos:notation")),
            "alternative_labels": labels_at(node.get("skos:altLabel"), own),
            "translations": _translations(
                own, node.get("skos:prefLabel"), node.get("skos:definition"), node.get("skos:altLabel")
            ),
            "broader": _ids(node.get("skos:broader")),
        }
        self.draft.add("capabilities", record, place=place)

    def _competency(self, node: dict[str, Any], place: str, *, is_task: bool) -> None:
        """Add one competency or task."""
        labels = node.get("ceasn:competencyLabel") or node.get("ceterms:name")
        described = node.get("ceasn:competencyText") or node.get("ceterms:description")
        label, text = self._text(labels), self._text(described)
        own = own_tag(labels or described, self.language)
        kind = self._text(node.get("ceasn:competencyCategory")).lower()
        if not label and not text:
            told = f"{node['@id']!r} has no text"
            self.draft.problem("no-text", told, ids=(str(node["@id"]),), place=place, hint="add a competencyText")
            self.ledger.note("dropped", "Competency", reason="no text", place=place)
            return
        record = {
            "id": node["@id"],
            "label": label or text,
            "description": text_at(described, own) if label else self._text(node.get("ceasn:comment")),
            "kind": "task" if is_task else kind if kind in _KINDS else "competency",
            "notation": self._text(node.get("ceasn:codedNotation")),
            "alternative_labels": labels_at(node.get(KEYWORDS), own),
            "translations": _translations(own, labels or described, described if labels else None, node.get(KEYWORDS)),
            "broader": [parent for parent in _ids(node.get("ceasn:isChildOf")) if parent != self.draft.fields["id"]],
            "prerequisites": _ids(node.get("ceasn:prerequisiteAlignment")),
            "extensions": _rest(node, has_label=bool(label)),
        }
        self.draft.add("capabilities", record, place=place)

    def _role(self, node: dict[str, Any], place: str, kind: str) -> None:
        """Add one occupation, work role or job with what it embodies."""
        label, own = self._text(node.get("ceterms:name")), own_tag(node.get("ceterms:name"), self.language)
        required = dict.fromkeys(id_ for name in (*EMBODIED, "ceterms:hasTask") for id_ in _ids(node.get(name)))
        rest = beyond(node, ROLE_USED)
        record = {
            "id": node["@id"],
            "label": label or str(node["@id"]),
            "kind": kind,
            "description": text_at(node.get("ceterms:description"), own),
            "translations": _translations(own, node.get("ceterms:name"), node.get("ceterms:description")),
            "notation": self._text(node.get("ceterms:codedNotation")),
            "requirements": [{"capability": id_} for id_ in required],
            "extensions": {"ctdl": rest} if rest else {},
        }
        self.draft.add("roles", record, place=place)

    def _links(self, node: dict[str, Any]) -> None:
        """Take in hierarchies that are stated from above."""
        capabilities, roles = self.draft.tables["capabilities"], self.draft.tables["roles"]
        for below in _ids(node.get("ceasn:hasChild")):
            record = capabilities.get(below)
            if record is not None and node["@id"] in capabilities and node["@id"] not in record["broader"]:
                record["broader"].append(node["@id"])
        for below in sorted({id_ for term in BELOW for id_ in _ids(node.get(term))}):
            if below in roles and node["@id"] in roles:
                roles[below].setdefault("broader", []).append(node["@id"])


def _translations(own: str, label: object, description: object, others: object = None) -> list[dict[str, Any]]:
    """Return the texts of a node under other tags than its own."""
    return translations({"label": label, "description": description, "alternative_labels": others}, own)


def _rest(node: dict[str, Any], *, has_label: bool) -> dict[str, Any]:
    """Return what a competency states beyond our fields; a comment is one of them where there is no label."""
    rest = beyond(node, USED)
    if has_label and node.get("ceasn:comment"):
        rest["ceasn:comment"] = node["ceasn:comment"]
    return {"ctdl": rest} if rest else {}


def _sniff(content: Content, kind: str) -> Sniff:
    """Return whether the file has competencies in the terms of CTDL-ASN."""
    head = content.head()
    starts = head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in {b"{", b"["}
    if len(content) != 1 or kind not in {"", "framework"} or not starts:
        return NO
    if _TYPED.search(head):
        return Sniff(0.95, ("has nodes of the type ceasn:Competency",))
    if f'"{_SCHEME}"'.encode() in head and _VOCABULARY.search(head):
        return Sniff(0.92, (f"has a node of the type {_SCHEME} in the vocabulary of CTDL",))
    return Sniff(0.0, missing=("ceasn:Competency",))


FORMAT = Format(
    name="ctdl-asn",
    title="CTDL-ASN (JSON-LD)",
    extensions=(".json", ".jsonld"),
    reads=("framework",),
    writes=("framework",),
    carries={
        "framework": frozenset(
            {"title", "description", "publisher", "license", "language", "capabilities", "roles", "prefixes"}
            | {"extensions"}
        ),
        "role": frozenset({"kind", "description", "notation", "broader", "requirements", "translations", "extensions"}),
        "capability": frozenset(
            {"kind", "description", "notation", "alternative_labels", "broader", "prerequisites", "translations"}
            | {"extensions"}
        ),
    },
    sniff=_sniff,
    reader=read_ctdl,
    source=SOURCE,
    writer=write_ctdl,
    fit=fit,
    notes="Requirements have no levels here. Nodes of other types come back as they were. No context is fetched.",
)
