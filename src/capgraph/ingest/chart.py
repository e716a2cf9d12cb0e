"""People and teams under construction: org charts, lists of people, trees of teams."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from capgraph.errors import DocumentError, Issue
from capgraph.formats import values
from capgraph.formats.draft import closing_chains
from capgraph.ingest.column_notes import left_out_of_people
from capgraph.ingest.person_keys import (
    VACANT,
    Aliases,
    bare_name,
    has_people,
    is_gone,
    name_in,
    person_id,
    without_boss,
)
from capgraph.ingest.person_tables import team_id
from capgraph.ingest.role_names import role_names
from capgraph.ingest.told import Told
from capgraph.ingest.whose import about_things, are_teams
from capgraph.model import Person, Team, Workforce
from capgraph.text import normalize

if TYPE_CHECKING:
    from collections.abc import Iterator

    from capgraph.ingest.columns import Binding
    from capgraph.ingest.person_tables import PeopleReading
    from capgraph.ingest.tables import Raw, Table
    from capgraph.model import Framework


class Chart:
    """People and teams under construction.

    Parameters
    ----------
    reading : PeopleReading
        The tables.
    framework : Framework or None
        The roles whose labels they use.
    names : bool
        Whether the names of people are taken in.
    """

    def __init__(self, reading: PeopleReading, framework: Framework | None, *, names: bool) -> None:
        self.reading, self.names = reading, names
        self.people: dict[str, dict[str, Any]] = {}
        self.teams: dict[str, dict[str, Any]] = {}
        self.places: dict[str, tuple[str, str]] = {}
        self._listed: list[str] = []
        self.aliases = Aliases(reading.workforce)
        self._named: dict[str, str] = {}
        self._first: Any = ""
        self._bosses: dict[str, tuple[str, ...]] = {}
        self._has_roles = framework is not None
        self._roles = role_names(framework)

    def take(self, table: Table, binding: Binding) -> None:
        """Take in the records of a table: people, or teams where it has no people."""
        things = about_things(table, binding) if has_people(table, binding) else ""
        if things:
            self.reading.notes.append(f"{table.source}: nothing was read from it; {things}")
            return
        if not has_people(table, binding):
            if not {"team", "team_label"} & binding.fields.keys() or not are_teams(binding):
                hint = about_things(table, binding) or "name the column of ids, mail addresses or names in a profile"
                self.reading.notes.append(f"{table.source}: neither people nor teams, so nothing was read; {hint}")
                return
            self.reading.notes.append(f"{table.source}: no column tells people apart, so its rows are read as teams")
            for raw, cells in self.reading.rows(table, binding):
                named = {"team_label": cells.get("team_label") or cells.get("label", "")}
                id_ = self._team(table, raw, cells | named)
                if id_:
                    self._listed.append(id_)
                else:
                    self.reading.reject(table, raw, "missing-team", "fill in the id of the team")
            return
        self._first = binding.fields["since"][0].rule.first if "since" in binding.fields else ""
        left = left_out_of_people(binding)
        self.reading.notes.extend([f"{table.source}: {left}"] if left else [])
        for raw, cells in self.reading.rows(table, binding):
            self._person(table, raw, cells)

    def _team(self, table: Table, raw: Raw, cells: dict[str, str]) -> str:
        """Take in one team, and return its id."""
        key = cells.get("team") or cells.get("team_label", "")
        if not key:
            return ""
        id_ = team_id(self.reading.workforce, key)
        team = self.teams.setdefault(id_, {"id": id_, "label": key, "broader": ()})
        if cells.get("team_label"):
            team["label"] = cells["team_label"]
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
            if state in VACANT or normalize(cells.get("label", "")) in VACANT:
                reading.tell(table, raw, "ignored", "vacant-post")
            else:
                reading.reject(table, raw, "missing-person", "fill in the id of the person")
            return
        id_ = person_id(reading.workforce, key)
        person = self.people.get(id_)
        name = bare_name(name_in(cells))
        if person is not None and name and self._named.setdefault(id_, name) != name:
            hint = f"the first one counts ({self.places[id_][1]}); give this one an id of its own, or one name to both"
            reading.spare_of(table, raw, "id-used-with-other-name", hint, asset=id_, field="label")
            return
        if name:
            self._named.setdefault(id_, name)
            self.aliases.add(name_in(cells), id_)
        named = {**cells, "team": without_boss(cells.get("team", ""), cells.get("manager", ""))}
        team = self._team(table, raw, named) if named["team"] else ""
        if person is not None:
            person["teams"] = tuple(dict.fromkeys([*person["teams"], *filter(None, [team])]))
            hint = "if these are two people, give each an id of its own"
            reading.tell(table, raw, "merged", "second-post", asset=id_, before=self.places[id_][1], hint=hint)
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
        if is_gone(state) or is_gone(normalize(cells.get("state", ""))):
            known = self.people[id_]
            kept = known.get("extensions", {}).get("people", {})
            known["extensions"] = {"people": {**kept, "status": cells["status" if is_gone(state) else "state"]}}
            reading.tell(table, raw, "remark", "has-left", asset=id_, field="status")

    def _describe(self, table: Table, raw: Raw, cells: dict[str, str], person: dict[str, Any]) -> None:
        """Set the plain fields of a person."""
        if cells.get("manager"):
            person["manager"] = person_id(self.reading.workforce, cells["manager"])
            others = filter(None, cells["=managers"].split("\x1f"))
            self._bosses[person["id"]] = tuple(person_id(self.reading.workforce, other) for other in others)
        if cells.get("site"):
            person["site"] = cells["site"]
        if self.names:
            person["label"] = name_in(cells)
        readers = (("since", lambda text: values.day(text, first=self._first or None)), ("language", values.language))
        for name, read in readers:
            try:
                found = read(cells.get(name, ""))
            except ValueError:
                self.reading.tell(table, raw, "remark", f"{name}-unreadable", asset=person["id"], field=name)
                continue
            if found is not None:
                person[name] = found.date if isinstance(found, values.Day) else found

    def _role(self, table: Table, raw: Raw, cells: dict[str, str], person: dict[str, Any]) -> None:
        """Set the role of a person: the level of a role where one is stated, by its label."""
        wanted = self._roles.get(("", normalize(cells.get("target_role", ""))))
        if wanted:
            person["target_roles"] = (wanted,)
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
        """Drop managers and broader teams that nobody knows; tell them, and chains of managers that are circles."""
        told: list[Told] = []
        known = {person.id for person in before.people} if before else set()
        teams = {team.id for team in before.teams} if before else set()
        for id_, person in self.people.items():
            manager = person.get("manager")
            if manager and manager not in self.people:
                named = map(self.aliases.resolve, self._bosses[id_])
                manager = person["manager"] = next(
                    (one for one in named if one in self.people or one in known), manager
                )
            if manager and manager not in self.people and manager not in known:
                del person["manager"]
                hint = "add the manager to the list, or state the id, as where several people have the name"
                shown = manager if any(map(str.isdigit, manager)) else None  # else it may be a name
                told.append(Told(*self.places[id_], "remark", id_, "manager", None, shown, "manager-not-in-file", hint))
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
        for id_, person in self.people.items():
            place = self.places[id_]
            old = known.get(id_)
            if old is None:
                yield Told(*place, "added", id_)
                continue
            new = Person.model_validate({**old.__dict__, **person, "provenance": old.provenance})
            person.clear()
            person.update(new.__dict__)
            changed = [name for name in Person.model_fields if getattr(old, name) != getattr(new, name)]
            for name in changed:
                yield Told(*place, "changed", id_, name, _short(getattr(old, name)), _short(getattr(new, name)))
            if not changed:
                yield Told(*place, "unchanged", id_)
        was, now = {team.id: team for team in before.teams} if before else {}, self._teams(before)
        for id_ in dict.fromkeys(self._listed):
            action = "added" if id_ not in was else "unchanged" if was[id_] == now[id_] else "changed"
            yield Told(*self.places[id_], action, id_)
        for id_ in sorted(known.keys() - self.people.keys()) if self.people else ():
            yield Told("", "", "missing", id_, reason="not-in-source", hint="the person stays")

    def _teams(self, before: Workforce | None) -> dict[str, Team]:
        """Return the teams as they will be: one that is known changes by a table of teams, not by being mentioned."""
        teams = {team.id: team for team in before.teams} if before else {}
        for id_, fields in self.teams.items():
            if id_ not in teams or id_ in self._listed:
                old = teams[id_].__dict__ if id_ in teams else {}
                teams[id_] = Team.model_validate({**old, **fields})
        return teams

    def document(self, before: Workforce | None) -> Workforce:
        """Return the workforce as it will be.

        Raises
        ------
        DocumentError
            When what is left contradicts itself.
        """
        people = {person.id: person for person in before.people} if before else {}
        teams = self._teams(before)
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
