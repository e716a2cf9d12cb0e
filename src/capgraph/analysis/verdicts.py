"""What people have decided about pairs, and clusters that respect it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from capgraph.model import Decision, Decisions


Spelling = Callable[[str], str | None]
"""What returns an id or IRI as what is compared spells it, or None where it is not compared."""


class Cluster(NamedTuple):
    """Entries that are all the same content."""

    representative: str
    """The one to keep where nothing else decides: in use, most taken, best rated, newest, most fully described."""
    members: tuple[str, ...]
    """All of them, by id, the representative included."""


class Verdicts:
    """The newest decision about each pair, whatever its order; of several documents, the newest of all.

    Parameters
    ----------
    documents : iterable of Decisions
        Decisions of the kinds *duplicate* and *merge* count, in any spelling of the ids, and accepted ones of the kind
        *rename* carry those about an old id over to the new one; the others are passed over.
    spelled : callable or None
        What returns an id or IRI as what is compared spells it, or None where it is not compared; None where ids have
        one spelling.
    """

    def __init__(self, documents: Iterable[Decisions], spelled: Spelling | None = None) -> None:
        self._newest: dict[tuple[str, str], Decision] = {}
        self._spelled = spelled or unspelled
        self._renames: dict[str, str] = {}
        stated = [(one, document) for document in documents for one in document.decisions]
        stated.sort(key=lambda item: (item[0].at, item[0].kind, item[0].verdict))
        for decision, document in stated:
            if decision.kind == "rename":
                old, new = self._sides(document, decision)
                if says_same(decision):
                    self._renames[old] = new
                elif self._renames.get(old) == new:
                    del self._renames[old]
        for decision, document in stated:
            if decision.kind in {"duplicate", "merge"}:
                self._newest[_pair(*map(self._now, self._sides(document, decision)))] = decision

    def _sides(self, document: Decisions, decision: Decision) -> tuple[str, str]:
        """Return both ids of a decision as what is compared spells them."""
        return named(document, decision.subject, self._spelled), named(document, decision.object, self._spelled)

    def _now(self, id_: str) -> str:
        """Return what an id that is compared no more has become."""
        passed = set()
        while id_ in self._renames and id_ not in passed and self._spelled(id_) is None:
            passed.add(id_)
            id_ = self._renames[id_]
        return id_

    def of(self, left: str, right: str) -> Decision | None:
        """Return the newest decision about a pair, or None."""
        return self._newest.get(_pair(left, right))

    def pairs(self, *, same: bool) -> tuple[tuple[str, str], ...]:
        """Return the pairs called the same, or those called different, in order."""
        return tuple(sorted(pair for pair, decision in self._newest.items() if says_same(decision) == same))


def unspelled(id_: str) -> None:
    """Return that nothing is known about an id."""
    del id_


def named(document: Decisions, id_: str, spelled: Spelling) -> str:
    """Return an id of a document as what is compared spells it, or as it stands where it is not compared."""
    return spelled(document.iri(id_)) or spelled(id_) or id_


def says_same(decision: Decision) -> bool:
    """Return whether a decision calls its pair the same."""
    return decision.verdict in {"same", "accepted"}


def clusters(
    pairs: Sequence[tuple[str, str]],
    apart: Iterable[tuple[str, str]],
    standing: Callable[[str], tuple[float, ...]],
) -> tuple[Cluster, ...]:
    """Return the groups that pairs connect, none of which holds two entries that people called different.

    Parameters
    ----------
    pairs : sequence of pairs of str
        Pairs that are the same, the surest first; one that would join entries called different is passed over.
    apart : iterable of pairs of str
        Pairs called different.
    standing : callable
        What makes an entry the representative of its group, the greatest wins; ties go to the first id.

    Notes
    -----
    Nearly linear in the pairs (union by size).
    """
    group = {id_: id_ for pair in pairs for id_ in pair}
    members = {id_: {id_} for id_ in group}
    foes = _foes(apart)
    for pair in pairs:
        small, large = sorted((group[pair[0]], group[pair[1]]), key=lambda root: (len(members[root]), root))
        if small == large or any(not foes[id_].isdisjoint(members[large]) for id_ in members[small] if id_ in foes):
            continue
        for id_ in members[small]:
            group[id_] = large
        members[large] |= members.pop(small)
    groups = [sorted(found) for found in members.values() if len(found) > 1]
    named = (Cluster(max(ids, key=standing), tuple(ids)) for ids in groups)
    return tuple(sorted(named))


def _foes(apart: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """Return, for each entry that people called different from any, these others."""
    foes: dict[str, set[str]] = defaultdict(set)
    for left, right in apart:
        foes[left].add(right)
        foes[right].add(left)
    return foes


def _pair(left: str, right: str) -> tuple[str, str]:
    """Return two ids in order."""
    return (left, right) if left <= right else (right, left)
