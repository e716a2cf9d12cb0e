"""Which columns claim to be which field by their names, and which of them their cells bear out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from capgraph.formats.cells import is_missing, plain
from capgraph.formats.headers import spelled
from capgraph.ingest.fields import LISTS
from capgraph.ingest.looks import are_titles, by_looks
from capgraph.ingest.namings import COUNTED, cores, counted, folded, forms
from capgraph.ingest.person_namings import named_of_people
from capgraph.ingest.rules import rule_of
from capgraph.ingest.weighing import NUMBERS, contradiction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from capgraph.ingest.profile import Profile
    from capgraph.ingest.tables import Table

_ROUNDS = 3
_FULLEST = frozenset({"title", "description"})
"""Fields for which, of several columns, the one with the longest texts is taken."""
_LEAST = 3
_SLUG = re.compile(r"[\w.]+(?:[-_][\w.]+)+")
_UNNAMED = re.compile(r"(unnamed.*|index|level 0|x|field ?1|column ?1|c0)?")
_NUMBERING = frozenset(
    {
        "no", "nr", "number", "nummer", "num", "s no", "sl no", "sr no", "sno", "slno", "srno", "serial no",
        "serial number", "lfd nr", "lfdnr", "pos", "lp", "l p", "row", "row number", "row no", "item no", "№", "序号",
        "番号", "번호", "numero", "n°", "nº",
    }
)  # fmt: skip
"""Names of columns that may number the rows."""


@dataclass(slots=True)
class Claims:
    """The columns of each field, and why."""

    table: Table
    """The table."""
    cells: Mapping[int, list[object]]
    """The cells of each column in the sample."""
    fields: dict[str, list[int]] = field(default_factory=dict)
    """The columns of each field, the first preferred."""
    taken: dict[int, tuple[str, str]] = field(default_factory=dict)
    """The field that each column is shown under, and why."""
    kept: dict[int, str] = field(default_factory=dict)
    """The columns whose cells are not what their names say, and why."""
    ignored: dict[int, str] = field(default_factory=dict)
    """The columns that say nothing, and why."""
    stated: frozenset[str] = frozenset()
    """The fields whose columns the profile names."""

    def by_name(self, profile: Profile, why: str) -> None:
        """Claim the columns that a profile names, for fields that have none; columns already taken are left alone."""
        free = [place for place in range(len(self.table.names)) if place not in self.taken and self._is_open(place)]
        open_ = {name: aliases for name, aliases in profile.columns.items() if name not in self.fields}
        if profile.name == "people":
            for name, places in named_of_people(self.table, free, open_, self.taken):
                self._claim(name, places, why)
            return
        paths = self.table.names if self.table.path_of else None
        names: dict[str, int] = {}
        for place in reversed(free):
            names.update(dict.fromkeys(forms(self.table.names[place], paths), place))
        for name, aliases in open_.items():
            places = [names[form] for form in dict.fromkeys(map(folded, aliases)) if form in names]
            places = [place for place in dict.fromkeys(places) if place not in self.taken or profile.match]
            self._claim(name, places if name in LISTS or profile.match else places[:1], why)

    def by_core(self, profile: Profile) -> None:
        """Claim columns by what their names say without the subject, for fields that still have none."""
        names: dict[str, list[int]] = {}
        counts: dict[str, int] = {}
        for place, column in enumerate(self.table.names):
            if place not in self.taken and self._is_open(place):
                for core in cores(column):
                    names.setdefault(core, []).append(place)
                counts = dict.fromkeys(counted(column), place) | counts
        for name, aliases in profile.columns.items():
            found = {form: [place] for form, place in counts.items() if name in COUNTED} | names
            known = [] if name in self.fields else [form for form in map(folded, aliases) if form in found]
            places = [place for form in known for place in found[form]]
            places = [place for place in dict.fromkeys(places) if place not in self.taken]
            places = sorted(places, key=self._length, reverse=True) if name in _FULLEST else places
            self._claim(name, places if name in LISTS else places[:1], "its name")
        self._titles({folded(name) for name in profile.columns.get("title", ())})

    def _length(self, place: int) -> int:
        """Return how long the texts of a column are together."""
        return sum(len(plain(cell)) for cell in self.cells[place])

    def _titles(self, names: set[str]) -> None:
        """Claim further columns of titles that are said to be in a language as alternative titles."""
        free = [place for place in range(len(self.table.names)) if place not in self.taken and self._is_open(place)]
        said = [place for place in free if not names.isdisjoint(cores(self.table.names[place], tongue=True))]
        if "title" in self.fields and "alternative_titles" not in self.fields:
            self._claim("alternative_titles", said, "a title in another language")

    def _claim(self, name: str, places: list[int], why: str) -> None:
        """Take columns for a field."""
        if places:
            self.fields[name] = places
            for place in places:
                self.taken.setdefault(place, (name, why))

    def _is_open(self, place: int) -> bool:
        """Return whether a column may be claimed."""
        return place not in self.kept and place not in self.ignored

    def weigh(self, profile: Profile, usual: Profile) -> bool:
        """Give up the columns of usual names whose cells speak against it; return whether there were any."""
        found = False
        for name, places in list(self.fields.items()):
            for place in places if self.taken[places[0]][1] == "its name" else ():
                column, cells = self.table.names[place], self.cells[place]
                why = contradiction(name, column, cells, rule_of(name, column, profile, usual, cells))
                if why:
                    found = True
                    self._release(name, place)
                    self.kept[place] = why
        return found

    def unslug(self) -> None:
        """Give up a column of titles that are names for machines, where another one looks like titles."""
        for place in self.fields.get("title", [])[:1]:
            texts = [plain(cell) for cell in self.cells[place] if not is_missing(cell)]
            slugs = len(texts) >= _LEAST and all(_SLUG.fullmatch(text) for text in texts)
            others = (other for other in self.cells if other not in self.taken and self._is_open(other))
            if slugs and any(are_titles(self.cells[other]) for other in others):
                self._release("title", place)
                self.kept[place] = "named like a title, but its cells are names for machines"

    def shown(self) -> None:
        """Take a description for the title, where nothing else can be it and its cells look like titles."""
        places = self.fields.get("description", [])
        free = (place for place in self.cells if place not in self.taken and self._is_open(place))
        if "title" in self.fields or len(places) != 1 or any(are_titles(self.cells[place]) for place in free):
            return
        if are_titles(self.cells[places[0]]):
            self.fields["title"] = self.fields.pop("description")
            self.taken[places[0]] = ("title", "its cells look like titles, and no other ones do")

    def _release(self, name: str, place: int) -> None:
        """Give a column up."""
        self.taken.pop(place, None)
        self.fields[name] = [other for other in self.fields[name] if other != place]
        if not self.fields[name]:
            del self.fields[name]

    def number(self, *, unnamed: bool) -> None:
        """Leave out the columns that only number the rows: they change whenever a row goes or comes.

        With `unnamed`, those without a name alone, which no profile can name.
        """
        for place, name in enumerate(self.table.names):
            texts = [plain(cell) for cell in self.cells[place] if not is_missing(cell)]
            bare = spelled(name)
            if (
                place in self.taken
                or (unnamed and name)
                or len(texts) < _LEAST
                or not all(text.isdigit() for text in texts)
                or len(set(texts)) < len(texts)
            ):
                continue
            steps = [int(text) for text in texts]
            is_index = place == 0 and _UNNAMED.fullmatch(bare) and steps[0] in {0, 1} and steps == sorted(steps)
            if is_index or (bare in _NUMBERING and steps == list(range(steps[0], steps[0] + len(steps)))):
                self.ignored[place] = NUMBERS


def claims_of(table: Table, profile: Profile, usual: Profile, cells: Mapping[int, list[object]]) -> Claims:
    """Return which columns of a table are which field.

    Parameters
    ----------
    table : Table
        The table.
    profile : Profile
        What is known about such files; its columns are taken at their word.
    usual : Profile
        The usual names of columns, for the fields that the profile leaves open; their cells must bear them out.
    cells : mapping of int to list
        The cells of each column in the sample.
    """
    claims = Claims(table, cells)
    left = set(map(spelled, profile.ignore))
    claims.ignored.update(
        {place: "the profile says so" for place, name in enumerate(table.names) if spelled(name) in left}
    )
    own = {name: names for name, names in profile.columns.items() if names != usual.columns.get(name)}
    claims.by_name(replace(profile, columns=own), f"profile {profile.name}")
    claims.stated = frozenset(claims.fields)
    if usual.name == "generic":
        claims.number(unnamed=profile.exclusive)
    if profile.exclusive:
        return claims
    for _ in range(_ROUNDS):
        claims.by_name(usual, "its name")
        if usual.name != "generic":
            break
        claims.by_core(usual)
        claims.unslug()
        if not claims.weigh(profile, usual):
            break
    claims.shown()
    by_looks(table.names, _open_cells(claims), claims.fields, claims.taken, about=usual.name)
    return claims


def _open_cells(claims: Claims) -> dict[int, list[object]]:
    """Return the cells of the columns, without those of columns that say nothing."""
    return {place: [] if place in claims.ignored else cells for place, cells in claims.cells.items()}
