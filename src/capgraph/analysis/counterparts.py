"""Counterparts: what an entry of one framework is in others, by the mappings of crosswalks and by chains of them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from capgraph.analysis.remembered import remembered
from capgraph.model import Crosswalk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from capgraph.graph import CapabilityGraph

MAPPED = {"exact": 1.0, "close": 0.8, "broad": 0.5, "narrow": 0.5, "related": 0.5}
"""The share that a mapping is worth, by what the counterpart is for the entry asked about."""
JOINT = 0.9
"""What every joint of a chain of mappings takes: a chain is less sure than any of its mappings."""
LONGEST = 3
"""How many mappings a chain has at most."""

_TURNED = {"broad": "narrow", "narrow": "broad"}


class Counterpart(NamedTuple):
    """An entry of another framework that stands for one."""

    id: str
    """The entry of the other framework."""
    relation: str
    """What it is for the entry asked about: ``exact``, ``close``, ``broad`` (the broader), ``narrow`` …"""
    share: float
    """What it is worth, 0 to 1: `MAPPED` × confidence of each mapping, × `JOINT` for each joint between two."""
    via: tuple[str, ...] = ()
    """The entries between the two, where a chain of mappings leads there."""

    def __str__(self) -> str:
        between = f", by way of {', '.join(map(repr, self.via))}" if self.via else ""
        return f"{self.relation} ({self.share:g}{between})"


class _Step(NamedTuple):
    """One mapping, seen from one of its ends."""

    id: str
    source: str
    relation: str
    share: float


class _Crosswalks(NamedTuple):
    """The mappings of all crosswalks, by entry."""

    steps: Mapping[str, list[_Step]]
    denied: frozenset[tuple[str, str, str]]


def counterparts(graph: CapabilityGraph, id: str) -> tuple[Counterpart, ...]:
    """Return what an entry is in other frameworks, by id: the mapping or chain of mappings that is worth most for each.

    Chains keep their meaning: *exact* changes nothing, *close* weakens, *broad* after *broad* stays broad; *broad*
    after *narrow*, and anything with *related*, says nothing and is no chain.  A chain never comes back to a framework
    that it has left, and what a negated mapping denies is not concluded from a chain.  The frameworks in between need
    not be loaded.

    Parameters
    ----------
    graph : CapabilityGraph
        The graph, with the crosswalks among its documents.
    id : str
        A capability or role.

    Raises
    ------
    UnknownIdError
        When nothing has this id.

    Notes
    -----
    Linear in the mappings within three steps of the entry.

    Examples
    --------
    >>> import capgraph as cg
    >>> ours = cg.Framework(id="fw:a", capabilities=[cg.Capability(id="a:sql", label="SQL")])
    >>> theirs = cg.Framework(id="fw:b", capabilities=[cg.Capability(id="b:query", label="Query languages")])
    >>> broad = cg.model.Mapping(subject="a:sql", predicate="broad", object="b:query", confidence=0.9)
    >>> graph = cg.CapabilityGraph(ours, theirs, cg.Crosswalk(id="cw:ab", mappings=[broad]))
    >>> print(counterparts(graph, "a:sql")[0].id, counterparts(graph, "a:sql")[0])
    b:query broad (0.45)
    """
    start = graph.resolve(id)
    crosswalks = remembered(graph, "crosswalks", lambda: _crosswalks(graph))
    if start not in crosswalks.steps:
        return ()
    best: dict[str, Counterpart] = {}
    for found in _reached(crosswalks, start, graph.home(start).id):
        known = best.get(found.id)
        if found.id in graph and (known is None or _better(found, known)):
            best[found.id] = found
    return tuple(best[name] for name in sorted(best))


def _better(one: Counterpart, other: Counterpart) -> bool:
    """Return whether one way is worth more; of equal ones the shorter counts, then the first by name."""
    return (-one.share, len(one.via), one.via, one.relation) < (-other.share, len(other.via), other.via, other.relation)


def _crosswalks(graph: CapabilityGraph) -> _Crosswalks:
    """Return the mappings of all crosswalks of a graph, with ids as the graph hands them out where it has them."""
    steps: defaultdict[str, list[_Step]] = defaultdict(list)
    denied: set[tuple[str, str, str]] = set()
    for document in graph.documents.values():
        if not isinstance(document, Crosswalk):
            continue
        for mapping in document.mappings:
            subject, object_ = (_known(graph, document.iri(id_)) for id_ in (mapping.subject, mapping.object))
            turned = _TURNED.get(mapping.predicate, mapping.predicate)
            if mapping.negated:
                denied |= {(subject, mapping.predicate, object_), (object_, turned, subject)}
                continue
            share = MAPPED[mapping.predicate] * (1.0 if mapping.confidence is None else mapping.confidence)
            homes = (_home(graph, subject, document.subject_source), _home(graph, object_, document.object_source))
            steps[subject].append(_Step(object_, homes[1], mapping.predicate, share))
            steps[object_].append(_Step(subject, homes[0], turned, share))
    return _Crosswalks(steps, frozenset(denied))


def _known(graph: CapabilityGraph, id_: str) -> str:
    """Return an id as the graph hands it out; one that it does not hold as it is."""
    return graph.resolve(id_) if id_ in graph else id_


def _home(graph: CapabilityGraph, id_: str, stated: str | None) -> str:
    """Return the framework of an entry: the document that holds it, else what the crosswalk says."""
    return graph.home(id_).id if id_ in graph else stated or ""


def _reached(crosswalks: _Crosswalks, start: str, home: str) -> Iterator[Counterpart]:
    """Yield every entry that mappings and chains of them lead to."""
    pending = [(Counterpart(start, "exact", 1.0), frozenset({home}))]
    while pending:
        last, left = pending.pop()
        is_first = last.id == start
        for step in crosswalks.steps.get(last.id, ()):
            relation = step.relation if is_first else _composed(last.relation, step.relation)
            if not relation or step.id == start or (step.source in left and not is_first):
                continue
            if not is_first and (start, relation, step.id) in crosswalks.denied:
                continue
            share = step.share if is_first else last.share * step.share * JOINT
            found = Counterpart(step.id, relation, share, () if is_first else (*last.via, last.id))
            if share > 0:
                yield found
            if len(found.via) + 1 < LONGEST and step.source not in left:
                pending.append((found, left | {step.source}))


def _composed(first: str, second: str) -> str:
    """Return what two mappings one after the other say, or an empty text where they say nothing."""
    if "related" in {first, second} or {first, second} == {"broad", "narrow"}:
        return ""
    if first == "exact":
        return second
    return first if second in {"exact", "close"} else second
