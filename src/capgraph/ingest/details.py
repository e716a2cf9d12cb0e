"""The details of an asset: prices, languages, state, tags, and what is kept in the extensions."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from capgraph.formats.cells import plain
from capgraph.formats.lexicon import MARKS
from capgraph.ingest.columns import cell_of
from capgraph.ingest.fields import READERS, Read, is_cancelled
from capgraph.text import normalize

if TYPE_CHECKING:
    from capgraph.ingest.columns import Binding, Column
    from capgraph.ingest.tables import Table

_NO_CURRENCY = "XXX"
_BARE = re.compile(r"\d+(?:[.,]\d+)?")
_SHORT = 4
NOTHING: tuple[object, ...] = (None, "", [])
"""What a cell without a value is read as."""

PLAIN = (
    "description", "url", "kind", "provider", "duration", "audience", "sites", "accreditation", "edition", "published",
    "modified", "rating", "learners", "seats", "mandatory", "alternative_titles", "facilitator_minutes",
    "maintenance_minutes",
)  # fmt: skip
"""Fields that go into the asset as they are read."""
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
_LOOKED_UP = {
    "prerequisites": "prerequisites", "corequisites": "corequisites", "part_of": "programs", "revision": "revision",
    "level": "level",
}  # fmt: skip


class Note(NamedTuple):
    """What a person should know about a field."""

    field: str
    """The field."""
    before: object
    """What the source says."""
    after: object
    """What became of it."""
    reason: str
    """Why, as a stable code."""
    hint: str = ""
    """What to do about it."""


class Pieces(NamedTuple):
    """What is known about all records of a table."""

    currency: str
    """The currency that most of its prices state."""
    archived: bool
    """Whether its title says that its courses are not offered any more."""
    has_units: bool
    """Whether most of its durations state their unit, so that one which does not is remarkable."""
    has_skills: bool
    """Whether it has a column of skills, so that subjects are no skills."""


def prices(
    value: dict[str, Any], data: dict[str, Any], notes: list[Note], _words: dict[str, Any], table: Pieces
) -> None:
    """Set the prices, in the currency of their cells, of the row, or the usual one for what is free."""
    row = plain(value.get("currency") or "").upper()[:3]
    for name in ("cost", "session_cost", "annual_cost"):
        found = value.get(name)
        if found is None:
            continue
        currency = found.currency or (row if re.fullmatch("[A-Z]{3}", row) else "")
        if not currency and found.amount:
            hint = "state it in a profile: [fields.cost] currency"
            notes.append(Note(name, str(found.amount), None, "currency-missing", hint))
        whole = found.amount == found.amount.to_integral_value()
        amount = found.amount.quantize(Decimal(1)) if whole else found.amount.normalize()
        data[name] = {
            "amount": amount,
            "currency": currency or (table.currency if not found.amount else "") or _NO_CURRENCY,
        }


def languages(
    value: dict[str, Any], data: dict[str, Any], _notes: list[Note], _words: dict[str, Any], _table: Pieces
) -> None:
    """Set the language; further ones are kept."""
    tags = value.pop("language", None)
    if tags:
        data["language"] = tags[0]
        value["languages"] = tags[1:]


def status(
    value: dict[str, Any], data: dict[str, Any], notes: list[Note], _words: dict[str, Any], table: Pieces
) -> None:
    """Set whether the asset is in use: by its columns, by a remark, or by the title of its sheet."""
    state = value.get("active")
    if value.get("inactive"):
        state = "deprecated"
    remark = str(value.get("remarks") or "")
    if remark and is_cancelled(remark):
        state = "deprecated"
        notes.append(Note("status", remark, None, "inactive-by-remark"))
    if state is None and table.archived:
        state = "deprecated"
    if state:
        data["status"] = state


def tags(value: dict[str, Any], data: dict[str, Any], notes: list[Note], words: dict[str, Any], table: Pieces) -> None:
    """Set the tags: skills where there are some, else subjects and topics."""
    skills = value.get("skills") or []
    subjects = value.get("keywords") or []
    stated = skills if table.has_skills else subjects
    if stated:
        data["keywords"] = tuple(stated)
    if table.has_skills and subjects:
        value["subjects"] = subjects
    if table.has_skills and not skills:
        notes.append(Note("skills", None, None, "no-skills"))
    outcomes = value.get("outcomes") or ()
    words["skills"] = tuple(dict.fromkeys([*skills, *outcomes, *(() if table.has_skills else subjects)]))


def spread(value: dict[str, Any], data: dict[str, Any], kept: dict[str, Any], words: dict[str, Any]) -> None:
    """Put the values where they belong: into the asset, into its extensions, to what is looked up later."""
    for name, found in value.items():
        if found in NOTHING:
            continue
        if name in PLAIN:
            data[name] = found
        if name in _EXTENDED:
            kept[name] = found
        if name in _LOOKED_UP:
            words[_LOOKED_UP[name]] = tuple(found) if isinstance(found, list) else found


def is_archive(title: str) -> bool:
    """Return whether the name or title of a sheet says that its courses are not offered any more."""
    words = set(re.findall(r"[^\W\d_]+", normalize(title)))
    return not words.isdisjoint(MARKS["archive"] - {"old", "alt", "past"}) or (
        len(words) < _SHORT and not words.isdisjoint(MARKS["archive"])
    )


def are_bare(table: Table, column: Column) -> bool:
    """Return whether most cells of a column are numbers alone."""
    texts = [plain(cell_of(table, raw, column.place)) for raw in table.sample if not raw.broken]
    stated = [text for text in texts if text]
    return sum(_BARE.fullmatch(text) is not None for text in stated) > len(stated) / 2


def usual_currency(table: Table, binding: Binding) -> str:
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
