"""References: which fields of an entry lead to other entries, and entries with other references."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from capgraph.analysis.saved_plan import SavedGoal, SavedPlan, SavedStep, SavedTeaching
from capgraph.model import (
    Agenda,
    Alignment,
    Behavior,
    Capability,
    Catalog,
    Challenge,
    Condition,
    Crosswalk,
    Decision,
    Decisions,
    Document,
    Evidence,
    Framework,
    LearningAsset,
    Mapping,
    Measurement,
    Metric,
    Model,
    Node,
    Person,
    ProficiencyScale,
    Relation,
    Requirement,
    RoleProfile,
    Team,
    Workforce,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping as Renames

M = TypeVar("M", bound=Model)

REFERENCES: dict[type[Model], tuple[str, ...]] = {
    Framework: ("default_scale",),
    Catalog: (),
    Workforce: (),
    Agenda: (),
    Crosswalk: ("subject_source", "object_source"),
    Decisions: (),
    ProficiencyScale: (),
    Metric: (),
    Capability: ("broader", "related", "prerequisites", "replaced_by", "scale"),
    Behavior: ("capability", "replaced_by"),
    RoleProfile: ("broader", "related", "replaced_by", "requirements"),
    Requirement: ("capability", "scale"),
    Relation: ("subject", "object"),
    LearningAsset: ("replaced_by", "roles", "part_of", "alignments", "prerequisites", "corequisites"),
    Alignment: ("target", "scale"),
    Condition: ("asset", "capability", "all_of", "any_of", "of"),
    Person: ("roles", "target_roles", "teams", "manager"),
    Team: ("broader", "lead"),
    Evidence: ("person", "capability", "behavior", "asset", "corrects", "scale"),
    Challenge: ("behaviors", "metric", "scope", "assets", "replaced_by"),
    Measurement: ("metric", "scope"),
    Mapping: ("subject", "object"),
    Decision: ("subject", "object"),
    SavedPlan: ("person", "role", "goals", "steps"),
    SavedGoal: ("subject",),
    SavedTeaching: ("capability",),
    SavedStep: ("asset", "teaches"),
}
"""The fields that hold ids of other entries, or parts that hold some."""


def references(part: Model) -> Iterator[tuple[str, str]]:
    """Yield every id that a part names, with the field that names it."""
    for field in REFERENCES[type(part)]:
        value = getattr(part, field)
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, Model):
                yield from ((field, id_) for _, id_ in references(item))
            elif item is not None:
                yield field, item


def named_ids(document: Document) -> set[str]:
    """Return every id that a document holds or names, as written."""
    found = {id_ for _, id_ in references(document)}
    for table in document.tables:
        for member in getattr(document, table):
            found.update(id_ for _, id_ in references(member))
            if isinstance(member, Node):
                found.add(member.id)
    return found


def substituted(part: M, renames: Renames[str, str]) -> M:
    """Return a part with other ids in the place of those that it names, and as its own id.

    Raises
    ------
    DocumentError
        When two entries of the part become one, such as two requirements of one capability.
    """
    changes = {}
    own = renames.get(part.id) if isinstance(part, Node) else None
    if own is not None:
        changes["id"] = own
    for field in REFERENCES[type(part)]:
        value = getattr(part, field)
        swapped = _swapped(value, renames)
        if swapped is not value:
            changes[field] = swapped
    return part.replace(**changes) if changes else part


def own_fields(document: Document, renames: Renames[str, str]) -> dict[str, Any]:
    """Return the fields of a document besides its tables, with other ids in the place of those that they name."""
    named = REFERENCES[type(document)]
    fields = {name: value for name, value in document.__dict__.items() if name not in document.tables}
    return {name: _swapped(value, renames) if name in named else value for name, value in fields.items()}


def _swapped(value: Any, renames: Renames[str, str]) -> Any:  # noqa: ANN401 - an id, a part, or several of them
    """Return the value with other ids; the very same value where none of them is renamed."""
    if isinstance(value, tuple):
        items = tuple(_swapped(item, renames) for item in value)
        return items if any(new is not old for new, old in zip(items, value, strict=True)) else value
    if isinstance(value, Model):
        return substituted(value, renames)
    return renames.get(value, value)
