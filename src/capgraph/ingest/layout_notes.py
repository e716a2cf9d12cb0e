"""How a table lies in its file, in words: how a text is encoded and delimited, and whether its rows are too short."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from capgraph.formats.delimited import Dialect

_LEAST = 3
NO_DELIMITER = "\x1f"
"""The delimiter of a text whose lines are one cell each."""


def dialect_notes(dialect: Dialect, header: str) -> list[str]:
    """Return how a text was read, in words."""
    marks = {"\t": "tab", ";": "semicolon", ",": "comma", "|": "pipe", NO_DELIMITER: "none, each line is one text"}
    notes = [f"encoding {dialect.encoding}", f"delimiter {marks.get(dialect.delimiter, dialect.delimiter)}"]
    notes.append(header)
    if dialect.ends_with:
        notes.append(f"records end with {dialect.ends_with}")
    if not dialect.quoted:
        notes.append("quotation marks are ordinary characters")
    if dialect.mixed:
        notes.append("some bytes are Windows-1252 inside UTF-8")
    return notes


def short_note(widths: Sequence[int], least: int) -> list[str]:
    """Return what to tell where all records have as many cells as each other, and fewer than there are names."""
    if len(widths) < _LEAST or len(set(widths)) != 1 or widths[0] >= least:
        return []
    return [f"every record has {widths[0]} cells for {least} names, so that some may stand under a wrong one"]
