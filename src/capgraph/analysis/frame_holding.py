"""What people hold, over data frames, for answers about groups: one pass over the claims, and no join with all rows.

Answers about groups add up what people hold, and never name a record or a confidence.  So the claims are added up once
for each person and capability, and only the pairs that anything is known of meet the requirements: the rest is
unassessed, and is counted and not made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from capgraph.analysis.frame_attainment import KEYS, settled
from capgraph.analysis.policy import HALF

if TYPE_CHECKING:
    from collections.abc import Sequence

    from capgraph.analysis.policy import EvidencePolicy

Frame = Any
"""A narwhals DataFrame or LazyFrame; both take the same expressions."""

LEVELS = range(8)
"""The levels that are added up in columns of their own, as most scales have no others."""
_NOTHING = nw.lit(None, dtype=nw.Float64)


def assessed(people: Frame, needs: Frame, claims: Frame, columns: Sequence[str], policy: EvidencePolicy) -> Frame:
    """Return one row for each person, role and requirement that anything is known of.

    Parameters
    ----------
    people : frame
        ``person``, ``role`` and any other columns.
    needs : frame
        ``role``, ``capability`` and any other columns.
    claims : frame
        As `capgraph.analysis.frame_behaviors.claims` returns them.
    columns : sequence of str
        Which of ``level`` and ``value`` claims may state.
    policy : EvidencePolicy
        How claims are combined.

    Returns
    -------
    frame
        The columns of `people` and `needs`, ``attained_level``, ``attained_value`` and ``confidence_held``.
    """
    about = claims.join(_once(needs, "capability"), on="capability").join(_once(people, "person"), on="person")
    # Everybody is among the people by now.  DuckDB does not know it, and would otherwise join the people with their
    # requirements first, which are many times more rows than anything is known of.
    of_people = holdings(about, columns, policy).join(people, on="person", how="left")
    return of_people.with_columns(nw.col("role").fill_null("")).join(needs, on=["role", "capability"], how="inner")


def _once(frame: Frame, column: str) -> Frame:
    """Return what is in a column, each once: a filter that engines plan better as a join than as a semi-join."""
    return frame.group_by(column).agg(nw.len().alias("rows")).select(column)


def holdings(claims: Frame, columns: Sequence[str], policy: EvidencePolicy) -> Frame:
    """Return what claims come to: one row for each person and capability that there are any about.

    Parameters
    ----------
    claims : frame
        ``person``, ``capability``, ``level``, ``value``, ``weight``, ``day`` and ``trust``.
    columns : sequence of str
        Which of ``level`` and ``value`` they may state.
    policy : EvidencePolicy
        How they are combined.

    Returns
    -------
    frame
        ``person``, ``capability``, ``attained_level``, ``attained_value`` and ``confidence_held``, which is 1: where
        there is neither a level nor a value, there is a claim without either.
    """
    if policy.combine == "weighted_median" and "level" in columns:
        found, rest = _medians(claims, policy), [column for column in columns if column != "level"]
    else:
        found, rest = claims.group_by(*KEYS).agg(nw.len().alias("claims")), list(columns)
    for column in rest:
        found = found.join(settled(claims, column, policy=policy, sure=False), on=list(KEYS), how="left")
    names = [f"attained_{column}" for column in ("level", "value")]
    missing = {f"attained_{column}" for column in ("level", "value") if column not in columns}
    attained = (_NOTHING.alias(name) if name in missing else nw.col(name) for name in names)
    return found.select(*KEYS, *attained, nw.lit(1.0).alias("confidence_held"))


def _medians(claims: Frame, policy: EvidencePolicy) -> Frame:
    """Return the weighted medians of levels: looked up in the weights by level, or in order where levels are unusual.

    There is a row for each person and capability of the claims, empty where these state no level.
    """
    level, weight = nw.col("level"), nw.col("weight")
    up_to = [nw.when(level <= one).then(weight).otherwise(nw.lit(0.0)).alias(_up_to(one)) for one in LEVELS]
    sums = (nw.col(_up_to(one)).sum() for one in LEVELS)
    found = claims.with_columns(*up_to).group_by(*KEYS).agg(*sums)
    is_unusual = (level < LEVELS[0]) | (level > LEVELS[-1]) | (level != level.round(0))
    unusual = claims.filter(~level.is_null() & is_unusual).select(*KEYS).unique(list(KEYS))
    if isinstance(unusual, nw.DataFrame) and unusual.is_empty():
        return found.with_columns(_looked_up().alias("attained_level"))
    in_order = settled(claims.join(unusual, on=list(KEYS), how="semi"), "level", policy=policy, sure=False)
    both = found.join(in_order.rename({"attained_level": "in_order"}), on=list(KEYS), how="left")
    return both.with_columns(nw.coalesce(nw.col("in_order"), _looked_up()).alias("attained_level"))


def _looked_up() -> nw.Expr:
    """Return the lowest level up to which the weights reach half of all; nothing where no claim states a level."""
    half = nw.col(_up_to(LEVELS[-1])) * HALF
    found = nw.lit(float(LEVELS[-1]))
    for one in reversed(LEVELS[:-1]):
        found = nw.when(nw.col(_up_to(one)) >= half).then(nw.lit(float(one))).otherwise(found)
    return nw.when(half > 0).then(found).otherwise(_NOTHING)


def _up_to(level: int) -> str:
    """Return the name of the column with the weights of levels up to one."""
    return f"up_to_{level}"
