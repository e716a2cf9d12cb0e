"""CTDL-ASN graphs written from frameworks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from capgraph.formats.case_writing import identifier
from capgraph.formats.ctdl_texts import fitting, texts_of
from capgraph.formats.draft import closed
from capgraph.formats.jsontext import dump_json
from capgraph.formats.tree import expanded, known_references
from capgraph.formats.unread import Source
from capgraph.model.frozen import thaw

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from capgraph.formats.conversion import Ledger
    from capgraph.model import Capability, Framework, RoleProfile

CONTEXT = "https://credreg.net/ctdlasn/schema/context/json"
USED = {
    *(
        "@id",
        "@type",
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
HEAD_USED = {
    *("@id", "@type", "ceasn:name", "ceasn:description", "ceasn:publisherName", "ceasn:license"),
    *("ceasn:inLanguage", "ceasn:hasTopChild"),
}
"""The terms of a framework that fields of ours hold."""
ROLES = {"ceterms:Occupation": "family", "ceterms:WorkRole": "role", "ceterms:Job": "role"}
"""What the types of the world of work are here."""
EMBODIED = tuple(
    f"{prefix}:{part}Embodied"
    for prefix in ("ceasn", "ceterms")
    for part in ("skill", "knowledge", "ability", "task", "competency")
)
"""The terms by which a role names what it requires."""
BELOW = ("ceterms:hasWorkRole", "ceterms:hasSpecialization")
"""The terms by which a role names those below it."""
ROLE_USED = {
    *("@id", "@type", "ceterms:name", "ceterms:description", "ceterms:codedNotation"),
    *("ceterms:hasTask", *EMBODIED, *BELOW),
}
"""The terms of a role that fields of ours hold."""
_TEXTS = (
    *("ceasn:competencyText", "ceasn:competencyLabel", "ceasn:comment", "ceasn:codedNotation", "ceasn:conceptKeyword"),
    *("ceasn:competencyCategory", "ceasn:name", "ceasn:description", "ceasn:publisherName", "ceasn:license"),
    *("ceterms:name", "ceterms:description", "ceterms:codedNotation"),
    *("skos:prefLabel", "skos:definition", "skos:altLabel", "skos:notation"),
)
_LINKS = (
    *("@id", "ceasn:isPartOf", "ceasn:isTopChildOf", "ceasn:hasTopChild", "ceasn:isChildOf", "ceasn:hasChild"),
    *("ceasn:prerequisiteAlignment", "ceterms:hasTask", *EMBODIED, *BELOW, "skos:broader"),
)
SOURCE = Source(
    taken=frozenset({*_TEXTS, *(f"{term}.*" for term in _TEXTS), *_LINKS}),
    understood=frozenset({"@type", "@context", "ceasn:inLanguage", "ceterms:ctid", "@language"}),
)
"""The terms whose values stand in the framework, and those that are read into another form."""
_WRITTEN = {"family": "ceterms:Occupation", "role": "ceterms:WorkRole"}
_TERMS = {"knowledge": "ceasn:knowledgeEmbodied", "attitude": "ceasn:abilityEmbodied", "task": "ceterms:hasTask"}


def beyond(node: Mapping[str, Any], used: AbstractSet[str]) -> dict[str, Any]:
    """Return what a node states beyond our fields; its CTID where the IRI does not end in it."""
    rest = {name: value for name, value in node.items() if name not in used and ":" in name}
    if rest.get("ceterms:ctid") == _ctid(str(node.get("@id"))):
        del rest["ceterms:ctid"]
    return rest


def fit(framework: Framework, ledger: Ledger) -> Framework:
    """Return the framework as the graph holds it: full IRIs, a language without region, keywords without order."""
    whole = closed(framework, ledger) if framework.imports else framework
    whole = known_references(expanded(whole, ledger), ledger, "broader", "prerequisites")
    language = whole.language.split("-")[0].lower()
    if language != whole.language:
        ledger.note("normalized", "framework.language", reason="without region", place=whole.id)
    capabilities = [
        item.model_copy(
            update={
                **_returned(item, USED - {"ceasn:comment"}),
                "translations": fitting(item, language, ledger, labels=True),
            }
        )
        for item in whole.capabilities
    ]
    named = [
        item.model_copy(update={"translations": fitting(item, language, ledger, labels=False)}) for item in whole.roles
    ]
    roles = sorted((_role(item, framework) for item in named), key=lambda item: item.id)
    ledger.renamed.update({item.id: framework.iri(item.id) for item in whole.roles})
    changes = {"language": language, "capabilities": tuple(capabilities), "roles": tuple(roles)}
    return whole.model_copy(update={**changes, **_returned_nodes(whole)})


def _returned(item: Capability | RoleProfile, used: AbstractSet[str]) -> dict[str, Any]:
    """Return the change that leaves an entry what its source held beyond our fields and can be written back."""
    own = thaw(item.extensions.get("ctdl"))
    fits = isinstance(own, dict) and bool(own) and _is_returned(own, used)
    return {"extensions": type(item.extensions)({"ctdl": item.extensions["ctdl"]} if fits else {})}


def _is_returned(own: dict[str, Any], used: AbstractSet[str]) -> bool:
    """Return whether what a source held beyond our fields is named like terms, and none of ours."""
    return all(":" in name and name not in used for name in own)


def _returned_nodes(whole: Framework) -> dict[str, Any]:
    """Return the change that leaves a framework the nodes and terms of its source that can be written back."""
    own = thaw(whole.extensions.get("ctdl"))
    held: dict[str, Any] = own if isinstance(own, dict) else {}
    kept: dict[str, Any] = {}
    terms = held.get("framework")
    if isinstance(terms, dict) and terms and _is_returned(terms, HEAD_USED):
        kept["framework"] = terms
    nodes = held.get("nodes")
    if isinstance(nodes, list) and nodes and all(isinstance(node, dict) and is_other(node) for node in nodes):
        kept["nodes"] = nodes
    return {"extensions": type(whole.extensions)({"ctdl": kept} if kept else {})}


def is_other(node: Mapping[str, Any]) -> bool:
    """Return whether a node is of a type that is read as no entry, and kept as it is."""
    found = node.get("@type")
    types = found if isinstance(found, list) else [found]
    read = {"ceasn:Competency", "ceasn:CompetencyFramework", "ceterms:Task", *ROLES}
    strings = bool(types) and all(isinstance(item, str) for item in types)
    return strings and not read & set(types) and isinstance(node.get("@id"), str) and "@graph" not in node


def _role(item: RoleProfile, framework: Framework) -> RoleProfile:
    """Return a role with full IRIs, as an occupation or a work role."""
    requirements = [
        required.model_copy(update={"capability": framework.iri(required.capability)}) for required in item.requirements
    ]
    return item.model_copy(
        update={
            "id": framework.iri(item.id),
            "kind": "family" if item.kind == "family" else "role",
            "broader": tuple(sorted(framework.iri(other) for other in item.broader)),
            "requirements": tuple(sorted(requirements, key=lambda required: required.capability)),
            **_returned(item, ROLE_USED),
        }
    )


def write_ctdl(document: Framework, ledger: Ledger) -> bytes:
    """Return the framework as a graph."""
    children: dict[str, list[str]] = {}
    for item in document.capabilities:
        for parent in item.broader:
            children.setdefault(parent, []).append(item.id)
    below: dict[str, list[RoleProfile]] = {}
    for role in document.roles:
        for parent in role.broader:
            below.setdefault(parent, []).append(role)
    kinds = {item.id: item.kind for item in document.capabilities}
    own = thaw(document.extensions.get("ctdl"))
    graph = [_head(document), *(_node(item, document, children.get(item.id, [])) for item in document.capabilities)]
    graph += [_role_node(role, below.get(role.id, []), kinds, document.language) for role in document.roles]
    graph += own.get("nodes", []) if isinstance(own, dict) else []
    for table in ("capabilities", "roles"):
        ledger.note("kept", table, count=len(getattr(document, table)))
    return dump_json({"@context": CONTEXT, "@id": f"{document.id}#graph", "@graph": graph})


def _head(document: Framework) -> dict[str, Any]:
    """Return the node of the framework itself."""
    said = document.language
    own = thaw(document.extensions.get("ctdl"))
    head: dict[str, Any] = {
        **(own.get("framework", {}) if isinstance(own, dict) else {}),
        "@id": document.id,
        "@type": "ceasn:CompetencyFramework",
    }
    head.setdefault("ceterms:ctid", _ctid(document.id))
    head |= {"ceasn:inLanguage": [said]}
    texts = (("ceasn:name", document.title), ("ceasn:description", document.description))
    head |= {name: {said: text} for name, text in (*texts, ("ceasn:publisherName", document.publisher)) if text}
    if document.license:
        head["ceasn:license"] = document.license
    head["ceasn:hasTopChild"] = [item.id for item in document.capabilities if not item.broader]
    return head


def _role_node(role: RoleProfile, below: Iterable[RoleProfile], kinds: Mapping[str, str], said: str) -> dict[str, Any]:
    """Return the node of one occupation or work role, with what it requires and what is below it."""
    own = thaw(role.extensions.get("ctdl"))
    node: dict[str, Any] = {
        **(own if isinstance(own, dict) else {}),
        "@id": role.id,
        "@type": _WRITTEN[role.kind],
    }
    labels, descriptions, _ = texts_of(role, said)
    node.setdefault("ceterms:ctid", _ctid(role.id))
    node["ceterms:name"] = labels
    if descriptions:
        node["ceterms:description"] = descriptions
    if role.notation:
        node["ceterms:codedNotation"] = role.notation
    for other in below:
        term = BELOW[0] if role.kind == "family" and other.kind == "role" else BELOW[1]
        node.setdefault(term, []).append(other.id)
    for required in role.requirements:
        term = _TERMS.get(kinds.get(required.capability, ""), "ceasn:skillEmbodied")
        node.setdefault(term, []).append(required.capability)
    return node


def _node(item: Capability, document: Framework, children: list[str]) -> dict[str, Any]:
    """Return the node of one competency."""
    said = document.language
    own = thaw(item.extensions.get("ctdl"))
    labels, descriptions, others = texts_of(item, said)
    text = {"ceasn:competencyLabel": labels, "ceasn:competencyText": descriptions}
    node: dict[str, Any] = {
        **(own if isinstance(own, dict) else {}),
        "@id": item.id,
        "@type": "ceasn:Competency",
        **(text if descriptions else {"ceasn:competencyText": labels}),
        "ceasn:inLanguage": [said],
        "ceasn:isPartOf": document.id,
    }
    node.setdefault("ceterms:ctid", _ctid(item.id))
    if others:
        node["ceasn:conceptKeyword"] = others
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
    return node


def _ctid(iri: str) -> str:
    """Return the CTID of an entry: its own where its IRI ends in one, else one made of the IRI."""
    last = iri.rpartition("/")[2]
    return last if last.startswith("ce-") else f"ce-{identifier(iri)}"
