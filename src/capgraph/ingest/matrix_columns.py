"""Which column of a matrix is a skill, which is a course, and which is neither: by their cells above all."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from capgraph.formats.cells import is_missing, plain
from capgraph.formats.headers import spelled
from capgraph.formats.lexicon import UNDONE
from capgraph.ingest.columns import cell_of
from capgraph.ingest.completions import is_done
from capgraph.ingest.levels import is_decimal, is_not_applicable, signs_of
from capgraph.ingest.namings import folded
from capgraph.ingest.person_columns import is_day
from capgraph.ingest.profile import generic
from capgraph.text import normalize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from capgraph.ingest.columns import Binding, Column
    from capgraph.ingest.levels import Levels
    from capgraph.ingest.tables import Table

_ABOUT_PEOPLE = frozenset(
    {
        "person", "label", "first_name", "last_name", "email", "team", "team_label", "team_broader", "role",
        "role_level", "manager", "site", "since", "target_role", "rater",
    }
)  # fmt: skip
_MASTER_DATA = frozenset(
    {
        "salary", "income", "wage", "gender", "sex", "marital", "birth", "birthday", "dob", "gehalt", "geschlecht",
        "salaire", "sueldo", "salario", "sexo",
    }
)  # fmt: skip
"""Words in the names of columns that master data of people have, and matrices have not."""
_OF_MASTERS = frozenset({"manager", "since"})
"""Fields of master data, which matrices may have too."""
_SUMS = frozenset(
    {
        "total", "sum", "average", "mean", "summe", "gesamt", "durchschnitt", "moyenne", "promedio", "score", "years",
        "year", "experience", "age", "hours", "jahre", "alter", "count", "anzahl", "phone", "telephone",
        "telefon", "mobile",
    }
)  # fmt: skip
_MOMENTS = frozenset(
    {
        "time", "timestamp", "start", "started", "modified", "created", "updated", "submitted", "date", "datum",
        "fecha", "hired", "joined", "expiry", "expires", "due", "seen", "on", "am", "at", "since", "until",
        "zeitstempel", "hora", "heure", "uhrzeit", "zeit", "horário",
        "end", "ended", "ende", "beginn", "von", "bis", "from", "till", "début", "fin", "inicio", "início",
        "término", "inizio", "fine", "cadastro", "modificação", "modification", "inscription", "einde", "anmeldung",
    }
)  # fmt: skip
"""Last words of the names of columns of days that are not those on which a course was completed."""
_MARKS = frozenset({"x", "(x)", "xx", "✓", "✔", "☑", "✅"})
_SAMPLE = 300
"""How many rows a sample holds at least that may not be the whole table."""
_DATED = re.compile(
    r"\s*[-–:(]?\s*(?:completion date|date completed|completed on|date|datum|fecha|data)\)?$", re.IGNORECASE
)
_ASKED = re.compile(r"(.+?)\s*\[(.+)\]")
_WORDS = (
    "levels are numbers up to 10, scores end in %, and words for levels need ranks: "
    '[fields.level.values] 1 = ["Beginner"] in a profile, or a framework with a scale'
)


class MatrixColumns:
    """The columns of a table with a row for each person.

    Parameters
    ----------
    table : Table
        The table.
    binding : Binding
        What its columns mean by their names.
    levels : Levels
        Reads levels; it learns the words and signs that stand for levels here.
    workforce : str
        The id of the workforce.
    """

    def __init__(self, table: Table, binding: Binding, levels: Levels, workforce: str) -> None:
        self.table, self.binding, self.levels, self.workforce = table, binding, levels, workforce
        about = {column.place for name in _ABOUT_PEOPLE & binding.fields.keys() for column in binding.fields[name]}
        self._candidates = [
            column
            for column in binding.columns
            if column.place not in about and column.place >= 0 and column.name and column.use != "ignored"
        ]
        self.cells = {column.place: self._filled(column) for column in self._candidates}
        """The filled cells of each column that may be one of a skill or course."""
        words = {word: int(rank) for word, rank in binding.profile.rule("level").values.items() if rank.isdigit()}
        signs, self.told = signs_of(cell for cells in self.cells.values() for cell in cells)
        self.levels.words = {**signs, **words}
        self._beside: set[int] = set()
        self._is_master_data = any(_MASTER_DATA & _words(column) for column in binding.columns)

    def _filled(self, column: Column) -> list[object]:
        """Return the filled cells of a column in the sample."""
        cells = (cell_of(self.table, raw, column.place) for raw in self.table.sample if not raw.broken)
        return [cell for cell in cells if not is_missing(cell) and not is_not_applicable(cell)]

    def skills(self) -> dict[int, str]:
        """Return the names of the skills by column: those that the framework knows, or whose cells are levels."""
        if self._is_master_data and not self.levels.has_framework:
            return {}
        found = {}
        for column in self._candidates:
            name = self._skill_name(column)
            if column.field in {"level", "score", "state"} and not column.because.startswith("marks"):
                continue
            if self.levels.known(name) or (not self.levels.has_framework and self._are_levels(column)):
                found[column.place] = name
        if not found or (self._is_alone(found) and not self.levels.has_framework):
            return {}
        return found | ({} if self.levels.has_framework else self._unseen())

    def _unseen(self) -> dict[int, str]:
        """Return the columns of which the sample, one of many rows, holds no cell: they may be as the others are."""
        if len(self.table.sample) < _SAMPLE:
            return {}
        return {
            column.place: column.name for column in self._candidates if not (self.cells[column.place] or column.field)
        }

    def _are_levels(self, column: Column) -> bool:
        """Return whether most cells of a column are levels, or all are marks, and it sums up no others."""
        cells = self.cells[column.place]
        if not cells or _SUMS & _words(column):
            return False
        capability = self.levels.capability(column.name, self.workforce)
        like = sum(self.levels.states(cell, capability) for cell in cells)
        grades = sum(map(is_decimal, cells))
        return (like >= len(cells) / 2 and like > grades) or all(map(is_mark, cells))

    def of_levels(self) -> list[int]:
        """Return the columns that no field has and whose cells are levels, whatever they are called."""
        return [column.place for column in self._candidates if not column.field and self._are_levels(column)]

    def _skill_name(self, column: Column) -> str:
        """Return the name of the skill of a column; of a question about several, the one in brackets."""
        asked = _ASKED.fullmatch(column.name)
        if not asked or self.levels.known(column.name):
            return column.name
        alike = sum(other.name.startswith(f"{asked[1]} [") for other in self._candidates)
        return asked[2] if alike > 1 else column.name

    def marked(self, skills: Sequence[int]) -> set[int]:
        """Return the columns of skills that hold marks alone, each of which says that somebody has the skill."""
        return {place for place in skills if self.cells[place] and all(map(is_mark, self.cells[place]))}

    def folded(self) -> list[int]:
        """Return the columns whose cells hold a whole row of a matrix each, as JSON."""
        return [place for place, cells in self.cells.items() if cells and all(map(unfolded, cells))]

    def courses(self, *, marks: bool) -> dict[int, str]:
        """Return the titles of the courses by column: those whose cells are days, or say whether they are completed.

        Parameters
        ----------
        marks : bool
            Whether words and marks alone make a course, where nothing says when.
        """
        names = {normalize(column.name): column.place for column in self._candidates}
        found: dict[int, str] = {}
        for column in self._candidates if not self._is_master_data else ():
            bare = _DATED.sub("", column.name)
            other = names.get(normalize(bare)) if bare != column.name else None
            if self._is_expiry(column):
                self._beside.add(column.place)
                continue
            moment = other is None and spelled(column.name).rpartition(" ")[2] in _MOMENTS
            may = not moment and column.field in {"", "mark", "date", "asset_title", "asset"}
            if may and self._says_when(column, marks=marks):
                found[column.place] = bare if other is not None else column.name
                self._beside |= {other} if other is not None else set()
        found = {place: name for place, name in found.items() if place not in self._beside}
        return {} if not found or self._is_alone(found) else found | self._unseen()

    def _is_alone(self, found: dict[int, str]) -> bool:
        """Return whether one column stands among master data of people, where it may be anything."""
        return len(found) == 1 and not _OF_MASTERS.isdisjoint(self.binding.fields)

    @staticmethod
    def _is_expiry(column: Column) -> bool:
        """Return whether a column says until when something counts."""
        name = folded(column.name)
        return any(name == one or name.endswith(f" {one}") for one in map(folded, generic("people").columns["expires"]))

    def until(self, course: int) -> int | None:
        """Return the column beside that of a course that says until when it counts."""
        beside = (column for column in self._candidates if column.place == course + 1)
        return next((column.place for column in beside if self._is_expiry(column)), None)

    def _says_when(self, column: Column, *, marks: bool) -> bool:
        """Return whether most cells of a column are days, or words that say whether something is completed."""
        cells = self.cells[column.place]
        days = sum(is_date(cell) for cell in cells)
        like = days + sum(_says_whether(cell) for cell in cells)
        return bool(days or (marks and like)) and like >= len(cells) / 2

    def dated(self) -> Column | None:
        """Return the column with the day of each row, where there is one."""
        columns = self.binding.fields.get("date", [])
        return next((column for column in columns if any(map(is_date, self.cells.get(column.place, [])))), None)

    def nothing(self, *, completions: bool) -> str:
        """Return why nothing could be read."""
        if completions:
            return "it has no column of courses, and none whose cells are days of completion; name them in a profile"
        if self.levels.has_framework:
            return "no column is called as a capability of the framework, and none holds skills"
        if self._is_master_data:
            return "it looks like master data of people: import people; name a framework to read some columns as skills"
        return f"it has no column of skills, and none whose cells are levels; name them in a profile ({_WORDS})"

    def left_out(self, read: set[int], *, completions: bool) -> str:
        """Return what to tell of the columns that hold something and are not read; nothing where there are none."""
        names = [
            column.name
            for column in self._candidates
            if column.place not in read | self._beside
            and self.cells[column.place]
            and column.field in {"", "mark", "skill"}
        ]
        what = "neither days nor marks" if completions else f"no levels ({_WORDS})"
        what = "no capability of the framework" if self.levels.has_framework else what
        return f"left out, {what}: {', '.join(names)}" if names else ""


def _words(column: Column) -> set[str]:
    """Return the words of the name of a column."""
    return set(spelled(column.name).split())


def unfolded(cell: object) -> dict[str, object]:
    """Return the levels by skill that a cell holds as JSON, or nothing."""
    text = str(cell).strip()
    if not text.startswith("{"):
        return {}
    try:
        found = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        return {}
    return found if isinstance(found, dict) and not any(isinstance(one, dict | list) for one in found.values()) else {}


def is_mark(cell: object) -> bool:
    """Return whether a cell holds a mark alone."""
    return normalize(str(cell)) in _MARKS


def is_date(cell: object) -> bool:
    """Return whether a cell is a day."""
    return hasattr(cell, "year") or is_day(plain(cell))


def _says_whether(cell: object) -> bool:
    """Return whether a cell says in a word or mark whether something is completed."""
    text = normalize(plain(cell))
    return is_mark(text) or ((is_undone(text) or is_done(text)) and not text.isdigit())


def is_undone(text: str) -> bool:
    """Return whether a cell says that something is not completed, in words or by their first."""
    folded = normalize(text)
    return folded in UNDONE or folded.split(" ", 1)[0].rstrip(":,") in UNDONE
