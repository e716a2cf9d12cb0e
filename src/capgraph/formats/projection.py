"""What of a document a format carries: the fields by part, as data, and the document cut down to them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeVar

from capgraph.model import (
    Alignment,
    Behavior,
    Capability,
    CapabilityLevel,
    Challenge,
    Decision,
    Document,
    Evidence,
    Finding,
    LearningAsset,
    Measurement,
    Metric,
    Model,
    Person,
    ProficiencyLevel,
    ProficiencyScale,
    Relation,
    Requirement,
    RoleProfile,
    Team,
)
from capgraph.model import (
    Mapping as CrosswalkMapping,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from capgraph.formats.conversion import Ledger

D = TypeVar("D", bound=Model)

Carries = Mapping[str, frozenset[str]]
"""The fields that a format holds, by part; a part that is missing is not held at all."""

EVERYTHING: Final = frozenset({"*"})
"""All fields of a part."""

PARTS: dict[type[Model], str] = {
    ProficiencyScale: "scale",
    ProficiencyLevel: "level",
    Capability: "capability",
    CapabilityLevel: "descriptor",
    Behavior: "behavior",
    RoleProfile: "role",
    Requirement: "requirement",
    Relation: "relation",
    LearningAsset: "asset",
    Alignment: "alignment",
    Person: "person",
    Team: "team",
    Evidence: "evidence",
    Challenge: "challenge",
    Finding: "finding",
    Metric: "metric",
    Measurement: "measurement",
    CrosswalkMapping: "mapping",
    Decision: "decision",
}
"""The word for each part that has a row of its own in `Format.carries`."""


def part_of(value: Model) -> str:
    """Return the word for a document or a part of one."""
    return value.kind if isinstance(value, Document) else PARTS[type(value)]


def kept(document: D, carries: Carries, ledger: Ledger) -> D:
    """Return the document with the fields that a format carries; the others take their defaults.

    Every value lost is noted as dropped, with the id of what it belonged to.

    Parameters
    ----------
    document : Document
        The document.
    carries : mapping
        What the format holds; ``{"*": EVERYTHING}`` leaves the document as it is.
    ledger : Ledger
        Where the losses are noted.

    Notes
    -----
    Linear in the document.
    """
    if "*" in carries:
        return document
    return _cut(document, carries, ledger, "")


def place_of(part: Model) -> str:
    """Return the id by which a report names a part: its own, else that of its subject, else an empty text."""
    return str(getattr(part, "id", "") or getattr(part, "subject", ""))


def _cut(value: D, carries: Carries, ledger: Ledger, place: str) -> D:
    """Return a part with the fields that the format carries."""
    part = part_of(value)
    held = carries.get(part, frozenset())
    own = place or place_of(value)
    changes: dict[str, Any] = {}
    for name, current, default in _stated(value):
        if "*" not in held and name not in held:
            ledger.note("dropped", f"{part}.{name}", place=own, count=_size(current))
            changes[name] = default
        elif isinstance(current, tuple) and current and type(current[0]) in PARTS:
            inner = tuple(_cut(item, carries, ledger, place_of(item) or own) for item in current)
            if any(new is not old for new, old in zip(inner, current, strict=True)):
                changes[name] = inner
    return value.model_copy(update=changes) if changes else value


def _stated(value: Model) -> Iterator[tuple[str, Any, object]]:
    """Yield each field that differs from its default, with its value and the default."""
    for name, default in _defaults(type(value)).items():
        current = getattr(value, name)
        if current != default:
            yield name, current, default


def _size(value: object) -> int:
    """Return how many things a field holds."""
    return len(value) if isinstance(value, tuple | Mapping) else 1


@cache
def _defaults(kind: type[Model]) -> dict[str, object]:
    """Return the fields of a model that may be left out, with their defaults."""
    fields = kind.model_fields.items()
    return {name: field.get_default(call_default_factory=True) for name, field in fields if not field.is_required()}
