"""Suggested crosswalks: which entries of one framework may stand for entries of another."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, get_args

from capgraph.analysis.compared import spelling
from capgraph.analysis.decided import Decided, decision_documents, successors
from capgraph.analysis.mapping_suggestions import CrosswalkReport, MappingSuggestion
from capgraph.analysis.stems import terms
from capgraph.analysis.suggestions import checked_choice, checked_limits
from capgraph.analysis.typed import typed
from capgraph.model import Capability, RoleProfile
from capgraph.model.crosswalk import Predicate
from capgraph.report import Fact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from capgraph.analysis.embedding import Embedding
    from capgraph.analysis.profiles import Profile
    from capgraph.model import Decisions, Framework

MappedKind = Literal["capabilities", "roles"]
_NEAR = 0.8
"""An object is proposed beside the best one when its likeness reaches this share of the best one's."""
_LOOKED_AT = 10
"""How many times as many objects of a subject are looked at as are wanted, since people may have rejected some."""
_HUBS = 10
"""How many of its nearest subjects say how near an object is to many."""
_HUB_SUBJECTS = 50
"""From how many subjects on that can be told."""
_HUB_WEIGHT = 0.3
"""What nearness to many takes from the likeness of an object."""
_SLOPE, _MIDDLE = 6.5, 0.6
"""The logistic curve from likeness to confidence, fitted to an official crosswalk of occupations."""
_ROUNDING = 1e-6
_PREDICATES: dict[str, Predicate] = {one: one for one in get_args(Predicate)}


@typed
def suggest_crosswalk(
    subjects: Framework,
    objects: Framework,
    *,
    of: MappedKind | None = None,
    embed: Embedding | str | None = None,
    decisions: Decisions | Iterable[Decisions] | None = None,
    min_confidence: float = 0.3,
    limit: int = 5,
) -> CrosswalkReport:
    """Return mappings from the entries of one framework to those of another.

    The likeness of two entries is the weighted mean of the cosines of their names (words and spelling; the mean over
    the other labels, not the best of them), of their definitions with the names of broader and required entries, and
    with `embed` of their meaning; there, from 50 subjects on, an object that is near to many counts a little less.  A
    mapping is *exact* where both have a label with the same words and each is the best for the other, *broad* or
    *narrow* where the words of one label are all among those of the other, else *close*.
    One subject may have several objects: those nearly as alike as the best one.

    Parameters
    ----------
    subjects, objects : Framework
        What to map, and what to map it to.
    of : str or None
        ``capabilities`` or ``roles``; None for roles where one of the two has no capabilities, else capabilities.
    embed : str, callable or None
        As in `suggest_alignments`.
    decisions : Decisions, iterable of Decisions, or None
        Rejected mappings are never proposed again, accepted ones are always there.
    min_confidence : float
        The least confidence of a row, 0 to 1; 0 lists the nearest objects of each subject, however far behind the best.
    limit : int
        The most objects of one subject, >= 1.

    Returns
    -------
    CrosswalkReport
        By subject, falling score, and object; `to_crosswalk` makes a document of it.

    Raises
    ------
    ValueError
        When `min_confidence` is not between 0 and 1, `limit` is below 1, `of` is neither, or `embed` returns no matrix.
    MissingDependencyError
        When wordllama is asked for and not installed.

    Notes
    -----
    Entries of the first framework × entries of the second, in blocks.

    Examples
    --------
    >>> import capgraph as cg
    >>> ours = cg.Framework(id="fw:a", capabilities=[cg.Capability(id="cap:x", label="Data modelling")])
    >>> theirs = cg.Framework(id="fw:b", capabilities=[
    ...     cg.Capability(id="cap:y", label="modelling data"), cg.Capability(id="cap:z", label="gardening")])
    >>> [(row.subject, row.predicate, row.object) for row in cg.suggest_crosswalk(ours, theirs)]
    [('cap:x', 'exact', 'cap:y')]
    """
    from capgraph.analysis.embedding import embedding
    from capgraph.analysis.profiles import likeness

    checked_limits(min_confidence, limit)
    kind = of or ("capabilities" if subjects.capabilities and objects.capabilities else "roles")
    checked_choice("of", kind, get_args(MappedKind))
    left, right = _profiles(subjects, kind), _profiles(objects, kind)
    languages = (subjects.language, objects.language)
    model = embedding(embed)
    documents = decision_documents(decisions)
    decided = Decided(
        documents,
        kind="mapping",
        spelled=spelling(objects) if documents else None,
        subject_spelled=spelling(subjects) if documents else None,
        successors=successors(objects),
        subject_successors=successors(subjects),
    )
    task = _Mapping(left, right, languages, decided)
    if left and right:
        for block in likeness(left, right, languages=languages, embed=model):
            task.learn(block, limit)
        if model is not None:
            task.discount_hubs()
    found = [row for place in range(len(left)) for row in task.rows(place, least=min_confidence, limit=limit)]
    mapped = {row.subject for row in found}
    abstained = tuple(sorted(one.id for one in left if one.id not in mapped))
    return CrosswalkReport(
        records=tuple(sorted(found, key=lambda row: (row.subject, -row.score, row.object))),
        subject_source=subjects.id,
        object_source=objects.id,
        abstained=abstained,
        rejected=task.rejected,
    )


def _profiles(framework: Framework, kind: str) -> list[Profile]:
    """Return what is compared of the entries in use."""
    from capgraph.analysis.profiles import Profile

    entries: tuple[Capability | RoleProfile, ...] = framework.roles if kind == "roles" else framework.capabilities
    narrow = tuple(one for one in entries if one.kind not in {"domain", "family"})
    labels = {one.id: one.label for one in framework.capabilities} | {one.id: one.label for one in framework.roles}
    found = []
    for one in narrow or entries:
        if one.status == "deprecated":
            continue
        needed = [need.capability for need in one.requirements] if isinstance(one, RoleProfile) else []
        around = " ".join(labels[id_] for id_ in (*one.broader, *needed) if id_ in labels)
        found.append(Profile(one.id, one.label, one.alternative_labels, one.description, around))
    return found


class _Mapping:
    """The entries of both sides, and what people have decided about them."""

    def __init__(self, left: list[Profile], right: list[Profile], languages: tuple[str, str], decided: Decided) -> None:
        import numpy as np

        self.left = left
        self.right = right
        self.languages = languages
        self.decided = decided
        self.accepted = decided.accepted()
        self.places = {one.id: place for place, one in enumerate(right)}
        self.rejected = 0
        self._near: list[dict[int, float]] = []
        self._nearest: NDArray[np.float32] = np.zeros((0, len(right)), np.float32)

    def learn(self, block: NDArray[np.float32], limit: int) -> None:
        """Keep what is needed of the likeness of some subjects to all objects: the nearest and the accepted ones."""
        import numpy as np

        both = np.concatenate([self._nearest, block])
        self._nearest = np.sort(np.partition(both, -min(_HUBS, len(both)), axis=0)[-_HUBS:], axis=0)
        for values in block:
            order = np.lexsort((np.arange(len(values)), -values))[: _LOOKED_AT * limit].tolist()
            accepted = sorted(self._accepted_of(len(self._near)) - {*order})
            self._near.append({one: float(values[one]) for one in [*order, *accepted]})

    def discount_hubs(self) -> None:
        """Take from each object what it gains by being near to many subjects, against the mean of all objects."""
        if len(self._near) < _HUB_SUBJECTS:
            return
        hubs = self._nearest.mean(axis=0)
        less = _HUB_WEIGHT * (hubs - hubs.mean())
        self._nearest -= less
        for place, near in enumerate(self._near):
            counted = ((one, value - float(less[one])) for one, value in near.items())
            self._near[place] = dict(sorted(counted, key=lambda item: (-item[1], item[0])))

    def _accepted_of(self, place: int) -> set[int]:
        """Return the objects that people have accepted for a subject."""
        return {self.places[id_] for id_ in self.accepted.get(self.left[place].id, {}) if id_ in self.places}

    def rows(self, place: int, *, least: float, limit: int) -> Iterator[MappingSuggestion]:
        """Yield the suggestions for one subject."""
        subject = self.left[place]
        values = self._near[place] if self._near else {}
        accepted = self._accepted_of(place)
        allowed = [one for one in values if not self._is_rejected(subject, one)]
        top = max((values[one] for one in allowed), default=0.0)
        floor = max(_NEAR * top, _likeness(least)) if least > 0 else 0.0
        near = [one for one in allowed if values[one] >= floor and one not in accepted]
        self.rejected += sum(value >= floor for one, value in values.items() if one not in allowed)
        for one in [*near[:limit], *sorted(accepted)]:
            is_mutual = bool(self._nearest[-1, one] <= values[one] + _ROUNDING and values[one] >= top)
            yield self._row(subject, one, values[one], is_mutual=is_mutual, is_accepted=one in accepted)

    def _is_rejected(self, subject: Profile, place: int) -> bool:
        """Return whether people do not want the mapping."""
        return self.decided.is_rejected(subject.id, self.right[place].id)

    def _row(
        self, subject: Profile, place: int, score: float, *, is_mutual: bool, is_accepted: bool
    ) -> MappingSuggestion:
        """Return the suggestion of one object."""
        score = min(max(score, 0.0), 1.0)
        found = self.right[place]
        predicate, span, label = self._related(subject, found, is_mutual=is_mutual)
        decision = self.accepted[subject.id][found.id][-1] if is_accepted else None
        text = f"{span!r} and {label!r}: likeness {score:.2f}{', each the best of the other' if is_mutual else ''}"
        because = [Fact("rule", text, (subject.id, found.id))]
        if decision is not None:
            text = f"accepted by {decision.by} on {decision.at:%Y-%m-%d}"
            because.append(Fact("record", text, (decision.subject, decision.object), decision))
        return MappingSuggestion(
            subject=subject.id,
            predicate=_PREDICATES.get(decision.relation, predicate) if decision else predicate,
            object=found.id,
            subject_label=subject.label,
            object_label=found.label,
            score=round(score, 4),
            confidence=1.0 if is_accepted else round(_confidence(score), 4),
            label=label,
            span=span,
            state="accepted" if is_accepted else "proposed",
            reviewer=decision.by if decision else "",
            reviewed=decision.at.date() if decision else None,
            because=tuple(because),
        )

    def _related(self, subject: Profile, found: Profile, *, is_mutual: bool) -> tuple[Predicate, str, str]:
        """Return the predicate, and the labels of both sides that it rests on."""
        ours = {self._words(name, 0): name for name in (*reversed(subject.others), subject.label)}
        theirs = {self._words(name, 1): name for name in (*reversed(found.others), found.label)}
        own, other = self._words(subject.label, 0), self._words(found.label, 1)
        shared = [words for words in ours if words and words in theirs and (words in {own, other})]
        if shared and is_mutual:
            words = own if own in shared else shared[0]
            return "exact", ours[words], theirs[words]
        if own and other and other < own:
            return "broad", subject.label, found.label
        if own and other and own < other:
            return "narrow", subject.label, found.label
        return "close", subject.label, found.label

    def _words(self, name: str, side: int) -> frozenset[str]:
        """Return the stems of a name."""
        return frozenset(term.stem for term in terms(name, self.languages[side]) if not term.stem.startswith("^"))


def _likeness(confidence: float) -> float:
    """Return the likeness of two entries that a person would map with a probability."""
    if confidence <= 0:
        return 0.0
    return _MIDDLE + math.log(confidence / (1 - confidence)) / _SLOPE if confidence < 1 else math.inf


def _confidence(score: float) -> float:
    """Return the probability that a person would map two entries that are so much alike."""
    return 1 / (1 + math.exp(-_SLOPE * (score - _MIDDLE)))
