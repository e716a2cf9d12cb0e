"""What is common in a catalog: how often words, titles and stretches of titles occur among different contents."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from capgraph.analysis.cross_listing import Numbering

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_BACKGROUND = 1000
"""A catalog smaller than this is weighted as if it were a sample of one with so many entries."""
_WRAPPING_TITLES = 3
_GROUPS = 12

Stretch = tuple[str, ...]


class Tally(NamedTuple):
    """Counts over entries that hold every title whole: no title is counted in two tallies."""

    entries: int
    """How many entries there are."""
    different: int
    """How many different contents: copies of a title with its description count once."""
    texts: Mapping[str, int]
    """In how many different contents each word of a description occurs."""
    seen: Mapping[str, int]
    """In how many entries each word of a description occurs, copies included."""
    titles: Mapping[str, int]
    """In how many different contents each word of a title occurs."""
    crowded: frozenset[int]
    """The titles, as keys, above more different descriptions than one subject has."""
    formal: frozenset[int]
    """The titles that name a form of learning more than a subject, in several departments."""
    rests: Mapping[Stretch, frozenset[Stretch]]
    """For each stretch of a title, the titles around it; three say as much as more."""
    providers: frozenset[Stretch]
    """The words of those who offer something."""
    groups: Mapping[str, int]
    """How many codes begin with the same letters."""
    digits: Mapping[int, int]
    """How many codes have so many digits."""


class Commonness(NamedTuple):
    """What is common among all entries of one comparison."""

    total: int
    """How many different contents there are, or how many a small catalog is read as."""
    texts: Mapping[str, int]
    """In how many different contents each word of a description occurs."""
    seen: Mapping[str, int]
    """In how many entries each word of a description occurs."""
    titles: Mapping[str, int]
    """In how many different contents each word of a title occurs."""
    halved: float
    """From how many contents a word says nothing at all."""
    generic: frozenset[int]
    """The titles that say little."""
    wrapping: frozenset[Stretch]
    """The stretches of titles that go with many subjects."""
    providers: frozenset[Stretch]
    """The words of those who offer something."""
    numbering: Numbering
    """How codes are numbered."""

    @classmethod
    def of(cls, tallies: Iterable[Tally]) -> Commonness:
        """Return what is common over all tallies, whatever their order."""
        parts = list(tallies)
        rests: defaultdict[Stretch, set[Stretch]] = defaultdict(set)
        for part in parts:
            for stretch, around in part.rests.items():
                rests[stretch] |= around
        numbering = _numbering(parts)
        different = sum(part.different for part in parts)
        crowded = frozenset[int]().union(*(part.crowded for part in parts))
        formal = frozenset[int]().union(*(part.formal for part in parts))
        return cls(
            total=max(different, _BACKGROUND),
            texts=_summed(part.texts for part in parts),
            seen=_summed(part.seen for part in parts),
            titles=_summed(part.titles for part in parts),
            halved=different / 2 if different > _BACKGROUND else math.inf,
            generic=crowded | formal if numbering.is_grouped else crowded,
            wrapping=frozenset(stretch for stretch, around in rests.items() if len(around) >= _WRAPPING_TITLES),
            providers=frozenset[Stretch]().union(*(part.providers for part in parts)),
            numbering=numbering,
        )


def _summed(counts: Iterable[Mapping[str, int]]) -> Mapping[str, int]:
    """Return the sums of counts; those of one tally are handed on as they are."""
    found = list(counts)
    if len(found) == 1:
        return found[0]
    total: Counter[str] = Counter()
    for one in found:
        total.update(one)
    return total


def _numbering(parts: list[Tally]) -> Numbering:
    """Return how codes are numbered: by department where there are many, none of which is most of the catalog."""
    groups: Counter[str] = Counter()
    digits: Counter[int] = Counter()
    for part in parts:
        groups.update(part.groups)
        digits.update(part.digits)
    entries = sum(part.entries for part in parts)
    is_grouped = len(groups) >= _GROUPS and max(groups.values()) < entries / 2
    usual = max(digits, key=lambda size: (digits[size], size)) if is_grouped and digits else 0
    return Numbering(is_grouped, usual)


_JOIN = "\x1f"
Row = tuple[str, str, str, int]


def rows_of(tally: Tally) -> Iterator[Row]:
    """Yield a tally as rows of a kind, an item, a second item and a count, which add up over tallies."""
    yield "entries", "", "", tally.entries
    yield "different", "", "", tally.different
    for kind in ("texts", "seen", "titles", "groups"):
        for item, count in getattr(tally, kind).items():
            yield kind, item, "", count
    for size, count in tally.digits.items():
        yield "digits", str(size), "", count
    for kind in ("crowded", "formal"):
        for key in getattr(tally, kind):
            yield kind, str(key), "", 1
    for words in tally.providers:
        yield "providers", _JOIN.join(words), "", 1
    for stretch, around in tally.rests.items():
        for rest in around:
            yield "rests", _JOIN.join(stretch), _JOIN.join(rest), 1


def tally_of(rows: Iterable[Row]) -> Tally:
    """Return the tally that rows of a kind, an item, a second item and a summed count stand for."""
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    rests: defaultdict[Stretch, set[Stretch]] = defaultdict(set)
    for kind, item, other, count in rows:
        if kind == "rests":
            rests[tuple(item.split(_JOIN))].add(tuple(other.split(_JOIN)))
        else:
            found[kind][item] = count
    return Tally(
        entries=found["entries"].get("", 0),
        different=found["different"].get("", 0),
        texts=found["texts"],
        seen=found["seen"],
        titles=found["titles"],
        crowded=frozenset(map(int, found["crowded"])),
        formal=frozenset(map(int, found["formal"])),
        rests={stretch: frozenset(around) for stretch, around in rests.items()},
        providers=frozenset(tuple(item.split(_JOIN)) for item in found["providers"]),
        groups=found["groups"],
        digits={int(size): count for size, count in found["digits"].items()},
    )
