"""What a plan is for: goals read from a gap, a person and a role, or a list, and what the learner holds already."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias, get_args

from capgraph.analysis.arguments import require_lists
from capgraph.analysis.attainment import attainments
from capgraph.analysis.dossier import Dossier
from capgraph.analysis.gap import GapReport, gap
from capgraph.analysis.plan_model import Atom, Target
from capgraph.analysis.subjects import day, entry
from capgraph.analysis.teaching import Step
from capgraph.errors import ArgumentError, Issue, ScaleMismatchError, UnknownIdError
from capgraph.model import Capability, LearningAsset, Necessity, Person

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from capgraph.analysis.attainment import EvidencePolicy
    from capgraph.graph import CapabilityGraph

Item: TypeAlias = "str | tuple[str, int | None]"
"""One thing to reach or to hold: an asset, a capability, or a capability and a level."""
PlanGoal: TypeAlias = "GapReport | str | Iterable[Item]"
"""What a plan is for."""
Unassessed = Literal["open", "teach"]

_COMPLETED = {"completion", "credential"}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """One thing that the plan is for."""

    subject: str
    """The capability, or the asset."""
    level: int | None = None
    """The level wanted; None for an asset, or where holding the capability is enough."""
    missing: tuple[Atom, ...] = ()
    """What of it is not held, lowest first."""
    necessity: Necessity = "essential"
    """Whether it is a gate."""
    importance: float = 1.0
    """Its weight."""
    problem: str = ""
    """Why nothing can be planned for it, where that is so before looking at any asset."""

    def targets(self) -> Iterator[Target]:
        """Yield its missing parts with their shares of its importance."""
        if not self.problem:
            for atom in self.missing:
                yield Target(atom, self.importance / len(self.missing), self.necessity == "mandatory")


class Brief(NamedTuple):
    """Whom a plan is for, what they hold, and what they want."""

    person: str | None
    """The person, where there is one."""
    role: str | None
    """The role aimed at, where there is one."""
    as_of: dt.date
    """The day on which the plan is made."""
    held: frozenset[Atom]
    """What is held already."""
    goals: tuple[Goal, ...]
    """What is wanted and not held, by subject and level."""


class Reader:
    """Reads goals and holdings in one graph.

    Parameters
    ----------
    graph : CapabilityGraph
        The graph.
    policy : EvidencePolicy or None
        Which evidence counts.
    as_of : date or None
        The day asked about.
    unassessed : str
        ``open`` leaves what is not assessed open; ``teach`` plans for it from the beginning.
    """

    def __init__(
        self, graph: CapabilityGraph, *, policy: EvidencePolicy | None, as_of: dt.date | None, unassessed: Unassessed
    ) -> None:
        self.graph = graph
        self.policy = policy
        self.as_of = day(as_of)
        if unassessed not in get_args(Unassessed):
            message = f"unassessed is {unassessed!r}; use one of {', '.join(get_args(Unassessed))}"
            raise ArgumentError(message)
        self.unassessed: Unassessed = unassessed

    def brief(self, goal: PlanGoal, role: str | None, person: str | None, held: Iterable[Item]) -> Brief:
        """Return what is wanted and what is held."""
        require_lists(held=held)
        _require_goal(goal)
        own = frozenset(atom for item in held or () for atom in self.atoms(item))
        items: list[Item] = [goal] if isinstance(goal, str) else [] if isinstance(goal, GapReport) else list(goal)
        report = goal if isinstance(goal, GapReport) else self._gap(items, role)
        if report is None:
            return self._of_items(items, person, own)
        if person is not None and self.graph.resolve(person) != report.person:
            whom = report.person or report.source_role
            raise ArgumentError(f"{person!r} is not {whom!r}, whom the goal is for; leave out one of the two")
        if role is not None and (self.graph.resolve(role),) != report.roles:
            message = f"{role!r} is not what the gap is for, {' and '.join(report.roles)}; leave it out"
            raise ArgumentError(message)
        return self._of_gap(report, own)

    def _gap(self, items: list[Item], role: str | None) -> GapReport | None:
        """Return the gap of the person whom a goal names; None where it lists what to reach."""
        whom = items[0] if len(items) == 1 else None
        if isinstance(whom, str) and (role is not None or isinstance(self.graph[whom], Person)):
            return gap(self.graph, whom, role, policy=self.policy, as_of=self.as_of)
        if role is not None:
            raise UnknownIdError(str(items), message=f"{items!r} is no person with the role {role!r}; give one")
        return None

    def _of_gap(self, report: GapReport, own: frozenset[Atom]) -> Brief:
        """Return the brief of a gap."""
        reader = Reader(self.graph, policy=report.policy, as_of=report.as_of, unassessed=self.unassessed)
        held, _ = reader.holdings(report.person)
        goals: dict[tuple[str, int | None], Goal] = {}
        extra: set[Atom] = set()
        for row in report:
            level = None if row.required is None else int(row.required)
            ranks = self.ranks(row.capability)
            if row.attained is not None and ranks:
                extra.update(self._up_to(row.capability, int(row.attained)))
            elif row.is_met:
                extra.update(self._up_to(row.capability, level))
            if row.is_met:
                continue
            problem = ""
            if row.status == "unassessed" and self.unassessed == "open":
                problem = "not assessed: assess first"
            elif level is not None and (level not in ranks or level != row.required):
                problem = f"the required value {row.required:g} is no step that an asset could teach"
            known = goals.get((row.capability, level))
            stronger = max((known.necessity if known else "optional", row.necessity), key=_STRENGTH.index)
            importance = max(known.importance if known else 0.0, row.importance)
            goals[row.capability, level] = Goal(
                subject=row.capability, level=level, necessity=stronger, importance=importance, problem=problem
            )
        everything = held | extra | own
        return Brief(report.person, report.role, report.as_of, everything, self._missing(goals.values(), everything))

    def _of_items(self, items: list[Item], person: str | None, own: frozenset[Atom]) -> Brief:
        """Return the brief of assets, capabilities and levels."""
        held, assessed = self.holdings(person)
        everything = held | own
        goals = []
        for item in items:
            subject, level = self._split(item)
            is_capability = isinstance(self.graph[subject], Capability)
            unknown = person is not None and is_capability and subject not in assessed
            open_ = unknown and self.unassessed == "open" and not any(atom in own for atom in self.atoms(item))
            goals.append(Goal(subject=subject, level=level, problem="not assessed: assess first" if open_ else ""))
        key = None if person is None else self.graph.resolve(person)
        return Brief(key, None, self.as_of, everything, self._missing(goals, everything))

    def _missing(self, goals: Iterable[Goal], held: frozenset[Atom]) -> tuple[Goal, ...]:
        """Return the goals of which something is missing, in order and each once."""
        found = {}
        for goal in goals:
            wanted: list[Atom] = [goal.subject]
            if goal.level is not None:
                wanted = [*self._steps(goal.subject, goal.level)]
            elif isinstance(self.graph[goal.subject], Capability):
                wanted = [Step(goal.subject, None)]
            missing = tuple(atom for atom in wanted if atom not in held)
            if missing or goal.problem:
                found[goal.subject, goal.level] = dataclasses.replace(goal, missing=missing)
        return tuple(found[key] for key in sorted(found, key=lambda key: (key[0], key[1] is not None, key[1] or 0)))

    def holdings(self, person: str | None) -> tuple[frozenset[Atom], frozenset[str]]:
        """Return what the evidence about a person says is held, and which capabilities it assesses."""
        held: set[Atom] = set()
        for capability in self.graph.ids(Capability):
            scale = self.graph.scale(capability)
            if scale is not None and scale.zero_means == "no_knowledge" and scale.ranks[:1] == (0,):
                held.add(Step(capability, 0))
        if person is None:
            return frozenset(held), frozenset()
        entry(self.graph, person, Person)
        known = attainments(self.graph, person, policy=self.policy, as_of=self.as_of)
        for capability, attained in known.items():
            if attained.held:
                held.update(self._up_to(capability, attained.level))
        held.update(self._completed(self.graph.resolve(person)))
        return frozenset(held), frozenset(key for key, attained in known.items() if attained.assessed)

    def _completed(self, person: str) -> Iterator[str]:
        """Yield the assets that a person has completed, and whose completion counts."""
        dossier = Dossier(self.graph, person)
        expiry = self.policy is None or self.policy.expiry
        for record in dossier.records.values():
            counts = record.kind in _COMPLETED and record.asset is not None and record.date <= self.as_of
            expired = expiry and record.expires is not None and record.expires < self.as_of
            if counts and not expired and dossier.correction(record, self.as_of) is None:
                yield self.resolved(record.asset or "")

    def atoms(self, item: Item) -> Iterator[Atom]:
        """Yield what somebody holds who holds an item."""
        if isinstance(item, str) and item not in self.graph and self._is_referred_to(item):
            yield item
            return
        subject, level = self._split(item)
        if isinstance(self.graph[subject], LearningAsset):
            yield subject
        else:
            yield from self._up_to(subject, level)

    def _is_referred_to(self, id_: str) -> bool:
        """Return whether some document refers to what no document holds, such as an asset of another catalog."""
        return any(link.target == id_ for link in self.graph.unresolved)

    def _split(self, item: Item) -> tuple[str, int | None]:
        """Return the resolved subject of an item and its level; refuse what nobody can learn or hold."""
        try:
            name, level = (item, None) if isinstance(item, str) else item
        except (TypeError, ValueError):
            message = f"{item!r} is nothing to reach or hold; give an id, or a pair of a capability and a level"
            raise ArgumentError(message) from None
        subject = self.graph.resolve(name)
        node = self.graph[subject]
        if not isinstance(node, LearningAsset | Capability):
            message = f"{name!r} is a {type(node).__name__}; name assets, capabilities, or a person with a role"
            raise UnknownIdError(name, message=message)
        if level is not None and level not in self.ranks(subject):
            text = f"{name!r} has no level {level}"
            known = ", ".join(map(str, self.ranks(subject))) or "none"
            raise ScaleMismatchError([Issue("scale-mismatch", text, (name,), "", f"its levels are {known}")], "goal")
        return subject, level

    def resolved(self, id_: str) -> str:
        """Return the id as the graph hands it out, or as it is where the graph does not know it."""
        return self.graph.resolve(id_) if id_ in self.graph else id_

    def ranks(self, subject: str) -> tuple[int, ...]:
        """Return the ranks of a capability's scale; none for an asset, or without a scale."""
        if not isinstance(self.graph[subject], Capability):
            return ()
        scale = self.graph.scale(subject)
        return scale.ranks if scale is not None else ()

    def _up_to(self, capability: str, level: int | None) -> Iterator[Step]:
        """Yield the steps that somebody at a level holds; holding it alone where there is no level."""
        ranks = [rank for rank in self.ranks(capability) if level is not None and rank <= level]
        if ranks or level is None:
            yield Step(capability, None)
        for rank in ranks:
            yield Step(capability, rank)

    def _steps(self, capability: str, level: int) -> list[Atom]:
        """Return the steps up to a level."""
        return [Step(capability, rank) for rank in self.ranks(capability) if rank <= level]


_STRENGTH = ("optional", "essential", "mandatory")


def _require_goal(goal: object) -> None:
    """Refuse what can be no goal."""
    if not isinstance(goal, Iterable | GapReport) or isinstance(goal, bytes):
        message = f"goal is {goal!r}; give a gap, a person with a role, or what to reach, such as ['asset:one']"
        raise ArgumentError(message)
