"""The crosswalks that the ESCO portal publishes: a CSV file with some lines about the project, then the mappings.

Two layouts are met.  In that of national classifications the relation is a SKOS property of the first concept.  In that
of O*NET it is a word that says what the O*NET occupation is for the ESCO one: ``broadMatch``, that it is the broader.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from capgraph.errors import Issue, ParseError
from capgraph.formats.draft import Draft
from capgraph.formats.identity import is_id, slug
from capgraph.formats.record import NO, Format, Sniff
from capgraph.formats.tabular import as_text, sheets
from capgraph.model import Crosswalk
from capgraph.model.crosswalk import Predicate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from capgraph.formats.content import Content
    from capgraph.formats.conversion import Ledger
    from capgraph.formats.tabular import Sheet

ESCO = "http://data.europa.eu/esco"
ATTRIBUTION = "This product uses the ESCO classification of the European Commission."

_FIRST = "Mapping project name"
_ONET = "urn:capgraph:onet"
_SOC = "urn:capgraph:soc:"
_SOC_CODE = re.compile(r"^\d\d-\d{4}(\.\d\d)?$")
_RELATION = re.compile(rf"^(?:skos:)?({'|'.join(get_args(Predicate))})(Match|ISCO)$")


class _Layout(NamedTuple):
    """The columns of one layout: id and label of the subject and of the object, and the relation between the two."""

    subject: tuple[str, str]
    object: tuple[str, str]
    relation: str


_LAYOUTS = (
    _Layout(("ESCO or ISCO URI", "ESCO or ISCO Title"), ("O*NET Id", "O*NET Title"), "Type of Match"),
    _Layout(
        ("Classification 1 URI", "Classification 1 PrefLabel"),
        ("Classification 2 ID", "Classification 2 PrefLabel"),
        "Mapping relation",
    ),
)


def read_crosswalk(content: Content, ledger: Ledger, *, id: str = "") -> Crosswalk:
    """Return the crosswalk, from the ESCO concepts to those of the other classification.

    Parameters
    ----------
    id : str
        The id of the crosswalk; empty for one made of the project's name.

    Raises
    ------
    ParseError
        When the table has none of the known headers.
    """
    name = content.name
    sheet = next(iter(sheets(content[name], name)))
    about, start, layout = _head(sheet)
    project = about.get(_FIRST, "")
    classes = [about.get(f"Classification {number} Name", "") for number in (1, 2)]
    other = next((text for text in classes if "esco" not in text.casefold()), "")
    base = _SOC if "O*NET" in other else f"urn:capgraph:{slug(other)}:"
    used = (_FIRST, "Mapping project version", "Mapping project author")
    rest = {field: text for field, text in about.items() if text and field not in used}
    fields = {"title": project, "version": about.get("Mapping project version", "").replace("N/A", "")}
    draft = Draft(
        Crosswalk,
        ledger,
        id=id or f"cw:{slug(project)}",
        **fields,
        publisher=about.get("Mapping project author", ""),
        attribution=ATTRIBUTION,
        subject_source=ESCO,
        object_source=_ONET if base == _SOC else base.rstrip(":"),
        extensions={"esco_crosswalk": rest} if rest else {},
    )
    for field in rest:
        ledger.note("moved", field, reason="no field holds it", place="row:1")
    for number, row in zip(sheet.numbers[start + 1 :], sheet.rows[start + 1 :], strict=True):
        names = [
            *map(as_text, sheet.rows[start]),
            *(f"column {place + 1}" for place in range(len(sheet.rows[start]), len(row))),
        ]
        cells = {name: text for name, text in zip(names, map(as_text, row), strict=False) if text}
        if any(cells.values()):
            _take(draft, cells, layout, base, f"row:{number}")
    ledger.note("kept", "mappings", count=len(draft.tables["mappings"]))
    return draft.build()


def _head(sheet: Sheet) -> tuple[dict[str, str], int, _Layout]:
    """Return what the lines about the project say, and where the header of the mappings stands, in which layout."""
    about: dict[str, str] = {}
    for place, row in enumerate(sheet.rows):
        cells = list(map(as_text, row))
        layout = _layout(cells)
        if layout is not None:
            return about, place, layout
        if cells and cells[0]:
            about[cells[0]] = "; ".join(filter(None, cells[1:]))
    needed = ", ".join(repr(name) for name in (*_LAYOUTS[0].subject, _LAYOUTS[0].relation))
    text = f"no row has the columns of a crosswalk, such as {needed}"
    raise ParseError([Issue("no-column", text, where="row:1", hint="fetch the file again from the ESCO portal")])


def _layout(cells: Sequence[str]) -> _Layout | None:
    """Return the layout whose columns a row names."""
    return next(
        (item for item in _LAYOUTS if {*item.subject, *item.object, item.relation} <= set(cells)),
        None,
    )


def _take(draft: Draft[Crosswalk], cells: dict[str, str], layout: _Layout, base: str, place: str) -> None:
    """Add the mapping of one row; one without ends or of no known relation is listed."""
    subject, object_ = _id(cells, layout.subject, ""), _id(cells, layout.object, base)
    said = cells.get(layout.relation, "")
    relation = _RELATION.match(said)
    if not subject or not object_ or relation is None:
        ends = " and ".join(repr(cells.get(columns[0], "")) for columns in (layout.subject, layout.object))
        text = f"{ends} with the relation {said!r} are no mapping"
        draft.problem("bad-mapping", text, place=place, hint="give both ids, and a relation such as exactMatch")
        draft.ledger.note("dropped", "mapping", reason="no ids, or no mapping relation", place=place)
        return
    record: dict[str, Any] = {"subject": subject, "predicate": relation[1], "object": object_}
    record |= {"subject_label": cells.get(layout.subject[1], ""), "object_label": cells.get(layout.object[1], "")}
    if relation[2] == "ISCO":
        record["comment"] = f"{said}: mapped to an ISCO group"
    used = {*layout.subject, *layout.object, layout.relation}
    rest = {column: text for column, text in cells.items() if column not in used}
    if rest:
        record["extensions"] = {"esco_crosswalk": rest}
    for column in rest:
        draft.ledger.note("moved", column, reason="no field holds it", place=place)
    record["provenance"] = [{"source": "esco-crosswalk", "locator": place}]
    draft.add("mappings", record, place=place, key="\x1f".join((subject, relation[1], object_)))


def _id(cells: dict[str, str], columns: tuple[str, str], base: str) -> str:
    """Return the id at one end: the publisher's URI, or the code of the other classification after its base."""
    text = cells.get(columns[0], "").strip()
    if is_id(text) or not text or not base:
        return text if is_id(text) else ""
    made = f"{base}{text}"
    return made if is_id(made) and (base != _SOC or _SOC_CODE.match(text)) else ""


def _sniff(content: Content, kind: str) -> Sniff:
    """Return whether the head of the file has the columns of a crosswalk."""
    if len(content) != 1 or kind not in {"", "crosswalk"}:
        return NO
    head = content.head().decode("utf-8-sig", errors="replace")
    for layout in _LAYOUTS:
        needed = (layout.subject[0], layout.object[0], layout.relation)
        if all(column in head for column in needed):
            return Sniff(0.95, (f"has the columns {', '.join(needed)}",))
    return Sniff(0.1 if _FIRST in head else 0.0, missing=(f"the column {_LAYOUTS[0].relation!r}",))


FORMAT = Format(
    name="esco-crosswalk",
    title="ESCO crosswalk, as the portal publishes them (CSV)",
    extensions=(".csv",),
    reads=("crosswalk",),
    carries={
        "crosswalk": frozenset({"title", "version", "publisher", "attribution", "mappings", "extensions"}),
        "mapping": frozenset({"subject_label", "object_label", "comment", "extensions"}),
    },
    sniff=_sniff,
    reader=read_crosswalk,
    fixture="the first rows of real files",
    notes="O*NET occupations are named as the O*NET reader names them, so that the two meet in a graph.",
)
