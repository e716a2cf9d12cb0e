"""What people have decided about links, and what it teaches: links never asked about again, and words of their own."""

from __future__ import annotations

from collections import defaultdict
from operator import itemgetter
from typing import TYPE_CHECKING

from capgraph.analysis.verdicts import named, says_same, unspelled
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
    """The newest decision about each link; of several documents, the newest of all, and of one moment the rejection.

    Each relation of an alignment is decided by itself, *teaches* where a decision names none; a pair of mapped entries
    has one predicate.  A decision about an entry that the framework has replaced by exactly one other counts for that
    one, so that decisions survive an upgrade of the framework.

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
        self._newest: dict[tuple[str, str], dict[str, Decision]] = defaultdict(dict)
        documents = decision_documents(given)
        stated = [(one, document) for document in documents for one in document.decisions if one.kind == kind]
        for decision, document in sorted(stated, key=lambda item: (item[0].at, not says_same(item[0]))):
            subject = named(document, decision.subject, subject_spelled or unspelled)
            target = named(document, decision.object, spelled or unspelled)
            pair = _followed(subject, subject_successors or {}), _followed(target, successors or {})
            self._newest[pair][(decision.relation or "teaches") if kind == "alignment" else ""] = decision

    def is_rejected(self, subject: str, target: str) -> bool:
        """Return whether people do not want this link: they have rejected it, and accepted no other relation of it."""
        decisions = self._newest.get((subject, target), {}).values()
        return bool(decisions) and not any(map(says_same, decisions))

    def accepted(self) -> dict[str, dict[str, tuple[Decision, ...]]]:
        """Return the accepted decisions by subject and target, one for each relation, by relation."""
        found: dict[str, dict[str, tuple[Decision, ...]]] = defaultdict(dict)
        for (subject, target), decisions in sorted(self._newest.items()):
            accepted = tuple(one for _, one in sorted(decisions.items(), key=itemgetter(0)) if says_same(one))
            if accepted:
                found[subject][target] = accepted
        return dict(found)

    def taught(self) -> dict[str, tuple[str, ...]]:
        """Return the words of accepted links by target: labels that the organization itself uses."""
        labels: dict[str, dict[str, None]] = defaultdict(dict)
        for targets in self.accepted().values():
            for target, decisions in targets.items():
                labels[target] |= {decision.label: None for decision in decisions if decision.label}
        return {target: tuple(words) for target, words in sorted(labels.items()) if words}


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
