"""From behaviors to levels over data frames: what `capgraph.analysis.behaviors` does for one person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from capgraph.analysis.frame_attainment import KEYS, combined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from capgraph.analysis.policy import EvidencePolicy

Frame = Any
"""A narwhals DataFrame or LazyFrame; both take the same expressions."""

CLAIM = (*KEYS, "level", "value", "weight", "day", "trust")
"""The columns of what is put forward."""
_ROUNDING = 1e-9
_VOICE = ("weight", "day", "trust")


def claims(counted: Frame, behaviors: Frame | None, policy: EvidencePolicy) -> Frame:
    """Return what counting statements put forward; the behaviors of a capability speak with one voice.

    Parameters
    ----------
    counted : frame
        As `capgraph.analysis.frame_attainment.weighed` returns them.
    behaviors : frame or None
        ``behavior``, ``capability`` and optionally ``level`` and ``below``.
    policy : EvidencePolicy
        Which share of a level's behaviors must be shown.
    """
    if behaviors is None:
        return counted.select(*CLAIM)
    plain = counted.filter(nw.col("shown").is_null()).select(*CLAIM)
    seen = counted.filter(~nw.col("shown").is_null())
    held = seen.filter(nw.col("shows").is_null() & (nw.col("shown") == 1)).select(*CLAIM)
    rated = seen.filter(~nw.col("shows").is_null())
    known = behaviors.collect_schema().names()
    if "level" not in known:
        return nw.concat([plain, held])
    judged = _judged(rated, behaviors, policy)
    return nw.concat([plain, held, _reached(judged), _failed(judged)])


def _judged(seen: Frame, behaviors: Frame, policy: EvidencePolicy) -> Frame:
    """Return every level that has behaviors, for each person and capability of which any was looked for.

    ``misses`` counts the levels up to it that are not reached, ``needed`` the behaviors that it takes.
    """
    levels = _levels(behaviors).with_columns((nw.col("behaviors") * policy.share - _ROUNDING).alias("needed"))
    pairs = seen.select(*KEYS).unique(list(KEYS)).join(levels, on="capability", how="inner")
    found = pairs.join(_outcomes(seen, policy), on=[*KEYS, "shows"], how="left").with_columns(
        nw.col("yes").fill_null(0.0).alias("yes"), nw.col("no").fill_null(0.0).alias("no")
    )
    missed = nw.when(nw.col("yes") >= nw.col("needed")).then(nw.lit(0)).otherwise(nw.lit(1))
    return found.with_columns(missed.alias("missed"), nw.lit(1).alias("one")).with_columns(
        nw.col("missed").cum_sum().over(*KEYS, order_by="shows").alias("misses"),
        nw.col("one").cum_sum().over(*KEYS, order_by="shows").alias("place"),
    )


def _levels(behaviors: Frame) -> Frame:
    """Return the levels of each capability that have behaviors: how many, and the level below."""
    level = nw.col("level").cast(nw.Float64)
    below = nw.col("below").cast(nw.Float64) if "below" in behaviors.collect_schema().names() else level - 1
    table = behaviors.filter(~nw.col("level").is_null()).select(
        "capability", level.alias("shows"), below.alias("below"), nw.lit(1.0).alias("behaviors")
    )
    return table.group_by("capability", "shows").agg(nw.col("behaviors").sum(), nw.col("below").max())


def _outcomes(seen: Frame, policy: EvidencePolicy) -> Frame:
    """Return how many behaviors of each level are shown (``yes``) and not shown (``no``), and the best of either."""
    keys = (*KEYS, "shows", "behavior")
    outcome = combined(seen.with_columns(nw.col("shown").alias("stated")), keys, policy)
    spoken = [f"{part}_{name}" for name in ("yes", "no") for part in _VOICE]
    best = _flagged(seen).group_by(*keys).agg(*(nw.col(name).max() for name in spoken))
    both = outcome.select(*keys, "attained").join(best, on=list(keys), how="inner")
    shown = nw.when(nw.col("attained") > 0).then(nw.lit(1.0)).otherwise(nw.lit(0.0))
    counted = both.with_columns(shown.alias("yes"), (1.0 - shown).alias("no"))
    return counted.group_by(*KEYS, "shows").agg(
        nw.col("yes").sum(), nw.col("no").sum(), *(nw.col(name).max() for name in spoken)
    )


def _flagged(seen: Frame) -> Frame:
    """Return records about behaviors with their weight, day and trust under ``…_yes`` or ``…_no``, -1 in the other."""
    return seen.with_columns(
        *(
            nw.when(nw.col("shown") == answer).then(nw.col(part)).otherwise(nw.lit(-1)).alias(f"{part}_{name}")
            for name, answer in (("yes", 1), ("no", 0))
            for part in _VOICE
        )
    )


def _reached(judged: Frame) -> Frame:
    """Return the claims for the highest levels reached, each as weighty, new and trusted as its best record."""
    passed = judged.filter(nw.col("misses") == 0)
    return _claimed(passed.group_by(*KEYS).agg(nw.col("shows").max().alias("level"), *_best("yes")))


def _failed(judged: Frame) -> Frame:
    """Return the claims for the level below the lowest one, where that cannot be reached any more."""
    open_ = nw.col("behaviors") - nw.col("no") >= nw.col("needed")
    first = judged.filter((nw.col("place") == 1) & (nw.col("misses") == 1) & ~open_)
    return _claimed(first.group_by(*KEYS).agg(nw.col("below").max().alias("level"), *_best("no")))


def _best(answer: str) -> Sequence[nw.Expr]:
    """Return the best weight, day and trust of the records that give an answer."""
    return [nw.col(f"{part}_{answer}").max().alias(part) for part in _VOICE]


def _claimed(found: Frame) -> Frame:
    """Return claims with the columns that all claims have."""
    whole = (nw.col(name).cast(nw.Int64) for name in ("day", "trust"))
    return found.with_columns(nw.lit(None, dtype=nw.Float64).alias("value"), *whole).select(*CLAIM)
