"""What is equal and what differs between two entries, and how far a difference lets them still be the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from capgraph.analysis.bands import UNSURE
from capgraph.analysis.wordlists import NEGATIONS, SESSIONS, VERSIONED

if TYPE_CHECKING:
    from collections.abc import Collection

    from capgraph.analysis.entries import Entry
    from capgraph.analysis.titles import Title

_Sides = tuple[tuple[str, ...], tuple[str, ...]]

_APART = 0.60
_EDITION = 0.99
_LONGER = 1.5


class Facet(NamedTuple):
    """One facet of two titles."""

    name: str
    """What it is called in answers."""
    ours: tuple[str, ...]
    """What the left title says."""
    theirs: tuple[str, ...]
    """What the right title says."""
    apart: float
    """The most that a score can be where both state it and differ."""
    alone: float
    """The most that a score can be where one states it."""


def compare(left: Entry, right: Entry) -> tuple[tuple[str, ...], tuple[str, ...], float]:
    """Return what is equal, what differs, and the most that the score can be."""
    equal: list[str] = []
    differs: list[str] = []
    limit = 1.0
    for facet in _facets(left, right):
        if facet.ours == facet.theirs:
            if facet.ours:
                equal.append(facet.name)
        elif facet.ours and facet.theirs:
            differs.append(facet.name)
            limit = min(limit, _limit(facet))
        elif facet.alone < 1.0:
            differs.append(facet.name)
            limit = min(limit, facet.alone)
    for name, same in _properties(left, right):
        (equal if same else differs).append(name)
    return tuple(equal), tuple(differs), limit


def sessions(words: Collection[str]) -> tuple[str, ...]:
    """Return the forms of sessions that a title names, by which two parts of one course are told apart.

    Examples
    --------
    >>> sessions(["organic", "chemistry", "lab"])
    ('laboratory',)
    """
    if SESSIONS.keys().isdisjoint(words):
        return ()
    return tuple(sorted({SESSIONS[word] for word in words if word in SESSIONS}))


def _limit(facet: Facet) -> float:
    """Return the most that a score can be where both sides state a facet and differ."""
    ours, theirs = set(facet.ours), set(facet.theirs)
    if facet.name == "number" and (ours <= theirs or theirs <= ours):
        return facet.alone
    if not ours & theirs or facet.name in {"number", "part"}:
        return facet.apart
    # "For managers" and "for new managers" may be two courses, "for managers" and "for non-managers" are.
    return 1.0 if facet.name != "audience" or facet.apart == 1.0 else UNSURE


def _facets(left: Entry, right: Entry) -> list[Facet]:
    """Return the facets that one of two titles states."""
    ours, theirs = left.title, right.title
    parts, numbers = _numbered(ours, theirs)
    higher = {*ours.level, *theirs.level} - {"introductory"}
    whole = {*ours.words, *ours.audience} == {*theirs.words, *theirs.audience}
    rows = (
        ("part", *parts, _APART, UNSURE),
        ("number", *numbers, _APART, UNSURE),
        ("level", ours.level, theirs.level, _APART, UNSURE if higher else 1.0),
        ("session", sessions(ours.words), sessions(theirs.words), _APART, UNSURE),
        ("negation", *_negations(ours, theirs), _APART, UNSURE),
        ("audience", ours.audience, theirs.audience, 1.0 if whole else _APART, 1.0 if whole else UNSURE),
        ("edition", ours.edition, theirs.edition, _EDITION if VERSIONED.isdisjoint(ours.words) else UNSURE, 1.0),
        ("format", ours.format, theirs.format, _EDITION, 1.0),
        ("named language", ours.language, theirs.language, UNSURE, 1.0),
    )
    return [Facet(*row) for row in rows if row[1] or row[2]]


def _negations(left: Title, right: Title) -> _Sides:
    """Return the words of two titles, and of whom these are for, that turn a subject into its opposite."""
    sides = [tuple(sorted(NEGATIONS.intersection([*title.words, *title.audience]))) for title in (left, right)]
    return sides[0], sides[1]


def _numbered(left: Title, right: Title) -> tuple[_Sides, _Sides]:
    """Return the parts and the numbers of two titles; what is a part of one and a number of the other is the same."""
    if left.part == right.part and left.numbers == right.numbers:
        return (left.part, right.part), (left.numbers, right.numbers)
    shared = {*left.part, *left.numbers} & {*right.part, *right.numbers}
    crossed = (shared & {*left.part} & {*right.numbers}) | (shared & {*left.numbers} & {*right.part})
    parts, numbers = (
        tuple(tuple(word for word in words if word not in crossed) for words in sides)
        for sides in ((left.part, right.part), (left.numbers, right.numbers))
    )
    return (parts[0], parts[1]), (numbers[0], numbers[1])


def _properties(left: Entry, right: Entry) -> list[tuple[str, bool]]:
    """Return the properties that both sides state, with whether they are the same."""
    stated = [
        ("kind", left.kind, right.kind),
        ("language", left.language, right.language),
        ("provider", left.provider, right.provider),
        ("made for", left.audience, right.audience),
    ]
    found = [(name, ours == theirs) for name, ours, theirs in stated if ours and theirs]
    if left.duration and right.duration:
        ratio = max(left.duration, right.duration) / min(left.duration, right.duration)
        found.append(("duration", ratio < _LONGER))
    return found
