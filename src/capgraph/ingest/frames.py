"""Tables that data frames write as JSON: by column, as lists, and split into names and rows."""

from __future__ import annotations

from typing import Any

_LEAST = 2


def framed(found: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Return the rows of a table that a JSON object holds by column, each with its label; empty for other objects.

    Examples
    --------
    >>> framed({"name": {"0": "SQL", "1": "Git"}, "hours": {"0": 2, "1": 3}})[1]
    ('1', {'name': 'Git', 'hours': 3})
    >>> framed({"columns": ["name"], "index": [7], "data": [["SQL"]]})
    [('7', {'name': 'SQL'})]
    >>> framed({"name": ["SQL", "Git"], "hours": [2, 3]})[0]
    ('0', {'name': 'SQL', 'hours': 2})
    """
    if found.keys() >= {"columns", "data"} and all(isinstance(found[key], list) for key in ("columns", "data")):
        rows = [row for row in found["data"] if isinstance(row, list)]
        labels = found.get("index") or range(len(rows))
        named = [dict(zip(map(str, found["columns"]), row, strict=False)) for row in rows]
        return [(str(label), row) for label, row in zip(labels, named, strict=False)]
    if len(found) < _LEAST:
        return []
    if all(isinstance(value, dict) and all(map(str.isdigit, value)) for value in found.values()):
        labels = list(dict.fromkeys(label for column in found.values() for label in column))
        same = all(len(column) == len(labels) for column in found.values()) and not all(map(str.isdigit, found))
        return [(label, {name: found[name][label] for name in found}) for label in labels] if same else []
    lists = [value for value in found.values() if isinstance(value, list)]
    lengths = {len(value) for value in lists}
    flat = not any(isinstance(item, dict | list) for value in lists for item in value)
    if len(lists) < len(found) or len(lengths) != 1 or not flat or max(lengths) < _LEAST:
        return []
    return [(str(row), {name: column[row] for name, column in found.items()}) for row in range(max(lengths))]
