"""A part of ESCO: some occupations with the skills that they need, or some skills and who needs them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from capgraph.formats.draft import Draft
    from capgraph.model import Framework

_ISCO = "http://data.europa.eu/esco/isco/C"


@dataclass(frozen=True, slots=True)
class Selection:
    """What of ESCO is wanted."""

    isco: str = ""
    """Occupations below this ISCO code."""
    occupations: frozenset[str] = frozenset()
    """These occupations."""
    collection: str = ""
    """The skills of this collection."""


def selected(draft: Draft[Framework], wanted: Selection) -> Draft[Framework]:
    """Return the draft with what is wanted, what that needs, and everything broader; the rest is taken out."""
    if wanted == Selection():
        return draft
    capabilities, roles = draft.tables["capabilities"], draft.tables["roles"]
    skills = {id_ for id_, record in capabilities.items() if _collected(record, wanted.collection)}
    chosen = {id_ for id_, record in roles.items() if _is_chosen(id_, record, wanted, skills)}
    if not wanted.collection:
        skills = {item["capability"] for id_ in chosen for item in roles[id_].get("requirements", ())}
    _keep(roles, chosen)
    _keep(capabilities, skills)
    _prune(draft)
    return draft


def _prune(draft: Draft[Framework]) -> None:
    """Take out the requirements and relations whose capabilities are gone."""
    capabilities = draft.tables["capabilities"]
    for record in draft.tables["roles"].values():
        if "requirements" in record:
            record["requirements"] = [item for item in record["requirements"] if item["capability"] in capabilities]
    draft.tables["relations"] = {
        key: relation
        for key, relation in draft.tables["relations"].items()
        if relation["subject"] in capabilities and relation["object"] in capabilities
    }


def _collected(record: dict[str, Any], collection: str) -> bool:
    """Return whether a skill belongs to the collection."""
    return bool(collection) and collection in record.get("extensions", {}).get("esco", {}).get("collections", ())


def _is_chosen(id_: str, record: dict[str, Any], wanted: Selection, skills: set[str]) -> bool:
    """Return whether an occupation is wanted by its code, by itself, or for a skill that it needs."""
    code = record.get("extensions", {}).get("esco", {}).get("iscoGroup") or record.get("notation", "")
    if wanted.isco:
        return id_.startswith(_ISCO + wanted.isco) or code.startswith(wanted.isco)
    if wanted.occupations:
        return id_ in wanted.occupations
    return any(item["capability"] in skills for item in record.get("requirements", ()))


def _keep(records: dict[str, dict[str, Any]], wanted: Iterable[str]) -> None:
    """Take out what is neither wanted nor broader than something wanted."""
    pending, kept = list(wanted), set[str]()
    while pending:
        id_ = pending.pop()
        if id_ in records and id_ not in kept:
            kept.add(id_)
            pending.extend(records[id_].get("broader", ()))
    for id_ in [id_ for id_ in records if id_ not in kept]:
        del records[id_]
