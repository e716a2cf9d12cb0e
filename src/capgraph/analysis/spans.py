"""Spans: the stretch of a text that holds the words of a label, and matches that lie inside others."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from capgraph.analysis.stems import Term


class Span(NamedTuple):
    """A stretch of a text."""

    start: int
    """Where it begins."""
    end: int
    """Where it ends."""
    places: frozenset[tuple[int, int]]
    """Where the matching words inside it begin and end."""
    words: int = 0
    """How many words it has, the matching ones included."""

    @property
    def tightness(self) -> float:
        """The share of its words that match, 1 for a phrase without other words in it."""
        return len(self.places) / self.words if self.words else 0.0


NOWHERE = Span(0, 0, frozenset())


def best_span(terms: Sequence[Term], wanted: frozenset[str]) -> Span:
    """Return the shortest stretch that holds as many of the wanted stems as the text has; the first of equal ones.

    Notes
    -----
    Linear in the words that match.

    Examples
    --------
    >>> from capgraph.analysis.stems import terms
    >>> text = "data, data models and SQL"
    >>> span = best_span(terms(text), frozenset({"data", "model"}))
    >>> text[span.start:span.end]
    'data models'
    """
    hits = [(place, term) for place, term in enumerate(terms) if term.stem in wanted]
    if not hits:
        return NOWHERE
    left, right = _shortest(hits)
    inside = [term for _, term in hits[left : right + 1]]
    first, last = hits[left][0], hits[right][0]
    words = len({(term.start, term.end) for term in terms[first : last + 1]})
    return Span(inside[0].start, max(term.end for term in inside), frozenset((t.start, t.end) for t in inside), words)


def _shortest(hits: Sequence[tuple[int, Term]]) -> tuple[int, int]:
    """Return the first and the last hit of the shortest window that holds every stem, by one pass of two pointers."""
    goal = len({term.stem for _, term in hits})
    counts: dict[str, int] = {}
    best: tuple[int, int, int] | None = None
    left = 0
    for right, (place, term) in enumerate(hits):
        counts[term.stem] = counts.get(term.stem, 0) + 1
        while len(counts) == goal:
            width = place - hits[left][0]
            if best is None or width < best[0]:
                best = (width, left, right)
            _drop(counts, hits[left][1].stem)
            left += 1
    return best[1:] if best else (0, 0)


def _drop(counts: dict[str, int], stem: str) -> None:
    """Count one stem less."""
    counts[stem] -= 1
    if not counts[stem]:
        del counts[stem]


def lies_inside(inner: Span, outer: Span) -> bool:
    """Return whether the words of a match are some, but not all, of the words of another."""
    return bool(inner.places) and inner.places < outer.places
