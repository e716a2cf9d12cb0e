"""Tables about people: their records as text by field, what is no record, and the plan for what was read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capgraph.errors import Issue, NotStoredError, ParseError
from capgraph.formats.cells import plain
from capgraph.formats.identity import is_id, mint, slug
from capgraph.ingest.chosen import unfound
from capgraph.ingest.column_notes import repeated_columns
from capgraph.ingest.columns import Binding, bind, cell_of
from capgraph.ingest.drafts import texts
from capgraph.ingest.journal import Journal
from capgraph.ingest.outcome import DocumentOutcome
from capgraph.ingest.parts import parts
from capgraph.ingest.person_columns import Settling
from capgraph.ingest.person_keys import has_people, is_summary, named_id, stand_in
from capgraph.ingest.person_shapes import shaped
from capgraph.ingest.plan import ImportPlan
from capgraph.ingest.profile import Profile, generic
from capgraph.ingest.rows import Sieve, digest
from capgraph.ingest.sniff import choose, known_names
from capgraph.ingest.spare import Spare
from capgraph.ingest.tables import nested_table, tables
from capgraph.ingest.told import Told
from capgraph.model import Workforce

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from capgraph.ingest.columns import Column
    from capgraph.ingest.part import Part
    from capgraph.ingest.parts import Source
    from capgraph.ingest.tables import Raw, Table
    from capgraph.model import Evidence

_PLAIN_KEY = re.compile(r"[\w.+-]+")
_STEP = 1000
_WHO = frozenset({"person", "label", "email", "manager"})
"""Fields in which words for *nothing*, such as *n/a*, name nobody."""
_BY_NAME = "no column of ids, so people are told apart by mail address or name, which is not kept"


def team_id(workforce: str, key: str) -> str:
    """Return the id of a team: the key itself where it is one, ``team:`` and the key or its words, or a minted one."""
    if is_id(key):
        return key
    return f"team:{key}" if _PLAIN_KEY.fullmatch(key) else f"team:{slug(key)}" if key else mint(workforce, "team", key)


class PeopleReading:
    """The tables of a source about people, read one after the other.

    Parameters
    ----------
    workforce : str
        The id of the workforce.
    profile : Profile or None
        What the columns mean, where it is known.
    progress : callable or None
        Called with the number of records read so far.
    """

    def __init__(self, workforce: str, profile: Profile | None, progress: Callable[[int], None] | None = None) -> None:
        self.workforce, self.profile, self.progress = workforce, profile, progress
        self.told: list[Told] = []
        self.spare: list[Spare] = []
        self.columns: list[tuple[str, Column]] = []
        self.notes: list[str] = []
        self.profiles: list[str] = []
        self.records = 0

    def tables(self, source: Source) -> Iterator[tuple[Table, Binding]]:
        """Yield the tables of a source, and what their columns mean."""
        for part in given_parts(source):
            if part.package:
                self.notes.append(f"{part.name}: a course package, so nothing was read from it; import catalog")
                continue
            read = len(self.profiles)
            for table in self._found(part):
                profile = self.profile or choose(table, "people")
                self.profiles.append(profile.name)
                binding = Settling(table, bind(table, profile, generic("people"))).settled()
                place = f"{table.source}!{table.sheet}" if table.sheet else table.source
                self.notes.extend(f"{place}: {issue}" for issue in unfound(table, binding))
                self.columns.extend((place, column) for column in binding.columns)
                self.notes.append(f"{place}: {', '.join(table.notes)}")
                self.notes.extend(f"{place}: {told}" for told in repeated_columns(binding))
                if "person" not in binding.fields and has_people(table, binding):
                    self.notes.append(f"{place}: {_BY_NAME}")
                yield table, binding
            if len(self.profiles) == read:
                self.notes.append(f"{part.name}: it holds no table, so nothing was read from it")

    def _found(self, part: Part) -> Iterator[Table]:
        """Yield the tables of a part; JSON in a shape of its own is one."""
        records = shaped(part)
        if records is None:
            yield from tables(part, self.profile, known_names("people"))
            return
        yield nested_table(part.name, records, lambda number: f"item:{number}", notes=["JSON, unfolded to records"])

    def rows(self, table: Table, binding: Binding) -> Iterator[tuple[Raw, dict[str, str]]]:
        """Yield the records of a table with their fields as text; what is no record is told."""
        sieve = Sieve(table, binding)
        seen: dict[int, int] = {}
        by_name = "person" not in binding.fields and has_people(table, binding)
        for read in table.records:
            raw = sieve.in_order(read)
            self.records += 1
            if self.progress is not None and self.records % _STEP == 0:
                self.progress(self.records)
            reason = raw.broken or ("" if table.path_of else sieve.not_data(raw.cells))
            if reason:
                hint = sieve.below(read) if reason == "repeated-header" else ""
                self.tell(table, raw, "rejected" if raw.broken else "ignored", reason, hint=hint)
                continue
            if table.path_of is None and sieve.width_problem(raw):
                self.reject(table, raw, "wrong-field-count", "the cells do not match the columns")
                continue
            cells = {name: self._stated(table, raw, columns) for name, columns in binding.fields.items()}
            assumed = {name for name in binding.profile.constants if not cells.get(name)}
            assumed -= {"state"} if cells.get("date") else set()  # what has a date is completed
            cells |= {name: binding.profile.constants[name] for name in assumed}
            cells |= {name: plain(cells[name]) for name in _WHO & cells.keys()}
            if by_name:
                cells |= {"person": stand_in(self.workforce, cells), "manager": self._by_name(cells)}
            if is_summary(cells):
                self.tell(table, raw, "ignored", "total")
                continue
            mark = digest(table, raw)
            if mark in seen and cells.get("person", "person"):
                self.tell(table, raw, "duplicate", "same-cells", before=table.locator(seen[mark]))
                continue
            seen[mark] = raw.number
            others = [self.text(table, raw, column) for column in binding.fields.get("manager", [])]
            yield raw, cells | {"=role": self.exact(table, raw, binding), "=managers": "\x1f".join(others)}

    def _stated(self, table: Table, raw: Raw, columns: list[Column]) -> str:
        """Return what the first column of a field states that states anything."""
        for column in columns:
            if found := self.text(table, raw, column):
                return found
        return ""

    def _by_name(self, cells: dict[str, str]) -> str:
        """Return the manager, who among people without ids is known by name as well, be it of one word."""
        stated = cells.get("manager", "")
        return named_id(self.workforce, stated) if stated.isalpha() else stated

    @staticmethod
    def exact(table: Table, raw: Raw, binding: Binding) -> str:
        """Return the role as it is written, with all its spaces."""
        columns = binding.fields.get("role_level") or binding.fields.get("role")
        return str(cell_of(table, raw, columns[0].place)) if columns else ""

    @staticmethod
    def text(table: Table, raw: Raw, column: Column) -> str:
        """Return a cell as text, missing-value words included."""
        cell = cell_of(table, raw, column.place) if column.place >= 0 else ""
        found = plain(cell)
        return found or ("" if cell is None else str(cell).strip())

    def tell(self, table: Table, raw: Raw, action: str, reason: str, **more: Any) -> None:
        """Tell what became of a record."""
        self.told.append(
            Told(table.source, more.pop("locator", table.locator(raw.number)), action, reason=reason, **more)
        )

    def reject(self, table: Table, raw: Raw, reason: str, hint: str, **more: Any) -> None:
        """Tell that a record is rejected, and keep it to be fixed."""
        self._hand_back(table, raw, "rejected", reason, hint, **more)

    def spare_of(self, table: Table, raw: Raw, reason: str, hint: str, **more: Any) -> None:
        """Tell that a record repeats the id of another one, and keep it to be fixed."""
        self._hand_back(table, raw, "duplicate", reason, hint, **more)

    def _hand_back(self, table: Table, raw: Raw, action: str, reason: str, hint: str, **more: Any) -> None:
        """Tell what became of a record, and keep it to be fixed."""
        self.tell(table, raw, action, reason, hint=hint, **more)
        locator = table.locator(raw.number)
        self.spare.append(Spare(table.source, table.sheet, locator, table.names, texts(table, raw), reason, hint))

    def plan(
        self,
        document: Workforce,
        before: Workforce | None,
        told: list[Told],
        *,
        appended: tuple[Evidence, ...] | None = None,
        store: Any = None,  # noqa: ANN401 - a Store
    ) -> ImportPlan:
        """Return the plan for what was read."""
        journal = Journal()
        journal.extend(self.told)
        journal.extend(told)
        return ImportPlan(
            records=journal.rows(),
            notes=tuple(self.notes),
            outcome=DocumentOutcome(document, before, appended=appended),
            taken_for=tuple(self.columns),
            spare=tuple(self.spare),
            profiles=tuple(dict.fromkeys(self.profiles)),
            records_read=self.records,
            tally=journal.counts(),
            personal=frozenset(place for place, _ in self.columns),
            store=store,
        )


def given_parts(source: Source) -> list[Part]:
    """Return the parts of a source.

    Raises
    ------
    ParseError
        When a file, folder or archive has none.
    """
    found = list(parts(source))
    if not found and isinstance(source, str | Path | bytes):
        hint = "name a file, a folder or an archive with tables"
        raise ParseError([Issue("nothing-to-read", "there is no file in it that can hold people", hint=hint)])
    return found


def stored_workforce(store: Any, id_: str) -> Workforce | None:  # noqa: ANN401 - a Store
    """Return the workforce that a store holds, if any."""
    if store is None:
        return None
    try:
        found = store.load(id_)
    except NotStoredError:
        return None
    if not isinstance(found, Workforce):
        issue = Issue("wrong-kind", f"{id_!r} is a {found.kind} in the store", (id_,), hint="choose another workforce=")
        raise ParseError([issue])
    return found
