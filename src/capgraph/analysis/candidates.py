"""Which pairs are worth comparing: never all of them.

Two ways lead to a pair.  Titles: equal subjects, subjects that differ in one word, and short subjects that differ in
one letter share a key.  Descriptions: weighted MinHash signatures (rare words weigh more, so that boilerplate does not
make neighbors), in bands.  Buckets are bounded: what a crowded key stands for says little, so that its members are only
compared with their nearest neighbors in it.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import numpy as np

from capgraph.analysis.corpus import title_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from capgraph.analysis.corpus import Corpus
    from capgraph.analysis.entries import Entry

_BANDS, _ROWS = 32, 3
_CROWD = 24
_WINDOW = 6
_KEY_WORDS = 12
_SHORT = 2
_SHORT_LETTERS = 24
_CHUNK_VALUES = 2_000_000
_MIX = np.uint64(0x9E3779B97F4A7C15)


def candidates(corpus: Corpus) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the pairs of places worth comparing, each once, the lower place on the left, in order.

    Notes
    -----
    Linear in the words for the keys; sorting each band costs n log n.  A bucket of m entries gives at most
    ``m (m - 1) / 2`` pairs up to 24 entries and ``6 m`` above, so that ten thousand equal rows stay cheap.
    """
    size = len(corpus)
    found = [_paired(np.asarray(places), keys, size) for places, keys in _keys(corpus)]
    found.append(_stated(corpus))
    codes = np.unique(np.concatenate(found)) if found else np.empty(0, np.int64)
    lefts, rights = np.divmod(codes, max(size, 1))
    return lefts, rights


def _keys(corpus: Corpus) -> Iterator[tuple[NDArray[np.int64], NDArray[np.uint64]]]:
    """Yield tables of places and keys; entries with one key in one table are candidates."""
    yield _title_keys(corpus)
    places, signatures = _signatures(corpus)
    for first in range(0, _BANDS * _ROWS, _ROWS):
        key = np.full(len(places), np.uint64(first))
        for row in range(first, first + _ROWS):
            key = (key ^ signatures[:, row]) * _MIX
            key ^= key >> np.uint64(29)
        yield places, key


def _title_keys(corpus: Corpus) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """Return the title keys of all entries."""
    places: list[int] = []
    keys: list[int] = []
    for place, entry in enumerate(corpus.entries):
        for key in _keys_of(entry):
            places.append(place)
            keys.append(hash_text(key))
    return np.array(places, np.int64), np.array(keys, np.uint64)


def _keys_of(entry: Entry) -> Iterator[str]:
    """Yield the keys under which one entry is filed by its titles."""
    yield "whole " + title_key(entry)
    for title in dict.fromkeys([" ".join((*entry.title.words, *entry.title.audience)), *entry.others]):
        words = sorted(set(title.split()))
        if not words:
            continue
        yield "title " + " ".join(words)
        if 1 < len(words) <= _KEY_WORDS:
            for position in range(len(words)):
                yield "title " + " ".join(words[:position] + words[position + 1 :])
        joined = "".join(words)
        if len(words) <= _SHORT and len(joined) <= _SHORT_LETTERS:
            for position in range(len(joined)):
                yield "letters " + joined[:position] + joined[position + 1 :]
            yield "letters " + joined


def hash_text(text: str) -> int:
    """Return a 64-bit number for a text, the same in every process."""
    data = text.encode("utf-8", "surrogatepass")
    return zlib.crc32(data) << 32 | zlib.crc32(data, 0x9747B28C)


def _signatures(corpus: Corpus) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """Return the places with comparable descriptions, and their weighted MinHash signatures as numbers.

    A row of the signature is the least ``-log(u) / weight`` over the words, with `u` a number from 0 to 1 that depends
    on the word and the row alone: two descriptions agree in a row with the probability of their weighted likeness.
    """
    table = _word_values(corpus)
    counts = corpus.text_counts
    useful = (counts[corpus.words] > 1) & (corpus.text_weights[corpus.words] > 0)
    sizes = np.add.reduceat(np.append(useful, False), corpus.starts[:-1]) if len(corpus) else np.empty(0, np.int64)
    sizes[np.diff(corpus.starts) == 0] = 0
    words = corpus.words[useful]
    starts = np.concatenate(([0], np.cumsum(sizes)))
    signatures = np.empty((len(corpus), _BANDS * _ROWS), np.uint32)
    for size in np.unique(sizes[sizes > 0]).tolist():
        rows = np.flatnonzero(sizes == size)
        step = max(1, _CHUNK_VALUES // (size * _BANDS * _ROWS))
        for first in range(0, len(rows), step):
            part = rows[first : first + step]
            members = words[starts[part][:, None] + np.arange(size)]
            signatures[part] = table[members].min(axis=1).view(np.uint32)
    places = np.flatnonzero(sizes > 0)
    return places, signatures[places].astype(np.uint64)


def _word_values(corpus: Corpus) -> NDArray[np.float32]:
    """Return ``-log(u) / weight`` for each word and row; the numbers depend on the word, not on its place."""
    seeds = corpus.word_hashes()
    rows = np.arange(1, _BANDS * _ROWS + 1, dtype=np.uint64) * _MIX
    table = np.empty((len(seeds), len(rows)), np.float32)
    weights = np.maximum(corpus.text_weights, 1e-9)
    for column, row in enumerate(rows):
        mixed = (seeds ^ row) * np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(27)
        mixed *= np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
        share = ((mixed >> np.uint64(11)).astype(np.float64) + 0.5) / float(1 << 53)
        table[:, column] = -np.log(share) / weights
    return table


def _paired(places: NDArray[np.int64], keys: NDArray[np.uint64], size: int) -> NDArray[np.int64]:
    """Return the pairs of places that share a key, as ``left * size + right``, each once."""
    if not len(places):
        return np.empty(0, np.int64)
    order = np.argsort(keys, kind="stable")  # the places are in order already, and stay so within a key
    places, keys = places[order], keys[order]
    edges = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1], [True])))
    counts = np.diff(edges)
    shared = np.repeat(counts > 1, counts)
    ends = np.repeat(edges[1:], counts)[shared]
    reach = np.repeat(np.where(counts > _CROWD, _WINDOW, _CROWD), counts)[shared]
    starts = np.flatnonzero(shared)
    found = []
    for step in range(1, _CROWD):
        near = (starts + step < ends) & (step <= reach)
        starts, ends, reach = starts[near], ends[near], reach[near]
        if not len(starts):
            break
        left, right = places[starts], places[starts + step]
        apart = left != right
        found.append(left[apart] * size + right[apart])
    return np.unique(np.concatenate(found)) if found else np.empty(0, np.int64)


def _stated(corpus: Corpus) -> NDArray[np.int64]:
    """Return the pairs of which one description names the other's code."""
    by_code: dict[str, list[int]] = {}
    for place, entry in enumerate(corpus.entries):
        for code in entry.codes:
            by_code.setdefault(code, []).append(place)
    found = [
        min(place, other) * len(corpus) + max(place, other)
        for place, entry in enumerate(corpus.entries)
        for code in (*entry.stated, *entry.overlapping)
        for other in by_code.get(code, ())[:_CROWD]
        if other != place
    ]
    return np.array(sorted(set(found)), np.int64)
