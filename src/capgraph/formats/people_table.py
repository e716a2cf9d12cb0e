"""Workforces from plain tables: one person a row, with their roles, teams and manager."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from capgraph.errors import Issue, ParseError
from capgraph.formats.draft import Draft
from capgraph.formats.identity import slug
from capgraph.formats.idmap import Minter
from capgraph.formats.record import Format, Sniff
from capgraph.formats.tables import Aliases, fields_of, keep_rest, rest_of, sniffed
from capgraph.formats.tabular import as_text
from capgraph.formats.values import day, language, many
from capgraph.model import Workforce
from capgraph.text import normalize

if TYPE_CHECKING:
    from collections.abc import Mapping

    from capgraph.formats.content import Content
    from capgraph.formats.conversion import Ledger
    from capgraph.formats.tabular import Cell
    from capgraph.model import Framework

ALIASES: Aliases = {
    "id": ("id", "person", "person id", "employee id", "user id", "userid", "employee", "personnel number"),
    "label": ("label", "name", "full name", "display name", "employee name"),
    "first_name": ("first name", "given name", "firstname"),
    "last_name": ("last name", "surname", "family name", "lastname"),
    "roles": ("roles", "role", "job role", "job title", "position", "job"),
    "target_roles": ("target roles", "target role", "aims at", "next role"),
    "teams": ("teams", "team", "department", "unit", "org unit"),
    "manager": ("manager", "manager id", "reports to", "line manager", "supervisor"),
    "language": ("language", "preferred language"),
    "site": ("site", "location", "office"),
    "since": ("since", "start date", "hire date", "joined"),
}
"""The names of columns in lists of people, by field."""


def read_people(
    content: Content,
    ledger: Ledger,
    *,
    columns: Mapping[str, str] | None = None,
    framework: Framework | None = None,
    id: str = "",
    idmap: Mapping[str, str] | None = None,
) -> Workforce:
    """Return the workforce that a list of people holds; teams are made of their names.

    Parameters
    ----------
    columns : mapping of str to str or None
        The name of the column by field.
    framework : Framework or None
        The framework whose role labels the list uses.
    id : str
        The id of the workforce; without it, one is made of the file name.
    idmap : mapping or None
        Ids of earlier readings by ``person/key``, ``team/key`` and ``role/key``.
    """
    table, places = fields_of(content, ALIASES, columns or {})
    if not {"id", "label", "last_name"} & set(places):
        hint = 'say which column it is (columns={"id": …})'
        raise ParseError([Issue("no-person", f"no column names the person; there are {table.columns()}", hint=hint)])
    own = id or f"workforce:{slug(PurePath(content.name).stem)}"
    draft = Draft(Workforce, ledger, id=own)
    table.note_unread(ledger)
    labels = {normalize(role.label): role.id for role in framework.roles} if framework else {}
    people = _People(draft, Minter(own, idmap), places, labels)
    for place, cells in table.records():
        people.take(place, cells, rest_of(table, cells, set(places.values())))
    ledger.note("kept", "people", count=len(draft.tables["people"]))
    return draft.build()


class _People:
    """The rows of a list of people on their way into a workforce."""

    def __init__(
        self, draft: Draft[Workforce], minter: Minter, places: Mapping[str, int], roles: Mapping[str, str]
    ) -> None:
        self.draft = draft
        self.minter = minter
        self.places = places
        self.roles = roles

    def take(self, place: str, cells: tuple[Cell, ...], extra: dict[str, Any]) -> None:
        """Add the person of one row, and the teams that the row names."""
        texts = {field: as_text(cells[column]) for field, column in self.places.items()}
        label = texts.get("label") or " ".join(filter(None, (texts.get("first_name"), texts.get("last_name"))))
        key = texts.get("id") or label
        if not key:
            self.draft.problem("no-person", "the row names nobody and is left out", place=place, hint="delete it")
            self.draft.ledger.note("dropped", "row", reason="names nobody", place=place)
            return
        record: dict[str, Any] = {"id": self.minter("person", key), "label": label, "site": texts.get("site", "")}
        record |= self._links(texts)
        for field in ("language", "since"):
            record[field] = self._typed(field, texts.get(field, ""), place)
        keep_rest(self.draft, record, extra, place)
        self.draft.add("people", record, place=place)

    def _links(self, texts: Mapping[str, str]) -> dict[str, Any]:
        """Return the roles, teams and manager that the cells of one row name."""
        found: dict[str, Any] = {
            field: [self._role(name) for name in many(texts.get(field, ""))] for field in ("roles", "target_roles")
        }
        found["teams"] = [self._team(name) for name in many(texts.get("teams", ""))]
        if texts.get("manager"):
            found["manager"] = self.minter("person", texts["manager"])
        return found

    def _typed(self, field: str, text: str, place: str) -> object:
        """Return what a cell means; one that cannot be read is listed without repeating it."""
        try:
            return language(text) if field == "language" else _date(text)
        except ValueError:
            hint = "correct the cell"
            self.draft.problem("bad-cell", f"the cell for {field} cannot be read", place=place, hint=hint)
            self.draft.ledger.note("dropped", f"person.{field}", reason="cannot be read", place=place)
            return None

    def _role(self, name: str) -> str:
        """Return the id of a role: by its label in the framework, else of its own."""
        return self.roles.get(normalize(name)) or self.minter("role", name)

    def _team(self, name: str) -> str:
        """Return the id of a team, which is added where it is new."""
        id_ = self.minter("team", name)
        self.draft.tables["teams"].setdefault(id_, {"id": id_, "label": name})
        return id_


def _date(text: str) -> object:
    """Return the day that a text states, or None."""
    found = day(text)
    return found.date if found else None


def _sniff(content: Content, kind: str) -> Sniff:
    """Return whether the content is a list of people."""
    return sniffed(content, ALIASES, ("id", "roles"), wanted=kind == "workforce")


FORMAT = Format(
    name="people-table",
    title="List of people (CSV, TSV, XLSX, XLS, ODS)",
    extensions=(".csv", ".tsv", ".xlsx", ".xls", ".ods"),
    reads=("workforce",),
    carries={
        "workforce": frozenset({"id", "people", "teams"}),
        "person": frozenset(
            {"id", "label", "roles", "target_roles", "teams", "manager", "language", "site", "since", "extensions"}
        ),
        "team": frozenset({"id", "label"}),
    },
    sniff=_sniff,
    reader=read_people,
    notes="Teams are made of their names; skills matrices and completions are imported, not read.",
    fixture="made-up lists",
)
