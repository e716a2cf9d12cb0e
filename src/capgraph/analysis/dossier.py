"""What the records of one person say, capability by capability, before any policy is asked."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from capgraph.analysis.teaching import counts
from capgraph.model import Alignment, Behavior, Capability, Evidence

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from capgraph.graph import CapabilityGraph
    from capgraph.links import Link


class Statement(NamedTuple):
    """What one record says about one capability."""

    record: Evidence
    """The record."""
    capability: str
    """The capability that it is about."""
    level: int | None = None
    """The level that it states."""
    value: float | None = None
    """The value that it states."""
    scale: str | None = None
    """The scale of the level, where it is not the capability's own."""
    behavior: Behavior | None = None
    """The behavior that was looked for; then nothing above is set."""
    lowest: bool = False
    """Whether it states the lowest level, whichever that is."""


class Dossier:
    """The records of one person, by the capabilities they are about.

    Parameters
    ----------
    graph : CapabilityGraph
        The graph.
    person : str
        The id of a person, as the graph hands it out.

    Notes
    -----
    Linear in the person's records, and in the alignments of the assets that they name.
    """

    __slots__ = ("_graph", "by_capability", "corrections", "records")

    def __init__(self, graph: CapabilityGraph, person: str) -> None:
        self._graph = graph
        self.corrections: dict[str, list[Evidence]] = defaultdict(list)
        """The records that correct others, by the id of what they correct."""
        self.by_capability: dict[str, list[Statement]] = defaultdict(list)
        """The statements about each capability, by record."""
        self.records: dict[str, Evidence] = {}
        """Every record of the person, by id."""
        for link in graph.links(person, "evidence"):
            record = link.data
            if isinstance(record, Evidence):
                self._add(record)
                self._read(link, record)
        for stated in self.by_capability.values():
            stated.sort(key=_place)

    def _add(self, record: Evidence) -> None:
        """Take a record, once, and remember which one it corrects."""
        if record.id not in self.records:
            self.records[record.id] = record
            if record.corrects is not None:
                self.corrections[_key(self._graph, record.corrects)].append(record)

    def correction(self, record: Evidence, as_of: dt.date) -> Evidence | None:
        """Return the record that replaces another one on a day, or None; the first by id where several do."""
        if not self.corrections:
            return None
        stated = self.corrections.get(_key(self._graph, record.id), ())
        return min((late for late in stated if late.date <= as_of), key=lambda late: late.id, default=None)

    def _read(self, link: Link, record: Evidence) -> None:
        """Take what a record says about the capability, behavior or asset that a link leads to."""
        target = link.target
        subject = self._graph[target]
        if isinstance(subject, Capability):
            if record.behavior is None:
                said = Statement(record, target, record.level, record.value, record.scale)
                self.by_capability[target].append(said)
            elif record.level is not None:
                self.by_capability[target].append(Statement(record, target, record.level, None, record.scale))
        elif isinstance(subject, Behavior):
            for shown in self._graph.links(target, "shows"):
                self.by_capability[shown.target].append(Statement(record, shown.target, behavior=subject))
        elif record.capability is None and record.behavior is None:
            for statement in self._taught(target, record):
                self.by_capability[statement.capability].append(statement)

    def _taught(self, asset: str, record: Evidence) -> Iterator[Statement]:
        """Yield the levels that a completed asset teaches by its accepted alignments with capabilities."""
        for link in self._graph.links(asset, "teaches"):
            stated = link.data
            if isinstance(stated, Alignment) and counts(stated) and isinstance(self._graph[link.target], Capability):
                level = stated.level_to
                yield Statement(record, link.target, level, None, stated.scale, lowest=level is None)


def _place(said: Statement) -> tuple[str, str, int]:
    """Return the place of a statement among those about one capability."""
    return said.record.id, "" if said.behavior is None else said.behavior.statement, said.level or 0


def _key(graph: CapabilityGraph, id_: str) -> str:
    """Return an id as the graph hands it out, or as it is written where the graph does not know it."""
    return graph.resolve(id_) if id_ in graph else id_
