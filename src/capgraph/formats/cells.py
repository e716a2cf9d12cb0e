"""Cells as text and numbers: the ground on which the other values stand."""

from __future__ import annotations

import math
import re
from decimal import Decimal, InvalidOperation
from typing import Literal

from capgraph.formats.lexicon import MISSING
from capgraph.text import normalize

SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2007": " ", "\u2009": " ", "\ufeff": "", "\u200b": ""})
"""Spaces that are not plain, and signs that cannot be seen."""
SMART = str.maketrans("\u2018\u2019\u201c\u201d\u2013\u2212\u2014\u2044", "''\"\"---/")
"""Typographic quotes, dashes and fraction bars as typed ones."""

_DIGITS = 18
"""How many digits before the decimal sign the largest quantity has; more is damage, and breaks sums."""
_LONGEST_MISSING = max(map(len, MISSING))
_MISSING_STARTS = frozenset(word[:1] for word in MISSING)


def plain(cell: object) -> str:
    r"""Return a cell as text with plain spaces and without those around it; empty for None and for missing-value words.

    Examples
    --------
    >>> plain(" n/a "), plain("a\u00a0b"), plain(17.0)
    ('', 'a b', '17')
    """
    if not isinstance(cell, str):
        if cell is None:
            return ""
        if isinstance(cell, bool):
            return "TRUE" if cell else "FALSE"
        if isinstance(cell, float):
            return "" if not math.isfinite(cell) else str(int(cell)) if cell.is_integer() else repr(cell)
        cell = str(cell)
    if cell.isascii():
        text = cell.strip()
        if text[:1].lower() not in _MISSING_STARTS:
            return text
    else:
        text = cell.translate(SPACES).strip()
    return "" if len(text) <= _LONGEST_MISSING and normalize(text) in MISSING else text


def is_missing(cell: object) -> bool:
    """Return whether a cell is empty, or says so, as ``n/a`` or ``#REF!`` does."""
    return not plain(cell)


def number(cell: object, *, decimal: Literal[".", ",", ""] = "") -> Decimal | None:
    """Return a number with its separators read.

    Of point and comma, the one that comes last is the decimal sign; a single one with exactly three digits behind it is
    taken for thousands, unless `decimal` names it.

    Parameters
    ----------
    cell : object
        The cell.
    decimal : str
        The decimal sign of the source, ``.`` or ``,``; empty to tell it from each number.

    Examples
    --------
    >>> number("1.200,00"), number("2,253"), number("0,25"), number("85 %")
    (Decimal('1200.00'), Decimal('2253'), Decimal('0.25'), Decimal('0.85'))
    """
    text = plain(cell).translate(SMART)
    if not text:
        return None
    share = text.endswith("%")
    digits = re.sub(r"[\s']", "", text.rstrip("% "))
    if not re.fullmatch(r"[-+]?(\d[\d.,]*|[.,]\d+)(e[-+]?\d+)?", digits, re.IGNORECASE):
        raise ValueError(f"{text!r} is no number")
    sign = decimal or _decimal_sign(digits)
    other = {".": ",", ",": "."}[sign]
    try:
        value = Decimal(digits.replace(other, "").replace(sign, "."))
    except InvalidOperation:
        raise ValueError(f"{text!r} is no number") from None
    if value and value.adjusted() >= _DIGITS:
        raise ValueError(f"{text!r} is more than any quantity")
    return value / 100 if share else value


def _decimal_sign(digits: str) -> Literal[".", ","]:
    """Return the decimal sign that a number most likely uses."""
    point, comma = digits.rfind("."), digits.rfind(",")
    if point >= 0 and comma >= 0:
        return "." if point > comma else ","
    if comma >= 0:
        grouped = re.fullmatch(r"[-+]?[1-9]\d{0,2}(,\d{3})+", digits)
        return "." if grouped else ","
    return "," if digits.count(".") > 1 else "."
