"""Which part of which document has which table: the one list from which tables, saving and loading follow."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from capgraph.model import (
    Agenda,
    Alignment,
    Behavior,
    Capability,
    CapabilityLevel,
    Catalog,
    Challenge,
    Crosswalk,
    Decision,
    Decisions,
    Document,
    Evidence,
    Finding,
    Framework,
    LearningAsset,
    Mapping,
    Measurement,
    Metric,
    Model,
    Person,
    ProficiencyLevel,
    ProficiencyScale,
    Relation,
    Requirement,
    RoleProfile,
    Team,
    Translation,
    Workforce,
)
from capgraph.store.fields import Fields


@dataclass(frozen=True)
class Part:
    """A part of a document, or of a member of one, and the table that keeps its rows."""

    name: str
    """The name of the view over the newest state; the table is ``<name>_history``."""
    field: str
    """The field of the document, or of the member around it, that holds these parts."""
    model: type[Model]
    """The model of one part."""
    key: tuple[str, ...] = ("id",)
    """The columns that tell one from another inside what is around it."""
    parts: tuple[Part, ...] = ()
    """The parts inside it that have tables of their own."""
    numbered: bool = False
    """Whether entries may share their key, so that ``position`` counts those with the same one from 0."""

    @cached_property
    def fields(self) -> Fields:
        """The columns of the table that hold the model's fields."""
        return Fields([self.model], apart={part.field for part in self.parts}, as_json=not self.is_member)

    @property
    def is_member(self) -> bool:
        """Whether it is a member: it has an id, and rows in other tables belong to it."""
        return self.model in _MEMBERS


_MEMBERS = {
    ProficiencyScale,
    Capability,
    Behavior,
    RoleProfile,
    LearningAsset,
    Person,
    Team,
    Challenge,
    Metric,
    Measurement,
}

TRANSLATION = Part("translation", "translations", Translation, ("language",), numbered=True)

PARTS: dict[type[Document], tuple[Part, ...]] = {
    Framework: (
        Part(
            "scale",
            "scales",
            ProficiencyScale,
            parts=(Part("scale_level", "levels", ProficiencyLevel, ("rank",)),),
        ),
        Part(
            "capability",
            "capabilities",
            Capability,
            parts=(Part("capability_level", "levels", CapabilityLevel, ("level",), numbered=True), TRANSLATION),
        ),
        Part("behavior", "behaviors", Behavior, parts=(TRANSLATION,)),
        Part(
            "role",
            "roles",
            RoleProfile,
            parts=(Part("requirement", "requirements", Requirement, ("capability",)), TRANSLATION),
        ),
        Part("relation", "relations", Relation, ("subject", "predicate", "object")),
    ),
    Catalog: (
        Part(
            "asset",
            "assets",
            LearningAsset,
            parts=(
                Part("alignment", "alignments", Alignment, ("target", "relation", "level_from", "level_to")),
                TRANSLATION,
            ),
        ),
    ),
    Workforce: (
        Part("team", "teams", Team),
        Part("person", "people", Person),
        Part("evidence", "evidence", Evidence),
    ),
    Agenda: (
        Part(
            "challenge",
            "challenges",
            Challenge,
            parts=(Part("finding", "diagnosis", Finding, (), numbered=True), TRANSLATION),
        ),
        Part("metric", "metrics", Metric),
        Part("measurement", "measurements", Measurement),
    ),
    Crosswalk: (
        Part(
            "mapping",
            "mappings",
            Mapping,
            ("subject", "predicate", "object", "negated", "justification", "author"),
        ),
    ),
    Decisions: (Part("decision", "decisions", Decision, ("kind", "subject", "object", "relation", "at")),),
}
"""The tables of each kind of document, in the order in which they build on one another."""

KINDS: dict[str, type[Document]] = {model.kind: model for model in PARTS}

HEADER = Fields(list(PARTS), apart={part.field for parts in PARTS.values() for part in parts}, as_json=True)
"""The columns that hold what a document says of itself, beside its members."""
