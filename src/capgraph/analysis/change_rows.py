"""The rows of a change report: edits in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from capgraph.analysis.edits import Action, Edit, entries, entry_type, key_text, label_of, part_key, plain
from capgraph.model import Document, Model, Node
from capgraph.report import Fact, ReportRow

_TONES = {
    "added": "good",
    "removed": "poor",
    "merged": "fair",
    "split": "fair",
    "renamed": "fair",
    "rescaled": "fair",
    "deprecated": "open",
}


@dataclass(frozen=True, kw_only=True)
class ChangeRow(ReportRow):
    """One change, in words; the edit behind it is its evidence."""

    action: Action
    """*renamed*, *merged*, *split*, *removed*, *added*, *rescaled*, *moved*, *relabeled*, *deprecated*, *changed*."""
    table: str
    """The table of the entry; empty for the document itself."""
    id: str
    """The id of the entry, as the newer version writes it."""
    label: str
    """What people call it."""
    field: str
    """The field that changed; empty where the whole entry came or went."""
    part: str
    """The part of the field, such as the capability of a requirement."""
    before: str
    """What was there, in words."""
    after: str
    """What is there now, in words."""
    into: tuple[str, ...]
    """The entries that take over."""

    def tone(self) -> str:
        """Return how the row is colored."""
        return _TONES.get(self.action, "")


class Names:
    """What people call the entries of two versions."""

    def __init__(self, a: Document, b: Document) -> None:
        self.own = b.id
        self.labels: dict[str, str] = {"": b.title or b.id}
        for document in (a, b):
            for table in document.tables:
                if issubclass(entry_type(type(document), table), Node):
                    members = (member for member in entries(document, table) if isinstance(member, Node))
                    self.labels.update((member.id, label_of(member)) for member in members)


def change_row(edit: Edit, names: Names) -> ChangeRow:
    """Return an edit in words."""
    before, after = _words(edit)
    id_ = edit.after if edit.field == "id" and edit.table else edit.id or ("" if edit.table else names.own)
    return ChangeRow(
        action=edit.action,
        table=edit.table,
        id=str(id_),
        label=names.labels.get(edit.id, "") if edit.id or not edit.table else _pair(edit.before or edit.after),
        field=edit.field,
        part=key_text(part_key(edit.before if edit.after is None else edit.after)),
        before=before,
        after=after,
        into=edit.into,
        because=(Fact("rule", f"{edit.action} {edit.field or edit.table}", (edit.id,) if edit.id else (), edit),),
    )


def _pair(member: object) -> str:
    """Return what the two ends of an entry without an id are called, where it says so."""
    ends = (getattr(member, "subject_label", ""), getattr(member, "object_label", ""))
    return " → ".join(end for end in ends if end)


def _words(edit: Edit) -> tuple[str, str]:
    """Return what was there and what is there now, as people read it."""
    before, after = edit.before, edit.after
    if isinstance(before, Model) and isinstance(after, Model):
        before, after = before.__dict__, after.__dict__
    before, after = _unlike(before, after)
    return _said(before), _said(after)


def _unlike(before: object, after: object) -> tuple[object, object]:
    """Return two values without what is equal in both."""
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return before, after
    keys = [key for key in dict.fromkeys((*before, *after)) if before.get(key) != after.get(key)]
    pairs = {key: _unlike(before.get(key), after.get(key)) for key in keys}
    return tuple({key: pair[side] for key, pair in pairs.items() if pair[side] is not None} for side in (0, 1))  # type: ignore[return-value]


def _said(value: object) -> str:
    """Return a value in words."""
    if value is None:
        return ""
    if isinstance(value, Node):
        return label_of(value)
    if isinstance(value, Model):
        stated = {name: getattr(value, name) for name in value.to_dict()}
        return _said(stated)
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_said(item)}".rstrip() for name, item in value.items())
    if isinstance(value, tuple):
        return ", ".join(map(_said, value))
    return str(plain(value))
