"""What a projection changed of a document beyond what its format said: found by comparison, so that none is silent."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from capgraph.formats.projection import PARTS, part_of, place_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from capgraph.formats.conversion import Action, Ledger
    from capgraph.model import Document, Model

_REASON = "as the format holds it"


class Difference(NamedTuple):
    """One field of one part that is not what it was."""

    part: str
    """The part and the field, such as ``capability.label``; the part alone where it is gone."""
    place: str
    """The id of the entry."""
    things: int
    """How many things are lost, at least 1."""
    is_lost: bool
    """Whether something is gone, and not only written differently."""


def note_rest(before: Document, after: Document, ledger: Ledger) -> None:
    """Note every difference between two documents that the ledger does not list yet.

    Notes
    -----
    Linear in the documents.
    """
    for found in differences(before, after, ledger.renamed):
        head = found.part.partition(".")[0]
        if not any(ledger.lists(part, place) for part in (found.part, head) for place in (found.place, before.id)):
            action: Action = "dropped" if found.is_lost else "normalized"
            ledger.note(action, found.part, reason=_REASON, place=found.place, count=found.things)


def differences(before: Document, after: Document, renamed: Mapping[str, str]) -> Iterator[Difference]:
    """Yield what is different in a document, part by part; `renamed` says which ids are written in another way."""
    yield from _fields(before, after, renamed, before.id, omit=before.tables)
    for table in before.tables:
        old, new = getattr(before, table), getattr(after, table)
        if old and type(old[0]) in PARTS and hasattr(old[0], "id"):
            known = {item.id: item for item in new}
            for item in old:
                other = known.get(renamed.get(item.id, item.id))
                if other is None:
                    yield Difference(part_of(item), item.id, 1, is_lost=True)
                else:
                    yield from _fields(item, other, renamed, item.id)
        elif old != new:
            yield from _members(old, new, renamed, before.id)


def _fields(
    old: Model, new: Model, renamed: Mapping[str, str], place: str, *, omit: tuple[str, ...] = ()
) -> Iterator[Difference]:
    """Yield the fields of a part that differ."""
    for field in type(old).model_fields:
        mine, other = getattr(old, field), getattr(new, field)
        if mine == other or field in omit:
            continue
        if isinstance(mine, tuple) and mine and type(mine[0]) in PARTS:
            yield from _members(mine, other, renamed, place)
        elif _plain(mine, renamed) != (wanted := _plain(other, {})):
            yield _difference(f"{part_of(old)}.{field}", place, _plain(mine, renamed), wanted)


def _members(
    old: tuple[Model, ...], new: tuple[Model, ...], renamed: Mapping[str, str], place: str
) -> Iterator[Difference]:
    """Yield what differs in parts without ids: field by field where there are as many of them, else as a whole."""
    if len(old) == len(new):
        for mine, other in zip(old, new, strict=True):
            yield from _fields(mine, other, renamed, place_of(mine) or place)
    else:
        count = max(1, len(old) - len(new))
        yield Difference(part_of(old[0]), place, count, is_lost=len(new) < len(old))


def _difference(part: str, place: str, old: Any, new: Any) -> Difference:  # noqa: ANN401 - plain values
    """Return the difference of two values; a list that lost members lost as many things."""
    if isinstance(old, list) and isinstance(new, list):
        lost = sum((Counter(map(repr, old)) - Counter(map(repr, new))).values())
        gained = sum((Counter(map(repr, new)) - Counter(map(repr, old))).values())
        return Difference(part, place, max(1, lost - gained), is_lost=lost > gained)
    return Difference(part, place, 1, is_lost=new in (None, "", {}, False))


def _plain(value: object, renamed: Mapping[str, str]) -> Any:  # noqa: ANN401 - plain values
    """Return a value as plain data, with the ids in it as they are written now."""
    if isinstance(value, str):
        return renamed.get(value, value)
    if isinstance(value, tuple):
        found = [_plain(item, renamed) for item in value]
        return sorted(found) if all(isinstance(item, str) for item in found) else found
    return value
