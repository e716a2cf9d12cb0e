"""Rich skill descriptors of the Open Skills Management Tool: its import and export CSV, and its API's JSON."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from capgraph.formats.draft import Draft
from capgraph.formats.fixed import header_of, records_of, sniff_header
from capgraph.formats.identity import is_id, slug
from capgraph.formats.idmap import Minter
from capgraph.formats.jsontext import load_json, text_of, texts
from capgraph.formats.record import NO, Format, Sniff
from capgraph.formats.unread import Source
from capgraph.model import Framework

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from capgraph.formats.content import Content
    from capgraph.formats.conversion import Ledger

_ALIASES = {
    "id": ("Canonical URL", "id"),
    "name": ("Skill Name", "RSD Name", "skillName"),
    "statement": ("Contextualized Skill Statement", "Skill Statement", "skillStatement"),
    "categories": ("Skill Categories", "Skill Category", "Category", "Categories", "categories"),
    "keywords": ("Keywords", "keywords"),
}
_SEPARATOR = ";"


def read_osmt(content: Content, ledger: Ledger, *, id: str = "", idmap: Mapping[str, str] | None = None) -> Framework:
    """Return the descriptors as skills; categories are domains, the statement is the description.

    Parameters
    ----------
    id : str
        The id of the framework, which the files do not state; empty for one made of the file name.
    idmap : mapping of str to str or None
        Ids of earlier readings by ``skill/name`` and ``category/name``, for descriptors without a URL.
    """
    own = id or f"fw:{slug(PurePath(content.name).stem)}"
    draft, minter = Draft(Framework, ledger, id=own), Minter(own, idmap)
    read = _json if _is_json(content) else _csv
    for place, row in read(content, ledger):
        _take(draft, row, place, minter)
    ledger.note("kept", "capabilities", count=len(draft.tables["capabilities"]))
    return draft.build()


def _is_json(content: Content) -> bool:
    """Return whether the file begins like JSON."""
    return content.head().lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in {b"{", b"["}


def _json(content: Content, ledger: Ledger) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the descriptors of the API's answer, of one or of several."""
    value = load_json(content[content.name])
    for number, item in enumerate(value if isinstance(value, list) else [value]):
        place = f"/{number}" if isinstance(value, list) else ""
        if isinstance(item, dict):
            yield place, item
        else:
            ledger.note("dropped", "descriptor", reason="no object", place=place)


def _csv(content: Content, ledger: Ledger) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the rows of a CSV file, with their lists split."""
    for place, row in records_of(content, content.name, ledger=ledger):
        lists = {name: [part.strip() for part in cell.split(_SEPARATOR)] for name, cell in row.items() if cell}
        yield place, {name: row[name] if name in _whole() else cells for name, cells in lists.items()}


def _whole() -> set[str]:
    """Return the columns that hold one text."""
    return {*_ALIASES["id"], *_ALIASES["name"], *_ALIASES["statement"]}


def _take(draft: Draft[Framework], row: dict[str, Any], place: str, minter: Minter) -> None:
    """Add one descriptor and its categories."""
    used = {field: next((row[name] for name in names if row.get(name)), "") for field, names in _ALIASES.items()}
    name, statement = text_of(used["name"]), text_of(used["statement"])
    if not name:
        draft.problem("no-name", "the descriptor has no name and is left out", place=place, hint="give it one")
        draft.ledger.note("dropped", "row", reason="no name", place=place)
        return
    url = text_of(used["id"])
    rest = _rest(row)
    if used["keywords"]:
        draft.ledger.note("normalized", "keywords", reason="kept as alternative labels", place=place)
    record = {
        "id": url if is_id(url) else minter("skill", f"{name}\x1f{statement}"),
        "label": name,
        "kind": "skill",
        "description": statement,
        "alternative_labels": texts(used["keywords"]),
        "broader": [_category(draft, category, minter) for category in texts(used["categories"])],
        "status": "deprecated" if row.get("archiveDate") else "active",
        "extensions": {"osmt": rest} if rest else {},
    }
    draft.add("capabilities", record, place=place)


def _category(draft: Draft[Framework], label: str, minter: Minter) -> str:
    """Return the id of a category, which is added where it is new."""
    id_ = minter("category", label)
    draft.tables["capabilities"].setdefault(id_, {"id": id_, "label": label, "kind": "domain"})
    return id_


def _rest(row: dict[str, Any]) -> dict[str, Any]:
    """Return what a row holds beyond the fields of a descriptor."""
    known = {alias for names in _ALIASES.values() for alias in names}
    return {column: value for column, value in row.items() if column not in known and value not in (None, "", [])}


def _sniff(content: Content, kind: str) -> Sniff:
    """Return whether the file has names and statements of skills."""
    if len(content) != 1 or kind not in {"", "framework"}:
        return NO
    if _is_json(content):
        head = content.head()
        return Sniff(0.95, ("has skillStatement",)) if b'"skillStatement"' in head and b'"skillName"' in head else NO
    header = header_of(content, content.name)
    found = [sniff_header(header, (name, statement)) for name, statement in _pairs()]
    return max(found, key=lambda sniff: sniff.score)


def _pairs() -> tuple[tuple[str, str], ...]:
    """Return the columns of the two CSV files by which they are known."""
    return ("Skill Name", "Contextualized Skill Statement"), ("RSD Name", "Skill Statement")


FORMAT = Format(
    name="osmt",
    title="OSMT rich skill descriptors (CSV, JSON)",
    extensions=(".csv", ".json"),
    reads=("framework",),
    carries={
        "framework": frozenset({"capabilities"}),
        "capability": frozenset({"label", "description", "alternative_labels", "broader", "status", "extensions"}),
    },
    sniff=_sniff,
    reader=read_osmt,
    source=Source(taken=frozenset(name for names in _ALIASES.values() for name in names), separator=_SEPARATOR),
    notes="Occupations, alignments and certifications are kept in `extensions`.",
)
