"""Assets that serve nobody: nothing they teach or assess is required, or all of it is retired."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from capgraph.analysis.teaching import AlignmentChoice, Step, behaviors_taught, counts, teachings
from capgraph.model import Alignment, Behavior, Capability, LearningAsset

if TYPE_CHECKING:
    from collections.abc import Collection

    from capgraph.graph import CapabilityGraph

_SUPPLY: tuple[Literal["teaches", "assesses"], ...] = ("teaches", "assesses")


def assets_in_use(graph: CapabilityGraph) -> dict[str, LearningAsset]:
    """Return the assets that are not deprecated, by id."""
    assets = {id_: asset_of(graph, id_) for id_ in graph.ids(LearningAsset)}
    return {id_: asset for id_, asset in assets.items() if asset.status != "deprecated"}


def asset_of(graph: CapabilityGraph, id_: str) -> LearningAsset:
    """Return the asset of an id that is known to be one."""
    node = graph[id_]
    if not isinstance(node, LearningAsset):
        raise TypeError(id_)
    return node


def orphans(
    graph: CapabilityGraph,
    required: Collection[Step],
    *,
    alignments: AlignmentChoice = "accepted",
    min_confidence: float = 0.0,
) -> tuple[str, ...]:
    """Return the assets in use that serve no required step, by id; what law or policy demands is none of them.

    An asset serves a step that it teaches or assesses, or of which it teaches a behavior.
    """
    steps = set(required)
    serving = {
        taught.asset
        for relation in _SUPPLY
        for taught in teachings(graph, relation=relation, alignments=alignments, min_confidence=min_confidence)
        if not steps.isdisjoint(taught.steps)
    }
    capabilities = {step.capability for step in steps}
    for link in behaviors_taught(graph, alignments=alignments, min_confidence=min_confidence):
        if _is_required(graph, link.target, steps, capabilities):
            serving.add(link.source)
    return tuple(id_ for id_, asset in assets_in_use(graph).items() if id_ not in serving and not asset.mandatory)


def obsolete(graph: CapabilityGraph) -> tuple[str, ...]:
    """Return the assets in use with targets of which every one is deprecated, by id."""
    found = []
    for id_ in assets_in_use(graph):
        links = [link for relation in _SUPPLY for link in graph.links(id_, relation)]
        stated = [link for link in links if isinstance(link.data, Alignment) and counts(link.data)]
        if stated and all(_is_retired(graph, link.target) for link in stated):
            found.append(id_)
    return tuple(found)


def _is_required(graph: CapabilityGraph, behavior: str, steps: set[Step], capabilities: set[str]) -> bool:
    """Return whether some role requires the step that a behavior shows."""
    node = graph[behavior]
    shown = {link.target for link in graph.links(behavior, "shows")}
    if not isinstance(node, Behavior) or node.level is None:
        return not shown.isdisjoint(capabilities)
    return any(Step(capability, node.level) in steps for capability in shown)


def _is_retired(graph: CapabilityGraph, target: str) -> bool:
    """Return whether a capability or behavior, or the capability that a behavior shows, is deprecated."""
    shown = (link.target for link in graph.links(target, "shows"))
    nodes = [graph[id_] for id_ in (target, *shown)]
    return any(isinstance(node, Capability | Behavior) and node.status == "deprecated" for node in nodes)
