"""What assets cover, cell by cell: a step or behavior, in a language, at a site, for an audience."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from capgraph.analysis.orphans import assets_in_use
from capgraph.analysis.teaching import AlignmentChoice, behaviors_taught, teachings
from capgraph.errors import ArgumentError
from capgraph.model import Catalog, LearningAsset
from capgraph.text import normalize

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from capgraph.graph import CapabilityGraph

Protection = Literal["language", "audience", "site"]
PROTECTIONS: tuple[Protection, ...] = ("language", "audience", "site")
"""What a cell can hold apart, besides the step."""
_EVERYONE = frozenset(
    ["all", "all staff", "everyone", "everybody", "all employees", "alle", "alle mitarbeitenden", "tous", "todos"]
)
_RELATIONS: tuple[Literal["teaches", "assesses"], ...] = ("teaches", "assesses")


class Cell(NamedTuple):
    """One thing that an asset covers."""

    target: str
    """The capability or behavior."""
    level: int | None
    """The rank reached; None for a behavior or a capability without a scale."""
    relation: str
    """``teaches`` or ``assesses``."""
    language: str = ""
    """The language, where languages are held apart."""
    audience: str = ""
    """The audience, where audiences are held apart; empty for everybody."""
    site: str = ""
    """The place, where places are held apart; empty for anywhere."""

    @property
    def told(self) -> str:
        """The cell in one short text."""
        level = "" if self.level is None else f" {self.level}"
        held = ", ".join(part for part in (self.language, self.audience, self.site) if part)
        return f"{self.relation} {self.target}{level}" + (f" ({held})" if held else "")


class Coverage(NamedTuple):
    """Which assets cover which cells, today."""

    assets: dict[str, LearningAsset]
    """The assets in use, by id."""
    cells: dict[str, frozenset[Cell]]
    """What each asset covers."""
    reach: dict[str, frozenset[Cell]]
    """The cells of all assets that each asset could serve: its own, and those of audiences and places within these."""


def covered(
    graph: CapabilityGraph,
    *,
    protect: Collection[Protection] = PROTECTIONS,
    alignments: AlignmentChoice = "accepted",
    min_confidence: float = 0.0,
) -> Coverage:
    """Return what each asset in use covers.

    An asset covers a cell for every step that it teaches or assesses and every behavior that it teaches, times its
    audiences and its sites; one without an audience, or for all staff, covers the step for everybody, and one without a
    site anywhere.  It can serve a narrower cell of another asset: that of one audience when it is for everybody.

    Raises
    ------
    ArgumentError
        When `protect` names anything else than language, audience and site.

    Notes
    -----
    Linear in the alignments times audiences and sites.
    """
    unknown = sorted(set(protect) - set(PROTECTIONS))
    if unknown:
        raise ArgumentError(f"{unknown[0]!r} is not held apart; protect some of {', '.join(PROTECTIONS)}")
    assets = assets_in_use(graph)
    own: dict[str, set[Cell]] = {id_: set() for id_ in assets}
    plain = _plain_cells(graph, alignments, min_confidence)
    for id_, cells in plain.items():
        asset = assets[id_]
        language = _language(graph, id_, asset) if "language" in protect else ""
        for audience in audiences(asset) if "audience" in protect else ("",):
            for site in asset.sites or ("",) if "site" in protect else ("",):
                own[id_] |= {cell._replace(language=language, audience=audience, site=site) for cell in cells}
    frozen = {id_: frozenset(cells) for id_, cells in own.items()}
    return Coverage(assets, frozen, _reach(frozen))


def covers(mine: Cell, other: Cell) -> bool:
    """Return whether what covers one cell serves the other: everybody includes each audience, anywhere each site."""
    return mine[:4] == other[:4] and mine.audience in {"", other.audience} and mine.site in {"", other.site}


def _plain_cells(graph: CapabilityGraph, alignments: AlignmentChoice, min_confidence: float) -> dict[str, set[Cell]]:
    """Return the steps and behaviors that each asset covers, as cells that hold nothing else apart."""
    found: dict[str, set[Cell]] = {}
    for relation in _RELATIONS:
        for taught in teachings(graph, relation=relation, alignments=alignments, min_confidence=min_confidence):
            steps = {Cell(step.capability, step.rank, relation) for step in taught.steps}
            found.setdefault(taught.asset, set()).update(steps)
    for link in behaviors_taught(graph, alignments=alignments, min_confidence=min_confidence):
        found.setdefault(link.source, set()).add(Cell(link.target, None, "teaches"))
    return found


def _reach(own: dict[str, frozenset[Cell]]) -> dict[str, frozenset[Cell]]:
    """Return the cells of anybody that each asset could serve."""
    narrower: dict[tuple[object, ...], set[Cell]] = {}
    for cells in own.values():
        for cell in cells:
            narrower.setdefault(cell[:4], set()).add(cell)
    return {
        id_: frozenset(other for cell in cells for other in narrower[cell[:4]] if covers(cell, other))
        for id_, cells in own.items()
    }


def _language(graph: CapabilityGraph, id_: str, asset: LearningAsset) -> str:
    """Return the language of an asset: its own, or that of its catalog."""
    home = graph.home(id_)
    return asset.language or (home.language if isinstance(home, Catalog) else "")


def audiences(asset: LearningAsset) -> tuple[str, ...]:
    """Return the audiences of an asset: its roles and its words; an empty text alone stands for everybody."""
    named = (normalize(who) for who in asset.audience)
    found = tuple(sorted({*named, *asset.roles}))
    return ("",) if not found or not _EVERYONE.isdisjoint(found) else found


def told(cells: Iterable[Cell]) -> tuple[str, ...]:
    """Return cells as short texts, in order."""
    return tuple(cell.told for cell in sorted(cells, key=cell_order))


def cell_order(cell: Cell) -> tuple[str, int, str, str, str, str]:
    """Return the total order of cells."""
    level = -10_000 if cell.level is None else cell.level
    return cell.target, level, cell.relation, cell.language, cell.audience, cell.site
