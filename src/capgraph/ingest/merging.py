"""Merging: assets that people have called the same become one, which keeps the ids of both."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from capgraph.ingest.told import Told
from capgraph.model.base import OtherId

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from capgraph.ingest.drafts import Draft
    from capgraph.model import Decision, LearningAsset

_KINDS = frozenset({"merge", "rename"})
SCHEME = "merged"
"""The scheme under which an asset keeps the ids of those that became one with it."""


class Made(NamedTuple):
    """An asset that a record became."""

    asset: LearningAsset
    """The asset."""
    draft: Draft
    """What it was made from."""
    fingerprint: str = ""
    """The digest of that; empty where something is to be told each time."""


class Union(NamedTuple):
    """What becomes of assets that are the same."""

    made: Made | None
    """The one that stays; None where nothing of it changes."""
    told: list[Told]
    """What is told."""
    gone: set[str]
    """The ids of those that go."""


class Merging:
    """The decisions of people that assets are the same, and the assets that they are about.

    Parameters
    ----------
    decisions : sequence of Decision
        Those of the kinds *merge* and *rename* count: the subject goes, the object stays.  The
        latest about a pair counts.
    """

    def __init__(self, decisions: Sequence[Decision]) -> None:
        self._heirs = _heirs(decisions)
        self._concerned = {*self._heirs, *self._heirs.values()}
        self._made: dict[str, Made] = {}

    def __contains__(self, id_: str) -> bool:
        return id_ in self._concerned

    def take(self, made: Made) -> bool:
        """Keep an asset for later, where a decision is about it; return whether it is so."""
        if made.asset.id not in self._concerned:
            return False
        self._made[made.asset.id] = made
        return True

    def ids(self) -> list[str]:
        """Return the ids of the assets that decisions are about, where this source holds any."""
        return sorted(self._concerned) if self._made else []

    def settled(self, known: Mapping[str, LearningAsset]) -> Iterator[Union]:
        """Yield what becomes of the assets, by the one that stays."""
        groups: dict[str, list[str]] = defaultdict(list)
        for old, heir in sorted(self._heirs.items()):
            groups[heir].append(old)
        for heir, olds in groups.items():
            here = [id_ for id_ in (heir, *olds) if id_ in self._made]
            if not here:
                continue
            if heir in self._made or heir in known:
                yield self._united(heir, olds, here, known)
                continue
            for id_ in here:
                made = self._made[id_]
                hint = f"{heir!r} is in no catalog that is read; import it, or correct the decision"
                where = (made.draft.source, made.draft.locator)
                yield Union(made, [Told(*where, "remark", id_, "id", id_, heir, "merged-into-nothing", hint)], set())

    def _united(self, heir: str, olds: list[str], here: list[str], known: Mapping[str, LearningAsset]) -> Union:
        """Return what becomes of one group."""
        first = self._made[here[0]]
        where = (first.draft.source, first.draft.locator)
        told: list[Told] = []
        stays = self._made[heir].asset if heir in self._made else known[heir]
        others = {(other.scheme, other.value): other for other in stays.other_ids}
        verdicts = {(item.target, item.relation): item for item in stays.alignments}
        for old in olds:
            if old in self._made:
                draft = self._made[old].draft
                told.append(Told(draft.source, draft.locator, "merged", old, "", None, heir, "merged-by-decision"))
            if old in known:
                told.append(Told(*where, "removed", old, "", known[old].title, heir, "merged-by-decision"))
            for asset in (self._made[old].asset if old in self._made else None, known.get(old)):
                if asset is not None:
                    for other in (*asset.other_ids, OtherId(scheme=SCHEME, value=old)):
                        others[other.scheme, other.value] = other
                    decided = (item for item in asset.alignments if item.state != "proposed")
                    verdicts |= {(item.target, item.relation): item for item in decided}
        asset = stays.replace(other_ids=tuple(others.values()), alignments=tuple(verdicts.values()))
        if heir in self._made:
            return Union(Made(asset, self._made[heir].draft), told, {*olds})
        first.draft.data = {}  # the asset that stays is not in the source, so that the source states none of its fields
        return Union(Made(asset, first.draft), told, {*olds})


def _heirs(decisions: Sequence[Decision]) -> dict[str, str]:
    """Return the asset that stays for each that goes, at the end of its chain; circles lead nowhere."""
    newest = {}
    for item in sorted(decisions, key=lambda item: item.at):
        if item.kind in _KINDS:
            newest[item.subject, item.object] = item.verdict in {"accepted", "same"}
    following = {old: heir for (old, heir), same in newest.items() if same}
    found = {}
    for old in following:
        chain = [old]
        while (heir := following.get(chain[-1])) is not None and heir not in chain:
            chain.append(heir)
        if following.get(chain[-1]) is None:
            found[old] = chain[-1]
    return found
