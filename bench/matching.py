"""What tagging a catalog costs, in time and memory, against the framework of the size of ESCO.

Run it as ``python bench/matching.py`` or ``python bench/matching.py wordllama``; with ``quality`` it prints how well
suggestions rank on labelled data, beside the plain methods that most tools use.  Courses and capabilities are made
from a fixed seed: 10,000 titles with descriptions of about sixty words, 13,900 capabilities with eight labels each,
words drawn so that few are common and most are rare.  Where the ESCO download and a university catalog lie in
``../shared/data``, they are used instead.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import time
import warnings
from pathlib import Path

import capgraph as cg
from capgraph.analysis.matcher import Matcher
from capgraph.analysis.segments import asset_segments

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
ASSETS = 10_000
CAPABILITIES = 13_900
SEED = 9


def made(rng: random.Random) -> tuple[cg.Framework, cg.Catalog]:
    """Return a framework and a catalog of invented words."""
    signs = "bdfgklmnprstvz"
    words = ["".join(rng.choice(signs) + rng.choice("aeiou") for _ in range(rng.randint(2, 5))) for _ in range(20_000)]
    weights = [1 / (rank + 10) for rank in range(len(words))]

    def text(size: int) -> str:
        return " ".join(rng.choices(words, weights, k=size))

    capabilities = [
        cg.Capability(id=f"cap:{n}", label=text(3), alternative_labels=[text(rng.randint(2, 4)) for _ in range(7)])
        for n in range(CAPABILITIES)
    ]
    assets = [
        cg.LearningAsset(id=f"asset:{n}", title=text(5), description=". ".join(text(15) for _ in range(4)))
        for n in range(ASSETS)
    ]
    return cg.Framework(id="fw:bench", capabilities=capabilities), cg.Catalog(id="cat:bench", assets=assets)


def real(rng: random.Random) -> tuple[cg.Framework, cg.Catalog]:
    """Return ESCO and a university catalog, its descriptions cut and mixed into 10,000 courses."""
    framework = cg.read_framework(DATA / "esco" / "v1.1.0-en-csv.zip", DATA / "esco" / "v1.1.0-relations-csv.zip")
    lines = (DATA / "ucsd_catalog" / "ucsd_courses.jsonl").read_text(encoding="utf-8").splitlines()
    courses = [course for course in map(json.loads, lines) if course.get("title")]
    texts = [course.get("description") or "" for course in courses]
    assets = [
        cg.LearningAsset(
            id=f"asset:{n}",
            title=courses[n % len(courses)]["title"],
            description=texts[(n * (1 + n // len(courses))) % len(texts)],
        )
        for n in range(ASSETS)
    ]
    rng.shuffle(assets)
    return framework, cg.Catalog(id="cat:bench", assets=assets)


def main() -> None:
    """Print the seconds and the peak memory of building, tagging and one text."""
    embed = sys.argv[1] if len(sys.argv) > 1 else None
    if embed == "quality":
        import matching_quality

        matching_quality.main()
        return
    rng = random.Random(SEED)  # noqa: S311 - a bench wants the same numbers each time
    warnings.simplefilter("ignore")
    framework, catalog = (real if (DATA / "esco").is_dir() else made)(rng)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    spent, start = time.process_time(), time.perf_counter()
    matcher = Matcher(framework, embed=embed)
    built = time.perf_counter()
    indexed = time.process_time() - spent
    found = cg.suggest_alignments(catalog, matcher)
    tagged = time.perf_counter()
    spent = time.process_time() - spent
    single = []
    for asset in catalog.assets[:200]:
        begin = time.perf_counter()
        cg.suggest_requirements(asset.description or asset.title, matcher)
        single.append(time.perf_counter() - begin)
    labels = len(matcher.lexicon.labels)
    parts = sum(len(list(asset_segments(asset))) for asset in catalog.assets)
    print(
        f"{len(matcher.entries)} capabilities, {labels} distinct labels; {len(catalog.assets)} assets, {parts} segments"
    )
    print(f"index  {built - start:7.2f} s   {indexed:.2f} s of processor time")
    print(f"tags   {tagged - built:7.2f} s   {len(found)} suggestions, {len(found.abstained)} assets without any")
    print(f"both   {spent:7.2f} s of processor time, which other work on the machine does not add to")
    print(f"a text {sorted(single)[len(single) // 2] * 1000:7.2f} ms  (median of {len(single)})")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"peak   {peak / 1024:7.0f} MiB ({before / 1024:.0f} MiB before the index)")


if __name__ == "__main__":
    main()
