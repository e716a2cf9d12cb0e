"""Alignments as people have decided about them: what decisions say goes before what catalogs say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capgraph.links import Link
from capgraph.model import Alignment, Decision

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_Ends = tuple[str, str, str]


class Settled:
    """The newest decision about each alignment.

    Parameters
    ----------
    decisions : iterable of tuple of Decision and callable
        The decisions, each with the function that finds the key of an id of its document, or None.
    """

    def __init__(self, decisions: Iterable[tuple[Decision, Callable[[str], str | None]]]) -> None:
        self._newest: dict[_Ends, Decision] = {}
        self._met: set[_Ends] = set()
        for decision, key_of in sorted(decisions, key=lambda pair: (pair[0].at, pair[0].verdict)):
            source, target = key_of(decision.subject), key_of(decision.object)
            if decision.kind == "alignment" and source is not None and target is not None:
                said = "presumes" if decision.relation == "requires" else decision.relation or "teaches"
                self._newest[source, said, target] = decision

    def applied(self, link: Link) -> Link:
        """Return a link of a catalog as people have decided about it.

        A rejected alignment does not count, however sure the catalog is of it.  An accepted one counts with the levels
        that were decided, unless the catalog states it as accepted already.
        """
        ends = (link.source, link.relation, link.target)
        decision = self._newest.get(ends)
        if decision is None or not isinstance(link.data, Alignment):
            return link
        self._met.add(ends)
        if decision.verdict != "accepted":
            return link._replace(data=link.data.replace(state="rejected"))
        if link.data.state == "accepted":
            return link
        return link._replace(data=link.data.replace(state="accepted", **_levels(decision)))

    def added(self) -> Iterator[Link]:
        """Yield the alignments that people have accepted and that no link met so far states."""
        for ends, decision in self._newest.items():
            if decision.verdict == "accepted" and ends not in self._met:
                source, relation, target = ends
                said = {"target": decision.object, "relation": decision.relation or "teaches", "label": decision.label}
                yield Link(source, relation, target, Alignment.model_validate(said | _levels(decision)))


def _levels(decision: Decision) -> dict[str, int | None]:
    """Return the levels that were decided; nothing where the decision leaves them open."""
    if decision.level_from is None and decision.level_to is None:
        return {}
    return {"level_from": decision.level_from, "level_to": decision.level_to}
