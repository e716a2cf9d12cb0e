"""Which column is which field: by the profile, by usual names, by what the cells look like; with reasons."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from capgraph.formats.cells import is_missing, plain
from capgraph.formats.headers import spelled
from capgraph.ingest.claims import claims_of
from capgraph.ingest.profile import NO_RULE, FieldRule
from capgraph.ingest.rejected import REASONS
from capgraph.ingest.rules import rule_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from capgraph.ingest.claims import Claims
    from capgraph.ingest.profile import Profile
    from capgraph.ingest.tables import Raw, Table

_SAMPLES = 3
_MARKS = frozenset({"x", "(x)", "✓", "✔", "☑", "•", "●", "(✓)", "xx"})
_FIRST = 60


@dataclass(frozen=True, slots=True)
class Column:
    """One column, and what it is taken for."""

    place: int
    """Its place, from 0."""
    name: str
    """Its name, or its path in nested records."""
    use: str
    """``used``, ``kept`` (in extensions) or ``ignored``."""
    field: str = ""
    """The field that it fills."""
    because: str = ""
    """Why."""
    samples: tuple[str, ...] = ()
    """Some of its values."""
    rule: FieldRule = NO_RULE
    """How its cells are read."""
    rank: int = 0
    """Its place among the columns of its field, of which the first that states anything counts."""


@dataclass(slots=True)
class Binding:
    """What the columns of one table mean."""

    profile: Profile
    """The profile that decided."""
    columns: tuple[Column, ...]
    """All columns, in their order."""
    fields: dict[str, list[Column]] = field(default_factory=dict)
    """The columns of each field, the first preferred."""
    key: tuple[Column, ...] = ()
    """The columns that identify a record."""
    marks: dict[str, list[Column]] = field(default_factory=dict)
    """Columns that hold marks alone, by the group above them."""
    kept: tuple[Column, ...] = ()
    """Columns that go into the extensions."""
    unclaimed: frozenset[str] = frozenset()
    """The fields for which the profile names columns, and there is none of them."""


class _Look(NamedTuple):
    """What is known about the columns of a table before each is described."""

    table: Table
    profile: Profile
    usual: Profile
    claims: Claims
    groups: dict[str, list[int]]


def bind(table: Table, profile: Profile, usual: Profile) -> Binding:
    """Return what the columns of a table mean.

    Parameters
    ----------
    table : Table
        The table.
    profile : Profile
        What is known about such files.
    usual : Profile
        The usual names of columns, for the fields that the profile leaves open.
    """
    cells = {place: _cells(table, place) for place in range(len(table.names))}
    found = claims_of(table, profile, usual, cells)
    claims, taken = found.fields, found.taken
    extra = _paths(table, profile)
    groups = _mark_groups(table, cells, taken)
    look = _Look(table, profile, usual, found, groups)
    ranks = {place: rank for places in claims.values() for rank, place in enumerate(places)}
    columns = [
        replace(_column(look, place, cells[place]), rank=ranks.get(place, 0)) for place in range(len(table.names))
    ]
    fields: dict[str, list[Column]] = {}
    for name, places in claims.items():
        fields[name] = [_as(columns[place], name, profile, usual, cells[place]) for place in places]
    for name, column in extra:
        fields.setdefault(name, []).append(replace(column, rule=rule_of(name, column.name, profile, usual, [])))
    marks = {group: [columns[place] for place in places] for group, places in groups.items()}
    key = tuple(column for name in profile.key for column in columns if spelled(column.name) == spelled(name))
    kept = tuple(column for column in columns if column.use == "kept")
    unclaimed = frozenset(profile.columns) - found.stated - {name for name, _ in extra}
    return Binding(profile, (*columns, *(column for _, column in extra)), fields, key, marks, kept, unclaimed)


def _cells(table: Table, place: int) -> list[object]:
    """Return the cells of a column in the sample."""
    return [cell_of(table, raw, place) for raw in table.sample if not raw.broken]


def cell_of(table: Table, raw: Raw, place: int) -> object:
    """Return one cell of a record; a missing one is an empty text."""
    if table.path_of is not None:
        return table.path_of(raw.cells[0], table.names[place])
    return raw.cells[place] if place < len(raw.cells) else ""


def _paths(table: Table, profile: Profile) -> list[tuple[str, Column]]:
    """Return the columns that a profile names by a path with a condition, which are no columns of the table."""
    if table.path_of is None:
        return []
    raws = [raw for raw in table.sample if not raw.broken]
    found = []
    for name, paths in profile.columns.items():
        for path in paths:
            if "[" in path:
                samples = _shown([table.path_of(raw.cells[0], path) for raw in raws])
                found.append((name, Column(-1, path, "used", name, f"profile {profile.name}", samples)))
    return found


def _mark_groups(
    table: Table, cells: Mapping[int, list[object]], taken: Mapping[int, tuple[str, str]]
) -> dict[str, list[int]]:
    """Return the columns that hold marks alone, by the group above them."""
    found: dict[str, list[int]] = {}
    for place in range(len(table.names)):
        texts = {plain(cell).casefold() for cell in cells[place] if not is_missing(cell)}
        texts = {text for text in texts if spelled(text) != spelled(table.names[place])}
        if place not in taken and texts and texts <= _MARKS:
            group = table.groups[place] if place < len(table.groups) else ""
            found.setdefault(spelled(group), []).append(place)
    return found


def _column(look: _Look, place: int, cells: list[object]) -> Column:
    """Return one column with the reason for its use."""
    name, samples = look.table.names[place], _shown(cells)
    if place in look.claims.taken:
        used, why = look.claims.taken[place]
        rule = rule_of(used, name, look.profile, look.usual, cells)
        return Column(place, name, "used", used, why, samples, rule)
    for group, places in look.groups.items():
        if place in places:
            field_ = "level" if group in _LEVEL_GROUPS else "mark"
            return Column(place, name, "used", field_, f"marks under {group!r}", samples)
    why = look.claims.ignored.get(place) or _left_out(look, name, cells)
    kept = look.claims.kept.get(place, "no field has this name")
    return Column(place, name, "ignored" if why else "kept", "", why or kept, samples)


def _left_out(look: _Look, name: str, cells: list[object]) -> str:
    """Return the reason why a column is left out, or nothing."""
    if name in REASONS:
        return "an earlier import wrote it"
    paths = [path for paths in look.profile.columns.values() for path in paths]
    if look.table.path_of is not None and any(_leads_to(name, path) for path in paths):
        return "read through the paths below it"
    return "it is empty" if not _shown(cells) and len(cells) < _SAMPLE_IS_ALL else ""


def _leads_to(path: str, used: str) -> bool:
    """Return whether a path stands above one that is used."""
    return used.startswith((f"{path}.", f"{path}["))


_LEVEL_GROUPS = frozenset({"level", "levels", "niveau", "stufe", "difficulty", "course level", "nivel"})
_SAMPLE_IS_ALL = 300


def _shown(cells: Sequence[object]) -> tuple[str, ...]:
    """Return the first distinct values, cut to a readable length."""
    texts = dict.fromkeys(", ".join(map(plain, cell)) if isinstance(cell, list) else plain(cell) for cell in cells)
    return tuple(text[:_FIRST] for text in texts if text)[:_SAMPLES]


def _as(column: Column, name: str, profile: Profile, usual: Profile, cells: list[object]) -> Column:
    """Return a column as one of a field, which may not be the one that it is shown under."""
    return replace(column, field=name, rule=rule_of(name, column.name, profile, usual, cells))
