"""Consolidation: the cheapest set of assets that covers everything that is covered today, with the proof."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from capgraph.analysis.arguments import require_graph, require_lists, require_numbers
from capgraph.analysis.asset_costs import YearlyCost, prices, yearly_cost
from capgraph.analysis.cells import PROTECTIONS, Cell, Coverage, Protection, cell_order, covered
from capgraph.analysis.keep_set import cheapest_cover
from capgraph.analysis.takeover import ConsolidationRow, Plan, rows_of
from capgraph.analysis.typed import typed
from capgraph.report import Report, ReportRow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from capgraph.analysis.teaching import AlignmentChoice
    from capgraph.graph import CapabilityGraph


class Certificate(NamedTuple):
    """The proof for one cell: who covers it today, and who will."""

    cell: Cell
    """The cell."""
    before: tuple[str, ...]
    """The assets that can serve it today."""
    after: tuple[str, ...]
    """Those of them that are kept; never none."""


@dataclass(frozen=True, kw_only=True, repr=False)
class ConsolidationReport(Report[ConsolidationRow]):
    """What to keep so that nothing covered today is lost, what that saves, and the proof."""

    name: ClassVar[str] = "consolidation"
    row_type: ClassVar[type[ReportRow]] = ConsolidationRow

    optimal: bool
    """Whether the kept set is proven to be the cheapest."""
    cost: float
    """What the assets with cells that are kept weigh in the objective."""
    bound: float
    """What no set that loses nothing weighs less than: proven."""
    kept: int
    """How many assets are kept."""
    merged: int
    """How many are merged into a twin."""
    retired: int
    """How many are retired."""
    saves_hours: float
    """Hours a year, over all rows."""
    saves_cost: float
    """Money a year, over all rows."""
    currency: str | None
    """The currency of the money; None where nothing is priced."""
    certificate: tuple[Certificate, ...]
    """Every cell covered today, with the assets that can serve it before and after, by cell."""

    def to_xlsx(self) -> bytes:
        """Return a workbook with the sheets *Summary*, *Assets*, *Takeover* and *Certificate*.

        No cell is read as a formula, whatever its text begins with.

        Raises
        ------
        MissingDependencyError
            When the ``excel`` extra is not installed.
        """
        from capgraph.analysis.consolidation_workbook import consolidation_workbook

        return consolidation_workbook(self)


@typed
def consolidation(
    graph: CapabilityGraph,
    *,
    keep: Iterable[str] = (),
    protect: Collection[Protection] = PROTECTIONS,
    at_least: int = 1,
    max_effort: float | None = None,
    hour: float = 40.0,
    currency: str | None = None,
    rates: Mapping[str, float] | None = None,
    alignments: AlignmentChoice = "accepted",
    min_confidence: float = 0.0,
    max_seconds: float = 60.0,
) -> ConsolidationReport:
    """Return the cheapest assets to keep such that everything covered today stays covered, with the proof.

    A cell is a step or behavior that is taught or assessed, in a language, for an audience, at a site.  What an asset
    weighs is what it would cost in a year if it served everybody who takes its cells today: licence and upkeep, hours
    of owners, and for each learner price, time and the share of a session.  Mandatory and accredited assets are kept,
    and so are assets without cells, of which nobody can tell what would be lost.

    Parameters
    ----------
    graph : CapabilityGraph
        Catalogs and the framework that they are aligned with.
    keep : iterable of str
        More assets that must be kept.
    protect : collection of str
        What is held apart besides the step: ``language``, ``audience``, ``site``; all by default.
    at_least : int
        How many assets must serve each cell, >= 1; where fewer do today, all of these stay.
    max_effort : float or None
        How many times the cost of the cheapest way today a takeover may cost a learner (price and time), >= 1; None
        for no limit.
    hour : float
        What an hour is worth, in the currency of the answer, >= 0.
    currency : str or None
        The currency of the answer; needed where amounts are in several.
    rates : mapping or None
        What one unit of each other currency is worth in it.
    alignments : str
        ``accepted``, or ``proposed`` to let proposed alignments in too.
    min_confidence : float
        The least confidence of a proposed alignment, 0 to 1.
    max_seconds : float
        The time for the solver, > 0; when it runs out, `optimal` is false and `bound` says how far the answer may be
        from the best.

    Returns
    -------
    ConsolidationReport
        One row for each asset in use: retired ones first, then merged, then kept, each by falling savings and id.

    Raises
    ------
    UnknownIdError
        When `keep` names an unknown id.
    InfeasiblePlanError
        When amounts are in several currencies and a rate is missing.

    Notes
    -----
    A weighted set cover, reduced and solved to proven optimality for each connected component (HiGHS); ties go to
    fewer assets, then to newer, better rated ones and earlier ids.  Exponential at worst.

    Examples
    --------
    >>> import capgraph as cg
    >>> plan = cg.consolidation(cg.sample().graph())
    >>> plan.optimal, all(proof.after for proof in plan.certificate)
    (True, True)
    """
    require_graph(graph)
    require_lists(keep=keep, protect=protect)
    require_numbers(0, hour=hour, max_seconds=max_seconds)
    require_numbers(1, at_least=at_least, max_effort=max_effort)
    coverage = covered(graph, protect=protect, alignments=alignments, min_confidence=min_confidence)
    weighed = prices(coverage.assets.values(), hour=hour, currency=currency, rates=rates or {})
    costs = {id_: yearly_cost(asset, weighed) for id_, asset in coverage.assets.items()}
    takers = _takers(coverage)
    effort = None if max_effort is None else (max_effort, hour)
    allowed = _allowed(coverage, takers, costs, effort)
    protected = _protected(coverage, {graph.resolve(id_) for id_ in keep})
    held = {id_ for id_ in protected if coverage.cells[id_]}
    found = cheapest_cover(
        dict(enumerate(allowed[cell] for cell in sorted(allowed, key=cell_order))),
        _weights(coverage, costs, hour),
        order=sorted(coverage.assets, key=lambda id_: _freshness(coverage, id_)),
        protected=held,
        at_least=at_least,
        seconds=max_seconds,
    )
    kept = found.kept | protected.keys()
    rows = rows_of(graph, Plan(coverage, costs, allowed, protected, kept))
    return ConsolidationReport(
        records=tuple(rows),
        notes=_notes(coverage, hour),
        optimal=found.optimal,
        cost=round(found.cost, 2),
        bound=round(found.bound, 2),
        kept=sum(row.action == "keep" for row in rows),
        merged=sum(row.action == "merge" for row in rows),
        retired=sum(row.action == "retire" for row in rows),
        saves_hours=round(sum(row.saves_hours for row in rows), 2),
        saves_cost=round(sum(row.saves_cost for row in rows), 2),
        currency=weighed.currency,
        certificate=tuple(
            Certificate(cell, tuple(ids), tuple(id_ for id_ in ids if id_ in kept))
            for cell, ids in sorted(takers.items(), key=lambda item: cell_order(item[0]))
        ),
    )


def _takers(coverage: Coverage) -> dict[Cell, list[str]]:
    """Return the assets that can serve each cell that is covered today, by id."""
    found: dict[Cell, list[str]] = defaultdict(list)
    for id_ in sorted(coverage.reach):
        for cell in coverage.reach[id_]:
            found[cell].append(id_)
    return dict(found)


def _allowed(
    coverage: Coverage,
    takers: Mapping[Cell, list[str]],
    costs: Mapping[str, YearlyCost],
    effort: tuple[float, float] | None,
) -> dict[Cell, list[str]]:
    """Return the assets that may take over each cell: those that cost a learner no more than the limit."""
    if effort is None:
        return dict(takers)
    factor, hour = effort
    burden = {id_: cost.head_money + cost.head_hours * hour for id_, cost in costs.items()}
    allowed = {}
    for cell, ids in takers.items():
        least = min(burden[id_] for id_ in ids if cell in coverage.cells[id_])
        allowed[cell] = [id_ for id_ in ids if burden[id_] <= factor * least + 1e-9]
    return allowed


def _protected(coverage: Coverage, keep: set[str]) -> dict[str, str]:
    """Return the assets that are kept whatever they cost, with the reason."""
    reasons = {}
    for id_, asset in coverage.assets.items():
        if asset.mandatory:
            reasons[id_] = "law or policy demands it"
        elif asset.accreditation:
            reasons[id_] = f"accredited: {asset.accreditation}"
        elif id_ in keep:
            reasons[id_] = "asked to be kept"
        elif not coverage.cells[id_]:
            reasons[id_] = "no accepted alignment says what would be lost"
    return reasons


def _weights(coverage: Coverage, costs: Mapping[str, YearlyCost], hour: float) -> dict[str, float]:
    """Return what each asset would cost if it served everybody who takes its cells today, one learner at least."""
    demand: dict[Cell, int] = defaultdict(int)
    for id_, cells in coverage.cells.items():
        for cell in cells:
            demand[cell] += costs[id_].learners
    weights = {}
    for id_, cells in coverage.cells.items():
        if cells:
            learners = sum(demand[cell] for cell in cells) / len(cells)
            weights[id_] = costs[id_].total(max(learners, 1.0), hour)
    return weights


def _freshness(coverage: Coverage, id_: str) -> tuple[int, float, str]:
    """Return the order in which equally dear assets are preferred: the newest, the best rated, the first id."""
    asset = coverage.assets[id_]
    newest = max((day.toordinal() for day in (asset.published, asset.modified) if day is not None), default=0)
    return -newest, -(asset.rating or 0.0), id_


def _notes(coverage: Coverage, hour: float) -> tuple[str, ...]:
    """Return what a reader must know."""
    notes = ["capacity is not looked at: those that take over must have room for the learners of those that go."]
    blank = sum(not cells for cells in coverage.cells.values())
    if blank:
        notes.append(f"{blank} assets are kept since no accepted alignment says what they cover.")
    unpriced = sum(asset.cost is None and asset.annual_cost is None for asset in coverage.assets.values())
    if unpriced:
        notes.append(f"{unpriced} assets state no price; they count as free.")
    timeless = sum(asset.duration is None for asset in coverage.assets.values()) if hour else 0
    if timeless:
        notes.append(f"{timeless} assets state no duration; the time of their learners counts as none.")
    uncounted = sum(asset.learners is None for asset in coverage.assets.values())
    if uncounted:
        notes.append(f"{uncounted} assets state no learners; what these would save or cost elsewhere is left out.")
    return tuple(notes)
