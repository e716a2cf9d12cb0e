"""Trees of competencies as learning platforms exchange them: keys, order of rows, and what such files cannot hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from capgraph.formats.draft import closed
from capgraph.formats.identity import is_id, mint
from capgraph.formats.projection import part_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from capgraph.formats.conversion import Ledger
    from capgraph.model import Behavior, Capability, Framework


def id_of(framework: str, key: str) -> str:
    """Return the id of an entry for the key in a file: the key itself where it is an id, else a minted one."""
    return key if is_id(key) else mint(framework, "capability", key)


def key_of(framework: str, entry: Capability | Behavior) -> str:
    """Return the key to write for an entry: its notation where the id was minted of it, else its id."""
    known = entry.notation and not is_id(entry.notation) and mint(framework, "capability", entry.notation) == entry.id
    return entry.notation if known else entry.id


def fitted(framework: Framework, ledger: Ledger, extension: str, *, parents: int | None) -> Framework:
    """Return the framework as a file of a tree holds it.

    Left out are notations that are no keys, parents beyond the number that the format has, the extensions of other
    formats, and references that lead out of the framework.
    """
    whole = closed(framework, ledger) if framework.imports else framework
    capabilities = []
    for item in whole.capabilities:
        changes: dict[str, Any] = own_extensions(item, ledger, extension)
        if item.notation and key_of(whole.id, item) != item.notation:
            changes["notation"] = ""
            ledger.note("dropped", "capability.notation", place=item.id)
        if parents is not None and len(item.broader) > parents:
            changes["broader"] = _first_parents(item, parents, ledger)
        capabilities.append(item.model_copy(update=changes))
    changes = own_extensions(whole, ledger, extension)
    return whole.model_copy(update={**changes, "capabilities": tuple(capabilities)})


def _first_parents(item: Capability, parents: int, ledger: Ledger) -> tuple[str, ...]:
    """Return as many parents of an entry as the format has; the others are noted."""
    reason = f"the format has {parents} parent" if parents else "the format has no parents"
    ledger.note("dropped", "capability.broader", reason=reason, place=item.id, count=len(item.broader) - parents)
    return item.broader[:parents]


def own_extensions(part: Framework | Capability | Behavior, ledger: Ledger, extension: str) -> dict[str, Any]:
    """Return the change that leaves a part only the extensions of one format, and of those only texts."""
    held = part.extensions
    own = held.get(extension)
    texts = {key: value for key, value in own.items() if isinstance(value, str)} if isinstance(own, Mapping) else {}
    wanted = type(held)({extension: type(held)(texts)} if texts else {})
    if wanted == held:
        return {}
    ledger.note("dropped", f"{part_of(part)}.extensions", reason="of other formats", place=part.id)
    return {"extensions": wanted}


def in_order(entries: Iterable[Capability]) -> list[Capability]:
    """Return capabilities so that each comes after those broader than it, else by sequence and id.

    Notes
    -----
    Linear in the links, but for one sort.
    """
    ordered = sorted(entries, key=lambda item: (item.sequence is None, item.sequence or 0, item.id))
    own = {item.id for item in ordered}
    parents = {item.id: [parent for parent in item.broader if parent in own] for item in ordered}
    waiting = {id_: len(above) for id_, above in parents.items()}
    below: dict[str, list[Capability]] = {}
    for item in ordered:
        for parent in parents[item.id]:
            below.setdefault(parent, []).append(item)
    found: list[Capability] = []
    stack = [item for item in reversed(ordered) if not waiting[item.id]]
    while stack:
        item = stack.pop()
        found.append(item)
        for child in reversed(below.get(item.id, ())):
            waiting[child.id] -= 1
            if not waiting[child.id]:
                stack.append(child)
    return found


def depths(parents: Mapping[str, str]) -> dict[str, int]:
    """Return how deep each entry lies below the top, which is 1; `parents` names the one parent or an empty text."""
    found: dict[str, int] = {}
    for start in parents:
        chain = []
        node = start
        while node in parents and node not in found and node not in chain:
            chain.append(node)
            node = parents[node]
        depth = found.get(node, 0)
        for entry in reversed(chain):
            depth += 1
            found[entry] = depth
    return found


def renamed(framework: Framework, new: Mapping[str, str]) -> Framework:
    """Return the framework with other ids for some of its capabilities, wherever they are named in capabilities."""
    if not new:
        return framework
    fields = ("broader", "related", "prerequisites", "replaced_by")
    capabilities = [
        item.model_copy(
            update={
                "id": new.get(item.id, item.id),
                **{field: tuple(sorted({new.get(other, other) for other in getattr(item, field)})) for field in fields},
            }
        )
        for item in framework.capabilities
    ]
    return framework.model_copy(update={"capabilities": tuple(sorted(capabilities, key=lambda item: item.id))})


def expanded(framework: Framework, ledger: Ledger) -> Framework:
    """Return the framework with IRIs for the CURIEs of its capabilities, for formats that know no prefixes of ours."""
    new = {item.id: framework.iri(item.id) for item in framework.capabilities if framework.iri(item.id) != item.id}
    for id_ in new:
        ledger.note("normalized", "capability.id", reason="written as an IRI", place=id_)
    ledger.renamed.update(new)
    changes = {"id": framework.iri(framework.id), "prefixes": type(framework.prefixes)()}
    return renamed(framework, new).model_copy(update=changes)


def known_references(framework: Framework, ledger: Ledger, *fields: str) -> Framework:
    """Return the framework without references of capabilities that lead out of it."""
    own = {item.id for item in framework.capabilities}
    capabilities = []
    for item in framework.capabilities:
        outside = {field: [other for other in getattr(item, field) if other not in own] for field in fields}
        changes = {
            field: tuple(other for other in getattr(item, field) if other in own) for field in fields if outside[field]
        }
        for field in changes:
            ledger.note(
                "dropped",
                f"capability.{field}",
                reason="leads out of the file",
                place=item.id,
                count=len(outside[field]),
            )
        capabilities.append(item.model_copy(update=changes))
    return framework.model_copy(update={"capabilities": tuple(capabilities)})
