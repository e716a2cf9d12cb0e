"""What a question refuses before it is answered: what is no graph, no list, or no number in its range."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from decimal import Decimal
from numbers import Integral, Real

from capgraph.errors import ArgumentError
from capgraph.graph import CapabilityGraph


def require_graph(graph: object) -> None:
    """Refuse what is no graph, such as a document that somebody forgot to make one of."""
    if not isinstance(graph, CapabilityGraph):
        kind = type(graph).__name__
        raise ArgumentError(f"{kind!r} is no graph; make one of documents first, such as CapabilityGraph(framework)")


def require_lists(**given: object) -> None:
    """Refuse one text where several are listed, since its letters would count as the entries, and what is no list."""
    for name, value in given.items():
        if isinstance(value, str):
            raise ArgumentError(f"{name} is {value!r}; give a list, such as [{value!r}]")
        if value is not None and (isinstance(value, bytes) or not isinstance(value, Iterable)):
            raise ArgumentError(f"{name} is {value!r}; give a list of ids or words")


def listed(name: str, value: Iterable[object] | None) -> tuple[str, ...]:
    """Return the texts of a list, none for None; refuse what is no list, and entries that are no texts."""
    require_lists(**{name: value})
    found = () if value is None else tuple(value)
    wrong = [one for one in found if not isinstance(one, str)]
    if wrong:
        raise ArgumentError(f"{name} holds {wrong[0]!r}, which is no text; give ids or words")
    return tuple(one for one in found if isinstance(one, str))


def require_mapping(name: str, value: object, example: str) -> None:
    """Refuse what is no mapping, and say what one would hold."""
    if not isinstance(value, Mapping):
        raise ArgumentError(f"{name} is {value!r}; give {example}")


def require_stated(**given: object) -> None:
    """Refuse None where something must be stated."""
    for name, value in given.items():
        if value is None:
            raise ArgumentError(f"{name} is None; give a value, or leave it out for the usual one")


def require_seconds(time_limit: object) -> None:
    """Refuse what is no time to solve in."""
    require_stated(time_limit=time_limit)
    require_numbers(0, time_limit=time_limit)


def require_numbers(low: float, high: float = math.inf, /, **given: object) -> None:
    """Refuse what is no number in a range; None stands for no limit."""
    for name, value in given.items():
        if value is None or _fits(value, low, high):
            continue
        fitting = f"of at least {low:g}" if high == math.inf else f"from {low:g} to {high:g}"
        raise ArgumentError(f"{name} is {value!r}; give a number {fitting}")


def require_counts(low: int, /, **given: object) -> None:
    """Refuse what is no whole number of at least so much; None stands for no limit."""
    for name, value in given.items():
        if value is not None and not (isinstance(value, Integral) and _fits(value, low, math.inf)):
            raise ArgumentError(f"{name} is {value!r}; give a whole number of at least {low}")


def is_weight(value: object) -> bool:
    """Return whether something is a finite number of at least 0."""
    return isinstance(value, Real | Decimal) and math.isfinite(value) and float(value) >= 0


def _fits(value: object, low: float, high: float) -> bool:
    """Return whether something is a number of any library in a range; NaN is in none."""
    return not isinstance(value, bool) and isinstance(value, Real | Decimal) and low <= float(value) <= high
