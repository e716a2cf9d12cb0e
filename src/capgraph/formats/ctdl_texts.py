"""Texts of CTDL nodes: language maps read into labels and translations, and written back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from capgraph.formats.projection import part_of

if TYPE_CHECKING:
    from capgraph.formats.conversion import Ledger
    from capgraph.model import Capability, RoleProfile, Translation

KEYWORDS = "ceasn:conceptKeyword"


def listed(value: object) -> list[Any]:
    """Return several values as they are, one as a list."""
    return value if isinstance(value, list) else [] if value is None else [value]


def by_language(value: object) -> dict[str, list[str]]:
    """Return the texts of a value by language; a plain text has none."""
    if isinstance(value, Mapping):
        if "@value" in value:
            return {str(value.get("@language", "")): [str(value["@value"])]}
        return {said: [text for text in listed(texts) if isinstance(text, str)] for said, texts in value.items()}
    found: dict[str, list[str]] = {}
    for item in listed(value):
        if isinstance(item, str):
            found.setdefault("", []).append(item)
        elif isinstance(item, Mapping) and "@value" in item:
            found.setdefault(str(item.get("@language", "")), []).append(str(item["@value"]))
    return found


def own_tag(value: object, language: str) -> str:
    """Return the tag of the texts in a language: the same, else one of a region, else none."""
    tags = sorted(filled(value), key=lambda tag: (tag.lower() != language, tag == "", tag))
    return next((tag for tag in tags if tag == "" or tag.split("-")[0].lower() == language), "")


def filled(value: object) -> dict[str, list[str]]:
    """Return the texts of a value by language, without languages that say nothing."""
    return {tag: texts for tag, texts in by_language(value).items() if texts}


def labels_at(value: object, tag: str) -> list[str]:
    """Return the texts under a tag, else those without one."""
    found = filled(value)
    return found.get(tag) or found.get("", [])


def text_at(value: object, tag: str) -> str:
    """Return the first text under a tag, else the first without one; empty where there is none."""
    return next(iter(labels_at(value, tag)), "")


def text_of(value: object, language: str) -> str:
    """Return the first text in a language, else in any."""
    found = filled(value)
    return text_at(value, own_tag(value, language)) or next((text for texts in found.values() for text in texts), "")


def translations(fields: Mapping[str, object], own: str) -> list[dict[str, Any]]:
    """Return the texts under other tags: `fields` holds the values of label, description and alternative_labels."""
    found: dict[str, dict[str, Any]] = {}
    for field, value in fields.items():
        for tag, items in filled(value).items():
            if tag not in {own, ""}:
                known = found.setdefault(tag, {"language": tag})
                known[field] = items if field == "alternative_labels" else items[0]
    return [found[tag] for tag in sorted(found)]


def fitting(item: Capability | RoleProfile, said: str, ledger: Ledger, *, labels: bool) -> tuple[Translation, ...]:
    """Return the translations that a node can hold: not in the main language, not empty, other labels where it has any.

    Parameters
    ----------
    item : Capability or RoleProfile
        The entry.
    said : str
        The main language.
    ledger : Ledger
        Where the others are noted.
    labels : bool
        Whether the node holds other labels.
    """
    kept: list[Translation] = []
    for one in item.translations:
        others = one.alternative_labels if labels else ()
        cut = one.model_copy(update={"description": one.description or None, "alternative_labels": others})
        is_said = one.language.lower() == said
        if not is_said and (cut.label or cut.description or cut.alternative_labels):
            kept.append(cut)
    if tuple(kept) != item.translations:
        reason = "in the main language, or of what the node does not hold"
        ledger.note("dropped", f"{part_of(item)}.translations", reason=reason, place=item.id)
    return tuple(kept)


def texts_of(item: Capability | RoleProfile, said: str) -> tuple[dict[str, str], dict[str, str], dict[str, list[str]]]:
    """Return labels, descriptions and other labels of an entry by language."""
    labels, descriptions = {said: item.label}, {said: item.description} if item.description else {}
    others = {said: list(item.alternative_labels)} if item.alternative_labels else {}
    for one in item.translations:
        labels |= {one.language: one.label} if one.label else {}
        descriptions |= {one.language: one.description} if one.description else {}
        others |= {one.language: list(one.alternative_labels)} if one.alternative_labels else {}
    return labels, descriptions, others


def main_language(nodes: list[dict[str, Any]], ledger: Ledger) -> str:
    """Return the language that the nodes state first, else the one that most texts are in; others are noted."""
    items = [item for node in nodes for item in listed(node.get("ceasn:inLanguage"))]
    for item in items:
        if not _said(item):
            ledger.note("dropped", "ceasn:inLanguage", reason=f"{str(item)[:60]!r} is no language")
    stated = [said for item in items for said in _said(item)]
    main = stated[0].split("-")[0].lower() if stated else _most_used(nodes)
    for said in sorted({said for said in stated if said.lower() != main}):
        reason = f"{said}: the main language is {main}"
        ledger.note("normalized", "ceasn:inLanguage", reason=reason, count=stated.count(said))
    return main


def _most_used(nodes: list[dict[str, Any]]) -> str:
    """Return the language that most texts are in; English where none is stated."""
    terms = ("ceasn:competencyText", "ceasn:competencyLabel", "ceterms:name", "skos:prefLabel")
    tags = [tag for node in nodes for term in terms for tag in by_language(node.get(term)) if _said(tag)]
    counts = Counter(tag.split("-")[0].lower() for tag in tags)
    return max(sorted(counts), key=counts.__getitem__, default="en")


def _said(item: object) -> list[str]:
    """Return the language that a value of inLanguage states."""
    text = item.get("@id", "") if isinstance(item, Mapping) else item
    tag = str(text).rpartition("/")[2]
    return [tag] if tag.split("-")[0].isalpha() and len(tag.split("-")[0]) <= len("gsw") else []
