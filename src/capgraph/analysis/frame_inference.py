"""Inference over data frames: what evidence of one capability says about another, as a policy allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from capgraph.analysis.frame_attainment import KEYS, KINDS, held, settled
from capgraph.analysis.frame_scales import rated, rescaled
from capgraph.analysis.policy import SOURCE_WEIGHT

if TYPE_CHECKING:
    from capgraph.analysis.policy import EvidencePolicy

Frame = Any
"""A narwhals DataFrame or LazyFrame; both take the same expressions."""


def inferred(counted: Frame, claims: Frame, links: Frame, table: Frame | None, policy: EvidencePolicy) -> Frame:
    """Return what the policy infers: one row for each person and capability that other capabilities speak for.

    Parameters
    ----------
    counted : frame
        The statements that count.
    claims : frame
        What they put forward.
    links : frame
        ``capability``, ``target`` and ``relation``.
    table : frame or None
        What is known of each capability.
    policy : EvidencePolicy
        What may be inferred, and how claims are combined.

    Returns
    -------
    frame
        ``person``, ``capability``, ``inferred_level``, ``inferred_confidence``.
    """
    speaking = _speaking(_direct(counted, claims, policy), links, table, policy)
    level = settled(speaking, "level", policy=policy, sure=True)
    known = held(speaking.with_columns(_NOTHING.alias("level"), _NOTHING.alias("value")))
    found = known.join(level, on=list(KEYS), how="left")
    return found.select(
        *KEYS,
        nw.col("attained_level").alias("inferred_level"),
        nw.coalesce("confidence_level", "confidence_held").alias("inferred_confidence"),
    )


_NOTHING = nw.lit(None, dtype=nw.Float64)


def _direct(counted: Frame, claims: Frame, policy: EvidencePolicy) -> Frame:
    """Return what the evidence about each capability itself comes to, with the newest day of it."""
    newest = counted.group_by(*KEYS).agg(nw.col("day").max().alias("day"))
    for column in ("level", "value"):
        newest = newest.join(settled(claims, column, policy=policy, sure=True), on=list(KEYS), how="left")
    found = newest.join(held(claims), on=list(KEYS), how="left").with_columns(
        nw.coalesce("confidence_level", "confidence_value", "confidence_held").alias("confidence")
    )
    return found.filter(~nw.col("confidence").is_null()).select(*KEYS, "attained_level", "confidence", "day")


def _speaking(direct: Frame, links: Frame, table: Frame | None, policy: EvidencePolicy) -> Frame:
    """Return what each capability puts forward for each other one that it speaks for."""
    allowed = links.filter(nw.col("relation").is_in(list(policy.inference))).select("capability", "target", "relation")
    sources = rated(direct, table).join(allowed, on="capability", how="inner")
    lacking = ~nw.col("attained_level").is_null() & ~nw.col("bottom").is_null()
    is_held = nw.when(lacking & (nw.col("attained_level") < nw.col("bottom"))).then(nw.lit(0)).otherwise(nw.lit(1))
    kept = sources.with_columns(is_held.alias("is_held")).filter(
        (nw.col("is_held") == 1) | (nw.col("relation") == "exact")
    )
    once = kept.unique(["person", "capability", "target"]).select(
        "person",
        nw.col("target").alias("capability"),
        "attained_level",
        "confidence",
        "day",
        nw.col("own_scale").alias("source_scale"),
    )
    own, stated = nw.col("own_scale"), nw.col("source_scale")
    same = (own == stated) | (own.is_null() & stated.is_null())
    read = rescaled("attained_level", "source_scale", "own_scale", policy.rescale)
    weight = policy.source_weight.get("inferred", SOURCE_WEIGHT["inferred"])
    trust = KINDS - policy.order.index("inferred")
    return (
        rated(once, table)
        .with_columns(
            nw.when(same).then(nw.col("attained_level")).otherwise(read).alias("level"),
            _NOTHING.alias("value"),
            (nw.col("confidence") * weight).alias("weight"),
            nw.lit(trust).cast(nw.Int64).alias("trust"),
        )
        .filter(nw.col("weight") > 0)
        .select(*KEYS, "level", "value", "weight", "day", "trust")
    )
