"""population: what a graph holds, as the tables that `workforce_gap` reads."""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING, Any

from capgraph.analysis.dossier import Dossier
from capgraph.analysis.weighing import rated
from capgraph.model import Behavior, Capability, Mapping, Person, RoleProfile
from capgraph.report import frame_library

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from capgraph.graph import CapabilityGraph
    from capgraph.links import Link
    from capgraph.model import Evidence
    from capgraph.report import FrameLibrary

_COLUMNS: dict[str, dict[str, type]] = {
    "people": {"person": str, "role": str, "team": str, "site": str},
    "requirements": {
        "role": str,
        "capability": str,
        "level": float,
        "value": float,
        "lowest": float,
        "necessity": str,
        "importance": float,
        "scale": str,
    },
    "evidence": {
        "id": str,
        "person": str,
        "capability": str,
        "behavior": str,
        "kind": str,
        "level": float,
        "value": float,
        "scale": str,
        "date": dt.date,
        "expires": dt.date,
        "confidence": float,
        "corrects": str,
    },
    "capabilities": {
        "capability": str,
        "capability_kind": str,
        "scale": str,
        "lowest": float,
        "highest": float,
        "zero_means": str,
        "ranks": str,
    },
    "behaviors": {"behavior": str, "capability": str, "level": float, "below": float},
    "links": {"capability": str, "target": str, "relation": str},
}


def population(graph: CapabilityGraph, *, library: FrameLibrary | None = None) -> dict[str, Any]:
    """Return what a graph holds as the tables that `capgraph.workforce_gap` reads, by the name of the parameter.

    Parameters
    ----------
    graph : CapabilityGraph
        The graph.
    library : str or None
        ``pandas``, ``polars`` or ``pyarrow``; None for the first of them that is imported already, else installed.

    Returns
    -------
    dict of str to frame
        ``people`` (one row for each role that somebody holds, with the first of their teams), ``requirements``
        (inherited ones included), ``evidence`` (a completion once for each capability that the asset teaches),
        ``capabilities``, ``behaviors`` and ``links``.

    Notes
    -----
    Linear in what the graph holds, and in the pairs of capabilities of which one is above the other.

    Examples
    --------
    >>> import datetime as dt
    >>> import capgraph as cg
    >>> tables = population(cg.sample().graph(), library="polars")
    >>> found = cg.workforce_gap(**tables, by="team", as_of=dt.date(2026, 3, 1))
    >>> found.columns[:4]
    ['team', 'people', 'requirements', 'met']
    """
    import narwhals as nw

    kinds: dict[type, Any] = {str: nw.String(), float: nw.Float64(), dt.date: nw.Datetime("us")}
    chosen = library or frame_library(sys.modules)
    found = {}
    for name, columns in _COLUMNS.items():
        rows = list(_ROWS[name](graph))
        data = {column: [row[place] for row in rows] for place, column in enumerate(columns)}
        schema = {column: kinds[kind] for column, kind in columns.items()}
        found[name] = nw.from_dict(data, schema=schema, backend=chosen).to_native()
    return found


def _people(graph: CapabilityGraph) -> Iterator[tuple[Any, ...]]:
    """Yield a row for each role that somebody holds."""
    for id_ in graph.ids(Person):
        person = graph[id_]
        teams = graph.links(id_, "member_of")
        for link in graph.links(id_, "holds"):
            yield id_, link.target, teams[0].target if teams else None, getattr(person, "site", None)


def _requirements(graph: CapabilityGraph) -> Iterator[tuple[Any, ...]]:
    """Yield a row for each requirement of each role."""
    for role in graph.ids(RoleProfile):
        for capability, stated, _ in graph.requirements(role):
            by_value = stated.level is None and stated.value is not None
            about = rated(graph, capability)
            minimum = None if about.scale is None else about.scale.minimum
            lowest = minimum if by_value else about.lowest
            scale = _known(graph, stated.scale)
            yield role, capability, stated.level, stated.value, lowest, stated.necessity, stated.importance, scale


def _evidence(graph: CapabilityGraph) -> Iterator[tuple[Any, ...]]:
    """Yield a row for each record, and for a record about an asset alone one for each capability that it teaches."""
    for person in graph.ids(Person):
        dossier = Dossier(graph, person)
        for record in dossier.records.values():
            capability, behavior = _known(graph, record.capability), _known(graph, record.behavior)
            if capability is not None or behavior is not None:
                yield _record(graph, person, record, (capability, behavior, record.level, record.value, record.scale))
        for capability, stated in dossier.by_capability.items():
            for said in stated:
                if said.record.capability is None and said.record.behavior is None:
                    level = rated(graph, capability).lowest if said.lowest else said.level
                    yield _record(graph, person, said.record, (capability, None, level, None, said.scale))


def _record(
    graph: CapabilityGraph, person: str, record: Evidence, said: tuple[str | None, str | None, Any, Any, str | None]
) -> tuple[Any, ...]:
    """Return the row of a record: what it says of a capability, and all that decides whether and how it counts."""
    capability, behavior, level, value, scale = said
    days = (_moment(record.date), _moment(record.expires))
    told = (record.kind, level, value, _known(graph, scale), *days, record.confidence, _known(graph, record.corrects))
    return _known(graph, record.id), person, capability, behavior, *told


def _capabilities(graph: CapabilityGraph) -> Iterator[tuple[Any, ...]]:
    """Yield a row for each capability."""
    for id_ in graph.ids(Capability):
        about = rated(graph, id_)
        zero_means = None if about.scale is None else about.scale.zero_means
        ranks = ", ".join(map(str, about.ranks)) if _skips(about.ranks) else None
        yield id_, about.kind, about.scale_id, about.lowest, max(about.ranks, default=None), zero_means, ranks


def _skips(ranks: Collection[int]) -> bool:
    """Return whether a scale has no level for some number between its lowest and its highest."""
    return bool(ranks) and max(ranks) - min(ranks) + 1 > len(ranks)


def _behaviors(graph: CapabilityGraph) -> Iterator[tuple[Any, ...]]:
    """Yield a row for each behavior that levels depend on."""
    for id_ in graph.ids(Behavior):
        behavior = graph[id_]
        if not isinstance(behavior, Behavior) or (behavior.status == "deprecated" and behavior.level is not None):
            continue
        for link in graph.links(id_, "shows"):
            level = behavior.level
            ranks = rated(graph, link.target).ranks
            below = None if level is None else max((rank for rank in ranks if rank < level), default=level - 1)
            yield id_, link.target, level, below


def _links(graph: CapabilityGraph) -> Iterator[tuple[Any, ...]]:
    """Yield a row for each capability that lets another one speak for it."""
    for id_ in graph.ids(Capability):
        for above in graph.broader(id_, depth=None):
            yield id_, above, "broader"
        for link in (*graph.links(id_, "maps"), *graph.links(id_, "maps", incoming=True)):
            if _is_exact(link) and link.source != link.target:
                yield id_, link.target if link.source == id_ else link.source, "exact"


def _is_exact(link: Link) -> bool:
    """Return whether a link says that two entries are the same."""
    return isinstance(link.data, Mapping) and link.data.predicate == "exact" and not link.data.negated


def _known(graph: CapabilityGraph, id_: str | None) -> str | None:
    """Return an id as the graph hands it out, or as it is written where the graph does not know it."""
    return graph.resolve(id_) if id_ is not None and id_ in graph else id_


def _moment(day: dt.date | None) -> dt.datetime | None:
    """Return the beginning of a day, which every data-frame library can leave empty."""
    return None if day is None else dt.datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a day has no zone


_ROWS = {
    "people": _people,
    "requirements": _requirements,
    "evidence": _evidence,
    "capabilities": _capabilities,
    "behaviors": _behaviors,
    "links": _links,
}
