"""CASE 1.1 packages written from frameworks."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from capgraph.formats.case_fields import ASSOCIATION, DOCUMENT, ITEM, Fields, conforming, is_uuid
from capgraph.formats.jsontext import dump_json
from capgraph.model import thaw

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from capgraph.formats.conversion import Ledger
    from capgraph.model import (
        Capability,
        Described,
        Framework,
        ProficiencyLevel,
        ProficiencyScale,
        Relation,
        RoleProfile,
    )

OWN = "capgraph"
"""The name under which our fields stand in the extensions that CASE 1.1 allows."""

_NEVER = "1970-01-01T00:00:00Z"
_STANDARD = {
    *("isChildOf", "isPeerOf", "isPartOf", "exactMatchOf", "precedes", "isRelatedTo", "replacedBy", "exemplar"),
    *("hasSkillLevel", "isTranslationOf"),
}
_RETURNED = ("identifier", "uri", "lastChangeDateTime", "notes", "CFAssociationGroupingURI", "sequenceNumber")
"""What of an association comes back where its ends are still linked; the ends are written anew."""
_TYPES = {"family": "Role family", "role": "Job role", "level": "Role level"}


def identifier(iri: str) -> str:
    """Return the UUID of an entry: its own where its id is one, else one made of the id."""
    own = iri.removeprefix("urn:uuid:")
    try:
        return str(uuid.UUID(own)) if own != iri else str(uuid.uuid5(uuid.NAMESPACE_URL, iri))
    except ValueError:
        return str(uuid.uuid5(uuid.NAMESPACE_URL, iri))


def write_case(document: Framework, ledger: Ledger) -> bytes:
    """Return the package; the same framework gives the same bytes."""
    writer = _Writer(document)
    package = {
        "CFDocument": writer.document(),
        "CFItems": list(writer.items()),
        "CFAssociations": list(writer.associations()),
    }
    source = writer.source
    for name in ("CFDefinitions", "CFRubrics"):
        if source.get(name):
            package[name] = source[name]
    for table in ("capabilities", "behaviors", "roles", "relations", "scales"):
        ledger.note("kept", table, count=len(getattr(document, table)))
    return dump_json(package)


class _Writer:
    """One framework on its way into a package."""

    def __init__(self, framework: Framework) -> None:
        self.framework = framework
        source = thaw(framework.extensions.get("case"))
        self.source: dict[str, Any] = source if isinstance(source, dict) else {}
        about = self.source.get("document")
        self.about: dict[str, Any] = conforming(about, DOCUMENT) if isinstance(about, dict) else {}
        self.changed = self.about.get("lastChangeDateTime") or _NEVER
        self.written: set[str] = set()
        self.labels = {item.id: item.label for item in framework.capabilities}
        self.labels |= {item.id: item.label for item in framework.roles}
        self.labels |= {item.id: item.statement for item in framework.behaviors}
        self.identifiers = self._known_identifiers()
        self.associated = self._known_associations()

    def _known_identifiers(self) -> dict[str, str]:
        """Return the identifier of each entry that its source gave it; one that stands twice is nobody's."""
        one = self.framework
        described: tuple[Described, ...] = (*one.capabilities, *one.behaviors, *one.roles)
        stated = {item.id: thaw(item.extensions.get("case")) for item in described}
        found = {id_: held.get("identifier") for id_, held in stated.items() if isinstance(held, dict)}
        found[one.id] = self.about.get("identifier")
        sound = {id_: str(text) for id_, text in found.items() if is_uuid(text)}
        count = Counter(sound.values())
        return {id_: text for id_, text in sound.items() if count[text] == 1}

    def _known_associations(self) -> dict[tuple[str, str, str], dict[str, Any]]:
        """Return the associations of the source that fields of ours hold, by kind and ends."""
        held = [*_dicts(self.source.get("associations"))]
        held += [
            {**item, "associationType": _type(relation)}
            for relation in self.framework.relations
            for item in _dicts([thaw(relation.extensions.get("case"))])
        ]
        held += [
            item
            for role in self.framework.roles
            for required in role.requirements
            for item in _dicts([required.extensions.get("case")])
        ]
        return {
            (str(link.get("associationType") or ""), *ends): conforming(link, ASSOCIATION)
            for link in map(thaw, held)
            if all(ends := (_end(link, "originNodeURI"), _end(link, "destinationNodeURI")))
        }

    def _identifier(self, id_: str) -> str:
        """Return the identifier of an entry: its source's, else one made of its id."""
        return self.identifiers.get(id_) or identifier(self.framework.iri(id_))

    def _link(self, id_: str) -> dict[str, str]:
        """Return the object by which CASE names an entry."""
        iri = self.framework.iri(id_)
        return {"title": self.labels.get(id_, id_), "identifier": self._identifier(id_), "uri": iri}

    def document(self) -> dict[str, Any]:
        """Return the CFDocument, with all fields of ours in its extensions."""
        one = self.framework
        tables = {"capabilities", "behaviors", "roles"}
        written: dict[str, Any] = {
            "identifier": identifier(one.iri(one.id)),
            "uri": one.iri(one.id),
            "creator": one.publisher or one.title or one.id,
            "title": one.title or one.id,
            "lastChangeDateTime": self.changed,
            "caseVersion": "1.1",
            "language": one.language,
        }
        told = {"description": one.description, "version": one.version, "publisher": one.publisher}
        written |= {name: value for name, value in told.items() if value}
        if "://" in one.url and " " not in one.url:
            written["officialSourceURL"] = one.url
        own = {name: value for name, value in one.to_dict().items() if name not in tables}
        return {**written, **self.about, "extensions": {OWN: own}}

    def items(self) -> Iterator[dict[str, Any]]:
        """Yield an item for each capability, behavior and role."""
        for capability in self.framework.capabilities:
            yield self._item(capability, "capabilities", capability.label, capability.kind.capitalize())
        for behavior in self.framework.behaviors:
            yield self._item(behavior, "behaviors", behavior.statement, "Behavior")
        for role in self.framework.roles:
            yield self._item(role, "roles", role.label, _TYPES[role.kind])
        yield from self._as_they_came([held.get("items") for held in self.held_levels], ITEM)
        for id_, _, level in self.own_levels:
            yield self._level(id_, level)

    @property
    def held_levels(self) -> list[dict[str, Any]]:
        """What the source held of the scales that it told as items and associations."""
        found = [thaw(scale.extensions.get("case")) for scale in self.framework.scales]
        return [held for held in found if isinstance(held, dict)]

    @property
    def own_levels(self) -> list[tuple[str, ProficiencyScale, ProficiencyLevel]]:
        """The levels of the other scales, each with an id."""
        scales = [scale for scale in self.framework.scales if not isinstance(thaw(scale.extensions.get("case")), dict)]
        return [
            (f"urn:uuid:{identifier(f'{self.framework.iri(scale.id)}#{level.rank}')}", scale, level)
            for scale in scales
            for level in scale.levels
        ]

    def _as_they_came(self, parts: Iterable[object], fields: Fields) -> Iterator[dict[str, Any]]:
        """Yield parts of the source that no part of the model holds, as the standard allows them."""
        for held in parts:
            for part in held if isinstance(held, list) else ():
                own = conforming(part, fields) if isinstance(part, dict) else {}
                if own.get("identifier") not in self.written and _has_all(own, fields):
                    self.written.add(own["identifier"])
                    yield own

    def _level(self, id_: str, level: ProficiencyLevel) -> dict[str, Any]:
        """Return one level of a scale as an item, which our reader passes over."""
        told = {"notes": level.description} if level.description else {}
        return {
            "CFItemType": "Skill level",
            "language": self.framework.language,
            "lastChangeDateTime": self.changed,
            "identifier": identifier(id_),
            "uri": id_,
            "fullStatement": level.label,
            **told,
            "extensions": {OWN: {"table": "levels"}},
        }

    def _item(self, entry: Described, table: str, statement: str, kind: str) -> dict[str, Any]:
        """Return one item: what its source held, what CASE has words for, and everything in the extensions."""
        iri = self.framework.iri(entry.id)
        source = thaw(entry.extensions.get("case"))
        written: dict[str, Any] = {
            "CFItemType": kind,
            "language": self.framework.language,
            "lastChangeDateTime": self.changed,
            **(conforming(source, ITEM) if isinstance(source, dict) else {}),
            "identifier": self._identifier(entry.id),
            "uri": iri,
            "fullStatement": statement,
        }
        description = getattr(entry, "description", "")
        if entry.notation:
            written["humanCodingScheme"] = entry.notation
        if description:
            written["notes"] = description
        return {**written, "extensions": {OWN: {"table": table, **entry.to_dict()}}}

    def associations(self) -> Iterator[dict[str, Any]]:
        """Yield every relation that CASE has a word for, those outside the package as they came, and requirements."""
        entries: tuple[Capability | RoleProfile, ...] = (*self.framework.capabilities, *self.framework.roles)
        for entry in entries:
            yield from self._parents(entry)
            for target in entry.related:
                yield self._association("isRelatedTo", entry.id, target)
        for behavior in self.framework.behaviors:
            yield self._association("isChildOf", behavior.id, behavior.capability, behavior.sequence)
        described: tuple[Described, ...] = (*entries, *self.framework.behaviors)
        for item in described:
            for successor in item.replaced_by:
                yield self._association("replacedBy", item.id, successor)
        yield from self._ordered()
        yield from self._as_they_came([self.source.get("foreign")], ASSOCIATION)
        yield from self._as_they_came([held.get("associations") for held in self.held_levels], ASSOCIATION)
        for id_, _, level in self.own_levels:
            self.labels[id_] = level.label
            yield self._association("isChildOf", id_, self.framework.id, level.rank)

    def _ordered(self) -> Iterator[dict[str, Any]]:
        """Yield what comes before what, what roles require, and the other relations of the publisher."""
        for item in self.framework.capabilities:
            for before in item.prerequisites:
                yield self._association("precedes", before, item.id)
        for role in self.framework.roles:
            for required in role.requirements:
                link = self._association("ext:requires", role.id, required.capability)
                yield {**link, "extensions": {OWN: required.to_dict()}}
        for relation in self.framework.relations:
            yield self._association(_type(relation), relation.subject, relation.object)

    def _parents(self, entry: Capability | RoleProfile) -> Iterator[dict[str, Any]]:
        """Yield the links of an entry to what is broader, or to the document at the top."""
        for target in entry.broader or (self.framework.id,):
            yield self._association("isChildOf", entry.id, target, entry.sequence)

    def _association(self, kind: str, origin: str, target: str, sequence: int | None = None) -> dict[str, Any]:
        """Return one association, marked as ours by its extensions."""
        known = identifier("\x1f".join((self.framework.iri(origin), kind, self.framework.iri(target))))
        written = {
            "identifier": known,
            "uri": f"urn:uuid:{known}",
            "associationType": kind,
            "originNodeURI": self._link(origin),
            "destinationNodeURI": self._link(target),
            "lastChangeDateTime": self.changed,
        }
        ends = (_end(written, "originNodeURI"), _end(written, "destinationNodeURI"))
        stated = self.associated.get((kind, *ends), {})
        written |= {name: stated[name] for name in _RETURNED if name in stated}
        own = {**stated.get("extensions", {}), OWN: {"written": True}}
        return {**written, **({} if sequence is None else {"sequenceNumber": sequence}), "extensions": own}


def _dicts(value: object) -> list[Any]:
    """Return the mappings in a list."""
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list | tuple) else []


def _end(link: Mapping[str, Any], name: str) -> str:
    """Return the identifier at one end of an association."""
    end = link.get(name)
    return str(end.get("identifier") or "").lower() if isinstance(end, Mapping) else ""


def _has_all(part: dict[str, Any], fields: Fields) -> bool:
    """Return whether a part has what the standard demands of it."""
    needed = ["identifier", "uri", "lastChangeDateTime"]
    needed += (
        ["fullStatement"] if "fullStatement" in fields else ["associationType", "originNodeURI", "destinationNodeURI"]
    )
    return all(name in part for name in needed)


def _type(relation: Relation) -> str:
    """Return the association type of a relation: one of the standard, or an extended one as the standard allows it."""
    if relation.predicate in _STANDARD:
        return relation.predicate
    letters = relation.predicate.removeprefix("ext:")
    word = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "._-") else "_" for sign in letters)
    return f"ext:{word}"
