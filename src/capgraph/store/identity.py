"""Ids as they may be written: identity is the IRI, and a document may write it as a CURIE of its prefixes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import sqlalchemy as sa

from capgraph.store.arguments import as_text
from capgraph.store.tables import DOCUMENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Prefixes = frozenset[tuple[str, str]]
"""Pairs of a prefix and what it stands for."""


def stored_prefixes(connection: sa.Connection, document: int) -> Prefixes:
    """Return every prefix that a document declares or has declared."""
    query = sa.select(DOCUMENT.c.prefixes).where(DOCUMENT.c.document == document, DOCUMENT.c.prefixes.is_not(None))
    return frozenset(pair for text in connection.scalars(query) for pair in json.loads(text).items())


def spellings(id_: str, prefixes: Iterable[tuple[str, str]]) -> set[str]:
    """Return every way in which a document with these prefixes may write an id.

    Examples
    --------
    >>> sorted(spellings("p:amina", [("p", "https://example.org/p/")]))
    ['https://example.org/p/amina', 'p:amina']
    """
    prefix, _, local = as_text(id_, "id").partition(":")
    iris = {id_, *(base + local for name, base in prefixes if name == prefix)}
    short = {f"{name}:{iri[len(base) :]}" for name, base in prefixes for iri in iris if iri.startswith(base)}
    return iris | short


def expanded(id_: str, prefixes: Mapping[str, str]) -> str:
    """Return the IRI that an id stands for."""
    prefix, _, local = id_.partition(":")
    return prefixes[prefix] + local if prefix in prefixes else id_
