"""Graphs for drawing and network tools: GraphML, GEXF, Cytoscape JSON, DOT, Mermaid and a plain list of edges.

Every entry of a document is a node with its label and kind, every link of a document an edge with its relation.  People
and the evidence about them are left out: such files are passed around.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from capgraph.errors import UnsupportedError
from capgraph.formats.jsontext import dump_json
from capgraph.formats.record import Format
from capgraph.links import links
from capgraph.model import Catalog, Crosswalk, Document, Evidence, LearningAsset, Person

if TYPE_CHECKING:
    from collections.abc import Iterator

    from capgraph.formats.conversion import Ledger

_MOST_EDGES = 500
_MOST_TEXT = 50_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_KINDS = ("framework", "catalog", "agenda", "crosswalk")
_NAMED = ("label", "title", "statement")
"""The fields that say what an entry is called."""
_CARRIES = {
    "framework": frozenset({"capabilities", "behaviors", "roles", "relations", "imports"}),
    "capability": frozenset({"broader", "related", "prerequisites", "replaced_by"}),
    "behavior": frozenset({"replaced_by"}),
    "role": frozenset({"broader", "related", "replaced_by", "requirements"}),
    "catalog": frozenset({"assets"}),
    "asset": frozenset({"alignments", "prerequisites", "corequisites", "part_of", "roles", "replaced_by"}),
    "alignment": frozenset({"relation", "state"}),
    "agenda": frozenset({"challenges", "metrics", "measurements"}),
    "challenge": frozenset({"behaviors", "metric", "scope", "assets", "replaced_by"}),
    "crosswalk": frozenset({"mappings"}),
    "mapping": frozenset({"negated"}),
}
"""The fields that are nodes, their labels, and links."""


class _Node(NamedTuple):
    """One entry."""

    id: str
    label: str
    table: str


class _Edge(NamedTuple):
    """One link."""

    source: str
    target: str
    relation: str


class _Drawing(NamedTuple):
    """The nodes and edges of a document."""

    nodes: list[_Node]
    edges: list[_Edge]


def _drawing(document: Document, ledger: Ledger) -> _Drawing:
    """Return the nodes and edges of a document; what they leave out is noted."""
    nodes = {node.id: node for node in _entries(document)}
    edges = sorted({_Edge(link.source, link.target, link.relation) for link in links(document)})
    for edge in edges:
        for end in edge[:2]:
            nodes.setdefault(end, _Node(end, end, "outside"))
    ledger.note("kept", "node", count=len(nodes))
    ledger.note("kept", "edge", count=len(edges))
    return _Drawing(sorted(nodes.values()), edges)


def fit(document: Document, ledger: Ledger) -> Document:
    """Return the document without what a drawn link would say wrongly: denied mappings, alignments not accepted."""
    if isinstance(document, Crosswalk):
        mappings = tuple(item for item in document.mappings if not item.negated)
        ledger.note(
            "dropped", "mapping", reason="negated", place=document.id, count=len(document.mappings) - len(mappings)
        )
        return document.model_copy(update={"mappings": mappings})
    if isinstance(document, Catalog):
        return document.model_copy(update={"assets": tuple(_accepted(asset, ledger) for asset in document.assets)})
    return document


def _accepted(asset: LearningAsset, ledger: Ledger) -> LearningAsset:
    """Return an asset with the alignments that are accepted."""
    accepted = tuple(item for item in asset.alignments if item.state == "accepted")
    left_out = len(asset.alignments) - len(accepted)
    ledger.note("dropped", "alignment", reason="not accepted", place=asset.id, count=left_out)
    return asset.model_copy(update={"alignments": accepted}) if left_out else asset


def _entries(document: Document) -> Iterator[_Node]:
    """Yield a node for each entry with an id, but for people and the evidence about them."""
    for table in document.tables:
        for member in getattr(document, table):
            id_ = getattr(member, "id", "")
            if id_ and not isinstance(member, Person | Evidence):
                named = (str(getattr(member, name)) for name in _NAMED if hasattr(member, name))
                yield _Node(id_, next(named, "") or id_, table)


def _xml(text: str) -> str:
    """Return a text without the control characters that XML forbids, escaped."""
    return escape("".join(letter for letter in text if letter >= " " or letter in "\t\n"))


def _attribute(text: str) -> str:
    """Return a text as a quoted XML attribute."""
    return quoteattr("".join(letter for letter in text if letter >= " " or letter in "\t\n"))


def write_graphml(document: Document, ledger: Ledger) -> bytes:
    """Return the graph as GraphML."""
    drawing = _drawing(document, ledger)
    keys = (("label", "node"), ("kind", "node"), ("relation", "edge"))
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">']
    lines += [f'  <key id="{name}" for="{part}" attr.name="{name}" attr.type="string"/>' for name, part in keys]
    lines.append(f'  <graph id={_attribute(document.id)} edgedefault="directed">')
    for node in drawing.nodes:
        data = f'<data key="label">{_xml(node.label)}</data><data key="kind">{node.table}</data>'
        lines.append(f"    <node id={_attribute(node.id)}>{data}</node>")
    for number, edge in enumerate(drawing.edges):
        ends = f"source={_attribute(edge.source)} target={_attribute(edge.target)}"
        lines.append(f'    <edge id="e{number}" {ends}><data key="relation">{edge.relation}</data></edge>')
    return "\n".join([*lines, "  </graph>", "</graphml>", ""]).encode()


def write_gexf(document: Document, ledger: Ledger) -> bytes:
    """Return the graph as GEXF 1.3."""
    drawing = _drawing(document, ledger)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<gexf xmlns="http://gexf.net/1.3" version="1.3">']
    lines += ['  <graph defaultedgetype="directed">', '    <attributes class="node">']
    lines += ['      <attribute id="kind" title="kind" type="string"/>', "    </attributes>", "    <nodes>"]
    for node in drawing.nodes:
        value = f'<attvalues><attvalue for="kind" value="{node.table}"/></attvalues>'
        lines.append(f"      <node id={_attribute(node.id)} label={_attribute(node.label)}>{value}</node>")
    lines += ["    </nodes>", "    <edges>"]
    for number, edge in enumerate(drawing.edges):
        ends = f"source={_attribute(edge.source)} target={_attribute(edge.target)}"
        lines.append(f'      <edge id="e{number}" {ends} label="{edge.relation}"/>')
    return "\n".join([*lines, "    </edges>", "  </graph>", "</gexf>", ""]).encode()


def write_cytoscape(document: Document, ledger: Ledger) -> bytes:
    """Return the graph as Cytoscape JSON."""
    drawing = _drawing(document, ledger)
    nodes = [{"data": {"id": node.id, "name": node.label, "kind": node.table}} for node in drawing.nodes]
    edges: list[dict[str, Any]] = [
        {"data": {"id": f"e{number}", "source": edge.source, "target": edge.target, "interaction": edge.relation}}
        for number, edge in enumerate(drawing.edges)
    ]
    elements = {"nodes": nodes, "edges": edges}
    return dump_json({"data": {"name": document.id}, "directed": True, "multigraph": True, "elements": elements})


def _quoted(text: str) -> str:
    """Return a text as a quoted string of DOT."""
    flat = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "")
    return f'"{flat}"'


def write_dot(document: Document, ledger: Ledger) -> bytes:
    """Return the graph in the language of Graphviz."""
    drawing = _drawing(document, ledger)
    lines = [f"digraph {_quoted(document.id)} {{", "  rankdir=LR;"]
    lines += [
        f"  {_quoted(node.id)} [label={_quoted(node.label)}, kind={_quoted(node.table)}];" for node in drawing.nodes
    ]
    lines += [
        f"  {_quoted(one.source)} -> {_quoted(one.target)} [label={_quoted(one.relation)}];" for one in drawing.edges
    ]
    return "\n".join([*lines, "}", ""]).encode()


def write_mermaid(document: Document, ledger: Ledger) -> bytes:
    """Return the graph as a Mermaid flowchart.

    Raises
    ------
    UnsupportedError
        When it is larger than hosts of Mermaid draw.
    """
    drawing = _drawing(document, ledger)
    names = {node.id: f"n{number}" for number, node in enumerate(drawing.nodes)}
    lines = ["flowchart TD"]
    lines += [f'  {names[node.id]}["{_mermaid(node.label)}"]' for node in drawing.nodes]
    lines += [f"  {names[edge.source]} -->|{edge.relation}| {names[edge.target]}" for edge in drawing.edges]
    text = "\n".join([*lines, ""])
    if len(drawing.edges) > _MOST_EDGES or len(text) > _MOST_TEXT:
        told = (
            f"{document.id!r} has {len(drawing.edges):,} edges and {len(text):,} characters, and Mermaid draws "
            f"{_MOST_EDGES} and {_MOST_TEXT:,}; write a part of it, or write it as dot or graphml"
        )
        raise UnsupportedError(told, format="mermaid")
    return text.encode()


def _mermaid(text: str) -> str:
    """Return a label without what Mermaid would take for its own signs."""
    safe = {'"': "#quot;", "<": "#lt;", ">": "#gt;", "#": "#35;", "`": "#96;"}
    return "".join(safe.get(letter, letter) for letter in " ".join(text.split()))


def write_edges(document: Document, ledger: Ledger) -> bytes:
    """Return the edges as CSV with source, target, type and the labels of both ends."""
    drawing = _drawing(document, ledger)
    labels = {node.id: node.label for node in drawing.nodes}
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(["source", "target", "type", "source_label", "target_label"])
    for edge in drawing.edges:
        row = (*edge, labels[edge.source], labels[edge.target])
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row])
    return stream.getvalue().encode("utf-8-sig")


def _format(name: str, title: str, extension: str, writer: Any, notes: str = "") -> Format:  # noqa: ANN401 - a writer
    """Return the record of one of these formats."""
    return Format(
        name=name,
        title=title,
        extensions=(extension,),
        writes=_KINDS,
        carries=_CARRIES,
        writer=writer,
        fit=fit,
        notes=notes or "Nodes and links only.",
    )


GRAPHML = _format("graphml", "GraphML", ".graphml", write_graphml)
GEXF = _format("gexf", "GEXF 1.3", ".gexf", write_gexf)
CYTOSCAPE = _format("cytoscape", "Cytoscape JSON", ".cyjs", write_cytoscape)
DOT = _format("dot", "Graphviz DOT", ".dot", write_dot)
MERMAID = _format("mermaid", "Mermaid flowchart", ".mmd", write_mermaid, "Nodes and links only; 500 edges at most.")
EDGES = _format("edges", "Edge list (CSV)", ".csv", write_edges)
