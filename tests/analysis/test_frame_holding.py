"""Figures about groups, which are added up by level, against the single rows, which are put in order."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from capgraph.analysis.attainment import EvidencePolicy
from capgraph.analysis.workforce import workforce_gap
from gap_strategies import TODAY
from workforce_frames import ENGINES, Rows, read, table

if TYPE_CHECKING:
    from capgraph.analysis.policy import Combination

PEOPLE = ("a", "b", "c", "d")
CAPABILITIES = ("x", "y", "z")
ROLES = ("r", "s")
usual = st.sampled_from([0, 1, 2, 3, 5, 7])
unusual = st.sampled_from([-1, 8, 12])
levels = st.none() | usual | unusual


@st.composite
def crowds(draw: st.DrawFn) -> dict[str, Rows]:
    """Return people with one role or two, requirements, and records also of strangers and of what nobody needs."""
    held = [
        (person, role)
        for person, role in itertools.product(PEOPLE, ROLES)
        if role == "r" or draw(st.integers(0, 2)) < 1
    ]
    needed = draw(st.sets(st.sampled_from([*itertools.product(ROLES, CAPABILITIES[:2])]), min_size=1))
    records = draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "person": st.sampled_from([*PEOPLE, "stranger"]),
                    "capability": st.sampled_from(CAPABILITIES),
                    "kind": st.sampled_from(["self", "manager", "test"]),
                    "level": levels,
                    "value": st.none() | st.sampled_from([0.5, 2.5]),
                    "date": st.sampled_from([TODAY - dt.timedelta(days=days) for days in (0, 30, 400)]),
                    "confidence": st.none() | st.sampled_from([0.3, 1.0]),
                }
            ),
            max_size=25,
        )
    )
    return {
        "people": [{"person": person, "role": role, "team": "t" if person < "c" else "u"} for person, role in held],
        "requirements": [
            {"role": role, "capability": name, "level": draw(st.none() | usual | unusual), "importance": 2.0}
            for role, name in sorted(needed)
        ],
        "evidence": records,
    }


@pytest.mark.parametrize("engine", ["polars", "pandas", "duckdb"])
@settings(max_examples=15)
@given(
    tables=crowds(),
    combine=st.sampled_from(["weighted_median", "latest", "highest", "prioritised"]),
    by=st.sampled_from([[], ["team"], ["role", "capability"]]),
)
@example(
    tables={
        "people": [{"person": "a", "role": "r", "team": "t"}],
        "requirements": [{"role": "s", "capability": "x", "level": None, "importance": 2.0}],
        "evidence": [],
    },
    combine="latest",
    by=[],
)
def test_groups_add_up_what_single_rows_say(
    engine: str, tables: dict[str, Rows], combine: Combination, by: list[str]
) -> None:
    frames = {name: ENGINES[engine](table(name, rows)) for name, rows in tables.items()}
    policy = EvidencePolicy(combine=combine)
    single = read(workforce_gap(**frames, policy=policy, as_of=TODAY))
    found = read(workforce_gap(**frames, by=by, policy=policy, as_of=TODAY, min_group=1))
    if not single:  # everybody together is one group, of nobody here, which is too few to be shown
        assert [(row["suppressed"], row["people"]) for row in found] == ([] if by else [(True, None)])
        return
    groups: dict[tuple[object, ...], Rows] = {}
    for row in single:
        groups.setdefault(tuple(row[name] for name in by), []).append(row)
    assert [tuple(row[name] for name in by) for row in found] == sorted(groups, key=repr)
    for row in found:
        own = groups[tuple(row[name] for name in by)]
        assert row["people"] == len({one["person"] for one in own})
        assert row["requirements"] == len(own)
        for status in ("met", "below", "unassessed"):
            assert row[status] == sum(one["status"] == status for one in own)
        assert row["shortfall"] == pytest.approx(sum(one["shortfall"] or 0 for one in own))
        credits_ = [one["credit"] for one in own if one["credit"] is not None]
        expected = sum(credits_) / len(credits_) if credits_ else None
        assert row["readiness"] == (None if expected is None else pytest.approx(expected))


@pytest.mark.parametrize("engine", ENGINES)
def test_levels_between_ranks_and_off_the_usual_ones_are_put_in_order(engine: str) -> None:
    shown = [(2.5, "test"), (2.5, "self"), (9.0, "manager"), (9.5, "test"), (1.0, "self")]
    evidence = [
        {"person": "a", "capability": "x", "kind": kind, "value": None, "confidence": level, "date": TODAY}
        for level, kind in shown
    ]
    # The level column of the test's tables holds whole numbers, so the levels travel as confidence and change places.
    made = table("evidence", evidence)
    levels_, place = made.column("confidence"), made.schema.get_field_index("level")
    made = made.drop_columns(["confidence"]).set_column(place, "level", levels_)
    people = table("people", [{"person": "a", "role": "r"}])
    needs = table("requirements", [{"role": "r", "capability": "x", "level": 10}])
    make = ENGINES[engine]
    [row] = read(workforce_gap(make(people), make(needs), make(made), by="role", as_of=TODAY, min_group=1))
    assert row["shortfall"] == 10 - 2.5  # of 3.6 in all, 1.8 is reached there
