"""EvidencePolicy: which evidence counts, what it weighs and how it is combined; the arithmetic, stated once.

For a record of kind *k* about a capability of kind *q*, dated *age* days before the day asked about::

    weight     = source_weight[k] × confidence × 0.5 ** (age / half_life[q])
    confidence = min(1, largest weight that agrees) × agreeing weight ÷ weight

Without a half-life nothing fades; the last factor of the confidence belongs to the weighted median alone.

`capgraph.analysis.attainment` applies it to records, `capgraph.analysis.workforce` to data frames.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from pydantic import Field

from capgraph.model import CapabilityKind, EvidenceKind, FrozenMapping
from capgraph.model.base import Id, Model, Number, Rank

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

Combination = Literal["weighted_median", "latest", "highest", "prioritised"]
Inference = Literal["broader", "exact", "mapped"]

SOURCE_WEIGHT: dict[EvidenceKind, float] = {
    "test": 1.0,
    "credential": 1.0,
    "observation": 1.0,
    "manager": 0.8,
    "peer": 0.6,
    "self": 0.4,
    "completion": 0.3,
    "inferred": 0.3,
}
"""What a record of each kind weighs where a policy does not say otherwise; also the order of priority."""
HALF = 0.5 * (1 - 1e-9)
"""The share of the weight at which a weighted median is reached."""


class Rescale(Model):
    """How the levels of one scale read on another."""

    source: Id
    """The scale of the levels as they are stated."""
    target: Id
    """The scale on which they are to be compared."""
    levels: FrozenMapping[Rank, Rank]
    """The rank on the target scale for each rank of the source scale."""


class EvidencePolicy(Model):
    """Which evidence counts, what it weighs, and how it is combined into an attained level.

    Examples
    --------
    >>> policy = EvidencePolicy(excluded=["self"], half_life={"knowledge": 730}, combine="latest")
    >>> policy.weight("manager", 0.5, age=730, capability="knowledge")
    0.2
    """

    excluded: tuple[EvidenceKind, ...] = ()
    """Kinds of evidence that do not count, such as ``self``; they are listed among what was left out."""
    source_weight: FrozenMapping[EvidenceKind, Number] = FrozenMapping()
    """What a record weighs by its kind; kinds that are not named keep `SOURCE_WEIGHT`."""
    half_life: FrozenMapping[CapabilityKind, Annotated[float, Field(gt=0)]] = FrozenMapping()
    """The days after which evidence weighs half as much, by kind of capability; kinds not named do not fade."""
    combine: Combination = "weighted_median"
    """``weighted_median``: the lowest level whose cumulative weight reaches half of the total; ``latest``: the newest
    record (same day: the kind that comes first in `priority`, then the lower level); ``highest``: the highest level;
    ``prioritised``: the kind that comes first in `priority`, and of that the newest record, then the lower level."""
    priority: tuple[EvidenceKind, ...] = ()
    """Kinds of evidence, the one to trust most first; kinds not named follow in the order of `SOURCE_WEIGHT`."""
    expiry: bool = True
    """Whether records count only until their last day."""
    completions: bool = False
    """Whether completions give a level: that which they state, or ``level_to`` of what the asset teaches."""
    share: Annotated[float, Field(gt=0, le=1)] = 0.7
    """The share of a level's behaviors that must be shown to reach it."""
    inference: tuple[Inference, ...] = ()
    """What fills in for a capability without evidence of its own: ``broader`` counts evidence of what is narrower,
    ``exact`` counts evidence of what is mapped to it exactly; ``mapped`` lets `gap` give the share of a requirement
    that any mapping is worth."""
    rescale: tuple[Rescale, ...] = ()
    """How levels of other scales are read; without one, levels of two scales are refused."""

    def weight(self, kind: EvidenceKind, confidence: float | None, *, age: int, capability: CapabilityKind) -> float:
        """Return what a record weighs.

        Parameters
        ----------
        kind : str
            The kind of evidence.
        confidence : float or None
            How sure the source is, 0 to 1; None counts as 1.
        age : int
            Days since the record's date, >= 0.
        capability : str
            The kind of the capability.
        """
        source = self.source_weight.get(kind, SOURCE_WEIGHT[kind])
        return weight_of(source, confidence, age=age, half_life=self.half_life.get(capability))

    @property
    def order(self) -> tuple[EvidenceKind, ...]:
        """All kinds of evidence, the one to trust most first."""
        return tuple(dict.fromkeys((*self.priority, *SOURCE_WEIGHT)))


def weight_of(source: float, confidence: float | None, *, age: int, half_life: float | None) -> float:
    """Return ``source × confidence × 0.5 ** (age / half_life)``; without a half-life nothing fades.

    Parameters
    ----------
    source : float
        The weight of the kind of evidence.
    confidence : float or None
        How sure the source is, 0 to 1; None counts as 1.
    age : int
        Days since the record's date.
    half_life : float or None
        Days after which it weighs half as much.
    """
    sure = source if confidence is None else source * confidence
    return sure if half_life is None else sure * 0.5 ** (age / half_life)


class Claim(NamedTuple):
    """One statement that takes part in a combination."""

    level: float
    """The level or value that it states."""
    weight: float
    """What it weighs; more than 0."""
    date: dt.date
    """The day on which it was shown."""
    rank: int
    """The place of its kind in the order of priority, from 0."""


def combined(claims: Sequence[Claim], how: Combination) -> tuple[float, float]:
    """Return the level that claims come to, and the confidence in it.

    Parameters
    ----------
    claims : sequence of Claim
        At least one; their order changes nothing.
    how : str
        The combination.

    Notes
    -----
    Sorts the claims, once.
    """
    if len(claims) == 1:
        return claims[0].level, min(1.0, claims[0].weight)
    ordered = sorted(claims)
    if how == "weighted_median":
        return _weighted_median(ordered)
    level = _COMBINATIONS[how](ordered)
    return level, min(1.0, max([claim.weight for claim in ordered if claim.level == level]))


def _weighted_median(claims: Sequence[Claim]) -> tuple[float, float]:
    """Return the lowest level whose cumulative weight reaches half of the total, and the confidence in it."""
    weights = [claim.weight for claim in claims]
    total = sum(weights)
    needed, place, reached = HALF * total, 0, weights[0]
    while reached < needed and place < len(weights) - 1:
        place += 1
        reached += weights[place]
    level = claims[place].level
    agreeing = [claim.weight for claim in claims if claim.level == level]
    return level, min(1.0, max(agreeing)) * (sum(agreeing) / total)


def _latest(claims: Sequence[Claim]) -> float:
    """Return the level of the newest claim; same day: the better kind, then the lower level."""
    return min(claims, key=lambda claim: (-claim.date.toordinal(), claim.rank, claim.level)).level


def _highest(claims: Sequence[Claim]) -> float:
    """Return the highest level."""
    return claims[-1].level


def _prioritised(claims: Sequence[Claim]) -> float:
    """Return the level of the best kind's newest claim, then the lower level."""
    return min(claims, key=lambda claim: (claim.rank, -claim.date.toordinal(), claim.level)).level


_COMBINATIONS = {
    "latest": _latest,
    "highest": _highest,
    "prioritised": _prioritised,
}
