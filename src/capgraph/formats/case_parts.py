"""Parts of CASE packages: their ids, the ends of associations, and what this library wrote into their extensions."""

from __future__ import annotations

from typing import Any

from capgraph.errors import Issue, ParseError
from capgraph.formats.case_writing import OWN
from capgraph.formats.identity import publisher_id
from capgraph.formats.jsontext import object_of, objects, text_of


def package_of(value: Any) -> dict[str, Any]:  # noqa: ANN401 - a JSON value
    """Return the package inside a file, whatever wraps it."""
    outer = dict(object_of(value, "", "the file"))
    for wrapper in ("CFPackage", "CFPackages"):
        inner = objects(outer.get(wrapper))
        if inner and "CFDocument" not in outer:
            outer = inner[0]
    if not isinstance(outer.get("CFDocument"), dict):
        hint = "export the whole package, not a part of it"
        raise ParseError([Issue("no-document", "the file holds no CFDocument", where="/CFDocument", hint=hint)])
    return outer


def own_of(part: dict[str, Any]) -> dict[str, Any]:
    """Return what this library wrote into the extensions of a part."""
    extensions = part.get("extensions")
    own = extensions.get(OWN) if isinstance(extensions, dict) else None
    return dict(own) if isinstance(own, dict) else {}


def id_of_part(part: dict[str, Any]) -> str:
    """Return the id of an item or document: its URI, else its identifier."""
    return publisher_id(text_of(part.get("uri"))) or publisher_id(text_of(part.get("identifier")))


def key_of_part(part: dict[str, Any]) -> str:
    """Return the key by which associations name an item: its identifier, else its URI."""
    return text_of(part.get("identifier") or part.get("sourcedId")).lower() or text_of(part.get("uri"))


def end_of(link: dict[str, Any], name: str) -> str:
    """Return the key of one end of an association."""
    end = link.get(name)
    return key_of_part(end) if isinstance(end, dict) else text_of(end).lower()


def target_of(link: dict[str, Any]) -> str:
    """Return the id of a destination outside the package."""
    end = link.get("destinationNodeURI")
    found = id_of_part(end) if isinstance(end, dict) else publisher_id(text_of(end))
    return found or "urn:capgraph:case:unknown"


def sequence_of(link: dict[str, Any]) -> int | None:
    """Return the sequence number of an association, which some exports write as text."""
    text = text_of(link.get("sequenceNumber"))
    return int(text) if text.isdecimal() and len(text) < len("1000000000") else None
