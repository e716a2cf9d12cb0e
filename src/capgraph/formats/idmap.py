"""IdMap: the ids that earlier readings gave to what a source names only by labels, so that a rename keeps its id."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from capgraph.errors import Issue, ParseError
from capgraph.formats.conversion import ConversionRow
from capgraph.formats.identity import is_id, mint, publisher_id
from capgraph.text import normalize

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from capgraph.formats.conversion import Action, Conversion

COLUMNS = ("table", "key", "id")
"""The columns of the file: the kind of thing, what the source calls it, and its id."""

_SHOWN = 20
_FORMULA = ("=", "+", "-", "@")
_GUARD = "'"
_OF_PEOPLE = "person/"


class IdMap(Mapping[str, str]):
    """Ids by ``table/key``, and which keys the reading at hand has met.

    White space and case of a key count for nothing.  Two keys may have one id: the old and the new name of one thing.

    Parameters
    ----------
    entries : mapping of str to str
        Ids by ``table/key``, such as ``skill/data analysis``.

    Raises
    ------
    ParseError
        When a value is no id; all such values are listed.

    Examples
    --------
    >>> known = IdMap({"skill/SQL": "cap:sql"})
    >>> known["skill/sql"]
    'cap:sql'
    """

    __slots__ = ("_before", "_ids", "_met")

    def __init__(self, entries: Mapping[str, str] | None = None) -> None:
        given = dict(entries or {})
        _refuse_bad((id_, f"the entry {key!r}") for key, id_ in given.items())
        self._ids = {_normal(key): id_ for key, id_ in given.items()}
        self._before = frozenset(self._ids)
        self._met: set[str] = set()

    def __getitem__(self, key: str) -> str:
        return self._ids[_normal(key)]

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def meet(self, key: str) -> str | None:
        """Return the id of a normalized key that the source has, or None where it has none so far."""
        self._met.add(key)
        return self._ids.get(key)

    def remember(self, key: str, id: str) -> str:
        """Keep an id under a normalized key, and return it."""
        self._ids[key] = id
        return id

    @classmethod
    def parse(cls, data: bytes, name: str) -> IdMap:
        """Return the ids of a file with the columns `COLUMNS`.

        Raises
        ------
        ParseError
            When the file is no such table, or holds what is no id; with the rows.
        """
        try:
            rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
        except (UnicodeDecodeError, csv.Error) as error:
            issue = Issue("bad-csv", f"the idmap cannot be read: {error}", where=name, hint="save it as CSV in UTF-8")
            raise ParseError([issue], path=name) from error
        if rows and not set(COLUMNS) <= {column for column in rows[0] if column}:
            text = f"the idmap has not the columns {', '.join(COLUMNS)}"
            raise ParseError([Issue("no-column", text, where="row:1", hint="write them there")], path=name)
        told = [tuple((row[column] or "").strip() for column in COLUMNS) for row in rows]
        _refuse_bad(((id_, f"row:{number}") for number, (_, _, id_) in enumerate(told, 2)), path=name)
        return cls({f"{table}/{key.removeprefix(_GUARD)}": id_ for table, key, id_ in told})

    def render(self) -> bytes:
        """Return the file with all ids, by table and key."""
        stream = io.StringIO(newline="")
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        for full in sorted(self._ids):
            table, _, key = full.partition("/")
            writer.writerow((table, f"{_GUARD}{key}" if key.startswith(_FORMULA) else key, self._ids[full]))
        return stream.getvalue().encode()

    def told(self, conversion: Conversion) -> Conversion:
        """Return a conversion report with what happened to the ids: kept, new, and no longer met."""
        if not self._met:
            return conversion
        groups: tuple[tuple[Action, AbstractSet[str], str], ...] = (
            ("kept", self._met & self._before, "as the idmap says"),
            ("defaulted", self._met - self._before, "new in the idmap; renamed things need their old id there"),
            ("normalized", self._before - self._met, "in the idmap, not in the file; gone, or renamed"),
        )
        rows = [
            ConversionRow(action=action, part="id", count=len(keys), reason=reason, places=_shown(keys))
            for action, keys, reason in groups
            if keys
        ]
        return conversion.with_rows(rows)


def _shown(keys: Iterable[str]) -> tuple[str, ...]:
    """Return the first keys, those of people left out."""
    return tuple(key for key in sorted(keys) if not key.startswith(_OF_PEOPLE))[:_SHOWN]


def _normal(key: str) -> str:
    """Return a key as it is compared: white space and case count for nothing."""
    table, _, name = key.partition("/")
    return f"{table.strip()}/{normalize(name)}"


def _refuse_bad(ids: Iterable[tuple[object, str]], *, path: str = "") -> None:
    """Raise an error that lists what is no id, each with its place."""
    issues = [
        Issue("bad-id", f"{id_!r} is no id", (str(id_),), place, "use an IRI or a CURIE such as cap:data")
        for id_, place in ids
        if not isinstance(id_, str) or not is_id(id_)
    ]
    if issues:
        raise ParseError(issues, path=path or "idmap")


class Minter:
    """Hands out the ids of one document, and keeps them when a name changes.

    Parameters
    ----------
    framework : str
        The identity of the document.
    idmap : mapping or None
        Ids of earlier readings by ``table/key``; a renamed thing keeps its id when its new key is listed with the old
        id.  An `IdMap` gets the ids that are handed out, to be kept for the next reading.

    Examples
    --------
    >>> minter = Minter("fw:a", {"role/Analyst": "role:analyst"})
    >>> minter("role", "analyst")
    'role:analyst'
    """

    def __init__(self, framework: str, idmap: Mapping[str, str] | None = None) -> None:
        self.framework = framework
        self.known = idmap if isinstance(idmap, IdMap) else IdMap(idmap)

    def __call__(self, table: str, key: str) -> str:
        """Return the id of a key: as the idmap says, else the key itself where it is an id, else a minted one."""
        normal = f"{table}/{normalize(key)}"
        known = self.known.meet(normal)
        return known or self.known.remember(normal, publisher_id(key) or mint(self.framework, table, key))
