"""The commands ``db …``: what a database holds, its history, whether it holds together, and its upgrade."""

from __future__ import annotations

import dataclasses
import json
from typing import Annotated, Any

import typer

from capgraph.cli.output import FINDINGS, AsJson, say

Url = Annotated[
    str,
    typer.Option("--db", envvar="CAPGRAPH_DB", help="The database, such as sqlite:///skills.db.", show_default=False),
]
database = typer.Typer(name="db", help="Look after a database of documents.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(database)


def _tell(answer: Any, as_json: bool, lines: list[str]) -> None:  # noqa: ANN401, FBT001 - whatever JSON holds; see AsJson
    """Print an answer for a program, or its lines for people."""
    if as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=2, default=str))
        return
    for line in lines:
        say(line)


@database.command("info")
def info(db: Url, *, as_json: AsJson = False) -> None:
    """Show what a database holds."""
    from capgraph.store import info as ask

    told = ask(db)
    kinds = [f"{count} {kind}" for kind, count in told.documents.items() if count]
    rows = [f"{name}: {lasting} rows now, {count} ever" for name, (count, lasting) in told.rows.items() if count]
    lines = [f"schema {told.schema}, {told.revisions} revisions", f"documents: {', '.join(kinds) or 'none'}", *rows]
    _tell(dataclasses.asdict(told), as_json, lines)


@database.command("history")
def history(
    document: Annotated[str, typer.Argument(help="The id of a document.")], db: Url, *, as_json: AsJson = False
) -> None:
    """List the revisions of a document, the newest first."""
    from capgraph.store import Store

    with Store(db, create=False) as store:
        revisions = store.history(document)
    lines = [
        f"{one.number}  {one.time:%Y-%m-%d %H:%M}  {one.action}  +{one.added} ~{one.changed} -{one.ended}  "
        f"{one.author}  {one.message}".rstrip()
        for one in revisions
    ]
    _tell([dataclasses.asdict(one) for one in revisions], as_json, lines)


@database.command("check")
def check(db: Url, *, as_json: AsJson = False) -> None:
    """Look whether all rows of a database fit together; leave with 1 where they do not."""
    from capgraph.store import check as ask

    issues = ask(db)
    lines = [str(issue) for issue in issues] or ["nothing is wrong"]
    _tell([dataclasses.asdict(issue) for issue in issues], as_json, lines)
    if issues:
        raise typer.Exit(FINDINGS)


@database.command("upgrade")
def upgrade(db: Url, *, as_json: AsJson = False) -> None:
    """Lead an older database to the tables of this version, with its data."""
    from capgraph.store import upgrade as ask

    before, after = ask(db)
    text = (
        f"tables are those of {after} already" if before == after else f"upgraded from {before or 'nothing'} to {after}"
    )
    _tell({"before": before, "after": after}, as_json, [text])
