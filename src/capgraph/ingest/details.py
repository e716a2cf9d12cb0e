"""The details of a draft: prices, languages, state, tags, and what is kept in the extensions."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from capgraph.formats.cells import plain
from capgraph.formats.lexicon import MARKS
from capgraph.ingest.columns import cell_of
from capgraph.ingest.fields import READERS, Read, is_cancelled
from capgraph.ingest.told import Told
from capgraph.text import normalize

if TYPE_CHECKING:
    from capgraph.ingest.columns import Binding, Column
    from capgraph.ingest.drafts import Draft
    from capgraph.ingest.tables import Raw, Table

_NO_CURRENCY = "XXX"
_SHORT = 4
_NOTHING: tuple[object, ...] = (None, "", [])

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


def tell(draft: Draft, name: str, before: object, reason: str, hint: str = "") -> None:
    """Remark something about a field."""
    draft.remarks.append(Told(draft.source, draft.locator, "remark", "", name, before, None, reason, hint))


def prices(value: dict[str, Any], data: dict[str, Any], draft: Draft, *, usual: str) -> None:
    """Set the prices, in the currency of their cells, of the row, or the usual one for what is free."""
    row = plain(value.get("currency") or "").upper()[:3]
    for name in ("cost", "session_cost", "annual_cost"):
        found = value.get(name)
        if found is None:
            continue
        currency = found.currency or (row if re.fullmatch("[A-Z]{3}", row) else "")
        if not currency and found.amount:
            tell(draft, name, str(found.amount), "currency-missing", "state it in a profile: [fields.cost] currency")
        whole = found.amount == found.amount.to_integral_value()
        amount = found.amount.quantize(Decimal(1)) if whole else found.amount.normalize()
        data[name] = {
            "amount": amount,
            "currency": currency or (usual if not found.amount else "") or _NO_CURRENCY,
        }


def languages(value: dict[str, Any], data: dict[str, Any]) -> None:
    """Set the language; further ones are kept."""
    tags = value.pop("language", None)
    if tags:
        data["language"] = tags[0]
        value["languages"] = tags[1:]


def status(value: dict[str, Any], data: dict[str, Any], draft: Draft, *, archived: bool) -> None:
    """Set whether the asset is in use: by its columns, by a remark, or by the title of its sheet."""
    state = value.get("active")
    if value.get("inactive"):
        state = "deprecated"
    remark = str(value.get("remarks") or "")
    if remark and is_cancelled(remark):
        state = "deprecated"
        tell(draft, "status", remark, "inactive-by-remark")
    if state is None and archived:
        state = "deprecated"
    if state:
        data["status"] = state


def tags(value: dict[str, Any], data: dict[str, Any], draft: Draft, *, has_skills: bool) -> None:
    """Set the tags: skills where there are some, else subjects and topics."""
    skills = value.get("skills") or []
    subjects = value.get("keywords") or []
    stated = skills if has_skills else subjects
    if stated:
        data["keywords"] = tuple(stated)
    if has_skills and subjects:
        value["subjects"] = subjects
    if has_skills and not skills:
        tell(draft, "skills", None, "no-skills")
    draft.skills = tuple(dict.fromkeys([*skills, *(value.get("outcomes") or ()), *(() if has_skills else subjects)]))


def kept(table: Table, binding: Binding, raw: Raw, value: dict[str, Any]) -> dict[str, Any]:
    """Return what the source says and an asset has no field for."""
    found: dict[str, Any] = {name: value[name] for name in _EXTENDED if name in value and value[name] not in _NOTHING}
    for column in binding.kept:
        text = _kept(table, raw, column)
        if text not in _NOTHING:
            found[column.name or f"column {column.place + 1}"] = text
    for group, columns in binding.marks.items():
        marked = [column.name for column in columns if plain(cell_of(table, raw, column.place))]
        if marked:
            found[group or "marks"] = marked if len(marked) > 1 else marked[0]
    return found


def _kept(table: Table, raw: Raw, column: Column) -> Any:  # noqa: ANN401 - text, or a list of it
    """Return a cell as it is kept."""
    cell = cell_of(table, raw, column.place)
    return [plain(item) for item in cell] if isinstance(cell, list) else plain(cell)


def is_archive(title: str) -> bool:
    """Return whether the name or title of a sheet says that its courses are not offered any more."""
    words = set(re.findall(r"[^\W\d_]+", normalize(title)))
    return not words.isdisjoint(MARKS["archive"] - {"old", "alt", "past"}) or (
        len(words) < _SHORT and not words.isdisjoint(MARKS["archive"])
    )


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
