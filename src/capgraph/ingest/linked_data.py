"""Linked data: the courses in JSON-LD of schema.org and CTDL, wherever they stand, in the words of a plain record.

Prefixes are taken off, an offer and the runs of a course are told in its own fields, what stands for a node elsewhere
in the text becomes its name, and people are left out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_COURSES = frozenset(
    {
        "course", "learningresource", "learningopportunityprofile", "learningopportunity", "learningprogram",
        "educationaloccupationalprogram",
    }
)  # fmt: skip
_WITHIN = ("@graph", "itemListElement", "item", "mainEntity", "mainEntityOfPage", "decoded_resource", "about")
_PREFIX = re.compile(r"^(?:ceterms|ceasn|schema|sdo|asn|skos)[:]|^https?://(?:schema\.org|purl\.org/ctdl/terms)/")
_PERIOD = re.compile(r"P(?!T)")
_TAG = re.compile(r"[a-zA-Z]{2,3}(?:-[a-zA-Z]{2,4})?")
_TARGETS = ("targetNodeName", "targetName")
_DEEPEST = 6
_MOST = 1_000_000


def courses_in(data: Any) -> list[tuple[str, dict[str, Any]]]:  # noqa: ANN401 - any JSON
    """Return the courses of a JSON-LD text with the pointers to them; nothing where no node says that it is one."""
    nodes = list(_nodes(data))
    found = [(where, node) for where, node in nodes if not _COURSES.isdisjoint(types_of(node))]
    if not found:
        return []
    names = {node["@id"]: node for _, node in nodes if isinstance(node.get("@id"), str)}
    return [(where, _course(node, names)) for where, node in found]


def types_of(node: dict[str, Any]) -> set[str]:
    """Return the types of a node, without prefixes and in lower case."""
    types = node.get("@type", ())
    stated = [types] if isinstance(types, str) else types if isinstance(types, list) else []
    return {re.split(r"[:/#]", kind)[-1].lower() for kind in stated if isinstance(kind, str)}


def _nodes(data: Any) -> Iterator[tuple[str, dict[str, Any]]]:  # noqa: ANN401 - any JSON
    """Yield the nodes of a text with the pointers to them, in their order."""
    pending: list[tuple[str, Any]] = [("", data)]
    for _ in range(_MOST):
        if not pending:
            return
        where, item = pending.pop(0)
        if isinstance(item, list):
            pending[:0] = [(f"{where}/{place}", inner) for place, inner in enumerate(item)]
        elif isinstance(item, dict):
            inside = [(f"{where}/{key}", item[key]) for key in _WITHIN if isinstance(item.get(key), dict | list)]
            if "@type" in item and not ({"@graph", "decoded_resource"} & item.keys()):
                yield where, item
            if _COURSES.isdisjoint(types_of(item)):
                pending[:0] = inside


def _course(node: dict[str, Any], names: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return a course as a plain record."""
    record: dict[str, Any] = {}
    for key, value in node.items():
        plain = value if key.startswith("@") else _plain(value, names)
        if plain is not None:
            record[_PREFIX.sub("", key)] = plain
    if str(record.get("@id", "")).startswith(("#", "_:")):
        del record["@id"]  # it means something inside of its text alone
    runs, offers = _objects(record.get("hasCourseInstance")), _objects(record.get("offers"))
    workload = next((run["courseWorkload"] for run in runs if run.get("courseWorkload")), None)
    span = record.get("timeRequired")
    if workload and (span is None or (isinstance(span, str) and _PERIOD.match(span))):
        record.pop("timeRequired", None)
        record |= {"courseWorkload": workload} | ({"period": span} if span else {})
    priced = next((offer for offer in offers if offer.get("price") not in (None, "")), {})
    record |= {name: priced[name] for name in ("price", "priceCurrency") if priced.get(name) not in (None, "")}
    modes = [run["courseMode"] for run in runs if run.get("courseMode")]
    if modes and "courseMode" not in record:
        record["courseMode"] = modes[0]
    spent = [item["exactDuration"] for item in _objects(record.get("estimatedDuration")) if item.get("exactDuration")]
    if spent:
        record["estimatedDuration"] = spent[0]
    return record


def _plain(value: Any, names: dict[str, dict[str, Any]], depth: int = 0) -> Any:  # noqa: ANN401 - any JSON
    """Return a value without prefixes; a reference is the name of its node, a person and what is too deep nothing."""
    if isinstance(value, list):
        return [found for item in value if (found := _plain(item, names, depth)) is not None]
    if isinstance(value, dict):
        return None if "person" in types_of(value) or depth == _DEEPEST else _object(value, names, depth)
    return _named(names[value], value) if isinstance(value, str) and value in names else value


def _object(value: dict[str, Any], names: dict[str, dict[str, Any]], depth: int) -> Any:  # noqa: ANN401 - any JSON
    """Return an object without prefixes; one that only names something is the name."""
    if value.keys() == {"@id"}:
        return _named(names.get(value["@id"], {}), value["@id"])
    record = {_PREFIX.sub("", key): item for key, item in value.items()}
    target = next((record[key] for key in _TARGETS if key in record), None)
    if target is not None:
        return _plain(target, names, depth + 1)
    if "schedule" in types_of(value) and "duration" in record:
        record["session"] = record.pop("duration")  # that of one meeting, and not of the course
    found = {
        key: plain
        for key, item in record.items()
        if (plain := item if key.startswith("@") else _plain(item, names, depth + 1)) is not None
    }
    is_by_language = bool(found) and all(_TAG.fullmatch(key) and isinstance(item, list) for key, item in found.items())
    return next(iter(found.values())) if is_by_language else found


def _named(node: dict[str, Any], id_: str) -> Any:  # noqa: ANN401 - any JSON
    """Return the name of a node, or its id where it has none; of a person nothing."""
    if "person" in types_of(node):
        return None
    return next((node[key] for key in ("name", "schema:name", "ceterms:name") if key in node), id_)


def _objects(value: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - any JSON
    """Return the objects in a value, be it one or a list."""
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, dict)]
