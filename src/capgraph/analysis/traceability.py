"""traceability: from a business problem to behaviors, learning and measurement, and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from capgraph.analysis.arguments import require_graph
from capgraph.analysis.chain import TraceStatus, diagnosis_of, status_of, verdict_of
from capgraph.analysis.challenge_scope import in_scope
from capgraph.analysis.orphans import assets_in_use
from capgraph.analysis.subjects import entry
from capgraph.analysis.teaching import AlignmentChoice, behaviors_taught, teachings
from capgraph.analysis.typed import typed
from capgraph.errors import DocumentError, Issue, UnknownIdError
from capgraph.model import Behavior, Challenge, LearningAsset, Person, RoleProfile
from capgraph.report import Fact, Report, ReportRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from capgraph.graph import CapabilityGraph
    from capgraph.links import Link
    from capgraph.model import Cause

_TONES = {"traced": "good", "unmeasured": "fair", "undiagnosed": "open", "not_training": "open"}
_REFERENCES = ("changes", "measured_by", "concerns", "answered_by")


@dataclass(frozen=True, kw_only=True)
class TraceRow(ReportRow):
    """One behavior that a challenge needs changed, from the problem to its measurement."""

    challenge: str
    """The challenge."""
    problem: str
    """What it is about, in its own words."""
    cause: Cause | None
    """What the diagnosis found."""
    behavior: str | None
    """The behavior that must change; None where the challenge names none."""
    statement: str
    """What one would see people do."""
    capability: str | None
    """The capability that it shows."""
    level: int | None
    """The level that it shows."""
    roles: tuple[str, ...]
    """The roles in scope that require the capability."""
    people: int
    """How many people are in scope."""
    assets: tuple[str, ...]
    """The assets in use that teach the behavior, or its capability at its level."""
    commissioned: tuple[str, ...]
    """The assets that were commissioned for the challenge."""
    metric: str | None
    """The figure by which the business sees the problem."""
    readings: int
    """How many readings of it there are."""
    status: TraceStatus
    """``not_training`` (the cause is none that learning remedies), ``undiagnosed``, ``no_behavior``, ``unserved`` (no
    asset teaches it), ``mismatched`` (commissioned assets do not teach it), ``unmeasured``, else ``traced``."""
    verdict: str
    """What follows, in one sentence."""
    diagnosis: str
    """What was asked and answered when somebody looked for the cause."""

    def tone(self) -> str:
        """Return how the row is colored."""
        return _TONES.get(self.status, "poor")


@dataclass(frozen=True, kw_only=True, repr=False)
class TraceReport(Report[TraceRow]):
    """The rows by challenge and behavior, and what hangs on neither end."""

    name: ClassVar[str] = "traceability"
    row_type: ClassVar[type[ReportRow]] = TraceRow

    subject: str | None
    """The challenge, asset or behavior asked about; None for everything."""
    challenges: int
    """How many challenges the rows are about."""
    unserved: tuple[str, ...]
    """Challenges that learning could remedy and that no asset serves."""
    untied: tuple[str, ...]
    """Assets in use that serve no challenge at all, compliance items aside."""


@typed
def traceability(
    graph: CapabilityGraph, subject: str | None = None, *, alignments: AlignmentChoice = "accepted"
) -> TraceReport:
    """Return how challenges lead to behaviors, capabilities, people, learning assets and measurement, or do not.

    An asset serves a behavior when it teaches it, or teaches the step of the capability that the behavior shows.  The
    cause decides first: where the diagnosis found motivation, process, tools or expectations, training is not the
    remedy, whatever the catalog offers.

    Parameters
    ----------
    graph : CapabilityGraph
        Frameworks, catalogs and agendas; a workforce for the people in scope.
    subject : str or None
        A challenge; an asset or a behavior, for the challenges that it serves; None for all challenges.
    alignments : str
        ``accepted``, or ``proposed`` to let proposed alignments in too.

    Returns
    -------
    TraceReport
        One row for each challenge and behavior, by challenge, then behavior.

    Raises
    ------
    UnknownIdError
        When the subject is unknown or of another kind.
    DanglingReferenceError
        When a challenge asked about names behaviors, metrics, scopes or assets that no document holds; all are listed.

    Notes
    -----
    Linear in the alignments, and in the challenges times the people in their scopes.

    Examples
    --------
    >>> import capgraph as cg
    >>> found = traceability(cg.sample().graph(), "challenge:late-invoices")
    >>> [(row.status, row.verdict) for row in found]
    [('not_training', 'change the rule or the workflow that stands in the way; training is not the remedy')]
    """
    require_graph(graph)
    kept = _challenges(graph, subject)
    _refuse_dangling(graph, kept)
    serving = _serving(graph, alignments)
    rows = [row for id_ in kept for row in _rows(graph, id_, serving)]
    node = None if subject is None else graph[subject]
    if isinstance(node, LearningAsset | Behavior) and subject is not None:
        key = graph.resolve(subject)
        rows = [row for row in rows if key in {row.behavior, *row.assets, *row.commissioned}]
    tied = {asset for id_ in graph.ids(Challenge) for asset in _tied(graph, id_, serving)}
    used = assets_in_use(graph)
    return TraceReport(
        records=tuple(rows),
        notes=_notes(graph, rows, subject),
        subject=None if subject is None else graph.resolve(subject),
        challenges=len({row.challenge for row in rows}),
        unserved=tuple(sorted({row.challenge for row in rows if row.status in {"unserved", "no_behavior"}})),
        untied=tuple(id_ for id_, asset in used.items() if id_ not in tied and not asset.mandatory),
    )


def _challenges(graph: CapabilityGraph, subject: str | None) -> tuple[str, ...]:
    """Return the challenges that a question is about."""
    if subject is None:
        return graph.ids(Challenge)
    node = graph[subject]
    if isinstance(node, Challenge):
        return (graph.resolve(subject),)
    if isinstance(node, LearningAsset | Behavior):
        return graph.ids(Challenge)
    message = f"{subject!r} is a {type(node).__name__}; give the id of a challenge, an asset or a behavior"
    raise UnknownIdError(subject, message=message)


def _refuse_dangling(graph: CapabilityGraph, challenges: Iterable[str]) -> None:
    """Refuse challenges that name what no document holds."""
    asked = {graph[id_].id for id_ in challenges}
    issues = [
        Issue(
            "dangling-reference",
            f"{link.source!r} {link.relation.replace('_', ' ')} {link.target!r}, which no document holds",
            (link.source, link.target),
            "",
            "load the document that holds it, or correct the agenda",
        )
        for link in graph.unresolved
        if link.source in asked and link.relation in _REFERENCES
    ]
    if issues:
        raise DocumentError.of(issues, "agenda")


def _serving(graph: CapabilityGraph, alignments: AlignmentChoice) -> dict[str, dict[str, Link]]:
    """Return the links by which assets serve each behavior, by behavior and asset."""
    found: dict[str, dict[str, Link]] = {}
    for link in behaviors_taught(graph, alignments=alignments):
        found.setdefault(link.target, {}).setdefault(link.source, link)
    for taught in teachings(graph, alignments=alignments):
        ranks = {step.rank for step in taught.steps}
        for behavior in graph.behaviors(taught.capability):
            node = graph[behavior]
            if isinstance(node, Behavior) and (node.level is None or node.level in ranks):
                found.setdefault(behavior, {}).setdefault(taught.asset, taught.link)
    return found


def _tied(graph: CapabilityGraph, challenge: str, serving: Mapping[str, Mapping[str, Link]]) -> Iterator[str]:
    """Yield the assets that serve a challenge."""
    yield from (link.target for link in graph.links(challenge, "answered_by"))
    for link in graph.links(challenge, "changes"):
        yield from serving.get(link.target, ())


def _rows(graph: CapabilityGraph, challenge: str, serving: Mapping[str, Mapping[str, Link]]) -> Iterator[TraceRow]:
    """Yield the rows of a challenge: one for each behavior, or one without."""
    people = in_scope(graph, challenge)
    roles = _roles(graph, challenge, people)
    stated: list[str | None] = [link.target for link in graph.links(challenge, "changes")]
    for behavior in stated or [None]:
        links = serving.get(behavior, {}) if behavior else {}
        yield _row(graph, challenge, behavior, dict(links), people=len(people), roles=roles)


def _roles(graph: CapabilityGraph, challenge: str, people: Iterable[str]) -> set[str]:
    """Return the roles that a challenge concerns: those it names, and those that people in scope hold."""
    named = {link.target for link in graph.links(challenge, "concerns")}
    held = {link.target for person in people for link in graph.links(person, "holds")}
    return held | {id_ for id_ in named if isinstance(graph[id_], RoleProfile)}


def _row(
    graph: CapabilityGraph,
    challenge: str,
    behavior: str | None,
    links: dict[str, Link],
    *,
    people: int,
    roles: set[str],
) -> TraceRow:
    """Return the row of a challenge and a behavior."""
    node = entry(graph, challenge, Challenge)
    shown = entry(graph, behavior, Behavior) if behavior else None
    shows = graph.links(behavior, "shows") if behavior else ()
    capability = shows[0].target if shows else None
    metric = next((link.target for link in graph.links(challenge, "measured_by")), None)
    readings = len(graph.links(metric, "reads", incoming=True)) if metric else 0
    commissioned = tuple(link.target for link in graph.links(challenge, "answered_by"))
    status = status_of(node, shown, links, commissioned, readings)
    return TraceRow(
        challenge=challenge,
        problem=node.statement,
        cause=node.cause,
        behavior=behavior,
        statement=shown.statement if shown else "",
        capability=capability,
        level=shown.level if shown else None,
        roles=tuple(
            sorted(
                role
                for role in roles
                if capability and any(item.capability == capability for item in graph.requirements(role))
            )
        ),
        people=people,
        assets=tuple(sorted(links)),
        commissioned=commissioned,
        metric=metric,
        readings=readings,
        status=status,
        verdict=verdict_of(node, status),
        diagnosis=diagnosis_of(node),
        because=(
            *(Fact("record", f"{item.question} {item.answer}", (challenge,), item) for item in node.diagnosis),
            *(Fact.of_link(links[asset]) for asset in sorted(links)),
        ),
    )


def _notes(graph: CapabilityGraph, rows: list[TraceRow], subject: str | None) -> tuple[str, ...]:
    """Return what a reader must know."""
    notes = []
    if not graph.ids(Challenge):
        notes.append("no agenda with challenges is loaded")
    elif not rows and subject is not None:
        notes.append(f"{subject} serves no challenge")
    if rows and not graph.ids(Person):
        notes.append("no workforce is loaded, so that nobody is in scope")
    return tuple(notes)
