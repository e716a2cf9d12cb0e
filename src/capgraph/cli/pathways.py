"""Commands about pathways: learning plans and next roles."""

from __future__ import annotations

from typing import Annotated

import typer

from capgraph.cli.inputs import AsOf, Database, Files, day, graph
from capgraph.cli.output import AsJson, show


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("learning-path")(learning_path)


def learning_path(
    person: Annotated[str, typer.Argument(help="The person.")],
    role: Annotated[str, typer.Argument(help="The role aimed at.")],
    *,
    max_hours: Annotated[float | None, typer.Option(min=0, help="At most this many hours of learning.")] = None,
    max_cost: Annotated[float | None, typer.Option(min=0, help="At most this much money.")] = None,
    objective: Annotated[str, typer.Option(help="What to spend least of: hours or cost.")] = "hours",
    db: Database = None,
    files: Files = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Show the best learning plan that closes a person's gap to a role."""
    from capgraph.analysis.learning_path import learning_path as ask

    report = ask(
        graph(db, files), person, role, max_hours=max_hours, max_cost=max_cost, objective=objective, as_of=day(as_of)
    )
    show(report, as_json=as_json)
