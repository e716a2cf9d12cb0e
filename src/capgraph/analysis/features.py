"""Features of texts: their stems, the words as they are written, and pairs of neighbors, as rows of a sparse matrix."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from capgraph.analysis.stems import Term

FORM = "="
"""What the feature of a word as it is written begins with."""


@dataclass(frozen=True, slots=True)
class LabelHits:
    """Labels that texts name, one item for each text and entry, by text and falling score."""

    texts: NDArray[np.int64]
    """The place of the text."""
    entries: NDArray[np.int64]
    """The place of the entry."""
    labels: NDArray[np.int64]
    """The place of the best label of the entry."""
    scores: NDArray[np.float32]
    """How well the label fits, 0 or more; about 1 for the best label of a sentence."""


class Reading(NamedTuple):
    """A text as the lexicon reads it."""

    terms: list[Term]
    """Its words, in each language in which it is read."""
    features: list[int]
    """The numbers of its features."""
    language: str
    """Its language; empty where labels of all languages count alike."""


def word_features(terms: Sequence[Term]) -> Iterator[str]:
    """Yield the stems of a text and its words as they are written."""
    for term in terms:
        yield term.stem
        if term.form:
            yield FORM + term.form


def pair_features(terms: Sequence[Term]) -> Iterator[str]:
    """Yield the pairs of neighboring stems, whichever comes first."""
    stems = [term.stem for term in terms if not term.stem.startswith("^")]
    for left, right in pairwise(stems):
        yield f"{left} {right}" if left < right else f"{right} {left}"


class FeatureSpace:
    """Features numbered in the order in which they are learned."""

    def __init__(self) -> None:
        self.places: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self.places)

    def learned(self, features: Iterator[str]) -> list[int]:
        """Return the numbers of features; new ones get the next number."""
        places, found = self.places, []
        for feature in features:
            place = places.get(feature)
            if place is None:
                place = places[feature] = len(places)
            found.append(place)
        return found

    def known(self, features: Iterator[str]) -> list[int]:
        """Return the numbers of those features that have one."""
        found = map(self.places.get, features)
        return [place for place in found if place is not None]

    def counts(self, rows: Sequence[Sequence[int]]) -> sparse.csr_matrix:
        """Return rows × features: how often each row has each feature."""
        starts = np.zeros(len(rows) + 1, np.int64)
        np.cumsum([len(row) for row in rows], out=starts[1:])
        columns = np.fromiter((place for row in rows for place in row), np.int32, int(starts[-1]))
        matrix = sparse.csr_matrix((np.ones(len(columns), np.float32), columns, starts), shape=(len(rows), len(self)))
        matrix.sum_duplicates()
        return matrix

    def presence(self, rows: Sequence[Sequence[int]]) -> sparse.csr_matrix:
        """Return rows × features: 1 where a row has a feature."""
        matrix = self.counts(rows)
        matrix.data[:] = 1
        return matrix

    def flags(self, prefix: str = "", holding: str = "") -> NDArray[np.bool_]:
        """Return which features begin with a sign, and hold another."""
        tests = (feature.startswith(prefix) and holding in feature for feature in self.places)
        return np.fromiter(tests, bool, len(self))


def unit_rows(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return a matrix whose rows have length 1, or are zero."""
    lengths = np.sqrt(np.asarray(matrix.power(2).sum(axis=1)).ravel())
    return sparse.csr_matrix(sparse.diags(1 / np.maximum(lengths, 1e-9)) @ matrix, dtype=np.float32)


def largest(matrix: sparse.csr_matrix, most: int) -> tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.int64]]:
    """Return the columns and values of the largest cells of each row, and how many each row has."""
    columns, values, counts = [], [], []
    for start, end in pairwise(matrix.indptr):
        data = matrix.data[start:end]
        place = np.argpartition(data, len(data) - most)[-most:] if len(data) > most else np.arange(len(data))
        columns.append(matrix.indices[start:end][place])
        values.append(data[place])
        counts.append(len(place))
    if not columns:
        return np.zeros(0, np.int64), np.zeros(0, np.float32), np.zeros(0, np.int64)
    return np.concatenate(columns).astype(np.int64), np.concatenate(values), np.array(counts, np.int64)
