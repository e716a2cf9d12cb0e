"""Migration of evidence as a stream, for a workforce that no memory holds."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from capgraph.analysis.migration import Migration, carried_document, carrier_of, told
from capgraph.analysis.record_carrier import RecordCarrier
from capgraph.errors import DocumentError, Issue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from capgraph.analysis.carrier import Carrier
    from capgraph.analysis.change import ChangeReport
    from capgraph.analysis.rescaling import Ranks
    from capgraph.analysis.routes import SplitRule
    from capgraph.model import Decisions, Evidence, Workforce


class StreamMigration:
    """Carries a workforce over piece by piece: people and teams as a document, its evidence as a stream.

    Parameters
    ----------
    diff : ChangeReport
        What `capgraph.diff` says about the old and the new version.
    decisions, scales, splits
        As for `capgraph.migrate`.
    prefixes : mapping of str to str or None
        The prefixes of the workforce.

    Raises
    ------
    DocumentError
        As `capgraph.migrate`.

    Notes
    -----
    Memory holds what happened to each combination of capability and level, not the records.

    Examples
    --------
    Records that the store holds are looked at first, and then rewritten:

    >>> import capgraph as cg
    >>> from capgraph.store import rewrite, without_evidence
    >>> old = cg.Framework(id="fw:f", capabilities=[{"id": "cap:sql", "label": "SQL", "replaced_by": ["cap:data"]},
    ...     {"id": "cap:data", "label": "Data"}])
    >>> changes = cg.diff(old, old.replace(capabilities=old.capabilities[:1]))
    >>> evidence = {"id": "ev:1", "person": "p:ada", "capability": "cap:sql", "kind": "test", "date": "2026-05-01"}
    >>> with cg.Store("sqlite://") as store:
    ...     saved = store.save(cg.Workforce(id="wf:all", people=[{"id": "p:ada"}], evidence=[evidence]))
    ...     migration = StreamMigration(changes)
    ...     looked = migration.dry_run(without_evidence(store), store.evidence())
    ...     done = rewrite(store, migration.record, rest=migration.rest)
    ...     (looked.open, done.changed, store.load("wf:all").evidence[0].capability)
    (0, 1, 'cap:data')
    """

    def __init__(
        self,
        diff: ChangeReport,
        *,
        decisions: Decisions | None = None,
        scales: Mapping[str, Ranks] | None = None,
        splits: SplitRule = "ask",
        prefixes: Mapping[str, str] | None = None,
    ) -> None:
        self._changes = diff
        self._made = partial(carrier_of, diff, decisions, scales or {}, splits, prefixes or {})
        self._carrier: Carrier = self._made()
        self._swift = RecordCarrier(self._carrier)

    def dry_run(self, workforce: Workforce, records: Iterable[Evidence]) -> Migration[Workforce]:
        """Return what carrying a workforce over does to it; nothing of it is kept.

        Parameters
        ----------
        workforce : Workforce
            The people and teams.
        records : iterable of Evidence
            The evidence, which may be any number of records.

        Returns
        -------
        Migration
            As `capgraph.migrate`; its draft has the people and teams alone.
        """
        carrier = self._made()
        draft, changed = carried_document(carrier, workforce)
        swift = RecordCarrier(carrier)
        for record in records:
            new = swift.carried(record)
            changed += len(new) != 1 or new[0] is not record
        swift.finish()
        return told(carrier, draft, changed, subject=workforce.id, changes=self._changes)

    def rest(self, workforce: Workforce) -> Workforce:
        """Return the people and teams carried over.

        Raises
        ------
        DocumentError
            While anything is open.
        """
        carrier = self._made()
        draft, changed = carried_document(carrier, workforce)
        found: Migration[Workforce] = told(carrier, draft, changed, subject=workforce.id, changes=self._changes)
        return found.apply()

    def record(self, record: Evidence) -> tuple[Evidence, ...]:
        """Return what a record becomes: itself, or the same with changes, or one for each heir of what was split.

        Raises
        ------
        DocumentError
            When something open keeps the record from being carried over.
        """
        new = self._swift.carried(record)
        if self._carrier.open:
            stated = [f"{record.id!r}: {one.before!r} in {one.field}: {one.reason}" for one in self._carrier.open]
            raise DocumentError.of([Issue("undecided", text, (record.id,)) for text in stated], "migration of evidence")
        return new


def migrated_records(
    records: Iterable[Evidence],
    diff: ChangeReport,
    *,
    decisions: Decisions | None = None,
    scales: Mapping[str, Ranks] | None = None,
    splits: SplitRule = "ask",
    prefixes: Mapping[str, str] | None = None,
) -> Iterator[Evidence]:
    """Yield evidence carried over record by record; see `StreamMigration`.

    Raises
    ------
    DocumentError
        As `capgraph.migrate`; also at the first record that something open keeps from being carried over.
    """
    migration = StreamMigration(diff, decisions=decisions, scales=scales, splits=splits, prefixes=prefixes)
    return (new for record in records for new in migration.record(record))
