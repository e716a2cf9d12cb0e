"""replay: a version of a document, made from another one by its edits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from capgraph.analysis.edits import KEYS, UNSTATED, Draft, Edit, entries, entry_type, key_of, key_text, part_type, plain
from capgraph.analysis.references import named_ids
from capgraph.errors import DocumentError, Issue
from capgraph.model import Document, Model

if TYPE_CHECKING:
    from collections.abc import Iterable

D = TypeVar("D", bound=Document)
Key = tuple[Any, ...]

_GOES = {"removed", "merged", "split", "deprecated"}


def replay(document: D, edits: Iterable[Edit]) -> D:
    """Return the document as the edits make it.

    Renames come first and are followed wherever the document refers to the entry; then entries go, change and come.
    ``replay(a, diff(a, b).edits) == b``.

    Parameters
    ----------
    document : Document
        The version to begin with.
    edits : iterable of Edit
        The steps, in any order.

    Returns
    -------
    Document
        A new document of the same kind.

    Raises
    ------
    DocumentError
        When an edit does not fit: an unknown table, field or entry, or a value other than the one that the edit says
        was there; or when the result contradicts itself.  All problems are listed.

    Notes
    -----
    Linear in the entries of the document.

    Examples
    --------
    >>> import capgraph as cg
    >>> before = cg.Framework(id="fw:mini", capabilities=[cg.Capability(id="cap:sql", label="SQL")])
    >>> edit = Edit(action="relabeled", table="capabilities", id="cap:sql", field="label", after="Structured queries")
    >>> replay(before, [edit]).capabilities[0].label
    'Structured queries'
    """
    stated = [_normal(document, edit) for edit in edits]
    renames = {edit.id: str(edit.after) for edit in stated if edit.field == "id" and edit.table}
    work = _Work(document, Draft.of(document, {}), [*_misfits(document, stated), *_collisions(document, renames)])
    work.refuse()
    work.draft = Draft.of(document, renames)
    steps = [edit for edit in stated if edit.field != "id" or not edit.table]
    for edit in sorted(steps, key=_phase):
        work.take(edit)
    work.finish()
    return type(document).model_validate({**work.draft.own, **_members(work.draft)})


def _members(draft: Draft) -> dict[str, tuple[Model, ...]]:
    """Return the entries of each table."""
    return {table: tuple(members.values()) for table, members in draft.tables.items()}


def _phase(edit: Edit) -> int:
    """Return when an edit is taken: what goes before what changes before what comes."""
    if edit.field or not edit.table:
        return 1
    return 0 if edit.after is None else 2


def _normal(document: Document, edit: Edit) -> Edit:
    """Return an edit with its table, and a rename as a change of the id."""
    table = edit.table
    if edit.id and not table:
        table = next(
            (name for name in document.tables if any(_is(edit.id, one) for one in entries(document, name))), ""
        )
    if edit.action == "renamed" and not edit.field and edit.into:
        return replace(edit, table=table, field="id", before=edit.id, after=edit.into[0])
    return replace(edit, table=table)


def _is(id_: str, member: Model) -> bool:
    """Return whether an entry has an id."""
    return getattr(member, "id", None) == id_


def _misfits(document: Document, edits: Iterable[Edit]) -> list[Issue]:
    """Return every edit that names a table or field that the document does not have."""
    return [issue for edit in edits if (issue := _misfit(document, edit)) is not None]


def _misfit(document: Document, edit: Edit) -> Issue | None:
    """Return what an edit names that the document does not have; None where it has everything."""
    name = edit.id or document.id
    if edit.id and not edit.table:
        text, hint = f"{edit.id!r} is not in {document.id!r}", "correct the id, or name the table of a new entry"
    elif edit.table and edit.table not in document.tables:
        text = f"{name!r}: {document.id!r} has no table {edit.table!r}"
        hint = f"use one of {', '.join(document.tables)}"
    elif edit.field and edit.field not in _fields(document, edit.table):
        text, hint = f"{name!r} has no field {edit.field!r}", "correct the name of the field"
    elif not edit.field and edit.after is None and edit.action not in _GOES:
        text, hint = f"{name!r}: {edit.action} says neither a field nor what comes", "state a field, or an after"
    else:
        return None
    return Issue("bad-edit", text, (name,), edit.field, hint)


def _fields(document: Document, table: str) -> set[str]:
    """Return the fields that an edit may change."""
    if not table:
        return type(document).model_fields.keys() - set(document.tables)
    return set(entry_type(type(document), table).model_fields)


def _collisions(document: Document, renames: Mapping[str, str]) -> list[Issue]:
    """Return every rename to an id that is in use already."""
    taken = named_ids(document) if renames else set()
    twice = [new for new in renames.values() if list(renames.values()).count(new) > 1]
    return [
        Issue("bad-edit", f"{old!r} cannot become {new!r}, which is in use", (old, new), "id", "merge them instead")
        for old, new in renames.items()
        if new in taken or new in twice
    ]


@dataclass
class _Work:
    """A draft, what waits to be set in its entries, and the problems so far."""

    document: Document
    draft: Draft
    issues: list[Issue]
    waiting: dict[tuple[str, Key], dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))

    def take(self, edit: Edit) -> None:
        """Take one edit that is no rename."""
        if not edit.table:
            self._expect(edit, self.draft.own[edit.field])
            self.draft.own[edit.field] = edit.after
        elif edit.field:
            self._set(edit)
        else:
            self._swap(edit)

    def _swap(self, edit: Edit) -> None:
        """Take an entry out, put one in, or replace one that has no id."""
        members, kind = self.draft.tables[edit.table], entry_type(type(self.document), edit.table)
        before, after = (_model(kind, value) for value in (edit.before, edit.after))
        if isinstance(before, Model) or (edit.id and edit.after is None):
            key: Key = (edit.id,) if kind not in KEYS else key_of(before)  # type: ignore[arg-type]
            found = members.pop(key, None)
            if found is None:
                self._complain(edit, "is not there")
            else:
                self._expect(edit, found)
        if isinstance(after, Model):
            if key_of(after) in members:
                self._complain(replace(edit, id=key_text(key_of(after))), "is there already")
            members[key_of(after)] = after

    def _set(self, edit: Edit) -> None:
        """Set a field of an entry, or one part of it."""
        member = self.draft.tables[edit.table].get((edit.id,))
        if member is None:
            self._complain(edit, "is not there")
            return
        waiting = self.waiting[edit.table, key_of(member)]
        current = waiting.get(edit.field, getattr(member, edit.field))
        kind = part_type(type(member), edit.field)
        if kind is None or not any(isinstance(value, Model | Mapping) for value in (edit.before, edit.after)):
            self._expect(edit, current)
            waiting[edit.field] = edit.after
        else:
            waiting[edit.field] = self._with_part(edit, kind, current)

    def _with_part(self, edit: Edit, kind: type[Model], current: Iterable[Model]) -> tuple[Model, ...]:
        """Return the parts of an entry with one taken out, put in or replaced."""
        parts = {key_of(part): part for part in current}
        before, after = (_model(kind, value) for value in (edit.before, edit.after))
        if isinstance(before, Model):
            found = parts.pop(key_of(before), None)
            self._expect(edit, found)
        if isinstance(after, Model):
            parts[key_of(after)] = after
        return tuple(parts.values())

    def finish(self) -> None:
        """Put the changed entries in place, and refuse everything that does not fit."""
        for (table, key), changes in self.waiting.items():
            members = self.draft.tables[table]
            try:
                members[key] = members[key].replace(**changes)
            except DocumentError as error:
                self.issues.extend(error.issues)
        self.refuse()

    def refuse(self) -> None:
        """Raise one error with all problems, or do nothing where there are none."""
        if self.issues:
            raise DocumentError.of(self.issues, f"edits of {self.document.kind} {self.document.id!r}")

    def _expect(self, edit: Edit, current: object) -> None:
        """Note a problem where an edit was made for another value than the current one."""
        stated = edit.before
        if stated is UNSTATED or current == stated or plain(current) == plain(stated):
            return
        self._complain(edit, f"is {_short(current)}, not {_short(stated)}" if edit.field else "has changed since")

    def _complain(self, edit: Edit, problem: str) -> None:
        """Note that an edit does not fit."""
        name = edit.id or self.document.id
        where = f"{name!r}: {edit.field}" if edit.field else repr(name)
        hint = "make the edit again from the current version"
        self.issues.append(Issue("edit-conflict", f"{where} {problem}", (name,), edit.field, hint))


def _model(kind: type[Model], value: object) -> object:
    """Return the entry or part that plain data states; anything else as it is."""
    return kind.model_validate(value) if isinstance(value, Mapping) and not isinstance(value, Model) else value


def _short(value: object) -> str:
    """Return a value, cut to a readable length."""
    shown = repr(plain(value))
    return shown if len(shown) <= 60 else f"{shown[:57]}..."  # noqa: PLR2004 - the length of a line's half
