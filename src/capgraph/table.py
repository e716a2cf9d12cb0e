"""Table: what an answer looks like on a screen, as text or as HTML."""

from __future__ import annotations

import dataclasses
import html
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_CELL_WIDTH = 48
_HTML_CELL_WIDTH = 120
_MINTED = re.compile(r"\b(urn:uuid:[0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
"""Ids that nobody reads to their end; their first eight digits tell those of one table apart."""
_TONES = {
    "good": "#d7efe6",
    "fair": "#fdf1cf",
    "poor": "#f9d9c6",
    "open": "#e7e7ee",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Table:
    """A title, a line of figures, columns of text, notes: what a report looks like on a screen."""

    title: str
    """The heading."""
    columns: tuple[str, ...]
    """The names of the columns."""
    cells: tuple[tuple[str, ...], ...]
    """The cells as text, row by row."""
    tones: tuple[str, ...] = ()
    """The tone of each row: ``good``, ``fair``, ``poor``, ``open`` or nothing."""
    figures: tuple[str, ...] = ()
    """Figures about the whole answer."""
    notes: tuple[str, ...] = ()
    """What a reader must know."""
    hidden: int = 0
    """How many rows are not shown."""

    def to_text(self) -> str:
        """Return the table as plain text with aligned columns; long cells are cut, which ``…`` says."""
        rows = [self.columns, *(tuple(map(_fitted, row)) for row in self.cells)]
        widths = [max(len(row[column]) for row in rows) for column in range(len(self.columns))]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
        rule = "  ".join("-" * width for width in widths)
        more = [f"… and {self.hidden} more rows"] if self.hidden else []
        figures = [", ".join(self.figures)] if self.figures else []
        return "\n".join([self.title, *figures, "", lines[0], rule, *lines[1:], *more, *self.notes])

    def to_html(self) -> str:
        """Return the table as an HTML fragment with every text escaped."""
        head = "".join(f"<th>{html.escape(name)}</th>" for name in self.columns)
        tones = self.tones or ("",) * len(self.cells)
        body = "".join(_html_row(row, tone) for row, tone in zip(self.cells, tones, strict=True))
        below = [*([f"… and {self.hidden} more rows"] if self.hidden else []), *self.notes]
        notes = "".join(f"<div>{html.escape(note)}</div>" for note in below)
        caption = html.escape(" · ".join([self.title, *self.figures]))
        return (
            f"<div style='overflow-x:auto'><table><caption style='text-align:left'>{caption}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{notes}</div>"
        )


def _fitted(cell: str) -> str:
    """Return a cell on one line, cut to a readable width."""
    line = " ".join(cell.split())
    return line if len(line) <= _CELL_WIDTH else f"{line[: _CELL_WIDTH - 1]}…"


def _html_row(row: Sequence[str], tone: str) -> str:
    """Return one HTML row, colored by its tone."""
    style = f" style='background:{_TONES[tone]};color:#1b1b1b'" if tone in _TONES else ""
    return f"<tr{style}>{''.join(map(_html_cell, row))}</tr>"


def _html_cell(cell: str) -> str:
    """Return one HTML cell; long texts and minted ids are cut, and shown whole when they are pointed at."""
    short = _MINTED.sub(r"\1…", cell)
    cut = f"{short[: _HTML_CELL_WIDTH - 1]}…" if len(short) > _HTML_CELL_WIDTH else short
    whole = f" title='{html.escape(cell)}'" if cut != cell else ""
    return f"<td style='text-align:left;vertical-align:top;max-width:30em'{whole}>{html.escape(cut)}</td>"
