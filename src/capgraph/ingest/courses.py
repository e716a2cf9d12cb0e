"""Which course a completion means: ids of courses by the systems that know them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capgraph.formats import values
from capgraph.text import normalize

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from capgraph.model import Catalog


def day_of(text: str) -> dt.date | None:
    """Return a day, or None where a text is none."""
    try:
        found = values.day(text)
    except ValueError:
        return None
    return found.date if found else None


def course_ids(catalogs: Iterable[Catalog]) -> dict[tuple[str, str], str]:
    """Return the ids of courses by system and id there, and by ids and codes alone; ambiguous ones are left out."""
    found: dict[tuple[str, str], str] = {}
    ambiguous: set[tuple[str, str]] = set()
    for catalog in catalogs:
        for asset in catalog.assets:
            names = {("", asset.id), ("", asset.notation)}
            for other in asset.other_ids:
                names |= {
                    (normalize(other.scheme), other.value),
                    (normalize(other.scheme).split("-")[0], other.value),
                    ("", other.value),
                }
            for name in names:
                if found.setdefault(name, asset.id) != asset.id:
                    ambiguous.add(name)
    return {name: id_ for name, id_ in found.items() if name not in ambiguous and name[1]}
