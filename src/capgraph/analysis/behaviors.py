"""From behaviors to a level: what the behaviors that somebody has shown say about a capability."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from capgraph.analysis.policy import combined

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from capgraph.analysis.policy import Claim
    from capgraph.analysis.weighing import Weighed, Weigher

_ROUNDING = 1e-9


def behavior_claims(weigher: Weigher, capability: str, seen: Iterable[Weighed]) -> list[Claim]:
    """Return the one claim that the records about a capability's behaviors make together; none where they say nothing.

    Level L is reached when, at every level up to L that has behaviors, at least the policy's share of them are shown.
    Where no level is reached, the claim is the level below the lowest one that cannot be reached any more, whatever
    the behaviors show that nobody has looked for yet; where it still can be reached, there is no claim.
    Several records about one behavior are combined as levels are, with 1 for shown and 0 for not shown.

    Parameters
    ----------
    weigher : Weigher
        The policy, the day and the capabilities.
    capability : str
        The capability.
    seen : iterable of Weighed
        Counting records about behaviors.
    """
    records = _by_behavior(weigher, seen)
    if not records:
        return []
    about = weigher.rated(capability)
    levels = {level: ids for level, ids in about.behaviors.items() if level is not None}
    shown = {behavior: _is_shown(weigher, items) for behavior, items in records.items()}
    reached, failed = _reached(levels, shown, weigher.policy.share)
    if reached is not None:
        wanted = {behavior for level, ids in levels.items() if level <= reached for behavior in ids}
        return [_claim(weigher, reached, [item for id_ in wanted for item in records.get(id_, ()) if item.shown])]
    if failed is None:
        return []
    below = max((rank for rank in about.ranks if rank < failed), default=failed - 1)
    against = [item for id_ in levels[failed] for item in records.get(id_, ()) if not item.shown]
    return [_claim(weigher, below, against)]


def _by_behavior(weigher: Weigher, seen: Iterable[Weighed]) -> dict[str, list[Weighed]]:
    """Return the records about each behavior."""
    records: dict[str, list[Weighed]] = defaultdict(list)
    for item in seen:
        if item.record.behavior is not None:
            records[weigher.key(item.record.behavior)].append(item)
    return records


def _is_shown(weigher: Weigher, items: Iterable[Weighed]) -> bool:
    """Return whether several records about one behavior together say that it is shown."""
    return combined([weigher.claim(item, int(bool(item.shown))) for item in items], weigher.policy.combine)[0] > 0


def _reached(
    levels: Mapping[int, Sequence[str]], shown: Mapping[str, bool], share: float
) -> tuple[int | None, int | None]:
    """Return the highest level reached, and the first one that cannot be reached where none is."""
    reached = None
    for level in sorted(levels):
        needed = share * len(levels[level]) - _ROUNDING
        outcomes = [shown.get(behavior) for behavior in levels[level]]
        if outcomes.count(True) >= needed:
            reached = level
            continue
        impossible = len(outcomes) - outcomes.count(False) < needed
        return reached, level if reached is None and impossible else None
    return reached, None


def _claim(weigher: Weigher, level: int, items: Iterable[Weighed]) -> Claim:
    """Return the claim of some records together: one voice, as weighty, new and trusted as the best of them."""
    claims = [weigher.claim(item, level) for item in items]
    return claims[0]._replace(
        weight=max(claim.weight for claim in claims),
        date=max(claim.date for claim in claims),
        rank=min(claim.rank for claim in claims),
    )
