"""Frameworks from plain tables: a tree by parent id, a tree by columns, role requirements, a matrix, level descriptors.

Which of these layouts a table has is told by its columns, or by ``layout=``:

``parents``       one entry a row, with the id or name of the entry above it where there is one
``columns``       one branch a row, each column one step deeper (``Level 0``, ``Level 1`` …)
``requirements``  one requirement a row: role, skill, level
``matrix``        one role a row, one skill a column, the level in the cell
``descriptors``   one skill a row, one level a column, the descriptor in the cell
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from capgraph.errors import Issue, ParseError
from capgraph.formats.draft import Draft
from capgraph.formats.framework_columns import ALIASES, SKILLS
from capgraph.formats.framework_preset import known_columns, preset_for
from capgraph.formats.framework_rows import LAYOUTS, Rows
from capgraph.formats.identity import slug
from capgraph.formats.idmap import Minter
from capgraph.formats.record import NO, Format, Sniff
from capgraph.formats.tables import assigned, header_or_doubt, table_of
from capgraph.model import Framework
from capgraph.text import normalize

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from capgraph.formats.content import Content
    from capgraph.formats.conversion import Ledger

_STEP = re.compile(r"^(?:level|ebene|tier)\s*\d+$")
_LEVEL = re.compile(r"^(?:level|stage|stufe|niveau|nivel|livello|nível)\s*\d+\b|^l\d+\b")
_MOST_STEPS = 12
_PROFILE = frozenset({"name", "title", "layout", "columns", "sheet", "header_row", "zero_means", "levels"})


def read_table(
    content: Content,
    ledger: Ledger,
    *,
    layout: str = "",
    columns: Mapping[str, str] | None = None,
    id: str = "",
    idmap: Mapping[str, str] | None = None,
    sheet: str = "",
    header_row: int | None = None,
    zero_means: str = "",
    levels: tuple[str, ...] | list[str] = (),
    profile: Mapping[str, Any] | None = None,
) -> Framework:
    """Return the framework that a table holds.

    Parameters
    ----------
    layout : str
        ``parents``, ``columns``, ``requirements``, ``matrix`` or ``descriptors``; empty to tell it from the columns.
    columns : mapping of str to str or None
        The name of the column by field.
    id : str
        The id of the framework; empty for one made of the file name.
    idmap : mapping or None
        Ids of earlier readings by ``capability/key`` and ``role/key``.
    sheet : str
        The name of the sheet; empty for the one whose columns are known best.
    header_row : int or None
        The number of the row that names the columns, as a spreadsheet shows it; None to find it.
    zero_means : str
        What a 0 in a cell says: ``not_needed``, ``no_knowledge`` or ``not_assessed``; without it a 0 is refused.
    levels : sequence of str
        The names of the levels, from the lowest; without them, those that the table uses.
    profile : mapping or None
        The same, as a TOML says it (``layout``, ``columns``, ``sheet``, ``header_row``, ``zero_means``, ``levels``);
        what is given beside it wins.  Without profile and `columns`, a preset is used whose columns all occur.
    """
    stated = _stated(profile or {})
    sheet, header_row = sheet or stated.get("sheet", ""), header_row or stated.get("header_row")
    layout, columns = layout or stated.get("layout", ""), columns or stated.get("columns")
    zero_means, levels = zero_means or stated.get("zero_means", ""), levels or stated.get("levels", ())
    known = {name for names in ALIASES.values() for name in names} | set(map(normalize, (columns or {}).values()))
    table = table_of(content, known=known | known_columns(), sheet=sheet, header_row=header_row)
    keys = table.header.keys()
    preset = preset_for(keys) if not columns and not layout else None
    places = assigned(table, preset.columns_in(keys) if preset else columns or {}, ALIASES)
    table.note_unread(ledger)
    told = (
        layout
        or (preset.layout if preset else "")
        or layout_of(table.header.keys(), places)
        or ("parents" if "label" in places else "")
    )
    if told not in LAYOUTS:
        text = f"the columns {table.columns()} are no known layout of a framework"
        hint = f"say which it is (layout= one of {', '.join(LAYOUTS)})"
        raise ParseError([Issue("no-layout", text, hint=hint)])
    own = id or f"fw:{slug(PurePath(content.name).stem)}"
    draft = Draft(Framework, ledger, id=own)
    rows = Rows(draft, Minter(own, idmap), table, places=places, zero_means=zero_means, levels=tuple(levels))
    getattr(rows, told)()
    for name in ("capabilities", "roles"):
        ledger.note("kept", name, count=len(draft.tables[name]))
    rows.add_scale()
    return draft.build()


def _stated(profile: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a profile, after a look at its keys.

    Raises
    ------
    ParseError
        When it has keys that mean nothing here; all of them are listed.
    """
    unknown = [name for name in profile if name not in _PROFILE]
    if unknown:
        hint = f"use {', '.join(sorted(_PROFILE))}"
        raise ParseError(
            [Issue("unknown-key", f"{name!r} is no key of a profile", (name,), hint=hint) for name in unknown]
        )
    return profile


def layout_of(keys: Collection[str], fields: Collection[str]) -> str:
    """Return the layout that columns have, or an empty text."""
    steps = [key for key in keys if _STEP.match(key)]
    found: dict[str, bool] = {
        "requirements": "role" in fields and "label" in fields,
        "descriptors": "label" in fields and sum(1 for key in keys if _LEVEL.match(key)) > 1,
        "parents": "label" in fields and "parent" in fields,
        "columns": 1 < len(steps) <= _MOST_STEPS,
        "matrix": "role" in fields and len(keys) > len(fields) + 1,
    }
    return next((name for name, fits in found.items() if fits), "")


def _sniff(content: Content, kind: str) -> Sniff:
    """Return whether the columns are one of the layouts."""
    if kind not in {"", "framework"}:
        return NO
    header, doubt = header_or_doubt(content)
    if header is None:
        return doubt
    keys = header.keys()
    fields = {field for field, names in ALIASES.items() if set(names) & set(keys)}
    preset = preset_for(keys)
    if preset is not None:
        return Sniff(0.55, (f"has the columns of the preset {preset.name}",))
    layout = layout_of(keys, fields)
    if not layout and set(SKILLS) & set(keys) and "role" not in fields:
        return Sniff(0.45, ("is a list of skills",))
    if layout:
        return Sniff(0.5, (f"has the columns of the layout {layout}",))
    return Sniff(0.31 if kind else 0.05, ("a table",), ("the columns of a known layout",))


_FIELDS: dict[str, Any] = {
    "framework": frozenset({"capabilities", "roles", "scales", "default_scale"}),
    "scale": frozenset({"label", "levels"}),
    "capability": frozenset(
        {"label", "kind", "description", "broader", "levels", "notation", "status", "translations", "extensions"}
    ),
    "role": frozenset({"label", "kind", "broader", "requirements", "extensions"}),
    "requirement": frozenset({"capability", "level", "importance", "necessity", "extensions"}),
}

FORMAT = Format(
    name="framework-table",
    title="Framework in a plain table (CSV, TSV, XLSX, XLS, ODS)",
    extensions=(".csv", ".tsv", ".xlsx", ".xls", ".ods"),
    reads=("framework",),
    carries=_FIELDS,
    sniff=_sniff,
    reader=read_table,
    notes="Tree by parent id or by columns, requirements, role × skill matrix, level descriptors.",
    fixture="files written after the documentation",
)
