"""SKOS concept schemes: Turtle, RDF/XML and JSON-LD are read; Turtle and JSON-LD are written.

No remote context, schema or entity is ever fetched.  Both directions of a hierarchy are understood, labels in SKOS-XL
too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from capgraph.errors import Issue, ParseError
from capgraph.formats.draft import Draft
from capgraph.formats.identity import is_id
from capgraph.formats.record import NO, Format, Sniff
from capgraph.formats.skos_graph import graph_of, unmapped
from capgraph.formats.skos_rest import SKOS, collections_of, note_unheld, rest_of
from capgraph.formats.skos_writing import (
    DCT,
    KIND,
    KNOWN,
    KNOWN_OF_SCHEME,
    STATUS,
    XL,
    fit,
    tag,
    write_jsonld,
    write_turtle,
)
from capgraph.model import Framework

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib import Graph
    from rdflib.term import Node

    from capgraph.formats.content import Content
    from capgraph.formats.conversion import Ledger

_LABELS = ("prefLabel", "altLabel", "hiddenLabel", "definition")


def read_skos(content: Content, ledger: Ledger, *, id: str = "", language: str = "") -> Framework:
    """Return the concept scheme as a framework.

    Parameters
    ----------
    id : str
        The id of the framework where the file has no ConceptScheme.
    language : str
        The language of the labels; the others become translations.  Empty for the one most labels have.

    Raises
    ------
    MissingDependencyError
        When rdflib is not installed.
    """
    graph = graph_of(content[content.name])
    framework = _Scheme(graph, ledger, id, language).framework()
    note_unheld(graph, framework, ledger)
    for place, key in unmapped(content[content.name]):
        ledger.note("dropped", key, reason="means nothing in JSON-LD", place=place)
    return framework


class _Scheme:
    """The triples on their way into a framework."""

    def __init__(self, graph: Graph, ledger: Ledger, id_: str, language: str) -> None:
        from rdflib import RDF, URIRef

        self.graph = graph
        self.term = URIRef
        schemes = sorted(map(str, graph.subjects(RDF.type, URIRef(f"{SKOS}ConceptScheme"))))
        concepts = {str(item) for item in graph.subjects(RDF.type, URIRef(f"{SKOS}Concept"))}
        labeled = graph.subjects(URIRef(f"{SKOS}prefLabel"), None)
        concepts |= {str(item) for item in labeled if (item, RDF.type, None) not in graph}
        self.concepts = sorted(item for item in concepts if is_id(item))
        if not self.concepts and not schemes:
            raise ParseError([Issue("no-concepts", "the file has no concepts", hint="look for the right file")])
        self.scheme = next((item for item in schemes if is_id(item)), "") or id_ or "urn:capgraph:skos:scheme"
        self.draft = Draft(Framework, ledger, id=self.scheme)
        held = {
            "collections": collections_of(graph, ledger),
            "scheme": rest_of(graph, URIRef(self.scheme), KNOWN_OF_SCHEME, ledger),
        }
        if any(held.values()):
            self.draft.fields["extensions"] = {"skos": {name: value for name, value in held.items() if value}}
        self.language = language or self._language()
        for extra in schemes[1:]:
            ledger.note("normalized", "ConceptScheme", reason="one of several; its concepts are read", place=extra)
        for blank in sorted(concepts - set(self.concepts)):
            ledger.note("dropped", "Concept", reason="has no IRI", place=blank)

    def _language(self) -> str:
        """Return the language that the scheme states, else that of most preferred labels."""
        stated = [text for text, _ in self._texts(self.scheme, f"{DCT}language")]
        counts: dict[str, int] = {}
        for label in self.graph.objects(None, self.term(f"{SKOS}prefLabel")):
            said = tag(getattr(label, "language", None) or "")
            counts[said] = counts.get(said, 0) + 1
        return next(iter(stated), "") or max(sorted(filter(None, counts)), key=counts.__getitem__, default="en")

    def _texts(self, subject: str, predicate: str) -> list[tuple[str, str]]:
        """Return the literals of a subject with their languages, sorted."""
        found = self.graph.objects(self.term(subject), self.term(predicate))
        return sorted((str(item), tag(getattr(item, "language", None) or "")) for item in found)

    def _ids(self, subject: str, *names: str) -> list[str]:
        """Return the concepts that a subject names."""
        found = [item for name in names for item in self.graph.objects(self.term(subject), self.term(f"{SKOS}{name}"))]
        return sorted({str(item) for item in found})

    def framework(self) -> Framework:
        """Return the framework of all concepts."""
        fields = {"title": "title", "description": "description", "license": "license", "publisher": "publisher"}
        for field, name in fields.items():
            texts = self._texts(self.scheme, f"{DCT}{name}")
            own = [text for text, said in texts if said in {"", self.language}] or [text for text, _ in texts]
            if own:
                self.draft.fields[field] = own[0]
        self.draft.fields["language"] = self.language
        for concept in self.concepts:
            self.draft.add("capabilities", self._record(concept))
        for concept in self.concepts:
            for below in self._ids(concept, "narrower"):
                record = self.draft.tables["capabilities"].get(below)
                if record is not None and concept not in record["broader"]:
                    record["broader"].append(concept)
        self._check_related()
        self.draft.ledger.note("kept", "capabilities", count=len(self.draft.tables["capabilities"]))
        return self.draft.build()

    def _record(self, concept: str) -> dict[str, Any]:
        """Return the record of one concept."""
        texts = {name: self._all_texts(concept, name) for name in _LABELS}
        preferred = self._preferred(concept, texts["prefLabel"])
        own = {name: [text for text, said in texts[name] if said in {"", self.language}] for name in _LABELS}
        label = preferred.get(self.language) or preferred.get("") or next(iter(preferred.values()), "") or concept
        for clash in sorted({*own["altLabel"], *own["hiddenLabel"]} & {label}):
            text = f"{concept!r} has {clash!r} as preferred and as another label"
            self.draft.problem("label-clash", text, ids=(concept,), hint="keep one of them")
        kind = next((text for text, _ in self._texts(concept, KIND)), "competency")
        return {
            "id": concept,
            "label": label,
            "kind": kind,
            "description": next(iter(own["definition"]), ""),
            "alternative_labels": [text for text in own["altLabel"] if text != label],
            "hidden_labels": [text for text in own["hiddenLabel"] if text != label],
            "notation": next((text for text, _ in self._texts(concept, f"{SKOS}notation")), ""),
            "broader": self._ids(concept, "broader"),
            "related": self._ids(concept, "related"),
            "replaced_by": sorted({text for text, _ in self._texts(concept, f"{DCT}isReplacedBy")}),
            "status": next((text for text, _ in self._texts(concept, STATUS)), "active"),
            "translations": self._translations(texts, preferred),
            "extensions": self._rest(concept),
        }

    def _all_texts(self, concept: str, name: str) -> list[tuple[str, str]]:
        """Return the literals of a concept, those behind a SKOS-XL label among them."""
        found = self._texts(concept, f"{SKOS}{name}")
        for node in self.graph.objects(self.term(concept), self.term(f"{XL}{name}")):
            forms: Iterable[Node] = self.graph.objects(node, self.term(f"{XL}literalForm"))
            found += sorted((str(form), tag(getattr(form, "language", None) or "")) for form in forms)
        return sorted(set(found))

    def _preferred(self, concept: str, labels: list[tuple[str, str]]) -> dict[str, str]:
        """Return the preferred label by language; a second one in a language is listed."""
        found: dict[str, str] = {}
        for text, said in labels:
            if said in found:
                told = f"{concept!r} has two preferred labels in {said or 'no language'}: {found[said]!r}, {text!r}"
                self.draft.problem("two-labels", told, ids=(concept,), hint="keep one of them")
                self.draft.ledger.note("dropped", "prefLabel", reason="a second one in its language", place=concept)
                continue
            found[said] = text
        return found

    def _translations(self, texts: dict[str, list[tuple[str, str]]], preferred: dict[str, str]) -> list[dict[str, Any]]:
        """Return the texts in the other languages."""
        others = {said for name in ("prefLabel", "altLabel", "definition") for _, said in texts[name]}
        return [
            {
                "language": said,
                "label": preferred.get(said),
                "description": next((text for text, own in texts["definition"] if own == said), None),
                "alternative_labels": [text for text, own in texts["altLabel"] if own == said],
            }
            for said in sorted(others - {"", self.language})
        ]

    def _rest(self, concept: str) -> dict[str, Any]:
        """Return what a concept states beyond our fields, by predicate."""
        rest = rest_of(self.graph, self.term(concept), KNOWN, self.draft.ledger)
        return {"skos": rest} if rest else {}

    def _check_related(self) -> None:
        """List concepts that are related and broader at once."""
        records = self.draft.tables["capabilities"]
        for id_, record in records.items():
            for other in record["related"]:
                if other in record["broader"] or id_ in records.get(other, {}).get("broader", ()):
                    text = f"{id_!r} is related to {other!r} and broader or narrower than it"
                    self.draft.problem("related-broader", text, ids=(id_, other), hint="keep one of the two")


def _sniff(content: Content, kind: str) -> Sniff:
    """Return whether the file speaks of concepts."""
    if len(content) != 1 or kind not in {"", "framework"}:
        return NO
    head = content.head()
    if SKOS.encode() not in head:
        return Sniff(0.0, missing=("the namespace of SKOS",))
    competing = b"ceasn:Competency" in head
    return Sniff(0.5 if competing else 0.9, ("has the namespace of SKOS",))


_CARRIES = {
    "framework": frozenset(
        {"title", "description", "license", "publisher", "language", "capabilities", "prefixes", "extensions"}
    ),
    "capability": frozenset(
        {"kind", "description", "alternative_labels", "hidden_labels", "notation", "broader", "related", "status"}
        | {"replaced_by", "translations", "extensions"}
    ),
}
FORMAT = Format(
    name="skos",
    title="SKOS (Turtle, RDF/XML; JSON-LD read)",
    extensions=(".ttl", ".rdf"),
    reads=("framework",),
    writes=("framework",),
    carries=_CARRIES,
    sniff=_sniff,
    reader=read_skos,
    writer=write_turtle,
    fit=fit,
    notes="Reading needs the extra `rdf`. Nothing is fetched: contexts must stand in the file. Mappings, notes and "
    "collections stand in `extensions` and come back.",
    fixture="made-up files",
)
JSONLD = Format(
    name="skos-jsonld",
    title="SKOS (JSON-LD)",
    extensions=(".jsonld",),
    writes=("framework",),
    carries=_CARRIES,
    writer=write_jsonld,
    fit=fit,
    notes="Read as `skos`.",
)
