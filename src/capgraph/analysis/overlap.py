"""Overlap: different content that covers the same."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, ClassVar

from capgraph.analysis.arguments import require_graph, require_lists, require_numbers
from capgraph.analysis.bands import POSSIBLE
from capgraph.analysis.cells import PROTECTIONS, Cell, Coverage, Protection, audiences, covered, told
from capgraph.analysis.redundancy import duplicates
from capgraph.analysis.typed import typed
from capgraph.report import Fact, Report, ReportRow

if TYPE_CHECKING:
    from collections.abc import Collection

    from capgraph.analysis.teaching import AlignmentChoice
    from capgraph.graph import CapabilityGraph


@dataclass(frozen=True, kw_only=True)
class OverlapRow(ReportRow):
    """Two assets with different content that cover the same."""

    left: str
    """The id that sorts first."""
    left_title: str
    """Its title."""
    right: str
    """The other id."""
    right_title: str
    """Its title."""
    share: float
    """The cells that both cover, of those that either covers; 1 where they cover the same."""
    shared: tuple[str, ...]
    """What both cover."""
    only_left: tuple[str, ...]
    """What only the left one covers."""
    only_right: tuple[str, ...]
    """What only the right one covers."""
    audience: tuple[str, ...]
    """The audiences of both; empty where one of the two is for everybody."""
    content: str
    """How alike the content is: ``probable``, ``possible`` or ``different`` (*same* belongs to `duplicates`)."""

    def tone(self) -> str:
        """Return how the row is colored."""
        return "fair" if self.share == 1 else "open"


@dataclass(frozen=True, kw_only=True, repr=False)
class OverlapReport(Report[OverlapRow]):
    """Pairs of assets with different content that cover the same."""

    name: ClassVar[str] = "overlap"
    row_type: ClassVar[type[ReportRow]] = OverlapRow

    assets: int
    """How many assets cover anything."""
    whole: int
    """How many pairs cover exactly the same."""


@typed
def overlap(
    graph: CapabilityGraph,
    *,
    min_share: float = 0.5,
    protect: Collection[Protection] = PROTECTIONS,
    alignments: AlignmentChoice = "accepted",
    min_confidence: float = 0.0,
) -> OverlapReport:
    """Return pairs of assets with different content that cover the same steps for the same people.

    A cell is a step (or a behavior) that is taught or assessed, in a language, at a site.  The share is Jaccard's:
    cells that both cover ÷ cells that either covers.  Assets for audiences that have nothing in common do not overlap;
    one without an audience, or for all staff, is for everybody.

    Parameters
    ----------
    graph : CapabilityGraph
        Catalogs and the framework that they are aligned with.
    min_share : float
        The least share of a row, above 0, at most 1.
    protect : collection of str
        What is held apart besides the step: ``language``, ``audience``, ``site``; all by default.
    alignments : str
        ``accepted``, or ``proposed`` to let proposed alignments in too.
    min_confidence : float
        The least confidence of a proposed alignment, 0 to 1.

    Returns
    -------
    OverlapReport
        One row a pair, by falling share, then by falling number of shared cells, then left and right id.  Pairs that
        `duplicates` calls *same* are left out: they are the same content.

    Notes
    -----
    The pairs that share a cell, at worst quadratic in the assets of the most crowded cell.

    Examples
    --------
    >>> import capgraph as cg
    >>> row = cg.overlap(cg.sample().graph()).records[0]
    >>> 0 < row.share <= 1
    True
    """
    require_graph(graph)
    require_lists(protect=protect)
    require_numbers(0, 1, min_share=min_share)
    apart: list[Protection] = [name for name in protect if name != "audience"]
    coverage = covered(graph, protect=apart, alignments=alignments, min_confidence=min_confidence)
    pairs = _overlapping(coverage, min_share, same_audience="audience" in protect)
    content = {(row.left, row.right): row for row in duplicates(graph, pairs=pairs)} if pairs else {}
    rows = [
        _row(coverage, pair, content[pair].band if content[pair].score >= POSSIBLE else "different")
        for pair in pairs
        if pair in content and content[pair].band != "same"
    ]
    rows.sort(key=lambda row: (-row.share, -len(row.shared), row.left, row.right))
    return OverlapReport(
        records=tuple(rows),
        assets=sum(bool(cells) for cells in coverage.cells.values()),
        whole=sum(row.share == 1 for row in rows),
    )


def _overlapping(coverage: Coverage, min_share: float, *, same_audience: bool) -> list[tuple[str, str]]:
    """Return the pairs that share enough of their cells, and an audience where that is asked for."""
    return [
        pair
        for pair in _sharing(coverage)
        if _share(coverage, pair) >= min_share and not (same_audience and _audience(coverage, pair) is None)
    ]


def _sharing(coverage: Coverage) -> list[tuple[str, str]]:
    """Return the pairs of assets of which one could serve a cell of the other."""
    takers: dict[Cell, list[str]] = defaultdict(list)
    for id_, cells in sorted(coverage.reach.items()):
        for cell in cells:
            takers[cell].append(id_)
    return sorted({pair for ids in takers.values() for pair in combinations(ids, 2)})


def _share(coverage: Coverage, pair: tuple[str, str]) -> float:
    """Return the share of cells that both cover."""
    left, right = (coverage.reach[id_] for id_ in pair)
    ours, theirs = (coverage.cells[id_] for id_ in pair)
    either = ours | theirs
    return len(either & left & right) / len(either)


def _audience(coverage: Coverage, pair: tuple[str, str]) -> tuple[str, ...] | None:
    """Return the audiences of both assets, none where one is for everybody; None where they have none in common."""
    left, right = (set(audiences(coverage.assets[id_])) for id_ in pair)
    if "" in left | right:
        return ()
    return tuple(sorted(left & right)) or None


def _row(coverage: Coverage, pair: tuple[str, str], content: str) -> OverlapRow:
    """Return the row of a pair."""
    left, right = (coverage.reach[id_] for id_ in pair)
    either = coverage.cells[pair[0]] | coverage.cells[pair[1]]
    both = either & left & right
    return OverlapRow(
        left=pair[0],
        left_title=coverage.assets[pair[0]].title,
        right=pair[1],
        right_title=coverage.assets[pair[1]].title,
        share=_share(coverage, pair),
        shared=told(both),
        only_left=told(either & left - right),
        only_right=told(either & right - left),
        audience=_audience(coverage, pair) or (),
        content=content,
        because=tuple(Fact("rule", f"both: {text}", pair) for text in told(both)),
    )
