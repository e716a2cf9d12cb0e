"""JSON as bytes: read within limits with places in every complaint, written the same way every time."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json

from capgraph.errors import Issue, ParseError

if TYPE_CHECKING:
    from collections.abc import Mapping

_BOMS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}


_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\{|\[\s*(?:[\[{\]\"\d-]|true\b|false\b|null\b|$))")


def starts_json(head: bytes) -> bool:
    """Return whether a text starts as JSON does; the column ``[Code]`` of a table does not.

    Examples
    --------
    >>> starts_json(b' [{"a": 1}]'), starts_json(b"[Code],Name")
    (True, False)
    """
    return _START.match(head) is not None


def load_json(data: bytes, place: str = "") -> Any:  # noqa: ANN401 - a JSON value
    """Return the value that JSON text holds; NaN, infinities and nesting beyond 200 levels are refused.

    Raises
    ------
    ParseError
        With the line and column of the first mistake.
    """
    encoding = next((name for bom, name in _BOMS.items() if data.startswith(bom)), "")
    try:
        text = data.decode(encoding) if encoding else data
        return from_json(text, allow_inf_nan=False)
    except UnicodeDecodeError as error:
        issue = Issue(
            "bad-encoding", f"the text is not {encoding}: {error.reason}", where=place, hint="save it as UTF-8"
        )
    except ValueError as error:
        issue = _broken(str(error), place)
    raise ParseError([issue])


def _broken(told: str, place: str) -> Issue:
    """Return what is wrong with text that is not JSON: that it ends early, or the first mistake in it."""
    if told.startswith("EOF") and not place:
        at = told.rpartition(" at ")[2]
        text = f"the file ends early, at {at}: a part of it is missing"
        return Issue("truncated", text, where=at, hint="fetch or export it again")
    return Issue("bad-json", f"the text is not JSON: {told}", where=place, hint="correct it there")


def dump_json(value: object, *, indent: int | None = 2) -> bytes:
    """Return a value as JSON text in UTF-8, with a line end; keys stay in their order."""
    separators = (",", ": ") if indent else (",", ":")
    text = json.dumps(value, ensure_ascii=False, indent=indent, separators=separators, allow_nan=False)
    return f"{text}\n".encode()


def object_of(value: object, place: str, what: str) -> Mapping[str, Any]:
    """Return a value that must be a JSON object.

    Raises
    ------
    ParseError
        When it is something else.
    """
    if isinstance(value, dict):
        return value
    text = f"{what} is {_kind(value)}, not an object"
    raise ParseError([Issue("wrong-type", text, where=place, hint="see the format's documentation")])


def objects(value: object) -> list[dict[str, Any]]:
    """Return the JSON objects in a list, or the one object given alone; anything else is left out."""
    found = value if isinstance(value, list) else [value]
    return [item for item in found if isinstance(item, dict)]


def texts(value: object) -> list[str]:
    """Return the texts in a list, or the one text given alone, without empty ones."""
    found = value if isinstance(value, list) else [value]
    return [item for item in found if isinstance(item, str) and item.strip()]


def text_of(value: object) -> str:
    """Return a JSON value as text; empty for anything but text and numbers."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).strip()


def _kind(value: object) -> str:
    """Return the JSON word for a value."""
    names: dict[type, str] = {
        dict: "an object",
        list: "a list",
        str: "a text",
        bool: "a truth value",
        type(None): "null",
    }
    return names.get(type(value), "a number")
