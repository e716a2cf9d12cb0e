"""What it costs to compare two releases of ESCO size, and to carry a million records over to a new version.

The releases are made here: 14,000 skills and 3,000 occupations with 41 requirements each, of which a few hundred
change.  Where ``../shared/data/esco`` holds the real releases 1.1.0 and 1.1.1, these are compared too.  The floor of a
comparison is to ask whether the two documents are equal; the floor of a migration is to copy every record that changes.
What a database takes to be carried over is said for fewer records, since writing them is most of it.
Run it as ``python bench/change.py``.
"""

from __future__ import annotations

import resource
import time
import warnings
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from graph_build import framework
from harness import compare

import capgraph as cg
from capgraph.analysis.stream_migration import StreamMigration, migrated_records
from capgraph.model import Evidence
from capgraph.store import rewrite, without_evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

ESCO = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "esco"
RECORDS, DISTINCT, CAPABILITIES = 1_000_000, 1_200, 200
STORED = 200_000
KIBIBYTE = 1024


def next_release(document: cg.Framework) -> cg.Framework:
    """Return a release in which labels, places and requirements of a few hundred entries differ."""
    skills = [
        item.replace(label=f"{item.label} (new)") if place % 100 == 0 else item
        for place, item in enumerate(document.capabilities)
    ]
    roles = [
        role.replace(requirements=role.requirements[1:]) if place % 10 == 0 else role
        for place, role in enumerate(document.roles)
    ]
    return document.replace(version="2", capabilities=skills, roles=roles)


def real_releases() -> tuple[cg.Framework, cg.Framework]:
    """Return ESCO 1.1.0 and 1.1.1."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the reader leaves out is not the question here
        old, new = (
            cg.read_framework(ESCO / f"v{name}-en-csv.zip", ESCO / f"v{name}-relations-csv.zip", version=name)
            for name in ("1.1.0", "1.1.1")
        )
    return old, new


def versions() -> tuple[cg.Framework, cg.Framework]:
    """Return two versions of a framework: 50 of 200 capabilities are replaced, and the scale from 0 to 5 ends at 4."""
    names = [{"id": f"cap:{place}", "label": str(place)} for place in range(CAPABILITIES)]
    heirs = [
        item | ({"status": "deprecated", "replaced_by": [f"cap:{place + 1}"]} if place % 4 == 0 else {})
        for place, item in enumerate(names)
    ]
    old, new = (
        cg.Framework(
            id="fw:f",
            version=str(top),
            capabilities=capabilities,
            default_scale="scale:s",
            scales=[{"id": "scale:s", "label": "S", "levels": [{"rank": r, "label": str(r)} for r in range(top + 1)]}],
        )
        for top, capabilities in ((5, names), (4, heirs))
    )
    return old, new


def records() -> Iterator[Evidence]:
    """Yield a million records, of which about two fifths change."""
    some = [
        Evidence(
            id=f"ev:{place}",
            person=f"person:{place % 100}",
            capability=f"cap:{place % CAPABILITIES}",
            kind="test",
            level=place % 6,
            date="2026-01-01",
        )
        for place in range(DISTINCT)
    ]
    for place in range(RECORDS):
        yield some[place % DISTINCT]


def migrated() -> int:
    """Carry the stream over and return how many records came out."""
    changes = cg.diff(*versions())
    scales: dict[str, dict[int, int | None]] = {"scale:s": {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 4}}
    return sum(1 for _ in migrated_records(records(), changes, scales=scales))


def rewritten(folder: Path) -> str:
    """Carry over what a database holds, and say what looking and rewriting took."""
    some = (record.replace(id=f"ev:{place}") for place, record in enumerate(islice(records(), STORED)))
    scales: dict[str, dict[int, int | None]] = {"scale:s": {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 4}}
    with cg.Store(f"sqlite:///{folder / 'change.db'}") as store:
        store.save(cg.Workforce(id="wf:w", people=[{"id": f"person:{place}"} for place in range(100)]))
        store.append(some)
        migration = StreamMigration(cg.diff(*versions()), scales=scales)
        start = time.process_time()
        looked = migration.dry_run(without_evidence(store), store.evidence())
        middle = time.process_time()
        done = rewrite(store, migration.record, rest=migration.rest)
        end = time.process_time()
    took = f"dry run {middle - start:.1f} s, rewriting {end - middle:.1f} s of the processor"
    return f"{STORED:,} stored records, of which {looked.changed:,} change: {took} ({done.changed:,} rows changed)"


def copied() -> int:
    """Copy two records of five, as a migration must at least."""
    return sum(
        1 for place, record in enumerate(records()) if place % 5 > 1 or record.model_copy(update={"level": 1}).level
    )


def main() -> None:
    """Print what comparing and migrating cost."""
    old = framework()
    new = next_release(old)
    same = cg.Framework.model_validate(old.to_dict())
    print(f"ESCO size: {len(cg.diff(old, new)):,} changes")
    compare({"diff(a, b)": lambda: cg.diff(old, new), "a == b copied": lambda: old == same}, runs=3)
    compare({"diff(a, a)": lambda: cg.diff(old, old), "a == b copied": lambda: old == same}, runs=3)
    if ESCO.is_dir():
        real = real_releases()
        print(f"\nESCO 1.1.0 to 1.1.1: {len(cg.diff(*real)):,} changes")
        compare({"diff(a, b)": lambda: cg.diff(*real), "diff(a, a)": lambda: cg.diff(real[0], real[0])}, runs=3)
    start = time.perf_counter()
    count = migrated()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIBIBYTE
    print(f"\n{count:,} records: {time.perf_counter() - start:.1f} s in a stream, peak of the process {peak:,.0f} MiB")
    compare({"migrated": migrated, "two of five copied": copied}, runs=1)
    with TemporaryDirectory() as folder:
        print(f"\n{rewritten(Path(folder))}")


if __name__ == "__main__":
    main()
