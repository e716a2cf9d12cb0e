"""Matcher: an index of a framework that ranks what texts are about; built once, used for many texts."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from capgraph.analysis.decided import successors
from capgraph.analysis.embedding import unit_vectors, wordllama_embedding
from capgraph.analysis.lexicon import Lexicon, entries_of
from capgraph.analysis.spans import Span, best_span, lies_inside
from capgraph.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from capgraph.analysis.embedding import Embedding
    from capgraph.analysis.lexicon import LabelHits
    from capgraph.analysis.segments import Segment
    from capgraph.analysis.stems import Term
    from capgraph.model import Framework

_LEXICAL_CANDIDATES = 30
_SEMANTIC_CANDIDATES = 20
_SEMANTIC_WEIGHT = 2.0
_SCALE = 2.5
"""The usual score of the best label of a sentence, by which lexical scores are divided."""
_BATCH = 256
_COMPLETE, _TIGHT = 0.999, 0.66
_NESTED = 0.4
"""What is left of the score of a match inside the words of a longer, complete match."""


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
        if isinstance(embed, str) and embed != "wordllama":
            message = f"{embed!r} is no embedding; use 'wordllama' or a function from texts to a matrix"
            raise ArgumentError(message)
        self.framework = framework
        self.of = of
        self.lexicon = Lexicon(entries_of(framework, of=of, taught=taught or {}), framework.language)
        self.entries = self.lexicon.entries
        self.places = {entry.id: place for place, entry in enumerate(self.entries)}
        self._embed = wordllama_embedding() if isinstance(embed, str) else embed
        self._vectors: NDArray[np.float32] | None = None
        if self._embed is not None and self.entries:
            self._vectors = unit_vectors(self._embed, [entry.label for entry in self.entries])

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
        terms = [self.lexicon.terms(segment.text) for segment in segments]
        hits = self.lexicon.hits([[term.stem for term in found] for found in terms], most=_LEXICAL_CANDIDATES)
        alike = self._likeness(segments)
        bounds = np.searchsorted(hits.texts, np.arange(len(segments) + 1))
        for place, (start, end) in enumerate(pairwise(bounds)):
            row = None if alike is None else alike[place]
            ranked = _ranked(hits, slice(start, end), row, most)
            words = _Words.of(terms[place])
            named = [self._match(segments[place], words, one) for one in ranked]
            yield sorted(_outer(named), key=lambda match: (-match.score, match.entry))

    def _likeness(self, segments: Sequence[Segment]) -> NDArray[np.float32] | None:
        """Return segments × entries, the cosines of their vectors."""
        if self._embed is None or self._vectors is None:
            return None
        vectors = unit_vectors(self._embed, [one.text for one in segments])
        return np.asarray(np.maximum(vectors @ self._vectors.T, 0.0), np.float32)

    def _match(self, segment: Segment, words: _Words, found: tuple[int, float, float, int]) -> Match:
        """Return the match of a segment and an entry."""
        entry, score, likeness, label = found
        if label < 0:
            whole = Span(0, len(segment.text), frozenset())
            return Match(entry, score, 0.0, likeness, self.entries[entry].label, "meaning", whole, 0)
        wanted = frozenset(self.lexicon.stems(label))
        kind = self.lexicon.kinds[label]
        stems = words.acronyms if kind == "acronym" else words.stems
        if segment.is_whole:
            score *= self.lexicon.share(stems, wanted)
        coverage = self.lexicon.share(wanted, stems)
        span = best_span(words.terms, wanted)
        return Match(entry, score, coverage, likeness, self.lexicon.labels[label], kind, span, len(wanted))


class _Words(NamedTuple):
    """The words of one segment."""

    terms: Sequence[Term]
    stems: frozenset[str]
    acronyms: frozenset[str]

    @classmethod
    def of(cls, terms: Sequence[Term]) -> _Words:
        """Return the words, with their stems and acronyms apart."""
        stems = frozenset(term.stem for term in terms)
        acronyms = frozenset(stem for stem in stems if stem.startswith("^"))
        return cls(terms, stems - acronyms, acronyms)


def _ranked(
    hits: LabelHits, rows: slice, alike: NDArray[np.float32] | None, most: int
) -> list[tuple[int, float, float, int]]:
    """Return entry, score, likeness and label of the best entries of one segment; -1 where no label has its words."""
    entries, labels = hits.entries[rows], hits.labels[rows]
    scores = hits.scores[rows].astype(np.float64) / _SCALE
    if alike is not None:
        most_alike = np.argpartition(-alike, min(_SEMANTIC_CANDIDATES, len(alike) - 1))[:_SEMANTIC_CANDIDATES]
        more = np.setdiff1d(most_alike, entries)
        entries = np.concatenate([entries, more])
        labels = np.concatenate([labels, np.full(len(more), -1)])
        scores = np.concatenate([scores, np.zeros(len(more))]) + _SEMANTIC_WEIGHT * alike[entries]
    order = np.lexsort((entries, -scores))[:most]
    likeness = np.zeros(len(entries)) if alike is None else alike[entries]
    return [(int(entries[i]), float(scores[i]), float(likeness[i]), int(labels[i])) for i in order]


def _outer(matches: Sequence[Match]) -> Iterator[Match]:
    """Yield the matches, those inside the words of a complete longer match with a lower score."""
    complete = [match for match in matches if match.is_complete]
    for match in matches:
        nested = any(lies_inside(match.span, other.span) for other in complete)
        yield match._replace(score=match.score * _NESTED) if nested else match
