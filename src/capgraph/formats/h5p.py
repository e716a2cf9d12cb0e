"""H5P packages: ``h5p.json`` with the title and the type of one interactive content, read as one learning asset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from capgraph.errors import Issue, ParseError
from capgraph.formats import packages
from capgraph.formats.jsontext import load_json
from capgraph.formats.lom import is_language
from capgraph.formats.markup import plain_text
from capgraph.formats.record import Format, Sniff

if TYPE_CHECKING:
    from capgraph.formats.content import Content
    from capgraph.formats.conversion import Ledger
    from capgraph.model import Catalog, LearningAsset

STRUCTURE = "h5p.json"
_KINDS = {
    "video": "video", "interactivevideo": "video", "audio": "podcast", "quiz": "assessment",
    "questionset": "assessment", "multichoice": "assessment", "truefalse": "assessment", "essay": "assessment",
    "singlechoiceset": "assessment", "blanks": "assessment", "summary": "assessment", "text": "reading",
    "advancedtext": "reading", "documentationtool": "job_aid",
}  # fmt: skip


def sniff(content: Content, kind: str) -> Sniff:
    """Return whether this is an H5P package: one with ``h5p.json``."""
    return packages.by_name(content, kind, STRUCTURE)


def reader(content: Content, ledger: Ledger) -> Catalog:
    """Return the catalog with the content of a package."""
    return packages.catalog("h5p", [course(content)], ledger, content.name)


def course(content: Content) -> LearningAsset:
    """Return the content of a package; people who wrote it are left out.

    Raises
    ------
    ParseError
        When ``h5p.json`` is no JSON object.
    """
    path = packages.found(content, STRUCTURE)
    stated = load_json(packages.small_file(content, path))
    if not isinstance(stated, dict):
        hint = "export it again"
        raise ParseError([Issue("no-course", "the file describes no content", where=path, hint=hint)])
    record = packages.blank("h5p")
    record["title"] = plain_text(_text(stated, "extraTitle") or _text(stated, "title"))
    language = _text(stated, "defaultLanguage") or _text(stated, "language")
    record["language"] = language if is_language(language) and language != "und" else None
    record["description"] = plain_text(_text(stated, "metaDescription"))
    record["keywords"] = [word.strip() for word in _text(stated, "metaKeywords").split(",") if word.strip()]
    library = _text(stated, "mainLibrary")
    record["kind"] = _KINDS.get(library.rpartition(".")[2].lower(), "other")
    license_ = " ".join(filter(None, [_text(stated, "license"), _text(stated, "licenseVersion")]))
    record["extensions"] |= {"library": library, "license": "" if license_ == "U" else license_}
    return packages.asset(record, key="", content=content, place=path)


def _text(stated: dict[str, Any], name: str) -> str:
    """Return a text of the description; empty where there is none."""
    value = stated.get(name)
    return value.strip() if isinstance(value, str) else ""


FORMAT = Format(
    name="h5p",
    title="H5P package",
    extensions=(".h5p",),
    reads=("catalog",),
    sniff=sniff,
    reader=reader,
    notes="h5p.json; one interactive content a package",
    fixture="files written after the documentation",
)
