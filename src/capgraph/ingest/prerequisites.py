"""Prerequisites of drafts: texts and codes become conditions; cycles, loops and dangling codes are told, and stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from capgraph.formats.draft import closing_chains
from capgraph.formats.lexicon import NO_PREREQUISITE
from capgraph.ingest.conditions import leaves, parse_condition, without
from capgraph.ingest.told import Told
from capgraph.text import normalize

if TYPE_CHECKING:
    from collections.abc import Iterator

    from capgraph.ingest.drafts import Draft
    from capgraph.ingest.names import Names


class Links:
    """Gives drafts their prerequisites, corequisites and programs as ids, one after the other.

    Cycles, references to itself and codes that no asset has are told and stay as they are; text that is prose stays in
    the extensions.

    Parameters
    ----------
    names : Names
        The names of all assets.
    """

    def __init__(self, names: Names) -> None:
        self._names = names
        self._edges: dict[str, list[str]] = {}
        self._places: dict[str, tuple[str, str, str]] = {}

    def link(self, draft: Draft) -> Iterator[Told]:
        """Link a draft, and tell what is odd about it."""
        for name, text in (("prerequisites", draft.prerequisites), ("corequisites", draft.corequisites)):
            if text and normalize(text).strip(". []'\"") not in NO_PREREQUISITE:
                yield from _state(draft, name, text, self._names)
        draft.data |= _programs(draft, self._names)
        found = leaves(draft.data.get("prerequisites"))
        if found:
            id_ = draft.data["id"]
            self._edges[id_] = found
            self._places[id_] = (draft.source, draft.locator, draft.key)

    def cycles(self) -> Iterator[Told]:
        """Tell every chain of prerequisites that leads back to its start."""
        for chain in closing_chains(
            {id_: [leaf for leaf in found if leaf in self._edges] for id_, found in self._edges.items()}
        ):
            source, locator, _ = self._places[chain[0]]
            shown = " → ".join(self._places[id_][2] for id_ in (*chain, chain[0]))
            hint = f"remove one of these prerequisites: {shown}"
            told = (source, locator, "remark", chain[0], "prerequisites", None, shown, "prerequisite-cycle")
            yield Told(*told, hint)


def is_linked(draft: Draft) -> bool:
    """Return whether a draft names other assets."""
    return bool(draft.prerequisites or draft.corequisites or draft.programs)


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
        if not extensions:
            draft.data.pop("extensions", None)


def _programs(draft: Draft, names: Names) -> dict[str, Any]:
    """Return the programs that a draft belongs to, where they are assets."""
    found = [names.named(name) for name in draft.programs]
    ids = [id_ for id_ in found if id_ and id_ != draft.data["id"]]
    return {"part_of": tuple(ids)} if ids else {}
