"""What exact learning paths cost, and what the simple ways to plan lose against them.

Run it as ``python bench/learning_path.py``.  Two jobs: covering 60 capabilities from catalogs of several sizes, against
the greedy cover; and reaching courses of a university catalog with its prerequisite trees (where that catalog lies in
``../shared/data``), against two greedy ways through the trees.
"""

from __future__ import annotations

import random
import statistics
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import capgraph as cg

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from capgraph.analysis.learning_path import LearningPath

CATALOG = Path(__file__).resolve().parents[2] / "shared" / "data" / "ucsd_catalog" / "ucsd_courses.jsonl"
CAPABILITIES = 60
RANKS = (1, 2, 3, 4)
TARGETS = 200
INSTANCES = 5
NOTHING = 1e-9


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which the share of the values lies."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def taken(job: Callable[[], LearningPath]) -> tuple[LearningPath, float]:
    """Return a plan and the seconds of computing that it took, which other work on the machine does not change."""
    start = time.process_time()
    plan = job()
    return plan, time.process_time() - start


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
    """Print times and the excess of the greedy cover."""
    for levels in (False, True):
        for size in (500, 2000, 5000):
            seconds: list[float] = []
            excess: list[float] = []
            proven = 0
            for seed in range(INSTANCES):
                graph = cover_graph(size, seed, levels=levels)
                plan, took = taken(partial(covering, graph))
                seconds.append(took)
                proven += plan.optimal
                excess.append(greedy_cover(graph) / plan.hours - 1)
            name = f"{size} assets, {'four levels' if levels else 'one level'}"
            middle, most = statistics.median(seconds), max(seconds)
            print(f"{name:26} median {middle:5.2f} s  max {most:5.2f} s  proven {proven}/{INSTANCES}")
            print(f"{'':26} greedy: mean excess {statistics.mean(excess):.1%}, max {max(excess):.1%}")


def covering(graph: cg.CapabilityGraph) -> LearningPath:
    """Return the plan that covers everything the role requires."""
    return cg.learning_path(graph, "person:p", "role:r", unassessed="teach")


def units(node: cg.LearningAsset) -> float:
    """Return the units of a course; 4, the usual number, where the catalog writes a range."""
    text = str(node.extensions["ucsd"]["units"])
    return float(text) if text.isdigit() else 4.0


def cheapest_tree(
    condition: cg.Condition | None, courses: dict[str, cg.LearningAsset], weigh: Callable[[str], float]
) -> set[str]:
    """Return the courses of a condition, choosing in each *one of* what weighs least."""
    if condition is None:
        return set()
    if condition.asset is not None:
        course = courses.get(condition.asset)
        return set() if course is None else {course.id} | cheapest_tree(course.prerequisites, courses, weigh)
    count = condition.at_least or (len(condition.parts) if condition.all_of else 1)
    options = sorted(condition.parts, key=lambda part: weigh(part.asset) if part.asset else 0.0)
    return set().union(*(cheapest_tree(part, courses, weigh) for part in options[:count]))


def university() -> None:
    """Print times and the excess of two greedy ways, over 200 courses whose trees lie inside the extract."""
    catalog = cg.read_catalog(CATALOG)
    timed = [one.replace(duration=60 * units(one)) for one in catalog.assets]
    graph = cg.CapabilityGraph(catalog.replace(assets=timed))
    courses = {one.id: one for one in timed}
    inside = [one for one in timed if one.prerequisites and all(name in courses for name in one.prerequisites.assets)]
    rng = random.Random(1)  # noqa: S311 - a bench wants the same numbers each time
    seconds: list[float] = []
    excess: dict[str, list[float]] = {"own cost": [], "subtree cost": []}

    def own(course: str) -> float:
        return (courses[course].duration or 0.0) if course in courses else 0.0

    def subtree(course: str) -> float:
        below = cheapest_tree(courses[course].prerequisites, courses, own) if course in courses else set()
        return sum(own(name) for name in {course, *below})

    proven = 0
    for target in rng.sample(inside, TARGETS):
        plan, took = taken(partial(cg.learning_path, graph, [target.id]))
        if not plan.complete:
            continue
        seconds.append(took)
        proven += plan.optimal
        for name, weigh in (("own cost", own), ("subtree cost", subtree)):
            chosen = {target.id} | cheapest_tree(target.prerequisites, courses, weigh)
            excess[name].append(sum(own(course) for course in chosen) / 60 / plan.hours - 1)
    print(
        f"\n{len(seconds)} university courses: median {statistics.median(seconds) * 1000:.0f} ms, "
        f"p95 {percentile(seconds, 0.95) * 1000:.0f} ms, max {max(seconds) * 1000:.0f} ms, proven {proven}"
    )
    for name, found in excess.items():
        worse = [value for value in found if value > NOTHING]
        print(
            f"  greedy by {name:12} worse on {len(worse) / len(found):.1%}, "
            f"mean excess of those {statistics.mean(worse or [0]):.1%}, max {max(found):.0%}"
        )


def main() -> None:
    """Print the figures of both jobs."""
    if CATALOG.exists():
        university()
    cover()


if __name__ == "__main__":
    main()
