"""What a text says of the capabilities that it names: taught, required, not needed, or beside the point."""

# ruff: noqa: RUF001 - texts of several scripts
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import capgraph as cg
from capgraph.analysis.cues import clauses, heading
from capgraph.analysis.segments import segments

FRAMEWORK = cg.Framework(
    id="fw:x",
    capabilities=[
        *(cg.Capability(id=f"cap:{name.lower()}", label=name) for name in ("SQL", "Python", "Java", "Statistics")),
        cg.Capability(id="cap:yoga", label="yoga"),
        cg.Capability(id="cap:budgets", label="manage budgets"),
    ],
)


def related(text: str) -> dict[str, str]:
    """What an asset with this description is said to teach and to require."""
    asset = cg.LearningAsset(id="asset:a", title="A course", description=text)
    found = cg.suggest_alignments([asset], FRAMEWORK, min_confidence=0.1)
    return {row.capability.removeprefix("cap:"): row.relation for row in found}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("No prior knowledge of Python needed.", {}),
        ("You do not need any knowledge of SQL.", {}),
        ("Experience with Java is not required.", {}),
        ("No Python, Java or SQL required, you learn statistics.", {"statistics": "teaches"}),
        ("This course does not cover Python; it covers Java.", {"java": "teaches"}),
        ("Without using Java you write SQL", {}),
        ("Python, not Java", {"python": "teaches"}),
        ("Not only Python but also Java", {"python": "teaches", "java": "teaches"}),
        ("Learn Python instead of Java, and SQL", {"python": "teaches", "sql": "teaches"}),
        ("There is no substitute for knowledge of SQL", {"sql": "teaches"}),
        ("You must already know SQL. This course teaches Java.", {"sql": "requires", "java": "teaches"}),
        ("Basic knowledge of statistics is assumed.", {"statistics": "requires"}),
        ("Knowledge of SQL is not expected but will be taught: SQL", {"sql": "teaches"}),
        ("By the end you should have a good knowledge of SQL", {"sql": "teaches"}),
        ("SQL is not required but a plus", {"sql": "teaches"}),
        ("Vorkenntnisse: SQL. Keine Kenntnisse in Python erforderlich.", {"sql": "requires"}),
        ("SQL ist nicht erforderlich, Sie lernen Java", {"java": "teaches"}),
        ("Aucune connaissance en Python n'est requise. Prérequis : SQL", {"sql": "requires"}),
        ("No se requieren conocimientos de Python. Requisitos previos: SQL", {"sql": "requires"}),
        ("Не требуется знание SQL", {}),
        ("先修课程\nSQL\n学习内容\nPython", {"sql": "requires", "python": "teaches"}),
        (
            "Entry requirements\nSQL\nPython\nWhat you will learn\nJava",
            {"sql": "requires", "python": "requires", "java": "teaches"},
        ),
        ("Prerequisites: • SQL • Python\nJava", {"sql": "requires", "python": "requires", "java": "teaches"}),
        ("Prerequisites\nSQL\nIn this course you will learn Java", {"sql": "requires", "java": "teaches"}),
        ("Written “in Java.” Prerequisites: SQL", {"java": "teaches", "sql": "requires"}),
        ("About the instructor\nA master of Java\nContent:\nSQL", {"sql": "teaches"}),
        ("We offer yoga", {"yoga": "teaches"}),
    ],
)
def test_what_is_taught_what_is_required_and_what_neither(text: str, expected: dict[str, str]) -> None:
    assert related(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Your tasks:\n- manage budgets\nWhat we offer:\n- yoga",
        "You manage budgets. We offer yoga and fruit.",
        "Ihre Aufgaben\nmanage budgets\nWir bieten\nyoga",
        "Vos missions :\nmanage budgets\nNous vous offrons :\nyoga",
        "Ofrecemos: yoga\nFunciones\nmanage budgets",
    ],
)
def test_what_an_employer_offers_is_not_asked_for(text: str) -> None:
    found = cg.suggest_requirements(text, FRAMEWORK, min_confidence=0.1)
    assert [row.capability for row in found] == ["cap:budgets"]
    assert any("yoga" in sentence for sentence in found.abstained)


def test_an_unknown_heading_ends_a_section_and_counts_as_text() -> None:
    assert related("Prerequisites\nSQL\nPython:\nloops") == {"sql": "requires", "python": "teaches"}
    assert heading("Requirements engineering for managers") is None


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200))
def test_clauses_are_stretches_of_the_sentence_in_their_order(sentence: str) -> None:
    place = 0
    for stretch, _ in clauses(sentence):
        place = sentence.index(stretch, place) + len(stretch)
    text = sentence.replace("<", " ").replace("&", " ")
    assert all(one.text in text for one in segments(text))
