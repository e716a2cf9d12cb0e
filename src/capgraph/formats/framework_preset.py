"""Presets: the tables in which systems export skills and job profiles, as files that say which column is which.

Each is a TOML in ``framework_presets``: the columns that all occur in such a table (``match``), its layout, and the
names of the columns by field.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from capgraph.text import normalize

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


@dataclass(frozen=True, slots=True)
class Preset:
    """What the columns of one system's table mean."""

    name: str
    """Its name."""
    title: str
    """What it reads, for people."""
    layout: str
    """The layout of the table."""
    match: frozenset[str]
    """The names of columns, normalized, that all occur in it."""
    columns: Mapping[str, tuple[str, ...]]
    """The names of the columns of each field; the first that occurs is taken."""

    def columns_in(self, keys: Collection[str]) -> dict[str, str]:
        """Return the column of each field that a table has."""
        found = {
            field: next((name for name in names if normalize(name) in keys), "")
            for field, names in self.columns.items()
        }
        return {field: name for field, name in found.items() if name}


@cache
def presets() -> tuple[Preset, ...]:
    """Return all presets, by name."""
    folder = files("capgraph.formats") / "framework_presets"
    texts = [item.read_text("utf-8") for item in folder.iterdir() if item.name.endswith(".toml")]
    return tuple(sorted(map(_preset, map(tomllib.loads, texts)), key=lambda preset: preset.name))


def _preset(data: dict[str, Any]) -> Preset:
    """Return the preset that a TOML states."""
    columns = {field: tuple(names) for field, names in data["columns"].items()}
    match = frozenset(map(normalize, data["match"]))
    return Preset(data["name"], data["title"], data["layout"], match, columns)


def preset_for(keys: Collection[str]) -> Preset | None:
    """Return the preset with the most columns that all occur in a table, by normalized names; None where none fits."""
    fitting = [preset for preset in presets() if preset.match <= set(keys)]
    return max(fitting, key=lambda preset: len(preset.match), default=None)


def known_columns() -> set[str]:
    """Return the normalized names of all columns that presets name."""
    return {normalize(name) for preset in presets() for names in preset.columns.values() for name in names}
