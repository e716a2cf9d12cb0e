"""How alike two entries are, and why: the rule behind `duplicates`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from capgraph.analysis.cross_listing import Likeness, Said, weigh_codes
from capgraph.analysis.facets import compare
from capgraph.analysis.wordlists import OPPOSITES
from capgraph.text import closeness

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from capgraph.analysis.corpus import Corpus, TitleWords
    from capgraph.analysis.entries import Entry

_TITLE_ALONE = 0.9
_TEXT_ENOUGH = 0.85
_RENAMED = 0.8
_IDENTICAL = 0.98
_GENERIC = 0.80
_GENERIC_WITHOUT_TEXT = 0.45
_TYPO = 0.75
_ADDITION = 0.5
_OTHER_EDITION = 0.95
_OTHER_PRICE, _OTHER_PRICE_AND_TITLE = 0.3, 0.5
_TYPO_LETTERS = 4
_ENDING = 2
_FEW_WORDS = 2
_CHUNK = 50_000


class Judgement(NamedTuple):
    """The verdict of the rule on one pair."""

    left: int
    """The place of the left entry in the corpus."""
    right: int
    """The place of the right entry."""
    score: float
    """From 0 to 1; symmetric, and 1 for a copy."""
    equal: tuple[str, ...]
    """What is the same on both sides."""
    differs: tuple[str, ...]
    """What is stated on both sides and differs, or tells the sides apart."""
    title: float
    """How alike the titles are, 0 to 1."""
    text: float | None
    """How alike the descriptions are, 0 to 1; None where one side has none worth comparing."""
    said: Said
    """What the descriptions say about each other's codes."""


def judge(corpus: Corpus, lefts: NDArray[np.int64], rights: NDArray[np.int64]) -> list[Judgement]:
    """Return the verdicts on pairs of places, in the order given.

    The score blends how alike the titles are and how alike the descriptions are (cosine of words weighted by their
    rarity).  A title that many different descriptions share, or that names a form of learning and no subject, weighs
    less; what tells look-alikes apart (part, level, audience, a number) caps the score below *probable*, what is
    stated on one side only below *same*.

    Notes
    -----
    Linear in the pairs, times the words of their titles and descriptions.
    """
    texts = text_similarity(corpus, lefts, rights)
    told = corpus.has_text()
    words: dict[int, TitleWords] = {}
    found = []
    for left, right, text in zip(lefts.tolist(), rights.tolist(), texts.tolist(), strict=True):
        for place in (left, right):
            if place not in words:
                words[place] = corpus.title_words(place)
        known = told[left] and told[right]
        found.append(_judge(corpus, (left, right), (words[left], words[right]), text if known else None))
    return found


def promising(corpus: Corpus, lefts: NDArray[np.int64], rights: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which pairs can reach a band at all: a title word in common, a short title, other titles or codes.

    Without a word in common, two titles of three words and more are alike by no typing error, and whatever the
    descriptions say, the score stays below *possible*.
    """
    titles = corpus.titles
    ones = np.ones(len(titles.values), np.int32)
    shape = (len(corpus), max(corpus.title_vocabulary, 1))
    shared = _row_products((ones, titles.values, titles.starts), shape, lefts, rights)
    sizes = titles.sizes
    short = np.minimum(sizes[lefts], sizes[rights]) <= _FEW_WORDS
    possible: NDArray[np.bool_] = (shared > 0) | short | corpus.is_linked[lefts] | corpus.is_linked[rights]
    return possible


def text_similarity(corpus: Corpus, lefts: NDArray[np.int64], rights: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the cosine of the descriptions of each pair, words weighted by their rarity."""
    texts = corpus.texts
    norms = np.sqrt(np.maximum(texts.sums(corpus.text_weights**2), 1e-12))
    shape = (len(corpus), max(len(corpus.text_weights), 1))
    rows = (corpus.text_weights[texts.values], texts.values, texts.starts)
    shared = _row_products(rows, shape, lefts, rights)
    cosines: NDArray[np.float64] = shared / (norms[lefts] * norms[rights])
    return np.minimum(cosines, 1.0)


def _row_products(
    rows: tuple[NDArray[Any], NDArray[Any], NDArray[np.int64]],
    shape: tuple[int, int],
    lefts: NDArray[np.int64],
    rights: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Return the products of pairs of rows of a sparse matrix."""
    from scipy.sparse import csr_matrix

    matrix = csr_matrix(rows, shape=shape)
    found = np.empty(len(lefts))
    for start in range(0, len(lefts), _CHUNK):
        part = slice(start, start + _CHUNK)
        found[part] = np.asarray(matrix[lefts[part]].multiply(matrix[rights[part]]).sum(axis=1)).ravel()
    return found


def _judge(
    corpus: Corpus, pair: tuple[int, int], words: tuple[TitleWords, TitleWords], text: float | None
) -> Judgement:
    """Return the verdict on one pair."""
    left, right = corpus.entries[pair[0]], corpus.entries[pair[1]]
    title = _title_similarity(left, right, words)
    generic = words[0].is_generic or words[1].is_generic
    says = min(words[0].says, words[1].says)
    score = _blend(title, text, says, generic=generic)
    equal, differs, limit = compare(left, right)
    score = min(score, limit)
    if text is None:
        score *= _doubt(left, right, title)
    formal = words[0].is_formal or words[1].is_formal
    found = Likeness(score, title, text, limit, generic, "edition" in differs, formal)
    score, apart, said = weigh_codes(corpus.known.numbering, left, right, found)
    differs = (*differs, *apart)
    if _is_same_text(title):
        equal = ("title", *equal)
    if text is not None and _is_same_text(text):
        equal = (*equal, "text")
    return Judgement(*pair, round(score, 4), equal, differs, title, text, said)


def _doubt(left: Entry, right: Entry, title: float) -> float:
    """Return the factor for a pair without descriptions: editions and prices that differ weigh more then."""
    ours, theirs = left.title.edition, right.title.edition
    factor = _OTHER_EDITION if ours and theirs and set(ours).isdisjoint(theirs) else 1.0
    if left.price and right.price:
        weight = _OTHER_PRICE if _is_same_text(title) else _OTHER_PRICE_AND_TITLE
        factor *= 1 - weight * min(1.0, abs(math.log(left.price / right.price)))
    return factor


def _is_same_text(share: float) -> bool:
    """Return whether a similarity stands for the same words."""
    return share >= _IDENTICAL


def _blend(title: float, text: float | None, says: float, *, generic: bool) -> float:
    """Return the score of a pair before what tells the sides apart."""
    if text is None:
        return _GENERIC_WITHOUT_TEXT * title if generic else _TITLE_ALONE * title * says
    share = 0.5 * says
    enough = min(1.0, text / _TEXT_ENOUGH)
    # A text alone, under another title, is at best a renamed course; often it is the boilerplate of a series.
    renamed: float = _RENAMED * text * title**0.25
    score = min(share * title + (1 - share) * enough, max(title + 0.2, renamed))
    return min(score, text, _GENERIC if text < _IDENTICAL else 1.0) if generic else score


def _title_similarity(left: Entry, right: Entry, words: tuple[TitleWords, TitleWords]) -> float:
    """Return how alike two titles are: the best of the subjects and of the other titles given."""
    if left.title.words == right.title.words:
        return 1.0
    theirs = set(right.others) & {left.title.core, *left.others}
    if theirs or right.title.core in left.others:
        return 1.0
    return _dice(words[0].weights, words[1].weights)


def _dice(left: dict[str, float], right: dict[str, float]) -> float:
    """Return the weighted share of words that two titles have in common; words off by a typing error nearly count.

    Words that are missing on both sides (steel, timber) contradict each other and count more than an addition.
    """
    shared = sum(min(left[word], right[word]) for word in left.keys() & right.keys())
    only_left = {word: weight for word, weight in left.items() if word not in right}
    only_right = {word: weight for word, weight in right.items() if word not in left}
    # Where long titles share no word, a typing error or two make no twins of them.
    may_twin = shared > 0 or min(len(left), len(right)) <= _FEW_WORDS
    for near, word, other in _misspelled(only_left, only_right) if may_twin else ():
        if word in only_left and other in only_right:
            shared += near * min(only_left.pop(word), only_right.pop(other))
    total = sum(left.values()) + sum(right.values())
    if total <= 0:
        return 0.0
    contradicted = min(sum(only_left.values()), sum(only_right.values()))
    added = abs(sum(only_left.values()) - sum(only_right.values()))
    return max(0.0, min(1.0, (2 * shared - contradicted) / (total - _ADDITION * added)))


def _misspelled(lefts: Iterable[str], rights: Iterable[str]) -> list[tuple[float, str, str]]:
    """Return the words that are most likely the same, misspelled or inflected, the nearest first."""
    found = [
        (closeness(word, other), word, other)
        for word in lefts
        if len(word) >= _TYPO_LETTERS and word.isalpha()
        for other in rights
        if abs(len(other) - len(word)) <= _ENDING and (word[0] == other[0] or word[-1] == other[-1]) and other.isalpha()
        if not _is_opposite(word, other)
    ]
    near = [item for item in found if item[0] >= _TYPO]
    return sorted(near, key=lambda item: (-item[0], *sorted(item[1:])))


def _is_opposite(word: str, other: str) -> bool:
    """Return whether two words differ in nothing but beginnings that turn one into the opposite of the other.

    Examples
    --------
    >>> _is_opposite("hypotension", "hypertension"), _is_opposite("internal", "external"), _is_opposite("tone", "tome")
    (True, True, False)
    """
    return any(
        (word.startswith(one) and other.startswith(two) and word[len(one) :] == other[len(two) :])
        or (word.startswith(two) and other.startswith(one) and word[len(two) :] == other[len(one) :])
        for one, two in OPPOSITES
    )
