"""The loop over all records: what each of them is, which of them speak of the same asset, what became of every one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from capgraph.ingest.assets import MARKS, Assembly, same_key
from capgraph.ingest.drafts import Draft, Rejected, texts
from capgraph.ingest.journal import Journal
from capgraph.ingest.ready import Composing
from capgraph.ingest.repeats import merged, repeated
from capgraph.ingest.rows import Sieve, digest
from capgraph.ingest.spare import Spare
from capgraph.ingest.spool import Spool
from capgraph.ingest.tables import Raw
from capgraph.ingest.told import Told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from capgraph.errors import DocumentError
    from capgraph.ingest.columns import Binding
    from capgraph.ingest.tables import Table
    from capgraph.store import Composer

_STEP = 1000
_EMPTY = ("", " ")
LINKS = frozenset({"prerequisites", "corequisites", "part_of"})
"""Fields that name other assets."""


class Entry(NamedTuple):
    """A record that was read and not yet made into a draft."""

    place: int
    """Which table it is from: the place of its assembly."""
    raw: Raw
    """The record."""
    key: str
    """Its id in the source."""
    title: str
    """Its title."""


class Intake:
    """Everything that was read: records by their id in the source, and what is told about all the others.

    Parameters
    ----------
    composer : Composer or None
        Composes assets as a store writes them; None where there is no store.
    """

    def __init__(self, composer: Composer | None = None) -> None:
        self.journal = Journal()
        self.spare: Spool[Spare] = Spool()
        self.deletions: dict[tuple[str, str], Told] = {}
        self.assemblies: list[Assembly] = []
        self.composings: list[Composing] = []
        """For each assembly, where there is a store."""
        self.records = 0
        self.is_linked = False
        self._composer = composer
        self._entries: Spool[Entry | Draft] = Spool(_flat, _shaped)
        self._places: dict[str, dict[str, int]] = {}

    def take(
        self, table: Table, binding: Binding, catalog: str, system: str, progress: Callable[[int], None] | None = None
    ) -> None:
        """Read all records of a table."""
        sieve = Sieve(table, binding)
        assembly = Assembly(table, binding, catalog, system, composer=self._composer)
        self.assemblies.append(assembly)
        if self._composer is not None:
            self.composings.append(Composing(assembly, self._composer))
        self.is_linked = self.is_linked or not LINKS.isdisjoint(binding.fields)
        seen: dict[int, int] = {}
        waiting: list[Told] = []
        for read in table.records:
            raw = sieve.in_order(read)
            self.records += 1
            if progress is not None and self.records % _STEP == 0:
                progress(self.records)
            reason = raw.broken or ("" if table.path_of is not None else sieve.not_data(raw.cells))
            if reason == "blank":
                waiting.append(self._told(table, raw, "ignored", reason))
                continue
            if waiting:
                self.journal.extend(waiting)
                waiting.clear()
            if reason and not raw.broken:
                hint = sieve.below(read) if reason == "repeated-header" else ""
                self.journal.tell(self._told(table, raw, "ignored", reason, hint=hint))
                continue
            self._record(table, raw, assembly, seen, reason or sieve_width(sieve, table, raw))
        self.journal.extend(waiting)

    def _record(self, table: Table, raw: Raw, assembly: Assembly, seen: dict[int, int], problem: str) -> None:
        """Take one record in, or tell why not."""
        if problem:
            hint = "the cells do not match the columns; look for a stray delimiter or quotation mark"
            self.reject(table, raw, problem, hint if problem == "wrong-field-count" else "make it an object")
            return
        if assembly.deletes and assembly.is_deletion(raw):
            if not self._is_repeated(table, raw, seen):
                key = assembly.deletion_key(raw)
                told = self._told(table, raw, "deletion", "delete-flag", after=key)
                self.journal.tell(told)
                self.deletions[assembly.system, key] = told
            return
        try:
            key, title = assembly.heading(raw)
        except Rejected as verdict:
            if not self._is_repeated(table, raw, seen):
                self.reject(table, raw, verdict.reason, verdict.hint, verdict.field)
            return
        places = self._places.setdefault(assembly.system, {})
        if not assembly.has_ids and (same := same_key(key)) in places:
            key = assembly.apart(raw, key, self._marks(self._entries[places[same]]))
        entry = Entry(len(self.assemblies) - 1, raw, key, title)
        if (same := same_key(key)) not in places:
            places[same] = self._entries.put(entry)
        else:
            self._again(entry, assembly.system, seen)

    def _marks(self, earlier: Entry | Draft) -> tuple[str, ...]:
        """Return the address and the provider of a record that was read earlier."""
        if isinstance(earlier, Entry):
            return self.assemblies[earlier.place].marks(earlier.raw)
        return tuple(str(earlier.data.get(name, "")) for name in MARKS)

    def _is_repeated(self, table: Table, raw: Raw, seen: dict[int, int]) -> bool:
        """Return whether a record has the same cells as an earlier one, which is told."""
        first = seen.setdefault(digest(table, raw), raw.number)
        if first != raw.number:
            before = table.locator(first)
            self.journal.tell(self._told(table, raw, "duplicate", "same-cells", before=before))
        return first != raw.number

    def _again(self, entry: Entry, system: str, seen: dict[int, int]) -> None:
        """Take in a record whose id an earlier one has."""
        table, raw = self.assemblies[entry.place].table, entry.raw
        earlier = self._entries[self._places[system][same_key(entry.key)]]
        if isinstance(earlier, Entry):
            if earlier.place == entry.place and earlier.raw.cells == raw.cells:
                before = table.locator(earlier.raw.number)
                self.journal.tell(self._told(table, raw, "duplicate", "same-cells", before=before))
                return
            if earlier.place == entry.place:
                seen.setdefault(digest(table, earlier.raw), earlier.raw.number)
            self._settle(earlier, system)
        if self._is_repeated(table, raw, seen):
            return
        draft = self._counted(entry)
        if draft is not None:
            reason, hint = self.place(system, draft)
            if reason:
                self._spare(table, raw, reason, hint)

    def _settle(self, entry: Entry, system: str) -> None:
        """Make the draft of an entry, because another record has its id; a rejected one leaves the id to that."""
        draft = self._counted(entry)
        if draft is None:
            del self._places[system][same_key(entry.key)]
        else:
            self._places[system][same_key(entry.key)] = self._entries.put(draft)

    def draft(self, entry: Entry, id_: str = "") -> Draft | None:
        """Return the draft of an entry; None where it cannot become an asset, which is told."""
        assembly = self.assemblies[entry.place]
        try:
            draft = assembly.draft(entry.raw, entry.key, entry.title, id_)
        except Rejected as verdict:
            self.reject(assembly.table, entry.raw, verdict.reason, verdict.hint, verdict.field)
            return None
        return draft

    def _counted(self, entry: Entry) -> Draft | None:
        """Return the draft of an entry that is compared with another one, with its cells counted."""
        draft = self.draft(entry)
        if draft is not None and self.assemblies[entry.place].table.path_of is None:
            draft.filled = len(entry.raw.cells) - sum(cell is None or cell in _EMPTY for cell in entry.raw.cells)
        return draft

    def known(self, system: str, key: str) -> Draft | None:
        """Return the draft that has an id of a system, if any."""
        place = self._places.get(system, {}).get(same_key(key))
        found = self._entries[place] if place is not None else None
        return found if isinstance(found, Draft) else None

    def place(self, system: str, draft: Draft) -> tuple[str, str]:
        """Put a draft under its key; return the reason and a hint where another one has the key and keeps it."""
        places = self._places.setdefault(system, {})
        earlier, same = self.known(system, draft.key), same_key(draft.key)
        if earlier is None:
            places[same] = self._entries.put(draft)
            return "", ""
        if draft.revision is not None and earlier.revision is not None and draft.revision != earlier.revision:
            older, newer = sorted((earlier, draft), key=lambda item: item.revision)
            places[same] = self._entries.put(newer)
            told = (older.source, older.locator, "superseded", str(newer.data["id"]), "revision", str(older.revision))
            self.journal.tell(Told(*told, str(newer.revision), "newer-revision-present"))
            return "", ""
        where = (draft.source, draft.locator)
        id_ = str(earlier.data["id"])
        if merged(earlier, draft):
            places[same] = self._entries.put(earlier)
            self.journal.tell(Told(*where, "merged", id_, "", earlier.locator, None, "same-asset-other-values"))
            return "", ""
        reason = repeated(earlier, draft)
        hint = f"the first one counts ({earlier.locator}); give this one an id of its own, or remove it"
        told = (*where, "duplicate", id_, "title", earlier.data["title"])
        self.journal.tell(Told(*told, draft.data["title"], reason, hint))
        return reason, hint

    def reject(self, table: Table, raw: Raw, reason: str, hint: str, name: str = "") -> None:
        """Tell that a record is rejected, and keep it to be fixed."""
        self.journal.tell(self._told(table, raw, "rejected", reason, hint=hint, name=name))
        self._spare(table, raw, reason, hint)

    def refuse(self, entry: Entry | Draft, draft: Draft, error: DocumentError) -> None:
        """Tell that the model refuses what a record says, and keep the record to be fixed."""
        where = (draft.source, draft.locator, "rejected", "")
        for issue in error.issues:
            self.journal.tell(Told(*where, issue.where, None, None, issue.code, str(issue)))
        if isinstance(entry, Entry):
            first = error.issues[0]
            self._spare(self.assemblies[entry.place].table, entry.raw, first.code, str(first))

    def _spare(self, table: Table, raw: Raw, reason: str, hint: str) -> None:
        """Keep a record in the layout of its source."""
        locator = table.locator(raw.number)
        self.spare.put(Spare(table.source, table.sheet, locator, table.names, texts(table, raw), reason, hint))

    @staticmethod
    def _told(
        table: Table,
        raw: Raw,
        action: str,
        reason: str,
        *,
        hint: str = "",
        name: str = "",
        before: object = None,
        after: object = None,
    ) -> Told:
        """Return what is told about a record."""
        return Told(table.source, table.locator(raw.number), action, "", name, before, after, reason, hint)

    def in_order(self) -> Iterator[tuple[str, str, Entry | Draft]]:
        """Yield the source system, the id there and the record or draft of every asset."""
        for system, places in self._places.items():
            for place in places.values():
                entry = self._entries[place]
                yield system, entry.key, entry


def _flat(entry: Entry | Draft) -> object:
    """Return an entry as a plain tuple, which is put aside faster."""
    return (entry.place, *entry.raw, entry.key, entry.title) if isinstance(entry, Entry) else entry


def _shaped(item: Any) -> Entry | Draft:  # noqa: ANN401 - what `_flat` returned
    """Return what was put aside as an entry again."""
    return Entry(item[0], Raw._make(item[1:4]), item[4], item[5]) if isinstance(item, tuple) else item


def sieve_width(sieve: Sieve, table: Table, raw: Raw) -> str:
    """Return the problem with the width of a record; nested ones have none."""
    return "" if table.path_of is not None else sieve.width_problem(raw)
