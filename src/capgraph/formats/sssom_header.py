"""The header of SSSOM tables: the plain part of YAML that such headers use."""

from __future__ import annotations

import re
from typing import Any

_LINE = re.compile(r"^(\s*)([^:\s][^:]*?):(?:\s+(.*))?$")


def header_slots(lines: list[str]) -> dict[str, Any]:
    """Return the slots of the header: the plain part of YAML that such headers use."""
    found: dict[str, Any] = {}
    current = ""
    for line in lines:
        match = _LINE.match(line)
        if match is None:
            if line.strip().startswith("- ") and current:
                known = found[current] if isinstance(found.get(current), list) else []
                found[current] = [*known, _scalar(line.strip()[2:])]
            continue
        indent, name, value = match[1], match[2].strip().strip("\"'"), _scalar(match[3] or "")
        if indent and current and name and not line.strip().startswith("- "):
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
