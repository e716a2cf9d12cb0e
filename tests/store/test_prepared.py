"""Assets that are put aside as rows are written, and given back, as if they had been kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from capgraph import errors
from capgraph.model import Catalog
from capgraph.store import Store, fingerprints, prepared, restored, upsert
from store.courses import asset
from strategies import catalogs

if TYPE_CHECKING:
    from capgraph.model import LearningAsset


@given(catalogs())
def test_what_was_prepared_comes_back(catalog: Catalog) -> None:
    assert list(restored(map(prepared, catalog.assets))) == list(catalog.assets)


@given(catalogs())
def test_prepared_assets_are_written_as_the_assets_themselves(catalog: Catalog) -> None:
    with Store("sqlite://") as store:
        header = catalog.replace(assets=())
        upsert(store, [prepared(item, "made from a row") for item in catalog.assets], source=None, document=header)
        assert store.load(catalog.id) == catalog
        assert dict(fingerprints(store)) == {item.id: "made from a row" for item in catalog.assets}
        assert upsert(store, catalog.assets, source=None).added == 0


def test_prepared_assets_are_refused_like_others(store: Store) -> None:
    mine: LearningAsset = asset("a", "lms")
    store.save(Catalog(id="cat:a", assets=[mine]))
    with pytest.raises(errors.StoreError, match="'asset:b' do not come from 'lms'"):
        upsert(store, [prepared(mine), prepared(asset("b", "hr"))], source="lms")
    with pytest.raises(errors.StoreError, match="'asset:a' are in the stream twice"):
        upsert(store, [prepared(mine), prepared(mine)], source="lms")
    changed = asset("a", "lms", keywords=["x"])
    upsert(store, [prepared(changed)], source="lms")
    assert store.load("cat:a") == Catalog(id="cat:a", assets=[changed])
