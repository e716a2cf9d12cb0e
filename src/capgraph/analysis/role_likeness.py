"""How alike roles are: a symmetric similarity in which what is rare counts more, from what they ask for and say."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

from capgraph.analysis.arguments import is_weight, require_mapping
from capgraph.analysis.counterparts import counterparts
from capgraph.analysis.remembered import remembered
from capgraph.analysis.role_index import RoleIndex, role_index
from capgraph.analysis.stems import stem_of
from capgraph.errors import ArgumentError
from capgraph.model import Capability, FrozenMapping, RoleProfile
from capgraph.text import tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping

    from capgraph.graph import CapabilityGraph
    from capgraph.model import Node

Features: TypeAlias = "list[dict[Hashable, float]]"
"""For each role, its features and what they weigh."""
BLEND: FrozenMapping[str, float] = FrozenMapping(
    {"requirements": 0.125, "values": 0.75, "titles": 1.0, "descriptions": 0.25, "wording": 1.0}
)
"""What each source of likeness weighs; a source that a graph does not have counts nothing.

It was chosen on half of the occupations of two public frameworks, for both together (``bench/role_likeness.py``).
``requirements``: what is asked for; ``values``: how much of what is rated by value; the words of ``titles``, of
``descriptions``, and ``wording``: those of what is asked for.
"""

_ABOVE = 0.5


@dataclass(frozen=True)
class Likeness:
    """Role vectors of unit length, source by source."""

    index: RoleIndex
    """The roles."""
    vectors: FrozenMapping[str, Any]
    """A matrix with a row for each role, by source."""

    def to_all(self, role: str, blend: FrozenMapping[str, float]) -> Any:  # noqa: ANN401 - a numpy array
        """Return the similarity of one role to every role, 0 to 1: the weighted mean of the cosines.

        A source without anything to say about a pair (no common feature) counts as 0.
        """
        import numpy as np

        row = self.index.rows[role]
        total = np.zeros(len(self.index.roles))
        weight = 0.0
        for source, matrix in self.vectors.items():
            share = blend.get(source, 0.0)
            if share > 0:
                own = matrix[row] if isinstance(matrix, np.ndarray) else matrix[[row]].toarray().ravel()
                total += share * (matrix @ own)
                weight += share
        return np.clip(total / weight, 0, 1) if weight else total


def checked(blend: Mapping[str, float] | None) -> FrozenMapping[str, float]:
    """Return a blend of sources, or the one that counts where none is stated.

    Raises
    ------
    ArgumentError
        When a source is unknown, or a weight is negative.
    """
    if blend is None:
        return BLEND
    require_mapping("blend", blend, "what sources weigh, such as {'requirements': 1}")
    unknown = sorted(blend.keys() - BLEND.keys(), key=str)
    negative = sorted(source for source, weight in blend.items() if not is_weight(weight))
    if unknown or negative:
        message = (
            f"{(unknown or negative)[0]!r} is no source, or weighs less than 0; give weights of {', '.join(BLEND)}"
        )
        raise ArgumentError(message)
    return FrozenMapping(blend)


def likeness(graph: CapabilityGraph) -> Likeness:
    """Return the vectors of a graph's roles, built on first use; linear in their requirements and words."""
    return remembered(graph, "likeness", lambda: _built(graph))


def _built(graph: CapabilityGraph) -> Likeness:
    """Return new vectors."""
    index = role_index(graph)
    sources: dict[str, Callable[[CapabilityGraph, RoleIndex], Any]] = {
        "requirements": _of_requirements,
        "values": _of_values,
        "titles": _of_titles,
        "descriptions": _of_descriptions,
        "wording": _of_wording,
    }
    built = ((name, source(graph, index)) for name, source in sources.items())
    return Likeness(index, FrozenMapping({name: matrix for name, matrix in built if matrix is not None}))


def _of_requirements(graph: CapabilityGraph, index: RoleIndex) -> Any:  # noqa: ANN401 - a scipy matrix
    """Return what roles ask for without a value, and at half weight what that is a part of; rare things weigh more.

    Capabilities of several frameworks that are mapped exactly to one another are one thing.
    """
    above: dict[str, tuple[str, ...]] = {}
    same = {capability: _same(graph, capability) for capability in index.columns}
    rows: Features = []
    for asks in index.asks:
        row: defaultdict[Hashable, float] = defaultdict(float)
        for one in asks:
            if one.value is None:
                row[same[one.capability]] += one.weight * (1 + one.steps)
                if one.capability not in above:
                    above[one.capability] = graph.broader(one.capability, depth=2)
                for whole in above[one.capability]:
                    row["part of", same.setdefault(whole, _same(graph, whole))] += _ABOVE * one.weight
        rows.append(row)
    return _weighted(rows)


def _same(graph: CapabilityGraph, capability: str) -> str:
    """Return the first id among a capability and what is exactly the same in other frameworks."""
    return min([capability, *(item.id for item in counterparts(graph, capability) if item.relation == "exact")])


def _of_titles(graph: CapabilityGraph, index: RoleIndex) -> Any:  # noqa: ANN401 - a scipy matrix
    """Return the words of titles, the first of which count twice."""
    return _weighted(
        [_scaled(_words([role.label, *_named(role)], _language(graph, role))) for role in _profiles(graph, index)]
    )


def _of_descriptions(graph: CapabilityGraph, index: RoleIndex) -> Any:  # noqa: ANN401 - a scipy matrix
    """Return the words of descriptions."""
    return _weighted([_scaled(_words([role.description], _language(graph, role))) for role in _profiles(graph, index)])


def _of_wording(graph: CapabilityGraph, index: RoleIndex) -> Any:  # noqa: ANN401 - a scipy matrix
    """Return the words of the labels of what is asked for without a value."""
    labels = {capability: _label_words(graph, capability) for capability in index.columns}
    rows: Features = []
    for asks in index.asks:
        words: Counter[Hashable] = Counter()
        for one in asks:
            if one.value is None:
                words.update(labels[one.capability])
        rows.append(_scaled(words))
    return _weighted(rows)


def _profiles(graph: CapabilityGraph, index: RoleIndex) -> Iterable[RoleProfile]:
    """Yield the roles of an index."""
    return (role for id_ in index.roles if isinstance(role := graph[id_], RoleProfile))


def _named(role: RoleProfile) -> tuple[str, ...]:
    """Return the title of a role and its other titles."""
    return (role.label, *role.alternative_labels)


def _label_words(graph: CapabilityGraph, capability: str) -> Counter[Hashable]:
    """Return the words of the label of a capability."""
    node = graph[capability]
    return _words([node.label] if isinstance(node, Capability) else [], _language(graph, node))


def _language(graph: CapabilityGraph, node: Node) -> str:
    """Return the language in which the document of an entry is written, without its region."""
    return graph.home(node.id).language.split("-")[0].casefold()


def _scaled(words: Counter[Hashable]) -> dict[Hashable, float]:
    """Return what words weigh that come so often."""
    return {word: 1 + math.log(count) for word, count in words.items()}


def _of_values(_: CapabilityGraph, index: RoleIndex) -> Any:  # noqa: ANN401 - a numpy array
    """Return importance times value of what is rated by value."""
    import numpy as np

    if not index.values:
        return None
    matrix = np.zeros((len(index.roles), len(index.values)))
    for column, stated in enumerate(index.values):
        matrix[stated.rows, column] = stated.values * stated.weights
    length = np.linalg.norm(matrix, axis=1, keepdims=True)
    return matrix / np.where(length > 0, length, 1)


def _weighted(rows: Features) -> Any:  # noqa: ANN401 - a scipy matrix
    """Return the features times their rarity, each row of unit length; None where there are none."""
    import numpy as np
    from scipy.sparse import csr_array, diags_array

    spread = Counter(feature for row in rows for feature in row)
    columns = {feature: column for column, feature in enumerate(spread)}
    if not columns:
        return None
    rarity = np.log(1 + len(rows) / np.array(list(spread.values())))
    lengths = [len(row) for row in rows]
    found = csr_array(
        (
            np.fromiter((value for row in rows for value in row.values()), dtype=np.float32),
            np.fromiter((columns[feature] for row in rows for feature in row), dtype=np.int64),
            np.concatenate([[0], np.cumsum(lengths)]),
        ),
        shape=(len(rows), len(columns)),
    )
    found = found @ diags_array(rarity.astype(np.float32))
    norm = np.sqrt(np.asarray(found.multiply(found).sum(axis=1)).ravel())
    return (diags_array((1 / np.where(norm > 0, norm, 1)).astype(np.float32)) @ found).tocsr()


def _words(texts: Iterable[str], language: str) -> Counter[Hashable]:
    """Return the stems of the words of texts, and pairs of neighbors, with how often they come.

    Small words stay, since they tell pairs apart.
    """
    found: Counter[Hashable] = Counter()
    for text in texts:
        words = [stem_of(word, language) or word for word in tokens(text)]
        found.update(words)
        found.update(f"{left} {right}" for left, right in pairwise(words))
    return found
