"""Which column is which field: by the profile, by usual names, by what the cells look like; with reasons."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from capgraph.formats.cells import is_missing, plain
from capgraph.formats.lexicon import CURRENCIES, UNIT_WORDS
from capgraph.formats.values import day_order
from capgraph.ingest.fields import LISTS
from capgraph.ingest.looks import by_looks
from capgraph.ingest.nested import is_language
from capgraph.ingest.profile import NO_RULE, FieldRule, spelled, without_brackets
from capgraph.ingest.rejected import REASONS
from capgraph.ingest.units import currency_of, unit_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from capgraph.ingest.profile import Profile
    from capgraph.ingest.tables import Raw, Table

_SAMPLES = 3
_IGNORED = "the profile says so"
_MARKS = frozenset({"x", "(x)", "✓", "✔", "☑", "•", "●", "(✓)", "xx"})
_TIMED = frozenset({"duration", "facilitator_minutes", "maintenance_minutes"})
_PRICED = frozenset({"cost", "session_cost", "annual_cost"})
_LEADING = frozenset(
    {"course", "training", "content", "learning", "class", "module", "lesson", "item", "asset", "event"}
)
_TRAILING = frozenset({"timestamp", "utc", "text", "field", "value", "column"})
_FIRST = 60
_VALUES = frozenset({"value", "text", "rendered", "string", "content"})


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
    taken: dict[int, tuple[str, str]]
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
    ignored = set(map(spelled, profile.ignore))
    taken = {place: ("", _IGNORED) for place, name in enumerate(table.names) if spelled(name) in ignored}
    by_profile = _claims(table, profile, f"profile {profile.name}", taken)
    claims = {**by_profile}
    if not profile.exclusive:
        usual_claims = _claims(table, usual, "its name", taken, skip=set(by_profile))
        claims |= usual_claims
        by_looks(table.names, cells, claims, taken, about=usual.name)
    extra = _paths(table, profile)
    groups = _mark_groups(table, cells, taken)
    look = _Look(table, profile, usual, taken, groups)
    columns = [_column(look, place, cells[place]) for place in range(len(table.names))]
    fields: dict[str, list[Column]] = {}
    for name, places in claims.items():
        fields[name] = [_as(columns[place], name, profile, usual, cells[place]) for place in places]
    for name, column in extra:
        fields.setdefault(name, []).append(replace(column, rule=_rule(name, column.name, profile, usual, [])))
    marks = {group: [columns[place] for place in places] for group, places in groups.items()}
    key = tuple(column for name in profile.key for column in columns if spelled(column.name) == spelled(name))
    kept = tuple(column for column in columns if column.use == "kept")
    unclaimed = frozenset(profile.columns) - by_profile.keys() - {name for name, _ in extra}
    return Binding(profile, (*columns, *(column for _, column in extra)), fields, key, marks, kept, unclaimed)


def _cells(table: Table, place: int) -> list[object]:
    """Return the cells of a column in the sample."""
    return [cell_of(table, raw, place) for raw in table.sample if not raw.broken]


def cell_of(table: Table, raw: Raw, place: int) -> object:
    """Return one cell of a record; a missing one is an empty text."""
    if table.path_of is not None:
        return table.path_of(raw.cells[0], table.names[place])
    return raw.cells[place] if place < len(raw.cells) else ""


def _claims(
    table: Table,
    profile: Profile,
    why: str,
    taken: dict[int, tuple[str, str]],
    skip: set[str] = frozenset(),  # type: ignore[assignment]
) -> dict[str, list[int]]:
    """Return the columns of each field that a profile names; columns already taken are left alone."""
    free = dict(taken)
    names: dict[str, int] = {}
    whole = {spelled(alias) for aliases in profile.columns.values() for alias in aliases if profile.name == "people"}
    for place in range(len(table.names) - 1, -1, -1):
        if place not in free:
            for form in _forms(table.names[place], table.names if table.path_of else None, whole):
                names[form] = place
    found: dict[str, list[int]] = {}
    for name, aliases in profile.columns.items():
        if name in skip:
            continue
        places = [names[form] for form in dict.fromkeys(map(spelled, aliases)) if form in names]
        places = [place for place in dict.fromkeys(places) if place not in taken or (profile.match and taken[place][0])]
        if places:
            found[name] = places if name in LISTS or profile.match else places[:1]
            for place in found[name]:
                taken.setdefault(place, (name, why))
    return found


def _forms(name: str, paths: Sequence[str] | None, whole: Collection[str]) -> list[str]:
    """Return the forms of a name that are compared, the exact one last, so that it wins.

    Names in `whole` have this form alone: among people, a *course id* is no *id*.
    """
    if spelled(name) in whole:
        return [spelled(name)]
    words = without_brackets(name).split()
    bare = " ".join(word for word in words if word not in UNIT_WORDS and word not in CURRENCIES and word != "in")
    core = [word for word in words if word not in _TRAILING]
    core = core[1:] if len(core) > 1 and core[0] in _LEADING else core
    forms = [" ".join(core), bare, without_brackets(name), spelled(name)]
    if paths is not None and name.rpartition(".")[0] not in paths:
        forms[:0] = _ends(name)
    return [form for form in forms if form]


def _ends(path: str) -> list[str]:
    """Return the names that the end of a path may stand for; ``duration.value`` is a duration, and its unit none."""
    steps = [step.lstrip("@#") for step in path.split(".")]
    last = spelled(steps[-1])
    if len(steps) == 1:
        return [last]
    if last in _VALUES or is_language(steps[-1]):
        return [last, spelled(steps[-2])] if last == "id" else [spelled(steps[-2])]
    return [last, spelled(f"{steps[-2]} {steps[-1]}")]


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
    if place in look.taken:
        used, why = look.taken[place]
        rule = _rule(used, name, look.profile, look.usual, cells)
        return Column(place, name, "used" if used else "ignored", used, why, samples, rule)
    for group, places in look.groups.items():
        if place in places:
            field_ = "level" if group in _LEVEL_GROUPS else "mark"
            return Column(place, name, "used", field_, f"marks under {group!r}", samples)
    why = _left_out(look, name, cells)
    return Column(place, name, "ignored" if why else "kept", "", why or "no field has this name", samples)


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
    return replace(column, field=name, rule=_rule(name, column.name, profile, usual, cells))


def _rule(name: str, column: str, profile: Profile, usual: Profile, cells: Sequence[object]) -> FieldRule:
    """Return how the cells of a column are read: by the profile, by what its name says, by what its cells show."""
    rule = profile.rule(name)
    if not rule.values:
        rule = replace(rule, values=usual.rule(name).values)
    if name in _TIMED and not rule.unit:
        rule = replace(rule, unit=unit_of(column))
    if name in _PRICED and not rule.currency:
        rule = replace(rule, currency=currency_of(column))
    if name in {"modified", "published", "revision", "date", "expires"} and not rule.first:
        rule = replace(rule, first=day_order(map(plain, cells)) or "")
    return rule
