"""Canvas outcomes (CSV): groups and outcomes; all columns from ``ratings`` on are points and labels."""

from __future__ import annotations

import csv
import io
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from capgraph.formats.draft import Draft
from capgraph.formats.fixed import header_of, rows_of, sniff_header
from capgraph.formats.identity import is_id, mint, slug
from capgraph.formats.record import NO, Format, Sniff
from capgraph.formats.tree import fitted, id_of, in_order, key_of
from capgraph.model import Framework, ProficiencyLevel, ProficiencyScale
from capgraph.model.frozen import thaw

if TYPE_CHECKING:
    from collections.abc import Iterator

    from capgraph.formats.content import Content
    from capgraph.formats.conversion import Ledger
    from capgraph.model import Capability

NEEDED = ("vendor_guid", "object_type", "title")
COLUMNS = (
    *(*NEEDED, "description", "display_name", "calculation_method", "calculation_int", "parent_guids"),
    *("workflow_state", "mastery_points", "friendly_description"),
)
_KEPT = ("display_name", "calculation_method", "calculation_int", "mastery_points", "friendly_description")
_METHODS = {"", "decaying_average", "n_mastery", "highest", "latest", "standard_decaying_average", "average"}
_STATES = ("", "active", "deleted")
_TYPES = {"group": "domain", "outcome": "competency"}
Ratings = tuple[tuple[int, str], ...]


def read_canvas(content: Content, ledger: Ledger, *, id: str = "") -> Framework:
    """Return the outcomes as a framework; outcomes with the same ratings share a scale.

    Parameters
    ----------
    id : str
        The id of the framework, which the file does not state; empty for one made of the file name.
    """
    rows = rows_of(content, content.name, needed=NEEDED, ledger=ledger)
    header = next(rows)
    own = id or f"fw:{slug(PurePath(content.name).stem)}"
    draft = Draft(Framework, ledger, id=own, title=PurePath(content.name).stem if not id else "")
    ratings_at = header.index("ratings") if "ratings" in header else len(header)
    for number, cells in enumerate(rows, start=2):
        if any(cells):
            row = dict(zip(header[:ratings_at], cells, strict=False))
            _take(draft, row, cells[ratings_at:], f"row:{number}")
    ledger.note("kept", "capabilities", count=len(draft.tables["capabilities"]))
    return draft.build()


def _take(draft: Draft[Framework], row: dict[str, str], ratings: list[str], place: str) -> None:
    """Add the group or outcome of one row; what cannot be one is listed."""
    guid = row["vendor_guid"]
    if wrong := _wrong(row):
        draft.problem("bad-row", f"{wrong}; the row is left out", ids=(guid,), place=place, hint="correct it")
        draft.ledger.note("dropped", "row", reason="no outcome or group", place=place)
        return
    record = _record(draft, row, place)
    kept = {name: cell for name, cell in row.items() if name and cell and (name in _KEPT or name not in COLUMNS)}
    if row.get("workflow_state", "") not in _STATES:
        text = f"{guid!r} has the unknown workflow_state {row['workflow_state']!r}, and is taken to be active"
        draft.problem("unknown-state", text, ids=(guid,), place=place, hint=f"write one of {', '.join(_STATES[1:])}")
        draft.ledger.note("dropped", "workflow_state", reason="neither active nor deleted", place=place)
    for name in set(kept) - set(COLUMNS):
        draft.ledger.note("moved", name, reason="no field holds it", place=place)
    if levels := _levels(draft, ratings, guid, place):
        record["scale"] = _scale(draft, levels)
    elif any(ratings):
        kept["ratings"] = "\x1f".join(ratings)
    if kept:
        record["extensions"] = {"canvas": kept}
    draft.add("capabilities", record, place=place)


def _wrong(row: dict[str, str]) -> str:
    """Return what keeps a row from being a group or outcome; empty where nothing does."""
    guid, kind = row["vendor_guid"], row["object_type"]
    if kind not in _TYPES:
        return f"{kind!r} is neither outcome nor group"
    if not guid or any(map(str.isspace, guid)):
        return f"{guid!r} is empty or has spaces"
    return "" if row["title"].strip() else f"{guid!r} has no title"


def _record(draft: Draft[Framework], row: dict[str, str], place: str) -> dict[str, Any]:
    """Return the fields that columns of their own hold; an unknown calculation method is listed."""
    own, guid = draft.fields["id"], row["vendor_guid"]
    if row.get("calculation_method", "") not in _METHODS:
        text = f"{guid!r} has the unknown calculation method {row['calculation_method']!r}"
        draft.problem("unknown-method", text, ids=(guid,), place=place, hint="it is kept as it is")
    above = row.get("parent_guids", "").split()
    draft.keys |= {id_of(own, name): name for name in (guid, *above)}
    return {
        "id": id_of(own, guid),
        "notation": "" if is_id(guid) else guid,
        "label": row["title"],
        "kind": _TYPES[row["object_type"]],
        "description": row.get("description", ""),
        "status": "deprecated" if row.get("workflow_state") == "deleted" else "active",
        "broader": [id_of(own, parent) for parent in above],
    }


def _scale(draft: Draft[Framework], levels: Ratings) -> str:
    """Return the id of the scale of some ratings, which is added where it is new."""
    id_ = scale_id(draft.fields["id"], levels)
    described = [{"rank": rank, "label": label} for rank, label in levels]
    draft.tables["scales"].setdefault(id_, {"id": id_, "label": "Ratings", "levels": described})
    return id_


def _levels(draft: Draft[Framework], ratings: list[str], guid: str, place: str) -> Ratings:
    """Return the ratings as ranks and labels, the lowest first; what is no scale is listed and kept as it is."""
    pairs = [(ratings[at].strip(), ratings[at + 1]) for at in range(0, len(ratings) - 1, 2) if ratings[at].strip()]
    points = [_points(text) for text, _ in pairs]
    if (
        any(point is None for point in points)
        or len(set(points)) < len(points)
        or not all(text.strip() for _, text in pairs)
    ):
        text = f"{guid!r} has ratings that are no scale of whole points with labels"
        draft.problem("bad-ratings", text, ids=(guid,), place=place, hint="give each rating its own points and label")
        return ()
    known = [(point, label) for point, (_, label) in zip(points, pairs, strict=True) if point is not None]
    if known != sorted(known, key=lambda pair: -pair[0]):
        text = f"{guid!r} has ratings that do not descend; they are sorted"
        draft.problem("unsorted-ratings", text, ids=(guid,), place=place, hint="list the highest first")
    return tuple(sorted(known))


def _points(text: str) -> int | None:
    """Return whole points, or None."""
    try:
        value = float(text)
    except ValueError:
        return None
    return int(value) if value == value and abs(value) <= 1000 and value == int(value) else None  # noqa: PLR0124, PLR2004 - NaN; the ranks of a scale


def scale_id(framework: str, levels: Ratings) -> str:
    """Return the id of the scale that some ratings are."""
    return mint(framework, "ratings", "\x1f".join(f"{rank}={label}" for rank, label in levels))


def fit(framework: Framework, ledger: Ledger) -> Framework:
    """Return the framework as a file of outcomes holds it: groups above, outcomes below, ratings for scales."""
    whole = fitted(framework, ledger, "canvas", parents=None)
    inner = {parent for item in whole.capabilities for parent in item.broader}
    scales = {scale.id: scale for scale in whole.scales}
    made: dict[str, ProficiencyScale] = {}
    capabilities = []
    for item in whole.capabilities:
        entry = _entry(item, ledger, is_group=item.id in inner or item.kind == "domain")
        own = _own_scale(whole.id, entry, scales.get(item.scale or whole.default_scale or ""))
        if own is not None:
            made[own.id] = own
        capabilities.append(_rated(entry, own, ledger))
    kept = tuple(made[name] for name in sorted(made))
    if kept != whole.scales or whole.default_scale:
        ledger.note("normalized", "scale", reason="each outcome has its own ratings", place=whole.id)
    return whole.model_copy(update={"capabilities": tuple(capabilities), "scales": kept, "default_scale": None})


def _entry(item: Capability, ledger: Ledger, *, is_group: bool) -> Capability:
    """Return a capability as a group or an outcome, active or deleted."""
    changes: dict[str, Any] = {}
    kind = "domain" if is_group else "competency"
    if kind != item.kind:
        changes["kind"] = kind
        ledger.note("normalized", "capability.kind", reason="a group or an outcome", place=item.id)
    status = "deprecated" if item.status == "deprecated" else "active"
    if status != item.status:
        changes["status"] = status
        ledger.note("normalized", "capability.status", reason="active or deleted", place=item.id)
    return item.model_copy(update=changes)


def _own_scale(framework: str, entry: Capability, scale: ProficiencyScale | None) -> ProficiencyScale | None:
    """Return the scale of an outcome as its ratings hold it; None for a group, or without levels."""
    if entry.kind != "competency" or scale is None or not scale.levels:
        return None
    levels = tuple((level.rank, level.label) for level in scale.levels)
    described = tuple(ProficiencyLevel(rank=rank, label=label) for rank, label in levels)
    return ProficiencyScale(id=scale_id(framework, levels), label="Ratings", levels=described)


def _rated(entry: Capability, own: ProficiencyScale | None, ledger: Ledger) -> Capability:
    """Return an entry with the scale of its own ratings."""
    scale = own.id if own is not None else None
    if scale != entry.scale:
        ledger.note("normalized", "capability.scale", reason="each outcome has its own ratings", place=entry.id)
    return entry.model_copy(update={"scale": scale})


def write_canvas(document: Framework, ledger: Ledger) -> bytes:
    """Return the outcomes as the platform imports them: parents first, ratings from the highest."""
    rows = list(_rows(document))
    width = max((len(ratings) for _, ratings in rows), default=0)
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    columns = [*COLUMNS, *sorted({name for row, _ in rows for name in row} - {*COLUMNS, "ratings"})]
    writer.writerow([*columns, "ratings", *("",) * max(0, width - 1)])
    for row, ratings in rows:
        cells = [row.get(column, "") for column in columns]
        writer.writerow([*cells, *ratings, *("",) * (max(width, 1) - len(ratings))])
    ledger.note("kept", "capabilities", count=len(rows))
    return stream.getvalue().encode()


def _rows(document: Framework) -> Iterator[tuple[dict[str, str], list[str]]]:
    """Yield the cells and the ratings of each group and outcome."""
    keys = {item.id: key_of(document.id, item) for item in document.capabilities}
    scales = {scale.id: scale for scale in document.scales}
    for item in in_order(document.capabilities):
        kept = _kept(item)
        ratings = _ratings(scales[item.scale]) if item.scale else []
        row = {
            **kept,
            "vendor_guid": keys[item.id],
            "object_type": "group" if item.kind == "domain" else "outcome",
            "title": item.label,
            "description": item.description,
            "workflow_state": "deleted" if item.status == "deprecated" else "active",
            "parent_guids": " ".join(keys[parent] for parent in item.broader),
        }
        yield row, ratings or (kept["ratings"].split("\x1f") if kept.get("ratings") else [])


def _ratings(scale: ProficiencyScale) -> list[str]:
    """Return the points and labels of a scale, the highest first."""
    return [text for level in reversed(scale.levels) for text in (str(level.rank), level.label)]


def _kept(item: Capability) -> dict[str, str]:
    """Return what the source of an outcome held beyond our fields."""
    kept = thaw(item.extensions.get("canvas"))
    return kept if isinstance(kept, dict) else {}


def _sniff(content: Content, kind: str) -> Sniff:
    """Return whether the columns are those of an outcomes file."""
    if len(content) != 1 or kind not in {"", "framework"}:
        return NO
    return sniff_header(header_of(content, content.name), NEEDED)


FORMAT = Format(
    name="canvas",
    title="Canvas outcomes (CSV)",
    extensions=(".csv",),
    reads=("framework",),
    writes=("framework",),
    carries={
        "framework": frozenset({"scales", "default_scale", "capabilities"}),
        "scale": frozenset({"label", "levels"}),
        "level": frozenset({"rank", "label"}),
        "capability": frozenset({"kind", "description", "notation", "status", "broader", "scale", "extensions"}),
    },
    sniff=_sniff,
    reader=read_canvas,
    writer=write_canvas,
    fit=fit,
    notes="Inner nodes are groups; ratings are scales. The file has no id: say `id=` when reading.",
    fixture="made-up files in the platform's layout",
)
