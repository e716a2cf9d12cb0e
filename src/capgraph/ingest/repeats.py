"""Records with the id of an earlier one: whether they only add to it, and else why they are no assets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capgraph.ingest.fields import LISTS
from capgraph.text import normalize

if TYPE_CHECKING:
    from capgraph.ingest.drafts import Draft


def repeated(earlier: Draft, draft: Draft) -> str:
    """Return the reason why a record with the id of an earlier one is no asset."""
    titles = (earlier.data["title"], draft.data["title"])
    if normalize(str(titles[0])) != normalize(str(titles[1])) or earlier.source != draft.source:
        return "id-used-with-other-title"
    if draft.filled < earlier.filled:
        return "id-repeated-with-fewer-cells"
    return "id-repeated" if titles[0] == titles[1] else "id-used-with-other-title"


def merged(earlier: Draft, draft: Draft) -> bool:
    """Return whether a record only adds values to lists of the earlier one; if so, they are added.

    Exports with one row for each course and skill, or each course and session, repeat the course.
    """
    own = {"provenance", "keywords", "extensions", *LISTS}
    left = {name: value for name, value in earlier.data.items() if name not in own}
    right = {name: value for name, value in draft.data.items() if name not in own}
    if (
        left != right
        or earlier.data.get("extensions") != draft.data.get("extensions")
        or draft.filled != earlier.filled
    ):
        return False
    for name in own - {"provenance", "extensions"}:
        values = (*earlier.data.get(name, ()), *draft.data.get(name, ()))
        if values:
            earlier.data[name] = tuple(dict.fromkeys(values))
    earlier.data["provenance"] = (*earlier.data["provenance"], *draft.data["provenance"])
    earlier.skills = tuple(dict.fromkeys((*earlier.skills, *draft.skills)))
    return True
