"""The JSON Schemas: generated from the models, committed, and true of every document that is written."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

import jsonschema
import pytest
from hypothesis import given, settings

from capgraph.errors import UnsupportedError
from capgraph.formats.native import enveloped
from capgraph.formats.schema import schema, schemas
from capgraph.model import DOCUMENTS
from strategies import documents

if TYPE_CHECKING:
    from pathlib import Path

    from capgraph.model import Document


@cache
def _validator(kind: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(schema(kind))


def test_committed_schemas_are_the_generated_ones(root: Path) -> None:
    committed = {path.name: path.read_bytes() for path in (root / "schemas").iterdir()}
    assert committed == schemas()


@pytest.mark.parametrize("kind", [document.kind for document in DOCUMENTS])
def test_schema_is_valid_and_described(kind: str) -> None:
    made = schema(kind)
    jsonschema.Draft202012Validator.check_schema(made)
    fields = [made, *made["$defs"].values()]
    undescribed = [
        name
        for definition in fields
        for name, field in definition.get("properties", {}).items()
        if "description" not in field
    ]
    assert undescribed == []


def test_schema_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(UnsupportedError, match="'frame' is no kind of document; there are framework"):
        schema("frame")


@settings(max_examples=60)
@given(documents())
def test_every_document_is_valid(document: Document) -> None:
    _validator(document.kind).validate(json.loads(json.dumps(enveloped(document))))


@pytest.mark.parametrize("missing", ["capgraph", "document", "id"])
def test_schema_needs_the_envelope(missing: str) -> None:
    whole = {"capgraph": "1.0", "document": "framework", "id": "fw:a"}
    _validator("framework").validate(whole)
    del whole[missing]
    with pytest.raises(jsonschema.ValidationError):
        _validator("framework").validate(whole)
