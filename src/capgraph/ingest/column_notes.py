"""What a person should know about the columns of a table, and the names under which the rest of them is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capgraph.formats.tabular import column_name
from capgraph.ingest.profile import spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from capgraph.ingest.columns import Binding, Column

_TOLD = 20


def told_columns(binding: Binding) -> Iterator[str]:
    """Yield what a person should know about columns: which occur twice, are kept in extensions, are left out."""
    yield from repeated_columns(binding)
    for use, words in (("kept", "kept in extensions"), ("ignored", "left out")):
        names = dict.fromkeys(column.name for column in binding.columns if column.use == use and column.name)
        if names:
            more = f" and {len(names) - _TOLD} more" if len(names) > _TOLD else ""
            yield f"{words}: {', '.join(list(names)[:_TOLD])}{more}"


def repeated_columns(binding: Binding) -> Iterator[str]:
    """Yield which columns have the name of an earlier one, and what each is used for."""
    named: dict[str, list[Column]] = {}
    for column in binding.columns:
        if column.name:
            named.setdefault(spelled(column.name), []).append(column)
    for same in named.values():
        if len(same) > 1 and any(column.use != "ignored" for column in same[1:]):
            uses = "; ".join(f"{column_name(column.place)} {column.field or column.use}" for column in same)
            yield f"the column {same[0].name!r} occurs {len(same)} times: {uses}"


def kept_names(binding: Binding) -> list[str]:
    """Return the names under which columns are kept; of several with one name, the others get the number of theirs."""
    taken: set[str] = set()
    names = []
    for column in binding.kept:
        stated = column.name or f"column {column.place + 1}"
        name = f"{stated} ({column.place + 1})" if stated in taken else stated
        taken.add(name)
        names.append(name)
    return names
