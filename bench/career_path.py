"""How well likeness finds related roles, and what distances between roles cost, on two public frameworks.

Run it as ``python bench/career_path.py``.  Occupations of one ISCO unit group should be alike (ESCO), and so should
those that O*NET calls related.  The blend of the sources is chosen on every other occupation and reported on the rest.
The frameworks are looked for in ``../shared/data``.
"""

from __future__ import annotations

import itertools
import resource
import statistics
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from python_calamine import CalamineWorkbook
from scipy.sparse import csr_array

import capgraph as cg
from capgraph.analysis.role_distance import role_distances
from capgraph.analysis.role_index import role_index
from capgraph.analysis.role_likeness import Likeness, likeness

if TYPE_CHECKING:
    from collections.abc import Callable

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
SOURCES = ("requirements", "values", "texts")
SHARES = (0.0, 0.5, 1.0, 2.0)
ONET = ("Occupation Data", "Content Model Reference", "Skills", "Knowledge", "Related Occupations", "Alternate Titles")


def mean_average_precision(scores: Callable[[int], Any], related: list[set[int]], rows: list[int]) -> float:
    """Return the mean over roles of the average precision with which their related roles come first."""
    found = []
    for row in rows:
        if related[row]:
            order = np.argsort(-scores(row), kind="stable")
            hits = np.isin(order[order != row], list(related[row]))
            found.append(float((np.cumsum(hits)[hits] / (np.flatnonzero(hits) + 1)).mean()))
    return statistics.mean(found)


def essential_overlap(graph: cg.CapabilityGraph) -> Callable[[int], Any]:
    """Return the baseline: the share of essential capabilities that two roles have in common."""
    index = role_index(graph)
    columns: dict[str, int] = {}
    pairs = [
        (row, columns.setdefault(one.capability, len(columns)))
        for row, asks in enumerate(index.asks)
        for one in asks
        if one.necessity != "optional"
    ]
    rows, places = zip(*pairs, strict=True)
    held = csr_array((np.ones(len(pairs)), (rows, places)), shape=(len(index.roles), len(columns)))
    size: Any = np.asarray(held.sum(axis=1)).ravel()

    def scores(row: int) -> Any:  # noqa: ANN401 - a numpy array
        both: Any = held @ held[[row]].toarray().ravel()
        return both / np.maximum(1, size + size[row] - both)

    return scores


def blended(vectors: Likeness, blend: dict[str, float]) -> Callable[[int], Any]:
    """Return the similarities of a row under a blend."""
    return lambda row: vectors.to_all(vectors.index.roles[row], cg.model.FrozenMapping(blend))


def report(name: str, graph: cg.CapabilityGraph, related: list[set[int]], sources: tuple[str, ...]) -> None:
    """Choose a blend on every other role and print what it reaches on the rest."""
    vectors = likeness(graph)
    usable = [source for source in sources if source in vectors.vectors]
    known = [row for row in range(len(related)) if related[row]][::3]
    chosen_on, told_on = known[::2], known[1::2]
    blends = [dict(zip(usable, shares, strict=True)) for shares in itertools.product(SHARES, repeat=len(usable))]
    tried = [blend for blend in blends if max(blend.values(), default=0) == 1.0]
    best = max(tried, key=lambda blend: mean_average_precision(blended(vectors, blend), related, chosen_on))
    reached = mean_average_precision(blended(vectors, best), related, told_on)
    print(f"{name:46} MAP {reached:.3f} on {len(told_on)} roles, blend {best}")


def esco() -> None:
    """Print the figures of ESCO."""
    folder = DATA / "esco"
    graph = cg.CapabilityGraph(cg.read_framework(*sorted(folder.glob("v1.1.1-*.zip")), format="esco"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    index = role_index(graph)
    built = time.process_time()
    every = role_distances(graph)
    done = time.process_time()
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"{len(index.roles)} roles: index {built - start:.2f} s, all distances {done - built:.2f} s, {more:.0f} MiB")
    cg.adjacent_roles(graph, index.roles[0])
    warm = []
    for role in index.roles[::300]:
        start = time.process_time()
        cg.adjacent_roles(graph, role, limit=10)
        warm.append(time.process_time() - start)
    print(f"adjacent_roles warm: median {statistics.median(warm) * 1000:.1f} ms")
    moves = []
    for source, target in zip(index.roles[::301], index.roles[7::301], strict=False):
        start = time.process_time()
        cg.career_path(graph, source, target, paths=5, max_distance=1.0)
        moves.append(time.process_time() - start)
    print(f"five career paths: median {statistics.median(moves) * 1000:.0f} ms over {len(every.roles)} roles")
    groups = [_group(graph, role) for role in index.roles]
    members: dict[str, set[int]] = {}
    for row, group in enumerate(groups):
        members.setdefault(group, set()).add(row)
    related = [members[group] - {row} for row, group in enumerate(groups)]
    rows = [row for row in range(len(related)) if related[row]][::3][1::2]
    baseline = mean_average_precision(essential_overlap(graph), related, rows)
    print(f"{'ESCO unit groups, overlap of essential skills':46} MAP {baseline:.3f} on {len(rows)} roles")
    report("ESCO unit groups, requirements", graph, related, SOURCES[:2])
    report("ESCO unit groups, with texts", graph, related, SOURCES)


def _group(graph: cg.CapabilityGraph, role: str) -> str:
    """Return the nearest family of a role."""
    for above in graph.broader(role, depth=None):
        node = graph[above]
        if isinstance(node, cg.RoleProfile) and node.kind == "family":
            return above
    return role


def onet() -> None:
    """Print the figures of O*NET."""
    folder = DATA / "onet"
    files = [folder / f"{name}.xlsx" for name in ONET]
    parts = ("skills", "knowledge")
    framework = cg.read_framework(*files, format="onet", min_importance=1.0, parts=parts)
    graph = cg.CapabilityGraph(_with_activities(framework, folder / "Tasks to DWAs.xlsx"))
    index = role_index(graph)
    related = [_related(graph, index.rows, role) for role in index.roles]
    report("O*NET related occupations, ratings", graph, related, ("values",))
    report("O*NET related occupations, ratings and activities", graph, related, SOURCES[:2])
    report("O*NET related occupations, with texts", graph, related, SOURCES)


def _related(graph: cg.CapabilityGraph, rows: dict[str, int], role: str) -> set[int]:
    """Return the rows of the roles that a role is related to."""
    return {rows[link.target] for link in graph.links(role, "related") if link.target in rows}


def _with_activities(framework: cg.Framework, path: Path) -> cg.Framework:
    """Return the framework with a requirement for each detailed work activity of a rated occupation."""
    header, *table = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    code, activity, title = (header.index(name) for name in ("O*NET-SOC Code", "DWA ID", "DWA Title"))
    titles = {str(row[activity]): str(row[title]) for row in table}
    asked: dict[str, set[str]] = {}
    for row in table:
        asked.setdefault(str(row[code]), set()).add(str(row[activity]))
    roles = []
    for role in framework.roles:
        more = [cg.Requirement(capability=f"onet:dwa-{id_}") for id_ in asked.get(role.notation or role.id[-10:], ())]
        roles.append(role.replace(requirements=[*role.requirements, *more]) if role.requirements else role)
    activities = [cg.Capability(id=f"onet:dwa-{id_}", label=text, kind="task") for id_, text in titles.items()]
    return framework.replace(roles=roles, capabilities=[*framework.capabilities, *activities])


def main() -> None:
    """Print the figures of both frameworks."""
    warnings.simplefilter("ignore")  # the readers say what the formats cannot hold, which is not measured here
    if not DATA.is_dir():
        print(f"the real frameworks are not on this machine: no folder {DATA}")
        return
    onet()
    esco()


if __name__ == "__main__":
    main()
