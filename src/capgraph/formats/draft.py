"""Draft: a document under construction from what strangers wrote; what does not fit is left out and listed."""

from __future__ import annotations

import gc
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from capgraph.errors import DocumentError, Issue
from capgraph.model import Document

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping

    from capgraph.formats.conversion import Ledger

D = TypeVar("D", bound=Document)
Record = dict[str, Any]

_REFERENCES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "framework": (
        ("capabilities", "scale", "scales"),
        ("capabilities", "broader", "capabilities"),
        ("capabilities", "related", "capabilities"),
        ("capabilities", "prerequisites", "capabilities"),
        ("capabilities", "replaced_by", "capabilities"),
        ("behaviors", "capability", "capabilities"),
        ("behaviors", "replaced_by", "behaviors"),
        ("roles", "broader", "roles"),
        ("roles", "related", "roles"),
        ("roles", "replaced_by", "roles"),
        ("roles", "requirements", "capabilities"),
    ),
    "workforce": (
        ("teams", "broader", "teams"),
        ("teams", "lead", "people"),
        ("people", "teams", "teams"),
        ("people", "manager", "people"),
        ("evidence", "person", "people"),
        ("evidence", "corrects", "evidence"),
    ),
}
"""The fields whose references must resolve inside the document: (table, field, table that holds the target)."""

_OWNED = {"behaviors": "capability", "evidence": "person"}
"""Tables whose records mean nothing without the reference named."""
_HIERARCHIES = ("capabilities", "roles", "teams")
_PLACE = re.compile(r"^(\w+)\[(\d+)\]")


class Draft(Generic[D]):
    """A document under construction.

    Records are plain mappings of field names to values.  `build` leaves out references that lead nowhere, links that
    close a circle, and records that the model refuses; each is a problem in the ledger and counted as dropped.

    Parameters
    ----------
    kind : type of Document
        What is built.
    ledger : Ledger
        Where problems are noted.
    **fields
        The fields of the document itself, such as ``id`` and ``title``; empty ones are left out.
    """

    def __init__(self, kind: type[D], ledger: Ledger, **fields: object) -> None:
        self.kind = kind
        self.ledger = ledger
        self.fields: Record = {name: value for name, value in fields.items() if value not in (None, "", (), {})}
        self.tables: dict[str, dict[str, Record]] = {table: {} for table in kind.tables}
        self.keys: dict[str, str] = {}
        """What the source calls what got an id of ours, for messages."""

    def add(self, table: str, record: Record, *, place: str = "", key: str = "") -> bool:
        """Take a record in, unless its id is taken; return whether it was new.

        Parameters
        ----------
        table : str
            The field of the document that it belongs to.
        record : dict
            Its fields; ``id`` is its key.
        place : str
            Where it stands in the source.
        key : str
            The key of a record without an id.
        """
        id_ = key or record["id"]
        if id_ in self.tables[table]:
            hint = "keep one, or give the other its own id"
            text = f"{id_!r} is used twice in {table}; the first one is kept"
            self.problem("duplicate-id", text, ids=(id_,), place=place, hint=hint)
            self.ledger.note("dropped", table, reason="the id is taken", place=place)
            return False
        self.tables[table][id_] = record
        return True

    def __contains__(self, id_: str) -> bool:
        return any(id_ in records for records in self.tables.values())

    def problem(self, code: str, text: str, *, ids: tuple[str, ...] = (), place: str = "", hint: str = "") -> None:
        """List a problem of the source."""
        self.ledger.problems.append(Issue(code, text, ids, place, hint))

    def build(self) -> D:
        """Return the document.

        Raises
        ------
        DocumentError
            When what is left still contradicts itself.
        """
        while True:
            if not self.fields.get("imports"):
                self._resolve()
            self._open_circles()
            data = {table: list(records.values()) for table, records in self.tables.items()}
            try:
                with _collection_paused():
                    return self.kind.model_validate({**self.fields, **data})
            except DocumentError as error:
                self._leave_out(error)

    def _resolve(self) -> None:
        """Leave out the references that lead nowhere, and the records that mean nothing without theirs."""
        ids = {table: set(map(self._iri, records)) for table, records in self.tables.items()}
        for table, field, target in _REFERENCES.get(self.kind.kind, ()):
            known = ids[target]
            for id_, record in list(self.tables[table].items()):
                missing = [name for name in _named(record.get(field)) if self._iri(name) not in known]
                if missing:
                    self._cut_off(table, field, id_, missing)

    def _cut_off(self, table: str, field: str, id_: str, missing: list[str]) -> None:
        """Leave out references of a record that lead nowhere, or the record that means nothing without them."""
        for name in missing:
            shown = [self.keys.get(one, one) for one in (id_, name)]
            text = f"{shown[0]!r} names {shown[1]!r} in {field}, which the file does not hold"
            self.problem("dangling-reference", text, ids=(id_, name), place=field, hint="add it or correct the id")
        self.ledger.note("dropped", f"{table}.{field}", reason="leads nowhere", place=id_, count=len(missing))
        if _OWNED.get(table) == field:
            del self.tables[table][id_]
        else:
            record = self.tables[table][id_]
            record[field] = _without(record[field], set(missing))

    def _iri(self, id_: str) -> str:
        """Return the identity of an id, with the prefixes of the document expanded."""
        prefix, _, local = id_.partition(":")
        base = self.fields.get("prefixes", {}).get(prefix)
        return id_ if base is None else f"{base}{local}"

    def _open_circles(self) -> None:
        """Leave out the links that make an entry broader than itself."""
        for table in _HIERARCHIES:
            records = self.tables.get(table, {})
            edges = {id_: record.get("broader", ()) for id_, record in records.items()}
            for chain in closing_chains(edges):
                last, first = chain[-1], chain[0]
                shown = " → ".join(map(repr, (*chain, first)))
                text = f"{first!r} is broader than itself: {shown}; the last link is left out"
                self.problem("cycle", text, ids=chain, place="broader", hint="remove one of these links")
                self.ledger.note("dropped", f"{table}.broader", reason="closes a circle", place=last)
                records[last]["broader"] = _without(records[last]["broader"], {first})

    def _leave_out(self, error: DocumentError) -> None:
        """Leave out the records that the model refuses; raise the error where they are not the reason."""
        rows = {table: list(records) for table, records in self.tables.items()}
        refused: set[tuple[str, str]] = set()
        for issue in error.issues:
            found = _PLACE.match(issue.where)
            if found is None or found[1] not in rows:
                raise error
            refused.add((found[1], rows[found[1]][int(found[2])]))
            self.ledger.problems.append(issue)
        for table, id_ in sorted(refused):
            del self.tables[table][id_]
            self.ledger.note("dropped", table, reason="the model refuses it", place=id_)


@contextmanager
def _collection_paused() -> Generator[None]:
    """Hold the garbage collector while many objects are made that all stay, through which it would look in vain."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _named(value: object) -> Generator[str]:
    """Yield the ids that a field names."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield item["capability"] if isinstance(item, dict) else item


def _without(value: object, names: set[str]) -> object:
    """Return a field without some of the ids that it names."""
    if isinstance(value, list | tuple):
        return [item for item in value if (item["capability"] if isinstance(item, dict) else item) not in names]
    return None


def closing_chains(edges: Mapping[str, Iterable[str]]) -> list[tuple[str, ...]]:
    """Return a chain for every link that closes a circle: each entry leads to the next, and the last to the first.

    Notes
    -----
    Depth-first search without recursion; linear in the links.
    """
    done: set[str] = set()
    return [chain for start in edges if start not in done for chain in _chains_from(start, edges, done)]


def _chains_from(start: str, edges: Mapping[str, Iterable[str]], done: set[str]) -> Iterator[tuple[str, ...]]:
    """Yield the closing chains of everything that is reached from an entry; `done` gets what was walked."""
    path: dict[str, None] = {start: None}
    stack = [(start, iter(edges[start]))]
    while stack:
        node, following = stack[-1]
        step = next((to for to in following if to not in done and to in edges), None)
        if step is None:
            stack.pop()
            path.pop(node)
            done.add(node)
        elif step in path:
            walked = list(path)
            yield tuple(walked[walked.index(step) :])
        else:
            path[step] = None
            stack.append((step, iter(edges[step])))


def closed(document: D, ledger: Ledger) -> D:
    """Return a document without the references that lead out of it, for a format that cannot name other documents."""
    draft = Draft(type(document), ledger)
    plain = document.model_dump(exclude_defaults=True)
    for table in document.tables:
        for number, record in enumerate(plain.pop(table, ())):
            draft.tables[table][record.get("id", str(number))] = record
    draft.fields = {name: value for name, value in plain.items() if name != "imports"}
    return draft.build()
