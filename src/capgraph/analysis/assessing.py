"""Attained levels of any number of people under one policy on one day."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from capgraph.analysis.behaviors import behavior_claims
from capgraph.analysis.dossier import Dossier
from capgraph.analysis.policy import Claim, EvidencePolicy, combined
from capgraph.analysis.remembered import remembered
from capgraph.analysis.subjects import day, entry
from capgraph.analysis.weighing import Weighed, Weigher
from capgraph.errors import ArgumentError, ScaleMismatchError
from capgraph.model import Mapping, Person
from capgraph.report import Fact

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from capgraph.graph import CapabilityGraph


class Attainment(NamedTuple):
    """What somebody has shown of one capability, how sure that is, and what it rests on."""

    capability: str
    """The id of the capability."""
    assessed: bool = False
    """Whether any evidence counts; without, nothing is known, which is not the lowest level."""
    held: bool = False
    """Whether the evidence says that the person has the capability at all: the lowest level of its scale or more."""
    level: int | None = None
    """The level attained, as a rank; the rank below the lowest where not even that is shown; None where not known."""
    value: float | None = None
    """The value attained on an interval scale; None where not known."""
    confidence: float | None = None
    """How sure, 0 to 1: the largest weight that agrees (at most 1), times the share of the weight that agrees."""
    newest: dt.date | None = None
    """The newest date of the evidence that counts."""
    evidence: tuple[str, ...] = ()
    """The ids of the records that count, sorted."""
    inferred: bool = False
    """Whether any of it is inferred: from other capabilities, or by the system that it comes from."""
    weighed: tuple[Weighed, ...] = ()
    """Every record about the capability, by id: what it says and weighs, or why it was left out."""

    @property
    def facts(self) -> tuple[Fact, ...]:
        """One fact for each record about the capability, for the evidence of a report's row."""
        return tuple(Fact("record", str(item), (item.record.id,), item.record) for item in self.weighed)

    @property
    def shown(self) -> frozenset[str]:
        """The statements of the behaviors that a counting record shows."""
        return frozenset(item.behavior for item in self.weighed if item.counts and item.shown and item.behavior)


class Claims:
    """What counting records put forward about one capability, and which records they are."""

    __slots__ = ("evidence", "held", "inferred", "levels", "newest", "values")

    def __init__(self) -> None:
        self.levels: list[Claim] = []
        """The levels."""
        self.values: list[Claim] = []
        """The values."""
        self.held: list[Claim] = []
        """That it is held at all."""
        self.evidence: dict[str, None] = {}
        """The ids of the records, in their order."""
        self.newest: dt.date | None = None
        """The newest date of the records."""
        self.inferred = False
        """Whether any of it is inferred."""


def _policy(given: object) -> EvidencePolicy:
    """Return the policy given, or the usual one; refuse what is none."""
    if given is None:
        return EvidencePolicy()
    if not isinstance(given, EvidencePolicy):
        message = f"policy is {given!r}; give an EvidencePolicy, or leave it out for the usual one"
        raise ArgumentError(message)
    return given


class Assessor:
    """Works out attained levels under one policy on one day, for any number of people.

    Parameters
    ----------
    graph : CapabilityGraph
        The graph.
    policy : EvidencePolicy or None
        Which evidence counts and what it weighs; None for the defaults.
    as_of : date or None
        The day asked about; None for today in UTC.
    """

    __slots__ = ("_dossiers", "_graph", "as_of", "policy", "weigher")

    def __init__(
        self, graph: CapabilityGraph, *, policy: EvidencePolicy | None = None, as_of: dt.date | None = None
    ) -> None:
        self._graph = graph
        self._dossiers: dict[str, Dossier] = remembered(graph, "dossiers", dict)
        self.policy = _policy(policy)
        self.as_of = day(as_of)
        self.weigher = Weigher(graph, self.policy, self.as_of)

    def dossier(self, person: str) -> Dossier:
        """Return the records of a person, read once for the life of the graph."""
        known = self._dossiers.get(person)
        if known is None:
            entry(self._graph, person, Person)
            known = self._dossiers[person] = Dossier(self._graph, person)
        return known

    def touched(self, dossier: Dossier) -> tuple[str, ...]:
        """Return the capabilities that the records are about, and those that the policy infers from them, sorted."""
        found = set(dossier.by_capability)
        for capability in tuple(found):
            if "broader" in self.policy.inference:
                found.update(self._graph.broader(capability, depth=None))
            if "exact" in self.policy.inference:
                found.update(self._twins(capability))
        return tuple(sorted(found))

    def attained(self, dossier: Dossier, capability: str) -> Attainment:
        """Return what the person of a dossier has attained of a capability, given as the graph hands its id out."""
        found = self._direct(dossier, capability)
        if found.assessed or not self.policy.inference:
            return found
        return self._inferred(dossier, found)

    def self_rated(self, held: Attainment) -> int | None:
        """Return the level that the person's own ratings come to by themselves, whether or not they count."""
        own = [item for item in held.weighed if item.record.kind == "self" and item.level is not None]
        if not own:
            return None
        weigher, about = self.weigher, self.weigher.rated(held.capability)
        reason, claims = weigher.excludes("self"), []
        for item in own:
            record, apart = item.record, item.left_out == reason
            if item.capability != held.capability or item.behavior or item.level is None:
                continue
            level = weigher.read(item.level, item.scale, about) if apart else item.level
            age = (self.as_of - record.date).days
            weight = self.policy.weight("self", record.confidence, age=age, capability=about.kind)
            if (apart or item.counts) and level is not None and weight > 0:
                claims.append(Claim(level, weight, record.date, weigher.ranks["self"]))
        return int(combined(claims, self.policy.combine)[0]) if claims else None

    def refuse(self) -> None:
        """Raise `ScaleMismatchError` with every level met so far that could not be read."""
        if self.weigher.issues:
            unique = tuple(dict.fromkeys(self.weigher.issues))
            raise ScaleMismatchError(unique, "levels")

    def _direct(self, dossier: Dossier, capability: str) -> Attainment:
        """Return what the records about a capability and its behaviors come to."""
        stated = dossier.by_capability.get(capability)
        if not stated:
            return Attainment(capability)
        weigh = self.weigher.weigh
        weighed = tuple([weigh(dossier, statement) for statement in stated])
        if self.weigher.rated(capability).scale is None:
            self.weigher.refuse_mixed(capability, stated, weighed)
        claims = self._claims(capability, weighed)
        if claims.levels or claims.values or claims.held:
            return self._settled(capability, claims, weighed)
        return Attainment(capability, weighed=weighed)

    def _claims(self, capability: str, weighed: Iterable[Weighed]) -> Claims:
        """Return what the counting ones of some records put forward; the levels of behaviors are judged together."""
        found, seen, ranks = Claims(), [], self.weigher.ranks
        for item in weighed:
            record, _, level, value, _, shown, weight, left_out, _ = item
            if left_out:
                continue
            kind, date = record.kind, record.date
            found.evidence[record.id] = None
            found.inferred = found.inferred or kind == "inferred"
            if found.newest is None or date > found.newest:
                found.newest = date
            if shown is not None:
                seen.append(item)
            elif level is not None:
                found.levels.append(Claim(level, weight, date, ranks[kind]))
            if value is not None:
                found.values.append(Claim(value, weight, date, ranks[kind]))
            elif level is None and shown is not False:
                found.held.append(Claim(1, weight, date, ranks[kind]))
        if seen:
            found.levels.extend(behavior_claims(self.weigher, capability, seen))
        return found

    def _settled(self, capability: str, claims: Claims, weighed: tuple[Weighed, ...]) -> Attainment:
        """Return the attainment with the level, value and confidence that the claims come to."""
        how, lowest = self.policy.combine, self.weigher.rated(capability).lowest
        level = combined(claims.levels, how) if claims.levels else None
        value = combined(claims.values, how) if claims.values else None
        rank = None if level is None else int(level[0])
        return Attainment(
            capability,
            True,  # noqa: FBT003 - the fields in their order
            rank is None or lowest is None or rank >= lowest,
            rank,
            None if value is None else value[0],
            (level or value or combined(claims.held, how))[1],
            claims.newest,
            tuple(claims.evidence),
            claims.inferred,
            weighed,
        )

    def _inferred(self, dossier: Dossier, found: Attainment) -> Attainment:
        """Return what the policy infers for a capability without evidence of its own; else what was found."""
        sources = self._sources(dossier, found.capability)
        weighing = [(source, claim) for source in sources if (claim := self._claim(source)).weight > 0]
        if not weighing:
            return found
        read = [(claim, self._read(source, found.capability)) for source, claim in weighing]
        claims = Claims()
        claims.levels = [claim._replace(level=level) for claim, level in read if level is not None]
        claims.held = [claim for _, claim in weighing]
        claims.evidence = dict.fromkeys(sorted({id_ for source, _ in weighing for id_ in source.evidence}))
        claims.newest = max(claim.date for _, claim in weighing)
        claims.inferred = True
        weighed = (*found.weighed, *(item for source in sources for item in source.weighed))
        return self._settled(found.capability, claims, weighed)

    def _sources(self, dossier: Dossier, capability: str) -> tuple[Attainment, ...]:
        """Return what the person has shown of the capabilities that the policy lets speak for another."""
        sources: dict[str, Attainment] = {}
        if "exact" in self.policy.inference:
            twins = (self._direct(dossier, twin) for twin in self._twins(capability))
            sources |= {source.capability: source for source in twins if source.assessed}
        if "broader" in self.policy.inference:
            parts = (self._direct(dossier, part) for part in self._graph.narrower(capability, depth=None))
            sources |= {source.capability: source for source in parts if source.held}
        return tuple(sources.values())

    def _claim(self, source: Attainment) -> Claim:
        """Return what the attainment of one capability puts forward for another: held, as an inference."""
        weight = (source.confidence or 0.0) * self.policy.weight("inferred", None, age=0, capability="skill")
        return Claim(1, weight, source.newest or self.as_of, self.weigher.ranks["inferred"])

    def _read(self, source: Attainment, capability: str) -> int | None:
        """Return the level of one capability on the scale of another; None where the scales differ."""
        if source.level is None:
            return None
        stated, own = self.weigher.rated(source.capability).scale_id, self.weigher.rated(capability).scale_id
        if stated == own or stated is None or own is None:
            return source.level if stated == own else None
        return self.weigher.rescaled(source.level, stated, own)

    def _twins(self, capability: str) -> tuple[str, ...]:
        """Return the capabilities that are mapped exactly to a capability, either way, sorted."""
        there = ((link.target, link.data) for link in self._graph.links(capability, "maps"))
        back = ((link.source, link.data) for link in self._graph.links(capability, "maps", incoming=True))
        return tuple(
            sorted(
                {
                    other
                    for other, data in (*there, *back)
                    if isinstance(data, Mapping) and data.predicate == "exact" and not data.negated
                }
                - {capability}
            )
        )
