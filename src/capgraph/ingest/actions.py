"""What can happen to a record of a source, and the row of a plan that tells it."""

from __future__ import annotations

import dataclasses
from typing import Any

from capgraph.report import ReportRow

ACTIONS = {
    "added": "the asset is new",
    "changed": "a field of a known asset changes",
    "unchanged": "the asset is known and stays as it is",
    "missing": "the asset is known, and the source does not hold it any more; it stays, unless sync is asked for",
    "removed": "the asset leaves the catalog, because sync was asked for",
    "deletion": "the source says to delete the asset; it stays, unless sync is asked for",
    "rejected": "the record cannot become an asset; it is in the file of rejected records",
    "duplicate": "the record repeats an earlier one",
    "superseded": "the source holds a newer revision of the asset",
    "merged": "the record adds values to the asset of an earlier one",
    "ignored": "the row is no record: blank, a header again, a total, a legend",
    "suspected": "the asset seems to be the same as another one",
    "proposed": "a tag seems to stand for a capability",
    "remark": "a field needs a look; the asset is there",
}
"""What can happen to a record or a field, and what it means."""

_TONES = {
    "added": "good",
    "changed": "fair",
    "removed": "poor",
    "rejected": "poor",
    "duplicate": "open",
    "missing": "open",
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class PlanRow(ReportRow):
    """What happens to one record, or to one field of it."""

    source: str
    """The file."""
    locator: str
    """The place in it: ``row:12``, ``Skills!14``, a JSON pointer."""
    asset: str
    """The id of what it is about; empty for what became nothing."""
    action: str
    """The word for it; `ACTIONS` says what each means."""
    field: str = ""
    """The field, where it is about one."""
    before: Any = None
    """What was there."""
    after: Any = None
    """What is there now, or what the source says."""
    reason: str = ""
    """Why, as a stable code."""
    hint: str = ""
    """What to do about it."""

    def tone(self) -> str:
        """Return how the row is colored."""
        return _TONES.get(self.action, "")
