"""Records as drafts of assets: one mapping of fields for each, and everything that was remarkable about it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from capgraph.formats.cells import plain
from capgraph.formats.identity import mint
from capgraph.formats.lexicon import UNIT_WORDS
from capgraph.ingest import details
from capgraph.ingest.columns import cell_of
from capgraph.ingest.drafts import Draft, Rejected
from capgraph.ingest.fields import LISTS, READERS, Read
from capgraph.ingest.told import Told
from capgraph.text import normalize

if TYPE_CHECKING:
    from capgraph.ingest.columns import Binding, Column
    from capgraph.ingest.profile import FieldRule
    from capgraph.ingest.tables import Raw, Table

_IRI = re.compile(r"(?:https?://|urn:[a-z0-9][a-z0-9-]{0,31}:)[^\s<>\"]+", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?E[+-]?\d+", re.IGNORECASE)
_FLOAT = re.compile(r"(\d+)\.0+")
_REMARKED = {
    "duration": "duration", "modified": "modified", "published": "published", "url": "url", "kind": "kind",
    "language": "language", "level": "level", "cost": "price", "active": "status", "rating": "rating",
}  # fmt: skip
_SILENT = frozenset({"unit-assumed", "month-only", "year-only", "currency-missing"})
_MEMORY = 50_000
_NOTHING: tuple[object, ...] = (None, "", [])


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
    """

    def __init__(self, table: Table, binding: Binding, catalog: str, system: str) -> None:
        self.table, self.binding = table, binding
        self.catalog, self.system = catalog, system
        self.archived = details.is_archive(table.title)
        self.currency = details.usual_currency(table, binding)
        self._cache: dict[tuple[str, str], Read] = {}
        self._readers = [(name, columns) for name, columns in binding.fields.items() if name in READERS]
        self._ids = binding.fields.get("id", [])
        self._simple = self._simple_fields()
        self._unlike = {name for name in self._simple if self._is_unlike(binding.fields[name][0].place)}

    def draft(self, raw: Raw) -> Draft:
        """Return the draft of an asset.

        Raises
        ------
        Rejected
            When the record lacks what an asset must have.
        """
        locator = self.table.locator(raw.number)
        remarks: list[Told] = []
        read = self._read(raw)
        key = self._key(raw, read, locator, remarks)
        self._check(read)
        for name, found in read.items():
            if found.problem and name in _REMARKED and found.problem not in _SILENT:
                remarks.append(self._remark(locator, f"{_REMARKED[name]}-{found.problem}", name, found, raw))
        draft = Draft(key, self.catalog, self.table.source, locator, {}, remarks=remarks)
        draft.data = self._data(raw, read, draft)
        draft.revision = read["revision"].value if "revision" in read else None
        return draft

    def _simple_fields(self) -> dict[str, dict[str, Read]]:
        """Return a memory for each field that has one column and depends on no other cell."""
        if self.table.path_of is not None:
            return {}
        tied = {"duration"} if "duration_unit" in self.binding.fields else set()
        tied |= {"cost"} if self.table.currencies else set()
        tied |= {"url"} if self.table.links else set()
        return {name: {} for name, columns in self._readers if len(columns) == 1 and name not in tied}

    def _is_unlike(self, place: int) -> bool:
        """Return whether most cells of a column differ, so that a memory of them would only be large."""
        cells = [str(raw.cells[place]) for raw in self.table.sample if 0 <= place < len(raw.cells)]
        return len(set(cells)) > len(cells) / 2

    def is_deletion(self, raw: Raw) -> bool:
        """Return whether a record is an instruction to delete an asset."""
        columns = self.binding.fields.get("delete")
        return columns is not None and self._cell(raw, "delete", columns[0]).value is True

    def deletion_key(self, raw: Raw) -> str:
        """Return the id of the asset that a record says to delete."""
        columns = self.binding.key or tuple(self._ids[:1])
        return "/".join(plain(cell_of(self.table, raw, column.place)) for column in columns)

    def _read(self, raw: Raw) -> dict[str, Read]:
        """Return what the cells of each field say."""
        found: dict[str, Read] = {}
        cells = raw.cells
        for name, columns in self._readers:
            memory = self._simple.get(name)
            place = columns[0].place
            cell: object = None
            if memory is not None:
                cell = cells[place] if 0 <= place < len(cells) else ""
            if memory is None or not isinstance(cell, str):
                found[name] = self._several(raw, name, columns)
                continue
            if name in self._unlike:
                found[name] = READERS[name](cell, columns[0].rule)
                continue
            known = memory.get(cell)
            if known is None:
                known = READERS[name](cell, columns[0].rule)
                if len(memory) < _MEMORY:
                    memory[cell] = known
            found[name] = known
        for name, text in self.binding.profile.constants.items():
            if name in READERS and (name not in found or found[name].value in _NOTHING):
                found[name] = READERS[name](text, self.binding.profile.rule(name))
        return found

    def _several(self, raw: Raw, name: str, columns: list[Column]) -> Read:
        """Return what several columns of a field say: all values of a list, else the first value."""
        if name in LISTS:
            items = [item for column in columns for item in self._cell(raw, name, column).value or ()]
            return Read(list(dict.fromkeys(items)))
        read = Read(None)
        for column in columns:
            read = self._cell(raw, name, column)
            if read.value not in _NOTHING:
                break
        return read

    def _cell(self, raw: Raw, name: str, column: Column) -> Read:
        """Return what one cell says, remembering texts that occur again and again."""
        cell = self.table.path_of(raw.cells[0], column.name) if column.place < 0 and self.table.path_of else (
            cell_of(self.table, raw, column.place)
        )  # fmt: skip
        rule = column.rule
        if name == "duration" and "duration_unit" in self.binding.fields:
            stated = plain(self._plain_cell(raw, "duration_unit"))
            unit = UNIT_WORDS.get(normalize(stated)) or rule.unit
            return READERS[name](cell, _with_unit(rule, unit))
        if name == "cost" and self.table.currencies:
            shown = self.table.currencies.get((raw.number, column.place), "")
            return READERS[name](cell, _with_currency(rule, shown or rule.currency))
        if name == "url" and self.table.links:
            return READERS[name](self.table.links.get((raw.number, column.place), cell), rule)
        if not isinstance(cell, str):
            return READERS[name](cell, rule)
        known = self._cache.get((name, cell))
        if known is None:
            known = READERS[name](cell, rule)
            if len(self._cache) < _MEMORY:
                self._cache[name, cell] = known
        return known

    def _plain_cell(self, raw: Raw, name: str) -> object:
        """Return the first cell of a field as it stands."""
        columns = self.binding.fields.get(name)
        if not columns:
            return ""
        if self.table.path_of is not None:
            return self.table.path_of(raw.cells[0], columns[0].name)
        return cell_of(self.table, raw, columns[0].place)

    def _key(self, raw: Raw, read: dict[str, Read], locator: str, remarks: list[Told]) -> str:
        """Return the id of a record in its source; the title where the table has no ids."""
        title = read["title"].value if "title" in read else ""
        if not self._ids:
            if not title:
                raise Rejected("missing-title", "title", "fill in the title")
            return str(title)
        stated = str(self._plain_cell(raw, "id") or "").strip()
        text = plain(self._plain_cell(raw, "id"))
        if stated.startswith("#") or _SCIENTIFIC.fullmatch(text):
            hint = "a spreadsheet has damaged it; format the column as text and export it again"
            raise Rejected("damaged-id", "id", hint)
        if not text:
            raise Rejected("missing-id", "id", "fill in the id, or read the file without an id column")
        whole = _FLOAT.fullmatch(text)
        if whole and not self.binding.key:
            remarks.append(Told(self.table.source, locator, "remark", "", "id", text, whole[1], "id-as-float"))
            text = whole[1]
        if self.binding.key:
            parts = [
                text if column.field == "id" else plain(cell_of(self.table, raw, column.place))
                for column in self.binding.key
            ]
            text = "/".join(parts)
        if not title:
            raise Rejected("missing-title", "title", "fill in the title")
        return text

    def _check(self, read: dict[str, Read]) -> None:
        """Refuse a record that lacks what the profile demands."""
        rules = self.binding.profile
        for name in dict.fromkeys([*rules.required, *(name for name, rule in rules.fields.items() if rule.reject)]):
            found = read.get(name)
            if found is None:
                continue
            reject = rules.rule(name).reject
            if reject and found.problem:
                raise Rejected(reject, name, found.hint)
            if found.value in (None, "", []) and name in rules.required:
                raise Rejected(f"missing-{name}", name, f"fill in the {name}")

    def _remark(self, locator: str, reason: str, name: str, found: Read, raw: Raw) -> Told:
        """Return a remark about one field."""
        cell = plain(self._plain_cell(raw, name))
        return Told(self.table.source, locator, "remark", "", name, cell, found.value, reason, found.hint)

    def _data(self, raw: Raw, read: dict[str, Read], draft: Draft) -> dict[str, Any]:
        """Return the fields of the asset."""
        value = {name: found.value for name, found in read.items()}
        title = str(value["title"])
        data: dict[str, Any] = {
            "id": self._id(draft.key),
            "title": title,
            "notation": draft.key if self._ids else "",
            "provenance": ({"source": self.table.source, "locator": draft.locator},),
        }
        self._identify(raw, value, data, draft)
        for name in details.PLAIN:
            if name in value and value[name] not in _NOTHING:
                data[name] = value[name]
        details.prices(value, data, draft, usual=self.currency)
        details.languages(value, data)
        details.status(value, data, draft, archived=self.archived)
        details.tags(value, data, draft, has_skills="skills" in self.binding.fields)
        extensions = details.kept(self.table, self.binding, raw, value)
        if extensions:
            data["extensions"] = {"csv" if self.table.path_of is None else "json": extensions}
        draft.prerequisites = str(value.get("prerequisites") or "")
        draft.corequisites = str(value.get("corequisites") or "")
        draft.programs = tuple(value.get("part_of") or ())
        return data

    def _identify(self, raw: Raw, value: dict[str, Any], data: dict[str, Any], draft: Draft) -> None:
        """Set the ids of the source, the one that it will use from now on included."""
        if self._ids:
            renamed = value.get("new_id") or plain(self._plain_cell(raw, "new_id"))
            keys = [draft.key, renamed] if renamed and renamed != draft.key else [draft.key]
            data["other_ids"] = tuple({"scheme": self.system, "value": key} for key in keys)
            if len(keys) > 1:
                details.tell(
                    draft, "id", draft.key, "renamed", f"the source calls it {renamed} from now on; both ids are kept"
                )
        draft_title = str(data["title"])
        if draft_title[:1] in "=+-@":
            details.tell(
                draft,
                "title",
                draft_title,
                "formula-like-text",
                "it is kept as text",
            )

    def _id(self, key: str) -> str:
        """Return the id of an asset: the publisher's where it is an IRI, else a minted one."""
        return key if _IRI.fullmatch(key) else mint(self.catalog, "asset", f"{self.system}/{key}")


def _with_unit(rule: FieldRule, unit: str) -> FieldRule:
    """Return a rule with another unit."""
    return replace(rule, unit=unit) if unit != rule.unit else rule


def _with_currency(rule: FieldRule, currency: str) -> FieldRule:
    """Return a rule with another currency."""
    return replace(rule, currency=currency) if currency != rule.currency else rule
