"""Alignments as people have decided about them: what decisions say goes before what catalogs say."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from capgraph.errors import DocumentError, Issue
from capgraph.links import Link
from capgraph.model import Alignment, Behavior, Capability, Decision, LearningAsset, Node

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

_Ends = tuple[str, str, str]


class Named(NamedTuple):
    """A decision with its ends as the graph names them."""

    decision: Decision
    """The decision."""
    source: str
    """The key of its subject, or the IRI where no document holds it."""
    target: str
    """The same of its object."""


class Heirs:
    """What has become of entries: of one that no document holds, and of one that another replaces.

    Parameters
    ----------
    decisions : iterable of Named
        Accepted decisions about renames and merges lead from an id that no document holds to another one.
    nodes : mapping of str to Node
        The entries that documents hold, by key.
    successor : callable
        Returns the key of the one held entry that replaces a held one, or None.
    scale : callable
        Returns the key of the scale of a held capability, or None.
    """

    def __init__(
        self,
        decisions: Iterable[Named],
        nodes: Mapping[str, Node],
        *,
        successor: Callable[[str], str | None],
        scale: Callable[[str], str | None],
    ) -> None:
        self.nodes = nodes
        self._successor = successor
        self._scale = scale
        self._renames: dict[str, str] = {}
        stated = (one for one in decisions if one.decision.kind in {"rename", "merge"})
        for decision, old, new in sorted(stated, key=lambda one: (one.decision.at, one.decision.verdict)):
            if _holds(decision):
                self._renames[old] = new
            elif self._renames.get(old) == new:
                del self._renames[old]

    def of(self, name: str) -> str:
        """Return the last heir of an entry, or the entry itself; a circle ends before it begins anew."""
        passed: set[str] = set()
        heir: str | None = name
        while heir is not None and heir not in passed:
            passed.add(heir)
            name = heir
            heir = self._successor(name) if name in self.nodes else self._renames.get(name)
        return name

    def carries(self, decision: Decision, old: str, new: str) -> bool:
        """Return whether a decision about an entry reads the same about its heir: its levels are on the same scale."""
        has_levels = decision.level_from is not None or decision.level_to is not None
        is_known = old in self.nodes and new in self.nodes
        return not (_holds(decision) and has_levels and is_known) or self._scale(old) == self._scale(new)


class Settled:
    """The newest decision about each alignment, by asset, relation and target; of one moment, the rejection.

    A decision counts for the alignment that it names, and for the one between what its asset and its target have
    become: renamed, merged, or replaced by exactly one other on the same scale.

    Parameters
    ----------
    decisions : iterable of Named
        What people have decided; those about other things than alignments are passed over.
    heirs : Heirs
        What has become of the ends.

    Raises
    ------
    DocumentError
        When what was accepted is no alignment, since it names another relation or its levels do not lead up; all such
        decisions are listed.
    """

    def __init__(self, decisions: Iterable[Named], heirs: Heirs) -> None:
        newest: dict[_Ends, Decision] = {}
        self._moved: set[_Ends] = set()
        self.lost: list[Link] = []
        """Decisions about what no document holds, as links with the ids as they were written."""
        about = (one for one in decisions if one.decision.kind == "alignment")
        for decision, source, target in sorted(about, key=lambda one: (one.decision.at, not _holds(one.decision))):
            said = "presumes" if decision.relation == "requires" else decision.relation or "teaches"
            stated, current = (source, said, target), (heirs.of(source), said, heirs.of(target))
            if not heirs.carries(decision, target, current[2]):
                current = (current[0], said, target)
            if current[0] not in heirs.nodes or current[2] not in heirs.nodes:
                self.lost.append(Link(decision.subject, said, decision.object, decision))
            for ends in (stated, current):
                if _can_align(heirs.nodes, ends):
                    newest[ends] = decision
            if stated != current:
                self._moved.add(stated)
        issues: dict[tuple[str, ...], Issue] = {}
        self._decided = {ends: _alignment(one, issues) if _holds(one) else None for ends, one in newest.items()}
        self._met: set[_Ends] = set()
        if issues:
            raise DocumentError(list(issues.values()), "decisions")

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
            if decided is not None and ends not in self._met and ends not in self._moved:
                yield Link(*ends, decided.replace(target=ends[2]))


def _can_align(nodes: Mapping[str, Node], ends: _Ends) -> bool:
    """Return whether an alignment may have these ends: only assets are aligned, with capabilities and behaviors."""
    return isinstance(nodes.get(ends[0]), LearningAsset) and isinstance(nodes.get(ends[2]), Capability | Behavior)


def _holds(decision: Decision) -> bool:
    """Return whether a decision says that its ends have to do with one another, or are the same."""
    return decision.verdict in {"accepted", "same"}


def _levels(decided: Alignment) -> dict[str, int | str | None]:
    """Return the levels that were decided, which are on the scale of the capability; nothing where none were."""
    if decided.level_from is None and decided.level_to is None:
        return {}
    return {"level_from": decided.level_from, "level_to": decided.level_to, "scale": None}


def _alignment(decision: Decision, issues: dict[tuple[str, ...], Issue]) -> Alignment | None:
    """Return the alignment that a decision states; where it states none, note why."""
    names = ("level_from", "level_to", "label")
    stated = {name: getattr(decision, name) for name in names} | {"relation": decision.relation or "teaches"}
    try:
        return Alignment.model_validate({"target": decision.object, **stated})
    except DocumentError as error:
        for issue in error.issues:
            text = f"{decision.subject!r}, by the decision of {decision.at.isoformat()}: {issue.message}"
            issues[decision.subject, decision.object, text] = Issue(
                issue.code, text, (decision.subject, decision.object), issue.where, issue.hint
            )
        return None
