"""A concept of ESCO as a record: the fields that its row holds, whatever file it stands in."""

from __future__ import annotations

from typing import Any

_KEPT = ("reuseLevel", "modifiedDate", "regulatedProfessionNote", "scopeNote", "definition", "iscoGroup", "naceCode")


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
    """Return what no field holds; schemes are separated by line ends, with or without commas."""
    kept: dict[str, Any] = {column: row[column] for column in _KEPT if row.get(column)}
    if row.get("inScheme"):
        kept["inScheme"] = [scheme for part in row["inScheme"].split("\n") if (scheme := part.strip(" ,"))]
    return kept


def translation_of(row: dict[str, str], *, language: str, others: list[str]) -> dict[str, Any]:
    """Return the texts of a concept in another language."""
    texts = {"language": language, "label": row["preferredLabel"], "description": row.get("description") or None}
    return {**texts, "alternative_labels": others}
