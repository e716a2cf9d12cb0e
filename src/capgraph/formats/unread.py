"""What a reader passed over: found by comparing a source with the document, so that nothing is lost in silence.

A format says which fields of its source a reader takes.  Everything else that a file holds must stand in the extensions
of the document under its own name, or is noted as dropped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from capgraph.errors import ParseError
from capgraph.formats.fixed import header_of, records_of
from capgraph.formats.jsontext import load_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from capgraph.formats.content import Content
    from capgraph.formats.conversion import Ledger
    from capgraph.model import Document

_BEFORE = b"\xef\xbb\xbf \r\n\t"
_EMPTY: tuple[object, ...] = (None, "", [], {})


class Leaf(NamedTuple):
    """One value of a source."""

    path: tuple[str, ...]
    """The names that lead to it: keys from the outermost to its own, or a column."""
    place: str
    """Where it stands: a JSON pointer, or a row."""
    value: object
    """The value; never empty."""


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
        held = _Held(document)
        spoken, gone = ledger.spoken(), ledger.gone()
        for leaf in self._leaves(content, gone):
            names = _names(leaf.path)
            if names & self.understood or not spoken.isdisjoint(leaf.path) or _is_below(leaf.place, gone):
                continue
            part = ".".join(leaf.path)
            if names & self.taken:
                if not held.has_text(leaf.value):
                    ledger.note("dropped", part, reason="no field holds this value", place=leaf.place)
            elif held.has_field(leaf.path[-1], leaf.value):
                ledger.note("moved", part, reason="no field holds it", place=leaf.place)
            else:
                ledger.note("dropped", part, reason="no field holds it", place=leaf.place)

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
                            yield Leaf((column,), place, part.strip() if self.separator else part)


def _names(path: tuple[str, ...]) -> set[str]:
    """Return the names by which a format may know a field."""
    return {path[-1], ".".join(path[-2:]), *(f"{key}.*" for key in path[:-1])} if path else set()


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
        pending = [Leaf((), place, load_json(data, place))]
    except ParseError:
        return
    while pending:
        leaf = pending.pop()
        if isinstance(leaf.value, dict):
            inner = leaf.value.items()
            pending.extend(Leaf((*leaf.path, key), f"{leaf.place}/{key}", value) for key, value in inner)
        elif isinstance(leaf.value, list):
            pending.extend(Leaf(leaf.path, f"{leaf.place}/{number}", value) for number, value in enumerate(leaf.value))
        elif leaf.value not in _EMPTY and leaf.path:
            yield leaf


class _Held:
    """What a document holds, looked up by value, and in its extensions by name and value."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._texts: set[str] = set()
        self._fields: set[tuple[str, str]] = set()

    def _look(self) -> None:
        """Walk through the document, once."""
        pending: list[tuple[str, Any, bool]] = [("", self._document.model_dump(mode="json"), False)]
        while pending:
            name, value, is_extension = pending.pop()
            if isinstance(value, Mapping):
                inside = is_extension or name == "extensions"
                pending.extend((key, inner, inside) for key, inner in value.items())
            elif isinstance(value, list):
                pending.extend((name, inner, is_extension) for inner in value)
            else:
                self._texts.add(_folded(value))
                if is_extension:
                    self._fields.add((name, _folded(value)))

    def has_text(self, value: object) -> bool:
        """Return whether some field holds a value."""
        if not self._texts:
            self._look()
        return _folded(value) in self._texts

    def has_field(self, name: str, value: object) -> bool:
        """Return whether the extensions hold a value under a name."""
        if not self._texts:
            self._look()
        return (name, _folded(value)) in self._fields


def _folded(value: object) -> str:
    """Return a value as it is compared: white space around it and between its words counts for nothing."""
    return " ".join(str(value).split())
