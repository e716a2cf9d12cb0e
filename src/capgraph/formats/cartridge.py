"""IMS Common Cartridge 1.0 to 1.4: a packed course whose metadata name curriculum standards by GUID."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from capgraph.formats import packages
from capgraph.formats.lom import described
from capgraph.formats.record import NO, Format, Sniff
from capgraph.formats.scorm import MANIFEST, default_organization, metadata
from capgraph.formats.xmltext import attribute, child, children, descendants, text_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from capgraph.formats.content import Content
    from capgraph.formats.conversion import Ledger
    from capgraph.model import Catalog, LearningAsset

_GUID = re.compile(
    r"[{(]?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})[})]?", re.IGNORECASE
)
_OUTCOMES = "learning_outcomes.xml"
_SETTINGS = "course_settings.xml"


def sniff(content: Content, kind: str) -> Sniff:
    """Return whether this is a common cartridge: a manifest that says so."""
    path = packages.found(content, MANIFEST)
    if not path or kind not in {"", "catalog"}:
        return NO
    head = content.head(path).lower()
    return (
        Sniff(0.97, ("its manifest is a Common Cartridge",))
        if b"imsccv1p" in head or b"common cartridge" in head
        else NO
    )


def reader(content: Content, ledger: Ledger) -> Catalog:
    """Return the catalog with the course of a cartridge."""
    return packages.catalog("common-cartridge", [course(content)], ledger, content.name)


def course(content: Content) -> LearningAsset:
    """Return the course of a cartridge.

    Raises
    ------
    ParseError
        When the manifest is missing, hostile or broken.
    """
    path = packages.found(content, MANIFEST)
    root = packages.xml_file(content, path)
    record = packages.blank("common-cartridge")
    for lom in metadata(content, path, root, record):
        described(lom, record)
    _standards(root, record)
    outcomes = packages.found(content, _OUTCOMES)
    if outcomes:
        record["extensions"]["outcomes"] = _outcomes(packages.xml_file(content, outcomes))
    items = [text_of(child(item, "title")) for item in descendants(default_organization(root), "item")]
    record["extensions"] |= {
        "version": text_of(child(root, "metadata", "schemaversion")),
        "identifier": attribute(root, "identifier"),
        "items": [item for item in items if item],
        "resources": len(children(child(root, "resources"), "resource")),
    }
    _settings(content, record)
    title = record.get("title", "")
    key = packages.own_key(attribute(root, "identifier"), title) or title
    return packages.asset(record, key=key, content=content, place=path)


def _settings(content: Content, record: dict[str, Any]) -> None:
    """Add what the settings of a Canvas course say: its title where the manifest states none, its code, its start."""
    path = packages.found(content, _SETTINGS)
    if not path:
        return
    root = packages.xml_file(content, path)
    if not record.get("title"):
        record["title"] = text_of(child(root, "title"))
    record["extensions"]["course_code"] = text_of(child(root, "course_code"))
    record["extensions"]["start"] = text_of(child(root, "start_at"))


def _standards(root: Element, record: dict[str, Any]) -> None:
    """Add an alignment for every standard that the metadata name by GUID."""
    for item in descendants(root, "labelledguid"):
        label = text_of(child(item, "label"))
        for guid in children(item, "guid"):
            found = _GUID.search(text_of(guid))
            if found:
                target = f"urn:uuid:{'-'.join(found.groups()).lower()}"
                stated = {"target": target, "relation": "teaches", "state": "proposed", "label": label}
                record["alignments"].append(stated | {"method": "curriculum standard"})


def _outcomes(root: Element) -> list[dict[str, str]]:
    """Return the learning outcomes of a Canvas course."""
    return [
        {"id": attribute(item, "identifier"), "title": text_of(child(item, "title"))}
        for item in descendants(root, "learningoutcome")
    ]


FORMAT = Format(
    name="common-cartridge",
    title="IMS Common Cartridge",
    extensions=(".imscc", ".zip"),
    reads=("catalog",),
    sniff=sniff,
    reader=reader,
    notes="one course a cartridge; standards by GUID",
    fixture="files written after the documentation",
)
