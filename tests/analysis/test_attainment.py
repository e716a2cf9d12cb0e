"""From evidence to an attained level."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capgraph.analysis.attainment import Attainment, EvidencePolicy, attained, attainments
from capgraph.analysis.policy import Claim, Rescale, combined
from capgraph.errors import DocumentError, ScaleMismatchError, UnknownIdError
from capgraph.graph import CapabilityGraph
from capgraph.model import (
    Alignment,
    Behavior,
    Capability,
    Catalog,
    Crosswalk,
    Evidence,
    Framework,
    LearningAsset,
    Mapping,
    Person,
    ProficiencyLevel,
    ProficiencyScale,
    Workforce,
)
from gap_strategies import CAPABILITIES, PEOPLE, SCALE, TODAY, frameworks, policies, records, workforces, worlds

WHO = "person:a"
OTHER_SCALE = ProficiencyScale(
    id="scale:two", label="Two", levels=[ProficiencyLevel(rank=rank, label=str(rank)) for rank in (1, 2)]
)


def _graph(*evidence: dict[str, Any], scale: ProficiencyScale = SCALE, **tables: Any) -> CapabilityGraph:
    capabilities = [
        Capability(id="cap:data", label="Data"),
        Capability(id="cap:sql", label="SQL", kind="knowledge", broader=["cap:data"]),
        Capability(id="cap:old", label="Old", scale="scale:two"),
    ]
    behaviors = [
        Behavior(id=f"beh:{level}{n}", capability="cap:sql", level=level, statement=f"does {level}{n}")
        for level, n in itertools.product((1, 2), (1, 2, 3))
    ]
    defaults: dict[str, Any] = {"person": WHO, "kind": "test", "date": "2026-01-01"}
    found = [{**defaults, "id": f"ev:{place}", **record} for place, record in enumerate(evidence)]
    framework = Framework(
        id="fw:a",
        default_scale=scale.id,
        scales=[scale, OTHER_SCALE],
        capabilities=capabilities,
        behaviors=behaviors,
    )
    return CapabilityGraph(
        framework,
        Workforce(id="wf:a", people=[Person(id=WHO)], evidence=[Evidence(**record) for record in found]),
        *tables.values(),
    )


def _found(*evidence: dict[str, Any], **policy: Any) -> Attainment:
    records_ = [{"capability": "cap:sql", **record} if "behavior" not in record else record for record in evidence]
    return attained(_graph(*records_), WHO, "cap:sql", policy=EvidencePolicy(**policy), as_of=TODAY)


def test_no_evidence_is_unassessed_and_not_the_lowest_level() -> None:
    assert _found() == Attainment(capability="cap:sql")


def test_the_weighted_median_is_the_lowest_level_that_reaches_half_of_the_weight() -> None:
    found = _found({"level": 1}, {"level": 3})
    assert (found.level, found.evidence, found.confidence) == (1, ("ev:0", "ev:1"), 0.5)
    assert _found({"level": 1, "kind": "self"}, {"level": 3}).level == 3


def test_the_weighted_median_forgives_rounding() -> None:
    claims = [Claim(level, 0.1, TODAY, 0) for level in (1, 1, 1, 2, 2, 2)]
    assert combined(claims, "weighted_median")[0] == 1


def test_latest_takes_the_newest_then_the_better_source_then_the_lower_level() -> None:
    old, new = {"level": 4, "date": "2025-01-01"}, {"level": 2}
    assert _found(old, new, combine="latest").level == 2
    assert _found({"level": 4}, {"level": 2, "kind": "self"}, combine="latest").level == 4
    assert _found({"level": 4}, {"level": 2}, combine="latest").level == 2
    assert _found({"level": 4}, {"level": 2, "kind": "self"}, combine="latest", priority=["self"]).level == 2


def test_highest_and_prioritised() -> None:
    records_ = ({"level": 3, "kind": "self"}, {"level": 1, "date": "2024-01-01"}, {"level": 2, "kind": "manager"})
    assert _found(*records_, combine="highest").level == 3
    assert _found(*records_, combine="prioritised").level == 1
    assert _found(*records_, combine="prioritised", priority=["manager"]).level == 2


@pytest.mark.parametrize(
    ("record", "policy", "reason"),
    [
        ({"date": "2026-03-02"}, {}, "dated after 2026-03-01"),
        ({"expires": "2026-02-28"}, {}, "expired on 2026-02-28"),
        ({"kind": "self"}, {"excluded": ["self"]}, "the policy excludes evidence of kind self"),
        ({"kind": "completion"}, {}, "the policy counts no completions"),
        ({"confidence": 0.0}, {}, "it weighs nothing"),
    ],
)
def test_what_is_left_out_is_listed_with_the_reason(
    record: dict[str, Any], policy: dict[str, Any], reason: str
) -> None:
    found = _found({"level": 2, **record}, **policy)
    assert not found.assessed
    assert [item.left_out for item in found.weighed] == [reason]
    assert reason in found.facts[0].text


def test_evidence_counts_on_its_last_day_and_expiry_can_be_ignored() -> None:
    assert _found({"level": 2, "expires": TODAY}).level == 2
    assert _found({"level": 2, "expires": "2026-02-01"}, expiry=False).level == 2


def test_a_correction_replaces_the_record_from_its_own_day_on() -> None:
    first, second = {"level": 4, "date": "2025-01-01"}, {"level": 1, "date": "2026-02-01", "corrects": "ev:0"}
    found = _found(first, second)
    assert (found.level, found.evidence) == (1, ("ev:1",))
    assert found.weighed[0].left_out == "corrected by ev:1"
    graph = _graph({**first, "capability": "cap:sql"}, {**second, "capability": "cap:sql"})
    assert attained(graph, WHO, "cap:sql", as_of=dt.date(2026, 1, 31)).level == 4


def test_weight_halves_with_each_half_life_of_the_kind_of_capability() -> None:
    half_life = {"knowledge": 100}
    found = _found({"level": 2, "date": TODAY - dt.timedelta(days=200), "confidence": 0.5}, half_life=half_life)
    assert found.weighed[0].weight == pytest.approx(0.125)
    assert _found({"level": 2, "date": "2020-01-01"}, half_life={"skill": 100}).weighed[0].weight == 1


def test_evidence_without_a_level_says_only_that_the_capability_is_held() -> None:
    found = _found({})
    assert (found.assessed, found.held, found.level) == (True, True, None)


def test_a_zero_is_read_as_the_scale_says() -> None:
    found = _found({"level": 0})
    assert (found.assessed, found.held, found.level) == (True, False, 0)
    unsaid = SCALE.replace(zero_means="not_assessed")
    graph = _graph({"capability": "cap:sql", "level": 0}, scale=unsaid)
    found = attained(graph, WHO, "cap:sql", as_of=TODAY)
    assert not found.assessed
    assert found.weighed[0].left_out == "a 0 on scale:four means not assessed"


def test_behaviors_reach_a_level_when_a_share_of_each_level_is_shown() -> None:
    shown = [{"behavior": f"beh:{name}", "kind": "observation"} for name in ("11", "12", "13", "21", "22")]
    assert _found(*shown).level == 1
    assert _found(*shown, share=0.6).level == 2
    assert _found(*shown).shown == {"does 11", "does 12", "does 13", "does 21", "does 22"}


def test_behaviors_that_were_not_looked_for_leave_the_level_open() -> None:
    found = _found({"behavior": "beh:11"})
    assert (found.assessed, found.level) == (False, None)


def test_behaviors_not_shown_put_the_person_below_the_level() -> None:
    found = _found({"behavior": "beh:11", "value": 0})
    assert (found.assessed, found.held, found.level) == (True, False, 0)


def test_behaviors_are_one_voice_among_the_ratings() -> None:
    shown = [{"behavior": f"beh:{level}{n}"} for level in (1, 2) for n in (1, 2, 3)]
    assert _found(*shown, {"level": 1}, {"level": 1}).level == 1


def test_completions_give_a_level_only_if_the_policy_says_so() -> None:
    aligned = [
        Alignment(target="cap:sql", relation="teaches", level_from=1, level_to=3),
        Alignment(target="cap:data", relation="teaches"),
        Alignment(target="cap:old", relation="teaches", level_to=2, state="proposed"),
    ]
    catalog = Catalog(id="cat:a", assets=[LearningAsset(id="asset:a", title="A", alignments=aligned)])
    graph = _graph({"asset": "asset:a", "kind": "completion"}, catalog=catalog)
    assert not any(found.assessed for found in attainments(graph, WHO, as_of=TODAY).values())
    found = attainments(graph, WHO, policy=EvidencePolicy(completions=True), as_of=TODAY)
    assert {key: one.level for key, one in found.items()} == {"cap:data": 1, "cap:sql": 3}


def test_inference_fills_in_only_where_nothing_else_is_known_and_is_marked() -> None:
    graph = _graph({"capability": "cap:sql", "level": 3})
    assert not attained(graph, WHO, "cap:data", as_of=TODAY).assessed
    policy = EvidencePolicy(inference=["broader"])
    found = attained(graph, WHO, "cap:data", policy=policy, as_of=TODAY)
    assert (found.level, found.inferred, found.evidence, found.confidence) == (3, True, ("ev:0",), 0.3)
    both = _graph({"capability": "cap:sql", "level": 3}, {"capability": "cap:data", "level": 1})
    found = attained(both, WHO, "cap:data", policy=policy, as_of=TODAY)
    assert (found.level, found.inferred) == (1, False)


def test_exact_mappings_carry_levels_only_on_one_scale_or_by_a_rescale() -> None:
    crosswalk = Crosswalk(
        id="cw:a",
        mappings=[
            Mapping(subject="cap:sql", predicate="exact", object="cap:old"),
            Mapping(subject="cap:data", predicate="exact", object="cap:old", negated=True),
        ],
    )
    graph = _graph({"capability": "cap:old", "level": 2}, crosswalk=crosswalk)
    policy = EvidencePolicy(inference=["exact"])
    found = attainments(graph, WHO, policy=policy, as_of=TODAY)
    assert sorted(found) == ["cap:old", "cap:sql"]
    assert (found["cap:sql"].held, found["cap:sql"].level) == (True, None)
    rescale = [{"source": "scale:two", "target": "scale:four", "levels": {1: 2, 2: 4}}]
    policy = EvidencePolicy(inference=["exact"], rescale=rescale)
    assert attained(graph, WHO, "cap:sql", policy=policy, as_of=TODAY).level == 4


def test_levels_of_another_scale_are_refused_all_at_once_unless_rescaled() -> None:
    graph = _graph(
        {"capability": "cap:sql", "level": 1, "scale": "scale:two"},
        {"capability": "cap:sql", "level": 2, "scale": "scale:two"},
        {"capability": "cap:sql", "level": 9},
    )
    with pytest.raises(ScaleMismatchError) as told:
        attainments(graph, WHO, as_of=TODAY)
    assert [issue.ids[0] for issue in told.value.issues] == ["ev:0", "ev:1", "ev:2"]
    assert "Rescale(source='scale:two', target='scale:four'" in str(told.value)
    assert "its ranks are 1, 2, 3, 4" in str(told.value)
    graph = _graph({"capability": "cap:sql", "level": 2, "scale": "scale:two"})
    rescale = Rescale(source="scale:two", target="scale:four", levels={1: 2, 2: 4})
    assert attained(graph, WHO, "cap:sql", policy=EvidencePolicy(rescale=[rescale]), as_of=TODAY).level == 4


def test_unknown_ids_and_wrong_kinds_are_refused() -> None:
    graph = _graph()
    with pytest.raises(UnknownIdError, match="did you mean 'cap:sql'"):
        attained(graph, WHO, "cap:sgl")
    with pytest.raises(UnknownIdError, match="is a Capability, not a Person"):
        attainments(graph, "cap:sql")
    with pytest.raises(DocumentError, match="share"):
        EvidencePolicy(share=0)


def test_today_is_the_default_day() -> None:
    graph = _graph({"capability": "cap:sql", "level": 2, "date": "2020-01-01", "expires": "2020-12-31"})
    assert not attained(graph, WHO, "cap:sql").assessed


@given(worlds(), policies)
def test_every_level_is_on_the_scale_and_every_record_is_explained(
    graph: CapabilityGraph, policy: EvidencePolicy
) -> None:
    for person in PEOPLE:
        found = attainments(graph, person, policy=policy, as_of=TODAY)
        for capability, one in found.items():
            assert one == attained(graph, person, capability, policy=policy, as_of=TODAY)
            assert one.assessed == bool(one.evidence)
            assert one.level is None or one.level in {0, *SCALE.ranks}
            assert one.confidence is None or 0 < one.confidence <= 1
            assert all(item.counts == (item.weight > 0) for item in one.weighed)
        told = {item.record.id for one in found.values() for item in one.weighed}
        assert told == {record.id for record in graph.evidence(person)}


@given(frameworks(), workforces(), records("ev:99"), policies, st.sampled_from(CAPABILITIES))
def test_evidence_above_the_attained_level_never_lowers_it(
    framework: Framework, workforce: Workforce, record: Evidence, policy: EvidencePolicy, capability: str
) -> None:
    before = attained(CapabilityGraph(framework, workforce), PEOPLE[0], capability, policy=policy, as_of=TODAY).level
    more = record.replace(person=PEOPLE[0])
    shows = {behavior.id: behavior.level for behavior in framework.behaviors}
    stated = more.level if more.behavior is None else shows[more.behavior]
    if more.behavior is not None and more.value == 0:
        return
    if before is None or stated is None or stated <= before:
        return
    after = workforce.replace(evidence=[*workforce.evidence, more])
    found = attained(CapabilityGraph(framework, after), PEOPLE[0], capability, policy=policy, as_of=TODAY).level
    assert found is not None
    assert found >= before


@given(frameworks(), workforces(), policies)
def test_the_order_of_records_changes_nothing(
    framework: Framework, workforce: Workforce, policy: EvidencePolicy
) -> None:
    turned = {record.id: f"ev:{len(workforce.evidence) - place:02}" for place, record in enumerate(workforce.evidence)}
    renamed = workforce.replace(
        evidence=[
            record.replace(id=turned[record.id], corrects=turned.get(record.corrects or ""))
            for record in workforce.evidence
        ]
    )
    for person in PEOPLE:
        one = attainments(CapabilityGraph(framework, workforce), person, policy=policy, as_of=TODAY)
        two = attainments(CapabilityGraph(renamed, framework), person, policy=policy, as_of=TODAY)
        assert {key: (item.level, item.value, item.held) for key, item in one.items()} == {
            key: (item.level, item.value, item.held) for key, item in two.items()
        }


def test_levels_of_a_capability_without_a_scale_are_refused_where_they_are_of_several_scales() -> None:
    framework = Framework(
        id="fw:a", scales=[SCALE, OTHER_SCALE], capabilities=[Capability(id="cap:free", label="Free")]
    )

    def graph(*scales: str | None) -> CapabilityGraph:
        records_ = [
            Evidence(
                id=f"ev:{n}", person=WHO, capability="cap:free", kind="test", level=2, date="2026-01-01", scale=scale
            )
            for n, scale in enumerate(scales)
        ]
        return CapabilityGraph(framework, Workforce(id="wf:a", people=[Person(id=WHO)], evidence=records_))

    assert attained(graph(SCALE.id, SCALE.id), WHO, "cap:free", as_of=TODAY).level == 2
    told = "'cap:free' has no scale, and records state its levels on 'scale:four' and 'scale:two'"
    with pytest.raises(ScaleMismatchError, match=told):
        attained(graph(SCALE.id, OTHER_SCALE.id), WHO, "cap:free", as_of=TODAY)
    with pytest.raises(ScaleMismatchError, match="on 'scale:four' and no scale"):
        attained(graph(SCALE.id, None), WHO, "cap:free", as_of=TODAY)
