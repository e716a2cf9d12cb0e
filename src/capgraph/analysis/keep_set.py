"""The cheapest set of assets that covers every cell: exact, one connected component at a time."""

from __future__ import annotations

import time
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from capgraph.analysis.programme import Programme

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

_TIE = 1e-7


class KeepSet(NamedTuple):
    """A set of assets that covers every cell."""

    kept: frozenset[str]
    """The assets of the set."""
    cost: float
    """What they cost together."""
    bound: float
    """What no covering set costs less than: proven."""
    optimal: bool
    """Whether the set is proven to be the cheapest."""


def cheapest_cover(
    takers: Mapping[int, Collection[str]],
    costs: Mapping[str, float],
    *,
    order: Sequence[str] = (),
    protected: Collection[str] = (),
    at_least: int = 1,
    seconds: float = 60.0,
) -> KeepSet:
    """Return the cheapest assets such that enough of the takers of every cell are among them.

    Ties go to fewer assets, then to those that come first in `order`.

    Parameters
    ----------
    takers : mapping
        For each cell, the assets that can serve it; at least one.
    costs : mapping
        What keeping each asset costs, not negative.
    order : sequence of str
        The assets, preferred ones first; by id where it is left out.
    protected : collection of str
        Assets that are kept whatever they cost.
    at_least : int
        How many assets must serve each cell, >= 1; all of its takers where there are fewer.
    seconds : float
        The time for all components together, > 0; when it runs out, the cover found so far is returned with the bound
        that was proven.

    Notes
    -----
    Cells with the same or more takers than another, and assets that serve fewer cells at a higher cost than another,
    are set aside first; what is left falls into connected components, each solved by branch and bound (HiGHS).
    Exponential at worst; linear in the takers where every cell has few.
    """
    end = time.monotonic() + seconds
    kept = set(protected)
    open_cells = _open(takers, kept, at_least)
    bound, optimal = 0.0, True
    scale = max(costs.values(), default=0.0) or 1.0
    tied = _tied(costs, order or sorted(costs), scale)
    for cells in _components(open_cells):
        part, proven, least = _solve(cells, tied, end - time.monotonic())
        kept |= part
        optimal &= proven
        bound += least * scale
    cost = sum(costs[id_] for id_ in kept)
    fixed = sum(costs[id_] for id_ in set(protected))
    return KeepSet(frozenset(kept), cost, cost if optimal else min(cost, fixed + bound), optimal)


def _tied(costs: Mapping[str, float], order: Sequence[str], scale: float) -> dict[str, float]:
    """Return costs of at most 1, and what decides between equal ones: fewer assets, then those that come first."""
    place = {id_: number for number, id_ in enumerate(order)}
    return {id_: cost / scale + _TIE * (1 + place[id_] / len(place)) for id_, cost in costs.items()}


class _OpenCell(NamedTuple):
    """A cell that still needs assets."""

    takers: frozenset[str]
    needed: int


def _open(takers: Mapping[int, Collection[str]], kept: set[str], at_least: int) -> set[_OpenCell]:
    """Return the different demands that the kept assets leave open; those with no choice join the kept assets."""
    demands = {_OpenCell(frozenset(ids), min(at_least, len(set(ids)))) for ids in takers.values()}
    for cell in demands:
        if len(cell.takers) == cell.needed:
            kept |= cell.takers
    opened = {_OpenCell(cell.takers - kept, cell.needed - len(cell.takers & kept)) for cell in demands}
    return {cell for cell in opened if cell.needed > 0}


def _components(cells: set[_OpenCell]) -> Iterator[list[_OpenCell]]:
    """Yield the cells that hang together over shared takers, component by component, in a fixed order."""
    roots: dict[str, str] = {}
    for cell in cells:
        first, *others = sorted(cell.takers)
        for other in others:
            low, high = sorted((_root(roots, first), _root(roots, other)))
            roots[high] = low
    groups: dict[str, list[_OpenCell]] = defaultdict(list)
    for cell in sorted(cells, key=lambda cell: (sorted(cell.takers), cell.needed)):
        groups[_root(roots, min(cell.takers))].append(cell)
    for name in sorted(groups):
        yield groups[name]


def _root(roots: dict[str, str], id_: str) -> str:
    """Return the asset that stands for all that an asset hangs together with; shorten the way to it."""
    while roots.setdefault(id_, id_) != id_:
        roots[id_] = roots[roots[id_]]
        id_ = roots[id_]
    return id_


def _solve(cells: list[_OpenCell], costs: Mapping[str, float], seconds: float) -> tuple[set[str], bool, float]:
    """Return the cheapest cover of one component, whether it is proven, and the proven bound."""
    cells = _harder(cells)
    ids = _useful(cells, costs)
    programme = Programme()
    column = {id_: programme.column() for id_ in ids}
    for cell in cells:
        programme.require({column[id_]: 1.0 for id_ in sorted(cell.takers & column.keys())}, low=float(cell.needed))
    answer = programme.minimum({column[id_]: costs[id_] for id_ in ids}, seconds=seconds)
    if answer.values is None:
        return _greedy(cells, costs), False, max(answer.bound, 0.0)
    chosen = {id_ for id_ in ids if answer.values[column[id_]] > 0.5}  # noqa: PLR2004 - a binary
    return chosen, answer.proven, answer.bound


def _harder(cells: list[_OpenCell]) -> list[_OpenCell]:
    """Return the cells without those that are served whenever another is: more takers, and no more needed."""
    by_taker: dict[str, list[int]] = defaultdict(list)
    kept: list[_OpenCell] = []
    for cell in sorted(cells, key=lambda cell: (len(cell.takers), -cell.needed)):
        near = {place for id_ in cell.takers for place in by_taker[id_]}
        if any(kept[place].takers <= cell.takers and kept[place].needed >= cell.needed for place in near):
            continue
        for id_ in cell.takers:
            by_taker[id_].append(len(kept))
        kept.append(cell)
    return kept


def _served(cells: list[_OpenCell]) -> dict[str, set[int]]:
    """Return the places of the cells that each asset can serve."""
    served: dict[str, set[int]] = defaultdict(set)
    for place, cell in enumerate(cells):
        for id_ in cell.takers:
            served[id_].add(place)
    return served


def _useful(cells: list[_OpenCell], costs: Mapping[str, float]) -> list[str]:
    """Return the assets without those that serve no more than another that costs less.

    Where several are needed of one cell, nothing is set aside: a dearer one may be needed too.
    """
    served = _served(cells)
    if any(cell.needed > 1 for cell in cells):
        return sorted(served)
    kept: dict[str, set[int]] = {}
    by_place: dict[int, set[str]] = defaultdict(set)
    for id_ in sorted(served, key=lambda id_: (costs[id_], id_)):
        places = served[id_]
        if any(places <= kept[other] for other in set.intersection(*(by_place[place] for place in places))):
            continue
        kept[id_] = places
        for place in places:
            by_place[place].add(id_)
    return sorted(kept)


def _greedy(cells: list[_OpenCell], costs: Mapping[str, float]) -> set[str]:
    """Return a cover that need not be the cheapest: the asset that serves most for its cost, again and again."""
    needed = {place: cell.needed for place, cell in enumerate(cells)}
    served = _served(cells)
    chosen: set[str] = set()
    while needed:
        best = min(
            served.keys() - chosen, key=lambda id_: (costs[id_] / (len(served[id_] & needed.keys()) or 1e-9), id_)
        )
        chosen.add(best)
        for place in served[best] & needed.keys():
            needed[place] -= 1
            if not needed[place]:
                del needed[place]
    return chosen
