"""The row that names the columns of a table: the one that a profile states, or the likeliest; and what stands above."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from capgraph.formats.headers import Header, find_header, spelled
from capgraph.formats.tabular import as_text, is_blank
from capgraph.ingest.rejected import REASONS
from capgraph.ingest.unnamed import NO_ROW, first_header, without_names

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from capgraph.ingest.profile import Profile


def header_of(rows: Sequence[Sequence[Any]], profile: Profile | None, known: Collection[str]) -> Header | None:
    """Return the row that names the columns: the one that the profile states, or the likeliest."""
    if rows and set(REASONS) <= set(map(as_text, rows[0])):
        return _named(0, rows[0])  # an earlier import wrote it, and its records may be of any width
    if profile is not None and profile.header_row is not None:
        place = profile.header_row - 1
        if not 0 <= place < len(rows):
            return None
        return _named(place, rows[place])
    stated = profile.columns.values() if profile is not None else ()
    known = {*known, *(spelled(name) for names in stated for name in names)}
    found = find_header(rows, known=known, spelled=spelled)
    if found is not None and (first := first_header(found, rows)) < found.row:
        found = find_header(rows[: first + 1], known=known, spelled=spelled) or found
    return without_names(found, rows, known)


def _named(place: int, row: Sequence[Any]) -> Header:
    """Return the header that a row is."""
    return Header(place, tuple(" ".join(as_text(cell).split()) for cell in row))


def header_note(header: Header, numbers: Sequence[int]) -> str:
    """Return in words where the header stands, and that the rows above it were not read."""
    if header.row == NO_ROW:
        return "no row names the columns, so the first row is a record; if it does, state header_row in a profile"
    above = len(numbers) - 1
    skipped = f", below {above} {'row' if above == 1 else 'rows'} of titles and notes" if above else ""
    return f"header in row {numbers[-1]}{skipped}"


def title_of(rows: Sequence[Sequence[Any]], sheet: str) -> str:
    """Return what stands above a table, and the name of its sheet."""
    texts = [as_text(cell) for row in rows for cell in row if not is_blank(cell)]
    return " ".join(dict.fromkeys([sheet, *texts])).strip()[:300]
