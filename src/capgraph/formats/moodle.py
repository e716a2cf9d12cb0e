"""Moodle competency frameworks (CSV): fourteen columns by position, whose header is in the language of the site."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from capgraph.errors import Issue, ParseError
from capgraph.formats.draft import Draft
from capgraph.formats.fixed import head_rows, rows_of
from capgraph.formats.identity import is_id, mint
from capgraph.formats.moodle_fit import LONGEST, fit, scale_id
from capgraph.formats.record import NO, Format, Sniff
from capgraph.formats.tree import id_of, in_order, key_of
from capgraph.model import Framework
from capgraph.model.frozen import thaw

if TYPE_CHECKING:
    from collections.abc import Iterator

    from capgraph.formats.content import Content
    from capgraph.formats.conversion import Ledger

HEADER = (
    *("Parent ID number", "ID number", "Short name", "Description", "Description format", "Scale values"),
    *("Scale configuration", "Rule type (optional)", "Rule outcome (optional)", "Rule config (optional)"),
    *("Cross-referenced competency ID numbers", "Exported ID (optional)", "Is framework", "Taxonomy"),
)
(
    PARENT,
    KEY,
    NAME,
    TEXT,
    TEXT_FORMAT,
    SCALE,
    CONFIG,
    RULE,
    OUTCOME,
    RULE_CONFIG,
    CROSS,
    EXPORTED,
    IS_FRAMEWORK,
    TAXONOMY,
) = range(14)

_KEPT = {
    *((TEXT_FORMAT, "description_format"), (SCALE, "scale_values"), (CONFIG, "scale_configuration")),
    *((RULE, "rule_type"), (OUTCOME, "rule_outcome"), (RULE_CONFIG, "rule_config"), (EXPORTED, "exported_id")),
}
_PLAIN = "2"
_DEPTHS = "competency,competency,competency,competency"
"""What entries of each depth are called where nothing else is known."""
_KINDS = {"domain": "domain", "skill": "skill", "concept": "knowledge", "value": "attitude", "practice": "task"}
_BEHAVIORS = {"behaviour", "indicator"}


def read_moodle(content: Content, ledger: Ledger) -> Framework:
    """Return the framework of an export.

    Raises
    ------
    ParseError
        When no row is marked as the framework, or the rows have not fourteen columns.
    """
    found = rows_of(content, content.name, ledger=ledger)
    rows = [(number, row) for number, row in enumerate(found, start=1) if any(row)]
    head = _head(rows)
    id_ = head[KEY] if is_id(head[KEY]) else mint("moodle", "framework", head[KEY])
    draft = Draft(Framework, ledger, id=id_, title=head[NAME], description=head[TEXT])
    if not is_id(head[KEY]) and head[KEY]:
        draft.fields["other_ids"] = [{"scheme": "moodle", "value": head[KEY]}]
    kept = _kept(head) | ({"taxonomy": head[TAXONOMY]} if head[TAXONOMY] not in {"", _DEPTHS} else {})
    if kept:
        draft.fields["extensions"] = {"moodle": kept}
    _scale(draft, head[SCALE], id_)
    for number, row in rows[1:]:
        _note_misplaced(row, ledger, f"row:{number}")
    _competencies(draft, [pair for pair in rows[1:] if pair[1] is not head], head[TAXONOMY].split(","))
    for table in ("capabilities", "behaviors"):
        ledger.note("kept", table, count=len(draft.tables[table]))
    return draft.build()


def _head(rows: list[tuple[int, list[str]]]) -> list[str]:
    """Return the row of the framework itself."""
    if not rows or len(rows[0][1]) != len(HEADER):
        text = f"the file has {len(rows[0][1]) if rows else 0} columns, not {len(HEADER)}"
        raise ParseError([Issue("wrong-columns", text, where="row:1", hint="export the framework again")])
    heads = [row for _, row in rows[1:] if row[IS_FRAMEWORK].strip() == "1"]
    if len(heads) != 1:
        text = f"{len(heads)} rows are marked as the framework, not one"
        raise ParseError([Issue("no-framework", text, where="Is framework", hint="export the framework again")])
    return heads[0]


def _note_misplaced(row: list[str], ledger: Ledger, place: str) -> None:
    """Note what a row states that only the other kind of row can mean."""
    is_head = row[IS_FRAMEWORK].strip() == "1"
    for column in (PARENT, CROSS) if is_head else (IS_FRAMEWORK, TAXONOMY):
        if row[column].strip() not in {"", "0"}:
            reason = f"means nothing for {'the framework' if is_head else 'a competency'}"
            ledger.note("dropped", HEADER[column], reason=reason, place=place)


def _kept(row: list[str]) -> dict[str, str]:
    """Return the cells that no field holds."""
    unsaid = {"", "0", "null"}
    kept = {name: row[place] for place, name in sorted(_KEPT) if row[place] not in unsaid}
    if kept.get("description_format") == _PLAIN:
        del kept["description_format"]
    if row[IS_FRAMEWORK].strip() == "1":
        labels = kept.pop("scale_values", "").split(",")
        if kept.get("scale_configuration") == _configuration(len(labels)):
            del kept["scale_configuration"]
    return kept


def _configuration(count: int) -> str:
    """Return the configuration of a scale whose highest level alone is proficient."""
    return json.dumps([{"scaleid": "1"}, {"id": count, "scaledefault": 1, "proficient": 1}])


def _scale(draft: Draft[Framework], values: str, framework: str) -> None:
    """Add the scale of the framework row."""
    labels = [label.strip() for label in values.split(",") if label.strip()]
    if labels:
        levels = [{"rank": rank, "label": label} for rank, label in enumerate(labels, start=1)]
        own = scale_id(framework, labels)
        draft.add("scales", {"id": own, "label": "Scale", "levels": levels})
        draft.fields["default_scale"] = own


def _competencies(draft: Draft[Framework], rows: list[tuple[int, list[str]]], taxonomy: list[str]) -> None:
    """Add the competencies; leaves whose depth in the tree is one of behaviors become behaviors."""
    framework = draft.fields["id"]
    parents = {row[KEY]: row[PARENT] for _, row in rows}
    inner = set(parents.values())
    for number, row in rows:
        place, key = f"row:{number}", row[KEY] or row[NAME]
        draft.keys |= {id_of(framework, name): name for name in (key, row[PARENT], *_crossed(row)) if name}
        if not row[NAME].strip() and not row[KEY]:
            draft.ledger.note("normalized", "row", reason="neither id nor name: passed over", place=place)
            continue
        if key in parents and row[KEY] in _above(row[PARENT], parents):
            draft.ledger.note("normalized", "row", reason="in a circle", place=place)
        if row[NAME] and len(row[NAME]) > LONGEST:
            draft.ledger.note("kept", "Short name", reason=f"longer than {LONGEST}: the platform cuts it", place=place)
        word = _word(taxonomy, len(_above(row[PARENT], parents)))
        is_behavior = word in _BEHAVIORS and row[KEY] not in inner and row[PARENT]
        record = _behavior(row, framework) if is_behavior else _competency(row, framework, word)
        draft.add("behaviors" if is_behavior else "capabilities", record, place=place)


def _shared(row: list[str], framework: str) -> dict[str, Any]:
    """Return the fields that competencies and behaviors have alike."""
    key, kept = row[KEY] or row[NAME], _kept(row)
    record: dict[str, Any] = {"id": id_of(framework, key), "notation": "" if is_id(key) else key}
    return {**record, "extensions": {"moodle": kept} if kept else {}}


def _behavior(row: list[str], framework: str) -> dict[str, Any]:
    """Return the behavior that a row holds."""
    told = {"statement": row[NAME] or row[KEY], "capability": id_of(framework, row[PARENT])}
    return _shared(row, framework) | told


def _competency(row: list[str], framework: str, word: str) -> dict[str, Any]:
    """Return the competency that a row holds; `word` is what entries of its depth are called."""
    return {
        **_shared(row, framework),
        "label": row[NAME] or row[KEY],
        "description": row[TEXT],
        "kind": _KINDS.get(word, "competency"),
        "broader": [id_of(framework, row[PARENT])] if row[PARENT] else [],
        "related": [id_of(framework, other) for other in _crossed(row)],
    }


def _crossed(row: list[str]) -> list[str]:
    """Return the keys of the competencies that a row refers to."""
    return [part.replace("%2C", ",") for part in row[CROSS].split(",") if part]


def _above(key: str, parents: dict[str, str]) -> list[str]:
    """Return the keys above an entry, the nearest first; a circle ends it."""
    chain: list[str] = []
    while key and key not in chain:
        chain.append(key)
        key = parents.get(key, "")
    return chain


def _word(taxonomy: list[str], depth: int) -> str:
    """Return what entries of a depth are called."""
    return taxonomy[depth].strip() if depth < len(taxonomy) else ""


def write_moodle(document: Framework, ledger: Ledger) -> bytes:
    """Return the framework as the platform imports it."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(HEADER)
    writer.writerows(_rows(document))
    ledger.note("kept", "capabilities", count=len(document.capabilities))
    return stream.getvalue().encode()


def _rows(document: Framework) -> Iterator[list[str]]:
    """Yield the row of the framework and those of its capabilities, each after its parent."""
    known = {other.scheme: other.value for other in document.other_ids}
    key = known.get("moodle", document.id)
    labels = [level.label for scale in document.scales for level in scale.levels]
    kept = _source(document)
    row = _row(kept, key=key, name=document.title or document.id, text=document.description)
    row[SCALE] = ",".join(labels)
    row[CONFIG] = kept.get("scale_configuration", _configuration(max(1, len(labels))))
    row[IS_FRAMEWORK], row[TAXONOMY] = "1", kept.get("taxonomy", _DEPTHS)
    yield row
    keys = {item.id: key_of(document.id, item) for item in document.capabilities}
    for item in in_order(document.capabilities):
        row = _row(_source(item), key=keys[item.id], name=item.label, text=item.description)
        row[PARENT] = keys[item.broader[0]] if item.broader else ""
        row[CROSS] = ",".join(keys[other].replace(",", "%2C") for other in item.related)
        yield row


def _source(part: Any) -> dict[str, str]:  # noqa: ANN401 - a framework or an entry
    """Return what the source of a part held beyond our fields."""
    kept = thaw(part.extensions.get("moodle"))
    return kept if isinstance(kept, dict) else {}


def _row(kept: dict[str, str], *, key: str, name: str, text: str) -> list[str]:
    """Return a row with what every row holds."""
    row = [""] * len(HEADER)
    row[KEY], row[NAME], row[TEXT], row[TEXT_FORMAT], row[OUTCOME], row[RULE_CONFIG] = (
        key,
        name,
        text,
        _PLAIN,
        "0",
        "null",
    )
    for place, column in _KEPT:
        if column in kept:
            row[place] = kept[column]
    return row


def _sniff(content: Content, kind: str) -> Sniff:
    """Return whether a CSV file has fourteen columns, and a row marked as the framework."""
    if len(content) != 1 or kind not in {"", "framework"}:
        return NO
    rows = head_rows(content, content.name)
    if not rows or len(rows[0]) != len(HEADER):
        return Sniff(0.0, missing=(f"{len(HEADER)} columns",))
    if any(len(row) > IS_FRAMEWORK and row[IS_FRAMEWORK] == "1" for row in rows[1:]):
        return Sniff(0.9, ("fourteen columns and a row marked as the framework",))
    english = rows[0][:3] == list(HEADER[:3])
    return Sniff(0.8 if english else 0.1, ("fourteen columns",), ("a row marked as the framework",))


FORMAT = Format(
    name="moodle",
    title="Moodle competency framework (CSV)",
    extensions=(".csv",),
    reads=("framework",),
    writes=("framework",),
    carries={
        "framework": frozenset(
            {"title", "description", "other_ids", "default_scale", "scales", "capabilities", "extensions"}
        ),
        "scale": frozenset({"label", "levels"}),
        "capability": frozenset({"kind", "description", "notation", "broader", "related", "extensions"}),
    },
    sniff=_sniff,
    reader=read_moodle,
    writer=write_moodle,
    fit=fit,
    notes=f"Names and ids of {LONGEST} characters at most, one parent, one scale of labels.",
    fixture="made-up files in the platform's layout",
)
