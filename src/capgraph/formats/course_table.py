"""Catalogs from plain tables: one asset a row, in CSV, TSV, XLSX, XLS or ODS, with the columns that people use.

Which column holds what is told by the names of the columns, by ``columns=``, or by a profile (a mapping, as TOML holds
it) with the tables ``catalog`` (fields of the document), ``file`` (``sheet``, ``header_row``), ``columns`` (field to
column), ``units``, ``values`` (words of the source by field), ``split`` (separators by field), ``levels`` (``below``:
the number that stands for below the lowest level) and ``prefixes``.
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from capgraph.errors import Issue, ParseError
from capgraph.formats.asset_fields import ALIASES, LISTS, kind_of, reader_of, split
from capgraph.formats.draft import Draft
from capgraph.formats.identity import is_id, publisher_id, slug
from capgraph.formats.idmap import Minter
from capgraph.formats.record import Format, Sniff
from capgraph.formats.tables import fields_of, keep_rest, rest_of, sniffed
from capgraph.formats.tabular import Cell, as_text
from capgraph.model import Catalog
from capgraph.text import normalize

if TYPE_CHECKING:
    from collections.abc import Mapping

    from capgraph.formats.content import Content
    from capgraph.formats.conversion import Ledger
    from capgraph.formats.tables import Table
    from capgraph.model import Framework

TAG_FIELDS = ("teaches", "assesses", "requires", "mentions")
_WHERE = ("sheet", "header_row")
_CONDITIONS = ("prerequisites", "corequisites")
_LEVELED = re.compile(r"^(?P<label>.*\S)\s+(?P<low>\d{1,2})(?:\s*[-–]\s*(?P<high>\d{1,2}))?$", re.DOTALL)


def read_courses(
    content: Content,
    ledger: Ledger,
    *,
    columns: Mapping[str, str] | None = None,
    profile: Mapping[str, Any] | None = None,
    framework: Framework | None = None,
    id: str = "",
    idmap: Mapping[str, str] | None = None,
) -> Catalog:
    """Return the catalog that a table holds.

    Parameters
    ----------
    columns : mapping of str to str or None
        The name of the column by field; ``hours`` and ``minutes`` are durations with their unit.
    profile : mapping or None
        Everything about the table; see the module.
    framework : Framework or None
        The framework whose labels the skill columns use.
    id : str
        The id of the catalog; without it, one is made of the file name.
    idmap : mapping or None
        Ids of earlier readings by ``asset/key``.
    """
    told = profile or {}
    about, file = dict(told.get("catalog", {})), told.get("file", {})
    prefix = about.pop("id_prefix", "")
    own = id or about.pop("id", "") or f"cat:{slug(PurePath(content.name).stem)}"
    wanted, where = columns or told.get("columns") or {}, {name: file[name] for name in _WHERE if name in file}
    table, places = fields_of(content, ALIASES, wanted, **where)
    if "title" not in places:
        hint = 'say which column it is (columns={"title": …})'
        raise ParseError([Issue("no-title", f"no column holds the title; there are {table.columns()}", hint=hint)])
    table.note_unread(ledger)
    draft = Draft(Catalog, ledger, **{**about, "id": own, "prefixes": told.get("prefixes", {})})
    minter = Minter(own, idmap)
    told = {**told, "id_prefix": prefix}
    rows = _Rows(draft, minter, table, places=places, profile=told, labels=labels_of(framework), source=content.name)
    return rows.catalog()


def labels_of(framework: Framework | None) -> dict[str, str]:
    """Return the ids of capabilities and behaviors by normalized label; preferred labels go before alternative ones."""
    if framework is None:
        return {}
    named = [(label, item.id) for item in framework.capabilities for label in item.alternative_labels]
    named += [(item.statement, item.id) for item in framework.behaviors]
    named += [(item.label, item.id) for item in framework.capabilities]
    return {normalize(label): id_ for label, id_ in named}


class _Rows:
    """The rows of one table on their way into a catalog."""

    def __init__(
        self,
        draft: Draft[Catalog],
        minter: Minter,
        table: Table,
        *,
        places: Mapping[str, int],
        profile: Mapping[str, Any],
        labels: Mapping[str, str],
        source: str,
    ) -> None:
        self.draft = draft
        self.minter = minter
        self.table = table
        self.places = places
        self.profile = profile
        self.labels = labels
        self.source = source
        self.separators: Mapping[str, str] = profile.get("split", {})
        self.ids: dict[str, str] = {}

    def catalog(self) -> Catalog:
        """Return the catalog of all rows."""
        rows = list(self.table.records())
        for place, cells in rows:
            key = self._text(cells, "id") or self._text(cells, "title")
            if key:
                self.ids.setdefault(normalize(key), self._id(key))
            self.ids.setdefault(normalize(self._text(cells, "title")) or place, self._id(key or place))
        for number, (place, cells) in enumerate(rows):
            self._take(place, cells, number)
        self.draft.ledger.note("kept", "assets", count=len(self.draft.tables["assets"]))
        return self.draft.build()

    def _id(self, key: str) -> str:
        """Return the id of an asset for the key that the source gives it."""
        prefixed = f"{self.profile['id_prefix']}{key}" if self.profile["id_prefix"] else key
        return prefixed if self.profile["id_prefix"] and is_id(prefixed) else self.minter("asset", key)

    def _text(self, cells: tuple[Cell, ...], field: str) -> str:
        """Return the text of a field, empty where no column holds it."""
        return as_text(cells[self.places[field]]) if field in self.places else ""

    def _take(self, place: str, cells: tuple[Cell, ...], number: int) -> None:
        """Add the asset of one row."""
        title = self._text(cells, "title")
        if not title:
            text = "the row has no title and is left out"
            self.draft.problem("no-title", text, place=place, hint="give it one, or delete it")
            self.draft.ledger.note("dropped", "row", reason="no title", place=place)
            return
        key = self._text(cells, "id") or title
        record: dict[str, Any] = {"id": self._id(key), "sequence": number}
        record["provenance"] = [{"source": self.source, "locator": place}]
        extra = rest_of(self.table, cells, set(self.places.values()))
        self._simple(record, cells, place, extra)
        self._aligned(record, cells, place)
        for field in _CONDITIONS:
            self._condition(record, cells, field, place)
        keep_rest(self.draft, record, extra, place)
        if publisher_id(key) == "" and key != title:
            record["other_ids"] = [{"scheme": self.source, "value": key}]
        self.draft.add("assets", record, place=place)

    def _simple(self, record: dict[str, Any], cells: tuple[Cell, ...], place: str, extra: dict[str, Any]) -> None:
        """Fill the fields that one cell holds; a cell that cannot be read is kept in the extensions and listed."""
        for field, column in self.places.items():
            cell = self._word(field, cells[column])
            try:
                value = self._value(field, cell, place)
            except ValueError as error:
                column_name = self.table.header.names[column]
                extra[column_name] = as_text(cell)
                hint = "correct the cell, or say how to read the column"
                self.draft.problem("bad-cell", f"{column_name!r}: {error}", place=place, hint=hint)
                continue
            if value not in (None, "", ()):
                record["duration" if field in {"hours", "minutes"} else field] = value
        self._named(record, cells)

    def _named(self, record: dict[str, Any], cells: tuple[Cell, ...]) -> None:
        """Fill the fields that name roles or other assets."""
        for field in ("roles", "part_of"):
            keys = split(self._text(cells, field), self.separators.get(field, ""))
            if keys:
                record[field] = [self.ids.get(normalize(key)) or self.minter(field.rstrip("s"), key) for key in keys]

    def _value(self, field: str, cell: Cell, place: str) -> object:
        """Return the value of a field that one cell holds; None where another method reads it."""
        if field in LISTS:
            return split(cell, self.separators.get(field, ""))
        if field == "kind":
            return self._kind(as_text(cell), place)
        read = reader_of(field)
        return read(cell, field, self.profile.get("units", {})) if read else None

    def _word(self, field: str, cell: Cell) -> Any:  # noqa: ANN401 - whatever the profile says
        """Return what a cell means, in the words of the profile where it has some."""
        words = self.profile.get("values", {}).get(field, {})
        return words.get(as_text(cell), cell)

    def _kind(self, text: str, place: str) -> str:
        """Return the kind of asset; an unknown word is listed."""
        found = kind_of(text) if text else "course"
        if found is None:
            self.draft.problem(
                "unknown-kind", f"{text!r} is no kind of asset", place=place, hint="map it in values.kind"
            )
        return found or "other"

    def _aligned(self, record: dict[str, Any], cells: tuple[Cell, ...], place: str) -> None:
        """Turn skill tags into alignments; a tag that no capability has becomes a keyword."""
        alignments: dict[tuple[object, ...], dict[str, Any]] = {}
        for field in TAG_FIELDS:
            for tag in split(self._text(cells, field), self.separators.get(field, "")):
                target, low, high = self._tag(tag)
                if target is None:
                    record["keywords"] = [*record.get("keywords", ()), tag]
                    self._unplaced(tag, field, place)
                    continue
                alignment = {"target": target, "relation": field, "level_from": low, "level_to": high, "label": tag}
                alignments.setdefault((target, field, low, high), alignment)
        if alignments:
            record["alignments"] = list(alignments.values())

    def _tag(self, tag: str) -> tuple[str | None, int | None, int | None]:
        """Return the capability that a tag names, and the levels that follow its name."""
        whole = self.labels.get(normalize(tag)) or (tag if is_id(tag) else None)
        leveled = _LEVELED.match(tag)
        if whole is not None or leveled is None:
            return whole, None, None
        label = leveled["label"]
        low, high = int(leveled["low"]), int(leveled["high"] or leveled["low"])
        below = self.profile.get("levels", {}).get("below")
        starts = None if leveled["high"] is None or low == below else low
        return self.labels.get(normalize(label)) or (label if is_id(label) else None), starts, high

    def _unplaced(self, tag: str, field: str, place: str) -> None:
        """Say that a tag names no capability: a problem where a framework was given, a move where none was."""
        if self.labels:
            hint = "correct it, or add it to the framework"
            self.draft.problem("unknown-capability", f"{tag!r} names no capability", ids=(tag,), place=place, hint=hint)
        self.draft.ledger.note("moved", f"asset.{field}", reason="names no capability; kept as a keyword", place=place)

    def _condition(self, record: dict[str, Any], cells: tuple[Cell, ...], field: str, place: str) -> None:
        """Read a condition: all of the parts, where a bar inside a part means any of these."""
        text = self._text(cells, field)
        if not text:
            return
        parts = [self._any_of(part, place) for part in text.split(self.separators.get(field, ";"))]
        found = [part for part in parts if part is not None]
        if found:
            record[field] = found[0] if len(found) == 1 else {"all_of": found}

    def _any_of(self, text: str, place: str) -> dict[str, Any] | None:
        """Return the condition that one part states."""
        named = [key.strip() for key in text.split("|") if key.strip()]
        known = [(key, self.ids.get(normalize(key)) or (self._id(key) if self._is_code(key) else "")) for key in named]
        for key, id_ in known:
            if not id_:
                hint = "name the courses by their ids or titles"
                self.draft.problem("unknown-asset", f"{key!r} names no asset", ids=(key,), place=place, hint=hint)
                self.draft.ledger.note("dropped", "asset.prerequisites", reason="names no asset", place=place)
        leaves = [{"asset": id_} for _, id_ in known if id_]
        return None if not leaves else leaves[0] if len(leaves) == 1 else {"any_of": leaves}

    def _is_code(self, key: str) -> bool:
        """Return whether a key may be the code of an asset in another catalog: without spaces, and with a digit."""
        return is_id(key) or (bool(self.profile["id_prefix"]) and " " not in key and any(map(str.isdigit, key)))


def _sniff(content: Content, kind: str) -> Sniff:
    """Return whether the content is a table with titles of courses."""
    return sniffed(content, ALIASES, ("title",), wanted=kind == "catalog")


FORMAT = Format(
    name="course-table",
    title="Course list (CSV, TSV, XLSX, XLS, ODS)",
    extensions=(".csv", ".tsv", ".xlsx", ".xls", ".ods"),
    reads=("catalog",),
    carries={
        "catalog": frozenset({"id", "title"}),
        "asset": frozenset(
            {
                "alignments",
                "alternative_titles",
                "audience",
                "cost",
                "description",
                "duration",
                "extensions",
                "keywords",
            }
            | {"kind", "language", "notation", "prerequisites", "corequisites", "part_of", "provider", "roles", "sites"}
            | {"title", "url", "mandatory", "accreditation", "edition", "published", "modified", "rating", "learners"}
            | {"seats", "session_cost", "facilitator_minutes", "annual_cost", "maintenance_minutes", "status"}
        ),
        "alignment": frozenset({"target", "relation", "level_from", "level_to", "label"}),
    },
    sniff=_sniff,
    reader=read_courses,
    notes="Columns are found by name, by `columns=` or by a profile; others are kept in `extensions`.",
    fixture="made-up exports in the layouts of vendors",
)
