"""From findings to suggestions: decisions respected, levels and relations read from the text, reasons given."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from capgraph.analysis.compared import spelling
from capgraph.analysis.decided import Decided, decision_documents, successors
from capgraph.analysis.gathering import findings
from capgraph.analysis.matcher import Matcher
from capgraph.analysis.stated_levels import SHARES, ranked, stated_level
from capgraph.analysis.suggestions import Suggestion, checked_limits
from capgraph.analysis.titles import parse_title
from capgraph.model import Behavior
from capgraph.report import Fact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from capgraph.analysis.calibration import Calibration
    from capgraph.analysis.embedding import Embedding
    from capgraph.analysis.gathering import Finding
    from capgraph.analysis.segments import Segment
    from capgraph.model import Catalog, Decision, Decisions, Framework

_SPAN = 160


class Limits(NamedTuple):
    """What an answer leaves out, and how sure its rows are."""

    min_confidence: float
    """The least confidence of a row."""
    limit: int | None
    """The most proposed rows of one text."""
    calibration: Calibration | None
    """How scores become confidence; None for what comes with the library."""


class Tagging:
    """One question about texts: the index, the decisions and the limits of the answer."""

    def __init__(
        self,
        framework: Framework | Matcher,
        limits: Limits,
        *,
        of: str,
        embed: Embedding | str | None,
        decisions: Decisions | Iterable[Decisions] | None,
        catalog: Catalog | None = None,
    ) -> None:
        checked_limits(limits.min_confidence, limits.limit)
        documents = decision_documents(decisions)
        self.source = framework.framework if isinstance(framework, Matcher) else framework
        spelled, subject_spelled = (spelling(one) if documents and one else None for one in (self.source, catalog))
        if isinstance(framework, Matcher):
            self.matcher = framework
        else:
            taught = Decided(documents, spelled=spelled, successors=successors(framework)).taught()
            self.matcher = Matcher(framework, of=of, embed=embed, taught=taught)
        moved = self.matcher.successors if documents else None
        self.decided = Decided(documents, spelled=spelled, subject_spelled=subject_spelled, successors=moved)
        self._places = self.matcher.places
        self._accepted = self.decided.accepted()
        self._limits = limits
        self.rejected = 0

    def found(self, texts: Sequence[Sequence[Segment]]) -> Iterator[list[Finding]]:
        """Yield the findings of each text."""
        return findings(texts, self.matcher, calibration=self._limits.calibration)

    def rows(self, subject: str, found: Sequence[Finding], *, title: str = "", relation: str = "") -> list[Suggestion]:
        """Return the suggestions for one text: accepted ones, and those that are sure enough.

        Rivals pass the least confidence together: that one of them is meant may be sure where none of them is.

        Parameters
        ----------
        subject : str
            The id of the text.
        found : sequence of Finding
            What it is about.
        title : str
            Its title, which the rows show, and for the level that it names.
        relation : str
            The relation of all rows; empty for what each segment says.
        """
        accepted = self._accepted.get(subject, {})
        rows: list[Suggestion] = []
        seen: set[str] = set()
        for stated in found:
            id_ = self.matcher.entries[stated.entry].id
            finding = stated._replace(rivals=tuple(one for one in stated.rivals if self._is_open_rival(subject, one)))
            decisions = accepted.get(id_, ())
            if not decisions and finding.confidence < self._limits.min_confidence:
                continue
            if self.decided.is_rejected(subject, id_):
                self.rejected += 1
                continue
            seen.add(id_)
            share = _named_level(title)
            rows.extend(self._row(subject, finding, one, relation, share) for one in decisions or (None,))
        kept = [row for row in rows if row.state == "accepted"]
        proposed = [row for row in rows if row.state == "proposed"][: self._limits.limit]
        left = {id_: decisions for id_, decisions in accepted.items() if self._is_open(id_, seen)}
        unseen = [self._remembered(subject, id_, one) for id_, decisions in left.items() for one in decisions]
        ordered = sorted([*kept, *proposed, *unseen], key=lambda row: (-row.score, row.target, row.relation))
        return [replace(row, title=title) for row in ordered]

    def _is_open_rival(self, subject: str, place: int) -> bool:
        """Return whether the words of a text may still mean an entry: people have not said that they do not."""
        return not self.decided.is_rejected(subject, self.matcher.entries[place].id)

    def _is_open(self, id_: str, seen: set[str]) -> bool:
        """Return whether an accepted link is to an entry of the framework that the text does not speak of."""
        return id_ in self._places and id_ not in seen

    def _row(
        self, subject: str, finding: Finding, decision: Decision | None, relation: str, share: float | None
    ) -> Suggestion:
        """Return the suggestion for a finding."""
        entry = self.matcher.entries[finding.entry]
        confidence = finding.shared_confidence if decision is None else 1.0
        related = (decision.relation if decision else "") or relation or finding.segment.relation
        level = self._level(finding, share if related == "teaches" else None)
        return Suggestion(
            asset=subject,
            capability=self._capability(finding.entry),
            capability_label=entry.label,
            behavior=self._behavior(finding.entry),
            relation=related,
            level=decision.level_to if decision is not None and decision.level_to is not None else level,
            score=round(finding.signals.score / (1 + finding.signals.score), 4),
            confidence=round(confidence, 4),
            label=finding.match.label,
            span=" ".join(finding.span.split())[:_SPAN],
            state="accepted" if decision else "proposed",
            ambiguous_with=tuple(self.matcher.entries[rival].id for rival in finding.rivals),
            because=tuple(self._reasons(entry.id, finding, decision)),
        )

    def _remembered(self, subject: str, id_: str, decision: Decision) -> Suggestion:
        """Return the row of an accepted link that the text itself does not speak of."""
        return Suggestion(
            asset=subject,
            capability=self._capability(self._places[id_]),
            capability_label=self.matcher.entries[self._places[id_]].label,
            behavior=self._behavior(self._places[id_]),
            relation=decision.relation or "teaches",
            level=decision.level_to,
            confidence=1.0,
            label=decision.label,
            state="accepted",
            because=(_decided_fact(decision),),
        )

    def _capability(self, place: int) -> str:
        """Return the capability of an entry: itself, or the one that a behavior shows."""
        source = self.matcher.entries[place].source
        return source.capability if isinstance(source, Behavior) else source.id

    def _behavior(self, place: int) -> str:
        """Return the id of an entry that is a behavior, or nothing."""
        source = self.matcher.entries[place].source
        return source.id if isinstance(source, Behavior) else ""

    def _level(self, finding: Finding, share: float | None) -> int | None:
        """Return the rank that the text states, else the one that the title's word means; a behavior has its own."""
        source = self.matcher.entries[finding.entry].source
        if isinstance(source, Behavior):
            return source.level
        scale = source.scale or self.source.default_scale
        levels = next((one.levels for one in self.source.scales if one.id == scale), ())
        stated = stated_level(finding.segment.text, finding.match.span.start, levels)
        return stated if stated is not None or share is None else ranked(share, levels)

    def _reasons(self, id_: str, finding: Finding, decision: Decision | None) -> Iterator[Fact]:
        """Yield why a row is there."""
        match = finding.match
        if match.kind == "meaning":
            yield Fact("rule", f"the meaning is near: likeness {match.likeness:.2f}", (id_,))
        else:
            text = f"{match.kind} label {match.label!r}: {match.coverage:.0%} of its words, by rarity, are in the text"
            yield Fact("rule", text, (id_,))
        yield Fact("record", finding.segment.text, (id_,))
        for rival in finding.rivals:
            other = self.matcher.entries[rival]
            text = f"the same words name {other.id!r} ({other.label}) just as well; a person must tell which is meant"
            yield Fact("rule", text, (id_, other.id))
        if decision is not None:
            yield _decided_fact(decision)


def _decided_fact(decision: Decision) -> Fact:
    """Return the fact that people have accepted a link."""
    text = f"accepted by {decision.by} on {decision.at:%Y-%m-%d}"
    return Fact("record", text, (decision.subject, decision.object), decision)


def _named_level(title: str) -> float | None:
    """Return how far up a scale the level lies that a title names, or None."""
    named = parse_title(title).level if title.strip() else ()
    return SHARES.get(named[0]) if len(named) == 1 else None
