"""Twins: new assets whose title is that of another one, here or in another catalog; and renamed ones."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from capgraph.ingest.spool import Spool
from capgraph.ingest.told import Told
from capgraph.text import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from capgraph.ingest.known import Heading

_GENERIC = 5
_YEAR = re.compile(r"(?:19|20)\d\d")
_NOISE = frozenset({"online", "elearning", "course", "training", "the", "a", "an", "new", "edition", "updated"})


class New(NamedTuple):
    """A new asset."""

    id: str
    """Its id."""
    title: str
    """Its title."""
    source: str
    """The file."""
    locator: str
    """The place in it."""


class Twins:
    """Finds new assets with the title of another one.

    Notes
    -----
    Memory holds two numbers for each new asset; the assets themselves are put aside.
    """

    def __init__(self) -> None:
        self._new: Spool[New] = Spool(tuple, New._make)
        self._first: dict[int, int] = {}
        self._more: dict[int, list[int]] = {}

    def add(self, id_: str, title: str, language: str | None, place: tuple[str, str]) -> None:
        """Add a new asset."""
        mark = hash(title_key(id_, title, language))
        number = self._new.put(New(id_, title, *place))
        if self._first.setdefault(mark, number) != number:
            self._more.setdefault(mark, []).append(number)

    def of(self, heading: Heading) -> New | None:
        """Return the first new asset with the title of a known one, or None."""
        number = self._first.get(hash(title_key(heading.id, heading.title, heading.language)))
        return self._new[number] if number is not None else None

    def suspected(self, known: Iterable[Heading], others: Iterable[Heading]) -> Iterator[Told]:
        """Tell new assets whose title another one has; a title of more than five is a phrase, and tells nothing.

        Parameters
        ----------
        known : iterable of Heading
            The assets that the catalog has and keeps.
        others : iterable of Heading
            Those of other catalogs.
        """
        if not self._first:
            return
        before, behind = self._matching(known), self._matching(others)
        for mark in dict.fromkeys([*self._more, *before, *behind]):
            numbers = [self._first[mark], *self._more.get(mark, ())]
            own = [self._new[number] for number in numbers[: _GENERIC + 1]]
            same = [*before.get(mark, ()), *((new.id, new.title) for new in own), *behind.get(mark, ())]
            if len(same) <= _GENERIC:
                yield from _told(same, {new.id: new for new in own})

    def _matching(self, headings: Iterable[Heading]) -> dict[int, list[tuple[str, str]]]:
        """Return the ids and titles of the assets that have the title of a new one, by its mark."""
        found: dict[int, list[tuple[str, str]]] = {}
        for heading in headings:
            mark = hash(title_key(heading.id, heading.title, heading.language))
            if mark in self._first and len(found.setdefault(mark, [])) <= _GENERIC:
                found[mark].append((heading.id, heading.title))
        return found


def _told(same: list[tuple[str, str]], new: dict[str, New]) -> Iterator[Told]:
    """Tell the new ones among assets of one title; the first of all is what they are compared with."""
    first = same[0]
    for asset in same[1:]:
        about, twin = (asset, first) if asset[0] in new or first[0] not in new else (first, asset)
        if about[0] in new:
            hint = "they stay two; merge them by a decision if they are the same"
            place = (new[about[0]].source, new[about[0]].locator)
            yield Told(*place, "suspected", about[0], "title", twin[1], twin[0], "same-title", hint)


def title_key(id_: str, title: str, language: str | None) -> str:
    """Return the words by which titles are compared: without years, and without words that mean nothing here."""
    words = [
        word for word in tokens(title) if word not in _NOISE and (word[:1] not in "12" or not _YEAR.fullmatch(word))
    ]
    return f"{(language or '')[:2]} {' '.join(words)}" if words else id_
