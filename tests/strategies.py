"""Hypothesis strategies for every document: small, valid, and full of the odd cases that real ones have."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, get_args

from hypothesis import strategies as st

from capgraph.model import (
    Agenda,
    AlignmentRelation,
    AssetKind,
    CapabilityKind,
    Catalog,
    Cause,
    Crosswalk,
    Decisions,
    Document,
    EvidenceKind,
    Framework,
    Necessity,
    Predicate,
    Status,
    Workforce,
    ZeroMeans,
)
from capgraph.model.agenda import Challenge, Finding, Measurement, Metric
from capgraph.model.base import Money, OtherId, Provenance, Source, Translation
from capgraph.model.capability import Behavior, Capability, CapabilityLevel, ProficiencyLevel, ProficiencyScale
from capgraph.model.catalog import Alignment, Condition, LearningAsset
from capgraph.model.crosswalk import Mapping
from capgraph.model.decisions import Decision
from capgraph.model.framework import Relation
from capgraph.model.role import Requirement, RoleProfile
from capgraph.model.workforce import Evidence, Person, Team

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypothesis.strategies import DrawFn, SearchStrategy

RANKS = (0, 1, 2, 3, 4)
SIZE = 3
_NAMES = ("a", "b", "c", "B", "10", "9", "a-b.c~d/e", "ü", "x%20y", "long-" * 20)
_ALPHABET = st.characters(codec="utf-8", exclude_characters="\0")

any_text = st.text(_ALPHABET, max_size=20)
"""Any text; slow to draw, so only titles use it."""
texts = st.sampled_from(
    (
        "",
        "plain",
        "two words",
        "line\nbreak",
        "\ttab ",
        "Ünïcödé",
        "数据 分析",
        "=SUM(A1)",
        "'; --",
        '"q",',
        "🎓",
        "\u202eabc",
        "\x7f",
    )
)
labels = st.sampled_from(
    ("a", "Data analysis", "data  analysis", "Größe", "数据", "C++", "-1", "<b>", "a;b|c", "x\ny", " padded ", "É", "É")
)
languages = st.sampled_from(("en", "de", "fr", "pt-BR", "zh-Hant"))
days = st.dates(min_value=dt.date(1990, 1, 1), max_value=dt.date(2060, 12, 31))
moments = st.datetimes(
    min_value=dt.datetime(1990, 1, 1),  # noqa: DTZ001 - Hypothesis adds the zone
    max_value=dt.datetime(2060, 1, 1),  # noqa: DTZ001 - Hypothesis adds the zone
    timezones=st.sampled_from((dt.UTC, dt.timezone(dt.timedelta(hours=-7)))),
)
shares = st.floats(0, 1)
numbers = st.floats(0, 1e6)
values = st.floats(-1e6, 1e6)
counts = st.integers(0, 2**53)
ranks = st.sampled_from(RANKS)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(-1e9, 1e9) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
money = st.builds(
    Money,
    amount=st.decimals(0, 10**9, allow_nan=False, allow_infinity=False, places=2),
    currency=st.sampled_from(("EUR", "GBP", "JPY")),
)


def ids(prefix: str) -> SearchStrategy[str]:
    """Return ids as they occur: CURIEs, and IRIs with every sort of letter."""
    starts = (f"{prefix}:", f"https://e.org/{prefix}/")
    return st.sampled_from([f"{start}{name}" for start in starts for name in _NAMES])


def some(choices: Sequence[str]) -> SearchStrategy[list[str]]:
    """Return a few of the choices, none where there are none."""
    return st.lists(st.sampled_from(choices), max_size=2, unique=True) if choices else st.just([])


def maybe(values: SearchStrategy[Any]) -> SearchStrategy[Any]:
    """Return a value or None."""
    return st.none() | values


def _one_of(choices: Sequence[str]) -> SearchStrategy[str | None]:
    """Return one of the choices or None."""
    return maybe(st.sampled_from(choices)) if choices else st.none()


def _word(literal: object) -> SearchStrategy[Any]:
    """Return one word of a Literal type."""
    return st.sampled_from(get_args(literal))


def _members(prefix: str) -> SearchStrategy[list[str]]:
    """Return the distinct ids of the members of one table."""
    return st.lists(ids(prefix), max_size=SIZE, unique=True)


provenances = st.lists(st.builds(Provenance, source=labels, locator=texts), max_size=2)
translations = st.lists(
    st.builds(
        Translation,
        language=languages,
        label=maybe(labels),
        description=maybe(texts),
        alternative_labels=st.lists(labels, max_size=2),
    ),
    max_size=2,
    unique_by=lambda text: text.language,
)
extensions = st.dictionaries(texts, json_values, max_size=2)


def _node(id_: str) -> dict[str, SearchStrategy[Any]]:
    """Return the fields of every part with an id."""
    return {
        "id": st.just(id_),
        "other_ids": st.lists(st.builds(OtherId, scheme=labels, value=labels), max_size=2),
        "provenance": provenances,
        "extensions": extensions,
    }


def _described(id_: str, peers: Sequence[str]) -> dict[str, SearchStrategy[Any]]:
    """Return the fields of every entry of a framework or catalog."""
    return {
        **_node(id_),
        "notation": texts,
        "status": _word(Status),
        "replaced_by": some(peers),
        "sequence": maybe(counts),
        "translations": translations,
    }


def _document(prefix: str) -> dict[str, SearchStrategy[Any]]:
    """Return the fields of every document."""
    return {
        **_node(f"{prefix}:doc"),
        "title": any_text,
        "version": texts,
        "description": texts,
        "language": languages,
        "prefixes": st.just({"role": "https://example.org/role/"}) | st.just({}),
        "publisher": texts,
        "license": texts,
        "attribution": texts,
        "url": texts,
        "sources": st.lists(
            st.builds(Source, name=labels, format=texts, version=texts, sha256=texts, retrieved=maybe(days)),
            max_size=2,
            unique_by=lambda source: source.name,
        ),
    }


def _earlier(choices: Sequence[str], id_: str) -> SearchStrategy[list[str]]:
    """Return a few of the ids before one, so that no cycle can close."""
    return some(choices[: choices.index(id_)])


def scales(id_: str) -> SearchStrategy[ProficiencyScale]:
    """Return a scale with the ranks of `RANKS`."""
    levels = [
        st.builds(ProficiencyLevel, rank=st.just(rank), label=labels, description=texts, translations=translations)
        for rank in RANKS
    ]
    return st.builds(
        ProficiencyScale,
        **_node(id_),
        label=labels,
        kind=st.sampled_from(("ordinal", "interval")),
        levels=st.tuples(*levels),
        minimum=st.just(-1e6),
        maximum=st.just(1e6),
        zero_means=maybe(_word(ZeroMeans)),
    )


def _capability(id_: str, peers: Sequence[str], scale: str) -> SearchStrategy[Capability]:
    """Return a capability whose broader ones come before it."""
    return st.builds(
        Capability,
        **_described(id_, peers),
        label=labels,
        kind=_word(CapabilityKind),
        description=texts,
        alternative_labels=st.lists(labels, max_size=2),
        hidden_labels=st.lists(labels, max_size=1),
        broader=_earlier(peers, id_),
        related=some(peers),
        prerequisites=some(peers),
        scale=maybe(st.just(scale)),
        levels=st.lists(
            st.builds(CapabilityLevel, level=ranks, description=texts, translations=translations),
            max_size=2,
            unique_by=lambda entry: entry.level,
        ),
    )


@st.composite
def _requirement(draw: DrawFn, capability: str, scale: str) -> Requirement:
    """Return a requirement with ordered levels."""
    low, level, high = sorted(draw(st.tuples(ranks, ranks, ranks)))
    leveled = draw(st.booleans())
    return Requirement(
        capability=capability,
        level=level if leveled else None,
        minimum=draw(maybe(st.just(low))) if leveled else None,
        stretch=draw(maybe(st.just(high))) if leveled else None,
        value=draw(maybe(values)),
        necessity=draw(_word(Necessity)),
        importance=draw(maybe(numbers)),
        confidence=draw(maybe(shares)),
        scale=draw(maybe(st.just(scale))),
        note=draw(texts),
        provenance=draw(provenances),
        extensions=draw(extensions),
    )


def _role(id_: str, peers: Sequence[str], capabilities: Sequence[str], scale: str) -> SearchStrategy[RoleProfile]:
    """Return a role whose broader ones come before it."""
    return some(capabilities).flatmap(
        lambda required: st.builds(
            RoleProfile,
            **_described(id_, peers),
            label=labels,
            kind=st.sampled_from(("family", "role", "level")),
            description=texts,
            alternative_labels=st.lists(labels, max_size=2),
            broader=_earlier(peers, id_),
            related=some(peers),
            requirements=st.tuples(*[_requirement(capability, scale) for capability in required]),
        )
    )


@st.composite
def frameworks(draw: DrawFn) -> Framework:
    """Return a framework with a scale, and a few capabilities, behaviors and roles."""
    scale = draw(ids("scale"))
    capabilities, behaviors, roles = (draw(_members(prefix)) for prefix in ("cap", "beh", "role"))
    shown = [
        st.builds(
            Behavior,
            **_described(id_, behaviors),
            capability=st.sampled_from(capabilities),
            level=maybe(ranks),
            statement=labels,
        )
        for id_ in (behaviors if capabilities else [])
    ]
    known = [*capabilities, *roles]
    relations = st.lists(
        st.builds(
            Relation,
            subject=st.sampled_from(known),
            predicate=labels,
            object=ids("else"),
            provenance=provenances,
            extensions=extensions,
        ),
        max_size=2,
        unique_by=lambda relation: (relation.subject, relation.predicate, relation.object),
    )
    return draw(
        st.builds(
            Framework,
            **_document("fw"),
            default_scale=st.just(scale),
            scales=st.tuples(scales(scale)),
            capabilities=st.tuples(*[_capability(id_, capabilities, scale) for id_ in capabilities]),
            behaviors=st.tuples(*shown),
            roles=st.tuples(*[_role(id_, roles, capabilities, scale) for id_ in roles]),
            relations=relations if known else st.just([]),
        )
    )


@st.composite
def alignments(draw: DrawFn) -> Alignment:
    """Return an alignment that leads up."""
    low, high = sorted(draw(st.lists(ranks, min_size=2, max_size=2, unique=True)))
    leveled = draw(st.booleans())
    return Alignment(
        target=draw(ids("cap")),
        relation=draw(_word(AlignmentRelation)),
        level_from=draw(maybe(st.just(low))) if leveled else None,
        level_to=high if leveled else None,
        scale=draw(maybe(ids("scale"))),
        confidence=draw(maybe(shares)),
        state=draw(st.sampled_from(("proposed", "accepted", "rejected"))),
        label=draw(texts),
        method=draw(texts),
        provenance=draw(provenances),
        extensions=draw(extensions),
    )


def conditions(assets: Sequence[str]) -> SearchStrategy[Condition]:
    """Return conditions of every form, nested, on these assets, others, and capability levels."""
    asset = st.sampled_from(assets) | ids("asset") if assets else ids("asset")
    leaf = st.builds(Condition, asset=asset) | st.builds(Condition, capability=ids("cap"), level=maybe(ranks))
    return st.recursive(leaf, _branches, max_leaves=4)


def _branches(parts: SearchStrategy[Condition]) -> SearchStrategy[Condition]:
    """Return the three forms of a condition with parts."""
    several = st.lists(parts, min_size=1, max_size=3)
    return st.one_of(
        st.builds(Condition, all_of=several),
        st.builds(Condition, any_of=several),
        several.flatmap(
            lambda of: st.builds(Condition, at_least=st.integers(1, len(of)), of=st.just(of)),
        ),
    )


def learning_assets(id_: str, peers: Sequence[str]) -> SearchStrategy[LearningAsset]:
    """Return a learning asset with every field in use now and then."""
    return st.builds(
        LearningAsset,
        **_described(id_, peers),
        title=labels,
        kind=_word(AssetKind),
        description=texts,
        alternative_titles=st.lists(labels, max_size=1),
        url=texts,
        language=maybe(languages),
        provider=texts,
        duration=maybe(numbers),
        cost=maybe(money),
        keywords=st.lists(labels, max_size=2),
        audience=st.lists(labels, max_size=2),
        roles=st.lists(ids("role"), max_size=2),
        sites=st.lists(labels, max_size=1),
        alignments=st.lists(
            alignments(),
            max_size=2,
            unique_by=lambda item: (item.target, item.relation, item.level_from, item.level_to),
        ),
        prerequisites=maybe(conditions(peers)),
        corequisites=maybe(conditions(peers)),
        part_of=some(peers),
        mandatory=st.booleans(),
        accreditation=texts,
        edition=texts,
        published=maybe(days),
        modified=maybe(days),
        rating=maybe(shares),
        learners=maybe(counts),
        seats=maybe(counts),
        session_cost=maybe(money),
        facilitator_minutes=maybe(numbers),
        annual_cost=maybe(money),
        maintenance_minutes=maybe(numbers),
    )


@st.composite
def catalogs(draw: DrawFn) -> Catalog:
    """Return a catalog of a few assets."""
    members = draw(_members("asset"))
    assets = st.tuples(*[learning_assets(id_, members) for id_ in members])
    return draw(st.builds(Catalog, **_document("cat"), assets=assets))


@st.composite
def _evidence(draw: DrawFn, id_: str, people: Sequence[str], peers: Sequence[str]) -> Evidence:
    """Return a record about a capability, a behavior, an asset, or several of them."""
    start, end = sorted(draw(st.tuples(days, days)))
    subjects = draw(st.sets(st.sampled_from(("capability", "behavior", "asset")), min_size=1))
    others = [peer for peer in peers if peer != id_]
    return Evidence(
        **{name: draw(field) for name, field in _node(id_).items()},
        person=draw(st.sampled_from(people)),
        **{subject: draw(ids(subject[:3])) for subject in sorted(subjects)},
        kind=draw(_word(EvidenceKind)),
        level=draw(maybe(ranks)),
        value=draw(maybe(values)),
        scale=draw(maybe(ids("scale"))),
        date=start,
        expires=draw(maybe(st.just(end))),
        corrects=draw(_one_of(others)),
        confidence=draw(maybe(shares)),
        source=draw(texts),
        note=draw(texts),
    )


@st.composite
def workforces(draw: DrawFn) -> Workforce:
    """Return a workforce with nested teams, people and evidence."""
    teams, people, records = (draw(_members(prefix)) for prefix in ("team", "person", "ev"))
    team = [
        st.builds(
            Team,
            **_node(id_),
            label=labels,
            broader=_earlier(teams, id_),
            lead=_one_of(people),
            headcount=maybe(counts),
        )
        for id_ in teams
    ]
    person = [
        st.builds(
            Person,
            **_node(id_),
            label=texts,
            roles=st.lists(ids("role"), max_size=2),
            target_roles=st.lists(ids("role"), max_size=1),
            teams=some(teams),
            manager=_one_of(people),
            language=maybe(languages),
            site=texts,
            since=maybe(days),
        )
        for id_ in people
    ]
    evidence = [_evidence(id_, people, records) for id_ in (records if people else [])]
    return draw(
        st.builds(
            Workforce,
            **_document("wf"),
            teams=st.tuples(*team),
            people=st.tuples(*person),
            evidence=st.tuples(*evidence),
        )
    )


@st.composite
def agendas(draw: DrawFn) -> Agenda:
    """Return an agenda with metrics, challenges and measurements."""
    challenges, metrics, measurements = (draw(_members(prefix)) for prefix in ("challenge", "metric", "measurement"))
    challenge = [
        st.builds(
            Challenge,
            **_described(id_, challenges),
            statement=labels,
            cause=maybe(_word(Cause)),
            behaviors=st.lists(ids("beh"), max_size=2),
            metric=_one_of(metrics),
            scope=st.lists(ids("team"), max_size=2),
            assets=st.lists(ids("asset"), max_size=2),
            owner=texts,
            raised=maybe(days),
            diagnosis=st.lists(st.builds(Finding, question=labels, answer=texts, note=texts), max_size=2),
        )
        for id_ in challenges
    ]
    metric = [
        st.builds(
            Metric,
            **_node(id_),
            label=labels,
            unit=texts,
            better=st.sampled_from(("higher", "lower")),
            baseline=maybe(values),
            target=maybe(values),
        )
        for id_ in metrics
    ]
    measurement = [
        st.builds(
            Measurement,
            **_node(id_),
            metric=st.sampled_from(metrics),
            date=days,
            value=values,
            scope=st.lists(ids("team"), max_size=2),
            size=maybe(counts),
            source=texts,
        )
        for id_ in (measurements if metrics else [])
    ]
    return draw(
        st.builds(
            Agenda,
            **_document("ag"),
            challenges=st.tuples(*challenge),
            metrics=st.tuples(*metric),
            measurements=st.tuples(*measurement),
        )
    )


def crosswalks() -> SearchStrategy[Crosswalk]:
    """Return a crosswalk of a few mappings."""
    mapping = st.builds(
        Mapping,
        subject=ids("cap"),
        predicate=_word(Predicate),
        object=ids("onet"),
        negated=st.booleans(),
        confidence=maybe(shares),
        justification=texts,
        subject_label=texts,
        object_label=texts,
        author=texts,
        reviewer=texts,
        date=maybe(days),
        tool=texts,
        comment=texts,
        provenance=provenances,
        extensions=extensions,
    )
    key = lambda item: (item.subject, item.predicate, item.object, item.negated, item.justification, item.author)  # noqa: E731
    return st.builds(
        Crosswalk,
        **_document("cw"),
        subject_source=maybe(ids("fw")),
        object_source=maybe(ids("fw")),
        mappings=st.lists(mapping, max_size=SIZE, unique_by=key),
    )


def decisions_documents() -> SearchStrategy[Decisions]:
    """Return a document of a few decisions."""
    decision = st.builds(
        Decision,
        kind=st.sampled_from(("alignment", "duplicate", "mapping", "merge", "rename")),
        subject=ids("asset"),
        object=ids("cap"),
        verdict=st.sampled_from(("accepted", "rejected", "same", "different")),
        by=labels,
        at=moments,
        relation=texts,
        level_from=maybe(ranks),
        level_to=maybe(ranks),
        label=texts,
        note=texts,
        extensions=extensions,
    )
    key = lambda item: (item.kind, item.subject, item.object, item.relation, item.at)  # noqa: E731
    return st.builds(Decisions, **_document("dec"), decisions=st.lists(decision, max_size=SIZE, unique_by=key))


def documents() -> SearchStrategy[Document]:
    """Return a document of any kind."""
    return st.one_of(frameworks(), catalogs(), workforces(), agendas(), crosswalks(), decisions_documents())
