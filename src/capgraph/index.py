"""The index behind a graph: entries by identity, links in both directions."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import networkx as nx

from capgraph.errors import ArgumentError, DuplicateIdError, Issue, UnknownIdError
from capgraph.links import Link, links
from capgraph.model import Capability, Decisions, Described, Document, Evidence, Framework, Node
from capgraph.settled import Heirs, Named, Settled
from capgraph.text import closest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence


def in_order(documents: Iterable[object]) -> list[Document]:
    """Return documents sorted by id and kind; refuse what is no document."""
    given = []
    for item in documents:
        if not isinstance(item, Document):
            message = f"{type(item).__name__!r} is no document; read files with read(...), and spread lists with *"
            raise ArgumentError(message)
        given.append(item)
    return sorted(given, key=lambda document: (document.id, document.kind))


class Index:
    """Entries and links of documents, keyed by the ids that the graph hands out.

    An entry's key is its id as its document writes it, or its IRI where documents bind the prefix differently.
    """

    __slots__ = ("_bases", "_keys", "homes", "incoming", "nodes", "outgoing", "unresolved")

    def __init__(self, documents: Sequence[Document]) -> None:
        self._bases = _prefix_bases(documents)
        self._keys: dict[str, str] = {}
        self.nodes: dict[str, Node] = {}
        self.homes: dict[str, Document] = {}
        self.outgoing: dict[str, dict[str, list[Link]]] = defaultdict(dict)
        self.incoming: dict[str, dict[str, list[Link]]] = defaultdict(dict)
        self._add_nodes(documents)
        self.unresolved = self._add_links(documents)

    def find(self, id_: object) -> str | None:
        """Return the key of an id in any spelling, or None where it is unknown or has several readings."""
        if not isinstance(id_, str):
            message = f"{id_!r} is no id; ids are text, such as 'role:data-engineer'"
            raise ArgumentError(message)
        if id_ in self.nodes:
            return id_
        readings = self.readings(id_)
        return self._keys.get(readings[0]) if len(readings) == 1 else None

    def readings(self, id_: str) -> tuple[str, ...]:
        """Return the IRIs that an id may stand for under the prefixes of all documents, sorted."""
        prefix, _, local = id_.partition(":")
        return tuple(sorted(base + local for base in self._bases.get(prefix, ()))) or (id_,)

    def not_found(self, id_: str) -> UnknownIdError:
        """Return the error for an id that nothing has, or that may stand for several things."""
        readings = self.readings(id_)
        if len(readings) == 1:
            return UnknownIdError(id_, closest(id_, self.nodes))
        shown = " or ".join(map(repr, readings))
        message = (
            f"{id_!r} has several readings, since documents bind its prefix differently: {shown}; use one of these"
        )
        return UnknownIdError(id_, message=message)

    def _add_nodes(self, documents: Iterable[Document]) -> None:
        """Index every entry by its identity; refuse two of one identity."""
        issues = []
        for document in documents:
            iri_of = self._expander(document)
            for member in _members(document):
                iri = iri_of(member.id)
                if iri in self._keys:
                    first = self.homes[self._keys[iri]].id
                    text = f"{member.id!r} is held by {first!r} and by {document.id!r}"
                    issues.append(
                        Issue("duplicate-id", text, (member.id,), "", "load one of them, or rename the entry")
                    )
                    continue
                key = member.id if len(self.readings(member.id)) == 1 else iri
                self._keys[iri] = key
                self.nodes[key] = member
                self.homes[key] = document
        if issues:
            raise DuplicateIdError(issues, "CapabilityGraph")

    def _add_links(self, documents: Sequence[Document]) -> tuple[Link, ...]:
        """Index every link in both directions, as people have decided about it; return those that lead nowhere."""
        unresolved = []
        keys = self._keys
        settled = self._settled(documents)
        for document in documents:
            iri_of = self._expander(document)
            for link in links(document):
                source, target = keys.get(iri_of(link.source)), keys.get(iri_of(link.target))
                if source is None or target is None:
                    unresolved.append(link)
                    continue
                self._add(settled.applied(Link(source, link.relation, target, link.data)))
        for link in settled.added():
            self._add(link)
        for index in (self.outgoing, self.incoming):
            for by_node in index.values():
                for found in by_node.values():
                    found.sort(key=ends)
        unresolved.extend(settled.lost)
        return tuple(sorted(unresolved, key=lambda link: (link.source, link.relation, link.target)))

    def _add(self, link: Link) -> None:
        """Index one link in both directions."""
        self.outgoing[link.relation].setdefault(link.source, []).append(link)
        self.incoming[link.relation].setdefault(link.target, []).append(link)

    def _settled(self, documents: Iterable[Document]) -> Settled:
        """Return what people have decided about alignments, with the ids as the graph hands them out."""
        stated = []
        for document in documents:
            if isinstance(document, Decisions):
                iri_of = self._expander(document)
                for one in document.decisions:
                    source, target = (iri_of(id_) for id_ in (one.subject, one.object))
                    stated.append(Named(one, self._keys.get(source, source), self._keys.get(target, target)))
        return Settled(stated, Heirs(stated, self.nodes, successor=self._successor, scale=self._scale))

    def _successor(self, key: str) -> str | None:
        """Return the entry that replaces another, where there is exactly one."""
        node = self.nodes[key]
        heirs = node.replaced_by if isinstance(node, Described) else ()
        return self._keys.get(self._expander(self.homes[key])(heirs[0])) if len(heirs) == 1 else None

    def _scale(self, key: str) -> str | None:
        """Return the scale on which a capability is rated, if any."""
        node, home = self.nodes[key], self.homes[key]
        if not isinstance(node, Capability) or not isinstance(home, Framework):
            return None
        own = node.scale or home.default_scale
        return own and self._keys.get(self._expander(home)(own))

    def _expander(self, document: Document) -> Callable[[str], str]:
        """Return the function that turns an id of the document into its IRI."""
        shared = {prefix: next(iter(bases)) for prefix, bases in self._bases.items() if len(bases) == 1}
        bindings = {**shared, **document.prefixes}
        return lambda id_: _expand(id_, bindings)

    def closure(self, start: str, *, incoming: bool, depth: int | None) -> tuple[str, ...]:
        """Return the entries reached over ``broader`` links, nearest first, then by key; without the start."""
        by_node = (self.incoming if incoming else self.outgoing).get("broader", {})
        found: dict[str, None] = {}
        frontier = [start]
        while frontier and (depth is None or depth > 0):
            met = (link for node in frontier for link in by_node.get(node, ()))
            reached = {link.source if incoming else link.target for link in met}
            frontier = sorted(reached - found.keys() - {start})
            found.update(dict.fromkeys(frontier))
            depth = None if depth is None else depth - 1
        return tuple(found)

    def network(self) -> nx.MultiDiGraph[str]:
        """Return the entries and links as a frozen networkx graph."""
        network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        network.add_nodes_from(
            (key, {"kind": type(node).__name__, "entry": node})
            for key, node in sorted(self.nodes.items())
            if not isinstance(node, Evidence)
        )
        network.add_edges_from(
            (link.source, link.target, {"relation": link.relation, "data": link.data})
            for _, by_node in sorted(self.outgoing.items())
            for _, found in sorted(by_node.items())
            for link in found
        )
        frozen: nx.MultiDiGraph[str] = nx.freeze(network)
        return frozen


def _members(document: Document) -> Iterator[Node]:
    """Yield the entries of a document that have an id of their own."""
    for table in document.tables:
        for member in getattr(document, table):
            if isinstance(member, Node):
                yield member


def _prefix_bases(documents: Iterable[Document]) -> dict[str, set[str]]:
    """Return every IRI that the documents bind a prefix to."""
    bases: dict[str, set[str]] = defaultdict(set)
    for document in documents:
        for prefix, base in document.prefixes.items():
            bases[prefix].add(base)
    return dict(bases)


def _expand(id_: str, bindings: Mapping[str, str]) -> str:
    """Return the IRI of an id under the bindings of its prefix."""
    if not bindings:
        return id_
    prefix, _, local = id_.partition(":")
    base = bindings.get(prefix)
    return id_ if base is None else base + local


def ends(link: Link) -> tuple[str, str]:
    """Return the order of links of one relation."""
    return link.source, link.target
