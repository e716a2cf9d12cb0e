"""Records as drafts of assets: one mapping of fields for each, and everything that was remarkable about it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from capgraph.formats.cells import plain
from capgraph.formats.identity import mint
from capgraph.formats.lexicon import MARKS, UNIT_WORDS
from capgraph.ingest.columns import cell_of
from capgraph.ingest.fields import LISTS, READERS, Read, is_cancelled
from capgraph.ingest.told import Told
from capgraph.text import normalize

if TYPE_CHECKING:
    from collections.abc import Iterator

    from capgraph.ingest.columns import Binding, Column
    from capgraph.ingest.tables import Raw, Table

_IRI = re.compile(r"(?:https?://|urn:[a-z0-9][a-z0-9-]{0,31}:)[^\s<>\"]+", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?E[+-]?\d+", re.IGNORECASE)
_FLOAT = re.compile(r"(\d+)\.0+")
_NO_CURRENCY = "XXX"
_REMARKED = {
    "duration": "duration", "modified": "modified", "published": "published", "url": "url", "kind": "kind",
    "language": "language", "level": "level", "cost": "price", "active": "status", "rating": "rating",
}  # fmt: skip
_SILENT = frozenset({"unit-assumed", "month-only", "year-only", "currency-missing"})
_MEMORY = 50_000


@dataclass(slots=True)
class Draft:
    """An asset under construction."""

    key: str
    """Its id in the source."""
    catalog: str
    """The id of the catalog."""
    source: str
    """The file."""
    locator: str
    """The place in it."""
    data: dict[str, Any]
    """The fields of the asset."""
    skills: tuple[str, ...] = ()
    """Skill tags and learning outcomes in the words of the source."""
    prerequisites: str = ""
    """What must come before, in the words of the source."""
    corequisites: str = ""
    """What must come along, in the words of the source."""
    programs: tuple[str, ...] = ()
    """The programs it belongs to, in the words of the source."""
    revision: Any = None
    """The day of the revision, where the source has several of one asset."""
    filled: int = 0
    """How many cells were filled."""
    remarks: list[Told] = field(default_factory=list)
    """What a person should know."""
    raw: tuple[str, ...] = ()
    """The cells as text, where the record may have to be handed back."""


class Rejected(Exception):  # noqa: N818 - a verdict about a record, which the caller tells
    """A record that cannot become an asset."""

    def __init__(self, reason: str, name: str = "", hint: str = "") -> None:
        self.reason, self.field, self.hint = reason, name, hint
        super().__init__(reason)


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
        self.archived = _is_archive(table.title)
        self.currency = _usual_currency(table, binding)
        self._cache: dict[tuple[str, str], Read] = {}
        self._readers = [(name, columns) for name, columns in binding.fields.items() if name in READERS]
        self._ids = binding.fields.get("id", [])

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
        for name, columns in self._readers:
            if name in LISTS:
                items = [item for column in columns for item in self._cell(raw, name, column).value or ()]
                found[name] = Read(list(dict.fromkeys(items)))
                continue
            for column in columns:
                found[name] = self._cell(raw, name, column)
                if found[name].value not in (None, "", []):
                    break
        return found

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
        if self._ids:
            renamed = value.get("new_id") or plain(self._plain_cell(raw, "new_id"))
            keys = [draft.key, renamed] if renamed and renamed != draft.key else [draft.key]
            data["other_ids"] = tuple({"scheme": self.system, "value": key} for key in keys)
            if len(keys) > 1:
                self._tell(
                    draft, "id", draft.key, "renamed", f"the source calls it {renamed} from now on; both ids are kept"
                )
        if title[:1] in "=+-@":
            self._tell(
                draft, "title", title, "formula-like-text", "it is kept as text; exports put a quotation mark before it"
            )
        for name in _PLAIN:
            if value.get(name) not in (None, "", []):
                data[name] = value[name]
        self._money(value, data, draft)
        self._languages(value, data)
        self._status(value, data, draft)
        self._tags(value, data, draft)
        extensions = self._extensions(raw, value)
        if extensions:
            data["extensions"] = {"csv" if self.table.path_of is None else "json": extensions}
        draft.prerequisites = str(value.get("prerequisites") or "")
        draft.corequisites = str(value.get("corequisites") or "")
        draft.programs = tuple(value.get("part_of") or ())
        return data

    def _id(self, key: str) -> str:
        """Return the id of an asset: the publisher's where it is an IRI, else a minted one."""
        return key if _IRI.fullmatch(key) else mint(self.catalog, "asset", f"{self.system}/{key}")

    def _tell(self, draft: Draft, name: str, before: object, reason: str, hint: str = "") -> None:
        """Remark something about a field."""
        draft.remarks.append(Told(draft.source, draft.locator, "remark", "", name, before, None, reason, hint))

    def _money(self, value: dict[str, Any], data: dict[str, Any], draft: Draft) -> None:
        """Set the prices, in the currency of their cells, of the row, or the usual one for what is free."""
        row = plain(value.get("currency") or "").upper()[:3]
        for name in ("cost", "session_cost", "annual_cost"):
            found = value.get(name)
            if found is None:
                continue
            currency = found.currency or (row if re.fullmatch("[A-Z]{3}", row) else "")
            if not currency and found.amount:
                self._tell(
                    draft, name, str(found.amount), "currency-missing", "state it in a profile: [fields.cost] currency"
                )
            amount = found.amount.quantize(Decimal("0.0001")).normalize() if found.amount else Decimal(0)
            data[name] = {
                "amount": amount,
                "currency": currency or (self.currency if not found.amount else "") or _NO_CURRENCY,
            }

    def _languages(self, value: dict[str, Any], data: dict[str, Any]) -> None:
        """Set the language; further ones are kept."""
        tags = value.pop("language", None)
        if tags:
            data["language"] = tags[0]
            value["languages"] = tags[1:]

    def _status(self, value: dict[str, Any], data: dict[str, Any], draft: Draft) -> None:
        """Set whether the asset is in use: by its columns, by a remark, or by the title of its sheet."""
        status = value.get("active")
        if value.get("inactive"):
            status = "deprecated"
        remark = str(value.get("remarks") or "")
        if remark and is_cancelled(remark):
            status = "deprecated"
            self._tell(draft, "status", remark, "inactive-by-remark")
        if status is None and self.archived:
            status = "deprecated"
        if status:
            data["status"] = status

    def _tags(self, value: dict[str, Any], data: dict[str, Any], draft: Draft) -> None:
        """Set the tags: skills where there are some, else subjects and topics."""
        skills = value.get("skills") or []
        subjects = value.get("keywords") or []
        has_skills = "skills" in self.binding.fields
        tags = skills if has_skills else subjects
        if tags:
            data["keywords"] = tuple(tags)
        if has_skills and subjects:
            value["subjects"] = subjects
        if has_skills and not skills:
            self._tell(draft, "skills", None, "no-skills")
        draft.skills = tuple(
            dict.fromkeys([*skills, *(value.get("outcomes") or ()), *(() if has_skills else subjects)])
        )

    def _extensions(self, raw: Raw, value: dict[str, Any]) -> dict[str, Any]:
        """Return what the source says and an asset has no field for."""
        kept: dict[str, Any] = {name: value[name] for name in _EXTENDED if value.get(name) not in (None, "", [])}
        for column in self.binding.kept:
            text = self._kept(raw, column)
            if text not in ("", None, []):
                kept[column.name or f"column {column.place + 1}"] = text
        for group, columns in self.binding.marks.items():
            marked = [column.name for column in columns if plain(cell_of(self.table, raw, column.place))]
            if marked:
                kept[group or "marks"] = marked if len(marked) > 1 else marked[0]
        return kept

    def _kept(self, raw: Raw, column: Column) -> Any:  # noqa: ANN401 - text, or a list of it
        """Return a cell as it is kept."""
        cell = cell_of(self.table, raw, column.place)
        return [plain(item) for item in cell] if isinstance(cell, list) else plain(cell)


_PLAIN = (
    "description", "url", "kind", "provider", "duration", "audience", "sites", "accreditation", "edition", "published",
    "modified", "rating", "learners", "seats", "mandatory", "alternative_titles", "facilitator_minutes",
    "maintenance_minutes",
)  # fmt: skip
_EXTENDED = (
    "level",
    "subjects",
    "outcomes",
    "remarks",
    "languages",
    "roles",
    "prerequisites",
    "corequisites",
    "part_of",
    "new_id",
)


def _with_unit(rule: Any, unit: str) -> Any:  # noqa: ANN401 - a rule
    """Return a rule with another unit."""
    from dataclasses import replace

    return replace(rule, unit=unit) if unit != rule.unit else rule


def _with_currency(rule: Any, currency: str) -> Any:  # noqa: ANN401 - a rule
    """Return a rule with another currency."""
    from dataclasses import replace

    return replace(rule, currency=currency) if currency != rule.currency else rule


def _is_archive(title: str) -> bool:
    """Return whether the name or title of a sheet says that its courses are not offered any more."""
    words = set(re.findall(r"[^\W\d_]+", normalize(title)))
    return not words.isdisjoint(MARKS["archive"] - {"old", "alt", "past"}) or (
        len(words) < 4 and not words.isdisjoint(MARKS["archive"])
    )  # noqa: PLR2004 - a short name


def _usual_currency(table: Table, binding: Binding) -> str:
    """Return the currency that most prices of a table state."""
    found: dict[str, int] = {}
    for column in binding.fields.get("cost", []):
        for raw in table.sample:
            shown = table.currencies.get((raw.number, column.place), "")
            read = (
                READERS["cost"](cell_of(table, raw, column.place), column.rule)
                if not raw.broken and column.place >= 0
                else Read(None)
            )
            currency = shown or (read.value.currency if read.value else "")
            if currency:
                found[currency] = found.get(currency, 0) + 1
    return max(found, key=lambda currency: found[currency], default="")


def texts(table: Table, raw: Raw) -> tuple[str, ...]:
    """Return the cells of a record as text, for a file of rejected records."""
    if table.path_of is not None and not raw.broken:
        cells: Iterator[object] = (table.path_of(raw.cells[0], name) for name in table.names)
        return tuple(
            "; ".join(map(plain, cell)) if isinstance(cell, list) else "" if cell is None else str(cell)
            for cell in cells
        )
    return tuple("" if cell is None else plain(cell) if not isinstance(cell, str) else cell for cell in raw.cells)
