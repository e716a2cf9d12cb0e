"""Which records of a frame count, about which capability, and at which level, before anything is weighed.

Every step is an expression that any engine runs by itself, lazily where the engine is lazy.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import narwhals as nw

if TYPE_CHECKING:
    from collections.abc import Mapping

    from capgraph.analysis.policy import EvidencePolicy

Frame = Any
"""A narwhals DataFrame or LazyFrame; both take the same expressions."""

_DAY = dt.timedelta(days=1)
_CARRIED: dict[str, Any] = {"level": nw.Float64, "value": nw.Float64, "confidence": nw.Float64, "scale": nw.String}
STATED = ("person", "capability", "kind", "day", *_CARRIED, "behavior", "shows", "below", "shown")
"""The columns of a statement: what one record says about one capability."""


def statements(evidence: Frame, behaviors: Frame | None, *, policy: EvidencePolicy, as_of: dt.date) -> Frame:
    """Return what the records that the policy lets in on a day say, one row for each capability.

    Parameters
    ----------
    evidence : frame
        As `capgraph.analysis.workforce.workforce_gap` takes it.
    behaviors : frame or None
        Likewise.
    policy : EvidencePolicy
        Which evidence counts.
    as_of : date
        The day asked about.

    Returns
    -------
    frame
        The columns `STATED`: ``day`` is a number of days; ``behavior``, the level that it ``shows``, the level
        ``below`` that one and whether it was ``shown`` (1 or 0) are empty where no behavior was looked for.
    """
    evidence = _without_objects(evidence)
    schema = evidence.collect_schema()
    kept = _valid(evidence, schema, policy, as_of)
    carried = [
        (nw.col(name).cast(kind) if name in schema else nw.lit(None, dtype=kind)).alias(name)
        for name, kind in _CARRIED.items()
    ]
    day = _ordinal("date", schema["date"]).alias("day")
    if behaviors is None:
        return kept.select("person", "capability", "kind", day, *carried, *_no_behavior())
    rated = kept.filter(nw.col("behavior").is_null())
    also = kept.filter(~nw.col("behavior").is_null() & ~nw.col("capability").is_null() & ~nw.col("level").is_null())
    return nw.concat(
        [
            rated.select("person", "capability", "kind", day, *carried, *_no_behavior()),
            also.select("person", "capability", "kind", day, *carried, *_no_behavior()).with_columns(
                nw.lit(None, dtype=nw.Float64).alias("value")
            ),
            _looked_for(kept, behaviors, day, carried),
        ]
    )


def _without_objects(evidence: Frame) -> Frame:
    """Return records whose days are no Python objects, as pandas keeps dates without times: texts instead."""
    schema = evidence.collect_schema()
    days = [name for name in ("date", "expires") if schema.get(name) == nw.Object]
    texts = (nw.when(~nw.col(name).is_null()).then(nw.col(name).cast(nw.String)).alias(name) for name in days)
    return evidence.with_columns(*texts) if days else evidence


def _no_behavior() -> list[nw.Expr]:
    """Return the columns about behaviors of a record that is about none."""
    kinds: dict[str, Any] = {"behavior": nw.String, "shows": nw.Float64, "below": nw.Float64, "shown": nw.Float64}
    return [nw.lit(None, dtype=kind).alias(name) for name, kind in kinds.items()]


def _looked_for(kept: Frame, behaviors: Frame, day: nw.Expr, carried: list[nw.Expr]) -> Frame:
    """Return what records about behaviors say about the capabilities of these."""
    known = behaviors.collect_schema().names()
    level = (nw.col("level") if "level" in known else nw.lit(None)).cast(nw.Float64)
    below = nw.col("below").cast(nw.Float64) if "below" in known else level - 1
    table = behaviors.select(
        "behavior", nw.col("capability").alias("_shown"), level.alias("shows"), below.alias("below")
    )
    seen = kept.filter(~nw.col("behavior").is_null()).select("person", "behavior", "kind", day, *carried)
    shown = nw.when(nw.col("value") == 0).then(nw.lit(0.0)).otherwise(nw.lit(1.0)).alias("shown")
    found = seen.join(table, on="behavior", how="inner").with_columns(shown)
    nothing = nw.lit(None, dtype=nw.Float64)
    return found.with_columns(
        nw.col("_shown").alias("capability"),
        nothing.alias("level"),
        nothing.alias("value"),
        nw.lit(None, dtype=nw.String).alias("scale"),
    ).select(*STATED)


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
