"""Entries as columns: words as numbers, weights by rarity, and how much a title says at all."""

from __future__ import annotations

import math
import zlib
from array import array
from collections import Counter, defaultdict
from hashlib import blake2b
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from capgraph.analysis.cross_listing import Numbering
from capgraph.analysis.titles import is_code
from capgraph.analysis.wordlists import FORMS, SMALL
from capgraph.text import tokens

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from numpy.typing import NDArray

    from capgraph.analysis.entries import Entry

_STOP_WEIGHT = 0.15
_CODE_WEIGHT = 0.2
_WRAPPING_WEIGHT = 0.3
_PROVIDER_WORDS = 4
_WRAPPING_TITLES = 3
_BACKGROUND = 1000
"""A catalog smaller than this is weighted as if it were a sample of one with so many entries."""
_STUB_WORDS = 5
_GENERIC_TEXTS = 5
_GROUPS = 12
_FORMAL_GROUPS = 3
_WORDS_OF_A_TITLE = 2
_ONE_WORD = 0.9


class TitleWords(NamedTuple):
    """The words of one title with their weights."""

    weights: dict[str, float]
    """The weight of each distinct word of the subject."""
    says: float
    """From 0 to 1: how little chance explains that another entry has this title."""


class Corpus:
    """All entries of one comparison.

    Parameters
    ----------
    entries : iterable of Entry
        The entries, in any order; they are kept by id.

    Notes
    -----
    Descriptions are kept as numbers, four bytes a distinct word, so that a million of them fit into memory.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._numbers: defaultdict[str, int] = defaultdict(count().__next__)
        self._rarities: dict[str, float] = {}
        kept: list[tuple[Entry, array[int]]] = [(self._slim(entry), self._words(entry)) for entry in entries]
        kept.sort(key=lambda item: item[0].id)
        self.entries: list[Entry] = [entry for entry, _ in kept]
        lengths = np.fromiter((len(words) for _, words in kept), np.int64, len(kept))
        self.starts: NDArray[np.int64] = np.concatenate(([0], np.cumsum(lengths)))
        self.words: NDArray[np.uint32] = np.empty(int(self.starts[-1]), np.uint32)
        for place, (_, words) in enumerate(kept):
            self.words[self.starts[place] : self.starts[place + 1]] = words
        self._weigh()
        self._index_titles()

    def __len__(self) -> int:
        return len(self.entries)

    def _slim(self, entry: Entry) -> Entry:
        """Return the entry without the words of its description, which are kept as numbers."""
        return entry._replace(text=()) if entry.text else entry

    def _words(self, entry: Entry) -> array[int]:
        """Return the distinct words of a description as numbers, in order."""
        return array("I", sorted(set(map(self._numbers.__getitem__, entry.text))))

    def _weigh(self) -> None:
        """Count what is common among different contents, and weight words by their rarity.

        Copies count once: ten thousand equal rows make no word common.
        """
        self._titles: dict[str, set[bytes]] = defaultdict(set)
        self.title_counts: Counter[str] = Counter()
        rests: dict[tuple[str, ...], set[tuple[str, ...]]] = defaultdict(set)
        distinct = np.zeros(len(self.entries), bool)
        keys = [title_key(entry) for entry in self.entries]
        for place, entry in enumerate(self.entries):
            texts = self._titles[keys[place]]
            digest = self._digest(place)
            if digest in texts:
                continue
            texts.add(digest)
            distinct[place] = True
            self.title_counts.update(set(entry.title.words))
            segments = entry.title.segments
            for segment in segments if len(segments) > 1 else ():
                rests[segment].add(tuple(word for part in segments if part != segment for word in part))
        self._read_codes()
        offered: dict[str, set[str]] = defaultdict(set)
        for key, entry in zip(keys, self.entries, strict=True):
            offered[key].add(entry.group if self.numbering.is_grouped else "")
        self._generic = [
            len(self._titles[key]) > _GENERIC_TEXTS
            or all(word in FORMS or word in SMALL for word in entry.title.words)
            or (len(offered[key]) >= _FORMAL_GROUPS and is_formal(entry.title.words))
            for key, entry in zip(keys, self.entries, strict=True)
        ]
        self._wrapping = {segment for segment, found in rests.items() if len(found) >= _WRAPPING_TITLES}
        different = int(distinct.sum())
        total = max(different, _BACKGROUND)
        counted = self.words[np.repeat(distinct, np.diff(self.starts))]
        counts = np.bincount(counted, minlength=max(len(self._numbers), 1)).astype(np.float64)
        self.text_weights: NDArray[np.float64] = np.log((total + 1) / np.maximum(counts, 1.0))
        if different > _BACKGROUND:
            self.text_weights[counts > different / 2] = 0.0
        self.text_counts = np.bincount(self.words, minlength=max(len(self._numbers), 1))
        self._log_total = math.log(total + 1)
        self._providers = {tokens(entry.provider) for entry in self.entries if entry.provider}

    def _read_codes(self) -> None:
        """Find out how the catalog numbers what it holds."""
        groups = Counter(entry.group for entry in self.entries if entry.group)
        is_grouped = len(groups) >= _GROUPS and max(groups.values()) < len(self.entries) / 2
        digits = Counter(len(entry.digits) for entry in self.entries if entry.digits)
        usual = max(digits, key=lambda size: (digits[size], size)) if is_grouped and digits else 0
        self.numbering = Numbering(is_grouped, usual)
        """What codes say about departments and levels."""

    def _index_titles(self) -> None:
        """Number the words of the titles, so that pairs of titles without a common word are passed over at once."""
        numbers: defaultdict[str, int] = defaultdict(count().__next__)
        flat: list[int] = []
        starts = [0]
        for entry in self.entries:
            flat.extend(sorted(set(map(numbers.__getitem__, entry.title.words))))
            starts.append(len(flat))
        self.title_words_flat: NDArray[np.int64] = np.array(flat, np.int64)
        self.title_starts: NDArray[np.int64] = np.array(starts, np.int64)
        self.title_vocabulary = len(numbers)
        self.is_linked: NDArray[np.bool_] = np.array(
            [bool(entry.others or entry.stated) for entry in self.entries], bool
        )

    def _digest(self, place: int) -> bytes:
        """Return a short digest of the words of a description."""
        return blake2b(self.text(place).tobytes(), digest_size=8).digest()

    def word_hashes(self) -> NDArray[np.uint64]:
        """Return a number for each word of the descriptions that depends on the word alone, in their order."""
        hashes = (zlib.crc32(word.encode("utf-8", "surrogatepass")) for word in self._numbers)
        return np.fromiter(hashes, np.uint64, len(self._numbers))

    def text(self, place: int) -> NDArray[np.uint32]:
        """Return the distinct words of one description, as numbers."""
        return self.words[self.starts[place] : self.starts[place + 1]]

    def has_text(self, place: int) -> bool:
        """Return whether a description says enough to be compared."""
        return bool(self.starts[place + 1] - self.starts[place] >= _STUB_WORDS)

    def rarity(self, word: str) -> float:
        """Return the weight of a title word: the logarithm of how rare it is, less for words without a subject."""
        known = self._rarities.get(word)
        if known is None:
            known = self._log_total - math.log(max(self.title_counts[word], 1))
            known *= _STOP_WEIGHT if word in SMALL else _CODE_WEIGHT if is_code(word) else 1.0
            self._rarities[word] = known
        return known

    def is_wrapping(self, segment: tuple[str, ...]) -> bool:
        """Return whether a stretch of a title goes with many subjects ("a practical course") and so says little."""
        return segment in self._wrapping

    def title_words(self, place: int) -> TitleWords:
        """Return the words of one title with their weights."""
        title = self.entries[place].title
        weights: dict[str, float] = {}
        for segment in title.segments:
            factor = _WRAPPING_WEIGHT if len(title.segments) > 1 and self.is_wrapping(segment) else 1.0
            for word in segment:
                weights[word] = max(weights.get(word, 0.0), factor * self.rarity(word))
        for word in self._offering(title.words):
            weights[word] = min(weights[word], _WRAPPING_WEIGHT * self.rarity(word))
        subject = [weight for word, weight in weights.items() if word not in FORMS and word not in SMALL]
        forms = [weight for word, weight in weights.items() if word in FORMS]
        says = min(1.0, (sum(subject) + sum(forms) / 4) / self._log_total)
        if len(subject) < _WORDS_OF_A_TITLE:
            says = min(says, _ONE_WORD if subject else says / 2)
        return TitleWords(weights, says)

    def _offering(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """Return the words at the start or the end of a title that name somebody who offers something here."""
        for size in range(min(_PROVIDER_WORDS, len(words) - 1), 0, -1):
            for stretch in (words[:size], words[-size:]):
                if stretch in self._providers:
                    return stretch
        return ()

    def is_generic(self, place: int) -> bool:
        """Return whether the title stands above many different descriptions, or names a form and no subject."""
        return self._generic[place]


def title_key(entry: Entry) -> str:
    """Return what two entries share when their titles are equal but for wrapping and the order of words."""
    title = entry.title
    words = sorted({*title.words, *title.audience})
    return " ".join([*words, "|", *title.part, "|", *title.level])


def is_formal(words: Collection[str]) -> bool:
    """Return whether at least half of the words that hold no title together name a form of learning.

    Examples
    --------
    >>> is_formal(["special", "projects", "writing"]), is_formal(["marine", "biology", "laboratory"])
    (True, False)
    """
    counted = [word for word in words if word not in SMALL]
    return 2 * sum(word in FORMS for word in counted) >= len(counted)
