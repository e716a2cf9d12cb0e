"""Rescaling: which levels of an old version no longer mean what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from capgraph.errors import Issue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from capgraph.model import Framework

Ranks = dict[int, int | None]
"""The new rank of each old one; None where it has no counterpart."""


class Rescaling(NamedTuple):
    """A scale whose levels must be read anew."""

    old: tuple[int, ...]
    """The ranks of the old scale."""
    new: tuple[int, ...]
    """The ranks of the scale that takes its place."""
    capabilities: frozenset[str]
    """The capabilities that are concerned."""


def rescalings(a: Framework, b: Framework) -> dict[str, Rescaling]:
    """Return the scales that lost ranks, or on which a capability is no longer rated, by id of the old scale.

    A scale that only gained ranks keeps its levels.
    """
    old_ranks = {a.iri(scale.id): scale.ranks for scale in a.scales}
    new_ranks = {b.iri(scale.id): scale.ranks for scale in b.scales}
    before, after = _scales(a), _scales(b)
    concerned: dict[tuple[str, str], set[str]] = {}
    for iri, (id_, scale) in before.items():
        now = after.get(iri, ("", ""))[1]
        moved = bool(now) and a.iri(scale) != b.iri(now)
        if scale and (moved or not set(old_ranks.get(a.iri(scale), ())) <= set(new_ranks.get(b.iri(now or scale), ()))):
            concerned.setdefault((scale, now or scale), set()).add(id_)
    found: dict[str, Rescaling] = {}
    for (scale, now), ids in sorted(concerned.items()):
        earlier = found[scale].capabilities if scale in found else frozenset()
        ranks = old_ranks.get(a.iri(scale), ()), new_ranks.get(b.iri(now), ())
        found[scale] = Rescaling(*ranks, frozenset(ids) | earlier)
    return found


def _scales(framework: Framework) -> dict[str, tuple[str, str]]:
    """Return the id and the scale of each capability, by IRI."""
    default = framework.default_scale or ""
    return {framework.iri(item.id): (item.id, item.scale or default) for item in framework.capabilities}


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
