"""Whether ids and names in a table are those of people, or of courses, capabilities and other things."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from capgraph.formats.cells import plain
from capgraph.formats.headers import spelled
from capgraph.ingest.columns import cell_of
from capgraph.ingest.namings import folded
from capgraph.ingest.person_keys import STAND_INS
from capgraph.ingest.profile import generic

if TYPE_CHECKING:
    from capgraph.ingest.columns import Binding, Column
    from capgraph.ingest.tables import Table

_WHOSE = ("person", "label", "email", "first_name", "last_name", "manager")
_ANYBODYS = frozenset(
    {
        "id",
        "external id",
        "name",
        "nom",
        "nombre",
        "nome",
        "naam",
        "namn",
        "navn",
        "nimi",
        "identifiant",
        "名",
        "",
        "login",
    }
)
"""Names of columns that people share with everything."""
_OF_THINGS = (
    "seats",
    "description",
    "duration",
    "url",
    "provider",
    "cost",
    "prerequisites",
    "outcomes",
    "keywords",
    "kind",
)
_TEACHING = frozenset(
    {
        "instructor",
        "instructors",
        "lecturer",
        "trainer",
        "teacher",
        "professor",
        "author",
        "authors",
        "dozent",
        "docente",
    }
)
"""Words for those who give courses; a table that names them is about what they give."""
_COURSES = "this looks like a list of courses or of capabilities: import catalog, or read it as a framework"


def about_things(table: Table, binding: Binding) -> str:
    """Return why a table with ids or names is not one about people, or nothing.

    Ids and names alone do not say whose they are: beside descriptions, prices or addresses they are those of courses
    or capabilities, and with nothing beside them they may be those of anything.
    """
    if any(spelled(column.name).endswith("verb id") for column in binding.columns):
        return "these are statements about what people did: import evidence"
    fields = binding.fields
    if _says_whose(binding):
        return ""
    course = bool({"asset", "asset_title"} & fields.keys())
    if (course and (_is_once(table, binding) or not {"date", "state", "status"} & fields.keys())) or things_in(binding):
        return _COURSES
    if len([column for column in binding.columns if column.use != "ignored"]) == 1:
        return "names alone may be those of anything; call their column 'Employee name', or add one of ids"
    coded = any("code" in spelled(column.name).split() for column in fields.get("person", []))
    if coded and not fields.keys() - {"person", "label"} and binding.profile.name == generic("people").name:
        return "codes and names may be those of anything; call the column of codes 'Employee ID'"
    return ""


def courses_instead(table: Table, binding: Binding) -> str:
    """Return why a table is no evidence but a list of courses, most often each in it once, or nothing."""
    fields = binding.fields
    if {"skill", "skill_code"} & fields.keys() or _says_whose(binding):
        return ""
    least = 0 if "person" in fields and not spelled(fields["person"][0].name) else 1
    course, once = bool({"asset", "asset_title"} & fields.keys()), _is_once(table, binding)
    if (course and once) or (len(things_in(binding)) > least and (once or not course)):
        return f"{_COURSES}; where its ids are those of people, call their column 'Employee ID'"
    return ""


def are_teams(binding: Binding) -> bool:
    """Return whether the names of teams in a table without people are more than the departments of its courses."""
    return not {"asset", "asset_title"} & binding.fields.keys() or not things_in(binding)


def things_in(binding: Binding) -> frozenset[str]:
    """Return the names of columns that things have, and people have not."""
    return _things() & {folded(column.name) for column in binding.columns if column.use == "kept"}


def _says_whose(binding: Binding) -> bool:
    """Return whether the name of a column, or the profile, says that its ids or names are those of people."""
    usual = generic("people").name
    for field in _WHOSE:
        for column in binding.fields.get(field, []):
            name = spelled(column.name)
            if binding.profile.name != usual and name in map(spelled, binding.profile.columns.get(field, ())):
                return True
            if name not in _ANYBODYS and _persons() & set(name.split()) and not _TEACHING & set(name.split()):
                return True
    return False


def _is_once(table: Table, binding: Binding) -> bool:
    """Return whether the same id or name, and the same course, never stands in two records."""
    told = [
        next((binding.fields[name][0] for name in names if name in binding.fields), None)
        for names in (("person", *STAND_INS), ("asset", "asset_title"))
    ]
    return told[0] is not None and all(_differ(table, column) for column in told if column is not None)


def _differ(table: Table, column: Column) -> bool:
    """Return whether there are several cells in a column, and no two are the same."""
    cells = (plain(cell_of(table, raw, column.place)) for raw in table.sample if not raw.broken)
    stated = list(filter(None, cells))
    return len(set(stated)) == len(stated) > 1


@cache
def _persons() -> frozenset[str]:
    """Return the words in names of columns that say that somebody is meant, and not a course."""
    people = generic("people").columns
    words = {word for field in _WHOSE for name in people[field] for word in spelled(name).split()}
    courses = generic().columns
    return frozenset(
        words - {word for field in ("id", "title") for name in courses[field] for word in spelled(name).split()}
        | {"first", "last"}
    )


@cache
def _things() -> frozenset[str]:
    """Return the names of columns that things have, and people have not."""
    names = generic().columns
    return frozenset(folded(name) for field in _OF_THINGS for name in names[field]) | {"category", "definition"}
