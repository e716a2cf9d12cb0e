"""What Moodle's competency frameworks cannot hold: long names and ids, several parents, ranks of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from capgraph.formats.identity import mint
from capgraph.formats.tree import fitted, key_of
from capgraph.model import ProficiencyLevel, ProficiencyScale

if TYPE_CHECKING:
    from collections.abc import Mapping

    from capgraph.formats.conversion import Ledger
    from capgraph.model import Capability, Framework

LONGEST = 100
"""The characters of an id or a short name; the platform cuts longer ones."""


def scale_id(framework: str, labels: list[str]) -> str:
    """Return the id of a scale, which the file does not state."""
    return mint(framework, "scale", ",".join(labels))


def fit(framework: Framework, ledger: Ledger) -> Framework:
    """Return the framework as the platform holds it."""
    whole = fitted(framework, ledger, "moodle", parents=1)
    whole = _short_ids(whole, ledger)
    changes = _document(whole, ledger) | _scale(whole, ledger)
    own = {item.id for item in whole.capabilities}
    capabilities = tuple(_capability(item, own, ledger) for item in whole.capabilities)
    return whole.model_copy(update={**changes, "capabilities": tuple(sorted(capabilities, key=lambda item: item.id))})


def _document(framework: Framework, ledger: Ledger) -> dict[str, Any]:
    """Return the changes to the framework itself."""
    changes: dict[str, Any] = {}
    if not framework.title or len(framework.title) > LONGEST:
        changes["title"] = (framework.title or framework.id)[:LONGEST]
        ledger.note("normalized", "framework.title", reason=f"1 to {LONGEST} characters", place=framework.id)
    known = [other for other in framework.other_ids if other.scheme == "moodle"]
    fits = len(known) == 1 and mint("moodle", "framework", known[0].value) == framework.id
    kept = tuple(known) if fits else ()
    if kept != framework.other_ids:
        changes["other_ids"] = kept
        ledger.note("dropped", "framework.other_ids", place=framework.id, count=len(framework.other_ids) - len(kept))
    return changes


def _scale(framework: Framework, ledger: Ledger) -> dict[str, Any]:
    """Return the default scale with its labels ranked from 1; others are left out."""
    scale = next((item for item in framework.scales if item.id == framework.default_scale), None)
    labels = [" ".join(level.label.replace(",", ";").split()) for level in scale.levels] if scale else []
    levels = tuple(ProficiencyLevel(rank=rank, label=label) for rank, label in enumerate(labels, start=1))
    own = scale_id(framework.id, labels)
    kept = (ProficiencyScale(id=own, label="Scale", levels=levels),) if levels else ()
    if kept != framework.scales:
        ledger.note("normalized", "scale", reason="one scale, its labels ranked from 1", place=framework.id)
    return {"scales": kept, "default_scale": own if levels else None}


def _short_ids(framework: Framework, ledger: Ledger) -> Framework:
    """Return the framework with minted ids for keys that are too long."""
    new = {
        item.id: mint(framework.id, "long-key", item.id)
        for item in framework.capabilities
        if len(key_of(framework.id, item)) > LONGEST
    }
    if not new:
        return framework
    ledger.renamed.update(new)
    for id_ in new:
        ledger.note("normalized", "capability.id", reason=f"{LONGEST} characters at most: minted anew", place=id_)
    capabilities = [_with_ids(item, new) for item in framework.capabilities]
    return framework.model_copy(update={"capabilities": tuple(sorted(capabilities, key=lambda item: item.id))})


def _with_ids(item: Capability, new: Mapping[str, str]) -> Capability:
    """Return one capability with new ids for itself and those that it names."""
    broader = tuple(new.get(other, other) for other in item.broader)
    related = tuple(sorted(new.get(other, other) for other in item.related))
    return item.model_copy(update={"id": new.get(item.id, item.id), "broader": broader, "related": related})


def _capability(item: Capability, own: set[str], ledger: Ledger) -> Capability:
    """Return one capability as a row holds it."""
    changes: dict[str, Any] = {}
    if len(item.label) > LONGEST:
        changes["label"] = item.label[:LONGEST]
        ledger.note("normalized", "capability.label", reason=f"{LONGEST} characters at most", place=item.id)
    if item.kind != "competency":
        changes["kind"] = "competency"
        ledger.note("normalized", "capability.kind", reason="told by depth, not by entry", place=item.id)
    if not own.issuperset(item.related):
        changes["related"] = tuple(other for other in item.related if other in own)
        ledger.note("dropped", "capability.related", reason="leads out of the file", place=item.id)
    return item.model_copy(update=changes)
