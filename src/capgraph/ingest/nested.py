"""Records in JSON, XML and HTML: where they are, which paths they have, and what stands at a path."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from capgraph.errors import Issue, ParseError
from capgraph.formats.lexicon import LANGUAGES
from capgraph.formats.xmltext import load_xml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from xml.etree.ElementTree import Element

_STEP = re.compile(r"([^\[\].]+)|\[([^\]]*)\]")
_NAMES = ("name", "label", "title", "prefLabel", "value", "targetName", "displayName", "@value", "text", "id", "@id")
_TAGS = frozenset({*LANGUAGES.values(), "und", "@none"})
_BESIDE = frozenset({"/included", "/links", "/errors"})
_DEEPEST = 6
_LONGEST = 1 << 30


def json_records(data: bytes, name: str) -> tuple[str | None, list[Any]]:
    """Return the pointer to the records of a JSON text and the records; the pointer is None for JSON lines.

    The records are the list itself, or the longest list of objects inside an object.

    Raises
    ------
    ParseError
        When it is neither JSON nor JSON lines; every line that is no JSON is listed.
    """
    text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", errors="replace")
    try:
        found = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        return None, _json_lines(text, name, error)
    if isinstance(found, dict):
        lists = [item for item in _lists(found) if item[0] not in _BESIDE] or _by_key(found)
        pointer, items = max(lists, key=lambda item: len(item[1]), default=("", [found]))
        return pointer, items
    return "", found if isinstance(found, list) else [found]


def _json_lines(text: str, name: str, error: Exception) -> list[Any]:
    """Return the records of JSON lines; a line that is no JSON stays text, which is no record."""
    lines = [line for line in text.replace("\r\n", "\n").split("\n") if line.strip()]
    found = []
    for line in lines:
        try:
            found.append(json.loads(line))
        except (json.JSONDecodeError, RecursionError):
            found.append(line)
    if not any(isinstance(item, dict) for item in found):
        told = str(error) if isinstance(error, json.JSONDecodeError) else "it is nested too deeply"
        raise ParseError([Issue("not-json", told, hint="correct it, or export it again")], path=name, format="json")
    return found


def _by_key(found: dict[str, Any]) -> list[tuple[str, list[Any]]]:
    """Return the records of an object that holds each under its id."""
    objects = [item for item in found.values() if isinstance(item, dict)]
    shared = set(objects[0]).intersection(*objects[1:]) if objects else set()
    if len(objects) < 2 or len(objects) < len(found) or not shared:  # noqa: PLR2004 - one is a part of the object
        return []
    return [("", [{"id": key, **item} for key, item in found.items()])]


def _lists(found: dict[str, Any], path: str = "", depth: int = 0) -> Iterator[tuple[str, list[Any]]]:
    """Yield the lists of objects inside an object, with their pointers."""
    for key, value in found.items():
        where = f"{path}/{key.replace('~', '~0').replace('/', '~1')}"
        if isinstance(value, list) and any(isinstance(item, dict) for item in value):
            yield where, value
        elif isinstance(value, dict) and depth < _DEEPEST:
            yield from _lists(value, where, depth + 1)


def xml_records(data: bytes, name: str) -> tuple[str, list[dict[str, Any]]]:
    """Return the name of the elements that are records, and the records.

    They are the children of the element that has the most children of one name.

    Raises
    ------
    ParseError
        When it is no XML, or uses a document type, entities or anything outside of itself.
    """
    try:
        root = load_xml(data)
    except ParseError as error:
        raise ParseError(error.issues, path=name, format="xml") from None
    best: tuple[int, str, list[Element]] = (0, root.tag, [root])
    for parent in root.iter():
        for tag, count in Counter(child.tag for child in parent if len(child) or child.attrib).most_common(1):
            if count > max(best[0], 1) or (best[0] == 0 and parent is root):
                best = (count, tag, [child for child in parent if child.tag == tag])
    return f"//{_local(best[1])}", [_element(child) for child in best[2]]


def _local(tag: str) -> str:
    """Return the name of an element without its namespace."""
    return tag.rsplit("}", 1)[-1]


def _element(element: Element) -> dict[str, Any]:
    """Return an element as a record: attributes and children by name; repeated children are lists.

    The attributes of a child that holds text alone stand beside it: ``duration`` and ``duration unit``.
    """
    record: dict[str, Any] = {_local(key): value for key, value in element.attrib.items()}
    for child in element:
        name = _local(child.tag)
        value = _element(child) if len(child) else "".join(child.itertext()).strip()
        if value or not child.attrib:
            _add(record, name, value)
        for key, value in child.attrib.items() if not len(child) else ():
            _add(record, f"{name} {_local(key)}", value)
    if not len(element) and element.text and element.text.strip():
        record["text"] = element.text.strip()
    return record


def _add(record: dict[str, Any], name: str, value: object) -> None:
    """Add a value to a record; several of one name are a list."""
    known = record.get(name)
    record[name] = value if known is None else [*known, value] if isinstance(known, list) else [known, value]


def linked(data: Any) -> list[Any]:  # noqa: ANN401 - any JSON
    """Return the nodes of a JSON-LD text that are courses or the like; all nodes where none says so."""
    pending, nodes = [data], []
    while pending:
        item = pending.pop(0)
        if isinstance(item, list):
            pending[:0] = item
        elif isinstance(item, dict) and "@graph" in item:
            pending.append(item["@graph"])
        elif isinstance(item, dict) and "itemListElement" in item:
            pending.append(item["itemListElement"])
        elif isinstance(item, dict) and isinstance(item.get("item"), dict):
            pending.append(item["item"])
        elif isinstance(item, dict):
            nodes.append(item)
    courses = [
        node
        for node in nodes
        if _types(node) & {"course", "learningresource", "learningopportunityprofile", "learningprogram"}
    ]
    return courses or nodes


def _types(node: dict[str, Any]) -> set[str]:
    """Return the types of a node, without prefixes and in lower case."""
    types = node.get("@type", ())
    return {re.split(r"[:/#]", kind)[-1].lower() for kind in ([types] if isinstance(types, str) else types)}


def paths(records: Iterable[Any]) -> tuple[str, ...]:
    """Return the paths at which records hold values, in the order in which they first occur."""
    found: dict[str, None] = {}
    for record in records:
        if isinstance(record, dict):
            found.update(dict.fromkeys(_paths(record)))
    return tuple(found)


def _paths(record: dict[str, Any], prefix: str = "", depth: int = 0) -> Iterator[str]:
    """Yield the paths of one record; a list is the end of a path."""
    for key, value in record.items():
        if isinstance(value, dict) and value and depth < _DEEPEST:
            yield from _paths(value, f"{prefix}{key}.", depth + 1)
        else:
            yield f"{prefix}{key}"


def at(record: Any, path: str) -> object:  # noqa: ANN401 - any JSON
    """Return the value at a path: a scalar, or a list of scalars.

    ``a.b`` steps into objects, ``a[]`` through a list, ``a[kind=SKILL]`` keeps what has that value.  Of objects in a
    list, the name is taken.

    Examples
    --------
    >>> at({"tags": [{"tag": {"name": "SQL", "type": "SKILL"}}]}, "tags[].tag[type=SKILL].name")
    ['SQL']
    """
    if isinstance(record, dict) and path in record:
        return _plain(record[path])
    values, many = [record], False
    for name, test in _STEP.findall(path):
        if name:
            values = [value[name] for value in values if isinstance(value, dict) and name in value]
            continue
        many = True
        values = [item for value in values for item in (value if isinstance(value, list) else [value])]
        key, _, wanted = test.partition("=")
        if key:
            values = [item for item in values if isinstance(item, dict) and str(item.get(key)) == wanted]
    if many:
        return [item for item in map(_plain, values) if item not in (None, "", [])]
    return _plain(values[0]) if values else None


def is_language(tag: str, wanted: str = "") -> bool:
    """Return whether a key is the tag of a language, or of one language."""
    base = re.split("[-_]", tag, maxsplit=1)[0].lower()
    return base == wanted if wanted else base in _TAGS


def by_language(value: dict[str, Any]) -> bool:
    """Return whether an object holds one text in several languages, by their tags."""
    texts = all(isinstance(text, str | None) for text in value.values())
    return texts and value.keys() != {"id"} and all(map(is_language, value))


def _plain(value: Any) -> object:  # noqa: ANN401 - any JSON
    """Return a value as a scalar or a list of scalars; of an object, its name."""
    if isinstance(value, list):
        return [item for item in map(_plain, value) if item not in (None, "", [])]
    if isinstance(value, dict):
        named = next((value[key] for key in _NAMES if isinstance(value.get(key), str | int | float)), None)
        if named is not None:
            return named
        if by_language(value):
            return next((text for tag, text in value.items() if is_language(tag, "en") and text), None) or next(
                filter(None, value.values()), None
            )
        texts = [item for item in value.values() if isinstance(item, str)]
        flat = not any(isinstance(item, dict | list) for item in value.values())
        return (
            texts[0]
            if flat and len(texts) == 1
            else json.dumps(value, ensure_ascii=False, sort_keys=True)
            if value
            else None
        )
    return value
