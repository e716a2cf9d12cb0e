"""What `duplicates` looks into: the entries of one kind in a graph, in documents, or in a stream of assets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, NamedTuple

from capgraph.errors import ArgumentError
from capgraph.graph import CapabilityGraph
from capgraph.model import (
    Behavior,
    Capability,
    Catalog,
    Decisions,
    Document,
    Framework,
    LearningAsset,
    Node,
    RoleProfile,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Compared = Literal["assets", "capabilities", "behaviors"]
Part = LearningAsset | Capability | Behavior
Subject = CapabilityGraph | Document | Iterable[Document | Part]
_COMPARABLE = (LearningAsset, Capability, Behavior, Document)
_KINDS: dict[Compared, type[Node]] = {"assets": LearningAsset, "capabilities": Capability, "behaviors": Behavior}


class Held(NamedTuple):
    """One entry of what is looked into."""

    id: str
    """The id, as what holds it hands it out."""
    node: Node
    """The entry."""
    language: str
    """The language of the document that holds it; empty where none is stated."""
    home: str = ""
    """The id of the document that holds it; empty where none does."""


def held(subject: Subject, of: Compared) -> Iterator[Held]:
    """Yield the entries of one kind; those of other kinds are passed over.

    Raises
    ------
    ArgumentError
        When there is something that is no document and no entry of one, or `of` names no kind.
    """
    if of not in _KINDS:
        message = f"{of!r}: no kind of entry to compare; choose among {', '.join(_KINDS)}"
        raise ArgumentError(message)
    kind = _KINDS[of]
    if isinstance(subject, CapabilityGraph):
        for id_ in subject.ids(kind):
            home = subject.home(id_)
            yield Held(id_, subject[id_], _language(home), home.id)
    elif isinstance(subject, Document):
        yield from _members(subject, kind)
    else:
        for item in _items(subject):
            if isinstance(item, Document):
                yield from _members(item, kind)
            elif isinstance(item, kind):
                yield Held(item.id, item, "")


def decided(subject: Subject) -> list[Decisions]:
    """Return the decisions that come with what is looked into."""
    if isinstance(subject, CapabilityGraph):
        return [document for document in subject.documents.values() if isinstance(document, Decisions)]
    if isinstance(subject, list | tuple):
        return [item for item in subject if isinstance(item, Decisions)]
    return []


def spelling(subject: Subject) -> Callable[[str], str | None]:
    """Return what finds an id or IRI as the entries of a subject are spelled, and None for an unknown one.

    Entries that stand in no document have no prefixes, and so one spelling.
    """
    if isinstance(subject, CapabilityGraph):
        return lambda id_: subject.resolve(id_) if id_ in subject else None
    found = [subject] if isinstance(subject, Document) else subject if isinstance(subject, list | tuple) else []
    documents = [item for item in found if isinstance(item, Document)]
    known = {
        name: member.id
        for document in documents
        for table in document.tables
        for member in getattr(document, table)
        if isinstance(member, LearningAsset | Capability | Behavior | RoleProfile)
        for name in (document.iri(member.id), member.id)
    }
    return lambda id_: next((known[way] for way in (id_, *(one.iri(id_) for one in documents)) if way in known), None)


def again(subject: Subject) -> Subject:
    """Return what can be looked into more than once: an iterator is read into memory."""
    if isinstance(subject, CapabilityGraph | Document):
        return subject
    return list[Document | Part](_items(subject))


def _items(subject: object) -> Iterator[Document | Part]:
    """Yield the items of an iterable; refuse what is neither a document nor an entry of one."""
    items = None if isinstance(subject, str | bytes) or not isinstance(subject, Iterable) else subject
    if items is None:
        message = f"{subject!r}: not comparable; pass a graph, a document, documents, or assets"
        raise ArgumentError(message)
    for item in items:
        if not isinstance(item, _COMPARABLE):
            message = f"{item!r}: neither a document nor an asset; pass documents or assets"
            raise ArgumentError(message)
        yield item


def _members(document: Document, kind: type[Node]) -> Iterator[Held]:
    """Yield the entries of one kind that a document holds."""
    language = _language(document)
    for table in document.tables:
        for member in getattr(document, table):
            if isinstance(member, kind):
                yield Held(member.id, member, language, document.id)


def _language(document: Document) -> str:
    """Return the language of what a document holds."""
    return document.language if isinstance(document, Catalog | Framework) else ""
