"""A part of ESCO: some occupations with the skills that they need, or some skills and who needs them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from capgraph.errors import Issue, ParseError

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
    """Return the draft with what is wanted, what that needs, and everything broader; the rest is taken out.

    Raises
    ------
    ParseError
        When an occupation, the code or the collection is not in the files.
    """
    if wanted == Selection():
        return draft
    _check(draft, wanted)
    capabilities, roles = draft.tables["capabilities"], draft.tables["roles"]
    skills = {id_ for id_, record in capabilities.items() if wanted.collection in _collections(record)}
    chosen = {id_ for id_, record in roles.items() if _is_chosen(id_, record, wanted, skills)}
    if wanted.isco or wanted.occupations:
        needed = {item["capability"] for id_ in chosen for item in roles[id_].get("requirements", ())}
        skills = skills & needed if wanted.collection else needed
    _keep(roles, chosen)
    _keep(capabilities, skills)
    _prune(draft)
    return draft


def _check(draft: Draft[Framework], wanted: Selection) -> None:
    """Refuse a selection that names what the files do not hold."""
    roles, hint = draft.tables["roles"], "give the files that hold it, or correct it"
    unknown = [
        Issue("unknown-occupation", f"{id_!r} is no occupation of these files", (id_,), hint=hint)
        for id_ in sorted(wanted.occupations - set(roles))
    ]
    if wanted.isco and not any(_is_below(id_, record, wanted.isco) for id_, record in roles.items()):
        text = f"{wanted.isco!r} is the beginning of no ISCO code of these files"
        unknown.append(Issue("unknown-code", text, (wanted.isco,), hint=hint))
    known = {name for record in draft.tables["capabilities"].values() for name in _collections(record)}
    if wanted.collection and wanted.collection not in known:
        text = f"{wanted.collection!r} is no collection of these files"
        told = f"there are {', '.join(sorted(known))}" if known else hint
        unknown.append(Issue("unknown-collection", text, (wanted.collection,), hint=told))
    if unknown:
        raise ParseError(unknown)


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


def _collections(record: dict[str, Any]) -> list[str]:
    """Return the collections that a skill belongs to."""
    found: list[str] = record.get("extensions", {}).get("esco", {}).get("collections", [])
    return found


def _is_below(id_: str, record: dict[str, Any], isco: str) -> bool:
    """Return whether the code of an occupation or of its group begins with an ISCO code."""
    code = record.get("extensions", {}).get("esco", {}).get("iscoGroup") or record.get("notation", "")
    return id_.startswith(_ISCO + isco) or code.startswith(isco)


def _is_chosen(id_: str, record: dict[str, Any], wanted: Selection, skills: set[str]) -> bool:
    """Return whether an occupation is wanted by its code, by itself, and for a skill that it needs."""
    if wanted.occupations and id_ not in wanted.occupations:
        return False
    if wanted.collection and not any(item["capability"] in skills for item in record.get("requirements", ())):
        return False
    return _is_below(id_, record, wanted.isco)


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
