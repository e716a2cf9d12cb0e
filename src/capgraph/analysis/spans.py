"""Spans: the stretch of a text that holds the words of a label, and matches that lie inside others."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

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


def places_of(terms: Sequence[Term]) -> dict[str, list[int]]:
    """Return where in a text each stem stands, as places in the sequence of its words."""
    found: dict[str, list[int]] = {}
    for place, term in enumerate(terms):
        found.setdefault(term.stem, []).append(place)
    return found


def best_span(terms: Sequence[Term], wanted: Iterable[str], places: Mapping[str, Sequence[int]] | None = None) -> Span:
    """Return the shortest stretch that holds as many of the wanted stems as the text has; the first of equal ones.

    Parameters
    ----------
    terms : sequence of Term
        The words of the text.
    wanted : iterable of str
        The stems of a label.
    places : mapping of str to sequences of int, or None
        What `places_of` says of the text; where many labels are asked about, make it once.

    Notes
    -----
    Linear in the words that match, times the logarithm of how many they are.

    Examples
    --------
    >>> from capgraph.analysis.stems import terms
    >>> text = "data, data models and SQL"
    >>> span = best_span(terms(text), frozenset({"data", "model"}))
    >>> text[span.start:span.end]
    'data models'
    """
    known = places_of(terms) if places is None else places
    hits = [(place, terms[place]) for place in sorted([one for stem in wanted for one in known.get(stem, ())])]
    if not hits:
        return NOWHERE
    if len(hits) == 1:
        term = hits[0][1]
        return Span(term.start, term.end, frozenset(((term.start, term.end),)), 1)
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
