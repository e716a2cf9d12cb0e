"""migrate: documents that refer to a framework, carried over to its new version."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, overload

from capgraph.analysis.carrier import Carrier
from capgraph.analysis.combining import combined
from capgraph.analysis.edits import KEYS, entries, key_of
from capgraph.analysis.plan_carrier import PlanCarrier
from capgraph.analysis.plan_report import LearningPath
from capgraph.analysis.record_carrier import RecordCarrier
from capgraph.analysis.references import REFERENCES
from capgraph.analysis.rescaling import levels_of, map_issues, rescalings
from capgraph.analysis.routes import Outcome, decision_issues, routed, routes
from capgraph.analysis.saved_plan import SavedPlan
from capgraph.analysis.spelling import Spelling
from capgraph.analysis.typed import typed
from capgraph.errors import ArgumentError, DocumentError, Issue
from capgraph.model import Decisions, Document, Evidence, Model
from capgraph.report import Report, ReportRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from capgraph.analysis.change import ChangeReport
    from capgraph.analysis.rescaling import Ranks
    from capgraph.analysis.routes import SplitRule

D = TypeVar("D", bound="Document | SavedPlan")

_ORDER: tuple[Outcome, ...] = ("open", "dropped", "kept", "combined", "rescaled", "followed")
_TONES = {"open": "poor", "dropped": "poor", "kept": "fair", "combined": "fair"}


@dataclass(frozen=True, kw_only=True)
class MigrationRow(ReportRow):
    """What happens to references or levels of one kind."""

    outcome: Outcome
    """``open`` (decide first), ``dropped``, ``kept`` as it was, ``combined``, ``rescaled`` or ``followed``."""
    table: str
    """The table of the entries concerned; empty for the document itself."""
    field: str
    """The field that refers, or that holds the level."""
    before: str
    """The old id or level."""
    after: tuple[str, ...]
    """The new ones."""
    count: int
    """How many references or levels it concerns."""
    examples: tuple[str, ...]
    """The first entries concerned, at most five."""
    reason: str
    """Why."""

    def tone(self) -> str:
        """Return how the row is colored."""
        return _TONES.get(self.outcome, "good")


@dataclass(frozen=True, kw_only=True, repr=False)
class Migration(Report[MigrationRow], Generic[D]):
    """The dry run of a migration: what is open first, then what is dropped, kept, combined, rescaled and followed."""

    name: ClassVar[str] = "migration"
    row_type: ClassVar[type[ReportRow]] = MigrationRow

    subject: str
    """The document that is carried over."""
    old: str
    """The version that it refers to."""
    new: str
    """The version that it is carried to."""
    open: int
    """How many references and levels wait for a decision."""
    changed: int
    """How many entries change."""
    draft: D = field(repr=False)
    """The document as far as it can be carried over; what is open stays as it was."""

    def apply(self) -> D:
        """Return the migrated document.

        Raises
        ------
        DocumentError
            While anything is open; everything that must be decided is listed.
        """
        issues = [
            Issue("undecided", f"{row.before!r} in {row.field}: {row.reason}", (row.before,), row.field)
            for row in self.records
            if row.outcome == "open"
        ]
        if issues:
            raise DocumentError.of(issues, f"migration of {self.subject!r}")
        return self.draft


@overload
def migrate(
    document: LearningPath,
    diff: ChangeReport,
    *,
    decisions: Decisions | None = None,
    scales: Mapping[str, Ranks] | None = None,
    splits: SplitRule = "ask",
) -> Migration[SavedPlan]: ...
@overload
def migrate(
    document: D,
    diff: ChangeReport,
    *,
    decisions: Decisions | None = None,
    scales: Mapping[str, Ranks] | None = None,
    splits: SplitRule = "ask",
) -> Migration[D]: ...
@typed
def migrate(
    document: Any,
    diff: ChangeReport,
    *,
    decisions: Decisions | None = None,
    scales: Mapping[str, Ranks] | None = None,
    splits: SplitRule = "ask",
) -> Migration[Any]:
    """Return what carrying a document over to a new version of what it refers to does to it; a dry run.

    References follow renames; those to merged entries lead to the one that stays, and requirements that meet there are
    combined to the more demanding one; those to split entries wait for a decision or a rule; those to removed entries
    go to the successors, or stay and are listed.  Levels are read through the map of their scale.  Migrated evidence
    keeps what it said before, in ``extensions["capgraph"]["migrated"]``.  Undo is the earlier document.

    Parameters
    ----------
    document : Document, LearningPath or SavedPlan
        A catalog, a workforce, an agenda, a crosswalk, a framework of roles, or a learning plan.  It may write ids as
        IRIs or as CURIEs; a prefix that it does not declare it reads as the old version does.
    diff : ChangeReport
        What `capgraph.diff` says about the old and the new version.
    decisions : Decisions or None
        Accepted and rejected decisions of the kinds *rename* and *merge*, from old ids to new ones; for a split entry
        they say which heirs take over.
    scales : mapping of str to mapping of int to (int or None), optional
        For each re-scaled scale, by its old id, the new rank of every old rank; None where it has no counterpart.
    splits : str
        ``ask``, or what to do with a split that nobody decided: ``all`` heirs, the ``first`` by id, or ``keep``.

    Returns
    -------
    Migration
        One row for each kind of change, open ones first; ``apply()`` hands out the document.

    Raises
    ------
    ArgumentError
        When something else is given.
    DocumentError
        When decisions contradict one another, successors lead in a circle, or a map does not fit its scale; all
        problems are listed.

    Notes
    -----
    Linear in the references of the document.

    Examples
    --------
    >>> import capgraph as cg
    >>> from capgraph.analysis.change import diff as changes
    >>> old = cg.Framework(id="fw:f", capabilities=[{"id": "cap:sql", "label": "SQL", "replaced_by": ["cap:data"]},
    ...     {"id": "cap:data", "label": "Data"}])
    >>> new = old.replace(capabilities=old.capabilities[:1])
    >>> catalog = cg.Catalog(id="cat:c", assets=[{"id": "asset:a", "title": "A",
    ...     "alignments": [{"target": "cap:sql"}]}])
    >>> migrate(catalog, changes(old, new)).apply().assets[0].alignments[0].target
    'cap:data'
    """
    given = SavedPlan.of(document) if isinstance(document, LearningPath) else document
    prefixes = given.prefixes if isinstance(given, Document) else {}
    carrier = carrier_of(diff, decisions, scales or {}, splits, prefixes)
    if isinstance(given, Document):
        draft, changed = carried_document(carrier, given)
        return told(carrier, draft, changed, subject=given.id, changes=diff)
    if not isinstance(given, SavedPlan):
        message = f"{type(given).__name__!r} cannot be migrated; give a document, a learning path or a saved plan"
        raise ArgumentError(message)
    plan = PlanCarrier(carrier, diff, Spelling({}, *diff.prefixes)).carried(given)
    kept = [*plan.goals, *plan.steps]
    changed = sum(part not in kept for part in (*given.goals, *given.steps))
    subject = f"learning path of {given.person}" if given.person else "learning path"
    return told(carrier, plan, changed, subject=subject, changes=diff)


def told(carrier: Carrier, draft: Any, changed: int, *, subject: str, changes: ChangeReport) -> Migration[Any]:  # noqa: ANN401 - a document or a plan
    """Return the dry run of what was carried over."""
    rows = sorted(
        (
            MigrationRow(**event._asdict(), count=count, examples=tuple(carrier.examples[event]))
            for event, count in carrier.counts.items()
        ),
        key=lambda row: (_ORDER.index(row.outcome), row.table, row.field, row.before, row.after),
    )
    return Migration(
        records=tuple(rows),
        notes=() if rows else ("nothing in this document is concerned",),
        subject=subject,
        old=changes.old,
        new=changes.new,
        open=sum(row.count for row in rows if row.outcome == "open"),
        changed=changed,
        draft=draft,
    )


def carried_document(carrier: Carrier, document: Document) -> tuple[Document, int]:
    """Return a document carried over, and how many of its entries changed."""
    tables: dict[str, tuple[Model, ...]] = {}
    changed = 0
    for table in document.tables:
        carried = list(_pairs(carrier, table, entries(document, table)))
        changed += sum(len(new) != 1 or new[0] is not old for old, new in carried)
        tables[table] = _joined(new for _, several in carried for new in several)
    own = {
        name: carrier.reference(name, value)
        for name in REFERENCES[type(document)]
        if isinstance(value := getattr(document, name), str)
    }
    return document.replace(**tables, **own), changed


def carrier_of(
    diff: ChangeReport,
    decisions: Decisions | None,
    scales: Mapping[str, Ranks],
    splits: SplitRule,
    prefixes: Mapping[str, str],
) -> Carrier:
    """Return what carries entries over that are written with these prefixes; refuse contradictions, all at once."""
    ways = routes(diff, decisions, splits)
    rescaled = rescalings(*diff.scales, {id_: way.targets for id_, way in ways.items() if way.targets != (id_,)})
    names = _by_iri(diff, rescaled)
    known = {names.get(diff.scales[0].read(scale), scale): ranks for scale, ranks in scales.items()}
    issues = [*decision_issues(diff, decisions), *map_issues(known, rescaled)]
    if issues:
        raise DocumentError.of(issues, f"migration from {diff.old} to {diff.new}")
    spelling = Spelling(prefixes, *diff.prefixes)
    return Carrier(routed(ways, spelling), levels_of(known, rescaled, spelling), label=diff.old)


def _by_iri(diff: ChangeReport, ids: Iterable[str]) -> dict[str, str]:
    """Return ids of the old version by their IRI."""
    return {diff.scales[0].read(id_): id_ for id_ in ids}


def _pairs(carrier: Carrier, table: str, members: Iterable[Model]) -> Iterator[tuple[Model, list[Model]]]:
    """Yield each entry with what becomes of it."""
    swift = RecordCarrier(carrier)
    for member in members:
        carried = swift.carried(member) if isinstance(member, Evidence) else carrier.carried(table, member)
        yield member, list(carried)
    swift.finish()


def _joined(members: Iterable[Any]) -> tuple[Model, ...]:
    """Return members; those without an id that became the same are one."""
    found: dict[tuple[Any, ...], Model] = {}
    for member in members:
        # Two entries of one id stay two, so that the document refuses them by name.
        key = key_of(member) if type(member) in KEYS else (len(found),)
        found[key] = combined(found[key], member) if key in found else member
    return tuple(found.values())
