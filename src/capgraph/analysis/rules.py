"""The rules of `check`: functions of a graph that yield what they find."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

import networkx as nx

from capgraph.analysis.findings import CheckRow, finding
from capgraph.analysis.teaching import teachings
from capgraph.errors import ScaleMismatchError
from capgraph.model import (
    Alignment,
    Behavior,
    Capability,
    Challenge,
    Decision,
    Described,
    LearningAsset,
    Node,
    Person,
    Requirement,
    RoleProfile,
)
from capgraph.report import Fact
from capgraph.text import normalize

if TYPE_CHECKING:
    from capgraph.graph import CapabilityGraph

N = TypeVar("N", bound=Node)
_SHOWN = 5
Rule = Callable[["CapabilityGraph"], Iterable[CheckRow]]


def _entries(graph: CapabilityGraph, kind: type[N]) -> Iterator[tuple[str, N]]:
    """Yield the entries of a kind with their ids."""
    for id_ in graph.ids(kind):
        node = graph[id_]
        if isinstance(node, kind):
            yield id_, node


def unresolved_references(graph: CapabilityGraph) -> Iterator[CheckRow]:
    """Yield every reference that leads to nothing in the documents."""
    for link in graph.unresolved:
        if not isinstance(link.data, Decision):
            yield finding(
                "unresolved-reference",
                link.source,
                f"{link.source!r} {link.relation.replace('_', ' ')} {link.target!r}, which no document holds",
                "load the document that holds it, or correct the id",
                because=(Fact.of_link(link),),
            )


def decisions_without_effect(graph: CapabilityGraph) -> Iterator[CheckRow]:
    """Yield every decision about an alignment whose asset or capability no document holds, nor an heir of it."""
    for link in graph.unresolved:
        if isinstance(link.data, Decision):
            gone = [id_ for id_ in (link.source, link.target) if id_ not in graph] or [link.source, link.target]
            yield finding(
                "decision-without-effect",
                link.source,
                f"{link.source!r}, {link.data.verdict} for {link.target!r} by {link.data.by} on "
                f"{link.data.at:%Y-%m-%d}: no document holds {' and '.join(map(repr, gone))}",
                "load the document that holds it, or decide what it was renamed to",
                because=(Fact.of_link(link),),
            )


def levels_off_scale(graph: CapabilityGraph) -> Iterator[CheckRow]:
    """Yield every alignment and record whose level is not on the scale of its capability."""
    for relation in ("teaches", "assesses"):
        try:
            teachings(graph, relation=relation, alignments="proposed")
        except ScaleMismatchError as error:
            for issue in error.issues:
                yield finding("level-off-scale", issue.ids[0], issue.message, issue.hint)
    yield from _records_off_scale(graph)


def _records_off_scale(graph: CapabilityGraph) -> Iterator[CheckRow]:
    """Yield the records whose level is not on the scale of their capability."""
    for record in graph.evidence():
        if record.level is None or record.capability is None:
            continue
        scale = graph.scale(record.capability) if record.capability in graph else None
        if scale is None:
            continue
        if record.scale is not None and (record.scale not in graph or graph[record.scale] != scale):
            yield finding(
                "level-on-another-scale",
                record.id,
                f"{record.id!r} is on the scale {record.scale!r}, {record.capability!r} is rated on {scale.id!r}",
                "give questions a policy whose rescale leads from one to the other",
            )
        elif record.level not in scale.ranks and not (record.level == 0 and scale.zero_means):
            yield finding(
                "level-off-scale",
                record.id,
                f"{record.id!r} states the level {record.level}, which is off the scale {scale.id!r}",
                f"its ranks are {', '.join(map(str, scale.ranks))}",
            )


def prerequisite_cycles(graph: CapabilityGraph) -> Iterator[CheckRow]:
    """Yield every group of entries that wait for one another."""
    yield from _knots(graph, "prerequisite", "wait for one another", "remove one of these prerequisites")


def reporting_cycles(graph: CapabilityGraph) -> Iterator[CheckRow]:
    """Yield every group of people who report to one another."""
    yield from _knots(graph, "reports_to", "report to one another", "correct the manager of one of them")


def _knots(graph: CapabilityGraph, relation: str, words: str, hint: str) -> Iterator[CheckRow]:
    """Yield a finding for each cycle of a relation, one for each knot."""
    edges = ((link.source, link.target) for id_ in graph for link in graph.links(id_, relation))
    network: nx.DiGraph[str] = nx.DiGraph(edges)
    for knot in nx.strongly_connected_components(network):
        part = network.subgraph(sorted(knot))
        if part.number_of_edges() == 0:
            continue
        chain = [source for source, _ in nx.find_cycle(part, source=min(knot))]
        start = chain.index(min(chain))
        ordered = [*chain[start:], *chain[:start]]
        shown = " → ".join([*ordered, ordered[0]])
        yield finding(f"{relation.replace('_', '-')}-cycle", ordered[0], f"{words}: {shown}", hint)


def roles_without_requirements(graph: CapabilityGraph) -> Iterator[CheckRow]:
    """Yield every role, families aside, that requires nothing, not even by inheritance."""
    for id_, role in _entries(graph, RoleProfile):
        if role.kind != "family" and not graph.requirements(id_):
            yield finding(
                "role-without-requirements",
                id_,
                f"{id_!r} requires nothing, so that nobody can have a gap to it",
                "state its requirements, or make it a family",
            )


def deprecated_in_use(graph: CapabilityGraph) -> Iterator[CheckRow]:
    """Yield every role that requires, and every asset in use that teaches, what is deprecated."""
    for id_, node in _entries(graph, Capability):
        if node.status != "deprecated":
            continue
        successor = f"use {', '.join(node.replaced_by)}" if node.replaced_by else "name a successor or drop it"
        for relation in ("requires", "teaches"):
            for link in graph.links(id_, relation, incoming=True):
                if _in_use(graph[link.source]):
                    yield finding(
                        "deprecated-in-use",
                        link.source,
                        f"{link.source!r} {relation} {id_!r}, which is deprecated",
                        successor,
                        because=(Fact.of_link(link),),
                    )


def _in_use(node: Node) -> bool:
    """Return whether an entry is not deprecated itself."""
    return not isinstance(node, Described) or node.status != "deprecated"


def required_without_indicator(graph: CapabilityGraph) -> Iterator[CheckRow]:
    """Yield every required capability that no behavior and no level descriptor makes observable."""
    for id_, node in _entries(graph, Capability):
        requirements = [
            link for link in graph.links(id_, "requires", incoming=True) if isinstance(link.data, Requirement)
        ]
        if requirements and not node.levels and not graph.behaviors(id_):
            roles = ", ".join(link.source for link in requirements[:_SHOWN])
            yield finding(
                "required-without-indicator",
                id_,
                f"{id_!r} is required (by {roles}), but nothing says how one would see it",
                "write behaviors or level descriptors for it",
            )


def assets_without_alignment(graph: CapabilityGraph) -> Iterator[CheckRow]:
    """Yield every asset in use of which nobody has said what it teaches or assesses."""
    for id_, node in _entries(graph, LearningAsset):
        if not _in_use(node):
            continue
        stated = (link.data for relation in ("teaches", "assesses") for link in graph.links(id_, relation))
        states = {alignment.state for alignment in stated if isinstance(alignment, Alignment)}
        if "accepted" in states:
            continue
        waiting = "proposed" in states
        yield finding(
            "alignment-to-review" if waiting else "asset-without-alignment",
            id_,
            f"{id_!r} has only proposed alignments" if waiting else f"{id_!r} teaches and assesses nothing stated",
            "review them" if waiting else "align it with the capabilities it teaches",
        )


def labels_used_twice(graph: CapabilityGraph) -> Iterator[CheckRow]:
    """Yield every label that two capabilities, or two roles, of one framework share."""
    kinds: tuple[type[Capability | RoleProfile], ...] = (Capability, RoleProfile)
    for kind in kinds:
        by_label: dict[tuple[str, str], list[str]] = defaultdict(list)
        for id_, node in _entries(graph, kind):
            by_label[graph.home(id_).id, normalize(node.label)].append(id_)
        for (_, label), ids in by_label.items():
            if len(ids) > 1:
                yield finding(
                    "label-used-twice",
                    ids[0],
                    f"{label!r} is the label of {', '.join(ids[:_SHOWN])}",
                    "tell them apart by their labels, or merge them",
                )


def people_without_role(graph: CapabilityGraph) -> Iterator[CheckRow]:
    """Yield every person without a role."""
    for id_ in graph.ids(Person):
        if not graph.links(id_, "holds"):
            yield finding(
                "person-without-role",
                id_,
                f"{id_!r} holds no role that is loaded, so that nothing is required",
                "name the person's role",
            )


def challenges_without_chain(graph: CapabilityGraph) -> Iterator[CheckRow]:
    """Yield every challenge that lacks its cause, its behaviors or its metric."""
    for id_, node in _entries(graph, Challenge):
        learnable = node.cause in {None, "knowledge", "skill"}
        lacks = {
            "cause": node.cause is None,
            "behaviors": learnable and not node.behaviors,
            "metric": node.metric is None,
        }
        for field, missing in lacks.items():
            if missing:
                yield finding(
                    "challenge-without-chain",
                    id_,
                    f"{id_!r} names no {field}, so that no change can be traced to it",
                    f"find out its {field} before learning is planned",
                )


def behaviors_without_level(graph: CapabilityGraph) -> Iterator[CheckRow]:
    """Yield every behavior that states no level although its capability has a scale."""
    for id_, node in _entries(graph, Behavior):
        if node.level is not None:
            continue
        for link in graph.links(id_, "shows"):
            if graph.scale(link.target) is not None:
                yield finding(
                    "behavior-without-level",
                    id_,
                    f"{id_!r} shows {link.target!r} at no stated level, so that it counts for none",
                    "state the level that it shows",
                )


def rejected_alignments_kept(graph: CapabilityGraph) -> Iterator[CheckRow]:
    """Yield every asset whose accepted and rejected alignments name the same target."""
    for id_ in graph.ids(LearningAsset):
        states: dict[tuple[str, str], set[str]] = defaultdict(set)
        for relation in ("teaches", "assesses"):
            for link in graph.links(id_, relation):
                if isinstance(link.data, Alignment):
                    states[relation, link.target].add(link.data.state)
        for (relation, target), found in states.items():
            if {"accepted", "rejected"} <= found:
                yield finding(
                    "alignment-contradiction",
                    id_,
                    f"{id_!r} {relation} {target!r} by one alignment, and does not by a rejected one",
                    "decide which holds",
                )


RULES: tuple[Rule, ...] = (
    unresolved_references,
    decisions_without_effect,
    levels_off_scale,
    prerequisite_cycles,
    reporting_cycles,
    roles_without_requirements,
    deprecated_in_use,
    required_without_indicator,
    assets_without_alignment,
    labels_used_twice,
    people_without_role,
    challenges_without_chain,
    behaviors_without_level,
    rejected_alignments_kept,
)
"""Every rule of `check`."""
