"""Import of people and teams: lists, org charts, team trees; what does not fit is told and the rest is kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from capgraph.errors import DocumentError, Issue, NotStoredError, ParseError
from capgraph.formats import values
from capgraph.formats.cells import plain
from capgraph.formats.draft import closing_chains
from capgraph.formats.identity import is_id, mint, slug
from capgraph.ingest.columns import Binding, bind, cell_of
from capgraph.ingest.intake import Spare
from capgraph.ingest.parts import parts
from capgraph.ingest.plan import ImportPlan, PlanRow
from capgraph.ingest.profile import Profile, generic, profile_named
from capgraph.ingest.rows import Sieve, digest
from capgraph.ingest.sniff import known_names
from capgraph.ingest.tables import tables
from capgraph.ingest.told import Told
from capgraph.model import Person, Team, Workforce
from capgraph.text import normalize

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from capgraph.ingest.columns import Column
    from capgraph.ingest.parts import Source
    from capgraph.ingest.tables import Raw, Table
    from capgraph.model import Framework

_PLAIN_KEY = re.compile(r"[\w.+-]+")
_GONE = frozenset({"left", "terminated", "inactive", "leaver", "resigned", "retired", "ausgeschieden", "parti"})
_VACANT = frozenset({"vacant", "open", "vacancy", "unbesetzt", "vakant", "tbh", "to be hired"})


def person_id(workforce: str, key: str) -> str:
    """Return the id of a person: the key itself where it is an id, ``person:`` and the key, or a minted one.

    A mail address or a name never becomes part of an id.
    """
    if is_id(key):
        return key
    return f"person:{key}" if _PLAIN_KEY.fullmatch(key) else mint(workforce, "person", key)


def team_id(workforce: str, key: str) -> str:
    """Return the id of a team, in the same way."""
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
        self.records = 0

    def tables(self, source: Source) -> Iterator[tuple[Table, Binding]]:
        """Yield the tables of a source, and what their columns mean."""
        for part in parts(source):
            for table in tables(part, self.profile, known_names("people")):
                binding = bind(table, self.profile or generic("people"), generic("people"))
                place = f"{table.source}!{table.sheet}" if table.sheet else table.source
                self.columns.extend((place, column) for column in binding.columns)
                self.notes.append(f"{place}: {', '.join(table.notes)}")
                yield table, binding

    def rows(self, table: Table, binding: Binding) -> Iterator[tuple[Raw, dict[str, str]]]:
        """Yield the records of a table with their fields as text; what is no record is told."""
        sieve = Sieve(table, binding)
        seen: dict[int, int] = {}
        for raw in table.records:
            self.records += 1
            if self.progress is not None and self.records % 1000 == 0:
                self.progress(self.records)
            reason = raw.broken or ("" if table.path_of else sieve.not_data(raw.cells))
            if reason:
                self.tell(table, raw, "rejected" if raw.broken else "ignored", reason)
                continue
            if table.path_of is None and sieve.width_problem(raw):
                self.reject(table, raw, "wrong-field-count", "the cells do not match the columns")
                continue
            cells = {name: self.text(table, raw, columns[0]) for name, columns in binding.fields.items()}
            mark = digest(table, raw)
            if mark in seen and cells.get("person", "person"):
                self.tell(table, raw, "duplicate", "same-cells", before=table.locator(seen[mark]))
                continue
            seen[mark] = raw.number
            yield raw, cells | {"=role": self.exact(table, raw, binding)}

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

    def tell(self, table: Table, raw: Raw, action: str, reason: str, **more: Any) -> None:  # noqa: ANN401 - fields of Told
        """Tell what became of a record."""
        self.told.append(
            Told(table.source, more.pop("locator", table.locator(raw.number)), action, reason=reason, **more)
        )

    def reject(self, table: Table, raw: Raw, reason: str, hint: str, **more: Any) -> None:  # noqa: ANN401 - fields of Told
        """Tell that a record is rejected, and keep it to be fixed."""
        from capgraph.ingest.assets import texts

        self.tell(table, raw, "rejected", reason, hint=hint, **more)
        locator = table.locator(raw.number)
        self.spare.append(Spare(table.source, table.sheet, locator, table.names, texts(table, raw), reason, hint))

    def plan(self, document: Workforce, before: Workforce | None, told: list[Told], **more: Any) -> ImportPlan:  # noqa: ANN401
        """Return the plan for what was read."""
        from capgraph.ingest.catalog import row_order

        rows = tuple(PlanRow(**item._asdict()) for item in sorted([*self.told, *told], key=row_order))
        return ImportPlan(
            records=rows,
            notes=tuple(self.notes),
            document=document,
            before=before,
            taken_for=tuple(self.columns),
            spare=tuple(self.spare),
            profiles=(self.profile.name if self.profile else "people",),
            records_read=self.records,
            **more,
        )


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


def import_people(
    source: Source,
    *,
    into: Any = None,  # noqa: ANN401 - a Store, whose module loads SQLAlchemy
    profile: Profile | str | Path | None = None,
    apply: bool | None = None,
    workforce: str = "workforce:main",
    before: Workforce | None = None,
    framework: Framework | None = None,
    names: bool = False,
    progress: Callable[[int], None] | None = None,
    author: str = "",
) -> ImportPlan:
    """Return what importing people and teams does to a workforce, and do it where a store is given.

    Parameters
    ----------
    source : path, bytes, mapping of names to bytes, or iterable of these or of rows
        Lists of people, org charts and trees of teams.
    into : Store or None
        The store that holds the workforce; with it, the plan is applied unless `apply` is False.
    profile : Profile, str or path, or None
        What the columns mean; None to find out.
    apply : bool or None
        Whether to write; None for whenever there is a store.
    workforce : str
        The id of the workforce.
    before : Workforce or None
        The workforce as it is, where it comes from elsewhere than the store.
    framework : Framework or None
        The roles whose labels the source uses; without it, roles are kept as text.
    names : bool
        Whether the names of people are taken in; else people are known by their ids alone.
    progress : callable or None
        Called with the number of records read so far.
    author : str
        Who imports.

    Returns
    -------
    ImportPlan
        Rows by file, place, action and field.  A manager who is not in the source, a chain of managers that leads back
        to its start, and a role that the framework does not know are remarks; the people are there.
    """
    chosen = profile_named(profile) if isinstance(profile, str) or hasattr(profile, "is_file") else profile
    known = before if before is not None else stored_workforce(into, workforce)
    reading = PeopleReading(workforce, chosen, progress)  # type: ignore[arg-type]
    chart = _Chart(reading, framework, names=names)
    for table, binding in reading.tables(source):
        chart.take(table, binding)
    told = chart.settle(known)
    document = chart.document(known)
    plan = reading.plan(document, known, told, store=into)
    return plan.apply(author=author) if (into is not None if apply is None else apply) else plan


class _Chart:
    """People and teams under construction."""

    def __init__(self, reading: PeopleReading, framework: Framework | None, *, names: bool) -> None:
        self.reading, self.names = reading, names
        self.people: dict[str, dict[str, Any]] = {}
        self.teams: dict[str, dict[str, Any]] = {}
        self.places: dict[str, tuple[str, str]] = {}
        self._has_roles = framework is not None
        self._roles = _role_names(framework)

    def take(self, table: Table, binding: Binding) -> None:
        """Take in the records of a table: people, or teams where it has no people."""
        if "person" not in binding.fields:
            if "team" not in binding.fields and "team_label" not in binding.fields:
                self.reading.notes.append(f"{table.source}: neither people nor teams, so nothing was read from it")
                return
            for raw, cells in self.reading.rows(table, binding):
                self._team(table, raw, cells)
            return
        for raw, cells in self.reading.rows(table, binding):
            self._person(table, raw, cells)

    def _team(self, table: Table, raw: Raw, cells: dict[str, str]) -> str:
        """Take in one team, and return its id."""
        key = cells.get("team") or cells.get("team_label", "")
        if not key:
            return ""
        id_ = team_id(self.reading.workforce, key)
        team = self.teams.setdefault(id_, {"id": id_, "label": cells.get("team_label") or key, "broader": ()})
        if cells.get("team_broader"):
            team["broader"] = (team_id(self.reading.workforce, cells["team_broader"]),)
        self.places.setdefault(id_, (table.source, table.locator(raw.number)))
        return id_

    def _person(self, table: Table, raw: Raw, cells: dict[str, str]) -> None:
        """Take in one person, or another post of a known one."""
        reading = self.reading
        key = cells.get("person", "")
        state = normalize(cells.get("status", ""))
        if not key:
            if state in _VACANT or normalize(cells.get("label", "")) in _VACANT:
                reading.tell(table, raw, "ignored", "vacant-post")
            else:
                reading.reject(table, raw, "missing-person", "fill in the id of the person")
            return
        id_ = person_id(reading.workforce, key)
        team = self._team(table, raw, cells) if cells.get("team") else ""
        person = self.people.get(id_)
        if person is not None:
            person["teams"] = tuple(dict.fromkeys([*person["teams"], *filter(None, [team])]))
            reading.tell(table, raw, "merged", "second-post", asset=id_, before=self.places[id_][1])
            return
        self.places[id_] = (table.source, table.locator(raw.number))
        person = {
            "id": id_,
            "teams": (team,) if team else (),
            "provenance": ({"source": table.source, "locator": self.places[id_][1]},),
        }
        self.people[id_] = person
        self._describe(table, raw, cells, person)
        self._role(table, raw, cells, person)
        if state in _GONE:
            person.setdefault("extensions", {})["people"] = {"status": cells["status"]}
            reading.tell(table, raw, "remark", "has-left", asset=id_, field="status")

    def _describe(self, table: Table, raw: Raw, cells: dict[str, str], person: dict[str, Any]) -> None:
        """Set the plain fields of a person."""
        if cells.get("manager"):
            person["manager"] = person_id(self.reading.workforce, cells["manager"])
        if cells.get("site"):
            person["site"] = cells["site"]
        if self.names:
            person["label"] = cells.get("label") or " ".join(
                filter(None, [cells.get("first_name"), cells.get("last_name")])
            )
        for name, read in (("since", values.day), ("language", values.language)):
            try:
                found = read(cells.get(name, ""))
            except ValueError:
                self.reading.tell(table, raw, "remark", f"{name}-unreadable", asset=person["id"], field=name)
                continue
            if found is not None:
                person[name] = found.date if isinstance(found, values.Day) else found

    def _role(self, table: Table, raw: Raw, cells: dict[str, str], person: dict[str, Any]) -> None:
        """Set the role of a person: the level of a role where one is stated, by its label."""
        stated = [text for text in (cells.get("role_level"), cells.get("role")) if text]
        if not stated:
            return
        found = self._roles.get((normalize(cells.get("role", "")), normalize(stated[0]))) or self._roles.get(
            ("", normalize(stated[0]))
        )
        if found:
            person["roles"] = (found,)
            if ("=", cells["=role"]) not in self._roles:
                self.reading.tell(
                    table,
                    raw,
                    "remark",
                    "role-normalized",
                    asset=person["id"],
                    field="role",
                    before=cells["=role"],
                    after=found,
                )
            return
        person["extensions"] = {"people": {"role": cells.get("role", ""), "role_level": cells.get("role_level", "")}}
        if self._has_roles:
            hint = "add it to the framework, or correct the label"
            self.reading.tell(
                table, raw, "remark", "unknown-role", asset=person["id"], field="role", after=stated[0], hint=hint
            )

    def settle(self, before: Workforce | None) -> list[Told]:
        """Drop managers and broader teams that nobody knows, and tell them with the chains of managers that are circles."""
        told: list[Told] = []
        known = {person.id for person in before.people} if before else set()
        teams = {team.id for team in before.teams} if before else set()
        for id_, person in self.people.items():
            manager = person.get("manager")
            if manager and manager not in self.people and manager not in known:
                del person["manager"]
                hint = "add the manager to the list, or correct the id"
                told.append(
                    Told(*self.places[id_], "remark", id_, "manager", None, manager, "manager-not-in-file", hint)
                )
        edges = {id_: [person["manager"]] for id_, person in self.people.items() if person.get("manager")}
        for chain in closing_chains(edges):
            shown = " → ".join((*chain, chain[0]))
            told.append(
                Told(
                    *self.places[chain[0]],
                    "remark",
                    chain[0],
                    "manager",
                    None,
                    shown,
                    "reporting-cycle",
                    "correct one manager",
                )
            )
        for id_, team in self.teams.items():
            lost = [broader for broader in team["broader"] if broader not in self.teams and broader not in teams]
            if lost:
                team["broader"] = ()
                told.append(
                    Told(*self.places[id_], "remark", id_, "broader", None, lost[0], "team-not-in-file", "add the team")
                )
        return [*told, *self._compared(before)]

    def _compared(self, before: Workforce | None) -> Iterator[Told]:
        """Tell which people are new, changed or as they were, and which the source lacks."""
        known = {person.id: person for person in before.people} if before else {}
        for id_, fields in self.people.items():
            place = self.places[id_]
            old = known.get(id_)
            if old is None:
                yield Told(*place, "added", id_)
                continue
            new = Person.model_validate({**old.__dict__, **fields, "provenance": old.provenance})
            fields.clear()
            fields |= new.__dict__
            changed = [name for name in Person.model_fields if getattr(old, name) != getattr(new, name)]
            for name in changed:
                yield Told(*place, "changed", id_, name, _short(getattr(old, name)), _short(getattr(new, name)))
            if not changed:
                yield Told(*place, "unchanged", id_)
        for id_ in sorted(known.keys() - self.people.keys()) if self.people else ():
            yield Told("", "", "missing", id_, reason="not-in-source", hint="the person stays")

    def document(self, before: Workforce | None) -> Workforce:
        """Return the workforce as it will be.

        Raises
        ------
        DocumentError
            When what is left contradicts itself.
        """
        people = {person.id: person for person in before.people} if before else {}
        teams = {team.id: team for team in before.teams} if before else {}
        teams |= {id_: Team.model_validate(team) for id_, team in self.teams.items()}
        for id_, fields in self.people.items():
            try:
                people[id_] = Person.model_validate(fields)
            except DocumentError as error:
                issues = [
                    Issue(issue.code, f"{id_!r}: {issue.message}", (id_,), issue.where, issue.hint)
                    for issue in error.issues
                ]
                raise DocumentError.of(issues, "Workforce") from None
        if before is not None:
            return before.replace(people=tuple(people.values()), teams=tuple(teams.values()))
        return Workforce(id=self.reading.workforce, people=tuple(people.values()), teams=tuple(teams.values()))


def _short(value: object) -> object:
    """Return a value as a plan shows it."""
    return list(value) if isinstance(value, tuple) else value


def _role_names(framework: Framework | None) -> dict[tuple[str, str], str]:
    """Return the ids of roles by label, and by the label of the broader role and their own."""
    found: dict[tuple[str, str], str] = {}
    labels = {role.id: role.label for role in framework.roles} if framework else {}
    for role in framework.roles if framework else ():
        for label in (role.label, *role.alternative_labels):
            for broader in role.broader:
                found.setdefault((normalize(labels.get(broader, "")), normalize(label)), role.id)
            found.setdefault(("", normalize(label)), role.id)
            found.setdefault(("=", label), role.id)
    return found
