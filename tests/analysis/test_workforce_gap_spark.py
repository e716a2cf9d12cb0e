"""The gaps of any number of people on Spark, in local mode, read from Parquet as a cluster would."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings

from capgraph.analysis.attainment import EvidencePolicy
from capgraph.analysis.policy import SOURCE_WEIGHT
from capgraph.errors import DocumentError
from gap_strategies import policies, whole_policies, whole_worlds, worlds
from workforce_frames import SIZES, agree, ask, compare, compare_whole, crowd, read, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pyarrow as pa

    from capgraph.graph import CapabilityGraph

pytestmark = [pytest.mark.spark, pytest.mark.slow]
SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.showConsoleProgress": "false",
}


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[pa.Table], Any]]:
    """Return a function that writes a table to Parquet and reads it as a Spark frame."""
    from pyspark.sql import SparkSession  # type: ignore[import-not-found, unused-ignore]

    folder: Path = tmp_path_factory.mktemp("tables")
    builder = SparkSession.builder.master("local[2]").appName("capgraph")
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    numbers = itertools.count()

    def frame(rows: pa.Table) -> Any:  # noqa: ANN401 - a Spark frame
        path = folder / f"{next(numbers)}.parquet"
        pq.write_table(rows, path)
        return session.read.parquet(str(path))

    yield frame
    session.stop()


def test_spark_gives_the_same_tables(spark: Callable[[pa.Table], Any]) -> None:
    tables = crowd(SIZES)
    for options in ({}, {"by": ["division", "team"], "totals": True}):
        found = ask(spark, tables, **options)
        assert type(found) is type(spark(table("people", [])))
        expected = ask(lambda rows: rows, tables, **options)
        assert sorted(map(repr, read(found))) == sorted(map(repr, read(expected)))


def test_totals_along_crossed_groups_are_refused(spark: Callable[[pa.Table], Any]) -> None:
    with pytest.raises(DocumentError, match="'team' crosses 'division'"):
        ask(spark, crowd({("a", "x"): 6, ("b", "x"): 6}), by=["division", "team"], totals=True)


@settings(max_examples=3)
@given(graph=worlds(behaviors=False), policy=policies)
def test_spark_and_objects_agree(
    spark: Callable[[pa.Table], Any], graph: CapabilityGraph, policy: EvidencePolicy
) -> None:
    compare(graph, policy, spark)


@settings(max_examples=2)
@given(graph=whole_worlds(), policy=whole_policies)
def test_spark_and_objects_agree_on_the_whole_policy(
    spark: Callable[[pa.Table], Any], graph: CapabilityGraph, policy: EvidencePolicy
) -> None:
    compare_whole(graph, policy, spark)


@pytest.mark.parametrize("how", ["weighted_median", "latest", "highest", "prioritised"])
def test_spark_knows_every_combination(spark: Callable[[pa.Table], Any], how: str) -> None:
    policy = EvidencePolicy(combine=how, half_life={"skill": 200}, priority=list(SOURCE_WEIGHT)[::-1])
    tables = crowd(SIZES, kinds=tuple(SOURCE_WEIGHT))
    found = read(ask(spark, tables, policy=policy))
    expected = read(ask(lambda rows: rows, tables, policy=policy))
    key = lambda row: (row["person"], row["capability"])  # noqa: E731
    for one, other in zip(sorted(found, key=key), sorted(expected, key=key), strict=True):
        assert all(agree(one[column], other[column]) for column in other)
