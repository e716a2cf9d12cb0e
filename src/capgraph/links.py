"""The links that documents state: one value for every reference from one entry to another.

========================  ==========================================  =========================
relation                  leads from … to …                           data
========================  ==========================================  =========================
``broader``               capability, role or team to the broader one None
``related``               capability or role to a related one         None
``prerequisite``          capability to capability;                   None;
                          asset to an asset or capability             the leaf `Condition`
``corequisite``           asset to an asset or capability             the leaf `Condition`
``replaced_by``           any entry to its successor                  None
``shows``                 behavior to its capability                  `Behavior`
``rated_on``              capability to its scale                     None
``requires``              role to capability                          `Requirement`
``teaches``, ``assesses``,
``mentions``, ``presumes``  asset to capability or behavior           `Alignment`
``part_of``               asset to program                            None
``made_for``              asset to role                               None
``holds``, ``aims_at``    person to role                              None
``member_of``             person to team                              None
``reports_to``            person to manager                           None
``led_by``                team to person                              None
``evidence``              person to capability, behavior or asset     `Evidence`
``changes``               challenge to behavior                       None
``measured_by``           challenge to metric                         None
``concerns``              challenge to team, role or person           None
``answered_by``           challenge to asset                          None
``reads``                 measurement to metric                       `Measurement`
``maps``                  entry to entry of another framework         `Mapping`
``states``                entry to entry                              `Relation`
========================  ==========================================  =========================

``presumes`` is the alignment relation *requires*, renamed so that it is not mistaken for what a role requires.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from capgraph.errors import ArgumentError
from capgraph.model import (
    Agenda,
    Catalog,
    Condition,
    Crosswalk,
    Document,
    Framework,
    LearningAsset,
    Model,
    Person,
    Workforce,
)
from capgraph.text import closest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RELATIONS = (
    "broader",
    "related",
    "prerequisite",
    "corequisite",
    "replaced_by",
    "shows",
    "rated_on",
    "requires",
    "teaches",
    "assesses",
    "mentions",
    "presumes",
    "part_of",
    "made_for",
    "holds",
    "aims_at",
    "member_of",
    "reports_to",
    "led_by",
    "evidence",
    "changes",
    "measured_by",
    "concerns",
    "answered_by",
    "reads",
    "maps",
    "states",
)
"""Every relation that a link can have."""


class Link(NamedTuple):
    """One reference from an entry to another."""

    source: str
    """The id of the entry that states it."""
    relation: str
    """One of `RELATIONS`."""
    target: str
    """The id of the entry it leads to."""
    data: Model | None
    """What the document says about it: a requirement, an alignment, an evidence record …"""


def links(document: Document) -> Iterator[Link]:
    """Yield every link that a document states, with the ids as they are written there."""
    for kind, stated in _STATED.items():
        if isinstance(document, kind):
            yield from stated(document)


def require_known(relation: str) -> None:
    """Refuse what is no relation."""
    if relation not in RELATIONS:
        near = closest(relation, RELATIONS)
        hint = f"did you mean {near!r}?" if near else f"use one of {', '.join(RELATIONS)}"
        message = f"{relation!r} is no relation; {hint}"
        raise ArgumentError(message)


def _plain(source: str, relation: str, targets: tuple[str, ...]) -> Iterator[Link]:
    """Yield a link without data to each target."""
    for target in targets:
        yield Link(source, relation, target, None)


def _of_framework(framework: Framework) -> Iterator[Link]:
    """Yield the links of capabilities, behaviors, roles and other relations."""
    for item in framework.capabilities:
        yield from _plain(item.id, "broader", item.broader)
        yield from _plain(item.id, "related", item.related)
        yield from _plain(item.id, "prerequisite", item.prerequisites)
        yield from _plain(item.id, "replaced_by", item.replaced_by)
        scale = item.scale or framework.default_scale
        if scale:
            yield Link(item.id, "rated_on", scale, None)
    for behavior in framework.behaviors:
        yield Link(behavior.id, "shows", behavior.capability, behavior)
        yield from _plain(behavior.id, "replaced_by", behavior.replaced_by)
    for role in framework.roles:
        yield from _plain(role.id, "broader", role.broader)
        yield from _plain(role.id, "related", role.related)
        yield from _plain(role.id, "replaced_by", role.replaced_by)
        for requirement in role.requirements:
            yield Link(role.id, "requires", requirement.capability, requirement)
    for relation in framework.relations:
        yield Link(relation.subject, "states", relation.object, relation)


def _of_asset(asset: LearningAsset) -> Iterator[Link]:
    """Yield the links of one asset."""
    for alignment in asset.alignments:
        said = "presumes" if alignment.relation == "requires" else alignment.relation
        yield Link(asset.id, said, alignment.target, alignment)
    for relation, condition in (("prerequisite", asset.prerequisites), ("corequisite", asset.corequisites)):
        if condition is not None:
            yield from _of_condition(asset.id, relation, condition)
    yield from _plain(asset.id, "part_of", asset.part_of)
    yield from _plain(asset.id, "made_for", asset.roles)
    yield from _plain(asset.id, "replaced_by", asset.replaced_by)


def _of_condition(source: str, relation: str, condition: Condition) -> Iterator[Link]:
    """Yield a link for each distinct leaf of a condition."""
    for leaf in dict.fromkeys(condition.leaves()):
        yield Link(source, relation, leaf.asset or leaf.capability or "", leaf)


def _of_catalog(catalog: Catalog) -> Iterator[Link]:
    """Yield the links of all assets."""
    for asset in catalog.assets:
        yield from _of_asset(asset)


def _of_person(person: Person) -> Iterator[Link]:
    """Yield the links of one person."""
    yield from _plain(person.id, "holds", person.roles)
    yield from _plain(person.id, "aims_at", person.target_roles)
    yield from _plain(person.id, "member_of", person.teams)
    if person.manager:
        yield Link(person.id, "reports_to", person.manager, None)


def _of_workforce(workforce: Workforce) -> Iterator[Link]:
    """Yield the links of people, teams and evidence."""
    for person in workforce.people:
        yield from _of_person(person)
    for team in workforce.teams:
        yield from _plain(team.id, "broader", team.broader)
        if team.lead:
            yield Link(team.id, "led_by", team.lead, None)
    for record in workforce.evidence:
        for target in (record.capability, record.behavior, record.asset):
            if target is not None:
                yield Link(record.person, "evidence", target, record)


def _of_agenda(agenda: Agenda) -> Iterator[Link]:
    """Yield the links of challenges and measurements."""
    for challenge in agenda.challenges:
        yield from _plain(challenge.id, "changes", challenge.behaviors)
        yield from _plain(challenge.id, "concerns", challenge.scope)
        yield from _plain(challenge.id, "answered_by", challenge.assets)
        yield from _plain(challenge.id, "replaced_by", challenge.replaced_by)
        if challenge.metric:
            yield Link(challenge.id, "measured_by", challenge.metric, None)
    for measurement in agenda.measurements:
        yield Link(measurement.id, "reads", measurement.metric, measurement)


def _of_crosswalk(crosswalk: Crosswalk) -> Iterator[Link]:
    """Yield the links of mappings."""
    for mapping in crosswalk.mappings:
        yield Link(mapping.subject, "maps", mapping.object, mapping)


_STATED: dict[type[Document], Callable[..., Iterator[Link]]] = {
    Framework: _of_framework,
    Catalog: _of_catalog,
    Workforce: _of_workforce,
    Agenda: _of_agenda,
    Crosswalk: _of_crosswalk,
}
