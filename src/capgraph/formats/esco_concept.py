"""A concept of ESCO as a record: the fields that its row holds, whatever file it stands in."""

from __future__ import annotations

from typing import Any

_TAKEN = {
    *("conceptUri", "preferredLabel", "altLabels", "hiddenLabels", "description", "code", "inScheme"),
    *("conceptType", "skillType", "status"),
}
"""The columns that fields of ours hold, or that are looked at below."""
EXPECTED = {
    "conceptType": {"", "KnowledgeSkillCompetence", "SkillGroup", "Occupation", "ISCOGroup"},
    "skillType": {"", "skill/competence", "knowledge"},
    "status": {"", "released"},
}
"""The words that say nothing beyond the kind and the status of a concept; others are kept."""


def record_of(row: dict[str, str], *, kind: str, others: list[str]) -> dict[str, Any]:
    """Return the fields of a concept.

    Parameters
    ----------
    row : dict
        Its cells by column.
    kind : str
        The kind of its file; what is known, not done, becomes ``knowledge``.
    others : list of str
        Its alternative labels.
    """
    record: dict[str, Any] = {
        "id": row["conceptUri"],
        "label": row["preferredLabel"],
        "kind": "knowledge" if row.get("skillType") == "knowledge" else kind,
        "description": row.get("description", ""),
        "notation": row.get("code", ""),
        "alternative_labels": others,
        "status": "active" if row.get("status", "released") in {"released", ""} else "deprecated",
    }
    if kept := _kept(row):
        record["extensions"] = {"esco": kept}
    return record


def _kept(row: dict[str, str]) -> dict[str, Any]:
    """Return what no field holds, unknown columns too; schemes stand on lines of their own, with or without commas."""
    kept: dict[str, Any] = {name: cell for name, cell in row.items() if cell and name not in _TAKEN}
    kept |= {name: row[name] for name, words in EXPECTED.items() if row.get(name, "") not in words}
    if row.get("inScheme"):
        kept["inScheme"] = [scheme for part in row["inScheme"].split("\n") if (scheme := part.strip(" ,"))]
    return kept


def translation_of(row: dict[str, str], *, language: str, others: list[str]) -> dict[str, Any]:
    """Return the texts of a concept in another language."""
    texts = {"language": language, "label": row["preferredLabel"], "description": row.get("description") or None}
    return {**texts, "alternative_labels": others}
