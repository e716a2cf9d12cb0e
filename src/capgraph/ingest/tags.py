"""Skill tags as proposed alignments: exact label, alternative label, then likeness; people's verdicts are kept."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from capgraph.ingest.levels import Levels
from capgraph.ingest.told import Told
from capgraph.text import normalize, similarity, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from capgraph.ingest.drafts import Draft
    from capgraph.model import Decision, Framework

_ALTERNATIVE = 0.95
_COMMON = 200
_MEMORY = 100_000
"""How many tags are remembered at most."""


class Match(NamedTuple):
    """A capability that a tag seems to stand for."""

    capability: str
    """Its id."""
    confidence: float
    """How sure the match is, from 0 to 1."""
    method: str
    """``tag: same label``, ``tag: other label`` or ``tag: similar label``."""


class Tagger:
    """Finds the capabilities that tags stand for.

    Parameters
    ----------
    framework : Framework or None
        The capabilities; None proposes nothing.
    decisions : sequence of Decision
        What people have decided about earlier proposals; the latest verdict about each relation of a pair counts.
    cutoff : float
        How alike a tag and a label must be, from 0 to 1.
    """

    def __init__(self, framework: Framework | None, decisions: Sequence[Decision], cutoff: float) -> None:
        self._cutoff = cutoff
        self._levels = Levels(framework, "", None)
        self._labels: dict[str, Match] = {}
        self._words: dict[str, list[str]] = defaultdict(list)
        self._cache: dict[str, Match | None] = {}
        for item in framework.capabilities if framework is not None else ():
            self._add(item.label, Match(item.id, 1.0, "tag: same label"))
        for item in framework.capabilities if framework is not None else ():
            for label in (*item.alternative_labels, *item.hidden_labels):
                self._add(label, Match(item.id, _ALTERNATIVE, "tag: other label"))
        self._verdicts = _verdicts(decisions)
        known = repr((cutoff, self._labels, framework.scales if framework is not None else ()))
        self._labelled = hashlib.blake2b(known.encode(), digest_size=12).hexdigest()

    def fingerprint(self, asset: str) -> str:
        """Return a digest of the labels, and of what people have decided about an asset."""
        verdicts = self._verdicts.get(asset)
        return f"{self._labelled}{verdicts!r}" if verdicts else self._labelled

    def concerns(self, asset: str, tags: Iterable[str]) -> bool:
        """Return whether an asset with some tags gets alignments: by its tags, or by what people have decided."""
        return asset in self._verdicts or (bool(self._labels) and any(map(self.match, tags)))

    def _add(self, label: str, match: Match) -> None:
        """Let a label stand for a capability, unless it stands for another one already."""
        normal = normalize(label)
        if normal not in self._labels:
            self._labels[normal] = match
            for word in set(tokens(label)):
                self._words[word].append(normal)

    def match(self, tag: str) -> Match | None:
        """Return the capability that a tag stands for, or None."""
        normal = normalize(tag)
        if normal not in self._cache:
            if len(self._cache) >= _MEMORY:
                self._cache.clear()
            self._cache[normal] = self._labels.get(normal) or self._similar(normal)
        return self._cache[normal]

    def _similar(self, tag: str) -> Match | None:
        """Return the capability with the label most like a tag, above the cutoff."""
        words = sorted(set(tokens(tag)), key=lambda word: len(self._words.get(word, ())))
        near = {label for word in words for label in self._words.get(word, ())[:_COMMON]}
        scored = ((similarity(tag, label), label) for label in near)
        score, label = max(scored, default=(0.0, ""), key=lambda item: (item[0], item[1]))
        if score < self._cutoff:
            return None
        return Match(self._labels[label].capability, round(score, 4), "tag: similar label")

    def tag(self, draft: Draft) -> Iterator[Told]:
        """Add the alignments of a draft: proposals for its tags, and what people have decided about the asset."""
        id_ = draft.data["id"]
        found: dict[str, dict[str, object]] = {}
        for tag in draft.skills if self._labels else ():
            match = self.match(tag)
            if match is not None and match.capability not in found:
                found[match.capability] = {
                    "target": match.capability, "relation": "teaches", "state": "proposed", "label": tag,
                    "confidence": match.confidence, "method": match.method, **self._step(draft.level, match.capability),
                }  # fmt: skip
        verdicts = self._verdicts.get(id_, {})
        stated = [
            alignment
            for capability in (*found, *(one for one in verdicts if one not in found))
            for alignment in _settled(capability, found.get(capability), verdicts.get(capability, {}))
        ]
        if stated:
            draft.data["alignments"] = tuple(stated)
        for alignment in stated:
            if alignment.get("state") == "proposed":
                told = (draft.source, draft.locator, "proposed", id_, "alignments")
                named = (alignment["label"], alignment["target"], str(alignment["method"]))
                yield Told(*told, *named, "accept or reject it; the verdict survives every import")

    def _step(self, level: str, capability: str) -> dict[str, int]:
        """Return the levels that a proposal leads from and to, where the scale has a level of the name stated."""
        step = self._levels.step(level, capability)
        stated = zip(("level_from", "level_to"), step or (), strict=False)
        return {name: rank for name, rank in stated if rank is not None}


def _settled(
    capability: str, proposal: dict[str, object] | None, verdicts: dict[str, Decision]
) -> Iterator[dict[str, object]]:
    """Yield what is stated about a capability: what people have decided, each relation by itself, else the proposal."""
    if not verdicts and proposal is not None:
        yield proposal
    for verdict in verdicts.values():
        base = proposal or {"target": capability, "relation": "teaches", "label": verdict.label}
        stated = _decided(verdict)
        if "level_from" in stated or "level_to" in stated:
            base = {name: value for name, value in base.items() if name not in {"level_from", "level_to"}}
        yield base | stated


def _decided(verdict: Decision) -> dict[str, object]:
    """Return what a verdict says about an alignment."""
    stated: dict[str, object] = {"state": "accepted" if _says_same(verdict) else "rejected"}
    for name in ("level_from", "level_to", "relation"):
        value = getattr(verdict, name)
        if value not in (None, ""):
            stated[name] = value
    return stated


def _says_same(verdict: Decision) -> bool:
    """Return whether a verdict accepts what was proposed."""
    return verdict.verdict in {"accepted", "same"}


def _verdicts(decisions: Sequence[Decision]) -> dict[str, dict[str, dict[str, Decision]]]:
    """Return the verdicts that count, by asset, capability and relation: the newest, of one moment the rejection."""
    found: dict[str, dict[str, dict[str, Decision]]] = {}
    for decision in sorted(decisions, key=lambda one: (one.at, not _says_same(one))):
        if decision.kind == "alignment":
            targets = found.setdefault(decision.subject, {})
            targets.setdefault(decision.object, {})[decision.relation or "teaches"] = decision
    return found
