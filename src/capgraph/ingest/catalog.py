"""Import of catalogs: what learning platforms, vendors and offices export, as a plan and as one revision of a store."""

from __future__ import annotations

import gc
import re
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capgraph.errors import CapgraphError, DocumentError, Issue, NotStoredError, ParseError
from capgraph.formats.identity import mint, slug
from capgraph.ingest.columns import bind
from capgraph.ingest.compare import compare
from capgraph.ingest.intake import Intake
from capgraph.ingest.parts import parts
from capgraph.ingest.plan import ImportPlan, PlanRow, row_order
from capgraph.ingest.prerequisites import link
from capgraph.ingest.profile import Profile, chosen_profile, generic
from capgraph.ingest.sniff import choose, known_names
from capgraph.ingest.tables import tables
from capgraph.ingest.tags import Tagger
from capgraph.ingest.told import Told
from capgraph.model import Catalog, LearningAsset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from capgraph.ingest.columns import Binding, Column
    from capgraph.ingest.drafts import Draft
    from capgraph.ingest.parts import Part, Source
    from capgraph.ingest.tables import Table
    from capgraph.model import Decisions, Framework

_NUMERIC = re.compile(r"\d+(?:[.,]\d+)?")
_DATED = re.compile(r"[\s_.-]*(?:\d{8}|\d{4}[-_]\d{2}[-_]\d{2}|\d{4}[-_]\d{2}|\(\d+\)|v\d+)(?=$|[\s_.-])")


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
    """
    chosen = chosen_profile(profile)
    if columns:
        chosen = (chosen or generic()).with_columns(
            {name: tuple([given] if isinstance(given, str) else given) for name, given in columns.items()}
        )
    given = list(parts(source))
    id_ = catalog or f"catalog:{slug(_DATED.sub('', _stem(source, given))) or 'imported'}"
    known, base = before, None
    if into is not None and before is None:
        known, base = _stored(into, id_)
    with _uncollected():
        reading = _Reading(id_, chosen, progress)
        for part in given:
            reading.read(part, alone=len(given) == 1)
        plan = _planned(reading, known, Tagger(framework, decisions, cutoff), sync=sync, into=into, base=base)
    wanted = into is not None if apply is None else apply
    return plan.apply(author=author) if wanted else plan


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the cycle collector from walking all assets again and again while they are made; none of them is a cycle."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _stem(source: Source, given: list[Part]) -> str:
    """Return the name of a source, without folder and ending."""
    path = Path(source) if isinstance(source, str | Path) else Path(given[0].name if given else "imported")
    return path.name.split(".")[0] if path.suffix else path.name


def _stored(store: Any, id_: str) -> tuple[Catalog | None, int | None]:  # noqa: ANN401 - a Store
    """Return the catalog that a store holds, if any."""
    try:
        found = store.load(id_)
    except NotStoredError:
        return None, None
    if not isinstance(found, Catalog):
        issue = Issue("wrong-kind", f"{id_!r} is a {found.kind} in the store", (id_,), hint="choose another catalog=")
        raise ParseError([issue])
    return found, None


class _Reading:
    """The parts of a source, read one after the other."""

    def __init__(self, catalog: str, profile: Profile | None, progress: Callable[[int], None] | None) -> None:
        self.catalog, self.profile, self.progress = catalog, profile, progress
        self.intake = Intake()
        self.columns: list[tuple[str, Column]] = []
        self.profiles: list[str] = []
        self.notes: list[str] = []
        self.sources: dict[str, str] = {}
        self.systems: set[str] = set()
        self._known = known_names()

    def read(self, part: Part, *, alone: bool) -> None:
        """Read a part; where it is one of several, a broken one is told and the others are read."""
        try:
            found = self._package(part) if part.package else self._tables(part)
        except CapgraphError as error:
            if alone:
                raise
            issues = getattr(error, "issues", None) or [Issue("unreadable", str(error))]
            for issue in issues:
                self.intake.told.append(
                    Told(part.name, issue.where, "rejected", "", "", None, None, issue.code, str(issue))
                )
            return
        if not found:
            told = "no table of courses was found in it; name its columns in a profile"
            if alone:
                raise ParseError([Issue("no-courses", told)], path=part.name)
            self.intake.told.append(Told(part.name, "", "ignored", reason="no-courses", hint=told))

    def _package(self, part: Part) -> bool:
        """Read a course package."""
        from capgraph.ingest.packages import package_drafts

        for system, draft in package_drafts(part, self.catalog):
            self.systems.add(system)
            self.profiles.append(system)
            self.sources.setdefault(part.name, system)
            self.intake.records += 1
            earlier = self.intake.drafts.get((system, draft.key))
            if earlier is not None and earlier.data.get("extensions") != draft.data.get("extensions"):
                _told_apart(draft, system, earlier)
            self.intake.place((system, draft.key), draft)
        return True

    def _tables(self, part: Part) -> bool:
        """Read the tables of a part; return whether there were courses in any."""
        found = False
        for table in tables(part, self.profile, self._known):
            profile = self.profile or choose(table)
            binding = bind(table, profile, generic())
            place = f"{table.source}!{table.sheet}" if table.sheet else table.source
            if "title" not in binding.fields:
                self.notes.append(f"{place}: no column of titles, so nothing was read from it")
                continue
            found = True
            self._take(table, binding, place)
        return found

    def _take(self, table: Table, binding: Binding, place: str) -> None:
        """Take in the records of a table."""
        profile = binding.profile
        system = profile.system or (profile.name if profile.match else slug(_DATED.sub("", _stem(table.source, []))))
        self.systems.add(system)
        self.columns.extend((place, column) for column in binding.columns)
        self.profiles.append(profile.name)
        self.sources.setdefault(table.source, profile.name)
        self.notes.append(f"{place}: {', '.join([f'profile {profile.name}', *table.notes])}")
        for column in binding.fields.get("duration", []):
            bare = any(_NUMERIC.fullmatch(sample) for sample in column.samples)
            if bare and not column.rule.unit and "duration_unit" not in binding.fields:
                self.notes.append(
                    f"{place}: bare numbers in {column.name!r} are read as minutes; state the unit in a profile"
                )
        self.intake.take(table, binding, self.catalog, system, self.progress)


def _told_apart(draft: Draft, system: str, earlier: Draft) -> None:
    """Give a package an id of its own where another one, with other content, has the same identifier."""
    key = f"{draft.key}#{draft.source}"
    hint = f"{earlier.source} has the same identifier and other content; both are kept"
    draft.remarks.append(
        Told(draft.source, draft.locator, "remark", "", "id", draft.key, key, "identifier-shared", hint)
    )
    draft.data |= {
        "id": mint(draft.catalog, "asset", f"{system}/{key}"),
        "other_ids": ({"scheme": system, "value": key},),
    }
    draft.key = key


def _planned(
    reading: _Reading,
    before: Catalog | None,
    tagger: Tagger,
    *,
    sync: bool,
    into: Any,  # noqa: ANN401 - a Store
    base: int | None,
) -> ImportPlan:
    """Return the plan for what was read."""
    told = list(reading.intake.told)
    drafts = [draft for _, draft in reading.intake.in_order()]
    told.extend(link(drafts, before))
    built: dict[str, tuple[LearningAsset, Draft]] = {}
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
        told.extend(remark._replace(asset=asset.id) for remark in draft.remarks)
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
        base=base,
        store=into,
    )
