"""What a reader of a plan must know: figures that nobody states, prerequisites in a circle, alignments not accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capgraph.analysis.plan_reasons import cycles, unknown_assets
from capgraph.model import LearningAsset

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from capgraph.analysis.plan_goal import Brief
    from capgraph.analysis.plan_offers import Limits, Shelf
    from capgraph.analysis.plan_rows import PlanRow
    from capgraph.analysis.planner import Solved
    from capgraph.graph import CapabilityGraph

PROPOSED = "some rows rest on alignments that nobody has accepted yet"
"""What is said where proposed alignments count."""
_SHOWN = 5


def notes(solved: Solved, rows: tuple[PlanRow, ...], limits: Limits, brief: Brief) -> tuple[str, ...]:
    """Return the notes of a plan, one sentence each."""
    return (
        *asks_nothing(solved.shelf.graph, brief),
        *figures(solved.shelf, [row.asset for row in rows], limits),
        *(f"prerequisites in a circle, which the plan avoids: {' → '.join(chain)}" for chain in cycles(solved)),
        *_unknown(solved),
        *_alignments(solved, rows),
    )


def asks_nothing(graph: CapabilityGraph, brief: Brief) -> Iterator[str]:
    """Yield the roles aimed at that state no requirements."""
    roles = [brief.role] if brief.role else []
    if not roles and brief.person:
        roles = [link.target for link in graph.links(brief.person, "holds")]
    empty = [role for role in roles if not graph.requirements(role)]
    if empty:
        yield f"nothing is planned for {_few(empty)}, which requires nothing; state its requirements"


def figures(shelf: Shelf, taken: Iterable[str], limits: Limits) -> Iterator[str]:
    """Yield what is said about durations and prices that nobody states, of what is taken and what is left out."""
    nodes = [node for asset in taken if isinstance(node := shelf.graph[asset], LearningAsset)]
    silent = [node.id for node in nodes if node.duration is None]
    if silent and limits.assume_hours is None:
        yield f"no duration is stated for {_few(silent)}, so that the plan takes longer than its hours say"
    elif silent:
        yield f"{limits.assume_hours:g} hours are assumed for {_few(silent)}, which states no duration"
    free = [node.id for node in nodes if node.cost is None]
    if free and limits.assume_cost is None and (limits.wants_cost or limits.max_cost is not None):
        yield f"no price is stated for {_few(free)}, so that the plan may cost more than it says"
    elif free and limits.assume_cost is not None:
        yield f"a price of {limits.assume_cost:g} is assumed for {_few(free)}, which states none"
    if limits.currency is None and any(node.cost is not None for node in nodes):
        yield "the assets are priced in several currencies, which are not added"
    for why in ("states no duration", "states no price", "currency"):
        barred = [asset for asset, reason in shelf.barred.items() if reason == why]
        if barred:
            told = "is priced in another currency" if why == "currency" else why
            yield f"left out, since the limit could not be shown to hold: {_few(barred)} {told}"


def _unknown(solved: Solved) -> Iterator[str]:
    """Yield the prerequisites that no catalog holds."""
    unknown = unknown_assets(solved)
    if unknown:
        named = _few([f"{asset} (asked for by {_few(by, shown=1)})" for asset, by in unknown.items()])
        yield f"prerequisites name what no catalog holds, which counts as not held: {named}"


def _alignments(solved: Solved, rows: tuple[PlanRow, ...]) -> Iterator[str]:
    """Yield what is said about alignments that nobody has accepted."""
    if any(row.proposed for row in rows):
        yield PROPOSED
    if any(not isinstance(target.atom, str) for target in solved.unreachable):
        yield from teaches_nothing(solved.shelf)


def teaches_nothing(shelf: Shelf) -> Iterator[str]:
    """Yield why nothing is known to teach anything, where that is so."""
    if shelf.taught:
        return
    if shelf.graph.ids(LearningAsset):
        yield "no alignment is accepted, so that nothing is known to teach anything; review the proposed ones"
    else:
        yield "no learning asset is loaded, so that nothing can be planned; load a catalog"


def _few(names: Iterable[str], *, shown: int = _SHOWN) -> str:
    """Return the first few names."""
    every = list(names)
    more = f" and {len(every) - shown} more" if len(every) > shown else ""
    return ", ".join(every[:shown]) + more
