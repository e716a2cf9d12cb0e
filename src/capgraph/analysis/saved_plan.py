"""SavedPlan: a learning path as it is kept and carried over: for whom, towards what, by which steps."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from capgraph.errors import DocumentError, Issue
from capgraph.model.base import Id, Model, Rank

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from capgraph.analysis.plan_report import LearningPath

_KIND = "learning_path"


class SavedGoal(Model):
    """Something that a plan is for."""

    subject: Id
    """The capability, or the asset."""
    level: Rank | None = None
    """The level aimed at; None for an asset, and where holding the capability is enough."""


class SavedTeaching(Model):
    """What a step adds to one capability."""

    capability: Id
    """The capability."""
    start: Rank | None = None
    """The rank held before; None for none."""
    end: Rank | None = None
    """The rank held afterwards; None where the capability has no scale."""


class SavedStep(Model):
    """One asset of a plan."""

    asset: Id
    """The asset."""
    teaches: tuple[SavedTeaching, ...] = ()
    """What the learner gains from it."""


class SavedPlan(Model):
    """A learning path without its arithmetic, which is made anew: `capgraph.learning_path` with ``keep=plan``.

    Examples
    --------
    >>> import datetime as dt
    >>> import capgraph as cg
    >>> path = cg.learning_path(cg.sample().graph(), "person:adaeze", as_of=dt.date(2026, 3, 1))
    >>> plan = SavedPlan.of(path)
    >>> plan.assets == tuple(row.asset for row in path) and SavedPlan.from_json(plan.to_json()) == plan
    True
    >>> SavedPlan.from_json(path.to_json()) == plan
    True
    """

    person: Id | None = None
    """The person whom the plan is for."""
    role: Id | None = None
    """The role aimed at."""
    goals: tuple[SavedGoal, ...] = ()
    """What the plan is for, as far as it was missing when it was made."""
    steps: tuple[SavedStep, ...] = ()
    """The assets, in their order."""

    @property
    def assets(self) -> tuple[str, ...]:
        """The assets in their order."""
        return tuple(step.asset for step in self.steps)

    @property
    def targets(self) -> tuple[tuple[str, int | None], ...]:
        """The goals as pairs of subject and level, for `capgraph.learning_path`."""
        return tuple((goal.subject, goal.level) for goal in self.goals)

    @classmethod
    def of(cls, path: LearningPath) -> SavedPlan:
        """Return what is kept of a learning path."""
        return cls._of_answer(path.summary(), path.rows())

    @classmethod
    def from_json(cls, text: str | bytes) -> SavedPlan:
        """Return the plan that JSON text states, as `to_json` writes it or as a learning path's own ``to_json()`` does.

        Raises
        ------
        DocumentError
            When the text is no JSON, states no plan, or a plan that contradicts its types; all problems are listed.
        """
        try:
            stated = json.loads(text)
        except ValueError as error:
            problem, stated = str(error), None
        else:
            problem = "it states no learning path"
        if isinstance(stated, dict) and stated.get("report") == _KIND:
            return cls._of_answer(stated.get("summary") or {}, stated.get("rows") or [])
        if not isinstance(stated, dict) or stated.get("plan") != _KIND:
            hint = "give what SavedPlan.to_json or LearningPath.to_json wrote"
            raise DocumentError([Issue("bad-plan", f"plan: {problem}", (), "", hint)], "plan")
        return cls.model_validate({name: value for name, value in stated.items() if name != "plan"})

    def to_json(self, *, indent: int | None = None) -> str:
        """Return the plan as JSON text."""
        return json.dumps({"plan": _KIND, **self.to_dict()}, ensure_ascii=False, indent=indent)

    @classmethod
    def _of_answer(cls, summary: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> SavedPlan:
        """Return what is kept of an answer."""
        steps = [{"asset": row.get("asset"), "teaches": row.get("teaches") or ()} for row in rows]
        return cls.model_validate(
            {
                "person": summary.get("person"),
                "role": summary.get("role"),
                "goals": tuple(summary.get("goals") or ()),
                "steps": steps,
            }
        )
