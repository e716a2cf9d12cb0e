"""Respelling: edits that write the same ids in another way and change nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from capgraph.analysis.edits import entry_type, part_key
from capgraph.analysis.references import REFERENCES, references, substituted
from capgraph.model import Document, Model

if TYPE_CHECKING:
    from collections.abc import Sequence

    from capgraph.analysis.edits import Edit
    from capgraph.analysis.spelling import Reader


def respelled(edits: Sequence[Edit], kind: type[Document], reads: tuple[Reader, Reader]) -> frozenset[int]:
    """Return the places of the edits that only write ids in another way.

    A part that goes and one that comes are such a pair where they say the same of the same IRIs.
    """
    if reads[0] is str:
        return frozenset()
    found: set[int] = set()
    gone: dict[object, int] = {}
    for place, edit in enumerate(edits):
        if edit.after is not None and edit.before is not None:
            if _same(edit, edit, kind, reads):
                found.add(place)
        elif edit.action == "removed" and part_key(edit.before):
            gone[_place(edit, edit.before, reads[0])] = place
    for place, edit in enumerate(edits):
        if edit.before is None and part_key(edit.after):
            earlier = gone.get(_place(edit, edit.after, reads[1]))
            if earlier is not None and _same(edits[earlier], edit, kind, reads):
                found |= {place, earlier}
    return frozenset(found)


def _place(edit: Edit, part: object, read: Reader) -> tuple[object, ...]:
    """Return where a part stands, and what identifies it there, by IRI."""
    return edit.table, edit.id, edit.field, *(read(item) if isinstance(item, str) else item for item in part_key(part))


def _same(gone: Edit, came: Edit, kind: type[Document], reads: tuple[Reader, Reader]) -> bool:
    """Return whether what goes and what comes say the same of the same IRIs."""
    return bool(_iris(gone, kind, gone.before, reads[0]) == _iris(came, kind, came.after, reads[1]))


def _iris(edit: Edit, kind: type[Document], value: Any, read: Reader) -> Any:  # noqa: ANN401 - the value of any field
    """Return a value with every id that it names as its IRI."""
    if isinstance(value, Model):
        named = {id_: read(id_) for _, id_ in references(value)} if type(value) in REFERENCES else {}
        return substituted(value, named) if named else value
    owner = entry_type(kind, edit.table) if edit.table else kind
    if edit.field != "id" and edit.field not in REFERENCES.get(owner, ()):
        return value
    if isinstance(value, tuple):
        items = [_iris(edit, kind, item, read) for item in value]
        return tuple(sorted(items)) if all(isinstance(item, str) for item in items) else tuple(items)
    return read(value) if isinstance(value, str) else value
