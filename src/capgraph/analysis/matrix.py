"""SkillsMatrix: people × capabilities, what is required and what is attained, as a table with colored cells."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from capgraph.analysis.comparison import Status
    from capgraph.model import FrozenMapping


class Look(NamedTuple):
    """How a status looks, on a screen, in a workbook and in a picture."""

    background: str
    """The color of the cell."""
    ink: str
    """The color of its text."""
    mark: str
    """A sign that tells the status without color."""
    meaning: str
    """What it says."""


LOOKS: Mapping[Status | None, Look] = {
    "above": Look("#12405c", "#ffffff", "▲", "above what is asked for"),
    "met": Look("#7fb8da", "#1b1b1b", "✓", "required level reached"),
    "below": Look("#f0a040", "#1b1b1b", "▽", "below the required level"),
    "unassessed": Look("#e4e4ea", "#1b1b1b", "?", "required, not assessed"),
    None: Look("#ffffff", "#6b6b6b", "", "not required"),
}
"""Blue against orange, which every kind of color vision tells apart, of different lightness, each with a sign."""


class MatrixCell(NamedTuple):
    """What one person holds of one capability, and what is required of them."""

    required: float | None
    """The level or value required; None where none is, or where holding it is enough."""
    attained: float | None
    """The level or value attained; None where it is not known."""
    status: Status | None
    """The status of the requirement; None where the capability is not required of the person."""
    held: bool
    """Whether the person has the capability at all."""

    @property
    def text(self) -> str:
        """The cell in a few signs: what is attained, of what is required, and the sign of the status."""
        shown = f"{self.attained:g}" if self.attained is not None else "✓" if self.held else ""
        required = f"/{self.required:g}" if self.required is not None else ""
        return f"{shown}{required} {LOOKS[self.status].mark}".strip() if self.status else shown


@dataclass(frozen=True, kw_only=True)
class SkillsMatrix:
    """People × capabilities.

    The people are in the order of their ids, the capabilities in the order of theirs.
    """

    title: str
    """What the matrix is about."""
    people: FrozenMapping[str, str]
    """The labels of the people, by id; the id where there is no label."""
    capabilities: FrozenMapping[str, str]
    """The labels of the capabilities, by id."""
    cells: FrozenMapping[tuple[str, str], MatrixCell]
    """The cell of each person and capability."""

    def rows(self) -> list[dict[str, Any]]:
        """Return one plain dict for each person: ``person``, then what is attained of each capability, by id."""
        return [
            {"person": person, **{name: self.cells[person, name].attained for name in self.capabilities}}
            for person in self.people
        ]

    def gaps(self) -> list[dict[str, Any]]:
        """Return one plain dict for each requirement that is not met: below before unassessed, then by ids."""
        found = [
            {"person": person, "capability": capability, "required": cell.required, "attained": cell.attained}
            | {"shortfall": _shortfall(cell), "status": cell.status}
            for (person, capability), cell in self.cells.items()
            if cell.status in {"below", "unassessed"}
        ]
        return sorted(
            found, key=lambda gap: (gap["status"], -(gap["shortfall"] or 0), gap["person"], gap["capability"])
        )

    def to_xlsx(self) -> bytes:
        """Return a workbook with the sheets *Matrix*, *Gaps* and *Legend*.

        No cell is read as a formula, whatever its text begins with.

        Raises
        ------
        MissingDependencyError
            When the ``excel`` extra is not installed.
        """
        from capgraph.analysis.matrix_workbook import workbook

        return workbook(self)

    def _repr_html_(self) -> str:
        head = "".join(
            f"<th style='writing-mode:vertical-rl;transform:rotate(180deg);max-height:14em;font-weight:normal;"
            f"text-align:left;padding:2px'>{html.escape(label)}</th>"
            for label in self.capabilities.values()
        )
        body = "".join(self._html_row(person) for person in self.people)
        legend = " ".join(_html_meaning(look) for look in LOOKS.values())
        return (
            f"<div style='overflow-x:auto'><table style='font-size:11px;border-collapse:collapse'>"
            f"<caption style='text-align:left'>{html.escape(self.title)}: attained/required</caption>"
            f"<thead><tr><th></th>{head}</tr></thead><tbody>{body}</tbody></table>"
            f"<div style='font-size:11px;margin-top:4px'>{legend}</div></div>"
        )

    def _html_row(self, person: str) -> str:
        """Return the row of one person."""
        label = self.people[person]
        return (
            f"<tr><th style='text-align:left;font-weight:normal'>{html.escape(label)}</th>"
            + "".join(_html_cell(label, name, self.cells[person, id_]) for id_, name in self.capabilities.items())
            + "</tr>"
        )


def _shortfall(cell: MatrixCell) -> float | None:
    """Return what a cell lacks; None where that is not known."""
    if cell.status == "unassessed":
        return None
    return 1 if cell.required is None or cell.attained is None else max(0, cell.required - cell.attained)


def _html_meaning(look: Look) -> str:
    """Return an entry of the legend."""
    return (
        f"<span style='background:{look.background};color:{look.ink};padding:1px 5px'>{look.mark} {look.meaning}</span>"
    )


def _html_cell(person: str, capability: str, cell: MatrixCell) -> str:
    """Return one cell with its color, and the whole story as a tooltip."""
    look = LOOKS[cell.status]
    title = html.escape(f"{person}, {capability}: {look.meaning}", quote=True)
    return (
        f"<td title='{title}' style='background:{look.background};color:{look.ink};border:1px solid #fff;"
        f"text-align:center;white-space:nowrap;padding:1px 3px'>{html.escape(cell.text)}</td>"
    )
