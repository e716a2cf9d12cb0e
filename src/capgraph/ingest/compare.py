"""What was read against what is known: which fields of an asset change, and what of the known one stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from capgraph.model import FrozenMapping, LearningAsset, Model

if TYPE_CHECKING:
    from collections.abc import Iterable

_SILENT = frozenset({"id", "provenance"})


def changed(
    target: LearningAsset, asset: LearningAsset, stated: Iterable[str]
) -> tuple[LearningAsset, list[tuple[str, object, object]]]:
    """Return the known asset with what the source states, and the fields that change."""
    if target is asset:
        return target, []
    stated = set(stated)
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
