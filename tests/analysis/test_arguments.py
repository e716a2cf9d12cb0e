"""What a question refuses before it is answered."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import capgraph as cg
from capgraph.analysis.arguments import require_counts, require_lists, require_numbers

if TYPE_CHECKING:
    from collections.abc import Callable

GRAPH = cg.CapabilityGraph(
    cg.Framework(
        id="fw:a", capabilities=[cg.Capability(id="cap:a", label="A")], roles=[cg.RoleProfile(id="role:a", label="A")]
    ),
    cg.Catalog(id="cat:a", assets=[cg.LearningAsset(id="asset:a", title="A")]),
)


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
