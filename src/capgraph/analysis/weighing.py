"""What single records count for under a policy: read on the capability's scale, and weighed or left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from capgraph.analysis.policy import SOURCE_WEIGHT, Claim, weight_of
from capgraph.analysis.remembered import remembered
from capgraph.errors import Issue
from capgraph.model import Behavior, Capability, EvidenceKind, ProficiencyScale

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from capgraph.analysis.dossier import Dossier, Statement
    from capgraph.analysis.policy import EvidencePolicy
    from capgraph.graph import CapabilityGraph
    from capgraph.model import CapabilityKind, Evidence


_OFF_SCALE = "its level is not on the scale"


class Weighed(NamedTuple):
    """What one record says about a capability and what it weighs, or why it was left out."""

    record: Evidence
    """The record."""
    capability: str
    """The capability that it is about: the one asked about, or one that it is inferred from."""
    level: int | None
    """The level that it states, on the capability's scale; of a behavior, the level that the behavior shows."""
    value: float | None
    """The value that it states."""
    behavior: str | None
    """The statement of the behavior that was looked for."""
    shown: bool | None
    """Whether that behavior was shown; None where the record is about none."""
    weight: float
    """What it weighs; 0 where it was left out."""
    left_out: str = ""
    """Why it does not count; empty where it does."""
    scale: str | None = None
    """The scale on which its source states the level; None for the capability's own."""

    @property
    def counts(self) -> bool:
        """Whether the record counts."""
        return not self.left_out

    def __str__(self) -> str:
        outcome = f"left out, {self.left_out}" if self.left_out else f"weighs {self.weight:.3g}"
        return f"{self.record.kind} of {self.record.date} {self._said()}: {outcome}"

    def _said(self) -> str:
        """Return what the record says, in words."""
        if self.behavior is not None:
            return f"{'shows' if self.shown else 'does not show'} {self.behavior!r}"
        if self.level is not None:
            return f"says level {self.level} of {self.capability}"
        if self.value is not None:
            return f"says value {self.value:g} of {self.capability}"
        return f"is about {self.capability}"


class Rated(NamedTuple):
    """How one capability is rated and shown: everything about it that attained levels depend on."""

    kind: CapabilityKind
    """The kind of the capability."""
    scale_id: str | None
    """The id of its scale, as the graph hands it out."""
    scale: ProficiencyScale | None
    """Its scale."""
    ranks: tuple[int, ...]
    """The ranks of its scale, lowest first; none without a scale."""
    behaviors: dict[int | None, tuple[str, ...]]
    """The behaviors in use that show it, by level, lowest first."""

    @property
    def lowest(self) -> int | None:
        """The lowest rank of the scale; None without a scale."""
        return self.ranks[0] if self.ranks else None


def rated(graph: CapabilityGraph, capability: str) -> Rated:
    """Return how a capability is rated and shown."""
    node = graph[capability]
    kind: CapabilityKind = node.kind if isinstance(node, Capability) else "skill"
    links = graph.links(capability, "rated_on")
    scale_id = links[0].target if links else None
    scale = None if scale_id is None else graph[scale_id]
    by_level: dict[int | None, list[str]] = {}
    for id_ in graph.behaviors(capability) if graph.links(capability, "shows", incoming=True) else ():
        behavior = graph[id_]
        if isinstance(behavior, Behavior) and behavior.status != "deprecated":
            by_level.setdefault(behavior.level, []).append(id_)
    behaviors = {level: tuple(found) for level, found in by_level.items()}
    if scale_id is None or not isinstance(scale, ProficiencyScale):
        return Rated(kind, None, None, (), behaviors)
    return Rated(kind, scale_id, scale, scale.ranks, behaviors)


def _left_out(policy: EvidencePolicy) -> dict[EvidenceKind, str]:
    """Return why a policy leaves out whole kinds of evidence."""
    reasons: dict[EvidenceKind, str] = {}
    if not policy.completions:
        reasons["completion"] = "the policy counts no completions"
    for kind in policy.excluded:
        reasons[kind] = f"the policy excludes evidence of kind {kind}"
    return reasons


class Weigher:
    """Reads and weighs records under one policy on one day; scale problems are collected in `issues`."""

    __slots__ = (
        "_graph",
        "_half_life",
        "_left_out",
        "_rated",
        "_rescale",
        "_source",
        "as_of",
        "issues",
        "policy",
        "ranks",
    )

    def __init__(self, graph: CapabilityGraph, policy: EvidencePolicy, as_of: dt.date) -> None:
        self._graph = graph
        self._rated: dict[str, Rated] = remembered(graph, "rated", dict)
        self._source = {kind: policy.source_weight.get(kind, weight) for kind, weight in SOURCE_WEIGHT.items()}
        self._half_life = dict(policy.half_life)
        self._left_out = _left_out(policy)
        self._rescale: dict[tuple[str, str], Mapping[int, int]] = {
            (self.key(item.source), self.key(item.target)): item.levels for item in policy.rescale
        }
        self.policy = policy
        self.as_of = as_of
        self.ranks = {kind: rank for rank, kind in enumerate(policy.order)}
        """The place of each kind of evidence in the order of priority."""
        self.issues: list[Issue] = []
        """What could not be read on the scale of its capability."""

    def key(self, id_: str) -> str:
        """Return an id as the graph hands it out, or as written where the graph does not know it."""
        return self._graph.resolve(id_) if id_ in self._graph else id_

    def rated(self, capability: str) -> Rated:
        """Return how a capability is rated and shown."""
        found = self._rated.get(capability)
        if found is None:
            found = self._rated[capability] = rated(self._graph, capability)
        return found

    def weigh(self, dossier: Dossier, statement: Statement) -> Weighed:
        """Return what a statement weighs, or why it does not count."""
        record, capability, level, value, scale, behavior, lowest = statement
        about = self._rated.get(capability) or self.rated(capability)
        is_plain = record.expires is None and record.date <= self.as_of and not dossier.corrections
        reason = self._left_out.get(record.kind, "") if is_plain else self._refusal(dossier, record)
        if lowest:
            level = about.lowest
        elif not reason and level is not None and (scale is not None or level not in about.ranks):
            level, reason = self._level(level, statement, about)
        weight = 0.0
        if not reason:
            half_life = self._half_life.get(about.kind)
            age = 0 if half_life is None else (self.as_of - record.date).days
            weight = weight_of(self._source[record.kind], record.confidence, age=age, half_life=half_life)
            reason = "" if weight > 0 else "it weighs nothing"
        if behavior is None:
            return Weighed(record, capability, level, value, None, None, weight, reason, scale)
        shown = record.value != 0
        return Weighed(record, capability, behavior.level, value, behavior.statement, shown, weight, reason)

    def claim(self, weighed: Weighed, level: float) -> Claim:
        """Return what a counting record puts forward."""
        return Claim(level, weighed.weight, weighed.record.date, self.ranks[weighed.record.kind])

    def _refusal(self, dossier: Dossier, record: Evidence) -> str:
        """Return why a record does not count under the policy, whatever it says; empty where it may."""
        correction = dossier.correction(record, self.as_of)
        if correction is not None:
            return f"corrected by {correction.id}"
        if record.date > self.as_of:
            return f"dated after {self.as_of}"
        if record.expires is not None and record.expires < self.as_of and self.policy.expiry:
            return f"expired on {record.expires}"
        return self._left_out.get(record.kind, "")

    def _level(self, stated: int, statement: Statement, about: Rated) -> tuple[int | None, str]:
        """Return the level that a statement makes on the capability's scale, and why it does not count."""
        level = self.on_scale(stated, statement.scale, statement.capability, statement.record.id)
        if level is not None and about.scale is not None and level not in about.ranks:
            return self._off_scale(level, statement, about.scale)
        return level, "" if level is not None else _OFF_SCALE

    def _off_scale(self, level: int, statement: Statement, scale: ProficiencyScale) -> tuple[int | None, str]:
        """Return what a level that is no rank of the scale means, and why it does not count."""
        if level == 0 and scale.zero_means == "no_knowledge" and scale.ranks:
            return scale.ranks[0] - 1, ""
        if level == 0 and scale.zero_means is not None:
            return None, f"a 0 on {scale.id} means {scale.zero_means.replace('_', ' ')}"
        record, known = statement.record.id, ", ".join(map(str, scale.ranks))
        text = f"{record!r} states the level {level} of {statement.capability!r}, off the scale {scale.id!r}"
        self._refuse(text, record, statement.capability, f"its ranks are {known or 'none'}")
        return None, _OFF_SCALE

    def on_scale(self, level: int, scale: str | None, capability: str, owner: str) -> int | None:
        """Return a level read on the capability's scale; None, with an issue, where the policy does not say how.

        Parameters
        ----------
        level : int
            The level as stated.
        scale : str or None
            The scale on which it is stated; None for the capability's own.
        capability : str
            The capability.
        owner : str
            The id of the record or role that states it.
        """
        own = self.rated(capability).scale_id
        stated = own if scale is None else self.key(scale)
        if stated is None or own is None or stated == own:
            return level
        found = self.rescaled(level, stated, own)
        if found is None:
            text = f"{owner!r} states the level {level} of {capability!r} on {stated!r}, which is not its scale {own!r}"
            self._refuse(
                text, owner, capability, f"say with Rescale(source={stated!r}, target={own!r}, …) how it reads"
            )
        return found

    def refuse_mixed(self, capability: str, stated: Sequence[Statement], weighed: Sequence[Weighed]) -> None:
        """Take note of counting records that state levels of a capability without a scale on several scales."""
        scales = {
            said.scale: item.record.id
            for said, item in zip(stated, weighed, strict=True)
            if item.counts and item.level is not None and item.behavior is None
        }
        if len(scales) > 1:
            named = " and ".join(sorted("no scale" if scale is None else repr(scale) for scale in scales))
            text = f"{capability!r} has no scale, and records state its levels on {named}"
            self._refuse(text, min(scales.values()), capability, "name its scale in the framework")

    def excludes(self, kind: EvidenceKind) -> str | None:
        """Return why the policy leaves out a kind of evidence; None where it does not."""
        return self._left_out.get(kind)

    def read(self, level: int, scale: str | None, about: Rated) -> int | None:
        """Return a level on the scale of a capability; None, without complaint, where it cannot be read."""
        stated = about.scale_id if scale is None else self.key(scale)
        read: int | None = level
        if stated is not None and about.scale_id is not None and stated != about.scale_id:
            read = self.rescaled(level, stated, about.scale_id)
        if read is None or about.scale is None or read in about.ranks:
            return read
        return about.ranks[0] - 1 if read == 0 and about.ranks and about.scale.zero_means == "no_knowledge" else None

    def rescaled(self, level: int, source: str, target: str) -> int | None:
        """Return a level of one scale on another; None where the policy does not say how."""
        levels = self._rescale.get((source, target))
        return None if levels is None else levels.get(level)

    def _refuse(self, text: str, owner: str, capability: str, hint: str) -> None:
        """Take note of a level that cannot be read."""
        self.issues.append(Issue("scale-mismatch", text, (owner, capability), "level", hint))
