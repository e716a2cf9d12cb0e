"""schema.org JSON-LD for web pages: courses with what they teach, and occupations with their skills.

A level has no place on such an edge: it is written as a term of its own (``#level-3``), which is why this format is
only written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from capgraph.formats.jsontext import dump_json
from capgraph.formats.record import Format
from capgraph.model import Catalog

if TYPE_CHECKING:
    from capgraph.formats.conversion import Ledger
    from capgraph.model import Alignment, Document, Framework, LearningAsset, RoleProfile

_EDGES = {"teaches": "teaches", "assesses": "assesses", "requires": "competencyRequired"}


def write_schema_org(document: Catalog | Framework, ledger: Ledger) -> bytes:
    """Return the courses of a catalog, or the occupations and terms of a framework."""
    graph = _courses(document, ledger) if document.kind == "catalog" else _occupations(document, ledger)
    return dump_json({"@context": "https://schema.org", "@graph": graph})


def fit(document: Catalog | Framework, ledger: Ledger) -> Catalog | Framework:
    """Return the document as pages tell it: alignments that are accepted, and conditions that are lists of courses."""
    if not isinstance(document, Catalog):
        return document
    return document.model_copy(update={"assets": tuple(_told(asset, ledger) for asset in document.assets)})


def _told(asset: LearningAsset, ledger: Ledger) -> LearningAsset:
    """Return an asset with the alignments and the prerequisites that have words here."""
    changes: dict[str, Any] = {}
    told = tuple(item for item in asset.alignments if item.relation in _EDGES and item.state == "accepted")
    if left_out := len(asset.alignments) - len(told):
        changes["alignments"] = told
        ledger.note("dropped", "alignment", reason="mentioned, or not accepted", place=asset.id, count=left_out)
    condition = asset.prerequisites
    if condition is not None and not all(leaf.asset for leaf in condition.all_of or (condition,)):
        changes["prerequisites"] = None
        ledger.note("dropped", "asset.prerequisites", reason="no plain list of courses", place=asset.id)
    return asset.model_copy(update=changes)


def _courses(document: Any, ledger: Ledger) -> list[dict[str, Any]]:  # noqa: ANN401 - a catalog
    """Return the courses."""
    ledger.note("kept", "assets", count=len(document.assets))
    return [_course(asset, document) for asset in document.assets]


def _course(asset: LearningAsset, document: Document) -> dict[str, Any]:
    """Return one course."""
    told: dict[str, Any] = {
        "@type": "Course" if asset.kind in {"course", "program", "workshop", "webinar"} else "LearningResource",
        "@id": document.iri(asset.id),
        "name": asset.title,
        "inLanguage": asset.language or document.language,
    }
    optional = _optional(asset, document)
    for relation, name in _EDGES.items():
        found = [item for item in asset.alignments if item.relation == relation]
        optional[name] = [term for item in found for term in _terms(item, document)]
    return told | {name: value for name, value in optional.items() if value}


def _optional(asset: LearningAsset, document: Document) -> dict[str, Any]:
    """Return the properties that a course has only where they say something."""
    return {
        "description": asset.description,
        "courseCode": asset.notation,
        "url": asset.url,
        "keywords": list(asset.keywords),
        "provider": {"@type": "Organization", "name": asset.provider} if asset.provider else None,
        "timeRequired": _iso(asset.duration) if asset.duration else None,
        "isPartOf": [{"@id": document.iri(id_)} for id_ in asset.part_of],
        "coursePrerequisites": _prerequisites(asset, document),
    }


def _terms(item: Alignment, document: Document) -> list[dict[str, str]]:
    """Return the term that an alignment leads to, and one for the level reached."""
    target = document.iri(item.target)
    terms = [{"@type": "DefinedTerm", "@id": target, "name": item.label or item.target}]
    if item.level_to is not None:
        terms.append({"@type": "DefinedTerm", "@id": f"{target}#level-{item.level_to}", "termCode": str(item.level_to)})
    return terms


def _prerequisites(asset: LearningAsset, document: Document) -> list[dict[str, str]]:
    """Return the courses that all must be done before."""
    condition = asset.prerequisites
    if condition is None:
        return []
    leaves = condition.all_of or (condition,)
    return [{"@id": document.iri(leaf.asset)} for leaf in leaves if leaf.asset]


def _iso(minutes: float) -> str:
    """Return minutes as an ISO 8601 duration."""
    hours, rest = divmod(round(minutes), 60)
    return "PT" + (f"{hours}H" if hours else "") + (f"{rest}M" if rest or not hours else "")


def _occupations(document: Any, ledger: Ledger) -> list[dict[str, Any]]:  # noqa: ANN401 - a framework
    """Return the capabilities as terms of one set, and the roles as occupations."""
    own = document.iri(document.id)
    head = {"@type": "DefinedTermSet", "@id": own, "name": document.title or document.id}
    terms = [
        {
            "@type": "DefinedTerm",
            "@id": document.iri(item.id),
            "name": item.label,
            "inDefinedTermSet": {"@id": own},
            **({"termCode": item.notation} if item.notation else {}),
            **({"description": item.description} if item.description else {}),
        }
        for item in document.capabilities
    ]
    ledger.note("kept", "capabilities", count=len(terms))
    ledger.note("kept", "roles", count=len(document.roles))
    return [head, *terms, *(_occupation(role, document) for role in document.roles)]


def _occupation(role: RoleProfile, document: Document) -> dict[str, Any]:
    """Return one occupation with the skills that it needs."""
    told: dict[str, Any] = {"@type": "Occupation", "@id": document.iri(role.id), "name": role.label}
    told |= {"description": role.description} if role.description else {}
    told |= {"occupationalCategory": role.notation} if role.notation else {}
    skills = [{"@id": document.iri(item.capability)} for item in role.requirements]
    return told | ({"skills": skills} if skills else {})


FORMAT = Format(
    name="schema-org",
    title="schema.org (JSON-LD)",
    extensions=(".jsonld",),
    writes=("catalog", "framework"),
    carries={
        "catalog": frozenset({"assets", "prefixes"}),
        "asset": frozenset(
            {"kind", "description", "notation", "url", "language", "keywords", "provider", "duration", "part_of"}
            | {"prerequisites", "alignments"}
        ),
        "alignment": frozenset({"relation", "level_to", "label", "state"}),
        "framework": frozenset({"title", "capabilities", "roles", "prefixes"}),
        "capability": frozenset({"description", "notation"}),
        "role": frozenset({"description", "notation", "requirements"}),
    },
    writer=write_schema_org,
    fit=fit,
    notes="For web pages. A level is a term of its own.",
)
