"""adjacent_roles, transferable: which roles are near, and where the holders of a role could go."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, ClassVar

from capgraph.analysis.arguments import require_counts, require_graph, require_numbers
from capgraph.analysis.gap import gap
from capgraph.analysis.merit import merit
from capgraph.analysis.role_index import EXACT, RoleIndex, emptiness, is_open, profile, role_index
from capgraph.analysis.role_likeness import checked, likeness
from capgraph.analysis.subjects import day
from capgraph.analysis.typed import typed
from capgraph.model import RoleProfile
from capgraph.report import Fact, Report, ReportRow

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

    from capgraph.analysis.gap import GapReport
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


@typed
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
        lack = f"{key} {emptiness(graph, key)}, so that nothing can be compared with it; state what it requires"
        return AdjacentRoles(role=key, notes=(lack,))
    alike = likeness(graph).to_all(key, checked(blend))
    own = index.rows[key]
    distances = np.round(index.distances[own].astype(np.float64), EXACT)
    order = np.lexsort((distances, -np.round(alike, 9)))
    wanted = {one.capability: one.weight for one in index.asks[own]}
    near = (
        row
        for row in order.tolist()
        if row != own and (max_distance is None or distances[row] <= max_distance) and is_open(graph, index.roles[row])
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
        distance=round(float(index.distances[own, other]), EXACT),
        back=round(float(index.distances[other, own]), EXACT),
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
    """How many of the people who could move are ready for it now; who holds it already is not counted."""
    people: tuple[str, ...]
    """The people who could move: fewer gates failed first, then fewer not assessed, then the higher readiness."""


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
    require_graph(graph)
    require_counts(1, limit=limit)
    near = adjacent_roles(graph, role, limit=None if limit is None else limit + 1, max_distance=max_distance)
    moving = _holders(graph, near.role)
    rows = [_transfer(graph, row, moving, policy=policy, as_of=day(as_of)) for row in near.records[:limit]]
    rows.sort(key=lambda row: (-row.ready, row.distance, row.role))
    notes = [] if moving else [f"nobody holds {near.role}, so that only the roles are compared"]
    if len(rows) < len(near):
        notes.append("more roles are within reach, less alike, and were not looked at; limit=None looks at all of them")
    return Transferable(role=near.role, moving=moving, records=tuple(rows), notes=(*near.notes, *notes))


def _holders(graph: CapabilityGraph, role: str) -> tuple[str, ...]:
    """Return the people who hold a role, sorted."""
    return tuple(sorted(link.source for link in graph.links(role, "holds", incoming=True)))


def _transfer(
    graph: CapabilityGraph, near: AdjacentRow, moving: tuple[str, ...], *, policy: EvidencePolicy | None, as_of: dt.date
) -> TransferRow:
    """Return the row of one role."""
    holders = _holders(graph, near.role)
    people = (person for person in moving if person not in holders)
    gaps = {person: gap(graph, person, near.role, policy=policy, as_of=as_of) for person in people}
    ready = sum(found.ready is True for found in gaps.values())
    return TransferRow(
        role=near.role,
        label=near.label,
        distance=near.distance,
        likeness=near.likeness,
        holders=len(holders),
        ready=ready,
        people=tuple(sorted(gaps, key=lambda person: (*merit(gaps[person]), person))),
        because=(*_readiness(gaps), *near.because),
    )


def _readiness(gaps: Mapping[str, GapReport]) -> Iterator[Fact]:
    """Yield how far each person is."""
    for person, found in gaps.items():
        told = {True: "is ready", False: "is not ready", None: "may be ready, as far as is assessed"}[found.ready]
        share = "nothing is assessed" if found.readiness is None else f"readiness {found.readiness:.0%}"
        yield Fact("rule", f"{person} {told}: {share}", (person,))
