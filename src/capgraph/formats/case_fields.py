"""The fields of CASE 1.1: what of a source may stand in a package that is written again."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_UUID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.IGNORECASE)


def is_uuid(value: object) -> bool:
    """Return whether a value is a UUID."""
    return isinstance(value, str) and _UUID.match(value) is not None


def _is_text(value: object) -> bool:
    """Return whether a value is text that says something."""
    return isinstance(value, str) and bool(value)


def _are_texts(value: object) -> bool:
    """Return whether a value is a list of texts."""
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_link(value: object) -> bool:
    """Return whether a value names another part by title, identifier and URI."""
    if not isinstance(value, dict) or set(value) != {"title", "identifier", "uri"}:
        return False
    return all(isinstance(text, str) for text in value.values()) and is_uuid(value["identifier"])


def _are_links(value: object) -> bool:
    """Return whether a value is a list of links."""
    return isinstance(value, list) and all(map(_is_link, value))


def _is_day(value: object) -> bool:
    """Return whether a value is a day."""
    try:
        return isinstance(value, str) and bool(dt.date.fromisoformat(value))
    except ValueError:
        return False


def _is_object(value: object) -> bool:
    """Return whether a value is an object."""
    return isinstance(value, dict)


def _is_whole(value: object) -> bool:
    """Return whether a value is a whole number."""
    return isinstance(value, int) and not isinstance(value, bool)


Fields = dict[str, "Callable[[object], bool]"]
_SHARED: Final[Fields] = {
    **dict.fromkeys(("identifier", "uri", "lastChangeDateTime", "language", "notes"), _is_text),
    **dict.fromkeys(("statusStartDate", "statusEndDate"), _is_day),
    "licenseURI": _is_link,
    "subject": _are_texts,
    "subjectURI": _are_links,
    "extensions": _is_object,
}
DOCUMENT: Final[Fields] = {
    **_SHARED,
    **dict.fromkeys(("creator", "title", "officialSourceURL", "publisher", "description", "version"), _is_text),
    **dict.fromkeys(("adoptionStatus", "frameworkType", "caseVersion"), _is_text),
    "CFPackageURI": _is_link,
}
"""The fields of a CFDocument."""
ITEM: Final[Fields] = {
    **_SHARED,
    **dict.fromkeys(("fullStatement", "alternativeLabel", "CFItemType", "humanCodingScheme"), _is_text),
    **dict.fromkeys(("listEnumeration", "abbreviatedStatement"), _is_text),
    **dict.fromkeys(("CFItemTypeURI", "conceptKeywordsURI", "CFDocumentURI"), _is_link),
    **dict.fromkeys(("conceptKeywords", "educationLevel"), _are_texts),
}
"""The fields of a CFItem."""
ASSOCIATION: Final[Fields] = {
    **dict.fromkeys(("identifier", "uri", "lastChangeDateTime", "associationType", "notes"), _is_text),
    **dict.fromkeys(("originNodeURI", "destinationNodeURI", "extensions"), _is_object),
    "sequenceNumber": _is_whole,
    "CFAssociationGroupingURI": _is_link,
}
"""The fields of a CFAssociation."""


def conforming(part: Mapping[str, Any], fields: Fields) -> dict[str, Any]:
    """Return what of a part the standard allows; a number in a text is read, and a time without a zone is UTC.

    What is left out stands in the extensions of the part, among what the library writes there.
    """
    mended = {name: _mended(name, value) for name, value in part.items()}
    return {name: value for name, value in mended.items() if name in fields and fields[name](value)}


def _mended(name: str, value: object) -> object:
    """Return a value as the standard writes it, where it is plain what is meant."""
    if name == "sequenceNumber" and isinstance(value, str) and value.isdecimal():
        return int(value)
    if name != "lastChangeDateTime" or not isinstance(value, str):
        return value
    try:
        return value if dt.datetime.fromisoformat(value).tzinfo is not None else f"{value}Z"
    except ValueError:
        return "1970-01-01T00:00:00Z"
