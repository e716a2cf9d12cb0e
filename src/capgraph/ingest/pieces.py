"""Pieces of a record: the columns that together say one thing, read once for each text that they hold."""

from __future__ import annotations

from dataclasses import replace
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from capgraph.formats.cells import plain
from capgraph.formats.lexicon import UNIT_WORDS
from capgraph.ingest import details
from capgraph.ingest.column_notes import kept_names
from capgraph.ingest.columns import cell_of
from capgraph.ingest.details import NOTHING, Note, Pieces
from capgraph.ingest.fields import LISTS, READERS, Read
from capgraph.text import normalize

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from capgraph.ingest.columns import Binding, Column
    from capgraph.ingest.profile import FieldRule
    from capgraph.ingest.tables import Raw, Table
    from capgraph.store import Composer, Share

_REMARKED = {
    "duration": "duration", "modified": "modified", "published": "published", "url": "url", "kind": "kind",
    "language": "language", "level": "level", "cost": "price", "active": "status", "rating": "rating",
    "learners": "learners", "seats": "seats", "mandatory": "mandatory", "inactive": "status",
    "session_cost": "price", "annual_cost": "price", "facilitator_minutes": "duration",
    "maintenance_minutes": "duration",
}  # fmt: skip
_SILENT = frozenset({"unit-assumed", "month-only", "year-only", "currency-missing"})
_MEMORY, _ROOM = 10_000, 1_000_000
"""How many texts a piece remembers at most, and how many characters of them: a single one may be as long as a book."""
_APART = frozenset({"title", "delete"})
_GROUPS = (
    ("duration", "duration_unit"),
    ("cost", "session_cost", "annual_cost", "currency"),
    ("active", "inactive", "remarks"),
    ("skills", "keywords", "outcomes"),
)
_FINISH: dict[str, Callable[..., None]] = {
    "cost": details.prices, "language": details.languages, "active": details.status, "skills": details.tags,
}  # fmt: skip


class Found(NamedTuple):
    """What one piece of a record says."""

    data: dict[str, Any]
    """Fields of the asset."""
    kept: dict[str, Any]
    """What goes into its extensions."""
    notes: tuple[Note, ...]
    """What a person should know."""
    words: dict[str, Any]
    """What is looked up later: skills, prerequisites, programs, the revision."""
    reads: dict[str, Read]
    """The fields that a profile demands, as they were read."""
    is_loud: bool = True
    """Whether it says more than what goes into the asset."""
    share: Share | None = None
    """The fields and the extensions as a store writes them; None where there is no store, or the model refuses them."""


_NOTHING = Found({}, {}, (), {}, {})


class Cells:
    """Reads the cells of single fields.

    Parameters
    ----------
    table : Table
        The table.
    binding : Binding
        What its columns mean.
    """

    def __init__(self, table: Table, binding: Binding) -> None:
        self.table, self.binding = table, binding
        self._constants = binding.profile.constants
        self._tied = {"duration"} if "duration_unit" in binding.fields else set()
        self._tied |= {"cost"} if table.currencies else set()
        self._tied |= {"url"} if table.links else set()

    def field(self, raw: Raw, name: str) -> Read:
        """Return what a field says: all values of a list, else the first value that any of its columns states."""
        columns = self.binding.fields.get(name, ())
        if name in LISTS and columns:
            items = [item for column in columns for item in self.cell(raw, name, column).value or ()]
            read = Read(list(dict.fromkeys(items)))
        elif len(columns) == 1:
            read = self.cell(raw, name, columns[0])
        else:
            read = next(self._stated(raw, name, columns), Read(None))
        constant = self._constants.get(name)
        if constant is not None and read.value in NOTHING:
            return READERS[name](constant, self.binding.profile.rule(name))
        return read

    def reader(self, name: str) -> Callable[[Raw], Read]:
        """Return what reads a field: from its one cell, where it depends on nothing else."""
        columns = self.binding.fields.get(name, [])
        alone = len(columns) == 1 and name not in self._constants and name not in LISTS and name not in self._tied
        if not alone or self.table.path_of is not None:
            return lambda raw: self.field(raw, name)
        place, rule, read = columns[0].place, columns[0].rule, READERS[name]

        def directly(raw: Raw) -> Read:
            cells = raw.cells
            return read(cells[place] if place < len(cells) else "", rule)

        return directly

    def _stated(self, raw: Raw, name: str, columns: Sequence[Column]) -> Iterator[Read]:
        """Yield the first value that a column states; the last one where none does."""
        for place, column in enumerate(columns, start=1):
            read = self.cell(raw, name, column)
            if read.value not in NOTHING or place == len(columns):
                yield read

    def cell(self, raw: Raw, name: str, column: Column) -> Read:
        """Return what one cell says."""
        cell = self.at(raw, column)
        if name not in self._tied:
            return READERS[name](cell, column.rule)
        rule = column.rule
        if name == "duration":
            stated = plain(self.first(raw, "duration_unit"))
            rule = _with_unit(rule, UNIT_WORDS.get(normalize(stated)) or rule.unit)
        elif name == "cost":
            shown = self.table.currencies.get((raw.number, column.place), "")
            rule = _with_currency(rule, shown or rule.currency)
        else:
            cell = self.table.links.get((raw.number, column.place), cell)
        return READERS[name](cell, rule)

    def at(self, raw: Raw, column: Column) -> object:
        """Return a cell, or what stands at the path of a column."""
        if self.table.path_of is not None:
            return self.table.path_of(raw.cells[0], column.name)
        return raw.cells[column.place] if column.place < len(raw.cells) else ""

    def first(self, raw: Raw, name: str) -> object:
        """Return the first cell of a field as it stands."""
        columns = self.binding.fields.get(name)
        return self.at(raw, columns[0]) if columns else ""


class Piece:
    """Columns that together say one thing.

    Parameters
    ----------
    build : callable
        Returns what the piece says in a record.
    places : sequence of int
        The columns on which the answer depends alone; empty where it is found anew for each record.
    """

    def __init__(self, build: Callable[[Raw], Found], places: Sequence[int] = ()) -> None:
        self._build = build
        self._least = max(places, default=0)
        self._pick = itemgetter(*places) if places else None
        self._memory: dict[Any, Found] = {}
        self._repeated = self._length = 0

    def read(self, raw: Raw) -> Found:
        """Return what the piece says in a record, remembering texts that occur again and again."""
        if self._pick is None or len(raw.cells) <= self._least:
            return self._build(raw)
        key = self._pick(raw.cells)
        found = self._memory.get(key)
        if found is not None:
            self._repeated += 1
            return found
        found = self._memory[key] = self._build(raw)
        self._length += len(key) if isinstance(key, str) else sum(map(len, key))
        if len(self._memory) >= _MEMORY or self._length >= _ROOM:
            # Texts that do not repeat are not worth remembering; of those that do, the ones met since are.
            self._pick = self._pick if self._repeated > len(self._memory) else None
            self._memory, self._repeated, self._length = {}, 0, 0
        return found


def pieces_of(
    table: Table, binding: Binding, cells: Cells, demanded: Sequence[str], composer: Composer | None = None
) -> list[Piece]:
    """Return the pieces of the records of a table, in the order in which later ones win."""
    stated = [name for name in READERS if name in binding.fields or name in binding.profile.constants]
    grouped = {name: group for group in _GROUPS for name in group}
    groups = dict.fromkeys(grouped.get(name, (name,)) for name in stated if name not in _APART)
    durations = binding.fields.get("duration", ())
    facts = Pieces(
        currency=details.usual_currency(table, binding),
        archived=details.is_archive(table.title),
        has_units=not any(details.are_bare(table, column) for column in durations),
        has_skills="skills" in binding.fields,
    )
    if facts.archived:
        groups.setdefault(_GROUPS[2])
    found: list[tuple[Callable[[Raw], Found], Sequence[Column]]] = []
    for group in groups:
        names = [name for name in group if name in stated]
        columns = [column for name in names for column in binding.fields.get(name, ())]
        found.append((_builder(cells, group, names, demanded, facts), columns))
    for column, name in zip(binding.kept, kept_names(binding), strict=True):
        found.append((_keeper(cells, column, name), [column]))
    for title, columns in binding.marks.items():
        found.append((_marker(cells, title or "marks", columns), columns))
    return [Piece(_shared(build, composer), _places(table, columns)) for build, columns in found]


def _shared(build: Callable[[Raw], Found], composer: Composer | None) -> Callable[[Raw], Found]:
    """Return the function that also gives what is found as a store writes it."""
    if composer is None:
        return build
    share = composer.share

    def shared(raw: Raw) -> Found:
        data, kept, notes, words, reads, *_ = build(raw)
        return Found(data, kept, notes, words, reads, bool(notes or words or reads), share(data, kept))

    return shared


def _places(table: Table, columns: Sequence[Column]) -> list[int]:
    """Return the columns by whose texts an answer is remembered: none where cells are more than their text."""
    return [column.place for column in columns] if table.is_text else []


def _builder(
    cells: Cells, group: tuple[str, ...], names: Sequence[str], demanded: Sequence[str], facts: Pieces
) -> Callable[[Raw], Found]:
    """Return the function that reads the fields of a group."""
    finish = _FINISH.get(group[0])
    silent = _SILENT - {"unit-assumed"} if facts.has_units else _SILENT
    if len(group) == 1 and finish is None and group[0] in details.PLAIN and group[0] not in (*demanded, *_REMARKED):
        name, read_field = group[0], cells.reader(group[0])

        def plainly(raw: Raw) -> Found:
            value = read_field(raw).value
            return _NOTHING if value in NOTHING else Found({name: value}, {}, (), {}, {})

        return plainly

    def build(raw: Raw) -> Found:
        found = Found({}, {}, (), {}, {})
        notes: list[Note] = []
        value: dict[str, Any] = {}
        for name in names:
            read = cells.field(raw, name)
            value[name] = read.value
            if read.problem and name in _REMARKED and read.problem not in silent:
                before = plain(cells.first(raw, name))
                notes.append(Note(name, before, read.value, f"{_REMARKED[name]}-{read.problem}", read.hint))
                if before and read.value in NOTHING and read.problem != "zero":
                    found.kept[cells.binding.fields[name][0].name or name] = before
            if name in demanded:
                found.reads[name] = read
        if finish is not None:
            finish(value, found.data, notes, found.words, facts)
        details.spread(value, found.data, found.kept, found.words)
        return Found(found.data, found.kept, tuple(notes), found.words, found.reads) if notes else found

    return build


def _keeper(cells: Cells, column: Column, name: str) -> Callable[[Raw], Found]:
    """Return the function that keeps a column."""

    def build(raw: Raw) -> Found:
        cell = cells.at(raw, column)
        kept: object = [plain(item) for item in cell] if isinstance(cell, list) else plain(cell)
        return Found({}, {name: kept} if kept not in NOTHING else {}, (), {}, {})

    return build


def _marker(cells: Cells, name: str, columns: Sequence[Column]) -> Callable[[Raw], Found]:
    """Return the function that keeps the names of the columns that are marked."""

    def build(raw: Raw) -> Found:
        marked = [column.name for column in columns if plain(cell_of(cells.table, raw, column.place))]
        kept = {name: marked if len(marked) > 1 else marked[0]} if marked else {}
        return Found({}, kept, (), {}, {})

    return build


def _with_unit(rule: FieldRule, unit: str) -> FieldRule:
    """Return a rule with another unit."""
    return replace(rule, unit=unit) if unit != rule.unit else rule


def _with_currency(rule: FieldRule, currency: str) -> FieldRule:
    """Return a rule with another currency."""
    return replace(rule, currency=currency) if currency != rule.currency else rule
