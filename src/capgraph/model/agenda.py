"""Agenda: the business problems that learning is asked to solve, and how we know whether it did."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import model_validator

from capgraph.model.base import Count, Described, Document, Id, Ids, Label, Model, Node, Text, by_id
from capgraph.model.integrity import dangling, duplicate_ids, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from capgraph.errors import Issue

Cause = Literal["knowledge", "skill", "motivation", "process", "tools", "expectations"]
"""What a diagnosis found; only the first two are remedied by learning."""


class Finding(Model):
    """One question of a diagnosis and its answer."""

    question: Label
    """The question, such as ``Could they do it if they had to?``."""
    answer: Text
    """What was found."""
    note: Text = ""
    """Who said so, or how it was seen."""


class Challenge(Described):
    """A business problem that learning is asked to solve."""

    statement: Label
    """The problem in one sentence."""
    cause: Cause | None = None
    """What the diagnosis found; None while nobody has looked."""
    behaviors: Ids = ()
    """The behaviors that would have to change."""
    metric: Id | None = None
    """The figure by which the business sees the problem."""
    scope: Ids = ()
    """The teams, roles and people concerned; none for everybody."""
    assets: Ids = ()
    """The learning assets that were commissioned for it."""
    owner: Text = ""
    """The function that owns the problem."""
    raised: dt.date | None = None
    """The day on which it was raised."""
    diagnosis: tuple[Finding, ...] = ()
    """The questions asked and what was found, in order."""


class Metric(Node):
    """A figure that the business watches."""

    label: Label
    """What it counts."""
    unit: Text = ""
    """The unit, such as ``%`` or ``days``."""
    better: Literal["higher", "lower"] = "higher"
    """Which direction is an improvement."""
    baseline: float | None = None
    """The value when the problem was raised."""
    target: float | None = None
    """The value aimed at."""


class Measurement(Node):
    """One reading of a metric."""

    metric: Id
    """The metric."""
    date: dt.date
    """The day of the reading."""
    value: float
    """The value read."""
    scope: Ids = ()
    """The teams, roles and people that it covers; none for everybody."""
    size: Count | None = None
    """How many people are behind it."""
    source: Text = ""
    """The system or report that it comes from."""


class Agenda(Document):
    """Challenges, metrics and measurements.

    Behaviors, assets and scopes may be held by other documents.

    Raises
    ------
    DocumentError
        When an id stands for two members, or a metric is missing (unless `imports` names other documents).  All
        problems are listed.
    """

    kind: ClassVar[str] = "agenda"
    tables: ClassVar[tuple[str, ...]] = ("challenges", "metrics", "measurements")

    challenges: Annotated[tuple[Challenge, ...], by_id] = ()
    """The challenges, by id."""
    metrics: Annotated[tuple[Metric, ...], by_id] = ()
    """The metrics, by id."""
    measurements: Annotated[tuple[Measurement, ...], by_id] = ()
    """The measurements, by id."""

    @model_validator(mode="after")
    def _is_consistent(self) -> Agenda:
        """Refuse what contradicts itself."""
        members = [(table, member.id) for table in self.tables for member in getattr(self, table)]
        refuse(self, duplicate_ids(self, members), () if self.imports else _dangling(self))
        return self


def _dangling(agenda: Agenda) -> Iterator[Issue]:
    """Yield every reference to a metric or a successor that is not there."""
    metrics = {agenda.iri(metric.id) for metric in agenda.metrics}
    named = [(item.id, "metric", item.metric) for item in agenda.challenges if item.metric]
    read = [(item.id, "metric", item.metric) for item in agenda.measurements]
    yield from dangling(agenda, metrics, [*named, *read], "metric")
    challenges = {agenda.iri(challenge.id) for challenge in agenda.challenges}
    replaced = ((item.id, "replaced_by", target) for item in agenda.challenges for target in item.replaced_by)
    yield from dangling(agenda, challenges, replaced, "challenge")
