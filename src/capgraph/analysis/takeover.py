"""What becomes of each asset in a consolidation, and who takes over from those that go."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from capgraph.analysis.cells import Cell, Coverage, cell_order
from capgraph.analysis.redundancy import duplicates
from capgraph.report import Fact, ReportRow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from capgraph.analysis.asset_costs import YearlyCost
    from capgraph.graph import CapabilityGraph

Action = Literal["keep", "merge", "retire"]
_ORDER = ("retire", "merge", "keep")


@dataclass(frozen=True, kw_only=True)
class ConsolidationRow(ReportRow):
    """What becomes of one asset."""

    asset: str
    """The asset."""
    title: str
    """Its title."""
    action: Action
    """``keep``; ``merge`` into an asset with the same content; ``retire``, since others cover what it covers."""
    taken_over_by: tuple[str, ...]
    """The kept assets that take over its cells, by id."""
    taken_over_titles: tuple[str, ...]
    """The titles of those."""
    cells: int
    """How many cells it covers."""
    saves_hours: float
    """Hours a year: upkeep, and what its learners spend less (more, where negative) with those that take over."""
    saves_cost: float
    """Money a year, in the currency of the answer: licence and prices, less what its learners cost elsewhere."""
    reason: str
    """Why it is kept, or what it shares with those that take over."""

    def tone(self) -> str:
        """Return how the row is colored."""
        return {"keep": "", "merge": "good", "retire": "fair"}[self.action]


class Plan(NamedTuple):
    """A decided consolidation, from which the rows are made."""

    coverage: Coverage
    """What the assets cover."""
    costs: Mapping[str, YearlyCost]
    """What each costs in a year."""
    allowed: Mapping[Cell, Collection[str]]
    """The assets that may serve each cell."""
    protected: Mapping[str, str]
    """The assets that had to be kept, with the reason."""
    kept: Collection[str]
    """The assets that are kept."""


def rows_of(graph: CapabilityGraph, plan: Plan) -> list[ConsolidationRow]:
    """Return the rows in their order."""
    gone = [id_ for id_ in plan.coverage.assets if id_ not in plan.kept]
    takeover = {id_: _takeover(plan, id_) for id_ in gone}
    pairs = [(id_, other) for id_, found in takeover.items() for other in dict.fromkeys(found.values())]
    twins = {frozenset((row.left, row.right)) for row in duplicates(graph, pairs=pairs) if row.band == "same"}
    rows = [_gone(plan, id_, takeover[id_], twins) for id_ in gone]
    rows.extend(_kept(plan, id_) for id_ in plan.coverage.assets if id_ in plan.kept)
    return sorted(rows, key=lambda row: (_ORDER.index(row.action), -row.saves_cost, -row.saves_hours, row.asset))


def _takeover(plan: Plan, id_: str) -> dict[Cell, str]:
    """Return the kept asset that takes over each cell of an asset: as few as possible, the lightest for learners."""
    left = set(plan.coverage.cells[id_])
    found: dict[Cell, str] = {}
    while left:
        offers: dict[str, set[Cell]] = defaultdict(set)
        for cell in left:
            for other in plan.allowed[cell]:
                if other in plan.kept:
                    offers[other].add(cell)
        best = min(offers, key=lambda other: (-len(offers[other]), plan.costs[other].head_hours, other))
        found |= dict.fromkeys(offers[best], best)
        left -= offers[best]
    return found


def _gone(plan: Plan, id_: str, takeover: Mapping[Cell, str], twins: set[frozenset[str]]) -> ConsolidationRow:
    """Return the row of an asset that goes."""
    takers = tuple(sorted(set(takeover.values())))
    merged = len(takers) == 1 and frozenset((id_, takers[0])) in twins
    hours, money = _saved(plan, id_, takers)

    return ConsolidationRow(
        asset=id_,
        title=plan.coverage.assets[id_].title,
        action="merge" if merged else "retire",
        taken_over_by=takers,
        taken_over_titles=tuple(plan.coverage.assets[other].title for other in takers),
        cells=len(takeover),
        saves_hours=round(hours, 2),
        saves_cost=round(money, 2),
        reason="the same content" if merged else "others cover everything that it covers",
        because=(*_handed_over(id_, takeover), *_asked_for(plan, id_, takers)),
    )


def _saved(plan: Plan, id_: str, takers: tuple[str, ...]) -> tuple[float, float]:
    """Return the hours and money that an asset costs a year, less what its learners cost at those that take over."""
    own = plan.costs[id_]
    hours = own.hours - own.learners * sum(plan.costs[other].head_hours for other in takers)
    money = own.money - own.learners * sum(plan.costs[other].head_money for other in takers)
    return hours, money


def _handed_over(id_: str, takeover: Mapping[Cell, str]) -> Iterator[Fact]:
    """Yield which asset takes over each cell of an asset that goes."""
    for cell in sorted(takeover, key=cell_order):
        yield Fact("rule", f"{takeover[cell]} takes over: {cell.told}", (takeover[cell], id_))


def _asked_for(plan: Plan, id_: str, takers: tuple[str, ...]) -> Iterator[Fact]:
    """Yield the kept assets whose conditions name an asset that goes."""
    for other in sorted(plan.kept):
        asset = plan.coverage.assets[other]
        named = [condition for condition in (asset.prerequisites, asset.corequisites) if condition is not None]
        if any(id_ in condition.assets for condition in named):
            text = f"{other} asks for it first; let it ask for {', '.join(takers)} instead"
            yield Fact("rule", text, (other, id_, *takers))


def _kept(plan: Plan, id_: str) -> ConsolidationRow:
    """Return the row of an asset that stays."""
    cells = plan.coverage.cells[id_]
    alone = _alone(plan, cells)
    reason = plan.protected.get(id_) or (
        f"alone in covering {len(alone)} of its {len(cells)} cells" if alone else "part of the cheapest set"
    )
    return ConsolidationRow(
        asset=id_,
        title=plan.coverage.assets[id_].title,
        action="keep",
        taken_over_by=(),
        taken_over_titles=(),
        cells=len(cells),
        saves_hours=0.0,
        saves_cost=0.0,
        reason=reason,
        because=tuple(Fact("rule", f"no other kept asset covers: {cell.told}", (id_,)) for cell in alone),
    )


def _alone(plan: Plan, cells: Iterable[Cell]) -> list[Cell]:
    """Return the cells that only one kept asset can serve."""
    alone = (cell for cell in cells if sum(other in plan.kept for other in plan.allowed[cell]) == 1)
    return sorted(alone, key=cell_order)
