"""The loop over all records: what each of them is, which of them speak of the same asset, what became of every one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from capgraph.ingest.assets import Assembly
from capgraph.ingest.drafts import Draft, Rejected, texts
from capgraph.ingest.fields import LISTS
from capgraph.ingest.rows import Sieve, digest
from capgraph.ingest.told import Told
from capgraph.text import normalize

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from capgraph.ingest.columns import Binding
    from capgraph.ingest.tables import Raw, Table

_STEP = 1000
_EMPTY = frozenset({"", " ", None})


@dataclass(frozen=True, slots=True)
class Spare:
    """A record that became no asset, in the layout of its source."""

    source: str
    """The file."""
    sheet: str
    """The sheet."""
    locator: str
    """The place."""
    columns: tuple[str, ...]
    """The names of the columns."""
    cells: tuple[str, ...]
    """The cells as text."""
    reason: str
    """Why."""
    hint: str
    """What to do."""


@dataclass(slots=True)
class Intake:
    """Everything that was read: drafts by their key, and what is told about all other records."""

    drafts: dict[tuple[str, str], Draft] = field(default_factory=dict)
    """Drafts by source system and id there."""
    told: list[Told] = field(default_factory=list)
    """What is told about records that became no asset of their own."""
    spare: list[Spare] = field(default_factory=list)
    """Records that became no asset, to be fixed and read again."""
    deletions: dict[tuple[str, str], Told] = field(default_factory=dict)
    """Instructions of the source to delete, by source system and id there."""
    records: int = 0
    """How many rows were read below the headers."""

    def take(
        self, table: Table, binding: Binding, catalog: str, system: str, progress: Callable[[int], None] | None = None
    ) -> None:
        """Read all records of a table."""
        sieve = Sieve(table, binding)
        assembly = Assembly(table, binding, catalog, system)
        seen: dict[int, int] = {}
        waiting: list[Told] = []
        for raw in table.records:
            self.records += 1
            if progress is not None and self.records % _STEP == 0:
                progress(self.records)
            reason = raw.broken or ("" if table.path_of is not None else sieve.not_data(raw.cells))
            if reason == "blank":
                waiting.append(self._told(table, raw, "ignored", reason))
                continue
            self.told.extend(waiting)
            waiting.clear()
            if reason and not raw.broken:
                self.told.append(self._told(table, raw, "ignored", reason))
                continue
            self._record(table, raw, assembly, seen, reason or sieve_width(sieve, table, raw))
        self.told.extend(waiting)

    def _record(self, table: Table, raw: Raw, assembly: Assembly, seen: dict[int, int], problem: str) -> None:
        """Take one record in, or tell why not."""
        if problem:
            hint = "the cells do not match the columns; look for a stray delimiter or quotation mark"
            self._reject(table, raw, problem, hint if problem == "wrong-field-count" else "make it an object")
            return
        mark = digest(table, raw)
        if mark in seen:
            first = table.locator(seen[mark])
            self.told.append(self._told(table, raw, "duplicate", "same-cells", before=first))
            return
        seen[mark] = raw.number
        if assembly.is_deletion(raw):
            key = assembly.deletion_key(raw)
            told = self._told(table, raw, "deletion", "delete-flag", after=key)
            self.told.append(told)
            self.deletions[assembly.system, key] = told
            return
        try:
            draft = assembly.draft(raw)
        except Rejected as verdict:
            self._reject(table, raw, verdict.reason, verdict.hint, verdict.field)
            return
        if table.path_of is None:
            draft.filled = len(raw.cells) - sum(map(_EMPTY.__contains__, raw.cells))
        reason, hint = self.place((assembly.system, draft.key), draft)
        if reason:
            self._spare(table, raw, reason, hint)

    def place(self, key: tuple[str, str], draft: Draft) -> tuple[str, str]:
        """Put a draft under its key; return the reason and a hint where another one has the key and keeps it."""
        earlier = self.drafts.get(key)
        if earlier is None:
            self.drafts[key] = draft
            return "", ""
        if draft.revision is not None and earlier.revision is not None and draft.revision != earlier.revision:
            older, newer = sorted((earlier, draft), key=lambda item: item.revision)
            self.drafts[key] = newer
            told = (older.source, older.locator, "superseded", str(newer.data["id"]), "revision", str(older.revision))
            self.told.append(Told(*told, str(newer.revision), "newer-revision-present"))
            return "", ""
        if _merged(earlier, draft):
            id_ = str(earlier.data["id"])
            self.told.append(
                Told(draft.source, draft.locator, "merged", id_, "", earlier.locator, None, "same-asset-other-values")
            )
            return "", ""
        reason = "id-used-with-other-title"
        if (
            normalize(str(earlier.data["title"])) == normalize(str(draft.data["title"]))
            and earlier.source == draft.source
        ):
            exact = earlier.data["title"] == draft.data["title"]
            reason = (
                "id-repeated-with-fewer-cells" if draft.filled < earlier.filled else "id-repeated" if exact else reason
            )
        hint = f"the first one counts ({earlier.locator}); give this one an id of its own, or remove it"
        told = (draft.source, draft.locator, "duplicate", str(earlier.data["id"]), "title", earlier.data["title"])
        self.told.append(Told(*told, draft.data["title"], reason, hint))
        return reason, hint

    def _reject(self, table: Table, raw: Raw, reason: str, hint: str, name: str = "") -> None:
        """Tell that a record is rejected, and keep it to be fixed."""
        self.told.append(self._told(table, raw, "rejected", reason, hint=hint, name=name))
        self._spare(table, raw, reason, hint)

    def _spare(self, table: Table, raw: Raw, reason: str, hint: str) -> None:
        """Keep a record in the layout of its source."""
        locator = table.locator(raw.number)
        self.spare.append(Spare(table.source, table.sheet, locator, table.names, texts(table, raw), reason, hint))

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

    def in_order(self) -> Iterator[tuple[str, Draft]]:
        """Yield the source system and the draft of every asset."""
        for (system, _), draft in self.drafts.items():
            yield system, draft


def sieve_width(sieve: Sieve, table: Table, raw: Raw) -> str:
    """Return the problem with the width of a record; nested ones have none."""
    return "" if table.path_of is not None else sieve.width_problem(raw)


def _merged(earlier: Draft, draft: Draft) -> bool:
    """Return whether a record only adds values to lists of the earlier one; if so, they are added.

    Exports with one row for each course and skill, or each course and session, repeat the course.
    """
    own = {"provenance", "keywords", "extensions", *LISTS}
    left = {name: value for name, value in earlier.data.items() if name not in own}
    right = {name: value for name, value in draft.data.items() if name not in own}
    if (
        left != right
        or earlier.data.get("extensions") != draft.data.get("extensions")
        or draft.filled != earlier.filled
    ):
        return False
    for name in own - {"provenance", "extensions"}:
        values = (*earlier.data.get(name, ()), *draft.data.get(name, ()))
        if values:
            earlier.data[name] = tuple(dict.fromkeys(values))
    earlier.data["provenance"] = (*earlier.data["provenance"], *draft.data["provenance"])
    earlier.skills = tuple(dict.fromkeys((*earlier.skills, *draft.skills)))
    return True
