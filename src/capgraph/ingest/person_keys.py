"""Who a record is about: by an id, or where a table has none, by a mail address or a name, neither of which is kept."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from capgraph.formats.cells import plain
from capgraph.formats.headers import spelled
from capgraph.formats.identity import is_id, mint
from capgraph.formats.lexicon import MARKS
from capgraph.ingest.columns import cell_of
from capgraph.ingest.person_columns import KEY_WORDS
from capgraph.text import normalize, tokens

if TYPE_CHECKING:
    from collections.abc import Mapping

    from capgraph.ingest.columns import Binding, Column
    from capgraph.ingest.tables import Table
    from capgraph.model import Workforce

STAND_INS = ("email", "label", "first_name", "last_name")
"""The fields that tell people apart where no column holds their ids, the surest first."""
_ABOUT_A_PERSON = frozenset(
    {"email", "first_name", "last_name", "role", "manager", "since", "status", "skill", "skill_code", "asset"}
)
_SUMMARIES = frozenset(
    {"required", "required level", "target", "target level", "soll", "sollwert", "ziel", "minimum", "maximum", "requis"}
    | {"team average", "overall", "objectif", "requerido", "gesamtergebnis", "headcount", "max", "min"}
)
"""What rows are called that say something of all people, besides totals."""
VACANT = frozenset({"vacant", "open", "vacancy", "unbesetzt", "vakant", "tbh", "to be hired"})
"""What stands in place of a name where nobody is."""
_GONE = frozenset(
    {
        "left",
        "terminated",
        "inactive",
        "leaver",
        "resigned",
        "retired",
        "ausgeschieden",
        "ausgetreten",
        "inaktiv",
        "parti",
    }
    | {
        "inactif",
        "inactivo",
        "baja",
        "desligado",
        "inativo",
        "cessato",
        "離職",
        "退職",
        "退社",
        "离职",
        "퇴사",
        "уволен",
    }
)
_LED = re.compile(r"(.*\S)\s*\((.+)\)")
_BRACKETS = re.compile(r"[(\[].*?[)\]]|\*+$")
_PLAIN_KEY = re.compile(r"[\w.+-]+")


def person_id(workforce: str, key: str) -> str:
    """Return the id of a person: the key itself where it is an id, ``person:`` and the key, or a minted one.

    A mail address or a name never becomes part of an id.
    """
    key = re.sub(r"^mailto:", "", key, flags=re.IGNORECASE)
    if is_id(key):
        return key
    return f"person:{key}" if _PLAIN_KEY.fullmatch(key) else named_id(workforce, key)


def named_id(workforce: str, name: str) -> str:
    """Return the id of a person who is known by a mail address, or by a name whatever the order of its words.

    Where there are digits, it is no name, and the order counts: *1/2* and *2/1* are two people.
    """
    is_name = "@" not in name and not any(map(str.isdigit, name))
    return mint(workforce, "person", bare_name(name) if is_name else name)


def bare_name(name: str) -> str:
    """Return a name as names are compared: *Beispiel, Anna* is *Anna Beispiel*."""
    return " ".join(sorted("".join(map(_sign, normalize(name))).split()))


def _sign(sign: str) -> str:
    """Return a letter, a digit or a mark, such as the vowels of many scripts; a space for all other signs."""
    return sign if sign.isalnum() or unicodedata.category(sign).startswith("M") else " "


def name_in(cells: Mapping[str, str]) -> str:
    """Return the name that a record states, in one column or in two."""
    label, last = cells.get("label", ""), cells.get("last_name", "")
    if not label:
        return " ".join(filter(None, [cells.get("first_name"), last]))
    return label if not last or normalize(last) in normalize(label) else f"{label} {last}"


def has_people(table: Table, binding: Binding) -> bool:
    """Return whether the records of a table are about people, with an id or without.

    Names beside teams may be those of the teams: where the code of each team stands once, before its name, they are.
    So may names beside levels.
    """
    fields = binding.fields
    if "person" in fields:
        return True
    if "team_broader" in fields or not any(name in fields for name in STAND_INS):
        return False
    return bool(_ABOUT_A_PERSON & fields.keys()) or not any(
        _names(table, fields[name][0], fields["label"][0]) for name in ("team", "level") if name in fields
    )


def _names(table: Table, key: Column, name: Column) -> bool:
    """Return whether names are those of what codes in another column stand for, each once and before its name."""
    cells = (cell_of(table, raw, key.place) for raw in table.sample if not raw.broken)
    stated = [text for cell in cells if (text := plain(cell))]
    if key.field == "level":  # those of a scale are numbers, and the grades of people are codes
        coded = all(map(str.isdigit, stated))
    else:
        coded = not KEY_WORDS.isdisjoint(spelled(key.name).split()) or all(
            text.isupper() or any(map(str.isdigit, text)) for text in stated
        )
    return key.place < name.place and coded and len(set(stated)) == len(stated)


def without_boss(team: str, manager: str) -> str:
    """Return the name of a team without that of the manager, whom some systems name in brackets behind it."""
    found = _LED.fullmatch(team)
    return found[1] if found and manager and bare_name(found[2]) == bare_name(manager) else team


def is_gone(status: str) -> bool:
    """Return whether a status says that somebody has left, in one word or as the most important of several."""
    said = set(tokens(status))
    return status in _GONE or (not _GONE.isdisjoint(said) and "not" not in said)


def is_summary(cells: Mapping[str, str]) -> bool:
    """Return whether a record is no person but sums up the others: it is named so, as *average* or *required* is."""
    named = normalize(cells.get("label", "")).rstrip(": ")
    return named in MARKS["total"] or named in _SUMMARIES


def stand_in(workforce: str, cells: Mapping[str, str]) -> str:
    """Return the id of a person of whom no id is stated; nothing where there is no name either, or nobody."""
    key = normalize(cells.get("email", "")) or name_in(cells)
    return named_id(workforce, key) if bare_name(key) and normalize(name_in(cells)) not in VACANT else ""


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
        bare = _BRACKETS.sub(" ", name).strip() or name
        for key in {make(self.workforce, form) for form in {name, bare} for make in (named_id, person_id)}:
            self._ids[key] = id_ if self._ids.get(key, id_) == id_ else None

    def resolve(self, id_: str) -> str:
        """Return the id of the one person whose name gave this id; the id itself where there is none."""
        return self._ids.get(id_) or id_
