"""What the columns of a table about people mean by what stands in them, where their names alone mislead."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from capgraph.formats import values
from capgraph.formats.cells import is_missing, plain
from capgraph.formats.headers import spelled
from capgraph.formats.lexicon import COMPLETED
from capgraph.ingest.columns import cell_of
from capgraph.ingest.profile import generic
from capgraph.text import normalize

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from capgraph.ingest.columns import Binding, Column
    from capgraph.ingest.tables import Table

KEY_WORDS = frozenset({"id", "ids", "code", "key", "no", "nr", "number", "nummer", "#"})
"""The words with which the names of columns of codes end."""
_TITLES = frozenset({"title", "titel", "titre", "título", "titolo"})
_HONORIFICS = frozenset(
    {"mr", "mrs", "ms", "miss", "dr", "prof", "herr", "frau", "m", "mme", "sr", "sra", "ing", "mgr"}
)
_PARENTS = frozenset({"parent", "parent id", "parentid", "parent key", "pid"})
_MOST = 0.8
_COURSES = frozenset({"asset", "asset_title", "date", "state", "score"})


class Settling:
    """The columns of one table about people, looked at once more.

    Parameters
    ----------
    table : Table
        The table.
    binding : Binding
        What its columns mean by their names.
    """

    def __init__(self, table: Table, binding: Binding) -> None:
        self.table, self.columns = table, list(binding.columns)
        self.fields = {name: list(columns) for name, columns in binding.fields.items()}
        self._binding = binding

    def settled(self) -> Binding:
        """Return what the columns mean."""
        self._names_of_people()
        self._ids_that_lack()
        self._managers()
        self._roles()
        self._days()
        self._teams()
        return replace(self._binding, columns=tuple(self.columns), fields=self.fields)

    def _cells(self, column: Column) -> list[str]:
        """Return the filled cells of a column in the sample."""
        cells = (cell_of(self.table, raw, column.place) for raw in self.table.sample if not raw.broken)
        return [plain(cell) for cell in cells if not is_missing(cell)]

    def _free(self, names: Sequence[str]) -> Iterator[Column]:
        """Yield the columns that no field has, whose names are among some, in the order of these."""
        wanted = {spelled(name): place for place, name in enumerate(names)}
        free = [column for column in self.columns if column.use == "kept" and spelled(column.name) in wanted]
        yield from sorted(free, key=lambda column: wanted[spelled(column.name)])

    def _take(self, column: Column, field: str, because: str) -> None:
        """Give a column to a field, and take it from the one that it had."""
        if column.field in self.fields:
            left = [other for other in self.fields[column.field] if other.place != column.place]
            self.fields[column.field] = left
            if not left:
                del self.fields[column.field]
        rule = replace(column.rule, first=values.day_order(self._cells(column)) or "")
        taken = replace(column, use="used" if field else "kept", field=field, because=because, rule=rule)
        self.columns = [taken if other.place == column.place else other for other in self.columns]
        if field:
            self.fields[field] = [*self.fields.get(field, []), taken]

    def _names_of_people(self) -> None:
        """Read names as names, be they under the heading of ids."""
        for column in self.fields.get("person", [])[:1]:
            named = spelled(column.name).split()
            if "label" not in self.fields and not KEY_WORDS & set(named) and are_names(self._cells(column)):
                self._take(column, "label", "its cells look like names, not like ids")
        if "label" not in self.fields and "first_name" not in self.fields:
            for column in self._free(generic("people").columns["person"]):
                if are_names(self._cells(column)):
                    self._take(column, "label", "its cells look like names")
                    break

    def _ids_that_lack(self) -> None:
        """Tell people apart by mail address, where most have one and no id."""
        for column in self.fields.get("person", [])[:1]:
            mails = self._cells(self.fields["email"][0]) if "email" in self.fields else []
            if len(mails) > 2 * len(self._cells(column)):
                self._take(column, "", "most people have a mail address, and no id here")

    def _managers(self) -> None:
        """Read the ids of other people in a column of parents as those of managers."""
        if "manager" in self.fields or "person" not in self.fields or "team_label" in self.fields:
            return
        people = set(self._cells(self.fields["person"][0]))
        for column in [*self.fields.get("team_broader", []), *self._free(tuple(_PARENTS))]:
            parents = set(self._cells(column))
            if parents and len(parents & people) >= len(parents) / 2:
                self._take(column, "manager", "its cells are ids of people")
                return

    def _roles(self) -> None:
        """Read the titles of people as their roles, where there is nothing about courses."""
        if "role" in self.fields or _COURSES - {"asset_title"} & self.fields.keys():
            return
        for column in self.fields.get("asset_title", []):
            texts = {normalize(text).rstrip(".") for text in self._cells(column)}
            if spelled(column.name) in _TITLES and self.fields.keys() & {"person", "label", "email", "first_name"}:
                about = "role" if texts - _HONORIFICS else ""
                self._take(column, about, "of people, it is the role" if about else "it holds forms of address")

    def _days(self) -> None:
        """Read a column that says whether, and not when, as a state; and look for the days elsewhere."""
        for column in self.fields.get("date", [])[:1]:
            cells = self._cells(column)
            if not cells or any(map(is_day, cells)):
                continue
            said = all(normalize(text) in COMPLETED or _is_boolean(text) for text in cells)
            self._take(column, "state" if said and "state" not in self.fields else "", "its cells are no days")
        if "date" not in self.fields:
            for column in self._free(generic("people").columns["date"]):
                if any(map(is_day, self._cells(column))):
                    self._take(column, "date", "its name, and its cells are days")
                    return

    def _teams(self) -> None:
        """Name teams, of which there are ids, by the column of their names; or know them by that alone."""
        teams = self.fields.get("team", [])
        if not teams and "team_label" in self.fields and "team_broader" not in self.fields and self._has_people():
            self._take(self.fields["team_label"][0], "team", "it names the teams of people")
        elif len(teams) > 1 and "team_label" not in self.fields and is_key(teams[0]) and not is_key(teams[1]):
            self._take(teams[1], "team_label", "it names the teams whose ids are beside it")

    def _has_people(self) -> bool:
        """Return whether the records are about people."""
        return bool(self.fields.keys() & {"person", "email", "first_name", "last_name"})


def is_key(column: Column) -> bool:
    """Return whether a column is named as one of codes."""
    words = spelled(column.name).split()
    return bool(words) and (words[-1] in KEY_WORDS or words[-1].endswith(("id", "ids")))


def is_day(text: str) -> bool:
    """Return whether a text is a day, and not only a number, unless that is written as one: 20260331."""
    if text.isdigit() and len(text) != len("20260331"):
        return False
    try:
        return values.day(text) is not None
    except ValueError:
        return False


def _is_boolean(text: str) -> bool:
    """Return whether a text says yes or no."""
    try:
        return values.boolean(text) is not None
    except ValueError:
        return False


def are_names(texts: Sequence[str]) -> bool:
    """Return whether most texts are names: without digits, and with a capital or more than one word."""
    named = [text for text in texts if not any(sign.isdigit() or sign in "@_" for sign in text)]
    like = sum(not text[0].islower() and (" " in text or not text.isupper()) for text in named)
    return bool(texts) and like >= _MOST * len(texts)
