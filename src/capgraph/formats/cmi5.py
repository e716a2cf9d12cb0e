"""cmi5 course structures: ``cmi5.xml`` in a package or by itself, read as one learning asset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from capgraph.errors import Issue, ParseError
from capgraph.formats import packages
from capgraph.formats.identity import is_id
from capgraph.formats.record import NO, Format, Sniff
from capgraph.formats.xmltext import attribute, child, children, descendants, local, text_of, texts_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from capgraph.formats.content import Content
    from capgraph.formats.conversion import Ledger
    from capgraph.model import Catalog, LearningAsset

STRUCTURE = "cmi5.xml"
_NAMESPACE = b"w3id.org/xapi/profiles/cmi5"


def sniff(content: Content, kind: str) -> Sniff:
    """Return whether this is a cmi5 course: a package with ``cmi5.xml``, or a course structure."""
    if kind not in {"", "catalog"}:
        return NO
    if packages.found(content, STRUCTURE):
        return Sniff(0.96, ("holds cmi5.xml",))
    head = content.head() if len(content) == 1 else b""
    return Sniff(0.96, ("is a cmi5 course structure",)) if _NAMESPACE in head and b"courseStructure" in head else NO


def reader(content: Content, ledger: Ledger) -> Catalog:
    """Return the catalog with the course of a structure."""
    return packages.catalog("cmi5", [course(content)], ledger, content.name)


def course(content: Content) -> LearningAsset:
    """Return the course of a structure.

    Raises
    ------
    ParseError
        When it is no course structure.
    """
    path = packages.found(content, STRUCTURE) or content.name
    root = packages.xml_file(content, path)
    stated = child(root, "course")
    if local(root) != "coursestructure" or stated is None:
        raise ParseError([Issue("no-course", "the file holds no course", where=path, hint="it is no cmi5 structure")])
    record = packages.blank("cmi5")
    packages.describe(record, titles=texts_of(child(stated, "title")), texts=texts_of(child(stated, "description")))
    _objectives(root, record)
    record["extensions"]["units"] = [_unit(item) for item in descendants(root, "au")]
    record["extensions"]["blocks"] = [
        next(iter(texts_of(child(item, "title")).values()), "") for item in descendants(root, "block")
    ]
    return packages.asset(record, key=attribute(stated, "id"), content=content, place=path)


def _objectives(root: Element, record: dict[str, Any]) -> None:
    """Add what the objectives mention: their ids are IRIs, which a framework may know or not."""
    for item in children(child(root, "objectives"), "objective"):
        label = next(iter(texts_of(child(item, "title")).values()), "")
        target = attribute(item, "id")
        if is_id(target):
            stated = {"target": target, "relation": "mentions", "state": "proposed", "label": label}
            record["alignments"].append(stated | {"method": "cmi5 objective"})
        if label:
            record["keywords"].append(label)


def _unit(item: Element) -> dict[str, Any]:
    """Return one assignable unit."""
    unit = {
        "id": attribute(item, "id"),
        "title": next(iter(texts_of(child(item, "title")).values()), ""),
        "url": text_of(child(item, "url")),
        "moveOn": attribute(item, "moveon") or text_of(child(item, "moveon")) or "NotApplicable",
        "masteryScore": attribute(item, "masteryscore") or text_of(child(item, "masteryscore")),
        "objectives": [attribute(found, "idref") for found in children(child(item, "objectives"), "objective")],
    }
    return {name: value for name, value in unit.items() if value}


FORMAT = Format(
    name="cmi5",
    title="cmi5 course",
    extensions=(".zip", ".xml"),
    reads=("catalog",),
    sniff=sniff,
    reader=reader,
    notes="course structure with units, blocks and objectives",
)
