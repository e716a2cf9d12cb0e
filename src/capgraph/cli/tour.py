"""The command ``tour``: the main job, end to end, on the sample company."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from capgraph.cli.output import progress, say, show

if TYPE_CHECKING:
    from capgraph.graph import CapabilityGraph
    from capgraph.report import Report
    from capgraph.samples import Sample

PERSON, ROLE, TEAM = "person:amina", "role:data-engineer", "team:platform"
HOURS = 60
ROWS = 8


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("tour")(tour)


def tour(
    folder: Annotated[
        Path, typer.Option("--to", help="The folder for the database and the answers; it is made where it is missing.")
    ] = Path("capgraph-tour"),
) -> None:
    """Show the main job end to end on a sample company: catalogs in, gaps, a plan, duplicates, what nobody teaches."""
    from capgraph.samples import sample

    folder.mkdir(parents=True, exist_ok=True)
    database = folder / "skills.db"
    company = sample()
    _store(company, database)
    graph = company.graph()
    answers = _answers(graph)
    for report in answers.values():
        (folder / f"{report.name.replace('_', '-')}.json").write_text(report.to_json(indent=2) + "\n", encoding="utf-8")
    say(f"The database is {database}; every answer lies beside it as JSON.")
    say("Ask it yourself:")
    say(f"  capgraph gap {PERSON} {ROLE} --db sqlite:///{database}")


def _store(company: Sample, database: Path) -> None:
    """Read the sample, say what is in it, and keep it in the database."""
    from capgraph.store import Store

    with progress("reading the sample") as advance:
        documents = (company.framework, *company.catalogs, company.workforce, company.agenda, company.decisions)
        advance(len(documents), len(documents))
    _introduce(company)
    with progress("saving") as advance, Store(f"sqlite:///{database}") as store:
        known = set(store.documents())
        for number, document in enumerate(documents, start=1):
            if document.id in known:
                store.load(document.id)  # so that the save builds on what an earlier tour left
            store.save(document, author="tour", message="the sample company")
            advance(number, len(documents))
    say()


def _introduce(company: Sample) -> None:
    """Say what is in the sample."""
    framework, workforce = company.framework, company.workforce
    counts = f"{len(framework.roles)} roles, {len(framework.capabilities)} capabilities"
    people = (
        f"{len(workforce.people)} people in {len(workforce.teams)} teams, {len(workforce.evidence)} records of evidence"
    )
    say(f"1. The company: {framework.title}")
    say(f"   {counts}, {len(framework.behaviors)} behaviors, {people}")
    say("2. The course catalogs, as three departments keep them:")
    for catalog in company.catalogs:
        said = ", ".join(source.name for source in catalog.sources) or catalog.id
        say(f"   {len(catalog.assets):4} assets from {said}")


def _answers(graph: CapabilityGraph) -> dict[str, Report[Any]]:
    """Ask the questions of the tour, print each answer, and return them by their heading."""
    from capgraph.analysis.coverage import coverage
    from capgraph.analysis.gap import gap
    from capgraph.analysis.learning_path import learning_path
    from capgraph.analysis.redundancy import duplicates
    from capgraph.analysis.team_gap import team_gap

    person = gap(graph, PERSON, ROLE)
    answers: dict[str, Report[Any]] = {
        f"3. What {PERSON} lacks for {ROLE}": person,
        f"4. What {TEAM} lacks, and whom it cannot lose": team_gap(graph, TEAM),
        f"5. The best that {HOURS} hours of learning can do about it": learning_path(graph, person, max_hours=HOURS),
        "6. The same content twice": duplicates(graph),
        "7. What is required, and what nobody teaches": coverage(graph),
    }
    for heading, report in answers.items():
        say(heading)
        show(report, limit=ROWS, columns=_COLUMNS.get(report.name, ()))
        say()
    return answers


_COLUMNS = {
    "gap": ("capability", "required", "attained", "shortfall", "status", "necessity"),
    "team_gap": ("capability", "level", "needed", "holders", "shortfall", "last_holder"),
    "learning_path": ("step", "asset", "title", "hours", "cost", "teaches"),
    "duplicates": ("left", "right", "score", "band", "differs"),
    "coverage": ("capability", "level", "demand", "assets", "status"),
}
