"""What is attained set against what is required, over data frames: ``shortfall``, ``credit`` and ``status``."""

from __future__ import annotations

from typing import Any

import narwhals as nw

Frame = Any
"""A narwhals DataFrame or LazyFrame; both take the same expressions."""

_NOTHING = nw.lit(None, dtype=nw.Float64)


def judged(rows: Frame, *, sure: bool) -> Frame:
    """Return the rows with what is attained set against what is required.

    Parameters
    ----------
    rows : frame
        A requirement and what is attained of it in each: ``required``, ``by_value``, ``lowest``, ``attained_level``,
        ``attained_value`` and ``confidence_held``; for a sure answer also ``confidence_level``, ``confidence_value``,
        ``infers`` and ``self_level``.
    sure : bool
        Whether confidence, inference and people's own ratings are told.
    """
    level, value = nw.col("attained_level"), nw.col("attained_value")
    unknown = is_unknown()
    lacking = ~level.is_null() & ~nw.col("lowest").is_null() & (level < nw.col("lowest"))
    confidence = nw.coalesce("confidence_level", "confidence_value", "confidence_held")
    compared = rows.with_columns(
        nw.when(nw.col("by_value")).then(value).otherwise(level).alias("attained"),
        nw.when(unknown).then(_NOTHING).otherwise(_one_if(~lacking)).alias("held"),
        *(
            [
                confidence.alias("confidence"),
                ((nw.col("infers").fill_null(0) == 1) & ~unknown).alias("inferred"),
                (nw.col("self_level") - level).alias("self_difference"),
            ]
            if sure
            else []
        ),
    )
    required, attained = nw.col("required"), nw.col("attained")
    missing = nw.when(attained < required).then(required - attained).otherwise(nw.lit(0.0))
    measured = compared.with_columns(
        nw.when(required.is_null())
        .then(1.0 - nw.col("held"))
        .otherwise(_unless_null("attained", missing))
        .alias("shortfall"),
        nw.when(required.is_null()).then(nw.col("held")).otherwise(_unless_null("attained", _credit())).alias("credit"),
    )
    status = nw.when(nw.col("shortfall") > 0).then(nw.lit("below")).otherwise(nw.lit("met"))
    return measured.with_columns(
        nw.when(nw.col("credit").is_null()).then(nw.lit("unassessed")).otherwise(status).alias("status")
    )


def _credit() -> nw.Expr:
    """Return how much of the required level is attained, in steps from the lowest, 0 to 1."""
    lowest = nw.col("lowest").fill_null(0.0)
    span = nw.col("required") - lowest
    share = (nw.col("attained") - lowest) / nw.when(span > 0).then(span).otherwise(nw.lit(1.0))
    clipped = nw.when(share < 0).then(nw.lit(0.0)).otherwise(nw.when(share > 1).then(nw.lit(1.0)).otherwise(share))
    return nw.when(span > 0).then(clipped).otherwise(_one_if(nw.col("attained") >= nw.col("required")))


def _one_if(condition: nw.Expr) -> nw.Expr:
    """Return 1 where something holds, else 0."""
    return nw.when(condition).then(nw.lit(1.0)).otherwise(nw.lit(0.0))


def _unless_null(column: str, value: nw.Expr) -> nw.Expr:
    """Return a number, or nothing where a column holds nothing."""
    return nw.when(nw.col(column).is_null()).then(_NOTHING).otherwise(value)


def is_unknown() -> nw.Expr:
    """Return whether nothing is known."""
    level, value = nw.col("attained_level"), nw.col("attained_value")
    return level.is_null() & value.is_null() & nw.col("confidence_held").is_null()
