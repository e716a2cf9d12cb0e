"""Which entry a table means by a name where several have it: the nearest above it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capgraph.text import normalize

if TYPE_CHECKING:
    from collections.abc import Iterable


class Parents:
    """The ids of names while a table is read from top to bottom.

    An entry that lies in one of its own name is passed over: what follows lies in that one too.

    Parameters
    ----------
    entries : iterable of tuples of str
        The name, the id and the name of what is above of each row.

    Examples
    --------
    >>> above = Parents([("Data", "1", ""), ("Basics", "2", "Data"), ("Law", "3", ""), ("Basics", "4", "Law")])
    >>> for row in [("Data", "1", ""), ("Basics", "2", "Data")]:
    ...     above.passed(*row)
    >>> above.ids["basics"], above.several("Basics"), above.several("Data")
    ('2', "2 entries are called 'Basics'; the nearest above, '2', is taken", '')
    """

    def __init__(self, entries: Iterable[tuple[str, str, str]]) -> None:
        self.ids: dict[str, str] = {}
        """The id of each normalized name, as of the row that is read."""
        self._all: dict[str, list[str]] = {}
        for label, id_, _ in entries:
            ids = self._all.setdefault(normalize(label), [])
            if id_ not in ids:
                ids.append(id_)
            self.ids.setdefault(normalize(label), id_)

    def several(self, name: str) -> str:
        """Return what to tell where several entries have a name; nothing where one has it, or none."""
        ids = [id_ for id_ in self._all.get(normalize(name), ()) if id_]
        if len(ids) < 2:  # noqa: PLR2004 - one is no choice
            return ""
        return f"{len(ids)} entries are called {name!r}; the nearest above, {self.ids[normalize(name)]!r}, is taken"

    def passed(self, label: str, id_: str, above: str) -> None:
        """Take note of a row that was read."""
        if normalize(label) != normalize(above):
            self.ids[normalize(label)] = id_
