"""The slide of a brief: one table on one wide page."""

from __future__ import annotations

import io
import textwrap
from typing import TYPE_CHECKING, Any, NamedTuple

from capgraph.errors import MissingDependencyError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WIDTH, _HEIGHT, _MARGIN = 13.333, 7.5, 0.45
_COLUMNS = (0.27, 0.31, 0.22, 0.2)
_HEAD, _INK, _BAND = "1F3A5F", "1B1B1B", "EEF2F7"
_TOP, _PADDING, _LEADING = 1.05, 0.1, 1.2
_SMALLEST, _LARGEST = 7, 14
_LETTERS = 1.9
"""How many letters of one point fit on an inch, times the size of the letters over 72."""


def slide(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]], notes: Sequence[str] = ()) -> bytes:
    """Return the bytes of a presentation with one slide that holds the table.

    The text is as large as lets the table fit on the page, from 14 down to 7 points.  What does not fit even then is
    shortened, and stands in full in the notes of the speaker.

    Raises
    ------
    MissingDependencyError
        When python-pptx is not installed.
    """
    try:
        import pptx
        from pptx.util import Inches
    except ImportError:
        package, extra = "python-pptx", "slides"
        raise MissingDependencyError(package, extra) from None
    deck = pptx.Presentation()
    deck.slide_width, deck.slide_height = Inches(_WIDTH), Inches(_HEIGHT)
    page = deck.slides.add_slide(deck.slide_layouts[5])
    width = _WIDTH - 2 * _MARGIN
    heading: Any = page.shapes.title
    heading.left, heading.top, heading.width, heading.height = map(Inches, (_MARGIN, 0.25, width, 0.7))
    fitted = _fitted(rows, width)
    part = f" ({len(fitted.rows)} of {len(rows)})" if fitted.left_out else ""
    _write(heading.text_frame, f"{title}{part}", 26, bold=True, ink=_HEAD)
    box = map(Inches, (_MARGIN, _TOP, width, 0.4))
    table: Any = page.shapes.add_table(len(fitted.rows) + 1, len(headings), *box).table
    for place, share in enumerate(_COLUMNS):
        table.columns[place].width = Inches(width * share)
    for place, row in enumerate((headings, *fitted.rows)):
        table.rows[place].height = Inches(fitted.size * _LEADING / 72 + _PADDING)
        for column, text in enumerate(row):
            _fill(table.cell(place, column), text, fitted.size, place)
    told = [*notes, *_untold(rows, fitted)]
    spoken = page.notes_slide.notes_text_frame if told else None
    if spoken is not None:
        spoken.text = "\n".join(told)
    target = io.BytesIO()
    deck.save(target)
    return target.getvalue()


def _untold(rows: Sequence[Sequence[str]], fitted: _Fitted) -> Iterator[str]:
    """Yield for the notes what the page has no room for."""
    if not fitted.is_whole:
        more = f", and {fitted.left_out} rows are not on it" if fitted.left_out else ""
        yield f"The page is shortened{more}; in full:"
        yield from (" | ".join(row) for row in rows)


class _Fitted(NamedTuple):
    """What goes on the page."""

    size: int
    """The size of the letters, in points."""
    rows: list[Sequence[str]]
    """The rows, shortened where nothing else helps."""
    left_out: int
    """How many rows have no room at all."""
    is_whole: bool
    """Whether every row is there in full."""


def _fitted(rows: Sequence[Sequence[str]], width: float) -> _Fitted:
    """Return the rows at the largest size at which they fit; shortened at the smallest where they do not."""
    room = _HEIGHT - _TOP - _MARGIN
    for size in range(_LARGEST, _SMALLEST - 1, -1):
        line = size * _LEADING / 72
        if line + _PADDING + sum(_height(row, width, size) * line + _PADDING for row in rows) <= room:
            return _Fitted(size, list(rows), 0, is_whole=True)
    line = _SMALLEST * _LEADING / 72
    shown = rows[: int((room - line - _PADDING) / (line + _PADDING))]
    lines = int((room - line - _PADDING * (len(shown) + 1)) / line)
    cap = _cap([_height(row, width, _SMALLEST) for row in shown], lines)
    return _Fitted(_SMALLEST, [_cut(row, width, cap) for row in shown], len(rows) - len(shown), is_whole=False)


def _cap(heights: Sequence[int], lines: int) -> int:
    """Return how many lines each row may have so that all of them together have no more than these."""
    return max(cap for cap in range(1, max(lines, 1) + 1) if cap == 1 or sum(min(cap, own) for own in heights) <= lines)


def _height(row: Sequence[str], width: float, size: int) -> int:
    """Return how many lines a row takes."""
    return max(len(_lines(text, width * share, size)) for text, share in zip(row, _COLUMNS, strict=True))


def _lines(text: str, width: float, size: int) -> list[str]:
    """Return a text as the lines that it takes in a column."""
    letters = max(1, int((width - 0.2) * 72 * _LETTERS / size))
    return [part for line in text.split("\n") for part in textwrap.wrap(line, letters) or [""]]


def _cut(row: Sequence[str], width: float, cap: int) -> list[str]:
    """Return the cells of a row with at most so many lines each; one that is cut ends with an ellipsis."""
    cells = []
    for text, share in zip(row, _COLUMNS, strict=True):
        lines = _lines(text, width * share, _SMALLEST)
        cells.append(text if len(lines) <= cap else "\n".join(lines[:cap])[:-1].rstrip() + "…")
    return cells


def _fill(cell: Any, text: str, size: int, row: int) -> None:  # noqa: ANN401 - python-pptx is untyped
    """Write one cell of the table."""
    from pptx.util import Inches

    cell.margin_left = cell.margin_right = Inches(0.08)
    cell.margin_top = cell.margin_bottom = Inches(0.04)
    cell.fill.solid()
    cell.fill.fore_color.rgb = _color(_HEAD if row == 0 else _BAND if row % 2 else "FFFFFF")
    _write(cell.text_frame, text, size, bold=row == 0, ink="FFFFFF" if row == 0 else _INK)


def _write(frame: Any, text: str, size: int, *, bold: bool, ink: str) -> None:  # noqa: ANN401 - python-pptx is untyped
    """Write text, one paragraph a line."""
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Pt

    frame.word_wrap = True
    for place, line in enumerate(text.split("\n")):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.LEFT
        run = paragraph.add_run()
        run.text = line
        run.font.size, run.font.bold = Pt(size), bold
        run.font.color.rgb = _color(ink)


def _color(code: str) -> Any:  # noqa: ANN401 - python-pptx is untyped
    """Return a color for its six hexadecimal digits."""
    from pptx.dml.color import RGBColor

    red, green, blue = bytes.fromhex(code)
    build: Any = RGBColor
    return build(red, green, blue)
