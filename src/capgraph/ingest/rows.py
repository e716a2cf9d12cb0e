"""Rows that are no records: blank ones, repeated headers, totals, legends, headings; and rows of the wrong width."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, cast

from capgraph.formats.headers import spelled
from capgraph.formats.lexicon import MARKS
from capgraph.text import normalize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from capgraph.ingest.columns import Binding
    from capgraph.ingest.tables import Raw, Table

_REPEATED = 0.8
_SPARSE = 3
_LONGEST = 120


class Sieve:
    """Says which rows of a table are no records, and why.

    Parameters
    ----------
    table : Table
        The table.
    binding : Binding
        What its columns mean.
    """

    def __init__(self, table: Table, binding: Binding) -> None:
        self._width = len(table.names)
        self._order: list[int] | None = None
        self._strict, self._is_text = table.strict, table.is_text
        self._named = {_folded(name) for name in table.names if name}
        self._names = [spelled(name) for name in table.names]
        self._header = set(filter(None, self._names))
        self._least = max((place for place, name in enumerate(self._names, start=1) if name), default=0)
        self._people = {column.place for column in binding.fields.get("person", [])}
        self._ids = self._people | {column.place for column in binding.fields.get("id", [])}
        self._titles = {column.place for column in binding.fields.get("title", [])}
        filled = sorted(sum(_is_filled(cell) for cell in raw.cells) for raw in table.sample if not raw.broken)
        filled = [count for count in filled if count]
        self._usual = filled[len(filled) // 2] if filled else 0
        self._enough = max(_SPARSE, self._usual // 2)

    def not_data(self, cells: Sequence[object]) -> str:
        """Return the reason why a row is no record, or nothing.

        ``blank``, ``repeated-header``, ``total``, ``subtotal``, ``legend`` or ``section-heading``.
        """
        head = cells[: self._enough + 1]
        if self._is_text and len(head) > self._enough and self._is_full(head):
            return ""
        found = ((place, cell) for place, cell in enumerate(cells) if cell != "" and _is_filled(cell))
        filled = list(islice(found, self._enough + 1))
        if not filled:
            return "blank"
        first = str(filled[0][1]).strip()
        if len(filled) > 1 and any(_folded(cell) in self._named for _, cell in filled[:2]):
            filled.extend(found)
            if self._repeats(filled):
                return "repeated-header"
        if len(filled) > self._enough:
            return ""
        return self._sparse(filled, first)

    def _is_full(self, head: Sequence[object]) -> bool:
        """Return whether the first cells of a row of texts are all filled, and no names of columns."""
        texts = cast("Sequence[str]", head)
        return all(texts) and not any(map(str.isspace, texts)) and self._named.isdisjoint(map(_folded, texts[:2]))

    def _repeats(self, filled: Sequence[tuple[int, object]]) -> bool:
        """Return whether most cells name columns; or, of a header with further columns, the id and the title do."""
        named = [name for _, cell in filled if isinstance(cell, str) and (name := spelled(cell)) in self._header]
        if len(named) >= _REPEATED * len(filled):
            return True
        telling = {self._names[place] for place in (*self._ids, *self._titles) if place >= 0}
        return bool(self._ids) and telling <= set(named) and 2 * len(named) >= len(filled)

    def below(self, header: Raw) -> str:
        """Take the order of the columns from a header that stands again; return what to tell of another order."""
        self._order = self._order_below(header.cells)
        return "it names the columns in another order; the rows below it are read in that order" if self._order else ""

    def in_order(self, raw: Raw) -> Raw:
        """Return a record with its cells in the order of the columns; what stands behind them stays there."""
        if self._order is None:
            return raw
        cells, order = raw.cells, self._order
        found = [cells[place] if place < len(cells) else "" for place in order]
        return raw._replace(cells=[*found, *cells[len(order) :]])

    def _order_below(self, header: Sequence[object]) -> list[int] | None:
        """Return where the cells of each column stand below a header in another order; None where it is the same.

        A column that is missing there stands behind its last one; columns that are new there follow the known ones.
        """
        there: dict[str, list[int]] = {}
        for place, cell in enumerate(header):
            if name := spelled(str(cell or "")):
                there.setdefault(name, []).append(place)
        order = [there[name].pop(0) if there.get(name) else -1 for name in self._names]
        if all(found in {-1, place} for place, found in enumerate(order)):
            return None
        free = set(range(len(header))) - {*order}
        order = [
            found if found >= 0 else place if place in free and not name else len(header)
            for place, (found, name) in enumerate(zip(order, self._names, strict=True))
        ]
        return order + sorted(free - {*order})

    def _sparse(self, filled: Sequence[tuple[int, object]], first: str) -> str:
        """Return what a row with few cells is, where it is no record."""
        words = normalize(first).replace(":", " ").split()
        lead = " ".join(words[:1])
        if normalize(first).rstrip(": ") in MARKS["total"] or (lead in MARKS["total"] and not self._has_id(filled)):
            return "total"
        if lead in MARKS["subtotal"] and not self._has_id(filled):
            return "subtotal"
        if len(filled) > 1:
            return ""
        return self._single(filled[0][0], first, lead)

    def _has_id(self, filled: Sequence[tuple[int, object]]) -> bool:
        """Return whether a row has an id of its own, and not only a word in the column of ids."""
        return any(place in self._ids and place != filled[0][0] for place, _ in filled)

    def _single(self, place: int, text: str, lead: str) -> str:
        """Return what a row with a single cell is."""
        if self._width < _SPARSE or self._usual < _SPARSE:
            return ""
        if place in self._titles and lead.rstrip(":") not in MARKS["legend"]:
            return "section-heading" if not self._ids else ""
        if place in self._people and not any(map(str.isdigit, text)):
            return "legend"
        if place in self._ids and " " not in text and not text.endswith(":") and lead not in MARKS["legend"]:
            return ""
        return "legend"

    def width_problem(self, raw: Raw) -> str:
        """Return ``wrong-field-count`` where a row has filled cells past the columns, or the table is strict."""
        over = raw.cells[self._width :]
        if over and (self._strict or any(_is_filled(cell) for cell in over)):
            return "wrong-field-count"
        return "wrong-field-count" if self._strict and len(raw.cells) < self._least else ""


def _folded(cell: object) -> str:
    """Return a cell in the form in which it is first compared with the names of columns."""
    return " ".join(str(cell)[:_LONGEST].split()).casefold()


def _is_filled(cell: object) -> bool:
    """Return whether a cell holds anything."""
    return bool(cell.strip("\u00a0 \t\r\n")) if isinstance(cell, str) else cell is not None


def digest(table: Table, raw: Raw) -> int:
    """Return a number that is the same for records with the same cells."""
    if table.path_of is not None:
        import json

        return hash(json.dumps(raw.cells[0], sort_keys=True, default=str))
    return hash(tuple(raw.cells))
