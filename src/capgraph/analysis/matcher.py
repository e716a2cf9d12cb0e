"""Matcher: an index of a framework that ranks what texts are about; built once, used for many texts."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from capgraph.analysis.decided import successors
from capgraph.analysis.embedding import UnitVectors, embedding, unit_vectors
from capgraph.analysis.labels import entries_of
from capgraph.analysis.lexicon import Lexicon
from capgraph.analysis.spans import Span, best_span, lies_inside, places_of
from capgraph.analysis.suggestions import checked_choice

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from capgraph.analysis.embedding import Embedding
    from capgraph.analysis.features import Reading
    from capgraph.analysis.segments import Segment
    from capgraph.analysis.stems import Term
    from capgraph.model import Framework

_LEXICAL_CANDIDATES = 30
_SEMANTIC_CANDIDATES = 20
_SEMANTIC_WEIGHT = 2.0
_BATCH = 256
_COMPLETE, _TIGHT = 0.999, 0.66
_NESTED = 0.6
"""What is left of the score of words that another, complete match explains."""


class Match(NamedTuple):
    """One entry that a segment may be about."""

    entry: int
    """The place of the entry in the lexicon."""
    score: float
    """How well it fits; comparable between texts."""
    coverage: float
    """The share of the words of the matched label that the text has, by weight."""
    likeness: float
    """The cosine of text and label in the embedding, 0 without one."""
    label: str
    """The label that matched; the preferred one where only the embedding speaks for it."""
    kind: str
    """What kind of label it is; ``meaning`` where only the embedding speaks for it."""
    span: Span
    """The stretch of the segment that is the evidence."""
    words: int
    """How many different words the label has."""

    @property
    def is_complete(self) -> bool:
        """Whether the text has all words of the label, and hardly any other word between them."""
        return self.coverage >= _COMPLETE and self.span.tightness >= _TIGHT


class Matcher:
    """An index of what a framework names, for many texts.

    Parameters
    ----------
    framework : Framework
        Whose capabilities or behaviors to look for.
    of : str
        ``capabilities`` or ``behaviors``.
    embed : str, callable or None
        ``"wordllama"`` for the offline model of the ``semantic`` extra, a function from texts to a matrix, or None for
        words alone.
    taught : mapping of str to sequences of str, or None
        Further labels by id: the words that an organization uses.

    Raises
    ------
    MissingDependencyError
        When wordllama is asked for and not installed.
    ValueError
        When `of` is neither, or `embed` returns no matrix.

    Notes
    -----
    Building is linear in the labels.  Matching a text costs the labels that share a word with it, and with an embedding
    the entries times the length of a vector.  A matcher never changes and may be shared between threads.
    """

    def __init__(
        self,
        framework: Framework,
        *,
        of: str = "capabilities",
        embed: Embedding | str | None = None,
        taught: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        checked_choice("of", of, ("capabilities", "behaviors"))
        self.framework = framework
        self.of = of
        self.lexicon = Lexicon(entries_of(framework, of=of, taught=taught or {}), framework.language)
        self.entries = self.lexicon.entries
        self.places = {entry.id: place for place, entry in enumerate(self.entries)}
        self._embed = embedding(embed)
        self._vectors: UnitVectors | None = None
        if self._embed is not None and self.entries:
            self._vectors = UnitVectors(unit_vectors(self._embed, [entry.label for entry in self.entries]))

    @cached_property
    def successors(self) -> dict[str, str]:
        """The one entry that replaces another, for entries that exactly one other replaces."""
        return successors(self.framework)

    @property
    def is_semantic(self) -> bool:
        """Whether an embedding has a say."""
        return self._vectors is not None

    def matches(self, segments: Sequence[Segment], *, most: int = 10) -> Iterator[list[Match]]:
        """Yield, for each segment, the entries that it may be about, the best first, at most `most`.

        Notes
        -----
        Ties go to the entry with the lower id.
        """
        for start in range(0, len(segments), _BATCH):
            yield from self._batch(segments[start : start + _BATCH], most)

    def _batch(self, segments: Sequence[Segment], most: int) -> Iterator[list[Match]]:
        """Yield the matches of some segments."""
        readings = [self.lexicon.read(segment.text, segment.language) for segment in segments]
        found = self._candidates(segments, readings)
        bounds = np.searchsorted(found.texts, np.arange(len(segments) + 1)).tolist()
        for segment, reading, (start, end) in zip(segments, readings, pairwise(bounds), strict=True):
            words = _Words.of(reading.terms)
            stop = min(end, start + most)
            named = [self._match(segment, words, found, place) for place in range(start, stop)]
            yield sorted(_outer(named, segment), key=lambda match: (-match.score, match.entry))

    def _candidates(self, segments: Sequence[Segment], readings: Sequence[Reading]) -> _Candidates:
        """Return what some segments may be about: entries whose labels they name, or whose meaning is near."""
        hits = self.lexicon.hits(readings, most=_LEXICAL_CANDIDATES)
        found = _Candidates(hits.texts, hits.entries, hits.labels, hits.scores, np.zeros(len(hits.texts), np.float32))
        alike = self._likeness(segments)
        if alike is not None:
            found = found.joined(_most_alike(alike, found))
            likeness = alike[found.texts, found.entries]
            found = found._replace(likeness=likeness, scores=found.scores + _SEMANTIC_WEIGHT * likeness)
        scores = found.scores + self.lexicon.nearness(readings, found.texts, found.entries)
        return found._replace(scores=scores).ranked()

    def _likeness(self, segments: Sequence[Segment]) -> NDArray[np.float32] | None:
        """Return segments × entries, the cosines of their vectors."""
        if self._embed is None or self._vectors is None:
            return None
        return self._vectors.to(unit_vectors(self._embed, [one.text for one in segments]))

    def _match(self, segment: Segment, words: _Words, found: _Candidates, place: int) -> Match:
        """Return the match of a segment and an entry."""
        entry, label = int(found.entries[place]), int(found.labels[place])
        score, likeness = float(found.scores[place]), float(found.likeness[place])
        if label < 0:
            whole = Span(0, len(segment.text), frozenset())
            return Match(entry, score, 0.0, likeness, self.entries[entry].label, "meaning", whole, 0)
        wanted = frozenset(self.lexicon.stems(label))
        kind = self.lexicon.kinds[label]
        is_acronym = kind == "acronym"
        if segment.is_whole:
            terms = [term for term in words.terms if term.stem.startswith("^") == is_acronym]
            score *= self.lexicon.share_of_text(terms, wanted)
        coverage = self.lexicon.share(wanted, words.places)
        span = best_span(words.terms, wanted, words.places)
        return Match(entry, score, coverage, likeness, self.lexicon.labels[label], kind, span, len(wanted))


class _Words(NamedTuple):
    """The words of one segment."""

    terms: Sequence[Term]
    places: dict[str, list[int]]

    @classmethod
    def of(cls, terms: Sequence[Term]) -> _Words:
        """Return the words, with where each stem stands."""
        return cls(terms, places_of(terms))


class _Candidates(NamedTuple):
    """What some segments may be about, one item for each pair of a segment and an entry."""

    texts: NDArray[np.int64]
    entries: NDArray[np.int64]
    labels: NDArray[np.int64]
    """The best label; -1 where no label has words of the segment."""
    scores: NDArray[np.float32]
    likeness: NDArray[np.float32]

    def joined(self, other: _Candidates) -> _Candidates:
        """Return these and the others."""
        return _Candidates(
            np.concatenate([self.texts, other.texts]),
            np.concatenate([self.entries, other.entries]),
            np.concatenate([self.labels, other.labels]),
            np.concatenate([self.scores, other.scores]),
            np.concatenate([self.likeness, other.likeness]),
        )

    def ranked(self) -> _Candidates:
        """Return them by text, falling score, and entry."""
        order = np.lexsort((self.entries, -self.scores, self.texts))
        return _Candidates(
            self.texts[order], self.entries[order], self.labels[order], self.scores[order], self.likeness[order]
        )


def _most_alike(alike: NDArray[np.float32], known: _Candidates) -> _Candidates:
    """Return the entries that are most like each segment, without those that are known already."""
    count = min(_SEMANTIC_CANDIDATES, alike.shape[1])
    entries = np.argpartition(-alike, count - 1, axis=1)[:, :count].ravel().astype(np.int64)
    texts = np.repeat(np.arange(len(alike)), count)
    is_new = ~np.isin(texts * alike.shape[1] + entries, known.texts * alike.shape[1] + known.entries)
    texts, entries = texts[is_new], entries[is_new]
    nothing = np.zeros(len(texts), np.float32)
    return _Candidates(texts, entries, np.full(len(texts), -1), nothing, nothing)


def _outer(matches: Sequence[Match], segment: Segment) -> Iterator[Match]:
    """Yield the matches, with less for words that a complete match explains.

    Those are the words inside a longer complete match, and in a tag the words of a label that the tag has only a part
    of, where another label has just them.
    """
    complete = [match for match in matches if match.is_complete]
    for match in matches:
        is_part = segment.is_whole and not match.is_complete and bool(match.span.places)
        if any(
            lies_inside(match.span, other.span) or (is_part and match.span.places == other.span.places)
            for other in complete
        ):
            named = match.score - _SEMANTIC_WEIGHT * match.likeness
            yield match._replace(score=match.score - (1 - _NESTED) * named)
        else:
            yield match
