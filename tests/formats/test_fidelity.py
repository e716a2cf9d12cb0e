"""What a format promises: what it writes comes back, but for what the report lists; the same input, the same bytes."""

from __future__ import annotations

import json
import warnings
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from capgraph.errors import LossyConversionWarning
from capgraph.formats import known_formats
from capgraph.formats.conversion import Ledger
from capgraph.formats.projection import PARTS
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
SHOWN = 20
"""How many places a row of the report names."""
INNER = {"alignments": ("alignment",), "requirements": ("requirement",), "levels": ("level", "descriptor")}
"""The parts that stand inside a field of another part."""
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


def _cells(document: Document, renamed: dict[str, str]) -> dict[tuple[str, str, str], object]:
    """Return every value of a document by part, id and field, with the ids as they are written afterwards."""
    text = json.dumps(document.to_dict())
    for old, new in renamed.items():
        text = text.replace(json.dumps(old), json.dumps(new))
    plain = document.model_validate_json(text).to_dict()  # sets of ids are kept in order
    found = {(document.kind, "", field): value for field, value in plain.items() if field not in document.tables}
    for table in document.tables:
        for number, record in enumerate(plain.get(table, ())):
            word = PARTS[type(getattr(document, table)[0])]
            id_ = record.get("id") or f"{record['subject']}\x1f{number} of {len(plain[table])}"
            found |= {(word, id_, field): value for field, value in record.items()}
    return found


def _check_listed(document: Document, projected: Document, ledger: Ledger) -> None:
    """Fail where a field of an entry differs and no row of the report speaks of it, or counts fewer than differ."""
    rows = [row for row in ledger.report("", "write") if row.action != "kept"]
    before, after = _cells(document, ledger.renamed), _cells(projected, {})
    differing: dict[str, set[str]] = {}
    for cell in before.keys() | after.keys():
        if before.get(cell) != after.get(cell):
            differing.setdefault(f"{cell[0]}.{cell[2]}", set()).add(cell[1])
    tables = {PARTS[type(member)]: table for table in document.tables for member in getattr(document, table)[:1]}
    back = {new: old for old, new in ledger.renamed.items()}
    for field, ids in differing.items():
        part, _, name = field.partition(".")
        spoken = {field, part, f"{document.kind}.{tables.get(part, '')}", *INNER.get(name, ())}
        about = [row for row in rows if row.part in spoken or row.part.partition(".")[0] in INNER.get(name, ())]
        assert about, f"{field} of {sorted(ids)} is listed nowhere"
        own = [row for row in about if row.part == field]
        if own == about:
            assert sum(row.count for row in own) >= len(ids), field
            places = {place for row in own for place in row.places}
            wanted = {back.get(id_, id_).partition("\x1f")[0] for id_ in ids if id_}
            assert len(places) >= SHOWN or wanted <= places, field


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
        _check_listed(document, projected, ledger)
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
