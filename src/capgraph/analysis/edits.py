"""Edits: the typed steps that lead from one version of a document to another."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from capgraph.analysis.references import own_fields, substituted
from capgraph.analysis.saved_plan import SavedGoal, SavedStep, SavedTeaching
from capgraph.errors import ArgumentError, DocumentError, Issue
from capgraph.model import (
    Alignment,
    CapabilityLevel,
    Decision,
    Document,
    FrozenMapping,
    Model,
    Node,
    ProficiencyLevel,
    Relation,
    Requirement,
    Translation,
    thaw,
)
from capgraph.model import (
    Mapping as CrosswalkMapping,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Action = Literal[
    "renamed", "merged", "split", "removed", "added", "rescaled", "moved", "relabeled", "deprecated", "changed"
]
"""What happened: to the id (*renamed*, *merged*, *split*), to the entry (*removed*, *added*, *deprecated*), to its
levels (*rescaled*), its place (*moved*), its label (*relabeled*), or to anything else (*changed*)."""
ACTIONS: tuple[Action, ...] = get_args(Action)
"""The actions, in the order in which a script lists them and a replay takes them."""
LABELS = ("label", "title", "statement")
"""The fields of which one holds what people call an entry."""

KEYS: dict[type[Model], tuple[str, ...]] = {
    Relation: ("subject", "predicate", "object"),
    CrosswalkMapping: ("subject", "predicate", "object", "negated", "justification", "author"),
    Decision: ("kind", "subject", "object", "relation", "at"),
    Requirement: ("capability",),
    Alignment: ("target", "relation", "level_from", "level_to"),
    CapabilityLevel: ("level",),
    ProficiencyLevel: ("rank",),
    Translation: ("language",),
    SavedGoal: ("subject", "level"),
    SavedTeaching: ("capability", "start", "end"),
    SavedStep: ("asset",),
}
"""The fields that identify a part without an id of its own among its siblings."""


class _Unstated:
    """The value of something that an edit leaves open."""

    def __repr__(self) -> str:
        return "UNSTATED"


UNSTATED: Final = _Unstated()
"""What `Edit.before` holds where the edit does not say what was there."""


@dataclass(frozen=True, kw_only=True)
class Edit:
    """One step from a version of a document to another.

    Without a `field` it is about a whole entry: *added* has only an `after`, and without an `after` the entry goes.
    With one it sets the field, or one part of it (a requirement, an alignment, a level, a translation), which the
    values themselves identify.  The field ``id`` renames the entry, wherever the document refers to it.

    Examples
    --------
    >>> Edit.of({"action": "moved", "id": "person:ada", "field": "teams", "after": ["team:two"]}).field
    'teams'
    """

    action: Action
    """What kind of change it is."""
    table: str = ""
    """The table of the entry; empty for a field of the document itself."""
    id: str = ""
    """The id of the entry; empty for one without an id, which `before` and `after` identify."""
    field: str = ""
    """The field that changes; empty for the whole entry."""
    before: Any = UNSTATED
    """What was there; None for nothing, `UNSTATED` where the edit does not say."""
    after: Any = None
    """What is there now; None for nothing."""
    into: tuple[str, ...] = ()
    """The entries that take over from one that was renamed, merged or split."""

    def to_dict(self) -> dict[str, Any]:
        """Return the edit as JSON-ready dicts and lists, without what is empty or not stated."""
        stated = {name: getattr(self, name) for name in ("action", "table", "id", "field") if getattr(self, name)}
        if self.before is not UNSTATED:
            stated["before"] = plain(self.before)
        if self.after is not None or self.field:
            stated["after"] = plain(self.after)
        return {**stated, "into": list(self.into)} if self.into else stated

    @classmethod
    def of(cls, stated: Mapping[str, Any]) -> Edit:
        """Return the edit that JSON-ready data states.

        Raises
        ------
        DocumentError
            When the action is unknown, or a field has no meaning; all problems are listed.
        """
        known = {"action", "table", "id", "field", "before", "after", "into"}
        name = str(stated.get("id") or stated.get("table") or "edit")
        issues = [
            Issue("bad-edit", f"{name!r}: {key!r} is no part of an edit", (), key, f"use {', '.join(sorted(known))}")
            for key in stated
            if key not in known
        ]
        if stated.get("action") not in ACTIONS:
            text = f"{name!r}: {stated.get('action')!r} is no action"
            issues.append(Issue("bad-edit", text, (), "action", f"use one of {', '.join(ACTIONS)}"))
        for key in ("table", "id", "field"):
            if not isinstance(stated.get(key, ""), str):
                text = f"{name!r}: the {key} of an edit is a text, not {stated[key]!r}"
                issues.append(Issue("bad-edit", text, (), key, "write it in quotes"))
        if issues:
            raise DocumentError.of(issues, "edit")
        into = stated.get("into", ())
        fields: dict[str, Any] = {**stated, "into": (into,) if isinstance(into, str) else tuple(into)}
        return cls(**fields)


def plain(value: Any) -> Any:  # noqa: ANN401 - the value of any field
    """Return a value of a field as JSON holds it."""
    if isinstance(value, Model):
        return value.to_dict()
    if isinstance(value, FrozenMapping):
        return thaw(value)
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value


def key_of(part: Model) -> tuple[Any, ...]:
    """Return what identifies a part among its siblings: its id, or its key fields."""
    return tuple(getattr(part, name) for name in KEYS.get(type(part), ("id",)))


def part_key(part: object) -> tuple[Any, ...]:
    """Return what identifies a part without an id among its siblings; nothing for any other value."""
    return key_of(part) if isinstance(part, Model) and type(part) in KEYS else ()


def key_text(key: tuple[Any, ...]) -> str:
    """Return a key as people read it."""
    return " ".join(str(item) for item in key if item is not None and item is not False and item != "")


def keyed(parts: Any) -> dict[tuple[Any, ...], Model] | None:  # noqa: ANN401 - the value of any field
    """Return parts by their keys; None for any other value, and for parts that share a key."""
    if not isinstance(parts, tuple) or not all(type(part) in KEYS for part in parts):
        return None
    found = {key_of(part): part for part in parts}
    return found if len(found) == len(parts) else None


def label_of(member: object) -> str:
    """Return what people call an entry; its id, or its key, where it has no label."""
    for name in LABELS:
        found = getattr(member, name, "")
        if found:
            return str(found)
    if isinstance(member, Node):
        return member.id
    return key_text(part_key(member))


@dataclass
class Draft:
    """A document taken apart, on its way to another version."""

    own: dict[str, Any]
    """The fields besides the tables."""
    tables: dict[str, dict[tuple[Any, ...], Model]]
    """The entries of each table by what identifies them."""

    @classmethod
    def of(cls, document: Document, renames: Mapping[str, str]) -> Draft:
        """Return the document taken apart, with other ids in the place of the renamed ones."""
        tables: dict[str, dict[tuple[Any, ...], Model]] = {}
        for table in document.tables:
            members = entries(document, table)
            named = (substituted(member, renames) for member in members) if renames else iter(members)
            tables[table] = {key_of(member): member for member in named}
        return cls(own_fields(document, renames), tables)


def entries(document: Document, table: str) -> tuple[Model, ...]:
    """Return the members of a table."""
    members: tuple[Model, ...] = getattr(document, table)
    return members


def entry_type(kind: type[Document], table: str) -> type[Model]:
    """Return the class of the members of a table."""
    found: type[Model] = get_args(kind.model_fields[table].annotation)[0]
    return found


def part_type(kind: type[Model], field: str) -> type[Model] | None:
    """Return the class of the keyed parts that a field holds, or None where it holds something else."""
    annotation = kind.model_fields[field].annotation
    inner: Sequence[Any] = get_args(annotation)
    return inner[0] if inner and isinstance(inner[0], type) and inner[0] in KEYS else None


def require_changes(changes: Iterable[object]) -> None:
    """Refuse what is neither an edit nor a document as it would be."""
    for change in changes:
        if not isinstance(change, Edit | Document):
            raise ArgumentError(f"{change!r} is no change; give Edit values, or documents as they would be")
