"""The commands ``db …``: documents in and out, what a database holds, its history, its state and its upgrade."""

from __future__ import annotations

import dataclasses
import json
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from capgraph.cli.inputs import day
from capgraph.cli.output import FINDINGS, AsJson, say, show

if TYPE_CHECKING:
    from capgraph.store import Revision

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


@database.command("save")
def save(
    files: Annotated[list[Path], typer.Argument(help="Files with a document each, in any format that can be told.")],
    db: Url,
    *,
    author: Annotated[str, typer.Option("--author", help="Who saves.")] = "",
    message: Annotated[str, typer.Option("--message", help="Why.")] = "",
    base: Annotated[
        int | None, typer.Option("--base", help="The revision that the files were made from; the newest by default.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Save documents of files as the newest state of their ids; earlier states are kept."""
    from capgraph.errors import NotStoredError
    from capgraph.files import read
    from capgraph.store import Store

    documents = [read(path) for path in files]
    saved = []
    with Store(db) as store:
        for document in documents:
            try:
                newest = store.history(document.id)[0].number
            except NotStoredError:
                newest = None
            one = store.save(document, base=newest if base is None else base, author=author, message=message)
            saved.append((document.id, one))
    lines = [f"{id_}: revision {one.number}, +{one.added} ~{one.changed} -{one.ended}" for id_, one in saved]
    _tell([{"document": id_} | dataclasses.asdict(one) for id_, one in saved], as_json, lines)


@database.command("load")
def load(
    document: Annotated[str, typer.Argument(help="The id of a document.")],
    target: Annotated[Path, typer.Argument(help="The file to write; its name says the format, unless --to does.")],
    db: Url,
    *,
    to: Annotated[
        str | None, typer.Option("--to", help="The format to write; by the file's name otherwise: a.case.json, a.ttl.")
    ] = None,
    at: Annotated[str | None, typer.Option("--at", metavar="DATE", help="The state at the end of this day.")] = None,
    revision: Annotated[int | None, typer.Option("--revision", help="The state of this revision.")] = None,
) -> None:
    """Write a stored document, as it is or as it was, to a file."""
    from capgraph.errors import LossyConversionWarning
    from capgraph.files import write
    from capgraph.store import Store

    with Store(db, create=False) as store:
        found = store.load(document, at=day(at), revision=revision)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LossyConversionWarning)  # the report below lists what is lost
        written = write(found, target, format=to)
    say(f"{document} written to {target} ({written.format})")
    if any(row.action != "kept" for row in written):
        show(written)


@database.command("list")
def list_documents(
    db: Url,
    *,
    kind: Annotated[
        str | None, typer.Option("--kind", help="Only documents of this kind: framework, catalog, workforce, …")
    ] = None,
    retired: Annotated[
        bool, typer.Option("--retired", help="Those that were retired instead; db load --revision brings one back.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List the documents that a database holds now: their ids, and when each was changed last, by whom."""
    from capgraph.model import DOCUMENTS
    from capgraph.store import Store

    with Store(db, create=False) as store:
        kinds = [kind] if kind is not None else [one.kind for one in DOCUMENTS]
        found = [(name, id_, store.history(id_)[0]) for name in kinds for id_ in store.documents(name, retired=retired)]
    lines = [f"{name}  {id_}  revision {one.number}, {_when(one)}" for name, id_, one in found]
    answer = [{"kind": name, "id": id_, "last": dataclasses.asdict(one)} for name, id_, one in found]
    _tell(answer, as_json, lines or ["no retired documents" if retired else "no documents"])


def _when(revision: Revision) -> str:
    """Return when a revision was made, and by whom."""
    return f"{revision.time:%Y-%m-%d %H:%M}  {revision.author}".rstrip()


@database.command("info")
def info(db: Url, *, as_json: AsJson = False) -> None:
    """Show what a database holds."""
    from capgraph.store import info as ask

    told = ask(db)
    kinds = [f"{count} {kind}" for kind, count in told.documents.items() if count]
    rows = [f"{name}: {lasting} rows now, {count} ever" for name, (count, lasting) in told.rows.items() if count]
    lines = [
        f"schema {told.schema}, {told.revisions} revisions",
        f"documents: {', '.join(kinds) or 'none'} (db list names them)",
        *rows,
    ]
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
