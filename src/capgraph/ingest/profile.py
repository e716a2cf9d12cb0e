"""Profile: what the columns of a file mean, as a small TOML that people can read, edit and reuse.

Presets for vendors are such files inside the package (``presets/*.toml``); `presets` lists them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from capgraph.errors import Issue, ParseError
from capgraph.ingest.profile_check import problems
from capgraph.text import normalize

if TYPE_CHECKING:
    from collections.abc import Iterator

ASSET_FIELDS = (
    "id", "new_id", "title", "description", "url", "kind", "duration", "duration_unit", "language", "provider", "level",
    "skills", "outcomes", "keywords", "audience", "prerequisites", "corequisites", "cost", "currency", "active",
    "inactive",
    "delete", "remarks", "modified", "published", "revision", "edition", "rating", "learners", "seats", "session_cost",
    "annual_cost", "facilitator_minutes", "maintenance_minutes", "sites", "accreditation", "mandatory", "part_of",
    "alternative_titles", "roles",
)  # fmt: skip
"""What a column of a catalog can be."""

PEOPLE_FIELDS = (
    "person", "label", "first_name", "last_name", "email", "team", "team_label", "team_broader", "manager", "role",
    "role_level", "target_role", "site", "since", "language", "status", "skill", "skill_code", "asset", "asset_title",
    "system", "method", "rater", "level", "value", "date", "expires", "note", "score", "state",
)  # fmt: skip
"""What a column about people, their evidence or their completions can be."""

_LISTS = frozenset({"match", "key", "required", "sheets", "ignore"})
_BARE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class FieldRule:
    """How the cells of one field are read."""

    split: str = ""
    """What separates several values; empty to find out."""
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """What each value means: the normalized word of the source, and ours."""
    only: bool = False
    """Whether a value that `values` does not list is a problem."""
    reject: str = ""
    """The reason with which a record is rejected when the cell cannot be read; empty to keep it and remark."""
    unit: str = ""
    """The unit of a bare number."""
    form: str = ""
    """The form that is expected, such as ``iso`` for durations; another one is read and remarked."""
    first: str = ""
    """Which of ``day`` and ``month`` comes first in a date with slashes."""
    decimal: str = ""
    """The decimal sign."""
    currency: str = ""
    """The currency where the cell states none."""
    when_stated: bool = False
    """Whether any value at all means yes."""
    lead: str = ""
    """The words before a list that only say what it is, such as ``Skills you'll gain:``."""


NO_RULE = FieldRule()


@dataclass(frozen=True, slots=True)
class Profile:
    """How a kind of file is read."""

    name: str
    """The name of the profile; it names the source system too, unless `system` does."""
    title: str = ""
    """What it reads, for people."""
    system: str = ""
    """The source system, under which ids are kept."""
    about: str = "courses"
    """What the records are about: ``courses``, or ``people``, their evidence and their completions."""
    match: tuple[str, ...] = ()
    """Names of columns that all occur in such a file."""
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """The names of the columns of each field; for fields of several values all of them count, else the first found."""
    fields: Mapping[str, FieldRule] = field(default_factory=lambda: MappingProxyType({}))
    """How the cells of each field are read."""
    key: tuple[str, ...] = ()
    """The columns whose values, joined by ``/``, identify a record; empty for the id alone."""
    required: tuple[str, ...] = ()
    """The fields without which a record is rejected, besides title and id."""
    constants: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """The value of fields that no column states."""
    sheets: tuple[str, ...] = ()
    """The sheets to read; empty for all that hold records."""
    header_row: int | None = None
    """The row that names the columns, as a spreadsheet counts; None to find it."""
    encoding: str = ""
    """The encoding of a text; empty to find out."""
    delimiter: str = ""
    """The delimiter of a text; empty to find out."""
    ignore: tuple[str, ...] = ()
    """Columns that are left out."""
    zero_means: str = ""
    """What 0 says in a skills matrix: ``not_needed``, ``no_knowledge`` or ``not_assessed``."""
    exclusive: bool = False
    """Whether columns that it does not name are kept, and not matched by their usual names."""

    def rule(self, name: str) -> FieldRule:
        """Return how a field is read."""
        return self.fields.get(name, NO_RULE)

    def with_columns(self, columns: Mapping[str, str | tuple[str, ...] | list[str]]) -> Profile:
        """Return the profile with other columns for some fields."""
        own = {name: (given,) if isinstance(given, str) else tuple(given) for name, given in columns.items()}
        return replace(self, columns=MappingProxyType({**self.columns, **own}))

    def to_toml(self) -> str:
        """Return the profile as TOML, to be edited and used again."""
        plain = {item.name: getattr(self, item.name) for item in fields(self)}
        rules = {name: _turned_back(rule) for name, rule in self.fields.items()}
        return "\n".join(_toml_lines({**plain, "columns": dict(self.columns), "fields": rules})) + "\n"


def _turned_back(rule: FieldRule) -> dict[str, Any]:
    """Return a rule as TOML holds it: our word, and each of theirs."""
    given: dict[str, list[str]] = {}
    for theirs, ours in rule.values.items():
        given.setdefault(ours, []).append(theirs)
    return {item.name: getattr(rule, item.name) for item in fields(rule)} | {"values": given}


def _toml_lines(table: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the lines of a TOML table: its own values first, then its tables."""
    own = {key: value for key, value in table.items() if not isinstance(value, Mapping)}
    inner = {key: value for key, value in table.items() if isinstance(value, Mapping)}
    if path and own:
        yield f"\n[{'.'.join(map(_toml_key, path))}]"
    for key, value in own.items():
        if value not in ("", (), [], None, False):
            yield f"{_toml_key(key)} = {_toml_value(value)}"
    for key, value in inner.items():
        yield from _toml_lines(value, (*path, key))


def _toml_key(key: str) -> str:
    """Return a key, quoted where it must be."""
    return key if _BARE.fullmatch(key) else _toml_value(key)


def _toml_value(value: object) -> str:
    """Return a value as TOML."""
    if isinstance(value, bool | int):
        return str(value).lower()
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(_toml_value, value))}]"
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def parse_profile(text: str, name: str = "") -> Profile:
    """Return the profile that a TOML states.

    Raises
    ------
    ParseError
        When it is no TOML, or names keys or fields that there are not; all of them are listed.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ParseError([Issue("not-toml", str(error), hint="correct it")], path=name, format="profile") from None
    issues = problems(data, [*dict.fromkeys((*ASSET_FIELDS, *PEOPLE_FIELDS))])
    if issues:
        raise ParseError(issues, path=name, format="profile")
    stated: dict[str, Any] = {
        "name": Path(name).stem or "profile",
        **{key: _texts(value) if key in _LISTS else value for key, value in data.items()},
        "fields": MappingProxyType({key: _rule(rule) for key, rule in data.get("fields", {}).items()}),
        "columns": MappingProxyType({key: _texts(given) for key, given in data.get("columns", {}).items()}),
        "constants": MappingProxyType({key: str(given) for key, given in data.get("constants", {}).items()}),
    }
    return Profile(**stated)


def _texts(given: str | list[str]) -> tuple[str, ...]:
    """Return the texts that a TOML states, be it one or a list."""
    return (given,) if isinstance(given, str) else tuple(given)


def _rule(data: dict[str, Any]) -> FieldRule:
    """Return the rule of one field; its values are turned around, from our word to each of theirs."""
    turned = {normalize(word): ours for ours, theirs in data.get("values", {}).items() for word in _texts(theirs)}
    stated: dict[str, Any] = {**data, "values": MappingProxyType(turned)}
    return FieldRule(**stated)


@cache
def presets() -> tuple[Profile, ...]:
    """Return the profiles that come with the library, by name; the one for any table is not among them."""
    folder = files("capgraph.ingest") / "presets"
    found = [
        parse_profile(item.read_text("utf-8"), item.name) for item in folder.iterdir() if item.name.endswith(".toml")
    ]
    return tuple(sorted((profile for profile in found if profile.match), key=lambda profile: profile.name))


@cache
def generic(kind: str = "generic") -> Profile:
    """Return the profile with the usual names of columns, for catalogs (``generic``) or for people (``people``)."""
    return parse_profile((files("capgraph.ingest") / "presets" / f"{kind}.toml").read_text("utf-8"), f"{kind}.toml")
