"""Entries of two frameworks as comparable vectors: names, their spelling, what is said of them, and their meaning."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

from capgraph.analysis.embedding import unit_vectors
from capgraph.analysis.stems import terms
from capgraph.text import tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from capgraph.analysis.embedding import Embedding

_OTHER_NAMES = 60
_WORDS, _SPELLING, _CONTEXT, _MEANING, _DEFINITION = 1.0, 0.5, 0.5, 1.0, 0.5
_BLOCK = 512


class Profile(NamedTuple):
    """What is compared of one entry."""

    id: str
    """Its id."""
    label: str
    """Its preferred label."""
    others: tuple[str, ...]
    """Its other labels."""
    definition: str
    """Its description."""
    context: str
    """The labels of what is broader and of what it requires."""


def likeness(
    left: Sequence[Profile], right: Sequence[Profile], *, languages: tuple[str, str], embed: Embedding | None
) -> Iterator[NDArray[np.float32]]:
    """Yield the likeness of left entries to every right one, from 0 to 1, some rows at a time.

    The weighted mean of the cosines of: the words of the names, the spelling of the names (two to four signs), the
    definition with the names of broader and required entries, and with an embedding the meaning of names and of
    definitions.  The vector of the names is that of the label plus the *mean* of those of the other labels: the best of
    many labels would favor entries with many.

    Notes
    -----
    The sparse products cost the entries that share a feature; the dense ones left × right × the length of a vector.
    """
    sides = [*left, *right]
    spoken = [languages[0]] * len(left) + [languages[1]] * len(right)

    def words(text: str, language: str) -> list[str]:
        return [term.stem for term in terms(text, language) if not term.stem.startswith("^")]

    def spelling(text: str, language: str) -> list[str]:
        del language
        return [
            f" {word} "[start : start + size]
            for word in tokens(text)
            for size in (2, 3, 4)
            for start in _starts(word, size)
        ]

    told = [f"{one.label} {one.definition} {one.context}" for one in sides]
    found: list[tuple[float, sparse.csr_matrix | NDArray[np.float32]]] = [
        (_WORDS, _named(sides, spoken, words)),
        (_SPELLING, _named(sides, spoken, spelling)),
        (_CONTEXT, _weighted([words(text, language) for text, language in zip(told, spoken, strict=True)])),
    ]
    if embed is not None:
        found += [
            (_MEANING, _meant(sides, embed)),
            (_DEFINITION, unit_vectors(embed, [_defined(one) for one in sides])),
        ]
    yield from _products(found, len(left))


def _starts(word: str, size: int) -> range:
    """Return where the stretches of a word with a space on either side begin."""
    return range(len(word) + 3 - size)


def _defined(profile: Profile) -> str:
    """Return a label with its definition."""
    return f"{profile.label}. {profile.definition}"


def _products(
    channels: Sequence[tuple[float, sparse.csr_matrix | NDArray[np.float32]]], split: int
) -> Iterator[NDArray[np.float32]]:
    """Yield blocks of rows of the weighted mean of the products of the left with the right side."""
    total = sum(weight for weight, _ in channels)
    turned = [vectors[split:].T for _, vectors in channels]
    for start in range(0, split, _BLOCK):
        stop = min(start + _BLOCK, split)
        block: NDArray[np.float32] | None = None
        for (weight, vectors), other in zip(channels, turned, strict=True):
            product = vectors[start:stop] @ other
            dense = product.toarray() if sparse.issparse(product) else product
            part = np.maximum(np.asarray(dense, np.float32), 0) * np.float32(weight / total)
            block = part if block is None else block + part
        if block is not None:
            yield block


def _named(
    sides: Sequence[Profile], languages: Sequence[str], features: Callable[[str, str], list[str]]
) -> sparse.csr_matrix:
    """Return the vectors of names: the label, and the mean of the other labels."""
    texts, owners = [], []
    for place, one in enumerate(sides):
        texts.append(features(one.label, languages[place]))
        for other in one.others[:_OTHER_NAMES]:
            texts.append(features(other, languages[place]))
            owners.append(place)
    # The labels come before the other labels of each entry: tell them apart by counting.
    counts = np.array([min(len(one.others), _OTHER_NAMES) for one in sides])
    firsts = np.concatenate([[0], np.cumsum(counts + 1)[:-1]]).astype(np.int64)
    is_label = np.zeros(len(texts), bool)
    is_label[firsts] = True
    vectors = _weighted(texts)
    rows = np.array(owners, np.int64)
    shares = (1 / np.maximum(counts, 1))[rows].astype(np.float32)
    mean = sparse.csr_matrix((shares, (rows, np.arange(len(rows)))), shape=(len(sides), len(rows)))
    return _unit(sparse.csr_matrix(vectors[is_label] + mean @ vectors[~is_label]))


def _weighted(texts: Sequence[Sequence[str]]) -> sparse.csr_matrix:
    """Return one unit row for each text: the logarithm of how often a feature occurs times how rare it is."""
    vocabulary: dict[str, int] = {}
    starts, columns, values = [0], [], []
    for text in texts:
        for feature, count in Counter(text).items():
            columns.append(vocabulary.setdefault(feature, len(vocabulary)))
            values.append(1 + np.log(count))
        starts.append(len(columns))
    shape = (len(texts), max(len(vocabulary), 1))
    data = np.array(values, np.float32)
    matrix = sparse.csr_matrix((data, np.array(columns, np.int32), np.array(starts, np.int64)), shape=shape)
    rarity = np.log((1 + len(texts)) / (1 + np.bincount(matrix.indices, minlength=shape[1]))) + 0.5
    return _unit(sparse.csr_matrix(matrix @ sparse.diags(rarity.astype(np.float32))))


def _unit(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return a matrix whose rows have length 1, or are zero."""
    lengths = np.sqrt(np.asarray(matrix.power(2).sum(axis=1)).ravel())
    return sparse.csr_matrix(sparse.diags(1 / np.maximum(lengths, 1e-9)) @ matrix, dtype=np.float32)


def _meant(sides: Sequence[Profile], embed: Embedding) -> NDArray[np.float32]:
    """Return the vectors of names in an embedding: the label, and the mean of the other labels."""
    vectors = unit_vectors(embed, [one.label for one in sides])
    others = [other for one in sides for other in one.others[:_OTHER_NAMES]]
    if others:
        counts = np.array([min(len(one.others), _OTHER_NAMES) for one in sides])
        rows = np.repeat(np.arange(len(sides)), counts)
        sums = np.zeros_like(vectors)
        np.add.at(sums, rows, unit_vectors(embed, others))
        vectors = vectors + sums / np.maximum(counts, 1)[:, None].astype(np.float32)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), np.float32)
