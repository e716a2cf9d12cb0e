"""Alignments as people have decided about them: what decisions say goes before what catalogs say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capgraph.errors import DocumentError, Issue
from capgraph.links import Link
from capgraph.model import Alignment, Decision

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_Ends = tuple[str, str, str]


class Settled:
    """The newest decision about each alignment; of one moment, the rejection.

    Parameters
    ----------
    decisions : iterable of tuple of Decision, str and str
        Decisions about alignments, each with the keys of the asset and of the capability or behavior.

    Raises
    ------
    DocumentError
        When what was accepted is no alignment, since it names another relation or its levels do not lead up; all such
        decisions are listed.
    """

    def __init__(self, decisions: Iterable[tuple[Decision, str, str]]) -> None:
        newest: dict[_Ends, Decision] = {}
        for decision, source, target in sorted(decisions, key=lambda item: (item[0].at, not _holds(item[0]))):
            said = "presumes" if decision.relation == "requires" else decision.relation or "teaches"
            newest[source, said, target] = decision
        issues: list[Issue] = []
        self._decided = {ends: _alignment(one, issues) if _holds(one) else None for ends, one in newest.items()}
        self._met: set[_Ends] = set()
        if issues:
            raise DocumentError(issues, "decisions")

    def applied(self, link: Link) -> Link:
        """Return a link of a catalog as people have decided about it.

        A rejected alignment does not count, however sure the catalog is of it.  An accepted one counts with the levels
        that were decided, unless the catalog states it as accepted already.
        """
        ends = (link.source, link.relation, link.target)
        if ends not in self._decided or not isinstance(link.data, Alignment):
            return link
        self._met.add(ends)
        decided = self._decided[ends]
        if decided is None:
            return link._replace(data=link.data.replace(state="rejected"))
        if link.data.state == "accepted":
            return link
        return link._replace(data=link.data.replace(state="accepted", **_levels(decided)))

    def added(self) -> Iterator[Link]:
        """Yield the alignments that people have accepted and that no link met so far states."""
        for ends, decided in self._decided.items():
            if decided is not None and ends not in self._met:
                yield Link(*ends, decided)


def _holds(decision: Decision) -> bool:
    """Return whether a decision says that the asset has to do with what it is aligned to."""
    return decision.verdict in {"accepted", "same"}


def _levels(decided: Alignment) -> dict[str, int | str | None]:
    """Return the levels that were decided, which are on the scale of the capability; nothing where none were."""
    if decided.level_from is None and decided.level_to is None:
        return {}
    return {"level_from": decided.level_from, "level_to": decided.level_to, "scale": None}


def _alignment(decision: Decision, issues: list[Issue]) -> Alignment | None:
    """Return the alignment that a decision states; where it states none, note why."""
    names = ("level_from", "level_to", "label")
    stated = {name: getattr(decision, name) for name in names} | {"relation": decision.relation or "teaches"}
    try:
        return Alignment.model_validate({"target": decision.object, **stated})
    except DocumentError as error:
        for issue in error.issues:
            text = f"{decision.subject!r}, by the decision of {decision.at.isoformat()}: {issue.message}"
            issues.append(Issue(issue.code, text, (decision.subject, decision.object), issue.where, issue.hint))
        return None
