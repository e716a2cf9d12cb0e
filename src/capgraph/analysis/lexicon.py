"""The labels of a framework as weighted stems, and which of them a text names."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

from capgraph.analysis.stems import split_compound, stem_of, terms

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from capgraph.analysis.stems import Term
    from capgraph.model import Behavior, Capability, Framework

_QUALIFIER = re.compile(r"\s*\([^()]*\)")
_PAIR_WEIGHT = 0.5
"""What two neighboring words count against the rarity of the pair."""
_NORM_POWER = 1.5
"""The power of a label's norm that divides its matches: 2 measures the covered share alone, 1 favors long labels."""
_WEIGHTS = {"preferred": 1.0, "accepted": 1.0, "unqualified": 1.0, "alternative": 0.8, "hidden": 0.75, "acronym": 0.85}
_ACRONYM_WORDS = 3
_ACRONYM_OWNERS = 2


_BACKGROUND = 13_000
"""A framework smaller than this is weighed as if it were so large: that its words are few does not make them common."""
_GENERIC_ENTRIES = 400
"""In how many entries of the background a generic word stands at least."""
_GENERIC = """
    manage use develop provide perform apply create maintain ensure design plan implement support identify analyse
    assess evaluate understand work make take handle conduct coordinate monitor promote establish prepare lead
    skill knowledge ability experience competence understanding practice method principle technique process system
    verwalten entwickeln nutzen verwenden durchführen erstellen anwenden planen umsetzen sicherstellen leiten
    kenntnisse wissen fähigkeit erfahrung kompetenz grundlagen methoden verfahren
    gérer développer utiliser réaliser mettre œuvre assurer appliquer créer effectuer compétence connaissance méthodes
    gestionar desarrollar utilizar realizar aplicar crear asegurar mantener conocimiento habilidad competencia métodos
"""
"""Words that stand in many capabilities of any framework and name none of them."""


class Entry(NamedTuple):
    """One thing that texts are matched with."""

    id: str
    """Its id."""
    label: str
    """Its preferred label."""
    others: tuple[tuple[str, str], ...]
    """Other labels, each with what kind of label it is."""
    description: str
    """Its description."""
    broader: tuple[str, ...]
    """What it is a part or a kind of."""
    source: Capability | Behavior
    """The entry itself."""


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
    """How well the label fits, 0 or more."""


def entries_of(framework: Framework, *, of: str = "capabilities", taught: Mapping[str, Sequence[str]]) -> list[Entry]:
    """Return what texts are matched with: capabilities or behaviors in use, in the order of their ids.

    Domains are left out where the framework holds anything else, since they only group.  `taught` are further labels
    by id: those that people have accepted.
    """
    if of == "behaviors":
        return [_behavior_entry(one) for one in framework.behaviors if one.status != "deprecated"]
    kept = [one for one in framework.capabilities if one.status != "deprecated"]
    narrow = [one for one in kept if one.kind != "domain"]
    return [_capability_entry(one, framework.language, taught.get(one.id, ())) for one in narrow or kept]


def _behavior_entry(behavior: Behavior) -> Entry:
    """Return the entry of a behavior; its statement is its label."""
    others = tuple((text.label, "preferred") for text in behavior.translations if text.label)
    return Entry(behavior.id, behavior.statement, others, "", (behavior.capability,), behavior)


def _capability_entry(capability: Capability, language: str, accepted: Sequence[str]) -> Entry:
    """Return the entry of a capability with all its labels, the more telling kinds first."""
    others = [(label, "accepted") for label in accepted]
    unqualified = _QUALIFIER.sub("", capability.label).strip()
    if unqualified and unqualified != capability.label:
        others.append((unqualified, "unqualified"))
    for text in capability.translations:
        others += [(text.label, "preferred")] if text.label and text.language != language else []
        others += [(label, "alternative") for label in text.alternative_labels]
    others += [(label, "alternative") for label in capability.alternative_labels]
    others += [(label, "hidden") for label in capability.hidden_labels]
    return Entry(capability.id, capability.label, tuple(others), capability.description, capability.broader, capability)


class Lexicon:
    """Labels as rows of weighted stems and pairs of neighbors.

    The weight of a stem is the logarithm of how few entries have it in a label.  A label's score in a text is the sum
    of the squared weights that the text has in common with it, divided by the label's norm to the power 1.5: a
    compromise between the share of the label that is covered and how much the covered words say.

    Parameters
    ----------
    entries : sequence of Entry
        What to index.
    language : str
        The language of the labels.
    """

    def __init__(self, entries: Sequence[Entry], language: str = "en") -> None:
        self.entries = tuple(entries)
        self.language = language
        self.labels: list[str] = []
        self.kinds: list[str] = []
        self._owners: list[int] = []
        self._stems: list[tuple[str, ...]] = []
        self._seen: set[tuple[int, frozenset[str]]] = set()
        for place, entry in enumerate(self.entries):
            for label, kind in ((entry.label, "preferred"), *entry.others):
                self._add(place, label, kind)
        self._add_acronyms()
        self.owners = np.array(self._owners, np.int64)
        self._vocabulary: dict[str, int] = {}
        self._index()

    def _add(self, place: int, label: str, kind: str) -> None:
        """Add a label unless the entry has one with the same stems."""
        stems = tuple(term.stem for term in terms(label, self.language) if not term.stem.startswith("^"))
        key = (place, frozenset(stems))
        if stems and key not in self._seen:
            self._seen.add(key)
            self._keep(place, label, kind, stems)

    def _keep(self, place: int, label: str, kind: str, stems: tuple[str, ...]) -> None:
        """Add a row."""
        self.labels.append(label)
        self.kinds.append(kind)
        self._owners.append(place)
        self._stems.append(stems)

    def _add_acronyms(self) -> None:
        """Add the initials of long labels as labels of their own, where few entries share them."""
        spelled: dict[str, dict[int, str]] = defaultdict(dict)
        for label, place, kind in zip(self.labels, self._owners, self.kinds, strict=True):
            words = re.findall(r"[^\W\d_]+", label)
            initials = "".join(word[0] for word in words if len(word) > _ACRONYM_WORDS).upper()
            if kind == "preferred" and len(words) == len(initials) >= _ACRONYM_WORDS:
                spelled[initials].setdefault(place, label)
        for initials, places in sorted(spelled.items()):
            for place, label in places.items() if len(places) <= _ACRONYM_OWNERS else ():
                self._keep(place, label, "acronym", (f"^{initials}",))

    def _index(self) -> None:
        """Build the matrix of labels."""
        features = [_features(stems) for stems in self._stems]
        for found in features:
            for feature in found:
                self._vocabulary.setdefault(feature, len(self._vocabulary))
        self._known = frozenset(feature for feature in self._vocabulary if " " not in feature)
        matrix = self._matrix(features)
        held = sparse.csr_matrix(
            (np.ones(len(self.owners), np.float32), (self.owners, np.arange(len(self.owners)))),
            shape=(len(self.entries), len(self.owners)),
        )
        counts = np.bincount(sparse.csr_matrix(held @ matrix).indices, minlength=len(self._vocabulary))
        generic = {stem_of(word, self.language.partition("-")[0].lower()) for word in _GENERIC.split()}
        places = [place for stem, place in self._vocabulary.items() if stem in generic]
        counts[places] = np.maximum(counts[places], _GENERIC_ENTRIES)
        self._rarest = math.log(1 + max(len(self.entries), _BACKGROUND))
        weights = np.maximum(self._rarest - np.log(1 + counts), 0.0) + 0.5
        self._unknown = self._rarest**2
        self._squares = dict(zip(self._vocabulary, (weights**2).tolist(), strict=True))
        is_pair = np.fromiter((" " in feature for feature in self._vocabulary), bool, len(self._vocabulary))
        self._weights: NDArray[np.float32] = np.where(is_pair, weights * _PAIR_WEIGHT, weights).astype(np.float32)
        squared = sparse.csr_matrix(matrix @ sparse.diags(self._weights**2))
        self.norms: NDArray[np.float32] = np.sqrt(np.asarray(squared.sum(axis=1)).ravel()).astype(np.float32)
        kinds = np.array([_WEIGHTS[kind] for kind in self.kinds], np.float32)
        scale = kinds / np.maximum(self.norms, 1e-6) ** _NORM_POWER
        self._by_feature = (sparse.diags(scale) @ squared).T.tocsr().astype(np.float32)

    def _matrix(self, features: Sequence[Iterable[str]]) -> sparse.csr_matrix:
        """Return texts × known features, 1 where a text has a feature."""
        starts, columns = [0], []
        for found in features:
            columns.extend(sorted({self._vocabulary[one] for one in found if one in self._vocabulary}))
            starts.append(len(columns))
        ones = np.ones(len(columns), np.float32)
        shape = (len(features), len(self._vocabulary))
        return sparse.csr_matrix((ones, np.array(columns, np.int32), np.array(starts, np.int64)), shape=shape)

    def terms(self, text: str) -> list[Term]:
        """Return the words of a text as stems; compounds that no label has are split into words that labels have."""
        found: list[Term] = []
        for term in terms(text, self.language):
            parts = () if term.stem in self._known else split_compound(term.stem, self._known, self.language)
            found.extend(term._replace(stem=part) for part in parts or (term.stem,))
        return found

    def hits(self, texts: Sequence[Sequence[str]], *, most: int) -> LabelHits:
        """Return the entries whose labels fit each text best, at most `most` for each text.

        Parameters
        ----------
        texts : sequence of sequences of str
            The stems of each text, in their order.
        most : int
            How many entries a text may have.
        """
        found = (self._matrix([_features(stems) for stems in texts]) @ self._by_feature).tocsr()
        labels, scores, counts = _largest(found, 4 * most)
        rows = np.repeat(np.arange(len(texts)), counts)
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


def _features(stems: Sequence[str]) -> set[str]:
    """Return the stems and the pairs of neighbors, whichever comes first."""
    plain = [stem for stem in stems if not stem.startswith("^")]
    return {*stems, *(" ".join(sorted(pair)) for pair in pairwise(plain))}


def _largest(matrix: sparse.csr_matrix, most: int) -> tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.int64]]:
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
