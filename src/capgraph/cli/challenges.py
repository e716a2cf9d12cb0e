"""Commands about business problems: diagnosis, the line to learning and measurement, the page for the meeting."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from capgraph.cli.inputs import AsOf, Database, Files, day, document, graph
from capgraph.cli.naming import id_of, shown
from capgraph.cli.output import FINDINGS, AsJson, FailOnFindings, Limit, say, show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from capgraph.analysis.diagnose import Answer
    from capgraph.analysis.traceability import TraceReport, TraceRow


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("diagnose")(diagnose)
    app.command("traceability")(traceability)
    app.command("impact")(impact)
    app.command("brief")(brief)


def diagnose(
    agenda: Annotated[str, typer.Argument(help="The agenda: a file, or its id in --db.")],
    challenge: Annotated[str, typer.Argument(help="The challenge.")],
    answers: Annotated[
        list[str] | None,
        typer.Argument(help="Answers such as told=yes or 'equipped=no: the figures come late'; none to see the list."),
    ] = None,
    *,
    db: Database = None,
    to: Annotated[Path | None, typer.Option("--to", help="Write the agenda with the answers to this file.")] = None,
    save: Annotated[bool, typer.Option("--save", help="Save the agenda with the answers in --db.")] = False,
    as_json: AsJson = False,
) -> None:
    """Ask the questions of performance analysis, whether learning is the remedy at all, and record the answers."""
    from capgraph.analysis.diagnose import diagnose as ask
    from capgraph.files import write
    from capgraph.model import Agenda
    from capgraph.store import Store

    if save and (db is None or Path(agenda).exists()):
        raise typer.BadParameter("--save is for what --db holds; give the id of a stored agenda, or --to for a file")
    stated = document(agenda, db)
    if not isinstance(stated, Agenda):
        message = f"{agenda!r} is a {stated.kind}; name an agenda"
        raise typer.BadParameter(message)
    report = ask(stated, challenge, dict(map(_answer, answers or ())))
    show(report, as_json=as_json)
    if not as_json:
        say(report.remedy)
    if to is not None:
        write(report.agenda, to)
    if save and db is not None:
        with Store(db, create=False) as store:
            store.save(
                report.agenda, base=store.history(stated.id)[0].number, message=f"diagnosis of {report.challenge}"
            )


def _answer(text: str) -> tuple[str, Answer]:
    """Return the key of a question, and its answer."""
    key, _, told = text.partition("=")
    word, _, note = told.partition(":")
    yes = {"yes": True, "no": False}.get(word.strip().lower())
    if yes is None:
        message = f"{text!r} is no answer; write told=yes, or 'equipped=no: the figures come late'"
        raise typer.BadParameter(message)
    return key.strip(), (yes, note.strip())


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

    asked = graph(db, files)
    report = ask(asked, id_of(asked, subject, "challenge", "asset", "behavior"))
    columns = ("challenge", "cause", "behavior", "people", "assets", "metric", "status")
    show(report, as_json=as_json, limit=limit, columns=columns, graph=asked)
    if not as_json:
        for line in _verdicts(report):
            say(shown(asked, line))
    if fail_on_findings and any(row.status != "traced" for row in report):
        raise typer.Exit(FINDINGS)


def _verdicts(report: TraceReport) -> Iterator[str]:
    """Yield what follows for each challenge, what its diagnosis found, and what hangs on neither end."""
    told: dict[str, dict[str, list[TraceRow]]] = {}
    for row in report:
        told.setdefault(row.challenge, {}).setdefault(row.verdict, []).append(row)
    for challenge, verdicts in told.items():
        for verdict, rows in verdicts.items():
            where = f" ({', '.join(row.behavior or '' for row in rows)})" if len(verdicts) > 1 else ""
            found = rows[0].diagnosis if rows[0].status in {"not_training", "undiagnosed"} else ""
            yield f"{challenge}{where}: {verdict}{f' – {found}' if found else ''}"
    if report.subject is None:
        yield f"challenges that nothing serves: {', '.join(report.unserved) or 'none'}"
        yield f"assets in use that serve no challenge: {len(report.untied)} (--json names them)"


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

    asked = graph(db, files)
    named = [id_of(asked, asset, "asset") for asset in assets or ()]
    report = ask(asked, id_of(asked, challenge, "challenge"), named or None, since=day(since), as_of=day(as_of))
    columns = ("measure", "group", "size", "missing", "before", "after", "difference", "low", "high", "better")
    show(report, as_json=as_json, limit=limit, columns=columns, graph=asked)


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
