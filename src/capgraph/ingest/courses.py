"""Which course a completion means: ids of courses by the systems that know them, and by their titles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from capgraph.formats.identity import is_id, mint
from capgraph.ingest.known import StoredCatalog, heading_of
from capgraph.text import normalize

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from capgraph.ingest.known import Heading
    from capgraph.model import Catalog


class Found(NamedTuple):
    """The course that is meant, or why there is none."""

    id: str
    """Its id, or nothing."""
    reason: str = ""
    """The code of a problem."""
    hint: str = ""
    """What to do about it."""


class Courses:
    """The courses of some catalogs.

    Parameters
    ----------
    headings : iterable of Heading
        What is known of each course.
    workforce : str
        The id of the workforce, in which courses get ids of their own where there is no catalog.
    """

    def __init__(self, headings: Iterable[Heading], workforce: str) -> None:
        self.workforce = workforce
        self._ids: dict[tuple[str, str], str | None] = {}
        self._titles: dict[str, str | None] = {}
        for heading in headings:
            for name in _keys(heading):
                self._ids[name] = heading.id if self._ids.get(name, heading.id) == heading.id else None
            title = normalize(heading.title)
            self._titles[title] = heading.id if self._titles.get(title, heading.id) == heading.id else None
        self.are_known = bool(self._ids)

    def with_id(self, key: str) -> str:
        """Return the course with an id, in whatever system."""
        return self._ids.get(("", key)) or ""

    def find(self, key: str, title: str, system: str = "") -> Found:
        """Return the course with an id in a system, with an id or code, or with exactly this title.

        Without a catalog, it is one with an id of its own.
        """
        if not key and not title:
            return Found("", "missing-course", "fill in the id or the title of the course")
        folded = normalize(system)
        if not self.are_known:
            own = mint(self.workforce, "asset", f"{folded}/{key or title}")
            return Found(key if is_id(key) else own)
        found = self._ids.get((folded, key)) or self.with_id(key) if key else ""
        named = [name for name in map(normalize, (key, title)) if name in self._titles]
        found = found or next(filter(None, map(self._titles.get, named)), "")
        if found:
            return Found(found)
        if named or (key and ("", key) in self._ids):
            return Found("", "course-ambiguous", "several courses have this id or title; state an id that only one has")
        what = "title" if not key else "id" if not title else "id or title"
        return Found("", "unknown-course", f"no course has this {what}; import the catalog first, or correct it")


def _keys(heading: Heading) -> set[tuple[str, str]]:
    """Return the systems that know a course, each with the id there; none for its own id and code."""
    names = {("", heading.id), ("", heading.notation)}
    for scheme, value in heading.other_ids:
        system = normalize(scheme)
        names |= {(system, value), (system.split("-")[0], value), ("", value)}
    return {name for name in names if name[1]}


def headings_of(catalogs: Iterable[Catalog], store: Any) -> Iterator[Heading]:  # noqa: ANN401 - a Store
    """Yield the headings of the assets of some catalogs; where there are none, of all those in a store."""
    given = tuple(catalogs)
    for catalog in given:
        yield from map(heading_of, catalog.assets)
    if not given and store is not None:
        yield from StoredCatalog("", store).others()
