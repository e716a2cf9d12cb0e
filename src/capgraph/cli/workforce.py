"""The command about the gaps of any number of people: tables in, a table out."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from capgraph.cli.gaps import PolicyFile, policy_of
from capgraph.cli.inputs import AsOf, Database, Files, day, graph
from capgraph.cli.naming import named, names_in
from capgraph.cli.output import AsJson, Limit, say
from capgraph.errors import Issue, MissingDependencyError, ParseError, UnknownFormatError
from capgraph.workbook import open_workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from capgraph.graph import CapabilityGraph

_DAYS = ("date", "expires")
_TABLES = ("people", "requirements", "evidence")
_FORMULA = r"=+\-@\t\r"

Table = Path | None


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("workforce-gap")(workforce_gap)


def workforce_gap(
    *,
    people: Annotated[Table, typer.Option(help="person, role and columns to group by: CSV or Parquet.")] = None,
    requirements: Annotated[Table, typer.Option(help="role, capability, level …: CSV or Parquet.")] = None,
    evidence: Annotated[Table, typer.Option(help="person, capability, kind, date, level …: CSV or Parquet.")] = None,
    db: Database = None,
    files: Files = None,
    by: Annotated[list[str] | None, typer.Option(help="A column to group by; give it once for each.")] = None,
    each: Annotated[bool, typer.Option("--each", help="One row for each person and requirement, no groups.")] = False,
    totals: Annotated[bool, typer.Option("--totals", help="Add totals along --by, the largest groups first.")] = False,
    min_group: Annotated[int, typer.Option(min=1, help="The fewest people that figures are told of.")] = 5,
    as_of: AsOf = None,
    policy: PolicyFile = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A .csv, .parquet, .xlsx or .json file.")
    ] = None,
    as_json: AsJson = False,
    limit: Limit = None,
) -> None:
    """Show the gaps of any number of people, or figures about groups of them."""
    from capgraph.analysis.workforce import workforce_gap as ask

    frames, asked = _frames((people, requirements, evidence), db, files)
    groups = None if each else by or []
    counted = policy_of(policy)
    with _readable("the tables"):
        found = ask(**frames, by=groups, totals=totals, policy=counted, as_of=day(as_of), min_group=min_group).collect()
    if output is not None:
        _write(found, output)
        say(f"wrote {output}: {len(found)} rows")
    elif as_json:
        typer.echo(found.write_json())
    else:
        _print(found.head(limit) if limit else found, asked)
    if not as_json and _nothing_counts(found, each=each):
        say("no record about what is required counts under this policy and on this day; this says nothing about people")


def _nothing_counts(found: Any, *, each: bool) -> bool:  # noqa: ANN401 - polars is optional
    """Return whether nothing is assessed in an answer that tells of anybody."""
    told = found["status"] == "unassessed" if each else found["assessed_share"].drop_nulls() == 0
    return len(told) > 0 and bool(told.all())


def _frames(
    paths: tuple[Path | None, ...], db: str | None, files: list[Path] | None
) -> tuple[dict[str, Any], CapabilityGraph | None]:
    """Return the tables as lazy frames: those of the paths, the others from the graph of a database and files.

    Without documents the three tables have to say everything; with them, a policy may ask for all that they hold.
    """
    pl = _polars()
    scanned = {name: _scan(pl, path) for name, path in zip(_TABLES, paths, strict=True) if path is not None}
    if len(scanned) == len(_TABLES) and not files:
        return scanned, None
    if db is None and not files:
        message = "name the tables: --people, --requirements and --evidence, or --db URL, or --file for each document"
        raise typer.BadParameter(message)
    from capgraph.analysis.population import population

    asked = graph(db, files)
    known = population(asked, library="polars")
    if "evidence" in scanned and "behavior" not in scanned["evidence"].collect_schema():
        del known["behaviors"]
    return {name: frame.lazy() for name, frame in known.items()} | scanned, asked


def _polars() -> Any:  # noqa: ANN401 - polars is optional
    """Return polars, or say how to install it."""
    try:
        import polars as pl
    except ImportError:
        package, extra = "polars", "frames"
        raise MissingDependencyError(package, extra) from None
    return pl


def _scan(pl: Any, path: Path) -> Any:  # noqa: ANN401 - polars is optional
    """Return a CSV or Parquet file as a lazy frame; refuse what is neither.

    Days in a CSV file must be written as 2026-11-22, since 11/12 is two days.
    """
    with _readable(str(path)):
        if path.suffix.lower() == ".parquet":
            frame = pl.scan_parquet(path)
            frame.collect_schema()
            return frame
        frame = pl.scan_csv(path, infer_schema_length=None)
        texts = [name for name in _DAYS if frame.collect_schema().get(name) == pl.String]
        return frame.with_columns(pl.col(name).str.slice(0, 10).str.to_date("%Y-%m-%d") for name in texts)


@contextlib.contextmanager
def _readable(path: str) -> Generator[None]:
    """Tell what polars cannot read as bad input, in one line."""
    from polars.exceptions import PolarsError

    try:
        yield
    except PolarsError as error:
        told = str(error).partition("\n")[0].strip()
        text = "it is empty" if told == "empty CSV" else f"it holds no table that fits ({told})"
        hint = "give CSV or Parquet with numbers in level and value, and days such as 2026-11-22"
        raise ParseError([Issue("table", text, (), "", hint)], path=path) from None


def _write(frame: Any, path: Path) -> None:  # noqa: ANN401 - polars is optional
    """Write a frame to a file of the kind that its name says."""
    writers: dict[str, Callable[[], object]] = {
        ".csv": lambda: _without_formulas(frame).write_csv(path),
        ".json": lambda: frame.write_json(path),
        ".parquet": lambda: frame.write_parquet(path),
        ".xlsx": lambda: _write_workbook(frame, path),
    }
    if path.suffix not in writers:
        message = f"{path.suffix!r} is no kind of table; use {', '.join(writers)}"
        raise UnknownFormatError(message, path=str(path))
    writers[path.suffix]()


def _without_formulas(frame: Any) -> Any:  # noqa: ANN401 - polars is optional
    """Return a frame in which no text begins like a formula."""
    import polars.selectors as cs

    return frame.with_columns(cs.string().str.replace(f"^([{_FORMULA}])", "'$1"))


def _write_workbook(frame: Any, path: Path) -> None:  # noqa: ANN401 - polars is optional
    """Write a frame as a workbook in which texts stay texts."""
    with open_workbook(path) as book:
        frame.write_excel(book, worksheet="Gaps")


def _print(frame: Any, asked: CapabilityGraph | None) -> None:  # noqa: ANN401 - polars is optional
    """Print a frame as a table as wide as the terminal: labels for minted ids, and no columns that are empty."""
    from rich import box
    from rich.console import Console
    from rich.table import Table as Grid
    from rich.text import Text

    grid = Grid(box=box.SIMPLE_HEAD, pad_edge=False)
    cells = {name: [_shown(cell) for cell in frame[name]] for name in frame.columns}
    columns = {name: column for name, column in cells.items() if any(column) or not column}
    names = {} if asked is None else names_in(asked, [text for column in columns.values() for text in column])
    for name in columns:
        grid.add_column(name.replace("_", " "), overflow="fold")
    for row in zip(*columns.values(), strict=True):
        grid.add_row(*(Text(named(cell, names)) for cell in row))
    Console(highlight=False).print(grid)


def _shown(cell: object) -> str:
    """Return a cell as people read it."""
    if cell is None:
        return ""
    return f"{cell:.3g}" if isinstance(cell, float) else str(cell)
