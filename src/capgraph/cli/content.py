"""Commands about content: coverage and redundancy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capgraph.cli.inputs import Database, Files, graph
from capgraph.cli.output import AsJson, FailOnFindings, Limit, show

if TYPE_CHECKING:
    import typer


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("coverage")(coverage)
    app.command("duplicates")(duplicates)


def coverage(*, db: Database = None, files: Files = None, as_json: AsJson = False, limit: Limit = None) -> None:
    """Show what is required and who teaches it: uncovered, thin, covered, oversupplied; and what serves nobody."""
    from capgraph.analysis.coverage import coverage as ask

    columns = ("capability", "level", "part", "necessity", "demand", "assets", "status")
    show(ask(graph(db, files)), as_json=as_json, limit=limit, columns=columns)


def duplicates(
    *,
    db: Database = None,
    files: Files = None,
    as_json: AsJson = False,
    limit: Limit = None,
    fail_on_findings: FailOnFindings = False,
) -> None:
    """Show near-identical learning assets, with what is equal and what differs."""
    from capgraph.analysis.redundancy import duplicates as ask

    show(ask(graph(db, files)), as_json=as_json, limit=limit, fail_on_findings=fail_on_findings)
