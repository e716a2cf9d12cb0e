"""Commands about documents: convert, check, schema."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Annotated

import typer

from capgraph.cli.inputs import Database, Files, ReaderOptions, graph, reader_options
from capgraph.cli.output import FINDINGS, AsJson, Limit, say, show


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("check")(check)
    app.command("convert")(convert)
    app.command("schema")(schema)


def check(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files with documents, besides --db and --file.")] = None,
    *,
    db: Database = None,
    files: Files = None,
    as_json: AsJson = False,
    limit: Limit = None,
) -> None:
    """Show what is wrong, doubtful or missing in documents; exit with 1 where there are errors or warnings."""
    from capgraph.analysis.check import check as ask

    report = ask(asked := graph(db, [*(files or ()), *(paths or ())]))
    show(report, as_json=as_json, limit=limit, columns=("severity", "message", "hint", "rule", "id"), graph=asked)
    if report.errors or report.warnings:
        raise typer.Exit(FINDINGS)


def convert(
    source: Annotated[Path, typer.Argument(help="The file or folder to read.")],
    target: Annotated[Path, typer.Argument(help="The file to write.")],
    *,
    to: Annotated[
        str | None, typer.Option("--to", help="The format to write; by the file's name otherwise: a.case.json, a.ttl.")
    ] = None,
    source_format: Annotated[
        str | None, typer.Option("--from", help="The format to read; recognized otherwise.")
    ] = None,
    options: ReaderOptions = None,
    idmap: Annotated[
        Path | None,
        typer.Option(
            help="A CSV file with the ids of earlier readings; it is read, and written again with the new ones."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read a document in one format and write it in another; say what that changed."""
    from capgraph.errors import LossyConversionWarning
    from capgraph.files import reading, write

    given = reader_options(options)
    if idmap is not None:
        given["idmap"] = idmap
    found = reading(source, format=source_format, **given)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LossyConversionWarning)  # the report below lists what is lost
        written = write(found.document, target, format=to)
    if not as_json:
        say(f"{source} ({found.conversion.format}) → {target} ({written.format})")
        show(found.conversion)
    show(written, as_json=as_json)


def schema(
    kind: Annotated[str, typer.Argument(help="The kind of document: framework, catalog, workforce, …")] = "framework",
) -> None:
    """Print the JSON Schema of a kind of document."""
    from capgraph.formats.schema import schema as ask

    typer.echo(json.dumps(ask(kind), ensure_ascii=False, indent=2))
