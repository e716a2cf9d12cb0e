"""Workforce skills taxonomies and capability frameworks as data: gaps, pathways, redundancy.

Documents (`Framework`, `Catalog`, `Workforce`, `Agenda`, `Crosswalk`, `Decisions`) are frozen data, a
`CapabilityGraph` is an index of them, and questions (`gap`, `learning_path`, `duplicates`, …) are functions of the
graph that return a `Report`.  Files are read with ``read_…`` and written with `write`; `Store` keeps documents in a
database.  Smaller model parts are in ``capgraph.model``, errors in ``capgraph.errors``, pictures in ``capgraph.plot``.
"""

from __future__ import annotations

import logging
import warnings
from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

logging.getLogger("capgraph").addHandler(logging.NullHandler())

if TYPE_CHECKING:
    from capgraph import errors as errors
    from capgraph import formats as formats
    from capgraph import ingest as ingest
    from capgraph import model as model
    from capgraph import plot as plot
    from capgraph import store as store
    from capgraph.analysis.adjacent_roles import adjacent_roles as adjacent_roles
    from capgraph.analysis.attainment import EvidencePolicy as EvidencePolicy
    from capgraph.analysis.career_path import career_path as career_path
    from capgraph.analysis.change import diff as diff
    from capgraph.analysis.check import check as check
    from capgraph.analysis.consolidation import consolidation as consolidation
    from capgraph.analysis.coverage import coverage as coverage
    from capgraph.analysis.crosswalking import suggest_crosswalk as suggest_crosswalk
    from capgraph.analysis.curriculum import curriculum as curriculum
    from capgraph.analysis.dominance import dominated as dominated
    from capgraph.analysis.gap import gap as gap
    from capgraph.analysis.impact import impact as impact
    from capgraph.analysis.learning_path import learning_path as learning_path
    from capgraph.analysis.matching import suggest_alignments as suggest_alignments
    from capgraph.analysis.matching import suggest_requirements as suggest_requirements
    from capgraph.analysis.migration import migrate as migrate
    from capgraph.analysis.overlap import overlap as overlap
    from capgraph.analysis.redundancy import duplicates as duplicates
    from capgraph.analysis.role_distance import role_distance as role_distance
    from capgraph.analysis.scenario import what_if as what_if
    from capgraph.analysis.successors import successors as successors
    from capgraph.analysis.team_gap import team_gap as team_gap
    from capgraph.analysis.traceability import traceability as traceability
    from capgraph.analysis.workforce import workforce_gap as workforce_gap
    from capgraph.files import read as read
    from capgraph.files import read_agenda as read_agenda
    from capgraph.files import read_catalog as read_catalog
    from capgraph.files import read_crosswalk as read_crosswalk
    from capgraph.files import read_decisions as read_decisions
    from capgraph.files import read_framework as read_framework
    from capgraph.files import read_workforce as read_workforce
    from capgraph.files import reading as reading
    from capgraph.files import write as write
    from capgraph.graph import CapabilityGraph as CapabilityGraph
    from capgraph.ingest import import_catalog as import_catalog
    from capgraph.ingest import import_completions as import_completions
    from capgraph.ingest import import_evidence as import_evidence
    from capgraph.ingest import import_people as import_people
    from capgraph.model import Agenda as Agenda
    from capgraph.model import Alignment as Alignment
    from capgraph.model import Behavior as Behavior
    from capgraph.model import Capability as Capability
    from capgraph.model import Catalog as Catalog
    from capgraph.model import Condition as Condition
    from capgraph.model import Crosswalk as Crosswalk
    from capgraph.model import Decision as Decision
    from capgraph.model import Decisions as Decisions
    from capgraph.model import Evidence as Evidence
    from capgraph.model import Framework as Framework
    from capgraph.model import LearningAsset as LearningAsset
    from capgraph.model import Person as Person
    from capgraph.model import ProficiencyLevel as ProficiencyLevel
    from capgraph.model import ProficiencyScale as ProficiencyScale
    from capgraph.model import Requirement as Requirement
    from capgraph.model import RoleProfile as RoleProfile
    from capgraph.model import Workforce as Workforce
    from capgraph.samples import sample as sample
    from capgraph.store import Store as Store

_HOMES = {
    "capgraph.analysis.adjacent_roles": ("adjacent_roles",),
    "capgraph.analysis.attainment": ("EvidencePolicy",),
    "capgraph.analysis.career_path": ("career_path",),
    "capgraph.analysis.change": ("diff",),
    "capgraph.analysis.check": ("check",),
    "capgraph.analysis.consolidation": ("consolidation",),
    "capgraph.analysis.coverage": ("coverage",),
    "capgraph.analysis.dominance": ("dominated",),
    "capgraph.analysis.curriculum": ("curriculum",),
    "capgraph.analysis.gap": ("gap",),
    "capgraph.analysis.impact": ("impact",),
    "capgraph.analysis.learning_path": ("learning_path",),
    "capgraph.analysis.migration": ("migrate",),
    "capgraph.analysis.role_distance": ("role_distance",),
    "capgraph.analysis.scenario": ("what_if",),
    "capgraph.analysis.successors": ("successors",),
    "capgraph.analysis.crosswalking": ("suggest_crosswalk",),
    "capgraph.analysis.matching": ("suggest_alignments", "suggest_requirements"),
    "capgraph.analysis.overlap": ("overlap",),
    "capgraph.analysis.redundancy": ("duplicates",),
    "capgraph.analysis.team_gap": ("team_gap",),
    "capgraph.analysis.traceability": ("traceability",),
    "capgraph.analysis.workforce": ("workforce_gap",),
    "capgraph.files": (
        "read",
        "read_agenda",
        "read_catalog",
        "read_crosswalk",
        "read_decisions",
        "read_framework",
        "read_workforce",
        "reading",
        "write",
    ),
    "capgraph.graph": ("CapabilityGraph",),
    "capgraph.ingest": ("import_catalog", "import_completions", "import_evidence", "import_people"),
    "capgraph.model": (
        "Agenda",
        "Alignment",
        "Behavior",
        "Capability",
        "Catalog",
        "Condition",
        "Crosswalk",
        "Decision",
        "Decisions",
        "Evidence",
        "Framework",
        "LearningAsset",
        "Person",
        "ProficiencyLevel",
        "ProficiencyScale",
        "Requirement",
        "RoleProfile",
        "Workforce",
    ),
    "capgraph.samples": ("sample",),
    "capgraph.store": ("Store",),
}
_MODULES = ("errors", "model")
_ROOMS = ("formats", "ingest", "plot", "store")
"""Modules that are reached as ``capgraph.plot`` without an import of their own."""
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}
_RENAMED: dict[str, tuple[str, str]] = {}
"""Deprecated names: the successor of each, and the release that removes the old name."""

__all__ = [*_MODULES, *_HOME_OF]  # noqa: PLE0604  # pyright: ignore[reportUnsupportedDunderAll] - the tables above decide


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    """Load a public name on first use (PEP 562)."""
    if name in _RENAMED:
        successor, release = _RENAMED[name]
        message = f"capgraph.{name} is now capgraph.{successor}; the old name goes in {release}"
        warnings.warn(message, DeprecationWarning, stacklevel=2)
        return __getattr__(successor)
    if name in _MODULES or name in _ROOMS:
        value = import_module(f"capgraph.{name}")
    elif name in _HOME_OF:
        value = getattr(import_module(_HOME_OF[name]), name)
    else:
        message = f"module 'capgraph' has no attribute {name!r}"
        raise AttributeError(message)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted({*__all__, "__version__"})
