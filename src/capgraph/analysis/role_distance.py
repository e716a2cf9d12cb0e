"""role_distance, role_distances: how far the holder of one role is from another, requirement by requirement."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from capgraph.analysis.arguments import require_graph
from capgraph.analysis.role_index import Asked, asked, emptiness, profile, role_index
from capgraph.analysis.role_offer import Credit, credited, offers_of
from capgraph.report import Fact, Report, ReportRow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from capgraph.graph import CapabilityGraph
    from capgraph.model import Necessity


@dataclass(frozen=True, kw_only=True)
class CreditRow(ReportRow):
    """One requirement of the role aimed at, and what is credited for it."""

    capability: str
    """The capability required."""
    necessity: Necessity
    """Whether it is a gate."""
    weight: float
    """Its importance, halved where it is optional."""
    credit: float
    """The share of it that the holder of the first role brings, 0 to 1."""
    through: tuple[str, ...]
    """The capabilities that the credit is for, sorted."""
    relation: tuple[str, ...]
    """How they are related to the one required: ``same``, ``narrower`` …; across frameworks ``exact`` …"""

    def tone(self) -> str:
        """Return how the row is colored."""
        if self.credit >= 1:
            return "good"
        return "fair" if self.credit > 0 else "poor"


@dataclass(frozen=True, kw_only=True, repr=False)
class RoleDistance(Report[CreditRow]):
    """How far one role is from another.

    Rows: what is missing most first (weight times what is not credited), then by capability.
    """

    name: ClassVar[str] = "role_distance"
    row_type: ClassVar[type[ReportRow]] = CreditRow

    source: str
    """The role that is held."""
    target: str
    """The role aimed at."""
    distance: float | None
    """The share of what the target requires that is not credited, 0 to 1; None where nothing of it has any weight."""
    gates: tuple[str, ...]
    """The mandatory capabilities that are not credited in full."""


def role_distance(graph: CapabilityGraph, source: str, target: str) -> RoleDistance:
    """Return the effort from one role to another: the weighted share of the target's requirements that is missing.

    ``distance = Σ weight × (1 − credit) ÷ Σ weight`` over the requirements of the target.  A requirement asks for steps
    above the lowest level of its scale (for holding it, where it asks for the lowest or none); its credit is the
    mean over these steps of the best share that anything gives which the source requires at that step: 1 for the
    capability itself, less for adjacent ones (`capgraph.analysis.role_credit`).  Values are credited
    ``min(1, held / required)``, from the scale's minimum, by values of the same capability.

    Roles of two frameworks are compared through the crosswalks of the graph: a mapped capability is credited as the
    mapping says (`capgraph.analysis.counterparts`), and so is what a role requires that is mapped to the source.
    Levels and values of different scales are not compared: there holding the capability counts, and a note says so.

    It is asymmetric, and measures effort, not likeness.

    Parameters
    ----------
    graph : CapabilityGraph
        The graph.
    source : str
        The role that is held.
    target : str
        The role aimed at.

    Returns
    -------
    RoleDistance
        One row a requirement of the target, with each credit and what it is for.

    Raises
    ------
    UnknownIdError
        When an id is unknown or not that of a role.

    Notes
    -----
    Linear in the requirements and the neighbors of their capabilities.

    Examples
    --------
    >>> import capgraph as cg
    >>> graph = cg.CapabilityGraph(cg.Framework(id="fw:mini",
    ...     capabilities=[cg.Capability(id="cap:data", label="Data"),
    ...                   cg.Capability(id="cap:sql", label="SQL", broader=["cap:data"]),
    ...                   cg.Capability(id="cap:r", label="R", broader=["cap:data"])],
    ...     roles=[cg.RoleProfile(id="role:a", label="A", requirements=[cg.Requirement(capability="cap:sql")]),
    ...            cg.RoleProfile(id="role:b", label="B", requirements=[
    ...                cg.Requirement(capability="cap:r"), cg.Requirement(capability="cap:sql")])]))
    >>> role_distance(graph, "role:b", "role:a").distance, role_distance(graph, "role:a", "role:b").distance
    (0.0, 0.375)
    """
    require_graph(graph)
    start, end = profile(graph, source), profile(graph, target)
    offers = offers_of(graph, start)
    wanted = asked(graph, end)
    found = [(one, *credited(graph, one, offers)) for one in wanted]
    rows = [_row(one, credit, used) for one, credit, used in found]
    rows.sort(key=lambda row: (-row.weight * (1 - row.credit), row.capability))
    total = math.fsum(one.weight for one in wanted)
    missing = math.fsum(row.weight * (1 - row.credit) for row in rows)
    apart = sum(any(one.tie == "apart" for one in used) for _, _, used in found)
    return RoleDistance(
        records=tuple(rows),
        notes=tuple(_notes(end, lack="" if total else emptiness(graph, end), apart=apart)),
        source=start,
        target=end,
        distance=missing / total if total else None,
        gates=tuple(row.capability for row in rows if row.necessity == "mandatory" and row.credit < 1),
    )


def _notes(end: str, *, lack: str, apart: int) -> Iterator[str]:
    """Yield what the reader of a distance must know."""
    if lack:
        yield f"{end} {lack}, so that no distance to it is defined; state what it requires, and how important that is"
    if apart:
        yield (
            f"{apart} requirements are credited for holding a capability of another framework: levels on different "
            "scales are not compared"
        )


def _row(one: Asked, credit: float, used: tuple[Credit, ...]) -> CreditRow:
    """Return the credit for one requirement."""
    return CreditRow(
        capability=one.capability,
        necessity=one.necessity,
        weight=one.weight,
        credit=credit,
        through=tuple(item.capability for item in used),
        relation=tuple(item.relation for item in used),
        because=tuple(Fact("rule", item.told(one.capability), item.ids) for item in used),
    )


@dataclass(frozen=True)
class RoleDistances:
    """The distances between all roles that require something of any importance: a labelled matrix."""

    roles: tuple[str, ...]
    """The roles, by id: the rows (held) and the columns (aimed at)."""
    matrix: Any
    """A numpy array of float32: the distance from the role of the row to the role of the column."""

    def to_frame(self) -> Any:  # noqa: ANN401 - a pandas frame
        """Return the matrix as a pandas frame labelled with the roles on both sides."""
        try:
            import pandas as pd
        except ImportError:
            from capgraph.errors import MissingDependencyError

            raise MissingDependencyError("pandas", "frames") from None
        return pd.DataFrame(self.matrix, index=list(self.roles), columns=list(self.roles))


def role_distances(graph: CapabilityGraph) -> RoleDistances:
    """Return `role_distance` between all roles that require something of any importance.

    Parameters
    ----------
    graph : CapabilityGraph
        The graph.

    Returns
    -------
    RoleDistances
        The roles by id, and the matrix of distances from the row's role to the column's.

    Notes
    -----
    Sparse products, one for each relation that gives credit; then linear in the pairs of roles, and for values in the
    pairs of roles that state one of the same capability.
    """
    index = role_index(graph)
    return RoleDistances(index.roles, index.distances)
