"""Commands about content: coverage and redundancy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from capgraph.cli.inputs import Database, Files, graph
from capgraph.cli.naming import Kind, id_of
from capgraph.cli.output import AsJson, FailOnFindings, Limit, progress, say, show

if TYPE_CHECKING:
    from collections.abc import Iterable

    from capgraph.analysis.cells import Protection

Together = Annotated[
    list[str] | None,
    typer.Option("--together", help="Do not hold apart: language, audience or site; give it once for each."),
]
By = Annotated[
    list[str] | None,
    typer.Option(help="Split each step by its language, kind or behavior; give it once for each, for a cross."),
]
Relation = Literal["teaches", "assesses"]
Of = Annotated[Literal["assets", "capabilities", "behaviors"], typer.Option("--of", help="What is compared.")]
Hour = Annotated[float, typer.Option(min=0, help="What an hour is worth, in the currency of the answer.")]
Currency = Annotated[str | None, typer.Option(help="The currency of the answer, where prices are in several.")]
Rates = Annotated[
    list[str] | None, typer.Option("--rate", help="What one unit of another currency is worth, as CHF=1.05.")
]

_COMPARED: dict[str, Kind] = {"assets": "asset", "capabilities": "capability", "behaviors": "behavior"}


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("coverage")(coverage)
    app.command("duplicates")(duplicates)
    app.command("side-by-side")(side_by_side)
    app.command("overlap")(overlap)
    app.command("dominated")(dominated)
    app.command("consolidation")(consolidation)
    app.command("spending")(spending)
    app.command("added-coverage")(added_coverage)


def coverage(
    *,
    db: Database = None,
    files: Files = None,
    by: By = None,
    relation: Annotated[Relation, typer.Option(help="What counts as supply.")] = "teaches",
    roles: Annotated[list[str] | None, typer.Option("--role", help="Only what this role requires; repeat it.")] = None,
    ample: Annotated[int, typer.Option(min=1, help="A step with more assets is oversupplied.")] = 4,
    as_json: AsJson = False,
    limit: Limit = None,
) -> None:
    """Show what is required and who teaches it: uncovered, thin, covered, oversupplied; and what serves nobody."""
    from capgraph.analysis.coverage import coverage as ask
    from capgraph.analysis.coverage_split import checked_split

    split = checked_split(by)  # before the files are read
    report = ask(asked := graph(db, files), by=split, relation=relation, roles=roles, ample=ample)
    parts = report.by if len(report.by) > 1 else ("part",)
    columns = ("capability", "label", "level", *parts, "status", "necessity", "demand", "assets", "titles")
    show(report, as_json=as_json, limit=limit, columns=columns, graph=asked)


def duplicates(
    *,
    db: Database = None,
    files: Files = None,
    of: Of = "assets",
    min_score: Annotated[float, typer.Option(min=0.5, max=1, help="The least score of a pair.")] = 0.5,
    one_to_one: Annotated[bool, typer.Option("--one-to-one", help="Each document holds everything once.")] = False,
    as_json: AsJson = False,
    limit: Limit = None,
    fail_on_findings: FailOnFindings = False,
) -> None:
    """Show near-identical learning assets, with what is equal and what differs."""
    from capgraph.analysis.redundancy import duplicates as ask

    asked = graph(db, files)
    with progress("comparing pairs") as advance:
        report = ask(asked, of=of, min_score=min_score, one_to_one=one_to_one, progress=advance)
    columns = ("band", "score", "left", "left_title", "right", "right_title", "differs")
    show(report, as_json=as_json, limit=limit, columns=columns, fail_on_findings=fail_on_findings, graph=asked)


def side_by_side(
    left: Annotated[str, typer.Argument(help="The id of one entry.")],
    right: Annotated[str, typer.Argument(help="The id of the other.")],
    *,
    db: Database = None,
    files: Files = None,
    of: Of = "assets",
    as_json: AsJson = False,
) -> None:
    """Show two entries side by side, with what differs marked, and why they are called the same or not."""
    from capgraph.analysis.side_by_side import side_by_side as ask

    asked = graph(db, files)
    pair = ask(asked, id_of(asked, left, _COMPARED[of]), id_of(asked, right, _COMPARED[of]), of=of)
    say(pair.to_json(indent=2) if as_json else str(pair))


def overlap(
    *,
    db: Database = None,
    files: Files = None,
    min_share: Annotated[float, typer.Option(min=0, max=1, help="The least share of cells that both cover.")] = 0.5,
    together: Together = None,
    as_json: AsJson = False,
    limit: Limit = None,
    fail_on_findings: FailOnFindings = False,
) -> None:
    """Show assets with different content that cover the same steps for the same people."""
    from capgraph.analysis.overlap import overlap as ask

    report = ask(asked := graph(db, files), min_share=min_share, protect=_held_apart(together))
    columns = ("share", "left", "left_title", "right", "right_title", "shared", "content")
    show(report, as_json=as_json, limit=limit, columns=columns, fail_on_findings=fail_on_findings, graph=asked)


def dominated(
    *,
    db: Database = None,
    files: Files = None,
    together: Together = None,
    as_json: AsJson = False,
    limit: Limit = None,
    fail_on_findings: FailOnFindings = False,
) -> None:
    """Show assets of which everything is covered by another that is not longer, dearer, older or worse."""
    from capgraph.analysis.dominance import dominated as ask

    report = ask(asked := graph(db, files), protect=_held_apart(together))
    show(report, as_json=as_json, limit=limit, fail_on_findings=fail_on_findings, graph=asked)


def consolidation(
    *,
    db: Database = None,
    files: Files = None,
    keep: Annotated[list[str] | None, typer.Option(help="An asset that must be kept; give it once for each.")] = None,
    together: Together = None,
    at_least: Annotated[int, typer.Option(min=1, help="How many assets must serve each cell.")] = 1,
    max_effort: Annotated[
        float | None, typer.Option(min=1, help="How many times the cheapest way today a takeover may cost a learner.")
    ] = None,
    hour: Hour = 40.0,
    currency: Currency = None,
    rates: Rates = None,
    xlsx: Annotated[Path | None, typer.Option(help="Write the plan as a workbook to this file, too.")] = None,
    as_json: AsJson = False,
    limit: Limit = None,
) -> None:
    """Show what to keep so that no coverage is lost, who takes over from what goes, and what that saves."""
    from capgraph.analysis.consolidation import consolidation as ask

    asked = graph(db, files)
    report = ask(
        asked,
        keep=[id_of(asked, one, "asset") for one in keep or ()],
        protect=_held_apart(together),
        at_least=at_least,
        max_effort=max_effort,
        hour=hour,
        currency=currency,
        rates=_rates(rates),
    )
    if xlsx is not None:
        xlsx.write_bytes(report.to_xlsx())
    columns = ("action", "asset", "title", "taken_over_by", "taken_over_titles", "saves_hours", "saves_cost", "reason")
    show(report, as_json=as_json, limit=limit, columns=columns, graph=asked)


def spending(
    *,
    db: Database = None,
    files: Files = None,
    currency: Currency = None,
    rates: Rates = None,
    hour: Hour = 40.0,
    as_json: AsJson = False,
    limit: Limit = None,
) -> None:
    """Show what each asset costs in a year beside how much of the need it meets."""
    from capgraph.analysis.spending import spending as ask

    report = ask(asked := graph(db, files), hour=hour, currency=currency, rates=_rates(rates))
    show(report, as_json=as_json, limit=limit, graph=asked)


def added_coverage(
    catalog: Annotated[str, typer.Argument(help="The id of the catalog to judge.")],
    *,
    db: Database = None,
    files: Files = None,
    as_json: AsJson = False,
    limit: Limit = None,
) -> None:
    """Show which required steps a catalog teaches, and how they are covered without it."""
    from capgraph.analysis.added_coverage import added_coverage as ask

    report = ask(asked := graph(db, files), catalog)
    show(report, as_json=as_json, limit=limit, graph=asked)


def _held_apart(together: Iterable[str] | None) -> tuple[Protection, ...]:
    """Return what stays held apart besides the step."""
    from capgraph.analysis.cells import PROTECTIONS

    unknown = sorted(set(together or ()) - set(PROTECTIONS))
    if unknown:
        message = f"{', '.join(unknown)}: not held apart anyway; choose among {', '.join(PROTECTIONS)}"
        raise typer.BadParameter(message, param_hint="--together")
    return tuple(name for name in PROTECTIONS if name not in (together or ()))


def _rates(stated: Iterable[str] | None) -> dict[str, float]:
    """Return the rates of options such as ``CHF=1.05``."""
    found = {}
    for text in stated or ():
        currency, _, rate = text.partition("=")
        try:
            found[currency.strip().upper()] = float(rate)
        except ValueError:
            message = f"{text!r} is no rate; write it as CHF=1.05"
            raise typer.BadParameter(message, param_hint="--rate") from None
    return found
