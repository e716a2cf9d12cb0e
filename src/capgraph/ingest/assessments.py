"""Records of assessments in long lists: who has which level of which skill, according to whom."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from capgraph.formats.cells import plain
from capgraph.formats.headers import spelled
from capgraph.formats.lexicon import METHODS
from capgraph.ingest.columns import cell_of
from capgraph.ingest.levels import LevelProblem
from capgraph.text import normalize

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

    from capgraph.ingest.columns import Binding, Column
    from capgraph.ingest.records import Ledger
    from capgraph.ingest.tables import Raw, Table

_RATED = frozenset(
    {
        "rating",
        "score",
        "level",
        "assessment",
        "evaluation",
        "proficiency",
        "einschätzung",
        "bewertung",
        "stufe",
        "niveau",
    }
)
_RATERS = frozenset({"self", "manager", "peer"})
_ITEM = re.compile(r"(.+?)\s*(?:[:=(\[]\s*([^:=()\[\]]+?)\s*[)\]]?)?")
_BETWEEN = re.compile(r"\s*[;,|\n]\s*")
_NAMED = ("name", "skill", "skill_name", "label", "title")
_LEVELED = ("level", "proficiency", "rating", "proficiency_level", "score")


class Item(NamedTuple):
    """One skill that a record states."""

    skill: str
    """Its name or code."""
    level: str
    """Its level, where it is stated beside it."""


class Assessments:
    """Reads lists of assessments into a ledger.

    Parameters
    ----------
    ledger : Ledger
        Where the records go.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.ledger, self.reading, self.levels = ledger, ledger.reading, ledger.levels

    def read(self, table: Table, binding: Binding) -> None:
        """Read assessments; a cell may hold several skills, and several columns the levels by several raters."""
        fields = binding.fields
        first = fields["date"][0].rule.first if "date" in fields else ""
        raters = _raters(binding)
        is_held = not raters and not {"level", "score"} & fields.keys()
        if is_held:
            self.reading.notes.append(
                f"{table.source}: skills without a column of levels; where no level is beside them, they are held"
            )
        for raw, cells in self.reading.rows(table, binding):
            person = self.ledger.person(table, raw, cells.get("person", ""))
            if not person:
                continue
            for item in self._items(table, raw, binding) if is_held else [Item(cells.get("skill", ""), "")]:
                record = self._about(table, raw, cells, item)
                if record:
                    self._rate(table, raw, cells, {**record, "person": person}, (first, raters, item, is_held))

    def _items(self, table: Table, raw: Raw, binding: Binding) -> Iterator[Item]:
        """Yield the skills that a record states in one cell, each with its level where that is beside it."""
        for column in binding.fields.get("skill", [])[:1]:
            cell = cell_of(table, raw, column.place) if table.path_of is None else raw.cells[0].get(column.name)
            is_one = not isinstance(cell, list) and self.levels.known(plain(cell))
            items = cell if isinstance(cell, list) else [cell] if is_one else _BETWEEN.split(plain(cell))
            yield from (found for item in items if (found := _item(item)).skill)
            return
        yield Item("", "")

    def _about(self, table: Table, raw: Raw, cells: Mapping[str, str], item: Item) -> dict[str, Any]:
        """Return the capability that a record is about, or tell why there is none."""
        code = cells.get("skill_code", "")
        stated = item.skill or code
        found = self.levels.known(stated) or self.levels.known(code)
        if not stated:
            self.reading.reject(table, raw, "missing-skill", "fill in the skill", field="skill")
        elif not found and self.levels.has_framework:
            hint = "correct the label, or add it to the framework"
            self.reading.reject(table, raw, "unknown-skill", hint, field="skill")
        else:
            return {"capability": found or self.levels.capability(stated, self.reading.workforce)}
        return {}

    def _rate(
        self,
        table: Table,
        raw: Raw,
        cells: Mapping[str, str],
        record: dict[str, Any],
        how: tuple[str, dict[str, Column], Item, bool],
    ) -> None:
        """Read what one record says of one skill, once for each rater who has a column."""
        first, raters, item, is_held = how
        date = self._date(table, raw, cells, first)
        if date is None:
            return
        if not raters:
            method = METHODS.get(normalize(cells["method"])) if "method" in cells else self.ledger.defaults["kind"]
            if method is None:
                hint = "use self, manager, peer, test or observation"
                self.reading.reject(table, raw, "unknown-method", hint, field="method")
                return
            level = item.level or cells.get("level", "")
            shown = {} if is_held and not level else self._shown(table, raw, {**cells, "level": level}, record)
            self._add(table, raw, cells, None if shown is None else record | shown | {"kind": method, "date": date})
            return
        for kind, column in raters.items():
            level = self.reading.text(table, raw, column)
            shown = self._shown(table, raw, {"level": level}, record) if plain(level) else None
            self._add(table, raw, cells, None if shown is None else record | shown | {"kind": kind, "date": date})

    def _date(self, table: Table, raw: Raw, cells: Mapping[str, str], first: str) -> dt.date | None:
        """Return the day of a record: its own where the table has days, else that of all."""
        default: dt.date = self.ledger.defaults["date"]
        return self.ledger.date(table, raw, cells.get("date", ""), first) if "date" in cells else default

    def _shown(
        self, table: Table, raw: Raw, cells: Mapping[str, str], record: Mapping[str, Any]
    ) -> dict[str, Any] | None:
        """Return the level or value that was shown, or tell why there is none."""
        try:
            return self.levels.shown(cells.get("level", ""), cells.get("score", ""), record["capability"])
        except LevelProblem as problem:
            self.reading.reject(table, raw, problem.reason, problem.hint, field="level")
            return None

    def _add(self, table: Table, raw: Raw, cells: Mapping[str, str], record: dict[str, Any] | None) -> None:
        """Add a record with what else is known of it."""
        if record is None:
            return
        until = self.ledger.expiry(cells.get("expires", ""), record["date"], "")
        rest = {"source": cells.get("system", ""), "note": cells.get("note", ""), **until}
        self.ledger.add(table.source, table.locator(raw.number), record | rest, by=cells.get("rater", ""))


def _raters(binding: Binding) -> dict[str, Column]:
    """Return the columns of levels by the raters that their names state, such as *self rating*."""
    found: dict[str, Column] = {}
    for column in binding.columns:
        words = spelled(column.name).replace("-", " ").split()
        kinds = {METHODS[word] for word in words if word in METHODS} & _RATERS
        if len(kinds) == 1 and _RATED & set(words) and column.field in {"", "level", "score"}:
            found.setdefault(kinds.pop(), column)
    return found


def _item(item: object) -> Item:
    """Return a skill and the level beside it: ``Python: 3``, ``SQL (2)``, an object with a name and a level."""
    if isinstance(item, dict):
        named = next((str(item[name]) for name in _NAMED if item.get(name)), "")
        return Item(named, next((plain(item[name]) for name in _LEVELED if item.get(name) is not None), ""))
    text = plain(item)
    found = _ITEM.fullmatch(text)
    if found and found[2] and (found[2][:1].isdigit() or not text.endswith((")", "]"))):
        return Item(found[1], found[2])
    return Item(text, "")
