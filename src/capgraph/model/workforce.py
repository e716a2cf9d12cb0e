"""Workforce: people, teams, and the evidence of what people can do."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import model_validator

from capgraph.errors import DocumentError, Issue
from capgraph.model.base import Count, Document, Id, Ids, Label, Language, Node, Rank, Share, Text, by_id
from capgraph.model.integrity import broader_cycles, dangling, duplicate_ids, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

EvidenceKind = Literal["self", "manager", "peer", "test", "observation", "credential", "completion", "inferred"]


class Person(Node):
    """Somebody whose capabilities matter; the id should be a pseudonym."""

    label: Text = ""
    """The name shown to people; personal data, empty where the id is enough."""
    roles: Ids = ()
    """The roles that the person holds."""
    target_roles: Ids = ()
    """The roles that the person aims at."""
    teams: Ids = ()
    """The teams that the person belongs to."""
    manager: Id | None = None
    """The person's manager."""
    language: Language | None = None
    """The language in which the person learns best."""
    site: Text = ""
    """Where the person works."""
    since: dt.date | None = None
    """The first day in the organization."""


class Team(Node):
    """A group of people, and of teams."""

    label: Label
    """The name of the team."""
    broader: Ids = ()
    """The teams that it is a part of."""
    lead: Id | None = None
    """The person who leads it."""
    headcount: Count | None = None
    """How many people it should have."""


class Evidence(Node):
    """One record of what somebody has shown, and how we know.

    At least one of capability, behavior and asset is named.  On a behavior, a value of 0 says that it was looked for
    and not shown; any other value, or none, that it was shown.
    """

    person: Id
    """Whom it is about."""
    capability: Id | None = None
    """The capability that was rated."""
    behavior: Id | None = None
    """The behavior that was looked for."""
    asset: Id | None = None
    """The asset that was completed, or by which the rating came about."""
    kind: EvidenceKind
    """How we know."""
    level: Rank | None = None
    """The level shown, as a rank on the capability's scale."""
    value: float | None = None
    """The value measured, on an interval scale."""
    scale: Id | None = None
    """The scale of the level or value, where it is not the capability's own."""
    date: dt.date
    """The day on which it was shown."""
    expires: dt.date | None = None
    """The last day on which it counts."""
    corrects: Id | None = None
    """The record that this one replaces."""
    confidence: Share | None = None
    """How sure the source is, from 0 to 1; None counts as 1."""
    source: Text = ""
    """The system or occasion that it comes from."""
    note: Text = ""
    """What the source adds in words."""

    @model_validator(mode="after")
    def _is_about_something(self) -> Evidence:
        """Refuse evidence about nothing, and evidence that expires before it begins."""
        if self.capability is None and self.behavior is None and self.asset is None:
            text, hint = f"{self.id!r} names no capability, behavior or asset", "name what was shown"
        elif self.expires is not None and self.expires < self.date:
            text, hint = f"{self.id!r} expires before its date {self.date}", "correct one of the dates"
        elif self.corrects == self.id:
            text, hint = f"{self.id!r} corrects itself", "give the correction an id of its own"
        else:
            return self
        raise DocumentError([Issue("evidence", text, (self.id,), "", hint)])


class Workforce(Document):
    """People, teams and evidence.

    Roles of people and the subjects of evidence may be held by other documents.

    Raises
    ------
    DocumentError
        When an id stands for two members, a person, team or corrected record is missing (unless `imports` names other
        documents), or the hierarchy of teams is a cycle.  All problems are listed.
    """

    kind: ClassVar[str] = "workforce"
    tables: ClassVar[tuple[str, ...]] = ("teams", "people", "evidence")

    teams: Annotated[tuple[Team, ...], by_id] = ()
    """The teams, by id."""
    people: Annotated[tuple[Person, ...], by_id] = ()
    """The people, by id."""
    evidence: Annotated[tuple[Evidence, ...], by_id] = ()
    """The records, by id."""

    @model_validator(mode="after")
    def _is_consistent(self) -> Workforce:
        """Refuse what contradicts itself."""
        members = [(table, member.id) for table in self.tables for member in getattr(self, table)]
        refuse(
            self,
            duplicate_ids(self, members),
            () if self.imports else _dangling(self),
            broader_cycles(self, self.teams),
        )
        return self


def _dangling(workforce: Workforce) -> Iterator[Issue]:
    """Yield every reference to a person, team or record that is not there."""
    people = {workforce.iri(person.id) for person in workforce.people}
    teams = {workforce.iri(team.id) for team in workforce.teams}
    records = {workforce.iri(record.id) for record in workforce.evidence}
    broader = ((team.id, "broader", target) for team in workforce.teams for target in team.broader)
    members = ((person.id, "teams", target) for person in workforce.people for target in person.teams)
    yield from dangling(workforce, teams, [*broader, *members], "team")
    managers = ((person.id, "manager", person.manager) for person in workforce.people if person.manager)
    leads = ((team.id, "lead", team.lead) for team in workforce.teams if team.lead)
    subjects = ((record.id, "person", record.person) for record in workforce.evidence)
    yield from dangling(workforce, people, [*managers, *leads, *subjects], "person")
    corrected = ((record.id, "corrects", record.corrects) for record in workforce.evidence if record.corrects)
    yield from dangling(workforce, records, corrected, "record")
