"""What callers hand over, looked at before the database is asked, so that a mistake is told in words."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, TypeVar

from capgraph.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

T = TypeVar("T")
_LARGEST = 2**63 - 1


def as_text(value: object, name: str) -> str:
    """Return a text that every database can hold.

    Raises
    ------
    ArgumentError
        When it is no text, or holds U+0000 or a lone surrogate.
    """
    if not isinstance(value, str):
        raise ArgumentError(f"{value!r} is no {name}; give text")
    if "\0" in value or (not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value)):
        raise ArgumentError(f"{value!r} is no {name}: it holds U+0000 or half a character; remove that")
    return value


def as_number(value: object, name: str) -> int:
    """Return the number of a revision.

    Raises
    ------
    ArgumentError
        When it is no whole number.
    """
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > _LARGEST:
        raise ArgumentError(f"{value!r} is no {name}; give the number that Store.history() lists")
    return value


def as_moment(value: object) -> dt.datetime:
    """Return what a clock says, in UTC.

    Raises
    ------
    ArgumentError
        When it is no moment with a zone.
    """
    if not isinstance(value, dt.datetime) or value.tzinfo is None:
        raise ArgumentError(f"{value!r} is what the clock says; let it return a datetime with its zone")
    return in_utc(value)


def in_utc(moment: dt.datetime) -> dt.datetime:
    """Return a moment in UTC.

    Raises
    ------
    ArgumentError
        When it is before the year 1 or after the year 9999 there.
    """
    try:
        return moment.astimezone(dt.UTC)
    except OverflowError:
        raise ArgumentError(
            f"{moment.isoformat()} is in no year from 1 to 9999 in UTC; give a moment that is"
        ) from None


def as_ids(values: Iterable[str]) -> Iterator[str]:
    """Return what a caller hands over as ids, each of which every database can hold.

    Raises
    ------
    ArgumentError
        When it is one text, or holds what is no id.
    """
    if isinstance(values, str):
        raise ArgumentError(f"{values!r} is one id; give a list of ids")
    return (as_text(id_, "id") for id_ in each(values, str, "ids"))


def each(values: Iterable[T], kinds: type | tuple[type, ...], what: str) -> Iterator[T]:
    """Yield what a caller hands over as a stream.

    Raises
    ------
    ArgumentError
        When it is no iterable, or holds something of another kind.
    """
    try:
        stream = iter(values)
    except TypeError:
        raise ArgumentError(f"{values!r} cannot be gone through; give an iterable of {what}") from None
    for value in stream:
        if not isinstance(value, kinds):
            raise ArgumentError(f"{type(value).__name__} is what the stream holds; give {what}")
        yield value
