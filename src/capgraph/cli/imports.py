"""Commands that import: catalog, people, evidence, completions; and sniff, which only looks."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from capgraph.cli.inputs import day
from capgraph.cli.options import spread
from capgraph.cli.output import BAD_INPUT, AsJson, Limit, complain, progress, say, show
from capgraph.errors import NotStoredError

if TYPE_CHECKING:
    from collections.abc import Generator

    from capgraph.ingest.plan import ImportPlan
    from capgraph.model import Document

app = typer.Typer(no_args_is_help=True, help="Import what learning platforms, vendors and offices export.")

Sources = Annotated[list[Path], typer.Argument(help="Files, folders or zips.")]
Database = Annotated[
    str | None, typer.Option("--db", envvar="CAPGRAPH_DB", help="The database to import into; without it, only a plan.")
]
ProfileFile = Annotated[
    str | None, typer.Option("--profile", help="The name of a preset, or a TOML that says what the columns mean.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only show what the import would do.")]
Rejected = Annotated[
    Path | None, typer.Option("--rejected", help="The folder for the records that were not taken, with the reasons.")
]
Framework = Annotated[
    str | None, typer.Option("--framework", help="A file with the framework, or its id in the database.")
]
WorkforceId = Annotated[str, typer.Option("--workforce", help="The id of the workforce.")]
Author = Annotated[str, typer.Option("--author", help="Who imports.")]


@dataclass(frozen=True, kw_only=True)
class Import:
    """The options of every import."""

    db: Database = None
    profile: ProfileFile = None
    dry_run: DryRun = False
    rejected: Rejected = None
    author: Author = ""
    as_json: AsJson = False
    limit: Limit = 40

    @property
    def stated(self) -> dict[str, Any]:
        """What every import function is told."""
        return {"profile": self.profile, "author": self.author, "apply": bool(self.db) and not self.dry_run}


def register(root: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("catalog")(spread(catalog))
    app.command("people")(spread(people))
    app.command("evidence")(spread(evidence))
    app.command("completions")(spread(completions))
    app.command("sniff")(sniff)
    root.add_typer(app, name="import")


def catalog(
    sources: Sources,
    *,
    how: Import,
    into: Annotated[str, typer.Option("--catalog", help="The id of the catalog.")] = "",
    framework: Framework = None,
    sync: Annotated[bool, typer.Option("--sync", help="Remove what the source does not hold any more.")] = False,
) -> None:
    """Import course catalogs; every row is told, the table shows those that need a look, --json all of them."""
    from capgraph.ingest import import_catalog

    _run(import_catalog, sources, how, framework, catalog=into, sync=sync)


def people(
    sources: Sources,
    *,
    how: Import,
    workforce: WorkforceId = "workforce:main",
    framework: Framework = None,
    names: Annotated[bool, typer.Option("--names", help="Take the names of people in.")] = False,
) -> None:
    """Import people and teams from lists and org charts."""
    from capgraph.ingest import import_people

    _run(import_people, sources, how, framework, workforce=workforce, names=names)


def evidence(
    sources: Sources,
    *,
    how: Import,
    workforce: WorkforceId = "workforce:main",
    framework: Framework = None,
    zero_means: Annotated[
        str, typer.Option("--zero-means", help="What 0 says: no_knowledge, not_needed or not_assessed.")
    ] = "",
    date: Annotated[str | None, typer.Option("--date", help="The day of a matrix, as 2026-03-31.")] = None,
) -> None:
    """Import skills matrices, assessments and xAPI statements."""
    from capgraph.ingest import import_evidence

    _run(import_evidence, sources, how, framework, workforce=workforce, zero_means=zero_means, date=day(date))


def completions(
    sources: Sources,
    *,
    how: Import,
    workforce: WorkforceId = "workforce:main",
    date: Annotated[str | None, typer.Option("--date", help="The day of what states none, as 2026-03-31.")] = None,
) -> None:
    """Import completions of courses; courses are found in the catalogs of the database."""
    from capgraph.ingest import import_completions

    _run(import_completions, sources, how, None, workforce=workforce, date=day(date))


def sniff(
    sources: Sources,
    *,
    profile: Annotated[
        Path | None, typer.Option("--profile", help="Write the guess down as a TOML, to be edited and used.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what each column would be taken for, and why; nothing is imported, and no data of people is shown."""
    from capgraph.ingest import explain

    plan = explain(sources)
    show(plan.explanation(), as_json=as_json)
    if profile is not None:
        profile.write_text(plan.profile().to_toml(), "utf-8")
        say(f"written: {profile}")


def _run(
    question: Any,  # noqa: ANN401 - one of the import functions
    sources: list[Path],
    how: Import,
    framework: str | None,
    **own: Any,
) -> None:
    """Import, print the plan, and write the records that were not taken."""
    options = {**how.stated, **own}
    with progress("records") as advance, _opened(how) as store:
        found = _document(framework, store)
        plan = question(sources, into=store, **options, **_named(found), progress=advance)
    columns = ("locator", "action", "field", "reason", "hint")
    shown, limit = (plan, None) if how.as_json else (plan.exceptions(), how.limit)
    show(shown, as_json=how.as_json, limit=limit, columns=columns)
    _write_rejected(plan, how.rejected, quiet=how.as_json)
    if not plan.records_read:
        complain("nothing was read: no table in the source has the columns that this import needs")
    elif not plan.accepted:
        complain(f"nothing was imported: none of {plan.records_read} records could be taken; see above why")
    if not plan.accepted:
        raise typer.Exit(BAD_INPUT)


@contextmanager
def _opened(how: Import) -> Generator[Any]:
    """Give the store to import into; None without one, and for a dry run where there is no database, which stays so."""
    if how.db is None:
        yield None
        return
    from capgraph.store import Store

    try:
        store = Store(how.db, create=not how.dry_run)
    except NotStoredError:
        yield None
        return
    with store:
        yield store


def _named(framework: Document | None) -> dict[str, Any]:
    """Return the option for a framework, where there is one."""
    return {} if framework is None else {"framework": framework}


def _write_rejected(plan: ImportPlan, folder: Path | None, *, quiet: bool) -> None:
    """Write the records that were not taken, and say where."""
    if folder is None and plan.spare and not quiet:
        say(f"{len(plan.spare)} records were not taken; --rejected FOLDER writes them with the reasons")
    for path in plan.write_rejected(folder) if folder is not None else ():
        if not quiet:
            say(f"written: {path}")


def _document(name: str | None, store: Any) -> Document | None:  # noqa: ANN401 - a Store
    """Return the framework that an option names: a file, or a document of the database."""
    if name is None:
        return None
    if Path(name).exists() or store is None:
        from capgraph.files import read_framework

        return read_framework(name)
    found: Document = store.load(name)
    return found
