"""workforce_gap: the gaps of any number of people, over data frames of any library."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, TypeVar

import narwhals as nw

from capgraph.analysis.frame_attainment import KEYS, counting, held, settled
from capgraph.analysis.frame_groups import grouped, nested, refuse_crossed
from capgraph.analysis.policy import EvidencePolicy
from capgraph.analysis.subjects import day
from capgraph.errors import DocumentError, Issue

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

Frame = Any
"""A narwhals DataFrame or LazyFrame; both take the same expressions."""
Native = TypeVar("Native")

NEEDED = {
    "people": ("person", "role"),
    "requirements": ("role", "capability"),
    "evidence": ("person", "capability", "kind", "date"),
}
"""The columns that each frame must have."""
OPTIONAL = {
    "requirements": ("level", "value", "stretch", "lowest", "necessity", "importance", "capability_kind"),
    "evidence": ("level", "value", "confidence", "expires", "id", "corrects"),
}
"""The columns that are read where they are there."""
ROW = ("required", "attained", "shortfall", "status", "necessity", "importance", "confidence", "credit")
"""The columns of an answer about single requirements, after those of the people and ``capability``."""


def workforce_gap(
    people: Native,
    requirements: Any,  # noqa: ANN401 - a frame of the same library as `people`
    evidence: Any,  # noqa: ANN401 - a frame of the same library as `people`
    *,
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
        value; 0), ``capability_kind`` (``skill``), with what is assumed in brackets.
    evidence : frame
        ``person``, ``capability``, ``kind`` and ``date`` (a date, a timestamp or an ISO text); optionally ``level`` and
        ``value`` on the capability's scale, ``confidence`` (1), ``expires``, and ``id`` with ``corrects``.
    by : str or sequence of str or None
        Columns of `people`, or ``role`` or ``capability``, that make a group; an empty sequence for everybody together;
        None for one row for each person and requirement.
    totals : bool
        Whether to add the totals along `by`, read as one nested hierarchy with the largest groups first.
    policy : EvidencePolicy or None
        Which evidence counts and what it weighs; None for the defaults.  Frames hold no behaviors and no hierarchy:
        a policy that infers or rescales is refused.
    as_of : date or None
        The day asked about; None for today in UTC.
    min_group : int
        The fewest people that figures about a group are told of, >= 1; smaller groups are marked ``suppressed``.

    Returns
    -------
    frame
        Without `by`, one row for each person, role and requirement, in no particular order: the columns of `people`,
        ``capability``, then ``required``, ``attained``, ``shortfall``, ``status``, ``necessity``, ``importance``,
        ``confidence``, ``credit`` as in `capgraph.gap`.  With `by`, one row for each group, by group: ``people``,
        ``requirements``, ``met``, ``below``, ``unassessed``, ``shortfall``, ``readiness``, ``assessed_share`` and
        ``suppressed``; with `totals` also ``depth``, 0 for the total of all.

    Raises
    ------
    DocumentError
        When columns are missing, the frames are of different libraries, the policy cannot be applied to frames, or
        totals are asked for along columns that cross; all problems are listed.

    Notes
    -----
    One pass over the evidence to add it up by person, capability and level, and joins of that with the requirements;
    memory is the engine's.  With totals, only the distinct groups are read at once, to see whether they are nested.

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
    policy = policy or EvidencePolicy()
    groups = None if by is None else [by] if isinstance(by, str) else list(by)
    given = {"people": people, "requirements": requirements, "evidence": evidence}
    frames = {name: _lazy(native) for name, native in given.items()}
    _check(frames, groups, policy, totals=totals, min_group=min_group)
    rows = _rows(frames, policy, day(as_of), sure=groups is None)
    if groups is None:
        columns = [name for name in frames["people"].collect_schema().names() if name != "capability"]
        answer = rows.select(*columns, "capability", *ROW)
    elif totals:
        refuse_crossed(frames["people"], groups)
        answer = nested(rows, groups, min_group=min_group)
    else:
        answer = grouped(rows, groups, min_group=min_group)
    answered: Native = _returned(answer, people)
    return answered


def _lazy(native: Any) -> Frame:  # noqa: ANN401 - a frame of any library
    """Return a frame for narwhals, lazy where its engine can be; pyarrow tables go through polars, or else DuckDB."""
    frame: Frame = nw.from_native(native)
    if frame.implementation.is_pyarrow():
        if find_spec("polars") is not None:
            return nw.from_arrow(frame, backend="polars").lazy()
        return frame.lazy("duckdb")
    return frame.lazy() if frame.implementation.is_polars() else frame


def _returned(answer: Frame, like: Any) -> Any:  # noqa: ANN401 - the caller's own type
    """Return an answer in the type of the caller's frame."""
    given: Frame = nw.from_native(like)
    if given.implementation.is_pyarrow():
        return answer.collect("pyarrow").to_native()
    eager = isinstance(given, nw.DataFrame) and isinstance(answer, nw.LazyFrame)
    return (answer.collect() if eager else answer).to_native()


def _check(
    frames: Mapping[str, Frame],
    by: Sequence[str] | None,
    policy: EvidencePolicy,
    *,
    totals: bool,
    min_group: int,
) -> None:
    """Refuse what cannot be answered, with every reason."""
    issues = [*_column_issues(frames, by or ()), *_policy_issues(policy)]
    kinds = {str(frame.implementation) for frame in frames.values()}
    if len(kinds) > 1:
        text = f"the frames are of {len(kinds)} libraries: {', '.join(sorted(kinds))}"
        issues.append(Issue("mixed-frames", text, (), "", "give all three as frames of one library"))
    if min_group < 1:
        text = f"min_group is {min_group}; it must be at least 1"
        issues.append(Issue("min-group", text, (), "min_group", "give 1 to tell of everybody"))
    crossing = [name for name in by or () if name in {"role", "capability"}]
    if totals and (crossing or not by):
        text = f"{crossing[0]!r} crosses the people" if crossing else "totals are asked for without groups"
        hint = "ask for totals along columns of people that are nested in one another"
        issues.append(Issue("crossed-groups", text, tuple(crossing), "by", hint))
    if issues:
        raise DocumentError(issues, "workforce_gap")


def _column_issues(frames: Mapping[str, Frame], by: Sequence[str]) -> Iterator[Issue]:
    """Yield an issue for each column that is missing."""
    for name, needed in NEEDED.items():
        known = frames[name].collect_schema().names()
        wanted = (*needed, *(column for column in by if column != "capability")) if name == "people" else needed
        for column in dict.fromkeys(wanted):
            if column not in known:
                text = f"{column!r} is no column of {name}"
                yield Issue("missing-column", text, (column,), name, f"it has {', '.join(known)}; rename or add one")


def _policy_issues(policy: EvidencePolicy) -> Iterator[Issue]:
    """Yield an issue for each part of a policy that needs more than frames hold."""
    for part in ("inference", "rescale"):
        if getattr(policy, part):
            text = f"{part!r} needs the hierarchy and the scales, which frames do not hold"
            yield Issue("policy", text, (part,), "policy", "use capgraph.gap, or apply it to the evidence beforehand")


def _rows(frames: Mapping[str, Frame], policy: EvidencePolicy, as_of: dt.date, *, sure: bool) -> Frame:
    """Return one row for each person, role and requirement."""
    needs = _needs(frames["requirements"])
    kinds = None
    if "capability_kind" in frames["requirements"].collect_schema().names():
        kinds = frames["requirements"].select("capability", "capability_kind").unique(["capability"])
    claims = counting(frames["evidence"], kinds, policy=policy, as_of=as_of)
    rows = frames["people"].join(needs, on="role", how="inner")
    known = frames["evidence"].collect_schema().names()
    for column in ("level", "value"):
        if column not in known:
            rows = rows.with_columns(_NOTHING.alias(f"attained_{column}"), _NOTHING.alias(f"confidence_{column}"))
            continue
        rows = rows.join(settled(claims, column, policy=policy, sure=sure), on=list(KEYS), how="left")
    return _judged(rows.join(held(claims), on=list(KEYS), how="left"), sure=sure)


def _needs(requirements: Frame) -> Frame:
    """Return the requirements with everything that is optional filled in."""
    known = requirements.collect_schema().names()

    def stated(column: str, kind: Any) -> nw.Expr:  # noqa: ANN401 - a narwhals data type
        """Return a column, or nothing in its place."""
        return nw.col(column).cast(kind) if column in known else nw.lit(None, dtype=kind)

    level, value = stated("level", nw.Float64), stated("value", nw.Float64)
    return requirements.select(
        "role",
        "capability",
        nw.coalesce(level, value).alias("required"),
        (level.is_null() & ~value.is_null()).alias("by_value"),
        stated("lowest", nw.Float64).alias("lowest"),
        stated("necessity", nw.String).fill_null("essential").alias("necessity"),
        stated("importance", nw.Float64).fill_null(1.0).alias("importance"),
    )


def _judged(rows: Frame, *, sure: bool) -> Frame:
    """Return the rows with what is attained set against what is required."""
    level, value = nw.col("attained_level"), nw.col("attained_value")
    unknown = level.is_null() & value.is_null() & nw.col("confidence_held").is_null()
    lacking = ~level.is_null() & ~nw.col("lowest").is_null() & (level < nw.col("lowest"))
    confidence = nw.coalesce("confidence_level", "confidence_value", "confidence_held")
    compared = rows.with_columns(
        nw.when(nw.col("by_value")).then(value).otherwise(level).alias("attained"),
        nw.when(unknown).then(_NOTHING).otherwise(_one_if(~lacking)).alias("held"),
        *([confidence.alias("confidence")] if sure else []),
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


_NOTHING = nw.lit(None, dtype=nw.Float64)


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
