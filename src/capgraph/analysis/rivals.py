"""Rivals: where each document holds everything once, a pair counts less when one of its entries has a better twin."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from capgraph.analysis.bands import band
from capgraph.report import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from capgraph.analysis.pairs import DuplicateRow

_Best = dict[tuple[str, str], tuple[float, str]]


def outdone(rows: Sequence[DuplicateRow], homes: Mapping[str, str], min_score: float) -> Iterator[DuplicateRow]:
    """Yield rows with the scores that they have beside their rivals, without those that fall below the least score.

    A pair of two documents gets the score ``score × score / best``, with the best score of a pair that joins one of its
    entries to the document of the other.  A pair that is nobody's second keeps its score, and so does one inside a
    document.

    Parameters
    ----------
    rows : sequence of DuplicateRow
        The pairs.
    homes : mapping of str to str
        The document that holds each entry.
    min_score : float
        The least score of a row that is kept.

    Notes
    -----
    Linear in the rows; their order does not matter.
    """
    best: _Best = {}
    for row in rows:
        for one, other in ((row.left, row.right), (row.right, row.left)):
            key = (one, homes[other])
            # Of equal scores the first id by name, so that the order of the rows changes no reason.
            best[key] = max(best.get(key, (0.0, "")), (row.score, other), key=lambda item: (item[0], _falling(item[1])))
    for row in rows:
        found = row if homes[row.left] == homes[row.right] else _beside_rivals(row, best, homes)
        if found.score >= min_score:
            yield found


def _falling(text: str) -> tuple[int, ...]:
    """Return a key by which the first text is the greatest."""
    return (*(-ord(sign) for sign in text), 1)


def _beside_rivals(row: DuplicateRow, best: _Best, homes: Mapping[str, str]) -> DuplicateRow:
    """Return a row of two documents with its score beside the best rival."""
    ways = ((row.left, row.right), (row.right, row.left))
    top, rival, one = max((*best[one, homes[other]], one) for one, other in ways)
    if row.score >= top:
        return row
    score = round(row.score * row.score / top, 4)
    fact = Fact("rule", f"{one} is more like {rival}, by {top:.2f}, and each document holds it once", (one, rival))
    return replace(row, score=score, band=band(score) or "possible", because=(*row.because, fact))
