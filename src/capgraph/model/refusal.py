"""Pydantic's errors in our own words: every problem with the id of the part it belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from capgraph.errors import DocumentError, Issue

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

ID_PATTERN = r'^[A-Za-z_][\w.+-]*:[^\s<>"\x00-\x1f]+$'
TEXT_PATTERN = r"^[^\x00]*$"
LABEL_PATTERN = r"^[^\x00]*[^\x00\s][^\x00]*$"


def document_error(error: ValidationError, subject: str, data: object) -> DocumentError:
    """Return our error for pydantic's, with the problems that our own checks raised inside it."""
    issues: list[Issue] = []
    for found in error.errors(include_url=False):
        cause = found.get("ctx", {}).get("error")
        if isinstance(cause, DocumentError):
            issues.extend(_owned(issue, found["loc"], data) for issue in cause.issues)
        else:
            issues.append(_field_issue(found, data))
    return DocumentError.of(issues, subject)


def _owned(issue: Issue, loc: tuple[int | str, ...], data: object) -> Issue:
    """Return the issue of a nested part with the id of the part around it."""
    owner = _owner(data, loc)
    if not loc or not owner or owner in issue.ids:
        return issue
    message = f"{owner!r}: {issue.message}"
    return replace(issue, message=message, ids=(owner, *issue.ids), where=_place((*loc, issue.where)).rstrip("."))


def _field_issue(found: ErrorDetails, data: object) -> Issue:
    """Return the problem of one field, in our words and with the id of the part it belongs to."""
    loc, given = found["loc"], found["input"]
    field = str(loc[-1]) if loc else ""
    text = found["msg"].removeprefix("Value error, ")
    text, hint = f"{text[:1].lower()}{text[1:]}", "correct it"
    if found["type"] == "string_pattern_mismatch":
        text, hint = _PATTERNS.get(found.get("ctx", {}).get("pattern", ""), (text, hint))
        text = f"{_short(given)} {text}"
    elif found["type"] == "extra_forbidden":
        text, hint = "is no field of it", "put what the model does not know into extensions"
    elif found["type"] != "missing":
        text = f"{text}, not {_short(given)}"
    owner = _owner(data, loc)
    named = ": ".join(part for part in (repr(owner) if owner else "", field) if part)
    return Issue(found["type"].replace("_", "-"), f"{named}: {text}", (owner,) if owner else (), _place(loc), hint)


_PATTERNS = {
    ID_PATTERN: ("is no id", "use an IRI, or a CURIE such as cap:data, without spaces"),
    LABEL_PATTERN: ("is empty or holds U+0000", "give it visible text"),
    TEXT_PATTERN: ("holds U+0000", "remove it"),
}


def _short(value: object) -> str:
    """Return what was given, cut to a readable length."""
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."  # noqa: PLR2004 - the length of a line's half


def _place(loc: Iterable[int | str]) -> str:
    """Return the path of a field, such as ``roles[2].label``."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in loc).lstrip(".")


def _owner(data: object, loc: Iterable[int | str]) -> str:
    """Return the id of the innermost part on the way to a field, or an empty string."""
    owner = ""
    for step in (None, *loc):
        try:
            data = data if step is None else data[step]  # type: ignore[index]
        except (TypeError, KeyError, IndexError):
            return owner
        found = data.get("id") if isinstance(data, Mapping) else getattr(data, "id", None)
        owner = found if isinstance(found, str) else owner
    return owner
