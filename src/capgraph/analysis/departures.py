"""departures: what goes with people who leave, so that nothing refers to somebody who is no longer there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capgraph.analysis.edits import Edit
from capgraph.model import Person, Team

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from capgraph.graph import CapabilityGraph


def departures(graph: CapabilityGraph, edits: Sequence[Edit]) -> Iterator[Edit]:
    """Yield what follows when edits remove people: their evidence goes, and nobody reports to them or is led by them.

    What the edits themselves say about an entry is left as they say it.

    Parameters
    ----------
    graph : CapabilityGraph
        The state before.
    edits : sequence of Edit
        What would change.
    """
    stated = {(graph.resolve(edit.id), edit.field) for edit in edits if edit.id in graph}
    going = {id_ for id_, field in stated if not field and _goes(graph, id_, edits)}
    for person in sorted(going):
        for record in graph.evidence(person):
            if (graph.resolve(record.id), "") not in stated:
                yield Edit(action="removed", table="evidence", id=record.id)
    if not going:
        return
    for kind, table, field in ((Person, "people", "manager"), (Team, "teams", "lead")):
        for id_ in graph.ids(kind):
            whom = getattr(graph[id_], field)
            asked = id_ in going or {(id_, field), (id_, "")} & stated
            if whom is not None and whom in graph and graph.resolve(whom) in going and not asked:
                yield Edit(action="changed", table=table, id=graph[id_].id, field=field)


def _goes(graph: CapabilityGraph, id_: str, edits: Sequence[Edit]) -> bool:
    """Return whether an edit removes a person whom nobody takes over from."""
    own = (edit for edit in edits if edit.id in graph and graph.resolve(edit.id) == id_)
    return isinstance(graph[id_], Person) and any(edit.action == "removed" and not edit.into for edit in own)
