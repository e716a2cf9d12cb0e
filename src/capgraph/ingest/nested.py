"""Records in JSON, XML and HTML: where they are, which paths they have, and what stands at a path."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from capgraph.formats.lexicon import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_STEP = re.compile(r"([^\[\].]+)|\[([^\]]*)\]")
_NAMES = ("name", "label", "title", "prefLabel", "value", "targetName", "displayName", "@value", "text", "id", "@id")
_TAGS = frozenset({*LANGUAGES.values(), "und", "@none"})
_BESIDE = frozenset({"/included", "/links", "/errors"})
_DEEPEST = 6
_SEVERAL = 3
_LONGEST = 1 << 30


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
