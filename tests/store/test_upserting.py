"""One source's assets are written in place, in portions, as one revision, and made again only where they changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from capgraph import errors
from capgraph.model import Catalog, Framework, LearningAsset
from capgraph.store import Store, check, fingerprints, upsert
from store.courses import asset

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_an_upsert_touches_one_source_only(store: Store) -> None:
    mine = [asset("a", "lms"), asset("b", "lms", keywords=["x", "y"])]
    theirs = [asset("c", "hr", alignments=[{"target": "cap:sql"}])]
    first = store.save(Catalog(id="cat:a", assets=[*mine, *theirs]))
    changed = [asset("b", "lms", keywords=["x"]), asset("d", "lms")]
    done = upsert(store, changed, source="lms", author="amina", message="nightly")
    assert (done.added, done.changed, done.ended, done.action) == (1, 0, 1, "upsert")
    assert store.load("cat:a") == Catalog(id="cat:a", assets=[mine[0], *changed, *theirs])
    assert upsert(store, changed, source="lms").number == done.number
    whole = upsert(store, changed, source="lms", is_whole=True)
    assert (whole.added, whole.changed, whole.ended) == (0, 0, 1)
    assert store.load("cat:a") == Catalog(id="cat:a", assets=[*changed, *theirs])
    assert store.load("cat:a", revision=first.number) == Catalog(id="cat:a", assets=[*mine, *theirs])
    back = upsert(store, mine[:1], source="lms")
    assert (back.added, back.changed, back.ended) == (1, 0, 0)


def test_an_upsert_refuses_the_assets_of_others(store: Store) -> None:
    store.save(Catalog(id="cat:a", assets=[asset("c", "hr")]))
    with pytest.raises(errors.StoreError, match="'asset:c', 'asset:d' do not come from 'lms'"):
        upsert(store, [asset("c", "lms"), asset("d", "hr")], source="lms")


def rows(count: int, edition: int = 0) -> Iterator[LearningAsset]:
    """Yield the assets of a source, of which every third one belongs to an edition."""
    for n in range(count):
        yield asset(f"{n:03}", "lms", keywords=[f"edition {edition if n % 3 == 0 else 0}", "b"], part_of=["asset:p"])


@pytest.fixture
def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("capgraph.store.upserting.PORTION", 7)
    monkeypatch.setattr("capgraph.store.writing.CHUNK", 3)
    monkeypatch.setattr("capgraph.store.sources.CHUNK", 3)
    monkeypatch.setattr("capgraph.store.sources.BATCH", 5)


@pytest.mark.usefixtures("small_portions")
def test_a_stream_of_any_length_is_one_revision(store: Store) -> None:
    theirs = asset("x", "hr")
    store.save(Catalog(id="cat:a", title="Old", assets=[theirs]))
    header = Catalog(id="cat:a", title="New")
    first = upsert(store, rows(40), source="lms", document=header)
    assert (first.changed, first.ended) == (1, 0)
    assert store.load("cat:a") == header.replace(assets=[theirs, *rows(40)])
    second = upsert(store, rows(33, 1), source="lms", is_whole=True)
    assert [one.number for one in store.history("cat:a")][:2] == [second.number, first.number]
    assert store.load("cat:a") == header.replace(assets=[theirs, *rows(33, 1)])
    assert store.load("cat:a", revision=first.number) == header.replace(assets=[theirs, *rows(40)])
    assert (second.added, second.changed, second.ended) == (0, 11, 7 * 4)
    assert len(store.changes(second)) == 11 + 7 * 4
    assert check(store.engine.url) == []


def test_an_upsert_makes_the_catalog_it_is_told_of(store: Store) -> None:
    with pytest.raises(errors.NotStoredError, match="'cat:a' is not in the store"):
        upsert(store, [asset("a", "lms")], source="lms", document="cat:a")
    header = Catalog(id="cat:a", title="Courses", sources=[{"name": "lms"}])
    first = upsert(store, [asset("a", "lms")], source="lms", document=header)
    assert (first.added, first.changed, first.ended) == (2, 0, 0)
    assert store.load("cat:a") == header.replace(assets=[asset("a", "lms")])
    assert upsert(store, [asset("a", "lms")], source="lms", document=header).number == first.number
    empty = upsert(store, [], source="lms", document=Catalog(id="cat:b"))
    assert store.load("cat:b", revision=empty.number) == Catalog(id="cat:b")


def test_a_retired_catalog_comes_back_by_its_header_alone(store: Store) -> None:
    store.save(Catalog(id="cat:a", assets=[asset("a", "lms"), asset("b", "lms")]))
    store.retire("cat:a")
    with pytest.raises(errors.NotStoredError, match="'cat:a' is retired; give it as a Catalog"):
        upsert(store, [asset("a", "lms")], source="lms", document="cat:a")
    upsert(store, [asset("a", "lms")], source="lms", document=Catalog(id="cat:a"))
    assert store.load("cat:a") == Catalog(id="cat:a", assets=[asset("a", "lms")])
    assert check(store.engine.url) == []


def test_an_upsert_into_something_else_is_refused(store: Store) -> None:
    store.save(Framework(id="fw:a"))
    with pytest.raises(errors.StoreError, match="'fw:a' is a framework; name a catalog"):
        upsert(store, [], source="lms", document="fw:a")
    with pytest.raises(errors.ArgumentError, match="'cat:a' says what a catalog is called"):
        upsert(store, [], source="lms", document=Catalog(id="cat:a", assets=[asset("a", "lms")]))


def test_an_upsert_that_rests_on_an_older_revision_is_stale(store: Store) -> None:
    first = store.save(Catalog(id="cat:a"))
    second = upsert(store, [asset("a", "lms")], source="lms", base=first.number)
    with pytest.raises(errors.StaleRevisionError) as refused:
        upsert(store, [asset("b", "lms")], source="lms", base=first.number)
    assert (refused.value.base, refused.value.newest) == (first.number, second.number)


@pytest.mark.usefixtures("small_portions")
def test_everything_wrong_is_told_at_once_and_nothing_written(store: Store) -> None:
    store.save(Catalog(id="cat:a", assets=[asset("x", "hr"), asset("y", "lms")]))
    stream: list[Any] = [*rows(9), asset("x", "lms"), asset("000", "lms"), asset("z", "hr"), "asset:none", "asset:y"]
    with pytest.raises(errors.StoreError) as refused:
        upsert(store, [*stream, "asset:y", asset("q", "lms"), asset("q", "lms")], source="lms")
    told = str(refused.value)
    assert "'asset:x', 'asset:z' do not come from 'lms'" in told
    assert "'asset:000', 'asset:q', 'asset:y' are in the stream twice" in told
    assert "'asset:none' are not stored" in told
    assert [one.id for one in store.assets()] == ["asset:x", "asset:y"]
    assert len(store.history("cat:a")) == 1


def test_many_foreign_assets_are_counted(store: Store) -> None:
    store.save(Catalog(id="cat:a"))
    with pytest.raises(errors.StoreError, match="'asset:019' and 5 more do not come from 'hr'"):
        upsert(store, rows(25), source="hr")


def test_an_asset_that_another_source_names_too_stays(store: Store) -> None:
    both = asset("a", "lms", provenance=[{"source": "lms"}, {"source": "hr"}])
    store.save(Catalog(id="cat:a", assets=[both, asset("b", "lms")]))
    assert upsert(store, [], source="lms", is_whole=True).ended == 1
    assert list(store.assets()) == [both]


def test_fingerprints_spare_the_making_of_assets(store: Store) -> None:
    upsert(store, [(one, f"print {one.id}") for one in rows(5)], source="lms", document=Catalog(id="cat:a"))
    told = dict(fingerprints(store))
    assert told == {one.id: f"print {one.id}" for one in rows(5)}
    assert dict(fingerprints(store, ["asset:001", "asset:none"], document="cat:a")) == {"asset:001": "print asset:001"}
    changed = asset("003", "lms", title="New")
    done = upsert(store, ["asset:000", "asset:001", (changed, "new")], source="lms", is_whole=True)
    assert (done.added, done.changed, done.ended) == (0, 1, 2 * 4 + 3)
    assert dict(fingerprints(store)) == {id_: told[id_] for id_ in ("asset:000", "asset:001")} | {"asset:003": "new"}


def test_a_fingerprint_goes_with_the_content_it_speaks_of(store: Store) -> None:
    first = upsert(store, [(one, "print") for one in rows(4)], source="lms", document=Catalog(id="cat:a"))
    a, b, c, d = rows(4)
    catalog = Catalog(id="cat:a", assets=[a.replace(title="By hand"), b, c])
    store.load("cat:a")
    store.save(catalog)
    assert [id_ for id_, _ in fingerprints(store)] == [b.id, c.id]
    upsert(store, [b.replace(title="Unmarked"), (c, "other"), (a.replace(title="By hand"), "late"), d], source="lms")
    assert dict(fingerprints(store)) == {a.id: "late", c.id: "other"}
    same = upsert(store, [(c, "third")], source="lms")
    assert same.changed == 0
    assert same.number > first.number
    assert dict(fingerprints(store))[c.id] == "third"
    store.retire("cat:a", base=same.number)
    assert dict(fingerprints(store, document="cat:a")) == {}
