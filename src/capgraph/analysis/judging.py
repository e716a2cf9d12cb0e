"""Candidates judged: by the rule, and by what people have decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capgraph.analysis.pairs import DuplicateRow, duplicate_row
from capgraph.analysis.scoring import judge, promising
from capgraph.analysis.verdicts import Verdicts, says_same

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from capgraph.analysis.corpus import Corpus

Places = tuple["NDArray[np.int64]", "NDArray[np.int64]"]


def judged_rows(corpus: Corpus, pairs: Places, verdicts: Verdicts, min_score: float) -> tuple[list[DuplicateRow], int]:
    """Return the rows of pairs of places in their order, and how many of them people have settled.

    A pair that people called different has no row; one that they called the same has one whatever its score.
    """
    rows: list[DuplicateRow] = []
    settled = 0
    for found in judge(corpus, *pairs):
        left, right = corpus.entries[found.left], corpus.entries[found.right]
        decision = verdicts.of(left.id, right.id)
        if decision is not None and not says_same(decision):
            settled += found.score >= min_score
        elif decision is not None or found.score >= min_score:
            rows.append(duplicate_row(left, right, found, decision))
    return rows, settled


def worth_judging(corpus: Corpus, pairs: Places) -> Places:
    """Return the pairs of places that can reach a band at all."""
    chosen = promising(corpus, *pairs)
    return pairs[0][chosen], pairs[1][chosen]
