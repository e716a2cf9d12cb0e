"""Framework: capabilities, behaviors, scales, roles and their relations."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import model_validator

from capgraph.errors import Issue
from capgraph.model.base import Document, Extensions, Id, Label, Model, Provenance, Rank, by_id, sorted_by
from capgraph.model.capability import Behavior, Capability, ProficiencyScale
from capgraph.model.frozen import FrozenMapping
from capgraph.model.integrity import broader_cycles, dangling, duplicate_ids, duplicate_keys, refuse
from capgraph.model.role import Requirement, RoleProfile

if TYPE_CHECKING:
    from collections.abc import Iterator


class Relation(Model):
    """Any other relation that a publisher states between two entries."""

    subject: Id
    """Where it starts."""
    predicate: Label
    """Its name in the source, such as ``exemplar`` or an IRI."""
    object: Id
    """Where it leads; it may lie outside the framework."""
    provenance: tuple[Provenance, ...] = ()
    """Where the relation comes from."""
    extensions: Extensions = FrozenMapping()
    """What a source format holds and the model does not."""


def _relation_key(relation: Relation) -> tuple[str, str, str]:
    """Return what identifies a relation."""
    return relation.subject, relation.predicate, relation.object


class Framework(Document):
    """A skills taxonomy or capability framework.

    Raises
    ------
    DocumentError
        When an id stands for two members, a reference leads nowhere (unless `imports` names other documents), a
        hierarchy is a cycle, or a level is off its scale.  All problems are listed.

    Notes
    -----
    Checking is linear in the members and their references.

    Examples
    --------
    >>> Framework(
    ...     id="fw:mini",
    ...     capabilities=[
    ...         Capability(id="cap:data", label="Data"),
    ...         Capability(id="cap:sql", label="SQL", broader=["cap:data"]),
    ...     ],
    ... ).capabilities[1].broader
    ('cap:data',)
    """

    kind: ClassVar[str] = "framework"
    tables: ClassVar[tuple[str, ...]] = ("scales", "capabilities", "behaviors", "roles", "relations")

    default_scale: Id | None = None
    """The scale of the capabilities that name none."""
    scales: Annotated[tuple[ProficiencyScale, ...], by_id] = ()
    """The scales, by id."""
    capabilities: Annotated[tuple[Capability, ...], by_id] = ()
    """The capabilities, by id."""
    behaviors: Annotated[tuple[Behavior, ...], by_id] = ()
    """The behaviors, by id."""
    roles: Annotated[tuple[RoleProfile, ...], by_id] = ()
    """The roles, by id."""
    relations: Annotated[tuple[Relation, ...], sorted_by(_relation_key)] = ()
    """Other relations that the publisher states."""

    @model_validator(mode="after")
    def _is_consistent(self) -> Framework:
        """Refuse what contradicts itself."""
        members = [
            (table, member.id)
            for table in ("scales", "capabilities", "behaviors", "roles")
            for member in getattr(self, table)
        ]
        refuse(
            self,
            duplicate_ids(self, members),
            duplicate_keys(self.id, "relations", map(_relation_key, self.relations)),
            () if self.imports else _dangling(self),
            broader_cycles(self, self.capabilities),
            broader_cycles(self, self.roles),
            _off_scale(self),
        )
        return self


def _dangling(framework: Framework) -> Iterator[Issue]:
    """Yield every reference that leads to nothing in the framework."""
    scales, capabilities, behaviors, roles = (
        {framework.iri(member.id) for member in table}
        for table in (framework.scales, framework.capabilities, framework.behaviors, framework.roles)
    )
    check = partial(dangling, framework)
    default = [(framework.id, "default_scale", framework.default_scale)] if framework.default_scale else []
    named = [(item.id, "scale", item.scale) for item in framework.capabilities if item.scale]
    yield from check(scales, [*default, *named], "scale")
    yield from check(capabilities, _capability_references(framework), "capability")
    requirements = [(role, requirement) for role in framework.roles for requirement in role.requirements]
    yield from check(
        scales, ((role.id, "requirements", item.scale) for role, item in requirements if item.scale), "scale"
    )
    replaced = [(item.id, "replaced_by", target) for item in framework.behaviors for target in item.replaced_by]
    yield from check(behaviors, replaced, "behavior")
    fields = ("broader", "related", "replaced_by")
    yield from check(
        roles,
        ((role.id, field, to) for role in framework.roles for field in fields for to in getattr(role, field)),
        "role",
    )
    subjects = [(framework.id, "relations", relation.subject) for relation in framework.relations]
    yield from check(scales | capabilities | behaviors | roles, subjects, "entry")


def _capability_references(framework: Framework) -> Iterator[tuple[str, str, str]]:
    """Yield every reference to a capability as (owner, field, target)."""
    for item in framework.capabilities:
        for field in ("broader", "related", "prerequisites", "replaced_by"):
            for target in getattr(item, field):
                yield item.id, field, target
    for behavior in framework.behaviors:
        yield behavior.id, "capability", behavior.capability
    for role in framework.roles:
        for requirement in role.requirements:
            yield role.id, "requirements", requirement.capability


def _off_scale(framework: Framework) -> Iterator[Issue]:
    """Yield every level and value that is not on the scale of its capability."""
    scales = {framework.iri(scale.id): scale for scale in framework.scales}
    own = {framework.iri(item.id): item.scale or framework.default_scale for item in framework.capabilities}

    def scale_of(capability: str, stated: str | None) -> ProficiencyScale | None:
        """Return the scale of a level; None where another document holds it."""
        iri = framework.iri(capability)
        name = stated or own.get(iri)
        if name is not None:
            return scales.get(framework.iri(name))
        return _NO_SCALE if iri in own else None

    for item in framework.capabilities:
        for entry in item.levels:
            yield from _misfit(scale_of(item.id, None), entry.level, item.id, item.id)
    for behavior in framework.behaviors:
        yield from _misfit(scale_of(behavior.capability, None), behavior.level, behavior.id, behavior.capability)
    for role in framework.roles:
        for requirement in role.requirements:
            if requirement.level is None and requirement.value is None:
                continue
            scale = scale_of(requirement.capability, requirement.scale)
            yield from _requirement_misfits(scale, requirement, role.id)


_NO_SCALE = ProficiencyScale(id="capgraph:no-scale", label="none")


def _misfit(scale: ProficiencyScale | None, level: int | None, owner: str, capability: str) -> Iterator[Issue]:
    """Yield an issue where the level is not on the scale."""
    if level is None or scale is None or level in scale.ranks:
        return
    if scale is _NO_SCALE:
        text = f"{owner!r} states the level {level} of {capability!r}, which has no scale"
        hint = "name the scale in the capability, or a default_scale in the framework"
    else:
        text = f"{owner!r} states the level {level} of {capability!r}, which is off the scale {scale.id!r}"
        hint = f"its ranks are {', '.join(map(str, scale.ranks)) or 'none'}"
    yield Issue("scale-mismatch", text, (owner, capability), "level", hint)


def _requirement_misfits(scale: ProficiencyScale | None, requirement: Requirement, role: str) -> Iterator[Issue]:
    """Yield an issue for each level or value of a requirement that is not on the scale."""
    levels: tuple[Rank | None, ...] = (requirement.minimum, requirement.level, requirement.stretch)
    for level in levels:
        yield from _misfit(scale, level, role, requirement.capability)
    value = requirement.value
    if value is None or scale is None:
        return
    low, high = scale.minimum, scale.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        text = f"{role!r} requires the value {value:g} of {requirement.capability!r}, outside the scale {scale.id!r}"
        yield Issue("scale-mismatch", text, (role, requirement.capability), "value", f"it runs from {low} to {high}")
