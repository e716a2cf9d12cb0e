"""What distances between all roles, neighbors of a role and career paths cost on a framework of the size of ESCO.

Run it as ``python bench/career_path.py``.  The floor is the bare sparse product of what roles bring and need, without
credit for anything adjacent.  Seconds are those of computing.  ESCO is looked for in ``../shared/data``.
"""

from __future__ import annotations

import resource
import statistics
import time
import warnings
from pathlib import Path

import numpy as np

import capgraph as cg
from capgraph.analysis.role_distance import role_distances
from capgraph.analysis.role_index import RoleIndex, role_index

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


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
    floor = _floor(index)
    print(
        f"{len(index.roles)} roles: index {built - start:.2f} s, all distances {done - built:.2f} s, {more:.0f} MiB; "
        f"together {(done - start) / floor:.1f} times the bare product"
    )
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


def _floor(index: RoleIndex) -> float:
    """Return the seconds that the product of what is required alone takes."""
    held = index.needs.T.tocsr().astype(bool).astype(np.float32)
    start = time.process_time()
    (held @ index.needs).toarray()
    return time.process_time() - start


def main() -> None:
    """Print the figures of ESCO."""
    warnings.simplefilter("ignore")  # the readers say what the formats cannot hold, which is not measured here
    if not DATA.is_dir():
        print(f"the real frameworks are not on this machine: no folder {DATA}")
        return
    esco()


if __name__ == "__main__":
    main()
