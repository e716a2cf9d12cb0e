"""Moodle course backups (``.mbz``): ``moodle_backup.xml`` with the course and its activities, read as one asset.

Accounts, grades and whatever else a backup holds of people are not looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from capgraph.errors import Issue, ParseError
from capgraph.formats import packages
from capgraph.formats.lom import is_language
from capgraph.formats.markup import plain_text
from capgraph.formats.record import Format, Sniff
from capgraph.formats.xmltext import attribute, child, children, text_of

if TYPE_CHECKING:
    from capgraph.formats.content import Content
    from capgraph.formats.conversion import Ledger
    from capgraph.model import Catalog, LearningAsset

STRUCTURE = "moodle_backup.xml"
_COURSE = "course/course.xml"


def sniff(content: Content, kind: str) -> Sniff:
    """Return whether this is a backup of a Moodle course: one with ``moodle_backup.xml``."""
    return packages.by_name(content, kind, STRUCTURE)


def reader(content: Content, ledger: Ledger) -> Catalog:
    """Return the catalog with the course of a backup."""
    return packages.catalog("moodle-backup", [course(content)], ledger, content.name)


def course(content: Content) -> LearningAsset:
    """Return the course of a backup.

    Raises
    ------
    ParseError
        When it is the backup of no course.
    """
    path = packages.found(content, STRUCTURE)
    about = child(packages.xml_file(content, path), "information")
    if about is None:
        raise ParseError([Issue("no-course", "the file describes no course", where=path, hint="export it again")])
    place = f"{path[: -len(STRUCTURE)]}{_COURSE}"
    stated = packages.xml_file(content, place) if place in content else None
    record = packages.blank("moodle-backup")
    record["title"] = plain_text(
        text_of(child(about, "original_course_fullname")) or text_of(child(stated, "fullname"))
    )
    record["description"] = plain_text(text_of(child(stated, "summary")))
    language = text_of(child(stated, "lang")).replace("_", "-")
    record["language"] = language if is_language(language) else None
    tags = children(child(stated, "tags"), "tag")
    record["keywords"] = [
        name for tag in tags if (name := text_of(child(tag, "rawname")) or text_of(child(tag, "name")))
    ]
    activities = children(child(about, "contents", "activities"), "activity")
    short = text_of(child(about, "original_course_shortname")) or text_of(child(stated, "shortname"))
    record["extensions"] |= {
        "short_name": short,
        "course_id": text_of(child(about, "original_course_id")) or attribute(stated, "id"),
        "category": text_of(child(stated, "category", "name")),
        "activities": [text_of(child(item, "title")) for item in activities],
    }
    return packages.asset(record, key=text_of(child(stated, "idnumber")) or short, content=content, place=path)


FORMAT = Format(
    name="moodle-backup",
    title="Moodle course backup",
    extensions=(".mbz",),
    reads=("catalog",),
    sniff=sniff,
    reader=reader,
    notes="one course a backup; nothing about people is read",
    fixture="files written after the documentation",
)
