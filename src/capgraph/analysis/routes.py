"""Routes: where a reference to an old entry leads in a new version, and what must be decided first."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from capgraph.analysis.lineage import followed
from capgraph.analysis.spelling import reader
from capgraph.errors import ArgumentError, Issue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from capgraph.analysis.change import ChangeReport
    from capgraph.analysis.spelling import Reader, Spelling
    from capgraph.model import Decision, Decisions

Outcome = Literal["followed", "combined", "rescaled", "dropped", "kept", "open"]
"""*followed* to a successor, *combined* with what was there, *rescaled*; *dropped* and *kept* with the reason; *open*
until somebody decides."""
SplitRule = Literal["ask", "all", "first", "keep"]
"""What happens to references to an entry that was split: ask for a decision, lead to all heirs, to the first by id, or
stay as they are."""


class Route(NamedTuple):
    """Where references to an entry lead."""

    targets: tuple[str, ...]
    """The entries to refer to instead; the old one where it stays."""
    outcome: Outcome
    """What happens to a reference."""
    reason: str
    """Why."""

    @property
    def is_end(self) -> bool:
        """Whether nothing takes over."""
        return self.outcome == "kept" and self.reason != _KEPT_BY_RULE


_KEPT_BY_RULE = "it was split; the rule keeps the old entry"


def routes(changes: ChangeReport, decisions: Decisions | None, splits: SplitRule) -> dict[str, Route]:
    """Return the route of every old entry that is gone or replaced, with the ids as both versions write them."""
    if splits not in get_args(SplitRule):
        raise ArgumentError(f"{splits!r} is no rule for splits; give one of {', '.join(get_args(SplitRule))}")
    decided = decided_heirs(changes, decisions)
    found: dict[str, Route] = {}
    for id_ in sorted(changes.removed | changes.successors.keys() | decided.keys()):
        route = _route(changes, id_, decided.get(id_, {}), splits)
        if route is not None:
            found[id_] = route
    return found


def _route(changes: ChangeReport, id_: str, verdicts: Mapping[str, bool], splits: SplitRule) -> Route | None:
    """Return the route of one old entry, as decided or as the change says; None where it did not change."""
    accepted = sorted(heir for heir, verdict in verdicts.items() if verdict)
    if accepted:
        return Route(tuple(accepted), "followed", "as decided")
    if id_ not in changes.removed and id_ not in changes.successors:
        return None
    heirs = changes.successors.get(id_, ())
    left = tuple(heir for heir in heirs if verdicts.get(heir, True))
    if not left:
        why = "every successor was rejected" if heirs else "it was removed without a successor"
        return Route((id_,), "kept", why)
    if len(left) == 1:
        return Route(left, "followed", "it was renamed, merged or replaced")
    return _split(id_, left, splits)


def _split(id_: str, heirs: tuple[str, ...], rule: SplitRule) -> Route:
    """Return the route of an entry that was split."""
    if rule == "all":
        return Route(heirs, "followed", "it was split; the rule leads to every heir")
    if rule == "first":
        return Route(heirs[:1], "followed", "it was split; the rule leads to the first heir")
    if rule == "keep":
        return Route((id_,), "kept", _KEPT_BY_RULE)
    return Route(
        (id_,), "open", f"it was split into {', '.join(heirs)}; decide which of them, or state a rule (splits=)"
    )


def routed(ways: Mapping[str, Route], spelling: Spelling) -> dict[str, Route]:
    """Return routes with the ids as a document writes them, in every way in which it may write an old one."""
    found: dict[str, Route] = {}
    for id_, route in ways.items():
        for way in spelling.ways(id_):
            alike = tuple(spelling.written(target, way) for target in route.targets)
            found[way] = route._replace(targets=(way,) if route.targets == (id_,) else alike)
    return found


def decided_heirs(changes: ChangeReport, decisions: Decisions | None) -> dict[str, dict[str, bool]]:
    """Return what was decided about each old entry: the heirs, accepted or rejected; the latest verdict counts."""
    old, new = changes.prefixes
    own = decisions.prefixes if decisions is not None else {}
    read = reader(own, old, new), reader(own, new, old)
    known = (
        _written(reader(old, new), {*changes.removed, *changes.successors}),
        _written(reader(new, old), {heir for heirs in changes.successors.values() for heir in heirs}),
    )
    found: dict[str, dict[str, bool]] = defaultdict(dict)
    for item in _relevant(decisions):
        subject, heir = (
            names.get(expand(id_), expand(id_))
            for names, expand, id_ in zip(known, read, (item.subject, item.object), strict=True)
        )
        found[subject][heir] = item.verdict in {"accepted", "same"}
    return dict(found)


def _written(read: Reader, ids: Iterable[str]) -> dict[str, str]:
    """Return ids by their IRI."""
    return {read(id_): id_ for id_ in ids}


def _relevant(decisions: Decisions | None) -> list[Decision]:
    """Return the decisions about renames and merges, oldest first."""
    stated = decisions.decisions if decisions is not None else ()
    return sorted((item for item in stated if item.kind in {"rename", "merge"}), key=lambda item: item.at)


def decision_issues(changes: ChangeReport, decisions: Decisions | None) -> Iterator[Issue]:
    """Yield decisions that contradict one another or lead in a circle, and successors that do."""
    decided = {
        old: sorted(new for new, verdict in verdicts.items() if verdict)
        for old, verdicts in decided_heirs(changes, decisions).items()
    }
    yield from _too_many_heirs(changes, decided)
    circles = {followed(old, lambda id_: tuple(decided.get(id_, ())))[1] for old in decided}
    for chain in sorted({*circles, *changes.cycles} - {()}):
        shown = " → ".join([*chain, chain[0]])
        yield Issue(
            "cycle", f"{chain[0]!r} is its own successor: {shown}", chain, "replaced_by", "decide where it ends"
        )
    for item in _same_moment(decisions):
        text = f"{item.subject!r} and {item.object!r} were accepted and rejected at the same moment"
        yield Issue("contradictory-decisions", text, (item.subject, item.object), "decisions", "keep one verdict")


def _too_many_heirs(changes: ChangeReport, decided: Mapping[str, list[str]]) -> Iterator[Issue]:
    """Yield entries that were decided to be several others, although they were not split into them."""
    for old, accepted in sorted(decided.items()):
        if len(accepted) > 1 and not set(accepted) <= set(changes.successors.get(old, ())):
            text = f"{old!r} was decided to be {' and to be '.join(map(repr, accepted))}"
            hint = "reject all but one, since it was not split into them"
            yield Issue("contradictory-decisions", text, (old, *accepted), "decisions", hint)


def _same_moment(decisions: Decisions | None) -> Iterator[Decision]:
    """Yield decisions that another one of the same moment contradicts."""
    seen: dict[tuple[str, str, object], bool] = {}
    for item in _relevant(decisions):
        verdict = item.verdict in {"accepted", "same"}
        if seen.setdefault((item.subject, item.object, item.at), verdict) != verdict:
            yield item
