"""The UK Government Digital and Data capability framework: roles, role levels, skills, four levels, behaviors.

``roles.csv`` holds one row for each skill of each role level, ``skills_a_to_z.csv`` the texts of all levels of each
skill.  Either is enough; with both, every level of every skill is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from capgraph.formats.draft import Draft
from capgraph.formats.fixed import header_of, records_of, sniff_header
from capgraph.formats.idmap import Minter
from capgraph.formats.record import NO, Format, Sniff
from capgraph.model import Framework

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from capgraph.formats.content import Content
    from capgraph.formats.conversion import Ledger

ID = "urn:capgraph:ddat"
LEVELS = ("Awareness", "Working", "Practitioner", "Expert")
UNUSED = "NOT IN USE"
ROLE_COLUMNS = ("Role Family", "Role", "Role Level", "Skill Name", "Skill Level", "Skill Level Description")
SKILL_COLUMNS = ("Skill Name", "Skill Description", *LEVELS)
ATTRIBUTION = "Contains public sector information licensed under the Open Government Licence v3.0."

_ALSO = ("Role Description", "Role Level Description", "Skill Description", "Role Type")
_RANKS = {label: rank for rank, label in enumerate(LEVELS, start=1)}
_SCALE = "urn:capgraph:ddat:scale"


def read_ddat(content: Content, ledger: Ledger, *, idmap: Mapping[str, str] | None = None) -> Framework:
    """Return the framework.

    A requirement whose level is ``NOT IN USE`` has no level.  Rows that say the same twice are read once and listed.

    Parameters
    ----------
    idmap : mapping of str to str or None
        Ids of earlier readings by ``table/key``: the source has no ids, so a renamed role keeps its own by this.  A
        path to a CSV file where files are read: it is read, and written again.
    """
    draft = _draft(ledger)
    rows = _Rows(draft, Minter(ID, idmap))
    for name in content:
        header = header_of(content, name)
        if set(SKILL_COLUMNS) <= set(header):
            for place, row in records_of(content, name, ledger=ledger):
                rows.skill_with_levels(row, place)
        elif set(ROLE_COLUMNS) <= set(header):
            for place, row in records_of(content, name, ledger=ledger):
                rows.requirement(row, place)
        else:
            ledger.note("dropped", "file", reason="neither the list of roles nor that of skills", place=name)
    for table in ("capabilities", "behaviors", "roles"):
        ledger.note("kept", table, count=len(draft.tables[table]))
    return draft.build()


def _draft(ledger: Ledger) -> Draft[Framework]:
    """Return the framework before its rows are read: what it says about itself, and the scale of levels."""
    draft = Draft(
        Framework,
        ledger,
        id=ID,
        title="Government Digital and Data Profession Capability Framework",
        publisher="UK Government",
        license="OGL-UK-3.0",
        attribution=ATTRIBUTION,
        url="https://ddat-capability-framework.service.gov.uk",
        default_scale=_SCALE,
    )
    levels = [{"rank": rank, "label": label} for label, rank in _RANKS.items()]
    draft.add("scales", {"id": _SCALE, "label": "Skill levels", "levels": levels})
    return draft


def bullets(text: str) -> Iterator[str]:
    """Yield the items of a list in a cell: the lines that begin with a hyphen."""
    for line in text.splitlines():
        if line.lstrip().startswith("- ") and line.strip(" -"):
            yield line.lstrip()[2:].strip()


class _Rows:
    """The rows on their way into a framework."""

    def __init__(self, draft: Draft[Framework], minter: Minter) -> None:
        self.draft = draft
        self.minter = minter
        self.seen: dict[tuple[str, ...], str] = {}

    def skill_with_levels(self, row: Mapping[str, str], place: str) -> None:
        """Take in a row of the list of skills."""
        if self._is_nameless(row, ("Skill Name",), place):
            return
        skill = self._skill(row, place)
        for label in LEVELS:
            self._level(skill, label, row[label], place)
        self._keep(skill, row, {*SKILL_COLUMNS}, place)

    def requirement(self, row: Mapping[str, str], place: str) -> None:
        """Take in a row of the list of roles."""
        if (first := self.seen.setdefault(tuple(row.values()), place)) != place:
            text = f"the row repeats {first}"
            self.draft.problem("duplicate-row", text, place=place, hint="delete one of them")
            self.draft.ledger.note("normalized", "row", reason="repeats another row", place=place)
            return
        if self._is_nameless(row, ("Role Family", "Role", "Skill Name"), place):
            return
        skill, label = self._skill(row, place), row["Skill Level"].strip()
        if label in _RANKS:
            self._level(skill, label, row["Skill Level Description"], place)
        elif label != UNUSED:
            hint = f"use one of {', '.join(LEVELS)}, or {UNUSED}"
            self.draft.problem("unknown-level", f"{label!r} is no level", place=place, hint=hint)
        required = self._required(skill["id"], label, place)
        self._keep(required, row, {*ROLE_COLUMNS, *_ALSO}, place)
        self._require(required, skill, self._role(row, place), place)

    def _keep(self, record: dict[str, Any], row: Mapping[str, str], known: set[str], place: str) -> None:
        """Keep the cells of columns that no field holds."""
        rest = {column: cell for column, cell in row.items() if column not in known and cell.strip()}
        if rest:
            record.setdefault("extensions", {}).setdefault("ddat", {}).update(rest)
        for column in rest:
            self.draft.ledger.note("moved", column, reason="no field holds it", place=place)

    def _is_nameless(self, row: Mapping[str, str], columns: Iterable[str], place: str) -> bool:
        """Return whether a row lacks a name, and list it."""
        empty = [column for column in columns if not row[column].strip()]
        if empty:
            text = f"the row has no {' and no '.join(empty)} and is left out"
            self.draft.problem("no-name", text, place=place, hint="name it")
            self.draft.ledger.note("dropped", "row", reason="a name is missing", place=place)
        return bool(empty)

    def _required(self, skill: str, label: str, place: str) -> dict[str, Any]:
        """Return one requirement; a word that is no level is kept in the extensions."""
        required: dict[str, Any] = {"capability": skill, "level": _RANKS.get(label)}
        required["provenance"] = [{"source": "roles", "locator": place}]
        if label not in _RANKS:
            required["extensions"] = {"ddat": {"Skill Level": label}}
            self.draft.ledger.note("moved", "requirement.level", reason=f"{label} is no level", place=place)
        return required

    def _require(self, required: dict[str, Any], skill: dict[str, Any], role: dict[str, Any], place: str) -> None:
        """Add a requirement, unless the role has one of the same skill."""
        if any(item["capability"] == skill["id"] for item in role["requirements"]):
            text = f"{role['label']!r} requires {skill['label']!r} twice; the first is kept"
            self.draft.problem("duplicate-requirement", text, place=place, hint="keep one of them")
            self.draft.ledger.note("dropped", "requirement", reason="required twice", place=place)
            return
        role["requirements"].append(required)

    def _skill(self, row: Mapping[str, str], place: str) -> dict[str, Any]:
        """Return the record of a skill, which is added where it is new."""
        fields = {"label": row["Skill Name"].strip(), "description": row.get("Skill Description", "").strip()}
        return self._known("capabilities", "skill", fields["label"], {**fields, "levels": []}, place)

    def _role(self, row: Mapping[str, str], place: str) -> dict[str, Any]:
        """Return the record of a role level; its role and family are added where they are new."""
        names = [row[column].strip() for column in ("Role Family", "Role", "Role Level")]
        family = self._known("roles", "family", names[0], {"label": names[0], "kind": "family"}, place)
        fields: dict[str, Any] = {"label": names[1], "kind": "role", "broader": [family["id"]]}
        fields["description"] = row.get("Role Description", "").strip()
        role = self._known("roles", "role", names[1], fields, place)
        if not names[2]:
            role.setdefault("requirements", [])
            return role
        fields = {"label": names[2], "kind": "level", "broader": [role["id"]], "requirements": []}
        fields["description"] = row.get("Role Level Description", "").strip()
        if row.get("Role Type"):
            self.draft.ledger.note("moved", "Role Type", reason="no field holds it", place=place)
            fields["extensions"] = {"ddat": {"Role Type": row["Role Type"]}}
        return self._known("roles", "level", f"{role['id']}\x1f{names[2]}", fields, place)

    def _known(self, table: str, kind: str, key: str, fields: dict[str, Any], place: str) -> dict[str, Any]:
        """Return the record of a key, which is added where it is new."""
        id_ = self.minter(kind, key)
        records = self.draft.tables[table]
        if id_ not in records:
            provenance = [{"source": kind, "locator": place}]
            records[id_] = {"id": id_, **fields, "sequence": len(records), "provenance": provenance}
        known = records[id_]
        if (text := fields.get("description")) and text != known.setdefault("description", text):
            if known["description"]:
                self._differs(f"{kind} description", known["label"], place)
            else:
                known["description"] = text
        return known

    def _differs(self, what: str, label: str, place: str) -> None:
        """List a text that differs from the one that stands higher up."""
        text = f"{label!r} has another {what} than in an earlier row; the first is kept"
        self.draft.problem("contradiction", text, place=place, hint="keep one of them")
        self.draft.ledger.note("dropped", what, reason="differs from an earlier row", place=place)

    def _level(self, skill: dict[str, Any], label: str, text: str, place: str) -> None:
        """Add the descriptor of a level of a skill, and the behaviors in it, where they are new."""
        rank, behaviors = _RANKS[label], self.draft.tables["behaviors"]
        if not text.strip():
            return
        known = next((entry["description"] for entry in skill["levels"] if entry["level"] == rank), "")
        if not known:
            skill["levels"].append({"level": rank, "description": text.strip()})
        elif known.split() != text.split():
            self._differs("level description", f"{skill['label']}: {label}", place)
        for statement in bullets(text):
            id_ = self.minter("behavior", f"{skill['id']}\x1f{label}\x1f{statement}")
            if id_ not in behaviors:
                fields = {"capability": skill["id"], "level": rank, "statement": statement, "sequence": len(behaviors)}
                behaviors[id_] = {"id": id_, **fields, "provenance": [{"source": "skill", "locator": place}]}


def _sniff(content: Content, kind: str) -> Sniff:
    """Return whether a file has the columns of the list of roles or of skills."""
    if kind not in {"", "framework"} or len(content) > len(("roles", "skills", "subset")):
        return NO
    found = [
        sniff_header(header_of(content, name), columns)
        for name in content.named(".csv")
        for columns in (ROLE_COLUMNS, SKILL_COLUMNS)
    ]
    return max(found, key=lambda sniff: sniff.score, default=NO)


FORMAT = Format(
    name="ddat",
    title="UK Government Digital and Data framework (CSV)",
    extensions=(".csv",),
    reads=("framework",),
    carries={
        "framework": frozenset({"scales", "default_scale", "capabilities", "behaviors", "roles"}),
        "scale": frozenset({"label", "levels"}),
        "capability": frozenset({"label", "description", "levels"}),
        "behavior": frozenset({"capability", "level", "statement"}),
        "role": frozenset({"label", "kind", "description", "broader", "requirements"}),
        "requirement": frozenset({"capability", "level"}),
    },
    sniff=_sniff,
    reader=read_ddat,
    notes="The source has no ids; minted ones are stable, and `idmap=` keeps them over a rename.",
)
