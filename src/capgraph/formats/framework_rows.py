"""The layouts of framework tables, each read into the same draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from capgraph.errors import Issue, ParseError
from capgraph.formats.framework_marks import add_translation, is_inactive, is_left_out
from capgraph.formats.framework_parents import Parents
from capgraph.formats.tables import keep_rest, rest_of
from capgraph.formats.tabular import as_text
from capgraph.formats.values import boolean, level, number
from capgraph.text import normalize

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from capgraph.formats.draft import Draft
    from capgraph.formats.idmap import Minter
    from capgraph.formats.tables import Table
    from capgraph.formats.tabular import Cell
    from capgraph.model import Framework

    Row = tuple[Cell, ...]

_KINDS = {"domain", "competency", "skill", "knowledge", "attitude", "task"}
_REQUIRED = (
    *("role", "role_label", "role_level", "operation", "active", "label", "id", "description"),
    *("level", "importance", "necessity"),
)
_MARKS = {"x", "yes", "ja", "oui", "sí", "si"}
_PLACED = ("parent", "domain", "path", "active", "operation")


class Rows:
    """The rows of one table on their way into a framework."""

    def __init__(
        self,
        draft: Draft[Framework],
        minter: Minter,
        table: Table,
        *,
        places: Mapping[str, int],
        zero_means: str = "",
        levels: tuple[str, ...] = (),
        empty: Collection[str] = (),
    ) -> None:
        self.draft, self.minter, self.table = draft, minter, table
        self.places, self.zero_means = places, zero_means
        self.ranks: dict[int, str] = dict(enumerate(levels, start=1))
        self.words: dict[str, int] = {normalize(word): rank for rank, word in self.ranks.items()}
        self.empty = empty
        self.named: dict[str, str] = {}

    def go_on(self, earlier: Rows) -> None:
        """Read a further table of the same framework: its levels and names are those of the earlier one as well."""
        self.ranks, self.words, self.named = earlier.ranks, earlier.words, earlier.named

    def _text(self, cells: Row, field: str) -> str:
        """Return the text of a field, empty where no column holds it."""
        found = as_text(cells[self.places[field]]) if field in self.places else ""
        return "" if found in self.empty else found

    def _capability(self, label: str, *, key: str = "", place: str = "", **fields: Any) -> str:
        """Return the id of a capability, which is added where it is new."""
        id_ = self.minter("capability", key or label)
        records = self.draft.tables["capabilities"]
        if id_ not in records:
            provenance = [{"source": "table", "locator": place}] if place else []
            records[id_] = {"id": id_, "label": label, "sequence": len(records), "provenance": provenance}
        self.draft.keys.setdefault(id_, key or label)
        if key and label != key:
            self.named.setdefault(normalize(label), key)
        for name, value in (("label", label if key and label != key else ""), *fields.items()):
            if value and records[id_].setdefault(name, value) != value:
                text = f"{label!r} has another {name} than in an earlier row; the first is kept"
                self.draft.problem("contradiction", text, place=place, hint="keep one of them")
                self.draft.ledger.note("dropped", name, reason="differs from an earlier row", place=place)
        return id_

    def _skill(self, label: str, *, key: str = "", place: str = "", **fields: Any) -> str:
        """Return the id of a capability that a row speaks of, by its id or by the name that it has in another table."""
        key = key or self.named.get(normalize(label), "")
        return self._capability(label, key=key, place=place, **fields)

    def _keep_entry(self, id_: str, cells: Row, place: str, *fields: str, also: Iterable[int] = ()) -> None:
        """Keep what stands beside an entry; `fields` are those that were read beyond its id, name and description."""
        record = self.draft.tables["capabilities"][id_]
        self._keep(record, cells, place, "id", "label", "description", *fields, also=also)

    def _keep(self, record: dict[str, Any], cells: Row, place: str, *fields: str, also: Iterable[int] = ()) -> None:
        """Keep in the extensions of a record what stands in columns that are not read."""
        used = {self.places[field] for field in fields if field in self.places}
        rest = rest_of(self.table, cells, {*used, *also})
        known = record.get("extensions", {}).get("table", {})
        keep_rest(self.draft, record, {**known, **rest}, place)

    def _refuse(self, text: str, place: str) -> None:
        """List a row that is left out."""
        self.draft.problem("bad-row", f"{text}; the row is left out", place=place, hint="correct it")
        self.draft.ledger.note("dropped", "row", reason=text, place=place)

    def parents(self) -> None:
        """Read one entry a row, with what is above it by id or by name."""
        rows = list(self.table.records())
        names = ("label", "id", "parent")
        above = Parents(tuple(self._text(cells, name) for name in names) for _, cells in rows)  # type: ignore[misc]
        known = {normalize(self._text(cells, field)) for _, cells in rows for field in ("id", "label")}
        linked = any(normalize(self._text(cells, "parent")) in known for _, cells in rows)
        for place, cells, label, key in self._entries(rows):
            parent = self._text(cells, "parent")
            if linked and (told := above.several(parent)):
                self.draft.problem("ambiguous-parent", told, place=place, hint="name it by its id")
            fields = self._described(cells, known if linked else (), above.ids if linked else None, linked=linked)
            above.passed(label, key, parent)
            id_ = self._capability(label, key=key, place=place, notation=key, **fields)
            self._keep_entry(id_, cells, place, *self._placed(fields))

    @staticmethod
    def _placed(fields: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the fields of an entry that were read beyond its name."""
        return (*(("kind",) if fields["kind"] else ()), *_PLACED)

    def _described(
        self,
        cells: Row,
        known: Collection[str],
        keys: Mapping[str, str] | None = None,
        *,
        linked: bool = True,
    ) -> dict[str, Any]:
        """Return description, kind, state and what is above of an entry; `keys` are the ids of the names."""
        parent, word = self._text(cells, "parent"), normalize(self._text(cells, "kind"))
        above = (keys or {}).get(normalize(parent)) or parent
        broader = [self._above(above, known) if linked else self._domain([above])] if above else []
        steps = [step.strip() for step in self._text(cells, "path").split("/") if step.strip()]
        broader.extend(self._domain(names) for names in (steps, [self._text(cells, "domain")]) if any(names))
        kind = word if word in _KINDS else ""
        status = "deprecated" if is_inactive(self._text(cells, "active")) else ""
        return {"description": self._text(cells, "description"), "kind": kind, "broader": broader, "status": status}

    def _domain(self, names: list[str]) -> str:
        """Return the id of the last of the domains that lie in one another."""
        id_ = ""
        for depth, name in enumerate(names, start=1):
            key = "\x1f".join(("domain", *names[:depth]))
            id_ = self._capability(name, key=key, kind="domain", broader=[id_] if id_ else [])
        return id_

    def _is_translated(self, cells: Row, key: str, label: str) -> bool:
        """Return whether a row states an earlier entry in another language, which is added to that."""
        record = self.draft.tables["capabilities"].get(self.minter("capability", key or label))
        text = {"label": label, "description": self._text(cells, "description")}
        return record is not None and add_translation(record, self._text(cells, "culture"), text)

    def _entries(self, rows: list[tuple[str, Row]]) -> Iterator[tuple[str, Row, str, str]]:
        """Yield place, cells, name and id of each row; one without a name, and one that repeats another, is refused."""
        seen: dict[str, str] = {}
        for place, cells in rows:
            label, key = self._text(cells, "label"), self._text(cells, "id")
            if is_left_out(self.draft.ledger, self._text(cells, "operation"), "", place):
                continue
            if not label:
                self._refuse("no name", place)
            elif normalize(key or label) in seen and self._is_translated(cells, key, label):
                continue
            elif (first := seen.setdefault(normalize(key or label), place)) != place:
                self._refuse(f"repeats {first}", place)
            else:
                yield place, cells, label, key

    def _above(self, key: str, known: Collection[str]) -> str:
        """Return the id of an entry above; a name that has no row of its own is a domain."""
        if normalize(key) in known or ("id" in self.places and "parent" in self.places):
            id_ = self.minter("capability", key)
            self.draft.keys.setdefault(id_, key)
            return id_
        return self._capability(key, kind="domain")

    def requirements(self) -> None:
        """Read one requirement a row: role, skill, level."""
        for place, cells in self.table.records():
            role, label = self._text(cells, "role"), self._text(cells, "label") or self._text(cells, "id")
            words = (self._text(cells, "operation"), self._text(cells, "active"))
            if is_left_out(self.draft.ledger, *words, place):
                continue
            if not role or not label:
                self._refuse("no role or no skill", place)
                continue
            text = self._text(cells, "description")
            key = self._text(cells, "id")
            skill = self._skill(label, key=key, place=place, description=text, notation=key)
            record = self._role_of(cells)
            required: dict[str, Any] = {"capability": skill, "level": self._rank(self._text(cells, "level"), place)}
            required |= self._weights(cells, place)
            self._keep(required, cells, place, *_REQUIRED)
            self._require(record, required, place)

    def _weights(self, cells: Row, place: str) -> dict[str, Any]:
        """Return how much a requirement weighs; a cell that cannot be read is listed."""
        found: dict[str, Any] = {}
        try:
            if (importance := number(self._text(cells, "importance"))) is not None:
                found["importance"] = float(importance)
            word = normalize(self._text(cells, "necessity"))
            if word in {"mandatory", "essential", "optional"}:
                found["necessity"] = word
            elif word:
                found["necessity"] = "essential" if boolean(word) else "optional"
        except ValueError as error:
            self.draft.problem("bad-cell", str(error), place=place, hint="correct the cell")
            self.draft.ledger.note("dropped", "requirement", reason="a cell cannot be read", place=place)
        return found

    def _role_of(self, cells: Row) -> dict[str, Any]:
        """Return the record of the role, or of the level of one, that a row speaks of."""
        stated, label = self._text(cells, "role"), self._text(cells, "role_label")
        role = self.named.get(f"role\x1f{normalize(stated)}", stated)
        if label and label != role:
            self.named.setdefault(f"role\x1f{normalize(label)}", role)
        return self._role(role, self._text(cells, "role_level"), label=label)

    def _role(self, role: str, grade: str = "", *, label: str = "") -> dict[str, Any]:
        """Return the record of a role, or of one level of it, which is added where it is new."""
        records = self.draft.tables["roles"]
        id_ = self.minter("role", role)
        named = records.setdefault(id_, {"id": id_, "label": label or role, "kind": "role", "requirements": []})
        if not grade:
            return named
        own = self.minter("role", f"{id_}\x1f{grade}")
        known = {
            "id": own,
            "label": f"{named['label']}: {grade}",
            "kind": "level",
            "broader": [id_],
            "requirements": [],
        }
        return records.setdefault(own, known)

    def _require(self, role: dict[str, Any], required: dict[str, Any], place: str) -> None:
        """Add a requirement, unless the role has one of the same capability."""
        if any(item["capability"] == required["capability"] for item in role["requirements"]):
            self._refuse(f"{role['label']!r} requires it twice", place)
            return
        role["requirements"].append({name: value for name, value in required.items() if value is not None})

    def matrix(self) -> None:
        """Read one role a row, one skill a column; a cell that is empty, or says so, requires nothing."""
        used = set(self.places.values())
        skills = {place: name for place, name in enumerate(self.table.header.names) if name and place not in used}
        groups = dict(enumerate(self.table.header.groups))
        for place, cells in self.table.records():
            role = self._text(cells, "role")
            if not role:
                self._refuse("no role", place)
                continue
            record = self._role(role, self._text(cells, "role_level"))
            self._keep(record, cells, place, "role", "role_level", also=skills)
            for column, name in skills.items():
                text, group = as_text(cells[column]), groups.get(column)
                skill = self._capability(name, broader=[self._domain([group])] if group else [])
                if text and not self._is_unneeded(text, place):
                    self._require(record, {"capability": skill, "level": self._rank(text, place)}, place)

    def _is_unneeded(self, text: str, place: str) -> bool:
        """Return whether a cell says that the skill is not required; a 0 whose meaning is not stated is refused."""
        found = level(text)
        if found is None or found.rank != 0 or 0 in self.ranks:
            return found is None
        if not self.zero_means:
            hint = "say what it means (zero_means= not_needed, no_knowledge or not_assessed)"
            raise ParseError([Issue("zero", "a cell holds 0, which can mean three things", where=place, hint=hint)])
        return True

    def _rank(self, text: str, place: str) -> int | None:
        """Return the rank that a cell states by number or by word; None where holding the skill is enough."""
        if not text or normalize(text) in _MARKS:
            return None
        if normalize(text) in self.words:
            return self.words[normalize(text)]
        found = level(text)
        if found is None or found.rank is None:
            text = f"{text!r} is no level"
            self.draft.problem("bad-level", text, place=place, hint="name the levels from the lowest (levels=)")
            self.draft.ledger.note("dropped", "requirement.level", reason="no level", place=place)
            return None
        self.ranks.setdefault(found.rank, found.label or str(found.rank))
        return found.rank

    def add_scale(self) -> None:
        """Add the scale of the levels that the table uses."""
        if self.ranks:
            id_ = self.minter("scale", "levels")
            levels = [{"rank": rank, "label": label} for rank, label in self.ranks.items()]
            scale = {"id": id_, "label": "Levels", "levels": levels, "zero_means": self.zero_means or None}
            self.draft.add("scales", scale)
            self.draft.fields["default_scale"] = id_
