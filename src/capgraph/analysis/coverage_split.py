"""How a required step is split: by language, by kind of asset, by behavior, or by several of these crossed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from capgraph.analysis.orphans import asset_of
from capgraph.errors import ArgumentError
from capgraph.model import Catalog, Person

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from capgraph.analysis.demand import Need
    from capgraph.graph import CapabilityGraph
    from capgraph.links import Link

Split = Literal["language", "kind", "behavior"]
SPLITS: tuple[Split, ...] = get_args(Split)
"""By what a required step can be split."""


class Piece(NamedTuple):
    """One part of a required step."""

    facets: Mapping[str, str]
    """The value of each facet; empty for what the step is not split by, and for what nobody states."""
    links: dict[str, Link]
    """The links of the assets that serve it."""
    demand: int
    """How many people, or roles, need it."""

    def part(self, split: tuple[Split, ...]) -> str:
        """Return the values in one short text, in the order in which they were asked for."""
        values = [self.facets[name] for name in split]
        if len(values) < 2:  # noqa: PLR2004 - one value stands for itself
            return "".join(values)
        return " · ".join(value or "-" for value in values)


def checked_split(by: object) -> tuple[Split, ...]:
    """Return the facets to split by, in the order given; none for None.

    Raises
    ------
    ArgumentError
        When a facet is unknown or named twice, or `by` is neither text nor several; everything wrong is told at once.
    """
    if by is None:
        return ()
    if not isinstance(by, Iterable):
        message = f"by is {by!r}; name one or several of {', '.join(SPLITS)}"
        raise ArgumentError(message)
    named = [by] if isinstance(by, str) else list(by)
    wrong = list(dict.fromkeys(f"{name!r} is no facet" for name in named if name not in SPLITS))
    wrong += [f"{name!r} is named {named.count(name)} times" for name in SPLITS if named.count(name) > 1]
    if wrong:
        message = f"{'; '.join(wrong)}; split by each of {', '.join(SPLITS)} once at most"
        raise ArgumentError(message)
    return tuple(name for one in named for name in SPLITS if name == one)


def pieces(
    graph: CapabilityGraph,
    need: Need,
    split: tuple[Split, ...],
    *,
    links: dict[str, Link],
    behaviors: Mapping[str, Mapping[str, Link]],
) -> Iterator[Piece]:
    """Yield the parts of a needed step, given the assets of the step and those of each behavior.

    A language and a kind meet in a part where an asset serves the step in both, or where people who need the step
    state the language: for them every kind that serves the step in some language is a part, served or not.

    Notes
    -----
    Linear in assets and people, and in languages × kinds of the step.
    """
    spoken = _demand_by_language(graph, need) if "language" in split else {}
    shown = graph.behaviors(need.step.capability, level=need.step.rank) if "behavior" in split else ("",)
    for behavior in shown:
        supply: dict[tuple[str, str], dict[str, Link]] = defaultdict(dict)
        for asset, link in {**links, **behaviors.get(behavior, {})}.items():
            language = _language(graph, asset) if "language" in split else ""
            supply[language, asset_of(graph, asset).kind if "kind" in split else ""][asset] = link
        kinds = {kind for _, kind in supply} or {""}
        spots = supply.keys() | {(language, kind) for language in spoken for kind in kinds}
        for language, kind in sorted(spots) or [("", "")]:
            demand = spoken.get(language, 0) if spoken else len(need.holders)
            facets = {"language": language, "kind": kind, "behavior": behavior}
            yield Piece(facets, supply.get((language, kind), {}), demand)


def _language(graph: CapabilityGraph, asset: str) -> str:
    """Return the language of an asset: its own, or that of its catalog."""
    home = graph.home(asset)
    return asset_of(graph, asset).language or (home.language if isinstance(home, Catalog) else "")


def _demand_by_language(graph: CapabilityGraph, need: Need) -> dict[str, int]:
    """Return how many people need a step in each language; none where no person states one."""
    demand: dict[str, int] = defaultdict(int)
    for holder in need.holders:
        node = graph[holder]
        if isinstance(node, Person) and node.language:
            demand[node.language] += 1
    return dict(demand)
