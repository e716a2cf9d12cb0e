"""ImportPlan: what an import would do to a catalog, row by row; and doing it."""

from __future__ import annotations

import dataclasses
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from capgraph.errors import ArgumentError
from capgraph.ingest.actions import PlanRow
from capgraph.ingest.profile import ASSET_FIELDS, PEOPLE_FIELDS, Profile, presets
from capgraph.ingest.rejected import write_rejected
from capgraph.report import Report, ReportRow

if TYPE_CHECKING:
    from pathlib import Path

    from capgraph.ingest.columns import Column
    from capgraph.ingest.journal import PlanRows
    from capgraph.ingest.outcome import Outcome
    from capgraph.ingest.spare import Spare
    from capgraph.ingest.spool import Spool
    from capgraph.model import Document

_FIELDS = frozenset({*ASSET_FIELDS, *PEOPLE_FIELDS})
_ACCEPTED = frozenset({"added", "changed", "unchanged", "removed", "deletion", "merged"})


@dataclasses.dataclass(frozen=True, kw_only=True)
class ColumnRow(ReportRow):
    """What one column was taken for."""

    table: str
    """The file and sheet."""
    column: str
    """The name of the column."""
    use: str
    """``used``, ``kept`` (in extensions) or ``ignored``."""
    field: str
    """The field that it fills."""
    because_of: str
    """Why."""
    samples: tuple[str, ...] = ()
    """Some of its values."""

    def tone(self) -> str:
        """Return how the row is colored."""
        return {"used": "good", "kept": "fair"}.get(self.use, "open")


@dataclasses.dataclass(frozen=True, kw_only=True, repr=False)
class Explanation(Report[ColumnRow]):
    """What the columns of a source were taken for; rows by table and place."""

    name: ClassVar[str] = "columns"
    row_type: ClassVar[type[ReportRow]] = ColumnRow


@dataclasses.dataclass(frozen=True, kw_only=True, repr=False)
class ImportPlan(Report[PlanRow]):
    """What an import does to a document; rows by file, place, action and field.

    `added`, `changed`, `unchanged`, `missing`, `rejected` and `duplicates` are the rows of these kinds; `counts` counts
    all kinds.  `apply` does it.
    """

    name: ClassVar[str] = "import_plan"
    row_type: ClassVar[type[ReportRow]] = PlanRow

    records: PlanRows = dataclasses.field()  # type: ignore[assignment]  # many rows lie on disk
    """The rows, in the documented order."""
    outcome: Outcome = dataclasses.field(repr=False)
    """What the import leads to, and how it is written."""
    taken_for: tuple[tuple[str, Column], ...] = dataclasses.field(default=(), repr=False)
    """What each column was taken for, with the file and sheet."""
    personal: frozenset[str] = dataclasses.field(default=frozenset(), repr=False)
    """The tables, by file and sheet, that are about people."""
    spare: Spool[Spare] | tuple[Spare, ...] = dataclasses.field(default=(), repr=False)
    """The records that became nothing, in the layout of their source."""
    profiles: tuple[str, ...] = ()
    """The profiles used."""
    records_read: int = 0
    """How many rows were read."""
    store: Any = dataclasses.field(default=None, repr=False)
    """The store that the plan was made for."""
    revision: Any = dataclasses.field(default=None, repr=False)
    """The revision that applying made; None before, and where nothing changed."""
    applied: bool = False
    """Whether it was applied."""
    tally: dict[str, int] = dataclasses.field(repr=False)
    """The counts of the whole plan, even where some of its rows are left out."""

    @cached_property
    def document(self) -> Document:
        """The document as it will be."""
        return self.outcome.document()

    @cached_property
    def before(self) -> Document | None:
        """The document as it is now; None where there is none yet."""
        return self.outcome.before()

    def _of(self, *actions: str) -> tuple[PlanRow, ...]:
        """Return the rows with these actions."""
        return tuple(row for row in self.records if row.action in actions)

    @property
    def added(self) -> tuple[PlanRow, ...]:
        """The assets that are new, one row each."""
        return self._of("added")

    @property
    def changed(self) -> tuple[PlanRow, ...]:
        """The fields that change, one row each."""
        return self._of("changed")

    @property
    def unchanged(self) -> tuple[PlanRow, ...]:
        """The assets that stay as they are, one row each."""
        return self._of("unchanged")

    @property
    def missing(self) -> tuple[PlanRow, ...]:
        """The assets that the source does not hold any more, one row each."""
        return self._of("missing", "removed")

    @property
    def rejected(self) -> tuple[PlanRow, ...]:
        """The records that became no asset, one row each."""
        return self._of("rejected")

    @property
    def duplicates(self) -> tuple[PlanRow, ...]:
        """The records that repeat earlier ones, and the assets that seem to be the same as others."""
        return self._of("duplicate", "suspected")

    def counts(self) -> dict[str, int]:
        """Return how many rows there are of each action; changes are counted by asset."""
        return self.tally

    @property
    def accepted(self) -> bool:
        """Whether any record of the source says something that was understood."""
        return not _ACCEPTED.isdisjoint(self.counts())

    def exceptions(self) -> ImportPlan:
        """Return the plan with the rows alone that need a look: all but added, unchanged and ignored ones."""
        rows = self.records.without({"added", "unchanged", "ignored"})
        return dataclasses.replace(self, records=rows)

    def summary(self) -> dict[str, Any]:
        """Return the figures about the whole plan: rows read, the counts of each action, the profiles used."""
        return {**super().summary(), **self.counts()}

    def write_rejected(self, folder: str | Path) -> list[Path]:
        """Write the records that became nothing into a folder, in the layout of their source with the reasons.

        Parameters
        ----------
        folder : str or Path
            Where to; it is made where it is missing.

        Returns
        -------
        list of Path
            The files: ``rejected.csv``, or one for each file and sheet; none where every record was taken.
        """
        return write_rejected(self.spare, folder)

    def explanation(self) -> Explanation:
        """Return what each column of the source was taken for, with the reason and some of its values.

        Of tables about people no values are shown.
        """
        rows = tuple(
            ColumnRow(
                table=place, column=column.name, use=column.use, field=column.field, because_of=column.because,
                samples=() if place in self.personal else column.samples,
            )
            for place, column in self.taken_for
        )  # fmt: skip
        return Explanation(records=rows, notes=self.notes)

    def profile(self) -> Profile:
        """Return what was guessed as a profile, to be written down, edited and used again.

        It is the preset that fits, or an empty one, with the columns that were used and those that were ignored; of
        several tables, with the columns of all.
        """
        columns: dict[str, tuple[str, ...]] = {}
        for _, column in sorted(self.taken_for, key=lambda taken: taken[1].rank):
            if column.use == "used" and column.field in _FIELDS and not column.because.startswith("marks"):
                columns[column.field] = tuple(dict.fromkeys((*columns.get(column.field, ()), column.name)))
        preset = next((item for item in presets() if item.name in self.profiles), Profile(name="mine"))
        ignored = tuple(column.name for _, column in self.taken_for if column.use == "ignored" and column.name)
        joined = {**preset.columns, **columns}
        return dataclasses.replace(preset, columns=joined, ignore=ignored, exclusive=True)

    def apply(self, into: Any = None, *, author: str = "", message: str = "") -> ImportPlan:  # noqa: ANN401 - a Store
        """Do what the plan says, as one revision, and return the plan as applied.

        Where nothing changes, nothing is written; where no record could be taken, the plan stays as it is.

        Parameters
        ----------
        into : Store or None
            Where to; None for the store that the plan was made for.
        author : str
            Who does it.
        message : str
            Why; by default the files and the counts.

        Raises
        ------
        ValueError
            When there is no store to write to.
        StaleRevisionError
            When the document has changed in the store since the plan was made.
        """
        store = into if into is not None else self.store
        if store is None:
            raise ArgumentError("the plan has no store to write to; give one: plan.apply(store)")
        if self.applied or not self.accepted:
            return self
        files = ", ".join(dict.fromkeys(source for source, _ in self.taken_for)) or "rows"
        told = message or f"import of {files}: {', '.join(f'{count} {word}' for word, count in self.counts().items())}"
        revision = self.outcome.write(store, is_own=store is self.store, author=author, message=told[:2000])
        return dataclasses.replace(self, applied=True, revision=revision)
