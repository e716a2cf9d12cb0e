"""Who a record is about: by an id, or where a table has none, by a mail address or a name, neither of which is kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from capgraph.formats.identity import is_id, mint
from capgraph.ingest.columns import cell_of
from capgraph.text import normalize, tokens

if TYPE_CHECKING:
    from collections.abc import Mapping

    from capgraph.ingest.columns import Binding
    from capgraph.ingest.tables import Table
    from capgraph.model import Workforce

STAND_INS = ("email", "label", "first_name", "last_name")
"""The fields that tell people apart where no column holds their ids, the surest first."""
_ABOUT_A_PERSON = frozenset(
    {"email", "first_name", "last_name", "role", "manager", "since", "status", "skill", "skill_code", "asset"}
)
_PLAIN_KEY = re.compile(r"[\w.+-]+")


def person_id(workforce: str, key: str) -> str:
    """Return the id of a person: the key itself where it is an id, ``person:`` and the key, or a minted one.

    A mail address or a name never becomes part of an id.
    """
    if is_id(key):
        return key
    return f"person:{key}" if _PLAIN_KEY.fullmatch(key) else named_id(workforce, key)


def named_id(workforce: str, name: str) -> str:
    """Return the id of a person who is known by a mail address, or by a name whatever the order of its words."""
    return mint(workforce, "person", name if "@" in name else bare_name(name))


def bare_name(name: str) -> str:
    """Return a name as names are compared: *Beispiel, Anna* is *Anna Beispiel*."""
    return " ".join(sorted(tokens(name)))


def name_in(cells: Mapping[str, str]) -> str:
    """Return the name that a record states, in one column or in two."""
    return cells.get("label") or " ".join(filter(None, [cells.get("first_name"), cells.get("last_name")]))


def has_people(table: Table, binding: Binding) -> bool:
    """Return whether the records of a table are about people, with an id or without.

    Names beside teams may be those of the teams: where each team stands once, before its name, they are.
    """
    fields = binding.fields
    if "person" in fields:
        return True
    if "team_broader" in fields or not any(name in fields for name in STAND_INS):
        return False
    return bool(_ABOUT_A_PERSON & fields.keys()) or "team" not in fields or not _names_teams(table, binding)


def _names_teams(table: Table, binding: Binding) -> bool:
    """Return whether names are those of teams, since teams come before them and each stands there once."""
    team, name = binding.fields["team"][0], binding.fields["label"][0]
    stated = [str(cell_of(table, raw, team.place)) for raw in table.sample if not raw.broken]
    return team.place < name.place and len(set(stated)) == len(stated)


def stand_in(workforce: str, cells: Mapping[str, str]) -> str:
    """Return the id of a person of whom no id is stated; nothing where there is no name either."""
    key = normalize(cells.get("email", "")) or name_in(cells)
    return named_id(workforce, key) if key else ""


class Aliases:
    """The ids of people by their names, so that a manager or a row that is known by name alone is found.

    Parameters
    ----------
    workforce : str
        The id of the workforce.
    known : Workforce or None
        People who may have labels.
    """

    def __init__(self, workforce: str, known: Workforce | None = None) -> None:
        self.workforce = workforce
        self._ids: dict[str, str | None] = {}
        for person in known.people if known else ():
            if person.label:
                self.add(person.label, person.id)

    def add(self, name: str, id_: str) -> None:
        """Note the id of somebody with this name; a name that two people have leads to neither."""
        key = named_id(self.workforce, name)
        self._ids[key] = id_ if self._ids.get(key, id_) == id_ else None

    def resolve(self, id_: str) -> str:
        """Return the id of the one person whose name gave this id; the id itself where there is none."""
        return self._ids.get(id_) or id_
