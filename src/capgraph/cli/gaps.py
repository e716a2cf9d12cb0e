"""Commands about gaps: what people, teams and roles lack."""

from __future__ import annotations

from typing import Annotated

import typer

from capgraph.cli.inputs import AsOf, Database, Files, day, graph
from capgraph.cli.output import AsJson, FailOnFindings, Limit, show


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("gap")(gap)


def gap(
    subject: Annotated[str, typer.Argument(help="A person or a role.")],
    role: Annotated[str | None, typer.Argument(help="The role aimed at; the person's own roles by default.")] = None,
    *,
    db: Database = None,
    files: Files = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
    limit: Limit = None,
    fail_on_findings: FailOnFindings = False,
) -> None:
    """Show what a person, or the holder of a role, lacks for a role."""
    from capgraph.analysis.gap import gap as ask

    report = ask(graph(db, files), subject, role, as_of=day(as_of))
    columns = ("capability", "required", "attained", "shortfall", "status", "necessity", "confidence")
    show(report, as_json=as_json, limit=limit, columns=columns, fail_on_findings=fail_on_findings)
