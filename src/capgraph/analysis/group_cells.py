"""What each person of a group holds of what their roles demand: the cells behind the answers about teams."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from capgraph.analysis.attainment import Attainment
from capgraph.analysis.comparison import demands, judge
from capgraph.analysis.matrix import MatrixCell, SkillsMatrix
from capgraph.model import FrozenMapping, RoleProfile

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from capgraph.analysis.attainment import Assessor
    from capgraph.analysis.comparison import Demand, Judgement
    from capgraph.graph import CapabilityGraph


_NOTHING: tuple[Demand | None, ...] = (None,)


class Cell(NamedTuple):
    """What one person holds of one capability, against one of their demands, or none."""

    person: str
    """The person."""
    demand: Demand | None
    """What is demanded of the person; None where nothing is."""
    held: Attainment
    """What the person has attained."""
    verdict: Judgement | None
    """How the two compare; None without a demand."""


def members(graph: CapabilityGraph, team: str) -> tuple[str, ...]:
    """Return the people of a team and of its sub-teams, sorted."""
    teams = (graph.resolve(team), *graph.narrower(team, depth=None))
    return tuple(sorted({link.source for id_ in teams for link in graph.links(id_, "member_of", incoming=True)}))


def cells_of(
    graph: CapabilityGraph, assessor: Assessor, people: Sequence[str], gone: Collection[str] = ()
) -> dict[str, list[Cell]]:
    """Return, for each capability that anybody needs, a cell for each person and demand; one without, for the rest."""
    wanted = demanded(graph, assessor, people)
    capabilities = sorted({capability for by_capability in wanted.values() for capability in by_capability})
    cells: dict[str, list[Cell]] = {capability: [] for capability in capabilities}
    for person in people:
        dossier, own = assessor.dossier(person), wanted[person]
        for capability in capabilities:
            held = Attainment(capability) if person in gone else assessor.attained(dossier, capability)
            found = cells[capability]
            for one in own.get(capability, _NOTHING):
                found.append(Cell(person, one, held, None if one is None else judge(one, held)))
    return cells


def demanded(
    graph: CapabilityGraph, assessor: Assessor, people: Iterable[str]
) -> dict[str, Mapping[str, tuple[Demand, ...]]]:
    """Return what the roles of each person demand, by capability; roles are read once for all who hold them."""
    known: dict[tuple[str, ...], dict[str, tuple[Demand, ...]]] = {}
    found: dict[str, Mapping[str, tuple[Demand, ...]]] = {}
    for person in people:
        roles = tuple(
            link.target for link in graph.links(person, "holds") if isinstance(graph[link.target], RoleProfile)
        )
        if roles not in known:
            by_capability: dict[str, tuple[Demand, ...]] = defaultdict(tuple)
            for one in demands(graph, assessor.weigher, roles):
                by_capability[one.capability] += (one,)
            known[roles] = dict(by_capability)
        found[person] = known[roles]
    return found


def matrix_of(
    graph: CapabilityGraph, title: str, people: Sequence[str], cells: Mapping[str, Sequence[Cell]]
) -> SkillsMatrix:
    """Return the matrix of a team: for each person and capability, the highest of their demands."""
    table: dict[tuple[str, str], MatrixCell] = {}
    for capability, found in cells.items():
        for cell in found:
            shown = _matrix_cell(cell)
            earlier = table.get((cell.person, capability))
            if earlier is None or (shown.required or 0) > (earlier.required or 0):
                table[cell.person, capability] = shown
    labels = {capability: next(c.demand.label for c in found if c.demand) for capability, found in cells.items()}
    return SkillsMatrix(
        title=title,
        people=FrozenMapping({person: getattr(graph[person], "label", "") or person for person in people}),
        capabilities=FrozenMapping(labels),
        cells=FrozenMapping(table),
    )


def _matrix_cell(cell: Cell) -> MatrixCell:
    """Return what a matrix shows of one cell."""
    required = None if cell.demand is None else cell.demand.required
    attained = cell.held.level if cell.verdict is None else cell.verdict.attained
    status = None if cell.verdict is None else cell.verdict.status
    return MatrixCell(required, attained, status, cell.held.held)
