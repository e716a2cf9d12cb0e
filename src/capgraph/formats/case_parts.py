"""Parts of CASE packages: their ids, the ends of associations, and what this library wrote into their extensions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from capgraph.errors import Issue, ParseError
from capgraph.formats.case_writing import OWN
from capgraph.formats.identity import publisher_id
from capgraph.formats.jsontext import object_of, objects, text_of
from capgraph.formats.unread import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from capgraph.formats.conversion import Ledger

SOURCE = Source(
    taken=frozenset(
        {"uri", "title", "description", "version", "language", "publisher", "officialSourceURL", "fullStatement"}
        | {"humanCodingScheme", "notes", "identifier"}
    ),
    understood=frozenset({"CFAssociations.associationType", "capgraph.*"}),
)
"""The fields of a package; what no field holds stands in the extensions of its part."""


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


def sound_own(
    part: dict[str, Any], is_sound: Callable[[dict[str, Any]], bool], place: str, ledger: Ledger
) -> dict[str, Any]:
    """Return what this library wrote about a part; where somebody changed its shape, that is listed."""
    own = own_of(part)
    if not own or is_sound(own):
        return own
    text = f"the extension {OWN!r} is not as it was written; the part is read without it"
    ledger.problems.append(Issue("bad-extension", text, where=place, hint="write the package again"))
    ledger.note("dropped", f"extensions.{OWN}", reason="not as it was written", place=place)
    return {}


def is_sound_document(own: dict[str, Any]) -> bool:
    """Return whether what stands about a document in the extensions is shaped as this library writes it."""
    scales, relations = own.get("scales", []), own.get("relations", [])
    extensions, prefixes = own.get("extensions", {}), own.get("prefixes", {})
    return (
        isinstance(own.get("id"), str)
        and _are_dicts(scales, "id")
        and all(_are_dicts(scale.get("levels", []), "") for scale in scales)
        and all(isinstance(level.get("rank"), int) for scale in scales for level in scale.get("levels", []))
        and _are_dicts(relations, "subject")
        and isinstance(extensions, dict)
        and isinstance(extensions.get("case", {}), dict)
        and isinstance(prefixes, dict)
        and all(isinstance(base, str) for base in prefixes.values())
    )


def is_sound_item(own: dict[str, Any]) -> bool:
    """Return whether what stands about an entry in the extensions is shaped as this library writes it."""
    lists = (own.get(name, []) for name in ("broader", "related", "prerequisites", "replaced_by"))
    texts = (own.get(name, "") for name in ("id", "capability"))
    return own.get("table") == "levels" or (
        "id" in own
        and all(isinstance(text, str) for text in texts)
        and all(isinstance(ids, list) and all(isinstance(id_, str) for id_ in ids) for ids in lists)
        and isinstance(own.get("scale"), str | None)
        and _are_dicts(own.get("requirements", []), "capability")
    )


def _are_dicts(value: object, key: str) -> bool:
    """Return whether a value is a list of objects that have a text under a key."""
    if not isinstance(value, list):
        return False
    return all(isinstance(item, dict) and (not key or isinstance(item.get(key), str)) for item in value)


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


def requirement_of(link: dict[str, Any], capability: str, ranks: Collection[int]) -> dict[str, Any]:
    """Return what a role requires, with the level and the importance that stand in the extensions of a link."""
    extensions = link.get("extensions")
    stated: dict[str, Any] = extensions if isinstance(extensions, dict) else {}
    required: dict[str, Any] = {"capability": capability, "extensions": {"case": link}}
    level, importance = stated.get("level"), stated.get("importance")
    if isinstance(level, int) and level in ranks:
        required["level"] = level
    if isinstance(importance, int | float) and not isinstance(importance, bool) and importance >= 0:
        required["importance"] = importance
    return required
