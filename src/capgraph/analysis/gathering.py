"""What a text is about, gathered over its segments: the best evidence of each entry, once."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from capgraph.analysis.calibration import LEXICAL, SEMANTIC, Calibration, Signals
from capgraph.analysis.segments import in_languages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from capgraph.analysis.matcher import Match, Matcher
    from capgraph.analysis.segments import Segment

_BOILERPLATE_TEXTS = 5
_BOILERPLATE_SHARE = 0.02
_BOILERPLATE_WEIGHT = 0.5
_KIN = 0.1
"""What a match gains from another, complete one under the same broader entry."""
_AGREED = 1.15
"""How much more a match counts that a title has and the rest of the text does not leave open."""
_BATCH = 2_000


class Finding(NamedTuple):
    """One entry that a text is about."""

    entry: int
    """The place of the entry in the matcher."""
    signals: Signals
    """What the confidence rests on."""
    confidence: float
    """The probability that a person would agree to it, or to one of its rivals."""
    match: Match
    """The best match."""
    segment: Segment
    """Where it was found."""
    rivals: tuple[int, ...]
    """Other entries that the same words name just as well."""

    @property
    def shared_confidence(self) -> float:
        """The probability that a person would agree to it, shared with its rivals."""
        return self.confidence / (1 + len(self.rivals))

    @property
    def span(self) -> str:
        """The stretch of text that is the evidence."""
        return self.segment.text[self.match.span.start : self.match.span.end]


def findings(
    texts: Sequence[Sequence[Segment]], matcher: Matcher, *, most: int = 10, calibration: Calibration | None = None
) -> Iterator[list[Finding]]:
    """Yield, for each text, the entries that it is about, the best first.

    A segment that many texts have is boilerplate and counts half.  Several segments do not add up: the best counts.  An
    entry counts a little more where a title and the rest of the text both name it, or where there is only a title.

    Parameters
    ----------
    texts : sequence of sequences of Segment
        The segments of each text.
    matcher : Matcher
        The index.
    most : int
        The most entries that one segment may bring.
    calibration : Calibration or None
        How signals become confidence; None for the one that comes with the library.
    """
    model = calibration or (SEMANTIC if matcher.is_semantic else LEXICAL)
    for start in range(0, len(texts), _BATCH):
        batch = texts[start : start + _BATCH]
        if len(matcher.lexicon.languages) > 1:
            batch = [in_languages(text, matcher.lexicon.languages) for text in batch]
        distinct = list(dict.fromkeys(segment for text in batch for segment in text))
        found = dict(zip(distinct, matcher.matches(distinct, most=most), strict=True))
        common = _boilerplate(batch, len(batch)) if len(batch) > _BOILERPLATE_TEXTS else set()
        for text in batch:
            yield _gathered([(segment, found[segment]) for segment in dict.fromkeys(text)], matcher, model, common)


def _boilerplate(texts: Iterable[Sequence[Segment]], total: int) -> set[str]:
    """Return the sentences that so many texts have that they say nothing about one of them."""
    counts = Counter(one for text in texts for one in {segment.text for segment in text if not segment.is_whole})
    least = max(_BOILERPLATE_TEXTS, _BOILERPLATE_SHARE * total)
    return {text for text, count in counts.items() if count > least}


def _gathered(
    found: Sequence[tuple[Segment, list[Match]]], matcher: Matcher, model: Calibration, common: set[str]
) -> list[Finding]:
    """Return the findings of one text, by falling confidence and score, then by id."""
    best = _best(found, common)
    kin = _supported(best, matcher)
    rivals = _rivals(best)
    result = []
    for entry, (score, segment, match) in best.items():
        gained = score + (_KIN if entry in kin else 0.0)
        complete = match.coverage * match.span.tightness
        signals = Signals(gained, complete, match.likeness, match.words)
        result.append(Finding(entry, signals, model.confidence(signals), match, segment, rivals.get(entry, ())))
    result.sort(key=lambda one: (-one.signals.score, one.entry))
    return result


def _best(found: Sequence[tuple[Segment, list[Match]]], common: set[str]) -> dict[int, tuple[float, Segment, Match]]:
    """Return the best match of each entry in one text, with its score there and its segment."""
    best: dict[int, tuple[float, Segment, Match]] = {}
    agreed = _agreed(found, common)
    for segment, matches in found:
        share = _BOILERPLATE_WEIGHT if segment.text in common else 1.0
        for match in matches:
            weight = max(segment.weight, _AGREED) if match.entry in agreed else segment.weight
            score = match.score * weight * share
            if match.entry not in best or score > best[match.entry][0]:
                best[match.entry] = (score, segment, match)
    return best


def _agreed(found: Sequence[tuple[Segment, list[Match]]], common: set[str]) -> set[int]:
    """Return the entries that a title and the rest of the text both name in full; without a rest, those of the title.

    A rest that is silent is evidence against a word of the title: of *Latin America*, it does not say *Latin*.
    """
    titles = {segment.text.casefold() for segment, _ in found if segment.is_title}
    rest = [
        (segment, matches)
        for segment, matches in found
        if not segment.is_title and segment.text not in common and segment.text.casefold() not in titles
    ]
    titled = [match for segment, matches in found if segment.is_title for match in matches]
    if not rest:
        return {match.entry for match in titled}
    told = {match.entry for _, matches in rest for match in matches if match.is_complete}
    return {match.entry for match in titled if match.is_complete and match.entry in told}


def _supported(best: dict[int, tuple[float, Segment, Match]], matcher: Matcher) -> set[int]:
    """Return the entries that share what is broader with another entry that the text names in full."""
    named: dict[str, set[int]] = defaultdict(set)
    for entry, (_, _, match) in best.items():
        if match.is_complete:
            for broader in matcher.entries[entry].broader:
                named[broader].add(entry)
    return {
        entry
        for entry in best
        if any(named.get(broader, set()) - {entry} for broader in matcher.entries[entry].broader)
    }


def _rivals(best: dict[int, tuple[float, Segment, Match]]) -> dict[int, tuple[int, ...]]:
    """Return, for entries that the same words name in full, the other ones; the kind of label decides who is equal."""
    groups: dict[tuple[str, frozenset[tuple[int, int]], bool], list[int]] = defaultdict(list)
    for entry, (_, segment, match) in best.items():
        if match.is_complete and match.span.places:
            groups[segment.text, match.span.places, match.kind == "preferred"].append(entry)
    return {
        entry: tuple(sorted(set(group) - {entry})) for group in groups.values() if len(group) > 1 for entry in group
    }
