"""Tin Can packages: ``tincan.xml`` of authoring tools that report by xAPI, read as one learning asset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from capgraph.errors import Issue, ParseError
from capgraph.formats import packages
from capgraph.formats.record import Format, Sniff
from capgraph.formats.xmltext import attribute, child, children, local, text_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from capgraph.formats.content import Content
    from capgraph.formats.conversion import Ledger
    from capgraph.model import Catalog, LearningAsset

STRUCTURE = "tincan.xml"
_WHOLE = ("course", "module", "lesson", "media")


def sniff(content: Content, kind: str) -> Sniff:
    """Return whether this is a Tin Can package: one with ``tincan.xml``."""
    return packages.by_name(content, kind, STRUCTURE)


def reader(content: Content, ledger: Ledger) -> Catalog:
    """Return the catalog with the course of a package."""
    return packages.catalog("tincan", [course(content)], ledger, content.name)


def course(content: Content) -> LearningAsset:
    """Return the course of a package: its activity of the type *course*, else the first; the others are kept.

    Raises
    ------
    ParseError
        When it names no activity.
    """
    path = packages.found(content, STRUCTURE)
    root = packages.xml_file(content, path)
    activities = children(child(root, "activities"), "activity")
    if local(root) != "tincan" or not activities:
        raise ParseError([Issue("no-course", "the file names no activity", where=path, hint="export it again")])
    ranks = {id(item): _rank(item) for item in activities}
    main = min(activities, key=lambda item: ranks[id(item)])
    record = packages.blank("tincan")
    packages.describe(record, titles=_texts(main, "name"), texts=_texts(main, "description"))
    record["extensions"] |= {
        "activities": [_unit(item) for item in activities if item is not main],
        "launch": text_of(child(main, "launch")),
        "type": attribute(main, "type"),
    }
    return packages.asset(record, key=attribute(main, "id"), content=content, place=path)


def _rank(activity: Element) -> int:
    """Return how near the type of an activity is to a whole course."""
    kind = attribute(activity, "type").rsplit("/", 1)[-1].lower()
    return _WHOLE.index(kind) if kind in _WHOLE else len(_WHOLE)


def _texts(activity: Element, name: str) -> dict[str, str]:
    """Return the texts of an activity by language, as its elements state it."""
    found: dict[str, str] = {}
    for item in children(activity, name):
        if text_of(item):
            found.setdefault(attribute(item, "lang"), text_of(item))
    return found


def _unit(activity: Element) -> dict[str, Any]:
    """Return an activity inside the course."""
    unit = {"id": attribute(activity, "id"), "title": text_of(child(activity, "name"))}
    return {name: value for name, value in unit.items() if value}


FORMAT = Format(
    name="tincan",
    title="Tin Can package",
    extensions=(".zip", ".xml"),
    reads=("catalog",),
    sniff=sniff,
    reader=reader,
    notes="tincan.xml; one course a package",
    fixture="files written after the documentation",
)
