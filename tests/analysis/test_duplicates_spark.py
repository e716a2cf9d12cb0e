"""Duplicates on Spark, in local mode: the same pairs as on one machine."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

import capgraph as cg
from capgraph.errors import DuplicateIdError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

pytestmark = [pytest.mark.spark, pytest.mark.slow]
SCHEMA = (
    "id string, title string, description string, notation string, language string, provider string, duration double, "
    "status string, learners long, rating double, published string, modified string, "
    "alternative_titles array<string>, audience array<string>, cost struct<amount: string, currency: string>"
)
FIELDS = (
    "id",
    "title",
    "description",
    "notation",
    "language",
    "provider",
    "duration",
    "status",
    "learners",
    "rating",
    "published",
    "modified",
    "alternative_titles",
    "audience",
)
SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "3",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "40",
}


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    from pyspark.sql import SparkSession  # type: ignore[import-not-found, unused-ignore]

    builder = SparkSession.builder.master("local[2]").appName("capgraph")
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


def frame(session: Any, assets: Sequence[cg.LearningAsset]) -> Any:  # noqa: ANN401 - Spark is untyped
    rows = []
    for one in assets:
        stated = one.model_dump(mode="json")
        rows.append((*(stated.get(name) for name in FIELDS), stated.get("cost")))
    return session.createDataFrame(rows, SCHEMA)


def found(report: Any) -> list[tuple[object, ...]]:  # noqa: ANN401 - Spark is untyped
    """Return the rows of a Spark frame, or of a report, in order."""
    rows = [row.asDict() for row in report.collect()] if hasattr(report, "collect") else report.rows()
    columns = ("left", "right", "left_title", "right_title", "score", "band", "equal", "differs")
    return sorted((*(row[name] for name in columns[:6]), *(tuple(row[name]) for name in columns[6:])) for row in rows)


def sample() -> list[cg.LearningAsset]:
    graph = cg.sample().graph()
    nodes = (graph[id_] for id_ in graph.ids(cg.LearningAsset))
    assets = [node.replace(alignments=()) for node in nodes if isinstance(node, cg.LearningAsset)]
    many = [
        cg.LearningAsset(id=f"asset:crowd-{place:03}", title="Welcome day", description=f"House {place // 3} tour")
        for place in range(90)
    ]
    courses = [
        cg.LearningAsset(
            id=f"asset:{department}-{number}",
            title="Tone languages" if number == 110 else f"{department} {number}",
            description="Same as LING 110." if number == 110 else "Independent reading with a member of the faculty.",
            notation=f"{department} {number}",
        )
        for department in (
            "LING",
            "ANTH",
            "SOC",
            "ART",
            "BIO",
            "CHEM",
            "ECON",
            "ENGL",
            "GEOL",
            "HIST",
            "MATH",
            "MUS",
            "PHIL",
        )
        for number in (110, 250, 251)
    ]
    return [*assets, *many, *courses]


def test_spark_finds_the_same_pairs_as_one_machine(spark: Any) -> None:  # noqa: ANN401 - Spark is untyped
    from capgraph.analysis.spark_duplicates import spark_clusters, spark_duplicates

    assets = sample()
    frame_of = frame(spark, assets).repartition(4)
    answer = spark_duplicates(frame_of, shards=5).persist()
    local = cg.duplicates(assets)
    assert found(answer) == found(local)
    assert answer.columns == list(local.rows()[0])
    assert local.same > 5
    assert spark_clusters(answer, frame_of) == local.clusters
    assert len(local.clusters) > 3


def test_spark_respects_what_people_decided(spark: Any) -> None:  # noqa: ANN401 - Spark is untyped
    from capgraph.analysis.spark_duplicates import spark_clusters, spark_duplicates

    assets = sample()
    first, second = cg.duplicates(assets).records[0], ("asset:crowd-000", "asset:LING-250")
    at = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    said = [
        cg.Decision(kind="duplicate", subject=left, object=right, verdict=verdict, by="curator", at=at)
        for left, right, verdict in ((first.left, first.right, "different"), (*second, "same"))
    ]
    decisions = cg.Decisions(id="dec:a", decisions=said)
    pairs = spark_duplicates(frame(spark, assets), decisions=decisions, min_score=0.7, shards=3).persist()
    answer, local = found(pairs), cg.duplicates(assets, decisions=decisions, min_score=0.7)
    assert answer == found(local)
    assert spark_clusters(pairs, frame(spark, assets), decisions=decisions) == local.clusters
    assert (first.left, first.right) not in {row[:2] for row in answer}
    assert tuple(sorted(second)) in {row[:2] for row in answer}


def test_spark_refuses_two_rows_of_one_id(spark: Any) -> None:  # noqa: ANN401 - Spark is untyped
    from capgraph.analysis.spark_duplicates import spark_duplicates

    twice = [cg.LearningAsset(id="asset:a", title="Tone"), cg.LearningAsset(id="asset:a", title="Vowels")]
    with pytest.raises(DuplicateIdError, match="asset:a"):
        spark_duplicates(frame(spark, twice))
