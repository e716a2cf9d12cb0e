"""Rescaling: which levels of an old version no longer mean what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from capgraph.errors import Issue
from capgraph.model import Framework

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from capgraph.analysis.spelling import Reader, Spelling
    from capgraph.model import Document

Ranks = dict[int, int | None]
"""The new rank of each old one; None where it has no counterpart."""


class Rescaling(NamedTuple):
    """A scale whose levels must be read anew."""

    old: tuple[int, ...]
    """The ranks of the old scale."""
    new: tuple[int, ...]
    """The ranks of the scale, or the scales, that take its place."""
    capabilities: frozenset[str]
    """The capabilities that are concerned, and their behaviors."""
    whole: bool
    """Whether everything rated on the scale is concerned, since it lost ranks or is gone itself."""
    moved: bool
    """Whether another scale takes its place."""


class Rated(NamedTuple):
    """What a version of a framework rates on which scales."""

    read: Reader
    """Returns the IRI of an id as the version writes it."""
    ranks: Mapping[str, tuple[int, ...]]
    """The ranks of each scale, by its IRI."""
    scales: Mapping[str, tuple[str, str]]
    """The id of each capability and behavior, and its scale (empty where it has none), by its IRI."""


def rated(document: Document, read: Reader) -> Rated:
    """Return what a document rates on which scales; nothing for one that is no framework."""
    if not isinstance(document, Framework):
        return Rated(read, {}, {})
    default = document.default_scale or ""
    own = {item.id: item.scale or default for item in document.capabilities}
    stated = (*own.items(), *((item.id, own.get(item.capability, "")) for item in document.behaviors))
    ranks = {read(scale.id): scale.ranks for scale in document.scales}
    return Rated(read, ranks, {read(id_): (id_, scale) for id_, scale in stated})


def rescalings(old: Rated, new: Rated, heirs: Mapping[str, tuple[str, ...]]) -> dict[str, Rescaling]:
    """Return the scales that lost ranks, or on which something is no longer rated, by id of the old scale.

    What has heirs is rated on their scales from now on; what is gone without any stays as it was.  A scale that only
    gained ranks keeps its levels.
    """
    found: dict[str, Rescaling] = {}
    for iri, (id_, scale) in sorted(old.scales.items()):
        targets = map(new.read, heirs[id_]) if id_ in heirs else (iri,)
        homes = [new.scales[target][1] for target in targets if target in new.scales]
        if not scale or not homes:
            continue
        own = old.read(scale)
        before = old.ranks.get(own, ())
        now = {new.read(home) for home in homes if home} or {own}
        after = {rank for name in now for rank in new.ranks.get(name, ())}
        if now == {own} and after.issuperset(before):
            continue
        earlier = found.get(scale, Rescaling(before, (), frozenset(), _lost(own, old, new), moved=False))
        found[scale] = earlier._replace(
            new=tuple(sorted(after.union(earlier.new))),
            capabilities=earlier.capabilities | {id_},
            moved=earlier.moved or now != {own},
        )
    return found


def _lost(scale: str, old: Rated, new: Rated) -> bool:
    """Return whether a scale lost ranks, or is gone."""
    return not set(new.ranks.get(scale, ())).issuperset(old.ranks.get(scale, ())) or scale not in new.ranks


class Levels(NamedTuple):
    """How the levels of a document are read anew."""

    ranks: Mapping[str, Ranks]
    """The new rank of each old one, by old scale."""
    scale_of: Mapping[str, str]
    """The old scale of every capability and behavior that is concerned, by any id that the document may write."""
    named: Mapping[str, str]
    """The old scale, for every way of writing its id."""
    whole: frozenset[str]
    """The old scales that lost ranks or are gone."""
    moved: frozenset[str]
    """The old scales whose place another one takes."""


def levels_of(scales: Mapping[str, Ranks], rescaled: Mapping[str, Rescaling], spelling: Spelling) -> Levels:
    """Return how a document reads levels, from the maps of the re-scaled scales."""
    subjects = {id_: scale for scale, found in rescaled.items() for id_ in found.capabilities}
    return Levels(
        scales,
        {way: scale for id_, scale in subjects.items() for way in spelling.ways(id_)},
        {way: scale for scale in rescaled for way in spelling.ways(scale)},
        frozenset(scale for scale, found in rescaled.items() if found.whole),
        frozenset(scale for scale, found in rescaled.items() if found.moved),
    )


def map_issues(scales: Mapping[str, Ranks], rescaled: Mapping[str, Rescaling]) -> Iterator[Issue]:
    """Yield what is wrong with the tables that say which old rank becomes which new one."""
    for scale, ranks in scales.items():
        if scale not in rescaled:
            text = f"{scale!r} was not re-scaled between these versions"
            known = ", ".join(rescaled) or "none"
            yield Issue("scale-mismatch", text, (scale,), "scales", f"leave its map out; re-scaled are: {known}")
            continue
        yield from _table_issues(scale, ranks, rescaled[scale])


def _table_issues(scale: str, ranks: Ranks, stated: Rescaling) -> Iterator[Issue]:
    """Yield what is wrong with one table."""
    missing = [rank for rank in stated.old if rank not in ranks]
    if missing:
        text = f"{scale!r}: the map leaves out the ranks {', '.join(map(str, missing))}"
        yield Issue("scale-mismatch", text, (scale,), "scales", "map every old rank; to None where it has none")
    off = sorted({rank for rank in ranks.values() if rank is not None} - set(stated.new))
    if off:
        text = f"{scale!r}: the map leads to the ranks {', '.join(map(str, off))}, which the new scale lacks"
        yield Issue("scale-mismatch", text, (scale,), "scales", f"its ranks are {', '.join(map(str, stated.new))}")
    reached = [rank for _, rank in sorted(ranks.items()) if rank is not None]
    if reached != sorted(reached):
        text = f"{scale!r}: the map turns a higher rank into a lower one"
        yield Issue("scale-mismatch", text, (scale,), "scales", "keep the order of the ranks")
