"""Commands about gaps: what people, teams and roles lack."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from capgraph.cli.inputs import AsOf, Database, Files, day, graph
from capgraph.cli.naming import id_of
from capgraph.cli.output import AsJson, FailOnFindings, Limit, say, show
from capgraph.errors import DocumentError, ParseError

if TYPE_CHECKING:
    from capgraph.analysis.attainment import EvidencePolicy

PolicyFile = Annotated[
    Path | None, typer.Option("--policy", help="A JSON file with an evidence policy: which evidence counts, and how.")
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("gap")(gap)
    app.command("team-gap")(team_gap)


def policy_of(path: Path | None) -> EvidencePolicy | None:
    """Return the evidence policy of a file; None for the defaults.

    Raises
    ------
    ParseError
        When the file holds no evidence policy; all problems are listed.
    """
    from capgraph.analysis.attainment import EvidencePolicy

    if path is None:
        return None
    try:
        return EvidencePolicy.model_validate_json(path.read_bytes())
    except DocumentError as error:
        raise ParseError(error.issues, path=str(path), format="an evidence policy") from None


def gap(
    subject: Annotated[str, typer.Argument(help="A person or a role.")],
    role: Annotated[str | None, typer.Argument(help="The role aimed at; the person's own roles by default.")] = None,
    *,
    db: Database = None,
    files: Files = None,
    as_of: AsOf = None,
    policy: PolicyFile = None,
    as_json: AsJson = False,
    limit: Limit = None,
    fail_on_findings: FailOnFindings = False,
) -> None:
    """Show what a person, or the holder of a role, lacks for a role."""
    from capgraph.analysis.gap import gap as ask

    asked = graph(db, files)
    report = ask(
        asked,
        id_of(asked, subject, "person", "role"),
        id_of(asked, role, "role"),
        policy=policy_of(policy),
        as_of=day(as_of),
    )
    columns = ("capability", "required", "attained", "shortfall", "status", "necessity", "confidence")
    show(report, as_json=as_json, limit=limit, columns=columns, fail_on_findings=fail_on_findings, graph=asked)


def team_gap(
    team: Annotated[str, typer.Argument(help="A team; its sub-teams belong to it.")],
    *,
    db: Database = None,
    files: Files = None,
    without: Annotated[list[str] | None, typer.Option(help="Somebody who is thought to have left.")] = None,
    as_of: AsOf = None,
    policy: PolicyFile = None,
    xlsx: Annotated[Path | None, typer.Option(help="Where to write the skills matrix as a workbook.")] = None,
    as_json: AsJson = False,
    limit: Limit = None,
    fail_on_findings: FailOnFindings = False,
) -> None:
    """Show what the people of a team hold together, against what their roles need."""
    from capgraph.analysis.team_gap import team_gap as ask

    asked = graph(db, files)
    gone = [id_of(asked, person, "person") for person in without or ()]
    report = ask(asked, id_of(asked, team, "team"), policy=policy_of(policy), as_of=day(as_of), without=gone)
    columns = ("capability", "level", "needed", "holders", "shortfall", "last_holder", "assessed_share", "necessity")
    if xlsx is not None:
        xlsx.write_bytes(report.matrix.to_xlsx())
        if not as_json:
            say(f"wrote {xlsx}")
    show(report, as_json=as_json, limit=limit, columns=columns, fail_on_findings=fail_on_findings, graph=asked)
