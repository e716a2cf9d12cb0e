"""Cells of the tidy bundle: which fields are texts, which are JSON, and the guard against formulas."""

from __future__ import annotations

import datetime as dt
import json
import types
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin

from pydantic import TypeAdapter

if TYPE_CHECKING:
    from capgraph.model import Model

SUBTABLES = {
    "scales": ("levels", "levels", "scale"),
    "capabilities": ("levels", "descriptors", "capability"),
    "roles": ("requirements", "requirements", "role"),
    "assets": ("alignments", "alignments", "asset"),
}
"""What is a table of its own: (field of the member, name of the table, column that names the member)."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
_ANY: TypeAdapter[Any] = TypeAdapter(Any)


@cache
def columns_of(kind: type[Model]) -> frozenset[str]:
    """Return the names of the fields of a model."""
    return frozenset(kind.model_fields)


@cache
def required_texts(kind: type[Model]) -> tuple[str, ...]:
    """Return the names of the texts that must be there, and of which an empty cell says that they are empty."""
    return tuple(name for name, field in kind.model_fields.items() if field.is_required() and field.annotation is str)


@cache
def _is_text(kind: type[Model] | None, name: str) -> bool:
    """Return whether a field holds text or a date, and so stands in its cell as it is."""
    return kind is None or _is_textual(kind.model_fields[name].annotation)


def _is_textual(annotation: object) -> bool:
    """Return whether a type is text, a date, a choice of words, or one of these or nothing."""
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType):
        return all(_is_textual(part) for part in get_args(annotation) if part is not type(None))
    if origin is Literal:
        return True
    if origin is not None and hasattr(annotation, "__metadata__"):
        return _is_textual(get_args(annotation)[0])
    return isinstance(annotation, type) and issubclass(annotation, str | dt.date)


def cell_of(kind: type[Model] | None, name: str, value: object) -> str:
    """Return a value as the text of a cell."""
    plain = _ANY.dump_python(value, mode="json")
    if not _is_text(kind, name):
        return json.dumps(plain, ensure_ascii=False)
    text = str(plain)
    return f"'{text}" if text.startswith(_FORMULA) else text


def value_of(kind: type[Model] | None, name: str, text: str) -> Any:  # noqa: ANN401 - whatever the field holds
    """Return the value that the text of a cell holds.

    Raises
    ------
    json.JSONDecodeError
        When the cell of a field that is no text is not JSON.
    """
    if not _is_text(kind, name):
        return json.loads(text)
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text
