"""Which pairs are worth comparing: never all of them.

Two ways lead to a pair.  Titles: equal subjects, subjects that differ in one word, short subjects that differ in one
letter, and titles without descriptions that have two rare words in common share a key.  Descriptions: weighted MinHash
signatures (rare words weigh more, so that boilerplate does not make neighbors), in bands.  Buckets are bounded: what a
crowded key stands for says little, so that its members are only compared with their nearest neighbors in it.
"""

from __future__ import annotations

from array import array
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from capgraph.analysis.corpus import hash_text
from capgraph.analysis.ragged import distinct

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
_CHUNK_ROWS = 1000
_MIX = np.uint64(0x9E3779B97F4A7C15)
_PLACE_BITS = 36
_RAREST = 6
_RARE = 0x5851F42D4C957F2D
"""What tells the key of two rare words from that of a title with these two words."""
_TITLES, _CODES, _FIRST_BAND = 0, 1, 2


class KeyTable(NamedTuple):
    """Places filed under keys; entries under one key of one table are candidates."""

    name: int
    """The number of the table."""
    places: NDArray[np.int64]
    """The places, in order."""
    keys: NDArray[np.uint64]
    """The key of each place, the same in every process."""


def candidates(corpus: Corpus) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the pairs of places worth comparing, each once, the lower place on the left, in order.

    Notes
    -----
    Linear in the words for the keys; sorting each band costs n log n.  A bucket of m entries gives at most
    ``m (m - 1) / 2`` pairs up to 24 entries and ``6 m`` above, so that ten thousand equal rows stay cheap.
    """
    size = len(corpus)
    codes = distinct(np.concatenate([paired(table, size) for table in key_tables(corpus)]))
    lefts, rights = np.divmod(codes, max(size, 1))
    return lefts, rights


def key_tables(corpus: Corpus) -> Iterator[KeyTable]:
    """Yield the tables of keys of all entries: titles, codes, and bands of descriptions."""
    yield _title_table(corpus)
    yield _code_table(corpus)
    places, signatures = _signatures(corpus)
    for band in range(_BANDS):
        key = np.full(len(places), np.uint64(band))
        for row in range(band * _ROWS, (band + 1) * _ROWS):
            key = (key ^ signatures[:, row]) * _MIX
            key ^= key >> np.uint64(29)
        yield KeyTable(band + _FIRST_BAND, places, key)


def _title_table(corpus: Corpus) -> KeyTable:
    """Return the title keys: whole titles, titles less one word, and what few titles have besides."""
    titles, hashes = corpus.titles, corpus.title_hashes
    everywhere = np.arange(len(corpus))
    whole = titles.sums(hashes)
    owners, sizes = titles.owners, titles.sizes
    droppable = ((sizes > 1) & (sizes <= _KEY_WORDS))[owners]
    less = (whole[owners] - hashes[titles.values])[droppable]
    places, keys = _other_title_keys(corpus)
    told, pairs = _rare_pairs(corpus)
    found = np.concatenate([everywhere, everywhere, owners[droppable], places, told])
    values = np.concatenate([corpus.title_keys, whole, less, keys, pairs])
    order = np.argsort(found, kind="stable")
    return KeyTable(_TITLES, found[order], values[order])


def _other_title_keys(corpus: Corpus) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """Return the keys that few entries have: audiences, other titles, and the letters of short titles."""
    places: list[int] = []
    keys: list[int] = []
    short = corpus.titles.sizes <= _SHORT
    for place, entry in enumerate(corpus.entries):
        if short[place] or entry.others or entry.title.audience:
            for key in _keys_of(entry):
                places.append(place)
                keys.append(key)
    return np.array(places, np.int64), np.array(keys, np.uint64)


def _rare_pairs(corpus: Corpus) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """Return a key for each two of the rarest words of titles without a description, which have nothing else to go by.

    Titles that differ in more than one word are found by them, however long they are.
    """
    places, keys = array("q"), array("Q")  # a million titles have fifteen million pairs
    for place in np.flatnonzero(~corpus.has_text()).tolist():
        hashes = [hash_text(word) for word in corpus.rarest_words(place, _RAREST)]
        for one, other in combinations(hashes, 2):
            places.append(place)
            keys.append((one + other) % 2**64 ^ _RARE)
    return np.frombuffer(places, np.int64), np.frombuffer(keys, np.uint64)


def _keys_of(entry: Entry) -> Iterator[int]:
    """Yield the keys under which an entry is filed by its audience, its other titles and its letters."""
    for title in dict.fromkeys([" ".join((*entry.title.words, *entry.title.audience)), *entry.others]):
        words = sorted(set(title.split()))
        hashes = [hash_text(word) for word in words]
        yield sum(hashes) % 2**64
        if 1 < len(words) <= _KEY_WORDS:
            yield from ((sum(hashes) - one) % 2**64 for one in hashes)
        joined = "".join(words)
        if 0 < len(words) <= _SHORT and len(joined) <= _SHORT_LETTERS:
            for position in range(len(joined)):
                yield hash_text("letters " + joined[:position] + joined[position + 1 :])
            yield hash_text("letters " + joined)


def _code_table(corpus: Corpus) -> KeyTable:
    """Return the keys of codes; the lowest bit tells the entry that holds a code from those that name it."""
    places: list[int] = []
    keys: list[int] = []
    for place, entry in enumerate(corpus.entries):
        for code in entry.codes:
            places.append(place)
            keys.append(hash_text(code) & ~1)
        for code in (*entry.stated, *entry.overlapping):
            places.append(place)
            keys.append(hash_text(code) | 1)
    return KeyTable(_CODES, np.array(places, np.int64), np.array(keys, np.uint64))


def _signatures(corpus: Corpus) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """Return the places with comparable descriptions, and their weighted MinHash signatures as numbers.

    A row of the signature is the least ``-log(u) / weight`` over the words, with `u` a number from 0 to 1 that depends
    on the word and the row alone: two descriptions agree in a row with the probability of their weighted likeness.
    """
    table = _word_values(corpus)
    useful = (corpus.text_counts > 1) & (corpus.text_weights > 0)
    texts = corpus.texts.select(useful[corpus.texts.values])
    sizes = texts.sizes
    signatures = np.empty((len(corpus), _BANDS * _ROWS), np.uint32)
    for size in np.unique(sizes[sizes > 0]).tolist():
        rows = np.flatnonzero(sizes == size)
        for first in range(0, len(rows), _CHUNK_ROWS):
            part = rows[first : first + _CHUNK_ROWS]
            least = np.full((len(part), _BANDS * _ROWS), np.inf, np.float32)
            drawn = np.empty_like(least)
            for place in range(size):
                np.take(table, texts.values[texts.starts[part] + place], axis=0, out=drawn, mode="clip")
                np.minimum(least, drawn, out=least)
            signatures[part] = least.view(np.uint32)
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


def paired(table: KeyTable, size: int) -> NDArray[np.int64]:
    """Return the pairs of places that share a key, as ``left * size + right``, each once."""
    if not len(table.places):
        return np.empty(0, np.int64)
    if table.name == _CODES:
        return _named(table, size)
    places, counts = _buckets(table)
    ends = np.repeat(np.cumsum(counts), counts)
    reach = np.repeat(np.where(counts > _CROWD, _WINDOW, _CROWD), counts)
    starts = np.arange(len(places))
    found = []
    for step in range(1, _CROWD):
        near = (starts + step < ends) & (step <= reach)
        starts, ends, reach = starts[near], ends[near], reach[near]
        if not len(starts):
            break
        left, right = places[starts], places[starts + step]
        apart = left != right
        found.append(left[apart] * size + right[apart])
    return distinct(np.concatenate(found)) if found else np.empty(0, np.int64)


def _buckets(table: KeyTable) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the places that share a key with others, by key and in order, and how many share each key."""
    order = np.argsort(table.keys)
    keys = table.keys[order]
    edges = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1], [True])))
    counts = np.diff(edges)
    shared = counts > 1
    places = table.places[order[np.repeat(shared, counts)]]
    # Sorting numbers of buckets and places at once is much faster than a stable sort of the keys.
    buckets = np.repeat(np.arange(int(shared.sum())), counts[shared])
    packed = np.sort((buckets << _PLACE_BITS) | places)
    return packed & ((1 << _PLACE_BITS) - 1), counts[shared]


def _named(table: KeyTable, size: int) -> NDArray[np.int64]:
    """Return the pairs of which one names a code that the other holds."""
    holders: dict[int, list[int]] = {}
    names = (table.keys & np.uint64(1)).astype(bool)
    for place, key in zip(table.places[~names].tolist(), table.keys[~names].tolist(), strict=True):
        holders.setdefault(key, []).append(place)
    found = {
        min(place, other) * size + max(place, other)
        for place, key in zip(table.places[names].tolist(), table.keys[names].tolist(), strict=True)
        for other in holders.get(key & ~1, ())[:_CROWD]
        if other != place
    }
    return np.array(sorted(found), np.int64)
