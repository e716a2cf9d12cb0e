"""What a catalog says of itself, the headings of its assets, and upserts of assets of any source."""

from __future__ import annotations

import pytest

from capgraph import errors
from capgraph.model import Catalog, Framework
from capgraph.store import Newest, Store, header, headings, ids_of, newest, upsert
from store.courses import asset


def test_headings_are_those_of_the_newest_state(store: Store) -> None:
    catalog = Catalog(
        id="cat:a",
        title="A",
        assets=[asset("a", "lms", other_ids=[{"scheme": "lms", "value": "1"}], language="en"), asset("b", "hr")],
    )
    first = store.save(catalog)
    store.save(Framework(id="fw:a"))
    assert newest(store, "cat:a") == Newest("catalog", first.number, is_there=True)
    assert newest(store, "cat:none") == Newest("", 0, is_there=False)
    assert ids_of(store, "catalog") == ["cat:a"]
    assert header(store, "cat:a") == catalog.replace(assets=())
    found = {
        id_: (title, language, notation, others) for id_, title, language, notation, others in headings(store, "cat:a")
    }
    assert found == {
        one.id: (one.title, one.language, one.notation, tuple((other.scheme, other.value) for other in one.other_ids))
        for one in catalog.assets
    }
    retired = store.retire("cat:a")
    assert newest(store, "cat:a") == Newest("catalog", retired.number, is_there=False)
    assert ids_of(store, "catalog") == []
    with pytest.raises(errors.NotStoredError):
        list(headings(store, "cat:none"))


def test_an_upsert_of_any_source_replaces_and_ends_whatever_is_there(store: Store) -> None:
    store.save(Catalog(id="cat:a", assets=[asset("a", "lms"), asset("b", "hr"), asset("c", "hr")]))
    newer = [asset("b", "crm", keywords=["x"]), asset("d", "crm")]
    done = upsert(store, newer, source=None, ended=["asset:c", "asset:nowhere"])
    assert store.load("cat:a") == Catalog(id="cat:a", assets=[asset("a", "lms"), *newer])
    assert done.ended == 1
    with pytest.raises(errors.ArgumentError, match="is_whole"):
        upsert(store, newer, source=None, is_whole=True)
