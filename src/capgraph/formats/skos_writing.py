"""SKOS written from frameworks: Turtle and JSON-LD, the same bytes for the same framework."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from capgraph.formats.draft import closed
from capgraph.formats.jsontext import dump_json
from capgraph.formats.skos_rest import SKOS, Value, returned, returned_collections, returned_scheme, stated
from capgraph.formats.tree import expanded, known_references

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from capgraph.formats.conversion import Ledger
    from capgraph.model import Capability, Framework

DCT = "http://purl.org/dc/terms/"
KIND = "urn:capgraph:vocabulary:kind"
STATUS = "urn:capgraph:vocabulary:status"

XL = "http://www.w3.org/2008/05/skos-xl#"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_OF_CONCEPTS = (
    *("prefLabel", "altLabel", "hiddenLabel", "definition", "broader", "narrower", "related", "notation", "inScheme"),
    *("topConceptOf", "broaderTransitive", "narrowerTransitive"),
)
KNOWN = frozenset(
    {
        *(f"{SKOS}{name}" for name in _OF_CONCEPTS),
        *(f"{XL}{name}" for name in ("prefLabel", "altLabel", "hiddenLabel")),
        *(KIND, STATUS, f"{DCT}isReplacedBy", _TYPE),
    }
)
"""The properties of a concept that fields of ours hold."""
KNOWN_OF_SCHEME = frozenset(
    {
        *(f"{DCT}{name}" for name in ("title", "description", "license", "publisher", "language")),
        *(f"{SKOS}hasTopConcept", _TYPE),
    }
)
"""The properties of a concept scheme that fields of ours hold."""

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_IRI_ESCAPED = set('<>"{}|^`\\')
_SCRIPT = 4


def tag(text: str) -> str:
    """Return a language tag in its usual letters: ``pt-BR``, ``zh-Hant``."""
    first, *rest = text.split("-")
    shaped = [
        part.title() if len(part) == _SCRIPT else part.upper() if len(part) < _SCRIPT - 1 else part for part in rest
    ]
    return "-".join([first.lower(), *shaped])


def fit(framework: Framework, ledger: Ledger) -> Framework:
    """Return the framework as a graph holds it: sets of labels, languages in their usual letters, full IRIs."""
    whole = closed(framework, ledger) if framework.imports else framework
    whole = known_references(expanded(whole, ledger), ledger, "broader", "related", "replaced_by")
    language = tag(whole.language)
    broader = {item.id: item.broader for item in whole.capabilities}
    capabilities = tuple(_concept(item, broader, language, ledger) for item in whole.capabilities)
    held = {"collections": returned_collections(whole), "scheme": returned_scheme(whole, KNOWN_OF_SCHEME)}
    kept = {name: value for name, value in held.items() if value}
    extensions = type(whole.extensions)({"skos": kept} if kept else {})
    changes = {"language": language, "capabilities": capabilities, "extensions": extensions}
    return whole.model_copy(update=changes)


def _concept(item: Capability, broader: Mapping[str, tuple[str, ...]], language: str, ledger: Ledger) -> Capability:
    """Return one capability with what SKOS demands of its labels."""
    changes: dict[str, Any] = {
        "alternative_labels": tuple(sorted(set(item.alternative_labels) - {item.label})),
        "hidden_labels": tuple(sorted(set(item.hidden_labels) - {item.label})),
        "related": _apart(item, broader),
        "translations": tuple(_translations(item, language)),
    }
    kept = returned(item, KNOWN)
    extensions = type(item.extensions)({"skos": kept} if kept else {})
    changed: dict[str, Any] = {name: value for name, value in changes.items() if value != getattr(item, name)}
    for name in changed:
        reason = "related and broader exclude each other" if name == "related" else "labels are sets without repeats"
        ledger.note(
            "dropped" if name == "related" else "normalized", f"capability.{name}", reason=reason, place=item.id
        )
    return item.model_copy(update={**changed, "extensions": extensions})


def _apart(item: Capability, broader: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the related entries that are neither above the item nor below it."""
    above = {item.id, *_above(broader, item.id)} if item.related else {item.id}
    return tuple(other for other in item.related if other not in above and item.id not in _above(broader, other))


def _translations(item: Capability, language: str) -> Iterator[Any]:
    """Yield the translations in other languages that say something."""
    for text in item.translations:
        said = tag(text.language)
        labels = tuple(sorted(set(text.alternative_labels)))
        if said != language and (text.label or text.description or labels):
            update = {"language": said, "alternative_labels": labels, "description": text.description or None}
            yield text.model_copy(update=update)


def _above(broader: Mapping[str, tuple[str, ...]], id_: str) -> set[str]:
    """Return everything broader than an entry."""
    found: set[str] = set()
    pending = list(broader.get(id_, ()))
    while pending:
        node = pending.pop()
        if node not in found:
            found.add(node)
            pending.extend(broader.get(node, ()))
    return found


def _triples(framework: Framework) -> Iterator[tuple[str, list[tuple[str, Value]]]]:
    """Yield each subject with its predicates and values, in a fixed order."""
    language = framework.language
    about: list[tuple[str, Value]] = [("rdf:type", ("skos:ConceptScheme", "name")), (f"{DCT}language", (language, ""))]
    told = ((name, getattr(framework, name)) for name in ("title", "description", "license", "publisher"))
    about += [(f"{DCT}{name}", (text, "")) for name, text in told if text]
    about += stated(returned_scheme(framework, KNOWN_OF_SCHEME))
    yield framework.id, about
    for item in framework.capabilities:
        yield item.id, list(_statements(item, framework))
    for collection in returned_collections(framework):
        yield collection["id"], list(_members(collection))


def _members(collection: dict[str, Any]) -> Iterator[tuple[str, Value]]:
    """Yield what is said about one collection."""
    yield "rdf:type", (f"skos:{collection['type']}", "name")
    yield from stated(collection["properties"])
    yield from ((f"{SKOS}member", (id_, "iri")) for id_ in collection.get("members", ()))
    if collection.get("list"):
        yield f"{SKOS}memberList", (" ".join(collection["list"]), "list")


def _statements(item: Capability, framework: Framework) -> Iterator[tuple[str, Value]]:
    """Yield what is said about one concept."""
    yield "rdf:type", ("skos:Concept", "name")
    yield f"{SKOS}inScheme", (framework.id, "iri")
    yield from _texts(item, framework.language)
    yield from _links(item)
    plain = (
        (f"{SKOS}notation", item.notation),
        (KIND, "" if item.kind == "competency" else item.kind),
        (STATUS, "" if item.status == "active" else item.status),
    )
    yield from ((name, (text, "")) for name, text in plain if text)
    yield from stated(returned(item, KNOWN))


def _links(item: Capability) -> Iterator[tuple[str, Value]]:
    """Yield the links of one concept to others."""
    links = (
        (f"{SKOS}broader", item.broader),
        (f"{SKOS}related", item.related),
        (f"{DCT}isReplacedBy", item.replaced_by),
    )
    for name, ids in links:
        yield from ((name, (id_, "iri")) for id_ in ids)


def _texts(item: Capability, language: str) -> Iterator[tuple[str, Value]]:
    """Yield the labels and definitions of one concept in all languages."""
    preferred = [(item.label, language), *((text.label, text.language) for text in item.translations)]
    defined = [(item.description, language), *((text.description, text.language) for text in item.translations)]
    other = [(label, language) for label in item.alternative_labels]
    other += [(label, text.language) for text in item.translations for label in text.alternative_labels]
    hidden = [(label, language) for label in item.hidden_labels]
    found = (("prefLabel", preferred), ("altLabel", other), ("hiddenLabel", hidden), ("definition", defined))
    for name, texts in found:
        yield from ((f"{SKOS}{name}", (text, said)) for text, said in texts if text)


def write_turtle(document: Framework, ledger: Ledger) -> bytes:
    """Return the framework as Turtle."""
    lines = [
        "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .",
        f"@prefix skos: <{SKOS}> .",
        f"@prefix dct: <{DCT}> .",
    ]
    for subject, said in _triples(document):
        body = " ;\n".join(f"    {_predicate(name)} {_value(value)}" for name, value in said)
        lines += ["", f"{_iri(subject)}\n{body} ."]
    ledger.note("kept", "capabilities", count=len(document.capabilities))
    return "\n".join([*lines, ""]).encode()


def _iri(text: str) -> str:
    """Return an IRI in angle brackets."""
    safe = "".join(f"\\u{ord(letter):04X}" if letter in _IRI_ESCAPED else letter for letter in text)
    return f"<{safe}>"


def _predicate(name: str) -> str:
    """Return a predicate, short where its namespace has a prefix."""
    for base, prefix in ((SKOS, "skos:"), (DCT, "dct:")):
        if name.startswith(base):
            return prefix + name.removeprefix(base)
    return name if name == "rdf:type" else _iri(name)


def _value(value: Value) -> str:
    """Return an IRI or a literal."""
    text, kind = value
    if kind in {"iri", "name"}:
        return text if kind == "name" else _iri(text)
    if kind == "list":
        return f"( {' '.join(map(_iri, text.split(' ')))} )"
    quoted = "".join(_ESCAPES.get(letter, letter) for letter in text)
    if kind.startswith("^^"):
        return f'"{quoted}"^^{_iri(kind[2:])}'
    return f'"{quoted}"@{kind}' if kind else f'"{quoted}"'


def _json_value(text: str, kind: str) -> dict[str, Any]:
    """Return an IRI, a list or a literal as JSON-LD."""
    if kind == "iri":
        return {"@id": text}
    if kind == "list":
        return {"@list": [{"@id": id_} for id_ in text.split(" ")]}
    if kind.startswith("^^"):
        return {"@value": text, "@type": kind[2:]}
    return {"@value": text, "@language": kind} if kind else {"@value": text}


def write_jsonld(document: Framework, ledger: Ledger) -> bytes:
    """Return the framework as JSON-LD with its context inside."""
    graph = []
    for subject, said in _triples(document):
        node: dict[str, Any] = {"@id": subject}
        for name, (text, kind) in said:
            if name == "rdf:type":
                node["@type"] = text
                continue
            node.setdefault(_predicate(name).strip("<>"), []).append(_json_value(text, kind))
        graph.append(node)
    ledger.note("kept", "capabilities", count=len(document.capabilities))
    return dump_json({"@context": {"skos": SKOS, "dct": DCT}, "@graph": graph})
