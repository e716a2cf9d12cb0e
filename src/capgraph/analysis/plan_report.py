"""LearningPath: a solved plan as a report."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from capgraph.analysis.plan_notes import notes
from capgraph.analysis.plan_reasons import OpenGoal, open_goals
from capgraph.analysis.plan_rows import PlanRow, RowWriter
from capgraph.analysis.plan_variants import Alternative, Origin, deviation, shares
from capgraph.model import FrozenMapping
from capgraph.report import Report, ReportRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from capgraph.analysis.plan_calendar import Calendar
    from capgraph.analysis.plan_goal import Brief
    from capgraph.analysis.plan_model import Atom
    from capgraph.table import Table

_SHOWN = 20


class Aim(NamedTuple):
    """Something that a plan is for."""

    subject: str
    """The capability or asset."""
    level: int | None
    """The level wanted; None for an asset, and where holding the capability is enough."""


@dataclass(frozen=True, kw_only=True, repr=False)
class LearningPath(Report[PlanRow]):
    """Which assets to take, in which order.

    Rows: in an order in which every condition holds before its asset starts; of what could come next, the first by id.
    """

    name: ClassVar[str] = "learning_path"
    row_type: ClassVar[type[ReportRow]] = PlanRow

    person: str | None
    """The person whom the plan is for."""
    role: str | None
    """The role aimed at."""
    goals: tuple[Aim, ...]
    """What is wanted and was missing when the plan was made, by subject and level."""
    hours: float
    """The hours of all assets together; those that state no duration count nothing (a note names them)."""
    cost: Decimal | None
    """The price of all assets together; None where none is stated, or they are priced in several currencies."""
    currency: str | None
    """The currency of the prices."""
    objective: float
    """What the plan costs in the unit of the objective."""
    bound: float
    """What no plan that reaches as much costs less than, in the unit of the objective."""
    optimal: bool
    """Whether the plan is proven best."""
    coverage: float
    """The share of what is missing, weighted by importance, that the plan reaches; 1 where nothing is missing."""
    complete: bool
    """Whether every goal is reached."""
    open: tuple[OpenGoal, ...]
    """What stays open, and why: gates first."""
    relax: tuple[str, ...]
    """The smallest set of limits without which everything would be reached that any limits admit."""
    mix: FrozenMapping[str, float]
    """The share of the hours that is practice (on the job, projects), social (coaching, mentoring) and formal."""
    mix_deviation: float | None
    """The share of the hours that lies elsewhere than the mix asked for; None where none was."""
    kept: tuple[str, ...]
    """The assets of the earlier plan that this one keeps, sorted."""
    dropped: tuple[str, ...]
    """The assets of the earlier plan that this one drops, sorted; what has been completed since is not among them."""
    origin: Origin = field(repr=False, compare=False)
    """How the plan came about."""

    def table(self, *, limit: int | None = None) -> Table:
        """Return the rows as text cells, and below them what stays open, and which limits are to blame."""
        shown = super().table(limit=limit)
        return replace(shown, notes=(*shown.notes, *self._remarks()))

    def _remarks(self) -> Iterator[str]:
        """Yield what is said below the rows besides the notes."""
        if self.mix_deviation is not None:
            ways = ", ".join(f"{way} {share:.0%}" for way, share in self.mix.items())
            yield f"the mix: {ways or 'no hours'}; {self.mix_deviation:.0%} of the hours lie elsewhere than wanted"
        if self.kept or self.dropped:
            yield f"of the earlier plan: {len(self.kept)} kept, {len(self.dropped)} dropped"
            yield from (f"dropped: {asset}" for asset in self.dropped)
        yield from (f"open: {goal}" for goal in self.open[:_SHOWN])
        if len(self.open) > _SHOWN:
            yield f"open: {len(self.open) - _SHOWN} more"
        if self.relax:
            yield f"without these limits more could be reached: {', '.join(self.relax)}"

    def alternatives(self, *, within: float = 0.1, time_limit: float = 30.0) -> tuple[Alternative, ...]:
        """Return the plans that do without one asset, reach the same and cost little more; the nearest first.

        Parameters
        ----------
        within : float
            The share by which the objective may be higher, >= 0.
        time_limit : float
            Seconds for all of them, > 0.

        Notes
        -----
        One plan for each asset that was not asked for; one that is not proven best in the time is left out.
        """
        return self.origin.alternatives(within=within, seconds=time_limit)


def told(
    origin: Origin, calendar: Calendar | None, relax: tuple[str, ...], mix: Mapping[str, float] | None
) -> LearningPath:
    """Return a solved plan as a report."""
    brief, solved, limits = origin.planner.brief, origin.solved, origin.limits
    rows = RowWriter(solved, brief, calendar).rows()
    ways = shares(rows)
    left = open_goals(solved, brief)
    problem, outcome = solved.problem, solved.outcome
    taken = [offer for block in outcome.arrangement.blocks for offer in block] if outcome.arrangement else []
    costs = [row.cost for row in rows if row.cost is not None]
    summable = limits.currency is not None
    return LearningPath(
        records=rows,
        notes=notes(solved, rows, limits, brief),
        person=brief.person,
        role=brief.role,
        goals=tuple(Aim(goal.subject, goal.level) for goal in brief.goals),
        hours=math.fsum(offer.minutes or 0.0 for offer in taken) / 60,
        cost=sum(costs, Decimal(0)) if costs and summable else None,
        currency=limits.currency,
        objective=math.fsum(map(problem.burden, taken)),
        bound=outcome.bound,
        optimal=outcome.optimal,
        coverage=_coverage(brief, outcome.arrangement.held if outcome.arrangement else brief.held),
        complete=not left,
        open=left,
        relax=relax,
        mix=FrozenMapping(ways),
        mix_deviation=None if mix is None else deviation(ways, mix),
        kept=tuple(sorted(row.asset for row in rows if row.asset in (limits.prior or ()))),
        dropped=tuple(sorted((limits.prior or frozenset()) - {row.asset for row in rows} - brief.held)),
        origin=origin,
    )


def _coverage(brief: Brief, held: frozenset[Atom]) -> float:
    """Return the share of what is missing, weighted by importance, that is held in the end."""
    total = math.fsum(goal.importance for goal in brief.goals)
    reached = math.fsum(
        goal.importance * sum(atom in held for atom in goal.missing) / max(1, len(goal.missing)) for goal in brief.goals
    )
    return reached / total if total else 1.0
