"""Suggested renames: new entries that may be old ones under another id; never assumed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from capgraph.analysis.edits import label_of
from capgraph.model import Node
from capgraph.text import normalize, similarity, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from capgraph.analysis.edits import Edit
    from capgraph.analysis.spelling import Reader

Links = AbstractSet[tuple[str, str, str]]
"""The links of a version, as source, relation and target, by IRI."""

_COMMON = 60
_LIKELY = 0.72
_WEIGHTS = {"label": 0.65, "text": 0.2, "neighbors": 0.15}


class SuggestedRename(NamedTuple):
    """An old and a new entry that may be the same."""

    table: str
    """The table of both."""
    old: str
    """The id that is gone."""
    new: str
    """The id that is new."""
    score: float
    """How alike they are, 0 to 1: ``(0.65 label + 0.2 text + 0.15 neighbors) ÷`` the weights of what both state."""
    because: str
    """What speaks for it, in words."""


@dataclass(frozen=True)
class _Traits:
    """What entries are compared by."""

    label: str
    text: str
    neighbors: frozenset[str]


def suggested_renames(
    old: Links, new: Links, edits: Iterable[Edit], reads: tuple[Reader, Reader]
) -> tuple[SuggestedRename, ...]:
    """Return which removed entries may live on as added ones, best first; each id at most once on either side.

    Labels are compared always, descriptions and neighbors (the entries that are referred to, or refer) where both
    sides have any.  Only entries of one table that share a label or an uncommon word of it are compared.
    """
    gone, come = _ends(edits)
    found = [
        pair
        for table in sorted(gone.keys() & come.keys())
        for pair in _pairs(table, _traits(gone[table], old, reads[0]), _traits(come[table], new, reads[1]))
    ]
    found.sort(key=lambda pair: (-pair.score, pair.table, pair.old, pair.new))
    taken: set[tuple[str, str]] = set()
    best = []
    for pair in found:
        ends = {("old", pair.old), ("new", pair.new)}
        if taken.isdisjoint(ends):
            best.append(pair)
            taken |= ends
    return tuple(best)


def _ends(edits: Iterable[Edit]) -> tuple[dict[str, list[Node]], dict[str, list[Node]]]:
    """Return the entries that are removed without a successor, and those that are added, by table."""
    gone: dict[str, list[Node]] = defaultdict(list)
    come: dict[str, list[Node]] = defaultdict(list)
    for edit in edits:
        if edit.field:
            continue
        if edit.action == "removed" and isinstance(edit.before, Node):
            gone[edit.table].append(edit.before)
        elif edit.action == "added" and isinstance(edit.after, Node):
            come[edit.table].append(edit.after)
    return gone, come


def _traits(members: Iterable[Node], links: Links, read: Reader) -> dict[str, _Traits]:
    """Return what members are compared by, by id."""
    wanted = {member.id: member for member in members}
    near: dict[str, set[str]] = {read(id_): set() for id_ in wanted}
    for source, _, target in links:
        if source in near:
            near[source].add(target)
        if target in near:
            near[target].add(source)
    return {
        id_: _Traits(label_of(member), str(getattr(member, "description", "")), frozenset(near[read(id_)]))
        for id_, member in wanted.items()
    }


def _pairs(table: str, old: Mapping[str, _Traits], new: Mapping[str, _Traits]) -> Iterator[SuggestedRename]:
    """Yield the pairs that are likely the same."""
    by_label, by_word = _shelves(new)
    for id_, traits in old.items():
        candidates = set(by_label[normalize(traits.label)])
        for word in tokens(traits.label):
            candidates |= set(by_word[word]) if len(by_word[word]) <= _COMMON else set()
        for other in sorted(candidates):
            score, why = _likeness(traits, new[other])
            if score >= _LIKELY:
                yield SuggestedRename(table, id_, other, round(score, 4), why)


def _shelves(members: Mapping[str, _Traits]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return the ids by label and by word of the label."""
    by_label: dict[str, list[str]] = defaultdict(list)
    by_word: dict[str, list[str]] = defaultdict(list)
    for id_, traits in members.items():
        by_label[normalize(traits.label)].append(id_)
        for word in Counter(tokens(traits.label)):
            by_word[word].append(id_)
    return by_label, by_word


def _likeness(old: _Traits, new: _Traits) -> tuple[float, str]:
    """Return how alike two entries are, and what speaks for it."""
    parts = {"label": similarity(old.label, new.label)}
    if old.text and new.text:
        parts["text"] = similarity(old.text, new.text)
    if old.neighbors and new.neighbors:
        parts["neighbors"] = len(old.neighbors & new.neighbors) / len(old.neighbors | new.neighbors)
    weight = sum(_WEIGHTS[name] for name in parts)
    score = sum(_WEIGHTS[name] * value for name, value in parts.items()) / weight
    return score, ", ".join(f"{name} {value:.2f}" for name, value in parts.items())
