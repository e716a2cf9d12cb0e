"""Triples from bytes: Turtle, RDF/XML and JSON-LD, with nothing fetched and no entities."""

from __future__ import annotations

import logging
import warnings
from typing import TYPE_CHECKING, Any

from capgraph.errors import Issue, MissingDependencyError, ParseError
from capgraph.formats.jsontext import load_json

if TYPE_CHECKING:
    from rdflib import Graph


def graph_of(data: bytes) -> Graph:
    """Return the triples of a file."""
    try:
        from rdflib import Graph
    except ImportError:
        package, extra = "rdflib", "rdf"
        raise MissingDependencyError(package, extra) from None
    syntax = _syntax(data)
    if syntax == "json-ld":
        _refuse_remote(load_json(data))
    elif syntax == "xml":
        _refuse_entities(data)
    logging.getLogger("rdflib.term").addFilter(lambda record: False)  # noqa: ARG005 - bad literals are ours to tell
    graph = Graph()
    _parse(graph, data, syntax)
    return graph


def _syntax(data: bytes) -> str:
    """Return the syntax in which a file begins."""
    start = data.lstrip(b"\xef\xbb\xbf \r\n\t")[:1]
    if start in {b"{", b"["}:
        return "json-ld"
    return "xml" if start == b"<" and b"<rdf:RDF" in data[:4096] else "turtle"


def _parse(graph: Graph, data: bytes, syntax: str) -> None:
    """Add the triples of a file to a graph."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # rdflib's own, about itself
            graph.parse(data=data, format=syntax, publicID="urn:capgraph:base")
    except Exception as error:  # rdflib's parsers raise whatever they meet
        told = " ".join(str(error).split())[:300]
        issue = Issue("bad-rdf", f"the text is not {syntax}: {told}", hint="check it with the tool that wrote it")
        raise ParseError([issue]) from error


def _refuse_remote(value: Any) -> None:  # noqa: ANN401 - a JSON value
    """Refuse JSON-LD that names a context to fetch."""
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            contexts = item.get("@context", [])
            for context in contexts if isinstance(contexts, list) else [contexts]:
                if isinstance(context, str) or (isinstance(context, dict) and "@import" in context):
                    text = f"the context {context!r} would have to be fetched"
                    raise ParseError([Issue("remote-context", text, where="/@context", hint="write it into the file")])
            pending.extend(item.values())
        elif isinstance(item, list):
            pending.extend(item)


def _refuse_entities(data: bytes) -> None:
    """Refuse XML with a document type, entities or anything outside itself."""
    from xml.sax import ContentHandler, SAXException

    from defusedxml import DefusedXmlException, sax

    try:
        sax.parseString(data, ContentHandler(), forbid_dtd=True)
    except DefusedXmlException as error:
        issue = Issue("xml-entities", f"the XML has a document type or entities: {error}", hint="write it without them")
        raise ParseError([issue]) from error
    except (SAXException, ValueError, LookupError) as error:
        raise ParseError([Issue("bad-xml", f"the text is not XML: {error}", hint="fetch it again")]) from error
