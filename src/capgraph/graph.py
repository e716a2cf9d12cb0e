"""CapabilityGraph: a read-only index of documents that belong together."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Self

from capgraph.errors import ArgumentError, UnknownIdError
from capgraph.index import Index, ends, in_order
from capgraph.inheritance import Requirements, RoleRequirement
from capgraph.links import require_known
from capgraph.model import (
    Behavior,
    Capability,
    Document,
    Evidence,
    FrozenMapping,
    Node,
    Person,
    ProficiencyScale,
    RoleProfile,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    import networkx as nx

    from capgraph.links import Link


class CapabilityGraph:
    """A read-only index of documents: nodes, links, closures, and lookup by id.

    Parameters
    ----------
    *documents : Document
        Frameworks, catalogs, workforces, agendas, crosswalks and decisions, in any order; the order changes nothing.

    Raises
    ------
    DuplicateIdError
        When two documents hold entries of the same identity; every such id is listed with both documents.

    Notes
    -----
    Identity is the IRI.  An id is looked up as a CURIE or as an IRI; the graph hands ids out as their document writes
    them, or as IRIs where two documents bind their prefix differently (looking such a CURIE up is refused with both
    readings).  A document that does not declare a prefix reads it as the other documents do.  References that lead
    nowhere are listed in `unresolved` and left out of everything else.

    Building is linear in the entries and links.  A graph never changes and may be shared between threads; pickled, it
    is its documents, and built anew where it arrives.

    Examples
    --------
    >>> import capgraph as cg
    >>> data = cg.Capability(id="cap:data", label="Data")
    >>> sql = cg.Capability(id="cap:sql", label="SQL", broader=["cap:data"])
    >>> graph = cg.CapabilityGraph(cg.Framework(id="fw:mini", capabilities=[data, sql]))
    >>> graph["cap:sql"].label, graph.narrower("cap:data")
    ('SQL', ('cap:sql',))
    """

    __slots__ = ("__weakref__", "_index", "_lock", "_network", "_required", "documents", "unresolved")

    documents: FrozenMapping[str, Document]
    """The documents, by id."""
    unresolved: tuple[Link, ...]
    """The links that lead to nothing in these documents, by source, relation and target as written; those that people
    have decided about hold their `Decision`."""

    def __init__(self, *documents: Document) -> None:
        ordered = in_order(documents)
        self._index = Index(ordered)
        self._required = Requirements(self._index)
        self._network: nx.MultiDiGraph[str] | None = None
        self._lock = threading.Lock()
        self.documents = FrozenMapping({document.id: document for document in ordered})
        self.unresolved = self._index.unresolved

    def __getitem__(self, id: str) -> Node:
        return self._index.nodes[self.resolve(id)]

    def __contains__(self, id: object) -> bool:
        return isinstance(id, str) and self._index.find(id) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._index.nodes))

    def __len__(self) -> int:
        return len(self._index.nodes)

    def __repr__(self) -> str:
        return f"CapabilityGraph({', '.join(self.documents)}: {len(self)} entries)"

    def __deepcopy__(self, memo: object = None) -> Self:
        """Return the graph itself, which never changes."""
        return self

    __copy__ = __deepcopy__

    def __reduce__(self) -> tuple[type[CapabilityGraph], tuple[Document, ...]]:
        """Return how a copy is made in another process: of the documents, anew."""
        return type(self), tuple(self.documents.values())

    def resolve(self, id: str) -> str:
        """Return the id as the graph hands it out, for a CURIE or an IRI.

        Raises
        ------
        UnknownIdError
            When nothing has this id; the message suggests the nearest known one.  Also when two documents bind the
            prefix differently; the message then names both IRIs.
        """
        found = self._index.find(id)
        if found is None:
            raise self._index.not_found(id)
        return found

    def ids(self, kind: type[Node] = Node) -> tuple[str, ...]:
        """Return the ids of all entries of a kind, sorted; linear in the entries.

        Parameters
        ----------
        kind : type
            A model class such as `Capability` or `LearningAsset`.
        """
        given: object = kind
        if not isinstance(given, type):  # pyright: ignore[reportUnnecessaryIsInstance] - notebooks are not checked
            raise ArgumentError(f"{kind!r} is no model class; give one, such as cg.Capability")
        return tuple(sorted(key for key, node in self._index.nodes.items() if isinstance(node, kind)))

    def home(self, id: str) -> Document:
        """Return the document that holds an entry."""
        return self._index.homes[self.resolve(id)]

    def links(self, id: str, relation: str, *, incoming: bool = False) -> tuple[Link, ...]:
        """Return the links of one relation from an entry, or to it, in constant time.

        Parameters
        ----------
        id : str
            The entry.
        relation : str
            One of `capgraph.links.RELATIONS`.
        incoming : bool
            Whether to return the links that lead to the entry instead of those that start there.

        Returns
        -------
        tuple of Link
            By source and target.

        Raises
        ------
        UnknownIdError
            When nothing has this id.
        ArgumentError
            When there is no such relation.
        """
        require_known(relation)
        index = self._index.incoming if incoming else self._index.outgoing
        return tuple(index.get(relation, {}).get(self.resolve(id), ()))

    def broader(self, id: str, *, depth: int | None = 1) -> tuple[str, ...]:
        """Return what an entry is a part or a kind of, nearest first, then by id; without the entry itself.

        Linear in the entries visited; safe where documents close a cycle together.

        Parameters
        ----------
        id : str
            A capability, role or team.
        depth : int or None
            How many steps to go up; None for all the way.
        """
        return self._index.closure(self.resolve(id), incoming=False, depth=depth)

    def narrower(self, id: str, *, depth: int | None = 1) -> tuple[str, ...]:
        """Return the parts and kinds of an entry, nearest first, then by id; without the entry itself.

        Parameters
        ----------
        id : str
            A capability, role or team.
        depth : int or None
            How many steps to go down; None for all the way.
        """
        return self._index.closure(self.resolve(id), incoming=True, depth=depth)

    def requirements(self, role: str, *, inherited: bool = True) -> tuple[RoleRequirement, ...]:
        """Return what a role requires, by capability.

        The nearest statement about a capability counts: the role's own before that of a broader role.  Of equally
        near ones the most demanding counts: a gate first, then the higher level, then the weight.

        Parameters
        ----------
        role : str
            The role.
        inherited : bool
            Whether to add what its broader roles require.
        """
        return self._required.of(self._typed(role, RoleProfile), inherited=inherited)

    def behaviors(self, capability: str, *, level: int | None = None) -> tuple[str, ...]:
        """Return the behaviors that show a capability, by level (none first), then by id.

        Parameters
        ----------
        capability : str
            The capability.
        level : int or None
            Only those that show this level; None for all.
        """
        stated = [
            (link.data.level, link.source)
            for link in self.links(capability, "shows", incoming=True)
            if isinstance(link.data, Behavior) and level in {None, link.data.level}
        ]
        return tuple(id_ for _, id_ in sorted(stated, key=lambda item: (item[0] is not None, item[0] or 0, item[1])))

    def scale(self, capability: str) -> ProficiencyScale | None:
        """Return the scale on which a capability is rated, or None."""
        self._typed(capability, Capability)
        found = (self._index.nodes[link.target] for link in self.links(capability, "rated_on"))
        return next((node for node in found if isinstance(node, ProficiencyScale)), None)

    def assets(self, target: str, *, relation: str = "teaches") -> tuple[Link, ...]:
        """Return the alignments of assets with a capability or with the behaviors that show it.

        Parameters
        ----------
        target : str
            A capability or behavior.
        relation : str
            ``teaches``, ``assesses``, ``mentions`` or ``presumes``.

        Returns
        -------
        tuple of Link
            From an asset to the capability or behavior, with the `Alignment` as data, whatever its review state; by
            asset and target.
        """
        targets = [target, *(link.source for link in self.links(target, "shows", incoming=True))]
        found = [link for goal in targets for link in self.links(goal, relation, incoming=True)]
        return tuple(sorted(found, key=ends))

    def evidence(self, person: str | None = None, *, about: str | None = None) -> tuple[Evidence, ...]:
        """Return evidence records, by id, corrected ones included.

        Parameters
        ----------
        person, about : str or None
            Only records of this person, or that name this capability, behavior or asset.
        """
        if about is not None:
            stated = self.links(about, "evidence", incoming=True)
        elif person is not None:
            stated = self.links(person, "evidence")
        else:
            stated = tuple(link for id_ in self.ids(Person) for link in self.links(id_, "evidence"))
        wanted = None if person is None else self.resolve(person)
        records = {
            link.data.id: link.data
            for link in stated
            if isinstance(link.data, Evidence) and wanted in {None, link.source}
        }
        return tuple(records[id_] for id_ in sorted(records))

    def holders(self, capability: str) -> tuple[str, ...]:
        """Return the people with any evidence of a capability or of its behaviors, sorted.

        Whether the evidence still counts, and for which level, is decided by an `EvidencePolicy`.
        """
        targets = [self._typed(capability, Capability), *self.behaviors(capability)]
        return tuple(sorted({link.source for goal in targets for link in self.links(goal, "evidence", incoming=True)}))

    def _typed(self, id_: str, kind: type[Node]) -> str:
        """Return the resolved id of an entry of a kind; refuse another kind."""
        key = self.resolve(id_)
        node = self._index.nodes[key]
        if not isinstance(node, kind):
            message = f"{id_!r} is a {type(node).__name__}, not a {kind.__name__}; give the id of a {kind.__name__}"
            raise UnknownIdError(id_, message=message)
        return key

    @property
    def network(self) -> nx.MultiDiGraph[str]:
        """The entries and links as a frozen networkx graph.

        Nodes carry ``kind`` (the class name) and ``entry`` (the model); edges carry ``relation`` and ``data``.
        Evidence is an edge from a person, not a node.  It is built on first use, linear in the entries and links.
        """
        with self._lock:
            if self._network is None:
                self._network = self._index.network()
            return self._network
