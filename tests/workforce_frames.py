"""What the tests of workforce_gap share: frames of every library, a population, and the comparison with objects."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from typing import TYPE_CHECKING, Any

import duckdb
import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]

from capgraph.analysis.gap import gap
from capgraph.analysis.population import population
from capgraph.analysis.workforce import workforce_gap
from capgraph.model import Capability
from gap_strategies import PEOPLE, TODAY

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from capgraph.analysis.attainment import EvidencePolicy
    from capgraph.graph import CapabilityGraph

Rows = list[dict[str, Any]]
SCHEMAS: dict[str, dict[str, pa.DataType]] = {
    "people": {"person": pa.string(), "role": pa.string()},
    "requirements": {
        "role": pa.string(),
        "capability": pa.string(),
        "level": pa.int64(),
        "value": pa.float64(),
        "necessity": pa.string(),
        "importance": pa.float64(),
        "lowest": pa.float64(),
        "capability_kind": pa.string(),
    },
    "evidence": {
        "id": pa.string(),
        "person": pa.string(),
        "capability": pa.string(),
        "kind": pa.string(),
        "level": pa.int64(),
        "value": pa.float64(),
        "date": pa.date32(),
        "expires": pa.date32(),
        "confidence": pa.float64(),
        "corrects": pa.string(),
    },
}
COLUMNS = (
    *("required", "attained", "shortfall", "status", "necessity", "importance", "confidence", "credit", "inferred"),
    *("self_level", "self_difference"),
)


def _pandas(table: pa.Table) -> pd.DataFrame:
    frame: pd.DataFrame = table.to_pandas()
    for name in ("date", "expires"):
        if name in frame:
            frame[name] = pd.to_datetime(frame[name])
    return frame


ENGINES: dict[str, Callable[[pa.Table], Any]] = {
    "polars": pl.from_arrow,
    "polars-lazy": lambda table: pl.LazyFrame(pl.from_arrow(table)),
    "pandas": _pandas,
    "pyarrow": lambda table: table,
    "duckdb": duckdb.from_arrow,
}


def table(name: str, rows: Rows) -> pa.Table:
    schema = SCHEMAS[name]
    extra = {key: pa.string() for row in rows for key in row if key not in schema}
    fields = {**schema, **extra}
    return pa.table({key: pa.array([row.get(key) for row in rows], kind) for key, kind in fields.items()})


def read(frame: Any) -> Rows:  # noqa: ANN401 - a frame
    answer = nw.from_native(frame)
    eager = answer.collect() if isinstance(answer, nw.LazyFrame) else answer
    return [{key: None if value != value else value for key, value in row.items()} for row in eager.rows(named=True)]  # noqa: PLR0124 - NaN


def tables_of(graph: CapabilityGraph) -> dict[str, Rows]:
    """Return what a graph holds as rows, requirements with what they inherit."""
    roles = ("role:x", "role:y")
    needs = []
    for role in roles:
        for stated in graph.requirements(role):
            node, scale = graph[stated.capability], graph.scale(stated.capability)
            assert isinstance(node, Capability)
            assert scale is not None
            item = stated.requirement
            by_value = item.level is None and item.value is not None
            needs.append(
                {
                    "role": role,
                    "capability": stated.capability,
                    "level": item.level,
                    "value": item.value,
                    "necessity": item.necessity,
                    "importance": item.importance,
                    "lowest": None if by_value else float(scale.ranks[0]),
                    "capability_kind": node.kind,
                }
            )
    fields = SCHEMAS["evidence"]
    return {
        "people": [{"person": person, "role": role} for person, role in itertools.product(PEOPLE, roles)],
        "requirements": needs,
        "evidence": [{name: getattr(record, name) for name in fields} for record in graph.evidence()],
    }


def agree(one: object, other: object) -> bool:
    """Return whether two cells are the same, numbers to 1e-9."""
    if isinstance(one, int | float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    return one == other


def compare(graph: CapabilityGraph, policy: EvidencePolicy, make: Callable[[pa.Table], Any]) -> None:
    frames = {name: make(table(name, rows)) for name, rows in tables_of(graph).items()}
    _agree(graph, policy, workforce_gap(**frames, policy=policy, as_of=TODAY))


def compare_whole(graph: CapabilityGraph, policy: EvidencePolicy, make: Callable[[pa.Table], Any]) -> None:
    """Compare everything that a policy can say, over all tables of a graph."""
    tables = population(graph, library="pyarrow")
    tables["people"] = table("people", tables_of(graph)["people"])
    frames = {name: make(rows) for name, rows in tables.items()}
    _agree(graph, policy, workforce_gap(**frames, policy=policy, as_of=TODAY))


def _agree(graph: CapabilityGraph, policy: EvidencePolicy, answer: Any) -> None:  # noqa: ANN401 - a frame
    found = {(row["person"], row["role"], row["capability"]): row for row in read(answer)}
    expected = {}
    for person, role in itertools.product(PEOPLE, ("role:x", "role:y")):
        for row in gap(graph, person, role, policy=policy, as_of=TODAY):
            expected[person, role, row.capability] = row
    assert found.keys() == expected.keys()
    for key, row in expected.items():
        for column in COLUMNS:
            assert agree(getattr(row, column), found[key][column]), (key, column, row, found[key])


def crowd(sizes: dict[tuple[str, str], int], kinds: Sequence[str] = ("test",)) -> dict[str, Rows]:
    """Return people of divisions and teams, all in one role; every second one is assessed, once for each kind."""
    people: Rows = []
    for (division, team), size in sizes.items():
        start = len(people)
        people += [
            {"person": f"p{start + number:03}", "role": "r", "division": division, "team": team}
            for number in range(size)
        ]
    evidence = [
        {
            "person": person["person"],
            "capability": "c",
            "kind": kind,
            "level": 1 + (place + shift) % 4,
            "date": TODAY - dt.timedelta(days=37 * (place % 3) * shift),
        }
        for place, person in enumerate(people)
        for shift, kind in enumerate(kinds)
        if place % 2
    ]
    needs = [{"role": "r", "capability": name, "level": 3, "lowest": 1.0} for name in ("c", "d")]
    return {"people": people, "requirements": needs, "evidence": evidence}


SIZES = {("a", "a1"): 12, ("a", "a2"): 3, ("a", "a3"): 7, ("b", "b1"): 6, ("b", "b2"): 8, ("c", "c1"): 2}


def ask(make: Callable[[pa.Table], Any], tables: dict[str, Rows], **options: Any) -> Any:  # noqa: ANN401 - a frame
    frames = {name: make(table(name, rows)) for name, rows in tables.items()}
    return workforce_gap(frames["people"], frames["requirements"], frames["evidence"], as_of=TODAY, **options)
