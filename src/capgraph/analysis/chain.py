"""Where the chain from a challenge to its measurement breaks, and what follows from that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from capgraph.analysis.diagnose import REMEDIES, TRAINABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from capgraph.links import Link
    from capgraph.model import Behavior, Challenge

TraceStatus = Literal["not_training", "undiagnosed", "no_behavior", "unserved", "mismatched", "unmeasured", "traced"]
"""The place at which the chain breaks first, or ``traced``."""


def status_of(
    node: Challenge, behavior: Behavior | None, links: Mapping[str, Link], commissioned: tuple[str, ...], readings: int
) -> TraceStatus:
    """Return where the chain breaks first, or that it does not."""
    breaks: tuple[tuple[bool, TraceStatus], ...] = (
        (node.cause is not None and node.cause not in TRAINABLE, "not_training"),
        (node.cause is None, "undiagnosed"),
        (behavior is None, "no_behavior"),
        (not links and not commissioned, "unserved"),
        (bool(commissioned) and links.keys().isdisjoint(commissioned), "mismatched"),
        (readings == 0, "unmeasured"),
    )
    for broken, status in breaks:
        if broken:
            return status
    return "traced"


def verdict_of(node: Challenge, status: TraceStatus) -> str:
    """Return what follows from the status."""
    if node.cause is not None and status == "not_training":
        return REMEDIES[node.cause]
    return {
        "undiagnosed": "nobody has asked for the cause; diagnose it before any training is planned",
        "no_behavior": "name the behaviors that would have to change",
        "unserved": "no asset in use teaches it; build, buy or coach, or accept that nothing happens",
        "mismatched": "the commissioned assets do not teach this behavior; align or replace them",
        "unmeasured": "name a metric and read it before and after, or nobody will know",
    }.get(status, "the chain is complete; ask for its impact")


def diagnosis_of(node: Challenge) -> str:
    """Return the questions of the diagnosis and what was found, in order."""
    found = ((item, f" ({item.note})" if item.note else "") for item in node.diagnosis)
    return "; ".join(f"{item.question} {item.answer}{note}" for item, note in found)
