"""adjacent_roles, transferable: which roles are near, and where the holders of a role could go."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, ClassVar

from capgraph.analysis.arguments import require_counts, require_graph, require_numbers
from capgraph.analysis.gap import gap
from capgraph.analysis.role_index import RoleIndex, is_open, profile, role_index
from capgraph.analysis.role_likeness import checked, likeness
from capgraph.model import RoleProfile
from capgraph.report import Fact, Report, ReportRow

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from capgraph.analysis.policy import EvidencePolicy
    from capgraph.graph import CapabilityGraph

VIABLE = 0.5
"""The distance up to which a move counts as viable where the caller does not say otherwise."""


@dataclass(frozen=True, kw_only=True)
class AdjacentRow(ReportRow):
    """One role near another one."""

    role: str
    """The id of the role."""
    label: str
    """Its title."""
    likeness: float
    """How alike the two are, 0 to 1; the same both ways."""
    distance: float
    """The effort to get there: the share of what it requires that is missing."""
    back: float
    """The effort to come back."""


@dataclass(frozen=True, kw_only=True, repr=False)
class AdjacentRoles(Report[AdjacentRow]):
    """The roles most like another one.

    Rows: the most alike first, then the least effort, then by id.
    """

    name: ClassVar[str] = "adjacent_roles"
    row_type: ClassVar[type[ReportRow]] = AdjacentRow

    role: str
    """The role asked about."""


def adjacent_roles(
    graph: CapabilityGraph,
    role: str,
    *,
    limit: int | None = 20,
    max_distance: float | None = None,
    blend: Mapping[str, float] | None = None,
) -> AdjacentRoles:
    """Return the roles most like one, with the effort to get there and back beside the likeness.

    Likeness is symmetric: the weighted mean of up to five cosines.  *requirements*: what both ask for (and, at half
    weight, what that is a part of), weighted by importance and levels, and by rarity, ``log(1 + roles ÷ roles that ask
    for it)``.  *values*: importance times value of what is rated by value.  *titles*, *descriptions* and *wording*: the
    words and pairs of words of titles, of descriptions, and of the labels of what is asked for, by rarity.  What two
    frameworks call by different ids counts as one thing where a crosswalk of the graph maps it exactly.

    Families of roles, and roles out of use, are left out.  Ranked by `role_distance` alone, undemanding roles would win
    for everybody, so that effort only breaks ties.

    Parameters
    ----------
    graph : CapabilityGraph
        The graph.
    role : str
        The role.
    limit : int or None
        How many to return; None for all.
    max_distance : float or None
        Leave out roles farther than this, 0 to 1; None for no limit.
    blend : mapping or None
        What ``requirements``, ``values``, ``titles``, ``descriptions`` and ``wording`` weigh; None for `BLEND`.

    Returns
    -------
    AdjacentRoles
        The most alike first.

    Raises
    ------
    UnknownIdError
        When the id is unknown or not that of a role.
    ArgumentError
        When a source of likeness is unknown or weighs less than 0.

    Notes
    -----
    The first question of a graph builds an index and all distances; then each is linear in the requirements and words.

    Examples
    --------
    >>> import capgraph as cg
    >>> near = adjacent_roles(cg.sample().graph(), "role:data-engineer", limit=3)
    >>> len(near), all(0 <= row.likeness <= 1 for row in near)
    (3, True)
    """
    require_graph(graph)
    require_counts(1, limit=limit)
    require_numbers(0, 1, max_distance=max_distance)
    import numpy as np

    key = profile(graph, role)
    index = role_index(graph)
    if key not in index.rows:
        return AdjacentRoles(role=key, notes=(f"{key} requires nothing, so that nothing can be compared with it",))
    alike = likeness(graph).to_all(key, checked(blend))
    own, distances = index.rows[key], index.distances
    order = np.lexsort((distances[own], -np.round(alike, 9)))
    wanted = {one.capability: one.weight for one in index.asks[own]}
    near = (
        row
        for row in order.tolist()
        if row != own
        and (max_distance is None or distances[own, row] <= max_distance)
        and is_open(graph, index.roles[row])
    )
    return AdjacentRoles(
        role=key,
        records=tuple(_near(graph, index, (own, row), float(alike[row]), wanted) for row in islice(near, limit)),
    )


def _near(
    graph: CapabilityGraph, index: RoleIndex, move: tuple[int, int], alike: float, wanted: Mapping[str, float]
) -> AdjacentRow:
    """Return the row of one role."""
    own, other = move
    role, node = index.roles[other], graph[index.roles[other]]
    shared = [
        (-one.weight * wanted[one.capability], one.capability) for one in index.asks[other] if one.capability in wanted
    ]
    return AdjacentRow(
        role=role,
        label=node.label if isinstance(node, RoleProfile) else role,
        likeness=alike,
        distance=float(index.distances[own, other]),
        back=float(index.distances[other, own]),
        because=tuple(
            Fact("rule", f"both require {capability}", (index.roles[own], role, capability))
            for _, capability in sorted(shared)
        ),
    )


@dataclass(frozen=True, kw_only=True)
class TransferRow(ReportRow):
    """One role to which holders of another one could move."""

    role: str
    """The id of the role."""
    label: str
    """Its title."""
    distance: float
    """The effort from the shrinking role, as the roles are described."""
    likeness: float
    """How alike the two are."""
    holders: int
    """How many people hold the role already."""
    ready: int
    """How many of the people who could move are ready for it now."""
    people: tuple[str, ...]
    """Those people, the one with the highest readiness first."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Transferable(Report[TransferRow]):
    """Where the people of a role could go.

    Rows: roles for which more people are ready first, then the nearer role, then by id.
    """

    name: ClassVar[str] = "transferable"
    row_type: ClassVar[type[ReportRow]] = TransferRow

    role: str
    """The shrinking role."""
    moving: tuple[str, ...]
    """The people who hold it."""


def transferable(
    graph: CapabilityGraph,
    role: str,
    *,
    max_distance: float = VIABLE,
    limit: int | None = 10,
    policy: EvidencePolicy | None = None,
    as_of: dt.date | None = None,
) -> Transferable:
    """Return the roles to which the people of a shrinking role could move.

    Roles count that are at most `max_distance` away as the roles are described; what each person has shown then says
    who is ready.

    Parameters
    ----------
    graph : CapabilityGraph
        The graph.
    role : str
        The shrinking role.
    max_distance : float
        The distance up to which a move is viable, 0 to 1.
    limit : int or None
        How many roles to look at, the most alike first; None for all.
    policy, as_of
        Which evidence counts, and on which day; as in `gap`.

    Returns
    -------
    Transferable
        One row a role.

    Raises
    ------
    UnknownIdError
        When the id is unknown or not that of a role.

    Notes
    -----
    One `gap` for each person and role looked at.
    """
    near = adjacent_roles(graph, role, limit=limit, max_distance=max_distance)
    moving = tuple(sorted(link.source for link in graph.links(near.role, "holds", incoming=True)))
    rows = []
    for row in near:
        gaps = [gap(graph, person, row.role, policy=policy, as_of=as_of) for person in moving]
        ranked = sorted(gaps, key=lambda found: (-(found.readiness or 0.0), found.person or ""))
        rows.append(
            TransferRow(
                role=row.role,
                label=row.label,
                distance=row.distance,
                likeness=row.likeness,
                holders=len(graph.links(row.role, "holds", incoming=True)),
                ready=sum(found.ready is True for found in gaps),
                people=tuple(found.person for found in ranked if found.person),
                because=row.because,
            )
        )
    rows.sort(key=lambda row: (-row.ready, row.distance, row.role))
    notes = () if moving else (f"nobody holds {near.role}, so that only the roles are compared",)
    return Transferable(role=near.role, moving=moving, records=tuple(rows), notes=(*near.notes, *notes))
