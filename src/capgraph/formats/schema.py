"""JSON Schemas of the native format, generated from the models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from capgraph.errors import UnsupportedError
from capgraph.formats.jsontext import dump_json
from capgraph.model import DOCUMENTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from capgraph.model import Document

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(kind: str) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a native file that holds one kind of document.

    Parameters
    ----------
    kind : str
        ``framework``, ``catalog``, ``workforce``, ``agenda``, ``crosswalk`` or ``decisions``.

    Raises
    ------
    UnsupportedError
        When there is no such kind.

    Examples
    --------
    >>> schema("catalog")["required"]
    ['capgraph', 'document', 'id']
    """
    kinds = {document.kind: document for document in DOCUMENTS}
    if kind not in kinds:
        raise UnsupportedError(f"{kind!r} is no kind of document; there are {', '.join(kinds)}")
    return _schema(kinds[kind])


def _schema(document: type[Document]) -> dict[str, Any]:
    """Return the schema of one document with the fields of the envelope."""
    generated = document.model_json_schema()
    envelope = {
        "capgraph": {"description": "The version of the native format.", "pattern": r"^1\.\d+$", "type": "string"},
        "document": {"const": document.kind, "description": "The kind of document.", "type": "string"},
    }
    return {
        "$schema": _DIALECT,
        "$id": f"urn:capgraph:schema:1:{document.kind}",
        "title": generated["title"],
        "description": (document.__doc__ or "").partition("\n\n")[0].strip(),
        "type": "object",
        "required": ["capgraph", "document", *generated["required"]],
        "properties": {**envelope, **generated["properties"]},
        "additionalProperties": False,
        "$defs": _brief(generated.get("$defs", {})),
    }


def _brief(definitions: Mapping[str, Any]) -> dict[str, Any]:
    """Return the definitions with the first paragraph of each description: the rest is written for Python."""
    return {
        name: {**definition, "description": definition["description"].partition("\n\n")[0]}
        if "description" in definition
        else definition
        for name, definition in sorted(definitions.items())
    }


def schemas() -> dict[str, bytes]:
    """Return the schema files by name, as they stand in ``schemas/``."""
    return {f"{document.kind}.schema.json": dump_json(_schema(document)) for document in DOCUMENTS}
