"""Triples from bytes: Turtle, RDF/XML and JSON-LD, with nothing fetched and no entities."""

from __future__ import annotations

import logging
import re
import warnings
from typing import TYPE_CHECKING, Any

from capgraph.errors import Issue, MissingDependencyError, ParseError
from capgraph.formats.jsontext import load_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib import Graph


_SHAPES = {
    "@type": re.compile(r"^\S*$"),
    "@id": re.compile(r"^[^\s<>\"{}|^`\\]*$"),
    "@language": re.compile(r"^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$"),
}
"""What ids and languages look like."""


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


def unmapped(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield the keys of a JSON-LD text that mean nothing, with their places; texts of another syntax have none.

    They are keys that no context defines, ids that are no IRIs, languages that are none, and texts among nodes.
    """
    if _syntax(data) != "json-ld":
        return
    value = load_json(data)
    terms = {"@context"} | {term for context in _contexts(value) for term in context}
    pending: list[tuple[str, Any]] = [("", value)] if "@vocab" not in terms else []
    while pending:
        place, item = pending.pop()
        if isinstance(item, dict):
            unknown = [key for key in item if key not in terms and ":" not in key and not key.startswith("@")]
            bad = [key for key, fits in _SHAPES.items() if isinstance(item.get(key), str) and not fits.match(item[key])]
            yield from ((f"{place}/{key}", key) for key in (*unknown, *bad))
            graph = item.get("@graph")
            nodes = enumerate(graph) if isinstance(graph, list) else ()
            yield from ((f"{place}/@graph/{number}", "@graph") for number, node in nodes if not isinstance(node, dict))
            inner = ((key, child) for key, child in item.items() if key != "@context" and key not in unknown)
            pending.extend((f"{place}/{key}", child) for key, child in inner)
        elif isinstance(item, list):
            pending.extend((f"{place}/{number}", child) for number, child in enumerate(item))


def _contexts(value: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - a JSON value
    """Yield the contexts anywhere in a JSON value."""
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            contexts = item.get("@context", [])
            yield from (
                one for one in (contexts if isinstance(contexts, list) else [contexts]) if isinstance(one, dict)
            )
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
