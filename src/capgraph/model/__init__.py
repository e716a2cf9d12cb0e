"""Frozen documents; this room knows pydantic only."""

from capgraph.model.agenda import Agenda, Cause, Challenge, Finding, Measurement, Metric
from capgraph.model.base import (
    Described,
    Document,
    Model,
    Money,
    Node,
    OtherId,
    Provenance,
    Source,
    Status,
    Translation,
)
from capgraph.model.capability import (
    Behavior,
    Capability,
    CapabilityKind,
    CapabilityLevel,
    ProficiencyLevel,
    ProficiencyScale,
    ZeroMeans,
)
from capgraph.model.catalog import (
    Alignment,
    AlignmentRelation,
    AssetKind,
    Catalog,
    Condition,
    LearningAsset,
    ReviewState,
)
from capgraph.model.crosswalk import Crosswalk, Mapping, Predicate
from capgraph.model.decisions import Decision, Decisions
from capgraph.model.framework import Framework, Relation
from capgraph.model.frozen import FrozenMapping, thaw
from capgraph.model.role import Necessity, Requirement, RoleProfile
from capgraph.model.workforce import Evidence, EvidenceKind, Person, Team, Workforce

DOCUMENTS: tuple[type[Document], ...] = (Framework, Catalog, Workforce, Agenda, Crosswalk, Decisions)
"""The kinds of document, in the order in which they build on one another."""

__all__ = [
    "DOCUMENTS",
    "Agenda",
    "Alignment",
    "AlignmentRelation",
    "AssetKind",
    "Behavior",
    "Capability",
    "CapabilityKind",
    "CapabilityLevel",
    "Catalog",
    "Cause",
    "Challenge",
    "Condition",
    "Crosswalk",
    "Decision",
    "Decisions",
    "Described",
    "Document",
    "Evidence",
    "EvidenceKind",
    "Finding",
    "Framework",
    "FrozenMapping",
    "LearningAsset",
    "Mapping",
    "Measurement",
    "Metric",
    "Model",
    "Money",
    "Necessity",
    "Node",
    "OtherId",
    "Person",
    "Predicate",
    "ProficiencyLevel",
    "ProficiencyScale",
    "Provenance",
    "Relation",
    "Requirement",
    "ReviewState",
    "RoleProfile",
    "Source",
    "Status",
    "Team",
    "Translation",
    "Workforce",
    "ZeroMeans",
    "thaw",
]
