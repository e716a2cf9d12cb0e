"""Figures about groups of people over data frames, without those that would give small groups away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from capgraph.errors import DocumentError, Issue

if TYPE_CHECKING:
    from collections.abc import Sequence

Frame = Any
"""A narwhals DataFrame or LazyFrame; both take the same expressions."""

_COUNTS = ("met", "below")
_ADDED = (*_COUNTS, "shortfall", "credits", "weights")
_HEADS = ("people", "requirements")
FIGURES = ("people", "requirements", *_COUNTS, "unassessed", "shortfall", "readiness", "assessed_share")
"""What is told about a group, in this order."""
NOBODY = "(none)"
"""The group of those who have no value, in a hierarchy with totals."""


def asked(people: Frame, requirements: Frame, by: Sequence[str]) -> Frame:
    """Return whom the requirements ask anything: one row for each group and person, with how many they are.

    Parameters
    ----------
    people : frame
        ``person``, ``role`` and the columns that make a group.
    requirements : frame
        ``role`` and ``capability``.
    by : sequence of str
        The columns that make a group.
    """
    needed = ["role", *(["capability"] if "capability" in by else [])]
    counts = requirements.group_by(*needed).agg(nw.len().alias("requirements"))
    found = people.join(counts, on="role", how="inner")
    return _summed(found, list(dict.fromkeys((*by, "person"))), ("requirements",))


def grouped(rows: Frame, people: Frame, by: Sequence[str], *, min_group: int) -> Frame:
    """Return one row for each group: its figures, or none of them where fewer than `min_group` people are behind them.

    Parameters
    ----------
    rows : frame
        One row for each person and requirement, with ``status``, ``shortfall``, ``credit`` and ``importance``; those
        that are unassessed may be missing.
    people : frame
        As `asked` returns them.
    by : sequence of str
        The columns that make a group; none for everybody.
    min_group : int
        The smallest number of people that figures are told about.
    """
    heads = _summed(people.with_columns(nw.lit(1).alias("people")), by, _HEADS)
    figures = _together(_summed(_counted(rows), by, _ADDED), heads, by)
    told = _told(figures.with_columns((nw.col("people") < min_group).alias("suppressed")), by)
    return told.sort(*by) if by else told


def nested(rows: Frame, people: Frame, by: Sequence[str], *, min_group: int) -> Frame:
    """Return the figures of every group of a hierarchy and of its totals, with nothing to be had by subtraction.

    Below a group that is told, those with fewer than `min_group` people are suppressed; if there are any, the next
    smallest ones go too, until at least two groups are hidden together, with `min_group` people of whom none is in a
    group beside them.  Below a suppressed group nothing is told.  ``depth`` is 0 for the total, 1 for the groups of the
    first column, and so on; the columns below a total are empty.

    The parameters are those of `grouped`.  The rows are added up once, and the totals from their sums.
    """
    depths = nw.concat([people.select(nw.len().alias("depth")).with_columns(depth=nw.lit(n)) for n in _depths(by)])
    keys = ("depth", *by)
    heads = _summed(_spread(people, depths, by), [*keys, "person"], ("requirements",))
    heads = heads.with_columns(nw.lit(1).alias("people"))
    alone = (nw.col("people").sum().over("depth", "person") == 1).cast(nw.Int64)
    heads = _summed(heads.with_columns(alone.alias("alone")), keys, (*_HEADS, "alone"))
    sums = _summed(_spread(_summed(_counted(rows), by, _ADDED), depths, by), keys, _ADDED)
    marked = _together(sums, heads, keys).with_columns((nw.col("people") < min_group).cast(nw.Int64).alias("small"))
    marked = marked.with_columns(nw.when(nw.col("depth") == 0).then(nw.col("small")).otherwise(0).alias("hidden"))
    for depth in _depths(by)[1:]:
        marked = _marked(marked, depth, by, min_group)
    below = (nw.when(nw.col("depth") > place).then(nw.col(name)).alias(name) for place, name in enumerate(by))
    told = _told(marked.with_columns(*below, (nw.col("hidden") > 0).alias("suppressed")), keys)
    return told.sort(*keys)


def refuse_crossed(people: Frame, by: Sequence[str]) -> None:
    """Raise `DocumentError` where a group of one column lies in two groups of the column before it.

    Those who are in no group of a column may be anywhere in the column before it.
    """
    groups = people.select(*map(_known, by)).unique(list(by))
    rows = (groups.collect() if isinstance(groups, nw.LazyFrame) else groups).rows()
    issues = []
    for depth in range(1, len(by)):
        above: dict[str, set[tuple[str, ...]]] = {}
        for row in rows:
            if row[depth] != NOBODY:
                above.setdefault(row[depth], set()).add(row[:depth])
        crossed = sorted(value for value, parents in above.items() if len(parents) > 1)
        if crossed:
            text = f"{by[depth]!r} crosses {by[depth - 1]!r}: {crossed[0]!r} lies in several of its groups"
            hint = "ask without totals, or make one nested hierarchy of them"
            issues.append(Issue("crossed-groups", text, (by[depth], by[depth - 1]), "by", hint))
    if issues:
        raise DocumentError(issues, "workforce_gap")


def _known(name: str) -> nw.Expr:
    """Return the groups of a column as texts, those who are in none as one group."""
    return nw.col(name).cast(nw.String).fill_null(NOBODY)


def _depths(by: Sequence[str]) -> range:
    """Return the depths of a hierarchy, 0 for the total of all."""
    return range(len(by) + 1)


def _spread(frame: Frame, depths: Frame, by: Sequence[str]) -> Frame:
    """Return the rows once for each depth, with nothing in the columns below it."""
    known = frame.with_columns(*map(_known, by))
    inside = (
        nw.when(nw.col("depth") > place).then(nw.col(name)).otherwise(nw.lit("")).alias(name)
        for place, name in enumerate(by)
    )
    return known.join(depths, how="cross").with_columns(*inside)


def _summed(rows: Frame, by: Sequence[str], columns: Sequence[str]) -> Frame:
    """Return the sums of some columns for each group; one row without groups."""
    sums = [nw.col(name).sum().alias(name) for name in columns]
    return rows.group_by(*by).agg(*sums) if by else rows.select(*sums)


def _together(sums: Frame, heads: Frame, by: Sequence[str]) -> Frame:
    """Return the sums and the heads of each group beside each other; a group may have no name, so nothing is joined."""
    counted = [name for name in (*_HEADS, "alone") if name in heads.collect_schema().names()]
    kinds = {name: nw.Int64 if name in (*_COUNTS, *counted) else nw.Float64 for name in (*_ADDED, *counted)}
    zeros = {name: nw.lit(0, dtype=kind).alias(name) for name, kind in kinds.items()}
    parts = (
        sums.with_columns(*(zeros[name] for name in counted)),
        heads.with_columns(*(zeros[name] for name in _ADDED)),
    )
    cast = [part.select(*by, *(nw.col(name).cast(kind) for name, kind in kinds.items())) for part in parts]
    found = _summed(nw.concat(cast), by, tuple(kinds))
    found = found.with_columns(nw.col(name).cast(kind) for name, kind in kinds.items())
    return found.with_columns((nw.col("requirements") - nw.col("met") - nw.col("below")).alias("unassessed"))


def _counted(rows: Frame) -> Frame:
    """Return the rows with what each adds to the figures of its group."""
    importance, known = nw.col("importance"), ~nw.col("credit").is_null()
    return rows.with_columns(
        nw.col("shortfall").fill_null(0.0).alias("shortfall"),
        *((nw.col("status") == status).cast(nw.Int64).alias(status) for status in _COUNTS),
        nw.when(known).then(importance * nw.col("credit")).otherwise(nw.lit(0.0)).alias("credits"),
        nw.when(known).then(importance).otherwise(nw.lit(0.0)).alias("weights"),
    )


def _marked(groups: Frame, depth: int, by: Sequence[str], min_group: int) -> Frame:
    """Return the groups with what is ``hidden`` at a depth: too small, hiding a sibling, or below what is hidden."""
    above, here = nw.col("depth") == depth - 1, nw.col("depth") == depth
    parents, order = list(by[: depth - 1]), ["people", by[depth - 1]]
    hidden = nw.when(above).then(nw.col("hidden")).otherwise(0).alias("above")
    counted = groups.with_columns(hidden, nw.lit(1).alias("one")).with_columns(
        nw.col("above").max().over(*(parents or ["one"])),
        nw.col("small").sum().over("depth", *parents).alias("any_small"),
        nw.col("one").cum_sum().over("depth", *parents, order_by=order).alias("place"),
        nw.col("alone").cum_sum().over("depth", *parents, order_by=order).alias("covered"),
    )
    needed = (nw.col("place") <= _AT_LEAST) | (nw.col("covered") - nw.col("alone") < min_group)
    hiding = (nw.col("above") > 0) | (nw.col("small") > 0) | ((nw.col("any_small") > 0) & needed)
    return counted.with_columns(nw.when(here).then(hiding.cast(nw.Int64)).otherwise(nw.col("hidden")).alias("hidden"))


_AT_LEAST = 2


def _told(figures: Frame, by: Sequence[str]) -> Frame:
    """Return the figures of each group, none of them where it is ``suppressed``."""
    weights, shown = nw.col("weights"), ~nw.col("suppressed")
    whole = figures.with_columns(
        nw.when(weights > 0).then(nw.col("credits") / weights).alias("readiness"),
        (1 - nw.col("unassessed") / nw.col("requirements")).alias("assessed_share"),
    )
    return whole.select(*by, *(nw.when(shown).then(nw.col(name)).alias(name) for name in FIGURES), "suppressed")
