"""Lineage: which entries of a new version take over from entries of an old one, as its publisher or a reviewer says."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

from capgraph.analysis.edits import entries
from capgraph.analysis.spelling import reader, readers
from capgraph.model import Crosswalk, Decisions, Described, Document, Node

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from capgraph.analysis.spelling import Reader

Shape = Literal["renamed", "merged", "split"]


class _Stated(Protocol):
    """A statement about a pair of ids."""

    @property
    def subject(self) -> str: ...
    @property
    def object(self) -> str: ...


@dataclass(frozen=True, kw_only=True)
class Lineage:
    """What became of the entries of an old version."""

    successors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The entries that take over from an old one, by its id as the old version writes it."""
    cycles: tuple[tuple[str, ...], ...] = ()
    """Chains of successors that lead back to where they started; such entries have no successor."""
    shapes: Mapping[str, Shape] = field(default_factory=dict)
    """Whether an old entry was ``renamed``, ``merged`` with others into one, or ``split`` into several."""


def stated_history(history: Crosswalk | Decisions | None, a: Document, b: Document) -> dict[str, tuple[str, ...]]:
    """Return the successors that a crosswalk of versions, or decisions about renames and merges, state by IRI.

    Exact mappings count that are not negated, and accepted decisions; the latest decision about a pair counts.
    """
    own = history.prefixes if history is not None else {}
    subject, target = reader(own, a.prefixes, b.prefixes), reader(own, b.prefixes, a.prefixes)
    found: dict[str, set[str]] = {}
    for item in _statements(history):
        found.setdefault(subject(item.subject), set()).add(target(item.object))
    return {old: tuple(sorted(new)) for old, new in found.items()}


def _statements(history: Crosswalk | Decisions | None) -> Iterator[_Stated]:
    """Yield what is stated and holds."""
    if isinstance(history, Crosswalk):
        yield from (item for item in history.mappings if item.predicate == "exact" and not item.negated)
    elif history is not None:
        kinds = {"rename", "merge"}
        latest = {(item.subject, item.object): item for item in history.decisions if item.kind in kinds}
        yield from (item for item in latest.values() if item.verdict in {"accepted", "same"})


def lineage(a: Document, b: Document, *, history: Crosswalk | Decisions | None = None) -> Lineage:
    """Return what became of the entries of `a` that `b` lacks or has replaced.

    The history counts first, then ``replaced_by`` in `b`, then in `a`; chains are followed to their ends.
    """
    said = stated_history(history, a, b)
    reads = readers(a, b)
    old, new = _by_iri(a, reads[0]), _by_iri(b, reads[1])
    written = {iri: member.id for iri, member in (*old.items(), *new.items())}

    def next_of(iri: str) -> tuple[str, ...]:
        """Return the direct successors of an entry, by IRI."""
        if iri in said:
            return said[iri]
        if iri in new:
            return tuple(map(reads[1], _replaced(new[iri])))
        return tuple(map(reads[0], _replaced(old[iri]))) if iri in old else ()

    successors: dict[str, tuple[str, ...]] = {}
    cycles: set[tuple[str, ...]] = set()
    for iri, member in old.items():
        kept = iri in new and iri not in said and _same_heirs(reads, member, new[iri])
        if kept or not next_of(iri):
            continue
        ends, cycle = followed(iri, next_of)
        if cycle:
            cycles.add(cycle)
        else:
            successors[member.id] = tuple(sorted(written.get(end, end) for end in ends))
    heirs = Counter(target for targets in successors.values() for target in targets)
    return Lineage(
        successors=successors,
        shapes={id_: _shape(targets, heirs) for id_, targets in successors.items()},
        cycles=tuple(sorted(cycles)),
    )


def _shape(targets: tuple[str, ...], heirs: Counter[str]) -> Shape:
    """Return what became of an entry with these successors."""
    if len(targets) > 1:
        return "split"
    return "merged" if any(heirs[target] > 1 for target in targets) else "renamed"


def followed(start: str, next_of: Callable[[str], tuple[str, ...]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return where chains of successors end, and the first chain that leads back to itself.

    Notes
    -----
    Depth first without recursion; linear in the steps of the chains.
    """
    ends: dict[str, None] = {}
    done: set[str] = set()
    path = [start]
    stack = [iter(next_of(start))]
    while stack:
        for step in stack[-1]:
            if step in path:
                chain = path[path.index(step) :]
                first = chain.index(min(chain))
                return (), (*chain[first:], *chain[:first])
            if step in done:
                continue
            further = next_of(step)
            if not further:
                ends[step] = None
                done.add(step)
                continue
            path.append(step)
            stack.append(iter(further))
            break
        else:
            stack.pop()
            done.add(path.pop())
    return tuple(ends), ()


def _same_heirs(reads: tuple[Reader, Reader], old: Node, new: Node) -> bool:
    """Return whether an entry names the same successors in both versions."""
    return sorted(map(reads[0], _replaced(old))) == sorted(map(reads[1], _replaced(new)))


def _by_iri(document: Document, read: Reader) -> dict[str, Node]:
    """Return the entries with an id of their own, by IRI."""
    members = (member for table in document.tables for member in entries(document, table))
    return {read(member.id): member for member in members if isinstance(member, Node)}


def _replaced(member: Node) -> tuple[str, ...]:
    """Return the successors that an entry names."""
    return member.replaced_by if isinstance(member, Described) else ()
