"""What people have decided about pairs, and clusters that respect it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from capgraph.model import Decision, Decisions


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
        Decisions of the kinds *duplicate* and *merge* count; the others are passed over.
    """

    def __init__(self, documents: Iterable[Decisions]) -> None:
        self._newest: dict[tuple[str, str], Decision] = {}
        stated = [one for document in documents for one in document.decisions if one.kind in {"duplicate", "merge"}]
        for decision in sorted(stated, key=lambda one: (one.at, one.kind, one.verdict)):
            self._newest[_pair(decision.subject, decision.object)] = decision

    def of(self, left: str, right: str) -> Decision | None:
        """Return the newest decision about a pair, or None."""
        return self._newest.get(_pair(left, right))

    def pairs(self, *, same: bool) -> tuple[tuple[str, str], ...]:
        """Return the pairs called the same, or those called different, in order."""
        return tuple(sorted(pair for pair, decision in self._newest.items() if says_same(decision) == same))


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
