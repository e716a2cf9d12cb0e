"""Commands about change: what changed, and what a restructure would do."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from capgraph.cli.inputs import AsOf, Database, Files, day, document, graph
from capgraph.cli.migrating import Verdicts, json_of, verdicts
from capgraph.cli.naming import Kind, id_of
from capgraph.cli.output import FINDINGS, AsJson, Limit, show

if TYPE_CHECKING:
    from capgraph.analysis.edits import Edit
    from capgraph.graph import CapabilityGraph

Version = Annotated[
    str,
    typer.Argument(help="The older version: a file, or with --db the id of a stored document (id@version if earlier)."),
]
Workbook = Annotated[Path | None, typer.Option("--xlsx", help="Also write the report to this workbook.")]
_KINDS: tuple[Kind, ...] = ("person", "role", "team", "capability", "asset")
_NAMED: dict[str, Kind] = {"roles": "role", "target_roles": "role", "teams": "team"}


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("diff")(diff)
    app.command("what-if")(what_if)


def diff(
    old: Version,
    new: Annotated[str, typer.Argument(help="The newer version, likewise.")],
    *,
    db: Database = None,
    decisions: Verdicts = None,
    script: Annotated[Path | None, typer.Option("--script", help="Also write the edit script to this file.")] = None,
    xlsx: Workbook = None,
    as_json: AsJson = False,
    limit: Limit = None,
) -> None:
    """Show what changed between two versions of a document; exit with 1 where anything did."""
    from capgraph.analysis.change import diff as ask
    from capgraph.analysis.change_workbook import change_workbook

    report = ask(document(old, db), document(new, db), history=verdicts(decisions))
    if script is not None:
        script.write_text(json.dumps(report.script(), ensure_ascii=False, indent=2), encoding="utf-8")
    if xlsx is not None:
        xlsx.write_bytes(change_workbook(report))
    show(report, as_json=as_json, limit=limit, columns=("action", "id", "label", "field", "part", "before", "after"))
    if report.edits:
        raise typer.Exit(FINDINGS)


def what_if(
    changes: Annotated[Path, typer.Argument(help="A JSON file with a list of edits, as diff --script writes them.")],
    *,
    db: Database = None,
    files: Files = None,
    plans: Annotated[list[str] | None, typer.Option("--plan", help="A person whose path is compared too.")] = None,
    roles: Annotated[list[str] | None, typer.Option("--role", help="A role whose succession is compared too.")] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
    limit: Limit = None,
) -> None:
    """Show gaps, coverage, successions and plans before and after a restructure; nothing is saved."""
    from capgraph.analysis.scenario import what_if as ask

    known = graph(db, files)
    report = ask(
        known,
        [_meant(known, edit) for edit in _edits(changes)],
        plans=[id_of(known, person, "person") for person in plans or ()],
        roles=[id_of(known, role, "role") for role in roles or ()],
        as_of=day(as_of),
    )
    show(report, as_json=as_json, limit=limit, graph=known)


def _meant(known: CapabilityGraph, edit: Edit) -> Edit:
    """Return an edit with the ids of the entries that it names by label, or by the end of an id."""
    into = tuple(id_of(known, one, *_KINDS) for one in edit.into)
    after = edit.after
    if edit.field in _NAMED and isinstance(after, list):
        after = [id_of(known, one, _NAMED[edit.field]) if isinstance(one, str) else one for one in after]
    return replace(edit, id=id_of(known, edit.id, *_KINDS), into=into, after=after)


def _edits(path: Path) -> list[Edit]:
    """Return the edits of a script; all that are wrong are told at once."""
    from capgraph.analysis.edits import Edit
    from capgraph.errors import DocumentError, Issue

    edits: list[Edit] = []
    issues: list[Issue] = []
    for stated in json_of(path, list, "list of edits"):
        try:
            edits.append(Edit.of(stated if isinstance(stated, dict) else {"action": stated}))
        except DocumentError as error:
            issues.extend(error.issues)
    if issues:
        raise DocumentError.of(issues, str(path))
    return edits
