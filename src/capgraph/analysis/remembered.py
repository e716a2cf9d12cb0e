"""What was worked out about a graph once and holds for as long as the graph lives."""

from __future__ import annotations

import threading
import weakref
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from capgraph.graph import CapabilityGraph

Value = TypeVar("Value")

_lock = threading.Lock()
_known: weakref.WeakKeyDictionary[CapabilityGraph, dict[Hashable, Any]] = weakref.WeakKeyDictionary()


def remembered(graph: CapabilityGraph, key: Hashable, build: Callable[[], Value]) -> Value:
    """Return what was built for a graph under a key; two threads may build it both, and one of the two is kept.

    A graph never changes, so that what is remembered never grows stale; it goes when the graph goes.
    """
    with _lock:
        kept = _known.setdefault(graph, {})
        if key in kept:
            found: Value = kept[key]
            return found
    built = build()
    with _lock:
        result: Value = kept.setdefault(key, built)
    return result
