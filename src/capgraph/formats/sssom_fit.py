"""What SSSOM tables cannot hold of a crosswalk."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from capgraph.model.frozen import thaw

if TYPE_CHECKING:
    from capgraph.formats.conversion import Ledger
    from capgraph.model import Crosswalk


_TAKEN = {
    *("curie_map", "license", "mapping_set_id", "mapping_set_title", "mapping_set_version"),
    *("mapping_set_description", "subject_source", "object_source"),
}
_SLOT = re.compile(r"^[a-z][a-z_]*$")
_ITEM = re.compile(r"^[^\s\"':#-][^\n\r\"':]*(?::[^\s\"':]+)*$")


def listed_slots(document: Crosswalk) -> dict[str, list[str]]:
    """Return the slots of the header that are lists of texts on one line each, as the extensions hold them."""
    own = thaw(document.extensions.get("sssom"))
    return {
        slot: values
        for slot, values in (own.items() if isinstance(own, dict) else ())
        if _SLOT.match(slot)
        and slot not in _TAKEN
        and isinstance(values, list)
        and values
        and all(isinstance(value, str) and _ITEM.match(value) and value == value.strip() for value in values)
    }


def fit_sssom(document: Crosswalk, ledger: Ledger) -> Crosswalk:
    """Return the crosswalk as the table holds it: header texts on one line, and only our own extension."""
    changes: dict[str, Any] = {}
    for field in ("title", "version", "description", "license"):
        text = getattr(document, field)
        if (flat := " ".join(text.replace('"', "'").split())) != text:
            changes[field] = flat
            ledger.note("normalized", f"crosswalk.{field}", reason="stands on one line", place=document.id)
    listed = listed_slots(document)
    wanted = type(document.extensions)({"sssom": listed} if listed else {})
    if wanted != document.extensions:
        changes["extensions"] = wanted
        ledger.note(
            "dropped", "crosswalk.extensions", reason="of other formats, or no lists of texts", place=document.id
        )
    mappings = []
    for mapping in document.mappings:
        if mapping.extensions and set(mapping.extensions) != {"sssom"}:
            ledger.note("dropped", "mapping.extensions", place=mapping.subject)
            own = mapping.extensions.get("sssom")
            mapping = mapping.model_copy(update={"extensions": type(mapping.extensions)({"sssom": own} if own else {})})  # noqa: PLW2901 - the same mapping, cut
        mappings.append(mapping)
    return document.model_copy(update={**changes, "mappings": tuple(mappings)})
