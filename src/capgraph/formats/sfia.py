"""SFIA 7, 8 and 9 from the user's own workbook or its sheets as CSV: skills that exist at some of seven levels."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

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
_MARKS, _PHRASE, _ESSENCE = "levels", "guiding phrase", "essence of the level"
_USED = {"code", "category", "subcategory", "overall description", "description", "skill", "attribute name", "name"}
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
    draft.fields["default_scale"] = f"{prefix}:levels"
    found = [sheet.filled(downward=True) for name in content for sheet in sheets(content[name], name)]
    headers = [(sheet, _header(sheet)) for sheet in found]
    if all(place is None for _, place in headers):
        hint = "use the workbook as published"
        raise ParseError([Issue("no-skills", "no sheet has the columns Code and Level 1 description", hint=hint)])
    _levels(draft, found)
    for sheet, header in headers:
        if header is not None:
            for where, row, marked in _rows(sheet, header):
                _take(draft, row, marked, where)
        elif sheet.rows and not _phrases(sheet):
            ledger.note("dropped", "sheet", reason="neither skills, attributes nor levels", place=sheet.name)
    ledger.note("kept", "capabilities", count=len(draft.tables["capabilities"]))
    return draft.build()


def _levels(draft: Draft[Framework], found: list[Sheet]) -> None:
    """Add the scale, with the guiding phrases of the sheet that describes the levels where there is one."""
    told: dict[int, dict[str, str]] = {}
    for sheet in found:
        told |= _phrases(sheet)
    levels = [
        {
            "rank": rank,
            "label": told.get(rank, {}).get(_PHRASE) or label,
            "description": told.get(rank, {}).get(_ESSENCE, ""),
        }
        for rank, label in enumerate(LABELS, start=1)
    ]
    used = {"level", _PHRASE, _ESSENCE, ""}
    rest = {
        str(rank): kept
        for rank, cells in told.items()
        if (kept := {name: text for name, text in cells.items() if name not in used and text})
    }
    own = str(draft.fields["default_scale"])
    scale = {"id": own, "label": "Levels of responsibility", "levels": levels}
    draft.add("scales", {**scale, "extensions": {"sfia": rest} if rest else {}})
    for name in sorted({name for kept in rest.values() for name in kept}):
        draft.ledger.note("moved", name, reason="no field holds it", place=own)


def _phrases(sheet: Sheet) -> dict[int, dict[str, str]]:
    """Return what a sheet says about each level, by the name of the row; empty where it describes no levels."""
    rows = {as_text(row[0]).lower(): row for row in sheet.rows if row}
    if _PHRASE not in rows or "level" not in rows:
        return {}
    ranks = {place: as_text(cell) for place, cell in enumerate(rows["level"]) if place}
    return {
        int(rank): {key: as_text(row[place]) for key, row in rows.items() if place < len(row)}
        for place, rank in ranks.items()
        if rank.isdecimal() and 1 <= int(rank) <= len(LABELS)
    }


def _header(sheet: Sheet) -> int | None:
    """Return the place of the row that names the columns of skills or attributes."""
    for place, row in enumerate(sheet.rows[:_SCAN]):
        names = {as_text(cell).lower() for cell in row}
        if "code" in names and any(map(_LEVEL.match, names)) and names & set(_NAMES):
            return place
    return None


def _rows(sheet: Sheet, header: int) -> Iterator[tuple[str, dict[str, str], set[int]]]:
    """Yield place, cells by column in lower case, and the levels that are marked, of each skill.

    Only the first of the seven columns of marks has a name; other columns without one have their number for it.
    """
    names = [as_text(cell).lower() for cell in sheet.rows[header]]
    first = names.index(_MARKS) if _MARKS in names else -1
    marks = range(first, first + len(LABELS)) if first >= 0 else range(0)
    for number in range(header + 1, len(sheet.rows)):
        row: dict[str, str] = {}
        marked: set[int] = set()
        for place, cell in enumerate(map(as_text, sheet.rows[number])):
            named = names[place] if place < len(names) else ""
            if place in marks and named in {"", _MARKS} and cell in {"", str(place - first + 1)}:
                marked |= {int(cell)} if cell else set()
            elif cell:
                row[named if named and named not in row else f"{named or 'column'} {place + 1}"] = cell
        if row:
            yield sheet.locator(number), row, marked


def _take(draft: Draft[Framework], row: dict[str, str], marked: set[int], place: str) -> None:
    """Add the skill or attribute of one row, and its category and subcategory."""
    name, code = next((row[key] for key in _NAMES if key in row), ""), row.get("code", "")
    id_ = f"sfia{draft.fields['version']}:{code}"
    if not name or not code or not is_id(id_):
        text = f"{name or code!r} has no name or no sound code, and is left out"
        draft.problem("no-code", text, ids=(code,), place=place, hint="correct the row")
        draft.ledger.note("dropped", "row", reason="no code or name", place=place)
        return
    described = {int(match[1]): cell for column, cell in row.items() if (match := _LEVEL.match(column))}
    levels = {rank: text for rank, text in described.items() if 1 <= rank <= len(LABELS)}
    if marked and marked != set(levels):
        odd = ", ".join(map(str, sorted(marked ^ set(levels))))
        text = f"{code!r} is marked for other levels than are described: {odd}"
        draft.problem("level-mark", text, ids=(code,), place=place, hint="correct the marks; the texts are kept")
        draft.ledger.note(
            "dropped", "level mark", reason="without a text", place=place, count=len(marked - set(levels))
        )
    number = row.get("#", "")
    used = {*_USED, "#"} if number.isdecimal() and len(number) < _SCAN else _USED
    rest = {column: text for column, text in row.items() if column not in used and not _is_level(column)}
    for column in rest:
        draft.ledger.note("moved", column, reason="no field holds it", place=place)
    record = {
        "id": id_,
        "label": name,
        "kind": "competency" if "attribute name" in row else "skill",
        "description": row.get("overall description") or row.get("description", ""),
        "notation": code,
        "broader": _groups(draft, row),
        "levels": [{"level": rank, "description": text} for rank, text in levels.items()],
        "sequence": int(number) if "#" in used else len(draft.tables["capabilities"]),
        "extensions": {"sfia": rest} if rest else {},
        "provenance": [{"source": "sfia", "locator": place}],
    }
    draft.add("capabilities", record, place=place)


def _is_level(column: str) -> bool:
    """Return whether a column holds the text of one of the levels."""
    match = _LEVEL.match(column)
    return match is not None and 1 <= int(match[1]) <= len(LABELS)


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


def _sniff(content: Content, kind: str) -> Sniff:
    """Return whether a sheet has codes and descriptions of levels."""
    if kind not in {"", "framework"} or not content.named(".csv", ".xlsx", ".xls"):
        return NO
    for name in content.named(".csv", ".xlsx", ".xls")[:_SHEETS]:
        head = content.head(name)
        try:
            found = sheets(content[name] if is_workbook(head) else head, name)
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
        "scale": frozenset({"label", "levels", "extensions"}),
        "capability": frozenset({"label", "kind", "description", "notation", "broader", "levels", "extensions"}),
    },
    sniff=_sniff,
    reader=read_sfia,
    notes="Bring your own file: the SFIA Foundation allows no redistribution.",
    fixture="files written after the documentation",
)
