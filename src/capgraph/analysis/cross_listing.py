"""What the codes of two courses say about them: cross-listed, overlapping, or of two levels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from capgraph.analysis.bands import POSSIBLE, PROBABLE, UNSURE
from capgraph.analysis.codes import course_level

if TYPE_CHECKING:
    from capgraph.analysis.entries import Entry

Said = Literal["", "same", "overlapping"]
_STATED = 0.99
_SAME_NUMBER = 0.9
_GENERIC = 0.80
_SAME_WORDS = 0.98
_NOT_OTHER = 0.25


class Numbering(NamedTuple):
    """How a catalog numbers its courses."""

    is_grouped: bool
    """Whether codes tell departments or series apart."""
    digits: int
    """How many digits most numbers have; 0 where they say nothing about levels."""


class Likeness(NamedTuple):
    """What the texts say about a pair."""

    score: float
    """The score so far."""
    title: float
    """How alike the titles are."""
    text: float | None
    """How alike the descriptions are; None where one side has none."""
    limit: float
    """The most that the score can be, given what differs in the titles."""
    is_generic: bool
    """Whether one of the titles says little."""
    is_edition: bool
    """Whether the titles name two editions."""
    is_formal: bool
    """Whether one of the titles names a form of learning more than a subject."""


def said_of(left: Entry, right: Entry, *, same_title: bool) -> Said:
    """Return what the descriptions say about each other's code."""
    ways = ((left, right), (right, left))
    if any(set(one.stated) & set(other.codes) for one, other in ways):
        return "same"
    # A department that is written out leaves a number alone, which needs an equal title.
    if same_title and any(
        other.number and other.number in one.stated and one.group != other.group for one, other in ways
    ):
        return "same"
    return "overlapping" if any(set(one.overlapping) & set(other.codes) for one, other in ways) else ""


def weigh_codes(
    numbering: Numbering, left: Entry, right: Entry, found: Likeness
) -> tuple[float, tuple[str, ...], Said]:
    """Return the score in the light of the codes, what differs in them, and what the descriptions say about them.

    A title that says little weighs less between departments.  Two numbers of one department are two courses unless a
    description says otherwise; so are two levels.  The same number and title in two departments is a cross-listing.
    """
    same_title = found.title >= _SAME_WORDS
    said = said_of(left, right, same_title=same_title)
    score = found.score
    differs: tuple[str, ...] = ()
    if numbering.is_grouped and left.group and right.group:
        score, differs = _numbered(numbering, left, right, found)
    strong = found.title >= PROBABLE or (found.text or 0.0) >= POSSIBLE
    if said == "same":
        return max(score, _STATED if strong else PROBABLE), differs, said
    if said == "overlapping":
        return max(score, PROBABLE if strong else POSSIBLE), differs, said
    return score, differs, said


def _numbered(numbering: Numbering, left: Entry, right: Entry, found: Likeness) -> tuple[float, tuple[str, ...]]:
    """Return the score in the light of departments and numbers, and what differs in these."""
    levels = [course_level(entry.digits, numbering.digits) for entry in (left, right)]
    if None not in levels and levels[0] != levels[1]:
        return min(found.score, UNSURE), ("course level",)
    if found.is_generic:
        return min(found.score, _GENERIC * found.score), ()
    if left.group == right.group:
        return found.score if found.is_edition else min(found.score, UNSURE), ()
    is_twin = (
        not found.is_formal
        and left.number == right.number != ""
        and len(left.digits) >= numbering.digits > 0
        and found.title >= _SAME_WORDS
        and (found.text is None or found.text >= _NOT_OTHER)
        and found.score >= POSSIBLE
    )
    return max(found.score, min(_SAME_NUMBER, found.limit)) if is_twin else found.score, ()
