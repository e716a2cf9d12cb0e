"""Open Badges 3.0 achievements (JSON): what was awarded for becomes a learning asset with alignments.

Credentials are read for the achievement inside; who earned it is personal data and left out, and no signature is
checked.  Written are definitions of achievements, not credentials.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from capgraph.errors import Issue, ParseError
from capgraph.formats.draft import Draft
from capgraph.formats.identity import is_id, slug
from capgraph.formats.jsontext import dump_json, load_json, objects, text_of, texts
from capgraph.formats.record import NO, Format, Sniff
from capgraph.formats.unread import Source
from capgraph.model import Alignment, Catalog
from capgraph.model.frozen import thaw

if TYPE_CHECKING:
    from collections.abc import Iterator

    from capgraph.formats.content import Content
    from capgraph.formats.conversion import Ledger
    from capgraph.model import LearningAsset

_KINDS = {"Assessment": "assessment", "LearningProgram": "program", "Assignment": "project", "Course": "course"}
_TYPES = {"course": "Course", "assessment": "Assessment", "program": "LearningProgram", "project": "Assignment"}
_WORDS = frozenset(
    {"Achievement", "BadgeClass", "Alignment", "Result", "ResultDescription", "RubricCriterionLevel", "Criteria"}
    | {"VerifiableCredential", "OpenBadgeCredential", "AchievementCredential", "AchievementSubject", "Profile"}
    | {"Image", "Address", "IdentifierEntry", "Evidence"}
)
"""The types that the standard has."""
_USED = {"id", "type", "name", "description", "achievementType", "humanCode", "inLanguage", "tag", "alignment"}


def read_badges(content: Content, ledger: Ledger, *, id: str = "") -> Catalog:
    """Return the achievements as a catalog.

    Parameters
    ----------
    id : str
        The id of the catalog, which the file does not state; empty for one made of the file name.
    """
    draft = Draft(Catalog, ledger, id=id or f"cat:{slug(PurePath(content.name).stem)}")
    data = load_json(content[content.name])
    found = list(_achievements(data, ledger))
    if not found and not (isinstance(data, dict) and data.get("achievements") == []):
        raise ParseError([Issue("no-achievement", "the file holds no achievement", hint="use Open Badges 3.0 or 2.0")])
    for place, achievement in found:
        _take(draft, achievement, place)
    ledger.note("kept", "assets", count=len(draft.tables["assets"]))
    return draft.build()


def _types(node: dict[str, Any]) -> set[str]:
    """Return the types of a node, one or many."""
    return set(texts(node.get("type") or node.get("@type")))


def _achievements(value: object, ledger: Ledger, place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the achievements in credentials, lists and graphs, and badge classes of version 2."""
    for at, item in _placed(value, place):
        if item.get("credentialSubject") is not None:
            for inner, one in _placed(item["credentialSubject"], f"{at}/credentialSubject"):
                ledger.note("dropped", "person", reason="who earned it is personal data", place=f"{inner}/id")
                yield from _placed(one.get("achievement"), f"{inner}/achievement")
        elif _types(item) & {"Achievement", "BadgeClass"}:
            yield at, item
        else:
            for name in ("achievements", "@graph", "badge"):
                yield from _achievements(item.get(name), ledger, f"{at}/{name}")


def _placed(value: object, place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the objects in a list, or the one object given alone, with their places."""
    if isinstance(value, list):
        yield from ((f"{place}/{number}", item) for number, item in enumerate(value) if isinstance(item, dict))
    elif isinstance(value, dict):
        yield place, value


def _take(draft: Draft[Catalog], item: dict[str, Any], place: str) -> None:
    """Add the asset of one achievement."""
    key, name = text_of(item.get("id")), item.get("name")
    if not is_id(key) or not isinstance(name, str) or not name.strip():
        text = f"{key or name!r} has no sound id or no name and is left out"
        draft.problem("no-name", text, ids=(key,), place=place, hint="give the achievement an IRI and a name")
        draft.ledger.note("dropped", "achievement", reason="no id or name", place=place)
        return
    kind = text_of(item.get("achievementType"))
    rest = _rest(item)
    record = {
        "id": key,
        "title": name,
        "kind": _KINDS.get(kind, "other" if kind else "course"),
        "description": item.get("description") if isinstance(item.get("description"), str) else "",
        "notation": item.get("humanCode") if isinstance(item.get("humanCode"), str) else "",
        "language": text_of(item.get("inLanguage")) or None,
        "keywords": texts(item.get("tag") or item.get("tags")),
        "alignments": _alignments(draft, item, place),
        "extensions": {"openbadges": rest} if rest else {},
    }
    draft.add("assets", record, place=place)


def _alignments(draft: Draft[Catalog], item: dict[str, Any], place: str) -> list[dict[str, Any]]:
    """Return the alignments of one achievement, once a target; one that leads to no id is listed."""
    alignments: dict[str, dict[str, Any]] = {}
    for entry in objects(item.get("alignment")):
        target = text_of(entry.get("targetUrl"))
        if not is_id(target):
            draft.problem("bad-target", f"{target!r} is no id of a target", place=place, hint="correct the targetUrl")
            draft.ledger.note("dropped", "alignment", reason="leads to no id", place=place)
            continue
        used = {"targetUrl", "targetName", *({"type"} if _types(entry) == {"Alignment"} else ())}
        rest = {name: value for name, value in entry.items() if name not in used}
        label = entry.get("targetName") if isinstance(entry.get("targetName"), str) else ""
        extensions = {"openbadges": rest} if rest else {}
        alignments.setdefault(target, {"target": target, "label": label, "extensions": extensions})
    return list(alignments.values())


def _rest(item: dict[str, Any]) -> dict[str, Any]:
    """Return what an achievement holds beyond our fields; criteria that only fill a gap are left out."""
    rest = {field: value for field, value in item.items() if field not in _USED}
    stated = str(item.get("description") or item["name"])
    if isinstance(rest.get("criteria"), dict) and rest["criteria"] == _criteria(stated):
        del rest["criteria"]
    if _types(item) not in ({"Achievement"}, {"BadgeClass"}):
        rest["type"] = item["type"] if "type" in item else item["@type"]
    kind = text_of(item.get("achievementType"))
    if kind not in {"", "Achievement", *_KINDS}:
        rest["achievementType"] = kind
    return rest


def _criteria(text: str) -> dict[str, str]:
    """Return the criteria that the standard demands where the source states none."""
    return {"narrative": text}


def fit(catalog: Catalog, ledger: Ledger) -> Catalog:
    """Return the catalog as achievements hold it: what is taught for certain, once a target, and no extensions."""
    assets = tuple(asset.model_copy(update=_changes(asset, ledger)) for asset in catalog.assets)
    return catalog.model_copy(update={"assets": assets})


def _changes(asset: LearningAsset, ledger: Ledger) -> dict[str, Any]:
    """Return what changes of an asset where it becomes an achievement."""
    changes: dict[str, Any] = {}
    kind = asset.kind if asset.kind in _TYPES else "other"
    if kind != asset.kind:
        changes["kind"] = kind
        ledger.note("normalized", "asset.kind", reason="no such type of achievement", place=asset.id)
    own = thaw(asset.extensions.get("openbadges"))
    returned = (
        isinstance(own, dict)
        and bool(own)
        and not (set(own) & (_USED - {"achievementType", "type"}))
        and _is_typed(own)
    )
    wanted = type(asset.extensions)({"openbadges": asset.extensions["openbadges"]} if returned else {})
    if wanted != asset.extensions:
        changes["extensions"] = wanted
        ledger.note("dropped", "asset.extensions", reason="of other formats", place=asset.id)
    return changes | _taught(asset, ledger)


def _is_typed(own: dict[str, Any]) -> bool:
    """Return whether a type that the source stated lets the entry be read as an achievement again."""
    return "type" not in own or ("Achievement" in texts(own["type"]) and _types(own) != {"Achievement"})


def _taught(asset: LearningAsset, ledger: Ledger) -> dict[str, Any]:
    """Return the change that leaves an asset what it teaches for certain, once a target."""
    seen: dict[str, Alignment] = {}
    for item in asset.alignments:
        if item.relation == "teaches" and item.state == "accepted":
            seen.setdefault(item.target, Alignment(target=item.target, label=item.label))
    if tuple(seen.values()) == asset.alignments:
        return {}
    reason = "an alignment has no relation, level or state"
    ledger.note("dropped", "alignment", reason=reason, place=asset.id, count=len(asset.alignments))
    return {"alignments": tuple(seen.values())}


def write_badges(document: Catalog, ledger: Ledger) -> bytes:
    """Return the assets as definitions of achievements."""
    ledger.note("kept", "assets", count=len(document.assets))
    return dump_json({"achievements": [_achievement(asset) for asset in document.assets]})


def _achievement(asset: LearningAsset) -> dict[str, Any]:
    """Return one definition."""
    rest = thaw(asset.extensions.get("openbadges"))
    told: dict[str, Any] = {
        "achievementType": _TYPES.get(asset.kind, "Achievement"),
        "type": ["Achievement"],
        **(rest if isinstance(rest, dict) else {}),
        "id": asset.id,
        "name": asset.title,
        "description": asset.description,
    }
    told.setdefault("criteria", _criteria(asset.description or asset.title))
    optional = {"humanCode": asset.notation, "inLanguage": asset.language, "tag": list(asset.keywords)}
    told |= {name: value for name, value in optional.items() if value}
    if asset.alignments:
        told["alignment"] = [
            {"type": ["Alignment"], "targetName": item.label, "targetUrl": item.target} for item in asset.alignments
        ]
    return told


def _sniff(content: Content, kind: str) -> Sniff:
    """Return whether the file has achievements."""
    head = content.head()
    starts = head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in {b"{", b"["}
    if len(content) != 1 or kind not in {"", "catalog"} or not starts:
        return NO
    found = [name for name in ("Achievement", "OpenBadgeCredential", "BadgeClass") if f'"{name}"'.encode() in head]
    return Sniff(0.9, (f"has a node of the type {found[0]}",)) if found else Sniff(0.0, missing=("an Achievement",))


FORMAT = Format(
    name="open-badges",
    title="Open Badges 3.0 achievements (JSON)",
    extensions=(".json",),
    reads=("catalog",),
    writes=("catalog",),
    carries={
        "catalog": frozenset({"assets"}),
        "asset": frozenset({"kind", "description", "notation", "language", "keywords", "alignments", "extensions"}),
        "alignment": frozenset({"relation", "state", "label", "extensions", "level_from", "level_to"}),
    },
    sniff=_sniff,
    reader=read_badges,
    source=Source(
        taken=frozenset({"id", "name", "description", "humanCode", "inLanguage", "tag", "tags"} | {"targetName"}),
        understood=frozenset({"@context", "targetUrl", "achievementType"}),
        words=_WORDS,
    ),
    writer=write_badges,
    fit=fit,
    notes="Definitions only: who earned what is left out. The file has no id: say `id=` when reading.",
    fixture="made-up files after the standard",
)
