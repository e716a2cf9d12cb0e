"""What a question refuses before it is answered."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import capgraph as cg
from capgraph.analysis.adjacent_roles import transferable
from capgraph.analysis.arguments import listed, require_counts, require_lists, require_numbers

if TYPE_CHECKING:
    from collections.abc import Callable

GRAPH = cg.CapabilityGraph(
    cg.Framework(
        id="fw:a", capabilities=[cg.Capability(id="cap:a", label="A")], roles=[cg.RoleProfile(id="role:a", label="A")]
    ),
    cg.Catalog(id="cat:a", assets=[cg.LearningAsset(id="asset:a", title="A")]),
)

STAFFED = cg.CapabilityGraph(
    cg.Framework(
        id="fw:b",
        capabilities=[cg.Capability(id="cap:b", label="B")],
        roles=[
            cg.RoleProfile(id=f"role:{name}", label=name, requirements=[cg.Requirement(capability="cap:b")])
            for name in "ab"
        ],
    ),
    cg.Catalog(id="cat:b", assets=[cg.LearningAsset(id="asset:b", title="B")]),
    cg.Workforce(id="wf:b", people=[cg.Person(id="person:a", roles=["role:b"])]),
)
TIME: dict[str, Any] = {"time_limit": 5}
PLAN: dict[str, Any] = {
    **dict.fromkeys(("max_hours", "max_cost", "currency", "languages", "kinds", "assume_hours", "assume_cost")),
    **dict.fromkeys(("policy", "as_of")),
    "exclude": (),
    "alignments": "accepted",
    "min_confidence": 0.0,
    "unassessed": "open",
    **TIME,
}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *((value, "") for value in (0, 1, 0.5, Decimal("0.5"), Fraction(1, 3), np.int64(1), np.float32(0.5), None)),
        *(
            (value, "give a number from 0 to 1")
            for value in (-1, 2, "1", True, math.nan, [1], 1j, Fraction(4, 3), Decimal("NaN"))
        ),
    ],
)
def test_what_is_no_number_in_the_range_is_refused_by_its_name(value: object, expected: str) -> None:
    told = ""
    try:
        require_numbers(0, 1, share=value)
    except cg.errors.ArgumentError as error:
        told = str(error)
    assert told == (f"share is {value!r}; {expected}" if expected else "")


def test_counts_are_whole() -> None:
    require_counts(1, limit=None, paths=np.int64(2))
    for value in (2.5, 1.0, 0, True):
        with pytest.raises(cg.errors.ArgumentError, match=r"limit is .*; give a whole number of at least 1"):
            require_counts(1, limit=value)


def test_one_text_is_no_list() -> None:
    require_lists(keep=["asset:a"], roles=None)
    with pytest.raises(cg.errors.ArgumentError, match=r"keep is 'asset:a'; give a list, such as \['asset:a'\]"):
        require_lists(keep="asset:a")


def test_what_is_listed_is_text() -> None:
    assert listed("keep", None) == ()
    assert listed("keep", iter(["asset:a"])) == ("asset:a",)
    for wrong, message in (
        (5, "keep is 5; give a list of ids"),
        ([5], "keep holds 5, which is no text"),
        (b"a", "b'a'"),
    ):
        with pytest.raises(cg.errors.ArgumentError, match=message):
            listed("keep", wrong)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


WRONG = (None, 5, -1.5, math.nan, "", "x", b"x", ["x"], [5], [None], {"x": 1}, {1}, object(), True, 1j, (1, 2, 3))
"""What nobody would give on purpose, for any argument."""
QUESTIONS: dict[Callable[..., Any], dict[str, Any]] = {
    cg.learning_path: {"goal": "person:a", "role": "role:a", **PLAN, "include": (), "start": None, "deadline": None}
    | {"hours_per_week": 7, "objective": "hours", "held": (), "keep": None, "mix": None, "person": None},
    cg.curriculum: {"who": ["person:a"], "role": "role:a", **PLAN, "max_facilitator_hours": None, "steps": 0},
    cg.career_path: {"source": "role:a", "target": "role:b", "paths": 1, "max_distance": 1, "max_hops": 4, **TIME},
    cg.adjacent_roles: {"role": "role:a", "limit": 1, "max_distance": None, "blend": None},
    transferable: {"role": "role:b", "limit": 1, "max_distance": 1, "policy": None, "as_of": None},
    cg.successors: {"role": "role:a", "candidates": None, "limit": 1, "soon_hours": 8, "min_assessed": 0.5, **TIME}
    | {"policy": None, "as_of": None},
    cg.role_distance: {"source": "role:a", "target": "role:b"},
}


@pytest.mark.parametrize(("ask", "name"), [(ask, name) for ask, given in QUESTIONS.items() for name in given])
def test_whatever_is_given_a_question_is_answered_or_refused_in_words(ask: Callable[..., Any], name: str) -> None:
    told = []
    for wrong in WRONG:
        try:
            ask(STAFFED, **{**QUESTIONS[ask], name: wrong})
        except cg.errors.CapgraphError as error:
            told.append(str(error))
    assert len(told) > len(WRONG) // 2
    assert all(";" in message for message in told)


@pytest.mark.parametrize(
    ("ask", "stated", "message"),
    [
        (cg.consolidation, {"keep": "asset:a"}, "keep is 'asset:a'; give a list"),
        (cg.consolidation, {"protect": ["country"]}, "'country' is not held apart; protect some of language"),
        (cg.consolidation, {"at_least": 0}, "at_least is 0; give a number of at least 1"),
        (cg.dominated, {"protect": "site"}, "protect is 'site'; give a list"),
        (cg.overlap, {"min_share": 50}, "min_share is 50; give a number from 0 to 1"),
        (cg.coverage, {"roles": "role:a"}, "roles is 'role:a'; give a list"),
        (cg.coverage, {"ample": 0}, "ample is 0; give a number of at least 1"),
        (cg.duplicates, {"min_score": 90}, "min_score is 90; give a number from 0 to 1"),
        (lambda graph, **stated: cg.adjacent_roles(graph, "role:a", **stated), {"limit": 0}, "limit is 0"),
        (lambda graph, **stated: cg.career_path(graph, "role:a", "role:a", **stated), {"paths": 0}, "paths is 0"),
        (lambda graph, **stated: cg.what_if(graph, [], **stated), {"plans": "person:a"}, "plans is 'person:a'"),
        (lambda graph, **stated: cg.adjacent_roles(graph, "role:a", **stated), {"limit": 2.5}, "limit is 2.5; give a"),
        (lambda graph, **stated: cg.successors(graph, "role:a", **stated), {"limit": 2.5}, "limit is 2.5; give a"),
        (lambda graph, **stated: cg.successors(graph, "role:a", **stated), {"min_assessed": 2}, "min_assessed is 2"),
    ],
)
def test_questions_refuse_what_fits_no_answer(ask: Callable[..., object], stated: dict[str, Any], message: str) -> None:
    with pytest.raises(cg.errors.ArgumentError, match=message):
        ask(GRAPH, **stated)
