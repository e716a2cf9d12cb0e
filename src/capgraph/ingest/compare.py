"""What was read against what is known: added, changed field by field, unchanged, missing, suspected to be the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Protocol

from capgraph.formats.identity import slug
from capgraph.ingest.told import Told
from capgraph.model import Catalog, FrozenMapping, LearningAsset, Model
from capgraph.model.base import Source
from capgraph.text import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from capgraph.ingest.drafts import Draft
    from capgraph.ingest.intake import Intake

_SILENT = frozenset({"id", "provenance"})
_GENERIC = 5
_YEAR = re.compile(r"(?:19|20)\d\d")
_NOISE = frozenset({"online", "elearning", "course", "training", "the", "a", "an", "new", "edition", "updated"})


class Reading(Protocol):
    """What was read, as far as comparing needs it."""

    intake: Intake
    systems: set[str]
    profiles: list[str]
    sources: dict[str, str]
    others: tuple[LearningAsset, ...]


def compare(
    id_: str,
    built: Mapping[str, tuple[LearningAsset, Draft]],
    before: Catalog | None,
    reading: Reading,
    *,
    sync: bool,
) -> tuple[Catalog, list[Told]]:
    """Return the catalog as it will be, and what happens to each asset.

    A field that the source does not state keeps its value.  Alignments that people accepted or rejected stay; where the
    place in the source is all that changed, the asset is unchanged.
    """
    known = {asset.id: asset for asset in before.assets} if before is not None else {}
    aliases = _aliases(known.values()) if not built.keys() <= known.keys() else {}
    told: list[Told] = []
    result = dict(known)
    met: set[str] = set()
    for asset, draft in built.values():
        where = _place(draft)
        target = known.get(asset.id) or known.get(_alias(asset, aliases))
        if target is None:
            result[asset.id] = asset
            told.append(Told(*where, "added", asset.id, after=asset.title))
            continue
        met.add(target.id)
        if target.id != asset.id and not _same_system(asset, target):
            told.append(Told(*where, "unchanged", target.id, after=asset.title, reason="merged-asset"))
            continue
        merged, changes = _changed(target, asset, draft)
        result[target.id] = merged
        told.extend(Told(*where, "changed", target.id, name, old, new) for name, old, new in changes)
        if not changes:
            told.append(Told(*where, "unchanged", target.id, after=target.title))
    told.extend(_gone(known, met, built, reading, result, sync=sync))
    told.extend(
        _suspected([*result.values(), *reading.others], {asset.id for asset, _ in built.values()} - set(known), built)
    )
    return _catalog(id_, before, result, reading), told


def _place(draft: Draft) -> tuple[str, str]:
    """Return the file and the place of an asset."""
    return draft.source, draft.locator


def _aliases(assets: Iterable[LearningAsset]) -> dict[tuple[str, str], str]:
    """Return the ids of assets by the ids of their sources."""
    return {(other.scheme, other.value): asset.id for asset in assets for other in asset.other_ids}


def _alias(asset: LearningAsset, aliases: Mapping[tuple[str, str], str]) -> str:
    """Return the known asset that has one of the source's ids."""
    return next(
        (aliases[other.scheme, other.value] for other in asset.other_ids if (other.scheme, other.value) in aliases), ""
    )


def _same_system(asset: LearningAsset, target: LearningAsset) -> bool:
    """Return whether an asset carries on another one of the same system under a new id, and is not merged into it."""
    own = {other.scheme for other in asset.other_ids}
    first = {other.scheme for other in target.other_ids}
    return own >= first


def _changed(
    target: LearningAsset, asset: LearningAsset, draft: Draft
) -> tuple[LearningAsset, list[tuple[str, object, object]]]:
    """Return the known asset with what the source states, and the fields that change."""
    if target is asset:
        return target, []
    stated = set(draft.data)
    updates: dict[str, Any] = {}
    for name in LearningAsset.model_fields:
        if name in stated and name not in _SILENT and name not in _JOINED:
            updates[name] = getattr(asset, name)
    for name, join in _JOINED.items():
        updates[name] = join(getattr(target, name), getattr(asset, name))
    changes = [
        (name, _short(getattr(target, name)), _short(value))
        for name, value in updates.items()
        if getattr(target, name) != value
    ]
    if not changes:
        return target, []
    return target.replace(**updates, provenance=asset.provenance), changes


def _join_ids(old: tuple[Any, ...], new: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the ids of both."""
    return tuple(sorted({*old, *new}, key=lambda other: (other.scheme, other.value)))


def _join_alignments(old: tuple[Any, ...], new: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the alignments that people decided about or wrote, and the proposals of now; a verdict of now wins."""
    kept = {
        (item.target, item.relation): item
        for item in old
        if item.state != "proposed" or not item.method.startswith("tag:")
    }
    found = {(item.target, item.relation): item for item in new if item.state != "proposed"}
    open_ = {(item.target, item.relation): item for item in new if item.state == "proposed"}
    joined = {**open_, **kept, **found}
    return tuple(joined[key] for key in sorted(joined))


def _join_extensions(old: Any, new: Any) -> Any:  # noqa: ANN401 - frozen mappings
    """Return the extensions of both; the newer ones of a format replace the older."""
    return FrozenMapping({**old, **new})


_JOINED = {"other_ids": _join_ids, "alignments": _join_alignments, "extensions": _join_extensions}


def _short(value: object) -> object:
    """Return a value as a plan shows it."""
    if isinstance(value, tuple):
        return [_short(item) for item in value]
    if isinstance(value, Model):
        return value.to_dict()
    return dict(value) if isinstance(value, FrozenMapping) else value


def _gone(
    known: Mapping[str, LearningAsset],
    met: set[str],
    built: Mapping[str, tuple[LearningAsset, Draft]],
    reading: Reading,
    result: dict[str, LearningAsset],
    *,
    sync: bool,
) -> Iterator[Told]:
    """Tell the assets of these systems that the source does not hold any more, and the ones that it says to delete."""
    titles: dict[str, str] = {}
    for asset, _ in built.values():
        if asset.id not in known:
            titles.setdefault(_title_key(asset), asset.id)
    for id_, asset in known.items():
        ids = [(other.scheme, other.value) for other in asset.other_ids]
        asked = next((reading.intake.deletions[key] for key in ids if key in reading.intake.deletions), None)
        if id_ in met or not any(scheme in reading.systems for scheme, _ in ids):
            continue
        if asked is None and reading.intake.deletions:
            continue
        source, locator = (asked.source, asked.locator) if asked else ("", "")
        if sync:
            del result[id_]
        hint = "" if sync else "it stays; remove it with sync=True"
        yield Told(
            source,
            locator,
            "removed" if sync else "missing",
            id_,
            "",
            asset.title,
            None,
            "delete-flag" if asked else "not-in-source",
            hint,
        )
        renamed = titles.get(_title_key(asset))
        if renamed:
            hint = "if it is the same, record a decision of the kind rename"
            yield Told(source, locator, "suspected", id_, "id", asset.notation, renamed, "renamed", hint)


def _suspected(
    assets: Iterable[LearningAsset], new: set[str], built: Mapping[str, tuple[LearningAsset, Draft]]
) -> Iterator[Told]:
    """Tell new assets whose title is that of another one; a title of more than five is a phrase, and tells nothing."""
    if not new:
        return
    by_title: dict[str, list[LearningAsset]] = {}
    for asset in assets:
        by_title.setdefault(_title_key(asset), []).append(asset)
    for same in by_title.values():
        if len(same) > _GENERIC:
            continue
        for asset in same[1:]:
            about = asset if asset.id in new or same[0].id not in new else same[0]
            twin = same[0] if about is asset else asset
            if about.id in new:
                hint = "they stay two; merge them by a decision if they are the same"
                yield Told(
                    *_place(built[about.id][1]), "suspected", about.id, "title", twin.title, twin.id, "same-title", hint
                )


def _title_key(asset: LearningAsset) -> str:
    """Return the words by which titles are compared: without years, and without words that mean nothing here."""
    words = [word for word in tokens(asset.title) if word not in _NOISE and not _YEAR.fullmatch(word)]
    return f"{(asset.language or '')[:2]} {' '.join(words)}" if words else asset.id


def _catalog(id_: str, before: Catalog | None, assets: Mapping[str, LearningAsset], reading: Reading) -> Catalog:
    """Return the catalog with the assets, and the files that it was read from."""
    members = tuple(assets.values())
    known = {source.name: source for source in before.sources} if before is not None else {}
    read = {name: Source(name=name, format=format_) for name, format_ in reading.sources.items()}
    sources = tuple({**read, **known}.values())
    if before is None:
        return Catalog(
            id=id_, title=slug(id_.split(":", 1)[-1]).replace("-", " ").capitalize(), assets=members, sources=sources
        )
    return before if members == before.assets else before.replace(assets=members, sources=sources)
