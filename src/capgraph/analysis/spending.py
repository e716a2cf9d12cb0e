"""Where the money goes, and whose need it meets."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from capgraph.analysis.asset_costs import YearlyCost, prices, yearly_cost
from capgraph.analysis.demand import needs, step_order
from capgraph.analysis.orphans import assets_in_use
from capgraph.analysis.teaching import AlignmentChoice, Step, teachings
from capgraph.analysis.typed import typed
from capgraph.model import Person
from capgraph.report import Fact, Report, ReportRow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from capgraph.graph import CapabilityGraph

_MARQUEE = 2.0
_HALF = 0.5


@dataclass(frozen=True, kw_only=True)
class SpendingRow(ReportRow):
    """What one asset costs, and how much of the need it meets."""

    asset: str
    """The asset."""
    title: str
    """Its title."""
    learners: int
    """How many people take it in a year; 0 where nobody counted."""
    hours: float
    """Hours of a year: those of learners, facilitators and owners."""
    cost: float
    """Money of a year, hours valued."""
    cost_share: float
    """Its share of all costs."""
    need: int
    """Reach times need: for each required step that it teaches, the people who need it, at most its learners."""
    need_share: float
    """Its share of all need: people times required steps."""
    ratio: float | None
    """Share of the costs ÷ share of the need; None where it meets none."""

    def tone(self) -> str:
        """Return how the row is colored."""
        if self.ratio is None:
            return "poor" if self.cost else ""
        return "fair" if self.ratio > _MARQUEE else ""


@dataclass(frozen=True, kw_only=True, repr=False)
class SpendingReport(Report[SpendingRow]):
    """Where the money goes, and whose need it meets."""

    name: ClassVar[str] = "spending"
    row_type: ClassVar[type[ReportRow]] = SpendingRow

    currency: str | None
    """The currency of the costs."""
    cost: float
    """All costs of a year."""
    need: int
    """All need: people times required steps."""
    marquee: tuple[str, ...]
    """The dearest assets that together take half of the costs."""
    marquee_need_share: float | None
    """The share of the need that these meet, at most; None without any need."""
    neglected: tuple[str, ...]
    """The roles of whose required steps the smallest share is taught, the smallest first; at most five, with a
    workforce those that somebody holds."""


@typed
def spending(
    graph: CapabilityGraph,
    *,
    hour: float = 40.0,
    currency: str | None = None,
    rates: Mapping[str, float] | None = None,
    alignments: AlignmentChoice = "accepted",
    min_confidence: float = 0.0,
) -> SpendingReport:
    """Return what each asset costs beside how much of the need it meets.

    Costs are those of a year: licence, upkeep, and for each learner price, time and the share of a session.  Need is
    reach × need: for each required step that an asset teaches, the smaller of its learners and the people who need the
    step.  A program that takes much of the money and meets little of the need is a marquee program: ask whom it leaves
    out.

    Parameters
    ----------
    graph : CapabilityGraph
        Frameworks with roles, catalogs with learners and prices and, for need in people, a workforce.
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

    Returns
    -------
    SpendingReport
        One row for each asset in use, by falling cost, then by rising need and id.

    Raises
    ------
    InfeasiblePlanError
        When amounts are in several currencies and a rate is missing.

    Notes
    -----
    Linear in alignments and requirements.

    Examples
    --------
    >>> import capgraph as cg
    >>> from capgraph.analysis.spending import spending
    >>> report = spending(cg.sample().graph())
    >>> report.marquee_need_share < 0.5
    True
    """
    assets = assets_in_use(graph)
    weighed = prices(assets.values(), hour=hour, currency=currency, rates=rates or {})
    costs = {id_: yearly_cost(asset, weighed) for id_, asset in assets.items()}
    totals = {id_: cost.total(cost.learners, hour) for id_, cost in costs.items()}
    required = {need.step: len(need.holders) for need in needs(graph)}
    taught: dict[str, set[Step]] = defaultdict(set)
    for one in teachings(graph, alignments=alignments, min_confidence=min_confidence):
        taught[one.asset].update(step for step in one.steps if step in required)
    met = {id_: sum(min(costs[id_].learners, required[step]) for step in taught[id_]) for id_ in assets}
    whole = _Whole(sum(totals.values()), sum(required.values()))
    rows = [
        _row((id_, asset.title), costs[id_], (totals[id_], met[id_]), whole, because=_facts(id_, taught[id_], required))
        for id_, asset in assets.items()
    ]
    rows.sort(key=lambda row: (-row.cost, row.need, row.asset))
    marquee = _marquee(rows)
    offered = {step for steps in taught.values() for step in steps}
    return SpendingReport(
        records=tuple(rows),
        notes=_notes(rows),
        currency=weighed.currency,
        cost=round(whole.cost, 2),
        need=whole.need,
        marquee=tuple(row.asset for row in marquee),
        marquee_need_share=min(1.0, sum(row.need_share for row in marquee)) if whole.need else None,
        neglected=_neglected(graph, offered),
    )


class _Whole(NamedTuple):
    """What all assets cost, and all need."""

    cost: float
    need: int


def _row(
    named: tuple[str, str], cost: YearlyCost, figures: tuple[float, int], whole: _Whole, *, because: tuple[Fact, ...]
) -> SpendingRow:
    """Return the row of one asset."""
    total, met = figures
    share, part = total / whole.cost if whole.cost else 0.0, met / whole.need if whole.need else 0.0
    return SpendingRow(
        asset=named[0],
        title=named[1],
        learners=cost.learners,
        hours=round(cost.hours, 2),
        cost=round(total, 2),
        cost_share=share,
        need=met,
        need_share=part,
        ratio=share / part if part else None,
        because=because,
    )


def _facts(id_: str, steps: set[Step], required: Mapping[Step, int]) -> tuple[Fact, ...]:
    """Return who needs what an asset teaches."""
    return tuple(
        Fact("rule", f"{required[step]} need {step.capability} {step.rank or ''}".rstrip(), (id_, step.capability))
        for step in sorted(steps, key=step_order)
    )


def _marquee(rows: list[SpendingRow]) -> list[SpendingRow]:
    """Return the dearest assets that together take half of the costs."""
    found, share = [], 0.0
    for row in rows:
        if share >= _HALF or not row.cost:
            break
        found.append(row)
        share += row.cost_share
    return found


def _neglected(graph: CapabilityGraph, offered: set[Step]) -> tuple[str, ...]:
    """Return the roles of whose steps the smallest share is taught, at most five; none whose steps are all taught.

    With a workforce these are roles that somebody holds: nobody is neglected in one that nobody has.
    """
    held = {link.target for person in graph.ids(Person) for link in graph.links(person, "holds")}
    steps: dict[str, list[Step]] = defaultdict(list)
    for need in needs(graph):
        for role in need.roles if not held else held.intersection(need.roles):
            steps[role].append(need.step)
    shares = {role: sum(step in offered for step in found) / len(found) for role, found in steps.items()}
    return tuple(sorted((role for role in shares if shares[role] < 1), key=lambda role: (shares[role], role))[:5])


def _notes(rows: list[SpendingRow]) -> tuple[str, ...]:
    """Return what a reader must know."""
    uncounted = sum(not row.learners for row in rows)
    return (
        (f"{uncounted} assets state no learners: what learners cost there, and the need that they meet, is left out.",)
        if uncounted
        else ()
    )
