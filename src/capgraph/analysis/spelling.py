"""Spelling: one identity, an IRI, written as it stands or as a CURIE of any document's prefixes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from capgraph.model import Document

    Prefixes = Mapping[str, str]
    """What prefixes stand for."""
    Reader = Callable[[str], str]
    """Returns the IRI that an id stands for."""


def reader(*prefixes: Prefixes) -> Reader:
    """Return the function that expands ids; of several bindings of a prefix the first counts."""
    bound = {name: base for bindings in reversed(prefixes) for name, base in bindings.items()}
    if not bound:
        return str

    def read(id_: str) -> str:
        """Return the IRI of an id."""
        prefix, _, local = id_.partition(":")
        base = bound.get(prefix)
        return id_ if base is None else base + local

    return read


def readers(a: Document, b: Document) -> tuple[Reader, Reader]:
    """Return the functions that expand the ids of two versions; each reads what it does not declare as the other."""
    return reader(a.prefixes, b.prefixes), reader(b.prefixes, a.prefixes)


class Spelling:
    """How a document writes the ids of two versions of another one.

    Parameters
    ----------
    own : mapping of str to str
        The prefixes of the document; what it does not declare it reads as the old version does.
    old : mapping of str to str
        The prefixes of the old version.
    new : mapping of str to str
        The prefixes of the new version.
    """

    def __init__(self, own: Prefixes, old: Prefixes, new: Prefixes) -> None:
        self._read = reader(own, old, new)
        self._old = reader(old, new)
        self._new = reader(new, old)
        self._bases = {**new, **old, **own}
        self._then = {**new, **own}

    def ways(self, id_: str) -> tuple[str, ...]:
        """Return every way in which the document may write an id of the old version."""
        iri = self._old(id_)
        short = (f"{name}:{iri.removeprefix(base)}" for name, base in self._bases.items() if iri.startswith(base))
        return tuple(way for way in dict.fromkeys((id_, iri, *short)) if self._read(way) == iri)

    def written(self, id_: str, like: str) -> str:
        """Return an id of the new version as the document writes it: with the prefix of another id, or in full as it.

        Where that cannot be, it is written as the new version does, or in full where that would mean something else.
        """
        iri = self._new(id_)
        prefix = like.partition(":")[0]
        base = self._then.get(prefix)
        if base is not None and iri.startswith(base):
            return f"{prefix}:{iri.removeprefix(base)}"
        return id_ if reader(self._then)(id_) == iri else iri
