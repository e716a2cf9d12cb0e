"""SCORM 1.2 and 2004: a packed course with ``imsmanifest.xml``, read as one learning asset.

The manifest may stand in a subfolder, describe itself in LOM inside or in a second file, and name objectives that lead
to competencies; items, resources and mastery scores are kept in the extensions.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from capgraph.errors import ParseError
from capgraph.formats import packages
from capgraph.formats.identity import is_id
from capgraph.formats.lom import described
from capgraph.formats.record import NO, Format, Sniff
from capgraph.formats.xmltext import attribute, child, children, descendants, local, namespace, text_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from capgraph.formats.content import Content
    from capgraph.formats.conversion import Ledger
    from capgraph.model import Catalog, LearningAsset

MANIFEST = "imsmanifest.xml"
_NEWER = ("imscp_v1p1", "adlcp_v1p3")


def sniff(content: Content, kind: str) -> Sniff:
    """Return whether this is a SCORM package: a manifest that is no common cartridge."""
    path = packages.found(content, MANIFEST)
    if not path or kind not in {"", "catalog"}:
        return NO
    head = content.head(path).lower()
    return NO if b"imsccv1p" in head or b"common cartridge" in head else Sniff(0.95, ("holds imsmanifest.xml",))


def reader(content: Content, ledger: Ledger) -> Catalog:
    """Return the catalog with the course of a package."""
    return packages.catalog("scorm", [course(content)], ledger, content.name)


def course(content: Content) -> LearningAsset:
    """Return the course of a package.

    Raises
    ------
    ParseError
        When the manifest is missing, hostile or broken.
    """
    path = packages.found(content, MANIFEST)
    root = packages.xml_file(content, path)
    record = packages.blank("scorm")
    organization = default_organization(root)
    title = text_of(child(organization, "title"))
    if title:
        record["title"] = title
    for lom in metadata(content, path, root, record):
        described(lom, record)
    _objectives(organization, record)
    record["extensions"].update(_structure(root, organization))
    items = record["extensions"]["items"]
    if not record.get("title") and len(items) == 1:
        record["title"] = items[0]
    key = packages.own_key(attribute(root, "identifier"), record.get("title", "")) or title
    return packages.asset(record, key=key, content=content, place=path)


def default_organization(root: Element) -> Element | None:
    """Return the organization that the manifest calls its default, else the first."""
    organizations = child(root, "organizations")
    wanted = attribute(organizations, "default")
    found = children(organizations, "organization")
    return next((item for item in found if attribute(item, "identifier") == wanted), found[0] if found else None)


def metadata(content: Content, path: str, root: Element, record: dict[str, Any]) -> list[Element]:
    """Return the metadata of the package: inside the manifest, or in the file that it names.

    A file that is missing or cannot be read is noted in the record; the manifest says enough without it.
    """
    own = child(root, "metadata")
    inside = [item for item in own if local(item) == "lom"] if own is not None else []
    if not inside and own is not None and child(own, "general") is not None:
        inside = [own]
    location = text_of(child(own, "location")).replace("\\", "/")
    if location and not inside:
        place = posixpath.normpath(posixpath.join(posixpath.dirname(path), location))
        try:
            inside = [packages.xml_file(content, place)] if place in content else []
        except ParseError as error:
            record["extensions"][packages.UNREAD] = str(error.issues[0])
        else:
            record["extensions"][packages.UNREAD] = "" if inside else f"the metadata file {location!r} is missing"
    return inside


def _objectives(organization: Element | None, record: dict[str, Any]) -> None:
    """Note the objectives; those that are mapped to an IRI mention what it stands for."""
    local: list[str] = []
    for name in ("primaryobjective", "objective"):
        for item in descendants(organization, name):
            local.append(attribute(item, "objectiveid"))
            for mapping in children(item, "mapinfo"):
                target = attribute(mapping, "targetobjectiveid")
                if "://" in target and is_id(target):
                    stated = {
                        "target": target,
                        "relation": "mentions",
                        "state": "proposed",
                        "label": attribute(item, "objectiveid"),
                    }
                    record["alignments"].append(stated | {"method": "SCORM objective"})
    record["extensions"]["objectives"] = list(dict.fromkeys(filter(None, local)))


def _structure(root: Element, organization: Element | None) -> dict[str, Any]:
    """Return version, items and resources of the manifest."""
    items = list(descendants(organization, "item"))
    scores = [text_of(score) for score in descendants(organization, "masteryscore")]
    return {
        "version": version(root),
        "identifier": attribute(root, "identifier"),
        "items": [text_of(child(item, "title")) for item in items],
        "hidden_items": sum(attribute(item, "isvisible").lower() == "false" for item in items),
        "resources": len(children(child(root, "resources"), "resource")),
        "mastery_scores": scores,
    }


def version(root: Element) -> str:
    """Return the version that the manifest states, else the one that its namespace gives away."""
    stated = text_of(child(root, "metadata", "schemaversion"))
    if stated:
        return stated
    return "2004" if any(name in namespace(root) for name in _NEWER) else "1.2"


FORMAT = Format(
    name="scorm",
    title="SCORM package",
    extensions=(".zip",),
    reads=("catalog",),
    sniff=sniff,
    reader=reader,
    notes="SCORM 1.2 and 2004; one course a package",
)
