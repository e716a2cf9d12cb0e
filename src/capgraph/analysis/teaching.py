"""What learning assets teach, step by step: the one place where an alignment becomes steps of a capability."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from capgraph.analysis.arguments import require_numbers, require_stated
from capgraph.errors import ArgumentError, Issue, ScaleMismatchError
from capgraph.model import Alignment, Behavior, Capability, LearningAsset

if TYPE_CHECKING:
    from collections.abc import Iterator

    from capgraph.graph import CapabilityGraph
    from capgraph.links import Link
    from capgraph.model import ProficiencyScale

AlignmentChoice = Literal["accepted", "proposed"]
"""Which alignments count: accepted ones alone, or proposed ones too."""


class Step(NamedTuple):
    """One step of a capability: reaching a rank of its scale, or holding it where it has no scale."""

    capability: str
    """The id of the capability."""
    rank: int | None
    """The rank reached; None where the capability has no scale."""


class Teaching(NamedTuple):
    """What one alignment contributes: consecutive steps of one capability."""

    asset: str
    """The id of the asset."""
    capability: str
    """The id of the capability."""
    start: int | None
    """The rank that learners must hold; None where they may hold none."""
    steps: tuple[Step, ...]
    """The steps taught, lowest first; at least one."""
    link: Link
    """The link from the asset, with its `Alignment` as data."""

    @property
    def proposed(self) -> bool:
        """Whether nobody has accepted the alignment yet."""
        return isinstance(self.link.data, Alignment) and self.link.data.state == "proposed"


def counts(alignment: Alignment, *, alignments: AlignmentChoice = "accepted", min_confidence: float = 0.0) -> bool:
    """Return whether an alignment counts: accepted, or proposed with enough confidence where those are let in.

    A proposed alignment without a confidence counts as confidence 0; a rejected one never counts.
    """
    if alignment.state == "accepted":
        return True
    return (
        alignments == "proposed" and alignment.state == "proposed" and (alignment.confidence or 0.0) >= min_confidence
    )


def teachings(
    graph: CapabilityGraph,
    *,
    relation: Literal["teaches", "assesses"] = "teaches",
    alignments: AlignmentChoice = "accepted",
    min_confidence: float = 0.0,
) -> tuple[Teaching, ...]:
    """Return what every asset teaches, by asset, capability and steps.

    ``level_from`` to ``level_to`` teaches every rank of the scale above the first up to the second; without a
    ``level_to`` the lowest rank alone.  A capability without a scale has one step: holding it.  Alignments with
    behaviors teach a behavior, not a step (see `behaviors_taught`).  Deprecated assets teach nothing.

    Parameters
    ----------
    graph : CapabilityGraph
        The graph.
    relation : str
        ``teaches`` or ``assesses``.
    alignments : str
        ``accepted``, or ``proposed`` to let proposed alignments in too.
    min_confidence : float
        The least confidence of a proposed alignment, 0 to 1.

    Raises
    ------
    ScaleMismatchError
        When an alignment states a level that is not on the scale of its capability; all of them are listed.

    Notes
    -----
    Linear in the alignments.
    """
    issues: list[Issue] = []
    found: list[Teaching] = []
    scales: dict[str, ProficiencyScale | None] = {}
    for link, alignment in _counted(graph, relation, alignments, min_confidence):
        if not isinstance(graph[link.target], Capability):
            continue
        if link.target not in scales:
            scales[link.target] = graph.scale(link.target)
        scale = scales[link.target]
        ranks = scale.ranks if scale is not None else ()
        problem = _misfit(graph, link, alignment, scale)
        if problem is not None:
            issues.append(problem)
            continue
        steps = _steps(link.target, alignment, ranks)
        if steps:
            found.append(Teaching(link.source, link.target, alignment.level_from, steps, link))
    if issues:
        raise ScaleMismatchError(issues, "alignments")
    return tuple(found)


def behaviors_taught(
    graph: CapabilityGraph, *, alignments: AlignmentChoice = "accepted", min_confidence: float = 0.0
) -> tuple[Link, ...]:
    """Return the counting ``teaches`` links from assets in use to behaviors, by asset and behavior."""
    stated = _counted(graph, "teaches", alignments, min_confidence)
    return tuple(link for link, _ in stated if isinstance(graph[link.target], Behavior))


def require_choice(alignments: object, min_confidence: object) -> None:
    """Refuse what says nothing about which alignments count."""
    if alignments not in get_args(AlignmentChoice):
        message = f"alignments is {alignments!r}; use one of {', '.join(get_args(AlignmentChoice))}"
        raise ArgumentError(message)
    require_stated(min_confidence=min_confidence)
    require_numbers(0, 1, min_confidence=min_confidence)


def _counted(
    graph: CapabilityGraph, relation: str, alignments: AlignmentChoice, min_confidence: float
) -> Iterator[tuple[Link, Alignment]]:
    """Yield the counting alignments of assets in use."""
    require_choice(alignments, min_confidence)
    for asset in graph.ids(LearningAsset):
        node = graph[asset]
        if isinstance(node, LearningAsset) and node.status != "deprecated":
            for link in graph.links(asset, relation):
                data = link.data
                if isinstance(data, Alignment) and counts(data, alignments=alignments, min_confidence=min_confidence):
                    yield link, data


def _steps(capability: str, alignment: Alignment, ranks: tuple[int, ...]) -> tuple[Step, ...]:
    """Return the steps that an alignment teaches, lowest first."""
    if not ranks:
        return (Step(capability, None),)
    if alignment.level_to is None:
        return (Step(capability, ranks[0]),)
    low, high = alignment.level_from, alignment.level_to
    return tuple(Step(capability, rank) for rank in ranks if (low is None or rank > low) and rank <= high)


def _misfit(graph: CapabilityGraph, link: Link, alignment: Alignment, scale: ProficiencyScale | None) -> Issue | None:
    """Return the problem of an alignment whose levels are not on the scale of its capability."""
    levels = [level for level in (alignment.level_from, alignment.level_to) if level is not None]
    ranks = scale.ranks if scale is not None else ()
    if alignment.scale is not None and scale is not None and levels and graph.resolve(alignment.scale) != scale.id:
        text = f"{link.source!r} rates {link.target!r} on {alignment.scale!r}, which is not its scale {scale.id!r}"
        return Issue("scale-mismatch", text, (link.source, link.target), "scale", "restate its levels on that scale")
    off = [level for level in levels if level not in ranks]
    if not off:
        return None
    where = f"off the scale {scale.id!r}" if scale is not None else "which has no scale"
    text = f"{link.source!r} states the level {off[0]} of {link.target!r}, {where}"
    known = ", ".join(map(str, ranks)) or "none"
    return Issue("scale-mismatch", text, (link.source, link.target), "level_to", f"its ranks are {known}")
