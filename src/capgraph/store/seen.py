"""What one store has seen of a document: the revision, and the members that it had then."""

from __future__ import annotations

import weakref
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from capgraph.store.rows import members_of

if TYPE_CHECKING:
    from capgraph.model import Document, Node


@dataclass(frozen=True, slots=True)
class Seen:
    """The newest revision of a document that was loaded or saved, and the members that it had, held weakly.

    A document that was made from it by `replace` shares every member that did not change, so that these need no look
    at their content.
    """

    number: int = 0
    """The number of the revision."""
    nodes: dict[int, weakref.ref[Node]] = field(default_factory=dict)
    """The members by their identity in memory; a reference to one that is gone leads to nothing."""

    @classmethod
    def of(cls, number: int, document: Document) -> Seen:
        """Return what was seen of a document at a revision."""
        return cls(number, {id(node): weakref.ref(node) for _, node in members_of(document)})

    def has(self, node: Node) -> bool:
        """Return whether this very member was there."""
        reference = self.nodes.get(id(node))
        return reference is not None and reference() is node


NOTHING = Seen()
"""What a store has seen of a document that it neither loaded nor saved."""
