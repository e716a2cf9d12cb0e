"""Evidence carried over by the million: what happened to one record happens to every record that says the same."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from capgraph.analysis.carrier import Carrier, Event
    from capgraph.model import Evidence

_CARRIED = ("person", "capability", "behavior", "asset", "corrects", "scale", "level", "extensions")
_SLOWLY = 5


class _Plan(NamedTuple):
    """What happens to every record that says the same."""

    changes: tuple[dict[str, Any], ...]
    """The changed fields of each record that one becomes; none where nothing changes."""
    events: Counter[Event]
    """What there is to count."""


class RecordCarrier:
    """Carries records over; the first few that say the same one by one, the others as those before them."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier
        self._plans: dict[tuple[object, ...], _Plan] = {}
        self._uses: Counter[tuple[object, ...]] = Counter()

    def carried(self, record: Evidence) -> tuple[Evidence, ...]:
        """Return a record as the new version has it; several where its subject was split."""
        told = record.__dict__
        named = told["corrects"] if told["corrects"] in self._carrier.routes else None
        person = told["person"] if told["person"] in self._carrier.routes else None
        key = (told["capability"], told["behavior"], told["asset"], told["scale"], told["level"], person, named)
        plan = self._plans.get(key)
        if plan is None or told["extensions"] or self._uses[key] < _SLOWLY:
            return self._slowly(record, key)
        self._uses[key] += 1
        if not plan.changes:
            return (record,)
        return tuple(
            record.model_copy(update={**changes, "id": f"{record.id}.{place + 1}"} if place else changes)
            for place, changes in enumerate(plan.changes)
        )

    def _slowly(self, record: Evidence, key: tuple[object, ...]) -> tuple[Evidence, ...]:
        """Return a record carried over by itself, and remember what happened."""
        before = Counter() if record.extensions else self._carrier.counts.copy()
        found: list[Any] = list(self._carrier.carried("evidence", record))
        if not record.extensions:
            changes = tuple(_changes(record, new) for new in found if new is not record)
            self._plans[key] = _Plan(changes, self._carrier.counts - before)
            self._uses[key] += 1
        return tuple(found)

    def finish(self) -> None:
        """Count what happened to the records that were carried over as those before them."""
        for key, plan in self._plans.items():
            for event, count in plan.events.items():
                self._carrier.counts[event] += count * max(0, self._uses[key] - _SLOWLY)
        self._uses.clear()


def _changes(old: Evidence, new: Evidence) -> dict[str, Any]:
    """Return the fields in which a record differs from what it was."""
    return {name: getattr(new, name) for name in _CARRIED if getattr(new, name) != getattr(old, name)}
