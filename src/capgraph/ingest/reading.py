"""The parts of a source of courses, read one after the other: tables and packages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from capgraph.errors import CapgraphError, Issue, ParseError
from capgraph.formats.identity import mint, slug
from capgraph.ingest.chosen import unfound
from capgraph.ingest.column_notes import told_columns, told_days, told_taxes, told_units
from capgraph.ingest.columns import bind
from capgraph.ingest.intake import Intake
from capgraph.ingest.personal import has_no_courses, is_personal, without_people
from capgraph.ingest.profile import Profile, generic
from capgraph.ingest.sniff import choose, known_names
from capgraph.ingest.tables import tables
from capgraph.ingest.told import Told

if TYPE_CHECKING:
    from collections.abc import Callable

    from capgraph.ingest.columns import Binding, Column
    from capgraph.ingest.drafts import Draft
    from capgraph.ingest.part import Part
    from capgraph.ingest.parts import Source
    from capgraph.ingest.tables import Table
    from capgraph.store import Composer

_EXPLAINING = 2
_PEOPLE = "this looks like a table about people; import people, evidence or completions"
_NO_COURSES = "no table of courses was found in it; name its columns in a profile"
_SAID = ("title", "description", "language", "extensions")
_DATED = re.compile(r"[\s_.-]*(?:\d{8}|\d{4}[-_]\d{2}[-_]\d{2}|\d{4}[-_]\d{2}|\(\d+\)|v\d+)(?=$|[\s_.-])")


def stem_of(source: Source, given: list[Part]) -> str:
    """Return the name of a source, without folder and ending."""
    path = Path(source) if isinstance(source, str | Path) else Path(given[0].name if given else "imported")
    return path.name.split(".")[0] if path.suffix else path.name


def undated(name: str) -> str:
    """Return a name without the date or number of its edition."""
    return _DATED.sub("", name)


class CatalogReading:
    """The parts of a source, read one after the other."""

    def __init__(
        self,
        catalog: str,
        profile: Profile | None,
        progress: Callable[[int], None] | None,
        composer: Composer | None = None,
    ) -> None:
        self.catalog, self.profile, self.progress = catalog, profile, progress
        self.intake = Intake(composer)
        self.columns: list[tuple[str, Column]] = []
        self.profiles: list[str] = []
        self.notes: list[str] = []
        self.sources: dict[str, str] = {}
        self.systems: set[str] = set()
        self.personal: set[str] = set()
        self._known = known_names()
        self._lost: list[Issue] = []

    def read(self, part: Part, *, alone: bool) -> None:
        """Read a part; where it is one of several, a broken one is told and the others are read."""
        try:
            found = self._package(part) if part.package else self._tables(part)
        except CapgraphError as error:
            if alone:
                raise
            issues = getattr(error, "issues", None) or [Issue("unreadable", str(error))]
            for issue in issues:
                self.intake.journal.tell(
                    Told(part.name, issue.where, "rejected", "", "", None, None, issue.code, str(issue))
                )
            return
        if not found:
            empty = part.rows is None and not part.head().strip(b"\xef\xbb\xbf \t\r\n")
            told = "it is empty; export it again" if empty else _NO_COURSES
            if alone:
                raise ParseError([*self._lost, Issue("no-courses", told)], path=part.name)
            self.intake.journal.tell(Told(part.name, "", "ignored", reason="no-courses", hint=told))

    def _package(self, part: Part) -> bool:
        """Read a course package."""
        from capgraph.ingest.packages import package_drafts

        for table in part.beside:
            self.notes.append(f"{part.name}: {table!r} lies in a course package, so nothing was read from it")
        for system, draft in package_drafts(part, self.catalog):
            self.systems.add(system)
            self.profiles.append(system)
            self.sources.setdefault(part.name, system)
            self.intake.records += 1
            earlier = self.intake.known(system, draft.key)
            if earlier is not None and any(earlier.data.get(name) != draft.data.get(name) for name in _SAID):
                _told_apart(draft, system, earlier)
            self.intake.place(system, draft)
        return True

    def _tables(self, part: Part) -> bool:
        """Read the tables of a part; return whether there were courses in any."""
        found = False
        small: list[tuple[Table, Binding]] = []
        for table in tables(part, self.profile, self._known):
            binding = bind(table, self.profile or choose(table), generic())
            self._lost.extend(lost := unfound(table, binding))
            self.notes.extend(f"{_place(table)}: {issue}" for issue in lost)
            if "title" not in binding.fields:
                self.notes.append(f"{_place(table)}: no column of titles, so nothing was read from it")
            elif self.profile is None and has_no_courses(table, binding):
                self.notes.append(f"{_place(table)}: {_PEOPLE}, so nothing was read from it")
                self._lost.append(Issue("about-people", _PEOPLE, (_place(table),)))
            elif table.sheet and _may_explain(table, binding):
                small.append((table, binding))
            else:
                found = True
                self._take(table, binding)
        for table, binding in small:
            if found:
                told = "no column is called a title here as in other sheets, so nothing was read from it"
                self.notes.append(f"{_place(table)}: {told}")
            else:
                self._take(table, binding)
        return found or bool(small)

    def _note(self, table: Table, binding: Binding, place: str) -> None:
        """Note what a person should know about the columns of a table."""
        if is_personal(table, binding):
            self.personal.add(place)
            self.notes.append(f"{place}: {_PEOPLE}")
        for told in told_columns(binding):
            self.notes.append(f"{place}: {told}")

    def _take(self, table: Table, binding: Binding) -> None:
        """Take in the records of a table."""
        profile, place = binding.profile, _place(table)
        if is_personal(table, binding):
            binding = without_people(binding)
        self._note(table, binding, place)
        system = profile.system or (profile.name if profile.match else slug(undated(stem_of(table.source, []))))
        self.systems.add(system)
        self.columns.extend((place, column) for column in binding.columns)
        self.profiles.append(profile.name)
        self.sources.setdefault(table.source, profile.name)
        self.notes.append(f"{place}: {', '.join([f'profile {profile.name}', *table.notes])}")
        told = (*told_units(table, binding), *told_days(table, binding), *told_taxes(table, binding))
        self.notes.extend(f"{place}: {note}" for note in told)
        self.intake.take(table, binding, self.catalog, system, self.progress)


def _place(table: Table) -> str:
    """Return the name of a table: its file, and its sheet where it has one."""
    return f"{table.source}!{table.sheet}" if table.sheet else table.source


def _may_explain(table: Table, binding: Binding) -> bool:
    """Return whether a sheet may only explain the words of others: two columns, and no name says which has titles."""
    named = sum(bool(name) for name in table.names)
    return named <= _EXPLAINING and any(column.because.startswith("its cells") for column in binding.fields["title"])


def _told_apart(draft: Draft, system: str, earlier: Draft) -> None:
    """Give a package an id of its own where another one, with other content, has the same identifier."""
    key = f"{draft.key}#{draft.source}"
    hint = f"{earlier.source} has the same identifier and other content; both are kept"
    draft.remarks.append(
        Told(draft.source, draft.locator, "remark", "", "id", draft.key, key, "identifier-shared", hint)
    )
    draft.data |= {
        "id": mint(draft.catalog, "asset", f"{system}/{key}"),
        "other_ids": ({"scheme": system, "value": key},),
    }
    draft.key = key
