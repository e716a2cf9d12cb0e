"""CTDL-ASN graphs written from frameworks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from capgraph.formats.case_writing import identifier
from capgraph.formats.draft import closed
from capgraph.formats.jsontext import dump_json
from capgraph.formats.tree import expanded, known_references
from capgraph.model.frozen import thaw

if TYPE_CHECKING:
    from capgraph.formats.conversion import Ledger
    from capgraph.model import Capability, Framework

CONTEXT = "https://credreg.net/ctdlasn/schema/context/json"
USED = {
    *(
        "@id",
        "@type",
        "ceterms:ctid",
        "ceasn:competencyText",
        "ceasn:competencyLabel",
        "ceasn:comment",
        "ceasn:isPartOf",
    ),
    *("ceasn:codedNotation", "ceasn:competencyCategory", "ceasn:isChildOf", "ceasn:hasChild", "ceasn:inLanguage"),
    *(
        "ceasn:prerequisiteAlignment",
        "ceasn:conceptKeyword",
        "ceasn:isTopChildOf",
        "ceterms:name",
        "ceterms:description",
    ),
}
"""The terms of a competency that fields of ours hold."""


def fit(framework: Framework, ledger: Ledger) -> Framework:
    """Return the framework as the graph holds it: full IRIs, a language without region, keywords without order."""
    whole = closed(framework, ledger) if framework.imports else framework
    whole = known_references(expanded(whole, ledger), ledger, "broader", "prerequisites")
    language = whole.language.split("-")[0].lower()
    if language != whole.language:
        ledger.note("normalized", "framework.language", reason="without region", place=whole.id)
    capabilities = []
    for item in whole.capabilities:
        own = thaw(item.extensions.get("ctdl"))
        returned = isinstance(own, dict) and bool(own) and _is_returned(own)
        wanted = type(item.extensions)({"ctdl": item.extensions["ctdl"]} if returned else {})
        if wanted != item.extensions:
            ledger.note("dropped", "capability.extensions", reason="of other formats", place=item.id)
        capabilities.append(item.model_copy(update={"extensions": wanted}))
    return whole.model_copy(update={"language": language, "capabilities": tuple(capabilities)})


def _is_returned(own: dict[str, Any]) -> bool:
    """Return whether what a source held beyond our fields can be written back: named like terms, and none of ours."""
    return all(":" in name and (name not in USED or name == "ceasn:comment") for name in own)


def write_ctdl(document: Framework, ledger: Ledger) -> bytes:
    """Return the framework as a graph."""
    children: dict[str, list[str]] = {}
    for item in document.capabilities:
        for parent in item.broader:
            children.setdefault(parent, []).append(item.id)
    graph = [_head(document), *(_node(item, document, children.get(item.id, [])) for item in document.capabilities)]
    ledger.note("kept", "capabilities", count=len(document.capabilities))
    return dump_json({"@context": CONTEXT, "@id": f"{document.id}#graph", "@graph": graph})


def _head(document: Framework) -> dict[str, Any]:
    """Return the node of the framework itself."""
    said = document.language
    head: dict[str, Any] = {
        "@id": document.id,
        "@type": "ceasn:CompetencyFramework",
        "ceterms:ctid": _ctid(document.id),
    }
    head |= {"ceasn:inLanguage": [said]}
    texts = (("ceasn:name", document.title), ("ceasn:description", document.description))
    head |= {name: {said: text} for name, text in (*texts, ("ceasn:publisherName", document.publisher)) if text}
    if document.license:
        head["ceasn:license"] = document.license
    head["ceasn:hasTopChild"] = [item.id for item in document.capabilities if not item.broader]
    return head


def _node(item: Capability, document: Framework, children: list[str]) -> dict[str, Any]:
    """Return the node of one competency."""
    said = document.language
    own = thaw(item.extensions.get("ctdl"))
    text = {"ceasn:competencyLabel": {said: item.label}, "ceasn:competencyText": {said: item.description}}
    node: dict[str, Any] = {
        **(own if isinstance(own, dict) else {}),
        "@id": item.id,
        "@type": "ceasn:Competency",
        "ceterms:ctid": _ctid(item.id),
        **(text if item.description else {"ceasn:competencyText": {said: item.label}}),
        "ceasn:inLanguage": [said],
        "ceasn:isPartOf": document.id,
    }
    return node | _stated(item, said, children)


def _stated(item: Capability, said: str, children: list[str]) -> dict[str, Any]:
    """Return what a node states only where the competency has it: category, links, notation and keywords."""
    node: dict[str, Any] = {}
    if item.kind != "competency":
        node["ceasn:competencyCategory"] = {said: item.kind}
    links = (
        ("ceasn:isChildOf", item.broader),
        ("ceasn:hasChild", children),
        ("ceasn:prerequisiteAlignment", item.prerequisites),
    )
    node |= {name: list(ids) for name, ids in links if ids}
    if item.notation:
        node["ceasn:codedNotation"] = item.notation
    if item.alternative_labels:
        node["ceasn:conceptKeyword"] = {said: list(item.alternative_labels)}
    return node


def _ctid(iri: str) -> str:
    """Return the CTID of an entry: its own where its IRI ends in one, else one made of the IRI."""
    last = iri.rpartition("/")[2]
    return last if last.startswith("ce-") else f"ce-{identifier(iri)}"
