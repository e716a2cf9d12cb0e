"""Spare: a record that became no asset, as it is handed back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spare:
    """A record that became no asset, in the layout of its source."""

    source: str
    """The file."""
    sheet: str
    """The sheet."""
    locator: str
    """The place."""
    columns: tuple[str, ...]
    """The names of the columns."""
    cells: tuple[str, ...]
    """The cells as text."""
    reason: str
    """Why."""
    hint: str
    """What to do."""
