"""What a reader passed over: found by comparing a source with the document, so that nothing is lost in silence.

A format says which fields of its source a reader takes.  Everything else that a file holds must stand in the extensions
of the document under its own name, or is noted as dropped.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic_core import from_json

from capgraph.errors import ParseError
from capgraph.formats.conversion import PLACES
from capgraph.formats.fixed import header_of, records_of
from capgraph.formats.jsontext import load_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from capgraph.formats.content import Content
    from capgraph.formats.conversion import Action, Ledger
    from capgraph.model import Document

_BEFORE = b"\xef\xbb\xbf \r\n\t"


class Leaf(NamedTuple):
    """One value of a source."""

    path: tuple[str, ...]
    """The names that lead to it: keys from the outermost to its own, or a column."""
    value: object
    """The value; never empty."""
    trail: tuple[object, ...]
    """The keys and numbers that lead to it, after the place where the text begins."""

    @property
    def place(self) -> str:
        """Where it stands: a JSON pointer, or a row."""
        return "/".join(map(str, self.trail))


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """The fields of a source, as its reader knows them.

    A name is the last key or the column (``title``), the last two keys (``category.id``), or a key and whatever is
    below it (``name.*``).
    """

    taken: frozenset[str] = frozenset()
    """Fields whose values stand in the document as they are; one that does not is noted."""
    understood: frozenset[str] = frozenset()
    """Fields that are read into another form: links, ids, words, numbers; their reader notes what it cannot read."""
    words: frozenset[str] = frozenset()
    """Values that only say what kind of thing something is, as every file of the format does."""
    separator: str = ""
    """What separates the values of a cell that no field holds."""
    lines: bool = False
    """Whether each line is a JSON value."""

    def note_unread(self, content: Content, document: Document, ledger: Ledger) -> None:
        """Note what the files hold and the document does not, and what stands in its extensions.

        Notes
        -----
        Linear in the source; a table is only read again where it has a column that the reader does not know.
        """
        held, notes = Held(document), _Notes(ledger)
        spoken, gone = ledger.spoken(), ledger.gone()
        known: dict[tuple[str, ...], bool | None] = {}
        for leaf in self._leaves(content, gone):
            path, value = leaf.path, leaf.value
            if path not in known:
                known[path] = self._is_taken(path) if spoken.isdisjoint(path) else None
            is_taken = known[path]
            if is_taken is None or value in self.words or (gone and _is_below(leaf.place, gone)):
                continue
            if is_taken:
                if not held.has_text(value):
                    notes.add("dropped", path, "no field holds this value", leaf)
            elif held.has_field(path[-1], value):
                notes.add("moved", path, "no field holds it", leaf)
            else:
                notes.add("dropped", path, "no field holds it", leaf)
        notes.tell()

    def _is_taken(self, path: tuple[str, ...]) -> bool | None:
        """Return whether the value of a field stands in the document as it is; None where it is read otherwise."""
        names = {path[-1], ".".join(path[-2:]), *(f"{key}.*" for key in path[:-1])}
        return None if names & self.understood else bool(names & self.taken)

    def _leaves(self, content: Content, gone: set[str]) -> Iterator[Leaf]:
        """Yield the values of all files but those that were not read as a whole."""
        for name in content:
            if name in gone:
                continue
            if self.lines and content.head(name).lstrip(_BEFORE).startswith(b"{"):
                for number, line in enumerate(content[name].splitlines(), start=1):
                    yield from _json_leaves(line, f"line:{number}")
            elif content.head(name).lstrip(_BEFORE)[:1] in {b"{", b"["}:
                yield from _json_leaves(content[name], "")
            else:
                yield from self._cells(content, name)

    def _cells(self, content: Content, name: str) -> Iterator[Leaf]:
        """Yield the cells of the columns that the reader does not know."""
        header = header_of(content, name, delimiter="\t" if name.lower().endswith(".txt") else ",")
        known = self.taken | self.understood
        if known.issuperset(header):
            return
        for place, row in records_of(content, name):
            for column, cell in row.items():
                if column not in known and cell:
                    for part in cell.split(self.separator) if self.separator else (cell,):
                        if part.strip():
                            yield Leaf((column,), part.strip() if self.separator else part, (place,))


def _is_below(place: str, gone: set[str]) -> bool:
    """Return whether a place lies at or in one whose loss is noted as a whole."""
    while place and gone:
        if place in gone:
            return True
        place = place.rpartition("/")[0]
    return False


def _json_leaves(data: bytes, place: str) -> Iterator[Leaf]:
    """Yield the values of a JSON text, none of them empty; text that is no JSON is told by its reader."""
    try:
        value = load_json(data, place)
    except ParseError:
        return
    yield from _walked(value, (), (place,))


def _walked(value: object, path: tuple[str, ...], trail: tuple[object, ...]) -> Iterator[Leaf]:
    """Yield the values below a JSON value."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _walked(inner, (*path, key), (*trail, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _walked(inner, path, (*trail, number))
    elif value is not None and value != "" and path:
        yield Leaf(path, value, trail)


class _Notes:
    """What is noted of many values: counted together, with the first places."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._found: dict[tuple[Action, tuple[str, ...], str], list[Leaf]] = {}
        self._more: Counter[tuple[Action, tuple[str, ...], str]] = Counter()

    def add(self, action: Action, path: tuple[str, ...], reason: str, leaf: Leaf) -> None:
        """Count one value."""
        key = (action, path, reason)
        found = self._found.setdefault(key, [])
        if len(found) < PLACES:
            found.append(leaf)
        else:
            self._more[key] += 1

    def tell(self) -> None:
        """Note everything that was counted."""
        for (action, path, reason), leaves in self._found.items():
            part = ".".join(path)
            for leaf in leaves:
                self._ledger.note(action, part, reason=reason, place=leaf.place)
            self._ledger.note(action, part, reason=reason, count=self._more[action, path, reason])


class Held:
    """What a document holds, looked up by value, and in its extensions by name and value."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._texts: set[object] = set()
        self._folded: set[str] = set()
        self._fields: set[tuple[str, object]] = set()

    def _look(self) -> None:
        """Walk through the document, once."""
        whole = from_json(self._document.model_dump_json(exclude_defaults=True))
        pending: list[tuple[str, Any, bool]] = [("", whole, False)]
        while pending:
            name, value, inside = pending.pop()
            if type(value) is dict:
                pending.extend((key, inner, inside or key == "extensions") for key, inner in value.items())
            elif type(value) is list:
                pending.extend((name, inner, inside) for inner in value)
            else:
                self._texts.add(value)
                if inside:
                    self._fields.add((name, value))

    def has_text(self, value: object) -> bool:
        """Return whether some field holds a value; white space around it and between its words counts for nothing."""
        if not self._texts:
            self._look()
        if value in self._texts:
            return True
        if not self._folded:
            self._folded = {" ".join(str(text).split()) for text in self._texts}
        return " ".join(str(value).split()) in self._folded

    def has_field(self, name: str, value: object) -> bool:
        """Return whether the extensions hold a value under a name."""
        if not self._texts:
            self._look()
        return (name, value) in self._fields or (name, str(value).strip()) in self._fields
