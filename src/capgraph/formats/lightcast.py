"""Lightcast Open Skills (JSON): skills with categories and subcategories, keyed by their ids alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from capgraph.errors import Issue, ParseError
from capgraph.formats.draft import Draft
from capgraph.formats.jsontext import load_json, objects, text_of, texts
from capgraph.formats.record import NO, Format, Sniff
from capgraph.formats.unread import Source
from capgraph.model import Framework

if TYPE_CHECKING:
    from capgraph.formats.content import Content
    from capgraph.formats.conversion import Ledger

ID = "urn:capgraph:lightcast"
PREFIX = "urn:capgraph:lightcast:"

_USED = {"id", "name", "description", "category", "subcategory"}
_GROUPS = ("category", "subcategory")


def read_lightcast(content: Content, ledger: Ledger, *, version: str = "") -> Framework:
    """Return the skills, with their categories as domains.

    Parameters
    ----------
    version : str
        The release, which the file does not state.
    """
    data = load_json(content[content.name])
    skills = objects(data.get("data", []) if isinstance(data, dict) else data)
    if not skills:
        raise ParseError(
            [Issue("no-data", "the file holds no skills", where="/data", hint="download the skills again")]
        )
    about = {"title": "Lightcast Open Skills", "publisher": "Lightcast", "prefixes": {"lightcast": PREFIX}}
    draft = Draft(Framework, ledger, id=ID, version=version, **about)
    attributions = objects(data.get("attributions", [])) if isinstance(data, dict) else []
    draft.fields["attribution"] = "; ".join(filter(None, (text_of(item.get("text")) for item in attributions)))
    for number, skill in enumerate(skills):
        _take(draft, skill, f"/data/{number}")
    ledger.note("kept", "capabilities", count=len(draft.tables["capabilities"]))
    return draft.build()


def _take(draft: Draft[Framework], skill: dict[str, Any], place: str) -> None:
    """Add one skill, and the category and subcategory that it names."""
    key, name = text_of(skill.get("id")), text_of(skill.get("name"))
    if not key or not name or " " in key:
        text = f"{key or name!r} has no sound id or no name and is left out"
        draft.problem("no-key", text, ids=(key,), place=place, hint="give it both, the id without spaces")
        draft.ledger.note("dropped", "skill", reason="no id or name", place=place)
        return
    draft.add("capabilities", {**_record(skill), "broader": _groups(draft, skill)}, place=place)


def _groups(draft: Draft[Framework], skill: dict[str, Any]) -> list[str]:
    """Return the nearest group of a skill; its category and subcategory are added where they are new."""
    broader: list[str] = []
    for field in _GROUPS:
        group = skill.get(field)
        key, label = (text_of(group.get(name)) for name in ("id", "name")) if isinstance(group, dict) else ("", "")
        if key and label and " " not in key:
            id_ = f"lightcast:{field}-{key}"
            above = {"id": id_, "label": label, "kind": "domain", "broader": list(broader)}
            draft.tables["capabilities"].setdefault(id_, above)
            broader = [id_]
    return broader


def _record(skill: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of one skill; what no field holds is kept in the extensions."""
    key = text_of(skill.get("id"))
    rest = {field: value for field, value in skill.items() if field not in _USED and value not in (None, "", [])}
    return {
        "id": f"lightcast:{key}",
        "label": text_of(skill.get("name")),
        "kind": "skill",
        "description": text_of(skill.get("description")),
        "notation": key,
        "status": "deprecated" if texts(skill.get("removedDescription")) else "active",
        "extensions": {"lightcast": rest} if rest else {},
    }


def _sniff(content: Content, kind: str) -> Sniff:
    """Return whether the file has skills with ids and an infoUrl."""
    head = content.head()
    if len(content) != 1 or kind not in {"", "framework"} or b'"infoUrl"' not in head or b'"name"' not in head:
        return NO
    return Sniff(0.9, ("has skills with infoUrl",))


FORMAT = Format(
    name="lightcast",
    title="Lightcast Open Skills (JSON)",
    extensions=(".json",),
    reads=("framework",),
    carries={
        "framework": frozenset({"capabilities", "version", "attribution"}),
        "capability": frozenset({"label", "kind", "description", "notation", "broader", "status", "extensions"}),
    },
    sniff=_sniff,
    reader=read_lightcast,
    source=Source(
        taken=frozenset({"id", "name", "description", "attributions.text"}),
        understood=frozenset({"category.id", "subcategory.id"}),
    ),
    notes="The licence allows no redistribution: bring your own file.",
    fixture="files written after the documentation",
)
