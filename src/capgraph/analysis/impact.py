"""impact: what changed around a learning asset, for those who took it and those who did not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from capgraph.analysis.arguments import require_counts, require_graph
from capgraph.analysis.challenge_scope import in_scope, people_of
from capgraph.analysis.diagnose import TRAINABLE
from capgraph.analysis.impact_rows import ImpactReport, ImpactRow, sentence_of
from capgraph.analysis.paired import Difference, of_means, of_shares
from capgraph.analysis.subjects import day, entry
from capgraph.analysis.typed import typed
from capgraph.errors import UnknownIdError
from capgraph.model import Behavior, Challenge, Evidence, LearningAsset, Measurement, Metric, Person
from capgraph.report import Fact

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Sequence

    from capgraph.graph import CapabilityGraph

Group = Literal["took it", "did not"]
_SEEN = {"observation", "manager", "peer", "test"}


@dataclass(frozen=True)
class _Study:
    """What both halves of the answer need."""

    graph: CapabilityGraph
    assets: tuple[str, ...]
    started: dict[str, dt.date]
    people: tuple[str, ...]
    since: dt.date | None
    as_of: dt.date
    min_group: int


@typed
def impact(
    graph: CapabilityGraph,
    challenge: str,
    asset: str | Iterable[str] | None = None,
    *,
    since: dt.date | None = None,
    as_of: dt.date | None = None,
    min_group: int = 5,
) -> ImpactReport:
    """Return the behaviors and the metric of a challenge before and after an asset, for those who took it and not.

    A person's own first completion parts before from after; for those who did not take it, and for the metric, `since`
    does.  Of each person the last look on either side counts, and only people looked at on both sides are compared.
    Self ratings are no look.  Groups below `min_group` show no shares.

    Parameters
    ----------
    graph : CapabilityGraph
        An agenda, a workforce with evidence, and the catalog.
    challenge : str
        The challenge.
    asset : str or iterable of str or None
        The asset or assets; None for those commissioned for the challenge.
    since : date or None
        The day that parts before from after; None for the median day of the first completions.
    as_of : date or None
        The day up to which evidence counts; None for today in UTC.
    min_group : int
        People, >= 1; the shares of smaller groups are not shown.

    Returns
    -------
    ImpactReport
        Two rows for each behavior and one for each scope in which the metric was read.

    Raises
    ------
    UnknownIdError
        When an id is unknown or of another kind, or no asset is named or commissioned.
    ArgumentError
        When `min_group` is below 1.

    Notes
    -----
    Linear in the evidence of the people in scope.  Nothing here claims a cause: people were not assigned by lot.

    Examples
    --------
    >>> import datetime as dt
    >>> import capgraph as cg
    >>> found = impact(cg.sample().graph(), "challenge:handover", as_of=dt.date(2026, 10, 1))
    >>> "does not show" in found.sentence
    True
    """
    require_graph(graph)
    require_counts(1, min_group=min_group)
    node = entry(graph, challenge, Challenge)
    study = _studied(
        graph, challenge, asset, since=None if since is None else day(since), as_of=day(as_of), min_group=min_group
    )
    behaviors = [link.target for link in graph.links(challenge, "changes")]
    rows = [row for behavior in behaviors for row in _behavior_rows(study, behavior)]
    rows.extend(_metric_rows(study, challenge))
    return ImpactReport(
        records=tuple(rows),
        notes=tuple(_notes(study, node, rows)),
        challenge=graph.resolve(challenge),
        assets=study.assets,
        took=len(study.started),
        did_not=len(study.people) - len(study.started),
        since=study.since,
        as_of=study.as_of,
        sentence=sentence_of(rows),
    )


def _studied(
    graph: CapabilityGraph,
    challenge: str,
    asset: str | Iterable[str] | None,
    *,
    since: dt.date | None,
    as_of: dt.date,
    min_group: int,
) -> _Study:
    """Return what is to be looked at: the assets, who took them when, and the day that parts before from after."""
    assets = _assets(graph, challenge, asset)
    people = in_scope(graph, challenge)
    started = {person: first for person in people if (first := _first(graph, person, assets, as_of)) is not None}
    days = sorted(started.values())
    since = since or (days[len(days) // 2] if days else None)
    return _Study(graph, assets, started, people, since, as_of, min_group)


def _assets(graph: CapabilityGraph, challenge: str, asset: str | Iterable[str] | None) -> tuple[str, ...]:
    """Return the assets asked about."""
    if asset is None:
        found = [link.target for link in graph.links(challenge, "answered_by")]
    else:
        found = [asset] if isinstance(asset, str) else list(asset)
    if not found:
        message = f"{challenge!r} has no asset commissioned for it; name the asset"
        raise UnknownIdError(challenge, message=message)
    for id_ in found:
        entry(graph, id_, LearningAsset)
    return tuple(sorted({graph.resolve(id_) for id_ in found}))


def _first(graph: CapabilityGraph, person: str, assets: Sequence[str], as_of: dt.date) -> dt.date | None:
    """Return the day on which a person first completed one of the assets."""
    done = [
        link.data.date
        for link in graph.links(person, "evidence")
        if link.target in assets and isinstance(link.data, Evidence) and link.data.kind in {"completion", "credential"}
    ]
    return min((date for date in done if date <= as_of), default=None)


def _behavior_rows(study: _Study, behavior: str) -> Iterator[ImpactRow]:
    """Yield a row for those who took it and one for those who did not."""
    looks = _looks(study, behavior)
    groups: dict[Group, list[str]] = {
        "took it": [person for person in study.people if person in study.started],
        "did not": [person for person in study.people if person not in study.started],
    }
    label = entry(study.graph, behavior, Behavior).statement
    for group, people in groups.items():
        sides = [_sides(looks.get(person, ()), study.started.get(person, study.since)) for person in people]
        yield _behavior_row((behavior, label, group), sides, study.min_group)


def _behavior_row(
    names: tuple[str, str, str], sides: Sequence[tuple[Evidence | None, Evidence | None]], min_group: int
) -> ImpactRow:
    """Return the row of a behavior in one group, from the last looks at each person on both sides."""
    pairs = [(before.value != 0, after.value != 0) for before, after in sides if before and after]
    shown = len(pairs) >= min_group
    return _row(
        names,
        size=len(sides),
        observed=(sum(before is not None for before, _ in sides), sum(after is not None for _, after in sides)),
        missing=len(sides) - len(pairs),
        before=sum(before for before, _ in pairs) / len(pairs) if shown else None,
        difference=of_shares(pairs) if shown else None,
        rises=True,
        because=[_fact(record) for side in sides for record in side if record and shown],
    )


def _fact(record: Evidence) -> Fact:
    """Return the fact that a record states."""
    return Fact("record", f"{record.kind} of {record.date}", (record.id,), record)


def _looks(study: _Study, behavior: str) -> dict[str, list[Evidence]]:
    """Return the records about a behavior that count, by person, oldest first."""
    found: dict[str, list[Evidence]] = {}
    corrected = {record.corrects for record in study.graph.evidence(about=behavior)}
    for link in study.graph.links(behavior, "evidence", incoming=True):
        record = link.data
        if not isinstance(record, Evidence) or record.id in corrected:
            continue
        if record.kind in _SEEN and record.date <= study.as_of:
            found.setdefault(link.source, []).append(record)
    return {person: sorted(records, key=lambda record: (record.date, record.id)) for person, records in found.items()}


def _sides(records: Sequence[Evidence], split: dt.date | None) -> tuple[Evidence | None, Evidence | None]:
    """Return the last look before a day and the last one after it."""
    before = [record for record in records if split is not None and record.date < split]
    after = [record for record in records if split is not None and record.date > split]
    return (before[-1] if before else None), (after[-1] if after else None)


def _metric_rows(study: _Study, challenge: str) -> Iterator[ImpactRow]:
    """Yield a row for each scope in which the metric was read."""
    for link in study.graph.links(challenge, "measured_by"):
        metric = entry(study.graph, link.target, Metric)
        readings: dict[tuple[str, ...], list[Measurement]] = {}
        for found in study.graph.links(link.target, "reads", incoming=True):
            if isinstance(found.data, Measurement) and found.data.date <= study.as_of:
                readings.setdefault(found.data.scope, []).append(found.data)
        for scope, taken in sorted(readings.items()):
            yield _metric_row(study, metric, scope, sorted(taken, key=lambda reading: (reading.date, reading.id)))


def _metric_row(study: _Study, metric: Metric, scope: tuple[str, ...], taken: Sequence[Measurement]) -> ImpactRow:
    """Return the row of a metric in one scope."""
    split = study.since
    before = [reading.value for reading in taken if split is not None and reading.date < split]
    after = [reading.value for reading in taken if split is not None and reading.date >= split]
    people = people_of(study.graph, [id_ for id_ in scope if id_ in study.graph]) if scope else study.graph.ids(Person)
    took = sum(person in study.started for person in people)
    where = ", ".join(scope) or "everybody"
    return _row(
        (metric.id, f"{metric.label} ({metric.unit})" if metric.unit else metric.label, f"{where}: {took} took it"),
        size=len(people) if scope and people else None,
        observed=(len(before), len(after)),
        missing=(not before) + (not after),
        before=sum(before) / len(before) if before else None,
        difference=of_means(before, after),
        rises=metric.better == "higher",
        because=[Fact("record", f"{reading.date}: {reading.value:g}", (reading.id,), reading) for reading in taken],
    )


def _row(
    names: tuple[str, str, str],
    *,
    size: int | None,
    observed: tuple[int, int],
    missing: int,
    before: float | None,
    difference: Difference | None,
    rises: bool,
    because: Sequence[Fact],
) -> ImpactRow:
    """Return a row for a figure before and its difference after."""
    measure, label, group = names
    value = difference.value if difference else None
    return ImpactRow(
        measure=measure,
        label=label,
        group=group,
        size=size,
        observed_before=observed[0],
        observed_after=observed[1],
        missing=missing,
        before=before,
        after=before + value if before is not None and value is not None else None,
        difference=value,
        low=difference.low if difference else None,
        high=difference.high if difference else None,
        better=None if not value else (value > 0) == rises,
        because=tuple(because),
    )


def _notes(study: _Study, node: Challenge, rows: Sequence[ImpactRow]) -> Iterator[str]:
    """Yield what a reader must know."""
    if not study.started:
        yield "nobody in scope has completed any of the assets, so that there is no before and after"
    if node.cause is not None and node.cause not in TRAINABLE:
        yield f"the diagnosis found {node.cause}; training is not the remedy, and a change here has other reasons"
    small = {row.group for row in rows if row.before is None and row.measure not in study.graph.ids(Metric)}
    if small:
        groups = ", ".join(sorted(small))
        yield f"shares of fewer than {study.min_group} people looked at both times are not shown ({groups})"
