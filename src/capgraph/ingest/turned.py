"""Matrices the other way around: skills in rows, and people in columns, by whose names these are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capgraph.ingest.columns import cell_of
from capgraph.ingest.matrix_columns import MatrixColumns
from capgraph.ingest.person_columns import are_names
from capgraph.ingest.person_keys import named_id

if TYPE_CHECKING:
    from capgraph.ingest.columns import Binding
    from capgraph.ingest.matrices import Matrix
    from capgraph.ingest.records import Ledger
    from capgraph.ingest.tables import Table

_FEWEST = 2


def people_of(ledger: Ledger, table: Table, binding: Binding) -> dict[int, str]:
    """Return the ids of the people by column; nothing where the columns are not called by names, or hold no levels."""
    if "skill" not in binding.fields:
        return {}
    workforce = ledger.reading.workforce
    places = MatrixColumns(table, binding, ledger.levels, workforce).of_levels()
    names = [table.names[place] for place in places]
    if len(names) < _FEWEST or not are_names(names):
        return {}
    return {place: named_id(workforce, table.names[place]) for place in places}


def read(matrix: Matrix, people: dict[int, str]) -> None:
    """Read a matrix with a column for each of some people; nobody is named in what is told."""
    table, binding, ledger = matrix.table, matrix.binding, matrix.ledger
    ledger.reading.notes.append(f"{table.source}: skills in rows and people in columns, who are known by name")
    known: dict[int, str] = {}
    for raw, cells in ledger.reading.rows(table, binding):
        skill = cells.get("skill") or cells.get("skill_code", "")
        if not skill:
            ledger.reading.reject(table, raw, "missing-skill", "fill in the skill", field="skill")
            continue
        if not known:
            known = {place: ledger.person(table, raw, person) for place, person in people.items()}
        for place, person in known.items():
            if person:
                matrix.level(raw, person, (place, skill, cell_of(table, raw, place)), None)
