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
            if _iris(edit, kind, edit.before, reads[0]) == _iris(edit, kind, edit.after, reads[1]):
                found.add(place)
        elif part_key(edit.before) and edit.action == "removed":
            gone[edit.table, edit.id, edit.field, _iris(edit, kind, edit.before, reads[0])] = place
    for place, edit in enumerate(edits):
        if edit.before is None and part_key(edit.after):
            came = edit.table, edit.id, edit.field, _iris(edit, kind, edit.after, reads[1])
            if came in gone:
                found |= {place, gone.pop(came)}
    return frozenset(found)


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
