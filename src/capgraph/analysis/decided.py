"""What people have decided about links, and what it teaches: links never asked about again, and words of their own."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from capgraph.analysis.verdicts import named, unspelled
from capgraph.model import Decisions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from capgraph.analysis.verdicts import Spelling
    from capgraph.model import Decision, Framework


def decision_documents(given: Decisions | Iterable[Decisions] | None) -> tuple[Decisions, ...]:
    """Return the documents that a caller gave, be it one, several or none."""
    if given is None:
        return ()
    return (given,) if isinstance(given, Decisions) else tuple(given)


class Decided:
    """The newest decision about each link; of several documents, the newest of all.

    A decision about an entry that the framework has replaced by exactly one other counts for that one, so that
    decisions survive an upgrade of the framework.

    Parameters
    ----------
    given : Decisions, iterable of Decisions, or None
        What was decided.
    kind : str
        ``alignment`` or ``mapping``.
    spelled, subject_spelled : callable or None
        What returns an id or IRI as entries spell it, or None for an unknown one, among what links lead to and among
        what they come from; None where ids have one spelling.
    successors, subject_successors : mapping of str to str, or None
        The entries that replace others, among what links lead to and among what they come from.
    """

    def __init__(
        self,
        given: Decisions | Iterable[Decisions] | None,
        *,
        kind: str = "alignment",
        spelled: Spelling | None = None,
        subject_spelled: Spelling | None = None,
        successors: Mapping[str, str] | None = None,
        subject_successors: Mapping[str, str] | None = None,
    ) -> None:
        self._newest: dict[tuple[str, str], Decision] = {}
        documents = decision_documents(given)
        stated = [(one, document) for document in documents for one in document.decisions if one.kind == kind]
        for decision, document in sorted(stated, key=lambda item: (item[0].at, item[0].relation, item[0].verdict)):
            subject = named(document, decision.subject, subject_spelled or unspelled)
            target = named(document, decision.object, spelled or unspelled)
            self._newest[_followed(subject, subject_successors or {}), _followed(target, successors or {})] = decision

    def of(self, subject: str, target: str) -> Decision | None:
        """Return the newest decision about a link, or None."""
        return self._newest.get((subject, target))

    def is_rejected(self, subject: str, target: str) -> bool:
        """Return whether people do not want this link."""
        decision = self.of(subject, target)
        return decision is not None and decision.verdict in {"rejected", "different"}

    def accepted(self) -> dict[str, dict[str, Decision]]:
        """Return the accepted decisions by subject and target."""
        found: dict[str, dict[str, Decision]] = defaultdict(dict)
        for (subject, target), decision in sorted(self._newest.items()):
            if decision.verdict in {"accepted", "same"}:
                found[subject][target] = decision
        return dict(found)

    def taught(self) -> dict[str, tuple[str, ...]]:
        """Return the words of accepted links by target: labels that the organization itself uses."""
        labels: dict[str, dict[str, None]] = defaultdict(dict)
        for targets in self.accepted().values():
            for target, decision in targets.items():
                if decision.label:
                    labels[target][decision.label] = None
        return {target: tuple(words) for target, words in sorted(labels.items())}


def successors(framework: Framework) -> dict[str, str]:
    """Return the one entry that replaces another, for entries that exactly one other replaces."""
    return {
        entry.id: entry.replaced_by[0]
        for entry in (*framework.capabilities, *framework.behaviors, *framework.roles)
        if len(entry.replaced_by) == 1
    }


def _followed(id_: str, successors: Mapping[str, str]) -> str:
    """Return the last successor of an id; a circle ends where it began."""
    seen = {id_}
    while successors.get(id_, id_) not in seen:
        id_ = successors[id_]
        seen.add(id_)
    return id_
