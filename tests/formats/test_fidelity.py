"""What a format promises: what it writes comes back, but for what the report lists; the same input, the same bytes."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from capgraph.errors import LossyConversionWarning
from capgraph.formats import known_formats
from capgraph.formats.conversion import Ledger
from strategies import agendas, catalogs, crosswalks, decisions_documents, frameworks, workforces

if TYPE_CHECKING:
    from capgraph.formats.record import Format
    from capgraph.model import Document

STRATEGIES = {
    "framework": frameworks,
    "catalog": catalogs,
    "workforce": workforces,
    "agenda": agendas,
    "crosswalk": crosswalks,
    "decisions": decisions_documents,
}
# Whole documents shrink slowly; the first failing one tells enough.
SEARCH: dict[str, Any] = {
    "phases": [Phase.explicit, Phase.reuse, Phase.generate],
    "suppress_health_check": [HealthCheck.too_slow],
}
BOTH_WAYS = [
    (item, kind) for item in known_formats() for kind in item.writes if item.reader is not None and kind in item.reads
]
WRITTEN = [(item, kind) for item in known_formats() for kind in item.writes]


def _named(pairs: list[tuple[Format, str]]) -> list[str]:
    return [f"{item.name}-{kind}" for item, kind in pairs]


def _rendered(item: Format, document: Document) -> dict[str, bytes]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LossyConversionWarning)
        rendered, _ = item.render(document)
    return {f"file{item.extensions[0]}": rendered} if isinstance(rendered, bytes) else dict(rendered)


def _options(item: Format, document: Document) -> dict[str, object]:
    return {"id": document.id} if "id" in item.options() else {}


@pytest.mark.parametrize(("item", "kind"), BOTH_WAYS, ids=_named(BOTH_WAYS))
def test_what_is_written_comes_back(item: Format, kind: str) -> None:
    @settings(max_examples=12, **SEARCH)
    @given(STRATEGIES[kind]())
    def comes_back(document: Document) -> None:
        projected = item.project(document, Ledger())
        again, conversion = item.parse(_rendered(item, document), **_options(item, document))
        assert again.to_dict() == projected.to_dict()
        assert conversion.problems == ()

    comes_back()


@pytest.mark.parametrize(("item", "kind"), WRITTEN, ids=_named(WRITTEN))
def test_report_lists_every_difference(item: Format, kind: str) -> None:
    @settings(max_examples=12, **SEARCH)
    @given(STRATEGIES[kind]())
    def is_listed(document: Document) -> None:
        ledger = Ledger()
        projected = item.project(document, ledger)
        if projected.to_dict() != document.to_dict():
            assert ledger.report(item.name, "write").records
        if "*" in item.carries:
            assert projected == document
        assert projected.model_validate(projected.__dict__) == projected
        assert item.project(projected, Ledger()) == projected

    is_listed()


@pytest.mark.parametrize(("item", "kind"), WRITTEN, ids=_named(WRITTEN))
def test_same_document_gives_the_same_bytes(item: Format, kind: str) -> None:
    @settings(max_examples=3, **SEARCH)
    @given(STRATEGIES[kind]())
    def is_same(document: Document) -> None:
        shuffled = document.model_validate_json(document.model_dump_json())
        assert _rendered(item, document) == _rendered(item, shuffled)

    is_same()
