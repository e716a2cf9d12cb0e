"""What a catalog adds: the answer to whether a vendor's library is worth buying."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from capgraph.analysis.coverage import CoverageRow, CoverageStatus, coverage
from capgraph.analysis.demand import step_order
from capgraph.analysis.redundancy import duplicates
from capgraph.analysis.teaching import AlignmentChoice, Step
from capgraph.analysis.typed import typed
from capgraph.errors import UnknownIdError
from capgraph.graph import CapabilityGraph
from capgraph.model import Catalog
from capgraph.report import Report, ReportRow

_RANK = {"uncovered": 0, "thin": 1, "covered": 2, "oversupplied": 2}


@dataclass(frozen=True, kw_only=True)
class AddedRow(ReportRow):
    """One required step that the catalog teaches."""

    capability: str
    """The capability."""
    label: str
    """Its label."""
    level: int | None
    """The rank; None where the capability has no scale."""
    necessity: str
    """The strongest necessity among the requirements."""
    demand: int
    """How many people (or roles) need it."""
    before: CoverageStatus
    """How it is covered without the catalog."""
    after: CoverageStatus
    """How it is covered with it."""
    assets: tuple[str, ...]
    """The assets of the catalog that teach it."""
    titles: tuple[str, ...]
    """The titles of those."""

    def tone(self) -> str:
        """Return how the row is colored."""
        if self.before == "uncovered":
            return "good"
        return "fair" if _RANK[self.after] > _RANK[self.before] else "open"


@dataclass(frozen=True, kw_only=True, repr=False)
class AddedCoverageReport(Report[AddedRow]):
    """What a catalog would add to what is taught today."""

    name: ClassVar[str] = "added_coverage"
    row_type: ClassVar[type[ReportRow]] = AddedRow

    catalog: str
    """The catalog."""
    opened: int
    """How many required steps nobody teaches without it."""
    strengthened: int
    """How many steps are no longer thin."""
    demand_opened: int
    """The demand of the steps that it opens."""
    idle: tuple[str, ...]
    """Its assets that teach no required step."""
    twins: tuple[tuple[str, str], ...]
    """Its assets that are the same content as one at hand, each with that one."""


@typed
def added_coverage(
    graph: CapabilityGraph,
    catalog: Catalog | str,
    *,
    alignments: AlignmentChoice = "accepted",
    min_confidence: float = 0.0,
) -> AddedCoverageReport:
    """Return the required steps that a catalog teaches, with how they are covered without it and with it.

    Parameters
    ----------
    graph : CapabilityGraph
        Frameworks with roles, the catalogs at hand and, for demand in people, a workforce.
    catalog : Catalog or str
        The catalog to judge; an id stands for one that is in the graph already, and asks what would be lost without it.
    alignments : str
        ``accepted``, or ``proposed`` to let proposed alignments in too.
    min_confidence : float
        The least confidence of a proposed alignment, 0 to 1.

    Returns
    -------
    AddedCoverageReport
        One row for each required step that the catalog teaches: those that nobody else teaches first, then those that
        are thin without it, then the others; within these by falling demand, capability and level.

    Raises
    ------
    UnknownIdError
        When the graph holds no catalog of this id.

    Notes
    -----
    Two coverage answers and one of duplicates.

    Examples
    --------
    >>> import capgraph as cg
    >>> from capgraph.analysis.added_coverage import added_coverage
    >>> report = added_coverage(cg.sample().graph(), "cat:operations")
    >>> report.opened > 0, report.records[0].before
    (True, 'uncovered')
    """
    added = _found(graph, catalog) if isinstance(catalog, str) else catalog
    others = [document for document in graph.documents.values() if document.id != added.id]
    without, with_it = CapabilityGraph(*others), CapabilityGraph(*others, added)
    before = {
        (row.capability, row.level): row
        for row in coverage(without, alignments=alignments, min_confidence=min_confidence)
    }
    after = coverage(with_it, alignments=alignments, min_confidence=min_confidence)
    theirs = _asset_ids(with_it, added)
    rows = [_row(before[row.capability, row.level], row, theirs) for row in after if not theirs.isdisjoint(row.assets)]
    rows.sort(key=lambda row: (_RANK[row.before], -row.demand, step_order(Step(row.capability, row.level))))
    busy = {id_ for row in rows for id_ in row.assets}
    same = [row for row in duplicates(with_it) if row.band == "same" and (row.left in theirs) != (row.right in theirs)]
    return AddedCoverageReport(
        records=tuple(rows),
        notes=after.notes,
        catalog=added.id,
        opened=sum(row.before == "uncovered" for row in rows),
        strengthened=sum(row.before == "thin" and _RANK[row.after] > _RANK["thin"] for row in rows),
        demand_opened=sum(row.demand for row in rows if row.before == "uncovered"),
        idle=tuple(sorted(theirs - busy)),
        twins=tuple(sorted((row.left, row.right) if row.left in theirs else (row.right, row.left) for row in same)),
    )


def _found(graph: CapabilityGraph, id_: str) -> Catalog:
    """Return the catalog of an id; refuse what is none."""
    catalogs = {key: document for key, document in graph.documents.items() if isinstance(document, Catalog)}
    if id_ not in catalogs:
        known = ", ".join(catalogs) or "none"
        raise UnknownIdError(id_, message=f"{id_!r} is no catalog of this graph; its catalogs are: {known}")
    return catalogs[id_]


def _asset_ids(graph: CapabilityGraph, catalog: Catalog) -> set[str]:
    """Return the ids of the assets of a catalog, as the graph hands them out."""
    return {graph.resolve(asset.id) for asset in catalog.assets}


def _row(before: CoverageRow, after: CoverageRow, theirs: set[str]) -> AddedRow:
    """Return the row of one step."""
    named = {id_: title for id_, title in zip(after.assets, after.titles, strict=True) if id_ in theirs}
    return AddedRow(
        capability=after.capability,
        label=after.label,
        level=after.level,
        necessity=after.necessity,
        demand=after.demand,
        before=before.status,
        after=after.status,
        assets=tuple(named),
        titles=tuple(named.values()),
        because=tuple(fact for fact in after.because if fact.ids[0] in theirs),
    )
