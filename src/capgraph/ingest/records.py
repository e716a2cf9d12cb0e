"""Records of evidence under construction: from matrices, lists of assessments, completions, xAPI statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from capgraph.errors import DocumentError
from capgraph.formats import values
from capgraph.formats.identity import is_id, mint
from capgraph.formats.lexicon import COMPLETED, METHODS
from capgraph.formats.tabular import column_name
from capgraph.formats.xapi import records as xapi_records
from capgraph.ingest.columns import cell_of
from capgraph.ingest.courses import day_of
from capgraph.ingest.finding import json_records
from capgraph.ingest.levels import LevelProblem
from capgraph.ingest.parts import parts
from capgraph.ingest.person_keys import Aliases, has_people, person_id
from capgraph.ingest.told import Told
from capgraph.model import Evidence, Person, Workforce
from capgraph.text import normalize

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from capgraph.ingest.columns import Binding, Column
    from capgraph.ingest.levels import Levels
    from capgraph.ingest.part import Part
    from capgraph.ingest.parts import Source
    from capgraph.ingest.person_tables import PeopleReading
    from capgraph.ingest.tables import Raw, Table

_ABOUT_PEOPLE = frozenset(
    {
        "person", "label", "first_name", "last_name", "email", "team", "team_label", "role", "role_level", "manager",
        "site",
    }
)  # fmt: skip


class Ledger:
    """Evidence under construction."""

    def __init__(
        self,
        reading: PeopleReading,
        known: Workforce | None,
        levels: Levels,
        courses: Mapping[tuple[str, str], str],
        as_of: dt.date,
    ) -> None:
        self.reading, self.known, self.levels, self.as_of = reading, known, levels, as_of
        self.people = {person.id for person in known.people} if known else None
        self.aliases = Aliases(reading.workforce, known)
        self.courses = courses
        self.records: dict[str, Evidence] = {}
        self.places: dict[str, tuple[str, str]] = {}
        self.new: list[Evidence] = []
        self.defaults: dict[str, Any] = {}

    def read(self, source: Source) -> None:
        """Read everything: statements first, then tables."""
        given = list(parts(source))
        tables = []
        for part in given:
            if part.rows is None and b'"actor"' in part.head():
                self._statements(part.name, json_records(part.read(), part.name).records)
            else:
                tables.append(part)
        for part in tables:
            self._tables(part)

    def _tables(self, part: Part) -> None:
        """Read the tables of a part."""
        given = part.rows if part.rows is not None else {part.name: part.read()}
        for table, binding in self.reading.tables(list(given) if part.rows is not None else given):
            if not has_people(table, binding):
                place = f"{table.source}!{table.sheet}" if table.sheet else table.source
                self.reading.notes.append(f"{place}: no column of people, so nothing was read from it")
            elif "skill" in binding.fields or "skill_code" in binding.fields:
                self._assessments(table, binding)
            elif "asset" in binding.fields:
                self._completions(table, binding)
            else:
                self._matrix(table, binding)

    def _person(self, table: Table, raw: Raw, key: str) -> str:
        """Return the id of a person, or nothing where nobody has the key."""
        if not key:
            self.reading.reject(table, raw, "missing-person", "fill in the id of the person")
            return ""
        id_ = person_id(self.reading.workforce, key)
        if self.people is not None and id_ not in self.people:
            id_ = self.aliases.resolve(id_)
            if id_ not in self.people:
                hint = "import the person first, or correct the id; a name is known where one person's was taken in"
                self.reading.reject(table, raw, "unknown-person", hint)
                return ""
        return id_

    def _date(self, table: Table, raw: Raw, text: str, first: str) -> dt.date | None:
        """Return a day that is not in the future, or tell why there is none."""
        if not text:
            self.reading.reject(table, raw, "missing-date", "fill in the date", field="date")
            return None
        try:
            found = values.day(text, first=first or None)  # type: ignore[arg-type]
        except ValueError:
            found = None
        if found is None:
            self.reading.reject(table, raw, "unreadable-date", "write it as 2026-03-31", field="date", after=text)
            return None
        if found.date > self.as_of:
            self.reading.reject(table, raw, "date-in-future", f"it lies after {self.as_of}", field="date", after=text)
            return None
        return found.date

    def _matrix(self, table: Table, binding: Binding) -> None:
        """Read a matrix: people in rows, skills in columns."""
        about = {
            column.place for name, columns in binding.fields.items() if name in _ABOUT_PEOPLE for column in columns
        }
        skills = [
            column
            for column in binding.columns
            if column.place not in about and column.name and column.use != "ignored"
        ]
        seen: set[str] = set()
        for raw, cells in self.reading.rows(table, binding):
            if not cells.get("person"):
                self.reading.tell(table, raw, "ignored", "no-person")
                continue
            person = self._person(table, raw, cells["person"])
            if person in seen:
                self.reading.tell(table, raw, "duplicate", "person-repeated", asset=person, hint="the first row counts")
            elif person:
                seen.add(person)
                for column in skills:
                    self._cell(table, raw, person, column)

    def _cell(self, table: Table, raw: Raw, person: str, column: Column) -> None:
        """Read one cell of a matrix."""
        cell = cell_of(table, raw, column.place)
        if cell is None or not str(cell).strip():
            return
        locator = f"{table.sheet}!" if table.sheet else ""
        locator += f"{column_name(column.place)}{raw.number}"
        where = {"locator": locator, "asset": person, "field": column.name}
        capability = self.levels.capability(column.name, self.reading.workforce)
        try:
            level = self.levels.rank(cell, capability, where=f"{table.source} {locator}")
        except LevelProblem as problem:
            action = "ignored" if problem.reason == "not-applicable" else "rejected"
            self.reading.tell(table, raw, action, problem.reason, after=str(cell), hint=problem.hint, **where)
            return
        if level is None:
            self.reading.tell(table, raw, "ignored", f"zero-{self.levels.zero_means.replace('_', '-')}", **where)
            return
        self._add(table.source, locator, {"person": person, "capability": capability, "level": level, **self.defaults})

    def _assessments(self, table: Table, binding: Binding) -> None:
        """Read a long list of assessments."""
        first = binding.fields["date"][0].rule.first if "date" in binding.fields else ""
        for raw, cells in self.reading.rows(table, binding):
            person = self._person(table, raw, cells.get("person", ""))
            stated = cells.get("skill") or cells.get("skill_code", "")
            capability = self.levels.known(stated) or (self.levels.known(cells.get("skill_code", "")))
            if not person:
                continue
            if not capability and self.levels.has_framework:
                self.reading.reject(
                    table, raw, "unknown-skill", "correct the label, or add it to the framework", field="skill"
                )
                continue
            capability = capability or self.levels.capability(stated, self.reading.workforce)
            self._assessment(table, raw, cells, {"person": person, "capability": capability}, first)

    def _assessment(self, table: Table, raw: Raw, cells: dict[str, str], record: dict[str, Any], first: str) -> None:
        """Read one assessment."""
        method = METHODS.get(normalize(cells.get("method", ""))) if "method" in cells else self.defaults["kind"]
        if method is None:
            self.reading.reject(
                table, raw, "unknown-method", "use self, manager, peer, test or observation", field="method"
            )
            return
        date = self._date(table, raw, cells.get("date", ""), first) if "date" in cells else self.defaults["date"]
        if date is None:
            return
        try:
            record |= self.levels.shown(cells.get("level", ""), cells.get("score", ""), record["capability"])
        except LevelProblem as problem:
            self.reading.reject(table, raw, problem.reason, problem.hint, field="level")
            return
        record |= {"kind": method, "date": date, "source": cells.get("system", ""), "note": cells.get("note", "")}
        expires = day_of(cells.get("expires", ""))
        if expires is not None and expires >= date:
            record["expires"] = expires
        self._add(table.source, table.locator(raw.number), record)

    def _completions(self, table: Table, binding: Binding) -> None:
        """Read completions; the order of day and month is that of each source system."""
        rows = list(self.reading.rows(table, binding))
        texts: dict[str, list[str]] = {}
        for _, cells in rows:
            texts.setdefault(cells.get("system", ""), []).append(cells.get("date", ""))
        orders = {system: values.day_order(dates) or "" for system, dates in texts.items()}
        for raw, cells in rows:
            self._completion(table, raw, cells, orders[cells.get("system", "")])

    def _completion(self, table: Table, raw: Raw, cells: dict[str, str], first: str) -> None:
        """Read one completion."""
        state = normalize(cells.get("state") or cells.get("status") or "completed")
        if state not in COMPLETED:
            self.reading.tell(table, raw, "ignored", "not-completed", field="state", after=state)
            return
        person = self._person(table, raw, cells.get("person", ""))
        if not person:
            return
        course = self._course(cells)
        if not course:
            self.reading.reject(
                table, raw, "unknown-course", "import the course first, or correct the id", field="asset"
            )
            return
        if not cells.get("date"):
            self.reading.reject(table, raw, "completed-without-date", "fill in the date", field="date")
            return
        date = self._date(table, raw, cells["date"], first)
        if date is not None:
            record = {
                "person": person,
                "asset": course,
                "kind": "completion",
                "date": date,
                "source": cells.get("system", ""),
            }
            self._add(table.source, table.locator(raw.number), record)

    def _course(self, cells: dict[str, str]) -> str:
        """Return the id of a course by the system and its id there, by its id alone, or by its code."""
        key, system = cells.get("asset", ""), normalize(cells.get("system", ""))
        if not self.courses:
            return key if is_id(key) else mint(self.reading.workforce, "asset", f"{system}/{key}") if key else ""
        return self.courses.get((system, key)) or self.courses.get(("", key), "")

    def _statements(self, name: str, statements: Sequence[Any]) -> None:
        """Read xAPI statements."""
        for item in xapi_records(statements):
            self.reading.records += 1
            where = (name, f"statement:{item.number}")
            if item.reason:
                self.reading.told.append(Told(*where, item.action, reason=item.reason, hint=item.hint))
                continue
            record = dict(item.record)
            record["person"] = self.aliases.resolve(person_id(self.reading.workforce, record["person"]))
            if self.people is not None and record["person"] not in self.people:
                self.reading.told.append(
                    Told(*where, "rejected", reason="unknown-person", hint="import the person first")
                )
                continue
            if "asset" in record:
                record["asset"] = self.courses.get(("", record["asset"]), record["asset"])
            self._add(*where, record)

    def _add(self, source: str, locator: str, record: dict[str, Any]) -> None:
        """Add one record; its id is made of what it says, so that the same record gives the same id twice."""
        said = [
            str(record.get(name, ""))
            for name in ("person", "capability", "asset", "kind", "level", "value", "date", "source")
        ]
        id_ = record.get("id") or mint(self.reading.workforce, "evidence", "\x1f".join(said))
        if id_ in self.records:
            first = self.places[id_][1]
            self.reading.told.append(Told(source, locator, "duplicate", id_, before=first, reason="same-evidence"))
            return
        try:
            evidence = Evidence.model_validate(
                {**record, "id": id_, "provenance": ({"source": source, "locator": locator},)}
            )
        except DocumentError as error:
            for issue in error.issues:
                self.reading.told.append(
                    Told(source, locator, "rejected", "", issue.where, None, None, issue.code, issue.hint)
                )
            return
        self.records[id_], self.places[id_] = evidence, (source, locator)

    def document(self) -> tuple[Workforce, list[Told]]:
        """Return the workforce as it will be, and what happens to each record."""
        known = {record.id: record for record in self.known.evidence} if self.known else {}
        told = []
        for id_, record in self.records.items():
            told.append(Told(*self.places[id_], "unchanged" if id_ in known else "added", id_, reason=""))
            if id_ not in known:
                self.new.append(record)
        if self.known is not None:
            return (self.known.replace(evidence=(*self.known.evidence, *self.new)) if self.new else self.known), told
        people = tuple(Person(id=id_) for id_ in sorted({record.person for record in self.new}))
        return Workforce(id=self.reading.workforce, people=people, evidence=tuple(self.new)), told
