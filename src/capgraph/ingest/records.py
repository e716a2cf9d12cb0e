"""Records of evidence under construction: from matrices, lists of assessments, completions, xAPI statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from capgraph.errors import DocumentError
from capgraph.formats import values
from capgraph.formats.identity import mint
from capgraph.formats.xapi import records as xapi_records
from capgraph.ingest.assessments import Assessments
from capgraph.ingest.completions import Completions
from capgraph.ingest.finding import json_records
from capgraph.ingest.matrices import Matrix
from capgraph.ingest.person_keys import Aliases, has_people, person_id
from capgraph.ingest.person_tables import given_parts
from capgraph.ingest.told import Told
from capgraph.ingest.turned import people_of
from capgraph.ingest.turned import read as read_turned
from capgraph.ingest.whose import courses_instead
from capgraph.model import Evidence, Person, Workforce

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from capgraph.ingest.courses import Courses
    from capgraph.ingest.levels import Levels
    from capgraph.ingest.part import Part
    from capgraph.ingest.parts import Source
    from capgraph.ingest.person_tables import PeopleReading
    from capgraph.ingest.tables import Raw, Table

_RATED = frozenset({"level", "score", "method", "value"})


class Ledger:
    """Evidence under construction."""

    def __init__(
        self,
        reading: PeopleReading,
        known: Workforce | None,
        levels: Levels,
        courses: Courses,
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
        self.stated_date: dt.date | None = None
        self.completions = False

    def read(self, source: Source) -> None:
        """Read everything: statements first, then tables."""
        given = given_parts(source)
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
            place = f"{table.source}!{table.sheet}" if table.sheet else table.source
            has_course = "asset" in binding.fields or "asset_title" in binding.fields
            has_skill = "skill" in binding.fields or "skill_code" in binding.fields
            turned = {} if self.completions or has_people(table, binding) else people_of(self, table, binding)
            if turned:
                read_turned(Matrix(self, table, binding), turned)
            elif not has_people(table, binding):
                hint = "add a column with the id, the mail address or the name of each person"
                self.reading.notes.append(f"{place}: no column of people, so nothing was read from it; {hint}")
            elif instead := courses_instead(table, binding):
                self.reading.notes.append(f"{place}: nothing was read from it; {instead}")
            elif has_course and (self.completions or not has_skill or not _RATED & binding.fields.keys()):
                self.note_courses()
                Completions(self).read(table, binding)
            elif has_skill and self.completions:
                self.reading.notes.append(
                    f"{place}: skills and no courses, so nothing was read from it; import evidence"
                )
            else:
                matrix = Matrix(self, table, binding)
                if has_skill and (_RATED & binding.fields.keys() or not matrix.is_wide):
                    Assessments(self).read(table, binding)
                else:
                    matrix.read()

    def note_courses(self) -> None:
        """Note that courses get ids of their own, where no catalog is known."""
        told = "no catalog is known, so courses get ids of their own; import the catalog first to find them in it"
        if not self.courses.are_known and told not in self.reading.notes:
            self.reading.notes.append(told)

    def person(self, table: Table, raw: Raw, key: str) -> str:
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

    def date(self, table: Table, raw: Raw, text: str, first: str) -> dt.date | None:
        """Return a day that is not in the future, or tell why there is none."""
        if not text:
            self.reading.reject(table, raw, "missing-date", "fill in the date", field="date")
            return None
        found = self.readable(text, first)
        if found is None:
            self.reading.reject(table, raw, "unreadable-date", "write it as 2026-03-31", field="date", after=text)
            return None
        if found > self.as_of:
            self.reading.reject(table, raw, "date-in-future", f"it lies after {self.as_of}", field="date", after=text)
            return None
        return found

    def readable(self, text: str, first: str) -> dt.date | None:
        """Return the day that a text states, or None."""
        try:
            found = values.day(text, first=first or None)  # type: ignore[arg-type]
        except ValueError:
            return None
        return found.date if found else None

    def expiry(self, text: str, date: dt.date, first: str) -> dict[str, dt.date]:
        """Return the last day on which a record counts, where one is stated that does not lie before its date."""
        found = self.readable(text, first)
        return {"expires": found} if found is not None and found >= date else {}

    def tell_order(self, table: Table, texts: Iterable[str]) -> None:
        """Note that the day was taken to come before the month, where nothing in a column told which does."""
        for text in texts:
            try:
                found = values.day(text)
            except ValueError:
                continue
            if found is not None and found.ambiguous:
                told = (
                    "days such as 3/4/2026 are read with the day first; state the order in a profile if it is the month"
                )
                self.reading.notes.append(f'{table.source}: {told}: [fields.date] first = "month"')
                return

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
                record["asset"] = self.courses.with_id(record["asset"]) or record["asset"]
            self.add(*where, record)

    def add(self, source: str, locator: str, record: dict[str, Any], *, by: str = "") -> None:
        """Add one record; its id is made of what it says, and who says so, so that the same gives the same id twice."""
        said = [
            str(record.get(name, ""))
            for name in ("person", "capability", "asset", "kind", "level", "value", "date", "source")
        ]
        said += [by] if by else []
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
