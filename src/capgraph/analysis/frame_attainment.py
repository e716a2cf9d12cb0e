"""Attained levels over data frames: the arithmetic of `capgraph.analysis.policy` as expressions.

Every step is an expression that any engine runs by itself, lazily where the engine is lazy.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import narwhals as nw

from capgraph.analysis.policy import HALF, SOURCE_WEIGHT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from capgraph.analysis.policy import EvidencePolicy

Frame = Any
"""A narwhals DataFrame or LazyFrame; both take the same expressions."""

KEYS = ("person", "capability")
KINDS = len(SOURCE_WEIGHT) + 1
"""One more than there are kinds of evidence, so that the last of them still counts 1."""


def weighed(stated: Frame, policy: EvidencePolicy, as_of: dt.date) -> Frame:
    """Return statements with what each weighs, those that weigh nothing left out.

    Parameters
    ----------
    stated : frame
        As `capgraph.analysis.frame_statements.statements` returns them, with ``capability_kind`` where something fades.
    policy : EvidencePolicy
        What evidence weighs.
    as_of : date
        The day asked about.

    Returns
    -------
    frame
        The statements with ``weight``, ``trust`` (the larger, the earlier in the order of priority) and ``infers``
        (1 where the record is inferred by the system that it comes from).
    """
    weight = chosen("kind", {kind: policy.source_weight.get(kind, SOURCE_WEIGHT[kind]) for kind in policy.order})
    if policy.half_life:
        weight = weight * _fading(policy, as_of.toordinal() - nw.col("day"))
    trust = chosen("kind", {word: KINDS - place for place, word in enumerate(policy.order)}, 0.0).cast(nw.Int64)
    infers = nw.when(nw.col("kind") == "inferred").then(nw.lit(1)).otherwise(nw.lit(0))
    return stated.with_columns(
        (weight * nw.col("confidence").fill_null(1.0)).alias("weight"), trust.alias("trust"), infers.alias("infers")
    ).filter(nw.col("weight") > 0)


def settled(claims: Frame, column: str, *, policy: EvidencePolicy, sure: bool) -> Frame:
    """Return what the claims come to: one row for each person and capability that there are any about.

    Parameters
    ----------
    claims : frame
        ``person``, ``capability``, ``level``, ``value``, ``weight``, ``day`` and ``trust``.
    column : str
        ``level`` or ``value``.
    policy : EvidencePolicy
        How claims are combined.
    sure : bool
        Whether to work out the confidence, which takes another pass except for the weighted median.

    Returns
    -------
    frame
        ``person``, ``capability``, ``attained_<column>`` and, where asked for, ``confidence_<column>``.
    """
    stated = claims.filter(~nw.col(column).is_null()).rename({column: "stated"})
    found = combined(stated, KEYS, policy, sure=sure)
    if sure and policy.combine != "weighted_median":
        agreeing = stated.join(found, on=list(KEYS), how="inner").filter(nw.col("stated") == nw.col("attained"))
        sums = agreeing.group_by(*KEYS, "attained").agg(nw.col("weight").max().alias("largest"))
        found = sums.select(*KEYS, "attained", _at_most_one("largest").alias("confidence"))
    names = {"attained": f"attained_{column}", "confidence": f"confidence_{column}"}
    kept = [*KEYS, "attained", *(["confidence"] if sure else [])]
    return found.select(*kept).rename({old: new for old, new in names.items() if old in kept})


def held(claims: Frame) -> Frame:
    """Return what claims without a level or value come to: ``person``, ``capability``, ``confidence_held``."""
    stated = claims.filter(nw.col("level").is_null() & nw.col("value").is_null())
    sums = stated.group_by(*KEYS).agg(nw.col("weight").max().alias("largest"))
    return sums.select(*KEYS, _at_most_one("largest").alias("confidence_held"))


def self_rated(counted: Frame, policy: EvidencePolicy) -> Frame:
    """Return what people's own ratings come to by themselves: ``person``, ``capability``, ``self_level``."""
    own = counted.filter((nw.col("kind") == "self") & nw.col("shown").is_null())
    return settled(own, "level", policy=policy, sure=False).rename({"attained_level": "self_level"})


def chosen(column: str, choices: Mapping[Any, float], default: float | None = None) -> nw.Expr:
    """Return the number that stands for the word in a column; `default` for any other word."""
    found: nw.Expr = nw.lit(default, dtype=nw.Float64)
    for word, number in choices.items():
        found = nw.when(nw.col(column) == word).then(nw.lit(float(number))).otherwise(found)
    return found


def combined(stated: Frame, keys: Sequence[str], policy: EvidencePolicy, *, sure: bool = False) -> Frame:
    """Return what claims come to for each of some keys: ``attained``; of a `sure` weighted median ``confidence``."""
    if policy.combine == "weighted_median":
        return _weighed_levels(stated, keys) if sure else _middle(stated, keys, "weight").select(*keys, "attained")
    if policy.combine == "highest":
        return stated.group_by(*keys).agg(nw.col("stated").max().alias("attained"))
    recent = stated.with_columns(_recency(policy).alias("recency"))
    best = recent.group_by(*keys).agg(nw.col("recency").max().alias("best"))
    first = recent.join(best, on=list(keys), how="inner").filter(nw.col("recency") == nw.col("best"))
    return first.group_by(*keys).agg(nw.col("stated").min().alias("attained"))


def _weighed_levels(stated: Frame, keys: Sequence[str]) -> Frame:
    """Return the weighted median and the confidence in it: claims that agree are added up first."""
    by_level = stated.group_by(*keys, "stated").agg(
        nw.col("weight").sum().alias("mass"), nw.col("weight").max().alias("largest")
    )
    agreement = nw.col("mass") / nw.col("total")
    found = _middle(by_level, keys, "mass")
    return found.select(*keys, "attained", (_at_most_one("largest") * agreement).alias("confidence"))


def _middle(stated: Frame, keys: Sequence[str], weight: str) -> Frame:
    """Return the first row, by level, whose cumulative weight reaches half of the total: of equal levels any one."""
    summed = stated.with_columns(
        nw.col(weight).cum_sum().over(*keys, order_by="stated").alias("reached"),
        nw.col(weight).sum().over(*keys).alias("total"),
    )
    half = nw.col("total") * HALF
    first = summed.filter((nw.col("reached") >= half) & (nw.col("reached") - nw.col(weight) < half))
    return first.rename({"stated": "attained"})


def _recency(policy: EvidencePolicy) -> nw.Expr:
    """Return a whole number that is larger for the record to prefer: by day then kind, or by kind then day."""
    day, trust = nw.col("day"), nw.col("trust")
    return trust * dt.date.max.toordinal() + day if policy.combine == "prioritised" else day * (KINDS + 1) + trust


def _fading(policy: EvidencePolicy, age: nw.Expr) -> nw.Expr:
    """Return what is left of a weight after some days, by kind of capability."""
    half_life = chosen("capability_kind", policy.half_life)
    halves = age.cast(nw.Float64) / half_life
    return nw.when(half_life.is_null()).then(nw.lit(1.0)).otherwise(nw.lit(0.5) ** halves)


def _at_most_one(column: str) -> nw.Expr:
    """Return the number in a column, or 1 where it is larger."""
    return nw.when(nw.col(column) > 1.0).then(nw.lit(1.0)).otherwise(nw.col(column))
