"""Finding duplicates: speed against MinHash libraries, recall against brute force, and a million assets.

Run it as ``python bench/duplicates.py [size]``; ``recall`` compares with brute force on ten thousand, and ``million``
measures one run of a million assets in a fresh process, with its peak memory.  Peers come with the bench extra.
"""

from __future__ import annotations

import sys
import time
from functools import cache
from typing import TYPE_CHECKING

from catalogs import assets, texts
from harness import KIBIBYTE, python, run

import capgraph as cg

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from datasketch import MinHash

THRESHOLD = 85
"""Per cent of likeness from which brute force calls titles with descriptions near-copies."""
JACCARD = 0.6
PERMUTATIONS = 128
RECALL_SIZE = 10_000
BLOCK = 250
MILLION = "million"

Pairs = set[tuple[str, str]]


@cache
def drawn(count: int) -> tuple[tuple[str, str], ...]:
    """Return titles and descriptions, drawn before anything is timed."""
    return tuple(texts(count))


def named(count: int) -> Iterator[tuple[str, set[str]]]:
    """Yield the id and the words of each asset, as the peers want them."""
    for number, (title, description) in enumerate(drawn(count)):
        yield f"asset:{number:07}", set(f"{title} {description}".lower().split())


def ours(found: list[cg.LearningAsset]) -> Pairs:
    """Return the pairs that the library finds and judges."""
    return {(row.left, row.right) for row in cg.duplicates(found)}


def with_datasketch(count: int) -> Pairs:
    """Return the pairs that datasketch's MinHashLSH proposes, each signature made as its documentation shows."""
    from datasketch import MinHash

    def signatures() -> Iterator[MinHash]:
        for _, words in named(count):
            signature = MinHash(num_perm=PERMUTATIONS)
            signature.update_batch([word.encode() for word in words])
            yield signature

    return _proposed(signatures())


def with_datasketch_in_bulk(count: int) -> Pairs:
    """Return the same pairs, signatures made by its way for many of them, which draws the permutations once."""
    from datasketch import MinHash

    encoded = ([word.encode() for word in words] for _, words in named(count))
    return _proposed(MinHash.generator(encoded, num_perm=PERMUTATIONS))


def _proposed(signatures: Iterable[MinHash]) -> Pairs:
    """Return the pairs that datasketch's index proposes for signatures in the order of the assets."""
    from datasketch import MinHashLSH

    index = MinHashLSH(threshold=JACCARD, num_perm=PERMUTATIONS)
    pairs: Pairs = set()
    for number, signature in enumerate(signatures):
        id_ = f"asset:{number:07}"
        pairs.update((str(other), id_) for other in index.query(signature))
        index.insert(id_, signature)
    return pairs


def with_rensa(count: int) -> Pairs:
    """Return the pairs that rensa's index proposes, as bare as it comes: words in, candidates out."""
    from rensa import RMinHash, RMinHashLSH

    index = RMinHashLSH(threshold=JACCARD, num_perm=PERMUTATIONS, num_bands=32)
    pairs: Pairs = set()
    ids: list[str] = []
    for id_, words in named(count):
        signature = RMinHash(num_perm=PERMUTATIONS, seed=42)
        signature.update(list(words))
        pairs.update((ids[other], id_) for other in index.query(signature))
        index.insert(len(ids), signature)
        ids.append(id_)
    return pairs


def brute_force(count: int) -> Pairs:
    """Return every pair of near-copies that rapidfuzz finds by comparing all of them, words sorted beforehand.

    Two texts whose letters differ in number by more than the threshold allows edits are passed over unread: no sequence
    of insertions and deletions can make up for it, so that nothing is lost and most of the time is saved.
    """
    import numpy as np
    from rapidfuzz import fuzz, process
    from scipy.spatial.distance import cdist

    told = [" ".join(sorted(f"{title} {description}".lower().split())) for title, description in drawn(count)]
    letters = sorted(set().union(*told))
    counts = np.array([[text.count(letter) for letter in letters] for text in told], np.float64)
    sizes = counts.sum(axis=1)
    pairs: Pairs = set()
    for start in range(0, count, BLOCK):
        block = slice(start, start + BLOCK)
        allowed = (sizes[block, None] + sizes[None, start:]) * (1 - THRESHOLD / 100)
        rows, columns = np.nonzero(cdist(counts[block], counts[start:], "cityblock") <= allowed)
        lefts, rights = (rows + start)[columns > rows], (columns + start)[columns > rows]
        scores = process.cpdist(
            [told[left] for left in lefts],
            [told[right] for right in rights],
            scorer=fuzz.ratio,
            score_cutoff=THRESHOLD,
            dtype=np.uint8,
            workers=2,
        )
        near = np.flatnonzero(scores)
        found = zip(lefts[near].tolist(), rights[near].tolist(), strict=True)
        pairs.update((f"asset:{left:07}", f"asset:{right:07}") for left, right in found)
    return pairs


def timed(name: str, way: object, aim: Pairs | None = None) -> tuple[float, Pairs]:
    """Run a way once, print its seconds (and its recall of the aim), and return its processor seconds and its pairs."""
    start, processor = time.perf_counter(), time.process_time()
    pairs: Pairs = way()  # type: ignore[operator]
    seconds = time.perf_counter() - start
    recall = "" if aim is None else f"   recall {len(pairs & aim) / len(aim):.4f}"
    used = time.process_time() - processor
    print(f"{name:<28} {seconds:8.2f} s  (processor {used:.2f} s)  {len(pairs):>9} pairs{recall}", flush=True)
    return used, pairs


def recall() -> None:
    """Print the recall of all ways on a catalog that brute force can manage."""
    aim = timed(f"brute force, {RECALL_SIZE}", lambda: brute_force(RECALL_SIZE))[1]
    small = list(assets(RECALL_SIZE))
    timed("capgraph", lambda: ours(small), aim)
    timed("datasketch", lambda: with_datasketch(RECALL_SIZE), aim)
    timed("rensa", lambda: with_rensa(RECALL_SIZE), aim)


def speed(size: int) -> None:
    """Print the time of all ways and the ratios of their processor time: each of them runs on one core."""
    large = list(assets(size))
    drawn(size)
    ours(large[:1000])
    mine = timed(f"capgraph, {size}", lambda: ours(large))[0]
    sketch = timed("datasketch", lambda: with_datasketch(size))[0]
    bulk = timed("datasketch in bulk", lambda: with_datasketch_in_bulk(size))[0]
    bare = timed("rensa", lambda: with_rensa(size))[0]
    print(f"datasketch ÷ capgraph {sketch / mine:6.2f}    (aim at least 5)")
    print(f"the same in bulk      {bulk / mine:6.2f}")
    print(f"capgraph ÷ rensa      {mine / bare:6.2f}    (aim at most 2.5)")


def million(size: int = 1_000_000) -> None:
    """Find the duplicates of a stream of a million assets; the pairs go to a sink."""
    counted = 0

    def count(rows: object) -> None:
        nonlocal counted
        counted += len(rows)  # type: ignore[arg-type]

    start, processor = time.perf_counter(), time.process_time()
    report = cg.duplicates(assets(size), sink=count)
    seconds, used = time.perf_counter() - start, time.process_time() - processor
    told = f"{report.compared} assets, {counted} pairs, {seconds:.1f} s (processor {used:.1f} s), drawing included"
    print(told, file=sys.stderr)
    start = time.process_time()
    for _ in assets(size):
        pass
    print(f"drawing and validating the assets alone: processor {time.process_time() - start:.1f} s", file=sys.stderr)


def main(argument: str = "100000") -> None:
    """Run what was asked for."""
    if argument == "stream":
        million()
    elif argument == MILLION:
        taken = run(python(__file__, "stream"))
        print(f"a million: {taken.seconds:.1f} s with reading, {(taken.peak or 0) / KIBIBYTE**3:.2f} GiB")
    elif argument == "recall":
        recall()
    else:
        speed(int(argument))


if __name__ == "__main__":
    main(*sys.argv[1:])
