"""Assets composed of single fields are, to the letter, what the model and the store make of them as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from capgraph import errors
from capgraph.model import LearningAsset
from capgraph.store import Composer, Prepared, prepared
from strategies import any_text, learning_assets

if TYPE_CHECKING:
    import random

    from capgraph.store import Share

COMPOSER = Composer()
_APART = {"alignments", "translations", "extensions"}
_STRANGE = ("", " ", "\u00a0", "\x1c", "a\0b", '"', "\\", "\x7f", "\ud800", "Größe", "a/b", "\u2028", "\t\n")
strange = st.sampled_from(_STRANGE) | any_text


def _in_order(made: Prepared) -> Prepared:
    """Return what was prepared with its rows in one order, whatever order the shares were in."""
    return made._replace(rows=tuple(sorted((name, sorted(rows, key=repr)) for name, rows in made.rows)))


@given(learning_assets("asset:a", ["asset:b", "asset:c"]), st.randoms(use_true_random=False))
def test_fields_make_up_the_asset(asset: LearningAsset, draw: random.Random) -> None:
    whole = asset.replace(
        alignments=(), translations=(), extensions={"csv": asset.extensions} if asset.extensions else {}
    )
    fields = [{name: getattr(whole, name)} for name in LearningAsset.model_fields if name not in _APART]
    draw.shuffle(fields)
    found = [COMPOSER.share(some) for some in fields]
    found.append(COMPOSER.share({}, asset.extensions))
    shares: list[Share] = [share for share in found if share is not None]
    assert len(shares) == len(found)
    sources = tuple(entry.source for entry in whole.provenance)
    made = COMPOSER.prepared(shares, form="csv", fingerprint="as it was", sources=sources)
    assert _in_order(made) == _in_order(prepared(whole, "as it was"))
    assert COMPOSER.language(made) == whole.language


@given(st.sampled_from(("title", "description", "url", "notation", "id", "keywords", "language", "duration")), strange)
@example("title", "\x1c")
@example("id", "a:" + "b" * 1999)
def test_a_field_is_refused_just_where_the_model_refuses_it(name: str, text: str) -> None:
    value: Any = [text] if name == "keywords" else text
    try:
        asset = LearningAsset.model_validate({"id": "a:b", "title": "a", name: value})
    except errors.DocumentError:
        assert COMPOSER.share({name: value}) is None
        return
    own = COMPOSER.share({"id": "a:b", "title": "a"})
    share = COMPOSER.share({name: value})
    assert own is not None
    assert share is not None
    assert COMPOSER.prepared([own, share]) == prepared(asset)


@given(strange, strange, strange, st.sampled_from(("urn:uuid:1", "a b", "https://example.org/ü", "x:" + "y" * 2000)))
@example("a title", "C-1", "courses.csv", "urn:uuid:1")
@example("a title", "C-1", " ", "urn:uuid:1")
def test_what_is_a_records_own_is_checked_as_well(title: str, code: str, source: str, id_: str) -> None:
    for scheme in ("lms", ""):
        _compare_own(title, code, source, id_, scheme=scheme)


def _compare_own(title: str, code: str, source: str, id_: str, *, scheme: str) -> None:
    share = COMPOSER.signature(source, scheme).share(id_, title, code, "row:7")
    stated = {"notation": code, "other_ids": [{"scheme": "lms", "value": code}]} if scheme else {}
    provenance = [{"source": source, "locator": "row:7"}]
    try:
        asset = LearningAsset.model_validate({"id": id_, "title": title, "provenance": provenance, **stated})
    except errors.DocumentError:
        assert share is None
        return
    assert share is not None
    assert COMPOSER.prepared([share], sources=(source,)) == prepared(asset)


@given(strange)
def test_an_extension_is_refused_just_where_the_model_refuses_it(text: str) -> None:
    try:
        LearningAsset.model_validate({"id": "a:b", "title": "a", "extensions": {"csv": {text: [text]}}})
    except errors.DocumentError:
        assert COMPOSER.share({}, {text: [text]}) is None
    else:
        assert COMPOSER.share({}, {text: [text]}) is not None


def test_what_has_tables_of_its_own_is_no_share() -> None:
    with pytest.raises(KeyError):
        COMPOSER.share({"alignments": ()})
