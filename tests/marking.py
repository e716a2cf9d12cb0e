"""Marks: a source with one value changed, or with one that no reader knows, to be looked for afterwards."""

from __future__ import annotations

import copy
import csv
import io
import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

MARK = "Qzx7marker"
NEW = "houseNote"
"""The name of what no reader knows."""


class Marked(NamedTuple):
    """A source with a mark in it."""

    field: str
    """The column or key that holds the mark."""
    place: str
    """The row or JSON pointer where it stands."""
    data: bytes
    """The source."""


def marked_cells(data: bytes, *, delimiter: str = ",", header: int = 0) -> Iterator[Marked]:
    """Yield a table with a mark in place of a cell, after a cell, in a column of its own, and beyond the last one.

    Of each column the first cell that holds something is marked, and the first that holds nothing.
    """
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=delimiter))
    width, body = len(rows[header]), range(header + 1, len(rows))
    for column, name in enumerate(rows[header]):
        filled = next((row for row in body if column < len(rows[row]) and rows[row][column]), None)
        empty = next((row for row in body if any(rows[row]) and not "".join(rows[row][column : column + 1])), None)
        for row, old in ((filled, ""), (filled, f"{rows[filled][column]} " if filled else ""), (empty, "")):
            if row is not None:
                yield Marked(name, f"row:{row + 1}", _table(rows, {(row, column): old + MARK}, delimiter))
    for cells in ({(header, width): NEW, (header + 1, width): MARK}, {(header + 1, width): MARK}):
        yield Marked(NEW, f"row:{header + 2}", _table(rows, cells, delimiter))


def _table(rows: list[list[str]], cells: dict[tuple[int, int], str], delimiter: str) -> bytes:
    """Return a table with some cells changed."""
    changed = [list(row) for row in rows]
    for (row, column), text in cells.items():
        changed[row] += [""] * (column + 1 - len(changed[row]))
        changed[row][column] = text
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator="\n").writerows(changed)
    return stream.getvalue().encode()


def marked_json(data: bytes) -> Iterator[Marked]:
    """Yield a JSON text with a mark in place of a value, after a text, and under a new key or item.

    Of the places that differ only in their position in a list, the first is marked.
    """
    root = json.loads(data)
    seen: set[tuple[object, ...]] = set()
    for path, value in _walk(root, ()):
        pattern = (*("*" if isinstance(part, int) else part for part in path), type(value).__name__)
        if pattern in seen:
            continue
        seen.add(pattern)
        name = next((part for part in reversed(path) if isinstance(part, str)), "")
        place = "".join(f"/{part}" for part in path)
        if isinstance(value, dict):
            yield Marked(NEW, place, _json(root, (*path, NEW), MARK))
        elif isinstance(value, list):
            yield Marked(name, place, _json(root, path, [*value, MARK]))
            yield Marked(NEW, f"{place}/{len(value)}", _json(root, path, [*value, {NEW: MARK}]))
        else:
            yield Marked(name, place, _json(root, path, MARK))
            if isinstance(value, str):
                yield Marked(name, place, _json(root, path, f"{value} {MARK}"))


def _walk(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Any]]:  # noqa: ANN401 - a JSON value
    """Yield every value in a JSON value with the path to it."""
    yield path, value
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in inner:
        yield from _walk(child, (*path, key))


def _json(root: object, path: tuple[str | int, ...], value: object) -> bytes:
    """Return a JSON text with the value at a path changed."""
    changed: Any = copy.deepcopy(root)
    if not path:
        return json.dumps(value).encode()
    node = changed
    for part in path[:-1]:
        node = node[part]
    node[path[-1]] = value
    return json.dumps(changed).encode()
