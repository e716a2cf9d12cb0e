"""Suggestions: the rows of what may link a text with a framework, for people to decide on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from capgraph.errors import ArgumentError
from capgraph.report import Report, ReportRow

if TYPE_CHECKING:
    from collections.abc import Collection

ReviewState = Literal["proposed", "accepted"]
SURE, LIKELY = 0.8, 0.5


def checked_limits(min_confidence: float, limit: int | None) -> None:
    """Refuse a least confidence that is no share, and a limit below one.

    Raises
    ------
    ValueError
        When either is.
    """
    if not 0 <= min_confidence <= 1:
        message = f"min_confidence {min_confidence!r} is no share; give a number from 0 to 1"
        raise ArgumentError(message)
    if limit is not None and limit < 1:
        message = f"limit {limit!r} leaves no rows; give a whole number from 1 on"
        raise ArgumentError(message)


def checked_choice(name: str, given: str, known: Collection[str]) -> None:
    """Refuse a word that is none of those known.

    Raises
    ------
    ValueError
        When it is none of them.
    """
    if given not in known:
        message = f"{name} {given!r} is not known; give one of {', '.join(known)}"
        raise ArgumentError(message)


@dataclass(frozen=True, kw_only=True)
class Suggestion(ReportRow):
    """One capability that a text may be about."""

    asset: str
    """The asset, or ``text`` for a text without one."""
    title: str = ""
    """Its title."""
    capability: str
    """The capability; where behaviors are looked for, the one that the behavior shows."""
    capability_label: str
    """Its preferred label."""
    behavior: str = ""
    """The behavior, where behaviors are looked for."""
    relation: str = "teaches"
    """``teaches``, or ``requires`` where the text speaks of what learners must bring."""
    level: int | None = None
    """The level that the text states, else the title, as a rank of the capability's scale; None where neither does."""
    score: float = 0.0
    """How well it fits, from 0 to 1; it orders, but is no probability."""
    confidence: float = 0.0
    """The probability that a person would agree, from 0 to 1."""
    label: str = ""
    """The label that matched."""
    span: str = ""
    """The stretch of text that is the evidence."""
    state: ReviewState = "proposed"
    """``accepted`` where a decision says so, else ``proposed``."""
    ambiguous_with: tuple[str, ...] = ()
    """Other ids that the same words name just as well."""

    @property
    def target(self) -> str:
        """The id that an alignment would have as its target."""
        return self.behavior or self.capability

    def tone(self) -> str:
        """Return the color of how sure it is."""
        if self.state == "accepted" or self.confidence >= SURE:
            return "good"
        return "fair" if self.confidence >= LIKELY else "open"


@dataclass(frozen=True, kw_only=True, repr=False)
class SuggestionReport(Report[Suggestion]):
    """Suggested links, by text and falling score, and the texts for which nothing fits."""

    name: ClassVar[str] = "suggestions"
    row_type: ClassVar[type[ReportRow]] = Suggestion

    abstained: tuple[str, ...] = ()
    """The assets for which nothing was sure enough, sorted; for a text, its sentences in their order."""
    rejected: int = 0
    """How many suggestions were left out since people have rejected them."""
