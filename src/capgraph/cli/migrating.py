"""The command migrate: documents, plans and whole databases of evidence carried over to a new version."""

from __future__ import annotations

import json
import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

import typer

from capgraph.cli.inputs import Database, document
from capgraph.cli.output import AsJson, Limit, say, show

if TYPE_CHECKING:
    from collections.abc import Callable

    from capgraph.analysis.change import ChangeReport
    from capgraph.analysis.migration import Migration
    from capgraph.analysis.saved_plan import SavedPlan
    from capgraph.model import Decisions, Document
    from capgraph.report import Report
    from capgraph.store import Revision, Store

Verdicts = Annotated[
    Path | None, typer.Option("--decisions", help="A file with decisions about renames, merges and splits.")
]
Scales = Annotated[
    Path | None, typer.Option("--scales", help='A JSON file: {"scale:old": {"5": 4, …}} for each re-scaled scale.')
]


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("migrate")(migrate)


def migrate(
    subject: Annotated[
        str,
        typer.Argument(help="What refers to the old version: a file with a document or a plan, or an id in --db."),
    ],
    old: Annotated[str, typer.Argument(help="The older version: a file, or an id in --db (id@version if earlier).")],
    new: Annotated[str, typer.Argument(help="The newer version, likewise.")],
    *,
    db: Database = None,
    to: Annotated[Path | None, typer.Option("--to", help="Write the result to this file.")] = None,
    save: Annotated[bool, typer.Option("--save", help="Save the result in --db as a new revision.")] = False,
    author: Annotated[str, typer.Option(help="Who saves.")] = "",
    message: Annotated[str, typer.Option(help="Why it is saved.")] = "",
    decisions: Verdicts = None,
    scales: Scales = None,
    splits: Annotated[
        Literal["ask", "all", "first", "keep"], typer.Option("--splits", help="What to do with undecided splits.")
    ] = "ask",
    as_json: AsJson = False,
    limit: Limit = None,
) -> None:
    """Carry a document or a plan over to a new version of what it refers to: a dry run first, then --to or --save."""
    from capgraph.analysis.change import diff
    from capgraph.store import Store

    is_file = Path(subject).exists()
    if save and (db is None or is_file):
        hint = "--save is for what --db holds; give the id of a stored document, or --to for a file"
        raise typer.BadParameter(hint)
    stated = verdicts(decisions)
    changes = diff(document(old, db), document(new, db), history=stated)
    rules = {"decisions": stated, "scales": _ranks(scales), "splits": splits}
    task = _Task(changes, rules, partial(show, as_json=as_json, limit=limit))
    if is_file or db is None:
        _carry(_subject(subject), task, to)
        return
    with Store(db, create=False) as store:
        noted: dict[str, Any] = {"author": author, "message": message}
        if to is None and subject in store.documents("workforce"):
            revision = _stream(store, subject, task, noted if save else None)
        else:
            report = _carry(store.load(subject), task, to)
            revision = store.save(report.apply(), **noted) if save else None
    if revision is not None and not as_json:
        say(f"saved as revision {revision.number}: {revision.changed} rows changed, {revision.added} added")


def _subject(name: str) -> Document | SavedPlan:
    """Return what a file holds: a plan, or a document."""
    from capgraph.analysis.saved_plan import SavedPlan

    path = Path(name)
    if path.is_file():
        with path.open("rb") as stream:
            is_plan = _PLAN.match(stream.read(_BEGINNING))
        if is_plan:
            return SavedPlan.from_json(path.read_bytes())
    return document(name, None)


_PLAN = re.compile(rb'\s*\{\s*"(plan|report)"\s*:\s*"learning_path"')
_BEGINNING = 1_000


class _Task(NamedTuple):
    """What is carried over, how, and what shows the dry run."""

    changes: ChangeReport
    rules: dict[str, Any]
    show: Callable[[Report[Any]], None]


def _carry(subject: Document | SavedPlan, task: _Task, to: Path | None) -> Migration[Any]:
    """Show what happens to a document or a plan, and write the result where a file is named."""
    from capgraph.analysis.migration import migrate
    from capgraph.files import write
    from capgraph.model import Document

    report = migrate(subject, task.changes, **task.rules)
    task.show(report)
    if to is not None:
        carried = report.apply()
        if isinstance(carried, Document):
            write(carried, to)
        else:
            to.write_text(carried.to_json(indent=2) + "\n", encoding="utf-8")
    return report


def _stream(store: Store, id_: str, task: _Task, noted: dict[str, Any] | None) -> Revision | None:
    """Show what happens to a stored workforce, and save it where that is noted; no memory need hold its evidence."""
    from capgraph.analysis.stream_migration import StreamMigration
    from capgraph.store import rewrite, without_evidence

    base = store.history(id_)[0].number
    rest = without_evidence(store, document=id_)
    migration = StreamMigration(task.changes, prefixes=rest.prefixes, **task.rules)
    report = migration.dry_run(rest, store.evidence(document=id_))
    task.show(report)
    if noted is None:
        return None
    report.apply()
    return rewrite(store, migration.record, rest=migration.rest, document=id_, base=base, **noted)


def verdicts(path: Path | None) -> Decisions | None:
    """Return the decisions of a file."""
    from capgraph.files import read_decisions

    return None if path is None else read_decisions(path)


def json_of(path: Path, kind: type, what: str) -> Any:  # noqa: ANN401 - whatever the file holds
    """Return what a JSON file holds."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        message = f"{path} is no JSON: {error}"
        raise typer.BadParameter(message) from None
    if not isinstance(found, kind):
        message = f"{path} holds no {what}"
        raise typer.BadParameter(message)
    return found


def _ranks(path: Path | None) -> dict[str, dict[int, int | None]] | None:
    """Return the maps of re-scaled scales."""
    if path is None:
        return None
    try:
        return {
            scale: {int(old): None if new is None else int(new) for old, new in ranks.items()}
            for scale, ranks in json_of(path, dict, "table of scales").items()
        }
    except (AttributeError, TypeError, ValueError):
        message = f'{path} is no table of ranks; write {{"scale:old": {{"5": 4, "4": 4}}}}'
        raise typer.BadParameter(message) from None
