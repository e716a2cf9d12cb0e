"""What a person should know about the columns of a table, and the names under which the rest of them is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capgraph.formats import values
from capgraph.formats.cells import plain
from capgraph.formats.headers import spelled
from capgraph.formats.tabular import column_name
from capgraph.ingest.columns import cell_of
from capgraph.ingest.details import are_bare
from capgraph.ingest.fields import UNCLEAR
from capgraph.ingest.units import unit_of
from capgraph.ingest.weighing import CONTRADICTED, NUMBERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from capgraph.ingest.columns import Binding, Column
    from capgraph.ingest.tables import Table

_TOLD = 20
_OF_PEOPLE = frozenset(
    {
        "person", "label", "first_name", "last_name", "email", "team", "team_label", "team_broader", "manager", "role",
        "role_level", "target_role", "site", "since", "language", "status",
    }
)  # fmt: skip
_USES = {"kept": "kept in extensions", "ignored": "left out"}


def told_columns(binding: Binding) -> Iterator[str]:
    """Yield what a person should know about columns: which occur twice, are kept in extensions, are left out."""
    yield from repeated_columns(binding)
    for column in binding.columns:
        if column.because.startswith((CONTRADICTED, NUMBERS)):
            name = repr(column.name) if column.name else f"column {column_name(column.place)}"
            yield f"{name} is {_USES[column.use]}: {column.because}"
    for use, words in _USES.items():
        names = dict.fromkeys(column.name for column in binding.columns if column.use == use and column.name)
        if names:
            more = f" and {len(names) - _TOLD} more" if len(names) > _TOLD else ""
            yield f"{words}: {', '.join(list(names)[:_TOLD])}{more}"


def left_out_of_people(binding: Binding) -> str:
    """Return which columns of a list of people say nothing that is kept of people; nothing where all do."""
    names = dict.fromkeys(
        column.name for column in binding.columns if column.name and column.samples and column.field not in _OF_PEOPLE
    )
    more = f" and {len(names) - _TOLD} more" if len(names) > _TOLD else ""
    return f"left out, not kept of people: {', '.join(list(names)[:_TOLD])}{more}" if names else ""


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


def told_taxes(table: Table, binding: Binding) -> Iterator[str]:
    """Yield which columns of prices say whether tax is in them, which is not kept."""
    for name in ("cost", "session_cost", "annual_cost"):
        for column in binding.fields.get(name, []):
            cells = (plain(cell_of(table, raw, column.place)) for raw in table.sample if not raw.broken)
            stated = next((cell for cell in cells if values.says_tax(cell)), "")
            if stated:
                yield f"amounts in {column.name!r} are taken as they stand, with or without tax: {stated!r}"


def told_days(table: Table, binding: Binding) -> Iterator[str]:
    """Yield which columns of durations state days or weeks, whose hours are a convention."""
    for column in binding.fields.get("duration", []):
        unit = "" if column.rule.unit == UNCLEAR else column.rule.unit
        cells = (cell_of(table, raw, column.place) for raw in table.sample if not raw.broken)
        stated = next((plain(cell) for cell in cells if _depends_on_days(cell, unit)), "")
        if stated:
            yield f"days in {column.name!r} count as 8 hours, weeks as five days: {stated!r}"


def _depends_on_days(cell: object, unit: str) -> bool:
    """Return whether a duration is another one where a day has other hours."""
    try:
        found = [values.duration(cell, unit=unit, day_minutes=minutes) for minutes in (480.0, 420.0)]
    except ValueError:
        return False
    return found[0] != found[1]


def told_units(table: Table, binding: Binding) -> Iterator[str]:
    """Yield in which unit the bare numbers of durations are read, where neither name nor profile states one."""
    for column in binding.fields.get("duration", []):
        stated = "duration_unit" in binding.fields or binding.profile.rule("duration").unit or unit_of(column.name)
        if stated or not are_bare(table, column):
            continue
        unit = column.rule.unit
        if unit == UNCLEAR:
            yield f"bare numbers in {column.name!r} are hours or days, which is not said, so they are kept unread"
        else:
            why = ", since there are fractions of hours among them" if unit else ""
            yield f"bare numbers in {column.name!r} are read as {unit or 'minute'}s{why}; state the unit in a profile"
