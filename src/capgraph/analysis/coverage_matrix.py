"""CoverageMatrix: capabilities × levels, how well each step is taught, as a table with colored cells."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from capgraph.analysis.matrix import Look

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from capgraph.analysis.coverage import CoverageRow, CoverageStatus

Column = tuple[int | None, str]

COVERAGE_LOOKS: Mapping[CoverageStatus, Look] = {
    "uncovered": Look("#b3470c", "#ffffff", "✗", "required, and by nobody"),
    "thin": Look("#f6b26b", "#1b1b1b", "!", "hangs on one asset or one provider"),
    "covered": Look("#a8cfe8", "#1b1b1b", "✓", "by several"),
    "oversupplied": Look("#12405c", "#ffffff", "▲", "by more than enough"),
}
"""Orange against blue, which every kind of color vision tells apart, of different lightness, each with a sign."""


class CoverageCell(NamedTuple):
    """How well one step is taught."""

    status: CoverageStatus
    """The status."""
    assets: int
    """How many assets teach it."""
    demand: int
    """How many people, or roles, need it."""
    necessity: str
    """The strongest necessity; a mandatory step is marked."""

    @property
    def text(self) -> str:
        """The cell in a few signs: assets, the sign of the status, and a star where the step is mandatory."""
        return f"{self.assets} {COVERAGE_LOOKS[self.status].mark}{'*' if self.necessity == 'mandatory' else ''}"


@dataclass(frozen=True, kw_only=True)
class CoverageMatrix:
    """Capabilities × levels (and parts, where the answer is split); steps that nobody requires are empty."""

    title: str
    """What the matrix is about."""
    capabilities: Mapping[str, str]
    """The labels of the capabilities, by id: those with most uncovered demand first."""
    columns: tuple[Column, ...]
    """The levels, each with its part, in order."""
    cells: Mapping[tuple[str, Column], CoverageCell]
    """The cell of each capability and column; none where nobody requires the step."""

    @property
    def headings(self) -> list[str]:
        """The columns in words."""
        return [_named(column) for column in self.columns]

    def rows(self) -> list[dict[str, Any]]:
        """Return one plain dict for each capability: ``capability``, ``label``, and the status in each column."""
        return [
            {"capability": id_, "label": label} | {_named(column): self._status(id_, column) for column in self.columns}
            for id_, label in self.capabilities.items()
        ]

    def _status(self, capability: str, column: Column) -> str | None:
        """Return the status of a cell, None where it is empty."""
        cell = self.cells.get((capability, column))
        return None if cell is None else cell.status

    def _repr_html_(self) -> str:
        head = "".join(
            f"<th style='font-weight:normal;padding:2px 6px'>{html.escape(heading)}</th>" for heading in self.headings
        )
        body = "".join(
            f"<tr><th style='text-align:left;font-weight:normal'>{html.escape(label or id_)}</th>"
            + "".join(self._html_cell(id_, column) for column in self.columns)
            + "</tr>"
            for id_, label in self.capabilities.items()
        )
        legend = " ".join(
            f"<span style='background:{look.background};color:{look.ink};padding:1px 5px'>{look.mark} "
            f"{look.meaning}</span>"
            for look in COVERAGE_LOOKS.values()
        )
        return (
            f"<div style='overflow-x:auto'><table style='font-size:11px;border-collapse:collapse'>"
            f"<caption style='text-align:left'>{html.escape(self.title)}</caption>"
            f"<thead><tr><th></th>{head}</tr></thead><tbody>{body}</tbody></table>"
            f"<div style='font-size:11px;margin-top:4px'>{legend} * mandatory</div></div>"
        )

    def _html_cell(self, capability: str, column: Column) -> str:
        """Return one cell with its color, and the whole story as a tooltip."""
        cell = self.cells.get((capability, column))
        if cell is None:
            return "<td></td>"
        look = COVERAGE_LOOKS[cell.status]
        told = f"{capability} {_named(column)}: {look.meaning}; {cell.assets} assets, needed by {cell.demand}"
        return (
            f"<td title='{html.escape(told, quote=True)}' style='background:{look.background};color:{look.ink};"
            f"border:1px solid #fff;text-align:center;white-space:nowrap;padding:1px 6px'>{html.escape(cell.text)}</td>"
        )


def coverage_matrix(rows: Iterable[CoverageRow], title: str) -> CoverageMatrix:
    """Return the matrix of some rows of coverage."""
    found = list(rows)
    labels = {row.capability: row.label for row in found}
    missing = dict.fromkeys(labels, 0)
    for row in found:
        missing[row.capability] += 0 if row.assets else row.demand
    order = sorted(labels, key=lambda id_: (-missing[id_], labels[id_], id_))
    columns = sorted({(row.level, row.part) for row in found}, key=lambda c: (-10_000 if c[0] is None else c[0], c[1]))
    return CoverageMatrix(
        title=title,
        capabilities={id_: labels[id_] for id_ in order},
        columns=tuple(columns),
        cells={
            (row.capability, (row.level, row.part)): CoverageCell(
                row.status, len(row.assets), row.demand, row.necessity
            )
            for row in found
        },
    )


def _named(column: Column) -> str:
    """Return the heading of a column."""
    level, part = column
    return " ".join(text for text in ("held" if level is None else f"level {level}", part) if text)
