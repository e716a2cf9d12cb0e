"""What frames say about capabilities: their kind, their scale, and how levels of other scales read on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from capgraph.analysis.frame_attainment import chosen
from capgraph.errors import Issue, ScaleMismatchError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from capgraph.analysis.policy import EvidencePolicy, Rescale

Frame = Any
"""A narwhals DataFrame or LazyFrame; both take the same expressions."""


def capability_table(frames: Mapping[str, Frame]) -> Frame | None:
    """Return what is known of each capability: ``capability_kind``, ``own_scale``, ``bottom`` and ``zero_means``.

    From the frame of capabilities; where there is none, the kinds that the requirements state; None where they do not.
    """
    given = frames.get("capabilities")
    if given is None:
        if "capability_kind" not in frames["requirements"].collect_schema().names():
            return None
        given = frames["requirements"].select("capability", "capability_kind").unique(["capability"])
    known = given.collect_schema().names()

    def stated(column: str, kind: Any) -> nw.Expr:  # noqa: ANN401 - a narwhals data type
        """Return a column, or nothing in its place."""
        return nw.col(column).cast(kind) if column in known else nw.lit(None, dtype=kind)

    return given.select(
        "capability",
        stated("capability_kind", nw.String).fill_null("skill").alias("capability_kind"),
        stated("scale", nw.String).alias("own_scale"),
        stated("lowest", nw.Float64).alias("bottom"),
        stated("zero_means", nw.String).alias("zero_means"),
    )


def rated(stated: Frame, table: Frame | None) -> Frame:
    """Return statements with what is known of their capabilities; a capability that is not listed is a skill."""
    if table is None:
        nothing: dict[str, Any] = {"own_scale": nw.String, "bottom": nw.Float64, "zero_means": nw.String}
        empty = (nw.lit(None, dtype=kind).alias(name) for name, kind in nothing.items())
        return stated.with_columns(nw.lit("skill").alias("capability_kind"), *empty)
    return stated.join(table, on="capability", how="left").with_columns(nw.col("capability_kind").fill_null("skill"))


def on_scale(stated: Frame, policy: EvidencePolicy, *, columns: Sequence[str] = ("level",)) -> Frame:
    """Return rows with the levels in some columns read on the scale of their capability.

    Parameters
    ----------
    stated : frame
        With ``scale`` (that of the levels; nothing for the capability's own) and ``own_scale``.
    policy : EvidencePolicy
        How levels of other scales read.
    columns : sequence of str
        The columns that hold levels.

    Raises
    ------
    ScaleMismatchError
        When the policy does not say how a level reads.  To see that, the levels of other scales are read at once.
    """
    own, other = nw.col("own_scale"), nw.col("scale")
    foreign = ~own.is_null() & ~other.is_null() & (own != other)
    read = {name: rescaled(name, "scale", "own_scale", policy.rescale) for name in columns}
    unread = [(~nw.col(name).is_null() & expression.is_null()) for name, expression in read.items()]
    _refuse(stated.filter(foreign), unread)
    return stated.with_columns(
        *(nw.when(foreign).then(expression).otherwise(nw.col(name)).alias(name) for name, expression in read.items())
    )


def rescaled(level: str, source: str, target: str, tables: Sequence[Rescale]) -> nw.Expr:
    """Return a level of one scale on another one, by the columns that hold them; nothing where no table says how."""
    found: nw.Expr = nw.lit(None, dtype=nw.Float64)
    for table in tables:
        fits = (nw.col(source) == table.source) & (nw.col(target) == table.target)
        found = nw.when(fits).then(chosen(level, table.levels)).otherwise(found)
    return found


def without_zeros(stated: Frame) -> Frame:
    """Return statements in which a 0 below the scale is read as its ``zero_means`` says: a level, or nothing at all."""
    zero = (nw.col("level") == 0) & (nw.col("bottom") > 0) & ~nw.col("zero_means").is_null()
    is_zero = nw.when(zero).then(nw.lit(1)).otherwise(nw.lit(0))
    lacking = nw.col("zero_means") == "no_knowledge"
    kept = stated.with_columns(is_zero.alias("is_zero")).filter((nw.col("is_zero") == 0) | lacking)
    level = nw.when(nw.col("is_zero") == 1).then(nw.col("bottom") - 1.0).otherwise(nw.col("level"))
    return kept.with_columns(level.alias("level"))


def _refuse(foreign: Frame, unread: Sequence[nw.Expr]) -> None:
    """Raise for levels of other scales that nothing says how to read."""
    failed = foreign.filter(nw.any_horizontal(*unread, ignore_nulls=True))
    distinct = failed.select("capability", "scale", "own_scale").unique(["capability", "scale", "own_scale"])
    rows = sorted((distinct.collect() if isinstance(distinct, nw.LazyFrame) else distinct).rows())
    issues = [
        Issue(
            "scale-mismatch",
            f"levels of {capability!r} are stated on {stated!r}, which is not its scale {own!r}",
            (capability,),
            "level",
            f"say with Rescale(source={stated!r}, target={own!r}, …) how they read",
        )
        for capability, stated, own in rows
    ]
    if issues:
        raise ScaleMismatchError(issues, "levels")
