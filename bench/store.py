"""What the store costs, against the bare driver with the same rows and against native JSON.

Run it as ``python bench/store.py`` (SQLite), or with the URL of an empty PostgreSQL database; ``--records`` sets how
many records are appended.  The framework has the size and shape of ESCO 1.1.1; the bench makes it from a fixed seed.
"""

from __future__ import annotations

import argparse
import gc
import resource
import statistics
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from harness import Way, compare
from store_corpus import changed, esco, evidence

from capgraph.model import Framework, Workforce
from capgraph.store import Store, member
from capgraph.store.database import insert, writing
from capgraph.store.fields import comparable
from capgraph.store.rows import content
from capgraph.store.tables import HISTORY, MEMBER_KEY, METADATA

if TYPE_CHECKING:
    from collections.abc import Callable

PEOPLE = 20_000
RUNS = 3
Rows = dict[sa.Table, list[tuple[Any, ...]]]


def seconds(work: Callable[[], object]) -> float:
    """Return how long some work takes once, after a garbage collection."""
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def empty(store: Store) -> None:
    """Remove every row."""
    with writing(store.engine) as connection:
        for table in METADATA.tables.values():
            if store.engine.dialect.name == "postgresql":
                connection.exec_driver_sql(f"TRUNCATE {table.name} RESTART IDENTITY")
            else:
                connection.execute(sa.delete(table))


def written(store: Store) -> Rows:
    """Return every row that a first save wrote, as the drivers take it."""
    with store.engine.connect() as connection:
        return {
            table: [
                tuple(map(comparable, row))
                for row in connection.execute(sa.select(*(column for column in table.c if column.name != "row_id")))
            ]
            for table in [*HISTORY.values(), MEMBER_KEY]
        }


def bare(store: Store, rows: Rows) -> None:
    """Insert rows with nothing but the driver: executemany on SQLite, COPY on PostgreSQL."""
    with writing(store.engine) as connection:
        for table, content_ in rows.items():
            names = [column.name for column in table.c if column.name != "row_id"]
            insert(connection, table, names, content_, same={})


def told(question: str, ratio: float, aim: float) -> None:
    """Print a figure beside its aim."""
    print(f"{question:<58} {ratio:8.3f}   (aim {aim}: {'reached' if ratio <= aim else 'missed'})")


def size(store: Store) -> int:
    """Return the size of the database in bytes, once everything is written down."""
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if store.engine.dialect.name == "postgresql":
            return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return Path(str(store.engine.url.database)).stat().st_size


def framework_figures(store: Store, framework: Framework) -> None:
    """Print what saving, loading and saving again cost."""
    store.save(framework)
    rows = written(store)
    print(f"{sum(map(len, rows.values()))} rows")
    saves, floors = [], []
    for _ in range(RUNS):
        empty(store)
        floors.append(seconds(partial(bare, store, rows)))
        empty(store)
        saves.append(seconds(partial(Store(store.engine.url).save, framework)))
    first = statistics.median(saves)
    told("first save ÷ bare insert of the same rows", first / statistics.median(floors), 2)
    print(f"  first save {first:.2f} s, bare {statistics.median(floors):.2f} s")
    text = framework.model_dump_json(exclude_defaults=True)
    ways: dict[str, Way] = {
        "load": lambda: store.load("urn:esco"),
        "native JSON": lambda: Framework.model_validate_json(text),
    }
    told("load ÷ reading native JSON", compare(ways, runs=RUNS), 2.5)
    before, again, edition = size(store), [], framework
    for number in range(RUNS):
        edition = changed(edition, number)
        store.load("urn:esco")
        again.append(seconds(partial(store.save, edition)))
    told("save with 1 % changed ÷ first save", statistics.median(again) / first, 0.15)
    told("growth of the database by it", (size(store) - before) / RUNS / before, 0.03)


def history_figures(store: Store, framework: Framework) -> None:
    """Print what a role's requirements of long ago cost."""
    role = framework.roles[0].id
    store.load("urn:esco")
    for number in range(50):
        roles = [framework.roles[0].replace(description=f"edition {number}"), *framework.roles[1:]]
        store.save(framework.replace(roles=roles))
    oldest = store.history("urn:esco")[-1].number
    ways: dict[str, Way] = {
        "one role 50 revisions ago": lambda: [
            member(store, role, document="urn:esco", revision=oldest) for _ in range(20)
        ],
        "one role now": lambda: [member(store, role, document="urn:esco") for _ in range(20)],
    }
    told("a role of 50 revisions ago ÷ the role now", compare(ways, runs=RUNS), 2)


def stream_figures(store: Store, count: int) -> None:
    """Print what appending evidence costs."""
    people = [{"id": f"person:{number}"} for number in range(PEOPLE)]
    store.save(Workforce(id="wf:bench", people=people))
    del people
    making = seconds(lambda: sum(1 for _ in evidence(count, people=PEOPLE)))
    taken = seconds(lambda: store.append(evidence(count, people=PEOPLE), document="wf:bench")) - making
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory with {count} records appended: {peak:.0f} MiB")
    table = HISTORY["evidence"]
    names = ["document", *(column.name for column in content(table)), "added"]
    with writing(store.engine) as connection:
        found = connection.execute(sa.select(*(table.c[name] for name in names))).all()
        rows = [tuple(map(comparable, row)) for row in found]
        connection.execute(sa.delete(table))
    del found
    with writing(store.engine) as connection:
        floor = seconds(lambda: insert(connection, table, names, rows, same={}))
    print(f"  append {taken:.1f} s (less {making:.1f} s to make the records), bare {floor:.1f} s")
    told("append ÷ bare insert of the same rows", taken / floor, 2)


def main() -> None:
    """Print every figure beside its aim."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("url", nargs="?")
    arguments.add_argument("--records", type=int, default=1_000_000)
    arguments.add_argument("--only", choices=["framework", "stream"])
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder, Store(given.url or f"sqlite:///{folder}/bench.db") as store:
        if given.only != "framework":
            stream_figures(store, given.records)
            empty(store)
        if given.only != "stream":
            framework = esco()
            framework_figures(store, framework)
            history_figures(store, framework)


if __name__ == "__main__":
    main()
