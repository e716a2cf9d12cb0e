"""Differences: the edits that lead from one version of a document to another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from capgraph.analysis.edits import (
    ACTIONS,
    KEYS,
    LABELS,
    Action,
    Draft,
    Edit,
    entries,
    entry_type,
    key_of,
    keyed,
    part_key,
)
from capgraph.analysis.references import named_ids
from capgraph.analysis.spelling import readers
from capgraph.model import Document, Model, Node

if TYPE_CHECKING:
    from collections.abc import Iterator

    from capgraph.analysis.lineage import Lineage
    from capgraph.analysis.spelling import Reader

Sides = tuple[Mapping[tuple[Any, ...], Model], Mapping[tuple[Any, ...], Model]]
"""The entries of a table, or the parts of a field, of both versions by what identifies them."""

_PLACES = {"broader", "part_of", "teams", "manager", "capability"}
_LEVELS = {"levels", "scale", "minimum", "maximum", "default_scale", "zero_means"}


def edits_between(a: Document, b: Document, lineage: Lineage) -> Iterator[Edit]:
    """Yield the edits that lead from `a` to `b`, renames first.

    Entries are the same where their identity is: the IRI, or a rename that the lineage states and that collides with
    nothing in `a`.
    """
    renames = _renames(a, b, lineage)
    old, new = Draft.of(a, renames), Draft.of(b, {})
    yield from _own_edits(a, old, new)
    back = {now: before for before, now in renames.items()}
    reads = readers(a, b)
    for table in a.tables:
        sides = old.tables[table], new.tables[table]
        if entry_type(type(a), table) in KEYS:
            yield from _part_edits(table, "", "", sides)
            continue
        for now in sorted({id_ for (id_,) in sides[0]} & back.keys()):
            yield Edit(
                action="renamed", table=table, id=back[now], field="id", before=back[now], after=now, into=(now,)
            )
        same = {
            key for key in sides[0].keys() & sides[1].keys() if key[0] in back or reads[0](key[0]) == reads[1](key[0])
        }
        yield from _named_edits(table, sides, same, lineage)


def _ids(document: Document, table: str) -> dict[str, Node]:
    """Return the entries of a table by id; none for a table of entries without ids."""
    return {member.id: member for member in entries(document, table) if isinstance(member, Node)}


def _renames(a: Document, b: Document, lineage: Lineage) -> dict[str, str]:
    """Return the new id of every entry that keeps its identity under another spelling, or was renamed."""
    reads = readers(a, b)
    homes = {reads[1](id_): (table, id_) for table in b.tables for id_ in _ids(b, table)}
    wanted = list(_respelled(a, lineage, homes, reads))
    taken = named_ids(a) if wanted else set()
    found = {}
    for old, new in wanted:
        if new not in taken:
            found[old] = new
            taken.add(new)
    return found


def _respelled(
    a: Document, lineage: Lineage, homes: Mapping[str, tuple[str, str]], reads: tuple[Reader, Reader]
) -> Iterator[tuple[str, str]]:
    """Yield every entry with the id that it might have in the new version, where that is another one."""
    known = {reads[0](id_) for table in a.tables for id_ in _ids(a, table)} if lineage.shapes else set()
    for table in a.tables:
        for id_ in _ids(a, table):
            iri = reads[0](id_)
            if iri not in homes and lineage.shapes.get(id_) == "renamed":
                iri = reads[1](lineage.successors[id_][0])
                if iri in known:
                    continue
            home, new = homes.get(iri, ("", id_))
            if home == table and new != id_:
                yield id_, new


def _own_edits(document: Document, old: Draft, new: Draft) -> Iterator[Edit]:
    """Yield the changed fields of a document itself."""
    for field, before in old.own.items():
        after = new.own[field]
        if before != after:
            yield Edit(action=_action(document, field, after), field=field, before=before, after=after)


def _named_edits(table: str, sides: Sides, same: set[tuple[Any, ...]], lineage: Lineage) -> Iterator[Edit]:
    """Yield the edits of a table whose entries have ids, of which some are the same on both sides."""
    old, new = sides
    for key, member in old.items():
        id_ = key[0]
        if key in same:
            yield from _entry_edits(table, member, new[key], lineage)
        else:
            shape: Action = lineage.shapes.get(id_, "removed")
            # A rename that is none of `renames` leads to an entry that was there before: the two become one.
            action: Action = "merged" if shape == "renamed" else shape
            yield Edit(action=action, table=table, id=id_, before=member, into=lineage.successors.get(id_, ()))
    for key, member in new.items():
        if key not in same:
            yield Edit(action="added", table=table, id=key[0], before=None, after=member)


def _entry_edits(table: str, old: Model, new: Model, lineage: Lineage) -> Iterator[Edit]:
    """Yield the changed fields of one entry; requirements, alignments, levels and translations one by one."""
    if old is new or old == new:
        return
    id_ = key_of(old)[0]
    for field in type(old).model_fields:
        before, after = getattr(old, field), getattr(new, field)
        if before == after:
            continue
        parts = keyed(before), keyed(after)
        if parts[0] is not None and parts[1] is not None:
            yield from _part_edits(table, id_, field, (parts[0], parts[1]))
        else:
            action, into = _meaning(old, field, after, lineage)
            yield Edit(action=action, table=table, id=id_, field=field, before=before, after=after, into=into)


def _meaning(member: Model, field: str, after: object, lineage: Lineage) -> tuple[Action, tuple[str, ...]]:
    """Return what a changed field of an entry means, and what the entry became where that is told by the field."""
    id_ = key_of(member)[0]
    if field == "replaced_by" and id_ in lineage.shapes:
        return lineage.shapes[id_], lineage.successors[id_]
    return _action(member, field, after), ()


def _part_edits(
    table: str,
    id_: str,
    field: str,
    sides: Sides,
) -> Iterator[Edit]:
    """Yield the edits that lead from some keyed parts to others."""
    old, new = sides
    rescaled = (table, field) == ("scales", "levels")
    for key in (*old, *(new.keys() - old.keys())):
        before, after = old.get(key), new.get(key)
        if before != after:
            yield Edit(
                action="rescaled" if rescaled else _came(before, after),
                table=table,
                id=id_,
                field=field,
                before=before,
                after=after,
            )


def _came(before: Model | None, after: Model | None) -> Action:
    """Return whether a part came, went or changed."""
    if before is None:
        return "added"
    return "removed" if after is None else "changed"


def _action(member: Model, field: str, after: object) -> Action:
    """Return what a changed field means."""
    if field in LABELS:
        return "relabeled"
    if field in _PLACES and hasattr(member, field):
        return "moved"
    if field in _LEVELS:
        return "rescaled"
    return "deprecated" if field == "status" and after == "deprecated" else "changed"


def edit_order(edit: Edit, tables: tuple[str, ...]) -> tuple[int, int, str, str, str]:
    """Return the place of an edit: by table, action, id, field and what it is about."""
    place = tables.index(edit.table) if edit.table else -1
    what = repr(part_key(edit.before if edit.after is None else edit.after))
    return place, ACTIONS.index(edit.action), edit.id, edit.field, what
