"""Decisions: what people have decided about suggestions, so that nobody is asked twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import model_validator

from capgraph.model.base import Document, Extensions, Id, Label, Model, Rank, Text, Timestamp, sorted_by
from capgraph.model.frozen import FrozenMapping
from capgraph.model.integrity import duplicate_keys, refuse

if TYPE_CHECKING:
    import datetime as dt


class Decision(Model):
    """One human verdict about a pair of ids."""

    kind: Literal["alignment", "duplicate", "mapping", "merge", "rename"]
    """What was decided about."""
    subject: Id
    """The first of the pair: the asset, the left twin, the mapped entry, the one that goes, the old id."""
    object: Id
    """The second: the capability or behavior, the right twin, the entry mapped to, the one that stays, the new id."""
    verdict: Literal["accepted", "rejected", "same", "different"]
    """The verdict."""
    by: Label
    """Who decided: a function or a pseudonym."""
    at: Timestamp
    """When; a later decision about the same pair replaces an earlier one, about the same relation of an alignment."""
    relation: Text = ""
    """The relation or predicate that was decided about, where the kind has several; *teaches*, where an alignment
    names none.  An asset may teach and assess the same: each relation of an alignment is decided by itself."""
    level_from: Rank | None = None
    """The lower level that was decided, for an alignment."""
    level_to: Rank | None = None
    """The upper level that was decided, for an alignment."""
    label: Text = ""
    """The words of the source that the decision was about."""
    note: Text = ""
    """The reason, in words."""
    extensions: Extensions = FrozenMapping()
    """What a source format holds and the model does not."""


def _decision_key(decision: Decision) -> tuple[str, str, str, str, dt.datetime]:
    """Return what identifies a decision."""
    return decision.kind, decision.subject, decision.object, decision.relation, decision.at


class Decisions(Document):
    """Verdicts of people about suggestions; the ids may be held by other documents.

    Raises
    ------
    DocumentError
        When one pair was decided about twice at the same moment.
    """

    kind: ClassVar[str] = "decisions"
    tables: ClassVar[tuple[str, ...]] = ("decisions",)

    decisions: Annotated[tuple[Decision, ...], sorted_by(_decision_key)] = ()
    """The decisions, by kind, pair and time."""

    @model_validator(mode="after")
    def _is_consistent(self) -> Decisions:
        """Refuse two decisions of one moment about one pair."""
        refuse(self, duplicate_keys(self.id, "decisions", map(_decision_key, self.decisions)))
        return self
