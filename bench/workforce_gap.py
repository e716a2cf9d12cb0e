"""The cost of the gaps of a million people: against hand-written SQL on the same engine, and against pandas.

One person holds one of 200 roles with 30 requirements each, and has 20 records of evidence; the answer is the figures
of 50 divisions under the weighted median. The tables are Parquet files, which every way reads itself, in a fresh
process so that its peak memory is its own. `workforce_gap` is asked over DuckDB relations, and DuckDB and the SQL take
all cores, where pandas takes one. The ways are checked against one another once, on the same files.

``python bench/workforce_gap.py [people]``; a million by default, which takes pandas some 20 GB.
"""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
from pathlib import Path

import duckdb
from harness import compare, python

TODAY = dt.date(2026, 3, 1)
SMALL = 10_000
WEIGHTS = {"self": 0.4, "manager": 0.8, "peer": 0.6, "test": 1.0}

MAKE = """
SET threads = 2;
COPY (SELECT 'p' || i AS person, 'r' || hash(i) % 200 AS role, 'd' || hash(i, 1) % 50 AS division
      FROM range({people}) t(i)) TO '{folder}/people.parquet';
COPY (SELECT 'r' || r AS role, 'c' || (r * 7 + n * 13) % 1000 AS capability, (1 + hash(r, n) % 5)::INT AS level,
             1.0 AS lowest
      FROM range(200) a(r), range(30) b(n)) TO '{folder}/requirements.parquet';
COPY (SELECT 'p' || i AS person, 'c' || ((hash(i) % 200) * 7 + (hash(i, n) % 33) * 13) % 1000 AS capability,
             ['self', 'manager', 'peer', 'test'][1 + (hash(n, i) % 4)::INT] AS kind,
             (1 + hash(i, n, 5) % 5)::INT AS level,
             DATE '2026-02-28' - (hash(i, n, 6) % 900)::INT AS date
      FROM range({people}) a(i), range(20) b(n)) TO '{folder}/evidence.parquet';
"""

SQL = """
WITH claims AS (
    SELECT person, capability, level, sum(CASE kind WHEN 'self' THEN 0.4 WHEN 'manager' THEN 0.8 WHEN 'peer' THEN 0.6
           WHEN 'test' THEN 1.0 END::DOUBLE) AS mass
    FROM '{folder}/evidence.parquet' WHERE date <= DATE '2026-03-01' GROUP BY ALL),
summed AS (
    SELECT *, sum(mass) OVER (PARTITION BY person, capability ORDER BY level) AS reached,
           sum(mass) OVER (PARTITION BY person, capability) AS total FROM claims),
attained AS (
    SELECT person, capability, min(level) AS attained FROM summed WHERE reached >= total * 0.4999999995 GROUP BY ALL),
judged AS (
    SELECT division, person, required, attained,
           CASE WHEN attained IS NULL THEN NULL WHEN required > 1 THEN
           least(1.0, (attained - 1.0) / (required - 1.0)) ELSE 1.0 END AS credit
    FROM '{folder}/people.parquet'
    JOIN (SELECT role, capability, level::DOUBLE AS required FROM '{folder}/requirements.parquet') USING (role)
    LEFT JOIN attained USING (person, capability))
SELECT division, count(DISTINCT person) AS people, count(*) AS requirements,
       count(*) FILTER (attained >= required) AS met, count(*) FILTER (attained < required) AS below,
       count(*) FILTER (attained IS NULL) AS unassessed, avg(credit) AS readiness
FROM judged GROUP BY division ORDER BY division
"""


def ours(folder: str) -> list[tuple[object, ...]]:
    """Return the figures of each division by workforce_gap, over DuckDB."""
    from capgraph import workforce_gap

    frames = [duckdb.read_parquet(f"{folder}/{name}.parquet") for name in ("people", "requirements", "evidence")]
    found = workforce_gap(*frames, by="division", as_of=TODAY)
    return found.select("division, people, requirements, met, below, unassessed, readiness").fetchall()


def by_hand(folder: str) -> list[tuple[object, ...]]:
    """Return the same by SQL as one would write it."""
    return duckdb.connect().execute(SQL.format(folder=folder)).fetchall()


def in_pandas(folder: str) -> list[tuple[object, ...]]:
    """Return the same by pandas as one would write it."""
    import pandas as pd

    people, needs, evidence = (
        pd.read_parquet(f"{folder}/{name}.parquet") for name in ("people", "requirements", "evidence")
    )
    evidence = evidence[pd.to_datetime(evidence["date"]) <= pd.Timestamp(TODAY)]
    evidence = evidence.assign(mass=evidence["kind"].map(WEIGHTS))
    keys = ["person", "capability"]
    claims = evidence.groupby([*keys, "level"])["mass"].sum().reset_index()
    masses = claims.groupby(keys)["mass"]
    first = claims[masses.cumsum() >= masses.transform("sum") * 0.4999999995]
    attained = first.groupby(keys)["level"].min().rename("attained").reset_index()
    rows = people.merge(needs.rename(columns={"level": "required"}), on="role").merge(attained, on=keys, how="left")
    span = (rows["required"] - 1).astype(float)
    credit = ((rows["attained"] - 1) / span.where(span > 0)).clip(upper=1.0)
    rows["credit"] = credit.where(span > 0, 1.0).where(rows["attained"].notna())
    rows["met"] = rows["attained"] >= rows["required"]
    rows["below"] = rows["attained"] < rows["required"]
    rows["unassessed"] = rows["attained"].isna()
    found = rows.groupby("division").agg(
        people=("person", "nunique"),
        requirements=("person", "size"),
        met=("met", "sum"),
        below=("below", "sum"),
        unassessed=("unassessed", "sum"),
        readiness=("credit", "mean"),
    )
    return list(found.reset_index().itertuples(index=False, name=None))


WAYS = {"workforce_gap": ours, "SQL": by_hand, "pandas": in_pandas}


def check(folder: str) -> None:
    """Refuse to compare ways that do not give the same answer."""
    expected = by_hand(folder)
    for name, way in WAYS.items():
        for one, other in zip(way(folder), expected, strict=True):
            same = one[:-1] == other[:-1] and abs(float(str(one[-1])) - float(str(other[-1]))) < 1e-9  # noqa: PLR2004
            if not same:
                message = f"{name} says {one}, SQL says {other}"
                raise RuntimeError(message)


def make(people: int) -> str:
    """Return a folder with the tables of some people."""
    folder = tempfile.mkdtemp(prefix="capgraph-bench-")
    duckdb.connect().execute(MAKE.format(people=people, folder=folder))
    return folder


def main(people: int, against: tuple[str, ...]) -> None:
    """Check the ways on a small population, and measure them on a large one."""
    check(make(SMALL))
    folder = make(people)
    here = str(Path(__file__).resolve())
    for peer in against:
        print(f"{people} people, {30 * people} requirements, {20 * people} records, against {peer}")
        compare({name: python(here, "--way", name, folder) for name in ("workforce_gap", peer)}, runs=3)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--way"]:
        WAYS[sys.argv[2]](sys.argv[3])
    else:
        main(int((sys.argv[1:] or ["1000000"])[0]), tuple(sys.argv[2:]) or ("SQL", "pandas"))
