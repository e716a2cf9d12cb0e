"""Crosswalk: how the entries of one framework relate to those of another."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, ClassVar, Literal

from pydantic import model_validator

from capgraph.model.base import Document, Extensions, Id, Model, Provenance, Share, Text, sorted_by
from capgraph.model.frozen import FrozenMapping
from capgraph.model.integrity import duplicate_keys, refuse

Predicate = Literal["exact", "close", "broad", "narrow", "related"]
"""What the object is for the subject: the same, nearly the same, a broader, a narrower or a related entry."""


class Mapping(Model):
    """One entry of one framework related to one of another."""

    subject: Id
    """The entry that is mapped."""
    predicate: Predicate
    """What the object is for the subject; ``broad`` says that the object is the broader one."""
    object: Id
    """The entry that it is mapped to."""
    negated: bool = False
    """Whether it says that the relation does *not* hold."""
    confidence: Share | None = None
    """How sure the one is who stated it, from 0 to 1; None counts as 1."""
    justification: Text = ""
    """How it came about; an SSSOM justification where there is one."""
    subject_label: Text = ""
    """The label of the subject when it was mapped."""
    object_label: Text = ""
    """The label of the object when it was mapped."""
    author: Text = ""
    """Who stated it, as an organization, function or tool."""
    reviewer: Text = ""
    """Who checked it."""
    date: dt.date | None = None
    """When it was stated."""
    tool: Text = ""
    """The tool that proposed it."""
    comment: Text = ""
    """What its author adds in words."""
    provenance: tuple[Provenance, ...] = ()
    """Where the mapping comes from."""
    extensions: Extensions = FrozenMapping()
    """What a source format holds and the model does not."""


def _mapping_key(mapping: Mapping) -> tuple[str, str, str, bool, str, str]:
    """Return what identifies a mapping: the same statement by another method or author is another mapping."""
    return (
        mapping.subject,
        mapping.predicate,
        mapping.object,
        mapping.negated,
        mapping.justification,
        mapping.author,
    )


class Crosswalk(Document):
    """Mappings from one framework to another.

    Subjects and objects are held by other documents.

    Raises
    ------
    DocumentError
        When the same statement, by the same author and method, stands twice.
    """

    kind: ClassVar[str] = "crosswalk"
    tables: ClassVar[tuple[str, ...]] = ("mappings",)

    subject_source: Id | None = None
    """The framework of the subjects."""
    object_source: Id | None = None
    """The framework of the objects."""
    mappings: Annotated[tuple[Mapping, ...], sorted_by(_mapping_key)] = ()
    """The mappings, by subject, predicate and object."""

    @model_validator(mode="after")
    def _is_consistent(self) -> Crosswalk:
        """Refuse the same statement twice."""
        refuse(self, duplicate_keys(self.id, "mappings", map(_mapping_key, self.mappings)))
        return self
