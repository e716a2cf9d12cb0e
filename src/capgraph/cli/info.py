"""The command about one file: what it is, what it holds, and what is wrong in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from capgraph.cli.inputs import ReaderOptions, reader_options
from capgraph.cli.output import AsJson, say, show


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("info")(info)


def info(
    paths: Annotated[
        list[Path], typer.Argument(help="The file, folder or archive; several where a format needs them.")
    ],
    *,
    source_format: Annotated[
        str | None, typer.Option("--from", help="The format to read; recognized otherwise.")
    ] = None,
    options: ReaderOptions = None,
    as_json: AsJson = False,
) -> None:
    """Say what a file is: format and why, counts, licence, what reading it changes, and its problems."""
    from capgraph.files import reading

    document, conversion = reading(*paths, format=source_format, **reader_options(options))
    about: dict[str, Any] = {
        "format": conversion.format,
        "because": conversion.chosen,
        "document": document.kind,
        "id": document.id,
        "title": document.title,
        "version": document.version,
        "language": document.language,
        "license": document.license,
        "attribution": document.attribution,
        **{table: len(getattr(document, table)) for table in document.tables},
    }
    problems = [str(issue) for issue in conversion.problems]
    if as_json:
        typer.echo(
            json.dumps({**about, "problems": problems, "conversion": conversion.rows()}, ensure_ascii=False, indent=2)
        )
        return
    for name, value in about.items():
        if value != "":
            say(f"{name:<13}{value:,}" if isinstance(value, int) else f"{name:<13}{value}")
    show(conversion)
    for problem in problems:
        say(f"problem: {problem}")
