"""By what people are ranked for a role before what it would take to make them ready."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from capgraph.analysis.gap import GapReport

MIN_ASSESSED = 0.5
"""The share of the requirements that must be assessed before readiness says enough to compare people by."""
_EXACT = 9


class Merit(NamedTuple):
    """What people are ranked by for a role; the least is the best."""

    failed: int
    """The gates that somebody falls short of."""
    unknown: int
    """The gates that nobody has assessed."""
    is_little_known: bool
    """Whether too little is assessed for the readiness to say much."""
    lack: float
    """What is missing to a readiness of 1, to nine digits."""


def gates(found: GapReport, status: str) -> tuple[str, ...]:
    """Return the mandatory capabilities of one status."""
    return tuple(sorted(row.capability for row in found if row.necessity == "mandatory" and row.status == status))


def merit(found: GapReport, min_assessed: float = MIN_ASSESSED) -> Merit:
    """Return what somebody is ranked by: gates first, then whether enough is known, then readiness."""
    return Merit(
        len(gates(found, "below")),
        len(gates(found, "unassessed")),
        (found.assessed_share or 0.0) < min_assessed,
        round(1 - (found.readiness or 0.0), _EXACT),
    )
