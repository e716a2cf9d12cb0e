"""Import of catalogs: what learning platforms, vendors and offices export, as a plan and as one revision of a store."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from capgraph.errors import DocumentError, Issue, NotStoredError, ParseError
from capgraph.formats.identity import slug
from capgraph.ingest.compare import compare
from capgraph.ingest.parts import parts
from capgraph.ingest.plan import ImportPlan, PlanRow, row_order
from capgraph.ingest.prerequisites import is_linked, link
from capgraph.ingest.profile import Profile, chosen_profile, generic
from capgraph.ingest.reading import CatalogReading, stem_of, undated
from capgraph.ingest.tags import Tagger
from capgraph.ingest.told import Told
from capgraph.model import Catalog, LearningAsset

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Mapping
    from pathlib import Path

    from capgraph.ingest.drafts import Draft
    from capgraph.ingest.parts import Source
    from capgraph.model import Decisions, Framework


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
    decisions: Decisions | None = None,
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
    source : path, bytes, mapping of names to bytes, or iterable of these or of rows
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
    decisions : Decisions or None
        What people have decided about such proposals; it survives every import.
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
    Linear in the cells.  The ids of assets are minted from the catalog, the source system and the id there, so that
    the same export gives the same ids twice, and a second import of it changes nothing.

    Examples
    --------
    >>> rows = [{"Course ID": "A-1", "Title": "SQL basics"}, {"Course ID": "", "Title": "No id"}]
    >>> plan = import_catalog(rows)
    >>> len(plan.added), [(row.locator, row.reason) for row in plan.rejected]
    (1, [('row:2', 'missing-id')])
    """
    chosen = chosen_profile(profile)
    if columns:
        chosen = (chosen or generic()).with_columns(
            {name: tuple([given] if isinstance(given, str) else given) for name, given in columns.items()}
        )
    given = list(parts(source))
    id_ = catalog or f"catalog:{slug(undated(stem_of(source, given))) or 'imported'}"
    known = partial(_known, before, into, id_)
    others = _other_assets(into, id_)
    with _uncollected():
        reading = CatalogReading(id_, chosen, progress)
        reading.others = others
        for part in given:
            reading.read(part, alone=len(given) == 1)
        plan = _planned(reading, known, Tagger(framework, decisions, cutoff), sync=sync, into=into)
        del reading, others  # the drafts are as large as the catalog, and applying needs room of its own
        wanted = into is not None if apply is None else apply
        return plan.apply(author=author) if wanted else plan


@contextmanager
def _uncollected() -> Generator[None]:
    """Keep the cycle collector from walking all assets while they are made and saved; none of them is a cycle."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _known(
    before: Catalog | None,
    store: Any,  # noqa: ANN401 - a Store
    id_: str,
    ready: Iterable[LearningAsset],
) -> Catalog | None:
    """Return the catalog as it is: the given one, or what the store holds, which reads no asset that is `ready`."""
    if before is not None or store is None:
        return before
    try:
        found = store.load(id_, ready=ready)
    except NotStoredError:
        return None
    if not isinstance(found, Catalog):
        issue = Issue("wrong-kind", f"{id_!r} is a {found.kind} in the store", (id_,), hint="choose another catalog=")
        raise ParseError([issue])
    return found


def _other_assets(store: Any, id_: str) -> tuple[LearningAsset, ...]:  # noqa: ANN401 - a Store
    """Return the assets of the other catalogs of a store: of those whose ids begin with ``catalog:``."""
    if store is None:
        return ()
    ids = [other for other in store.documents() if other.startswith("catalog:") and other != id_]
    return tuple(asset for other in ids for asset in store.load(other).assets)


def _built(drafts: Iterable[Draft], tagger: Tagger, told: list[Told]) -> dict[str, tuple[LearningAsset, Draft]]:
    """Return the assets that the drafts become, by id; what is to be told of them goes into the list."""
    built: dict[str, tuple[LearningAsset, Draft]] = {}
    stated: dict[tuple[str, ...], dict[str, Any]] = {}
    for draft in drafts:
        told.extend(tagger.tag(draft))
        try:
            asset = LearningAsset.model_validate(draft.data)
        except DocumentError as error:
            told.extend(
                Told(draft.source, draft.locator, "rejected", "", issue.where, None, None, issue.code, str(issue))
                for issue in error.issues
            )
            continue
        built[asset.id] = (asset, draft)
        # The asset has the values now; which fields the source states is asked for later.
        names = tuple(draft.data)
        draft.data = stated.setdefault(names, dict.fromkeys(names))
        told.extend(remark._replace(asset=asset.id) for remark in draft.remarks)
    return built


def _planned(
    reading: CatalogReading,
    known: Callable[[Iterable[LearningAsset]], Catalog | None],
    tagger: Tagger,
    *,
    sync: bool,
    into: Any,  # noqa: ANN401 - a Store
) -> ImportPlan:
    """Return the plan for what was read."""
    told = list(reading.intake.told)
    drafts = [draft for _, draft in reading.intake.in_order()]
    before = known(()) if any(map(is_linked, drafts)) else None
    told.extend(link(drafts, before))
    built = _built(drafts, tagger, told)
    if before is None:
        before = known([asset for asset, _ in built.values()])
    document, compared = compare(reading.catalog, built, before, reading, sync=sync)
    told.extend(compared)
    rows = [
        PlanRow(source=item.source, locator=item.locator, asset=item.asset, action=item.action, field=item.field,
                before=item.before, after=item.after, reason=item.reason, hint=item.hint)
        for item in sorted(told, key=row_order)
    ]  # fmt: skip
    return ImportPlan(
        records=tuple(rows),
        notes=tuple(reading.notes),
        document=document,
        before=before,
        taken_for=tuple(reading.columns),
        spare=tuple(reading.intake.spare),
        profiles=tuple(dict.fromkeys(reading.profiles)),
        records_read=reading.intake.records,
        store=into,
    )
