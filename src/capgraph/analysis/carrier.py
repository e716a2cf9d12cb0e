"""Carrier: entries with their references and levels carried over to a new version, one entry at a time."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

from capgraph.analysis.combining import combined
from capgraph.analysis.edits import KEYS, key_of
from capgraph.analysis.references import REFERENCES
from capgraph.analysis.rescaling import Levels
from capgraph.analysis.saved_plan import SavedGoal, SavedStep, SavedTeaching
from capgraph.model import (
    Alignment,
    Behavior,
    Condition,
    Decision,
    Evidence,
    Mapping,
    Model,
    Node,
    Relation,
    Requirement,
    thaw,
)
from capgraph.model.frozen import freeze

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping as Table

    from capgraph.analysis.rescaling import Ranks
    from capgraph.analysis.routes import Outcome, Route

_LEVELS: dict[type[Model], tuple[str, tuple[str, ...]]] = {
    Requirement: ("capability", ("minimum", "level", "stretch")),
    Alignment: ("target", ("level_from", "level_to")),
    Evidence: ("capability", ("level",)),
    Condition: ("capability", ("level",)),
    Behavior: ("capability", ("level",)),
    Decision: ("object", ("level_from", "level_to")),
    SavedGoal: ("subject", ("level",)),
    SavedTeaching: ("capability", ("start", "end")),
}
_STEPS: dict[type[Model], tuple[str, str, str]] = {
    Alignment: ("alignments", "level_from", "level_to"),
    Decision: ("decisions", "level_from", "level_to"),
    SavedTeaching: ("teaches", "start", "end"),
}
"""Parts that lead from one level to another, and the field that holds them."""
_MULTIPLY = (
    Requirement,
    Alignment,
    Evidence,
    Mapping,
    Decision,
    Relation,
    Condition,
    SavedGoal,
    SavedTeaching,
    SavedStep,
)
_SELF = {"broader", "related", "prerequisites"}
_EXAMPLES = 5


class Event(NamedTuple):
    """What happened to references or levels of one kind."""

    outcome: Outcome
    """What happened."""
    table: str
    """The table of the entries concerned."""
    field: str
    """The field."""
    before: str
    """The old id or level."""
    after: tuple[str, ...]
    """The new ones."""
    reason: str
    """Why."""


class Carrier:
    """Carries entries over to a new version and counts what that does to them."""

    def __init__(self, routes: Table[str, Route], levels: Levels | None = None, *, label: str) -> None:
        self.counts: Counter[Event] = Counter()
        """How often each event happened."""
        self.examples: dict[Event, list[str]] = defaultdict(list)
        """The first entries that each event happened to."""
        self.open: list[Event] = []
        """What waits for a decision."""
        self.routes = routes
        """Where references to old entries lead."""
        self._levels = levels or Levels({}, {}, {}, frozenset(), frozenset())
        self._label = label
        self._table = ""
        self._owner = ""

    def carried(self, table: str, member: Model) -> Iterator[Model]:
        """Yield an entry as the new version has it; several where it speaks of an entry that was split."""
        self._table = table
        self._owner = member.id if isinstance(member, Node) else " ".join(map(str, key_of(member)))
        yield from self._part(member)

    def reference(self, field: str, id_: str) -> str:
        """Return what a reference of the document itself leads to."""
        self._table = self._owner = ""
        return self._targets(field, id_, is_single=True)[0]

    def tell(self, outcome: Outcome, place: tuple[str, str, str], before: str, reason: str) -> None:
        """Count what happened to an entry as a whole, given its table, its name and the field concerned."""
        self._table, self._owner, field = place
        self._note(outcome, field, before, (before,) if outcome == "kept" else (), reason)

    def _part(self, part: Model) -> Iterator[Model]:
        """Yield an entry, or a part of one, carried over."""
        leveled = self._rescaled(part)
        changes, choices = self._rerouted(part)
        if leveled is None:
            return
        changes = {name: value for name, value in changes.items() if value is not getattr(part, name)} | leveled
        if not choices:
            yield _changed(part, self._marked(part, changes)) if changes else part
        else:
            yield from self._several(part, changes, choices)

    def _rerouted(self, part: Model) -> tuple[dict[str, Any], dict[str, tuple[str, ...]]]:
        """Return the fields of references that lead elsewhere, and the targets of those that name a single entry."""
        changes: dict[str, Any] = {}
        choices: dict[str, tuple[str, ...]] = {}
        for field in REFERENCES[type(part)]:
            value = getattr(part, field)
            if isinstance(value, str):
                targets = self._targets(field, value, is_single=not isinstance(part, _MULTIPLY))
                if targets != (value,):
                    choices[field] = targets
            elif isinstance(value, Model):
                changes[field] = next(self._part(value))
            elif value and isinstance(value[0], Model):
                changes[field] = self._parts(field, value)
            elif value and any(id_ in self.routes for id_ in value):
                changes[field] = self._set(part, field, value)
        return changes, choices

    def _several(self, part: Model, changes: dict[str, Any], choices: dict[str, tuple[str, ...]]) -> Iterator[Model]:
        """Yield a part for each choice of its references, or one where it cannot be multiplied."""
        found = list(product(*choices.values())) if isinstance(part, _MULTIPLY) else []
        if isinstance(part, Condition):
            ((field, targets),) = choices.items()
            parts = tuple(part.replace(**{**changes, field: target}) for target in targets)
            yield parts[0] if len(parts) == 1 else Condition(all_of=parts)
            return
        for place, picked in enumerate(found or [tuple(targets[0] for targets in choices.values())]):
            named = dict(zip(choices, picked, strict=True))
            own = {"id": f"{part.id}.{place + 1}"} if place and isinstance(part, Node) else {}
            yield _changed(part, self._marked(part, {**changes, **named, **own}))

    def _parts(self, field: str, parts: tuple[Model, ...]) -> tuple[Model, ...]:
        """Return parts carried over; those that meet on one key are combined."""
        carried = [new for part in parts for new in self._part(part)]
        if len(carried) == len(parts) and all(new is old for new, old in zip(carried, parts, strict=True)):
            return parts
        if type(parts[0]) not in KEYS:
            return tuple(carried)
        found: dict[tuple[Any, ...], Model] = {}
        for part in carried:
            key = key_of(part)
            if key in found:
                self._note("combined", field, str(key[0]), (str(key[0]),), "two entries became one")
                found[key] = combined(found[key], part)
            else:
                found[key] = part
        return tuple(found.values())

    def _set(self, part: Model, field: str, ids: tuple[str, ...]) -> tuple[str, ...]:
        """Return a set of references carried over, without the entry itself."""
        own = part.id if isinstance(part, Node) and field in _SELF else None
        found = {target for id_ in ids for target in (self._targets(field, id_) if id_ in self.routes else (id_,))}
        return tuple(sorted(found - {own}))

    def _targets(self, field: str, id_: str, *, is_single: bool = False) -> tuple[str, ...]:
        """Return what a reference leads to, one thing alone where the entry can name no more, and count it."""
        route = self.routes.get(id_)
        if route is None:
            return (id_,)
        if is_single and len(route.targets) > 1:
            route = route._replace(targets=route.targets[:1], reason=f"{route.reason}; this names one, the first")
        self._note(route.outcome, field, id_, route.targets, route.reason)
        return route.targets

    def _rescaled(self, part: Model) -> dict[str, Any] | None:
        """Return the changed levels of a part; None where nothing is left of it."""
        scale, levels = self._affected(part)
        if scale is None or not levels:
            return {}
        ranks = self._levels.ranks.get(scale)
        if ranks is None:
            reason = f"the scale {scale} was re-scaled; give its map (scales=)"
            self._note("open", "level", ", ".join(map(str, levels.values())), (), reason)
            return {}
        found = self._translated(scale, ranks, levels)
        if type(part) in _STEPS and _collapsed(part, found):
            field, subject = _STEPS[type(part)][0], getattr(part, _LEVELS[type(part)][0])
            self._note("dropped", field, subject, (), "the step that it teaches is gone from the scale")
            return None
        if isinstance(part, Requirement) and found.get("level", 0) is None:
            found |= dict.fromkeys(("minimum", "stretch"))
        new = {field: level for field, level in found.items() if level != getattr(part, field)}
        return new | {"scale": None} if scale in self._levels.moved and getattr(part, "scale", None) else new

    def _affected(self, part: Model) -> tuple[str | None, dict[str, int]]:
        """Return the re-scaled scale of a part, if it has one, and the levels that the part states on it."""
        if type(part) not in _LEVELS:
            return None, {}
        subject, fields = _LEVELS[type(part)]
        stated = self._levels.named.get(getattr(part, "scale", None) or "")
        scale = self._levels.scale_of.get(getattr(part, subject) or "")
        levels = {field: level for field in fields if (level := getattr(part, field)) is not None}
        if getattr(part, "scale", None) is None or stated == scale:
            return scale, levels
        return (stated if stated in self._levels.whole else None), levels

    def _translated(self, scale: str, ranks: Ranks, levels: dict[str, int]) -> dict[str, int | None]:
        """Return levels on the new scale, None where one has no counterpart; note each that is another."""
        found = {field: ranks.get(level) for field, level in levels.items()}
        for field, level in levels.items():
            new = found[field]
            if new is None:
                self._note("dropped", field, str(level), (), f"it has no counterpart on the new scale of {scale}")
            elif new != level:
                self._note("rescaled", field, str(level), (str(new),), f"as the map of {scale} says")
        return found

    def _marked(self, part: Model, changes: dict[str, Any]) -> dict[str, Any]:
        """Return the changes of a record with what it was before."""
        if not isinstance(part, Evidence):
            return changes
        was = {name: getattr(part, name) for name in changes if name != "id"}
        earlier = thaw(part.extensions).get("capgraph", {})
        step = {"version": self._label, **{name: value for name, value in was.items() if value is not None}}
        history = [*earlier.get("migrated", []), step]
        return {**changes, "extensions": freeze({**part.extensions, "capgraph": {**earlier, "migrated": history}})}

    def _note(self, outcome: Outcome, field: str, before: str, after: tuple[str, ...], reason: str) -> None:
        """Count an event and remember the first entries that it happened to."""
        event = Event(outcome, self._table, field, before, after, reason)
        self.counts[event] += 1
        if outcome == "open" and self.counts[event] == 1:
            self.open.append(event)
        if len(self.examples[event]) < _EXAMPLES:
            self.examples[event].append(self._owner)


def _collapsed(part: Model, found: dict[str, int | None]) -> bool:
    """Return whether a part that leads from one level to another leads nowhere any more."""
    _, start, end = _STEPS[type(part)]
    low, high = found.get(start), found.get(end)
    return getattr(part, start) is not None and (high is None or (low is not None and low >= high))


def _changed(part: Model, changes: dict[str, Any]) -> Model:
    """Return a part with changes; a record's are known to be sound, and records come by the million."""
    return part.model_copy(update=changes) if isinstance(part, Evidence) else part.replace(**changes)
