"""Pictures of graphs and reports: the only module that knows a drawing library.

Pictures are drawn by matplotlib without a window, a browser or a network, with the colors and signs of the tables, so
that they can be told apart without color.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from capgraph.analysis.matrix import LOOKS
from capgraph.errors import MissingDependencyError

if TYPE_CHECKING:
    from os import PathLike

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from capgraph.analysis.matrix import MatrixCell, SkillsMatrix

__all__ = ["Picture", "heatmap"]

_CELL = 0.34
_LABEL = 24
_SMALL = 7


class Picture:
    """A drawn figure that Jupyter shows and that can be saved.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        What was drawn.
    """

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        """The matplotlib figure, to change it further."""

    def save(self, path: str | PathLike[str]) -> None:
        """Write the picture to a file; its suffix says how: ``.svg``, ``.png`` or ``.pdf``."""
        self.figure.savefig(path, bbox_inches="tight")

    def to_svg(self) -> str:
        """Return the picture as SVG text."""
        target = io.StringIO()
        self.figure.savefig(target, format="svg", bbox_inches="tight", metadata={"Date": None})
        return target.getvalue()

    def _repr_svg_(self) -> str:
        return self.to_svg()


def heatmap(matrix: SkillsMatrix) -> Picture:
    """Return the picture of a skills matrix: people × capabilities, colored by status, with the levels in the cells.

    Parameters
    ----------
    matrix : SkillsMatrix
        Such as ``team_gap(…).matrix``; readable up to some 40 people and 60 capabilities.

    Returns
    -------
    Picture
        Shown by Jupyter; ``save`` writes it as SVG, PNG or PDF.

    Raises
    ------
    MissingDependencyError
        When the ``viz`` extra is not installed.

    Notes
    -----
    Linear in the cells.

    Examples
    --------
    >>> import capgraph as cg
    >>> picture = heatmap(cg.team_gap(cg.sample().graph(), "team:control-room").matrix)
    >>> picture.to_svg().lstrip().startswith("<?xml")
    True
    """
    figure = _figure(2 + _CELL * len(matrix.capabilities), 2 + _CELL * len(matrix.people))
    axes = figure.add_subplot()
    for row, person in enumerate(matrix.people):
        for column, capability in enumerate(matrix.capabilities):
            _draw(axes, column, row, matrix.cells[person, capability])
    axes.set_xlim(0, max(1, len(matrix.capabilities)))
    axes.set_ylim(max(1, len(matrix.people)), 0)
    axes.set_xticks([place + 0.5 for place in range(len(matrix.capabilities))])
    axes.set_xticklabels([_short(label) for label in matrix.capabilities.values()], rotation=90, fontsize=_SMALL)
    axes.set_yticks([place + 0.5 for place in range(len(matrix.people))])
    axes.set_yticklabels([_short(label) for label in matrix.people.values()], fontsize=_SMALL)
    axes.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
    for spine in axes.spines.values():
        spine.set_visible(False)
    _legend(axes, matrix.title)
    return Picture(figure)


def _figure(width: float, height: float) -> Figure:
    """Return an empty figure of a size in inches."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        package, extra = "matplotlib", "viz"
        raise MissingDependencyError(package, extra) from None
    return Figure(figsize=(width, height))


def _draw(axes: Axes, column: int, row: int, cell: MatrixCell) -> None:
    """Draw one cell."""
    from matplotlib.patches import Rectangle

    look = LOOKS[cell.status]
    axes.add_patch(Rectangle((column, row), 1, 1, facecolor=look.background, edgecolor="#ffffff", linewidth=1))
    text = cell.text.partition(" ")[0]
    axes.text(column + 0.5, row + 0.5, text, ha="center", va="center", fontsize=_SMALL - 1, color=look.ink)


def _legend(axes: Axes, title: str) -> None:
    """Draw what the colors mean, below the cells."""
    from matplotlib.patches import Patch

    patches = [
        Patch(facecolor=look.background, edgecolor="#9a9a9a", label=look.meaning)
        for status, look in LOOKS.items()
        if status != "above"
    ]
    axes.legend(
        handles=patches,
        title=f"{title}: attained/required",
        loc="upper left",
        bbox_to_anchor=(0, -0.01),
        ncols=2,
        fontsize=_SMALL,
        title_fontsize=_SMALL + 1,
        frameon=False,
    )


def _short(label: str) -> str:
    """Return a label that is short enough for an axis, with nothing that the drawing library takes for mathematics."""
    text = label if len(label) <= _LABEL else f"{label[: _LABEL - 1]}…"
    return text.replace("$", r"\$")
