"""Properties of every document: frozen, hashable, canonical, and the same again after a round trip."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from strategies import documents, frameworks

if TYPE_CHECKING:
    from capgraph.model import Document, Framework


@given(documents())
def test_json_gives_the_same_document_back(document: Document) -> None:
    """A document survives JSON text and plain data."""
    again = type(document).model_validate_json(document.model_dump_json(exclude_defaults=True))
    assert again == document
    assert type(document).model_validate(document.to_dict()) == document
    assert hash(again) == hash(document)


@given(documents())
def test_pickle_gives_the_same_document_back(document: Document) -> None:
    """A document survives pickling, as worker processes need it."""
    assert pickle.loads(pickle.dumps(document)) == document  # noqa: S301 - our own bytes


@given(frameworks())
def test_the_order_of_members_changes_nothing(framework: Framework) -> None:
    """Keyed members are kept sorted, whatever order they come in."""
    turned = framework.replace(capabilities=framework.capabilities[::-1], roles=framework.roles[::-1])
    assert turned == framework
    assert turned.model_dump_json() == framework.model_dump_json()


@given(documents())
def test_documents_cannot_change(document: Document) -> None:
    """Fields can be neither set nor removed."""
    with pytest.raises(AttributeError, match=r"title.*\.replace"):
        document.title = "other"  # type: ignore[misc]
    with pytest.raises(AttributeError, match="removed"):
        del document.title
