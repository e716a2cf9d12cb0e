"""Pictures of graphs and reports: the only module that knows a drawing library.

Pictures are drawn by matplotlib without a window, a browser or a network, with the colors and signs of the tables, so
that they can be told apart without color.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from capgraph.analysis.coverage_matrix import COVERAGE_LOOKS, CoverageMatrix
from capgraph.analysis.matrix import LOOKS
from capgraph.errors import MissingDependencyError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from os import PathLike

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from capgraph.analysis.career_path import CareerPath
    from capgraph.analysis.matrix import Look, SkillsMatrix
    from capgraph.analysis.plan_report import LearningPath

_Place = tuple[int, int]

__all__ = ["Picture", "heatmap", "moves", "timeline"]

_CELL = 0.34
_LABEL = 24
_TITLE = 58
_LETTER, _MARGIN = 0.044, 0.08
_SMALL = 7
_BAR = 0.32
_EPOCH = 719163  # the ordinal of 1970-01-01, where the axis of days begins


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


def heatmap(matrix: SkillsMatrix | CoverageMatrix) -> Picture:
    """Return the picture of a matrix: colored by status, with levels or counts in the cells, and a legend.

    Parameters
    ----------
    matrix : SkillsMatrix or CoverageMatrix
        People × capabilities, such as ``team_gap(…).matrix``, or capabilities × levels, such as ``coverage(…).matrix``;
        readable up to some 60 rows and columns.

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
    >>> graph = cg.sample().graph()
    >>> people, supply = heatmap(cg.team_gap(graph, "team:control-room").matrix), heatmap(cg.coverage(graph).matrix)
    >>> all(picture.to_svg().lstrip().startswith("<?xml") for picture in (people, supply))
    True
    """
    return _coverage_grid(matrix) if isinstance(matrix, CoverageMatrix) else _skills_grid(matrix)


def _skills_grid(matrix: SkillsMatrix) -> Picture:
    """Return the picture of people × capabilities."""
    cells = {
        (row, column): (LOOKS[cell.status], cell.text.partition(" ")[0])
        for row, person in enumerate(matrix.people)
        for column, capability in enumerate(matrix.capabilities)
        for cell in (matrix.cells[person, capability],)
    }
    meanings = {look.meaning: look for status, look in LOOKS.items() if status != "above"}
    people, capabilities = [*matrix.people.values()], [*matrix.capabilities.values()]
    return _grid(people, capabilities, cells, (f"{matrix.title}: attained/required", meanings))


def _coverage_grid(matrix: CoverageMatrix) -> Picture:
    """Return the picture of capabilities × levels."""
    rows = {id_: place for place, id_ in enumerate(matrix.capabilities)}
    columns = {column: place for place, column in enumerate(matrix.columns)}
    cells = {
        (rows[id_], columns[column]): (COVERAGE_LOOKS[cell.status], cell.text)
        for (id_, column), cell in matrix.cells.items()
    }
    meanings = {f"{look.mark} {look.meaning}": look for look in COVERAGE_LOOKS.values()}
    labels = [label or id_ for id_, label in matrix.capabilities.items()]
    return _grid(labels, matrix.headings, cells, (f"{matrix.title} (* mandatory)", meanings))


def _grid(
    rows: list[str], columns: list[str], cells: Mapping[_Place, tuple[Look, str]], legend: tuple[str, dict[str, Look]]
) -> Picture:
    """Return the picture of labelled rows and columns, the cells that there are, and a legend."""
    from matplotlib.patches import Rectangle

    figure = _figure(2 + _CELL * len(columns), 2 + _CELL * len(rows))
    axes = figure.add_subplot()
    for (row, column), (look, text) in cells.items():
        axes.add_patch(Rectangle((column, row), 1, 1, facecolor=look.background, edgecolor="#ffffff", linewidth=1))
        axes.text(column + 0.5, row + 0.5, text, ha="center", va="center", fontsize=_SMALL - 1, color=look.ink)
    axes.set_xlim(0, max(1, len(columns)))
    axes.set_ylim(max(1, len(rows)), 0)
    axes.set_xticks([place + 0.5 for place in range(len(columns))])
    axes.set_xticklabels([_short(label) for label in columns], rotation=90, fontsize=_SMALL)
    axes.set_yticks([place + 0.5 for place in range(len(rows))])
    axes.set_yticklabels([_short(label) for label in rows], fontsize=_SMALL)
    axes.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
    for spine in axes.spines.values():
        spine.set_visible(False)
    _explain(axes, *legend)
    return Picture(figure)


def _explain(axes: Axes, title: str, meanings: dict[str, Look]) -> None:
    """Draw what the colors mean, below the cells."""
    from matplotlib.patches import Patch

    axes.legend(
        handles=[
            Patch(facecolor=look.background, edgecolor="#9a9a9a", label=meaning) for meaning, look in meanings.items()
        ],
        title=title,
        loc="upper left",
        bbox_to_anchor=(0, -0.01),
        ncols=2,
        fontsize=_SMALL,
        title_fontsize=_SMALL + 1,
        frameon=False,
    )


def timeline(plan: LearningPath) -> Picture:
    """Return the picture of a learning path: a bar for each asset from its start to its end.

    Parameters
    ----------
    plan : LearningPath
        A plan in hours, or in days where it has a calendar; the titles stand beside their bars with the number of the
        step, and bars that rest on proposed alignments are hatched.

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
    Linear in the rows.
    """
    figure = _figure(10, 1 + _BAR * max(1, len(plan)))
    axes = figure.add_subplot()
    figure.subplots_adjust(left=0.4)
    for place, row in enumerate(plan):
        begin, end = _position(row.start), _position(row.end) + (0 if isinstance(row.end, float) else 1)
        hatch = "//" if row.proposed else None
        axes.barh(place, end - begin, left=begin, height=0.7, color="#9ec9e2", edgecolor="#1f4e79", hatch=hatch)
    axes.set_ylim(max(1, len(plan)) - 0.5, -0.5)
    labels = [f"{_short(row.title, _TITLE)}  {row.step}" for row in plan]
    axes.set_yticks(range(len(plan)), labels=labels, fontsize=_SMALL)
    axes.tick_params(axis="x", labelsize=_SMALL)
    if plan.records and not isinstance(plan.records[0].start, float):
        axes.xaxis_date()
        figure.autofmt_xdate()
    else:
        axes.set_xlabel("hours of learning", fontsize=_SMALL)
    axes.set_title(f"Learning path: {plan.hours:g} h", loc="left", fontsize=_SMALL + 2)
    return Picture(figure)


def _position(moment: float | dt.date) -> float:
    """Return where a moment lies on the axis: its hours, or its day."""
    return moment if isinstance(moment, int | float) else float(moment.toordinal() - _EPOCH)


def moves(paths: CareerPath) -> Picture:
    """Return the picture of career paths: a row for each path, an arrow for each hop with its distance.

    Parameters
    ----------
    paths : CareerPath
        One path or several; the goal is in the last column, and a role that several paths share in the same place is
        drawn once.

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
    Linear in the hops.
    """
    labels = {paths.source: paths.source_label, **{row.role: row.label for row in paths}}
    last = max(map(len, paths.paths), default=1) - 1
    places: dict[tuple[int, str], tuple[float, float]] = {}
    for row, chain in enumerate(paths.paths):
        for hop, role in enumerate(chain):
            places.setdefault((hop, role), (2.0 * (last if role == paths.target else hop), -float(row)))
        places[len(chain) - 1, paths.target] = (2.0 * last, 0.0)
    figure = _figure(2.4 * (last + 1), 1 + 0.7 * max(1, len(paths.paths)))
    axes = figure.add_axes((0, 0, 1, 1))
    for x, y, label in {(x, y, _short(labels.get(role, role))) for (_, role), (x, y) in places.items()}:
        box = {"boxstyle": "round", "facecolor": "#eef4fa", "edgecolor": "#1f4e79"}
        axes.text(x, y, label, ha="center", va="center", fontsize=_SMALL, bbox=box)
    for move in paths:
        before = paths.paths[move.path - 1][move.hop - 1]
        ends = places[move.hop - 1, before], places[move.hop, move.role]
        _arrow(axes, ends, (_half(labels.get(before, before)), _half(move.label)), f"{move.distance:.2f}")
    axes.set_xlim(-1, 2 * last + 1)
    axes.set_ylim(-max(1, len(paths.paths)), 1)
    axes.set_axis_off()
    return Picture(figure)


def _half(label: str) -> float:
    """Return half the width of a box with a label, in units of the axis."""
    return _MARGIN + _LETTER * len(_short(label)) / 2


def _arrow(
    axes: Axes, ends: tuple[tuple[float, float], tuple[float, float]], halves: tuple[float, float], label: str
) -> None:
    """Draw an arrow from the right of one box to the left of another, with a label nearer to its start."""
    (left, low), (right, high) = ends
    left, right = left + halves[0], right - halves[1]
    axes.annotate("", xy=(right, high), xytext=(left, low), arrowprops={"arrowstyle": "->", "color": "#1f4e79"})
    x, y = left + (right - left) * 0.4, low + (high - low) * 0.4
    axes.text(x, y, label, ha="center", va="center", fontsize=_SMALL, bbox={"facecolor": "white", "edgecolor": "none"})


def _figure(width: float, height: float) -> Figure:
    """Return an empty figure of a size in inches."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        package, extra = "matplotlib", "viz"
        raise MissingDependencyError(package, extra) from None
    return Figure(figsize=(width, height))


def _short(label: str, most: int = _LABEL) -> str:
    """Return a label that is short enough for an axis, with nothing that the drawing library takes for mathematics."""
    text = label if len(label) <= most else f"{label[: most - 1]}…"
    return text.replace("$", r"\$")
