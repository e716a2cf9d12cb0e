"""Which tables hold a framework, of one file or of several that belong together, and the layout of each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from capgraph.errors import FormatError
from capgraph.formats.framework_columns import ALIASES, SKILLS
from capgraph.formats.framework_layouts import LAYOUTS, STEP
from capgraph.formats.framework_preset import known_columns, preset_for
from capgraph.formats.tables import Table, places_by, tables_in
from capgraph.formats.tabular import as_text, has_blocks, is_workbook
from capgraph.formats.values import level
from capgraph.text import normalize

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from capgraph.formats.content import Content
    from capgraph.formats.framework_preset import Preset

MOST_FILES = 300
"""How many files are looked at together."""
_LEVEL = re.compile(r"^(?:level|stage|stufe|niveau|nivel|livello|nível)\s*\d+\b|^l\d+\b")
_MOST_STEPS = 12
_HIGHEST = 10
_SKILL_FIELDS = frozenset({"id", "label", "description", "domain", "parent", "kind"})


class Reads(NamedTuple):
    """A table, and how it is read."""

    table: Table
    """The table."""
    layout: str
    """Its layout; empty where none fits."""
    places: Mapping[str, int]
    """The place of the column of each field."""
    preset: Preset | None = None
    """The preset that fits, if any."""


def known_names() -> set[str]:
    """Return the normalized names of all columns that are known."""
    return {name for names in ALIASES.values() for name in names} | known_columns()


def read_as(table: Table) -> Reads:
    """Return how a table is read: by a preset, or by the usual names of its columns."""
    preset = preset_for(table.header.names)
    if preset is not None:
        return Reads(table, preset.layout, places_by(table.header, preset.columns), preset)
    places = places_by(table.header, ALIASES)
    layout = "transposed" if is_transposed(table, places) else layout_of(table.header.keys(), places)
    return Reads(table, layout, places)


def together(content: Content, *, is_head: bool = False) -> list[Reads]:
    """Return the tables that are read together, in their order; empty where one is read alone.

    They are those for which there are presets, where there are two or more; the files of a folder of which each lists
    the skills of one role; or files of which each has a layout of its own, such as the levels of skills in one and what
    roles need in another.

    Parameters
    ----------
    content : Content
        The files.
    is_head : bool
        Whether the first rows of a text will do.
    """
    head, is_zip = content.head(), content.package.lower().endswith(".zip") and content.package != content.name
    is_one = len(content) == 1 and not (is_zip or is_workbook(head) or has_blocks(head))
    if is_one or len(content) > MOST_FILES:
        return []
    try:
        found = [read_as(table) for table in tables_in(content, known_names(), is_head=is_head)]
    except FormatError:
        return []
    preset = [item for item in found if item.preset is not None]
    jobs = [item for item in found if item.layout == "transposed" and item.table.file]
    are_jobs = len(jobs) == len(found) and (len(jobs) > 1 or is_zip)
    layouts = {item.layout for item in found} if len({item.table.file for item in found}) == len(found) > 1 else set()
    are_parts = "" not in layouts and len(layouts) == len(found) > 1
    chosen = preset if len(preset) > 1 else jobs if are_jobs else found if are_parts else []
    return sorted(chosen, key=lambda item: (LAYOUTS.index(item.layout), item.table.file))


def left_out(content: Content, several: list[Reads]) -> list[str]:
    """Return the files and sheets that are not among the tables that are read together."""
    if not several:
        return []
    read = {(item.table.file, item.table.sheet.name) for item in several}
    others = [(table.file, table.sheet.name) for table in tables_in(content, known_names(), is_head=True)]
    named = {item.table.file for item in several} | {file for file, _ in others}
    found = [" ".join(filter(None, place)) for place in others if place not in read]
    return found + [name for name in content if len(content) > 1 and name not in named]


def layout_of(keys: Collection[str], fields: Collection[str]) -> str:
    """Return the layout that columns have, or an empty text."""
    steps = [key for key in keys if STEP.match(key)]
    found: dict[str, bool] = {
        "requirements": "role" in fields and "label" in fields,
        "descriptors": "label" in fields and sum(1 for key in keys if _LEVEL.match(key)) > 1,
        "parents": "label" in fields and "parent" in fields,
        "columns": 1 < len(steps) <= _MOST_STEPS,
        "matrix": "role" in fields and len(keys) > len(fields) + 1,
    }
    return next((name for name, fits in found.items() if fits), "")


def is_transposed(table: Table, places: Mapping[str, int]) -> bool:
    """Return whether a table lists skills, and every other column holds the levels that a role needs."""
    named = {normalize(name) for name in table.header.names}
    others = [place for place, name in enumerate(table.header.names) if name and place not in places.values()]
    if len(others) < 2 or not places.keys() <= _SKILL_FIELDS or named.isdisjoint(SKILLS):  # noqa: PLR2004 - two roles
        return False
    if any(_LEVEL.match(normalize(table.header.names[place])) for place in others):
        return False
    rows = [cells for _, cells in table.records()]
    columns = [[text for cells in rows if (text := as_text(cells[place]))] for place in others]
    return all(column and all(map(_is_level, column)) for column in columns)


def _is_level(text: str) -> bool:
    """Return whether a text is a level, as people number them."""
    found = level(text)
    return found is None or (found.rank is not None and 0 <= found.rank <= _HIGHEST)
