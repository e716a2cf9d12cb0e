"""Combining: two parts that became one when their targets were merged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capgraph.analysis.saved_plan import SavedStep
from capgraph.model import Alignment, Decision, Requirement

if TYPE_CHECKING:
    from capgraph.model import Model

_NECESSITY = ("optional", "essential", "mandatory")
_STATES = ("rejected", "proposed", "accepted")


def combined(one: Model, other: Model) -> Model:
    """Return one part for two with the same key: the more demanding requirement, the surer alignment, else the first.

    A requirement takes the stronger necessity, the higher levels and the larger importance of both.  Of two alignments
    the accepted one stays, then the more confident; of two decisions of one moment, the one that accepts.  A step of a
    plan teaches what both do.
    """
    if isinstance(one, Requirement) and isinstance(other, Requirement):
        return _requirement(one, other)
    if isinstance(one, Alignment) and isinstance(other, Alignment):
        return max(one, other, key=lambda item: (_STATES.index(item.state), item.confidence or 0.0))
    if isinstance(one, Decision) and isinstance(other, Decision):
        return max(one, other, key=lambda item: item.verdict in {"accepted", "same"})
    if isinstance(one, SavedStep) and isinstance(other, SavedStep):
        return one.replace(teaches=tuple(dict.fromkeys((*one.teaches, *other.teaches))))
    return one


def _requirement(one: Requirement, other: Requirement) -> Requirement:
    """Return the more demanding of two requirements, field by field."""
    importance = [item.importance for item in (one, other) if item.importance is not None]
    level = _highest(one.level, other.level)
    return one.replace(
        necessity=max(one.necessity, other.necessity, key=_NECESSITY.index),
        level=level,
        minimum=_highest(one.minimum, other.minimum),
        stretch=_highest(_highest(one.stretch, other.stretch), level) if one.stretch or other.stretch else None,
        value=max((item.value for item in (one, other) if item.value is not None), default=None),
        importance=max(importance, default=None),
        note="; ".join(dict.fromkeys(note for note in (one.note, other.note) if note)),
    )


def _highest(one: int | None, other: int | None) -> int | None:
    """Return the higher of two levels; one that is not stated is lower than any."""
    return max((level for level in (one, other) if level is not None), default=None)
