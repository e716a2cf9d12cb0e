"""Records as drafts of assets: one mapping of fields for each, and everything that was remarkable about it."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any

from capgraph.formats.cells import plain
from capgraph.formats.identity import mint
from capgraph.ingest.columns import cell_of
from capgraph.ingest.details import NOTHING, Note, is_archive, usual_currency
from capgraph.ingest.drafts import Draft, Rejected
from capgraph.ingest.pieces import Cells, pieces_of
from capgraph.ingest.told import Told
from capgraph.text import normalize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from capgraph.ingest.columns import Binding
    from capgraph.ingest.fields import Read
    from capgraph.ingest.tables import Raw, Table
    from capgraph.store import Composer

_IRI = re.compile(r"(?:https?://|urn:[a-z0-9][a-z0-9-]{0,31}:)[^\s<>\"]+", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?E[+-]?\d+", re.IGNORECASE)
_EDITION = 2
"""The edition of these rules: it grows when the same cells become another asset, so that they are read anew."""
_ACTIVE = "=+-@"
_FLOAT = re.compile(r"(\d+)\.0+")
MARKS = ("url", "provider")
"""Fields that tell courses of one title apart."""


class Assembly:
    """Turns the records of one table into drafts.

    Parameters
    ----------
    table : Table
        The table.
    binding : Binding
        What its columns mean.
    catalog : str
        The id of the catalog, in whose name ids are minted.
    system : str
        The source system, under which its ids are kept.
    composer : Composer or None
        Gives the pieces of a record as a store writes them too; None where there is no store.
    """

    def __init__(
        self, table: Table, binding: Binding, catalog: str, system: str, *, composer: Composer | None = None
    ) -> None:
        self.table, self.binding = table, binding
        self.catalog, self.system = catalog, system
        self.cells = Cells(table, binding)
        rules = binding.profile
        self._demanded = tuple(
            dict.fromkeys([*rules.required, *(name for name, rule in rules.fields.items() if rule.reject)])
        )
        self.pieces = pieces_of(table, binding, self.cells, self._demanded, composer)
        """Read what a record says, besides its id and title."""
        self._ids = binding.fields.get("id", [])
        self._title = self.cells.reader("title")
        self._usual = table.is_text and not binding.key and "new_id" not in binding.fields
        self._rules = _rules(binding, table, system)
        self.has_ids = bool(self._ids)
        """Whether the source has ids of its own."""
        self.deletes = "delete" in binding.fields
        self.form = "csv" if table.path_of is None else "json"
        """The name under which the extensions keep what no field holds."""

    def heading(self, raw: Raw) -> tuple[str, str]:
        """Return the id of a record in its source, and its title.

        Raises
        ------
        Rejected
            When the record lacks what an asset must have.
        """
        title = str(self._title(raw).value or "")
        return self._key(raw, title), title

    def marks(self, raw: Raw) -> tuple[str, ...]:
        """Return what tells a record apart from others with its title: its address and its provider."""
        return tuple(str(self.cells.field(raw, name).value or "") for name in MARKS)

    def apart(self, raw: Raw, title: str, others: Sequence[str]) -> str:
        """Return the key of a record whose title an earlier one has, with the first mark in which they differ."""
        pairs = zip(self.marks(raw), others, strict=True)
        mark = next((own for own, other in pairs if own and other and normalize(own) != normalize(other)), "")
        return f"{title} · {mark}" if mark else title

    def draft(self, raw: Raw, key: str, title: str, id_: str = "") -> Draft:
        """Return the draft of an asset.

        Parameters
        ----------
        raw : Raw
            The record.
        key, title : str
            What `heading` returned for it.
        id_ : str
            The id of the asset, where it is known already.

        Raises
        ------
        Rejected
            When the record lacks what the profile demands.
        """
        kept: dict[str, Any] = {}
        words: dict[str, Any] = {}
        notes: list[Note] = []
        reads: dict[str, Read] = {}
        data = self.identity(raw, key, title, id_ or asset_id(self.catalog, self.system, key), notes)
        for piece in self.pieces:
            fields, beside, told, looked_up, demanded, *_ = piece.read(raw)
            data |= fields
            if beside:
                kept |= beside
            if told:
                notes += told
            if looked_up:
                words |= looked_up
            if demanded:
                reads |= demanded
        self.check(reads)
        if kept:
            data["extensions"] = {self.form: kept}
        source, locator = self.table.source, self.table.locator(raw.number)
        data["provenance"] = ({"source": source, "locator": locator},)
        remarks = [Told(source, locator, "remark", data["id"], *note) for note in notes]
        return Draft(key, self.catalog, source, locator, data, remarks=remarks, **words)

    def fingerprint(self, raw: Raw, more: str = "") -> str:
        """Return a digest of a record, of the rules that read it, and of what else it depends on."""
        if self.table.is_text:
            cells = "\x1f".join(raw.cells)
        elif self.table.path_of is None:
            cells = f"{raw.cells!r}{self._beside(raw)}"
        else:
            cells = json.dumps(raw.cells, sort_keys=True, default=str)
        text = f"{self._rules}{more}{cells}"
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()

    def _beside(self, raw: Raw) -> list[tuple[int, str]]:
        """Return what stands beside the cells of a record: shown currencies and links."""
        marks = (self.table.currencies, self.table.links)
        places = range(len(self.table.names))
        return [
            (place, shown) for found in marks if found for place in places if (shown := found.get((raw.number, place)))
        ]

    def is_deletion(self, raw: Raw) -> bool:
        """Return whether a record is an instruction to delete an asset."""
        columns = self.binding.fields.get("delete")
        return columns is not None and self.cells.cell(raw, "delete", columns[0]).value is True

    def deletion_key(self, raw: Raw) -> str:
        """Return the id of the asset that a record says to delete."""
        columns = self.binding.key or tuple(self._ids[:1])
        return "/".join(plain(cell_of(self.table, raw, column.place)) for column in columns)

    def _key(self, raw: Raw, title: str) -> str:
        """Return the id of a record in its source; the title where the table has no ids."""
        if not self._ids:
            if not title:
                raise Rejected("missing-title", "title", "fill in the title")
            return title
        cell = self.cells.first(raw, "id")
        text = plain(cell)
        numeric = text[:1].isdigit()
        if (numeric and _SCIENTIFIC.fullmatch(text)) or str(cell or "").lstrip().startswith("#"):
            hint = "a spreadsheet has damaged it; format the column as text and export it again"
            raise Rejected("damaged-id", "id", hint)
        if not text:
            raise Rejected("missing-id", "id", "fill in the id, or read the file without an id column")
        if not title:
            raise Rejected("missing-title", "title", "fill in the title")
        if self.binding.key:
            parts = [
                text if column.field == "id" else plain(cell_of(self.table, raw, column.place))
                for column in self.binding.key
            ]
            return "/".join(parts)
        whole = _FLOAT.fullmatch(text) if numeric else None
        return whole[1] if whole else text

    def check(self, reads: dict[str, Read]) -> None:
        """Refuse a record that lacks what the profile demands.

        Raises
        ------
        Rejected
            When it does.
        """
        rules = self.binding.profile
        for name in self._demanded:
            found = reads.get(name)
            if found is None:
                continue
            reject = rules.rule(name).reject
            if reject and found.problem:
                raise Rejected(reject, name, found.hint)
            if found.value in NOTHING and name in rules.required:
                raise Rejected(f"missing-{name}", name, f"fill in the {name}")

    def is_usual(self, raw: Raw, key: str, title: str) -> bool:
        """Return whether nothing is remarkable about the id and the title of a record, so that `identity` is needless.

        Parameters
        ----------
        raw : Raw
            The record.
        key, title : str
            What `heading` returned for it.
        """
        return self._usual and title[:1] not in _ACTIVE and (not self._ids or self.cells.first(raw, "id") == key)

    def identity(self, raw: Raw, key: str, title: str, id_: str, notes: list[Note]) -> dict[str, Any]:
        """Return the id and title of an asset and the ids of the source, the one that it will use from now on included.

        Parameters
        ----------
        raw : Raw
            The record.
        key, title : str
            What `heading` returned for it.
        id_ : str
            The id of the asset.
        notes : list of Note
            Where to add what a person should know.
        """
        data: dict[str, Any] = {"id": id_, "title": title, "notation": key if self._ids else ""}
        if self._ids:
            renamed = plain(self.cells.first(raw, "new_id")) if "new_id" in self.binding.fields else ""
            keys = [key, renamed] if renamed and renamed != key else [key]
            data["other_ids"] = tuple({"scheme": self.system, "value": one} for one in keys)
            if len(keys) > 1:
                hint = f"the source calls it {renamed} from now on; both ids are kept"
                notes.append(Note("id", key, None, "renamed", hint))
            stated = self.cells.first(raw, "id")
            if stated != key and not self.binding.key and _FLOAT.fullmatch(plain(stated)):
                notes.append(Note("id", plain(stated), key, "id-as-float"))
        elif key != data["title"]:
            hint = "another record has it too, with another address or provider; both are kept"
            notes.append(Note("title", data["title"], None, "title-shared", hint))
        titles = self.cells.first(raw, "title")
        if isinstance(titles, list) and len(titles) > 1:
            others = tuple(dict.fromkeys(plain(item) for item in titles[1:] if plain(item) not in {"", data["title"]}))
            data["alternative_titles"] = others
            notes.append(Note("title", list(titles), data["title"], "several-titles", "the others are kept beside it"))
        if data["title"][:1] in _ACTIVE:
            notes.append(Note("title", data["title"], None, "formula-like-text", "it is kept as text"))
        return data


def _rules(binding: Binding, table: Table, system: str) -> str:
    """Return a digest of everything but its cells on which the asset of a record depends."""
    profile = binding.profile
    facts = (
        _EDITION, system, table.names, table.groups, is_archive(table.title), usual_currency(table, binding),
        [(name, [(one.place, one.name, one.rule) for one in columns]) for name, columns in binding.fields.items()],
        [(group, [one.place for one in columns]) for group, columns in binding.marks.items()],
        [one.place for one in (*binding.kept, *binding.key)], profile.required, sorted(profile.constants.items()),
    )  # fmt: skip
    return hashlib.blake2b(repr(facts).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def same_key(key: str) -> str:
    """Return the form of a key that is the same for all keys with one asset id."""
    return key if ":" in key and _IRI.fullmatch(key) else normalize(key)


def asset_id(catalog: str, system: str, key: str) -> str:
    """Return the id of an asset: the publisher's where it is an IRI, else a minted one."""
    return key if _IRI.fullmatch(key) else mint(catalog, "asset", f"{system}/{key}")
