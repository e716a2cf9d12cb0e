"""What commands print: tables for people, JSON for programs, complaints on the error stream."""

from __future__ import annotations

import contextlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table as Grid
from rich.text import Text

from capgraph.cli.naming import named, names_in

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from capgraph.graph import CapabilityGraph
    from capgraph.report import Report
    from capgraph.table import Table

FINDINGS = 1
BAD_INPUT = 3
_READABLE, _GAP = 22, 3
_CODES = re.compile(r" \[[^\[\]]*\](?=,|$)")
"""What tells equal labels apart in a table."""
_LABELS = ("label", "title", "titles")
_TONES = {"good": "green", "fair": "yellow", "poor": "red", "open": "bright_black"}

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
FailOnFindings = Annotated[bool, typer.Option("--fail-on-findings", help="Exit with 1 when there are rows.")]
Limit = Annotated[int | None, typer.Option("--limit", min=1, help="Print at most this many rows.")]


def complain(message: str) -> None:
    """Print a message for people on the error stream."""
    Console(stderr=True, soft_wrap=True, highlight=False).print(Text(f"capgraph: {message}"))


def say(message: str = "") -> None:
    """Print a line of plain text."""
    Console(soft_wrap=True, highlight=False).print(Text(message))


def show(
    report: Report[Any],
    *,
    as_json: bool = False,
    limit: int | None = None,
    columns: tuple[str, ...] = (),
    fail_on_findings: bool = False,
    graph: CapabilityGraph | None = None,
) -> None:
    """Print a report as a table or as JSON; leave with 1 where findings should fail.

    Parameters
    ----------
    report : Report
        The answer.
    as_json : bool
        Whether a program reads it.
    limit : int or None
        At most this many rows of the table.
    columns : tuple of str
        The columns of the table, all for an empty tuple; JSON holds all of them anyway.
    fail_on_findings : bool
        Whether rows are findings that fail the command.
    graph : CapabilityGraph or None
        What was asked about: its labels stand in the table in place of minted ids and addresses.
    """
    if as_json:
        typer.echo(report.to_json(indent=2))
    else:
        _print_table(report.table(limit=limit), columns, graph)
    if fail_on_findings and len(report):
        raise typer.Exit(FINDINGS)


def _print_table(table: Table, columns: tuple[str, ...], graph: CapabilityGraph | None) -> None:
    """Print the rows as a table that fits the terminal; say which rows and columns it leaves out."""
    if graph is not None:
        table = _named(table, graph)
    console = Console(highlight=False)
    wanted = [table.columns.index(name) for name in columns or table.columns if name in table.columns]
    wanted = [place for place in wanted if not _repeats(table, place, wanted)]
    fitting = _fitting(table, wanted, console.width)
    grid = Grid(box=box.SIMPLE_HEAD, title=Text(table.title), title_justify="left", pad_edge=False)
    for place in fitting:
        grid.add_column(table.columns[place].replace("_", " "), overflow="fold")
    for row, tone in zip(table.cells, table.tones, strict=True):
        grid.add_row(*(Text(row[place]) for place in fitting), style=_TONES.get(tone))
    console.print(grid)
    for line in _remarks(table, [table.columns[place] for place in wanted if place not in fitting]):
        console.print(Text(line))


def _named(table: Table, graph: CapabilityGraph) -> Table:
    """Return the table with labels in place of ids that only machines read."""
    names = names_in(graph, [text for row in (*table.cells, table.figures, table.notes) for text in row])
    cells = tuple(tuple(named(cell, names) for cell in row) for row in table.cells)
    figures, notes = (tuple(named(line, names) for line in lines) for lines in (table.figures, table.notes))
    return replace(table, cells=cells, figures=figures, notes=notes)


def _repeats(table: Table, place: int, wanted: list[int]) -> bool:
    """Return whether a column of labels says what an earlier one says, since labels stand there in place of ids."""
    earlier = wanted[: wanted.index(place)] if table.columns[place].endswith(_LABELS) else []
    return any(row[place] for row in table.cells) and any(
        all(_CODES.sub("", row[other]) == row[place] for row in table.cells) for other in earlier
    )


def _remarks(table: Table, left_out: list[str]) -> Iterator[str]:
    """Yield what is said below a table: what it does not show, its figures and its notes."""
    if table.hidden:
        yield f"… and {table.hidden} more rows"
    if left_out:
        yield f"too narrow for: {', '.join(left_out)} (--json has everything)"
    if table.figures:
        yield ", ".join(table.figures)
    yield from table.notes


def _fitting(table: Table, wanted: list[int], width: int) -> list[int]:
    """Return the first of the wanted columns that fit side by side, each with room for a readable cell."""
    fitting: list[int] = []
    for place in wanted:
        longest = max((len(row[place]) for row in table.cells), default=0)
        width -= max(min(longest, _READABLE), len(table.columns[place])) + _GAP
        if width < -_GAP and fitting:
            break
        fitting.append(place)
    return fitting


@contextlib.contextmanager
def progress(label: str) -> Generator[Callable[[int, int | None], None]]:
    """Show a progress bar on the error stream while the block runs, and hand out its callback.

    The callback takes how much is done and how much there is in all (None while that is not known).  Nothing is
    shown where the error stream is not a terminal.
    """
    parts = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*parts, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)

        def advance(done: int, total: int | None = None) -> None:
            bar.update(task, completed=done, total=total)

        yield advance
