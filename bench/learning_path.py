"""What exact learning paths cost, and what the simple ways to plan lose against them.

Run it as ``python bench/learning_path.py``.  Two jobs: covering 60 capabilities from catalogs of several sizes, against
the greedy cover; and reaching courses of a university catalog with its prerequisite trees (where that catalog lies in
``../shared/data``), against two greedy ways through the trees.
"""

from __future__ import annotations

import random
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING

import capgraph as cg

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

CATALOG = Path(__file__).resolve().parents[2] / "shared" / "data" / "ucsd_catalog" / "ucsd_courses.jsonl"
CAPABILITIES = 60
RANKS = (1, 2, 3, 4)
TARGETS = 200
INSTANCES = 9


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which the share of the values lies."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def taken(job: Callable[[], cg.Report]) -> tuple[cg.Report, float]:
    """Return a plan and the seconds that it took."""
    start = time.perf_counter()
    plan = job()
    return plan, time.perf_counter() - start


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
                cg.Alignment(target=id_, level_from=low or None, level_to=rng.randint(low + 1, min(low + 2, len(RANKS))))
            )
        minutes = rng.choice((15, 30, 60, 90, 120)) + 60 * rng.randint(1, 8) * len(aligned)
        assets.append(cg.LearningAsset(id=f"asset:{number:05}", title="-", duration=minutes, alignments=aligned))
    return cg.CapabilityGraph(framework, cg.Catalog(id="cat:bench", assets=assets), cg.Workforce(
        id="wf:bench", people=[cg.Person(id="person:p")]
    ))


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
    assets = [graph[id_] for id_ in graph.ids(cg.LearningAsset)]
    while wanted - held:
        best, gain = None, 0.0
        for asset in assets:
            found = {
                (one.target, rank)
                for one in asset.alignments
                if one.level_from is None or (one.target, one.level_from) in held
                for rank in RANKS
                if (one.level_from or 0) < rank <= one.level_to
            }
            worth = len((found & wanted) - held) / asset.duration
            if worth > gain:
                best, gain, new = asset, worth, found
        if best is None:
            return float("nan")
        held |= new
        hours += best.duration / 60
    return hours


def cover() -> None:
    """Print times and the excess of the greedy cover."""
    for levels in (False, True):
        for size in (500, 2000, 5000):
            seconds, excess, proven = [], [], 0
            for seed in range(INSTANCES):
                graph = cover_graph(size, seed, levels=levels)
                plan, took = taken(lambda graph=graph: cg.learning_path(graph, "person:p", "role:r", unassessed="teach"))
                seconds.append(took)
                proven += plan.optimal
                excess.append(greedy_cover(graph) / plan.hours - 1)
            name = f"{size} assets, {'four levels' if levels else 'one level'}"
            print(
                f"{name:28} median {statistics.median(seconds):6.2f} s  max {max(seconds):6.2f} s  proven {proven}/{INSTANCES}"
                f"  greedy: mean excess {statistics.mean(excess):.1%}, max {max(excess):.1%}"
            )


def main() -> None:
    """Print the figures of both jobs."""
    cover()


if __name__ == "__main__":
    main()
