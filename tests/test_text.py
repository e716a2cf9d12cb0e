"""Text: what is compared as equal, what is near, and what is a word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capgraph.text import closest, normalize, similarity, tokens


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("  Data\u00a0 ANALYSIS ", "data analysis"),
        ("ﬁnance", "finance"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("é", "é"),
        ("E\u0301", "é"),
        ("\uff11\uff12", "12"),
        ("数据　分析", "数据 分析"),
        ("", ""),
    ],
)
def test_normal_forms(text: str, normal: str) -> None:
    """Compatibility forms, case and white space are folded; accents are kept."""
    assert normalize(text) == normal


def test_words() -> None:
    """Signs that make a word are kept with it."""
    assert tokens("C++, C# & don't (2nd-ed.) état") == ("c++", "c#", "don't", "2nd", "ed", "état")


@given(st.text(max_size=30), st.text(max_size=30))
def test_similarity_is_symmetric_and_one_for_a_copy(left: str, right: str) -> None:
    """The order of the two does not matter, and nothing is more alike than a copy."""
    assert similarity(left, right) == similarity(right, left)
    assert 0 <= similarity(left, right) <= 1
    assert similarity(left, left) == 1


def test_word_order_costs_a_little() -> None:
    """Swapped words are nearer than other words."""
    assert 1 > similarity("data analysis", "analysis data") > similarity("data analysis", "data protection")


def test_closest() -> None:
    """A typing error is undone; what is far is not guessed; ties go to the first in order."""
    choices = ["role:designer", "role:data-engineer"]
    assert closest("role:data-enginer", choices) == "role:data-engineer"
    assert closest("ROLE:Designer", choices) == "role:designer"
    assert closest("something else entirely", choices) is None
    assert closest("a", []) is None
    assert closest("role:x", ["role:b", "role:a"], cutoff=0.1) == "role:a"
