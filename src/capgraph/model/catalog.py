"""Catalog: learning assets, what they teach, and what must come before them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from capgraph.errors import DocumentError, Issue
from capgraph.model.base import (
    Count,
    Described,
    Document,
    Extensions,
    Id,
    Ids,
    Label,
    Labels,
    Language,
    Model,
    Money,
    Number,
    Provenance,
    Rank,
    Share,
    Text,
    by_id,
    sorted_by,
)
from capgraph.model.frozen import FrozenMapping
from capgraph.model.integrity import duplicate_ids, duplicate_keys, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

AssetKind = Literal[
    "course",
    "program",
    "workshop",
    "webinar",
    "video",
    "reading",
    "podcast",
    "job_aid",
    "coaching",
    "mentoring",
    "on_the_job",
    "project",
    "community",
    "assessment",
    "other",
]
AlignmentRelation = Literal["teaches", "assesses", "requires", "mentions"]
ReviewState = Literal["proposed", "accepted", "rejected"]


class Alignment(Model):
    """What a learning asset has to do with one capability or behavior."""

    target: Id
    """The capability or behavior."""
    relation: AlignmentRelation = "teaches"
    """Whether the asset teaches it, assesses it, requires it, or only mentions it."""
    level_from: Rank | None = None
    """The level that learners have when they start; None for below the lowest rank."""
    level_to: Rank | None = None
    """The level that learners reach; None teaches the lowest step."""
    scale: Id | None = None
    """The scale of the levels here, where it is not the capability's own."""
    confidence: Share | None = None
    """How sure the one is who stated it, from 0 to 1."""
    state: ReviewState = "accepted"
    """Whether somebody has confirmed it; only accepted alignments count by default."""
    label: Text = ""
    """The words of the source, such as a skill tag."""
    method: Text = ""
    """How it came about: by hand, or the name and version of a suggestion."""
    provenance: tuple[Provenance, ...] = ()
    """Where the alignment comes from."""
    extensions: Extensions = FrozenMapping()
    """What a source format holds and the model does not."""

    @model_validator(mode="after")
    def _leads_up(self) -> Alignment:
        """Refuse a range that does not lead up."""
        low, high = self.level_from, self.level_to
        if low is not None and (high is None or low >= high) and self.relation == "teaches":
            reached = "no level" if high is None else f"the level {high}"
            text = f"alignment with {self.target!r} teaches from the level {low} to {reached}"
            raise DocumentError([Issue("level-range", text, (self.target,), "level_to", "level_to must be higher")])
        return self


def _alignment_key(alignment: Alignment) -> tuple[str, str, int, int]:
    """Return what identifies an alignment within its asset; a missing level sorts first."""
    levels = (alignment.level_from, alignment.level_to)
    low, high = (-10_000 if level is None else level for level in levels)
    return alignment.target, alignment.relation, low, high


class Condition(Model):
    """What must be done or held: one leaf, or all, any, or at least n of several conditions.

    Exactly one form is stated: `asset`, `capability` (with a `level` where one is needed), `all_of`, `any_of`, or
    `at_least` together with `of`.  In a list, a plain string is the id of an asset.

    Examples
    --------
    >>> Condition(all_of=["asset:sql-1", {"any_of": ["asset:stats", "asset:maths"]}]).assets
    ('asset:maths', 'asset:sql-1', 'asset:stats')
    """

    asset: Id | None = None
    """An asset that must be completed."""
    capability: Id | None = None
    """A capability that must be held."""
    level: Rank | None = None
    """The level at which the capability must be held; None for any."""
    all_of: tuple[Condition, ...] = ()
    """Conditions that must all hold."""
    any_of: tuple[Condition, ...] = ()
    """Conditions of which one must hold."""
    at_least: Annotated[int, Field(ge=1)] | None = None
    """How many of the conditions in `of` must hold."""
    of: tuple[Condition, ...] = ()
    """The conditions that `at_least` counts."""

    @model_validator(mode="before")
    @classmethod
    def _read_leaf(cls, value: Any) -> Any:  # noqa: ANN401 - whatever the caller gives
        """Return the asset leaf that a plain string stands for."""
        return {"asset": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _has_one_form(self) -> Condition:
        """Refuse none or several forms at once, and a count that can never be met."""
        forms = [self.asset, self.capability, self.all_of, self.any_of, self.of]
        problem = ""
        if sum(bool(form) for form in forms) != 1:
            problem = "a condition states exactly one of asset, capability, all_of, any_of, or at_least with of"
        elif (self.at_least is not None) != bool(self.of):
            problem = "at_least and of go together"
        elif self.at_least is not None and self.at_least > len(self.of):
            problem = f"at_least {self.at_least} of {len(self.of)} conditions can never hold"
        elif self.level is not None and self.capability is None:
            problem = f"the level {self.level} belongs to no capability"
        if problem:
            raise DocumentError([Issue("condition-form", problem, hint="state one form, complete")])
        return self

    @property
    def parts(self) -> tuple[Condition, ...]:
        """The conditions directly inside this one; none for a leaf."""
        return self.all_of or self.any_of or self.of

    def leaves(self) -> Iterator[Condition]:
        """Yield the leaves, first to last, as often as they are named."""
        pending: list[Condition] = [self]
        while pending:
            condition = pending.pop()
            if condition.parts:
                pending.extend(reversed(condition.parts))
            else:
                yield condition

    @property
    def assets(self) -> tuple[str, ...]:
        """The ids of the assets that the leaves name, sorted, each once."""
        return tuple(sorted({leaf.asset for leaf in self.leaves() if leaf.asset}))


class LearningAsset(Described):
    """Anything people learn from: a course, a coaching, a job aid, a task on the job."""

    title: Label
    """The title."""
    kind: AssetKind = "course"
    """What kind of learning it is."""
    description: Text = ""
    """What it is about."""
    alternative_titles: Labels = ()
    """Other titles for it."""
    url: Text = ""
    """Where it is found or started."""
    language: Language | None = None
    """The language of the content; None for that of the catalog."""
    provider: Text = ""
    """Who offers it."""
    duration: Number | None = None
    """The time a learner needs, in minutes."""
    cost: Money | None = None
    """The price of one learner."""
    keywords: Labels = ()
    """Tags and subjects as the source names them."""
    audience: Labels = ()
    """Whom it is made for, in the words of the source."""
    roles: Ids = ()
    """The roles it is made for."""
    sites: Labels = ()
    """The places where it can be attended; none for anywhere."""
    alignments: Annotated[tuple[Alignment, ...], sorted_by(_alignment_key)] = ()
    """What it teaches, assesses, requires or mentions."""
    prerequisites: Condition | None = None
    """What must hold before it starts."""
    corequisites: Condition | None = None
    """What must have started when it starts."""
    part_of: Ids = ()
    """The programs that it belongs to."""
    mandatory: bool = False
    """Whether law or policy demands it."""
    accreditation: Text = ""
    """The body or certificate that accredits it."""
    edition: Text = ""
    """The edition or year, as the source names it."""
    published: dt.date | None = None
    """When this edition came out."""
    modified: dt.date | None = None
    """When it was last changed."""
    rating: Share | None = None
    """What learners think of it, from 0 to 1."""
    learners: Count | None = None
    """How many people take it in a year."""
    seats: Count | None = None
    """How many people fit into one session; None for no limit."""
    session_cost: Money | None = None
    """The fixed cost of one session."""
    facilitator_minutes: Number | None = None
    """The time that facilitators spend on one session, in minutes."""
    annual_cost: Money | None = None
    """Licence and upkeep of a year."""
    maintenance_minutes: Number | None = None
    """The time that owners spend on upkeep in a year, in minutes."""

    @model_validator(mode="after")
    def _aligns_once(self) -> LearningAsset:
        """Refuse two alignments with the same target, relation and levels."""
        if len(self.alignments) <= 1:
            return self
        issues = list(duplicate_keys(self.id, "alignments", map(_alignment_key, self.alignments)))
        if issues:
            raise DocumentError.of(issues, "LearningAsset")
        return self


class Catalog(Document):
    """A catalog of learning assets.

    Alignments, conditions and roles may name what other documents hold.

    Raises
    ------
    DocumentError
        When an id stands for two assets, or a part contradicts itself.  All problems are listed.
    """

    kind: ClassVar[str] = "catalog"
    tables: ClassVar[tuple[str, ...]] = ("assets",)

    assets: Annotated[tuple[LearningAsset, ...], by_id] = ()
    """The assets, by id."""

    @model_validator(mode="after")
    def _is_consistent(self) -> Catalog:
        """Refuse what contradicts itself."""
        refuse(self, duplicate_ids(self, (("assets", asset.id) for asset in self.assets)))
        return self
