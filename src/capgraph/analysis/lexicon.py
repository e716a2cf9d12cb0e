"""The labels of a framework as weighted features, and which of them a text names."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from capgraph.analysis.abbreviations import spelled_out
from capgraph.analysis.features import (
    FORM,
    FeatureSpace,
    LabelHits,
    Reading,
    largest,
    pair_features,
    unit_rows,
    word_features,
)
from capgraph.analysis.labels import Entry, Label
from capgraph.analysis.language import main_language
from capgraph.analysis.stems import split_compound, stem_of, terms, unplaced_terms
from capgraph.analysis.wordlists import GENERIC

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from numpy.typing import NDArray

    from capgraph.analysis.stems import Term

_PAIR_WEIGHT = 0.5
"""What two neighboring words count against the rarity of the pair."""
_FORM_WEIGHT = 0.7
"""What a word as it is written counts against its rarity, beside its stem."""
_NORM_POWER = 1.5
"""The power of a label's norm that divides its matches: 2 measures the covered share alone, 1 favors long labels."""
_DOCUMENT_WEIGHT = 0.5
"""What the likeness of a text to all labels and the description of an entry counts against its best label."""
_SCALE = 2.5
"""The usual score of the best label of a sentence, by which the scores of labels are divided."""
_FOREIGN = 0.8
"""What is left of the score of a label in another language than that of the text."""
_MORE = 4
"""How many times as many labels are looked at as entries are wanted, since entries have several."""
_WEIGHTS = {"preferred": 1.0, "accepted": 1.0, "unqualified": 1.0, "alternative": 0.8, "hidden": 0.75, "acronym": 0.85}
_ACRONYM_WORDS = 3
_ACRONYM_OWNERS = 2
_SURE_ACRONYM = 4
"""So many initials in capitals, of one entry alone, stand for all words of its label."""
_READINGS = 4
"""In how many languages a text is read that does not tell its own."""
_BACKGROUND = 13_000
"""A framework smaller than this is weighed as if it were so large: that its words are few does not make them common."""
_GENERIC_ENTRIES = 400
"""In how many entries of the background a generic word stands at least."""


class Lexicon:
    """Labels as rows of weighted stems, words as they are written, and pairs of neighbors.

    The weight of a feature is the logarithm of how few entries have it in a label.  A label's score in a text is the
    sum of the squared weights that the text has in common with it, divided by the label's norm to the power 1.5: a
    compromise between the share of the label that is covered and how much the covered words say.  Each entry is also
    one document, all its labels and its description, whose cosine with the text tells apart entries with labels that
    fit alike.

    Parameters
    ----------
    entries : sequence of Entry
        What to index.
    language : str
        The language of the preferred labels and descriptions.
    """

    def __init__(self, entries: Sequence[Entry], language: str = "en") -> None:
        self.entries = tuple(entries)
        self.language = main_language(language)
        self.labels: list[str] = []
        self.kinds: list[str] = []
        self._spoken: list[str] = []
        self._owners: list[int] = []
        self._stems: list[tuple[str, ...]] = []
        self._space = FeatureSpace()
        rows: list[list[int]] = []
        documents: list[list[int]] = []
        for place, entry in enumerate(self.entries):
            told: list[int] = []
            rows.extend(self._learned(place, entry, told))
            documents.append(told)
        self._short: dict[str, list[Term]] = {}
        self._add_acronyms(rows)
        self._known = frozenset(one for one in self._space.places if " " not in one and not one.startswith((FORM, "^")))
        self._short |= spelled_out(self.entries, self._known, self.language)
        self.owners = np.array(self._owners, np.int64)
        self.languages = tuple(Counter((self.language, *self._spoken)))
        """The languages of the labels, that of the framework first."""
        said = [
            [*told, *self._space.learned(word_features(unplaced_terms(entry.description, self.language)))]
            for told, entry in zip(documents, self.entries, strict=True)
        ]
        self._index(rows)
        self._index_documents(said)

    def _learned(self, place: int, entry: Entry, told: list[int]) -> list[list[int]]:
        """Return the features of the labels of an entry but those of the same words, and add its words to the told."""
        rows: list[list[int]] = []
        seen: set[tuple[str, frozenset[str]]] = set()
        for label, kind, tag in (Label(entry.label, "preferred", self.language), *entry.others):
            spoken = main_language(tag)
            found = [term for term in unplaced_terms(label, spoken) if not term.stem.startswith("^")]
            stems = tuple([term.stem for term in found])
            key = (spoken, frozenset(stems))
            if stems and key not in seen:
                seen.add(key)
                words = self._space.learned(word_features(found))
                told.extend(words)
                rows.append(words + self._space.learned(pair_features(found)))
                self._keep(place, Label(label, kind, spoken), stems)
        return rows

    def _keep(self, place: int, label: Label, stems: tuple[str, ...]) -> None:
        """Add a label."""
        self.labels.append(label.text)
        self.kinds.append(label.kind)
        self._spoken.append(label.language)
        self._owners.append(place)
        self._stems.append(stems)

    def _add_acronyms(self, rows: list[list[int]]) -> None:
        """Add the initials of long labels as labels of their own, where few entries share them."""
        spelled: dict[str, dict[int, Label]] = defaultdict(dict)
        for label, place, kind, spoken in zip(self.labels, self._owners, self.kinds, self._spoken, strict=True):
            if kind != "preferred":
                continue
            words = re.findall(r"[^\W\d_]+", label)
            initials = "".join([word[0] for word in words if len(word) > _ACRONYM_WORDS]).upper()
            if len(words) == len(initials) >= _ACRONYM_WORDS:
                spelled[initials].setdefault(place, Label(label, "acronym", spoken))
        for initials, named in sorted(spelled.items()):
            name = next(iter(named.values()))
            if len(named) == 1 and len(initials) >= _SURE_ACRONYM and name.text.istitle():
                self._short[initials] = unplaced_terms(name.text, name.language)
                continue
            for place, name in named.items() if len(named) <= _ACRONYM_OWNERS else ():
                self._keep(place, name, (f"^{initials}",))
                rows.append(self._space.learned(iter((f"^{initials}",))))

    def _index(self, rows: Sequence[Sequence[int]]) -> None:
        """Build the matrix of labels."""
        matrix = self._space.presence(rows)
        held = sparse.csr_matrix(
            (np.ones(len(self.owners), np.float32), (self.owners, np.arange(len(self.owners)))),
            shape=(len(self.entries), len(self.owners)),
        )
        counts = np.bincount(sparse.csr_matrix(held @ matrix).indices, minlength=len(self._space))
        places = self._space.known(iter(self._generic()))
        counts[places] = np.maximum(counts[places], _GENERIC_ENTRIES)
        rarest = math.log(1 + max(len(self.entries), _BACKGROUND))
        weights = np.maximum(rarest - np.log(1 + counts), 0.0) + 0.5
        self._unknown = rarest**2
        self._squares = dict(zip(self._space.places, (weights**2).tolist(), strict=True))
        weights[self._space.flags(holding=" ")] *= _PAIR_WEIGHT
        weights[self._space.flags(FORM)] *= _FORM_WEIGHT
        squared = sparse.csr_matrix(matrix @ sparse.diags((weights**2).astype(np.float32)))
        norms = np.sqrt(np.asarray(squared.sum(axis=1)).ravel())
        kinds = np.array([_WEIGHTS[kind] for kind in self.kinds], np.float32)
        scale = kinds / np.maximum(norms, 1e-6) ** _NORM_POWER / _SCALE
        self._by_feature = (sparse.diags(scale) @ squared).T.tocsr().astype(np.float32)
        places_of = {language: place for place, language in enumerate(self.languages)}
        self._label_languages = np.array([places_of[one] for one in self._spoken], np.int64)

    def _generic(self) -> set[str]:
        """Return the stems of generic words, and the words, as features."""
        return {FORM + word for word in GENERIC} | {
            stem_of(word, language) for word in GENERIC for language in self.languages
        }

    def _index_documents(self, rows: Sequence[Sequence[int]]) -> None:
        """Build the matrix of what is said of each entry: its labels and its description."""
        matrix = self._space.counts(rows)
        np.log(matrix.data, out=matrix.data)
        matrix.data += 1
        counts = np.bincount(matrix.indices, minlength=len(self._space))
        self._rarity = (np.log((1 + len(rows)) / (1 + counts)) + 1).astype(np.float32)
        self._rarity[self._space.flags(holding=" ")] = 0.0
        self._said = unit_rows(sparse.csr_matrix(matrix @ sparse.diags(self._rarity)))

    def read(self, text: str, language: str = "") -> Reading:
        """Return a text as features: in its own language and that of the framework, or where it is unknown in several.

        Compounds that no label has are split into words that labels have.

        Parameters
        ----------
        text : str
            Plain text.
        language : str
            Its language; empty where it is unknown.
        """
        spoken = main_language(language)
        if len(self.languages) == 1:
            wanted: tuple[str, ...] = self.languages
        else:
            wanted = (spoken, self.language) if spoken else self.languages[:_READINGS]
        merged: dict[tuple[str, int, int], Term] = {}
        features: set[int] = set()
        for one in dict.fromkeys(wanted):
            found = self._terms(text, one)
            features.update(self._space.known(word_features(found)), self._space.known(pair_features(found)))
            for term in found:
                merged.setdefault((term.stem, term.start, term.end), term)
        in_order = list(merged.values())
        if len(wanted) > 1:
            in_order.sort(key=lambda term: (term.start, term.end))
        return Reading(in_order, sorted(features), spoken if spoken in self.languages else "")

    def _terms(self, text: str, language: str) -> list[Term]:
        """Return the words of a text in one language, compounds split."""
        found: list[Term] = []
        for term in terms(text, language):
            words = self._short.get(text[term.start : term.end], ())
            found.extend([word._replace(start=term.start, end=term.end) for word in words])
            parts = () if term.stem in self._known else split_compound(term.stem, self._known, language)
            found.extend([term._replace(stem=part, form="") for part in parts] or [term])
        return found

    def hits(self, readings: Sequence[Reading], *, most: int) -> LabelHits:
        """Return the entries whose labels fit each text best, at most `most` for each text.

        Parameters
        ----------
        readings : sequence of Reading
            The texts.
        most : int
            How many entries a text may have.
        """
        found = sparse.csr_matrix(self._space.presence([one.features for one in readings]) @ self._by_feature)
        if len(self.languages) > 1:
            self._prefer_own(found, readings)
        labels, scores, counts = largest(found, _MORE * most)
        rows = np.repeat(np.arange(len(readings)), counts)
        order = np.lexsort((labels, -scores, self.owners[labels], rows))
        rows, labels, scores = rows[order], labels[order], scores[order]
        owners = self.owners[labels]
        first = np.ones(len(rows), bool)
        first[1:] = (rows[1:] != rows[:-1]) | (owners[1:] != owners[:-1])
        rows, owners, labels, scores = rows[first], owners[first], labels[first], scores[first]
        order = np.lexsort((owners, -scores, rows))
        rows, owners, labels, scores = rows[order], owners[order], labels[order], scores[order]
        place = np.arange(len(rows)) - np.searchsorted(rows, rows)
        kept = place < most
        return LabelHits(rows[kept], owners[kept], labels[kept], scores[kept])

    def _prefer_own(self, found: sparse.csr_matrix, readings: Sequence[Reading]) -> None:
        """Lower the scores of labels in another language than that of the text."""
        places = {language: place for place, language in enumerate(self.languages)}
        own = np.array([places.get(one.language, -1) for one in readings])
        spoken = np.repeat(own, np.diff(found.indptr))
        found.data[(spoken >= 0) & (self._label_languages[found.indices] != spoken)] *= _FOREIGN

    def nearness(
        self, readings: Sequence[Reading], texts: NDArray[np.int64], entries: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Return how near texts are to what is said of entries, pair by pair: a cosine, times its weight in a score."""
        asked = self._space.presence([one.features for one in readings])
        asked.data *= self._rarity[asked.indices]
        asked = unit_rows(asked)
        shared = np.asarray(asked[texts].multiply(self._said[entries]).sum(axis=1)).ravel()
        return np.asarray(shared * _DOCUMENT_WEIGHT, np.float32)

    def stems(self, label: int) -> tuple[str, ...]:
        """Return the stems of a label."""
        return self._stems[label]

    def share(self, wanted: Iterable[str], held: Container[str]) -> float:
        """Return the share of the wanted stems, by squared weight, that are held; stems of no label weigh most."""
        total = covered = 0.0
        for stem in wanted:
            weight = self._squares.get(stem, self._unknown)
            total += weight
            if stem in held:
                covered += weight
        return covered / total if total else 0.0

    def share_of_text(self, terms: Sequence[Term], wanted: Container[str]) -> float:
        """Return the share of the words of a text, by squared weight, that are among the wanted stems."""
        words: dict[tuple[int, int], tuple[float, bool]] = {}
        for term in terms:
            weight, is_wanted = words.get((term.start, term.end), (self._unknown, False))
            weight = min(weight, self._squares.get(term.stem, self._unknown))
            words[term.start, term.end] = weight, is_wanted or term.stem in wanted
        total = sum([weight for weight, _ in words.values()])
        return sum([weight for weight, is_wanted in words.values() if is_wanted]) / total if total else 0.0
