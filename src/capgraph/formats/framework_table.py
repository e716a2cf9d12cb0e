"""Frameworks from plain tables: a tree by parent id, a tree by columns, role requirements, a matrix, level descriptors.

Which of these layouts a table has is told by its columns, or by ``layout=``:

``parents``       one entry a row, with the id or name of the entry above it where there is one
``columns``       one branch a row, each column one step deeper (``Level 0``, ``Level 1`` …)
``requirements``  one requirement a row: role, skill, level
``matrix``        one role a row, one skill a column, the level in the cell
``descriptors``   one skill a row, one level a column, the descriptor in the cell
``transposed``    one skill a row, one role a column, the level in the cell; of several files, each is a role
``behaviors``     one behavior a row, with the competency that it belongs to
``roles``         one role a row
``scale``         one level a row: its number and its name
``attached``      more about competencies of other tables, kept with them

Several tables are read together where there are presets for two or more of them, be they sheets or files.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from capgraph.errors import Issue, ParseError
from capgraph.formats.draft import Draft
from capgraph.formats.framework_columns import ALIASES, SKILLS
from capgraph.formats.framework_files import Reads, known_names, layout_of, left_out, read_as, together
from capgraph.formats.framework_layouts import LAYOUTS, FrameworkRows
from capgraph.formats.framework_preset import preset_for
from capgraph.formats.identity import slug
from capgraph.formats.idmap import Minter
from capgraph.formats.record import NO, Format, Sniff
from capgraph.formats.tables import TABLE_ENDINGS, assigned, header_or_doubt, places_by, table_of
from capgraph.model import Framework
from capgraph.text import normalize

if TYPE_CHECKING:
    from collections.abc import Mapping

    from capgraph.formats.content import Content
    from capgraph.formats.conversion import Ledger
    from capgraph.formats.tables import Table

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
        One of the layouts above; empty to tell it from the columns.
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
    own = id or f"fw:{slug(PurePath(content.package or content.name).stem)}"
    draft, minter = Draft(Framework, ledger, id=own), Minter(own, idmap)
    several = together(content) if not (sheet or header_row or layout or columns) else []
    for name in left_out(content, several):
        reason = "it is none of the tables of the framework; people and courses are imported"
        ledger.note("dropped", "table", reason=reason, place=name)
    for name in _passed_over(content) if not several else ():
        reason = "one table is read; give those of one framework the same id= to read each by itself"
        ledger.note("dropped", "table", reason=reason, place=name)
    earlier: FrameworkRows | None = None
    for item in several or [_alone(content, sheet=sheet, header_row=header_row, layout=layout, columns=columns)]:
        item.table.note_unread(ledger)
        rows = FrameworkRows(
            draft, minter, _rows_of(item, several), places=item.places, zero_means=zero_means, levels=tuple(levels),
            empty=item.preset.empty if item.preset else (),
        )  # fmt: skip
        if earlier is not None:
            rows.go_on(earlier)
        getattr(rows, item.layout)()
        earlier = rows
    for name in ("capabilities", "behaviors", "roles"):
        ledger.note("kept", name, count=len(draft.tables[name]))
    if earlier is not None:
        earlier.add_scale()
    return draft.build()


def _rows_of(item: Reads, several: list[Reads]) -> Table:
    """Return the table to read; its file is the name of a role only where each of several files is one."""
    is_role = item.layout != "transposed" or all(one.layout == "transposed" for one in several)
    return item.table if is_role else replace(item.table, file="")


def _passed_over(content: Content) -> list[str]:
    """Return the tables beside the one that is read alone."""
    first = next(iter(content.named(*TABLE_ENDINGS)), content.name)
    return [name for name in content.named(*TABLE_ENDINGS) if name != first]


def _alone(
    content: Content, *, sheet: str, header_row: int | None, layout: str, columns: Mapping[str, str] | None
) -> Reads:
    """Return the one table that is read, and how.

    Raises
    ------
    ParseError
        When its columns are none of the layouts.
    """
    known = known_names() | set(map(normalize, (columns or {}).values()))
    table = table_of(content, known=known, sheet=sheet, header_row=header_row)
    found = read_as(table)
    if columns or layout:
        places = assigned(table, columns or {}, ALIASES)
        found = Reads(table, layout or layout_of(table.header.keys(), places), places)
    told = found.layout or ("parents" if "label" in found.places else "")
    if told not in LAYOUTS:
        text = f"the columns {table.columns()} are no known layout of a framework"
        hint = f"say which it is (layout= one of {', '.join(LAYOUTS)})"
        raise ParseError([Issue("no-layout", text, hint=hint)])
    return found._replace(layout=told)


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


def _sniff(content: Content, kind: str) -> Sniff:
    """Return whether the columns are one of the layouts."""
    if kind not in {"", "framework"}:
        return NO
    if several := together(content, is_head=True):
        names = dict.fromkeys(item.preset.name if item.preset else item.layout for item in several)
        return Sniff(0.56, (f"{len(several)} tables that belong together: {', '.join(names)}",))
    header, doubt = header_or_doubt(content)
    if header is None:
        return doubt
    keys, fields = header.keys(), places_by(header, ALIASES)
    preset = preset_for(header.names)
    if preset is not None:
        return Sniff(0.55, (f"has the columns of the preset {preset.name}",))
    layout = layout_of(keys, fields)
    if not layout and set(SKILLS) & set(keys) and "role" not in fields:
        return Sniff(0.45, ("is a list of skills",))
    told = Sniff(0.5, (f"has the columns of the layout {layout}",))
    return told if layout else Sniff(0.31 if kind else 0.05, ("a table",), ("the columns of a known layout",))


_FIELDS: dict[str, Any] = {
    "framework": frozenset({"capabilities", "behaviors", "roles", "scales", "default_scale"}),
    "scale": frozenset({"label", "levels"}),
    "capability": frozenset(
        {"label", "kind", "description", "broader", "levels", "notation", "status", "translations", "extensions"}
    ),
    "behavior": frozenset({"capability", "level", "statement", "translations", "extensions"}),
    "role": frozenset({"label", "kind", "description", "broader", "requirements", "extensions"}),
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
