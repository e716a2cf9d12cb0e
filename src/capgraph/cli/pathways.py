"""Commands about pathways: learning plans, next roles, and who could take over."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from capgraph.cli.inputs import AsOf, Database, Files, day, graph
from capgraph.cli.naming import id_of, shown
from capgraph.cli.options import spread
from capgraph.cli.output import AsJson, Limit, say, show

if TYPE_CHECKING:
    from capgraph.graph import CapabilityGraph

_STEPS = ("step", "asset", "title", "start", "end", "hours", "cost", "teaches", "unlocks")
_RUNS = ("step", "asset", "title", "people", "sessions", "hours", "facilitator_hours", "cost")
_MOVES = ("path", "hop", "role", "label", "distance", "hours", "closes", "missing")

MaxCost = Annotated[float | None, typer.Option(min=0, help="At most this much money.")]
Currency = Annotated[str | None, typer.Option(help="The currency, where assets are priced in several.")]
Languages = Annotated[list[str] | None, typer.Option("--language", help="Only assets in this language; repeatable.")]
Kinds = Annotated[list[str] | None, typer.Option("--kind", help="Only assets of this kind; repeatable.")]
Excluded = Annotated[list[str] | None, typer.Option("--exclude", help="Not this asset; repeatable.")]
Teach = Annotated[bool, typer.Option("--teach-unassessed", help="Plan for what is not assessed, too.")]
Viable = Annotated[float, typer.Option(min=0, max=1, help="The distance up to which a move is viable.")]


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """The options of every plan: what it may choose from."""

    max_cost: MaxCost = None
    currency: Currency = None
    language: Languages = None
    kind: Kinds = None
    exclude: Excluded = None
    teach_unassessed: Teach = False
    db: Database = None
    files: Files = None
    as_of: AsOf = None
    as_json: AsJson = False

    def stated(self, asked: CapabilityGraph) -> dict[str, Any]:
        """Return what every planning function is told."""
        return {
            "max_cost": self.max_cost,
            "currency": self.currency,
            "languages": self.language or None,
            "kinds": self.kind or None,
            "exclude": [id_of(asked, one, "asset") for one in self.exclude or ()],
            "unassessed": "teach" if self.teach_unassessed else "open",
            "as_of": day(self.as_of),
        }


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("learning-path")(spread(learning_path))
    app.command("curriculum")(spread(curriculum))
    app.command("career-path")(career_path)
    app.command("adjacent-roles")(adjacent_roles)
    app.command("successors")(successors)


def learning_path(
    person: Annotated[str, typer.Argument(help="The person.")],
    role: Annotated[str | None, typer.Argument(help="The role aimed at; the person's own roles by default.")] = None,
    *,
    wishes: Wishes,
    max_hours: Annotated[float | None, typer.Option(min=0, help="At most this many hours of learning.")] = None,
    include: Annotated[list[str] | None, typer.Option(help="This asset must be in the plan; repeatable.")] = None,
    start: Annotated[str | None, typer.Option(metavar="DATE", help="The first day of learning.")] = None,
    deadline: Annotated[str | None, typer.Option(metavar="DATE", help="The last day of learning.")] = None,
    hours_per_week: Annotated[float | None, typer.Option(help="Hours of learning in a week.")] = None,
    keep: Annotated[Path | None, typer.Option(help="Stay close to the plan in this JSON file (--json).")] = None,
    objective: Annotated[
        str, typer.Option(help="What to spend least of: hours, cost, or what one of each counts, as hours=50,cost=1.")
    ] = "hours",
    mix: Annotated[
        str | None, typer.Option(help="The mix wanted, as practice=70,social=20,formal=10, to see how far it is.")
    ] = None,
    alternatives: Annotated[
        bool,
        typer.Option("--alternatives", help="Say too what could stand in for each asset, for at most a tenth more."),
    ] = False,
    svg: Annotated[Path | None, typer.Option(help="Write a timeline of the plan to this SVG file.")] = None,
) -> None:
    """Show the best learning plan that closes a person's gap to a role."""
    from capgraph.analysis.learning_path import learning_path as ask
    from capgraph.analysis.saved_plan import SavedPlan

    asked = graph(wishes.db, wishes.files)
    report = ask(
        asked,
        id_of(asked, person, "person"),
        id_of(asked, role, "role"),
        max_hours=max_hours,
        include=[id_of(asked, one, "asset") for one in include or ()],
        start=day(start),
        deadline=day(deadline),
        hours_per_week=hours_per_week,
        objective=_shares(objective) if "=" in objective else objective,
        mix=None if mix is None else _shares(mix),
        keep=None if keep is None else SavedPlan.from_json(keep.read_bytes()),
        **wishes.stated(asked),
    )
    others = report.alternatives() if alternatives else ()
    if wishes.as_json and alternatives:
        stated = json.loads(report.to_json()) | {"alternatives": [asdict(other) for other in others]}
        typer.echo(json.dumps(stated, indent=2, ensure_ascii=False))
    else:
        show(report, as_json=wishes.as_json, columns=_STEPS, graph=asked)
        for other in others:
            instead = ", ".join(other.instead) or "nothing"
            say(shown(asked, f"without {other.without}: {instead}, for {other.excess:+.0%} ({other.objective:g})"))
    if svg is not None:
        from capgraph.plot import timeline

        timeline(report).save(svg)


def _shares(text: str) -> dict[str, float]:
    """Return what an option such as ``hours=50,cost=1`` says that each name counts."""
    found = {}
    for part in text.split(","):
        name, _, figure = part.partition("=")
        try:
            found[name.strip()] = float(figure)
        except ValueError:
            message = f"{part.strip()!r} is no name with a number; write it as in hours=50,cost=1"
            raise typer.BadParameter(message) from None
    return found


def curriculum(
    who: Annotated[str, typer.Argument(help="A team, a role (its holders), or a person.")],
    role: Annotated[str | None, typer.Argument(help="The role aimed at; everybody's own roles by default.")] = None,
    *,
    wishes: Wishes,
    max_hours: Annotated[float | None, typer.Option(min=0, help="At most this many hours for each person.")] = None,
    max_facilitator_hours: Annotated[
        float | None, typer.Option(min=0, help="At most this many hours of facilitators.")
    ] = None,
    budget: Annotated[
        list[float] | None, typer.Option(min=0, help="Say what this much money buys; repeatable.")
    ] = None,
) -> None:
    """Show what to run for a cohort under a budget, for whom, and what more money would buy."""
    from capgraph.analysis.curriculum import curriculum as ask

    asked = graph(wishes.db, wishes.files)
    report = ask(
        asked,
        id_of(asked, who, "team", "role", "person"),
        id_of(asked, role, "role"),
        max_hours=max_hours,
        max_facilitator_hours=max_facilitator_hours,
        steps=budget or 4,
        **wishes.stated(asked),
    )
    show(report, as_json=wishes.as_json, columns=_RUNS, graph=asked)


def career_path(
    source: Annotated[str, typer.Argument(help="The role that is held.")],
    target: Annotated[str, typer.Argument(help="The role aimed at.")],
    *,
    paths: Annotated[int, typer.Option(min=1, help="How many paths to show.")] = 1,
    max_distance: Viable = 0.5,
    max_hops: Annotated[int, typer.Option(min=1, help="The most moves of a path.")] = 4,
    svg: Annotated[Path | None, typer.Option(help="Draw the moves into this SVG file.")] = None,
    db: Database = None,
    files: Files = None,
    as_json: AsJson = False,
) -> None:
    """Show the cheapest chains of viable moves from one role to another."""
    from capgraph.analysis.career_path import career_path as ask

    asked = graph(db, files)
    ends = id_of(asked, source, "role"), id_of(asked, target, "role")
    report = ask(asked, *ends, paths=paths, max_distance=max_distance, max_hops=max_hops)
    show(report, as_json=as_json, columns=_MOVES, graph=asked)
    if svg is not None:
        from capgraph.plot import moves

        moves(report).save(svg)


def adjacent_roles(
    role: Annotated[str, typer.Argument(help="The role.")],
    *,
    max_distance: Annotated[float | None, typer.Option(min=0, max=1, help="Leave out roles farther away.")] = None,
    limit: Limit = 20,
    db: Database = None,
    files: Files = None,
    as_json: AsJson = False,
) -> None:
    """Show the roles most like one, with the effort to get there."""
    from capgraph.analysis.adjacent_roles import adjacent_roles as ask

    asked = graph(db, files)
    report = ask(asked, id_of(asked, role, "role"), limit=limit, max_distance=max_distance)
    show(report, as_json=as_json, graph=asked)


def successors(
    role: Annotated[str, typer.Argument(help="The role to fill.")],
    *,
    candidates: Annotated[str | None, typer.Option(help="Only people of this team or role.")] = None,
    limit: Limit = 10,
    db: Database = None,
    files: Files = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Show who could take over a role: gates first, then readiness, then hours to ready."""
    from capgraph.analysis.successors import successors as ask

    asked = graph(db, files)
    report = ask(
        asked,
        id_of(asked, role, "role"),
        candidates=id_of(asked, candidates, "team", "role"),
        limit=limit,
        as_of=day(as_of),
    )
    show(report, as_json=as_json, graph=asked)
