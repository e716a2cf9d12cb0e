"""Open edX course exports (OLX): ``course.xml`` with chapters, sequences and units, read as one learning asset."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Any

from capgraph.formats import packages
from capgraph.formats.days import day
from capgraph.formats.jsontext import load_json
from capgraph.formats.markup import plain_text
from capgraph.formats.record import NO, Format, Sniff
from capgraph.formats.xmltext import attribute, children, local

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from capgraph.formats.content import Content
    from capgraph.formats.conversion import Ledger
    from capgraph.model import Catalog, LearningAsset

COURSE = "course.xml"
_STATED = ("display_name", "language", "display_organization", "start")
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
    policy = _policy(content, folder, run)
    title, language, provider, start = (attribute(stated, name) or policy.get(name, "") for name in _STATED)
    record = packages.blank("olx")
    record["title"] = title or number
    record["language"] = language
    record["provider"] = provider or organization
    record["edition"] = run
    record["published"] = _date(start)
    record["description"] = _about(content, folder)
    chapters = [_followed(content, folder, item) for item in children(stated, "chapter")]
    record["extensions"] |= {
        "start": start,
        "effort": _text(content, f"{folder}/about/effort.html".lstrip("/")),
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


def _policy(content: Content, folder: str, run: str) -> dict[str, str]:
    """Return what the policy of a run states, which older exports keep beside the course."""
    place = posixpath.join(folder, "policies", run, "policy.json")
    if not run or place not in content:
        return {}
    stated = load_json(packages.small_file(content, place), place)
    inner = stated.get(f"course/{run}") if isinstance(stated, dict) else None
    return {key: text for key, text in inner.items() if isinstance(text, str)} if isinstance(inner, dict) else {}


def _about(content: Content, folder: str) -> str:
    """Return the text about the course."""
    names = ("about/short_description.html", "about/overview.html")
    return next(filter(None, (_text(content, posixpath.join(folder, name)) for name in names)), "")


def _text(content: Content, place: str) -> str:
    """Return a page of the course as plain text; empty where it is missing."""
    if place not in content:
        return ""
    return plain_text(packages.small_file(content, place).decode("utf-8-sig", errors="replace"))


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
