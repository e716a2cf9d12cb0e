"""Roles and what they require."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import model_validator

from capgraph.errors import DocumentError, Issue
from capgraph.model.base import (
    Described,
    Extensions,
    Id,
    Ids,
    Label,
    Labels,
    Model,
    Number,
    Provenance,
    Rank,
    Share,
    Text,
    sorted_by,
)
from capgraph.model.frozen import FrozenMapping
from capgraph.model.integrity import duplicate_keys

Necessity = Literal["mandatory", "essential", "optional"]


class Requirement(Model):
    """What a role needs of one capability; everything but the capability may be left open."""

    capability: Id
    """The capability required."""
    level: Rank | None = None
    """The level required, as a rank; None where holding the capability is enough."""
    minimum: Rank | None = None
    """The level from which somebody may start in the role; at most `level`."""
    stretch: Rank | None = None
    """The level that is worth aiming at beyond the required one; at least `level`."""
    value: float | None = None
    """The value required on an interval scale, such as an O*NET level."""
    necessity: Necessity = "essential"
    """*mandatory* is a gate that nothing compensates; *optional* is welcome."""
    importance: Number | None = None
    """The weight among the role's requirements, not negative; None counts as 1."""
    confidence: Share | None = None
    """How sure the source is of this requirement, from 0 to 1."""
    scale: Id | None = None
    """The scale of the levels here, where it is not the capability's own."""
    note: Text = ""
    """What the source adds in words."""
    provenance: tuple[Provenance, ...] = ()
    """Where the requirement comes from."""
    extensions: Extensions = FrozenMapping()
    """What a source format holds and the model does not."""

    @model_validator(mode="after")
    def _is_ordered(self) -> Requirement:
        """Refuse bounds without a level, and bounds on the wrong side of it."""
        if self.minimum is None and self.stretch is None:
            return self
        name = self.capability
        if self.level is None:
            text = f"requirement of {name!r} has a minimum or a stretch, but no level"
        elif self.minimum is not None and self.minimum > self.level:
            text = f"requirement of {name!r} has the minimum {self.minimum} above its level {self.level}"
        elif self.stretch is not None and self.stretch < self.level:
            text = f"requirement of {name!r} has the stretch {self.stretch} below its level {self.level}"
        else:
            return self
        raise DocumentError([Issue("requirement-order", text, (name,), "level", "state minimum <= level <= stretch")])


class RoleProfile(Described):
    """A role, a family of roles, or one level of a role, with what it requires."""

    label: Label
    """The preferred title."""
    kind: Literal["family", "role", "level"] = "role"
    """Whether it groups roles, is one, or is one level of one."""
    description: Text = ""
    """What people in the role do."""
    alternative_labels: Labels = ()
    """Other titles for it."""
    broader: Ids = ()
    """The roles whose requirements it inherits."""
    related: Ids = ()
    """Roles that the source calls related."""
    requirements: Annotated[tuple[Requirement, ...], sorted_by(lambda requirement: requirement.capability)] = ()
    """What it requires itself, by capability; one entry a capability replaces what is inherited for it."""

    @model_validator(mode="after")
    def _requires_each_once(self) -> RoleProfile:
        """Refuse two requirements of one capability."""
        keys = (requirement.capability for requirement in self.requirements)
        issues = list(duplicate_keys(self.id, "requirements", keys))
        if issues:
            raise DocumentError.of(issues, "RoleProfile")
        return self
