"""impact: before and after, with sizes, intervals and no claim of a cause."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

import capgraph as cg
from capgraph.analysis.impact import impact
from capgraph.analysis.paired import of_means, of_shares
from capgraph.errors import ArgumentError, UnknownIdError

DAY = dt.date(2026, 6, 1)
BEFORE, TAKEN, AFTER = "2026-01-10", "2026-03-01", "2026-05-01"


def _graph(takers: int, others: int, *, shown_after: int, kind: str = "observation") -> cg.CapabilityGraph:
    """Return a graph in which nobody shows a behavior before, and some takers do after."""
    people = [f"person:{number:02}" for number in range(takers + others)]
    looks = [(person, BEFORE, 0) for person in people]
    looks += [(person, AFTER, int(place < shown_after)) for place, person in enumerate(people)]
    evidence = [
        {"id": f"ev:{n}", "person": person, "behavior": "beh:b", "kind": kind, "date": date, "value": value}
        for n, (person, date, value) in enumerate(looks)
    ]
    evidence += [
        {"id": f"done:{person}", "person": person, "asset": "asset:a", "kind": "completion", "date": TAKEN}
        for person in people[:takers]
    ]
    readings = [("2026-01-01", 9.0), ("2026-02-01", 9.0), ("2026-04-01", 4.0)]
    return cg.CapabilityGraph(
        cg.Framework(
            id="fw:f",
            capabilities=[{"id": "cap:c", "label": "C"}],
            behaviors=[{"id": "beh:b", "capability": "cap:c", "statement": "Asks."}],
        ),
        cg.Catalog(id="cat:c", assets=[{"id": "asset:a", "title": "A"}]),
        cg.Workforce(id="wf:w", people=[{"id": person} for person in people], evidence=evidence),
        cg.Agenda(
            id="ag:a",
            metrics=[{"id": "metric:m", "label": "Calls", "better": "lower"}],
            measurements=[
                {"id": f"measurement:{n}", "metric": "metric:m", "date": date, "value": value}
                for n, (date, value) in enumerate(readings)
            ],
            challenges=[
                {
                    "id": "challenge:c",
                    "statement": "S",
                    "cause": "skill",
                    "behaviors": ["beh:b"],
                    "metric": "metric:m",
                    "assets": ["asset:a"],
                }
            ],
        ),
    )


def test_takers_and_others_are_compared_apart_and_the_metric_beside_them() -> None:
    found = impact(_graph(10, 6, shown_after=8), "challenge:c", as_of=DAY)
    took, others, metric = found
    assert (found.took, found.did_not, str(found.since)) == (10, 6, TAKEN)
    assert (took.group, took.size, took.missing, took.before, took.after) == ("took it", 10, 0, 0.0, 0.8)
    assert took.low is not None
    assert 0 < took.low < 0.8 < (took.high or 0)
    assert (others.difference, others.better) == (0.0, None)
    assert (metric.before, metric.after, metric.better, metric.low) == (9.0, 4.0, True, None)
    assert "does not show that the learning caused it" in found.sentence


def test_small_groups_show_no_shares() -> None:
    took, others, _ = impact(_graph(3, 8, shown_after=1), "challenge:c", as_of=DAY)
    assert (took.before, took.after, took.difference, took.because) == (None, None, None, ())
    assert took.size == 3
    assert others.before == 0.0


def test_two_people_claim_nothing_and_a_reading_without_scope_is_about_everybody() -> None:
    found = impact(_graph(1, 1, shown_after=1), "challenge:c", as_of=DAY, min_group=1)
    took, _, metric = found
    assert (took.size, took.difference, took.better) == (1, 1.0, True)
    assert took.low is not None
    assert took.low < 0, "one person is within chance"
    assert "0 of the 2 with an interval" in found.sentence
    assert "does not show that the learning caused it" in found.sentence
    assert (
        "none has numbers that allow an interval"
        in impact(_graph(1, 1, shown_after=1), "challenge:c", as_of=DAY).sentence
    )
    assert metric.size is None
    assert metric.group.endswith("1 took it")
    with pytest.raises(ArgumentError, match="at least 1"):
        impact(_graph(1, 1, shown_after=1), "challenge:c", min_group=0)
    with pytest.raises(ArgumentError, match="is no day"):
        impact(_graph(1, 1, shown_after=1), "challenge:c", since="2026-01-01")  # type: ignore[arg-type]


def test_self_ratings_are_no_look() -> None:
    took, _, _ = impact(_graph(6, 6, shown_after=6, kind="self"), "challenge:c", as_of=DAY)
    assert (took.observed_before, took.observed_after, took.missing, took.difference) == (0, 0, 6, None)


def test_what_happened_after_the_day_asked_about_does_not_count() -> None:
    found = impact(_graph(6, 6, shown_after=6), "challenge:c", as_of=dt.date(2026, 2, 15))
    assert (found.took, found.since) == (0, None)
    assert "too little evidence" in found.sentence
    assert "nobody in scope" in found.notes[0]


def test_an_asset_must_be_named_where_none_was_commissioned() -> None:
    graph = cg.sample().graph()
    with pytest.raises(UnknownIdError, match="name the asset"):
        impact(graph, "challenge:peak-forecast")
    assert impact(graph, "challenge:peak-forecast", "asset:AC-311", as_of=DAY).took == 0
    notes = " ".join(impact(graph, "challenge:second-visits", as_of=DAY).notes)
    assert "training is not the remedy" in notes


def test_the_interval_of_paired_shares_is_the_published_one() -> None:
    found = of_shares([(True, True)] * 36 + [(True, False)] * 12 + [(False, True)] * 2)
    assert found is not None
    assert found.low == pytest.approx(-0.3404, abs=5e-5)
    assert found.high == pytest.approx(-0.0569, abs=5e-5)


def test_the_interval_of_means_is_the_one_of_welch() -> None:
    from scipy.stats import ttest_ind

    before, after = [7.0, 8.0, 6.0, 9.0], [4.0, 3.0, 2.5]
    expected = ttest_ind(after, before, equal_var=False).confidence_interval(0.95)
    found = of_means(before, after)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))
    assert of_means([], [1.0]) is None
    assert of_means([1.0] * 3, [2.0] * 3) == (1.0, 1.0, 1.0)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40))
def test_intervals_of_shares_hold_the_difference_and_stay_within_bounds(pairs: list[tuple[bool, bool]]) -> None:
    found = of_shares(pairs)
    assert found is not None
    assert found.low is not None
    assert found.high is not None
    assert -1 - 1e-9 <= found.low <= found.value + 1e-9
    assert found.value - 1e-9 <= found.high <= 1 + 1e-9
    mirrored = of_shares([(after, before) for before, after in pairs])
    assert mirrored is not None
    assert (mirrored.low, mirrored.high) == pytest.approx((-found.high, -found.low))
