"""The slide of a brief: one table on one wide page."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from capgraph.errors import MissingDependencyError

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDTH, _HEIGHT, _MARGIN = 13.333, 7.5, 0.45
_COLUMNS = (0.27, 0.31, 0.22, 0.2)
_HEAD, _INK, _BAND = "1F3A5F", "1B1B1B", "EEF2F7"
_SMALLEST, _LARGEST = 7, 14
_LETTERS = 1.9
"""How many letters of one point fit on an inch, times the size of the letters over 72."""


def slide(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]], notes: Sequence[str] = ()) -> bytes:
    """Return the bytes of a presentation with one slide that holds the table.

    The text is as large as lets the table fit on the page, from 14 down to 7 points.

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
    _write(heading.text_frame, title, 26, bold=True, ink=_HEAD)
    size = _fitting(rows, width)
    box = map(Inches, (_MARGIN, 1.05, width, 0.4))
    table: Any = page.shapes.add_table(len(rows) + 1, len(headings), *box).table
    for place, share in enumerate(_COLUMNS):
        table.columns[place].width = Inches(width * share)
    for place, row in enumerate((headings, *rows)):
        table.rows[place].height = Inches(0.3)
        for column, text in enumerate(row):
            _fill(table.cell(place, column), text, size, place)
    spoken = page.notes_slide.notes_text_frame if notes else None
    if spoken is not None:
        spoken.text = "\n".join(notes)
    target = io.BytesIO()
    deck.save(target)
    return target.getvalue()


def _fitting(rows: Sequence[Sequence[str]], width: float) -> int:
    """Return the largest size of letters, in points, at which the rows fit on the page."""
    room = _HEIGHT - 1.05 - _MARGIN
    for size in range(_LARGEST, _SMALLEST, -1):
        line = size * 1.2 / 72
        lines = [
            max(_lines(text, width * share, size) for text, share in zip(row, _COLUMNS, strict=True)) for row in rows
        ]
        if line + 0.1 + sum(count * line + 0.1 for count in lines) <= room:
            return size
    return _SMALLEST


def _lines(text: str, width: float, size: int) -> int:
    """Return how many lines a text takes in a column."""
    letters = max(1, int((width - 0.2) * 72 * _LETTERS / size))
    return sum(-(-max(1, len(line)) // letters) for line in text.split("\n"))


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
