"""what_if: what a restructure would do to gaps, coverage, plans and successions; nothing is saved."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from capgraph.analysis.arguments import require_counts, require_graph, require_lists
from capgraph.analysis.carrier import Carrier
from capgraph.analysis.change import diff
from capgraph.analysis.departures import departures
from capgraph.analysis.edits import Edit, entries, require_changes
from capgraph.analysis.replay import replay
from capgraph.analysis.routes import Route
from capgraph.analysis.scenario_figures import Figure, benches, figures
from capgraph.analysis.typed import typed
from capgraph.errors import DocumentError, Issue
from capgraph.graph import CapabilityGraph
from capgraph.model import Document, Person
from capgraph.report import Report, ReportRow
from capgraph.text import closest

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from capgraph.analysis.policy import EvidencePolicy
    from capgraph.analysis.successors import Successors


@dataclass(frozen=True, kw_only=True)
class ScenarioRow(ReportRow):
    """One figure before and after."""

    measure: str
    """What is counted."""
    subject: str
    """The team, role or person that it is about; empty for everything together."""
    before: float | None
    """As it is; None where there is no such subject."""
    after: float | None
    """As it would be; None where there would be no such subject."""
    difference: float | None
    """After less before; None where one of them is missing."""
    better: bool | None
    """Whether the difference is wanted; None where there is none, or where it depends."""

    def tone(self) -> str:
        """Return how the row is colored."""
        return "" if self.better is None else "good" if self.better else "poor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One person who could take over a role."""

    person: str
    """The person."""
    ready: bool | None
    """Whether the person is ready; None where nothing falls short but something is not assessed."""
    readiness: float | None
    """The share of the assessed requirements that is held."""
    hours: float | None
    """The hours of learning to ready."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """Who could take over a role, before and after."""

    role: str
    """The role."""
    before: tuple[Candidate, ...]
    """The best placed as it is, in the order of `capgraph.successors`; nobody where the role is not there yet."""
    after: tuple[Candidate, ...]
    """The best placed as it would be; nobody where the role would be gone."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Scenario(Report[ScenarioRow]):
    """The figures by measure and subject; those of teams, roles and people only where they change."""

    name: ClassVar[str] = "what_if"
    row_type: ClassVar[type[ReportRow]] = ScenarioRow

    edits: int
    """How many edits were made."""
    changed: tuple[str, ...]
    """The documents that would change."""
    successions: tuple[Succession, ...]
    """Who could take over each role concerned, by role."""
    graph: CapabilityGraph = field(repr=False)
    """The graph as it would be, for any other question."""

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents that would change, as they would be."""
        return tuple(self.graph.documents[id_] for id_ in self.changed)


@typed
def what_if(
    graph: CapabilityGraph,
    changes: Iterable[Edit | Document],
    *,
    plans: Iterable[str] = (),
    roles: str | Iterable[str] = (),
    successions: int = 3,
    policy: EvidencePolicy | None = None,
    as_of: dt.date | None = None,
) -> Scenario:
    """Return gaps, coverage, successions and plans before and after a change, with nothing saved.

    Edits change single entries: people move teams, roles change what they require, teams get another headcount.  An
    entry that is *renamed*, *merged* or *split* is followed by everything that refers to it, in every document.  A
    document given as a whole takes the place of the one with its id.

    Parameters
    ----------
    graph : CapabilityGraph
        The state of today.
    changes : iterable of Edit or Document
        What would change.
    plans : iterable of str
        People whose shortest learning paths to their roles are compared too; each costs an optimization.
    roles : str or iterable of str
        Roles whose succession is compared, besides those that the change itself concerns: roles that are edited, and
        those that people come to hold or hold no more.
    successions : int
        How many successors of each role are compared, >= 0; each costs an optimization.
    policy : EvidencePolicy or None
        Which evidence counts and what it weighs; None for the defaults.
    as_of : date or None
        The day asked about; None for today in UTC.

    Returns
    -------
    Scenario
        One row for each figure of the whole, and for each figure of a team, role or person that changes; `graph` is
        the graph as it would be.

    Raises
    ------
    ArgumentError
        When `successions` is negative.
    UnknownIdError
        When `roles` or `plans` name what neither state holds.
    DocumentError
        When an edit names nothing in the documents, does not fit, or leads to a document that contradicts itself; all
        problems of a document are listed.

    Notes
    -----
    Twice the cost of `team_gap` for every team, of `coverage`, and of `successors` for every role concerned.

    Examples
    --------
    >>> import datetime as dt
    >>> import capgraph as cg
    >>> move = Edit.of({"action": "moved", "id": "person:adaeze", "field": "teams", "after": ["team:data"]})
    >>> found = what_if(cg.sample().graph(), [move], as_of=dt.date(2026, 3, 1))
    >>> {row.subject: row.difference for row in found if row.measure == "people"}["team:data"]
    1.0
    """
    require_graph(graph)
    require_lists(plans=plans)
    require_counts(0, successions=successions)
    given = list(changes)
    documents, edits = _edited(graph, given)
    imagined = CapabilityGraph(*documents.values())
    touched = {id_ for edit in edits for id_ in (edit.id, *edit.into) if id_}
    states, people, named = (graph, imagined), tuple(plans), _named(graph, imagined, roles)
    concerned = sorted(touched | named | _reassigned(graph, imagined))
    bench = [benches(state, concerned, limit=successions, policy=policy, as_of=as_of) for state in states]
    before, after = (
        figures(state, found, plans=people, policy=policy, as_of=as_of)
        for state, found in zip(states, bench, strict=True)
    )
    return Scenario(
        records=tuple(_rows(before, after)),
        notes=() if given else ("nothing changes",),
        edits=len(edits),
        successions=tuple(_succession(role, *bench) for role in sorted(bench[0].keys() | bench[1].keys())),
        changed=tuple(id_ for id_, document in documents.items() if document is not graph.documents[id_]),
        graph=imagined,
    )


def _named(graph: CapabilityGraph, imagined: CapabilityGraph, roles: str | Iterable[str]) -> set[str]:
    """Return the ids of roles that somebody asks about; refuse those that neither state holds."""
    stated = [roles] if isinstance(roles, str) else roles
    return {(imagined if role in imagined else graph).resolve(role) for role in stated}


def _reassigned(graph: CapabilityGraph, imagined: CapabilityGraph) -> set[str]:
    """Return the roles that somebody would come to hold, or would hold no more."""
    held = [
        {(person, link.target) for person in state.ids(Person) for link in state.links(person, "holds")}
        for state in (graph, imagined)
    ]
    return {role for _, role in held[0] ^ held[1]}


def _succession(role: str, before: Mapping[str, Successors], after: Mapping[str, Successors]) -> Succession:
    """Return who could take over a role in both states."""
    sides = (
        tuple(
            Candidate(person=row.person, ready=row.ready, readiness=row.readiness, hours=row.hours)
            for row in side.get(role, ())
        )
        for side in (before, after)
    )
    old, new = sides
    return Succession(role=role, before=old, after=new)


def _edited(graph: CapabilityGraph, changes: Sequence[Edit | Document]) -> tuple[dict[str, Document], list[Edit]]:
    """Return all documents as they would be, and every edit that leads there."""
    require_changes(changes)
    whole = {change.id: change for change in changes if isinstance(change, Document)}
    edits = [change for change in changes if isinstance(change, Edit)]
    loose = _by_document(graph, [*edits, *departures(graph, edits)])
    unknown = [id_ for id_ in whole if id_ not in graph.documents]
    issues = [Issue("bad-edit", f"{id_!r} is no document of the graph", (id_,), "", "use its id") for id_ in unknown]
    if issues:
        raise DocumentError.of(issues, "what_if")
    for id_, document in whole.items():
        edits.extend(diff(graph.documents[id_], document).edits)
    ways = {edit.id: Route(edit.into, "followed", f"it is {edit.action}") for edit in edits if edit.into}
    found: dict[str, Document] = {}
    for id_, document in graph.documents.items():
        moved = _moved(whole.get(id_, document), ways)
        found[id_] = replay(moved, loose[id_]) if id_ in loose or moved is not document else document
    return found, edits


def _by_document(graph: CapabilityGraph, edits: Iterable[Edit]) -> dict[str, list[Edit]]:
    """Return the edits by the document that they change; refuse those that fit none, or several."""
    found: dict[str, list[Edit]] = defaultdict(list)
    issues = []
    for edit in edits:
        homes = [graph.home(edit.id).id] if edit.id in graph else _with_table(graph, edit.table)
        if len(homes) == 1:
            found[homes[0]].append(edit)
            continue
        name = edit.id or edit.table or edit.action
        text = f"{name!r} is in no document" if not homes else f"{name!r} may belong to {' or '.join(homes)}"
        near = None if homes else closest(name, graph)
        hint = f"did you mean {near!r}?" if near else "name an entry that exists, or give the whole document"
        issues.append(Issue("bad-edit", text, (name,), "", hint))
    if issues:
        raise DocumentError.of(issues, "what_if")
    return found


def _with_table(graph: CapabilityGraph, table: str) -> list[str]:
    """Return the documents that have a table."""
    return [id_ for id_, document in graph.documents.items() if table in document.tables]


def _moved(document: Document, ways: Mapping[str, Route]) -> Document:
    """Return a document whose references follow what is renamed, merged or split; it is not checked yet."""
    if not ways:
        return document
    carrier = Carrier(ways, label=document.id)
    tables = {table: tuple(_carried(carrier, table, document)) for table in document.tables}
    same = all(
        len(new) == len(entries(document, table))
        and all(one is other for one, other in zip(new, entries(document, table), strict=True))
        for table, new in tables.items()
    )
    return document if same else document.model_copy(update=tables)


def _carried(carrier: Carrier, table: str, document: Document) -> Iterator[object]:
    """Yield the entries of a table with their references carried over."""
    for member in entries(document, table):
        yield from carrier.carried(table, member)


def _rows(before: Mapping[tuple[str, str], Figure], after: Mapping[tuple[str, str], Figure]) -> Iterator[ScenarioRow]:
    """Yield the figures of the whole, and the others that differ."""
    for measure, subject in sorted(before.keys() | after.keys()):
        old, new = before.get((measure, subject)), after.get((measure, subject))
        values = old.value if old else None, new.value if new else None
        if subject and values[0] == values[1]:
            continue
        difference = values[1] - values[0] if values[0] is not None and values[1] is not None else None
        rises = next((figure.rises for figure in (new, old) if figure is not None), None)
        yield ScenarioRow(
            measure=measure,
            subject=subject,
            before=values[0],
            after=values[1],
            difference=difference,
            better=None if not difference or rises is None else (difference > 0) == rises,
        )
