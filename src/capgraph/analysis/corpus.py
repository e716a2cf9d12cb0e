"""Entries as columns: words as numbers, weights by rarity, and how much a title says at all."""

from __future__ import annotations

import math
import zlib
from collections import Counter, defaultdict
from hashlib import blake2b
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from capgraph.analysis.commonness import Commonness, Stretch, Tally
from capgraph.analysis.ragged import Ragged
from capgraph.analysis.titles import is_code
from capgraph.analysis.wordlists import FORMS, SMALL
from capgraph.text import tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from numpy.typing import NDArray

    from capgraph.analysis.entries import Described, Entry

_STOP_WEIGHT = 0.15
_CODE_WEIGHT = 0.2
_WRAPPING_WEIGHT = 0.15
_PROVIDER_WORDS = 4
_STUB_WORDS = 5
_GENERIC_TEXTS = 5
_FORMAL_GROUPS = 3
_WORDS_OF_A_TITLE = 2
_ONE_WORD = 0.9
_SUBJECTLESS = FORMS | SMALL
_MIX = np.uint64(0x9E3779B97F4A7C15)


class TitleWords(NamedTuple):
    """The words of one title with their weights."""

    weights: dict[str, float]
    """The weight of each distinct word of the subject."""
    says: float
    """From 0 to 1: how little chance explains that another entry has this title."""
    is_generic: bool
    """Whether it stands above many different descriptions, or names a form and no subject."""
    is_formal: bool
    """Whether it names a form of learning more than a subject."""


class _Rarities(dict[str, float]):
    """The weight of title words: the logarithm of how rare each one is, less for words without a subject."""

    def __init__(self, known: Commonness) -> None:
        super().__init__()
        self._titles = known.titles
        self.log_total = math.log(known.total + 1)

    def __missing__(self, word: str) -> float:
        found = self.log_total - math.log(max(self._titles.get(word, 1), 1))
        found *= _STOP_WEIGHT if word in SMALL else _CODE_WEIGHT if is_code(word) else 1.0
        self[word] = found
        return found


class Corpus:
    """All entries of one comparison, or some of them with what is common among all.

    Parameters
    ----------
    entries : iterable of Described
        The entries with their descriptions, in any order; they are kept by id.
    known : Commonness or None
        What is common among all entries where these are some of them; None where they are all.

    Notes
    -----
    Descriptions are kept as numbers, four bytes a distinct word, so that a million of them fit into memory.
    """

    def __init__(self, entries: Iterable[Described], known: Commonness | None = None) -> None:
        self._words: defaultdict[str, int] = defaultdict(count().__next__)
        self._title_words: defaultdict[str, int] = defaultdict(count().__next__)
        kept: list[Entry] = []
        texts = Ragged.of_sets(_numbered_texts(entries, self._words.__getitem__, kept))
        ids = [entry.id for entry in kept]
        order = sorted(range(len(ids)), key=ids.__getitem__)
        self.entries: list[Entry] = [kept[place] for place in order]
        self.texts = texts.taken(np.array(order, np.int64))
        """The distinct words of each description, as numbers in order."""
        del kept, texts, ids, order
        number = self._title_words.__getitem__
        self.titles = Ragged.of_sets(map(number, entry.title.words) for entry in self.entries)
        """The distinct words of each title, as numbers in order."""
        self.title_hashes = hashes_of(self._title_words)
        """A number for each word of the titles, the same in every process."""
        self.title_keys: NDArray[np.uint64] = self._title_keys()
        """What entries share when their titles are equal but for wrapping and the order of words."""
        self._distinct, self._crowded = self._contents()
        self.known = Commonness.of([self.tally()]) if known is None else known
        """What is common among all entries."""
        self._weigh()

    def __len__(self) -> int:
        return len(self.entries)

    def _title_keys(self) -> NDArray[np.uint64]:
        """Return a number for each title: its words and audience in any order, its part and its level."""
        keys: NDArray[np.uint64] = self.titles.sums(self.title_hashes)
        for place, entry in enumerate(self.entries):
            title = entry.title
            if title.audience or title.part or title.level:
                extra = sum(hash_text(word) for word in set(title.audience).difference(title.words))
                told = hash_text(" ".join([*title.part, "|", *title.level])) if title.part or title.level else 0
                keys[place] = (int(keys[place]) + extra + told * 3) % 2**64
        return keys

    def _contents(self) -> tuple[NDArray[np.bool_], NDArray[np.uint64]]:
        """Return which entries are the first of their content, and the titles above many different descriptions."""
        numbers = np.arange(1, max(len(self._words), 1) + 1, dtype=np.uint64) * _MIX
        digests = self.texts.sums(numbers ^ (numbers >> np.uint64(29)))
        order = np.lexsort((np.arange(len(self.entries)), digests, self.title_keys))
        keys, digests = self.title_keys[order], digests[order]
        first = np.ones(len(order), bool)
        first[1:] = (keys[1:] != keys[:-1]) | (digests[1:] != digests[:-1])
        distinct = np.zeros(len(order), bool)
        distinct[order] = first
        titles, counts = np.unique(keys[first], return_counts=True)
        return distinct, titles[counts > _GENERIC_TEXTS]

    def tally(self) -> Tally:
        """Return the counts over these entries, to be added to those of others."""
        groups = Counter(entry.group for entry in self.entries if entry.group)
        rests: defaultdict[Stretch, set[Stretch]] = defaultdict(set)
        for place in np.flatnonzero(self._distinct).tolist():
            segments = self.entries[place].title.segments
            for segment in segments if len(segments) > 1 else ():
                rests[segment].add(tuple(word for part in segments if part != segment for word in part))
        return Tally(
            entries=len(self.entries),
            different=int(self._distinct.sum()),
            texts=_counted(self._words, self.texts, self._distinct),
            seen=_counted(self._words, self.texts, None),
            titles=_counted(self._title_words, self.titles, self._distinct),
            crowded=frozenset(self._crowded.tolist()),
            formal=self._formal(),
            rests={segment: frozenset(found) for segment, found in rests.items()},
            providers=frozenset(map(tokens, {entry.provider for entry in self.entries if entry.provider})),
            groups=groups,
            digits=Counter(len(entry.digits) for entry in self.entries if entry.digits),
        )

    def _formal(self) -> frozenset[int]:
        """Return the titles that name a form of learning more than a subject, in several departments."""
        offered: defaultdict[int, set[str]] = defaultdict(set)
        for key, entry in zip(self.title_keys.tolist(), self.entries, strict=True):
            if entry.group and is_formal(entry.title.words):
                offered[key].add(entry.group)
        return frozenset(key for key, groups in offered.items() if len(groups) >= _FORMAL_GROUPS)

    def _weigh(self) -> None:
        """Weigh words by their rarity among all entries."""
        known = self.known
        texts = np.fromiter((known.texts.get(word, 1) for word in self._words), np.float64, len(self._words))
        self.text_weights: NDArray[np.float64] = np.log((known.total + 1) / np.maximum(texts, 1.0))
        self.text_weights[texts > known.halved] = 0.0
        self.text_counts = np.fromiter((known.seen.get(word, 1) for word in self._words), np.int64, len(self._words))
        self._rarities = _Rarities(known)
        self.is_linked: NDArray[np.bool_] = np.array(
            [bool(entry.others or entry.stated or entry.overlapping) for entry in self.entries], bool
        )

    @property
    def title_vocabulary(self) -> int:
        """How many different words the titles hold."""
        return len(self._title_words)

    def word_hashes(self) -> NDArray[np.uint64]:
        """Return a number for each word of the descriptions that depends on the word alone, in their order."""
        hashes = (zlib.crc32(word.encode("utf-8", "surrogatepass")) for word in self._words)
        return np.fromiter(hashes, np.uint64, len(self._words))

    def has_text(self) -> NDArray[np.bool_]:
        """Return whether each description says enough to be compared."""
        enough: NDArray[np.bool_] = self.texts.sizes >= _STUB_WORDS
        return enough

    def title_words(self, place: int) -> TitleWords:
        """Return the words of one title with their weights."""
        title, rarities = self.entries[place].title, self._rarities
        weights = {word: rarities[word] for word in title.words}
        if len(title.segments) > 1:
            plain = {word for segment in title.segments if segment not in self.known.wrapping for word in segment}
            for word in weights.keys() - plain:
                weights[word] *= _WRAPPING_WEIGHT
        for word in self._offering(title.words):
            weights[word] = min(weights[word], _WRAPPING_WEIGHT * rarities[word])
        subject = [weight for word, weight in weights.items() if word not in FORMS and word not in SMALL]
        forms = [weight for word, weight in weights.items() if word in FORMS]
        says = min(1.0, (sum(subject) + sum(forms) / 4) / rarities.log_total)
        if len(subject) < _WORDS_OF_A_TITLE:
            says = min(says, _ONE_WORD if subject else says / 2)
        is_generic = int(self.title_keys[place]) in self.known.generic or _SUBJECTLESS.issuperset(title.words)
        return TitleWords(weights, says, is_generic, is_formal(title.words))

    def rarest_words(self, place: int, most: int) -> list[str]:
        """Return the distinct words of one title that weigh most, at most so many, in order."""
        words = {word for word in self.entries[place].title.words if word not in SMALL}
        return sorted(words, key=lambda word: (-self._rarities[word], word))[:most]

    def _offering(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """Return the words at the start or the end of a title that name somebody who offers something here."""
        for size in range(min(_PROVIDER_WORDS, len(words) - 1), 0, -1) if self.known.providers else ():
            for stretch in (words[:size], words[-size:]):
                if stretch in self.known.providers:
                    return stretch
        return ()


def _numbered_texts(
    entries: Iterable[Described], number: Callable[[str], int], kept: list[Entry]
) -> Iterator[Iterator[int]]:
    """Yield the descriptions of entries as numbers, and keep the entries without them."""
    for entry, text in entries:
        kept.append(entry)
        yield map(number, text)


def _counted(numbers: Iterable[str], lists: Ragged, kept: NDArray[np.bool_] | None) -> dict[str, int]:
    """Return in how many lists each word occurs, by word."""
    words = list(numbers)
    return dict(zip(words, lists.counts(len(words), kept).tolist(), strict=True))


def hash_text(text: str) -> int:
    """Return a 64-bit number for a text, the same in every process."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def hashes_of(words: Collection[str]) -> NDArray[np.uint64]:
    """Return the 64-bit numbers of words, in their order."""
    return np.fromiter(map(hash_text, words), np.uint64, len(words))


def is_formal(words: Collection[str]) -> bool:
    """Return whether at least half of the words that hold no title together name a form of learning.

    Examples
    --------
    >>> is_formal(["special", "projects", "writing"]), is_formal(["marine", "biology", "laboratory"])
    (True, False)
    """
    counted = [word for word in words if word not in SMALL]
    return 2 * sum(word in FORMS for word in counted) >= len(counted)
