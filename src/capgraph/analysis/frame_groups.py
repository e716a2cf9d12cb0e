"""Figures about groups of people over data frames, without those that would give small groups away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from capgraph.errors import DocumentError, Issue

if TYPE_CHECKING:
    from collections.abc import Sequence

Frame = Any
"""A narwhals DataFrame or LazyFrame; both take the same expressions."""

_SUMS = ("requirements", "met", "below", "unassessed", "shortfall")
FIGURES = ("people", *_SUMS, "readiness", "assessed_share")
"""What is told about a group, in this order."""
NOBODY = "(none)"
"""The group of those who have no value, in a hierarchy with totals."""


def grouped(rows: Frame, by: Sequence[str], *, min_group: int) -> Frame:
    """Return one row for each group: its figures, or none of them where fewer than `min_group` people are behind them.

    Parameters
    ----------
    rows : frame
        One row for each person and requirement, with ``status``, ``shortfall``, ``credit`` and ``importance``.
    by : sequence of str
        The columns that make a group; none for everybody.
    min_group : int
        The smallest number of people that figures are told about.
    """
    told = _figures(rows, by).with_columns((nw.col("people") < min_group).alias("suppressed"))
    shown = told.select(*by, *(_unless_suppressed(figure) for figure in FIGURES), "suppressed")
    return shown.sort(*by) if by else shown


def nested(rows: Frame, by: Sequence[str], *, min_group: int) -> Frame:
    """Return the figures of every group of a hierarchy and of its totals, with nothing to be had by subtraction.

    Below a group that is told, those with fewer than `min_group` people are suppressed; if there are any, the next
    smallest ones go too, until at least two groups and `min_group` people are hidden together.  Below a suppressed
    group nothing is told.  ``depth`` is 0 for the total, 1 for the groups of the first column, and so on; the columns
    below a total are empty.
    """
    rows = rows.with_columns(*(nw.col(name).cast(nw.String).fill_null(NOBODY).alias(name) for name in by))
    found: list[Frame] = []
    above: Frame | None = None
    for depth in range(len(by) + 1):
        keys = list(by[:depth])
        figures = _figures(rows, keys)
        marked = _marked(figures, keys, above, min_group)
        above = marked.select(*keys, "suppressed")
        empty = (nw.lit(None, dtype=nw.String).alias(name) for name in by[depth:])
        shown = marked.with_columns(*empty, nw.lit(depth).alias("depth"))
        found.append(shown.select("depth", *by, *(_unless_suppressed(figure) for figure in FIGURES), "suppressed"))
    return nw.concat(found).sort("depth", *by)


def refuse_crossed(people: Frame, by: Sequence[str]) -> None:
    """Raise `DocumentError` where a group of one column lies in two groups of the column before it."""
    groups = people.select(*by).unique(list(by))
    rows = (groups.collect() if isinstance(groups, nw.LazyFrame) else groups).rows()
    issues = []
    for depth in range(1, len(by)):
        above: dict[object, set[object]] = {}
        for row in rows:
            above.setdefault(row[depth], set()).add(row[:depth])
        crossed = sorted(str(value) for value, parents in above.items() if len(parents) > 1)
        if crossed:
            text = f"{by[depth]!r} crosses {by[depth - 1]!r}: {crossed[0]!r} lies in several of its groups"
            hint = "ask without totals, or make one nested hierarchy of them"
            issues.append(Issue("crossed-groups", text, (by[depth], by[depth - 1]), "by", hint))
    if issues:
        raise DocumentError(issues, "workforce_gap")


def _figures(rows: Frame, by: Sequence[str]) -> Frame:
    """Return the figures of each group: first for each of its people, then for all of them."""
    added = (*_SUMS, "credits", "weights")
    single = _counted(rows).group_by(*by, "person").agg(*(nw.col(name).sum().alias(name) for name in added))
    sums = [nw.col(name).sum().alias(name) for name in added]
    people = nw.len().alias("people")
    everybody = single.group_by(*by).agg(people, *sums) if by else single.select(people, *sums)
    weights = nw.col("weights")
    return everybody.with_columns(
        nw.when(weights > 0).then(nw.col("credits") / weights).otherwise(nw.lit(None)).alias("readiness"),
        (1 - nw.col("unassessed") / nw.col("requirements")).alias("assessed_share"),
    )


def _counted(rows: Frame) -> Frame:
    """Return the rows with what each adds to the figures of its group."""
    importance, known = nw.col("importance"), ~nw.col("credit").is_null()
    return rows.with_columns(
        nw.lit(1).alias("requirements"),
        nw.col("shortfall").fill_null(0.0).alias("shortfall"),
        *((nw.col("status") == status).cast(nw.Int64).alias(status) for status in ("met", "below", "unassessed")),
        nw.when(known).then(importance * nw.col("credit")).otherwise(nw.lit(0.0)).alias("credits"),
        nw.when(known).then(importance).otherwise(nw.lit(0.0)).alias("weights"),
    )


def _marked(figures: Frame, keys: Sequence[str], above: Frame | None, min_group: int) -> Frame:
    """Return the groups of one depth with ``suppressed``: too small, hiding a sibling, or below a suppressed group."""
    small = nw.col("people") < min_group
    if above is None:
        return figures.with_columns(small.alias("suppressed"))
    parents = list(keys[:-1])
    joined = figures.join(above, on=parents, how="left") if parents else figures.join(above, how="cross")
    order = ["people", keys[-1]]
    window = parents or [_ALL]
    counted = joined.with_columns(nw.lit(1).alias(_ALL), small.cast(nw.Int64).alias("small")).with_columns(
        nw.col("small").sum().over(*window).alias("any_small"),
        nw.col(_ALL).cum_sum().over(*window, order_by=order).alias("place"),
        nw.col("people").cum_sum().over(*window, order_by=order).alias("hidden"),
    )
    needed = (nw.col("place") <= _AT_LEAST) | (nw.col("hidden") - nw.col("people") < min_group)
    hiding = (nw.col("any_small") > 0) & needed
    return counted.with_columns((nw.col("suppressed") | small | hiding).alias("suppressed"))


_ALL = "all"
_AT_LEAST = 2


def _unless_suppressed(figure: str) -> nw.Expr:
    """Return a figure, or nothing where the group is suppressed."""
    return nw.when(~nw.col("suppressed")).then(nw.col(figure)).otherwise(nw.lit(None)).alias(figure)
