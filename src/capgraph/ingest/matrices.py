"""Matrices: people in rows, and skills or courses in columns; what their cells say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from capgraph.formats import values
from capgraph.formats.cells import plain
from capgraph.formats.headers import without_brackets
from capgraph.formats.tabular import column_name
from capgraph.ingest.columns import cell_of
from capgraph.ingest.completions import is_done
from capgraph.ingest.levels import LevelProblem, is_not_applicable
from capgraph.ingest.matrix_columns import MatrixColumns, is_mark, is_undone, unfolded
from capgraph.text import normalize

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from capgraph.ingest.columns import Binding, Column
    from capgraph.ingest.records import Ledger
    from capgraph.ingest.tables import Raw, Table

_SHOWN = 12


class Matrix:
    """One table with a row for each person.

    Parameters
    ----------
    ledger : Ledger
        Where the records go.
    table : Table
        The table.
    binding : Binding
        What its columns mean.
    """

    def __init__(self, ledger: Ledger, table: Table, binding: Binding) -> None:
        self.ledger, self.reading, self.levels = ledger, ledger.reading, ledger.levels
        self.table, self.binding = table, binding
        self.columns = MatrixColumns(table, binding, self.levels, self.reading.workforce)
        self._first = ""
        self._marked: set[int] = set()

    @property
    def is_wide(self) -> bool:
        """Whether several columns are skills."""
        return len(self.columns.skills()) > 1

    def _note(self, told: str) -> None:
        """Note something about the table."""
        place = f"{self.table.source}!{self.table.sheet}" if self.table.sheet else self.table.source
        self.reading.notes.extend([f"{place}: {told}"] if told else [])

    def read(self) -> None:
        """Read everything, or tell why there is nothing to read."""
        self._note(self.columns.told)
        completions = self.ledger.completions
        skills = {} if completions else self.columns.skills()
        folded = [] if completions else self.columns.folded()
        done = {} if skills or folded else self.columns.courses(marks=completions)
        if not skills and not done and not folded:
            self._note(f"nothing was read from it; {self.columns.nothing(completions=completions)}")
            return
        dated = None if done else self.columns.dated()
        read = {*skills, *done, *folded, *([dated.place] if dated else [])}
        self._note(self.columns.left_out(read, completions=bool(done)))
        self._marked = self.columns.marked(tuple(skills))
        self._rows(skills, self._found(done), folded, dated)

    def _rows(
        self, skills: Mapping[int, str], courses: Mapping[int, str], folded: list[int], dated: Column | None
    ) -> None:
        """Read the rows, of each person the first, or the first of each day."""
        seen: set[tuple[str, dt.date | None]] = set()
        for raw, cells in self.reading.rows(self.table, self.binding):
            if not cells.get("person"):
                self.reading.tell(self.table, raw, "ignored", "no-person")
                continue
            person = self.ledger.person(self.table, raw, cells["person"])
            date = self._day(raw, dated) if person and dated else None
            if not person or (dated and date is None):
                continue
            if (person, date) in seen:
                hint = "the first row counts"
                self.reading.tell(self.table, raw, "duplicate", "person-repeated", asset=person, hint=hint)
                continue
            seen.add((person, date))
            for place, name in skills.items():
                self.level(raw, person, (place, name, cell_of(self.table, raw, place)), date)
            for place in folded:
                for name, cell in unfolded(cell_of(self.table, raw, place)).items():
                    self.level(raw, person, (place, name, cell), date)
            for place, course in courses.items():
                self._done(raw, person, place, course)

    def _day(self, raw: Raw, column: Column) -> dt.date | None:
        """Return the day of a row, or tell why there is none."""
        return self.ledger.date(self.table, raw, self.reading.text(self.table, raw, column), column.rule.first)

    def _found(self, done: dict[int, str]) -> dict[int, str]:
        """Return the ids of the courses by column; one that is not known is told once."""
        found = {}
        for place, name in done.items():
            course = self.ledger.courses.find("", name)
            if not course.id:
                course = self.ledger.courses.find("", without_brackets(name))
            if course.id:
                found[place] = course.id
                continue
            more = {"locator": f"column {column_name(place)}", "field": name, "hint": course.hint}
            self.reading.tell(self.table, self.table.sample[0], "rejected", course.reason, **more)
        texts = [plain(cell) for place in found for cell in self.columns.cells[place]]
        self._first = values.day_order(texts) or self.binding.profile.rule("date").first
        if found:
            self.ledger.note_courses()
            self.ledger.tell_order(self.table, texts if not self._first else ())
        return found

    def _where(self, raw: Raw, place: int, person: str) -> dict[str, Any]:
        """Return what tells the place of a cell; the name of a column only where it is no person's."""
        sheet = f"{self.table.sheet}!" if self.table.sheet else ""
        return {
            "locator": f"{sheet}{column_name(place)}{raw.number}", "asset": person, "field": self.table.names[place]
        }  # fmt: skip

    def level(self, raw: Raw, person: str, skill: tuple[int, str, object], date: dt.date | None) -> None:
        """Read one cell of a skill."""
        place, name, cell = skill
        if cell is None or not str(cell).strip():
            return
        where = self._where(raw, place, person) | {"field": name}
        capability = self.levels.capability(name, self.reading.workforce)
        said = self.levels.share(cell)
        if not said and place not in self._marked:
            try:
                rank = self.levels.rank(cell, capability, where=f"{self.table.source} {where['locator']}")
            except LevelProblem as problem:
                action = "ignored" if problem.reason == "not-applicable" else "rejected"
                shown = str(cell) if len(str(cell)) <= _SHOWN else None
                self.reading.tell(self.table, raw, action, problem.reason, after=shown, hint=problem.hint, **where)
                return
            if rank is None:
                reason = f"zero-{self.levels.zero_means.replace('_', '-')}"
                self.reading.tell(self.table, raw, "ignored", reason, **where)
                return
            said = {"level": rank}
        day = {"date": date} if date else {}
        record = {"person": person, "capability": capability, **said, **self.ledger.defaults, **day}
        self.ledger.add(self.table.source, where["locator"], record)

    def _done(self, raw: Raw, person: str, place: int, course: str) -> None:
        """Read one cell of a course: a day, a word that says whether, or a mark."""
        cell = cell_of(self.table, raw, place)
        text = "" if cell is None else str(cell).strip()
        where = self._where(raw, place, person)
        if not text:
            return
        shown = text if len(text) <= 2 * _SHOWN else None
        if is_not_applicable(text) or is_undone(text):
            reason = "not-applicable" if is_not_applicable(text) else "not-completed"
            self.reading.tell(self.table, raw, "ignored", reason, after=shown, **where)
            return
        said = is_mark(text) or is_done(normalize(text))
        date = self.ledger.stated_date if said else self.ledger.readable(plain(cell), self._first)
        if date is None or date > self.ledger.as_of:
            reason, hint = self._problem(date, said=said)
            self.reading.tell(self.table, raw, "rejected", reason, after=shown, hint=hint, **where)
            return
        record = {"person": person, "asset": course, "kind": "completion", "date": date}
        until = self.columns.until(place)
        last = plain(cell_of(self.table, raw, until)) if until is not None else ""
        self.ledger.add(self.table.source, where["locator"], record | self.ledger.expiry(last, date, self._first))

    def _problem(self, date: dt.date | None, *, said: bool) -> tuple[str, str]:
        """Return the code of what is wrong with the day of a completion, and what to do."""
        if date is not None:
            return "date-in-future", f"it lies after {self.ledger.as_of}"
        if said:
            return "completed-without-date", "write the day into the cell, or state one for all: date=, or --date"
        return "unreadable-date", "write it as 2026-03-31"
