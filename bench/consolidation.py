"""Consolidation of a large catalog: the cheapest cover of a thousand cells by ten thousand assets.

Run it as ``python bench/consolidation.py [assets] [cells]``.  The floor is the linear relaxation of the same cover,
without which nobody can solve the whole problem.
"""

from __future__ import annotations

import random
import sys

from harness import compare

from capgraph.analysis.keep_set import KeepSet, cheapest_cover


def instance(assets: int, cells: int, seed: int = 5) -> tuple[dict[int, list[str]], dict[str, float]]:
    """Return takers and costs: an asset covers two to six cells of a few neighboring capabilities."""
    draw = random.Random(seed)  # noqa: S311 - not for secrets
    takers: dict[int, list[str]] = {cell: [] for cell in range(cells)}
    costs: dict[str, float] = {}
    for number in range(assets):
        id_ = f"asset:{number:06}"
        costs[id_] = round(draw.lognormvariate(7, 1), 2)
        home = draw.randrange(cells)
        for cell in {(home + draw.randrange(12)) % cells for _ in range(draw.randint(2, 6))}:
            takers[cell].append(id_)
    return {cell: ids for cell, ids in takers.items() if ids}, costs


def relaxed(takers: dict[int, list[str]], costs: dict[str, float]) -> float:
    """Return the least cost of a cover in which assets may be kept in part."""
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    place = {id_: number for number, id_ in enumerate(costs)}
    rows = [cell for cell, ids in enumerate(takers.values()) for _ in ids]
    columns = [place[id_] for ids in takers.values() for id_ in ids]
    matrix = csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(takers), len(costs)))
    # Without integrality, this is the linear program alone.
    found = milp(np.array(list(costs.values())), bounds=Bounds(0, 1), constraints=[LinearConstraint(matrix, 1)])
    return float(found.fun or 0.0)


def main(assets: str = "10000", cells: str = "1000") -> None:
    """Print the time beside the floor, and whether the cover is proven."""
    takers, costs = instance(int(assets), int(cells))
    answers: list[KeepSet] = []
    compare(
        {
            "cheapest cover, exact": lambda: answers.append(cheapest_cover(takers, costs, seconds=120)),
            "linear relaxation": lambda: relaxed(takers, costs),
        },
        runs=1,
    )
    found = answers[-1]
    print(f"kept {len(found.kept)} of {assets}, cost {found.cost:.2f}, proven {found.optimal}, bound {found.bound:.2f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
