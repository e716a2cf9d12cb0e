"""What the names of columns mean among people, where a *course id* is no *id*, and *training hours* no training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capgraph.formats.headers import spelled, without_brackets
from capgraph.ingest.namings import LEADING, TRAILING, ends, folded

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from capgraph.ingest.tables import Table

_LEARNING = frozenset({"asset", "asset_title", "system", "date", "expires", "state", "score", "note"})
"""What a column about people may say of a course; the other fields are those of a person."""
_SEVERAL = frozenset({"team", "manager"})
"""What people may be said to have in several columns, the first of which need not be filled."""
_SHORTEST = 5


def named_of_people(
    table: Table, free: Sequence[int], columns: Mapping[str, Sequence[str]], taken: Mapping[int, object]
) -> Iterator[tuple[str, list[int]]]:
    """Yield the columns of each field by their names.

    Parameters
    ----------
    table : Table
        The table.
    free : sequence of int
        The columns that may be claimed.
    columns : mapping of str to sequence of str
        The usual names of the columns of each field.
    taken : mapping of int to object
        The columns that some field has, which are more with every field.
    """
    whole = {folded(name) for names in columns.values() for name in names}
    names: dict[str, int] = {}
    led: dict[str, int] = {}
    for place in reversed(free):
        core, forms = _forms(table.names[place], table.names if table.path_of else None, whole)
        names.update(dict.fromkeys(forms, place))
        led.update(dict.fromkeys(core, place))
    joined = {form.replace(" ", ""): place for form, place in names.items() if len(form) >= _SHORTEST}
    either = names | {form: min(place, names.get(form, place)) for form, place in led.items()}
    for field, aliases in columns.items():
        known = either if field in _LEARNING else names
        forms = list(dict.fromkeys(map(folded, aliases)))
        places = [known[form] for form in forms if form in known]
        places = places or [joined[form] for alias in forms if (form := alias.replace(" ", "")) in joined]
        places = [place for place in dict.fromkeys(places) if place not in taken]
        yield field, places if field in _SEVERAL else places[:1]


def _forms(name: str, paths: Sequence[str] | None, whole: Collection[str]) -> tuple[list[str], list[str]]:
    """Return the forms of a name without a leading word such as *course*, and the others, the exact one last.

    A name that is known as it is has this form alone.
    """
    if folded(name) in whole:
        return [], [folded(name)]
    core = [word for word in without_brackets(name).split() if word not in TRAILING]
    led = core[1:] if len(core) > 1 and core[0] in LEADING else []
    found = [" ".join(core if not led else []), without_brackets(name), spelled(name)]
    if paths is not None and name.rpartition(".")[0] not in paths:
        found[:0] = ends(name)
    return [folded(" ".join(led))] if led else [], [folded(form) for form in found if form]
