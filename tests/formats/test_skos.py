"""SKOS: what a file holds beyond the model comes back, triple by triple."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import pytest

import capgraph as cg
from capgraph.formats import format_named

if TYPE_CHECKING:
    from pathlib import Path

    from rdflib import Graph

SKOS = format_named("skos")
TURTLE = b"""
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ex: <https://e.org/> .
ex:scheme a skos:ConceptScheme ; dct:title "Skills" ; dct:language "en" ; dct:created "2026-01-02"^^xsd:date .
ex:a a skos:Concept ; skos:inScheme ex:scheme ; skos:prefLabel "A"@en ; skos:scopeNote "only here"@en ;
  skos:exactMatch <http://data.europa.eu/esco/skill/1> ;
  skos:scopeNote "nur hier"@de ; skos:example "x" ; ex:weight 3 .
ex:b a skos:Concept ; skos:inScheme ex:scheme ; skos:prefLabel "B"@en ; skos:broader ex:a .
ex:group a skos:Collection ; skos:prefLabel "Group"@en ; skos:member ex:b, ex:a .
ex:levels a skos:OrderedCollection ; skos:memberList ( ex:b ex:a ) .
[] a skos:Collection ; skos:member ex:a .
"""


def triples(data: bytes, syntax: str = "turtle") -> Graph:
    from rdflib import Graph
    from rdflib.compare import to_canonical_graph

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return to_canonical_graph(Graph().parse(data=data, format=syntax))


@pytest.mark.parametrize(("name", "syntax"), [("skos", "turtle"), ("skos-jsonld", "json-ld")])
def test_mappings_notes_and_collections_come_back(name: str, syntax: str) -> None:
    document, conversion = SKOS.parse({"a.ttl": TURTLE})
    assert [row.places for row in conversion.dropped if row.part == "Collection"]
    moved = {row.part.rpartition("#")[2] for row in conversion if row.action == "moved"}
    assert {"exactMatch", "scopeNote", "example", "Collection", "OrderedCollection"} <= moved
    rendered, written = format_named(name).render(document)
    assert isinstance(rendered, bytes)
    assert written.dropped == ()
    whole = triples(TURTLE.rpartition(b"[]")[0])
    assert set(triples(rendered, syntax)) == set(whole)


def test_extensions_that_are_no_triples_are_not_written() -> None:
    odd = {"skos": {"https://e.org/p": [{"@value": 3}], "collections": [{"id": "no id"}]}}
    framework = cg.Framework(
        id="fw:a", extensions=odd, capabilities=[cg.Capability(id="cap:a", label="A", extensions=odd)]
    )
    with pytest.warns(cg.errors.LossyConversionWarning, match="capability.extensions .*framework.extensions"):
        rendered, _ = SKOS.render(framework)
    assert b"https://e.org/p" not in rendered


@pytest.mark.real_data
def test_a_real_scheme_comes_back(shared_data: Path) -> None:
    source = (shared_data / "skos" / "service_skills.ttl").read_bytes()
    document, _ = SKOS.parse({"a.ttl": source})
    rendered, _ = SKOS.render(document)
    assert isinstance(rendered, bytes)
    assert SKOS.parse({"a.ttl": rendered})[0] == document
    before, after = ({tuple(map(str, triple)) for triple in triples(data)} for data in (source, rendered))
    lost = {predicate.rpartition("#")[2] for _, predicate, _ in before - after}
    assert lost <= {"topConceptOf", "hasTopConcept", "narrower", "memberList", "first", "rest"}
    assert document.extensions["skos"]["collections"][0]["list"][-1].endswith("/L4")
