"""What a question is asked about: an entry of the expected kind, and a day."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, TypeVar

from capgraph.errors import ArgumentError, UnknownIdError

if TYPE_CHECKING:
    from capgraph.graph import CapabilityGraph
    from capgraph.model import Node

Kind = TypeVar("Kind", bound="Node")


def entry(graph: CapabilityGraph, id: str, kind: type[Kind], *, also: str = "") -> Kind:
    """Return the entry of an id, which must be of a kind; `also` is said after it where others would do as well.

    Raises
    ------
    UnknownIdError
        When nothing has this id, or an entry of another kind has it.
    """
    node = graph[id]
    if isinstance(node, kind):
        return node
    message = f"{id!r} is a {type(node).__name__}, not a {kind.__name__}{also}; give the id of a {kind.__name__}{also}"
    raise UnknownIdError(id, message=message)


def day(as_of: dt.date | None) -> dt.date:
    """Return the day that is asked about: the one given, else today in UTC.

    Raises
    ------
    ArgumentError
        When it is no date.
    """
    if as_of is None:
        return dt.datetime.now(dt.UTC).date()
    if isinstance(as_of, dt.datetime) or not isinstance(as_of, dt.date):  # pyright: ignore[reportUnnecessaryIsInstance] - notebooks are not checked
        message = f"{as_of!r} is no day; give a datetime.date, such as datetime.date(2026, 1, 31)"
        raise ArgumentError(message)
    return as_of
