"""Attained levels over data frames: the arithmetic of `capgraph.analysis.policy` as expressions.

Every step is an expression that any engine runs by itself, lazily where the engine is lazy.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import narwhals as nw

from capgraph.analysis.policy import HALF, SOURCE_WEIGHT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from capgraph.analysis.policy import EvidencePolicy

Frame = Any
"""A narwhals DataFrame or LazyFrame; both take the same expressions."""

KEYS = ("person", "capability")
_DAY = dt.timedelta(days=1)
_KINDS = len(SOURCE_WEIGHT) + 1


def counting(evidence: Frame, kinds: Frame | None, *, policy: EvidencePolicy, as_of: dt.date) -> Frame:
    """Return the records that count, with what each weighs.

    Parameters
    ----------
    evidence : frame
        ``person``, ``capability``, ``kind``, ``date``; optionally ``level``, ``value``, ``confidence``, ``expires``,
        ``id`` and ``corrects``.
    kinds : frame or None
        ``capability`` and ``capability_kind``; None where every capability is a skill.
    policy : EvidencePolicy
        Which evidence counts and what it weighs.
    as_of : date
        The day asked about.

    Returns
    -------
    frame
        ``person``, ``capability``, ``level``, ``value``, ``weight`` and ``recency``, which grows with how much a record
        is preferred by ``latest`` or ``prioritised``.
    """
    schema = evidence.collect_schema()
    kept = _valid(evidence, schema, policy, as_of)
    confidence = nw.col("confidence").cast(nw.Float64).fill_null(1.0) if "confidence" in schema else nw.lit(1.0)
    weight = chosen("kind", {kind: policy.source_weight.get(kind, SOURCE_WEIGHT[kind]) for kind in policy.order})
    day = _ordinal("date", schema["date"])
    if policy.half_life:
        kept = _with_kinds(kept, kinds)
        weight = weight * _fading(policy, as_of.toordinal() - day)
    return kept.select(
        *KEYS,
        (nw.col("level") if "level" in schema else nw.lit(None)).cast(nw.Float64).alias("level"),
        (nw.col("value") if "value" in schema else nw.lit(None)).cast(nw.Float64).alias("value"),
        (weight * confidence).alias("weight"),
        _recency(policy, day).alias("recency"),
    ).filter(nw.col("weight") > 0)


def settled(claims: Frame, column: str, *, policy: EvidencePolicy, sure: bool) -> Frame:
    """Return what the claims come to: one row for each person and capability that there are any about.

    Parameters
    ----------
    claims : frame
        As `counting` returns them.
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
    if policy.combine == "weighted_median":
        found = _weighted_median(stated)
    else:
        found = _preferred(stated, policy)
        if sure:
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


def chosen(column: str, choices: Mapping[Any, float], default: float | None = None) -> nw.Expr:
    """Return the number that stands for the word in a column; `default` for any other word."""
    found: nw.Expr = nw.lit(default, dtype=nw.Float64)
    for word, number in choices.items():
        found = nw.when(nw.col(column) == word).then(nw.lit(float(number))).otherwise(found)
    return found


def _weighted_median(stated: Frame) -> Frame:
    """Return the lowest level whose cumulative weight reaches half of the total."""
    by_level = stated.group_by(*KEYS, "stated").agg(
        nw.col("weight").sum().alias("mass"), nw.col("weight").max().alias("largest")
    )
    summed = by_level.with_columns(
        nw.col("mass").cum_sum().over(*KEYS, order_by="stated").alias("reached"),
        nw.col("mass").sum().over(*KEYS).alias("total"),
    )
    half = nw.col("total") * HALF
    first = summed.filter((nw.col("reached") >= half) & (nw.col("reached") - nw.col("mass") < half))
    agreement = nw.col("mass") / nw.col("total")
    return first.select(
        *KEYS, nw.col("stated").alias("attained"), (_at_most_one("largest") * agreement).alias("confidence")
    )


def _preferred(stated: Frame, policy: EvidencePolicy) -> Frame:
    """Return the highest level, or the lowest one of the most preferred records."""
    if policy.combine == "highest":
        return stated.group_by(*KEYS).agg(nw.col("stated").max().alias("attained"))
    best = stated.group_by(*KEYS).agg(nw.col("recency").max().alias("best"))
    first = stated.join(best, on=list(KEYS), how="inner").filter(nw.col("recency") == nw.col("best"))
    return first.group_by(*KEYS).agg(nw.col("stated").min().alias("attained"))


def _recency(policy: EvidencePolicy, day: nw.Expr) -> nw.Expr:
    """Return a whole number that is larger for the record to prefer: by day then kind, or by kind then day."""
    kind = chosen("kind", {word: _KINDS - place for place, word in enumerate(policy.order)}, 0.0).cast(nw.Int64)
    return kind * dt.date.max.toordinal() + day if policy.combine == "prioritised" else day * (_KINDS + 1) + kind


def _fading(policy: EvidencePolicy, age: nw.Expr) -> nw.Expr:
    """Return what is left of a weight after some days, by kind of capability."""
    half_life = chosen("capability_kind", policy.half_life)
    halves = age.cast(nw.Float64) / half_life
    return nw.when(half_life.is_null()).then(nw.lit(1.0)).otherwise(nw.lit(0.5) ** halves)


def _with_kinds(evidence: Frame, kinds: Frame | None) -> Frame:
    """Return the evidence with the kind of each capability."""
    if kinds is None:
        return evidence.with_columns(nw.lit("skill").alias("capability_kind"))
    return evidence.join(kinds, on="capability", how="left")


def _valid(evidence: Frame, schema: Mapping[str, Any], policy: EvidencePolicy, as_of: dt.date) -> Frame:
    """Return the records that the policy lets in on the day: neither left out, corrected, later nor expired."""
    left_out = {*policy.excluded, *(() if policy.completions else ("completion",))}
    kept = _uncorrected(evidence, schema, as_of).filter(~nw.col("kind").is_in(sorted(left_out)))
    kept = kept.filter(_on_or_before("date", schema["date"], as_of))
    if policy.expiry and "expires" in schema:
        kept = kept.filter(nw.col("expires").is_null() | _on_or_after("expires", schema["expires"], as_of))
    return kept


def _uncorrected(evidence: Frame, schema: Mapping[str, Any], as_of: dt.date) -> Frame:
    """Return the records that no record known on the day corrects."""
    if "id" not in schema or "corrects" not in schema:
        return evidence
    late = evidence.filter(~nw.col("corrects").is_null() & _on_or_before("date", schema["date"], as_of))
    replaced = late.select("person", nw.col("corrects").alias("id")).unique(["person", "id"])
    return evidence.join(replaced, on=["person", "id"], how="anti")


def _on_or_before(column: str, kind: Any, day: dt.date) -> nw.Expr:  # noqa: ANN401 - a narwhals data type
    """Return whether a date, a moment or an ISO text lies on a day or before it."""
    if kind == nw.String:
        return nw.col(column).str.slice(0, 10) <= day.isoformat()
    if kind == nw.Date:
        return nw.col(column) <= day
    return nw.col(column) < _midnight(kind, day + _DAY)


def _on_or_after(column: str, kind: Any, day: dt.date) -> nw.Expr:  # noqa: ANN401 - a narwhals data type
    """Return whether a date, a moment or an ISO text lies on a day or after it."""
    if kind == nw.String:
        return nw.col(column).str.slice(0, 10) >= day.isoformat()
    if kind == nw.Date:
        return nw.col(column) >= day
    return nw.col(column) >= _midnight(kind, day)


def _midnight(kind: Any, day: dt.date) -> dt.datetime:  # noqa: ANN401 - a narwhals data type
    """Return the beginning of a day, in UTC where the column has a zone."""
    zone = dt.UTC if getattr(kind, "time_zone", None) else None
    return dt.datetime.combine(day, dt.time(), zone)


def _ordinal(column: str, kind: Any) -> nw.Expr:  # noqa: ANN401 - a narwhals data type
    """Return the day number of a date, as ``date.toordinal`` does, by whole numbers alone: engines differ in dates."""
    if kind == nw.String:
        text = nw.col(column).str
        year, month, day = (text.slice(start, size).cast(nw.Int64) for start, size in ((0, 4), (5, 2), (8, 2)))
    else:
        date = nw.col(column).dt
        year, month, day = (part.cast(nw.Int64) for part in (date.year(), date.month(), date.day()))
    early = (month <= 2).cast(nw.Int64)  # noqa: PLR2004 - the year begins in March, so that a leap day is its last
    since = year - early
    of_year = (153 * (month + 12 * early - 3) + 2) // 5 + day
    return 365 * since + since // 4 - since // 100 + since // 400 + of_year - 306


def _at_most_one(column: str) -> nw.Expr:
    """Return the number in a column, or 1 where it is larger."""
    return nw.when(nw.col(column) > 1.0).then(nw.lit(1.0)).otherwise(nw.col(column))
