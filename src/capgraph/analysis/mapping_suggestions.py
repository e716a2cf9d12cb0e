"""Suggested mappings: the rows of a suggested crosswalk, for people to decide on, and the document they become."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from capgraph.model import Crosswalk, Mapping
from capgraph.report import Report, ReportRow

if TYPE_CHECKING:
    import datetime as dt

    from capgraph.model.crosswalk import Predicate

_JUSTIFICATION = "semapv:CompositeMatching"
TOOL = "capgraph suggest_crosswalk"


@dataclass(frozen=True, kw_only=True)
class MappingSuggestion(ReportRow):
    """One entry that may stand for one of the other framework."""

    subject: str
    """The entry that is mapped."""
    predicate: Predicate
    """What the object is for the subject: the same, nearly the same, a broader or a narrower entry."""
    object: str
    """The entry that it may be mapped to."""
    subject_label: str
    """The label of the subject."""
    object_label: str
    """The label of the object."""
    score: float
    """How alike the two are, from 0 to 1."""
    confidence: float
    """The probability that a person would map them, from 0 to 1."""
    label: str = ""
    """The label of the object that has most words in common with the subject."""
    span: str = ""
    """The label of the subject that it has them in common with."""
    state: Literal["proposed", "accepted"] = "proposed"
    """``accepted`` where a decision says so."""
    reviewer: str = ""
    """Who accepted it."""
    reviewed: dt.date | None = None
    """The day on which it was accepted, in UTC."""

    def tone(self) -> str:
        """Return the color of how sure it is."""
        if self.state == "accepted" or self.predicate == "exact":
            return "good"
        return "fair" if self.confidence >= 0.5 else "open"  # noqa: PLR2004 - more likely right than wrong


@dataclass(frozen=True, kw_only=True, repr=False)
class CrosswalkReport(Report[MappingSuggestion]):
    """Suggested mappings, by subject and falling score, and the subjects without any."""

    name: ClassVar[str] = "crosswalk"
    row_type: ClassVar[type[ReportRow]] = MappingSuggestion

    subject_source: str
    """The framework of the subjects."""
    object_source: str
    """The framework of the objects."""
    abstained: tuple[str, ...] = ()
    """The subjects for which nothing was sure enough, sorted."""
    rejected: int = 0
    """How many suggestions were left out since people have rejected them."""

    def to_crosswalk(self, id: str) -> Crosswalk:
        """Return the suggestions as a document, which the format ``sssom`` writes; accepted ones name their reviewer.

        Parameters
        ----------
        id : str
            The id of the document.
        """
        mappings = tuple(
            Mapping(
                subject=row.subject,
                predicate=row.predicate,
                object=row.object,
                confidence=row.confidence,
                justification=_JUSTIFICATION,
                subject_label=row.subject_label,
                object_label=row.object_label,
                reviewer=row.reviewer,
                date=row.reviewed,
                tool=TOOL,
            )
            for row in self.records
        )
        return Crosswalk(id=id, subject_source=self.subject_source, object_source=self.object_source, mappings=mappings)
