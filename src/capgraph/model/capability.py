"""Capabilities, the behaviors that show them, and the scales on which they are rated."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import model_validator

from capgraph.errors import DocumentError, Issue
from capgraph.model.base import Described, Id, Ids, Label, Labels, Model, Node, Rank, Text, Translations, sorted_by

CapabilityKind = Literal["domain", "competency", "skill", "knowledge", "attitude", "task"]
ZeroMeans = Literal["not_needed", "no_knowledge", "not_assessed"]


class ProficiencyLevel(Model):
    """One level of a scale."""

    rank: Rank
    """The place on the scale; a higher rank is a higher level."""
    label: Label
    """The name shown to people, such as ``Practitioner``."""
    description: Text = ""
    """What the level means for any capability."""
    translations: Translations = ()
    """The texts in other languages."""


class ProficiencyScale(Node):
    """Ordered levels on which capabilities are rated."""

    label: Label
    """The name of the scale."""
    kind: Literal["ordinal", "interval"] = "ordinal"
    """Whether only the order of levels has a meaning, or their distances too."""
    levels: Annotated[tuple[ProficiencyLevel, ...], sorted_by(lambda level: level.rank)] = ()
    """The levels, from the lowest rank to the highest."""
    minimum: float | None = None
    """The lowest value of an interval scale."""
    maximum: float | None = None
    """The highest value of an interval scale."""
    zero_means: ZeroMeans | None = None
    """What a 0 says in a matrix that uses the scale; without it a 0 off the scale is refused."""

    @model_validator(mode="after")
    def _has_distinct_ranks(self) -> ProficiencyScale:
        """Refuse two levels of one rank, and a minimum above the maximum."""
        ranks = [level.rank for level in self.levels]
        issues = [
            Issue(
                "duplicate-id", f"{self.id!r} has two levels of rank {rank}", (self.id,), "levels", "give each its own"
            )
            for rank in sorted({rank for rank in ranks if ranks.count(rank) > 1})
        ]
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            text = f"{self.id!r} has the minimum {self.minimum:g} above its maximum {self.maximum:g}"
            issues.append(Issue("scale-mismatch", text, (self.id,), "minimum", "swap them"))
        if issues:
            raise DocumentError.of(issues, "ProficiencyScale")
        return self

    @property
    def ranks(self) -> tuple[int, ...]:
        """The ranks of the levels, lowest first."""
        return tuple(level.rank for level in self.levels)


class CapabilityLevel(Model):
    """What one level of one capability means."""

    level: Rank
    """The rank on the capability's scale."""
    description: Text
    """The descriptor of this capability at this level."""
    translations: Translations = ()
    """The descriptor in other languages."""


class Capability(Described):
    """One node of a framework: a domain, competency, skill, knowledge, attitude or task."""

    label: Label
    """The preferred label."""
    kind: CapabilityKind = "skill"
    """What kind of capability it is."""
    description: Text = ""
    """What the capability is about."""
    alternative_labels: Labels = ()
    """Other labels that people use for it."""
    hidden_labels: Labels = ()
    """Labels for search alone, such as common misspellings."""
    broader: Ids = ()
    """The capabilities that this one is a part or a kind of; several are normal."""
    related: Ids = ()
    """Capabilities that go with this one; stated on either side."""
    prerequisites: Ids = ()
    """Capabilities to have before this one."""
    scale: Id | None = None
    """The scale on which it is rated; None for the framework's default scale."""
    levels: Annotated[tuple[CapabilityLevel, ...], sorted_by(lambda level: level.level)] = ()
    """The descriptors of its levels, from the lowest; a level without one is left out."""


class Behavior(Described):
    """Something observable that shows one level of one capability."""

    capability: Id
    """The capability that it shows."""
    level: Rank | None = None
    """The level that it shows, as a rank on the capability's scale; None where the source states none."""
    statement: Label
    """What one can see somebody do, beginning with a verb."""
