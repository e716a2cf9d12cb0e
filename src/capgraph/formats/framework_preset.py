"""Presets: the tables in which systems export skills and job profiles, as files that say which column is which.

Each is a TOML in ``framework_presets``: the columns that all occur in such a table (``match``), its layout, and the
names of the columns by field.  Where several names may stand for one of the columns, ``match`` has a list of them.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from capgraph.formats.headers import squeezed
from capgraph.text import normalize

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Preset:
    """What the columns of one system's table mean."""

    name: str
    """Its name."""
    title: str
    """What it reads, for people."""
    layout: str
    """The layout of the table."""
    match: tuple[frozenset[str], ...]
    """The columns that all occur in it, by their names as `squeezed` writes them; of several names for one, any."""
    columns: Mapping[str, tuple[str, ...]]
    """The names of the columns of each field; the first that occurs is taken."""
    empty: frozenset[str] = frozenset()
    """What a cell holds that is to be emptied."""

    def fits(self, keys: Collection[str]) -> bool:
        """Return whether a table with these columns, as `squeezed` writes them, is one of this kind."""
        return all(not names.isdisjoint(keys) for names in self.match)


@cache
def presets() -> tuple[Preset, ...]:
    """Return all presets, by name."""
    folder = files("capgraph.formats") / "framework_presets"
    texts = [item.read_text("utf-8") for item in folder.iterdir() if item.name.endswith(".toml")]
    return tuple(sorted(map(_preset, map(tomllib.loads, texts)), key=lambda preset: preset.name))


def _preset(data: dict[str, Any]) -> Preset:
    """Return the preset that a TOML states."""
    columns = {field: tuple(names) for field, names in data["columns"].items()}
    match = tuple(frozenset(map(squeezed, [names] if isinstance(names, str) else names)) for names in data["match"])
    return Preset(data["name"], data["title"], data["layout"], match, columns, frozenset(data.get("empty", ())))


def preset_for(names: Iterable[str]) -> Preset | None:
    """Return the preset with the most columns that all occur in a table, by their names; None where none fits."""
    keys = set(map(squeezed, names))
    fitting = [preset for preset in presets() if preset.fits(keys)]
    return max(fitting, key=lambda preset: len(preset.match), default=None)


def known_columns() -> set[str]:
    """Return the normalized names of all columns that presets name."""
    return {normalize(name) for preset in presets() for names in preset.columns.values() for name in names}
