"""The review sheet: suggestions as a workbook in which people fill in verdicts, and the way back."""

from __future__ import annotations

import io
from importlib import import_module
from typing import TYPE_CHECKING, Any

from capgraph.analysis.reviewing import Choice, Verdict, with_verdicts
from capgraph.errors import Issue, MissingDependencyError, ParseError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from capgraph.analysis.suggestions import SuggestionReport
    from capgraph.model import Decisions

COLUMNS = (
    *("verdict", "note", "asset", "capability", "capability_label", "behavior", "relation", "level"),
    *("confidence", "label", "span"),
)
"""The columns of the sheet; people fill in the first two."""
_AS_TEXT = {f"strings_to_{kind}": False for kind in ("formulas", "urls", "numbers")} | {"in_memory": True}
_WORDS: dict[str, Verdict | None] = {
    **dict.fromkeys(("a", "accept", "accepted", "y", "yes", "x", "ja", "oui", "sí", "si", "1", "true"), "accepted"),
    **dict.fromkeys(("r", "reject", "rejected", "n", "no", "nein", "non", "0", "false"), "rejected"),
    **dict.fromkeys(("", "s", "skip", "?"), None),
}


def review_sheet(found: SuggestionReport) -> bytes:
    """Return a workbook with one row a proposed suggestion and an empty column ``verdict`` to fill in.

    Texts are written as texts, so that none is ever read as a formula.

    Raises
    ------
    MissingDependencyError
        When XlsxWriter is not installed.
    """
    target = io.BytesIO()
    with _writer().Workbook(target, _AS_TEXT) as book:
        _fill(book.add_worksheet("Review"), found, book.add_format({"bold": True}))
    return target.getvalue()


def _writer() -> Any:  # noqa: ANN401 - XlsxWriter is untyped
    """Return the library that writes workbooks."""
    try:
        return import_module("xlsxwriter")
    except ImportError:
        raise MissingDependencyError("XlsxWriter", "excel") from None


def _fill(sheet: Any, found: SuggestionReport, bold: Any) -> None:  # noqa: ANN401 - XlsxWriter is untyped
    """Write the head and the rows."""
    sheet.freeze_panes(1, 1)
    for column, name in enumerate(COLUMNS):
        sheet.write_string(0, column, name, bold)
    proposed = [row for row in found if row.state == "proposed"]
    for place, row in enumerate(proposed, start=1):
        for column, name in enumerate(COLUMNS):
            value = getattr(row, name, None)
            if isinstance(value, int | float):
                sheet.write_number(place, column, value)
            else:
                sheet.write_string(place, column, value or "")
    if proposed:
        sheet.data_validation(1, 0, len(proposed), 0, {"validate": "list", "source": ["accepted", "rejected"]})


def decisions_of_sheet(
    rows: Iterable[Mapping[str, object]], *, by: str, decisions: Decisions, at: dt.datetime | None = None
) -> Decisions:
    """Return the decisions with the verdicts that people have filled into a review sheet.

    A verdict is *accepted* or *rejected*, or a common word or letter for it (yes, no, a, r); an empty one decides
    nothing.

    Parameters
    ----------
    rows : iterable of mappings
        The rows of the sheet by column name.
    by, decisions, at
        As in `accept`.

    Raises
    ------
    ParseError
        When verdicts are no known word or rows lack their ids; all of them are listed with their row.
    """
    issues: list[Issue] = []
    choices: list[tuple[Choice, Verdict, str]] = []
    for place, row in enumerate(rows, start=2):
        cells = {name: str(row.get(name) or "").strip() for name in COLUMNS}
        word = cells["verdict"].lower()
        verdict = _WORDS.get(word)
        target = cells["behavior"] or cells["capability"]
        if word not in _WORDS:
            hint = "write accepted or rejected"
            issues.append(Issue("bad-verdict", f"{word!r} is no verdict", where=f"row:{place}", hint=hint))
        elif verdict is not None and not (cells["asset"] and target):
            hint = "leave the columns asset and capability as they are"
            issues.append(Issue("no-id", "a verdict stands in a row without its ids", where=f"row:{place}", hint=hint))
        elif verdict is not None:
            choices.append((_choice(cells, target), verdict, cells["note"]))
    if issues:
        raise ParseError(issues, format="review sheet")
    return with_verdicts(choices, by=by, decisions=decisions, at=at)


def _choice(cells: Mapping[str, str], target: str) -> Choice:
    """Return what a row decides about."""
    level = int(float(cells["level"])) if cells["level"] else None
    return Choice(cells["asset"], target, cells["relation"] or "teaches", level, cells["span"])
