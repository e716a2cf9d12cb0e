"""brief: one page for the meeting: challenge, behavior, learning solution, measurement, from the graph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from capgraph.analysis.change_workbook import workbook
from capgraph.analysis.diagnose import TRAINABLE
from capgraph.analysis.edits import label_of
from capgraph.analysis.subjects import entry
from capgraph.analysis.traceability import TraceRow, traceability
from capgraph.model import Challenge, Measurement, Metric
from capgraph.report import Report, ReportRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from capgraph.graph import CapabilityGraph

HEADINGS = ("Challenge", "Behavior that must change", "Learning solution", "Measured by")
"""The columns of the page."""


@dataclass(frozen=True, kw_only=True)
class BriefRow(ReportRow):
    """One challenge on one line."""

    challenge: str
    """The challenge."""
    problem: str
    """What it is about."""
    cause: str
    """What the diagnosis found; ``not diagnosed`` while nobody has looked."""
    behaviors: tuple[str, ...]
    """What one would see people do."""
    solution: tuple[str, ...]
    """The titles of the assets that serve it; what to do instead where learning is not the remedy or nothing serves."""
    learning: bool
    """Whether the solution is learning."""
    measured_by: str
    """The metric with its first and its latest reading."""

    def tone(self) -> str:
        """Return how the row is colored."""
        return "good" if self.learning else "open"

    def cells(self) -> tuple[str, str, str, str]:
        """Return the four cells of the page, one line for each thing named."""
        problem = f"{self.problem}\n(cause: {self.cause})"
        return problem, "\n".join(self.behaviors), "\n".join(self.solution), self.measured_by


@dataclass(frozen=True, kw_only=True, repr=False)
class Brief(Report[BriefRow]):
    """The page: one row for each challenge, by id."""

    name: ClassVar[str] = "brief"
    row_type: ClassVar[type[ReportRow]] = BriefRow

    title: str
    """The heading."""

    def to_markdown(self) -> str:
        """Return the page as a Markdown table."""
        rows = [HEADINGS, ("---",) * len(HEADINGS), *(map(_cell, row.cells()) for row in self.records)]
        lines = [f"| {' | '.join(row)} |" for row in rows]
        return (
            "\n".join([f"# {_cell(self.title)}", "", *lines, "", *(f"*{_cell(note)}*" for note in self.notes)]) + "\n"
        )

    def to_xlsx(self) -> bytes:
        """Return the page as a workbook of one sheet.

        Raises
        ------
        MissingDependencyError
            When XlsxWriter is not installed.
        """
        return workbook({"Brief": [HEADINGS, *(row.cells() for row in self.records)]})

    def to_pptx(self) -> bytes:
        """Return the page as one slide.

        Raises
        ------
        MissingDependencyError
            When python-pptx is not installed.
        """
        from capgraph.analysis.brief_slide import slide

        return slide(self.title, HEADINGS, [row.cells() for row in self.records], self.notes)


def brief(graph: CapabilityGraph, challenges: str | Iterable[str] | None = None) -> Brief:
    """Return one page that leads from challenges to behaviors, learning solutions and measurement.

    Parameters
    ----------
    graph : CapabilityGraph
        Frameworks, catalogs and agendas.
    challenges : str or iterable of str or None
        The challenges on the page; None for all of them.  A slide holds about four.

    Returns
    -------
    Brief
        One row for each challenge, by id, with ``to_markdown()``, ``to_xlsx()`` and ``to_pptx()``.

    Raises
    ------
    UnknownIdError
        When an id is unknown or not that of a challenge.
    DanglingReferenceError
        As `capgraph.traceability`.

    Examples
    --------
    >>> import capgraph as cg
    >>> page = brief(cg.sample().graph(), "challenge:late-invoices")
    >>> page.records[0].learning, page.records[0].cause
    (False, 'process')
    """
    stated = [challenges] if isinstance(challenges, str) else challenges
    wanted = graph.ids(Challenge) if stated is None else tuple(sorted({graph.resolve(id_) for id_ in stated}))
    nodes = {id_: entry(graph, id_, Challenge) for id_ in wanted}
    rows = tuple(_row(graph, node, traceability(graph, id_).records) for id_, node in nodes.items())
    return Brief(
        records=rows,
        notes=() if rows else ("no challenge is stated",),
        title="From challenge to learning solution",
    )


def _row(graph: CapabilityGraph, node: Challenge, traced: Sequence[TraceRow]) -> BriefRow:
    """Return the line of a challenge."""
    serving = sorted({asset for row in traced for asset in (*row.assets, *row.commissioned)})
    learning = node.cause in TRAINABLE and bool(serving)
    verdicts = tuple(dict.fromkeys(row.verdict for row in traced))
    return BriefRow(
        challenge=traced[0].challenge,
        problem=node.statement,
        cause=node.cause or "not diagnosed",
        behaviors=tuple(row.statement for row in traced if row.statement),
        solution=tuple(label_of(graph[asset]) for asset in serving) if learning else verdicts,
        learning=learning,
        measured_by=_measured(graph, traced[0].metric),
        because=tuple(fact for row in traced for fact in row.because),
    )


def _measured(graph: CapabilityGraph, metric: str | None) -> str:
    """Return a metric with its first and its latest reading."""
    if metric is None:
        return "not measured"
    node = entry(graph, metric, Metric)
    unit = f" ({node.unit})" if node.unit else ""
    by_scope: dict[tuple[str, ...], list[Measurement]] = {}
    for link in graph.links(metric, "reads", incoming=True):
        if isinstance(link.data, Measurement):
            by_scope.setdefault(link.data.scope, []).append(link.data)
    if not by_scope:
        return f"{node.label} (never read)"
    target = f", aim {node.target:g}" if node.target is not None else ""
    told = [
        f"{f'{_scope(graph, scope)} ' if len(by_scope) > 1 else ''}{_course(readings)}"
        for scope, readings in sorted(by_scope.items())
    ]
    return f"{node.label}{unit}: {'; '.join(told)}{target}"


def _course(readings: Sequence[Measurement]) -> str:
    """Return the first and the latest reading in one scope."""
    ordered = sorted(readings, key=lambda item: (item.date, item.id))
    first, last = ordered[0], ordered[-1]
    return f"{first.value:g} ({first.date:%Y-%m}) → {last.value:g} ({last.date:%Y-%m})"


def _scope(graph: CapabilityGraph, scope: Sequence[str]) -> str:
    """Return what people call a scope."""
    return ", ".join(label_of(graph[id_]) if id_ in graph else id_ for id_ in scope) or "everybody"


def _cell(text: str) -> str:
    """Return text that stays inside a cell of a Markdown table."""
    escaped = text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
    return "<br>".join(" ".join(line.split()) for line in escaped.splitlines())
