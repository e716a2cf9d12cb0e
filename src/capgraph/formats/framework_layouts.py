"""All layouts of framework tables: the common ones of `Rows`, and those of systems that spread over several tables."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Any

from capgraph.formats.framework_marks import add_translation, is_left_out
from capgraph.formats.framework_rows import Rows
from capgraph.formats.tabular import Cell, as_text
from capgraph.formats.values import level
from capgraph.text import normalize

LAYOUTS = (
    *("scale", "roles", "parents", "columns", "descriptors", "behaviors"),
    *("requirements", "matrix", "transposed", "attached"),
)
"""The layouts that are known, in the order in which tables of them are read together."""
STEP = re.compile(r"^(?:level|ebene|tier)\s*\d+$")
"""The name of a column that is one step of a tree."""
_LEVEL = re.compile(r"^(?:level|stage|stufe|niveau|nivel|livello|nível|l)\s*(\d+)\b\s*[-–:]?\s*(.*)$")
_ROLE = ("role", "role_label", "role_level", "description", "active", "operation")
_BEHAVIOR = ("id", "label", "statement", "level", "level_text", "active", "operation")


class FrameworkRows(Rows):
    """The rows of one table on their way into a framework, in any of the `LAYOUTS`."""

    def columns(self) -> None:
        """Read one branch a row, each column one step deeper; empty cells at its start repeat the row above."""
        steps = [place for place, key in enumerate(self.table.header.keys()) if STEP.match(key)]
        branch: list[str] = []
        for place, cells in self.table.records():
            broader: list[str] = []
            labels = [as_text(cells[step]) for step in steps]
            first = next((depth for depth, label in enumerate(labels) if label), 0)
            branch = [*branch[:first], *labels[first:]]
            for label in filter(None, branch if any(labels) else ()):
                key = "\x1f".join((*broader, label))
                broader = [self._capability(label, key=key, place=place, broader=list(broader))]
            if broader:
                self._keep(self.draft.tables["capabilities"][broader[0]], cells, place, also=steps)
            elif any(map(as_text, cells)):
                self._refuse("no entry", place)

    def descriptors(self) -> None:
        """Read one skill a row, one level a column; an empty cell says that the level is not defined."""
        found = {place: _LEVEL.match(key) for place, key in enumerate(self.table.header.keys())}
        columns = {place: int(match[1]) for place, match in found.items() if match}
        for place, rank in columns.items():
            name = self.table.header.names[place]
            match = _LEVEL.match(normalize(name))
            self.ranks.setdefault(rank, (match[2] if match else "").title() or name)
        rows = list(self.table.records())
        known = {normalize(self._text(cells, field)) for _, cells in rows for field in ("id", "label")}
        for place_, cells, label, key in self._entries(rows):
            texts = {rank: as_text(cells[place]) for place, rank in columns.items()}
            levels = [{"level": rank, "description": text} for rank, text in texts.items() if text]
            fields = {"levels": levels, "notation": key, **self._described(cells, known)}
            id_ = self._capability(label, key=key, place=place_, **fields)
            self._keep_entry(id_, cells, place_, *(("kind",) if fields["kind"] else ()), "parent", also=columns)

    def scale(self) -> None:
        """Read one level a row: its number and its name."""
        for place, cells in self.table.records():
            if is_left_out(self.draft.ledger, self._text(cells, "operation"), self._text(cells, "active"), place):
                continue
            found = level(self._text(cells, "level"))
            if found is None or found.rank is None:
                self._refuse("no number of a level", place)
                continue
            label = self._text(cells, "label") or found.label or str(found.rank)
            self.ranks[found.rank] = label
            self.words[normalize(label)] = found.rank

    def roles(self) -> None:
        """Read one role a row."""
        for place, cells in self.table.records():
            role = self._text(cells, "role")
            if is_left_out(self.draft.ledger, self._text(cells, "operation"), self._text(cells, "active"), place):
                continue
            if not role:
                self._refuse("no role", place)
                continue
            record = self._role_of(cells)
            if self._text(cells, "description"):
                record["description"] = self._text(cells, "description")
            self._keep(record, cells, place, *_ROLE)

    def behaviors(self) -> None:
        """Read one behavior a row: the competency that it belongs to, its text, its level where one is stated."""
        records = self.draft.tables["behaviors"]
        for place, cells in self.table.records():
            if is_left_out(self.draft.ledger, self._text(cells, "operation"), self._text(cells, "active"), place):
                continue
            key, text = self._text(cells, "id"), self._text(cells, "statement")
            label = self._text(cells, "label") or key
            if not label:
                self._refuse("no competency", place)
                continue
            skill = self._skill(label, key=key, place=place, notation=key)
            if self._text(cells, "level_text"):
                self._describe_level(skill, cells, place)
            if not text:
                if not self._text(cells, "level_text"):
                    self._refuse("no text of a behavior", place)
                continue
            id_ = self.minter("behavior", "\x1f".join((key or label, self._text(cells, "item") or text)))
            if id_ in records:
                if not add_translation(records[id_], self._text(cells, "culture"), {"label": text}):
                    self._refuse(f"repeats a behavior of {label!r}", place)
                continue
            rank = self._rank(self._text(cells, "level"), place)
            records[id_] = {"id": id_, "capability": skill, "statement": text, "sequence": len(records), "level": rank}
            self._keep(
                records[id_], cells, place, "id", "label", "statement", "level", "level_text", "active", "operation"
            )

    def _describe_level(self, skill: str, cells: tuple[Cell, ...], place: str) -> None:
        """Say what a level of a capability is, where the table has not said it yet."""
        rank, record = self._rank(self._text(cells, "level"), place), self.draft.tables["capabilities"][skill]
        known: list[dict[str, Any]] = record.setdefault("levels", [])
        if rank is not None and all(item["level"] != rank for item in known):
            known.append({"level": rank, "description": self._text(cells, "level_text")})

    def transposed(self) -> None:
        """Read one skill a row, one role a column; of several files, each is a role, and its columns are its levels."""
        used = set(self.places.values())
        role = PurePath(self.table.file).stem
        names = {place: name for place, name in enumerate(self.table.header.names) if name and place not in used}
        records = {place: self._role(role, name) if role else self._role(name) for place, name in names.items()}
        for place_, cells, label, key in self._entries(list(self.table.records())):
            known = self.named.get(normalize(label), key)
            fields = self._described(cells, (), linked=False)
            id_ = self._capability(label, key=known, place=place_, notation=key, **fields)
            self._keep_entry(id_, cells, place_, *self._placed(fields), also=names)
            for place, record in records.items():
                text = as_text(cells[place])
                if text and not self._is_unneeded(text, place_):
                    self._require(record, {"capability": id_, "level": self._rank(text, place_)}, place_)

    def attached(self) -> None:
        """Read rows that say more about a competency, such as what to do to learn it; they are kept with it."""
        for place, cells in self.table.records():
            key = self._text(cells, "id")
            record = self.draft.tables["capabilities"].get(self.minter("capability", key)) if key else None
            if record is None:
                self._refuse(f"{key!r} is no competency of the other tables" if key else "no competency", place)
                continue
            said: dict[str, Any] = {}
            self._keep(said, cells, place, "id")
            kept = record.setdefault("extensions", {}).setdefault("table", {})
            kept.setdefault("more", []).append(said["extensions"]["table"])
