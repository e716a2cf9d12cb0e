"""SFIA 7, 8 and 9 from the user's own workbook or its sheets as CSV: skills that exist at some of seven levels."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from capgraph.errors import FormatError, Issue, ParseError
from capgraph.formats.draft import Draft
from capgraph.formats.identity import is_id, mint
from capgraph.formats.record import NO, Format, Sniff
from capgraph.formats.tabular import Sheet, as_text, is_workbook, sheets
from capgraph.model import Framework

if TYPE_CHECKING:
    from collections.abc import Iterator

    from capgraph.formats.content import Content
    from capgraph.formats.conversion import Ledger

LABELS = (
    "Follow",
    "Assist",
    "Apply",
    "Enable",
    "Ensure, advise",
    "Initiate, influence",
    "Set strategy, inspire, mobilise",
)
_LEVEL = re.compile(r"^level[ _](\d)(?: description)?$", re.IGNORECASE)
_NAMES = ("skill", "attribute name", "name")
_SCAN = 10
_SHEETS = 3


def read_sfia(content: Content, ledger: Ledger, *, version: str = "9") -> Framework:
    """Return the framework: an empty level cell says that the skill is not defined there.

    Parameters
    ----------
    version : str
        The version of the file: the same code means other things in other versions.
    """
    own, prefix = f"urn:capgraph:sfia{version}", f"sfia{version}"
    about = {"title": "SFIA", "publisher": "SFIA Foundation", "prefixes": {prefix: f"{own}:"}}
    draft = Draft(Framework, ledger, id=own, version=version, **about)
    scale = f"{prefix}:levels"
    draft.fields["default_scale"] = scale
    draft.add("scales", {"id": scale, "label": "Levels of responsibility", "levels": _levels(content)})
    for sheet, place in _skill_sheets(content):
        for where, row in _rows(sheet, place):
            _take(draft, row, where, prefix)
    ledger.note("kept", "capabilities", count=len(draft.tables["capabilities"]))
    return draft.build()


def _skill_sheets(content: Content) -> list[tuple[Sheet, int]]:
    """Return the sheets of skills or attributes, each with the place of its header."""
    found = [(sheet, _header(sheet)) for name in content for sheet in sheets(content[name], name)]
    named = [(sheet, place) for sheet, place in found if place is not None]
    if not named:
        hint = "use the workbook as published"
        raise ParseError([Issue("no-skills", "no sheet has the columns Code and Level 1 description", hint=hint)])
    return named


def _levels(content: Content) -> list[dict[str, Any]]:
    """Return the levels with the guiding phrases of the sheet that describes them, where there is one."""
    phrases: dict[int, dict[str, str]] = {}
    for name in content:
        for sheet in sheets(content[name], name):
            phrases |= _phrases(sheet)
    return [
        {
            "rank": rank,
            "label": phrases.get(rank, {}).get("guiding phrase") or label,
            "description": phrases.get(rank, {}).get("essence of the level", ""),
        }
        for rank, label in enumerate(LABELS, start=1)
    ]


def _phrases(sheet: Sheet) -> dict[int, dict[str, str]]:
    """Return what a sheet says about each level, by the name of the row; empty where it describes no levels."""
    rows = {as_text(row[0]).lower(): row for row in sheet.rows if row}
    if "guiding phrase" not in rows or "level" not in rows:
        return {}
    ranks = {place: as_text(cell) for place, cell in enumerate(rows["level"]) if place}
    return {
        int(rank): {key: as_text(row[place]) for key, row in rows.items() if place < len(row)}
        for place, rank in ranks.items()
        if rank.isdecimal() and int(rank) <= len(LABELS)
    }


def _header(sheet: Sheet) -> int | None:
    """Return the place of the row that names the columns of skills or attributes."""
    for place, row in enumerate(sheet.rows[:_SCAN]):
        names = {as_text(cell).lower() for cell in row}
        if "code" in names and any(map(_LEVEL.match, names)) and names & set(_NAMES):
            return place
    return None


def _rows(sheet: Sheet, header: int) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the place and the cells by column, lower case, of each skill; columns without a name are left out."""
    names = [as_text(cell).lower() for cell in sheet.rows[header]]
    for number in range(header + 1, len(sheet.rows)):
        cells = [as_text(cell) for cell in sheet.rows[number]]
        row = {name: cell for name, cell in zip(names, cells, strict=False) if name and cell}
        if row:
            yield sheet.locator(number), row


def _take(draft: Draft[Framework], row: dict[str, str], place: str, prefix: str) -> None:
    """Add the skill or attribute of one row, and its category and subcategory."""
    name, code = next((row[key] for key in _NAMES if key in row), ""), row.get("code", "")
    id_ = f"{prefix}:{code}"
    if not name or not code or not is_id(id_):
        draft.problem("no-code", "the row has no code or no name and is left out", place=place, hint="correct it")
        draft.ledger.note("dropped", "row", reason="no code or name", place=place)
        return
    rest = {column: row[column] for column in ("guidance notes", "url", "type") if column in row}
    record = {
        "id": id_,
        "label": name,
        "kind": "competency" if "attribute name" in row else "skill",
        "description": row.get("overall description") or row.get("description", ""),
        "notation": code,
        "broader": _groups(draft, row),
        "levels": _described(row),
        "extensions": {"sfia": rest} if rest else {},
        "provenance": [{"source": "sfia", "locator": place}],
    }
    draft.add("capabilities", record, place=place)


def _groups(draft: Draft[Framework], row: dict[str, str]) -> list[str]:
    """Return the nearest group of a skill; its category and subcategory are added where they are new."""
    broader: list[str] = []
    for field in ("category", "subcategory"):
        if row.get(field):
            above = mint(draft.fields["id"], field, "\x1f".join([*broader, row[field]]))
            group = {"id": above, "label": row[field], "kind": "domain", "broader": list(broader)}
            draft.tables["capabilities"].setdefault(above, group)
            broader = [above]
    return broader


def _described(row: dict[str, str]) -> list[dict[str, Any]]:
    """Return the levels at which a skill is defined."""
    return [
        {"level": int(match[1]), "description": cell}
        for column, cell in row.items()
        if (match := _LEVEL.match(column)) and 1 <= int(match[1]) <= len(LABELS)
    ]


def _sniff(content: Content, kind: str) -> Sniff:
    """Return whether a sheet has codes and descriptions of levels."""
    if kind not in {"", "framework"} or not content.named(".csv", ".xlsx", ".xls"):
        return NO
    for name in content.named(".csv", ".xlsx", ".xls")[:_SHEETS]:
        head = content.head(name)
        try:
            found = sheets(content[name] if is_workbook(head[:8]) else head, name)
        except FormatError:
            continue
        if any(_header(sheet) is not None for sheet in found):
            return Sniff(0.9, ("has codes with descriptions of levels",))
    return Sniff(0.0, missing=("the columns Code and Level 1 description",))


FORMAT = Format(
    name="sfia",
    title="SFIA 7, 8, 9 (XLSX, CSV)",
    extensions=(".xlsx", ".csv"),
    reads=("framework",),
    carries={
        "framework": frozenset({"scales", "default_scale", "capabilities", "version"}),
        "scale": frozenset({"label", "levels"}),
        "capability": frozenset({"label", "kind", "description", "notation", "broader", "levels", "extensions"}),
    },
    sniff=_sniff,
    reader=read_sfia,
    notes="Bring your own file: the SFIA Foundation allows no redistribution.",
    fixture="files written after the documentation",
)
