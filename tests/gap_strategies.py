"""Small worlds for questions about gaps: a framework, people and evidence that fit together."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, get_args

from hypothesis import strategies as st

from capgraph.analysis.policy import SOURCE_WEIGHT, EvidencePolicy, Rescale
from capgraph.graph import CapabilityGraph
from capgraph.model import (
    Alignment,
    Behavior,
    Capability,
    CapabilityKind,
    Catalog,
    Crosswalk,
    Evidence,
    EvidenceKind,
    Framework,
    LearningAsset,
    Mapping,
    Necessity,
    Person,
    ProficiencyLevel,
    ProficiencyScale,
    Requirement,
    RoleProfile,
    Team,
    Workforce,
)

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

TODAY = dt.date(2026, 3, 1)
CAPABILITIES = ("cap:a", "cap:b", "cap:c")
PEOPLE = ("person:a", "person:b")
RANKS = (1, 2, 3, 4)
SCALE = ProficiencyScale(
    id="scale:four",
    label="Four",
    levels=[ProficiencyLevel(rank=rank, label=f"L{rank}") for rank in RANKS],
    zero_means="no_knowledge",
)

days = st.dates(TODAY - dt.timedelta(days=900), TODAY + dt.timedelta(days=30))
kinds = st.sampled_from(get_args(EvidenceKind))
confidences = st.none() | st.sampled_from((0.0, 0.25, 0.5, 1.0))


@st.composite
def requirements(draw: DrawFn, capability: str) -> Requirement:
    """Return a requirement with or without a level, or of a value."""
    form = draw(st.sampled_from(("level", "level", "held", "value")))
    low, level, high = sorted(draw(st.tuples(*[st.sampled_from(RANKS)] * 3)))
    bounds: dict[str, Any] = {"level": level, "minimum": low, "stretch": high} if form == "level" else {}
    return Requirement(
        capability=capability,
        **bounds,
        value=draw(st.sampled_from((0.5, 2.0, 3.5))) if form == "value" else None,
        necessity=draw(st.sampled_from(get_args(Necessity))),
        importance=draw(st.none() | st.sampled_from((0.0, 0.5, 3.0))),
    )


@st.composite
def records(draw: DrawFn, id_: str, *, behaviors: bool = True) -> Evidence:
    """Return a record about a capability, or about one of its behaviors."""
    capability = draw(st.sampled_from(CAPABILITIES))
    date = draw(days)
    fields: dict[str, Any] = {"capability": capability}
    if behaviors and draw(st.booleans()):
        behavior = draw(st.sampled_from([f"beh:{capability[-1]}{level}{n}" for level in (1, 2, 3) for n in (1, 2)]))
        fields = {"behavior": behavior, "value": draw(st.sampled_from((None, 0.0, 1.0)))}
    else:
        fields["level"] = draw(st.none() | st.sampled_from((0, *RANKS)))
        fields["value"] = draw(st.none() | st.sampled_from((0.5, 2.0, 4.5)))
    return Evidence(
        id=id_,
        person=draw(st.sampled_from(PEOPLE)),
        kind=draw(kinds),
        date=date,
        expires=draw(st.none() | st.just(date + dt.timedelta(days=200))),
        confidence=draw(confidences),
        **fields,
    )


policies: SearchStrategy[EvidencePolicy] = st.builds(
    EvidencePolicy,
    excluded=st.lists(kinds, max_size=2, unique=True),
    source_weight=st.dictionaries(kinds, st.sampled_from((0.0, 0.25, 1.0, 2.0)), max_size=3),
    half_life=st.dictionaries(
        st.sampled_from(get_args(CapabilityKind)), st.sampled_from((30.0, 365.0, 1000.0)), max_size=4
    ),
    combine=st.sampled_from(("weighted_median", "latest", "highest", "prioritised")),
    priority=st.lists(st.sampled_from(tuple(SOURCE_WEIGHT)), max_size=3, unique=True),
    expiry=st.booleans(),
    completions=st.booleans(),
)


@st.composite
def frameworks(draw: DrawFn) -> Framework:
    """Return a framework with three capabilities on one scale, behaviors at three levels, and two roles."""
    return Framework(
        id="fw:small",
        default_scale=SCALE.id,
        scales=[SCALE],
        capabilities=[
            Capability(id=id_, label=id_, kind=draw(st.sampled_from(get_args(CapabilityKind)))) for id_ in CAPABILITIES
        ],
        behaviors=[
            Behavior(id=f"beh:{id_[-1]}{level}{n}", capability=id_, level=level, statement=f"shows {id_} {level} {n}")
            for id_ in CAPABILITIES
            for level in (1, 2, 3)
            for n in (1, 2)
        ],
        roles=[
            RoleProfile(
                id=f"role:{name}",
                label=name,
                requirements=[draw(requirements(id_)) for id_ in CAPABILITIES if draw(st.booleans())],
            )
            for name in "xy"
        ],
    )


@st.composite
def workforces(draw: DrawFn, *, behaviors: bool = True, size: int = 12) -> Workforce:
    """Return two people of one team, each with a role, and their records; a record may correct another."""
    count = draw(st.integers(0, size))
    found = [draw(records(f"ev:{number:02}", behaviors=behaviors)) for number in range(count)]
    if count > 1 and draw(st.booleans()):
        found[1] = found[1].replace(corrects="ev:00", person=found[0].person)
    return Workforce(
        id="wf:small",
        imports=["fw:small"],
        teams=[Team(id="team:t", label="T")],
        people=[
            Person(id=id_, roles=[draw(st.sampled_from(("role:x", "role:y")))], teams=["team:t"]) for id_ in PEOPLE
        ],
        evidence=found,
    )


@st.composite
def worlds(draw: DrawFn, *, behaviors: bool = True) -> CapabilityGraph:
    """Return a graph of a framework and a workforce that belong together."""
    return CapabilityGraph(draw(frameworks()), draw(workforces(behaviors=behaviors)))


SMALL = ProficiencyScale(
    id="scale:two", label="Two", levels=[ProficiencyLevel(rank=rank, label=f"S{rank}") for rank in (1, 2)]
)
RESCALE = (
    Rescale(source=SMALL.id, target=SCALE.id, levels={1: 2, 2: 4}),
    Rescale(source=SCALE.id, target=SMALL.id, levels={0: 0, 1: 1, 2: 1, 3: 2, 4: 2}),
)
whole_policies: SearchStrategy[EvidencePolicy] = st.builds(
    lambda policy, inference, share: policy.replace(inference=inference, share=share, rescale=RESCALE),
    policies,
    st.lists(st.sampled_from(("broader", "exact")), max_size=2, unique=True),
    st.sampled_from((0.4, 0.7, 1.0)),
)
"""Policies that use everything: behaviors, inference, other scales."""


@st.composite
def whole_worlds(draw: DrawFn) -> CapabilityGraph:
    """Return a world with a hierarchy, exact mappings, a second scale, and completions of assets."""
    framework, workforce = draw(frameworks()), draw(workforces())
    parts = {"cap:a": ["cap:b"], "cap:b": ["cap:c"]}
    capabilities = [
        one.replace(broader=parts.get(one.id, ()) if draw(st.booleans()) else ()) for one in framework.capabilities
    ]
    other = Framework(
        id="fw:other",
        imports=["fw:small"],
        scales=[SMALL],
        capabilities=[
            Capability(id="cap:d", label="D", scale=SMALL.id, broader=["cap:a"] if draw(st.booleans()) else ()),
            Capability(id="cap:e", label="E"),
        ],
    )
    mapped = draw(st.sampled_from((("cap:d", "cap:b"), ("cap:c", "cap:d"), ("cap:e", "cap:c"))))
    mapping = Mapping(subject=mapped[0], predicate="exact", object=mapped[1], justification="by hand")
    aligned = [
        Alignment(target="cap:b", relation="teaches", level_to=draw(st.sampled_from((None, 2)))),
        Alignment(target="cap:d", relation="teaches", level_to=2),
        Alignment(target="cap:c", relation="teaches", level_to=2, scale=SMALL.id),
    ]
    return CapabilityGraph(
        framework.replace(capabilities=capabilities),
        other,
        Crosswalk(id="cw:a", subject_source="fw:other", object_source="fw:small", mappings=[mapping]),
        Catalog(id="cat:a", assets=[LearningAsset(id="asset:a", title="A", alignments=aligned)]),
        workforce.replace(evidence=[*workforce.evidence, *(draw(_foreign(f"ev:f{n}")) for n in range(4))]),
    )


@st.composite
def _foreign(draw: DrawFn, id_: str) -> Evidence:
    """Return a record about an asset, about a capability of the other framework, or on the other scale."""
    subject = draw(st.sampled_from(("asset:a", "cap:d", "cap:e", "cap:a", "cap:b")))
    level = draw(st.sampled_from((None, 1, 2)))
    fields: dict[str, Any] = {"capability": subject, "level": level}
    if subject == "asset:a":
        fields = {"asset": subject}
    elif subject in CAPABILITIES:
        fields["scale"] = SMALL.id
        fields["behavior"] = draw(st.none() | st.just(f"beh:{subject[-1]}11"))
    elif subject == "cap:e":
        fields["level"] = None
    return Evidence(
        id=id_,
        person=draw(st.sampled_from(PEOPLE)),
        kind=draw(kinds),
        date=draw(days),
        confidence=draw(confidences),
        **fields,
    )
