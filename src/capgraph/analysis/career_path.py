"""career_path: the cheapest chains of viable moves from one role to another."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar

from capgraph.analysis.adjacent_roles import VIABLE
from capgraph.analysis.arguments import require_counts, require_graph, require_numbers, require_seconds, require_stated
from capgraph.analysis.career_search import CareerSearch
from capgraph.analysis.gap import gap
from capgraph.analysis.learning_path import learning_path
from capgraph.analysis.remembered import remembered
from capgraph.analysis.role_distance import RoleDistance, role_distance
from capgraph.analysis.role_index import RoleIndex, emptiness, is_open, profile, role_index
from capgraph.analysis.typed import typed
from capgraph.errors import NoPathError
from capgraph.model import LearningAsset, RoleProfile
from capgraph.report import Fact, Report, ReportRow

if TYPE_CHECKING:
    from capgraph.graph import CapabilityGraph


@dataclass(frozen=True, kw_only=True)
class HopRow(ReportRow):
    """One move of a career path."""

    path: int
    """Which path, from 1: the cheapest."""
    hop: int
    """Which move of it, from 1."""
    role: str
    """The role moved to."""
    label: str
    """Its title."""
    distance: float
    """The effort of the move."""
    credits: tuple[str, ...]
    """The capabilities that are credited, in full or in part; the evidence says how much and for what."""
    missing: tuple[str, ...]
    """The capabilities that are not credited in full."""
    hours: float | None
    """The hours of learning that close what assets can; None where no catalog is loaded."""
    closes: bool | None
    """Whether that learning closes everything; None where no catalog is loaded."""


@dataclass(frozen=True, kw_only=True, repr=False)
class CareerPath(Report[HopRow]):
    """The cheapest chains of viable moves.

    Rows: path by path, the cheapest first, and within a path move by move.
    """

    name: ClassVar[str] = "career_path"
    row_type: ClassVar[type[ReportRow]] = HopRow

    source: str
    """The role that is held."""
    source_label: str
    """Its title."""
    target: str
    """The role aimed at."""
    distance: float
    """The sum of the distances of the cheapest path."""
    direct: float
    """The distance of the move in one."""
    paths: tuple[tuple[str, ...], ...]
    """The roles along each path, the cheapest first."""


@typed
def career_path(
    graph: CapabilityGraph,
    source: str,
    target: str,
    *,
    paths: int = 1,
    max_distance: float = VIABLE,
    max_hops: int = 4,
    time_limit: float = 10.0,
) -> CareerPath:
    """Return the cheapest chains of roles from one to another in which every move is viable.

    The cost of a chain is the sum of `role_distance` over its moves; a move is viable when its distance is at most
    `max_distance`, to six digits.  No role comes twice.  Chains of equal cost: fewer moves first, then by the ids along
    them.  Families of roles and roles out of use are no stations.

    Parameters
    ----------
    graph : CapabilityGraph
        The graph.
    source, target : str
        The role that is held, and the role aimed at.
    paths : int
        How many chains to return, >= 1.
    max_distance : float
        The distance up to which a move is viable, 0 to 1.
    max_hops : int
        The most moves of a chain, >= 1.
    time_limit : float
        Seconds for each learning path, where a catalog is loaded.

    Returns
    -------
    CareerPath
        One row a move.

    Raises
    ------
    UnknownIdError
        When an id is unknown or not that of a role.
    NoPathError
        When no chain is viable; the message says which `max_distance` would let one through, and when a role requires
        nothing.

    Notes
    -----
    The distances between all roles are computed on first use.  The least rest of a chain is known for every role and
    number of moves (``max_hops - 2`` times the pairs of roles), so that the search looks at hardly more than the
    answer.

    Examples
    --------
    >>> import capgraph as cg
    >>> moves = career_path(cg.sample().graph(), "role:analyst", "role:data-engineer", max_distance=0.9)
    >>> moves.records[-1].role
    'role:data-engineer'
    """
    require_graph(graph)
    require_stated(paths=paths, max_hops=max_hops, max_distance=max_distance)
    require_seconds(time_limit)
    require_counts(1, paths=paths, max_hops=max_hops)
    require_numbers(0, 1, max_distance=max_distance)
    start, end = profile(graph, source), profile(graph, target)
    index = role_index(graph)
    for role in (start, end):
        if role not in index.rows:
            lack = emptiness(graph, role)
            raise NoPathError(f"{role!r} {lack}, so that no distance is defined; state what it requires")
    if start == end:
        raise NoPathError(f"{start!r} is both the start and the goal; name two roles")
    shut = remembered(graph, "roles that are no stations", lambda: _shut(graph, index))
    search = CareerSearch(index.distances, shut, (index.rows[start], index.rows[end]), min(max_hops, len(index.roles)))
    found = list(search.best(paths, max_distance))
    if not found:
        least = search.least_threshold()
        raise NoPathError(
            f"{start!r} leads to {end!r} by no chain of at most {max_hops} moves of distance {max_distance:g} or less; "
            f"with max_distance={least:.2f} there is one"
        )
    chains = [tuple(index.roles[row] for row in chain) for chain in found]
    distances: dict[tuple[str, str], RoleDistance] = {}
    effort = _Effort(graph, time_limit)
    rows = []
    for number, chain in enumerate(chains, 1):
        for hop, move in enumerate(pairwise(chain), 1):
            if move not in distances:
                distances[move] = role_distance(graph, *move)
            rows.append(_row(graph, distances[move], number, hop, effort.of(*move)))
    return CareerPath(
        records=tuple(rows),
        source=start,
        source_label=_label(graph, start),
        target=end,
        distance=sum(row.distance for row in rows if row.path == 1),
        direct=role_distance(graph, start, end).distance or 0.0,
        paths=tuple(chains),
    )


class _Effort:
    """The learning that moves take, each asked for once."""

    def __init__(self, graph: CapabilityGraph, seconds: float) -> None:
        self._graph = graph
        self._seconds = seconds
        self._has_catalog = bool(graph.ids(LearningAsset))
        self._known: dict[tuple[str, str], tuple[float | None, bool | None]] = {}

    def of(self, source: str, target: str) -> tuple[float | None, bool | None]:
        """Return the hours of a move, and whether they close everything."""
        if not self._has_catalog:
            return None, None
        if (source, target) not in self._known:
            missing = gap(self._graph, source, target)
            plan = learning_path(self._graph, missing, unassessed="teach", time_limit=self._seconds)
            self._known[source, target] = plan.hours, plan.complete
        return self._known[source, target]


def _row(
    graph: CapabilityGraph, move: RoleDistance, path: int, hop: int, effort: tuple[float | None, bool | None]
) -> HopRow:
    """Return the row of one move."""
    return HopRow(
        path=path,
        hop=hop,
        role=move.target,
        label=_label(graph, move.target),
        distance=move.distance or 0.0,
        credits=tuple(sorted(row.capability for row in move if row.credit > 0)),
        missing=tuple(sorted(row.capability for row in move if row.credit < 1)),
        hours=effort[0],
        closes=effort[1],
        because=tuple(fact for row in move for fact in row.because)
        or (Fact("rule", f"nothing that {move.source} requires is credited for {move.target}", (move.target,)),),
    )


def _label(graph: CapabilityGraph, role: str) -> str:
    """Return the title of a role."""
    node = graph[role]
    return node.label if isinstance(node, RoleProfile) else role


def _shut(graph: CapabilityGraph, index: RoleIndex) -> Any:  # noqa: ANN401 - a numpy array
    """Return the rows of the roles that are no stations."""
    import numpy as np

    return np.array([row for role, row in index.rows.items() if not is_open(graph, role)], dtype=np.int64)
