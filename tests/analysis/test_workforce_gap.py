"""The gaps of any number of people, over data frames of any library: the numbers of the object path."""

from __future__ import annotations

import datetime as dt
import itertools
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pandas as pd
import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capgraph.analysis.attainment import EvidencePolicy
from capgraph.analysis.workforce import workforce_gap
from capgraph.errors import DocumentError, ScaleMismatchError
from gap_strategies import TODAY, policies, whole_policies, whole_worlds, worlds
from workforce_frames import ENGINES, SIZES, ask, compare, compare_whole, crowd, read, table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from capgraph.graph import CapabilityGraph


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Callable[[pa.Table], Any]:
    return ENGINES[request.param]


@pytest.mark.parametrize("name", ENGINES)
@settings(max_examples=12)
@given(graph=worlds(behaviors=False), policy=policies)
def test_frames_and_objects_agree(name: str, graph: CapabilityGraph, policy: EvidencePolicy) -> None:
    compare(graph, policy, ENGINES[name])


@pytest.mark.parametrize("name", ENGINES)
@settings(max_examples=10)
@given(graph=whole_worlds(), policy=whole_policies)
def test_frames_and_objects_agree_on_the_whole_policy(
    name: str, graph: CapabilityGraph, policy: EvidencePolicy
) -> None:
    compare_whole(graph, policy, ENGINES[name])


def test_the_answer_is_of_the_type_of_the_question(engine: Callable[[pa.Table], Any]) -> None:
    for options in ({}, {"by": "team"}, {"by": ["division", "team"], "totals": True}):
        assert type(ask(engine, crowd(SIZES), **options)) is type(engine(table("people", [])))


def test_groups_are_the_sums_of_their_people(engine: Callable[[pa.Table], Any]) -> None:
    tables = crowd(SIZES)
    single = read(ask(engine, tables))
    found = read(ask(engine, tables, by=["division"], min_group=1))
    assert [row["division"] for row in found] == ["a", "b", "c"]
    for row in found:
        own = [one for one in single if one["division"] == row["division"]]
        assert row["people"] == len({one["person"] for one in own})
        assert row["requirements"] == len(own)
        for status in ("met", "below", "unassessed"):
            assert row[status] == sum(one["status"] == status for one in own)
        assert row["shortfall"] == sum(one["shortfall"] or 0 for one in own)
        known = [one["credit"] for one in own if one["credit"] is not None]
        assert row["readiness"] == pytest.approx(sum(known) / len(known))
        assert row["assessed_share"] == pytest.approx(len(known) / len(own))
        assert row["suppressed"] is False


def test_small_groups_are_suppressed(engine: Callable[[pa.Table], Any]) -> None:
    found = {row["team"]: row for row in read(ask(engine, crowd(SIZES), by="team"))}
    assert {team for team, row in found.items() if row["suppressed"]} == {"a2", "c1"}
    assert {row[name] for row in found.values() if row["suppressed"] for name in ("people", "met", "readiness")} == {
        None
    }
    assert found["a1"]["people"] == 12


def test_totals_do_not_give_small_groups_away(engine: Callable[[pa.Table], Any]) -> None:
    found = {
        (row["depth"], row["division"], row["team"]): row
        for row in read(ask(engine, crowd(SIZES), by=["division", "team"], totals=True))
    }
    hidden = {key for key, row in found.items() if row["suppressed"]}
    assert hidden == {
        (1, "b", None),  # the next smallest one after c, which has two people alone
        (1, "c", None),
        (2, "a", "a2"),
        (2, "a", "a3"),
        (2, "b", "b1"),  # below a hidden group nothing is told
        (2, "b", "b2"),
        (2, "c", "c1"),
    }
    assert found[0, None, None]["people"] == 38
    assert found[1, "a", None]["people"] == 22
    assert len(found) == 1 + 3 + 6


def test_one_group_of_everybody(engine: Callable[[pa.Table], Any]) -> None:
    found = read(ask(engine, crowd(SIZES), by=[]))
    assert [(row["people"], row["requirements"], row["suppressed"]) for row in found] == [(38, 76, False)]
    found = read(ask(engine, crowd({("a", "a1"): 4}), by=[]))
    assert [(row["people"], row["suppressed"]) for row in found] == [(None, True)]


def test_groups_by_capability_and_role(engine: Callable[[pa.Table], Any]) -> None:
    found = read(ask(engine, crowd(SIZES), by=["role", "capability"]))
    assert [(row["capability"], row["unassessed"]) for row in found] == [("c", 19), ("d", 38)]


@settings(max_examples=40)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=8), st.integers(1, 6))
def test_what_is_hidden_below_a_total_is_never_about_fewer_people_than_the_least(sizes: list[int], least: int) -> None:
    divisions = {(f"d{place // 3}", f"t{place}"): size for place, size in enumerate(sizes)}
    rows = read(ask(ENGINES["polars"], crowd(divisions), by=["division", "team"], totals=True, min_group=least))
    told = {(row["depth"], row["division"], row["team"]): row["people"] for row in rows}
    truth: dict[tuple[int, str | None, str | None], int] = {(0, None, None): sum(sizes)}
    for (division, team), size in divisions.items():
        truth[1, division, None] = truth.get((1, division, None), 0) + size
        truth[2, division, team] = size
    assert told.keys() == truth.keys()
    assert all(people is None or people == truth[key] >= least for key, people in told.items())
    for (depth, division, team), people in told.items():
        if people is None or team is not None:
            continue
        below = [key for key in told if key[0] == depth + 1 and (depth == 0 or key[1] == division)]
        hidden = [truth[key] for key in below if told[key] is None]
        assert not hidden or (sum(hidden) >= least and (len(hidden) > 1 or len(below) == 1))


LEVELS = ("division", "team", "squad")
Leaf = tuple[str, ...]


@st.composite
def hierarchies(draw: st.DrawFn) -> dict[Leaf, set[str]]:
    """Return the people of the squads of a few teams; now and then somebody is in several of them."""
    shape = draw(st.lists(st.lists(st.integers(1, 3), min_size=1, max_size=3), min_size=1, max_size=3))
    leaves: Sequence[Leaf] = [
        (f"d{d}", f"d{d}t{t}", f"d{d}t{t}s{s}")
        for d, teams in enumerate(shape)
        for t, squads in enumerate(teams)
        for s in range(squads)
    ][:8]
    sizes = st.sampled_from((1, 1, 1, 2, 5))
    people = {leaf: {f"p{leaf[-1]}{n}" for n in range(draw(sizes))} for leaf in leaves}
    for number in range(draw(st.integers(0, 2))):
        for leaf in draw(st.lists(st.sampled_from(leaves), max_size=3)):
            people[leaf].add(f"q{number}")
    return people


def _rank(vectors: list[list[int]]) -> int:
    """Return the rank of some vectors of small whole numbers, exactly."""
    rows, rank = [[Fraction(number) for number in vector] for vector in vectors], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((place for place in range(rank, len(rows)) if rows[place][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        for place in range(rank + 1, len(rows)):
            share = rows[place][column] / rows[rank][column]
            rows[place] = [one - share * other for one, other in zip(rows[place], rows[rank], strict=True)]
        rank += 1
    return rank


def _told(rows: list[dict[str, Any]], leaves: list[Leaf], below: Sequence[str]) -> list[list[int]]:
    """Return, for each group that figures are told of, which leaves it is the sum of."""
    paths = [tuple(row[name] for name in below[: row["depth"]]) for row in rows if not row["suppressed"]]
    return [[int(leaf[: len(path)] == path) for leaf in leaves] for path in paths]


@settings(max_examples=60)
@given(hierarchies(), st.integers(1, 6))
def test_no_sum_or_difference_of_what_is_told_is_about_fewer_people_than_the_least(
    people: dict[Leaf, set[str]], least: int
) -> None:
    table_ = [
        dict(zip(("person", "role", *LEVELS), (one, "r", *leaf), strict=True))
        for leaf, found in people.items()
        for one in sorted(found)
    ]
    needs = pl.DataFrame({"role": ["r"], "capability": ["c"]})
    shown = pl.DataFrame({"person": ["pd0t0s00"], "capability": ["c"], "kind": ["test"], "date": [TODAY]})
    found = workforce_gap(
        pl.DataFrame(table_), needs, shown, by=LEVELS, totals=True, min_group=least, as_of=TODAY
    ).rows(named=True)
    leaves = sorted(people)
    told = _told(found, leaves, LEVELS)
    rank = _rank(told)
    for size in range(1, len(leaves) + 1):
        for chosen in itertools.combinations(range(len(leaves)), size):
            if len(set().union(*(people[leaves[place]] for place in chosen))) < least:
                wanted = [int(place in chosen) for place in range(len(leaves))]
                assert _rank([*told, wanted]) > rank, (chosen, found)
    everybody = set().union(*people.values())
    assert bool(told) == (len(everybody) >= least)


def test_somebody_in_two_teams_does_not_count_twice_among_those_hidden() -> None:
    teams = {"a": "pqrst", "b": "x", "c": "x", "d": "klm"}
    people = pl.DataFrame(
        [{"person": one, "role": "r", "team": team} for team, members in teams.items() for one in members]
    )
    needs = pl.DataFrame({"role": ["r"], "capability": ["c"]})
    shown = pl.DataFrame({"person": ["x"], "capability": ["c"], "kind": ["test"], "date": [TODAY]})
    rows = workforce_gap(people, needs, shown, by=["team"], totals=True, min_group=2, as_of=TODAY).rows(named=True)
    assert [(row["team"], row["people"]) for row in rows] == [
        (None, 9),  # b and c alone would be told by subtraction, and they are one person
        ("a", 5),
        ("b", None),
        ("c", None),
        ("d", None),
    ]


def test_people_in_no_team_may_be_of_any_division(engine: Callable[[pa.Table], Any]) -> None:
    tables = crowd({("a", "a1"): 6, ("a", ""): 7, ("b", "b1"): 8, ("b", ""): 9})
    tables["people"] = [{**row, "team": row["team"] or None} for row in tables["people"]]
    found = read(ask(engine, tables, by=["division", "team"], totals=True))
    assert {(row["division"], row["team"]): row["people"] for row in found} == {
        (None, None): 30,
        ("a", None): 13,
        ("a", "(none)"): 7,
        ("a", "a1"): 6,
        ("b", None): 17,
        ("b", "(none)"): 9,
        ("b", "b1"): 8,
    }
    single = read(ask(engine, tables, by="team"))
    assert sorted((row["team"] or "", row["people"]) for row in single) == [("", 16), ("a1", 6), ("b1", 8)]


def test_figures_of_single_people(engine: Callable[[pa.Table], Any]) -> None:
    found = read(ask(engine, crowd({("a", "a1"): 3}), by="person", min_group=1))
    assert [(row["person"], row["people"], row["requirements"]) for row in found] == [
        ("p000", 1, 2),
        ("p001", 1, 2),
        ("p002", 1, 2),
    ]


def test_dates_may_be_texts_moments_or_days() -> None:
    tables = crowd(SIZES)
    tables["evidence"][0]["expires"] = TODAY - dt.timedelta(days=1)
    tables["evidence"][1]["expires"] = TODAY
    frames = {name: pl.DataFrame(table(name, rows)) for name, rows in tables.items()}
    expected = None
    for kind in (pl.Date, pl.Datetime("us"), pl.Datetime("us", "UTC"), pl.String):
        evidence = frames["evidence"].with_columns(pl.col("date", "expires").cast(kind))
        policy = EvidencePolicy(half_life={"skill": 100}, combine="latest")
        found = read(workforce_gap(frames["people"], frames["requirements"], evidence, policy=policy, as_of=TODAY))
        shown = sorted(str(row) for row in found)
        assert expected is None or shown == expected
        expected = shown


def test_days_of_pandas_may_be_objects() -> None:
    """A column of `datetime.date` has no type of its own in pandas."""
    tables = crowd(SIZES)
    tables["evidence"][0]["expires"] = TODAY - dt.timedelta(days=1)
    tables["evidence"][1]["expires"] = TODAY
    frames = {name: table(name, rows).to_pandas() for name, rows in tables.items()}
    assert frames["evidence"]["date"].dtype == object
    policy = EvidencePolicy(half_life={"skill": 100}, combine="latest")
    found = workforce_gap(**frames, policy=policy, as_of=TODAY)
    whole: dict[str, Any] = {name: pl.DataFrame(table(name, rows)) for name, rows in tables.items()}
    expected = workforce_gap(**whole, policy=policy, as_of=TODAY)
    keys = ["person", "role", "capability"]
    assert found.sort_values(keys)["status"].to_list() == expected.sort(keys)["status"].to_list()


@pytest.mark.parametrize("kind", ["string", "category", "object"])
def test_totals_of_pandas_have_any_kind_of_missing_value(kind: str) -> None:
    tables = crowd({("a", "a1"): 6, ("a", ""): 7, ("b", "b1"): 8, ("b", ""): 9})
    frames: dict[str, Any] = {name: pd.DataFrame(rows) for name, rows in tables.items()}
    frames["evidence"]["date"] = pd.to_datetime(frames["evidence"]["date"])
    frames["people"]["team"] = frames["people"]["team"].replace("", None).astype(kind)
    found = workforce_gap(**frames, by=["division", "team", "team"], totals=True, as_of=TODAY)
    assert found["people"].to_list() == [30, 13, 17, 7, 6, 9, 8]
    single = workforce_gap(**frames, by=["division", "division"], as_of=TODAY)
    assert single["people"].to_list() == [13, 17]


@pytest.mark.parametrize("column", ["lowest", "highest"])
def test_ends_of_scales_are_numbers(column: str) -> None:
    tables: dict[str, Any] = {name: pl.DataFrame(table(name, rows)) for name, rows in crowd(SIZES).items()}
    capabilities = pl.DataFrame({"capability": ["c"], column: ["low"]})
    with pytest.raises(DocumentError, match=f"'{column}' of capabilities holds texts"):
        workforce_gap(**tables, capabilities=capabilities, as_of=TODAY)


def test_optional_columns_may_be_missing() -> None:
    people = pl.DataFrame({"person": ["a", "b"], "role": ["r", "r"]})
    needs = pl.DataFrame({"role": ["r"], "capability": ["c"]})
    shown = pl.DataFrame({"person": ["a"], "capability": ["c"], "kind": ["peer"], "date": [TODAY]})
    found = workforce_gap(people, needs, shown, as_of=TODAY).sort("person")
    assert found["status"].to_list() == ["met", "unassessed"]
    assert found["confidence"].to_list() == [0.6, None]


def test_everything_wrong_is_told_at_once() -> None:
    people, needs, shown = pl.DataFrame({"person": []}), pd.DataFrame({"role": []}), pl.DataFrame({"person": []})
    policy = EvidencePolicy(inference=["broader"])
    with pytest.raises(DocumentError) as told:
        workforce_gap(people, needs, shown, by=["team", "capability"], totals=True, policy=policy, min_group=0)
    codes = [issue.code for issue in told.value.issues]
    assert codes == ["missing-column"] * 6 + ["policy", "mixed-frames", "min-group", "crossed-groups"]
    assert "'role' is no column of people (people); it has person" in str(told.value)


def test_totals_along_crossed_groups_are_refused(engine: Callable[[pa.Table], Any]) -> None:
    tables = crowd({("a", "x"): 6, ("b", "x"): 6})
    with pytest.raises(DocumentError, match="'team' crosses 'division': 'x' lies in several of its groups"):
        ask(engine, tables, by=["division", "team"], totals=True)
    with pytest.raises(DocumentError, match="totals are asked for without groups"):
        ask(engine, tables, totals=True)


def test_what_a_policy_needs_and_the_frames_do_not_hold_is_refused() -> None:
    tables: dict[str, Any] = {name: pl.DataFrame(table(name, rows)) for name, rows in crowd(SIZES).items()}
    policy = EvidencePolicy(rescale=[{"source": "scale:a", "target": "scale:b", "levels": {1: 1}}])
    with pytest.raises(DocumentError, match=r"'rescale' needs to know on which scales .* or use capgraph.gap"):
        workforce_gap(**tables, policy=policy, as_of=TODAY)
    looked = {**tables, "evidence": tables["evidence"].with_columns(behavior=pl.lit("beh:a"))}
    with pytest.raises(DocumentError, match="'behavior' of evidence needs the level"):
        workforce_gap(**looked, as_of=TODAY)
    behaviors = pl.DataFrame({"behavior": ["beh:a"], "capability": ["c"]})
    with pytest.raises(DocumentError, match="'behavior' is no column of evidence"):
        workforce_gap(**tables, behaviors=behaviors, as_of=TODAY)
    scaled = {**tables, "evidence": tables["evidence"].with_columns(scale=pl.lit("scale:a"))}
    with pytest.raises(DocumentError, match="'scale' of evidence needs the scale of each capability"):
        workforce_gap(**scaled, as_of=TODAY)
    texts = {**tables, "evidence": tables["evidence"].with_columns(level=pl.lit("high"), date=pl.lit(20260101))}
    with pytest.raises(DocumentError) as told:
        workforce_gap(**texts, as_of=TODAY)
    assert {issue.ids for issue in told.value.issues} == {("level",), ("date",)}


def test_levels_of_another_scale_are_refused_unless_the_policy_says_how_they_read(
    engine: Callable[[pa.Table], Any],
) -> None:
    tables = crowd(SIZES)
    capabilities = pa.table({"capability": ["c", "d"], "scale": ["scale:own"] * 2, "lowest": [1.0, 1.0]})
    frames = {name: table(name, rows) for name, rows in tables.items()}
    evidence = frames["evidence"]
    frames["evidence"] = evidence.append_column("scale", pa.array(["scale:other"] * len(evidence)))
    given_ = {name: engine(rows) for name, rows in {**frames, "capabilities": capabilities}.items()}
    with pytest.raises(ScaleMismatchError, match="levels of 'c' are stated on 'scale:other'"):
        workforce_gap(**given_, as_of=TODAY)
    levels = dict.fromkeys(range(10), 3)
    policy = EvidencePolicy(rescale=[{"source": "scale:other", "target": "scale:own", "levels": levels}])
    found = read(workforce_gap(**given_, policy=policy, as_of=TODAY))
    assert {row["attained"] for row in found} == {None, 3.0}


def test_a_zero_is_read_as_the_scale_says() -> None:
    people = pl.DataFrame({"person": ["a"], "role": ["r"]})
    needs = pl.DataFrame({"role": ["r"], "capability": ["c"], "level": [3]})
    shown = pl.DataFrame({"person": ["a"], "capability": ["c"], "kind": ["test"], "level": [0], "date": [TODAY]})
    for meaning, attained in (("no_knowledge", 0.0), ("not_assessed", None)):
        scale = pl.DataFrame({"capability": ["c"], "lowest": [1], "zero_means": [meaning]})
        found = workforce_gap(people, needs, shown, capabilities=scale, as_of=TODAY)
        assert found["attained"].to_list() == [attained]
        assert found["status"].to_list() == ["unassessed" if attained is None else "below"]


def test_levels_off_the_scale_are_refused(engine: Callable[[pa.Table], Any]) -> None:
    tables = crowd(SIZES)
    tables["evidence"][0]["level"] = 9
    tables["evidence"][1]["level"] = 0
    frames = {name: engine(table(name, rows)) for name, rows in tables.items()}
    scales: dict[str, Any] = {"capability": ["c", "d"], "lowest": [1.0, 1.0]}
    with pytest.raises(ScaleMismatchError, match=r"'c' is rated in whole numbers from 1, and .* off that: 0 .*correct"):
        workforce_gap(**frames, capabilities=engine(pa.table(scales)), as_of=TODAY)
    scales["highest"] = [5.0, 5.0]
    with pytest.raises(ScaleMismatchError, match="numbers from 1 to 5, and levels are stated off that: 0, 9"):
        workforce_gap(**frames, capabilities=engine(pa.table(scales)), by="team", as_of=TODAY)
    tables["evidence"][0]["date"] = TODAY + dt.timedelta(days=1)  # what does not count is not read
    frames = {name: engine(table(name, rows)) for name, rows in tables.items()}
    scales["zero_means"] = ["no_knowledge", "no_knowledge"]
    found = read(workforce_gap(**frames, capabilities=engine(pa.table(scales)), as_of=TODAY))
    assert {row["attained"] for row in found if row["capability"] == "c"} >= {None, 0.0}


def test_many_levels_off_the_scale_are_counted() -> None:
    people = pl.DataFrame({"person": ["a"], "role": ["r"]})
    needs = pl.DataFrame({"role": ["r"], "capability": ["c"]})
    levels = [2.5, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0]
    shown = pl.DataFrame({"person": "a", "capability": "c", "kind": "test", "date": TODAY, "level": levels})
    scales = pl.DataFrame({"capability": ["c"], "lowest": [1], "highest": [5]})
    with pytest.raises(ScaleMismatchError, match=r"off that: 2\.5, 6, 7, 8, 9 and 2 more"):
        workforce_gap(people, needs, shown, capabilities=scales, as_of=TODAY)


@pytest.mark.parametrize("ranks", ["1, 3, 5", "1 3 5", "[1,3,5]", "1.0|3.0|5.0"])
def test_levels_that_a_scale_skips_are_refused(engine: Callable[[pa.Table], Any], ranks: str) -> None:
    """A level between the ranks of a scale is no level, as in documents; what self ratings say of it is left out."""
    people = engine(pa.table({"person": ["a"], "role": ["r"]}))
    needs = engine(pa.table({"role": ["r", "r"], "capability": ["c", "d"], "level": [3.0, 3.0]}))
    scales = engine(
        pa.table(
            {
                "capability": ["c", "d"],
                "lowest": [1.0, 1.0],
                "highest": [5.0, 5.0],
                "ranks": pa.array([ranks, None], pa.string()),
            }
        )
    )

    def shown(kind: str, *levels: float) -> Any:  # noqa: ANN401 - a frame
        size = len(levels)
        columns = {"person": ["a"] * size, "capability": ["c", "d"][:size], "kind": [kind] * size}
        return engine(pa.table({**columns, "level": list(levels), "date": pa.array([TODAY] * size, pa.date32())}))

    told = r"'c' is rated in the levels 1(\.0)?, 3(\.0)?, 5(\.0)?, and levels are stated off that: 4"
    with pytest.raises(ScaleMismatchError, match=told):
        read(workforce_gap(people, needs, shown("test", 4.0, 4.0), capabilities=scales, as_of=TODAY))
    found = read(workforce_gap(people, needs, shown("test", 5.0, 4.0), capabilities=scales, as_of=TODAY))
    assert sorted(row["attained"] for row in found) == [4, 5]
    apart = EvidencePolicy(excluded=["self"])
    found = read(workforce_gap(people, needs, shown("self", 4.0, 4.0), capabilities=scales, policy=apart, as_of=TODAY))
    assert {row["capability"]: row["self_level"] for row in found} == {"c": None, "d": 4}


def test_levels_on_several_scales_are_refused_where_the_capability_has_none(
    engine: Callable[[pa.Table], Any],
) -> None:
    people = engine(pa.table({"person": ["a", "b"], "role": ["r", "r"]}))
    needs = engine(pa.table({"role": ["r"], "capability": ["c"]}))
    capabilities = engine(pa.table({"capability": ["c"], "scale": pa.array([None], pa.string())}))

    def shown(*scales: str | None) -> Any:  # noqa: ANN401 - a frame
        columns = {"person": ["a", "a", "b"], "capability": ["c"] * 3, "kind": ["test", "peer", "test"]}
        more = {"level": [1, 2, 3], "date": pa.array([TODAY] * 3, pa.date32()), "scale": pa.array(scales, pa.string())}
        return engine(pa.table({**columns, **more}))

    for scales, told in ((("s", "t", "s"), "'s' and 't'"), (("s", None, "s"), "no scale and 's'")):
        with pytest.raises(ScaleMismatchError, match=f"'c' has no scale, and records state its levels on {told}"):
            workforce_gap(people, needs, shown(*scales), capabilities=capabilities, as_of=TODAY)
    found = read(workforce_gap(people, needs, shown("s", "s", "t"), capabilities=capabilities, as_of=TODAY))
    assert sorted((row["person"], row["status"]) for row in found) == [("a", "met"), ("b", "met")]


def test_what_people_say_of_themselves_is_told_apart(engine: Callable[[pa.Table], Any]) -> None:
    tables = crowd({("a", "a1"): 4}, kinds=("test", "self"))
    for policy in (EvidencePolicy(combine="highest"), EvidencePolicy(excluded=["self"])):
        found = {(row["person"], row["capability"]): row for row in read(ask(engine, tables, policy=policy))}
        own = found["p003", "c"]
        assert own["self_level"] == 1
        assert own["self_difference"] == 1 - own["attained"]
        assert found["p000", "c"]["self_level"] is None
        assert found["p003", "d"]["self_difference"] is None


def test_columns_of_people_may_have_the_names_of_other_tables(engine: Callable[[pa.Table], Any]) -> None:
    tables = crowd(SIZES)
    expected = {(row["person"], row["capability"]): row for row in read(ask(engine, tables))}
    groups = read(ask(engine, tables, by="team"))
    others = ("level", "lowest", "capability", "attained_level", "people", "depth", "day", "scale")
    tables["people"] = [{**row, **dict.fromkeys(others, "2")} for row in tables["people"]]
    for row in read(ask(engine, tables)):
        told = expected[row["person"], row["capability"]]
        assert {name: row[name] for name in told} == told
        assert {row[name] for name in others if name != "capability"} == {"2"}
    assert read(ask(engine, tables, by="team")) == groups
    (everybody,) = read(ask(engine, tables, by="level"))
    assert (everybody["level"], everybody["people"]) == ("2", 38)


def test_columns_of_people_that_the_answer_has_as_well_are_refused(engine: Callable[[pa.Table], Any]) -> None:
    tables = crowd(SIZES)
    tables["people"] = [{**row, "status": "on leave", "met": "yes"} for row in tables["people"]]
    with pytest.raises(DocumentError, match="'status' of people is the name of a column of the answer"):
        ask(engine, tables)
    with pytest.raises(DocumentError, match="'met' of people is the name of a column of the answer"):
        ask(engine, tables, by="met")
    found = read(ask(engine, tables, by="status"))
    assert [(row["status"], row["people"]) for row in found] == [("on leave", 38)]
