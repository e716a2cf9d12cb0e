"""Coverage both ways: what roles require and nobody teaches, and what is taught and nobody requires."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal

from capgraph.analysis.arguments import require_graph, require_lists, require_numbers
from capgraph.analysis.coverage_matrix import CoverageMatrix, coverage_matrix
from capgraph.analysis.coverage_split import SPLITS, Piece, Split, checked_split, pieces
from capgraph.analysis.demand import NECESSITIES, Need, needs
from capgraph.analysis.naming import title_of, titles_of
from capgraph.analysis.orphans import asset_of, assets_in_use, obsolete, orphans
from capgraph.analysis.teaching import AlignmentChoice, Step, behaviors_taught, teachings
from capgraph.analysis.typed import typed
from capgraph.model import Person
from capgraph.report import Fact, Report, ReportRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from capgraph.graph import CapabilityGraph
    from capgraph.links import Link

CoverageStatus = Literal["uncovered", "thin", "covered", "oversupplied"]
_ORDER = ("uncovered", "thin", "covered", "oversupplied")
_TONES = {"uncovered": "poor", "thin": "fair", "covered": "good", "oversupplied": "open"}


@dataclass(frozen=True, kw_only=True)
class CoverageRow(ReportRow):
    """One required step of one capability, or a part of it."""

    capability: str
    """The capability."""
    label: str
    """Its label."""
    level: int | None
    """The rank that must be reached; None where the capability has no scale."""
    part: str
    """The language, kind of asset or behavior that the row is about, or several; empty where not split."""
    language: str = ""
    """The language, where split by it; empty where no person states one and no asset serves.  A column of a cross."""
    kind: str = ""
    """The kind of asset, where the answer is split by it; empty where no asset serves.  A column of a cross."""
    behavior: str = ""
    """The behavior, where the answer is split by it.  A column of a cross."""
    necessity: str
    """The strongest necessity among the requirements: ``mandatory``, ``essential`` or ``optional``."""
    demand: int
    """How many people need the step, or how many roles where no workforce is loaded."""
    roles: tuple[str, ...]
    """The roles that require it."""
    assets: tuple[str, ...]
    """The assets that teach (or assess) it."""
    titles: tuple[str, ...]
    """The titles of those."""
    providers: tuple[str, ...]
    """Who offers those assets, where it is stated."""
    status: CoverageStatus
    """``uncovered``, ``thin`` (one asset, or several of one provider), ``covered`` or ``oversupplied``."""

    def tone(self) -> str:
        """Return how the row is colored."""
        return _TONES[self.status]


@dataclass(frozen=True, kw_only=True, repr=False)
class CoverageReport(Report[CoverageRow]):
    """What is required and taught, thinly taught or not taught; and what serves nobody."""

    name: ClassVar[str] = "coverage"
    row_type: ClassVar[type[ReportRow]] = CoverageRow

    relation: str
    """Whether supply means ``teaches`` or ``assesses``."""
    required: int
    """How many rows are required."""
    covered_share: float | None
    """The share of required rows with at least one asset; None where nothing is required."""
    demand_share: float | None
    """The same share weighted by demand; None where there is no demand."""
    mandatory_uncovered: int
    """How many uncovered rows are mandatory; they count one by one, whatever the shares say."""
    orphans: tuple[str, ...]
    """The assets in use that serve no requirement of any role and are no compliance items."""
    obsolete: tuple[str, ...]
    """The assets in use whose every target is deprecated."""
    compliance: tuple[str, ...]
    """The assets in use that law or policy demands."""
    by: tuple[Split, ...] = field(default=(), repr=False)
    """What each step is split by, in the order asked for."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns: a cross of several facets has one for each beside ``part``."""
        shown = self.by if len(self.by) > 1 else ()
        return tuple(name for name in super().columns if name not in SPLITS or name in shown)

    @property
    def matrix(self) -> CoverageMatrix:
        """Capabilities × levels as a heatmap: shown by Jupyter, drawn by ``capgraph.plot.heatmap``."""
        verb = "taught" if self.relation == "teaches" else "assessed"
        return coverage_matrix(self.records, f"coverage: how well each required step is {verb}")


@typed
def coverage(
    graph: CapabilityGraph,
    *,
    relation: Literal["teaches", "assesses"] = "teaches",
    roles: Iterable[str] | None = None,
    by: Split | Iterable[Split] | None = None,
    ample: int = 4,
    alignments: AlignmentChoice = "accepted",
    min_confidence: float = 0.0,
) -> CoverageReport:
    """Return which required steps are taught, and which assets serve no requirement.

    A requirement of level L demands every step up to L.  A step is *uncovered* without an asset, *thin* with one
    asset or with several of one provider, *oversupplied* with more than `ample`, else *covered*.  An asset is an
    *orphan* when nothing that it teaches, assesses or shows is required by any role.

    Parameters
    ----------
    graph : CapabilityGraph
        Frameworks with roles, catalogs and, for demand in people, a workforce.
    relation : str
        ``teaches``, or ``assesses`` to ask what can be assessed.
    roles : iterable of str or None
        Only what these roles require; None for all.
    by : str, iterable of str or None
        Split each step by the ``language`` of people and assets, by the ``kind`` of asset, by ``behavior``, or by
        several of these at once, crossed: then each is a column.  A step that states no behavior is in no split by it.
    ample : int
        Assets, >= 1; a step with more is oversupplied.
    alignments : str
        ``accepted``, or ``proposed`` to let proposed alignments in too.
    min_confidence : float
        The least confidence of a proposed alignment, 0 to 1.

    Returns
    -------
    CoverageReport
        One row for each required step (and part), uncovered first, then thin, covered and oversupplied; within
        these mandatory first, then by falling demand, capability, level and part.

    Raises
    ------
    ArgumentError
        When `by` names an unknown facet, or one twice.
    ScaleMismatchError
        When an alignment states a level that is not on its capability's scale.

    Notes
    -----
    Linear in requirements, alignments and people.  Coverage is monotone: an added asset never uncovers a step.

    Examples
    --------
    >>> import capgraph as cg
    >>> framework = cg.Framework(id="fw:mini", capabilities=[cg.Capability(id="cap:sql", label="SQL")],
    ...     roles=[cg.RoleProfile(id="role:dev", label="Developer", requirements=[{"capability": "cap:sql"}])])
    >>> cg.coverage(cg.CapabilityGraph(framework)).rows()[0]["status"]
    'uncovered'
    """
    require_graph(graph)
    require_lists(roles=roles)
    require_numbers(1, ample=ample)
    split = checked_split(by)
    wanted = needs(graph, roles=roles)
    supply = _Supply(graph, relation, alignments, min_confidence)
    rows = sorted((row for need in wanted for row in _rows(graph, need, supply, split, ample)), key=_row_order)
    return CoverageReport(
        records=tuple(rows),
        notes=_notes(graph, rows, wanted, supply),
        relation=relation,
        required=len(rows),
        covered_share=_taught_share([(row, 1) for row in rows]),
        demand_share=_taught_share([(row, row.demand) for row in rows]),
        mandatory_uncovered=sum(row.necessity == "mandatory" and not row.assets for row in rows),
        orphans=orphans(graph, {need.step for need in wanted}, alignments=alignments, min_confidence=min_confidence),
        obsolete=obsolete(graph),
        compliance=tuple(id_ for id_, asset in assets_in_use(graph).items() if asset.mandatory),
        by=split,
    )


class _Supply:
    """The links behind each step and each behavior."""

    def __init__(
        self,
        graph: CapabilityGraph,
        relation: Literal["teaches", "assesses"],
        alignments: AlignmentChoice,
        min_confidence: float,
    ) -> None:
        self.steps: dict[Step, dict[str, Link]] = defaultdict(dict)
        self.behaviors: dict[str, dict[str, Link]] = defaultdict(dict)
        for taught in teachings(graph, relation=relation, alignments=alignments, min_confidence=min_confidence):
            for step in taught.steps:
                self.steps[step].setdefault(taught.asset, taught.link)
        if relation == "teaches":
            for link in behaviors_taught(graph, alignments=alignments, min_confidence=min_confidence):
                self.behaviors[link.target].setdefault(link.source, link)


def _rows(
    graph: CapabilityGraph, need: Need, supply: _Supply, split: tuple[Split, ...], ample: int
) -> Iterator[CoverageRow]:
    """Yield the rows of one needed step."""
    links = supply.steps.get(need.step, {})
    for piece in pieces(graph, need, split, links=links, behaviors=supply.behaviors):
        yield _row(graph, need, piece, part=piece.part(split), ample=ample)


def _row(graph: CapabilityGraph, need: Need, piece: Piece, *, part: str, ample: int) -> CoverageRow:
    """Return the row of one step or of one part of it."""
    assets = tuple(sorted(piece.links))
    providers = {asset_of(graph, asset).provider for asset in assets}
    return CoverageRow(
        capability=need.step.capability,
        label=title_of(graph, need.step.capability),
        level=need.step.rank,
        part=part,
        **piece.facets,
        necessity=need.necessity,
        demand=piece.demand,
        roles=need.roles,
        assets=assets,
        titles=titles_of(graph, assets),
        providers=tuple(sorted(providers - {""})),
        status=_status(len(assets), providers, ample),
        because=tuple(Fact.of_link(piece.links[asset]) for asset in assets),
    )


def _status(assets: int, providers: set[str], ample: int) -> CoverageStatus:
    """Return how well a step is served."""
    if not assets:
        return "uncovered"
    # Assets without a stated provider cannot be told to hang on one.
    if assets == 1 or (len(providers) == 1 and "" not in providers and assets <= ample):
        return "thin"
    return "oversupplied" if assets > ample else "covered"


def _row_order(row: CoverageRow) -> tuple[int, int, int, str, int, str]:
    """Return the documented order of rows."""
    level = -10_000 if row.level is None else row.level
    urgency = -NECESSITIES.index(row.necessity)
    return _ORDER.index(row.status), urgency, -row.demand, row.capability, level, row.part


def _taught_share(weighted: Iterable[tuple[CoverageRow, int]]) -> float | None:
    """Return the share of a weight that falls on rows that are taught; None where nothing weighs anything."""
    whole = taught = 0
    for row, weight in weighted:
        whole += weight
        taught += weight if row.assets else 0
    return taught / whole if whole else None


def _notes(
    graph: CapabilityGraph, rows: list[CoverageRow], wanted: tuple[Need, ...], supply: _Supply
) -> tuple[str, ...]:
    """Return what a reader must know."""
    unit = "people who hold a role" if graph.ids(Person) else "roles, since no workforce is loaded"
    notes = [f"demand counts {unit}."]
    if not wanted:
        notes.append("no role requires anything here; load a framework with role profiles.")
    if wanted and not supply.steps:
        notes.append("no accepted alignment with a capability counts; accept proposed ones or let them in.")
    silent = len(wanted) - len({(row.capability, row.level) for row in rows})
    if silent:
        notes.append(f"{silent} required steps state no behavior and have no row; ask without behavior for them.")
    return tuple(notes)
