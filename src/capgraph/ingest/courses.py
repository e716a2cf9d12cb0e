"""Which course a completion means: ids of courses by the systems that know them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from capgraph.formats import values
from capgraph.ingest.known import StoredCatalog, heading_of
from capgraph.text import normalize

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from capgraph.ingest.known import Heading
    from capgraph.model import Catalog


def day_of(text: str) -> dt.date | None:
    """Return a day, or None where a text is none."""
    try:
        found = values.day(text)
    except ValueError:
        return None
    return found.date if found else None


def course_ids(headings: Iterable[Heading]) -> dict[tuple[str, str], str]:
    """Return the ids of courses by system and id there, and by ids and codes alone; ambiguous ones are left out."""
    found: dict[tuple[str, str], str] = {}
    ambiguous: set[tuple[str, str]] = set()
    for heading in headings:
        names = {("", heading.id), ("", heading.notation)}
        for scheme, value in heading.other_ids:
            system = normalize(scheme)
            names |= {(system, value), (system.split("-")[0], value), ("", value)}
        for name in names:
            if found.setdefault(name, heading.id) != heading.id:
                ambiguous.add(name)
    return {name: id_ for name, id_ in found.items() if name not in ambiguous and name[1]}


def headings_of(catalogs: Iterable[Catalog], store: Any) -> Iterator[Heading]:  # noqa: ANN401 - a Store
    """Yield the headings of the assets of some catalogs; where there are none, of all those in a store."""
    given = tuple(catalogs)
    for catalog in given:
        yield from map(heading_of, catalog.assets)
    if not given and store is not None:
        yield from StoredCatalog("", store).others()
