"""Dominance: assets that another one makes superfluous."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from capgraph.analysis.arguments import require_graph, require_lists
from capgraph.analysis.cells import PROTECTIONS, Cell, Coverage, Protection, covered, told
from capgraph.analysis.typed import typed
from capgraph.report import Fact, Report, ReportRow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from capgraph.analysis.teaching import AlignmentChoice
    from capgraph.graph import CapabilityGraph
    from capgraph.model import LearningAsset


_Verdict = Literal["better", "worse", "equal", "unknown"]


@dataclass(frozen=True, kw_only=True)
class DominatedRow(ReportRow):
    """An asset that another one makes superfluous."""

    asset: str
    """The superfluous asset."""
    title: str
    """Its title."""
    by: str
    """The asset that covers everything that it covers, and is nowhere worse."""
    by_title: str
    """The title of that one."""
    cells: int
    """How many cells the superfluous asset covers."""
    better: tuple[str, ...]
    """In what the other is better: ``duration``, ``cost``, ``date``, ``rating`` or ``more`` (it covers more)."""
    unknown: tuple[str, ...]
    """What could not be compared, since one of the two does not state it."""

    def tone(self) -> str:
        """Return how the row is colored."""
        return "fair"


@dataclass(frozen=True, kw_only=True, repr=False)
class DominatedReport(Report[DominatedRow]):
    """Assets that another one makes superfluous."""

    name: ClassVar[str] = "dominated"
    row_type: ClassVar[type[ReportRow]] = DominatedRow

    assets: int
    """How many assets cover anything."""


@typed
def dominated(
    graph: CapabilityGraph,
    *,
    protect: Collection[Protection] = PROTECTIONS,
    alignments: AlignmentChoice = "accepted",
    min_confidence: float = 0.0,
) -> DominatedReport:
    """Return the assets of which everything is covered by another that is not longer, dearer, older or worse.

    Compared are duration, cost a head (of one currency), the newest date and the rating, each where both state it; what
    could not be compared is listed.  Something must be better: an equal twin dominates nothing, `duplicates` finds it.
    Mandatory and accredited assets are dominated only by assets that are so too.

    Parameters
    ----------
    graph : CapabilityGraph
        Catalogs and the framework that they are aligned with.
    protect : collection of str
        What is held apart besides the step: ``language``, ``audience``, ``site``; all by default.
    alignments : str
        ``accepted``, or ``proposed`` to let proposed alignments in too.
    min_confidence : float
        The least confidence of a proposed alignment, 0 to 1.

    Returns
    -------
    DominatedReport
        One row for each superfluous asset and each asset that dominates it, by these ids.

    Notes
    -----
    For each asset, the assets that share its rarest cell.

    Examples
    --------
    >>> import capgraph as cg
    >>> [row.by for row in cg.dominated(cg.sample().graph()) if row.asset == "asset:AC-143"]
    ['asset:AC-141']
    """
    require_graph(graph)
    require_lists(protect=protect)
    coverage = covered(graph, protect=protect, alignments=alignments, min_confidence=min_confidence)
    takers: dict[Cell, set[str]] = defaultdict(set)
    for id_, reach in coverage.reach.items():
        for cell in reach:
            takers[cell].add(id_)
    rows = [row for id_, cells in sorted(coverage.cells.items()) if cells for row in _dominators(coverage, takers, id_)]
    return DominatedReport(records=tuple(rows), assets=sum(bool(cells) for cells in coverage.cells.values()))


def _dominators(coverage: Coverage, takers: dict[Cell, set[str]], id_: str) -> Iterator[DominatedRow]:
    """Yield a row for each asset that dominates one."""
    cells = coverage.cells[id_]
    rivals = set.intersection(*(takers[cell] for cell in cells)) - {id_}
    for rival in sorted(rivals):
        found = _better(coverage, id_, rival)
        if found is not None:
            better, unknown = found
            facts = tuple(Fact("rule", f"{rival} also covers: {text}", (rival, id_)) for text in told(cells))
            yield DominatedRow(
                asset=id_,
                title=coverage.assets[id_].title,
                by=rival,
                by_title=coverage.assets[rival].title,
                cells=len(cells),
                better=better,
                unknown=unknown,
                because=facts,
            )


def _better(coverage: Coverage, id_: str, rival: str) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Return in what the rival is better and what is unknown; None where it is worse somewhere or better nowhere."""
    ours, theirs = coverage.assets[id_], coverage.assets[rival]
    if (ours.mandatory and not theirs.mandatory) or (ours.accreditation and not theirs.accreditation):
        return None
    verdicts = {name: _verdict(left, right) for name, left, right in _measures(ours, theirs)}
    if "worse" in verdicts.values():
        return None
    better = [name for name, verdict in verdicts.items() if verdict == "better"]
    unknown = [name for name, verdict in verdicts.items() if verdict == "unknown"]
    if coverage.cells[rival] > coverage.cells[id_] or not coverage.reach[rival] <= coverage.reach[id_]:
        better.append("more")
    return (tuple(better), tuple(unknown)) if better else None


def _verdict(ours: float | None, theirs: float | None) -> _Verdict:
    """Return how the figure of a rival compares, of which less is better; nothing is known where one is not stated."""
    if ours is None and theirs is None:
        return "equal"
    if ours is None or theirs is None:
        return "unknown"
    return "better" if theirs < ours else "worse" if theirs > ours else "equal"


def _measures(ours: LearningAsset, theirs: LearningAsset) -> Iterator[tuple[str, float | None, float | None]]:
    """Yield what is compared, each as a number of which less is better."""
    yield "duration", ours.duration, theirs.duration
    left, right = ours.cost, theirs.cost
    # Two currencies are not compared: the right price counts as unknown.
    comparable = right is not None and (left is None or left.currency == right.currency)
    yield (
        "cost",
        float(left.amount) if left is not None else None,
        float(right.amount) if right is not None and comparable else None,
    )
    yield "date", _age(ours), _age(theirs)
    yield "rating", _negative(ours.rating), _negative(theirs.rating)


def _age(asset: LearningAsset) -> float | None:
    """Return how old an asset is, as a number; None where no date is stated."""
    days = [day.toordinal() for day in (asset.published, asset.modified) if day is not None]
    return -max(days) if days else None


def _negative(value: float | None) -> float | None:
    """Return a figure of which more is better as one of which less is."""
    return None if value is None else -value
