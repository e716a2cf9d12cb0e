"""Processes that die, and processes that save at once: the store holds the state before or the state after."""

from __future__ import annotations

import datetime as dt
import multiprocessing as mp
import os
import random
import signal
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from capgraph import errors
from capgraph.model import Capability, Framework
from capgraph.store import Store, check, info
from store.people import record, workforce

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from capgraph.model import Document, Evidence

FORK = mp.get_context("fork")
KILLS = {"sqlite": 50, "postgresql": 20}
"""How many processes are killed on each database while they write."""
MEMBERS, RECORDS = 400, 1_500


def framework(edition: int, members: int = MEMBERS) -> Framework:
    """Return an edition of a framework in which every other member differs from the edition before."""
    return Framework(
        id="fw:big",
        version=str(edition),
        capabilities=[
            Capability(
                id=f"cap:{n}",
                label=f"{n}, edition {edition if n % 2 else 0}",
                alternative_labels=[f"a{edition}", "b"],
            )
            for n in range(members)
        ],
    )


class Work:
    """Some work on a store in a process of its own, which tells when its transaction begins to write, and its end."""

    def __init__(self, url: str, work: Callable[[Store], Any]) -> None:
        def run() -> None:
            with Store(url, clock=clock) as store:
                work(store)
                theirs.send("done")

        def clock() -> dt.datetime:
            theirs.send("writing")
            return dt.datetime.now(dt.UTC)

        self.told, theirs = FORK.Pipe(duplex=False)
        self.process = FORK.Process(target=run)
        self.process.start()
        theirs.close()
        assert self.told.recv() == "writing"
        self.began = time.perf_counter()

    def seconds(self) -> float:
        """Return how long it writes."""
        assert self.told.recv() == "done"
        took = time.perf_counter() - self.began
        self.process.join()
        return took

    def killed_after(self, seconds: float) -> bool:
        """Kill it after a while, and tell whether it was still writing."""
        time.sleep(seconds)
        assert self.process.pid is not None
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.join()
        try:
            return bool(self.told.recv() != "done")
        except EOFError:
            return True


def kills(url: str) -> int:
    """Return how many processes are to be killed on a database."""
    return KILLS[url.partition("+")[0].partition(":")[0]]


def records(start: int) -> Iterator[Evidence]:
    """Yield some records that follow one another."""
    return (record(number) for number in range(start, start + RECORDS))


@pytest.mark.slow
def test_a_killed_save_leaves_the_state_before_it(url: str) -> None:
    chance = random.Random(1)  # noqa: S311 - no secret
    with Store(url) as store:
        newest = store.save(framework(0)).number
    took = Work(url, lambda store: store.save(framework(1), base=newest)).seconds()
    states = {0: framework(0), 1: framework(1)}
    edition, attempt, struck = 1, 1, 0
    while struck < kills(url):
        attempt += 1
        states[attempt] = framework(attempt)
        with Store(url) as store:
            newest = store.history("fw:big")[0].number
        work = Work(url, lambda store: store.save(states[attempt], base=newest))  # noqa: B023 - run at once
        if work.killed_after(wait := chance.uniform(0, took)):
            struck += 1
        else:
            took = wait  # it was done sooner
        with Store(url) as store:
            found = store.load("fw:big")
            assert found in (states[edition], states[attempt])
            store.save(states[attempt])
            assert store.load("fw:big") == states[attempt]
            edition = attempt
    assert check(url) == []
    with Store(url) as store:
        revisions = store.history("fw:big")
        assert [store.load("fw:big", revision=one.number) for one in revisions[::-1]] == [*states.values()]


@pytest.mark.slow
def test_a_killed_append_leaves_nothing_behind(url: str) -> None:
    chance = random.Random(2)  # noqa: S311 - no secret
    with Store(url) as store:
        store.save(workforce(evidence=[]))
    took = Work(url, lambda store: store.append(records(0))).seconds()
    count, struck = RECORDS, 0
    with Store(url) as store:
        while struck < kills(url):
            work = Work(url, lambda other: other.append(records(count)))  # noqa: B023 - run at once
            if work.killed_after(wait := chance.uniform(0, took)):
                struck += 1
            else:
                took = wait  # it was done sooner
            before = info(url).rows["evidence"][0]
            assert before in {count, count + RECORDS}
            assert store.append(records(count)).added == count + RECORDS - before
            count += RECORDS
        assert list(store.evidence()) == [record(number) for number in range(count)]
    assert check(url) == []


def contend(url: str, name: str, outcomes: Any) -> None:  # noqa: ANN401 - a queue
    """Save a document of one's own and a common one, again and again."""
    with Store(url) as store:
        for edition in range(5):
            store.save(Framework(id=f"fw:{name}", version=str(edition)))
            while True:
                document = store.load("fw:common")
                try:
                    store.save(document.replace(title=f"{document.title}{name}"))
                except errors.StaleRevisionError:
                    outcomes.put("stale")
                else:
                    outcomes.put("saved")
                    break


def test_many_processes_save_at_once_and_none_overwrites_another(url: str) -> None:
    with Store(url) as store:
        store.save(Framework(id="fw:common"))
    outcomes: Any = FORK.SimpleQueue()
    processes = [FORK.Process(target=contend, args=(url, name, outcomes)) for name in "abcd"]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * 4
    with Store(url) as store:
        common = store.load("fw:common")
        assert sorted(common.title) == sorted("abcd" * 5)
        assert len(store.history("fw:common")) == 21
        assert [store.load(f"fw:{name}").version for name in "abcd"] == ["4"] * 4
    assert check(url) == []


def open_and_save(url: str, name: str) -> None:
    with Store(url) as store:
        store.save(Framework(id=f"fw:{name}"))


def test_many_processes_may_open_an_empty_database(url: str) -> None:
    processes = [FORK.Process(target=open_and_save, args=(url, name)) for name in "abcd"]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * 4
    with Store(url) as store:
        assert store.documents() == [f"fw:{name}" for name in "abcd"]


def test_a_reader_sees_one_revision_whole(url: str) -> None:
    editions = [framework(edition, 60) for edition in range(8)]
    with Store(url) as store, Store(url) as reader:
        store.save(editions[0])
        seen: list[Document] = []
        done = threading.Event()

        def read() -> None:
            while not done.is_set():
                seen.append(reader.load("fw:big"))

        thread = threading.Thread(target=read)
        thread.start()
        for edition in editions[1:]:
            store.save(edition)
        done.set()
        thread.join()
    assert seen
    assert all(document in editions for document in seen)


@pytest.mark.postgres
def test_saves_of_different_documents_do_not_wait_on_postgresql(server: Callable[[str], str]) -> None:
    url = server("apart")
    with Store(url) as store, Store(url) as other:
        store.save(Framework(id="fw:slow"))
        other.save(Framework(id="fw:quick"))
        from capgraph.store import revisions
        from capgraph.store.database import writing

        with writing(store.engine) as connection:
            revisions.locked(connection, "fw:slow")
            assert other.save(Framework(id="fw:quick", title="New")).changed == 1
            assert other.save(Framework(id="fw:third")).added == 1


def test_one_store_is_shared_between_threads(store: Store) -> None:
    failures: list[BaseException] = []

    def work(name: str) -> None:
        try:
            for edition in range(3):
                store.save(Framework(id=f"fw:{name}", version=str(edition)))
                assert store.load(f"fw:{name}").version == str(edition)
        except BaseException as error:  # noqa: BLE001 - told by the main thread
            failures.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(store.documents()) == 4
