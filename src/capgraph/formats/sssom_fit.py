"""What SSSOM tables cannot hold of a crosswalk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from capgraph.formats.conversion import Ledger
    from capgraph.model import Crosswalk


def fit_sssom(document: Crosswalk, ledger: Ledger) -> Crosswalk:
    """Return the crosswalk as the table holds it: header texts on one line, and only our own extension."""
    changes: dict[str, Any] = {}
    for field in ("title", "version", "description", "license"):
        text = getattr(document, field)
        if (flat := " ".join(text.replace('"', "'").split())) != text:
            changes[field] = flat
            ledger.note("normalized", f"crosswalk.{field}", reason="stands on one line", place=document.id)
    mappings = []
    for mapping in document.mappings:
        if mapping.extensions and set(mapping.extensions) != {"sssom"}:
            ledger.note("dropped", "mapping.extensions", place=mapping.subject)
            own = mapping.extensions.get("sssom")
            mapping = mapping.model_copy(update={"extensions": type(mapping.extensions)({"sssom": own} if own else {})})  # noqa: PLW2901 - the same mapping, cut
        mappings.append(mapping)
    return document.model_copy(update={**changes, "mappings": tuple(mappings)})
