"""gap: what a role requires of somebody, what is held, and what is missing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from capgraph.analysis.arguments import listed, require_graph
from capgraph.analysis.attainment import Assessor, EvidencePolicy
from capgraph.analysis.comparison import NECESSITIES, Demand, Status, demands, judge, missing_behaviors, readiness
from capgraph.analysis.holding import Holding, of_person, of_role
from capgraph.analysis.subjects import entry
from capgraph.analysis.typed import typed
from capgraph.errors import UnknownIdError
from capgraph.model import Necessity, Person, RoleProfile
from capgraph.report import Facts, Report, ReportRow

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from capgraph.graph import CapabilityGraph

_STATUS = ("below", "unassessed", "met", "above")
_REASONS = 3
_TONES = {"met": "good", "above": "good", "below": "poor", "unassessed": "open"}


@dataclass(frozen=True, kw_only=True)
class GapRow(ReportRow):
    """One requirement and what is held of it."""

    capability: str
    """The id of the capability."""
    label: str
    """Its label."""
    required: float | None
    """The level required, or the value where the requirement states a value; None where holding it is enough."""
    minimum: int | None
    """The level from which somebody may start."""
    stretch: int | None
    """The level worth aiming at beyond the required one."""
    attained: float | None
    """The level or value attained; None where it is not known."""
    shortfall: float | None
    """``max(0, required − attained)``; 1 or 0 where holding it is enough; None where unassessed."""
    status: Status
    """``below``, ``unassessed`` or ``met``; ``above`` where asked for."""
    necessity: Necessity
    """``mandatory`` (a gate), ``essential`` or ``optional``."""
    importance: float
    """The weight among the requirements."""
    confidence: float | None
    """How sure the attained level is, 0 to 1."""
    credit: float | None
    """``min(1, attained / required)``, in steps from the lowest level; None where unassessed."""
    role: str
    """The role that states the requirement."""
    newest: dt.date | None
    """The newest date of the evidence that counts."""
    inferred: bool
    """Whether it rests on inference, or on what is mapped to the capability."""
    self_level: int | None
    """What the person's own ratings come to by themselves, whether or not the policy counts them."""
    self_difference: int | None
    """``self_level − attained``: above 0 where people rate themselves higher; None where either is not known."""
    behaviors: tuple[str, ...]
    """Behaviors up to the required level that are not shown yet: above the attained level, or all where unassessed."""

    @property
    def is_met(self) -> bool:
        """Whether the requirement is met."""
        return self.status in {"met", "above"}

    @property
    def suffices(self) -> bool | None:
        """Whether it is met, or at least its minimum where it is no gate; None where unassessed."""
        if self.status == "unassessed":
            return None
        if self.is_met or self.necessity == "mandatory" or self.minimum is None or self.attained is None:
            return self.is_met
        return self.attained >= self.minimum

    def tone(self) -> str:
        """Return how the row is colored."""
        return "fair" if self.status == "below" and (self.credit or 0) > 0 else _TONES[self.status]


@dataclass(frozen=True, kw_only=True, repr=False)
class GapReport(Report[GapRow]):
    """What a person, or the holder of a role, lacks for a role.

    Rows: those not met first; of these *mandatory* before *essential* before *optional*, *below* before *unassessed*,
    the larger ``importance × shortfall`` first; then by capability and role.
    """

    name: ClassVar[str] = "gap"
    row_type: ClassVar[type[ReportRow]] = GapRow

    person: str | None
    """The person; None where a role is compared with a role."""
    source_role: str | None
    """The role whose holder is compared; None for a person."""
    role: str
    """The role; the first by id where several are asked about."""
    roles: tuple[str, ...]
    """All roles asked about, sorted."""
    as_of: dt.date
    """The day asked about."""
    readiness: float | None
    """``Σ importance × credit ÷ Σ importance`` over the assessed requirements; None where none is assessed."""
    assessed_share: float | None
    """The share of the requirements that are assessed; None without requirements."""
    ready: bool | None
    """Whether every mandatory requirement is met and every essential one reaches its minimum (its level where none is
    stated); None where nothing falls short but some of it is unassessed."""
    policy: EvidencePolicy = field(repr=False)
    """The policy under which evidence was counted."""


@typed
def gap(
    graph: CapabilityGraph,
    subject: str,
    role: str | Iterable[str] | None = None,
    *,
    policy: EvidencePolicy | None = None,
    as_of: dt.date | None = None,
    above: bool = False,
) -> GapReport:
    """Return what a person, or the holder of a role, lacks for one role or several.

    For a requirement ``shortfall = max(0, required − attained)``; the status is ``met`` where that is 0, ``below``
    where it is not, and ``unassessed`` where nothing is known: no evidence is not the lowest level.  A requirement
    without a level is met by any evidence of holding the capability.  Of a role of another framework, what is mapped
    to its requirements counts: for a role as it is, for a person where the policy infers from what is ``mapped``.

    ``readiness = Σ importance × min(1, attained / required) ÷ Σ importance`` over the assessed requirements, levels
    counted in steps from the scale's lowest; `assessed_share` says how many those are.

    Parameters
    ----------
    graph : CapabilityGraph
        The graph.
    subject : str
        A person; or a role, for what somebody who holds exactly what that role requires lacks.
    role : str or iterable of str or None
        The role or roles required; None for the roles that the person holds.  Where two roles require the same
        capability, a statement that demands no more than another in any respect is left out.
    policy : EvidencePolicy or None
        Which evidence counts and what it weighs; None for the defaults.
    as_of : date or None
        The day asked about; None for today in UTC.
    above : bool
        Whether to tell levels above the stretch (above the required level where none is stated) as ``above``.

    Returns
    -------
    GapReport
        Not met first, mandatory before essential before optional; see there for the whole order.

    Raises
    ------
    UnknownIdError
        When an id is unknown or of another kind, or no role is given and the person holds none.
    ScaleMismatchError
        When levels of different scales meet and the policy does not say how to read one on the other; all are listed.

    Notes
    -----
    Linear in the requirements, the behaviors of their capabilities and the person's records, plus sorting the rows.

    Examples
    --------
    >>> import capgraph as cg
    >>> graph = cg.CapabilityGraph(
    ...     cg.Framework(id="fw:mini", capabilities=[cg.Capability(id="cap:sql", label="SQL"),
    ...                                              cg.Capability(id="cap:tact", label="Tact")],
    ...         roles=[cg.RoleProfile(id="role:analyst", label="Analyst", requirements=[
    ...             cg.Requirement(capability="cap:sql"), cg.Requirement(capability="cap:tact")])]),
    ...     cg.Workforce(id="wf:mini", people=[cg.Person(id="person:amina", roles=["role:analyst"])], evidence=[
    ...         cg.Evidence(id="ev:1", person="person:amina", capability="cap:sql", kind="test", date="2025-03-01")]))
    >>> [(row.capability, row.status) for row in gap(graph, "person:amina")]
    [('cap:tact', 'unassessed'), ('cap:sql', 'met')]
    """
    require_graph(graph)
    assessor = Assessor(graph, policy=policy, as_of=as_of)
    if isinstance(graph[subject], Person):
        person, source, held = graph.resolve(subject), None, of_person(graph, assessor, subject)
    else:
        entry(graph, subject, RoleProfile, also=" or a Person")
        person, source = None, graph.resolve(subject)
        held = of_role(graph, assessor, source)
    roles = _roles(graph, subject, role)
    found = [(one, held(one)) for one in demands(graph, assessor.weigher, roles)]
    rows = [_row(graph, assessor, *one, above=above) for one in found]
    assessor.refuse()
    return GapReport(
        records=tuple(sorted(rows, key=_order)),
        notes=tuple(_notes(found, as_of=assessor.as_of)),
        person=person,
        source_role=source,
        role=roles[0],
        roles=roles,
        as_of=assessor.as_of,
        readiness=readiness((row.importance, row.credit) for row in rows),
        assessed_share=sum(row.status != "unassessed" for row in rows) / len(rows) if rows else None,
        ready=_ready(rows),
        policy=assessor.policy,
    )


def _roles(graph: CapabilityGraph, subject: str, role: str | Iterable[str] | None) -> tuple[str, ...]:
    """Return the roles to compare with, as the graph hands them out, sorted."""
    if role is None:
        found = [link.target for link in graph.links(subject, "holds")]
        if not found:
            text = f"{subject!r} holds no role in this graph; name the role to compare with"
            raise UnknownIdError(subject, message=text)
    else:
        found = [role] if isinstance(role, str) else list(listed("role", role))
        if not found:
            raise UnknownIdError(subject, message=f"{subject!r} is compared with no role; name at least one")
    for id_ in found:
        entry(graph, id_, RoleProfile)
    return tuple(sorted({graph.resolve(id_) for id_ in found}))


def _row(graph: CapabilityGraph, assessor: Assessor, demand: Demand, holding: Holding, *, above: bool) -> GapRow:
    """Return the row of one demand."""
    held, crossing = holding
    verdict = crossing.judged(demand) if crossing else judge(demand, held, above=above)
    rated = assessor.self_rated(held)
    return GapRow(
        capability=demand.capability,
        label=demand.label,
        required=demand.required,
        minimum=demand.minimum,
        stretch=demand.stretch,
        attained=verdict.attained,
        shortfall=verdict.shortfall,
        status=verdict.status,
        necessity=demand.necessity,
        importance=demand.importance,
        confidence=held.confidence,
        credit=verdict.credit,
        role=demand.role,
        newest=held.newest,
        inferred=held.inferred or crossing is not None,
        self_level=rated,
        self_difference=None if rated is None or held.level is None else rated - held.level,
        behaviors=() if verdict.is_met else missing_behaviors(graph, assessor.weigher, demand, held),
        because=Facts(lambda: (demand.fact, *((crossing.fact,) if crossing else ()), *held.facts)),
    )


def _order(row: GapRow) -> tuple[bool, int, int, float, str, str]:
    """Return the place of a row in a gap."""
    place = (row.is_met, NECESSITIES.index(row.necessity), _STATUS.index(row.status))
    return (*place, -row.importance * (row.shortfall or 0), row.capability, row.role)


def _ready(rows: Sequence[GapRow]) -> bool | None:
    """Return whether nothing that is needed from the first day falls short; None where that is not known."""
    answers = [row.suffices for row in rows if row.necessity != "optional"]
    if False in answers:
        return False
    return None if None in answers or not rows else True


def _notes(found: Sequence[tuple[Demand, Holding]], *, as_of: dt.date) -> list[str]:
    """Return what a reader must know to read the rows rightly."""
    notes = [] if found else ["the role states no requirements"]
    weighed = [item for _, held in found for item in held.attainment.weighed]
    if weighed and not any(item.counts for item in weighed):
        reasons = Counter(item.left_out for item in weighed).most_common(_REASONS)
        told = "; ".join(f"{reason} ({count})" for reason, count in reasons)
        notes.append(
            f"none of the {len(weighed)} records about the required capabilities counts on {as_of}: {told}; "
            "unassessed here says nothing about the person"
        )
    inferred = sum(held.attainment.inferred for _, held in found)
    if inferred:
        notes.append(f"{inferred} of {len(found)} rows rest on inferred evidence")
    crossed = [held.crossing for _, held in found if held.crossing is not None]
    if crossed:
        apart = sum(not item.is_comparable for item in crossed)
        notes.append(
            f"{len(crossed)} of {len(found)} rows are credited through mappings to other frameworks, "
            f"{apart} of them for holding alone, since levels on different scales are not compared"
        )
    return notes
