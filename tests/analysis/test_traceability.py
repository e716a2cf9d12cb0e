"""traceability and diagnose: from a business problem to learning, or away from it."""

from __future__ import annotations

import pytest

import capgraph as cg
from capgraph.analysis.diagnose import QUESTIONS, diagnose
from capgraph.analysis.traceability import traceability
from capgraph.errors import DanglingReferenceError, DocumentError, UnknownIdError
from capgraph.model import Challenge


def _graph(*assets: dict[str, object], **challenge: object) -> cg.CapabilityGraph:
    levels = [{"rank": rank, "label": str(rank)} for rank in (1, 2, 3)]
    framework = cg.Framework(
        id="fw:f",
        default_scale="scale:s",
        scales=[{"id": "scale:s", "label": "S", "levels": levels}],
        capabilities=[{"id": "cap:calls", "label": "Calls"}],
        behaviors=[{"id": "beh:asks", "capability": "cap:calls", "level": 2, "statement": "Asks what happened."}],
        roles=[{"id": "role:agent", "label": "Agent", "requirements": [{"capability": "cap:calls", "level": 2}]}],
    )
    workforce = cg.Workforce(
        id="wf:w",
        teams=[{"id": "team:a", "label": "A"}, {"id": "team:b", "label": "B", "broader": ["team:a"]}],
        people=[
            {"id": "person:one", "teams": ["team:b"], "roles": ["role:agent"]},
            {"id": "person:two", "roles": ["role:agent"]},
        ],
    )
    stated = {"id": "challenge:c", "statement": "Customers call twice.", "cause": "skill", "behaviors": ["beh:asks"]}
    agenda = cg.Agenda(
        id="ag:a",
        metrics=[{"id": "metric:m", "label": "Second calls", "better": "lower"}],
        measurements=[{"id": "measurement:1", "metric": "metric:m", "date": "2026-01-01", "value": 3}],
        challenges=[stated | {"metric": "metric:m"} | challenge],
    )
    return cg.CapabilityGraph(framework, workforce, agenda, cg.Catalog(id="cat:c", assets=assets))


TEACHES: dict[str, object] = {
    "id": "asset:calls",
    "title": "Calls",
    "alignments": [{"target": "cap:calls", "level_to": 2}],
}
LOW: dict[str, object] = {"id": "asset:low", "title": "Calls I", "alignments": [{"target": "cap:calls", "level_to": 1}]}
DIRECT: dict[str, object] = {"id": "asset:ask", "title": "Asking", "alignments": [{"target": "beh:asks"}]}


def test_a_whole_chain_is_traced_from_the_problem_to_its_measurement() -> None:
    (row,) = traceability(_graph(TEACHES, DIRECT, LOW), "challenge:c")
    assert (row.status, row.capability, row.level, row.people) == ("traced", "cap:calls", 2, 2)
    assert row.assets == ("asset:ask", "asset:calls")
    assert row.roles == ("role:agent",)
    assert row.readings == 1


def test_the_scope_reaches_down_the_teams() -> None:
    (row,) = traceability(_graph(TEACHES, scope=["team:a"]), "challenge:c")
    assert row.people == 1


@pytest.mark.parametrize("cause", ["process", "tools", "motivation", "expectations"])
def test_training_is_no_remedy_for_what_learning_does_not_change(cause: str) -> None:
    (row,) = traceability(_graph(TEACHES, cause=cause, diagnosis=[{"question": "Why?", "answer": "Five signatures."}]))
    assert row.status == "not_training"
    assert "training is not the remedy" in row.verdict
    assert "Five signatures." in row.because[0].text


@pytest.mark.parametrize(
    ("assets", "challenge", "status"),
    [
        ((TEACHES,), {"cause": None}, "undiagnosed"),
        ((TEACHES,), {"behaviors": []}, "no_behavior"),
        ((LOW,), {}, "unserved"),
        ((TEACHES, LOW), {"assets": ["asset:low"]}, "mismatched"),
        ((TEACHES,), {"metric": None}, "unmeasured"),
    ],
)
def test_the_first_break_of_the_chain_is_named(
    assets: tuple[dict[str, object], ...], challenge: dict[str, object], status: str
) -> None:
    (row,) = traceability(_graph(*assets, **challenge))
    assert row.status == status


def test_both_ends_that_hang_loose_are_listed() -> None:
    found = traceability(_graph(LOW))
    assert (found.unserved, found.untied) == (("challenge:c",), ("asset:low",))
    assert len(traceability(_graph(LOW, TEACHES), "asset:low")) == 0
    assert [row.challenge for row in traceability(_graph(LOW, TEACHES), "asset:calls")] == ["challenge:c"]
    assert [row.behavior for row in traceability(_graph(TEACHES), "beh:asks")] == ["beh:asks"]


def test_unknown_things_in_the_agenda_are_told_at_once() -> None:
    with pytest.raises(DanglingReferenceError) as told:
        traceability(_graph(TEACHES, behaviors=["beh:x", "beh:y"], scope=["team:z"]))
    assert sorted(issue.ids[1] for issue in told.value.issues) == ["beh:x", "beh:y", "team:z"]
    with pytest.raises(UnknownIdError, match="give the id of a challenge"):
        traceability(_graph(TEACHES), "person:one")


def test_every_challenge_of_the_sample_gets_an_answer() -> None:
    found = traceability(cg.sample().graph())
    by_challenge = {row.challenge: row.status for row in found}
    assert len(by_challenge) == 8
    assert by_challenge["challenge:late-invoices"] == by_challenge["challenge:second-visits"] == "not_training"
    assert by_challenge["challenge:young-leaders"] == "undiagnosed"
    assert found.unserved == ("challenge:peak-forecast",)


AGENDA = cg.Agenda(id="ag:a", challenges=[{"id": "challenge:c", "statement": "Reports are late."}])
FINE = dict.fromkeys(("told", "equipped", "allowed", "rewarded"), True)


@pytest.mark.parametrize(
    ("answers", "cause"),
    [
        ({}, None),
        ({"told": False, "equipped": False}, "expectations"),
        ({"allowed": (False, "no rights in the system")}, "process"),
        ({"rewarded": False, "able": False, "informed": False}, "motivation"),
        (FINE | {"able": False, "informed": True}, "knowledge"),
        (FINE | {"able": False, "informed": False}, "skill"),
        (FINE | {"able": True}, None),
        ({"able": False, "informed": False}, None),
    ],
)
def test_what_surrounds_people_goes_before_what_they_can_do(answers: dict[str, bool], cause: str | None) -> None:
    found = diagnose(AGENDA, "challenge:c", answers)
    assert found.cause == cause
    assert found.trainable == (None if cause is None else cause in {"knowledge", "skill"})
    assert found.agenda.challenges[0].cause == cause
    assert len(found.agenda.challenges[0].diagnosis) == len(answers)
    assert len(found) == len(QUESTIONS)


def test_answers_are_recorded_and_may_be_corrected_later() -> None:
    earlier = diagnose(AGENDA, "challenge:c", {"told": (False, "three interviews")}).agenda
    later = diagnose(earlier, "challenge:c", FINE | {"able": False, "informed": False})
    assert later.cause == "skill"
    assert "said expectations so far" in " ".join(later.notes)
    assert [item.answer for item in later.agenda.challenges[0].diagnosis] == ["yes"] * 4 + ["no"] * 2
    found = diagnose(cg.sample().agenda, "challenge:handover")
    assert "kept in the agenda" in " ".join(found.notes)
    assert isinstance(found.agenda.challenges[0], Challenge)


def test_answers_to_questions_that_nobody_asked_are_refused_together() -> None:
    with pytest.raises(DocumentError) as told:
        diagnose(AGENDA, "challenge:c", {"x": True, "y": False})
    assert len(told.value.issues) == 2
    with pytest.raises(UnknownIdError, match="challenge:c"):
        diagnose(AGENDA, "challenge:d")
