"""Import of catalogs: what learning platforms, vendors and offices export, as a plan and as one revision of a store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from capgraph.errors import Issue, ParseError
from capgraph.formats.identity import slug
from capgraph.ingest.chosen import chosen_profile, fitting
from capgraph.ingest.collecting import uncollected
from capgraph.ingest.known import KnownCatalog, StoredCatalog
from capgraph.ingest.parts import parts
from capgraph.ingest.plan import ImportPlan
from capgraph.ingest.planning import Planning
from capgraph.ingest.profile import Profile, generic
from capgraph.ingest.reading import CatalogReading, stem_of, undated
from capgraph.ingest.tags import Tagger
from capgraph.model import Decisions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from capgraph.ingest.parts import Source
    from capgraph.model import Catalog, Decision, Framework


def import_catalog(
    source: Source,
    *,
    into: Any = None,  # noqa: ANN401 - a Store, whose module loads SQLAlchemy
    profile: Profile | str | Path | None = None,
    columns: Mapping[str, str | list[str]] | None = None,
    apply: bool | None = None,
    catalog: str = "",
    before: Catalog | None = None,
    framework: Framework | None = None,
    decisions: Decisions | Iterable[Decisions] | None = None,
    cutoff: float = 0.9,
    sync: bool = False,
    progress: Callable[[int], None] | None = None,
    author: str = "",
) -> ImportPlan:
    """Return what importing course exports does to a catalog, and do it where a store is given.

    Every row of the source is accounted for in the answer: as an asset that is added, changed or unchanged, or as a
    record that was rejected, repeated, superseded or no record at all, each with its place and a reason.

    Parameters
    ----------
    source : path, bytes, mapping of names to bytes, data frame, or iterable of these or of rows
        A file (CSV, TSV, XLSX, XLS, ODS, JSON, JSON Lines, XML, HTML with JSON-LD, a course package), a folder of
        such, a zip of such, or rows as mappings.
    into : Store or None
        The store that holds the catalog; with it, the plan is applied unless `apply` is False.
    profile : Profile, str or path, or None
        What the columns mean: a profile, the name of a preset or a TOML file; None to find out.
    columns : mapping or None
        The columns of some fields, such as ``{"title": "Course", "duration": "Duration (h)"}``.
    apply : bool or None
        Whether to write; None for whenever there is a store.
    catalog : str
        The id of the catalog; by default made from the name of the source without its date.
    before : Catalog or None
        The catalog as it is, where it comes from elsewhere than the store.
    framework : Framework or None
        The capabilities that skill tags are matched with; the matches are proposed, never accepted.
    decisions : Decisions, iterable of Decisions, or None
        What people have decided about such proposals, and which assets they have called the same (*merge*, *rename*);
        it survives every import.  None for what the store holds of decisions.
    cutoff : float
        How alike a tag and a label must be to be proposed, from 0 to 1.
    sync : bool
        Whether assets that the source does not hold any more leave the catalog.
    progress : callable or None
        Called with the number of records read so far.
    author : str
        Who imports.

    Returns
    -------
    ImportPlan
        Rows by file, place, action and field.

    Raises
    ------
    ParseError
        When nothing of the source can be read; a file of several that cannot be read is a rejected row of the plan.

    Notes
    -----
    Linear in the cells; memory holds a few hundred bytes for each record, and the rest is put aside on disk.  The ids
    of assets are minted from the catalog, the source system and the id there, so that the same export gives the same
    ids twice, and a second import of it changes nothing.

    Examples
    --------
    >>> rows = [{"Course ID": "A-1", "Title": "SQL basics"}, {"Course ID": "", "Title": "No id"}]
    >>> plan = import_catalog(rows)
    >>> len(plan.added), [(row.locator, row.reason) for row in plan.rejected]
    (1, [('row:2', 'missing-id')])
    """
    chosen = chosen_profile(profile)
    if columns:
        chosen = fitting((chosen or generic()).with_columns(columns), "courses")
    given = list(parts(source))
    if not given and isinstance(source, str | Path | bytes):
        hint = "name a file, a folder or an archive with tables or course packages"
        raise ParseError([Issue("nothing-to-read", "there is no file in it that can hold courses", hint=hint)])
    id_ = catalog or f"catalog:{slug(undated(stem_of(source, given))) or 'imported'}"
    known = StoredCatalog(id_, into) if before is None and into is not None else KnownCatalog(id_, before)
    with uncollected():
        reading = CatalogReading(id_, chosen, progress, known.composer())
        for part in given:
            reading.read(part, alone=len(given) == 1)
        decided = _decided(decisions, into)
        tagger = Tagger(framework, decided, cutoff)
        plan = _planned(Planning(reading, known, tagger, decided, sync=sync), store=into)
        wanted = into is not None if apply is None else apply
        return plan.apply(author=author) if wanted else plan


def _decided(given: Decisions | Iterable[Decisions] | None, store: Any) -> tuple[Decision, ...]:  # noqa: ANN401 - a Store
    """Return all decisions that a caller gave, else those that a store holds."""
    if given is not None:
        documents = (given,) if isinstance(given, Decisions) else tuple(given)
        return tuple(item for document in documents for item in document.decisions)
    if store is None:
        return ()
    from capgraph.store import ids_of

    return tuple(item for id_ in ids_of(store, "decisions") for item in store.load(id_).decisions)


def _planned(planning: Planning, *, store: Any) -> ImportPlan:  # noqa: ANN401 - a Store
    """Return the plan for what was read."""
    outcome = planning.run()
    reading, journal = planning.reading, planning.journal
    return ImportPlan(
        records=journal.rows(),
        notes=tuple(reading.notes),
        outcome=outcome,
        taken_for=tuple(reading.columns),
        spare=reading.intake.spare,
        profiles=tuple(dict.fromkeys(reading.profiles)),
        records_read=reading.intake.records,
        tally=journal.counts(),
        personal=frozenset(reading.personal),
        store=store,
    )
