"""1EdTech CASE 1.0 and 1.1 packages (JSON): read leniently, written to 1.1.

Items become capabilities, behaviors (leaves whose type says so), roles and the levels of a scale.  What a package holds
beyond that is kept in ``extensions.case`` and written back; what CASE has no word for is written in the ``extensions``
that 1.1 allows, under ``capgraph``, so that it comes back as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from capgraph.formats.case_parts import (
    SOURCE,
    end_of,
    id_of_part,
    is_sound_document,
    is_sound_item,
    key_of_part,
    own_of,
    package_of,
    requirement_of,
    sequence_of,
    sound_own,
    target_of,
)
from capgraph.formats.case_writing import write_case
from capgraph.formats.draft import Draft
from capgraph.formats.idmap import Minter
from capgraph.formats.jsontext import load_json, objects, text_of, texts
from capgraph.formats.record import EVERYTHING, NO, Format, Sniff
from capgraph.model import Framework
from capgraph.text import normalize

if TYPE_CHECKING:
    from capgraph.formats.content import Content
    from capgraph.formats.conversion import Ledger

_BEHAVIORS = {"behaviour", "behavior", "indicator", "behavioral indicator", "behavioural indicator"}
_LEVELS = {"level", "skill level", "proficiency level"}
_ROLES = {"job role", "role", "work role", "occupation", "job", "job profile"}
_KINDS = {
    **{word: word for word in ("domain", "competency", "skill", "knowledge", "attitude", "task")},
    **dict.fromkeys(("cluster", "strand", "category", "group"), "domain"),
}
_ITEM_FIELDS = {"uri", "fullStatement", "humanCodingScheme", "notes", "extensions"}
_LINKS = {"isRelatedTo": "related", "isPeerOf": "related", "replacedBy": "replaced_by"}
_DOCUMENT_FIELDS = {
    *("uri", "title", "description", "version", "language", "officialSourceURL", "publisher", "extensions")
}
_PARTS = ("CFDefinitions", "CFRubrics")


def read_case(content: Content, ledger: Ledger) -> Framework:
    """Return the framework of a package, wrapped or bare.

    Raises
    ------
    ParseError
        When the JSON is broken, or there is no CFDocument.
    """
    package = package_of(load_json(content[content.name]))
    reader = _Package(package, ledger)
    reader.items()
    reader.associations()
    for table in ("capabilities", "behaviors", "roles", "relations"):
        ledger.note("kept", table, count=len(reader.draft.tables[table]))
    return reader.draft.build()


class _Package:
    """A package on its way into a framework."""

    def __init__(self, package: dict[str, Any], ledger: Ledger) -> None:
        self.package = package
        self.ledger = ledger
        document = package["CFDocument"]
        own = sound_own(document, is_sound_document, "/CFDocument", ledger)
        self.id = own.get("id") or id_of_part(document) or "urn:capgraph:case:document"
        self.minter = Minter(self.id)
        fields = {
            "id": self.id,
            "title": text_of(document.get("title")),
            "description": text_of(document.get("description")),
            "version": text_of(document.get("version")),
            "language": text_of(document.get("language")) or "en",
            "publisher": text_of(document.get("publisher")),
            "url": text_of(document.get("officialSourceURL")),
            "extensions": self._document_extensions(document),
        }
        self.draft = Draft(Framework, ledger)
        self.draft.fields = own or {name: value for name, value in fields.items() if value}
        for scale in own.get("scales", ()):
            self.draft.tables["scales"][scale["id"]] = scale
        for number, relation in enumerate(own.get("relations", ())):
            self.draft.tables["relations"][str(number)] = relation
        self.draft.fields = {name: value for name, value in self.draft.fields.items() if name not in self.draft.tables}
        self.ids: dict[str, str] = {}
        self.table: dict[str, str] = {}
        self.whole: set[str] = set()
        self.levels: dict[str, dict[str, Any]] = {}

    def _document_extensions(self, document: dict[str, Any]) -> dict[str, Any]:
        """Return what the document and the package hold beyond our fields."""
        rest = {name: value for name, value in document.items() if name not in _DOCUMENT_FIELDS}
        parts = {name: self.package[name] for name in _PARTS if self.package.get(name)}
        for name in parts:
            self.ledger.note("moved", name, reason="no field holds it", place=f"/{name}")
        return {"case": {"document": rest, **parts}}

    def items(self) -> None:
        """Take in the items; those that this library wrote come back as they were."""
        items = objects(self.package.get("CFItems"))
        parents: dict[str, list[str]] = {}
        inner: set[str] = set()
        for link in objects(self.package.get("CFAssociations")):
            if link.get("associationType") == "isChildOf":
                child, parent = (end_of(link, name) for name in ("originNodeURI", "destinationNodeURI"))
                parents.setdefault(child, []).append(parent)
                inner.add(parent)
        for number, item in enumerate(items):
            place, key = f"/CFItems/{number}", key_of_part(item)
            own = sound_own(item, is_sound_item, place, self.ledger)
            named = own.get("id") or id_of_part(item)
            id_ = named or self.minter("item", text_of(item.get("fullStatement")) or place)
            self.ids.update({key: id_, text_of(item.get("uri")): id_})
            if not text_of(item.get("fullStatement")) and not own:
                self.draft.problem(
                    "no-statement", f"{id_!r} has no fullStatement", ids=(id_,), place=place, hint="add it"
                )
                self.ledger.note("dropped", "CFItem", reason="no statement", place=place)
                continue
            self._item(item, own, id_, place, parents=parents.get(key, []), is_leaf=key not in inner)
        self._scale(items)

    def _item(
        self, item: dict[str, Any], own: dict[str, Any], id_: str, place: str, *, parents: list[str], is_leaf: bool
    ) -> None:
        """Take in one item as what its type says."""
        if own:
            table = str(own.pop("table", "capabilities"))
            if table in self.draft.tables and self.draft.add(table, own, place=place):
                self.table[id_] = table
                self.whole.add(id_)
            return
        word = normalize(text_of(item.get("CFItemType")))
        if word in _LEVELS:
            self.levels[key_of_part(item)] = item
            return
        record = self._record(item, id_, place)
        within = [parent for parent in parents if parent != self._document_key()]
        if word in _BEHAVIORS and is_leaf and len(within) == 1:
            unused = {"label", "description", "alternative_labels"}
            record = {name: value for name, value in record.items() if name not in unused}
            record |= {"statement": text_of(item.get("fullStatement")), "capability": within[0]}
            table = "behaviors"
        elif word in _ROLES:
            table = "roles"
        else:
            record["kind"] = _KINDS.get(word, "competency")
            table = "capabilities"
        if self.draft.add(table, record, place=place):
            self.table[id_] = table

    def _record(self, item: dict[str, Any], id_: str, place: str) -> dict[str, Any]:
        """Return the fields that every kind of entry shares."""
        rest = {name: value for name, value in item.items() if name not in _ITEM_FIELDS}
        if item.get("extensions"):
            rest["extensions"] = item["extensions"]
        short = texts(item.get("abbreviatedStatement"))
        statement = text_of(item.get("fullStatement"))
        return {
            "id": id_,
            "label": statement,
            "description": text_of(item.get("notes")),
            "notation": text_of(item.get("humanCodingScheme")),
            "extensions": {"case": rest},
            "provenance": [{"source": "case", "locator": place}],
            "other_ids": [{"scheme": "case", "value": item["identifier"]}] if text_of(item.get("identifier")) else [],
            "alternative_labels": short if short != [statement] else [],
        }

    def _document_key(self) -> str:
        """Return the key by which associations name the document."""
        return key_of_part(self.package["CFDocument"])

    def _scale(self, items: list[dict[str, Any]]) -> None:
        """Make one scale of the items that are levels, in their order."""
        levels = [item for item in items if key_of_part(item) in self.levels]
        if not levels or "default_scale" in self.draft.fields:
            return
        order = {
            end_of(link, "originNodeURI"): sequence_of(link) for link in objects(self.package.get("CFAssociations"))
        }
        levels.sort(key=lambda item: order.get(key_of_part(item)) or 0)
        links = [
            link for link in objects(self.package.get("CFAssociations")) if end_of(link, "originNodeURI") in self.levels
        ]
        ranked = [
            {"rank": rank, "label": text_of(item.get("fullStatement")), "description": text_of(item.get("notes"))}
            for rank, item in enumerate(levels, start=1)
        ]
        scale = {"id": f"{self.id}#levels", "label": "Skill levels", "levels": ranked}
        self.draft.add("scales", {**scale, "extensions": {"case": {"items": levels, "associations": links}}})
        self.draft.fields["default_scale"] = scale["id"]

    def associations(self) -> None:
        """Take in the associations that are not about items which came back as they were."""
        document = self._document_key()
        for number, link in enumerate(objects(self.package.get("CFAssociations"))):
            origin, target = end_of(link, "originNodeURI"), end_of(link, "destinationNodeURI")
            subject, object_ = self.ids.get(origin, ""), self.ids.get(target) or target_of(link)
            if subject in self.whole or origin in self.levels or own_of(link):
                continue
            place = f"/CFAssociations/{number}"
            if target == document and link.get("associationType") == "isChildOf":
                self._order(subject, link)
            elif subject not in self.table:
                self._foreign(link, place)
            else:
                self._link(link, subject, object_, place)

    def _order(self, subject: str, link: dict[str, Any]) -> None:
        """Keep the place that an association gives its origin, and the association."""
        self._keep("associations", link)
        table = self.table.get(subject)
        if table and sequence_of(link) is not None:
            self.draft.tables[table][subject].setdefault("sequence", sequence_of(link))

    def _keep(self, name: str, link: dict[str, Any]) -> None:
        """Keep an association as it came, to be written back."""
        kept = self.draft.fields.setdefault("extensions", {}).setdefault("case", {})
        kept.setdefault(name, []).append(link)

    def _foreign(self, link: dict[str, Any], place: str) -> None:
        """Keep an association whose origin lies outside the package."""
        self._keep("foreign", link)
        self.ledger.note("moved", "CFAssociation", reason="begins outside the package", place=place)

    def _link(self, link: dict[str, Any], subject: str, object_: str, place: str) -> None:
        """Take in one association as the field that it fills, else as a relation."""
        word, table = text_of(link.get("associationType")), self.table[subject]
        record, same = self.draft.tables[table][subject], self.table.get(object_) == self.table[subject]
        if word == "isChildOf" and (same or (table == "behaviors" and self.table.get(object_) == "capabilities")):
            self._order(subject, link)
            if table == "behaviors":
                record["capability"] = object_
            else:
                record.setdefault("broader", []).append(object_)
        elif word in _LINKS and same and not (word == "isPeerOf" or table == "behaviors"):
            record.setdefault(_LINKS[word], []).append(object_)
            self._keep("associations", link)
        elif word == "precedes" and same and table == "capabilities":
            self.draft.tables[table][object_].setdefault("prerequisites", []).append(subject)
            self._keep("associations", link)
        elif word == "ext:requires" and table == "roles" and self.table.get(object_) == "capabilities":
            self._requirement(record, object_, link, place)
        else:
            relation = {"subject": subject, "predicate": word or "related", "object": object_}
            rest = {name: value for name, value in link.items() if name != "associationType"}
            key = "\x1f".join(relation.values())
            self.draft.add("relations", {**relation, "extensions": {"case": rest}}, key=key, place=place)

    def _requirement(self, role: dict[str, Any], capability: str, link: dict[str, Any], place: str) -> None:
        """Take in what a role requires, with the level and importance in the extensions."""
        ranks = [level["rank"] for scale in self.draft.tables["scales"].values() for level in scale.get("levels", ())]
        required = requirement_of(link, capability, ranks)
        known = role.setdefault("requirements", [])
        if any(item["capability"] == capability for item in known):
            self.ledger.note("dropped", "CFAssociation", reason="required twice", place=place)
        else:
            known.append(required)


def _sniff(content: Content, kind: str) -> Sniff:
    """Return whether the head of the file has the parts of a package."""
    head = content.head()
    if len(content) != 1 or kind not in {"", "framework"} or not head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
        return NO
    found = [name for name in ("CFDocument", "CFItems", "CFPackage") if f'"{name}"'.encode() in head]
    return Sniff(0.95, (f"has {', '.join(found)}",)) if found else Sniff(0.0, missing=("CFDocument",))


FORMAT = Format(
    name="case",
    title="1EdTech CASE 1.0 and 1.1 (JSON)",
    extensions=(".json",),
    reads=("framework",),
    writes=("framework",),
    carries={"*": EVERYTHING},
    sniff=_sniff,
    reader=read_case,
    source=SOURCE,
    writer=write_case,
    notes="Written to 1.1; what CASE has no word for stands in its `extensions`, which other tools may ignore.",
)
