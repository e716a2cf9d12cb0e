"""Rows about pairs of entries: the score, what is equal, what differs, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from capgraph.analysis.bands import Band, band
from capgraph.analysis.facets import sessions
from capgraph.analysis.verdicts import says_same
from capgraph.report import Fact, ReportRow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from capgraph.analysis.entries import Entry
    from capgraph.analysis.scoring import Judgement
    from capgraph.model import Decision


_SAID = {
    "same": "a description calls both the same course",
    "overlapping": "a description gives no credit for both",
}


@dataclass(frozen=True, kw_only=True)
class DuplicateRow(ReportRow):
    """A pair that may be the same content twice."""

    left: str
    """The id that sorts first."""
    left_title: str
    """Its title, label or statement."""
    right: str
    """The other id."""
    right_title: str
    """Its title, label or statement."""
    score: float
    """How alike they are, 0 to 1; 1 for a copy."""
    band: Band
    """``same``, ``probable`` (judge it) or ``possible`` (look at it)."""
    equal: tuple[str, ...]
    """What is the same on both sides."""
    differs: tuple[str, ...]
    """What differs: edition, part, level, audience, language, duration …"""

    def tone(self) -> str:
        """Return how the row is colored."""
        return {"same": "good", "probable": "fair", "possible": "open"}[self.band]


def duplicate_row(left: Entry, right: Entry, found: Judgement, decision: Decision | None) -> DuplicateRow:
    """Return the row of a pair from the verdicts of the rule and of people; one below all bands is called possible."""
    score = 1.0 if decision is not None and says_same(decision) else found.score
    return DuplicateRow(
        left=left.id,
        left_title=left.label,
        right=right.id,
        right_title=right.label,
        score=score,
        band=band(score) or "possible",
        equal=found.equal,
        differs=found.differs,
        because=tuple(_facts(left, right, found, decision)),
    )


def _facts(left: Entry, right: Entry, found: Judgement, decision: Decision | None) -> Iterator[Fact]:
    """Yield why a pair has its score."""
    ids = (left.id, right.id)
    if decision is not None:
        yield Fact("record", f"{decision.by} decided: {decision.verdict}", ids, decision)
    yield Fact("rule", f"titles agree by {found.title:.0%}", ids)
    if found.text is not None:
        yield Fact("rule", f"descriptions agree by {found.text:.0%}, rare words weighing more", ids)
    else:
        yield Fact("rule", "no description to compare on one side at least", ids)
    if found.said:
        yield Fact("rule", _SAID[found.said], ids)
    for name in found.differs:
        yield Fact("rule", f"{name} differs: {_told(left, name)} and {_told(right, name)}", ids)


def _told(entry: Entry, name: str) -> str:
    """Return what an entry says about a property, for a sentence."""
    title = entry.title
    stated: dict[str, object] = {
        "part": title.part,
        "number": title.numbers,
        "level": title.level,
        "audience": title.audience,
        "edition": title.edition,
        "format": title.format,
        "named language": title.language,
        "made for": entry.audience,
        "session": sessions(title.words),
        "course level": entry.codes,
        "duration": f"{entry.duration:g} minutes" if entry.duration else "",
    }
    value = stated.get(name, getattr(entry, name, ""))
    shown = ", ".join(value) if isinstance(value, tuple) else str(value)
    return shown or "not stated"
