"""The O*NET database: text files, or the workbooks of the same tables.

Occupations become roles, elements of the content model capabilities.  The ratings of an element by importance (IM, 1 to
5) and level (LV, 0 to 7) become a requirement by a rule whose parameters are options of the reader; LV is the average
level of workers, not a target, and its meaning differs from element to element.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from capgraph.errors import Issue, ParseError
from capgraph.formats.draft import Draft
from capgraph.formats.fixed import header_of, rows_of
from capgraph.formats.identity import mint
from capgraph.formats.onet_ratings import RATED, RATING, Ratings, Rule, number, whole
from capgraph.formats.record import NO, Format, Sniff
from capgraph.formats.tabular import as_text, sheets
from capgraph.model import Framework

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from capgraph.formats.content import Content
    from capgraph.formats.conversion import Ledger

ID = "urn:capgraph:onet"
PREFIXES = {"onet": "urn:capgraph:onet:", "soc": "urn:capgraph:soc:"}
ATTRIBUTION = (
    "This product includes information from the O*NET Database by the U.S. Department of Labor, Employment and "
    "Training Administration (USDOL/ETA). Used under the CC BY 4.0 license. O*NET(R) is a trademark of USDOL/ETA."
)
CODE = "O*NET-SOC Code"
SCALE = "onet:scale-LV"

_TOP = 7
_KINDS = {"2.C": "knowledge", "2.A": "skill", "2.B": "skill", "1.A": "skill", "4.A": "task", "1.C": "attitude"}
_OPTIONAL = {"Task Statements": "tasks", "Technology Skills": "technology"}
_REPEATED = frozenset({"Title", "Scale Name", "Element Name", "Related Title", "Description"})
"""Columns that repeat what another table says, or that are taken where they stand."""
_TIERS = ("Relatedness Tier", "Index")
_KEPT: dict[str, tuple[str, ...]] = {
    "Job Zones": ("Date", "Domain Source"),
    "Related Occupations": _TIERS,
    "Task Statements": ("Task Type", "Incumbents Responding", "Date", "Domain Source"),
    "Technology Skills": ("Hot Technology", "In Demand"),
    **dict.fromkeys(("Occupation Data", "Content Model Reference", "Alternate Titles", "Level Scale Anchors"), ()),
}
"""The columns that stand in the extensions, by table; those of the tables of ratings are `RATING`."""
_READ = {
    *("Occupation Data", "Content Model Reference", "Alternate Titles", "Job Zones", "Related Occupations"),
    *("Level Scale Anchors", *RATED, *_OPTIONAL),
}


def read_onet(
    content: Content,
    ledger: Ledger,
    *,
    min_importance: float = 3.0,
    top_k: int | None = None,
    suppressed_confidence: float = 0.25,
    parts: Sequence[str] = ("skills", "knowledge", "abilities", "work activities"),
    version: str = "",
) -> Framework:
    """Return the framework of occupations and elements.

    A requirement is made of every element that is relevant for the occupation and rated at least `min_importance`: its
    importance is (IM - 1) / 4, its value LV.  Ratings that the publisher suppresses get a low confidence.  Occupations
    without ratings are said, and require nothing that is known.

    Parameters
    ----------
    min_importance : float
        The least importance, from 1 to 5; 3 is the publisher's own anchor for *important*.
    top_k : int or None
        Instead of `min_importance`, this many of the most important elements of each table; None for no such choice.
    suppressed_confidence : float
        The confidence of ratings that the publisher recommends to suppress, from 0 to 1.
    parts : sequence of str
        What is required: ``skills``, ``knowledge``, ``abilities``, ``work activities``, ``tasks``, ``technology``.
    version : str
        The release, which the files do not state.
    """
    draft = _draft(ledger, version)
    reader = _Tables(content, draft, {part.lower() for part in parts})
    reader.occupations()
    reader.elements()
    ratings = Ratings(draft, Rule(min_importance, top_k, suppressed_confidence))
    for table in RATED:
        if table.lower() in reader.parts:
            ratings.take(reader.table(table, CODE, "Element ID", "Scale ID", "Data Value"), table)
    if ratings.rated:
        ratings.say_what_is_unrated()
    reader.extras()
    for table in ("capabilities", "roles"):
        ledger.note("kept", table, count=len(draft.tables[table]))
    return draft.build()


def _draft(ledger: Ledger, version: str) -> Draft[Framework]:
    """Return the framework before its tables are read: what it says about itself, and the scale of levels."""
    fields = {"id": ID, "title": "O*NET", "version": version, "prefixes": PREFIXES, "default_scale": SCALE}
    about = {"publisher": "USDOL/ETA", "license": "CC-BY-4.0", "attribution": ATTRIBUTION}
    draft = Draft(Framework, ledger, url="https://www.onetcenter.org/database.html", **fields, **about)
    levels = [{"rank": rank, "label": f"Level {rank}"} for rank in range(_TOP + 1)]
    scale = {"id": SCALE, "label": "Level", "kind": "interval", "minimum": 0, "maximum": _TOP, "levels": levels}
    draft.add("scales", scale)
    return draft


def _tables(content: Content) -> dict[str, str]:
    """Return the name in the content of each table that is read; text goes before workbooks."""
    found: dict[str, str] = {}
    for name in content.named(".xlsx", ".csv", ".txt"):
        stem = PurePosixPath(name).stem
        if stem in _READ and (stem not in found or name.lower().endswith(".txt")):
            found[stem] = name
    return found


class _Tables:
    """The tables on their way into a framework."""

    def __init__(self, content: Content, draft: Draft[Framework], parts: set[str]) -> None:
        self.content = content
        self.draft = draft
        self.parts = parts
        self.names = _tables(content)
        for name in content:
            if name not in self.names.values():
                draft.ledger.note("dropped", "file", reason="no table of the reader", place=name)

    def table(self, stem: str, *needed: str) -> Iterator[dict[str, str]]:
        """Yield the rows of a table by column; ``n/a`` is empty, a table that is not there has no rows."""
        name = self.names.get(stem)
        if name is None:
            return
        rows = self._rows(name, needed)
        header = next(rows)
        for column in header:
            if column not in {*needed, *_REPEATED, *_KEPT.get(stem, RATING)}:
                self.draft.ledger.note("dropped", column, reason="no field holds it", place=name)
        for row in rows:
            yield {column: "" if cell == "n/a" else cell for column, cell in zip(header, row, strict=False)}

    def _rows(self, name: str, needed: tuple[str, ...]) -> Iterator[list[str]]:
        """Yield the header and the rows of a file as texts."""
        if not name.lower().endswith(".xlsx"):
            delimiter = "\t" if name.lower().endswith(".txt") else ","
            return rows_of(self.content, name, delimiter=delimiter, needed=needed, ledger=self.draft.ledger)
        found = [sheet for sheet in sheets(self.content[name], name) if sheet.rows]
        if not found or not set(needed) <= set(found[0].rows[0]):
            text = f"{name!r} has not the columns {', '.join(needed)}"
            raise ParseError([Issue("no-column", text, (name,), f"{name} row:1", "fetch the file again")])
        return (list(map(as_text, row)) for row in found[0].rows)

    def occupations(self) -> None:
        """Take in the occupations with their other titles, job zones and related occupations."""
        for row in self.table("Occupation Data", CODE, "Title", "Description"):
            record = {"id": f"soc:{row[CODE]}", "label": row["Title"], "notation": row[CODE]}
            self.draft.add("roles", {**record, "description": row["Description"]}, place=row[CODE])
        for row in self.table("Alternate Titles", CODE, "Alternate Title"):
            if (role := self._role(row, "Alternate Titles")) is not None:
                role.setdefault("alternative_labels", []).append(row["Alternate Title"])
        for row in self.table("Job Zones", CODE, "Job Zone"):
            if (role := self._role(row, "Job Zones")) is not None:
                kept = role.setdefault("extensions", {}).setdefault("onet", {})
                kept["job_zone"] = whole(row["Job Zone"])
                kept |= {f"Job Zone {column}": row[column] for column in ("Date", "Domain Source") if row.get(column)}
                self.draft.ledger.note("moved", "Job Zone", reason="no field holds it", place=row[CODE])
        self._related()

    def _related(self) -> None:
        """Take in which occupations are related."""
        roles = self.draft.tables["roles"]
        for row in self.table("Related Occupations", CODE, f"Related {CODE}"):
            related = f"soc:{row[f'Related {CODE}']}"
            if (role := self._role(row, "Related Occupations")) is not None:
                if related in roles:
                    role.setdefault("related", []).append(related)
                    rest = {column: row[column] for column in _TIERS if row.get(column)}
                    kept = role.setdefault("extensions", {}).setdefault("onet", {}).setdefault("related", {})
                    kept[row[f"Related {CODE}"]] = rest
                else:
                    place = f"{row[CODE]} {row[f'Related {CODE}']}"
                    self.draft.ledger.note("dropped", "role.related", reason="of no occupation here", place=place)

    def _role(self, row: dict[str, str], table: str) -> dict[str, Any] | None:
        """Return the record of the occupation that a row is about."""
        role = self.draft.tables["roles"].get(f"soc:{row[CODE]}")
        if role is None:
            self.draft.ledger.note("dropped", table, reason="of no occupation here", place=row[CODE])
        return role

    def elements(self) -> None:
        """Take in the elements with their anchors; what is broader is told by the dotted prefix of the id."""
        rows = {row["Element ID"]: row for row in self.table("Content Model Reference", "Element ID", "Element Name")}
        inner = {id_.rpartition(".")[0] for id_ in rows}
        for id_, row in rows.items():
            broader = id_.rpartition(".")[0]
            record: dict[str, Any] = {
                "id": f"onet:{id_}",
                "label": row["Element Name"],
                "notation": id_,
                "kind": "domain" if id_ in inner else _KINDS.get(id_[:3], "competency"),
                "broader": [f"onet:{broader}"] if broader in rows else [],
            }
            description = row.get("Description", "")
            self.draft.add("capabilities", {**record, "description": description}, place=id_)
        self._anchors()

    def _anchors(self) -> None:
        """Take in what a level of an element means; anchors between two levels are left out."""
        capabilities = self.draft.tables["capabilities"]
        for row in self.table("Level Scale Anchors", "Element ID", "Scale ID", "Anchor Value", "Anchor Description"):
            rank, element = number(row["Anchor Value"]), capabilities.get(f"onet:{row['Element ID']}")
            if element is None or row["Scale ID"] != "LV" or rank is None or rank != int(rank):
                place = f"{row['Element ID']} {row['Scale ID']} {row['Anchor Value']}"
                self.draft.ledger.note("dropped", "anchor", reason="of no element or level", place=place)
                continue
            if row.get("Element Name", element["label"]) != element["label"]:
                reason = "differs from the name in the content model"
                self.draft.ledger.note("dropped", "Element Name", reason=reason, place=row["Element ID"])
            levels = element.setdefault("levels", [])
            if all(entry["level"] != rank for entry in levels):
                levels.append({"level": int(rank), "description": row["Anchor Description"]})

    def extras(self) -> None:
        """Take in tasks and technology where they are asked for, and say so where they are not."""
        for stem, part in _OPTIONAL.items():
            if stem in self.names and part not in self.parts:
                self.draft.ledger.note("normalized", "file", reason=f"ask for it with parts={part!r}", place=stem)
        if "tasks" in self.parts:
            for row in self.table("Task Statements", CODE, "Task ID", "Task", "Task Type"):
                necessity = "essential" if row["Task Type"] == "Core" else "optional"
                fields: dict[str, Any] = {"label": row["Task"], "kind": "task"}
                self._require(row, f"onet:task-{whole(row['Task ID'])}", fields, necessity, _KEPT["Task Statements"])
        if "technology" in self.parts:
            for row in self.table("Technology Skills", CODE, "Example", "Commodity Code", "Commodity Title"):
                group = f"onet:commodity-{whole(row['Commodity Code'])}"
                record = {"id": group, "label": row["Commodity Title"], "kind": "domain"}
                self.draft.tables["capabilities"].setdefault(group, record)
                fields = {"label": row["Example"], "kind": "skill", "broader": [group]}
                id_ = mint(ID, "technology", row["Example"])
                self._require(row, id_, fields, "optional", _KEPT["Technology Skills"])

    def _require(
        self, row: dict[str, str], id_: str, fields: dict[str, Any], necessity: str, kept: Sequence[str]
    ) -> None:
        """Let the occupation of a row require a task or technology, once, with what else the row says."""
        role = self._role(row, fields["kind"])
        if role is None:
            return
        self.draft.tables["capabilities"].setdefault(id_, {"id": id_, **fields})
        required = role.setdefault("requirements", [])
        if all(item["capability"] != id_ for item in required):
            rest = {column: row[column] for column in kept if row.get(column)}
            required.append({"capability": id_, "necessity": necessity, "extensions": {"onet": rest} if rest else {}})


def _sniff(content: Content, kind: str) -> Sniff:
    """Return whether there are files named and built like those of O*NET."""
    if kind not in {"", "framework"}:
        return NO
    names = _tables(content)
    fitting = [
        stem
        for stem, name in names.items()
        if name.lower().endswith(".xlsx")
        or {CODE, "Element ID"} & set(header_of(content, name, delimiter="\t" if name.endswith(".txt") else ","))
    ]
    if "Occupation Data" in fitting:
        return Sniff(0.95, (f"has {', '.join(sorted(fitting)[:4])}",))
    return Sniff(0.1 if fitting else 0.0, missing=("Occupation Data.txt (or .xlsx)",))


FORMAT = Format(
    name="onet",
    title="O*NET database (text, XLSX)",
    extensions=(".txt", ".xlsx"),
    reads=("framework",),
    carries={
        "framework": frozenset({"scales", "default_scale", "capabilities", "roles", "version"}),
        "scale": frozenset({"label", "kind", "minimum", "maximum", "levels"}),
        "capability": frozenset({"label", "kind", "description", "notation", "broader", "levels"}),
        "role": frozenset(
            {"label", "description", "notation", "alternative_labels", "related", "requirements", "extensions"}
        ),
        "requirement": frozenset({"capability", "value", "importance", "confidence", "necessity", "extensions"}),
    },
    sniff=_sniff,
    reader=read_onet,
    notes="Ratings become requirements by a documented rule (`min_importance=`, `top_k=`).",
)
