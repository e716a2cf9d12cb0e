"""The header of SSSOM tables: slots in the plain part of YAML that such headers use."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from capgraph.errors import Issue, ParseError

if TYPE_CHECKING:
    from collections.abc import Iterable

_LINE = re.compile(r"^(\s*)([^:\s][^:]*?):(?:\s+(.*))?$")


def split_header(data: bytes) -> tuple[dict[str, Any], str, int]:
    """Return the slots of the header, the table below it, and how many lines the header has."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        issue = Issue("bad-encoding", f"the text is not UTF-8: {error.reason}", hint="save it so")
        raise ParseError([issue]) from error
    lines = io.StringIO(text, newline="").readlines()
    count = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    head = [line.rstrip("\r\n")[1:] for line in lines[:count]]
    return slots_of(line.removeprefix(" ") if ":" in line else line for line in head), "".join(lines[count:]), count


def slots_of(lines: Iterable[str]) -> dict[str, Any]:
    """Return the slots of a header: texts, lists of texts and mappings of texts."""
    found: dict[str, Any] = {}
    current = ""
    for line in lines:
        match = _LINE.match(line)
        is_item = line.strip().startswith("- ")
        if match is None:
            if is_item and current:
                known = found[current] if isinstance(found.get(current), list) else []
                found[current] = [*known, _scalar(line.strip()[2:])]
            continue
        name, value = match[2].strip().strip("\"'"), _scalar(match[3] or "")
        if match[1] and current and name and not is_item:
            inner = found[current] if isinstance(found.get(current), dict) else {}
            found[current] = {**inner, name: value}
        else:
            current = name
            found[name] = value
    return found


def _scalar(text: str) -> str:
    """Return a YAML scalar without its quotation marks."""
    text = text.strip()
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    return text[1:-1] if quoted else text
