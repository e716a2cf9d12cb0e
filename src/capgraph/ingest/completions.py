"""Records of completion in long lists: who completed which course, when, and until when it counts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from capgraph.formats import values
from capgraph.formats.lexicon import COMPLETED, UNDONE
from capgraph.text import normalize

if TYPE_CHECKING:
    from collections.abc import Mapping

    from capgraph.ingest.columns import Binding
    from capgraph.ingest.records import Ledger
    from capgraph.ingest.tables import Raw, Table

_ALL = 100.0
_SHARE = re.compile(r"(\d{1,3}(?:[.,]\d+)?)\s*%?")


class Completions:
    """Reads lists of completions into a ledger.

    Parameters
    ----------
    ledger : Ledger
        Where the records go.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.ledger, self.reading = ledger, ledger.reading

    def read(self, table: Table, binding: Binding) -> None:
        """Read completions; the order of day and month is that of each source system."""
        rows = list(self.reading.rows(table, binding))
        texts: dict[str, list[str]] = {}
        for _, cells in rows:
            texts.setdefault(cells.get("system", ""), []).append(cells.get("date", ""))
        stated = binding.profile.rule("date").first
        orders = {system: values.day_order(dates) or stated for system, dates in texts.items()}
        self.ledger.tell_order(table, (date for system, dates in texts.items() if not orders[system] for date in dates))
        until = binding.fields["expires"][0].rule.first if "expires" in binding.fields else ""
        for raw, cells in rows:
            self._completion(table, raw, cells, (orders[cells.get("system", "")], until))

    def _completion(self, table: Table, raw: Raw, cells: Mapping[str, str], orders: tuple[str, str]) -> None:
        """Read one completion."""
        undone = _undone(cells)
        if undone:
            self.reading.tell(table, raw, "ignored", "not-completed", field="state", after=undone)
            return
        person = self.ledger.person(table, raw, cells.get("person", ""))
        if not person:
            return
        course = self.ledger.courses.find(cells.get("asset", ""), cells.get("asset_title", ""), cells.get("system", ""))
        if not course.id:
            field = "asset" if cells.get("asset") else "asset_title"
            self.reading.reject(table, raw, course.reason, course.hint, field=field)
            return
        date = self._date(table, raw, cells, orders[0])
        if date is not None:
            record = {"person": person, "asset": course.id, "kind": "completion", "date": date}
            record |= {
                "source": cells.get("system", ""),
                **self.ledger.expiry(cells.get("expires", ""), date, orders[1]),
            }
            self.ledger.add(table.source, table.locator(raw.number), record)

    def _date(self, table: Table, raw: Raw, cells: Mapping[str, str], first: str) -> Any:  # noqa: ANN401 - a date or None
        """Return the day, or tell why there is none; one that is stated for all counts where a row states none."""
        if cells.get("date"):
            return self.ledger.date(table, raw, cells["date"], first)
        if self.ledger.stated_date is not None:
            return self.ledger.stated_date
        hint = "fill in the date, or state one day for all: date=, or --date"
        if not _says_so(cells) and "date" in cells:
            self.reading.tell(table, raw, "ignored", "not-completed", field="date", hint="no day, and no status")
        else:
            self.reading.reject(table, raw, "completed-without-date", hint, field="date")
        return None


def _says_so(cells: Mapping[str, str]) -> bool:
    """Return whether a record has a state."""
    return bool(cells.get("state") or cells.get("status"))


def _undone(cells: Mapping[str, str]) -> str:
    """Return the state of what is not completed: of a progress and a status, that which says so in words counts."""
    stated = [normalize(text) for name in ("status", "state") if (text := cells.get(name))]
    known = [text for text in stated if text in COMPLETED or text in UNDONE] or stated
    return next((text for text in known[:1] if not is_done(text)), "")


def is_done(state: str) -> bool:
    """Return whether a state, in normal form, says that something is completed: by a word, or by all of it."""
    if state in COMPLETED or state.split(" (", 1)[0] in COMPLETED:
        return True
    share = _SHARE.fullmatch(state)
    return share is not None and float(share[1].replace(",", ".")) >= _ALL
