"""The digests by which a save finds out which members changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from capgraph.store.revisions import digest
from capgraph.store.rows import members_of
from capgraph.store.seen import NOTHING, Seen

if TYPE_CHECKING:
    from capgraph.model import Document, Node
    from capgraph.store.layout import Part
    from capgraph.store.prepared import Prepared


class Mark(NamedTuple):
    """A member as it shall be."""

    part: Part
    """Where its rows are kept."""
    node: Node | Prepared
    """The member, or its rows."""
    digest: str | None
    """Its digest; None where it is known to be the one that is stored."""
    fingerprint: str | None = None
    """What the caller says that it was made from."""


Marked = dict[tuple[str, str], Mark]
"""The members of a document, by the name of their part and their id."""


def marked(document: Document, seen: Seen = NOTHING) -> Marked:
    """Return the members of a document with a digest of each that was not seen just so."""
    return {
        (part.name, member.id): Mark(part, member, None if seen.has(member) else mark_of(member))
        for part, member in members_of(document)
    }


def mark_of(member: Node) -> str:
    """Return the digest of a member."""
    return digest(member.__pydantic_serializer__.to_json(member, exclude_defaults=True))
