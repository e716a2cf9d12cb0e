"""What callers get wrong is told in words, before anything is written."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from capgraph import errors
from capgraph.model import Capability, Catalog, Framework
from capgraph.store import Store, fingerprints, member, upsert
from store.courses import asset
from store.people import workforce

if TYPE_CHECKING:
    from collections.abc import Callable

FIVE: Any = 5
ODD: Any = ("a", "b", "c")
ASSET = asset("a", "lms")
LATE = dt.datetime(9999, 12, 31, 23, tzinfo=dt.timezone(dt.timedelta(hours=-5)))
CAP = Capability(id="cap:a", label="A")
WRONG: dict[str, Callable[[Any], object]] = {
    "NoneType is no document; save a framework": lambda store: store.save(None),
    "dict is no document": lambda store: store.save({"id": "fw:a"}),
    "Capability is no document": lambda store: store.save(CAP),
    "'1' is no base; give the number": lambda store: store.save(Framework(id="fw:a", title="New"), base="1"),
    "None is no author; give text": lambda store: store.save(Framework(id="fw:b"), author=None),
    "is no message: it holds U\\+0000": lambda store: store.save(Framework(id="fw:b"), message="a\0b"),
    "5 is no id of a document": lambda store: store.load(5),
    "half a character": lambda store: store.history("fw:\ud800"),
    "'1' is no revision": lambda store: store.load("fw:a", revision="1"),
    "True is no revision": lambda store: store.load("fw:a", revision=True),
    "is no revision; give the number": lambda store: store.load("fw:a", revision=10**30),
    "None is no revision": lambda store: store.changes(None),
    "5 is no moment": lambda store: store.load("fw:a", at=5),
    "5 is no version": lambda store: store.load("fw:a", version=5),
    "None cannot be gone through; give an iterable of Evidence": lambda store: store.append(None),
    "str is what the stream holds; give Evidence": lambda store: store.append(["ev:1"]),
    "'fw:a' is a framework; name a workforce": lambda store: store.append([], document="fw:a"),
    "None is no id": lambda store: store.forget(None),
    "5 is no id": lambda store: member(store, FIVE),
    "7 is no id": lambda store: list(store.evidence(person=7)),
    "'wf:all' is a workforce; name a catalog": lambda store: list(store.assets(document="wf:all")),
    "'asset:a' is one id; give a list": lambda store: list(store.assets(ids="asset:a")),
    "int is what the stream holds; give ids": lambda store: list(store.assets(ids=[5])),
    "'teams' with size 250000 is no frame": lambda store: list(store.frames("teams")),
    "'people' with size 0 is no frame": lambda store: list(store.frames("people", size=0)),
    "int is what the stream holds; give assets": lambda store: upsert(
        store, [FIVE], source="lms", document=Catalog(id="cat:a")
    ),
    "'asset:\\\\x00' is no id: it holds U\\+0000": lambda store: upsert(
        store, ["asset:\0"], source="lms", document=Catalog(id="cat:a")
    ),
    "is no fingerprint: it holds U\\+0000 or half": lambda store: upsert(
        store, [(ASSET, "\ud800")], source="lms", document=Catalog(id="cat:a")
    ),
    "\\(LearningAsset, int\\) is what the stream holds": lambda store: upsert(
        store, [(ASSET, FIVE)], source="lms", document=Catalog(id="cat:a")
    ),
    "\\(str, str, str\\) is what the stream holds": lambda store: upsert(
        store, [ODD], source="lms", document=Catalog(id="cat:a")
    ),
    "'asset:b' is one id": lambda store: upsert(store, [], source="lms", document=Catalog(id="cat:a"), ended="asset:b"),
    "'asset:c' is one id": lambda store: list(fingerprints(store, "asset:c", document="fw:a")),
    "9999-12-31T23:00:00-05:00 is in no year from 1 to 9999": lambda store: store.load("fw:a", at=LATE),
}


@pytest.fixture(scope="module")
def known() -> Store:
    store = Store("sqlite://")
    store.save(Framework(id="fw:a"))
    store.save(workforce())
    return store


@pytest.mark.parametrize("told", WRONG)
def test_a_wrong_argument_is_told(known: Store, told: str) -> None:
    before = len(known.history("fw:a"))
    with pytest.raises(errors.CapgraphError, match=told):
        WRONG[told](known)
    assert len(known.history("fw:a")) == before


def test_nothing_is_appended_to_what_is_retired(store: Store) -> None:
    store.save(workforce())
    store.retire("wf:all")
    with pytest.raises(errors.NotStoredError, match="'wf:all' is retired; save it again"):
        store.append([], document="wf:all")


@pytest.mark.parametrize("said", [5, dt.datetime(2026, 1, 1)])  # noqa: DTZ001 - a moment without zone is the point
def test_a_clock_says_moments_with_their_zone(said: Any) -> None:  # noqa: ANN401 - whatever a clock may say
    with Store("sqlite://", clock=lambda: said) as store, pytest.raises(errors.ArgumentError, match="with its zone"):
        store.save(Framework(id="fw:a"))


def test_a_moment_of_a_clock_is_kept_in_utc() -> None:
    here = dt.timezone(dt.timedelta(hours=5))
    with Store("sqlite://", clock=lambda: dt.datetime(2026, 1, 1, 3, tzinfo=here)) as store:
        saved = store.save(Framework(id="fw:a"))
        assert saved.time.isoformat() == "2025-12-31T22:00:00+00:00"
        assert store.history("fw:a") == [saved]
    with Store("sqlite://", clock=lambda: LATE) as store, pytest.raises(errors.ArgumentError, match="in no year"):
        store.save(Framework(id="fw:a"))


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("sqlite+aiosqlite:///skills.db", "is no driver that the store knows"),
        ("postgresql+asyncpg://host/db", "is no driver that the store knows; use sqlite:/// or postgresql"),
        ("postgresql://host:abc/db", "is no database URL"),
    ],
)
def test_a_url_that_leads_nowhere_is_told(url: str, told: str) -> None:
    with pytest.raises(errors.StoreError, match=told):
        Store(url)
