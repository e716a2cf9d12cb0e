"""Where the records of a JSON or XML text are: in a list, under their ids, or in groups such as departments."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from capgraph.errors import Issue, ParseError
from capgraph.formats.xmltext import load_xml
from capgraph.ingest.frames import framed
from capgraph.ingest.linked_data import courses_in
from capgraph.ingest.namings import folded
from capgraph.ingest.profile import generic

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from xml.etree.ElementTree import Element

_BESIDE = frozenset({"/included", "/links", "/errors"})
_DEEPEST = 6
_SEVERAL = 3
_COURSES = frozenset(
    {
        "course", "courses", "training", "trainings", "kurs", "kurse", "seminar", "seminare", "cours", "formation",
        "formations", "curso", "cursos", "corso", "corsi", "cursus", "asignatura", "asignaturas", "disciplina",
        "disciplinas", "classes", "workshops",
    }
)  # fmt: skip
"""Names of lists and elements that are courses, whatever else there is more of."""


class Found(NamedTuple):
    """The records of a text, and where they are."""

    places: Sequence[str]
    """The place of each record, as a JSON pointer or XPath; empty for JSON lines."""
    records: list[Any]
    """The records."""
    where: str = ""
    """The pointer to all of them; empty for the whole text."""
    unread: tuple[str, ...] = ()
    """What else could be records, with how many there are."""

    def locator(self, number: int) -> str:
        """Return where a record stands, by its number from 1."""
        return self.places[number - 1] if self.places else f"line:{number}"


def _escaped(key: str) -> str:
    """Return a key as a step of a JSON pointer."""
    return key.replace("~", "~0").replace("/", "~1")


def json_records(data: bytes, name: str) -> Found:
    """Return the records of a JSON text, and where they are.

    The records are the list itself, the longest list of objects inside an object with those beside it that look the
    same, or the objects inside it where it holds each under its id.  Where they are groups that hold lists of courses,
    the records are the courses.

    Raises
    ------
    ParseError
        When it is neither JSON nor JSON lines; every line that is no JSON is listed.
    """
    text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", errors="replace")
    try:
        found = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        return Found((), _json_lines(text, name, error))
    if courses := courses_in(found):
        return Found([where for where, _ in courses], [course for _, course in courses])
    if isinstance(found, list):
        return _ungrouped(_listed("", found))
    if not isinstance(found, dict):
        return _listed("", [found])
    if rows := framed(found):
        return Found([f"/*/{_escaped(label)}" for label, _ in rows], [row for _, row in rows])
    lists = [one for one in _paged(list(_lists(found))) if one.where not in _BESIDE]
    keyed = [one for one in _by_key(found) if not lists or len(one.records) >= _SEVERAL]
    best = max(keyed or lists, key=_rank, default=Found(("",), [found]))
    beside = () if keyed else (one for one in lists if not _is_inside(one, best))
    return _ungrouped(best)._replace(unread=tuple(f"{len(one.records)} objects at {one.where}" for one in beside))


def _listed(where: str, items: list[Any]) -> Found:
    """Return the items of a list as records."""
    return Found([f"{where}/{place}" for place in range(len(items))], items, where)


def _rank(found: Found) -> tuple[bool, bool, int]:
    """Return how much records look like the courses of a text: by their list, their titles, their number."""
    titles = {folded(name) for name in generic().columns["title"]}
    keys = {folded(key) for item in found.records[:_SEVERAL] if isinstance(item, dict) for key in item}
    return folded(found.where.rpartition("/")[2]) in _COURSES, not titles.isdisjoint(keys), len(found.records)


def _is_inside(one: Found, other: Found) -> bool:
    """Return whether all records of a list are among others."""
    return bool(one.places) and one.places[0] in set(other.places)


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


def _by_key(found: dict[str, Any], path: str = "", depth: int = 0) -> Iterator[Found]:
    """Yield the objects that hold each record under its id: all their values are objects with much the same keys."""
    objects = [item for item in found.values() if isinstance(item, dict)]
    shared = set(objects[0]).intersection(*objects[1:]) if objects else set()
    if 1 < len(objects) == len(found) and 2 * len(shared) >= max(len(objects[0]), 1):
        records = [{"id": key, **item} for key, item in found.items()]
        yield Found([f"{path}/{_escaped(key)}" for key in found], records, path)
        return
    for key, value in found.items() if depth < _DEEPEST else ():
        if isinstance(value, dict) and f"{path}/{key}" not in _BESIDE:
            yield from _by_key(value, f"{path}/{_escaped(key)}", depth + 1)


def _lists(found: dict[str, Any], path: str = "", depth: int = 0) -> Iterator[Found]:
    """Yield the lists of objects inside an object; several beside each other with much the same keys are one."""
    own: dict[str, list[Any]] = {}
    for key, value in found.items():
        if isinstance(value, list) and any(isinstance(item, dict) for item in value):
            own[key] = value
        elif isinstance(value, dict) and depth < _DEEPEST:
            yield from _lists(value, f"{path}/{_escaped(key)}", depth + 1)
    alike = _alike(own)
    if len(alike) > 1:
        places = [f"{path}/{_escaped(key)}/{place}" for key in alike for place in range(len(own[key]))]
        yield Found(places, [_within({"group": key}, item) for key in alike for item in own[key]], path)
    yield from (_listed(f"{path}/{_escaped(key)}", own[key]) for key in own if key not in alike or len(alike) == 1)


def _paged(lists: list[Found]) -> list[Found]:
    """Return lists, of which those of one name in several objects, as in pages of results, are one."""
    named: dict[str, list[Found]] = {}
    for one in lists:
        named.setdefault(one.where.rpartition("/")[2], []).append(one)
    found = []
    for same in named.values():
        alike = _alike({one.where: one.records for one in same})
        joined = [one for one in same if one.where in alike]
        if len(joined) > 1:
            places = [place for one in joined for place in one.places]
            found.append(Found(places, [item for one in joined for item in one.records], same[0].where))
        found.extend(one for one in same if len(joined) == 1 or one.where not in alike)
    return found


def _alike(lists: Mapping[str, list[Any]]) -> list[str]:
    """Return the lists whose objects have at least half of the keys that those of the longest have."""
    keys = {name: set(next(item for item in items if isinstance(item, dict))) for name, items in lists.items()}
    longest = max(lists, key=lambda name: len(lists[name]), default="")
    return [name for name in lists if 2 * len(keys[name] & keys[longest]) >= len(keys[name] | keys[longest])]


def _ungrouped(found: Found) -> Found:
    """Return the courses inside of groups, with what is said of their group, where records are groups of courses."""
    held = Counter(
        key
        for item in found.records
        if isinstance(item, dict)
        for key, value in item.items()
        if folded(key) in _COURSES and isinstance(value, list) and any(isinstance(one, dict) for one in value)
    )
    key, count = max(held.items(), key=lambda pair: pair[1], default=("", 0))
    if 2 * count < len(found.records) or not count or folded(found.where.rpartition("/")[2]) in _COURSES:
        return found
    places, records = [], []
    for place, group in zip(found.places, found.records, strict=True):
        items = group.get(key) if isinstance(group, dict) else None
        for number, item in enumerate(items if isinstance(items, list) else ()):
            said = {f"group {name}": value for name, value in group.items() if not isinstance(value, dict | list)}
            places.append(f"{place}/{_escaped(key)}/{number}")
            records.append(_within(said, item))
    return Found(places, records, found.where)


def _within(said: Mapping[str, Any], item: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return a record with what is said of its group."""
    return (
        {**item, **{key: value for key, value in said.items() if key not in item}} if isinstance(item, dict) else item
    )


def xml_records(data: bytes, name: str) -> Found:
    """Return the elements that are records, wherever in the tree elements of their kind stand, and where they are.

    They are the elements called courses, or those of which one element has the most, and which stand at the same place
    in others.  What attributes and texts say of the groups that they stand in is said of them.

    Raises
    ------
    ParseError
        When it is no XML, or uses a document type, entities or anything outside of itself.
    """
    try:
        root = load_xml(data)
    except ParseError as error:
        raise ParseError(error.issues, path=name, format="xml") from None
    kinds: dict[tuple[str, ...], list[tuple[Element, tuple[Element, ...]]]] = {}
    most: Counter[tuple[str, ...]] = Counter()
    for path, element, above in _walk(root):
        counts = Counter(child.tag for child in element if len(child) or child.attrib)
        for tag, count in counts.items():
            kind = (*path, tag)
            most[kind] = max(most[kind], count)
            kinds.setdefault(kind, []).extend((child, above) for child in element if child.tag == tag)
    best = max(kinds, key=lambda kind: (_is_course(kind) and len(kinds[kind]) > 1, most[kind]), default=None)
    if best is None or (len(kinds[best]) < 2 and len(root) != 1):  # noqa: PLR2004 - one is a part of a record
        return Found([f"//{_local(root.tag)}[1]"], [_element(root)], f"//{_local(root.tag)}")
    where = f"//{_local(best[-1])}"
    groups = len({id(above[-1]) for _, above in kinds[best]}) > 1
    records = [_within(_said(above[1:]) if groups else {}, _element(child)) for child, above in kinds[best]]
    return Found([f"{where}[{number}]" for number in range(1, len(records) + 1)], records, where)


def _walk(
    element: Element, path: tuple[str, ...] = (), above: tuple[Element, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Element, tuple[Element, ...]]]:
    """Yield all elements, each with the path to it and the elements that it stands in, itself the last."""
    own = (*path, element.tag)
    yield own, element, (*above, element)
    for child in element:
        yield from _walk(child, own, (*above, element))


def _is_course(kind: tuple[str, ...]) -> bool:
    """Return whether elements are called courses."""
    return folded(_local(kind[-1])) in _COURSES


def _said(groups: Sequence[Element]) -> dict[str, str]:
    """Return what attributes and texts say of groups, under the names of both."""
    said: dict[str, str] = {}
    for group in groups:
        name = _local(group.tag)
        said |= {f"{name} {_local(key)}": value for key, value in group.attrib.items()}
        said |= {f"{name} {_local(child.tag)}": child.text.strip() for child in group if not len(child) and child.text}
    return said


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
        value = _element(child) if len(child) and not _is_prose(child) else "".join(child.itertext()).strip()
        if value or not child.attrib:
            _add(record, name, value)
        for key, value in child.attrib.items() if not len(child) or _is_prose(child) else ():
            _add(record, f"{name} {_local(key)}", value)
    if not len(element) and element.text and element.text.strip():
        record["text"] = element.text.strip()
    return record


def _is_prose(element: Element) -> bool:
    """Return whether text stands between the children of an element, as around words in italics."""
    return any(text and text.strip() for text in (element.text, *(child.tail for child in element)))


def _add(record: dict[str, Any], name: str, value: object) -> None:
    """Add a value to a record; several of one name are a list."""
    known = record.get(name)
    record[name] = value if known is None else [*known, value] if isinstance(known, list) else [known, value]
