"""Open edX course exports (OLX): ``course.xml`` with chapters, sequences and units, read as one learning asset."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Any

from capgraph.formats import packages
from capgraph.formats.days import day
from capgraph.formats.markup import plain_text
from capgraph.formats.record import NO, Format, Sniff
from capgraph.formats.xmltext import attribute, children, local

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from capgraph.formats.content import Content
    from capgraph.formats.conversion import Ledger
    from capgraph.model import Catalog, LearningAsset

COURSE = "course.xml"
_COURSE = re.compile(rb"<course\b[^>]*\s(?:url_name|org|display_name|course)\s*=")


def sniff(content: Content, kind: str) -> Sniff:
    """Return whether this is a course export: a ``course.xml`` whose root is a course."""
    path = packages.found(content, COURSE)
    if not path or kind not in {"", "catalog"}:
        return NO
    return Sniff(0.9, ("holds course.xml",)) if is_course(content.head(path)) else NO


def is_course(head: bytes) -> bool:
    """Return whether a file starts like the course of an export, and not like another course.xml, as of a backup."""
    return _COURSE.search(head[:4096]) is not None


def reader(content: Content, ledger: Ledger) -> Catalog:
    """Return the catalog with the course of an export."""
    return packages.catalog("olx", [course(content)], ledger, content.name)


def course(content: Content) -> LearningAsset:
    """Return the course of an export.

    Raises
    ------
    ParseError
        When a file of it is hostile or broken.
    """
    path = packages.found(content, COURSE)
    folder = posixpath.dirname(path)
    root = packages.xml_file(content, path)
    organization, number, run = (attribute(root, name) for name in ("org", "course", "url_name"))
    stated = _followed(content, folder, root)
    record = packages.blank("olx")
    record["title"] = attribute(stated, "display_name") or number
    record["language"] = attribute(stated, "language")
    record["provider"] = attribute(stated, "display_organization") or organization
    record["edition"] = run
    record["published"] = _date(attribute(stated, "start"))
    record["description"] = _about(content, folder)
    chapters = [_followed(content, folder, item) for item in children(stated, "chapter")]
    record["extensions"] |= {
        "start": attribute(stated, "start"),
        "chapters": [attribute(item, "display_name") for item in chapters],
        "sequences": [
            attribute(_followed(content, folder, item), "display_name")
            for chapter in chapters
            for item in children(chapter, "sequential")
        ],
    }
    key = f"course-v1:{organization}+{number}+{run}" if organization and number else run
    return packages.asset(record, key=key, content=content, place=path)


def _followed(content: Content, folder: str, element: Element) -> Element:
    """Return the file that an element points to, or the element itself where it holds everything."""
    name = attribute(element, "url_name")
    place = posixpath.join(folder, local(element), f"{name}.xml")
    return packages.xml_file(content, place) if name and not len(element) and place in content else element


def _about(content: Content, folder: str) -> str:
    """Return the text about the course."""
    for name in ("about/short_description.html", "about/overview.html"):
        place = posixpath.join(folder, name)
        if place in content:
            return plain_text(content[place].decode("utf-8", errors="replace"))
    return ""


def _date(text: str) -> Any:  # noqa: ANN401 - a date or None
    """Return the day of a start date, which may stand in quotation marks."""
    try:
        found = day(text.strip('"'))
    except ValueError:
        return None
    return found.date if found else None


FORMAT = Format(
    name="olx",
    title="Open edX course export",
    extensions=(".zip",),
    reads=("catalog",),
    sniff=sniff,
    reader=reader,
    notes="OLX in a zip or a folder; one course an export",
    fixture="files written after the documentation",
)
