"""The tables that `capgraph.analysis.workforce.workforce_gap` reads: which columns they need, and what is refused."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import narwhals as nw

from capgraph.errors import ArgumentError, DocumentError, Issue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from capgraph.analysis.policy import EvidencePolicy

Frame = Any
"""A narwhals DataFrame or LazyFrame; both take the same expressions."""

NEEDED = {
    "people": ("person", "role"),
    "requirements": ("role", "capability"),
    "evidence": ("person", "capability", "kind", "date"),
    "capabilities": ("capability",),
    "behaviors": ("behavior", "capability"),
    "links": ("capability", "target", "relation"),
}
"""The columns that each frame must have."""
_NUMBERS = ("level", "value", "lowest", "highest", "importance", "confidence", "below")
_DAYS = ("date", "expires")


def lazy(native: Any) -> Frame:  # noqa: ANN401 - a frame of any library
    """Return a frame for narwhals, lazy where its engine can be; pyarrow tables go through polars, or else DuckDB."""
    try:
        frame: Frame = nw.from_native(native)
    except TypeError:
        known = "a data frame of pandas, polars, pyarrow, DuckDB or Spark"
        raise ArgumentError(f"{type(native).__name__!r} is no data frame; give {known}") from None
    if frame.implementation.is_pyarrow():
        if find_spec("polars") is not None:
            return nw.from_arrow(frame, backend="polars").lazy()
        return frame.lazy("duckdb")
    return frame.lazy() if frame.implementation.is_polars() else frame


def returned(answer: Frame, like: Any) -> Any:  # noqa: ANN401 - the caller's own type
    """Return an answer in the type of the caller's frame."""
    given: Frame = nw.from_native(like)
    if given.implementation.is_pyarrow():
        return answer.collect("pyarrow").to_native()
    eager = isinstance(given, nw.DataFrame) and isinstance(answer, nw.LazyFrame)
    return (answer.collect() if eager else answer).to_native()


def carried(people: Frame, by: Sequence[str] | None) -> dict[str, str]:
    """Return names under which columns of people pass through, so that they meet no column of the arithmetic."""
    names = people.collect_schema().names() if by is None else by
    return {name: f"people {place}" for place, name in enumerate(names) if name not in _OWN}


_OWN = ("person", "role", "capability")


def check(
    frames: Mapping[str, Frame],
    by: Sequence[str] | None,
    policy: EvidencePolicy,
    *,
    taken: Sequence[str],
    totals: bool,
    min_group: int,
) -> None:
    """Refuse what cannot be answered, with every reason; `taken` are the names of the columns of the answer."""
    issues = [*_column_issues(frames, by or ()), *_type_issues(frames), *_policy_issues(frames, policy)]
    for name in carried(frames["people"], by):
        if name in taken:
            text = f"{name!r} of people is the name of a column of the answer"
            issues.append(Issue("column-name", text, (name,), "people", "rename it, or leave it out"))
    kinds = {str(frame.implementation) for frame in frames.values()}
    if len(kinds) > 1:
        text = f"the frames are of {len(kinds)} libraries: {', '.join(sorted(kinds))}"
        issues.append(Issue("mixed-frames", text, (), "", "give all of them as frames of one library"))
    if not min_group >= 1:
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
    for name in frames:
        needed, known = NEEDED[name], frames[name].collect_schema().names()
        wanted = (*needed, *(column for column in by if column != "capability")) if name == "people" else needed
        for column in dict.fromkeys(wanted):
            if column not in known:
                text = f"{column!r} is no column of {name}"
                yield Issue("missing-column", text, (column,), name, f"it has {', '.join(known)}; rename or add one")


def _type_issues(frames: Mapping[str, Frame]) -> Iterator[Issue]:
    """Yield an issue for each column that holds texts where numbers are needed, or numbers where days are."""
    for name, frame in frames.items():
        for column, kind in frame.collect_schema().items():
            if column in _NUMBERS and name != "people" and kind == nw.String:
                text, hint = f"{column!r} of {name} holds texts", "give numbers; levels are ranks"
                yield Issue("column-type", text, (column,), name, hint)
            if column in _DAYS and name == "evidence" and (kind.is_numeric() or kind == nw.Boolean):
                text, hint = f"{column!r} of {name} holds numbers", "give days, moments or texts such as 2026-01-31"
                yield Issue("column-type", text, (column,), name, hint)


def _policy_issues(frames: Mapping[str, Frame], policy: EvidencePolicy) -> Iterator[Issue]:
    """Yield an issue for each part of a policy that needs more than the frames hold."""
    known = {name: frame.collect_schema().names() for name, frame in frames.items()}
    if policy.inference and "links" not in frames:
        text = "'inference' needs to know which capability speaks for which"
        yield Issue("policy", text, ("inference",), "policy", "give links=…, or use capgraph.gap")
    if "mapped" in policy.inference:
        text = "'mapped' needs the crosswalks themselves"
        yield Issue("policy", text, ("inference",), "policy", "infer from what is exact alone, or use capgraph.gap")
    scales = [name for name in ("evidence", "requirements") if "scale" in known[name]]
    if scales and "scale" not in known.get("capabilities", ()):
        text = f"'scale' of {' and '.join(scales)} needs the scale of each capability"
        yield Issue(
            "policy", text, ("scale",), "policy", "give capabilities=… with a column scale, or use capgraph.gap"
        )
    if policy.rescale and not scales and "links" not in frames:
        text = "'rescale' needs to know on which scales the levels are stated"
        yield Issue("policy", text, ("rescale",), "policy", "add a column scale to evidence, or use capgraph.gap")
    if "behavior" in known["evidence"] and "behaviors" not in frames:
        text = "'behavior' of evidence needs the level that each behavior shows"
        yield Issue("policy", text, ("behavior",), "behaviors", "give behaviors=…, leave it out, or use capgraph.gap")
    if "behaviors" in frames and "behavior" not in known["evidence"]:
        text = "'behavior' is no column of evidence"
        yield Issue("missing-column", text, ("behavior",), "evidence", "add it, or leave behaviors out")
