"""What a question refuses before it is answered: what is no graph, no list, or no number in its range."""

from __future__ import annotations

import math
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
    """Refuse one text where several are listed, since its letters would count as the entries."""
    for name, value in given.items():
        if isinstance(value, str):
            raise ArgumentError(f"{name} is {value!r}; give a list, such as [{value!r}]")


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


def _fits(value: object, low: float, high: float) -> bool:
    """Return whether something is a number of any library in a range; NaN is in none."""
    return not isinstance(value, bool) and isinstance(value, Real | Decimal) and low <= float(value) <= high
