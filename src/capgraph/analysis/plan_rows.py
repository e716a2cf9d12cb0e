"""The rows of a plan: each asset with its time, what it teaches, what it unlocks, and why it is there."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from capgraph.analysis.plan_calendar import Calendar, span
from capgraph.analysis.plan_model import Atom, Offer, atoms_of
from capgraph.analysis.plan_order import reachable
from capgraph.analysis.teaching import Step, Teaching
from capgraph.model import LearningAsset
from capgraph.report import Fact, ReportRow

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from decimal import Decimal

    from capgraph.analysis.plan_goal import Brief
    from capgraph.analysis.planner import Solved


@dataclass(frozen=True, slots=True)
class Taught:
    """The steps of one capability that somebody gains from an asset."""

    capability: str
    """The id of the capability."""
    start: int | None
    """The rank held before; None for none."""
    end: int | None
    """The rank held afterwards; None where the capability has no scale."""

    def __str__(self) -> str:
        if self.end is None:
            return self.capability
        return f"{self.capability} {'' if self.start is None else self.start}→{self.end}"


@dataclass(frozen=True, kw_only=True)
class PlanRow(ReportRow):
    """One asset of a plan."""

    step: int
    """The place in the order, from 1; assets that need each other beside them share it."""
    asset: str
    """The id of the asset."""
    title: str
    """Its title."""
    kind: str
    """What kind of learning it is."""
    start: float | dt.date
    """When it starts: hours from the start of the plan, or the day where a calendar is given."""
    end: float | dt.date
    """When it ends."""
    hours: float | None
    """How long it takes; None where the catalog does not say."""
    cost: Decimal | None
    """Its price; None where the catalog does not say."""
    teaches: tuple[Taught, ...]
    """What the learner gains from it, by capability."""
    unlocks: tuple[str, ...]
    """The assets of the plan that cannot start without it, sorted."""
    proposed: bool
    """Whether it rests on an alignment that nobody has accepted yet."""

    def tone(self) -> str:
        """Return how the row is colored."""
        return "fair" if self.proposed else ""


class RowWriter:
    """Writes the rows of one solved plan.

    Parameters
    ----------
    solved : Solved
        The plan.
    brief : Brief
        Who wants what.
    calendar : Calendar or None
        The learner's time; None to count hours.
    """

    def __init__(self, solved: Solved, brief: Brief, calendar: Calendar | None) -> None:
        self._solved = solved
        self._brief = brief
        self._calendar = calendar
        self._graph = solved.shelf.graph
        arrangement = solved.outcome.arrangement
        self._blocks = arrangement.blocks if arrangement else ()
        self._plan = [offer for block in self._blocks for offer in block]
        self._goals: dict[Atom, list[str]] = defaultdict(list)
        wished = brief.role or "the goal"
        for goal in brief.goals:
            level = "" if goal.level is None else f" at level {goal.level}"
            for atom in goal.missing:
                self._goals[atom].append(f"{wished} needs {goal.subject}{level} ({goal.necessity})")

    def rows(self) -> tuple[PlanRow, ...]:
        """Return the rows in order."""
        held = set(self._brief.held)
        written: list[PlanRow] = []
        clock = 0.0
        for step, block in enumerate(self._blocks, 1):
            minutes = math.fsum(offer.minutes or 0.0 for offer in block)
            times = span(clock / 60, (clock + minutes) / 60, self._calendar)
            gained = {offer.asset: self._gained(offer, held) for offer in block}
            written.extend(self._row(step, offer, times, gained[offer.asset]) for offer in block)
            clock += minutes
            held.update(offer.asset for offer in block)
            held.update(atom for found in gained.values() for teaching in found for atom in _steps(teaching))
        return tuple(written)

    def _row(
        self,
        step: int,
        offer: Offer,
        times: tuple[float | dt.date, float | dt.date],
        gained: list[Teaching],
    ) -> PlanRow:
        """Return the row of one asset."""
        node = self._graph[offer.asset]
        if not isinstance(node, LearningAsset):
            raise TypeError(offer.asset)
        return PlanRow(
            step=step,
            asset=offer.asset,
            title=node.title,
            kind=node.kind,
            start=times[0],
            end=times[1],
            hours=None if offer.minutes is None else offer.minutes / 60,
            cost=node.cost.amount if node.cost else None,
            teaches=tuple(sorted({_taught(teaching) for teaching in gained}, key=str)),
            unlocks=self._unlocked(offer),
            proposed=any(teaching.proposed for teaching in gained),
            because=tuple(self._reasons(offer, gained)),
        )

    def _gained(self, offer: Offer, held: set[Atom]) -> list[Teaching]:
        """Return the teachings of an asset from which somebody who holds this gains something."""
        stated = self._solved.shelf.taught.get(offer.asset, ())
        open_ = (one for one in stated if one.start is None or Step(one.capability, one.start) in held)
        return [one for one in open_ if any(step not in held for step in one.steps)]

    def _unlocked(self, offer: Offer) -> tuple[str, ...]:
        """Return the assets of the plan that cannot be reached without this one."""
        others = [other for other in self._plan if other.asset != offer.asset]
        state = reachable(others, self._brief.held)
        return tuple(sorted(other.asset for other in others if other.asset not in state))

    def _reasons(self, offer: Offer, gained: list[Teaching]) -> Iterator[Fact]:
        """Yield why an asset is in the plan."""
        if offer.asset in self._solved.problem.include:
            yield Fact("rule", f"{offer.asset} was asked for", (offer.asset,))
        for wish in self._goals.get(offer.asset, ()):
            yield Fact("rule", wish, (offer.asset,))
        for teaching in gained:
            told = f"{offer.asset} teaches {_taught(teaching)}" + (" (proposed)" if teaching.proposed else "")
            yield Fact.of_link(teaching.link, told)
            for wish in dict.fromkeys(wish for step in _steps(teaching) for wish in self._goals.get(step, ())):
                yield Fact("rule", wish, (teaching.capability,))
        for other in self._plan:
            used = {*atoms_of(other.entry), *atoms_of(other.beside)} & set(offer.yields())
            if used and other.asset != offer.asset:
                yield Fact("rule", f"{other.asset} asks for it", (other.asset, offer.asset))


def _steps(teaching: Teaching) -> tuple[Step, ...]:
    """Return the steps that a teaching yields, holding the capability at all included."""
    return (Step(teaching.capability, None), *teaching.steps)


def _taught(teaching: Teaching) -> Taught:
    """Return what a teaching leads from and to."""
    return Taught(teaching.capability, teaching.start, teaching.steps[-1].rank)
