"""Small worlds for questions about gaps: a framework, people and evidence that fit together."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, get_args

from hypothesis import strategies as st

from capgraph.analysis.policy import SOURCE_WEIGHT, EvidencePolicy
from capgraph.graph import CapabilityGraph
from capgraph.model import (
    Behavior,
    Capability,
    CapabilityKind,
    Evidence,
    EvidenceKind,
    Framework,
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
