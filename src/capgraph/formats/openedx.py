"""Open edX taxonomies: CSV (``id,value,parent_id``) and JSON (``{"name", "description", "tags": […]}``)."""

from __future__ import annotations

import csv
import io
import itertools
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from capgraph.formats.draft import Draft
from capgraph.formats.fixed import header_of, records_of, sniff_header
from capgraph.formats.identity import is_id, slug
from capgraph.formats.jsontext import dump_json, load_json, object_of, objects, text_of
from capgraph.formats.record import NO, Format, Sniff
from capgraph.formats.tree import depths, fitted, id_of, in_order, key_of
from capgraph.formats.unread import Source
from capgraph.model import Framework

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from capgraph.formats.content import Content
    from capgraph.formats.conversion import Ledger

COLUMNS = ("id", "value", "parent_id")
_DEEPEST = 3


def read_csv(content: Content, ledger: Ledger, *, id: str = "") -> Framework:
    """Return the taxonomy of a CSV file.

    Parameters
    ----------
    id : str
        The id of the framework, which the file does not state; empty for one made of the file name.
    """
    rows = records_of(content, content.name, needed=COLUMNS, ledger=ledger)
    return _build(rows, ledger, id=id or f"fw:{slug(PurePath(content.name).stem)}")


def read_json(content: Content, ledger: Ledger, *, id: str = "") -> Framework:
    """Return the taxonomy of a JSON file; see `read_csv`."""
    data = object_of(load_json(content[content.name]), "", "the file")
    tags = [(f"/tags/{number}", tag) for number, tag in enumerate(objects(data.get("tags")))]
    own = id or f"fw:{slug(text_of(data.get('name')) or PurePath(content.name).stem)}"
    told = {"title": _text(data.get("name")), "description": _text(data.get("description"))}
    return _build(tags, ledger, id=own, **told)


def _text(value: object) -> str:
    """Return a text as it stands; empty for anything else."""
    return value if isinstance(value, str) else ""


def _build(rows: Iterable[tuple[str, dict[str, Any]]], ledger: Ledger, **fields: str) -> Framework:
    """Return the framework of all tags."""
    draft = Draft(Framework, ledger, **fields)
    for place, row in rows:
        key, value = _text(row.get("id")), _text(row.get("value"))
        if not key or not value.strip():
            draft.problem("no-key", "the tag has no id or no value and is left out", place=place, hint="give it both")
            ledger.note("dropped", "row", reason="no id or value", place=place)
            continue
        record = _record(fields["id"], row)
        draft.keys |= {id_of(fields["id"], name): name for name in (key, _text(row.get("parent_id"))) if name}
        draft.add("capabilities", record, place=place)
    ledger.note("kept", "capabilities", count=len(draft.tables["capabilities"]))
    return draft.build()


def _record(own: str, row: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of one tag; other columns are kept in the extensions."""
    key, parent = _text(row.get("id")), _text(row.get("parent_id"))
    rest = {name: cell for name, cell in row.items() if name not in COLUMNS and isinstance(cell, str) and cell and name}
    return {
        "id": id_of(own, key),
        "label": row["value"],
        "kind": "competency",
        "notation": "" if is_id(key) else key,
        "broader": [id_of(own, parent)] if parent else [],
        "extensions": {"openedx": rest} if rest else {},
    }


def fit(framework: Framework, ledger: Ledger) -> Framework:
    """Return the framework as a taxonomy holds it: one parent, three levels, values that do not repeat."""
    whole = fitted(framework, ledger, "openedx", parents=1)
    parents = {item.id: item.broader[0] if item.broader else "" for item in whole.capabilities}
    deep, seen, capabilities = depths(parents), set[str](), []
    for item in whole.capabilities:
        changes: dict[str, Any] = {"kind": "competency"} if item.kind != "competency" else {}
        if changes:
            ledger.note("normalized", "capability.kind", reason="the format has one kind", place=item.id)
        if deep[item.id] > _DEEPEST:
            changes["broader"] = (next(above for above in _upward(item.id, parents) if deep[above] < _DEEPEST),)
            ledger.note("normalized", "capability.broader", reason="three levels at most: moved up", place=item.id)
        label = _unlike(item.label, seen)
        seen.add(label)
        if label != item.label:
            changes["label"] = label
            ledger.note("normalized", "capability.label", reason="values do not repeat: numbered", place=item.id)
        capabilities.append(item.model_copy(update=changes))
    return whole.model_copy(update={"capabilities": tuple(capabilities)})


def _upward(id_: str, parents: dict[str, str]) -> Iterator[str]:
    """Yield what is above an entry, the nearest first."""
    while id_ := parents[id_]:
        yield id_


def _unlike(label: str, seen: set[str]) -> str:
    """Return a label that was not seen yet: itself, or with a number."""
    numbered = (f"{label} ({number})" for number in itertools.count(2))
    return label if label not in seen else next(other for other in numbered if other not in seen)


def _tags(document: Framework) -> list[dict[str, str]]:
    """Return the tags, each after its parent."""
    keys = {item.id: key_of(document.id, item) for item in document.capabilities}
    return [
        {
            "id": keys[item.id],
            "value": item.label,
            "parent_id": keys[item.broader[0]] if item.broader else "",
            **dict(item.extensions.get("openedx", {})),
        }
        for item in in_order(document.capabilities)
    ]


def write_csv(document: Framework, ledger: Ledger) -> bytes:
    """Return the taxonomy as CSV."""
    tags = _tags(document)
    others = sorted({name for tag in tags for name in tag} - set(COLUMNS))
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, [*COLUMNS, *others], restval="")
    writer.writeheader()
    writer.writerows(tags)
    ledger.note("kept", "capabilities", count=len(tags))
    return stream.getvalue().encode()


def write_json(document: Framework, ledger: Ledger) -> bytes:
    """Return the taxonomy as JSON."""
    tags = [{name: value for name, value in tag.items() if value} for tag in _tags(document)]
    ledger.note("kept", "capabilities", count=len(tags))
    return dump_json({"name": document.title, "description": document.description, "tags": tags})


def _sniff_csv(content: Content, kind: str) -> Sniff:
    """Return whether the columns are those of a taxonomy."""
    if len(content) != 1 or kind not in {"", "framework"}:
        return NO
    return sniff_header(header_of(content, content.name), COLUMNS, certain=0.9)


def _sniff_json(content: Content, kind: str) -> Sniff:
    """Return whether the file has tags with values."""
    head = content.head()
    fits = len(content) == 1 and kind in {"", "framework"} and head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{")
    found = fits and b'"tags"' in head and b'"value"' in head and b'"name"' in head
    return Sniff(0.85, ("has tags with values",)) if found else NO


_SOURCE = Source(taken=frozenset({"value", "name", "description"}), understood=frozenset({"id", "parent_id"}))
_CAPABILITY = frozenset({"broader", "kind", "notation", "extensions"})

FORMAT = Format(
    name="openedx",
    title="Open edX taxonomy (CSV)",
    extensions=(".csv",),
    reads=("framework",),
    writes=("framework",),
    carries={"framework": frozenset({"capabilities"}), "capability": _CAPABILITY},
    sniff=_sniff_csv,
    reader=read_csv,
    source=_SOURCE,
    writer=write_csv,
    fit=fit,
    notes="Labels only: no descriptions, no levels; three levels deep. The file has no id: say `id=` when reading.",
    fixture="made-up files in the platform's layout",
)
JSON = Format(
    name="openedx-json",
    title="Open edX taxonomy (JSON)",
    extensions=(".json",),
    reads=("framework",),
    writes=("framework",),
    carries={"framework": frozenset({"capabilities", "title", "description"}), "capability": _CAPABILITY},
    sniff=_sniff_json,
    reader=read_json,
    source=_SOURCE,
    writer=write_json,
    fit=fit,
    notes="Labels only: no descriptions, no levels; three levels deep. The file has no id: say `id=` when reading.",
    fixture="made-up files in the platform's layout",
)
