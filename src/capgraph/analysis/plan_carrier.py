"""Learning plans carried over to a new version: goals and steps follow, and what no longer holds is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from capgraph.analysis.combining import combined
from capgraph.analysis.edits import key_of
from capgraph.model import Alignment, Requirement

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from capgraph.analysis.carrier import Carrier
    from capgraph.analysis.change import ChangeReport
    from capgraph.analysis.edits import Edit
    from capgraph.analysis.saved_plan import SavedGoal, SavedPlan, SavedStep
    from capgraph.analysis.spelling import Spelling
    from capgraph.model import Model

_GONE = "it was removed and nothing takes its place"


class PlanCarrier:
    """Carries plans over and counts what that does to them.

    Parameters
    ----------
    carrier : Carrier
        What carries single parts over.
    changes : ChangeReport
        What changed.
    spelling : Spelling
        How the plan writes ids.
    """

    def __init__(self, carrier: Carrier, changes: ChangeReport, spelling: Spelling) -> None:
        self._carrier = carrier
        self._spelling = spelling
        self._parts = {
            field: [edit for edit in changes.edits if edit.field == field] for field in ("requirements", "alignments")
        }
        removed = {way for id_ in changes.removed for way in spelling.ways(id_)}
        self._gone = {id_ for id_ in removed if (way := carrier.routes.get(id_)) and way.is_end}

    def carried(self, plan: SavedPlan) -> SavedPlan:
        """Return the plan as the new version has it."""
        role = self._reference("role", plan.role)
        goals = [(goal, self._goal(goal)) for goal in plan.goals]
        steps = [(step, self._step(step)) for step in plan.steps]
        for goal, found in goals:
            self._tell_stale_goal({plan.role, role}, goal, found)
        for step, kept in steps:
            self._tell_stale_step(step, kept)
        return plan.replace(
            person=self._reference("person", plan.person),
            role=role,
            goals=_joined(new for _, found in goals for new in found),
            steps=_joined(new for _, found in steps for new in found),
        )

    def _reference(self, field: str, id_: str | None) -> str | None:
        """Return whom or what the plan is for; None where it is gone."""
        if id_ in self._gone:
            self._carrier.tell("dropped", ("", "", field), id_, _GONE)
            return None
        return None if id_ is None else self._carrier.reference(field, id_)

    def _goal(self, goal: SavedGoal) -> list[Any]:
        """Return a goal carried over; nothing where what it is about is gone."""
        if goal.subject in self._gone:
            self._carrier.tell("dropped", ("goals", goal.subject, "subject"), goal.subject, _GONE)
            return []
        return list(self._carrier.carried("goals", goal))

    def _step(self, step: SavedStep) -> list[Any]:
        """Return a step carried over; nothing where its asset is gone, or everything that it taught."""
        place = ("steps", step.asset, "asset")
        if step.asset in self._gone:
            self._carrier.tell("dropped", place, step.asset, _GONE)
            return []
        lost = [item for item in step.teaches if item.capability in self._gone]
        for item in lost:
            self._carrier.tell("dropped", ("steps", step.asset, "teaches"), item.capability, _GONE)
        kept = step.replace(teaches=[item for item in step.teaches if item not in lost])
        found = list(self._carrier.carried("steps", kept))
        if step.teaches and not any(getattr(new, "teaches", ()) for new in found):
            self._carrier.tell("dropped", place, step.asset, "nothing is left of what it teaches")
            return []
        return found

    def _tell_stale_goal(self, roles: set[str | None], goal: SavedGoal, found: Sequence[SavedGoal]) -> None:
        """Tell where the role asks for something else than the goal now."""
        edits = self._edits("requirements", roles, {goal.subject, *(new.subject for new in found)})
        asked = [edit.after for edit in edits if isinstance(edit.after, Requirement)]
        place = ("goals", goal.subject, "level")
        if edits and found and not asked:
            self._carrier.tell("kept", place, goal.subject, "the role requires it no more; plan again")
        for requirement in asked:
            if requirement.level not in {new.level for new in found}:
                level = "" if requirement.level is None else f" at level {requirement.level}"
                self._carrier.tell("kept", place, goal.subject, f"the role requires it{level} now; plan again")

    def _tell_stale_step(self, step: SavedStep, found: Sequence[SavedStep]) -> None:
        """Tell where an asset teaches something else than the step says now."""
        assets: set[str | None] = {step.asset, *(new.asset for new in found)}
        for item in (item for new in found for item in new.teaches):
            edits = self._edits("alignments", assets, {item.capability})
            now = [edit.after for edit in edits if isinstance(edit.after, Alignment)]
            if edits and not any((one.level_from, one.level_to) == (item.start, item.end) for one in now):
                reason = "an alignment by which the asset teaches it changed; plan again"
                self._carrier.tell("kept", ("steps", step.asset, "teaches"), item.capability, reason)

    def _edits(self, field: str, owners: set[str | None], subjects: set[str]) -> list[Edit]:
        """Return the edits of the requirements or alignments of an entry that are about some capability."""
        found = []
        for edit in self._parts[field]:
            part: Any = edit.after if edit.before is None else edit.before
            about = part.capability if isinstance(part, Requirement) else part.target
            if {edit.id, *self._spelling.ways(edit.id)} & owners and {about, *self._spelling.ways(about)} & subjects:
                found.append(edit)
        return found


def _joined(parts: Iterable[Model]) -> tuple[Model, ...]:
    """Return parts in their order; those that became the same are one."""
    found: dict[tuple[object, ...], Model] = {}
    for part in parts:
        key = key_of(part)
        found[key] = combined(found[key], part) if key in found else part
    return tuple(found.values())
