"""What exact learning paths cost, and what the simple ways to plan lose against them.

Run it as ``python bench/learning_path.py``.  Two jobs: covering 60 capabilities from catalogs of several sizes, against
the bare integer program and the greedy cover; and reaching courses of a university catalog with its prerequisite trees
(where that catalog lies in ``../shared/data``), against two greedy ways through the trees.
"""

from __future__ import annotations

import math
import random
import statistics
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

import capgraph as cg

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from capgraph.analysis.learning_path import LearningPath

CATALOG = Path(__file__).resolve().parents[2] / "shared" / "data" / "ucsd_catalog" / "ucsd_courses.jsonl"
CAPABILITIES = 60
RANKS = (1, 2, 3, 4)
TARGETS = 200
INSTANCES = 11
NOTHING = 1e-9
Answer = TypeVar("Answer")


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which the share of the values lies."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def taken(job: Callable[[], Answer]) -> tuple[Answer, float]:
    """Return an answer and the seconds of computing that it took, which other work on the machine does not change."""
    start = time.process_time()
    answer = job()
    return answer, time.process_time() - start


def cover_graph(size: int, seed: int, *, levels: bool) -> cg.CapabilityGraph:
    """Return assets that each teach a few of 60 capabilities, and a role that requires all of them."""
    rng = random.Random(seed)  # noqa: S311 - a bench wants the same numbers each time
    ids = [f"cap:c{number:02}" for number in range(CAPABILITIES)]
    scale = cg.ProficiencyScale(id="s:4", label="4", levels=[cg.ProficiencyLevel(rank=r, label=str(r)) for r in RANKS])
    wanted = [cg.Requirement(capability=id_, level=rng.choice(RANKS) if levels else 1) for id_ in ids]
    framework = cg.Framework(
        id="fw:bench",
        default_scale=scale.id,
        scales=[scale],
        capabilities=[cg.Capability(id=id_, label=id_) for id_ in ids],
        roles=[cg.RoleProfile(id="role:r", label="R", requirements=wanted)],
    )
    assets = []
    for number in range(size):
        aligned = []
        for id_ in rng.sample(ids, rng.choice((1, 1, 2, 2, 3, 4))):
            low = rng.randint(0, len(RANKS) - 1) if levels else 0
            aligned.append(
                cg.Alignment(
                    target=id_, level_from=low or None, level_to=rng.randint(low + 1, min(low + 2, len(RANKS)))
                )
            )
        minutes = rng.choice((15, 30, 60, 90, 120)) + 60 * rng.randint(1, 8) * len(aligned)
        assets.append(cg.LearningAsset(id=f"asset:{number:05}", title="-", duration=minutes, alignments=aligned))
    return cg.CapabilityGraph(
        framework,
        cg.Catalog(id="cat:bench", assets=assets),
        cg.Workforce(id="wf:bench", people=[cg.Person(id="person:p")]),
    )


def greedy_cover(graph: cg.CapabilityGraph) -> float:
    """Return the hours of the cover that always takes the asset with the most new steps for its time."""
    wanted = {
        (stated.capability, rank)
        for stated in graph.requirements("role:r")
        for rank in RANKS
        if rank <= (stated.requirement.level or 0)
    }
    held: set[tuple[str, int]] = set()
    hours = 0.0
    assets = [node for id_ in graph.ids(cg.LearningAsset) if isinstance(node := graph[id_], cg.LearningAsset)]
    while wanted - held:
        best, gain = None, 0.0
        new: set[tuple[str, int]] = set()
        for asset in assets:
            found = {
                (one.target, rank)
                for one in asset.alignments
                if one.level_from is None or (one.target, one.level_from) in held
                for rank in RANKS
                if (one.level_from or 0) < rank <= (one.level_to or 1)
            }
            worth = len((found & wanted) - held) / (asset.duration or 1.0)
            if worth > gain:
                best, gain, new = asset, worth, found
        if best is None:
            return float("nan")
        held |= new
        hours += (best.duration or 0.0) / 60
    return hours


def cover() -> None:
    """Print times beside those of the bare integer program, and the excess of the greedy cover."""
    for levels in (False, True):
        for size in (500, 2000, 5000):
            seconds: dict[str, list[float]] = {"first": [], "again": [], "bare": []}
            excess: list[float] = []
            proven = 0
            for seed in range(INSTANCES):
                graph = cover_graph(size, seed, levels=levels)
                plan, took = taken(partial(covering, graph))
                seconds["first"].append(took)
                seconds["again"].append(taken(partial(covering, graph))[1])
                if not levels:
                    hours, took = taken(partial(bare_cover, graph))
                    seconds["bare"].append(took)
                    assert abs(hours - plan.hours) < NOTHING * hours, "both are optimal"  # noqa: S101
                proven += plan.optimal
                excess.append(greedy_cover(graph) / plan.hours - 1)
            print(f"{size} assets, {'four levels' if levels else 'one level'}: proven {proven}/{INSTANCES}")
            for name, found in seconds.items():
                if found:
                    middle, most = statistics.median(found), percentile(found, 0.95)
                    print(f"  {name:6} median {middle:5.2f} s  p95 {most:5.2f} s")
            found = [one for one in excess if not math.isnan(one)]
            stuck = len(excess) - len(found)
            print(
                f"  greedy: mean excess {statistics.mean(found):.1%}, max {max(found):.1%}, stuck {stuck}", flush=True
            )


def bare_cover(graph: cg.CapabilityGraph) -> float:
    """Return the hours of the best cover by the bare integer program: no ties, no order, no levels."""
    ids = {id_: place for place, id_ in enumerate(graph.ids(cg.Capability))}
    assets = [node for id_ in graph.ids(cg.LearningAsset) if isinstance(node := graph[id_], cg.LearningAsset)]
    entries = [(ids[one.target], column) for column, asset in enumerate(assets) for one in asset.alignments]
    places = np.array(entries, dtype=np.int64).T
    matrix = csr_array((np.ones(len(entries)), (places[0], places[1])), shape=(len(ids), len(assets)))
    found = milp(
        [asset.duration or 0.0 for asset in assets],
        integrality=np.ones(len(assets), dtype=np.int64),
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(matrix, 1)],
        options={"mip_rel_gap": 0.0},
    )
    return (found.fun or 0.0) / 60


def covering(graph: cg.CapabilityGraph) -> LearningPath:
    """Return the plan that covers everything the role requires."""
    return cg.learning_path(graph, "person:p", "role:r", unassessed="teach")


def units(node: cg.LearningAsset) -> float:
    """Return the units of a course; 4, the usual number, where the catalog writes a range."""
    text = str(node.extensions["ucsd"]["units"])
    return float(text) if text.isdigit() else 4.0


class Trees:
    """The greedy ways through prerequisite trees: in each *one of*, what weighs least."""

    def __init__(self, courses: dict[str, cg.LearningAsset]) -> None:
        self.courses = courses
        self._known: dict[str, float] = {}

    def own(self, course: str) -> float:
        """Return what a course takes itself."""
        return self.courses[course].duration or 0.0

    def subtree(self, course: str) -> float:
        """Return what a course takes with its cheapest tree, where nothing is shared."""
        if course not in self._known:
            self._known[course] = self.own(course)
            condition = self.courses[course].prerequisites
            self._known[course] += self._weight(condition, self.subtree) if condition else 0.0
        return self._known[course]

    def _weight(self, condition: cg.Condition, weigh: Callable[[str], float]) -> float:
        """Return what the cheapest way through a condition weighs."""
        if condition.asset is not None:
            return weigh(condition.asset)
        return sum(self._weight(part, weigh) for part in self._taken(condition, weigh))

    def _taken(self, condition: cg.Condition, weigh: Callable[[str], float]) -> Sequence[cg.Condition]:
        """Return the parts of a condition that are taken."""
        count = condition.at_least or (len(condition.parts) if condition.all_of else 1)
        return sorted(condition.parts, key=lambda part: self._weight(part, weigh))[:count]

    def chosen(self, course: str, weigh: Callable[[str], float]) -> set[str]:
        """Return a course and everything that is chosen for it."""
        condition = self.courses[course].prerequisites
        return {course} | (self._through(condition, weigh) if condition else set())

    def _through(self, condition: cg.Condition, weigh: Callable[[str], float]) -> set[str]:
        """Return the courses that are chosen for a condition."""
        if condition.asset is not None:
            return self.chosen(condition.asset, weigh)
        return set().union(*(self._through(part, weigh) for part in self._taken(condition, weigh)))


def university() -> None:
    """Print times and the excess of two greedy ways, over 200 courses of which some prerequisite has one itself.

    Courses that prerequisites name and the extract lacks count as courses of 4 units without prerequisites; the few
    corequisites, which the greedy ways do not know, are left out.
    """
    catalog = cg.read_catalog(CATALOG)
    timed = {one.id: one.replace(duration=60 * units(one), corequisites=None) for one in catalog.assets}
    named = {name for one in timed.values() if one.prerequisites for name in one.prerequisites.assets}
    lacking = [cg.LearningAsset(id=name, title=name, duration=240) for name in sorted(named - timed.keys())]
    graph = cg.CapabilityGraph(catalog.replace(assets=[*timed.values(), *lacking]))
    courses = timed | {one.id: one for one in lacking}
    deep = [
        one
        for one in timed.values()
        if one.prerequisites and any(courses[name].prerequisites for name in one.prerequisites.assets)
    ]
    trees = Trees(courses)
    ways = {"own cost": trees.own, "subtree cost": trees.subtree}
    seconds: list[float] = []
    excess: dict[str, list[float]] = {name: [] for name in ways}
    proven = 0
    for target in random.Random(1).sample(deep, TARGETS):  # noqa: S311 - a bench wants the same numbers each time
        plan, took = taken(partial(cg.learning_path, graph, [target.id]))
        seconds.append(took)
        proven += plan.optimal and plan.complete
        for name, weigh in ways.items():
            hours = sum(map(trees.own, trees.chosen(target.id, weigh))) / 60
            excess[name].append(hours / plan.hours - 1)
    print(
        f"\n{len(seconds)} university courses: median {statistics.median(seconds) * 1000:.0f} ms, "
        f"p95 {percentile(seconds, 0.95) * 1000:.0f} ms, max {max(seconds) * 1000:.0f} ms, proven {proven}"
    )
    for name, found in excess.items():
        worse = sum(value > NOTHING for value in found)
        mean, most = statistics.mean(found), max(found)
        print(f"  greedy by {name:12} worse on {worse / len(found):.1%}, mean excess {mean:.1%}, max {most:.0%}")


def main() -> None:
    """Print the figures of both jobs."""
    if CATALOG.exists():
        university()
    cover()


if __name__ == "__main__":
    main()
