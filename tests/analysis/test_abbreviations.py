"""Abbreviations that a framework spells out, and initials of its labels."""

from __future__ import annotations

import pytest

import capgraph as cg
from capgraph.analysis.abbreviations import abbreviations

FRAMEWORK = cg.Framework(
    id="fw:x",
    capabilities=[
        cg.Capability(
            id="cap:hr", label="human resources", description="The work of human resources (HR) departments."
        ),
        cg.Capability(
            id="cap:ict", label="ICT security", description="Information and communication technology (ICT)."
        ),
        cg.Capability(id="cap:law", label="General Data Protection Regulation"),
        cg.Capability(id="cap:home", label="assess integrated domotics systems"),
    ],
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("You work with HR daily", ["cap:hr"]),
        ("the hr department", []),
        ("Rules of the GDPR", ["cap:law"]),
        ("AIDS and other diseases", []),
    ],
)
def test_abbreviations_are_found_where_they_are_sure(text: str, expected: list[str]) -> None:
    found = cg.suggest_requirements(text, FRAMEWORK, min_confidence=0.4)
    assert [row.capability for row in found] == expected
    assert all(row.span in {"HR", "GDPR"} for row in found)


def test_only_the_words_before_the_bracket_whose_initials_fit_are_meant() -> None:
    texts = [
        "all the statements of changes in equity (SOCE)",
        "some words (HR)",
        "a b (AB)",
        "x y z (QA)",
        "no bracket",
    ]
    assert abbreviations(texts) == {"SOCE": "statements of changes in equity", "AB": "a b"}
    assert abbreviations(["public relations (PR)", "pull requests (PR)"]) == {}, "nobody knows which"
    assert abbreviations(["public relations (PR)"] * 2 + ["pull requests (PR)"]) == {"PR": "public relations"}
