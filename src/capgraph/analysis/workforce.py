"""workforce_gap: the gaps of any number of people, over data frames of any library."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import narwhals as nw

from capgraph.analysis.frame_attainment import KEYS, held, self_rated, settled, weighed
from capgraph.analysis.frame_behaviors import claims
from capgraph.analysis.frame_groups import FIGURES, asked, grouped, nested, refuse_crossed
from capgraph.analysis.frame_holding import assessed
from capgraph.analysis.frame_inference import inferred
from capgraph.analysis.frame_input import carried, check, lazy, returned
from capgraph.analysis.frame_judging import is_unknown, judged
from capgraph.analysis.frame_scales import capability_table, on_ranks, on_scale, rated, refuse_mixed, without_zeros
from capgraph.analysis.frame_statements import statements
from capgraph.analysis.policy import EvidencePolicy
from capgraph.analysis.subjects import day
from capgraph.analysis.typed import typed

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

Frame = Any
"""A narwhals DataFrame or LazyFrame; both take the same expressions."""
Native = TypeVar("Native")
_NOTHING = nw.lit(None, dtype=nw.Float64)

ROW = (
    *("required", "attained", "shortfall", "status", "necessity", "importance", "confidence", "credit", "inferred"),
    *("self_level", "self_difference"),
)
"""The columns of an answer about single requirements, after those of the people and ``capability``."""


@typed
def workforce_gap(
    people: Native,
    requirements: Any,  # noqa: ANN401 - a frame of the same library as `people`
    evidence: Any,  # noqa: ANN401 - a frame of the same library as `people`
    *,
    capabilities: Any = None,  # noqa: ANN401 - a frame of the same library as `people`
    behaviors: Any = None,  # noqa: ANN401 - a frame of the same library as `people`
    links: Any = None,  # noqa: ANN401 - a frame of the same library as `people`
    by: str | Sequence[str] | None = None,
    totals: bool = False,
    policy: EvidencePolicy | None = None,
    as_of: dt.date | None = None,
    min_group: int = 5,
) -> Native:
    """Return the gaps of any number of people, or figures about groups of them, as a frame of the caller's own library.

    The arithmetic, the statuses and the numbers are those of `capgraph.gap` (to 1e-9).  Lazy frames stay lazy, so that
    the caller's own engine does the work: pandas, polars, pyarrow, DuckDB, PySpark.

    Parameters
    ----------
    people : frame
        ``person`` and ``role``, one row for each role that somebody holds, and any columns to group by.
    requirements : frame
        ``role`` and ``capability``, one row each, inherited ones included; optionally ``level``, ``value`` (where no
        level is required), ``necessity`` (``essential``), ``importance`` (1), ``lowest`` (the scale's lowest level or
        value; 0), ``capability_kind`` (``skill``), ``scale`` (that of the level; the capability's own), with what is
        assumed in brackets.
    evidence : frame
        ``person``, ``capability``, ``kind`` and ``date`` (a date, a timestamp or an ISO text); optionally ``level`` and
        ``value``, ``scale`` (that of the level; the capability's own), ``confidence`` (1), ``expires``, ``id`` with
        ``corrects``, and ``behavior``.  A completion is one row for each capability that the asset teaches.
    capabilities : frame or None
        ``capability``, one row each; optionally ``capability_kind`` (``skill``), ``scale``, ``lowest`` and ``highest``,
        the levels between which its own lie, ``ranks`` of a scale that skips some, such as ``"1, 3, 5"``, and
        ``zero_means``, which says how a level 0 below them is read.
    behaviors : frame or None
        ``behavior`` and ``capability``; optionally ``level`` and the scale's level ``below`` it (``level`` − 1).
    links : frame or None
        ``capability``, ``target`` and ``relation``: whose evidence speaks for which other capability where the policy
        infers; ``broader`` for everything above a capability, near and far, ``exact`` both ways.
    by : str or sequence of str or None
        Columns of `people`, or ``role`` or ``capability``, that make a group; an empty sequence for everybody together,
        which is one row, suppressed where it is of nobody; None for one row for each person and requirement.
    totals : bool
        Whether to add the totals along `by`, read as one nested hierarchy with the largest groups first.
    policy : EvidencePolicy or None
        Which evidence counts and what it weighs; None for the defaults.  What the frames cannot answer is refused.
    as_of : date or None
        The day asked about; None for today in UTC.
    min_group : int
        The fewest people that figures about a group are told of, >= 1; smaller groups are marked ``suppressed``.

    Returns
    -------
    frame
        Without `by`, one row for each person, role and requirement, in no particular order: ``person``, ``role``, the
        other columns of `people`, ``capability``, then ``required``, ``attained``, ``shortfall``, ``status``,
        ``necessity``, ``importance``, ``confidence``, ``credit``, ``inferred``, ``self_level``, ``self_difference`` as
        in `capgraph.gap`.  With `by`, one row for each group, by group: ``people``, ``requirements``, ``met``,
        ``below``, ``unassessed``, ``shortfall``, ``readiness``, ``assessed_share`` and ``suppressed``; with `totals`
        also ``depth``, 0 for the total of all.

    Raises
    ------
    DocumentError
        When columns are missing, the frames are of different libraries, the policy cannot be applied to frames, or
        totals are asked for along columns that cross; all problems are listed.
    ScaleMismatchError
        When levels are stated on another scale and the policy does not say how they read, on several scales where the
        capability has none, or off the scale; all of these are listed.

    Notes
    -----
    One pass over the evidence to add it up by person, capability and level, and joins of that with the requirements;
    memory is the engine's.  With `by`, only what is known of anybody is joined, and the rest is counted; levels other
    than 0 to 7 take a slower way.  Only two things are read at once: the distinct groups, for totals, to see whether
    they are nested; and levels that cannot be read, where a column ``scale``, or ``lowest`` of capabilities, tells of
    them.  `population` makes all tables of a graph.

    Examples
    --------
    >>> import datetime as dt
    >>> import polars as pl
    >>> people = pl.DataFrame({"person": ["a", "b"], "role": ["r", "r"], "team": ["t", "t"]})
    >>> needs = pl.DataFrame({"role": ["r"], "capability": ["sql"], "level": [3]})
    >>> shown = pl.DataFrame({"person": ["a"], "capability": ["sql"], "kind": ["test"], "level": [3],
    ...                       "date": [dt.date(2025, 3, 1)]})
    >>> workforce_gap(people, needs, shown, by="team", min_group=2).select("team", "met", "below", "unassessed").rows()
    [('t', 1, 0, 1)]
    """
    groups = None if by is None else [by] if isinstance(by, str) else list(dict.fromkeys(by))
    frames = {"people": lazy(people), "requirements": lazy(requirements), "evidence": lazy(evidence)}
    others = {"capabilities": capabilities, "behaviors": behaviors, "links": links}
    frames |= {name: lazy(native) for name, native in others.items() if native is not None}
    policy, taken = policy or EvidencePolicy(), ROW if groups is None else (*FIGURES, "suppressed", "depth")
    check(frames, groups, policy, taken=taken, totals=totals, min_group=min_group)
    if totals and groups:
        refuse_crossed(frames["people"], groups)
    names = carried(frames["people"], groups)
    frames["people"] = frames["people"].select("person", "role", *(nw.col(n).alias(to) for n, to in names.items()))
    rows = _rows(frames, policy, day(as_of), sure=groups is None)
    if groups is None:
        answer = rows.select("person", "role", *names.values(), "capability", *ROW)
    else:
        by = [names.get(name, name) for name in groups]
        figures = nested if totals else grouped
        answer = figures(rows, asked(frames["people"], frames["requirements"], by), by, min_group=min_group)
    answer = answer.rename({inner: name for name, inner in names.items()})
    answered: Native = returned(answer, people)
    return answered


def _rows(frames: Mapping[str, Frame], policy: EvidencePolicy, as_of: dt.date, *, sure: bool) -> Frame:
    """Return one row for each person, role and requirement; those of which nothing is known only where `sure`."""
    table = capability_table(frames)
    counted = _counted(frames, table, policy, as_of)
    put_forward = claims(counted, frames.get("behaviors"), policy)
    needs = _needs(frames["requirements"], table, policy)
    known = frames["evidence"].collect_schema().names()
    columns = [name for name in ("level", "value") if name in known or (name == "level" and "behaviors" in frames)]
    if not sure and not policy.inference:
        return judged(assessed(frames["people"], needs, put_forward, columns, policy), sure=False)
    rows = frames["people"].join(needs, on="role", how="inner")
    for column in ("level", "value"):
        if column not in columns:
            rows = rows.with_columns(_NOTHING.alias(f"attained_{column}"), _NOTHING.alias(f"confidence_{column}"))
            continue
        rows = rows.join(settled(put_forward, column, policy=policy, sure=sure), on=list(KEYS), how="left")
    rows = rows.join(held(put_forward), on=list(KEYS), how="left")
    if sure:
        infers = counted.group_by(*KEYS).agg(nw.col("infers").max())
        rows = rows.join(infers, on=list(KEYS), how="left")
    if policy.inference:
        found = inferred(counted, put_forward, frames["links"], table, policy)
        rows = _filled_in(rows.join(found, on=list(KEYS), how="left"), sure=sure)
    if sure:
        if "self" in policy.excluded:
            apart = policy.replace(excluded=[kind for kind in policy.excluded if kind != "self"])
            counted = _counted(frames, table, apart, as_of, refuse=False)
        rows = rows.join(self_rated(counted, policy), on=list(KEYS), how="left")
    return judged(rows, sure=sure)


def _counted(
    frames: Mapping[str, Frame], table: Frame | None, policy: EvidencePolicy, as_of: dt.date, *, refuse: bool = True
) -> Frame:
    """Return what the records that count say, on the scales of their capabilities, with what each weighs."""
    stated = statements(frames["evidence"], frames.get("behaviors"), policy=policy, as_of=as_of)
    if policy.half_life or "capabilities" in frames:
        stated = rated(stated, table)
    if "capabilities" in frames:
        if "scale" in frames["evidence"].collect_schema().names():
            if refuse:
                refuse_mixed(stated)
            stated = on_scale(stated, policy, refuse=refuse)
        if "lowest" in frames["capabilities"].collect_schema().names():
            stated = on_ranks(stated, refuse=refuse)
        stated = without_zeros(stated)
    return weighed(stated, policy, as_of)


def _filled_in(rows: Frame, *, sure: bool) -> Frame:
    """Return rows in which inference speaks where nothing else is known."""
    found = nw.col("inferred_level")
    filled = {"attained_level": found, "confidence_held": nw.col("inferred_confidence")}
    if sure:
        filled["infers"] = nw.when(nw.col("inferred_confidence").is_null()).then(nw.lit(0)).otherwise(nw.lit(1))
    unknown = is_unknown()
    return rows.with_columns(
        *(nw.when(unknown).then(value).otherwise(nw.col(name)).alias(name) for name, value in filled.items())
    )


def _needs(requirements: Frame, table: Frame | None, policy: EvidencePolicy) -> Frame:
    """Return the requirements with everything that is optional filled in."""
    known = requirements.collect_schema().names()

    def stated(column: str, kind: Any) -> nw.Expr:  # noqa: ANN401 - a narwhals data type
        """Return a column, or nothing in its place."""
        return (nw.col(column).cast(kind) if column in known else nw.lit(None, dtype=kind)).alias(column)

    numbers = ("level", "value", "lowest", "importance")
    needs = requirements.select(
        "role",
        "capability",
        *(stated(name, nw.Float64) for name in numbers),
        stated("necessity", nw.String),
        stated("scale", nw.String),
    )
    lowest = nw.col("lowest")
    if table is not None:
        needs = rated(needs, table)
        if "scale" in known:
            needs = on_scale(needs, policy)
        lowest = (
            nw.when(nw.col("level").is_null() & ~nw.col("value").is_null())
            .then(lowest)
            .otherwise(nw.coalesce("lowest", "bottom"))
        )
    level, value = nw.col("level"), nw.col("value")
    return needs.select(
        "role",
        "capability",
        nw.coalesce(level, value).alias("required"),
        (level.is_null() & ~value.is_null()).alias("by_value"),
        lowest.alias("lowest"),
        nw.col("necessity").fill_null("essential"),
        nw.col("importance").fill_null(1.0),
    )
