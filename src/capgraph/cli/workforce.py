"""The command about the gaps of any number of people: tables in, a table out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from capgraph.cli.gaps import PolicyFile, policy_of
from capgraph.cli.inputs import AsOf, Database, day
from capgraph.cli.output import AsJson, Limit, say
from capgraph.errors import MissingDependencyError, UnknownFormatError

if TYPE_CHECKING:
    from collections.abc import Callable

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

    frames = _frames((people, requirements, evidence), db)
    groups = None if each else by or []
    found = ask(
        *frames, by=groups, totals=totals, policy=policy_of(policy), as_of=day(as_of), min_group=min_group
    ).collect()
    if output is not None:
        _write(found, output)
        say(f"wrote {output}: {len(found)} rows")
    elif as_json:
        typer.echo(found.write_json())
    else:
        _print(found.head(limit) if limit else found)


def _frames(paths: tuple[Path | None, ...], db: str | None) -> list[Any]:
    """Return people, requirements and evidence as lazy frames, from files or from a database."""
    try:
        import polars as pl
    except ImportError:
        package, extra = "polars", "frames"
        raise MissingDependencyError(package, extra) from None
    if all(path is not None for path in paths):
        return [_scan(pl, path) for path in paths if path is not None]
    if db is None:
        message = "name the tables: --people, --requirements and --evidence, or --db URL"
        raise typer.BadParameter(message)
    from capgraph.store import Store

    with Store(db, create=False) as store:
        return [
            pl.concat(list(store.frames(name, library="polars"))).lazy()  # type: ignore[arg-type]
            if path is None
            else _scan(pl, path)
            for name, path in zip(_TABLES, paths, strict=True)
        ]


def _scan(pl: Any, path: Path) -> Any:  # noqa: ANN401 - polars is optional
    """Return a CSV or Parquet file as a lazy frame."""
    if path.suffix == ".parquet":
        return pl.scan_parquet(path)
    return pl.scan_csv(path, infer_schema_length=None)


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
    try:
        import xlsxwriter
    except ImportError:
        package, extra = "XlsxWriter", "excel"
        raise MissingDependencyError(package, extra) from None
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        frame.write_excel(book, worksheet="Gaps")


def _print(frame: Any) -> None:  # noqa: ANN401 - polars is optional
    """Print a frame as a table as wide as the terminal."""
    from rich.console import Console
    from rich.table import Table as Grid
    from rich.text import Text

    grid = Grid()
    for name in frame.columns:
        grid.add_column(name.replace("_", " "), overflow="fold")
    for row in frame.rows():
        grid.add_row(*(Text(_shown(cell)) for cell in row))
    Console(highlight=False).print(grid)


def _shown(cell: object) -> str:
    """Return a cell as people read it."""
    if cell is None:
        return ""
    return f"{cell:.3g}" if isinstance(cell, float) else str(cell)
