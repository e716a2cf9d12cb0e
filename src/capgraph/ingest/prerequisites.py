"""Prerequisites of drafts: texts and codes become conditions; cycles, loops and dangling codes are told, and stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from capgraph.formats.draft import closing_chains
from capgraph.formats.lexicon import NO_PREREQUISITE
from capgraph.ingest.conditions import leaves, parse_condition, without
from capgraph.ingest.names import Names
from capgraph.ingest.told import Told
from capgraph.text import normalize

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from capgraph.ingest.drafts import Draft
    from capgraph.model import Catalog


def link(drafts: Sequence[Draft], before: Catalog | None) -> list[Told]:
    """Give drafts their prerequisites, corequisites and programs as ids; return what is told about them.

    Cycles, references to itself and codes that no asset has are told and stay as they are; text that is prose stays in
    the extensions.
    """
    stated = list(filter(is_linked, drafts))
    if not stated:
        return []
    names = _names(drafts, before)
    told: list[Told] = []
    for draft in stated:
        for name, text in (("prerequisites", draft.prerequisites), ("corequisites", draft.corequisites)):
            if text and normalize(text).strip(". []'\"") not in NO_PREREQUISITE:
                told.extend(_state(draft, name, text, names))
        draft.data |= _programs(draft, names)
    told.extend(_cycles(drafts))
    return told


def is_linked(draft: Draft) -> bool:
    """Return whether a draft names other assets."""
    return bool(draft.prerequisites or draft.corequisites or draft.programs)


def _names(drafts: Iterable[Draft], before: Catalog | None) -> Names:
    """Return the names of all assets: ids and codes first, then titles."""
    known = list(drafts)
    first = known[0].data if known else {}
    scheme = next((item["scheme"] for item in first.get("other_ids", ())), "")
    names = Names(known[0].catalog if known else "", scheme)
    for draft in known:
        names.add(draft.key, draft.data["id"])
    for asset in before.assets if before is not None else ():
        names.add(asset.notation, asset.id)
    for draft in known:
        names.add(draft.data["title"], draft.data["id"])
    return names


def _state(draft: Draft, name: str, text: str, names: Names) -> Iterator[Told]:
    """Set a condition of a draft, and tell what is odd about it."""
    names.dangling.clear()
    tree = parse_condition(text, names)
    told = (draft.source, draft.locator, "remark", draft.data["id"], name, text)
    if tree is None:
        if names.occur_in(text):
            yield Told(*told, None, f"{name}-not-read", "write the ids of the courses, with and, or, and brackets")
        return
    own = draft.data["id"]
    if own in leaves(tree):
        tree = without(tree, own)
        yield Told(*told, None, "requires-itself", "remove the course from its own prerequisites")
    for code in names.dangling.values():
        yield Told(*told, code, "dangling-prerequisite", f"no course has the code {code!r}; add it or correct the code")
    if tree:
        draft.data[name] = {"asset": tree} if isinstance(tree, str) else tree
        extensions: dict[str, Any] = next(iter(draft.data.get("extensions", {}).values()), {})
        extensions.pop(name, None)


def _programs(draft: Draft, names: Names) -> dict[str, Any]:
    """Return the programs that a draft belongs to, where they are assets."""
    found = [names.named(name) for name in draft.programs]
    ids = [id_ for id_ in found if id_ and id_ != draft.data["id"]]
    return {"part_of": tuple(ids)} if ids else {}


def _cycles(drafts: Sequence[Draft]) -> Iterator[Told]:
    """Tell every chain of prerequisites that leads back to its start."""
    by_id = {draft.data["id"]: draft for draft in drafts}
    edges = {
        id_: [leaf for leaf in leaves(draft.data.get("prerequisites")) if leaf in by_id] for id_, draft in by_id.items()
    }
    for chain in closing_chains(edges):
        draft = by_id[chain[0]]
        shown = " → ".join(by_id[id_].key for id_ in (*chain, chain[0]))
        hint = f"remove one of these prerequisites: {shown}"
        yield Told(
            draft.source, draft.locator, "remark", chain[0], "prerequisites", None, shown, "prerequisite-cycle", hint
        )
