"""What frames say about capabilities: their kind, their scale, and how levels of other scales read on it."""

from __future__ import annotations

import re
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
    """Return what is known of each capability: ``capability_kind``, ``own_scale``, ``bottom``, ``top``, ``zero_means``.

    And ``ranks``, where it is given.  From the frame of capabilities; where there is none, the kinds that the
    requirements state; None where they do not.
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
        stated("highest", nw.Float64).alias("top"),
        stated("zero_means", nw.String).alias("zero_means"),
        *([nw.col("ranks").cast(nw.String)] if "ranks" in known else []),
    )


def rated(stated: Frame, table: Frame | None) -> Frame:
    """Return statements with what is known of their capabilities; a capability that is not listed is a skill."""
    if table is None:
        nothing: dict[str, Any] = {"own_scale": nw.String, "zero_means": nw.String}
        nothing |= {"bottom": nw.Float64, "top": nw.Float64}
        empty = (nw.lit(None, dtype=kind).alias(name) for name, kind in nothing.items())
        return stated.with_columns(nw.lit("skill").alias("capability_kind"), *empty)
    return stated.join(table, on="capability", how="left").with_columns(nw.col("capability_kind").fill_null("skill"))


def on_scale(stated: Frame, policy: EvidencePolicy, *, refuse: bool = True) -> Frame:
    """Return rows with their levels read on the scale of their capability.

    Parameters
    ----------
    stated : frame
        With ``level``, ``scale`` (that of the level; nothing for the capability's own) and ``own_scale``.
    policy : EvidencePolicy
        How levels of other scales read.
    refuse : bool
        Whether to refuse levels that the policy does not say how to read; else they are left out.

    Raises
    ------
    ScaleMismatchError
        When the policy does not say how a level reads.  To see that, the levels of other scales are read at once.
    """
    own, other = nw.col("own_scale"), nw.col("scale")
    foreign = ~own.is_null() & ~other.is_null() & (own != other)
    read = rescaled("level", "scale", "own_scale", policy.rescale)
    if refuse:
        _refuse_unread(stated.filter(foreign).filter(~nw.col("level").is_null() & read.is_null()))
    return stated.with_columns(nw.when(foreign).then(read).otherwise(nw.col("level")).alias("level"))


def on_ranks(stated: Frame, *, refuse: bool = True) -> Frame:
    """Return rows whose levels are whole numbers between the lowest and the highest of their scale, or a known zero.

    Parameters
    ----------
    stated : frame
        With ``capability``, ``level``, ``own_scale``, ``bottom``, ``top`` and ``zero_means``, and perhaps ``ranks``:
        the levels that a scale has which skips some, as text.
    refuse : bool
        Whether to refuse other levels; else they are left out.

    Raises
    ------
    ScaleMismatchError
        When a level is off its scale.  To see that, such levels are read at once.
    """
    level, bottom, top = nw.col("level"), nw.col("bottom"), nw.col("top")
    is_known = ~level.is_null() & ~bottom.is_null()
    is_zero = (level == 0) & ~nw.col("zero_means").is_null()
    is_off = (level < bottom) | (~top.is_null() & (level > top)) | (level != level.round(0))
    off = nw.when(is_known & ~is_zero & is_off).then(nw.lit(1)).otherwise(nw.lit(0))
    marked = stated.with_columns(off.alias("off"))
    skipped = _skipped(marked.filter(is_known & ~is_zero)) if "ranks" in stated.collect_schema().names() else []
    if refuse:
        _refuse_off(marked.filter(nw.col("off") == 1), skipped)
        return stated
    for capability, _, rank in skipped:
        between = (nw.col("capability") == capability) & (nw.col("level") == rank)
        marked = marked.with_columns(nw.when(between).then(nw.lit(1)).otherwise(nw.col("off")).alias("off"))
    return marked.filter(nw.col("off") == 0)


def _skipped(stated: Frame) -> list[tuple[str, str, float]]:
    """Return the levels between the ranks of scales that skip some, with their capability and its ranks."""
    rows = _distinct(stated.filter((nw.col("off") == 0) & ~nw.col("ranks").is_null()), "capability", "ranks", "level")
    return [row for row in rows if row[2] not in map(float, _NUMBER.findall(row[1]))]


def refuse_mixed(stated: Frame) -> None:
    """Raise where levels of a capability that has no scale are stated about one person on several scales.

    Raises
    ------
    ScaleMismatchError
        To see that, the distinct scales of such levels are read at once.
    """
    loose = stated.filter(nw.col("own_scale").is_null() & ~nw.col("level").is_null())
    scale = nw.col("scale").fill_null("")
    both = loose.with_columns(scale.alias("first"), scale.alias("last")).group_by("person", "capability")
    pairs = both.agg(nw.col("first").min(), nw.col("last").max()).filter(nw.col("first") != nw.col("last"))
    found: dict[str, set[str]] = {}
    for capability, *scales in _distinct(pairs, "capability", "first", "last"):
        found.setdefault(str(capability), set()).update(map(str, scales))
    issues = [
        Issue(
            "scale-mismatch",
            f"{capability!r} has no scale, and records state its levels on "
            + " and ".join(repr(scale) if scale else "no scale" for scale in sorted(scales)),
            (capability,),
            "level",
            "give its scale in capabilities=…, and say with Rescale how levels of the others read",
        )
        for capability, scales in found.items()
    ]
    if issues:
        raise ScaleMismatchError(issues, "levels")


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


def _distinct(rows: Frame, *columns: str) -> list[tuple[Any, ...]]:
    """Return the distinct rows of some columns, sorted; they are read at once."""
    distinct = rows.select(*columns).unique(list(columns))
    return sorted((distinct.collect() if isinstance(distinct, nw.LazyFrame) else distinct).rows(), key=repr)


def _refuse_unread(failed: Frame) -> None:
    """Raise for levels of other scales that nothing says how to read."""
    issues = [
        Issue(
            "scale-mismatch",
            f"levels of {capability!r} are stated on {stated!r}, which is not its scale {own!r}",
            (capability,),
            "level",
            f"say with Rescale(source={stated!r}, target={own!r}, …) how they read",
        )
        for capability, stated, own in _distinct(failed, "capability", "scale", "own_scale")
    ]
    if issues:
        raise ScaleMismatchError(issues, "levels")


def _refuse_off(failed: Frame, skipped: Sequence[tuple[str, str, float]]) -> None:
    """Raise for levels that are no ranks of their scale."""
    found: dict[tuple[str, str], list[float]] = {}
    for capability, ranks, level in skipped:
        found.setdefault((capability, f"the levels {', '.join(_NUMBER.findall(ranks))}"), []).append(level)
    for capability, bottom, top, level in _distinct(failed, "capability", "bottom", "top", "level"):
        has_top = top is not None and top == top  # noqa: PLR0124 - NaN stands for nothing in pandas
        ranks = f"whole numbers from {bottom:g}" + (f" to {top:g}" if has_top else "")
        found.setdefault((capability, ranks), []).append(level)
    issues = [
        Issue(
            "scale-mismatch",
            f"{capability!r} is rated in {ranks}, and levels are stated off that: {_listed(levels)}",
            (capability,),
            "level",
            "correct them, or name the scale they are on in a column scale and say with Rescale how it reads",
        )
        for (capability, ranks), levels in found.items()
    ]
    if issues:
        raise ScaleMismatchError(issues, "levels")


def _listed(levels: Sequence[float]) -> str:
    """Return the first of some levels as a list."""
    told = ", ".join(f"{level:g}" for level in sorted(levels)[:_LISTED])
    return told + (f" and {len(levels) - _LISTED} more" if len(levels) > _LISTED else "")


_LISTED = 5
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
