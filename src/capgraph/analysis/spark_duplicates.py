"""Duplicates on Spark, for catalogs that outgrow one machine: the steps of `duplicates`, over batches of Arrow records.

Every step that decides anything (keys, pairs, verdicts) is the very function that runs on one machine.  Spark moves
rows between the steps.
"""

# pyright: reportUnknownParameterType=false
# The tables of pyarrow have no type stubs.

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from capgraph.analysis.bands import POSSIBLE
from capgraph.analysis.candidates import KeyTable, key_tables, paired
from capgraph.analysis.commonness import Commonness, rows_of, tally_of
from capgraph.analysis.corpus import Corpus
from capgraph.analysis.entries import asset_entry
from capgraph.analysis.judging import judged_rows
from capgraph.analysis.verdicts import Verdicts, clusters
from capgraph.errors import DuplicateIdError, Issue, MissingDependencyError
from capgraph.model import LearningAsset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import pyarrow as pa  # type: ignore[import-untyped]

    from capgraph.analysis.entries import Described
    from capgraph.analysis.verdicts import Cluster
    from capgraph.model import Decisions

_ROW = (
    "left string, left_title string, right string, right_title string, score double, band string, "
    "equal array<string>, differs array<string>"
)
_STANDING = "id string, standing array<double>"
_TALLY = "kind string, item string, other string, count long"
_KEYS = "shard int, name int, key long, id string"
_TOLD = 10


def spark_duplicates(
    assets: Any,  # noqa: ANN401 - a Spark frame
    *,
    language: str = "",
    min_score: float = POSSIBLE,
    decisions: Decisions | None = None,
    shards: int = 200,
) -> Any:  # noqa: ANN401 - a Spark frame
    """Return the pairs that `duplicates` finds, as a Spark frame.

    Parameters
    ----------
    assets : pyspark.sql.DataFrame
        One row for each asset; its columns are fields of `LearningAsset` (``id`` and ``title`` at least), lists and
        structs as in its JSON form.  Other columns are passed over.
    language : str
        The language of assets that state none.
    min_score : float
        The least score of a pair, 0.5 to 1; lower is read as 0.5.
    decisions : Decisions or None
        Verdicts of people to respect.
    shards : int
        Into how many groups titles and keys are spread, >= 1; each must fit into the memory of one worker.

    Returns
    -------
    pyspark.sql.DataFrame
        The columns ``left``, ``left_title``, ``right``, ``right_title``, ``score``, ``band``, ``equal`` and
        ``differs``, a row a pair, in no order.  `spark_clusters` makes clusters of them.

    Raises
    ------
    MissingDependencyError
        When the ``spark`` extra is not installed.
    DuplicateIdError
        When two rows hold one id.

    Notes
    -----
    Three passes over the assets: what is common is counted (one row for each word comes to the driver and goes to every
    worker), keys are spread, candidates are joined with their assets and judged.  Memory of a worker: a shard.
    """
    try:
        from pyspark.sql import functions as spark  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        package, extra = "pyspark", "spark"
        raise MissingDependencyError(package, extra) from None
    known_fields = [name for name in assets.columns if name in LearningAsset.model_fields]
    frame = assets.select(*known_fields)
    _refuse_repeated(frame)
    titles = frame.mapInArrow(_by_title(language, shards), _with_shard(frame))
    common = _common(titles, language)
    keys = frame.mapInArrow(_filed(language, common, shards), _KEYS)
    pairs = keys.groupBy("shard").applyInArrow(_paired, "left string, right string").distinct()
    verdicts = Verdicts([decisions] if decisions is not None else [])
    called = verdicts.pairs(same=True)
    if called:
        pairs = pairs.union(frame.sparkSession.createDataFrame(list(called), "left string, right string")).distinct()
    sides = {side: frame.select(spark.struct(*known_fields).alias(f"{side}_asset")) for side in ("left", "right")}
    for side, found in sides.items():
        pairs = pairs.join(found, pairs[side] == found[f"{side}_asset"]["id"])
    return pairs.mapInArrow(_judged(language, common, verdicts, max(min_score, POSSIBLE)), _ROW)


def spark_clusters(
    pairs: Any,  # noqa: ANN401 - a Spark frame
    assets: Any,  # noqa: ANN401 - a Spark frame
    *,
    decisions: Decisions | None = None,
) -> tuple[Cluster, ...]:
    """Return the clusters of the pairs in the band *same*, as `duplicates` finds them on one machine.

    Parameters
    ----------
    pairs : pyspark.sql.DataFrame
        What `spark_duplicates` returned, persisted or read back from where it was written: it is read twice.
    assets : pyspark.sql.DataFrame
        The assets that were compared; they decide who represents a cluster.
    decisions : Decisions or None
        The verdicts that were respected: nobody called different shares a cluster.

    Returns
    -------
    tuple of Cluster
        By representative.

    Notes
    -----
    The pairs of the band *same*, and their assets' standing, come to the driver: an edge of the graph of twins is two
    ids and a score.
    """
    from pyspark.sql import functions as spark  # type: ignore[import-not-found, unused-ignore]

    sure = pairs.where(pairs["band"] == "same").select("left", "right", "score")
    ids = sure.select(spark.explode(spark.array("left", "right")).alias("id")).distinct()
    fields = [name for name in assets.columns if name in LearningAsset.model_fields]
    standings = assets.select(*fields).join(ids, "id", "left_semi").mapInArrow(_standings, _STANDING).collect()
    standing = {row["id"]: tuple(row["standing"]) for row in standings}
    joined = sorted((-row["score"], row["left"], row["right"]) for row in sure.collect())
    verdicts = Verdicts([decisions] if decisions is not None else [])
    apart = verdicts.pairs(same=False)
    return clusters([(left, right) for _, left, right in joined], apart, standing.__getitem__)


def _standings(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield what makes each asset the one to keep."""
    import pyarrow as pa

    for batch in batches:
        found = [(entry.id, [float(part) for part in entry.standing]) for entry, _ in _read(batch, "")]
        columns = {
            "id": pa.array([id_ for id_, _ in found], pa.string()),
            "standing": pa.array([standing for _, standing in found], pa.list_(pa.float64())),
        }
        yield pa.record_batch(columns)


def _refuse_repeated(frame: Any) -> None:  # noqa: ANN401 - a Spark frame
    """Refuse two rows of one id."""
    repeated = [
        row["id"] for row in frame.groupBy("id").count().where("count > 1").orderBy("id").limit(_TOLD).collect()
    ]
    if repeated:
        hint = "give each catalog a prefix of its own"
        issues = [Issue("duplicate-id", f"{id_!r} stands for two rows", (id_,), "", hint) for id_ in repeated]
        raise DuplicateIdError(issues, "duplicates")


def _with_shard(frame: Any) -> Any:  # noqa: ANN401 - Spark frames and schemas
    """Return the schema of a frame with the column *shard*."""
    from pyspark.sql.types import IntegerType, StructType  # type: ignore[import-not-found, unused-ignore]

    return StructType(list(frame.schema.fields)).add("shard", IntegerType())


def _read(batch: pa.RecordBatch | pa.Table, language: str, column: str | None = None) -> Iterator[Described]:
    """Yield the entries of records, or of one struct column of these."""
    records = batch.to_pylist() if column is None else batch.column(column).to_pylist()
    for record in records:
        stated = {name: value for name, value in record.items() if value is not None and name != "shard"}
        yield asset_entry(LearningAsset.model_validate(stated), language)


def _common(titles: Any, language: str) -> Commonness:  # noqa: ANN401 - a Spark frame
    """Return what is common among all assets, counted shard by shard and added up."""
    import pyarrow as pa

    def tallied(shard: pa.Table) -> pa.Table:
        rows = list(rows_of(Corpus(_read(shard, language)).tally()))
        names = ("kind", "item", "other", "count")
        return pa.table({name: [row[place] for row in rows] for place, name in enumerate(names)})

    counted = titles.groupBy("shard").applyInArrow(tallied, _TALLY)
    added = counted.groupBy("kind", "item", "other").sum("count").collect()
    return Commonness.of([tally_of((row[0], row[1], row[2], row[3]) for row in added)])


def _by_title(language: str, shards: int) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Return the step that spreads assets so that those with one title come together."""
    import pyarrow as pa

    def spread(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            found = list(_read(batch, language))
            corpus = Corpus(found)
            keys = {entry.id: int(key) % shards for entry, key in zip(corpus.entries, corpus.title_keys, strict=True)}
            numbers = pa.array([keys[entry.id] for entry, _ in found], pa.int32())
            yield batch.append_column("shard", numbers)

    return spread


def _filed(
    language: str, common: Commonness, shards: int
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Return the step that files assets under keys."""
    import numpy as np
    import pyarrow as pa

    def file(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            corpus = Corpus(_read(batch, language), common)
            ids = np.array([entry.id for entry in corpus.entries], object)
            for table in key_tables(corpus):
                columns = {
                    # The lowest bit of a code's key tells its holder from who names it: they belong together.
                    "shard": pa.array((table.keys >> np.uint64(1)) % np.uint64(shards), pa.int32()),
                    "name": pa.array(np.full(len(table.keys), table.name), pa.int32()),
                    "key": pa.array(table.keys.view(np.int64), pa.int64()),
                    "id": pa.array(ids[table.places], pa.string()),
                }
                yield pa.record_batch(columns)

    return file


def _paired(shard: pa.Table) -> pa.Table:
    """Return the pairs of ids that share a key of one table."""
    import numpy as np
    import pyarrow as pa

    ids, places = np.unique(shard.column("id").to_numpy(zero_copy_only=False).astype(str), return_inverse=True)
    names = shard.column("name").to_numpy()
    keys = shard.column("key").to_numpy().view(np.uint64)
    found: set[int] = set()
    for name in np.unique(names).tolist():
        chosen = np.flatnonzero(names == name)
        chosen = chosen[np.argsort(places[chosen], kind="stable")]
        found.update(paired(KeyTable(name, places[chosen], keys[chosen]), len(ids)).tolist())
    lefts, rights = np.divmod(np.array(sorted(found), np.int64), max(len(ids), 1))
    return pa.table({"left": pa.array(ids[lefts], pa.string()), "right": pa.array(ids[rights], pa.string())})


def _judged(
    language: str, common: Commonness, verdicts: Verdicts, min_score: float
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Return the step that judges pairs whose assets stand beside them."""
    import numpy as np
    import pyarrow as pa

    def judge(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            sides = (_read(batch, language, f"{side}_asset") for side in ("left", "right"))
            corpus = Corpus({one.entry.id: one for side in sides for one in side}.values(), common)
            places = {entry.id: place for place, entry in enumerate(corpus.entries)}
            lefts, rights = (
                np.array([places[id_] for id_ in batch.column(side).to_pylist()], np.int64)
                for side in ("left", "right")
            )
            rows, _ = judged_rows(corpus, (lefts, rights), verdicts, min_score)
            yield _records(rows)

    def _records(rows: Iterable[Any]) -> pa.RecordBatch:
        texts = ("left", "left_title", "right", "right_title", "band")
        kept = [
            {name: getattr(row, name) for name in texts}
            | {"score": row.score, "equal": list(row.equal), "differs": list(row.differs)}
            for row in rows
        ]
        kinds = dict.fromkeys(texts, pa.string()) | {"score": pa.float64()}
        kinds |= dict.fromkeys(("equal", "differs"), pa.list_(pa.string()))
        order = [column.split()[0] for column in _ROW.split(", ")]
        return pa.RecordBatch.from_pylist(kept, schema=pa.schema([(name, kinds[name]) for name in order]))

    return judge
