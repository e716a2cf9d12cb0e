"""The review sheet: suggestions as a workbook in which people fill in verdicts, and the way back."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from capgraph.analysis.mapping_suggestions import CrosswalkReport
from capgraph.analysis.reviewing import PREDICATES, Choice, Verdict, with_verdicts
from capgraph.errors import Issue, ParseError
from capgraph.workbook import open_workbook

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from capgraph.analysis.suggestions import SuggestionReport
    from capgraph.model import Decisions

COLUMNS = (
    *("verdict", "note", "asset", "title", "capability", "capability_label", "behavior", "relation", "level"),
    *("confidence", "label", "span"),
)
"""The columns of a sheet of alignments; people fill in the first two."""
MAPPING_COLUMNS = (
    *("verdict", "note", "subject", "subject_label", "predicate", "object", "object_label"),
    *("confidence", "label", "span"),
)
"""The columns of a sheet of mappings; people fill in the first two and may change the predicate."""
_LEVEL = re.compile(r"(?:-?\d+(?:\.0*)?)?")
_WORDS: dict[str, Verdict | None] = {
    **dict.fromkeys(("a", "accept", "accepted", "y", "yes", "x", "ja", "oui", "sí", "si", "1", "true"), "accepted"),
    **dict.fromkeys(("r", "reject", "rejected", "n", "no", "nein", "non", "0", "false"), "rejected"),
    **dict.fromkeys(("", "s", "skip", "?"), None),
}


def review_sheet(found: SuggestionReport | CrosswalkReport) -> bytes:
    """Return a workbook with one row a proposed suggestion and an empty column ``verdict`` to fill in.

    Texts are written as texts, so that none is ever read as a formula.

    Raises
    ------
    MissingDependencyError
        When XlsxWriter is not installed.
    """
    target = io.BytesIO()
    with open_workbook(target) as book:
        _fill(book.add_worksheet("Review"), found, book.add_format({"bold": True}))
    return target.getvalue()


def _fill(sheet: Any, found: SuggestionReport | CrosswalkReport, bold: Any) -> None:  # noqa: ANN401 - XlsxWriter is untyped
    """Write the head and the rows."""
    is_crosswalk = isinstance(found, CrosswalkReport)
    columns = MAPPING_COLUMNS if is_crosswalk else COLUMNS
    sheet.freeze_panes(1, 1)
    for column, name in enumerate(columns):
        sheet.write_string(0, column, name, bold)
    proposed = [row for row in found if row.state == "proposed"]
    for place, row in enumerate(proposed, start=1):
        for column, name in enumerate(columns):
            value = getattr(row, name, None)
            if isinstance(value, int | float):
                sheet.write_number(place, column, value)
            else:
                sheet.write_string(place, column, value or "")
    if proposed:
        sheet.data_validation(1, 0, len(proposed), 0, {"validate": "list", "source": ["accepted", "rejected"]})
        if is_crosswalk:
            place = columns.index("predicate")
            sheet.data_validation(1, place, len(proposed), place, {"validate": "list", "source": [*PREDICATES]})


def decisions_of_sheet(
    rows: Iterable[Mapping[str, object]],
    *,
    by: str,
    decisions: Decisions,
    at: dt.datetime | None = None,
    first: int = 2,
) -> Decisions:
    """Return the decisions with the verdicts that people have filled into a review sheet.

    A verdict is *accepted* or *rejected*, or a common word or letter for it (yes, no, a, r); an empty one decides
    nothing.  Of a mapping, the predicate that the row shows is what is decided.

    Parameters
    ----------
    rows : iterable of mappings
        The rows of the sheet by column name.
    by, decisions, at
        As in `accept`.
    first : int
        The number of the first row, as messages name it.

    Raises
    ------
    ParseError
        When verdicts, predicates or levels are no known word or rows lack their ids; all are listed with their row.
    """
    issues: list[Issue] = []
    choices: list[tuple[Choice, Verdict, str]] = []
    for place, row in enumerate(rows, start=first):
        cells = {name: _cell(row.get(name)) for name in {*COLUMNS, *MAPPING_COLUMNS}}
        found = _problem(cells)
        if found is not None:
            code, message, hint = found
            issues.append(Issue(code, message, where=f"row:{place}", hint=hint))
        elif verdict := _WORDS[cells["verdict"].lower()]:
            choices.append((_choice(cells), verdict, cells["note"]))
    if issues:
        raise ParseError(issues, format="review sheet")
    return with_verdicts(choices, by=by, decisions=decisions, at=at)


def _cell(value: object) -> str:
    """Return the text of a cell; a number keeps its sign even where it is zero."""
    return "" if value is None else str(value).strip()


def _problem(cells: Mapping[str, str]) -> tuple[str, str, str] | None:
    """Return the code, the message and the hint of what is wrong with a row, or None."""
    word = cells["verdict"].lower()
    if word not in _WORDS:
        return "bad-verdict", f"{word!r} is no verdict", "write accepted or rejected"
    if _WORDS[word] is None:
        return None
    has_ids = cells["object"] if cells["subject"] else cells["asset"] and (cells["behavior"] or cells["capability"])
    if not has_ids:
        hint = "leave the columns asset and capability, or subject and object, as they are"
        return "no-id", "a verdict stands in a row without its ids", hint
    if cells["subject"] and cells["predicate"] not in PREDICATES:
        return "bad-predicate", f"{cells['predicate']!r} is no predicate", f"write one of {', '.join(PREDICATES)}"
    if not _LEVEL.fullmatch(cells["level"]):
        return "bad-level", f"{cells['level']!r} is no level", "write a whole number, or nothing"
    return None


def _choice(cells: Mapping[str, str]) -> Choice:
    """Return what a row decides about."""
    if cells["subject"]:
        ids = cells["subject"], cells["object"]
        return Choice("mapping", *ids, relation=cells["predicate"], level=None, span=cells["subject_label"])
    level = int(float(cells["level"])) if cells["level"] else None
    target = cells["behavior"] or cells["capability"]
    return Choice("alignment", cells["asset"], target, cells["relation"] or "teaches", level, cells["span"])
