"""How well `adjacent_roles` finds related roles, beside simple ways to do it, on two public frameworks.

Run it as ``python bench/role_likeness.py``.  Two references: what O*NET calls related occupations (ten primary ones and
ten more of each), and the ISCO unit group of ESCO occupations.  Blends of the sources of likeness are chosen on
occupations of one half and told on the other half, on which the simple ways are told too: a blend for each reference,
and last the one that is best for all of them together, which is the usual blend of the library.  The frameworks are
looked for in ``../shared/data``.
"""

from __future__ import annotations

import itertools
import statistics
import warnings
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from python_calamine import CalamineWorkbook
from scipy.sparse import csr_array

import capgraph as cg
from capgraph.analysis.role_index import RoleIndex, role_index
from capgraph.analysis.role_likeness import BLEND, likeness

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
SHARES = (0.0, 0.25, 0.5, 1.0, 2.0)
GRID = {
    "requirements": (0.125, 0.25, 0.5),
    "values": (0.5, 0.75, 1.0, 1.5),
    "titles": (1.0, 1.5, 2.0),
    "descriptions": (0.25, 0.5),
    "wording": (1.0, 1.5, 2.0),
}
ENOUGH = 150
TABLES = (
    "Occupation Data",
    "Content Model Reference",
    "Skills",
    "Knowledge",
    "Related Occupations",
    "Alternate Titles",
)


class Reference(NamedTuple):
    """What should come first, role by role."""

    near: list[set[int]]
    """The rows that count among the first ten, and for the average precision."""
    wide: list[set[int]]
    """The rows that count among the first twenty."""

    def told(self, scores: Callable[[int], Any], rows: Iterable[int]) -> dict[str, float]:
        """Return the means over roles of precision and recall among the first ten and twenty, and of the average."""
        found: dict[str, list[float]] = {"precision@10": [], "recall@10": [], "recall@20": [], "MAP": []}
        for row in rows:
            if self.near[row] and self.wide[row]:
                order = np.argsort(-scores(row), kind="stable")
                order = order[order != row]
                hits, wide = np.isin(order, list(self.near[row])), np.isin(order[:20], list(self.wide[row]))
                found["precision@10"].append(float(hits[:10].mean()))
                found["recall@10"].append(hits[:10].sum() / len(self.near[row]))
                found["recall@20"].append(wide.sum() / len(self.wide[row]))
                found["MAP"].append(float((np.cumsum(hits)[hits] / (np.flatnonzero(hits) + 1)).mean()))
        return {name: statistics.mean(values) for name, values in found.items()}


def show(name: str, figures: dict[str, float]) -> None:
    """Print the figures of one way."""
    print(f"  {name:58} " + "  ".join(f"{label} {value:.3f}" for label, value in figures.items()), flush=True)


def cosines(matrix: Any) -> Callable[[int], Any]:  # noqa: ANN401 - a numpy or scipy matrix
    """Return the cosine of every row with one."""
    sparse = csr_array(matrix)
    length = np.sqrt(np.asarray(sparse.multiply(sparse).sum(axis=1)).ravel())

    def scores(row: int) -> Any:  # noqa: ANN401 - a numpy array
        return sparse @ sparse[[row]].toarray().ravel() / np.where(length > 0, length, 1)

    return scores


def weighed(index: RoleIndex, *, optional: float, rare: bool, only: str = "") -> Any:  # noqa: ANN401 - a scipy matrix
    """Return what each role asks for without a value, with optional things weighing less and rare ones more."""
    columns: dict[str, int] = {}
    entries = [
        (row, columns.setdefault(one.capability, len(columns)), optional if one.necessity == "optional" else 1.0)
        for row, asks in enumerate(index.asks)
        for one in asks
        if one.value is None and one.capability.startswith(only)
    ]
    rows, places, weights = zip(*(entry for entry in entries if entry[2]), strict=True)
    matrix = csr_array((weights, (rows, places)), shape=(len(index.roles), len(columns)))
    spread = np.bincount(np.array(places), minlength=len(columns))
    return matrix.multiply(np.log(len(index.roles) / np.maximum(1, spread))).tocsr() if rare else matrix


def overlap(matrix: Any) -> Callable[[int], Any]:  # noqa: ANN401 - a scipy matrix
    """Return the share of what two roles ask for that both do."""
    held = matrix.astype(bool).astype(float)
    size = np.asarray(held.sum(axis=1)).ravel()

    def scores(row: int) -> Any:  # noqa: ANN401 - a numpy array
        both = held @ held[[row]].toarray().ravel()
        return both / np.maximum(1, size + size[row] - both)

    return scores


class Blended:
    """The likeness of a graph's roles under any blend, as `adjacent_roles` ranks by it."""

    def __init__(self, graph: cg.CapabilityGraph) -> None:
        self.vectors = likeness(graph)
        self.sources = tuple(self.vectors.vectors)

    def under(self, blend: dict[str, float]) -> Callable[[int], Any]:
        """Return the likeness of every role to one."""
        frozen = cg.model.FrozenMapping(blend)
        return lambda row: self.vectors.to_all(self.vectors.index.roles[row], frozen)

    def parts(self, rows: list[int], sources: tuple[str, ...]) -> dict[str, dict[int, Any]]:
        """Return the likeness of every role to some, source by source."""
        return {source: {row: self.under({source: 1.0})(row) for row in rows} for source in sources}


def reached(parts: dict[str, dict[int, Any]], blend: dict[str, float], reference: Reference) -> float:
    """Return the average precision of a blend on the rows whose likeness is given source by source."""
    rows = next(iter(parts.values()))
    return reference.told(lambda row: sum(blend[name] * part[row] for name, part in parts.items()), rows)["MAP"]


def chosen(parts: dict[str, dict[int, Any]], reference: Reference) -> dict[str, float]:
    """Return the best blend on some rows: from the usual one, one source after the other, twice."""
    best = {source: BLEND[source] for source in parts}
    for source in (*parts, *parts):
        tried = [{**best, source: share} for share in SHARES]
        best = max((blend for blend in tried if any(blend.values())), key=lambda one: reached(parts, one, reference))
    return best


class Case(NamedTuple):
    """One reference with what is known of its roles."""

    name: str
    """What it is called."""
    blended: Blended
    """The likeness of its roles."""
    reference: Reference
    """What should come first."""
    sources: tuple[str, ...]
    """The sources that count."""

    def halves(self) -> tuple[list[int], list[int]]:
        """Return some rows of the half on which blends are chosen, and the rows on which they are told."""
        known = [row for row, near in enumerate(self.reference.near) if near]
        return known[:: 2 * max(1, len(known) // (2 * ENOUGH))], known[1::2]


def together(cases: list[Case]) -> None:
    """Print the blend that is best for all references together, chosen on one half and told on the other."""
    blends = [dict(zip(GRID, shares, strict=True)) for shares in itertools.product(*GRID.values())]
    known = [(case.blended.parts(case.halves()[0], case.sources), case.reference) for case in cases]
    best = max(blends, key=lambda blend: sum(reached(parts, blend, reference) for parts, reference in known))
    print(f"best for all together: {best}; chosen on some {ENOUGH} roles of each")
    for case in cases:
        usable = {source: best[source] for source in case.sources}
        show(case.name, case.reference.told(case.blended.under(usable), case.halves()[1]))


def ours(name: str, graph: cg.CapabilityGraph, reference: Reference, sources: tuple[str, ...] = tuple(BLEND)) -> Case:
    """Print what the usual blend reaches, and one that was chosen on a part of the other half."""
    blended = Blended(graph)
    usable = tuple(source for source in sources if source in blended.sources)
    known = [row for row, near in enumerate(reference.near) if near]
    usual = {source: BLEND[source] for source in usable}
    show(f"{name}, usual blend", reference.told(blended.under(usual), known[1::2]))
    blend = chosen(blended.parts(known[::6], usable), reference)
    show(f"{name}, chosen blend", reference.told(blended.under(blend), known[1::2]))
    print(f"    blend {blend}; chosen on {len(known[::6])} roles, told on {len(known[1::2])}")
    roles = blended.vectors.index.roles
    found = []
    for row in known[1::40]:
        near = [near.role for near in cg.adjacent_roles(graph, roles[row], limit=10, blend=blend)]
        order = np.argsort(-blended.under(blend)(row), kind="stable")
        found.append(len(set(near) & {roles[other] for other in order[:11]}) / len(near))
    print(f"    adjacent_roles lists {statistics.mean(found):.0%} of the same first ten")
    return Case(name, blended, reference, usable)


def onet() -> list[Case]:
    """Print the figures of O*NET."""
    folder = DATA / "onet"
    files = [folder / f"{name}.xlsx" for name in (*TABLES, "Task Statements")]
    read = partial(cg.read_framework, *files, format="onet", min_importance=1.0)
    titled = read(parts=("skills", "knowledge"))
    rated = cg.CapabilityGraph(_with_activities(titled, folder / "Tasks to DWAs.xlsx"))
    whole = cg.CapabilityGraph(
        _with_activities(read(parts=("skills", "knowledge", "tasks")), folder / "Tasks to DWAs.xlsx")
    )
    index = role_index(rated)
    reference = _related(index, folder / "Related Occupations.xlsx")
    rows = [row for row, near in enumerate(reference.near) if near][1::2]
    print(f"O*NET related occupations, {len(index.roles)} rated occupations, told on {len(rows)}")
    for name, scores in _simple(index, likeness(whole)).items():
        show(name, reference.told(scores, rows))
    return [
        ours("adjacent_roles: ratings and activities", rated, reference, ("requirements", "values")),
        ours("adjacent_roles: with texts", whole, reference),
    ]


def _simple(index: RoleIndex, vectors: Any) -> dict[str, Callable[[int], Any]]:  # noqa: ANN401 - Likeness
    """Return the simple ways to compare occupations."""
    names = sorted({one.capability for asks in index.asks for one in asks if one.value is not None})
    columns = {name: column for column, name in enumerate(names)}
    important, value = np.zeros((2, len(index.roles), len(names)))
    for row, asks in enumerate(index.asks):
        for one in asks:
            if one.value is not None:
                important[row, columns[one.capability]], value[row, columns[one.capability]] = one.weight, one.value
    skills = [column for name, column in columns.items() if not name.startswith("onet:2.C")]
    both = cosines(important * value)
    shared = cosines(weighed(index, optional=1.0, rare=True, only="onet:dwa"))
    known = (important * value)[:, sorted(set(columns.values()) - set(skills))]
    knowledge = cosines((known - known.mean(axis=0)) / known.std(axis=0))

    def short(row: int) -> Any:  # noqa: ANN401 - a numpy array
        missing = np.maximum(0, value - value[row]) * important
        return 1 - missing.sum(axis=1) / np.maximum(1e-9, (value * important).sum(axis=1))

    def shorter(row: int) -> Any:  # noqa: ANN401 - a numpy array
        missing = np.maximum(0, value[row] - value) * important[row]
        return (short(row) + 1 - missing.sum(axis=1) / max(1e-9, float((value[row] * important[row]).sum()))) / 2

    def texts(row: int) -> Any:  # noqa: ANN401 - a numpy array
        words = vectors.vectors["titles"], vectors.vectors["wording"]
        return sum(matrix @ matrix[[row]].toarray().ravel() for matrix in words) + 0.1 * knowledge(row)

    return {
        "cosine of skill importance": cosines(important[:, skills]),
        "cosine of skills and knowledge, importance x level": both,
        "the same and shared detailed work activities": lambda row: both(row) + shared(row),
        "shortfall both ways, as a share": shorter,
        "shortfall one way": short,
        "task text, alternate titles, knowledge": texts,
    }


def _related(index: RoleIndex, path: Path) -> Reference:
    """Return the related occupations: the primary ones, and all."""
    near: list[set[int]] = [set() for _ in index.roles]
    wide: list[set[int]] = [set() for _ in index.roles]
    header, *table = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    code, other, tier = (header.index(n) for n in ("O*NET-SOC Code", "Related O*NET-SOC Code", "Relatedness Tier"))
    rows = {role[-10:]: row for role, row in index.rows.items()}
    for entry in table:
        if entry[code] in rows and entry[other] in rows:
            wide[rows[str(entry[code])]].add(rows[str(entry[other])])
            if str(entry[tier]).startswith("Primary"):
                near[rows[str(entry[code])]].add(rows[str(entry[other])])
    return Reference(near, wide)


def _with_activities(framework: cg.Framework, path: Path) -> cg.Framework:
    """Return the rated occupations of a framework, each with a requirement for its detailed work activities."""
    header, *table = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    code, activity, title = (header.index(name) for name in ("O*NET-SOC Code", "DWA ID", "DWA Title"))
    titles = {str(row[activity]): str(row[title]) for row in table}
    asked: dict[str, set[str]] = {}
    for row in table:
        asked.setdefault(str(row[code]), set()).add(str(row[activity]))
    roles = []
    for role in framework.roles:
        is_rated = any(requirement.value is not None for requirement in role.requirements)
        more = [cg.Requirement(capability=f"onet:dwa-{id_}") for id_ in sorted(asked.get(role.id[-10:], ()))]
        roles.append(role.replace(requirements=[*role.requirements, *more] if is_rated else []))
    activities = [cg.Capability(id=f"onet:dwa-{id_}", label=text, kind="task") for id_, text in titles.items()]
    return framework.replace(roles=roles, capabilities=[*framework.capabilities, *activities])


def esco() -> list[Case]:
    """Print the figures of ESCO: with what occupations state themselves, and with what they inherit."""
    cases = []
    framework = cg.read_framework(*sorted((DATA / "esco").glob("v1.1.1-*.zip")), format="esco")
    inherited = cg.CapabilityGraph(framework)
    groups = {role.id: _group(inherited, role.id) for role in framework.roles}
    flat = framework.replace(roles=[role.replace(broader=[]) for role in framework.roles])
    for name, graph in (("as stated", cg.CapabilityGraph(flat)), ("with what is inherited", inherited)):
        index = role_index(graph)
        members: dict[str, set[int]] = {}
        for row, role in enumerate(index.roles):
            members.setdefault(groups[role], set()).add(row)
        related = [members[groups[role]] - {row} for row, role in enumerate(index.roles)]
        rows = [row for row, near in enumerate(related) if near]
        print(f"ESCO occupations of one ISCO unit group, {name}, {len(rows)} occupations; all, then the rest told")
        for label, scores in (
            ("overlap of essential skills", overlap(weighed(index, optional=0.0, rare=False))),
            ("cosine, by rarity, optional skills half", cosines(weighed(index, optional=0.5, rare=True))),
        ):
            show(f"{label}, all", Reference(related, related).told(scores, rows))
            show(label, Reference(related, related).told(scores, rows[1::2]))
        cases.append(ours(f"adjacent_roles, {name}", graph, Reference(related, related)))
    return cases


def _group(graph: cg.CapabilityGraph, role: str) -> str:
    """Return the nearest family of a role: its ISCO unit group."""
    above = (node for id_ in graph.broader(role, depth=None) if isinstance(node := graph[id_], cg.RoleProfile))
    return next((node.id for node in above if node.kind == "family"), role)


def main() -> None:
    """Print the figures of both frameworks."""
    warnings.simplefilter("ignore")  # the readers say what the formats cannot hold, which is not measured here
    if not DATA.is_dir():
        print(f"the real frameworks are not on this machine: no folder {DATA}")
        return
    together([*onet(), *esco()])


if __name__ == "__main__":
    main()
