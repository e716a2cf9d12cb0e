"""What SKOS files hold beyond the model: other properties of concepts, and collections; kept, and written back."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from capgraph.formats.identity import is_id
from capgraph.formats.unread import Held
from capgraph.model.frozen import thaw

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from rdflib import Graph
    from rdflib.term import Node

    from capgraph.formats.conversion import Ledger
    from capgraph.model import Capability, Framework

SKOS = "http://www.w3.org/2004/02/skos/core#"
COLLECTIONS = ("Collection", "OrderedCollection")
Value = tuple[str, str]
"""A value and what it is: ``iri``, a language tag, ``^^`` with a datatype, or nothing for plain text."""

_TYPES = {
    *(f"{SKOS}{name}" for name in ("Concept", "ConceptScheme", *COLLECTIONS)),
    *("http://www.w3.org/2008/05/skos-xl#Label", "http://www.w3.org/1999/02/22-rdf-syntax-ns#List"),
}
_TAG = re.compile(r"^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$")
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def value_of(node: Node) -> dict[str, str] | None:
    """Return an RDF term as JSON-LD writes it; None for a blank node."""
    from rdflib import BNode, Literal

    if isinstance(node, BNode):
        return None
    if not isinstance(node, Literal):
        return {"@id": str(node)}
    more = {"@language": str(node.language)} if node.language else {}
    return {"@value": str(node)} | more | ({"@type": str(node.datatype)} if node.datatype else {})


def rest_of(graph: Graph, subject: Node, known: Collection[str], ledger: Ledger) -> dict[str, Any]:
    """Return what a subject states beyond the known predicates: lists of values by predicate."""
    rest: dict[str, list[dict[str, str]]] = {}
    for predicate, node in graph.predicate_objects(subject):
        if str(predicate) in known:
            continue
        value = value_of(node)
        if value is None:
            ledger.note("dropped", str(predicate), reason="leads to a node without an IRI", place=str(subject))
        else:
            rest.setdefault(str(predicate), []).append(value)
            ledger.note("moved", str(predicate), reason="no field holds it", place=str(subject))
    return {name: _sorted(values) for name, values in sorted(rest.items())}


def _sorted(values: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return values in an order that depends on nothing but them."""
    return sorted(values, key=lambda value: json.dumps(value, sort_keys=True))


def collections_of(graph: Graph, ledger: Ledger) -> list[dict[str, Any]]:
    """Return the collections of a file, by IRI: their types, properties and members, ordered where they are."""
    from rdflib import RDF, BNode, URIRef

    found = []
    for kind in COLLECTIONS:
        for node in graph.subjects(RDF.type, URIRef(f"{SKOS}{kind}")):
            if isinstance(node, BNode):
                ledger.note("dropped", kind, reason="has no IRI", place=str(node))
                continue
            members = sorted(str(item) for item in graph.objects(node, URIRef(f"{SKOS}member")))
            ordered = _listed(graph, node, ledger)
            known = (f"{SKOS}member", f"{SKOS}memberList", f"{_RDF}type")
            own = {"id": str(node), "type": kind, "properties": rest_of(graph, node, known, ledger)}
            found.append(own | {name: ids for name, ids in (("members", members), ("list", ordered)) if ids})
            ledger.note("moved", kind, reason="no part of the model; kept in the extensions", place=str(node))
    return sorted(found, key=lambda item: str(item["id"]))


def _listed(graph: Graph, node: Node, ledger: Ledger) -> list[str]:
    """Return the IRIs in the list of an ordered collection; a list that leads back into itself is noted."""
    from rdflib import BNode, URIRef
    from rdflib.collection import Collection as RdfList

    head = graph.value(node, URIRef(f"{SKOS}memberList"))
    try:
        items = list(RdfList(graph, head)) if head is not None else []
    except ValueError:
        items = [node, BNode()]
    if all(isinstance(item, URIRef) for item in items):
        return [str(item) for item in items]
    ledger.note("dropped", "memberList", reason="no plain list of concepts", place=str(node))
    return []


def note_unheld(graph: Graph, document: Framework, ledger: Ledger) -> None:
    """Note every value of the graph that the framework does not hold, and every type that means nothing here."""
    from rdflib import BNode

    held = Held(document)
    for subject, predicate, node in sorted(graph, key=str):
        name, place = str(predicate), str(subject)
        if isinstance(node, BNode) or ledger.lists(_short(name), place) or ledger.lists(name, place):
            continue
        is_known = str(node) in _TYPES if name == f"{_RDF}type" else held.has_text(node)
        if not is_known and str(node) != f"{_RDF}nil":
            ledger.note("dropped", _short(name), reason="no field holds this value", place=f"{place} {node:.80}")


def _short(name: str) -> str:
    """Return the last part of an IRI."""
    return re.split(r"[/#]", name)[-1] or name


def returned(item: Capability, known: Collection[str]) -> dict[str, Any]:
    """Return the properties of a concept that can be written back, as its extensions hold them."""
    own = thaw(item.extensions.get("skos"))
    return own if isinstance(own, dict) and own and _are_properties(own, known) else {}


def returned_scheme(framework: Framework, known: Collection[str]) -> dict[str, Any]:
    """Return the properties of the concept scheme that can be written back."""
    own = thaw(framework.extensions.get("skos"))
    found = own.get("scheme") if isinstance(own, dict) else None
    return found if isinstance(found, dict) and found and _are_properties(found, known) else {}


def returned_collections(framework: Framework) -> list[dict[str, Any]]:
    """Return the collections that can be written back."""
    own = thaw(framework.extensions.get("skos"))
    found = own.get("collections") if isinstance(own, dict) else None
    fits = isinstance(found, list) and found and all(isinstance(item, dict) and _is_collection(item) for item in found)
    ids = [item["id"] for item in found] if fits and isinstance(found, list) else []
    return found if isinstance(found, list) and ids and ids == sorted(set(ids)) else []


def _are_properties(own: dict[str, Any], known: Collection[str]) -> bool:
    """Return whether properties are lists of terms by predicate, each in its order."""
    return list(own) == sorted(own) and all(
        is_id(name) and name not in known and isinstance(values, list) and bool(values) and _are_terms(values)
        for name, values in own.items()
    )


def _are_terms(values: list[Any]) -> bool:
    """Return whether values are RDF terms as JSON-LD writes them, in their order and without repeats."""
    fits = all(isinstance(value, dict) and _is_term(value) for value in values)
    return fits and values == _sorted(values) and len({json.dumps(value) for value in values}) == len(values)


def _is_term(value: dict[str, Any]) -> bool:
    """Return whether a value is an RDF term as JSON-LD writes it."""
    if not all(isinstance(part, str) for part in value.values()):
        return False
    if set(value) == {"@id"}:
        return is_id(value["@id"])
    typed, said = value.get("@type"), value.get("@language")
    names = {"@value"} | ({"@type"} if typed else set()) | ({"@language"} if said else set())
    return (
        set(value) == names
        and not (typed and said)
        and (not typed or is_id(typed))
        and (not said or bool(_TAG.match(said)))
    )


def _is_collection(item: dict[str, Any]) -> bool:
    """Return whether a collection is one that `collections_of` makes."""
    members, listed = item.get("members", []), item.get("list", [])
    texts = all(
        isinstance(ids, list) and all(isinstance(id_, str) and is_id(id_) for id_ in ids) for ids in (members, listed)
    )
    return (
        {"id", "type", "properties"} <= set(item) <= {"id", "type", "properties", "members", "list"}
        and isinstance(item["id"], str)
        and is_id(item["id"])
        and item["type"] in COLLECTIONS
        and texts
        and members == sorted(set(members))
        and isinstance(item["properties"], dict)
        and _are_properties(item["properties"], (f"{SKOS}member", f"{SKOS}memberList", f"{_RDF}type"))
    )


def stated(properties: dict[str, Any]) -> Iterator[tuple[str, Value]]:
    """Yield properties as predicates and values."""
    for name, values in properties.items():
        for value in values:
            if "@id" in value:
                yield name, (value["@id"], "iri")
            elif "@type" in value:
                yield name, (value["@value"], f"^^{value['@type']}")
            else:
                yield name, (value["@value"], value.get("@language", ""))
