"""Names of assets as texts use them: codes, ids and titles, the longest first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from capgraph.formats.identity import mint
from capgraph.text import normalize

if TYPE_CHECKING:
    from collections.abc import Sequence

TOKEN = re.compile(r"\(|\)|\[|\]|[,;/&\n|+]|[^\s()\[\],;&\n|+]+")
"""The pieces of a text: words, brackets and joining signs."""
_LONGEST = 14


class Names:
    """The ids of assets by their codes, ids and titles.

    Parameters
    ----------
    system : str
        The source system, under which unknown codes get ids.
    catalog : str
        The id of the catalog.
    """

    def __init__(self, catalog: str, system: str) -> None:
        # Hashes instead of texts: a million codes and titles stay in memory while their conditions are read.
        self._ids: dict[int, str] = {}
        self._starts: set[int] = set()
        self._catalog, self._system = catalog, system
        self.dangling: dict[str, str] = {}

    def add(self, name: str, id_: str) -> None:
        """Let a name stand for an asset, unless it stands for another one already."""
        words = TOKEN.findall(normalize(name))
        if words:
            self._ids.setdefault(hash(" ".join(words)), id_)
            self._starts.add(hash(words[0]))

    def longest(self, words: Sequence[str], start: int) -> tuple[str, int]:
        """Return the asset that the most words from a place on name, and how many they are."""
        if hash(words[start]) in self._starts:
            for count in range(min(_LONGEST, len(words) - start), 0, -1):
                found = self._ids.get(hash(" ".join(words[start : start + count])))
                if found is not None:
                    return found, count
        return "", 0

    def named(self, name: str) -> str:
        """Return the asset with exactly this name, or nothing."""
        return self._ids.get(hash(" ".join(TOKEN.findall(normalize(name)))), "")

    def occur_in(self, text: str) -> bool:
        """Return whether a text names an asset anywhere."""
        words = TOKEN.findall(normalize(text))
        return any(self.longest(words, place)[1] for place in range(len(words)))

    def unknown(self, code: str) -> str:
        """Return the id of a code that no asset has; it dangles."""
        id_ = mint(self._catalog, "asset", f"{self._system}/{code}")
        self.dangling[id_] = code
        return id_
