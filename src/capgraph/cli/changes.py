"""Commands about change: diff, migrate, what-if; traceability, impact and the page for the meeting."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from capgraph.cli.inputs import AsOf, Database, Files, day, graph
from capgraph.cli.output import FINDINGS, AsJson, FailOnFindings, Limit, say, show

if TYPE_CHECKING:
    from capgraph.analysis.edits import Edit
    from capgraph.model import Decisions

Verdicts = Annotated[
    Path | None, typer.Option("--decisions", help="A file with decisions about renames, merges and splits.")
]
Workbook = Annotated[Path | None, typer.Option("--xlsx", help="Also write the report to this workbook.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("diff")(diff)
    app.command("migrate")(migrate)
    app.command("what-if")(what_if)
    app.command("traceability")(traceability)
    app.command("impact")(impact)
    app.command("brief")(brief)


def diff(
    old: Annotated[Path, typer.Argument(help="The older version.")],
    new: Annotated[Path, typer.Argument(help="The newer version.")],
    *,
    decisions: Verdicts = None,
    script: Annotated[Path | None, typer.Option("--script", help="Also write the edit script to this file.")] = None,
    xlsx: Workbook = None,
    as_json: AsJson = False,
    limit: Limit = None,
) -> None:
    """Show what changed between two versions of a document; exit with 1 where anything did."""
    from capgraph.analysis.change import diff as ask
    from capgraph.analysis.change_workbook import change_workbook
    from capgraph.files import read

    report = ask(read(old), read(new), history=_decisions(decisions))
    if script is not None:
        script.write_text(json.dumps(report.script(), ensure_ascii=False, indent=2), encoding="utf-8")
    if xlsx is not None:
        xlsx.write_bytes(change_workbook(report))
    show(report, as_json=as_json, limit=limit, columns=("action", "id", "label", "field", "part", "before", "after"))
    if report.edits:
        raise typer.Exit(FINDINGS)


def migrate(
    document: Annotated[Path, typer.Argument(help="What refers to the old version: a catalog, a workforce, …")],
    old: Annotated[Path, typer.Argument(help="The older version of what it refers to.")],
    new: Annotated[Path, typer.Argument(help="The newer version.")],
    *,
    to: Annotated[Path | None, typer.Option("--to", help="Write the migrated document; a dry run otherwise.")] = None,
    decisions: Verdicts = None,
    scales: Annotated[
        Path | None, typer.Option("--scales", help='A JSON file: {"scale:old": {"5": 4, …}} for each re-scaled scale.')
    ] = None,
    splits: Annotated[
        Literal["ask", "all", "first", "keep"], typer.Option("--splits", help="What to do with undecided splits.")
    ] = "ask",
    as_json: AsJson = False,
    limit: Limit = None,
) -> None:
    """Carry a document over to a new version of what it refers to: first the dry run, then with --to."""
    from capgraph.analysis.change import diff as compare
    from capgraph.analysis.migration import migrate as ask
    from capgraph.files import read, write

    verdicts = _decisions(decisions)
    changes = compare(read(old), read(new), history=verdicts)
    report = ask(read(document), changes, decisions=verdicts, scales=_scales(scales), splits=splits)
    show(report, as_json=as_json, limit=limit)
    if to is not None:
        write(report.apply(), to)
        if not as_json:
            say(f"written to {to}; {document} is unchanged")


def what_if(
    changes: Annotated[Path, typer.Argument(help="A JSON file with a list of edits, as diff --script writes them.")],
    *,
    db: Database = None,
    files: Files = None,
    plans: Annotated[list[str] | None, typer.Option("--plan", help="A person whose path is compared too.")] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
    limit: Limit = None,
) -> None:
    """Show gaps, coverage, successions and plans before and after a restructure; nothing is saved."""
    from capgraph.analysis.scenario import what_if as ask

    report = ask(graph(db, files), _edits(changes), plans=plans or (), as_of=day(as_of))
    show(report, as_json=as_json, limit=limit)


def traceability(
    subject: Annotated[str | None, typer.Argument(help="A challenge, an asset or a behavior; all by default.")] = None,
    *,
    fail_on_findings: FailOnFindings = False,
    db: Database = None,
    files: Files = None,
    as_json: AsJson = False,
    limit: Limit = None,
) -> None:
    """Show how challenges lead to behaviors, learning and measurement, or where the chain breaks."""
    from capgraph.analysis.traceability import traceability as ask

    report = ask(graph(db, files), subject)
    columns = ("challenge", "cause", "behavior", "capability", "people", "assets", "metric", "status", "verdict")
    show(report, as_json=as_json, limit=limit, columns=columns)
    if fail_on_findings and any(row.status != "traced" for row in report):
        raise typer.Exit(FINDINGS)


def impact(
    challenge: Annotated[str, typer.Argument(help="The challenge.")],
    assets: Annotated[
        list[str] | None, typer.Argument(help="The assets; those commissioned for it by default.")
    ] = None,
    *,
    db: Database = None,
    files: Files = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="The day that parts before from after.")
    ] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
    limit: Limit = None,
) -> None:
    """Show behaviors and the metric before and after, for those who took an asset and those who did not."""
    from capgraph.analysis.impact import impact as ask

    report = ask(graph(db, files), challenge, assets or None, since=day(since), as_of=day(as_of))
    columns = ("measure", "group", "size", "missing", "before", "after", "difference", "low", "high", "better")
    show(report, as_json=as_json, limit=limit, columns=columns)


def brief(
    target: Annotated[Path, typer.Argument(help="The file to write: .md, .xlsx or .pptx.")],
    challenges: Annotated[list[str] | None, typer.Argument(help="The challenges on the page; all by default.")] = None,
    *,
    db: Database = None,
    files: Files = None,
) -> None:
    """Write one page for the meeting: challenge, behavior, learning solution, measurement."""
    from capgraph.analysis.brief import brief as ask

    page = ask(graph(db, files), challenges or None)
    forms: dict[str, Any] = {".md": page.to_markdown, ".xlsx": page.to_xlsx, ".pptx": page.to_pptx}
    if target.suffix.lower() not in forms:
        message = f"{target.name!r} does not say what to write; end it with {', '.join(forms)}"
        raise typer.BadParameter(message)
    content = forms[target.suffix.lower()]()
    target.write_bytes(content.encode() if isinstance(content, str) else content)
    say(f"{len(page)} challenges written to {target}")


def _decisions(path: Path | None) -> Decisions | None:
    """Return the decisions of a file."""
    from capgraph.files import read_decisions

    return None if path is None else read_decisions(path)


def _json(path: Path, kind: type) -> Any:  # noqa: ANN401 - whatever the file holds
    """Return what a JSON file holds."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        message = f"{path} is no JSON: {error}"
        raise typer.BadParameter(message) from None
    if not isinstance(found, kind):
        message = f"{path} holds no {'list of edits' if kind is list else 'table of scales'}"
        raise typer.BadParameter(message)
    return found


def _scales(path: Path | None) -> dict[str, dict[int, int | None]] | None:
    """Return the maps of re-scaled scales."""
    if path is None:
        return None
    try:
        return {
            scale: {int(old): None if new is None else int(new) for old, new in ranks.items()}
            for scale, ranks in _json(path, dict).items()
        }
    except (AttributeError, TypeError, ValueError):
        message = f'{path} is no table of ranks; write {{"scale:old": {{"5": 4, "4": 4}}}}'
        raise typer.BadParameter(message) from None


def _edits(path: Path) -> list[Edit]:
    """Return the edits of a script; all that are wrong are told at once."""
    from capgraph.analysis.edits import Edit
    from capgraph.errors import DocumentError, Issue

    edits: list[Edit] = []
    issues: list[Issue] = []
    for stated in _json(path, list):
        try:
            edits.append(Edit.of(stated if isinstance(stated, dict) else {"action": stated}))
        except DocumentError as error:
            issues.extend(error.issues)
    if issues:
        raise DocumentError.of(issues, str(path))
    return edits
